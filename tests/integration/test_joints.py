"""Where the parts meet on a real database: notices kept, versions, stops, slips put right, simulation, the proof of it all."""

from __future__ import annotations

import copy
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow.authoring.simulation.assumptions import People
from credit_workflow.authoring.simulation.start import Scenario
from credit_workflow.authoring.simulation.starting_cases import start_of
from credit_workflow.authoring.simulation.workplace import Workplace as Simulated
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.proposing import proposed_calendar
from credit_workflow.casework.acting import Form
from credit_workflow.casework.rulebook import proposals
from credit_workflow.casework.rulebook.migrating import Aim, migrate
from credit_workflow.casework.rulebook.publications import in_force
from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.ruleset import Rules
from credit_workflow.store.nightwork import sweep_and_seal
from tests.integration.helpers import TO_COLLECTED
from tests.integration.test_gazettes import FOLDER, NOTICE, Desk, _calendars, collected, load

pytestmark = pytest.mark.usefixtures("databases")

__all__ = ["_calendars"]  # the calendars of that module, made and taken away for this one, too

STOP = {
    "title": {"zh": "待补正", "en": "to be completed"}, "begins": ["request_extension"], "ends": ["grant_extension"],
    "source": "[practice]",
}  # fmt: skip
MONTH = TO_COLLECTED.split()


class Workplace(Desk):
    """A service with rules and notices of its database's own."""

    def version(self, number: int, length: str, *, stops: bool = False, deadlines: str = "recount") -> Definition:
        raw = msgspec.json.decode(self.definitions["objection"].body)
        terms = {"from": "2026-03-01", "deadlines": deadlines, "source": "[practice]"}
        raw |= {"version": number, "takes_over": terms}
        raw["deadlines"]["handling"]["length"] = length
        if stops:
            raw["deadlines"]["handling"]["suspensions"] = {"completing": STOP}
        return from_body(body_of(msgspec.convert(raw, Workflow)))

    def publish(self, definition: Definition, at: str) -> None:
        with self.database.writing() as db:
            number = proposals.propose(db, self.acting("clerk1", at), [definition], since=None, note=None)
        with self.database.writing() as db:
            proposals.decide(db, self.acting("authority1", at), number, "approved")
        with self.database.writing() as db:
            proposals.publish(db, self.acting("authority1", at), number)
        with self.database.reading() as db:
            self.definitions = in_force(db, self.definitions, self.moment(at).effective)

    def go(self, definition: Definition | None, at: str) -> int:
        target = None if definition is None else Rules(definition.workflow, definition.digest)
        aim = Aim(workflow="objection", target=target)
        return len(migrate(self.database, self.acting("authority1", at), aim, definition=definition).lines)

    def do(self, who: str, at: str, case: str, action: str, **given: Any) -> None:
        self.act(who, at, case, action, Form(given=given, all_materials=True))

    def put_right(self, at: str, case: str, action: str, **right: Any) -> None:
        with self.database.reading() as db:
            entry = max(seq for seq, _, one in db.cases.entries(case) if one.action == action)
        self.do("center2", at, case, "request_rectification", entry=entry, fault="记错了", **right)
        self.do("authority2", at, case, "grant_rectification")

    def night(self, at: str) -> None:
        sweep_and_seal(self.database, self.calendar, self.moment(at))

    def due(self, case: str, deadline: str = "handling") -> date:
        with self.database.reading() as db:
            return db.cases.get(case).deadlines[deadline].due

    def simulated(self, until: str, now: str, *, running_too: dict[str, Rules] | None = None) -> Simulated:
        rules = {name: Rules(d.workflow, d.digest) for name, d in self.definitions.items()} | (running_too or {})
        roles = {role for one in rules.values() for role in one.workflow.roles}
        with self.database.reading() as db:
            start = start_of(db, rules, self.moment(now), self.calendar.zone)
            scenario = Scenario(
                rules=rules,
                calendar=self.calendar,
                people=People(capacity=dict.fromkeys(roles, 0)),
                running_too=running_too is not None,
            )
            office = Simulated(start, scenario, date.fromisoformat(until))
            self.result = office.run()
        return office


@pytest.fixture
def office(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path / "cases.db", records=4, calendar=load("cn", ()))


def being_verified(office: Workplace, record: str = "R-1", day: str = "2026-12-01") -> str:
    return office.life(office.objection(day, record), day, " ".join(MONTH[:4]))


def test_a_slip_is_put_right_by_the_notice_that_has_come_since(office: Workplace) -> None:
    case = office.life(office.objection("2026-12-01", "R-1"), "2026-12-22", " ".join(MONTH[:-1]))
    office.life(case, "2026-12-24", MONTH[-1])
    office.take_in(NOTICE, "2026-12-25")
    assert office.due(case, "dispute_window") == date(2027, 1, 4)
    office.put_right("2026-12-25", case, "collect", on="2026-12-22")
    assert office.due(case, "dispute_window") == date(2026, 12, 27)  # the 26th and 27th are worked on by the notice
    office.verify()


def test_a_slip_is_put_right_in_a_case_whose_clock_stood(office: Workplace) -> None:
    office.publish(office.version(3, "30 days", stops=True), "2026-11-30")
    case = being_verified(office)
    assert office.due(case) == date(2026, 12, 31)
    office.do("center1", "2026-12-08", case, "request_extension", days=15, reason="复杂")
    assert office.due(case) == date.max
    office.do("authority1", "2026-12-14", case, "grant_extension")
    # six days used, 24 left from the 14th: 7 January, and 15 working days: the 8th to the 28th
    assert office.due(case) == date(2027, 1, 28)
    office.put_right("2026-12-15", case, "request_extension", on="2026-12-10")
    assert office.due(case) == date(2027, 1, 26)  # eight used: 5 January, and 15 working days
    office.verify()


def test_the_simulation_counts_by_the_version_that_counted(office: Workplace) -> None:
    case = being_verified(office)
    second = office.version(3, "10 days", deadlines="keep")
    office.publish(second, "2026-12-02")
    assert office.go(second, "2026-12-02") == 1
    assert office.due(case) == date(2026, 12, 31)
    office.calendar = _another_edition(office.calendar)
    office.simulated("2027-01-10", "2026-12-03")
    assert office.result.cases[case].deadlines["handling"].due == date(2026, 12, 31)
    (late,) = office.result.late.all
    assert late.due == date(2026, 12, 31)


def _another_edition(calendar: Any) -> Any:
    other = copy.copy(calendar)
    object.__setattr__(other, "edition", "another")
    return other


def test_proposed_rules_over_running_cases_keep_their_stops(office: Workplace) -> None:
    office.publish(office.version(3, "30 days", stops=True), "2026-11-30")
    case = being_verified(office)
    office.do("center1", "2026-12-08", case, "request_extension", days=15, reason="复杂")
    third, bare = office.version(4, "20 days", stops=True), office.version(4, "20 days")
    bare = from_body(body_of(msgspec.convert(_without_stops(bare), Workflow)))
    for proposed, kept_old in ((third, 0), (bare, 1)):
        office.simulated(
            "2027-03-01", "2026-12-09", running_too={"objection": Rules(proposed.workflow, proposed.digest)}
        )
        assert office.result.kept_old == kept_old
        handling = office.result.cases[case].deadlines["handling"]
        assert (handling.stopped, handling.original_due) == (
            date(2026, 12, 8), date(2026, 12, 31) if kept_old else date(2026, 12, 21),
        )  # fmt: skip
        assert [late for late in office.result.late.all if late.deadline == "handling"] == []


def _without_stops(definition: Definition) -> Any:
    raw = msgspec.json.decode(definition.body)
    raw["deadlines"]["handling"].pop("suspensions", None)
    return raw


def test_a_calendar_in_prospect_has_what_the_database_keeps(office: Workplace, tmp_path: Path) -> None:
    office.take_in(NOTICE, "2026-12-25")
    file = shutil.copy(FOLDER / "cn" / "2026.yaml", tmp_path / "again.yaml")
    proposed = proposed_calendar("cn", Path(file), FOLDER, office.kept())
    assert proposed.is_working(date(2026, 12, 26))  # by the notice that is kept, not in any file
    assert not proposed_calendar("cn", Path(file), FOLDER).is_working(date(2026, 12, 26))


def test_a_layer_in_prospect(tmp_path: Path) -> None:
    shipped = load_calendar("cn-hangzhou")
    folder = Path(__file__).resolve().parents[2] / "calendars"
    file = shutil.copy(folder / "cn-hangzhou" / "2016-09.yaml", tmp_path / "x.yaml")
    proposed = proposed_calendar("cn-hangzhou", Path(file))
    assert (proposed.id, proposed.edition) == (shipped.id, shipped.edition)


def test_a_database_that_went_through_all_of_it_is_proved(office: Workplace) -> None:
    cases = [being_verified(office, f"R-{n}", f"2026-12-0{n}") for n in (1, 2)]
    done = collected(office, "R-3", "2026-12-24")
    office.night("2026-12-24T23:00")
    office.verify()
    second = office.version(3, "25 days", stops=True)
    office.publish(second, "2026-12-25")
    assert office.go(second, "2026-12-25") == 3
    office.verify()
    office.go(None, "2026-12-25T10:00")
    office.verify()
    assert office.go(second, "2026-12-25T11:00") == 3
    office.do("center1", "2026-12-25T12:00", cases[0], "request_extension", days=15, reason="复杂")
    office.take_in(NOTICE, "2026-12-25T13:00")
    office.night("2026-12-25T23:00")
    office.do("authority1", "2026-12-26", cases[0], "grant_extension")
    office.put_right("2026-12-28T10:00", cases[0], "request_extension", values={"days": 14})
    office.night("2027-01-20")
    office.verify()
    with office.database.reading() as db:
        actions = {entry.action for number in (*cases, done) for _, _, entry in db.cases.entries(number)}
    assert {"migrate", "recount", "rectified", "overdue"} <= actions
