"""A user's program, checked by mypy as users check theirs: it is never run.

An expected error stands behind an ignore; one that mypy does not find is an error itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, assert_type

import credit_workflow
from credit_workflow import (
    Account,
    CalendarDay,
    Case,
    CreditWorkflowError,
    Deadline,
    Desk,
    DueDate,
    EffectCall,
    EffectResult,
    Event,
    Explanation,
    Ground,
    Imported,
    Office,
    Overdue,
    Record,
    Refused,
    SweepReport,
    Text,
    Waiting,
    Workflow,
    as_json,
    create_production,
    create_training,
    due_date,
    error_document,
    grounds_of,
    open_database,
    working_calendar,
)


def offices(folder: Path) -> Office:
    assert_type(open_database(folder / "cases.db"), Office)
    assert_type(open_database("sqlite:///cases.db", workflows=folder, calendars="calendars", lang="en"), Office)
    assert_type(create_production("p.db", admin="li.na", password="…"), Office)
    open_database("cases.db", lang="fr")  # type: ignore[arg-type]
    open_database("cases.db", folder)  # type: ignore[call-arg]
    open_database(3)  # type: ignore[arg-type]
    office = create_training(folder / "practice.db", at=date(2026, 3, 1))
    assert_type(office.workflows, tuple[Workflow, ...])
    assert_type(office.training, bool)
    assert_type(office.sweep("2026-03-02"), SweepReport)
    assert_type(office.sweep(datetime(2026, 3, 2, 9, 30, tzinfo=UTC)).fired, Mapping[str, int])
    return office


def work(office: Office) -> Case:
    with office.sign_in("li.na", "…") as signed:
        assert_type(signed, Desk)
    desk = office.as_account("window1", at="2026-03-02")
    assert_type(desk.whoami(), Account)
    case = desk.submit("objection", record="R-1", values={"reason": "…"}, materials=["id_card"])
    assert_type(case, Case)
    case = desk.act(
        case, "accept", materials={"evidence": Path("scan.pdf"), "id_card": None}, expect_version=case.version
    )
    desk.act(case.number, "transfer", note="…")
    desk.act(7, "transfer")  # type: ignore[arg-type]
    desk.act(case, "transfer", "note")  # type: ignore[arg-type]
    desk.submit(record="R-1")  # type: ignore[call-arg]
    assert_type(desk.check(case, "archive"), tuple[Ground, ...])
    assert_type(desk.check_submit("objection", record="R-1"), tuple[Ground, ...])
    assert_type(desk.import_records("records.csv"), Imported)
    assert_type(desk.import_records([{"record_no": "R-1"}], update=True), Imported)
    return desk.assign(case, "window2")


def read(desk: Desk, case: Case) -> None:
    assert_type(desk.case(case.number), Case)
    assert_type(desk.cases(workflow="objection", due_before=date(2026, 4, 1)), tuple[Case, ...])
    assert_type(desk.todo(), tuple[Waiting, ...])
    assert_type(desk.todo()[0].due, date | None)
    assert_type(desk.overdue(kind="target"), tuple[Overdue, ...])
    desk.overdue(kind="all")  # type: ignore[arg-type]
    assert_type(desk.history(case), tuple[Event, ...])
    assert_type(desk.explain(case, "handling"), tuple[Explanation, ...])
    assert_type(desk.look_up("R-1", purpose="audit", full=True), Record)
    assert_type(desk.records(subject="…"), tuple[Record, ...])
    assert_type(case.opened, date)
    assert_type(case.deadlines[0].status, Literal["running", "met", "met_late", "overdue", "lapsed", "cancelled"])
    assert_type(case.deadline("handling"), Deadline | None)
    assert_type(case.fields, Mapping[str, Any])
    assert_type(as_json(case), dict[str, Any])
    case.state = "closed"  # type: ignore[misc]
    case.fields["reason"] = "…"  # type: ignore[index]
    case.numbr  # type: ignore[attr-defined]  # noqa: B018


def faults(desk: Desk) -> None:
    try:
        desk.act("OBJ-2026-000001", "accept")
    except Refused as refused:
        assert_type(refused.message, Text)
        assert_type(refused.source, str | None)
        assert_type(grounds_of(refused, "en"), tuple[Ground, ...])
    except CreditWorkflowError as fault:
        assert_type(fault.exit_status, int)
        assert_type(error_document(fault), dict[str, Any])


def dates() -> None:
    assert_type(due_date("2026-02-10", "7 working days"), DueDate)
    assert_type(due_date(date(2026, 2, 10), "30 days", shift=True).due, date)
    due_date("2026-02-10", 7)  # type: ignore[arg-type]
    assert_type(working_calendar().year(2026), tuple[CalendarDay, ...])
    assert_type(credit_workflow.__version__, str)
    credit_workflow.no_such_name  # type: ignore[attr-defined]  # noqa: B018


def fee(call: EffectCall) -> EffectResult:
    hours = call.values["hours"]
    call.values["hours"] = 3  # type: ignore[index]
    return EffectResult(fields={"fee": hours * 3}, notices=("bill",))
