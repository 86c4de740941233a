"""The pure core at its edges: what the random lives reach too seldom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from credit_workflow.engine.values import Record
from credit_workflow.errors import CreditWorkflowError, NotAllowed, Refused, UsageFault
from credit_workflow.identity import parse_subject
from tests.property.core import Core
from tests.property.lives import numbers

PEOPLE = numbers()
PAPERS = {"id_card", "objection_form", "evidence"}


def record(no: str = "R-1", owner: str = "adult") -> Record:
    return Record(
        no=no,
        subject=parse_subject(PEOPLE[owner]),
        provider="市税务局",
        open_class="B",
        title="标题",
        content="原内容",
        valid_from=date(2020, 1, 1),
        valid_until=date(2030, 12, 31),
    )


class Office:
    """A core with one record, and the usual people."""

    def __init__(self) -> None:
        self.core = Core()
        self.core.add_record(record())

    def submit(self, day: date, case: str = "O-1", *, workflow: str = "objection", **options: Any) -> None:
        kwargs: dict[str, Any] = {
            "record": "R-1" if workflow == "objection" else None,
            "parent": None,
            "subject": None,
            "account": "window1",
            "role": "window",
            "fields": {"reason": "有误"},
            "materials": PAPERS | {"marking_form", "revocation_form"},
        }
        kwargs |= options
        asked = {"identity_checked", "resident"} & set(self.core.by_name[workflow].actions["submit"].asks)
        kwargs["fields"] = {**dict.fromkeys(asked, True), **kwargs["fields"]}
        known = self.core.by_name[workflow].workflow.materials
        kwargs["materials"] = {m for m in kwargs["materials"] if m in known or m.endswith("_card")}
        self.core.submit(day, workflow, case, **kwargs)

    def act(self, day: date, action: str, role: str, case: str = "O-1", account: str = "", **fields: Any) -> None:
        self.core.act(day, case, action, account=account or f"{role}1", role=role, fields=fields, materials=set())

    def life(self, day: date, steps: str, case: str = "O-1") -> None:
        for step in steps.split():
            role, action, *values = step.split(":")
            self.act(day, action, role, case, **dict(v.split("=") for v in values))

    def due(self, name: str, case: str = "O-1") -> date:
        return self.core.cases[case].deadlines[name].due


TO_COLLECTED = (
    "window:accept window:archive window:transfer center:receive center:report:outcome=upheld authority:approve "
    "window:notify:channel=电话 window:collect:collected_by=本人"
)
TO_MARKED = "window:accept window:archive window:transfer center:receive center:mark"


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        (date(2025, 12, 31), date(2026, 1, 30)),  # the last day of the year; 30 January is a Friday
        (date(2026, 2, 14), date(2026, 3, 16)),  # a make-up Saturday, the last working day before the festival
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2026, 1, 16), date(2026, 2, 24)),  # 15 February is the first day off of nine
        (date(2026, 9, 1), date(2026, 10, 8)),  # 1 October, and the week after it
    ],
)
def test_handling_is_thirty_days_shifted(filed: date, due: date) -> None:
    office = Office()
    office.submit(filed)
    assert office.due("handling") == due


def test_an_extension_counts_working_days_from_the_shifted_due_date() -> None:
    office = Office()
    office.submit(date(2026, 1, 16))
    office.life(date(2026, 1, 19), "window:accept window:transfer center:receive")
    office.act(date(2026, 2, 24), "request_extension", "center", days="5", reason="情况复杂")
    office.act(date(2026, 2, 24), "grant_extension", "authority")
    handling = office.core.cases["O-1"].deadlines["handling"]
    # 25, 26, 27 February, the make-up Saturday of the 28th, 2 March
    assert (handling.original_due, handling.due) == (date(2026, 2, 24), date(2026, 3, 2))


def test_an_extension_can_be_asked_for_on_the_last_day_and_not_after() -> None:
    for day, refused in ((date(2026, 4, 1), False), (date(2026, 4, 2), True)):
        office = Office()
        office.submit(date(2026, 3, 2))
        office.life(date(2026, 3, 2), "window:accept")
        if refused:
            with pytest.raises(Refused, match="overdue"):
                office.act(day, "request_extension", "center", days="1", reason="复杂")
        else:
            office.act(day, "request_extension", "center", days="1", reason="复杂")


def test_the_asker_of_an_extension_never_grants_it_whatever_his_role() -> None:
    office = Office()
    office.submit(date(2026, 3, 2))
    office.life(date(2026, 3, 2), "window:accept")
    office.act(date(2026, 3, 2), "request_extension", "center", account="both", days="1", reason="复杂")
    with pytest.raises(Refused, match="somebody else"):
        office.act(date(2026, 3, 2), "grant_extension", "authority", account="both")


@pytest.mark.parametrize("days", ["0", "16", "-1"])
def test_days_beyond_the_law_are_refused_by_a_rule(days: str) -> None:
    office = Office()
    office.submit(date(2026, 3, 2))
    office.life(date(2026, 3, 2), "window:accept")
    with pytest.raises(Refused) as caught:
        office.act(date(2026, 3, 2), "request_extension", "center", days=days, reason="复杂")
    assert caught.value.source == "附件2·三"


@pytest.mark.parametrize(("name", "value"), [("days", "many"), ("days", "1.5"), ("days", ""), ("weeks", "1")])
def test_values_of_the_wrong_kind_are_usage(name: str, value: str) -> None:
    office = Office()
    office.submit(date(2026, 3, 2))
    office.life(date(2026, 3, 2), "window:accept")
    with pytest.raises(UsageFault):
        office.act(date(2026, 3, 2), "request_extension", "center", reason="复杂", **{name: value})


def test_role_comes_before_state_and_state_before_values() -> None:
    office = Office()
    office.submit(date(2026, 3, 2))
    with pytest.raises(NotAllowed):
        office.act(date(2026, 3, 2), "report", "window")
    with pytest.raises(Refused) as caught:
        office.act(date(2026, 3, 2), "report", "center")
    assert caught.value.code == "state"


def test_a_provisional_window_never_lapses_a_right() -> None:
    """A window that ends on 29 December waits for the next year's notice."""
    office = Office()
    office.submit(date(2026, 12, 1))
    office.life(date(2026, 12, 22), TO_COLLECTED)
    window = office.core.cases["O-1"].deadlines["dispute_window"]
    assert (window.due, window.provisional) == (date(2026, 12, 29), True)
    assert office.core.now("O-1", date(2027, 2, 1)).state == "collected"
    assert office.core.deadlines("O-1", date(2027, 2, 1))["dispute_window"][0] == "running"
    assert office.core.sweep(date(2027, 2, 1)) == 0


def test_a_window_that_is_not_provisional_lapses_on_the_day_after() -> None:
    office = Office()
    office.submit(date(2026, 3, 2))
    office.life(date(2026, 3, 3), TO_COLLECTED)
    assert office.core.now("O-1", date(2026, 3, 10)).state == "collected"
    assert office.core.now("O-1", date(2026, 3, 11)).state == "closed"
    office.core.sweep(date(2026, 3, 20))
    closed = office.core.log["O-1"][-1]
    assert (closed.action, closed.effective, closed.actor) == ("close", date(2026, 3, 11), "system")


def marked() -> Office:
    office = Office()
    office.submit(date(2026, 3, 2))
    office.life(date(2026, 3, 3), TO_COLLECTED)
    office.submit(date(2026, 3, 4), "M-1", workflow="marking", parent="O-1")
    office.life(date(2026, 3, 9), TO_MARKED, "M-1")
    return office


def test_the_mark_is_in_force_on_its_thirtieth_day_and_gone_after_it() -> None:
    office = marked()
    mark = office.core.cases["M-1"].marks["disputed"]
    assert (mark.last_day, mark.reason) == (date(2026, 4, 8), "有误")
    assert [office.core.now("M-1", day).state for day in (date(2026, 4, 8), date(2026, 4, 9))] == [
        "disputed",
        "expired",
    ]
    assert [mark.in_force(day) for day in (date(2026, 4, 8), date(2026, 4, 9))] == [True, False]


def test_linked_cases_move_together() -> None:
    office = marked()
    office.submit(date(2026, 3, 10), "V-1", workflow="revocation", parent="M-1")
    office.life(date(2026, 3, 11), "window:accept window:transfer center:receive", "V-1")
    office.act(date(2026, 3, 12), "revoke", "center", "V-1")
    assert {n: c.state for n, c in office.core.cases.items()} == {"O-1": "revoked", "M-1": "revoked", "V-1": "revoked"}
    assert [e.change.told_by for e in (office.core.log["M-1"][-1], office.core.log["O-1"][-1])] == ["V-1", "M-1"]


def test_a_revocation_lapses_with_the_mark_that_expires() -> None:
    office = marked()
    office.submit(date(2026, 4, 7), "V-1", workflow="revocation", parent="M-1")
    office.core.sweep(date(2026, 4, 20))
    assert office.core.cases["V-1"].state == "lapsed"
    assert office.core.log["V-1"][-1].effective == date(2026, 4, 9)


def test_the_ground_of_a_late_marking_names_the_last_day() -> None:
    office = Office()
    office.submit(date(2026, 3, 2))
    office.life(date(2026, 3, 3), TO_COLLECTED)
    office.submit(date(2026, 3, 11), "M-1", workflow="marking", parent="O-1")
    with pytest.raises(Refused) as caught:
        office.act(date(2026, 3, 11), "accept", "window", "M-1")
    (ground,) = caught.value.details["grounds"]
    assert ground.facts["last_day"] == "2026-03-10"
    assert caught.value.source == "附件2·六(三)"


def test_all_unmet_grounds_are_named_at_once() -> None:
    office = Office()
    office.core.add_record(record("R-2", "child"))
    office.submit(date(2026, 3, 2), record="R-2", materials=set(), fields={"reason": "有误", "resident": "false"})
    with pytest.raises(Refused) as caught:
        office.act(date(2026, 3, 2), "accept", "window")
    codes = [ground.code for ground in caught.value.details["grounds"]]
    assert codes == ["of_age", "resident", "material", "material", "material"]


def test_a_refusal_leaves_nothing_behind() -> None:
    office = marked()
    before = dict(office.core.cases)
    with pytest.raises(CreditWorkflowError):
        office.act(date(2026, 3, 20), "mark", "center", "M-1")
    assert office.core.cases == before


def test_two_processing_marks_are_released_by_the_last() -> None:
    office = Office()
    for case in ("O-1", "O-2"):
        office.submit(date(2026, 3, 2), case)
        office.life(date(2026, 3, 2), "window:accept window:transfer center:receive", case)
    usable = []
    for case in ("O-1", "O-2"):
        office.life(date(2026, 3, 3), "center:report:outcome=upheld authority:approve window:notify:channel=电话", case)
        usable.append(office.core.usable("R-1", date(2026, 3, 3)))
    assert usable == [False, True]


def test_a_citizen_card_counts_as_the_id_card() -> None:
    office = Office()
    office.submit(date(2026, 3, 2), materials={"citizen_card", "objection_form", "evidence"})
    office.act(date(2026, 3, 2), "accept", "window")
    assert office.core.cases["O-1"].state == "accepted"
