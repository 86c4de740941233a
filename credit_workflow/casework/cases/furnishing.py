"""Find in the store what a decision needs besides the case and its links, and add it to its world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.casework.clock import local
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.look_entries import REPORT, Look, OfFigures
from credit_workflow.casework.journal.record_entries import OfRecord
from credit_workflow.casework.journal.running_entries import Rehearsed
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.units.register import register_of
from credit_workflow.definition.model import Field
from credit_workflow.engine.attempt import Attempt, attempt
from credit_workflow.engine.effects.record_lookups import (
    names_all,
    record_known,
    tells,
    wanted,
    wants_earlier,
    wants_revisions,
)
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.inputs import field_of
from credit_workflow.engine.timers import catch_up, due_timers
from credit_workflow.engine.values import AccountChange, Case, Record
from credit_workflow.engine.world import SYSTEM_ACTOR, AccountHeld, Holding, Moment, Outcome, ReportMade, World
from credit_workflow.errors import DefinitionFault, NotFound, Refused
from credit_workflow.text import Text


def furnished(db: Reading, held: Attempt) -> Attempt:
    """Return a request in a world with all that its decision needs, its values read and ``all`` spelled out.

    Args:
        db: where that is found.
        held: what is asked, in a world of the case with its links.

    Raises:
        UsageFault: a value is missing, ill-typed or unknown.
        NotFound: a case or an account that is named does not exist.
        Refused: ``all`` cases are named, and there is none.
    """
    _known_accounts(db, held)
    held = _with_units(db, held)
    world, action, opening = held.world, held.request.action, held.request.opening
    told = tells(held) and "record" in held.rules.system_looks_at
    if opening is not None and opening.record and (told or _looks_at_record(held)):
        world = msgspec.structs.replace(world, records=db.records.known([opening.record]))
    if wants_revisions(held):
        world = msgspec.structs.replace(world, revisions=_revisions(db, held.case.record))
    if wants_earlier(held):
        world = msgspec.structs.replace(world, earlier=db.cases.earlier(held.case))
    zone, reads = world.calendar.zone, held.rules.reads
    if reads(action, "same_record"):
        world = msgspec.structs.replace(world, same_record=_same_record(db, held.case))
    world = msgspec.structs.replace(
        world,
        rehearsals=rehearsals_of(db, zone) if reads(action, "rehearsals") else (),
        reports=reports_of(db, zone) if reads(action, "reports") else (),
        accounts=_accounts(db) if reads(action, "accounts") else world.accounts,
        rules={**db.rules, **world.rules},
    )
    held = held.within(world)
    if held.refused:
        return held
    filled = held.with_values()
    needs = wanted(filled)
    everything = [field for field, numbers in needs.cases.items() if names_all(numbers)]
    if everything:
        spelled = {
            _asked_as(held, field): [case.number for case in _all_cases(db, held, field)] for field in everything
        }
        form = msgspec.structs.replace(held.request.form, given={**held.request.form.given, **spelled})
        return furnished(db, attempt(world, msgspec.structs.replace(held.request, form=form), held.moment))
    _all_named(db, filled)
    owner = world.records.get(filled.case.record) if held.rules.reads_marks(action) else None
    persons = needs.persons if owner is None else (*needs.persons, owner.subject.key)
    holdings = {key: holdings_of(db, key) for key in persons}
    listed = {number: _named(db, number) for numbers in needs.cases.values() for number in numbers}
    world = msgspec.structs.replace(world, holdings=holdings, listed=listed)
    return filled.within(_for_the_system(db, world) if tells(held) else world)


def looks_at_more(world: World, moment: Moment) -> bool:
    """Whether something has passed in a family, and the system has to look at more than its cases to decide on it."""
    return bool(waiting(world, moment)) and any(world.rules_of(case).system_looks_at for case in world.cases.values())


def waiting(world: World, moment: Moment) -> list[str]:
    """Return those cases of a family in which something has passed that is not recorded."""
    return [n for n, case in world.cases.items() if due_timers(world.rules_of(case), case, moment.effective)]


def caught_up(db: Reading, moment: Moment, world: World, *, only_moves: bool = False) -> Outcome:
    """Fire everything in a family that is due by the moment's day, with all that a person's action has to look at.

    Args:
        db: where that is found.
        moment: when it is recorded.
        world: cases with all that they are linked to.
        only_moves: leave aside what only flags a duty as overdue.

    Raises:
        CreditWorkflowError: it can't be carried out.
    """
    if not looks_at_more(world, moment):
        return catch_up(world, moment, only_moves=only_moves)
    outcome = catch_up(_for_the_system(db, world), moment, only_moves=only_moves)
    made = [entry.change.created.no for entry in outcome.entries if entry.change.created is not None]
    for number in db.records.known(made):
        raise record_known(number)
    return outcome


def _for_the_system(db: Reading, world: World) -> World:
    """Return the world of a family with what the system's actions on its cases look at, and what is in it already."""
    records, earlier, listed = dict(world.records), list(world.earlier), dict(world.listed)
    same_record = {case.number: case for case in world.same_record}
    holdings, revisions = dict(world.holdings), dict(world.revisions)
    rehearsals, reports, accounts = world.rehearsals, world.reports, world.accounts
    for case in world.cases.values():
        rules = world.rules_of(case)
        looks = rules.system_looks_at
        if "record" in looks and case.record and case.record not in records:
            records |= db.records.known([case.record])
        if "record" in looks and case.record not in revisions and rules.compares_revisions:
            revisions |= _revisions(db, case.record)
        if "earlier" in looks:
            earlier += [other for other in db.cases.earlier(case) if other not in earlier]
        same_record |= {other.number: other for other in _same_record(db, case)} if "same_record" in looks else {}
        if "listed" in looks:
            names = [name for name, field in rules.workflow.fields.items() if field.type == "cases"]
            numbers = [number for name in names for number in case.fields.get(name) or ()]
            listed |= {number: _named(db, number) for number in numbers if number not in listed}
        for key in _persons(world, case, records.get(case.record)):
            holdings |= {} if key in holdings else {key: holdings_of(db, key)}
        if "rehearsals" in looks and not rehearsals:
            rehearsals = rehearsals_of(db, world.calendar.zone)
        if "reports" in looks and not reports:
            reports = reports_of(db, world.calendar.zone)
        if "accounts" in looks and not accounts:
            accounts = _accounts(db)
    return msgspec.structs.replace(
        world,
        records=records,
        revisions=revisions,
        earlier=tuple(earlier),
        same_record=tuple(same_record.values()),
        listed=listed,
        holdings=holdings,
        rehearsals=rehearsals,
        reports=reports,
        accounts=accounts,
        rules={**db.rules, **world.rules},
    )


def _persons(world: World, case: Case, record: Record | None) -> Iterator[str]:
    """Give the keys of the people whose records the system's actions on a case look at, with their marks."""
    rules = world.rules_of(case)
    if "found" in rules.system_looks_at:
        looked_up = CaseFacts.of(world, case, SYSTEM_ACTOR, case.opened).person_looked_up()
        yield from () if looked_up is None else (looked_up,)
    if record is not None and any(map(rules.reads_marks, rules.actions)):
        yield record.subject.key


def _looks_at_record(held: Attempt) -> bool:
    """Whether an action looks at its case's record, or changes it."""
    return any(effect.record is not None for effect in held.action.effects) or held.rules.reads(
        held.request.action, "record"
    )


def _same_record(db: Reading, case: Case) -> tuple[Case, ...]:
    """Return the open cases about a case's record; none where it is about none."""
    return tuple(db.cases.find(CaseQuery(record=case.record, open_only=True))) if case.record else ()


def _revisions(db: Reading, record: str) -> dict[str, dict[int, Mapping[str, Any]]]:
    """Return what a record said in each of its revisions, by its log."""
    found: dict[int, Mapping[str, Any]] = {}
    values: dict[str, Any] = {}
    for line in db.journal.of(OfRecord, record) if record else ():
        values = {**values, **line.said.new}
        found[line.said.revision] = values
    return {record: found}


def holdings_of(db: Reading, key: str) -> tuple[Holding, ...]:
    """Return a person's records, by the person's key, each with its marks."""
    records = db.records.find(person=key)
    return tuple(Holding(record=record, marks=tuple(db.records.marks_on(record.no))) for record in records)


def _accounts(db: Reading) -> dict[str, AccountHeld]:
    """Return the accounts whose lives are cases; those of a training database need no password."""
    known = db.accounts.with_passwords()
    return {
        line.account: AccountHeld(
            change=AccountChange(name=line.account, unit=line.unit, roles=line.roles, status=line.status),
            has_password=db.training or line.account in known,
        )
        for line in db.accounts.everyone()
        if line.case is not None
    }


def rehearsals_of(db: Reading, zone: str) -> tuple[date, ...]:
    """Return the days on which a rehearsal of recovery succeeded."""
    return tuple(local(line.at, zone).date() for line in db.journal.of(Rehearsed) if line.said.ok)


def reports_of(db: Reading, zone: str) -> tuple[ReportMade, ...]:
    """Return the operating reports that were made, oldest first."""
    return tuple(
        ReportMade(on=local(line.at, zone).date(), first=line.said.first, last=line.said.last)
        for line in db.journal.of(Look, kind=REPORT)
        if isinstance(line.said, OfFigures) and line.said.first is not None and line.said.last is not None
    )


def _named(db: Reading, number: str) -> Case:
    try:
        return db.cases.get(number)
    except NotFound:
        message = Text("所列案件 {n} 不存在", "there is no case {n}, which is listed").fill(n=number)
        raise NotFound(message, code="no_case", details={"case": number}) from None


def _all_cases(db: Reading, held: Attempt, field: str) -> list[Case]:
    """Return every case that a field of cases may name, oldest first; those named before are left out."""
    rule = held.rules.workflow.fields[field]
    taken = {
        number
        for earlier in held.world.earlier
        if rule.once_except is not None and earlier.state not in rule.once_except
        for number in earlier.fields.get(field) or ()
    }
    found = [case for case in _those_among(db, held, rule) if case.number not in taken]
    if not found and not rule.complete:
        message = Text("没有可列入的案件（{f}）", "there is no case to be listed ({f})")
        raise Refused(message.fill(f=rule.title.text), code="none_to_list", source=rule.source)
    return found


def _all_named(db: Reading, held: Attempt) -> None:
    """Refuse a list that should be complete and is not.

    Raises:
        Refused: cases that belong on it are missing; ``details["cases"]`` has them.
    """
    for field, numbers in held.fields.items():
        rule = held.rules.workflow.fields[field]
        if not rule.complete or numbers is None:
            continue
        missing = [case.number for case in _those_among(db, held, rule) if case.number not in numbers]
        if missing:
            message = Text("{f}须全部列明，还缺：{n}", "{f}: all must be named; these are missing: {n}")
            filled = message.fill(f=rule.title.text, n="、".join(missing))
            raise Refused(filled, code="not_complete", source=rule.source, details={"cases": missing})


def cases_of_units(db: Reading, held: Attempt, field: str) -> dict[str, list[str]]:
    """Return the numbers of all cases that a field of cases may name, by the present name of their unit."""
    found: dict[str, list[str]] = {}
    for case in _those_among(db, held, held.rules.workflow.fields[field]):
        unit = held.world.unit_named(case.unit)
        if unit is not None:
            found.setdefault(unit, []).append(case.number)
    return found


def _those_among(db: Reading, held: Attempt, rule: Field) -> list[Case]:
    elsewhere, taken = rule.unless_in, set[str]()
    if elsewhere is not None:
        for other in db.cases.find(CaseQuery(workflow=elsewhere.workflow)):
            if other.state not in elsewhere.but:
                taken.update(other.fields.get(elsewhere.field) or ())
    return [case for case in db.cases.find() if case.number not in taken and _fits(case, rule.among, held)]


def _fits(case: Case, among: str | None, facts: CaseFacts) -> bool:
    if among is None:
        return True
    try:
        return CaseFacts.of(facts.world, case, facts.actor, facts.today).holds(among)
    except DefinitionFault:  # a case of another kind need not have what is asked for
        return False


def _asked_as(held: Attempt, field: str) -> str:
    """Return the name by which an action asks for a field."""
    return next(name for name in held.action.asks if (held.action.ask(name).field or name) == field)


def _given(held: Attempt, kind: str) -> dict[str, str]:
    """Return what is given for fields of a type that names something, by the names that the action asks by."""
    return {
        name: str(value).strip()
        for name, value in held.request.form.given.items()
        if value and name in held.action.asks
        if field_of(held.rules.workflow, name, held.action.ask(name)).type == kind
    }


def _with_units(db: Reading, held: Attempt) -> Attempt:
    """Return a request with the present names of the units that it names, by whatever name it does."""
    given = _given(held, "unit")
    if not given:
        return held
    known = register_of(db)
    named = {name: known.named(value).name for name, value in given.items()}
    form = msgspec.structs.replace(held.request.form, given={**held.request.form.given, **named})
    return attempt(held.world, msgspec.structs.replace(held.request, form=form), held.moment)


def _known_accounts(db: Reading, held: Attempt) -> None:
    names: Iterable[str] = (name.lower() for name in _given(held, "account").values())
    for name in names:
        if db.accounts.get(name) is None:
            raise NotFound(Text("没有账户 {a}", "there is no account {a}").fill(a=name), code="no_account")
