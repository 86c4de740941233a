"""Find looks at the counter that no filing has followed the same day (附件1·三): an auditor asks why they were made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from credit_workflow.casework.clock import span_of
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.look_up_answers import LookUp
from credit_workflow.casework.units.register import present_names
from credit_workflow.engine.values import Case
from credit_workflow.identity import parse_subject

#: The purpose of a look at somebody whose number is given at the counter, and of whom nothing need be at hand.
COUNTER = "counter"


class Found(NamedTuple):
    """A look-up with what it is found by: the person's key, and the record where it names one."""

    look_up: LookUp
    key: str | None
    record: str | None


def unfiled_of(db: Reading, found: Iterable[Found], zone: str) -> Iterator[Found]:
    """Give of look-ups those at the counter that no filing followed the same day, in the unit of whoever looked.

    Args:
        db: where the filings are.
        found: the look-ups.
        zone: the zone whose days count.
    """
    filings = _Filings(db, zone)
    for one in found:
        look, person = one.look_up, one.key
        if (look.purpose or "").strip() != COUNTER or look.outcome != "shown" or person is None:
            continue
        if not filings.of(person, look.account, look.at.date()):
            yield one


class _Filings:
    """What was filed in which unit.

    Args:
        db: where it is.
        zone: the zone whose days count.
    """

    def __init__(self, db: Reading, zone: str) -> None:
        self._db = db
        self._zone = zone
        self._units = present_names(db)
        self._by_day: dict[date, list[Case]] = {}

    def of(self, person: str, account: str, day: date) -> bool:
        """Whether something was filed by a person, or about one, on a day in the unit of an account."""
        looked = self._db.accounts.get(account)
        unit = None if looked is None else self._now(looked.unit)
        return any(
            (unit is None or self._now(case.unit) == unit) and person in self._people(case) for case in self._on(day)
        )

    def _now(self, unit: str | None) -> str | None:
        return None if unit is None else self._units.get(unit, unit)

    def _on(self, day: date) -> list[Case]:
        """Return the applications that were brought or typed in on a day."""
        if day not in self._by_day:
            brought = self._db.cases.find(CaseQuery(since=day, before=day + timedelta(days=1)))
            acted_on = self._db.cases.find(CaseQuery(during=span_of(day, day, self._zone)))
            typed = [case for case in acted_on if case.filed is not None and case.filed.entered == day]
            self._by_day[day] = [*brought, *typed]
        return self._by_day[day]

    def _people(self, case: Case) -> Iterator[str]:
        """Give the keys of the persons whom a case is about: the applicant, and whoever its fields name."""
        yield case.subject.key
        rules = self._db.rules[case.definition]
        for name, field in rules.workflow.fields.items():
            number = case.fields.get(name)
            if field.type == "person" and number:
                yield parse_subject(number, scheme=rules.workflow.identity).key
