"""What people do to cases: submit, act, check, assign; each within a transaction that is open already.

Nothing is logged of a refusal here: what was refused is undone with its transaction, and
`log_refusal` and `log_unborn` put the refusal into the log by one of their own (the door, or `acting`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.acting import Acting, Form, NewCase
from credit_workflow.casework.cases.births import count_births, with_births
from credit_workflow.casework.cases.furnishing import caught_up, furnished
from credit_workflow.casework.cases.opening import check_together, family_of, may_open, opening_for
from credit_workflow.casework.explanation.counted_worlds import with_counting
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.look_entries import LookRefused
from credit_workflow.casework.journal.people_entries import SubmissionRefused
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.casework.rulebook.publications import not_yet
from credit_workflow.casework.units.register import present_names
from credit_workflow.definition.library import Definition
from credit_workflow.definition.words.titles import role_title
from credit_workflow.engine.amending.late_filing import filed_late
from credit_workflow.engine.amending.rectification import decide, rule_of
from credit_workflow.engine.attempt import Attempt, attempt, obstacles
from credit_workflow.engine.effects.record_lookups import LookedUp, looked_up
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.grounds import awaited_as
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Change, Entry, Ground, Refusal, RefusalGround
from credit_workflow.engine.world import Moment, Outcome, Recorded, Request, World, entry_on
from credit_workflow.errors import Conflict, CreditWorkflowError, NotFound, Refused, UsageFault
from credit_workflow.text import Text, joined


def submit(db: Writing, acting: Acting, new: NewCase, form: Form) -> str:
    """Open a case and return its number.

    Raises:
        NotFound: there is no such workflow, record or parent.
        UsageFault, NotAllowed, Refused: as `fire` says.
    """
    return submit_all(db, acting, [new], form)[0]


def submit_all(db: Writing, acting: Acting, news: Sequence[NewCase], form: Form) -> list[str]:
    """Open one or several cases of one workflow by one application, and return their numbers.

    Raises:
        NotFound: there is no such workflow, record or parent.
        UsageFault: the workflow takes one record an application, or a record is named twice.
        UsageFault, NotAllowed, Refused: as `fire` says; nothing is opened then.
    """
    definition, moment = definition_of(acting, news[0].workflow), acting.moment
    db.adopt(acting.definitions.values(), moment.at)
    rules = db.rules[definition.digest]
    may_open(acting.actor, rules)
    early = not_yet(db, definition, moment.effective)
    if early is not None:
        raise early
    if len(news) > 1:
        check_together(rules.workflow, [new.record for new in news])
    numbers = [db.cases.next_number(rules, moment.effective.year) for _ in news]
    for number, new in zip(numbers, news, strict=True):
        _open(db, acting, rules, new, form, number, tuple(other for other in numbers if other != number))
    return numbers


def _open(
    db: Writing, acting: Acting, rules: Rules, new: NewCase, form: Form, number: str, together: tuple[str, ...]
) -> None:
    moment = acting.moment
    before, world = _world_for_new(acting, db, new)
    opening = opening_for(db, acting.actor, rules, new, form.given)
    outcomes, world = _settled(db, world, moment)
    request = Request(
        action=rules.opening_action, case=number, actor=acting.actor, form=form, opening=opening, together=together
    )
    held = _with_what_it_reopens(db, furnished(db, attempt(world, request, moment)), outcomes)
    db.cases.keep(before, [_joined([*outcomes, filed_late(held)])])


def act(
    db: Writing,
    acting: Acting,
    number: str,
    action: str,
    form: Form,
    *,
    workflow: str | None = None,
    version: int | None = None,
) -> None:
    """Take one action on a case.

    Args:
        db: the transaction.
        acting: who acts, and when.
        number: the case's number.
        action: the action's name.
        form: what the person filled in.
        workflow: the workflow that the case must be of; any unless given.
        version: the version that the person has seen; the case must still be in it.

    Raises:
        NotFound: there is no such case, or not in that workflow.
        Conflict: the case is not in that version.
        UsageFault, NotAllowed, Refused: as `fire` says.
    """
    before, world = _world_of(acting, db, number, workflow)
    _expect(before[number], version)
    if world.births:
        db.adopt(acting.definitions.values(), acting.moment.at)
    outcomes, world = _settled(db, world, acting.moment)
    request = Request(action=action, case=number, actor=acting.actor, form=form)
    held = furnished(db, attempt(world, request, acting.moment))
    outcome = decide(_with_history(db, held, outcomes))
    count_births(db, outcome)
    db.cases.keep(before, [_joined([*outcomes, outcome])])


def check(db: Reading, acting: Acting, action: str, form: Form, *, case: str | None, new: NewCase) -> list[Ground]:
    """Return everything that stands in the way of an action; nothing is changed or logged.

    Raises:
        NotFound: there is no such case, record, parent or action.
    """
    definition = definition_of(acting, new.workflow)
    if case is None:
        rules = Rules(definition.workflow, definition.digest)
        early = not_yet(db, definition, acting.moment.effective)
        if early is not None:
            return [Ground(code=early.code, message=early.message, source=early.source)]
        world, request = _unborn(db, acting, rules, new, form)
    else:
        _, world = _world_of(acting, db, case, new.workflow)
        request = Request(action=action, case=case, actor=acting.actor, form=form)
    outcomes, world = _settled(db, world, acting.moment)
    held = attempt(world, request, acting.moment)
    try:
        held = furnished(db, held)
    except UsageFault:
        return obstacles(held)  # which names what is missing
    except Refused as refusal:
        return [Ground(code=refusal.code, message=refusal.message, source=refusal.source)]
    found = obstacles(held)
    return found if case is None or found else _in_the_way(_with_history(db, held, outcomes))


def assign(db: Writing, acting: Acting, number: str, account: str) -> None:
    """Give a case to somebody of the supervisor's unit, for as long as it waits for that person's role.

    Raises:
        NotFound: there is no such case or account.
        NotAllowed: the actor is no supervisor.
        Refused: the account is another unit's or could not act, or the case has ended.
    """
    family, world = _world_of(acting, db, number, None)
    case = family[number]
    role = require(acting.definitions, acting.actor, "assign_cases")
    _may_assign(acting, db, world, case, account)
    change = Change(input={"account": account}, assignee=account)
    entry = _entry(acting, case, role, "assign", change)
    from credit_workflow.engine.replay import evolve  # noqa: PLC0415

    world = msgspec.structs.replace(world, cases={**family, number: evolve(case, entry)})
    db.cases.keep(family, [Outcome(entries=(entry,), world=world)])


def definition_of(acting: Acting, workflow: str) -> Definition:
    """Return the definition in force of a workflow.

    Raises:
        NotFound: there is none.
    """
    try:
        return acting.definitions[workflow]
    except KeyError:
        message = Text("没有流程 {w}", "there is no workflow {w}")
        raise NotFound(message.fill(w=workflow), code="no_workflow") from None


def _world_of(acting: Acting, db: Reading, number: str, workflow: str | None) -> tuple[dict[str, Case], World]:
    family = family_of(db, number, workflow)
    case = family[number]
    records = db.records.known([case.record])
    world = World(rules=db.rules, calendar=acting.calendar, cases=family, records=records, units=present_names(db))
    world = with_births(db, acting, world)
    standing = frozenset(n for n, c in family.items() if any(d.stopped for d in c.deadlines.values()))
    return family, with_counting(db, world, standing)


def _world_for_new(acting: Acting, db: Reading, new: NewCase) -> tuple[dict[str, Case], World]:
    family = {} if new.parent is None else family_of(db, new.parent)
    return family, World(rules=db.rules, calendar=acting.calendar, cases=family, units=present_names(db))


def _unborn(db: Reading, acting: Acting, rules: Rules, new: NewCase, form: Form) -> tuple[World, Request]:
    """Return the request to open a case that has no number yet, and the world of it."""
    _, world = _world_for_new(acting, db, new)
    world = msgspec.structs.replace(world, rules={**world.rules, rules.digest: rules})
    opening = opening_for(db, acting.actor, rules, new, form.given)
    return world, Request(action=rules.opening_action, case="—", actor=acting.actor, form=form, opening=opening)


def _settled(db: Reading, world: World, moment: Moment) -> tuple[list[Outcome], World]:
    """Fire what time has already changed, so that nobody acts on what is no longer so."""
    outcome = caught_up(db, moment, world, only_moves=True)
    return ([outcome] if outcome.entries else []), outcome.world


def _with_history(db: Reading, held: Attempt, outcomes: Iterable[Outcome]) -> Attempt:
    """Return the request in a world with the whole log of its cases where the action needs it."""
    if rule_of(held.rules, held.request.action) is None:
        return held
    return _remembering(db, held, held.request.case, outcomes)


def _with_what_it_reopens(db: Reading, held: Attempt, outcomes: Iterable[Outcome]) -> Attempt:
    """Return a filing that is typed in late in a world with the whole log of the cases that it is linked to."""
    if held.filed is None or held.case.parent is None:
        return held
    records = {**db.records.known([held.case.record]), **held.world.records}
    return _remembering(
        db, held.within(msgspec.structs.replace(held.world, records=records)), held.case.parent, outcomes
    )


def _remembering(db: Reading, held: Attempt, case: str, outcomes: Iterable[Outcome]) -> Attempt:
    """Return a request in a world with the whole log of a case and those linked to it, what is decided now included."""
    fresh = [Recorded(seq=0, entry=entry) for outcome in outcomes for entry in outcome.entries]
    return held.within(msgspec.structs.replace(held.world, history=(*db.cases.history(case), *fresh)))


def _in_the_way(held: Attempt) -> list[Ground]:
    """Return why a rectification that is otherwise allowed can't be carried out."""
    if not held.world.history:
        return []
    try:
        decide(held)
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


def _may_assign(acting: Acting, db: Reading, world: World, case: Case, account: str) -> None:
    other = db.accounts.get(account)
    if other is None:
        raise NotFound(Text("没有账户 {a}", "there is no account {a}").fill(a=account), code="no_account")
    if case.final:
        raise Refused(
            Text("{n} 已办结，不能分派", "{n} has ended and can't be assigned").fill(n=case.number), code="state"
        )
    own = acting.actor.unit
    if world.unit_named(other.unit) != world.unit_named(own):
        message = Text("只能在本单位（{u}）内分派", "cases are assigned within one's own unit ({u}) only")
        raise Refused(message.fill(u=own or "—"), code="unit", source="[practice]")
    facts = CaseFacts.of(world, case, other, acting.moment.effective)
    if not awaited_as(facts):
        workflow = facts.rules.workflow
        message = Text(
            "{n} 现由{r}办理，{a} 不能办理；请分派给能够办理的人员",
            "{n} waits for {r} now, and {a} can't act on it; give it to somebody who can",
        )
        roles = joined((role_title(workflow, role) for role in case.waits_for), "、", " or ")
        raise Refused(message.fill(n=case.number, r=roles, a=account), code="cannot_act", source="[practice]")


def log_refusal(db: Writing, acting: Acting, number: str, action: str, refusal: CreditWorkflowError) -> None:
    """Put into a case's log that an action on it was refused."""
    role = ",".join(sorted(acting.actor.roles))
    db.cases.refuse(_entry(acting, db.cases.get(number), role, action, Change(refused=_as_refusal(refusal))))


def log_unborn(db: Writing, acting: Acting, new: NewCase, form: Form, refusal: CreditWorkflowError) -> None:
    """Put into the log that a case was not opened."""
    said = SubmissionRefused(
        workflow=new.workflow,
        record=new.record,
        parent=new.parent,
        code=refusal.code,
        message=refusal.message.zh,
        source=refusal.source,
        message_en=refusal.message.en,
    )
    db.journal.add(by_actor(acting, said))
    if definition_of(acting, new.workflow).workflow.look_up is not None:  # whose log has those refused, too
        asked = _said_of_look_up(acting, db, new, form)
        more = {} if asked is None else {"subject": asked.about, "purpose": asked.purpose, "scope": asked.scope}
        db.journal.add(by_actor(acting, LookRefused(**msgspec.structs.asdict(said), **more)))


def _entry(acting: Acting, case: Case, role: str, action: str, change: Change) -> Entry:
    return entry_on(case, acting.moment, action, change, actor=acting.actor.account, role=role)


def _said_of_look_up(acting: Acting, db: Reading, new: NewCase, form: Form) -> LookedUp | None:
    """Return what a look-up that was refused said of itself, as far as it can be read."""
    definition = definition_of(acting, new.workflow)
    try:
        world, request = _unborn(db, acting, Rules(definition.workflow, definition.digest), new, form)
        return looked_up(attempt(world, request, acting.moment))
    except (UsageFault, NotFound):
        return None


def _as_refusal(refusal: CreditWorkflowError) -> Refusal:
    text = refusal.message
    grounds: list[Ground] = refusal.details.get("grounds", [])
    told = tuple(RefusalGround(message_zh=g.message.zh, message_en=g.message.en, source=g.source) for g in grounds)
    return Refusal(code=refusal.code, message_zh=text.zh, message_en=text.en, source=refusal.source, grounds=told)
