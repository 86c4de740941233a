"""Put slips in the log right: what follows is counted anew from the right fact, and nothing is erased.

A rectification says of one earlier entry that it never happened, or that its day or its values
were others. The log of the linked cases is then decided again from that entry on, by the same
`fire` that decided it first; where a case comes out otherwise, an entry says how it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.calendar.dates import read_date
from credit_workflow.definition.effect_kinds import Rectify
from credit_workflow.engine.attempt import Attempt
from credit_workflow.engine.effects.applying import with_values
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.fire import decided, fire
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import catch_up, recount
from credit_workflow.engine.values import (
    SYSTEM,
    Actor,
    Amendment,
    Case,
    Change,
    Entry,
    Record,
    RecordChange,
    Rectified,
    difference,
    record_values,
)
from credit_workflow.engine.world import SYSTEM_ACTOR, Form, Moment, Outcome, Recorded, Request, World, entry_on
from credit_workflow.errors import CreditWorkflowError, Refused
from credit_workflow.text import Text

#: The action of an entry that says how a case stands after a rectification.
RECTIFIED = "rectified"
_Key = tuple[str, int]


def decide(held: Attempt) -> Outcome:
    """Decide one request as `decided` does, with the rectification that it may carry out.

    Args:
        held: the request in its world, whose ``history`` is needed where the action rectifies.

    Raises:
        NotAllowed, Refused, UsageFault, NotFound: as `fire`.
        Refused: the entry can't be put right so; the message names what stands in the way.
    """
    outcome, world, moment = decided(held), held.world, held.moment
    case = outcome.world.cases[held.request.case]
    rule = rule_of(world.rules_of(case), held.request.action)
    if rule is None:
        return outcome
    history = (*world.history, *(Recorded(seq=0, entry=entry) for entry in outcome.entries))
    after = msgspec.structs.replace(outcome.world, history=history)
    amendment = _amendment(rule, after, case, moment)
    more = rectified(after, amendment, moment)
    if rule.only_check:
        return outcome
    return Outcome(entries=(*outcome.entries, *more.entries), world=more.world)


def rule_of(rules: Rules, action: str) -> Rectify | None:
    """Return what an action rectifies, or None where it does not."""
    effects = rules.actions[action].effects if action in rules.actions else ()
    return next((effect.rectify for effect in effects if effect.rectify is not None), None)


def rectified(world: World, amendment: Amendment, moment: Moment) -> Outcome:
    """Return the entries that say how the cases stand once an entry is put right.

    Args:
        world: the linked cases as they stand, with the whole history of them and of the other
            cases about their records and people, which each decision sees as they were then.
        amendment: what was wrong with which entry.
        moment: when this is recorded.

    Returns:
        An entry for the amended case, and for each linked one that comes out otherwise.

    Raises:
        Refused: the entry is none that a person made, its day is out of order, or what happened
            after it could not have happened so.
    """
    amendments = {**_made(world), (amendment.case, amendment.entry): amendment}
    start = min(_place(world, key) for key in amendments)
    _check(world, amendment)
    _check_versions(r for r in world.history[start:] if r.entry.case in world.cases)
    again = _begun(world, start)
    for recorded in world.history[start:]:
        if recorded.entry.case in world.cases:
            again = _once_more(again, recorded, amendments, amendment)
        else:
            again = _as_it_was(again, recorded.entry)
    again = recount(again, moment).world
    return _differences(world, again, amendment, moment)


def _amendment(rule: Rectify, world: World, case: Case, moment: Moment) -> Amendment:
    facts = CaseFacts.of(world, case, SYSTEM_ACTOR, moment.effective)

    def value(expression: str | None) -> Any:
        return None if expression is None else facts.value(expression)

    on, values = value(rule.on), value(rule.values)
    return Amendment(
        case=case.number,
        entry=int(value(rule.entry)),
        void=bool(value(rule.void)),
        on=None if on is None else read_date(on),
        values=dict(values or {}),
    )


def _made(world: World) -> dict[_Key, Amendment]:
    """Return the amendments that were made before; of two to one entry the later one holds."""
    own = (r.entry.change.rectified for r in world.history if r.entry.case in world.cases)
    found = (rectified.amendment for rectified in own if rectified is not None)
    return {(a.case, a.entry): a for a in found if a is not None}


def _place(world: World, key: _Key) -> int:
    for place, recorded in enumerate(world.history):
        if (recorded.entry.case, recorded.seq) == key:
            return place
    message = Text("{c} 没有第 {n} 条日志；可用 case history 查看", "{c} has no entry {n}; see case history")
    raise _refused(message.fill(c=key[0], n=key[1]))


def _check(world: World, amendment: Amendment) -> None:
    """Refuse what no person did, what opens the case, and a day that is out of order."""
    recorded = world.history[_place(world, (amendment.case, amendment.entry))]
    entry = recorded.entry
    if entry.actor == SYSTEM or entry.change.refused is not None or entry.action not in _actions(world, entry):
        message = Text(
            "第 {n} 条（{a}）不是人员办理的步骤，不能更正；请更正引起它的那一条",
            "entry {n} ({a}) is no step that a person took; put right the one that brought it about",
        )
        raise _refused(message.fill(n=recorded.seq, a=entry.action))
    if rule_of(world.rules_of(world.cases[entry.case]), entry.action) is not None:
        message = Text(
            "更正本身不能再被更正；请另行更正原来那一条",
            "a rectification is not rectified itself; amend the entry again",
        )
        raise _refused(message)
    if amendment.void and entry.change.opening is not None:
        message = Text("申请本身不能作废；请办理撤回", "what opened the case can't be void; withdraw the case instead")
        raise _refused(message)
    if amendment.on is not None:
        _check_day(world, recorded, amendment.on)


def _check_versions(history: Iterable[Recorded]) -> None:
    """What was decided under two versions of a definition is not decided anew under one of them."""
    for recorded in history:
        migrated = recorded.entry.change.migrated
        if migrated is not None:
            message = Text(
                "{c} 此后改用了第 {v} 版流程，不能更正那以前的日志；可先用 workflow migrate --undo 恢复",
                "{c} has gone over to version {v} since, and what was before can't be put right; "
                "take that back first (workflow migrate --undo)",
            )
            raise _refused(message.fill(c=recorded.entry.case, v=migrated.definition_version))


def _check_day(world: World, recorded: Recorded, on: date) -> None:
    """The right day must lie between those of the case's entries before and after it."""
    own = [
        r for r in world.history
        if r.entry.case == recorded.entry.case and r.seq and r.entry.change.refused is None and r.entry.actor != SYSTEM
    ]  # fmt: skip
    place = own.index(recorded)
    first = own[place - 1].entry.effective if place else date.min
    followed = (
        place + 1 < len(own)
        and rule_of(world.rules_of(world.cases[recorded.entry.case]), own[place + 1].entry.action) is None
    )
    last = own[place + 1].entry.effective if followed else recorded.entry.at.date()
    last = max(last, recorded.entry.effective)
    if not first <= on <= last:
        message = Text(
            "更正后的日期（{d}）须在前一步（{f}）与后一步（{l}）之间",
            "the right day ({d}) must lie between the step before ({f}) and the one after ({l})",
        )
        raise _refused(message.fill(d=on, f="—" if first == date.min else first, l=last))


def _actions(world: World, entry: Entry) -> Mapping[str, Any]:
    return world.rules_of(world.cases[entry.case]).actions


def _begun(world: World, start: int) -> World:
    """Return the world as it was before the entry at ``start``, records and other cases included."""
    cases: dict[str, Case] = {}
    for recorded in world.history[:start]:
        cases[recorded.entry.case] = evolve(cases.get(recorded.entry.case), recorded.entry)
    others = tuple(cases.pop(number) for number in list(cases) if number not in world.cases)
    records = dict(world.records)
    for recorded in reversed(world.history[start:]):
        change = recorded.entry.change.record
        if change is not None and change.record in records:
            records[change.record] = _undone(records[change.record], change)
    return msgspec.structs.replace(world, cases=cases, records=records, earlier=others, history=())


def _as_it_was(world: World, entry: Entry) -> World:
    """Return the world after an entry of another case, which nothing here changes."""
    others = {case.number: case for case in world.earlier}
    others[entry.case] = evolve(others.get(entry.case), entry)
    records, change = dict(world.records), entry.change.record
    if change is not None and change.record in records:
        before = records[change.record]
        records[change.record] = msgspec.structs.replace(with_values(before, change.new), revision=before.revision + 1)
    return msgspec.structs.replace(world, earlier=tuple(others.values()), records=records)


def _undone(record: Record, change: RecordChange) -> Record:
    """Return a record without one change; what others have changed since stays."""
    now = record_values(record)
    back = {name: change.old[name] for name, value in change.new.items() if now[name] == value}
    return msgspec.structs.replace(with_values(record, back), revision=record.revision - 1)


def _once_more(world: World, recorded: Recorded, amendments: Mapping[_Key, Amendment], asked: Amendment) -> World:
    """Decide one entry again; what the system did follows from what people did, and from time."""
    entry = recorded.entry
    amended = amendments.get((entry.case, recorded.seq))
    if (amended is not None and amended.void) or entry.change.refused is not None:
        return world
    if entry.change.deadline is not None:
        return catch_up(world, Moment(at=entry.at, effective=entry.effective)).world
    if entry.actor == SYSTEM:
        return world
    if entry.change.opening is None and entry.action not in world.rules_of(world.cases[entry.case]).actions:
        return msgspec.structs.replace(  # such as an assignment: no rule of the definition
            world, cases={**world.cases, entry.case: evolve(world.cases[entry.case], entry)}
        )
    moment = Moment(at=entry.at, effective=amended.on if amended and amended.on else entry.effective)
    try:
        settled = catch_up(world, moment, only_moves=True).world
        return fire(settled, _request(entry, amended), moment).world
    except CreditWorkflowError as fault:
        raise _stands_in_the_way(recorded, asked, fault) from None


def _request(entry: Entry, amended: Amendment | None) -> Request:
    change = entry.change
    given = {**change.input, **(amended.values if amended else {})}
    return Request(
        action=entry.action,
        case=entry.case,
        actor=Actor(account=entry.actor, roles=frozenset({entry.role})),
        form=Form(
            given={name: value for name, value in given.items() if value is not None},
            materials={kind: material.digest for kind, material in change.materials.items()},
            note=change.note,
        ),
        opening=change.opening,
    )


def _stands_in_the_way(recorded: Recorded, asked: Amendment, fault: CreditWorkflowError) -> CreditWorkflowError:
    entry = recorded.entry
    if (entry.case, recorded.seq) == (asked.case, asked.entry):
        return fault
    message = Text(
        "更正后，{c} 第 {n} 条（{a}）便不能成立：{why}。请先更正那一条",
        "entry {n} of {c} ({a}) could not have happened then: {why}; put that one right first",
    )
    return _refused(message.fill(c=entry.case, n=recorded.seq, a=entry.action, why=fault.message))


def _differences(world: World, again: World, amendment: Amendment, moment: Moment) -> Outcome:
    entries, cases, records = [], dict(world.cases), dict(world.records)
    changes = dict(_record_changes(world, again, amendment.case))
    for number, old in world.cases.items():
        new = msgspec.structs.replace(
            again.cases[number], version=old.version + 1, done=_done(old, again.cases[number], again, changes)
        )
        own = number == amendment.case
        if not own and msgspec.structs.replace(new, version=old.version) == old:
            continue
        change = Change(
            rectified=Rectified(amendment=amendment if own else None, case=new),
            record=changes.get(number),
            told_by=None if own else amendment.case,
        )
        entry = entry_on(old, moment, RECTIFIED, change, actor=SYSTEM, role=SYSTEM, after=new.state)
        entries.append(entry)
        cases[number] = evolve(old, entry)
    for record in changes.values():
        records[record.record] = msgspec.structs.replace(again.records[record.record], revision=record.revision)
    return Outcome(entries=tuple(entries), world=msgspec.structs.replace(world, cases=cases, records=records))


def _record_changes(world: World, again: World, case: str) -> Iterator[tuple[str, RecordChange]]:
    """What the rectification changes in the record; the amended case's entry says it."""
    for no, before in world.records.items():
        change = difference(before, msgspec.structs.replace(again.records[no], revision=before.revision + 1))
        if change.new:
            yield case, change


def _done(old: Case, new: Case, again: World, changes: Mapping[str, RecordChange]) -> dict[str, Any]:
    """Return who did what, each with the record's revision that it was about."""
    moved = {change.record: change.revision for change in changes.values()}
    reached = again.records[new.record].revision if new.record in again.records else None
    found = {}
    for action, done in new.done.items():
        kept = old.done.get(action)
        revision = done.record_revision
        if revision is not None and revision == reached and new.record in moved:
            revision = moved[new.record]  # it is about the record as it is now
        elif kept is not None and (kept.by, kept.on) == (done.by, done.on) and new.record not in moved:
            revision = kept.record_revision
        found[action] = msgspec.structs.replace(done, record_revision=revision)
    return found


def _refused(message: Text) -> Refused:
    return Refused(message, code="rectification", source="[practice]")
