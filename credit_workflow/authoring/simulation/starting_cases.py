"""Read what a simulation starts from: the cases that go on, what they are about, who is there, what recurs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from credit_workflow.authoring.simulation.start import Coming, Start, Template
from credit_workflow.casework.cases.furnishing import rehearsals_of, reports_of
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.explanation.counted_worlds import counting_of, migrated_cases
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.sweep.recurring_cases import to_come
from credit_workflow.definition.library import Definition
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Record
from credit_workflow.engine.world import Holding, Moment
from credit_workflow.errors import NotFound

#: So many of the newest cases of each workflow, or else records, serve as models of new ones.
MODELS = 200


def start_of(db: Reading, in_force: Mapping[str, Rules], moment: Moment, zone: str) -> Start:
    """Return today's cases and what their future can depend on.

    Args:
        db: the database; it must stay open while the simulation runs.
        in_force: the definitions that new cases begin with, by workflow.
        moment: now.
        zone: the calendar's.

    Raises:
        IntegrityFault: a row can't be read.
    """
    families = db.cases.families(db.cases.going_on())
    cases = {number: case for family in families.values() for number, case in family.items()}
    numbers = {case.record for case in cases.values()}
    holdings: dict[str, tuple[Holding, ...]] = {}

    def held(key: str) -> tuple[Holding, ...]:
        if key not in holdings:
            records = db.records.find(person=key)
            holdings[key] = tuple(Holding(record=r, marks=tuple(db.records.marks_on(r.no))) for r in records)
        return holdings[key]

    def kept(number: str) -> Case | None:
        try:
            return db.cases.get(number)
        except NotFound:
            return None

    return Start(
        now=moment,
        rules=db.rules,
        families=families,
        records=db.records.known(sorted(numbers)),
        staff=_staff(db.accounts.active()),
        templates=_templates(db, in_force),
        serials={(workflow, year): last for workflow, year, last in db.cases.series()},
        holdings=held,
        earlier=db.cases.earlier,
        kept=kept,
        counted_by=counting_of(db, migrated_cases(db).intersection(cases)),
        rehearsals=rehearsals_of(db, zone),
        reports=reports_of(db, zone),
    )


def coming_of(
    db: Reading, definitions: Iterable[Definition], now: Moment, until: date, zone: str
) -> tuple[Coming, ...]:
    """Return the recurring cases that the system is going to open by a day; those that are late, today."""
    upto = msgspec.structs.replace(now, effective=until)
    return tuple(
        Coming(day=max(day, now.effective), effective=day, workflow=d.workflow.workflow, given=given)
        for d, _, day, given in to_come(db, definitions, upto, zone)
    )


def _staff(accounts: Iterable[Actor]) -> dict[str, tuple[Actor, ...]]:
    staff: dict[str, tuple[Actor, ...]] = {}
    for account in accounts:
        for role in sorted(account.roles):
            staff[role] = (*staff.get(role, ()), account)
    return staff


def _templates(db: Reading, in_force: Mapping[str, Rules]) -> dict[str, tuple[Template, ...]]:
    found: dict[str, tuple[Template, ...]] = {}
    some: tuple[Record, ...] | None = None
    for workflow, rules in in_force.items():
        if rules.workflow.parent is not None or rules.workflow.about not in ("record", "person"):
            continue
        cases = db.cases.find(CaseQuery(workflow=workflow, newest=MODELS))
        records = db.records.known([case.record for case in cases])
        models = tuple(
            Template(subject=case.subject, record=records.get(case.record), opened=case.opened, unit=case.unit)
            for case in cases
            if case.record in records or rules.workflow.about == "person"
        )
        if not models:
            if some is None:
                some = tuple(db.records.find(limit=MODELS))
            models = tuple(Template(subject=record.subject, record=record) for record in some)
        found[workflow] = models
    return found
