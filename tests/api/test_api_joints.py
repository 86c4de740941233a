"""The Python API beside the command: clocks that stand, versions published and notices imported meanwhile."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from credit_workflow import Case, Desk, Office, as_json, open_database
from tests import where
from tests.acceptance.conftest import Command
from tests.acceptance.sites import EXAMPLES, site
from tests.integration.test_gazettes import NOTICE

FOI = "FOI-2026-000001"


@pytest.fixture
def foi(tmp_path: Path, databases: None) -> tuple[Command, Office]:  # noqa: ARG001 - it must be there first
    command = site(tmp_path, "foi")
    return command, open_database(where.url(command.database), workflows=EXAMPLES / "foi" / "workflows")


def _standing(desk: Desk) -> Case:
    desk.submit("foi", subject="alice@example.org", values={"topic": "grit"})
    return desk.act(FOI, "give_fees_notice", values={"fee": 25})


def test_a_clock_that_stands_is_what_the_command_says(foi: tuple[Command, Office]) -> None:
    command, office = foi
    case = _standing(office.as_account("officer1", at="2026-03-25"))
    reply = case.deadline("reply")
    assert reply is not None
    assert (reply.due, reply.stopped, reply.days_left) == (None, date(2026, 3, 25), None)
    assert reply.remaining is not None
    assert (reply.remaining.length, reply.remaining.unit) == (20, "working days")
    for at in ("2026-04-10", "2026-04-14"):
        desk = office.as_account("officer1", at=at)
        if at == "2026-04-14":
            desk.act(FOI, "receive_fee")
            desk.act(FOI, "extend", values={"exemption": "s.43", "reason": "x", "extension_days": 5})
        asked: list[tuple[str, Any]] = [
            (f"case show {FOI}", as_json(desk.case(FOI))),
            (f"case explain {FOI}", {"case": FOI, "deadlines": [as_json(one) for one in desk.explain(FOI)]}),
            ("todo", {"cases": [as_json(one) for one in desk.todo()]}),
            (f"case history {FOI}", {"case": FOI, "events": [as_json(one) for one in desk.history(FOI)]}),
        ]
        for line, said in asked:
            printed = command.ok(line, who="officer1", at=at)
            assert said == {name: printed[name] for name in said}, line
    explained = next(one for one in desk.explain(FOI, "reply"))
    assert [stop.until for stop in explained.stops] == [date(2026, 4, 14)]
    assert {part.part for part in explained.segments} == {"stopped", "counted", "extended"}
    assert explained.segments[-1].last == explained.due


def test_an_office_goes_on_by_what_is_published_meanwhile(foi: tuple[Command, Office]) -> None:
    command, office = foi
    assert {flow.id: flow.version for flow in office.workflows}["foi"] == 1
    text = (EXAMPLES / "foi" / "workflows" / "foi.yaml").read_text(encoding="utf-8")
    file = command.folder / "foi.yaml"
    text = text.replace("version: 1\n", "version: 2\n", 1).replace("length: 20 working days", "length: 10 working days")
    file.write_text(text, encoding="utf-8")
    office.as_account("officer1", at="2026-03-20").submit("foi", subject="alice@example.org", values={"topic": "a"})
    command.ok("workflow propose", str(file), "--from", "2026-03-24", who="clerk1", at="2026-03-20")
    command.ok("workflow approve 1", who="supervisor1", at="2026-03-20")
    command.ok("workflow publish 1", who="supervisor1", at="2026-03-20")
    dues = {}
    for day in ("2026-03-23", "2026-03-24"):
        new = office.as_account("officer1", at=day).submit("foi", subject="bob@example.org", values={"topic": day})
        reply = new.deadline("reply")
        dues[day] = (new.definition_version, reply.due if reply else None)
    assert dues == {"2026-03-23": (1, date(2026, 4, 22)), "2026-03-24": (2, date(2026, 4, 9))}


def test_an_office_goes_on_by_a_notice_imported_meanwhile(tmp_path: Path, office: Office) -> None:
    desk = office.as_account("window1", at="2026-12-01")
    case = desk.submit("objection", record="R-1", values={"reason": "x"}, all_materials=True)
    before = office.calendar
    assert not before.is_working("2026-12-26")
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE, encoding="utf-8")
    Command(tmp_path).ok("calendar import", str(file), who="clerk1", at="2026-12-02")
    assert office.calendar.is_working("2026-12-26")
    handling = office.as_account("window1", at="2026-12-03").case(case).deadline("handling")
    assert handling is not None
    assert (handling.due, handling.provisional) == (date(2027, 1, 4), False)
    (one,) = office.as_account("window1", at="2026-12-03").explain(case, "handling")
    assert (one.edition, one.recount_differs) == (office.calendar.edition, False)
    accepted = office.as_account("window1", at="2026-12-03").act(case, "accept", all_materials=True)
    assert accepted.version > case.version
