"""Slips put right on a real database: the case, its deadlines, marks and record, and the proof of it all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.casework.acting import Form
from credit_workflow.casework.journal.record_entries import OfRecord
from credit_workflow.engine.values import Case
from credit_workflow.errors import CreditWorkflowError, NotAllowed, Refused, UsageFault
from tests.integration.helpers import TO_COLLECTED, TO_MARKED, Service

pytestmark = pytest.mark.usefixtures("databases")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "cases.db")


def act(service: Service, who: str, at: str, case: str, action: str, **given: Any) -> None:
    service.act(who, at, case, action, Form(given=given, all_materials=True))


def put_right(service: Service, at: str, case: str, entry: int, **given: Any) -> Case:
    act(service, "center2", at, case, "request_rectification", entry=entry, fault="记错了", **given)
    act(service, "authority2", at, case, "grant_rectification")
    service.verify()
    return kept(service, case)


def kept(service: Service, case: str) -> Case:
    with service.database.reading() as db:
        return db.cases.get(case)


def number_of(service: Service, case: str, action: str) -> int:
    with service.database.reading() as db:
        return max(seq for seq, _, entry in db.cases.entries(case) if entry.action == action)


def content(service: Service) -> tuple[str, int]:
    with service.database.reading() as db:
        record = db.records.get("R-1")
        return record.content, record.revision


def corrected(service: Service, new: str = "已缴清") -> str:
    case = service.life(service.objection("2026-03-02"), "2026-03-03", TO_COLLECTED.split("center1:report")[0])
    act(service, "center1", "2026-03-04", case, "report", outcome="corrected", correction=json.dumps({"content": new}))
    return service.life(case, "2026-03-05", "authority1:approve window1:notify:channel=电话")


def test_a_correction_that_was_none_is_taken_back_from_the_record(service: Service) -> None:
    case = corrected(service)
    assert content(service) == ("已缴清", 2)
    with pytest.raises(UsageFault, match="correction"):  # the values that go with the outcome would stay
        act(
            service,
            "center1",
            "2026-03-06",
            case,
            "request_rectification",
            entry=6,
            fault="x",
            values={"outcome": "upheld"},
        )
    entry = number_of(service, case, "report")
    after = put_right(service, "2026-03-06", case, entry, values={"outcome": "upheld", "correction": None})
    assert content(service) == ("欠税1元", 3)
    assert (after.state, after.fields["outcome"], after.fields.get("free_prints")) == ("notified", "upheld", None)
    assert after.done["notify"].record_revision == 3  # it answers for the record as it is
    with service.database.reading() as db:
        assert [line.kind for line in db.journal.of(OfRecord, "R-1")] == ["imported", "report", "rectified"]


def test_a_correction_with_a_slip_of_the_pen(service: Service) -> None:
    case = corrected(service, "已缴请")
    entry = number_of(service, case, "report")
    put_right(service, "2026-03-06", case, entry, values={"correction": {"content": "已缴清"}})
    assert content(service) == ("已缴清", 3)


def test_what_is_right_changes_nothing_of_the_record(service: Service) -> None:
    case = corrected(service)
    before = kept(service, case)
    entry = number_of(service, case, "notify")
    after = put_right(service, "2026-03-06", case, entry, values={"channel": "短信"})
    assert content(service) == ("已缴清", 2)
    assert after.done["notify"].record_revision == before.done["notify"].record_revision == 2
    assert (after.deadlines, after.marks, after.applied) == (before.deadlines, before.marks, before.applied)


def test_what_others_changed_since_stays_theirs(service: Service) -> None:
    case = corrected(service)
    other = service.life(
        service.objection("2026-03-06", good_ground="新证据"), "2026-03-06", TO_COLLECTED.split("center1:report")[0]
    )
    act(
        service,
        "center1",
        "2026-03-06",
        other,
        "report",
        outcome="corrected",
        correction=json.dumps({"content": "无欠税"}),
    )
    entry = number_of(service, case, "report")
    put_right(service, "2026-03-07", case, entry, values={"outcome": "upheld", "correction": None})
    assert content(service)[0] == "无欠税"


def test_a_day_must_lie_between_its_neighbours_and_a_denial_changes_nothing(service: Service) -> None:
    _, marking = service.marked()  # all of its steps on 2026-03-09
    entry = number_of(service, marking, "mark")
    for day in ("2026-03-08", "2026-03-10"):
        with pytest.raises(Refused, match=day):
            act(service, "center1", "2026-03-11", marking, "request_rectification", entry=entry, fault="x", on=day)
    before = kept(service, marking)
    act(service, "window1", "2026-03-12", marking, "request_rectification", entry=entry, fault="x", void=True)
    with pytest.raises(NotAllowed):
        act(service, "window2", "2026-03-12", marking, "grant_rectification")
    act(service, "authority1", "2026-03-12", marking, "deny_rectification", reason="无误")
    after = kept(service, marking)
    assert (after.state, after.deadlines, after.marks) == (before.state, before.deadlines, before.marks)


def test_a_mark_recorded_a_day_late(service: Service) -> None:
    objection = service.life(service.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    marking = service.follow("marking", objection, "2026-03-04")
    service.life(marking, "2026-03-05", TO_MARKED.replace(" center1:mark", ""))
    service.life(marking, "2026-03-09", "center1:mark")
    after = put_right(service, "2026-03-10", marking, number_of(service, marking, "mark"), on="2026-03-06")
    assert after.deadlines["retention"].due == date(2026, 4, 5)
    assert after.marks["disputed"].last_day == date(2026, 4, 5)
    service.sweep("2026-04-05")
    assert kept(service, marking).state == "disputed"
    service.sweep("2026-04-06")
    assert {kept(service, case).state for case in (objection, marking)} == {"expired"}
    service.verify()


def test_the_wrong_case_notified_and_its_linked_case_goes_back_too(service: Service) -> None:
    objection, marking = service.marked()
    after = put_right(service, "2026-03-10", marking, number_of(service, marking, "mark"), void=True)
    assert (after.state, after.marks, "retention" in after.deadlines) == ("received", {}, False)
    assert kept(service, objection).state == "collected"
    with service.database.reading() as db:
        assert [mark.kind for _, mark in db.records.marks_on("R-1") if mark.in_force(date(2026, 3, 10))] == []
    service.life(marking, "2026-03-11", "center1:mark")
    service.sweep("2026-04-11")
    assert kept(service, objection).state == "expired"
    service.verify()


def test_a_duty_runs_again_when_its_end_is_void_and_is_found_overdue(service: Service) -> None:
    case = corrected(service)
    after = put_right(service, "2026-05-06", case, number_of(service, case, "notify"), void=True)
    assert (after.state, after.deadlines["handling"].status) == ("approved", "running")
    assert kept(service, case).marks["processing"].lifted is None
    service.sweep("2026-05-07")
    assert kept(service, case).deadlines["handling"].flagged is not None
    service.verify()


def test_rectifications_add_up_and_can_be_put_right_themselves(service: Service) -> None:
    case = corrected(service)
    notify = number_of(service, case, "notify")
    put_right(service, "2026-03-06", case, notify, values={"channel": "短信"})
    put_right(service, "2026-03-06", case, number_of(service, case, "report"), values={"explanation": "见附件"})
    after = kept(service, case)
    assert (after.fields["channel"], after.fields["explanation"]) == ("短信", "见附件")
    after = put_right(service, "2026-03-07", case, notify, values={"channel": "当面"})
    assert (after.fields["channel"], after.fields["explanation"]) == ("当面", "见附件")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"entry": 99, "void": True}, "99"), ({"entry": 1, "void": True}, "withdraw"), ({"entry": 2}, "void"),
        ({"entry": 2, "void": True, "on": "2026-03-03"}, "void"), ({"entry": 3, "on": "2027-01-01"}, "2027-01-01"),
        ({"entry": 4, "values": {"no_such": "x"}}, "no_such"), ({"entry": 2, "void": True}, "archive"),
    ],
)  # fmt: skip
def test_what_can_not_be_put_right_is_refused_with_the_reason(
    service: Service, given: dict[str, Any], said: str
) -> None:
    case = corrected(service)
    before = kept(service, case)
    with pytest.raises(CreditWorkflowError) as caught:
        act(service, "window1", "2026-03-06", case, "request_rectification", fault="x", **given)
    assert said in caught.value.message.en
    assert kept(service, case) == before
    service.verify()


def test_nobody_grants_what_he_asked_for(service: Service) -> None:
    case = corrected(service)
    act(service, "authority1", "2026-03-06", case, "request_rectification", entry=8, fault="x", void=True)
    with pytest.raises(Refused, match="authority1"):
        act(service, "authority1", "2026-03-06", case, "grant_rectification")
    act(service, "authority2", "2026-03-06", case, "grant_rectification")
    assert kept(service, case).state == "approved"
