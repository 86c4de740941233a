"""Versions on a real database: batches that are stopped, what verifying finds, deadlines that were kept."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow.casework.explanation.counted_worlds import migrated_cases
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.rule_entries import Published, PublishedOne
from credit_workflow.casework.rulebook import proposals
from credit_workflow.casework.rulebook.migrating import Aim, Moved, migrate
from credit_workflow.casework.rulebook.publications import in_force
from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.ruleset import Rules
from credit_workflow.errors import IntegrityFault, Refused
from tests import where
from tests.integration.helpers import Service

DAY = "2026-03-10"
HAND_ON = {
    "title": {"zh": "移交期限", "en": "Handing over"}, "kind": "target", "length": "2 working days", "starts": "accept",
    "ends": ["transfer"], "late": "overdue", "at_end": "overdue", "source": "[practice]",
}  # fmt: skip


def _version(service: Service, number: int, *, hand_on: bool = False, **changes: Any) -> Definition:
    """Return the objection as another version, its handling 20 days; it takes running cases over unless said."""
    raw = msgspec.json.decode(service.definitions["objection"].body)
    terms = {"from": "2026-03-01", "deadlines": "recount", "source": "[practice]"}
    raw |= {"version": number, "takes_over": terms} | changes
    raw["deadlines"]["handling"]["length"] = f"{23 - number} days"
    raw["deadlines"]["archive"]["owed_by"] = "center"
    if hand_on:
        raw["deadlines"]["hand_on"] = HAND_ON
    return from_body(body_of(msgspec.convert({k: v for k, v in raw.items() if v is not None}, Workflow)))


class Office(Service):
    """A service whose folder gives way to what is published."""

    def publish(self, definition: Definition, at: str, since: date | None = None) -> int:
        with self.database.writing() as db:
            number = proposals.propose(db, self._now("clerk1", at), [definition], since=since, note=None)
        with self.database.writing() as db:
            proposals.decide(db, self._now("authority1", at), number, "approved")
        with self.database.writing() as db:
            proposals.publish(db, self._now("authority1", at), number)
        self.refresh(at)
        return number

    def refresh(self, at: str) -> None:
        with self.database.reading() as db:
            self.definitions = in_force(db, self.definitions, self.moment(at).effective)

    def _now(self, who: str, at: str) -> Any:
        return self.acting(who, at)

    def go(self, definition: Definition, at: str = DAY, **options: Any) -> Moved:
        aim = Aim(workflow="objection", target=Rules(definition.workflow, definition.digest))
        return migrate(self.database, self.acting("authority1", at), aim, definition=definition, **options)

    def back(self, at: str = DAY) -> Moved:
        return migrate(self.database, self.acting("authority1", at), Aim(workflow="objection", target=None))

    def cases(self) -> dict[str, Any]:
        with self.database.reading() as db:
            return {case.number: msgspec.structs.replace(case, version=0) for case in db.cases.find()}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Path:  # noqa: ARG001 - it must be there first
    """Six objections of different progress on 10 March."""
    office = Office(tmp_path_factory.mktemp("versions") / "cases.db", records=6)
    for n in range(1, 7):
        case = office.objection(f"2026-03-0{n}", f"R-{n}")
        steps = ["window1:accept", "window1:archive", "window1:transfer", "center1:receive"]
        office.life(case, f"2026-03-0{n}T10:00", " ".join(steps[: n - 1]))
    return office.path


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Office:
    where.copy(template, tmp_path / "cases.db")
    return Office(tmp_path / "cases.db", known=True)


def test_a_migration_that_is_stopped_goes_on_where_it_was(office: Office) -> None:
    second = _version(office, 3)
    office.publish(second, DAY)
    office.sweep(DAY)
    before = office.cases()

    def stop(done: int, total: int) -> None:
        assert total == 6
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.go(second, batch=2, progress=stop)
    with office.database.reading() as db:
        assert len(migrated_cases(db)) == 4
    office.verify()
    assert len(office.go(second, batch=2).lines) == 2
    assert {case.definition for case in office.cases().values()} == {second.digest}
    office.verify()
    assert len(office.back().lines) == 6
    assert office.cases() == before
    office.verify()


def test_two_steps_forward_are_two_steps_back(office: Office) -> None:
    office.sweep(DAY)
    first = office.cases()
    second, third = _version(office, 3), _version(office, 4)
    office.publish(second, DAY)
    office.go(second)
    between = office.cases()
    office.publish(third, DAY)
    office.go(third)
    office.back()
    assert office.cases() == between
    office.back()
    assert office.cases() == first
    assert office.back().lines == []
    office.verify()


def test_a_sweep_after_a_migration_is_certified(office: Office) -> None:
    second = _version(office, 3)
    office.publish(second, DAY)
    office.sweep(DAY)
    office.go(second)
    office.sweep("2026-03-25")
    office.verify()
    office.go(office_version(office, 2), "2026-03-26")
    office.sweep("2026-04-20")
    assert office.sweep("2026-05-20").fired == {}
    office.verify()


def test_a_deadline_that_goes_and_comes_back_does_not_fire_again(office: Office) -> None:
    second = _version(office, 3, hand_on=True)
    office.publish(second, DAY)
    office.sweep(DAY)
    office.go(second)
    assert office.sweep("2026-03-11").done.count == 2  # those that were accepted and not handed on
    office.go(office_version(office, 2), "2026-03-12")
    with office.database.reading() as db:
        assert all("hand_on" not in case.deadlines for case in db.cases.find())
    office.life("OBJ-2026-000002", "2026-03-12T10:00", "window1:archive")  # so that this is no mere step back
    office.go(second, "2026-03-13")
    assert office.sweep("2026-03-14").done.count == 0
    case = office.cases()["OBJ-2026-000002"]
    assert (case.deadlines["hand_on"].due, case.deadlines["hand_on"].flagged) == (date(2026, 3, 4), date(2026, 3, 10))
    office.verify()


def office_version(office: Office, number: int) -> Definition:
    with office.database.reading() as db:
        rules = next(r for r in db.rules.values() if r.id == "objection" and r.workflow.version == number)
        return from_body(body_of(rules.workflow))


def test_a_case_opened_under_what_was_not_in_force_is_found(office: Office) -> None:
    old = office.definitions["objection"]
    office.publish(_version(office, 3), DAY, since=date(2026, 3, 20))
    office.objection("2026-03-19", "R-1", good_ground="新证据")
    office.verify()
    office.definitions = {**office.definitions, "objection": old}
    number = office.objection("2026-03-20", "R-2", good_ground="新证据")
    with pytest.raises(IntegrityFault) as fault:
        office.verify()
    assert fault.value.details["case"] == number


def test_a_case_opened_too_early_under_a_new_version_is_found(office: Office) -> None:
    second = _version(office, 3)
    office.publish(second, DAY, since=date(2026, 3, 20))
    office.definitions = {**office.definitions, "objection": second}
    number = office.objection("2026-03-19", "R-2", good_ground="新证据")
    with pytest.raises(IntegrityFault) as fault:
        office.verify()
    assert fault.value.details["case"] == number


@pytest.mark.parametrize("terms", [None, {"from": "2026-03-11", "deadlines": "keep", "source": "[practice]"}])
def test_a_case_taken_over_without_terms_is_refused_and_found(
    office: Office, terms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = _version(office, 3, takes_over=terms)
    office.publish(second, DAY)
    with pytest.raises(Refused):
        office.go(second)
    office.verify()
    monkeypatch.setattr("credit_workflow.casework.rulebook.migrating.terms_in_the_way", lambda *_: None)
    office.go(second)
    with pytest.raises(IntegrityFault, match="took over no case"):
        office.verify()


def test_a_publication_that_nobody_approved_is_found(office: Office) -> None:
    second = _version(office, 3)
    with office.database.writing() as db:
        number = proposals.propose(db, office.acting("clerk1", DAY), [second], since=None, note=None)
    one = PublishedOne(workflow="objection", version=3, digest=second.digest, until_then=None)
    with office.database.writing() as db:
        moment = office.moment(DAY)
        db.adopt([second], moment.at)
        day, kept = date.fromisoformat(DAY), db.cases.entries_kept()
        said = Published(proposal=number, since=day, begins_after=kept, definitions=(one,))
        db.journal.add(Draft(said=said, at=moment.at, actor="clerk1", role="clerk"))
    with pytest.raises(IntegrityFault, match="approved by nobody else"):
        office.verify()


def test_what_is_in_force_on_a_day_follows_from_the_log(office: Office) -> None:
    folder = office.definitions
    second, third = _version(office, 3), _version(office, 4)
    office.publish(second, DAY, since=date(2026, 4, 1))
    office.publish(third, "2026-03-11", since=date(2026, 3, 20))
    with office.database.reading() as db:
        found = {}
        for day in (date(2026, 3, 10), date(2026, 3, 19), date(2026, 3, 20), date(2026, 4, 1), date(2027, 1, 1)):
            found[day.isoformat()] = in_force(db, folder, day)["objection"].workflow.version
    # The one published last holds once its day has come, also past the day of an earlier publication.
    assert found == {"2026-03-10": 2, "2026-03-19": 2, "2026-03-20": 4, "2026-04-01": 4, "2027-01-01": 4}


def test_a_kept_deadline_is_counted_again_by_the_rule_that_it_came_from(office: Office) -> None:
    terms = {"from": "2026-03-01", "deadlines": "keep", "source": "[practice]"}
    second = _version(office, 3, takes_over=terms)
    office.publish(second, DAY)
    dues = {number: case.deadlines["handling"].due for number, case in office.cases().items()}
    office.go(second)
    office.calendar = _another_edition(office.calendar)
    office.sweep(DAY)
    assert {number: case.deadlines["handling"].due for number, case in office.cases().items()} == dues
    office.verify()


def _another_edition(calendar: Any) -> Any:
    """The same calendar under another edition, so that everything is counted again."""
    other = copy.copy(calendar)
    object.__setattr__(other, "edition", "another")
    return other


def test_a_day_beyond_the_calendar_is_no_accident(office: Office) -> None:
    raw = msgspec.json.decode(_version(office, 3).body)
    raw["deadlines"]["handling"]["length"] = "90 years"
    second = from_body(body_of(msgspec.convert(raw, Workflow)))
    office.publish(second, DAY)
    before = office.cases()
    with pytest.raises(Refused):
        office.go(second)
    assert office.cases() == before


def test_publishing_looks_at_what_else_will_be_in_force(office: Office) -> None:
    raw = msgspec.json.decode(_version(office, 3).body)
    raw["number"] = "MRK-{year}-{serial:06}"
    second = from_body(body_of(msgspec.convert(raw, Workflow)))
    with office.database.writing() as db:
        number = proposals.propose(db, office.acting("clerk1", DAY), [second], since=None, note=None)
    with office.database.writing() as db:
        proposals.decide(db, office.acting("authority1", DAY), number, "approved")
    with pytest.raises(Refused) as refusal, office.database.writing() as db:
        proposals.publish(db, office.acting("authority1", DAY), number)
    assert refusal.value.code == "not_together"


def test_a_slip_before_a_migration_is_not_put_right_across_it(office: Office) -> None:
    second = _version(office, 3)
    office.publish(second, DAY)
    office.go(second)
    case = "OBJ-2026-000005"
    ask = "window1:request_rectification:entry=2:on=2026-03-05:fault=误"
    with pytest.raises(Refused) as refusal:
        office.life(case, "2026-03-11", ask)
    assert "--undo" in refusal.value.message.zh
