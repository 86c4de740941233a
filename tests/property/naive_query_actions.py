"""What people can do, for the naive model of queries and archives: the actions of RULES.md §7 and §9."""

from tests.property.naive_actions import Action

FINAL = {"answered", "refused", "not_found", "rejected", "withdrawn", "disposed", "returned"}
OPEN = "accepted pending clarifying"
ANY = "submitted accepted pending clarifying answered refused not_found rejected withdrawn"

ACTIONS: dict[str, dict[str, Action]] = {
    "query": {
        "accept": Action("window", "submitted", "accepted"),
        "reject": Action("window", "submitted", "rejected", "grounds"),
        "answer": Action("window", "accepted pending", "answered"),
        "not_found": Action("window", "accepted pending", "not_found"),
        "refuse": Action("window", OPEN, "refused", "reason"),
        "defer": Action("window", "accepted", "pending", "reason"),
        "clarify": Action("window", "accepted pending", "clarifying", "question"),
        "amend": Action("window", "clarifying", "pending"),
        "print": Action("window", "answered", "", "collected_by"),
        "request_extension": Action("window", OPEN, "", "days reason"),
        "grant_extension": Action("authority", OPEN, ""),
        "deny_extension": Action("authority", OPEN, "", "reason"),
        "archive": Action("window", ANY, ""),
        "withdraw": Action("window", f"submitted {OPEN}", "withdrawn"),
        "report_misconduct": Action("center", ANY, "", "misconduct finding"),
        "verify_misconduct": Action("center", ANY, "", "until"),
        "dismiss_misconduct": Action("center", ANY, "", "reason"),
    },
    "archive": {
        "hand_over": Action("window", "listed", "handed_over"),
        "confirm": Action("center", "handed_over", "held", "counted"),
        "return": Action("center", "handed_over", "returned", "reason"),
        "request_disposal": Action("center", "due_for_disposal", "disposal_asked", "reason"),
        "approve_disposal": Action("authority", "disposal_asked", "disposal_approved"),
        "deny_disposal": Action("authority", "disposal_asked", "due_for_disposal", "reason"),
        "dispose": Action("center", "disposal_approved", "disposed", "method witness"),
    },
}
