"""How a deadline stands after an action, in what the checks explore."""

from __future__ import annotations

import pytest

from credit_workflow.authoring.analysis.exploration import alone
from credit_workflow.authoring.analysis.linked_machines import CaseAt, Move
from tests.unit.machines import Document, loaded, workflow
from tests.unit.nearmisses import FINISH, LATE, STANDS, SUBMIT

STOPS = {"suspensions": {"pause": STANDS | {"begins": ["note"], "ends": ["go_on"]}}}


TWO_STOPS = {
    "suspensions": STOPS["suspensions"] | {"halt": STANDS | {"begins": ["stop"], "ends": ["late"]}},
    "ends": [],
}


#: How a deadline stands before, what is taken (by time where there is a sign of exclamation), and how it stands after.
AFTER = {
    "submit": ({}, None, "submit", {"running"}),
    "met in time": ({}, "running", "stop", {"met"}),
    "met late": ({}, "overdue", "stop", {"met_late"}),
    "not of it": ({}, "running", "note", {"running"}),
    "over": ({}, "met", "stop", {"met"}),
    "again": ({"runs_again_after": "note"}, "met", "note", {"running"}),
    "not again when late": ({"runs_again_after": "note"}, "met_late", "note", {"met_late"}),
    "met and again at once": ({"runs_again_after": "stop"}, "running", "stop", {"running"}),
    "passing": ({}, "running", "late!", {"overdue"}),
    "a right that passes": ({"late": "lapsed"}, "running", "late!", {"lapsed"}),
    "a duration that passes": ({"late": "met"}, "running", "late!", {"met"}),
    "met by its own passing": ({"ends": ["late"]}, "running", "late!", {"met_late"}),
    "a duration met by its own passing": ({"ends": ["late"], "late": "met"}, "running", "late!", {"met"}),
    "the case ends": ({"ends": ["stop"]}, "running", "finish", {"cancelled"}),
    "the case ends when it is overdue": ({"ends": ["stop"]}, "overdue", "finish", {"cancelled"}),
    "it stands": (STOPS, "running", "note", {"stopped pause"}),
    "it stands already": (STOPS, "stopped pause", "note", {"stopped pause"}),
    "what is overdue does not stand": (STOPS, "overdue", "note", {"overdue"}),
    "what is met does not stand": (STOPS, "met", "note", {"met"}),
    "it goes on": (STOPS, "stopped pause", "go_on", {"running"}),
    "nothing goes on": (STOPS, None, "submit", {"running"}),
    "met while it stands": (STOPS, "stopped pause", "stop", {"met"}),
    "the case ends while it stands": (STOPS, "stopped pause", "finish", {"cancelled"}),
    "a second stop": (TWO_STOPS, "stopped pause", "stop", {"stopped halt pause"}),
    "of two stops one lasts": (TWO_STOPS, "stopped halt pause", "go_on", {"stopped halt"}),
    "stopped by what starts it": (STOPS | {"starts": ["submit", "note"]}, "overdue", "note", {"stopped pause"}),
    "anew while it stands": (STOPS | {"starts": ["submit", "stop"], "ends": []}, "stopped pause", "stop", {"running"}),
    "its own passing does not stop it": (STOPS | {"suspensions": {"pause": STANDS | {"begins": ["late"], "ends": ["note"]}}}, "running", "late!", {"overdue"}),
    "anew by its own passing": ({"starts": ["submit", "late"], "late": "lapsed"}, "running", "late!", {"running"}),
    "anew, perhaps past already": ({"starts": {"action": ["submit", "late"], "on": "case.opened"}, "late": "lapsed"}, "running", "late!", {"running", "lapsed"}),
    "anew on a condition": ({"starts": {"action": ["submit", "late"], "when": "subject != null"}}, "running", "late!", {"running", "overdue"}),
    "anew and met by its own passing": ({"starts": ["submit", "late"], "ends": ["late"]}, "running", "late!", {"met"}),
    "it outlives the case": ({"ends": ["stop"], "outlives_case": True}, "running", "finish", {"running"}),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "before", "action", "after"), AFTER.values(), ids=AFTER.keys())
def test_how_a_deadline_stands_after_an_action(
    rule: Document, before: str | None, action: str, after: set[str]
) -> None:
    actions = {"submit": SUBMIT, "finish": FINISH, "stop": {"from": "begun"}, "note": {"from": "begun"}, "late": LATE}
    actions["go_on"] = {"from": "begun"}
    deadlines = {"term": {"starts": "submit", "ends": ["stop"], "at_end": "late"} | rule}
    family = alone(loaded(workflow("begun:clerk done!", actions, deadlines))["sample"], {})
    name = action.rstrip("!")
    config = (None if before is None else CaseAt("begun", (before,)),)
    reached = family.take(config, Move(0, name, "term" if action != name else None))
    assert {case.deadlines[0] for (case,) in reached if case is not None} == after


PASSED = {"starts": {"deadline": "term", "once": "passed"}}


#: Likewise, of a first deadline and one that begins with its end.
FOLLOWING: dict[str, tuple[Document, Document, tuple[str | None, str | None], str, set[tuple[str, str | None]]]] = {
    "met": ({}, {}, ("running", None), "stop", {("met", "running")}),
    "met late": ({}, {}, ("overdue", None), "stop", {("met_late", "running")}),
    "met while it stood": (STOPS, {}, ("stopped pause", None), "stop", {("met", "running")}),
    "nothing was there to meet": ({}, {}, ("lapsed", None), "stop", {("lapsed", None)}),
    "not of it": ({}, {}, ("running", None), "note", {("running", None)}),
    "begun again": ({}, {}, ("running", "overdue"), "stop", {("met", "running")}),
    "met at once": ({}, {"ends": ["stop"]}, ("running", None), "stop", {("met", "met")}),
    "it does not pass": ({}, {}, ("running", None), "late!", {("overdue", None)}),
    "passed": ({}, PASSED, ("running", None), "late!", {("overdue", "running")}),
    "passed, not met": ({}, PASSED, ("running", None), "stop", {("met", None)}),
    "passed and perhaps too late": ({}, PASSED | {"ends": ["late"]}, ("running", None), "late!", {("overdue", "met"), ("overdue", "met_late")}),
    "met by its own passing": ({"ends": ["late"]}, {}, ("running", None), "late!", {("met_late", "running")}),
    "begun anew by its own passing": ({"starts": ["submit", "late"]}, PASSED, ("running", None), "late!", {("running", "running")}),
    "met and again": ({"runs_again_after": "stop"}, {}, ("running", None), "stop", {("running", "running")}),
    "on a condition": ({}, {"starts": {"deadline": "term", "when": "subject != null"}}, ("running", None), "stop", {("met", None), ("met", "running")}),
    "the case ends": ({"ends": ["finish"]}, {}, ("running", None), "finish", {("met", "cancelled")}),
    "it outlives the case": ({"ends": ["finish"]}, {"outlives_case": True}, ("running", None), "finish", {("met", "running")}),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "next_", "before", "action", "after"), FOLLOWING.values(), ids=FOLLOWING.keys())
def test_how_a_deadline_stands_that_begins_with_the_end_of_another(
    rule: Document,
    next_: Document,
    before: tuple[str | None, str | None],
    action: str,
    after: set[tuple[str, str | None]],
) -> None:
    actions = {"submit": SUBMIT, "finish": FINISH, "stop": {"from": "begun"}, "note": {"from": "begun"}, "late": LATE}
    actions["go_on"] = {"from": "begun"}
    deadlines = {
        "term": {"starts": "submit", "ends": ["stop"], "at_end": "late"} | rule,
        "next": {"starts": {"deadline": "term"}, "ends": []} | next_,
    }
    family = alone(loaded(workflow("begun:clerk done!", actions, deadlines))["sample"], {})
    name = action.rstrip("!")
    reached = family.take((CaseAt("begun", before),), Move(0, name, "term" if action != name else None))
    assert {case.deadlines for (case,) in reached if case is not None} == after
