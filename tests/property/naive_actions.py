"""What people can do, for the naive model: the actions of RULES.md §4 to §6, and the papers of §8."""

from typing import NamedTuple


class Action(NamedTuple):
    role: str
    states: str  # blank-separated; "" leaves it to the action's own check
    to: str  # "" where the state stays
    needs: str = ""  # blank-separated names of required fields


OPEN_FOR_EXTENSION = "accepted transferred verifying consulting reported approved"

ACTIONS: dict[str, dict[str, Action]] = {
    "objection": {
        "accept": Action("window", "submitted", "accepted"),
        "reject": Action("window", "submitted", "rejected", "grounds"),
        "transfer": Action("window", "accepted", "transferred"),
        "receive": Action("center", "transferred", "verifying"),
        "consult": Action("center", "verifying consulting", "consulting", "question"),
        "respond": Action("provider", "consulting", "", "finding"),  # of the unit's own consultation
        "report": Action("center", "verifying consulting", "reported", "outcome"),
        "return": Action("authority", "reported", "verifying", "reason"),
        "approve": Action("authority", "reported", "approved"),
        "notify": Action("window", "approved", "notified", "channel"),
        "collect": Action("window", "notified", "collected", "collected_by"),
        "request_extension": Action("center", OPEN_FOR_EXTENSION, "", "days reason"),
        "grant_extension": Action("authority", OPEN_FOR_EXTENSION, ""),
        "deny_extension": Action("authority", OPEN_FOR_EXTENSION, "", "reason"),
        "archive": Action("window", "", ""),
        "withdraw": Action("window", "submitted accepted transferred verifying consulting", "withdrawn"),
    },
    "consultation": {
        "respond": Action("provider", "asked", "answered", "finding"),
        "recall": Action("center", "asked", "recalled", "reason"),
    },
    "marking": {
        "accept": Action("window", "submitted", "accepted"),
        "reject": Action("window", "submitted", "rejected", "grounds"),
        "transfer": Action("window", "accepted", "transferred"),
        "receive": Action("center", "transferred", "received"),
        "mark": Action("center", "received", "disputed"),
        "lapse": Action("center", "accepted transferred received", "lapsed"),  # the record was removed meanwhile
        "archive": Action("window", "", ""),
        "withdraw": Action("window", "submitted accepted transferred received", "withdrawn"),
    },
    "revocation": {
        "accept": Action("window", "submitted", "accepted"),
        "reject": Action("window", "submitted", "rejected", "grounds"),
        "transfer": Action("window", "accepted", "transferred"),
        "receive": Action("center", "transferred", "received"),
        "revoke": Action("center", "received", "revoked"),
        "archive": Action("window", "", ""),
        "withdraw": Action("window", "submitted accepted transferred received", "withdrawn"),
    },
}

SUBMIT_NEEDS = {"objection": ["reason"], "marking": ["reason"], "revocation": []}

# RULES §8. The form has the workflow's own name; only an objection needs evidence.
NATURAL_PAPERS = {"id_card"}
LEGAL_PAPERS = {"organisation_code", "authorisation_letter", "agent_id_card"}
LETTER = ("agent_name", "agent_id", "agent_from", "agent_until")
ALL = "all"  # among the materials given: all that are asked for were seen, and identity and residence checked
OWN_PAPERS = {
    "objection": {"objection_form", "evidence"},
    "marking": {"marking_form"},
    "revocation": {"revocation_form"},
}
