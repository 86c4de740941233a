"""What a decision needs besides the case and its links, found in the store and handed into its world."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import msgspec

from credit_workflow.casework.clock import local
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.attempt import unborn
from credit_workflow.engine.effects.record_lookups import looked_up, names_all, wanted
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case
from credit_workflow.engine.world import Holding, Moment, Request, World
from credit_workflow.errors import DefinitionFault, NotFound, Refused
from credit_workflow.text import Text


def furnished(db: Reading, world: World, request: Request, moment: Moment) -> tuple[World, Request]:
    """Return the world with all that a request's decision needs, and the request with ``all`` spelled out.

    Args:
        db: where it is found.
        world: the case with its links.
        request: what is asked.
        moment: when.

    Raises:
        UsageFault: a value is missing, ill-typed or unknown.
        NotFound: there is no such action, or a case or an account that is named does not exist.
        Refused: ``all`` cases are named, and there is none.
    """
    rules = _rules_of(world, request)
    _known_accounts(db, rules, request)
    if request.birth is not None and request.birth.record and _of_its_record(rules, request.action):
        world = msgspec.structs.replace(world, records=db.known_records([request.birth.record]))
    needs = wanted(world, request, moment)
    if needs.earlier:
        case = world.cases[request.case] if request.birth is None else unborn(request, moment)
        world = msgspec.structs.replace(world, earlier=db.earlier(case))
    listed: dict[str, Case] = {}
    given = dict(request.given)
    for field, numbers in needs.cases.items():
        if names_all(numbers):
            cases = _all_cases(db, world, request, moment, field)
            asked = _asked_as(rules, request.action, field)
            given[asked] = [case.number for case in cases]
        else:
            cases = [_named(db, number) for number in numbers]
        listed |= {case.number: case for case in cases}
    holdings = {key: _holdings(db, key) for key in needs.persons}
    rehearsals = rehearsals_of(db, world.calendar.zone) if rules.reads(request.action, "rehearsals") else ()
    world = msgspec.structs.replace(
        world, holdings=holdings, listed=listed, rehearsals=rehearsals, rules={**db.rules, **world.rules}
    )
    return world, msgspec.structs.replace(request, given=given)


def refused_look_up(world: World, request: Request, moment: Moment) -> dict[str, Any]:
    """Return what the log says of a look-up that was refused before it became a case; empty for anything else."""
    asked = looked_up(world, request, moment)
    return {} if asked is None else {"subject": asked.about, "purpose": asked.purpose, "scope": asked.scope}


def _of_its_record(rules: Rules, action: str) -> bool:
    """Whether an action looks at its case's record, or changes it."""
    effects = rules.actions[action].effects if action in rules.actions else ()
    return any(effect.record is not None for effect in effects) or rules.reads(action, "record")


def _rules_of(world: World, request: Request) -> Rules:
    return request.birth.rules if request.birth is not None else world.rules_of(world.cases[request.case])


def _holdings(db: Reading, key: str) -> tuple[Holding, ...]:
    records = db.records("WHERE subject_key = ?", (db.keyed(key),))
    return tuple(Holding(record=record, marks=tuple(db.marks_on(record.no))) for record in records)


def rehearsals_of(db: Reading, zone: str) -> tuple[date, ...]:
    """Return the days on which a rehearsal of recovery succeeded."""
    return tuple(
        local(datetime.fromisoformat(row[2]), zone).date()
        for row in db.journal_rows("drill")
        if msgspec.json.decode(row[6])["ok"]
    )


def _named(db: Reading, number: str) -> Case:
    try:
        return db.case(number)
    except NotFound:
        message = Text("所列案件 {n} 不存在", "there is no case {n}, which is listed").fill(n=number)
        raise NotFound(message, code="no_case", details={"case": number}) from None


def _all_cases(db: Reading, world: World, request: Request, moment: Moment, field: str) -> list[Case]:
    """Return every case that a field of cases may name, oldest first; those named before are left out."""
    rules = _rules_of(world, request)
    rule = rules.workflow.fields[field]
    own = unborn(request, moment) if request.birth is not None else world.cases[request.case]
    taken = {
        number
        for earlier in world.earlier
        if rule.once_except is not None and earlier.state not in rule.once_except
        for number in earlier.fields.get(field) or ()
    }
    world = msgspec.structs.replace(world, rules=db.rules)
    facts = CaseFacts(world=world, rules=rules, case=own, actor=request.actor, today=moment.effective)
    found = [case for case in db.cases() if case.number not in taken and _fits(case, rule.among, facts)]
    if not found:
        message = Text("没有可列入的案件（{f}）", "there is no case to be listed ({f})")
        raise Refused(message.fill(f=rule.title.text), code="none_to_list", source=rule.source)
    return found


def _fits(case: Case, among: str | None, facts: CaseFacts) -> bool:
    if among is None:
        return True
    try:
        return CaseFacts.of(facts.world, case, facts.actor, facts.today).holds(among)
    except DefinitionFault:  # a case of another kind need not have what is asked for
        return False


def _asked_as(rules: Rules, action: str, field: str) -> str:
    """Return the name by which an action asks for a field."""
    asks = rules.actions[action]
    return next(name for name in asks.asks if (asks.ask(name).field or name) == field)


def _known_accounts(db: Reading, rules: Rules, request: Request) -> None:
    action = rules.actions.get(request.action)
    if action is None:
        return
    names: Iterable[str] = (
        str(value).strip().lower()
        for name, value in request.given.items()
        if name in action.asks and rules.workflow.fields[action.ask(name).field or name].type == "account"
    )
    for name in names:
        if db.account(name) is None:
            raise NotFound(Text("没有账户 {a}", "there is no account {a}").fill(a=name), code="no_account")
