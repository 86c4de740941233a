"""What people can do, for the naive model of queries and archives: the actions of RULES.md §7 and §9."""

from typing import Literal

from tests.property.naive_actions import Action

QueryMutant = Literal[
    "authorisation_not_read",  # another's data are answered without looking at the authorisation
    "suspended_shown",  # a record in processing is shown
    "class_dropped",  # the window gives class C, too
    "clarifying_stops_the_period",  # the period to answer is met when the applicant is asked to amend
    "listed_twice",  # a folder may stand on two transfer lists
    "count_not_held",  # the centre confirms whatever it counts
    "own_report_verified",  # whoever reported misconduct verifies it
    "four_years",  # the archive is kept for four years
    "identity_presumed",  # nobody need say that identity and residence were checked
    "elsewhere_presumed",  # who says that all was seen says it of a firm of another place, too
]

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
