"""What people do to cases: submit, act, check, assign; each in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.cases.furnishing import furnished, refused_look_up
from credit_workflow.casework.cases.opening import birth_of, family_of, may_open
from credit_workflow.casework.explanation.counted_worlds import with_counting
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.rulebook.publications import not_yet
from credit_workflow.casework.session import Form, NewCase, Session
from credit_workflow.definition.library import Definition
from credit_workflow.engine.amending.rectification import decide, rule_of
from credit_workflow.engine.attempt import obstacles
from credit_workflow.engine.fire import fire
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import catch_up
from credit_workflow.engine.values import Case, Change, Entry, Ground, Refusal, RefusalGround
from credit_workflow.engine.world import Birth, Moment, Outcome, Recorded, Request, World
from credit_workflow.errors import Conflict, CreditWorkflowError, NotAllowed, NotFound, Refused, UsageFault
from credit_workflow.text import Text

__all__ = ["Form", "NewCase", "Session", "act", "assign", "check", "definition_of", "submit"]


def submit(session: Session, new: NewCase, form: Form) -> str:
    """Open a case and return its number.

    Raises:
        NotFound: there is no such workflow, record or parent.
        UsageFault, NotAllowed, Refused: as `fire` says.
    """
    definition = definition_of(session, new.workflow)
    try:
        with session.store.writing() as db:
            db.adopt(session.definitions.values(), session.moment.at)
            rules = db.rules[definition.digest]
            may_open(session.actor, rules)
            early = not_yet(db, definition, session.moment.effective)
            if early is not None:
                raise early
            number = db.next_number(rules, session.moment.effective.year)
            before, world = _world_for_new(session, db, new)
            birth = birth_of(db, session.actor, rules, new, number)
            outcomes, world = _settled(world, session.moment)
            world, request = furnished(
                db, world, _request(session, rules.opening_action, number, form, birth), session.moment
            )
            db.keep(before, [_joined([*outcomes, fire(world, request, session.moment)])])
            return number
    except (Refused, NotAllowed) as refusal:
        _log_unborn(session, new, form, refusal)
        raise


def act(session: Session, number: str, action: str, form: Form, *, workflow: str, version: int | None = None) -> None:
    """Take one action on a case.

    Args:
        session: who acts, and when.
        number: the case's number.
        action: the action's name.
        form: what the person filled in.
        workflow: the workflow that the case must be of.
        version: the version that the person has seen; the case must still be in it.

    Raises:
        NotFound: there is no such case, or not in that workflow.
        Conflict: the case is not in that version.
        UsageFault, NotAllowed, Refused: as `fire` says; nothing has changed, and the refusal is
            in the case's log.
    """
    try:
        with session.store.writing() as db:
            before, world = _world_of(session, db, number, workflow)
            _expect(before[number], version)
            outcomes, world = _settled(world, session.moment)
            world, request = furnished(db, world, _request(session, action, number, form), session.moment)
            outcome = decide(_with_history(db, world, number, action, outcomes), request, session.moment)
            db.keep(before, [_joined([*outcomes, outcome])])
    except (Refused, NotAllowed) as refusal:
        _log_refusal(session, number, action, refusal)
        raise


def check(session: Session, action: str, form: Form, *, case: str | None, new: NewCase) -> list[Ground]:
    """Return everything that stands in the way of an action; nothing is changed or logged.

    Raises:
        NotFound: there is no such case, record, parent or action.
    """
    definition = definition_of(session, new.workflow)
    with session.store.reading() as db:
        if case is None:
            rules = Rules(definition.workflow, definition.digest)
            early = not_yet(db, definition, session.moment.effective)
            if early is not None:
                return [Ground(code=early.code, message=early.message, source=early.source)]
            _, world = _world_for_new(session, db, new)
            birth = birth_of(db, session.actor, rules, new, "—")
            world = msgspec.structs.replace(world, rules={**world.rules, definition.digest: rules})
            request = _request(session, rules.opening_action, "—", form, birth)
        else:
            _, world = _world_of(session, db, case, new.workflow)
            request = _request(session, action, case, form)
        outcomes, world = _settled(world, session.moment)
        try:
            world, request = furnished(db, world, request, session.moment)
        except UsageFault:
            return obstacles(world, request, session.moment)  # which names what is missing
        except Refused as refusal:
            return [Ground(code=refusal.code, message=refusal.message, source=refusal.source)]
        found = obstacles(world, request, session.moment)
        if case is None or found:
            return found
        return _in_the_way(_with_history(db, world, case, action, outcomes), request, session.moment)


def assign(session: Session, number: str, account: str) -> None:
    """Give a case to somebody of the supervisor's unit.

    Raises:
        NotFound: there is no such case or account.
        NotAllowed: the actor is no supervisor.
        Refused: the case or the account is another unit's, or the case has ended.
    """
    try:
        with session.store.writing() as db:
            family = family_of(db, number)
            case = family[number]
            role = require(session.definitions, session.actor, "assign_cases")
            _may_assign(session, db, case, account)
            entry = Entry(
                case=number,
                at=session.moment.at,
                effective=session.moment.effective,
                actor=session.actor.account,
                role=role,
                action="assign",
                before=case.state,
                after=case.state,
                change=Change(input={"account": account}, assignee=account),
            )
            from credit_workflow.engine.replay import evolve  # noqa: PLC0415

            world = World(rules=db.rules, calendar=session.calendar, cases={**family, number: evolve(case, entry)})
            db.keep(family, [Outcome(entries=(entry,), world=world)])
    except (Refused, NotAllowed) as refusal:
        _log_refusal(session, number, "assign", refusal)
        raise


def definition_of(session: Session, workflow: str) -> Definition:
    """Return the definition in force of a workflow.

    Raises:
        NotFound: there is none.
    """
    try:
        return session.definitions[workflow]
    except KeyError:
        message = Text("没有流程 {w}", "there is no workflow {w}")
        raise NotFound(message.fill(w=workflow), code="no_workflow") from None


def _world_of(session: Session, db: Reading, number: str, workflow: str) -> tuple[dict[str, Case], World]:
    family = family_of(db, number, workflow)
    case = family[number]
    records = db.known_records([case.record])
    world = World(rules=db.rules, calendar=session.calendar, cases=family, records=records)
    standing = frozenset(n for n, c in family.items() if any(d.stopped for d in c.deadlines.values()))
    return family, with_counting(db, world, standing)


def _world_for_new(session: Session, db: Reading, new: NewCase) -> tuple[dict[str, Case], World]:
    family = {} if new.parent is None else family_of(db, new.parent)
    return family, World(rules=db.rules, calendar=session.calendar, cases=family)


def _request(session: Session, action: str, number: str, form: Form, birth: Birth | None = None) -> Request:
    return Request(
        action=action,
        case=number,
        actor=session.actor,
        given=form.given,
        materials=form.materials,
        all_materials=form.all_materials,
        note=form.note,
        birth=birth,
    )


def _settled(world: World, moment: Moment) -> tuple[list[Outcome], World]:
    """Fire what time has already changed, so that nobody acts on what is no longer so."""
    outcome = catch_up(world, moment, only_moves=True)
    return ([outcome] if outcome.entries else []), outcome.world


def _with_history(db: Reading, world: World, number: str, action: str, outcomes: Iterable[Outcome]) -> World:
    """Return the world with the whole log of its cases where the action needs it."""
    if rule_of(world.rules_of(world.cases[number]), action) is None:
        return world
    fresh = [Recorded(seq=0, entry=entry) for outcome in outcomes for entry in outcome.entries]
    return msgspec.structs.replace(world, history=(*db.history(number), *fresh))


def _in_the_way(world: World, request: Request, moment: Moment) -> list[Ground]:
    """Return why a rectification that is otherwise allowed can't be carried out."""
    if not world.history:
        return []
    try:
        decide(world, request, moment)
    except Refused as refusal:
        return [Ground(code=refusal.code, message=refusal.message, source=refusal.source)]
    return []


def _joined(outcomes: Iterable[Outcome]) -> Outcome:
    *earlier, last = outcomes
    entries = [entry for outcome in earlier for entry in outcome.entries]
    return Outcome(entries=(*entries, *last.entries), world=last.world)


def _expect(case: Case, version: int | None) -> None:
    if version is not None and case.version != version:
        message = Text(
            "{n} 已被他人改动（现为第 {now} 版，您看到的是第 {seen} 版），没有写入任何内容。请重新查看",
            "{n} has changed meanwhile (version {now}, you saw {seen}) and nothing was written; look at it again",
        )
        raise Conflict(
            message.fill(n=case.number, now=case.version, seen=version),
            details={"version": case.version, "expected": version},
        )


def _may_assign(session: Session, db: Reading, case: Case, account: str) -> None:
    other = db.account(account)
    if other is None:
        raise NotFound(Text("没有账户 {a}", "there is no account {a}").fill(a=account), code="no_account")
    if case.final:
        raise Refused(
            Text("{n} 已办结，不能分派", "{n} has ended and can't be assigned").fill(n=case.number), code="state"
        )
    if session.actor.unit not in (case.unit, None) or other.unit != session.actor.unit:
        message = Text("只能在本单位（{u}）内分派", "cases are assigned within one's own unit ({u}) only")
        raise Refused(message.fill(u=session.actor.unit or "—"), code="unit", source="[practice]")


def _log_refusal(session: Session, number: str, action: str, refusal: CreditWorkflowError) -> None:
    with session.store.writing() as db:
        case = db.case(number)
        entry = Entry(
            case=number,
            at=session.moment.at,
            effective=session.moment.effective,
            actor=session.actor.account,
            role=",".join(sorted(session.actor.roles)),
            action=action,
            before=case.state,
            after=case.state,
            change=Change(refused=_as_refusal(refusal)),
        )
        db.refuse(entry)


def _log_unborn(session: Session, new: NewCase, form: Form, refusal: CreditWorkflowError) -> None:
    data: dict[str, Any] = {
        "workflow": new.workflow,
        "record": new.record,
        "parent": new.parent,
        "code": refusal.code,
        "message": refusal.message.zh,
        "source": refusal.source,
    }
    with session.store.writing() as db:
        role = ",".join(sorted(session.actor.roles))
        db.log("refusal", session.moment.at, session.actor, role, "submit", data)
        definition = definition_of(session, new.workflow)
        if definition.workflow.look_up is not None:  # the log of look-ups has those that were refused, too
            said = _said_of_look_up(session, db, new, form)
            db.log("look-up", session.moment.at, session.actor, role, "refused", {**data, **said})


def _said_of_look_up(session: Session, db: Reading, new: NewCase, form: Form) -> dict[str, Any]:
    """Return what a look-up that was refused said of itself, as far as it can be read."""
    definition = definition_of(session, new.workflow)
    rules = Rules(definition.workflow, definition.digest)
    try:
        _, world = _world_for_new(session, db, new)
        request = _request(session, rules.opening_action, "—", form, birth_of(db, session.actor, rules, new, "—"))
        return refused_look_up(world, request, session.moment)
    except (UsageFault, NotFound):
        return {}


def _as_refusal(refusal: CreditWorkflowError) -> Refusal:
    text = refusal.message
    grounds: list[Ground] = refusal.details.get("grounds", [])
    told = tuple(RefusalGround(message_zh=g.message.zh, message_en=g.message.en, source=g.source) for g in grounds)
    return Refusal(code=refusal.code, message_zh=text.zh, message_en=text.en, source=refusal.source, grounds=told)
