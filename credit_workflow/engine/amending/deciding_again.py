"""Decide the log of linked cases again from one of its entries on, and say what comes out otherwise.

Each entry is decided by the same `fire` that decided it first, in a world as it was then; nothing is erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.definition.model import FILED_LATE, FILED_ON
from credit_workflow.engine.effects.applying import notification_of
from credit_workflow.engine.effects.record_changes import undone, with_values
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.fire import fire
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.timers import catch_up, recount
from credit_workflow.engine.values import (
    SYSTEM,
    Actor,
    Amendment,
    Case,
    Change,
    Entry,
    Filed,
    NotificationSent,
    Record,
    RecordChange,
    Rectified,
    difference,
)
from credit_workflow.engine.world import SYSTEM_ACTOR, Birth, Form, Moment, Outcome, Recorded, Request, World, entry_on
from credit_workflow.errors import CreditWorkflowError, Refused
from credit_workflow.text import Text

#: The action of an entry that says how a case stands after a rectification, or after a late filing.
RECTIFIED = "rectified"
#: The same of a case that had been closed by date alone, and is open again.
REOPENED = "reopened"
#: An entry by its case and its sequence number there.
Key = tuple[str, int]


def decided_again(world: World, amendments: Mapping[Key, Amendment], asked: Amendment, moment: Moment) -> World:
    """Return the world after its history is decided again, each entry in its place by the day that it holds as of."""
    world = _in_order(world, amendments)
    start = min(place_of(world, key) for key in {*amendments, (asked.case, asked.entry)})
    _check_versions(r for r in world.history[start:] if r.entry.case in world.cases)
    again = _begun(world, start)
    first = min(world.history[start].entry.effective, moment.effective)
    again = recount(again, moment.as_of(first)).world  # so that nothing ends once more by a day that a notice has moved
    for recorded in world.history[start:]:
        if recorded.entry.case in world.cases:
            again = msgspec.structs.replace(again, births=_births(world, recorded.entry))
            again = _once_more(again, recorded, amendments, asked, moment.effective)
        else:
            again = _as_it_was(again, recorded.entry)
    return recount(again, moment).world


def made(world: World) -> dict[Key, Amendment]:
    """Return the amendments that were made before; of two to one entry the later one holds."""
    own = (r.entry.change.rectified for r in world.history if r.entry.case in world.cases)
    found = (rectified.amendment for rectified in own if rectified is not None)
    return {(a.case, a.entry): a for a in found if a is not None}


def place_of(world: World, key: Key) -> int:
    for place, recorded in enumerate(world.history):
        if (recorded.entry.case, recorded.seq) == key:
            return place
    message = Text("{c} 没有第 {n} 条日志；可用 case history 查看", "{c} has no entry {n}; see case history")
    raise refused(message.fill(c=key[0], n=key[1]))


def differences(
    world: World, again: World, amendment: Amendment | None, moment: Moment, told_by: str | None = None
) -> Outcome:
    """Return an entry for each case that comes out otherwise, and for that of the amendment in any case."""
    entries, cases, records = [], dict(world.cases), dict(world.records)
    by = told_by if amendment is None else amendment.case
    changes = dict(_record_changes(world, again, by or ""))
    for number, old in world.cases.items():
        new = _kept(old, again.cases[number])
        new = msgspec.structs.replace(new, version=old.version + 1, done=_done(old, new, again, changes))
        own = amendment is not None and number == amendment.case
        if not own and msgspec.structs.replace(new, version=old.version) == old:
            continue
        created = next((again.records[no] for no in again.records if no not in world.records), None) if own else None
        told = number in changes or created is not None
        change = Change(
            rectified=Rectified(amendment=amendment if own else None, case=new),
            record=changes.get(number),
            created=created,
            notifications=_told_again(world, again, new, moment) if told else (),
            told_by=None if number == by else by,
        )
        action = REOPENED if old.final and not new.final else RECTIFIED
        entry = entry_on(old, moment, action, change, actor=SYSTEM, role=SYSTEM, after=new.state)
        entries.append(entry)
        cases[number] = evolve(old, entry)
    records |= {no: record for no, record in again.records.items() if no not in records}
    for record in changes.values():
        records[record.record] = msgspec.structs.replace(again.records[record.record], revision=record.revision)
    return Outcome(entries=tuple(entries), world=msgspec.structs.replace(world, cases=cases, records=records))


def _told_again(world: World, again: World, case: Case, moment: Moment) -> tuple[NotificationSent, ...]:
    """Return the notifications of papers that state a change of the record: to whom one went, and would go now."""
    workflow = world.rules_of(case).workflow
    stating = {kind for kind, paper in workflow.papers.items() if paper.correction}
    own = (recorded.entry.change for recorded in world.history if recorded.entry.case == case.number)
    sent = [one for change in own for one in change.notifications if one.paper in stating]
    facts = CaseFacts.of(again, case, SYSTEM_ACTOR, moment.effective)
    effects = [e for name in case.done if name in workflow.actions for e in workflow.actions[name].effects]
    told = ((e.notice, e.when) for e in effects if e.notice is not None and e.notice.paper in stating)
    due = [notification_of(notice, facts) for notice, when in told if when is None or facts.holds(when)]
    return tuple(dict.fromkeys([*sent, *due]))


def _kept(old: Case, new: Case) -> Case:
    """Return a case as it comes out; a record that it had made stays its own, taken out again, and can be put back."""
    return new if new.record or not old.record else msgspec.structs.replace(new, record=old.record)


def opened_by(world: World, entry: Entry) -> list[Entry]:
    """Return the entries by which an entry's action opened other cases below its own."""
    others = (recorded.entry for recorded in world.history)
    return [
        other
        for other in others
        if other.change.opening is not None and other.change.told_by == entry.case and other.at == entry.at
    ]


def _births(world: World, entry: Entry) -> dict[str, Birth]:
    """Return what an entry's action opened, so that it opens the same cases again."""
    found: dict[str, Birth] = {}
    for other in opened_by(world, entry):
        opening = other.change.opening
        if opening is not None:
            before = found.get(opening.workflow)
            numbers = (*(before.numbers if before else ()), other.case)
            found[opening.workflow] = Birth(definition=opening.definition, numbers=numbers)
    return found


def refused(message: Text) -> Refused:
    return Refused(message, code="rectification", source="[practice]")


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
            raise refused(message.fill(c=recorded.entry.case, v=migrated.definition_version))


def _in_order(world: World, amendments: Mapping[Key, Amendment]) -> World:
    """Return the world with what holds as of an earlier day than that of its recording before what came after that.

    These are filings that were typed in late, and entries whose day is put right to an earlier one.
    """
    history = list(world.history)
    for recorded in world.history:
        entry = recorded.entry
        amended = amendments.get((entry.case, recorded.seq))
        on = entry.effective if amended is None or amended.on is None else amended.on
        if entry.case not in world.cases or (entry.change.filed is None and on >= entry.effective):
            continue
        place = history.index(recorded)
        own = [n for n, other in enumerate(history[:place]) if other.entry.case == entry.case]
        later = (
            n for n in range(own[-1] + 1 if own else 0, place)
            if history[n].entry.case in world.cases and history[n].entry.effective > on
        )  # fmt: skip
        history.insert(next(later, place), history.pop(place))
    return msgspec.structs.replace(world, history=tuple(history))


def _begun(world: World, start: int) -> World:
    """Return the world as it was before the entry at ``start``, records and other cases included."""
    cases: dict[str, Case] = {}
    for recorded in world.history[:start]:
        cases[recorded.entry.case] = evolve(cases.get(recorded.entry.case), recorded.entry)
    others = tuple(cases.pop(number) for number in list(cases) if number not in world.cases)
    records = dict(world.records)
    for recorded in reversed(world.history[start:]):
        change, made_then = recorded.entry.change.record, recorded.entry.change.created
        if change is not None and change.record in records:
            records[change.record] = _undone(records[change.record], change)
        if made_then is not None and made_then.no in records:
            records[made_then.no] = msgspec.structs.replace(records[made_then.no], removed=True, revision=0)
    return msgspec.structs.replace(world, cases=cases, records=records, earlier=others, history=())


def _as_it_was(world: World, entry: Entry) -> World:
    """Return the world after an entry of another case, which nothing here changes."""
    others = {case.number: case for case in world.earlier}
    others[entry.case] = evolve(others.get(entry.case), entry)
    records, change, created = dict(world.records), entry.change.record, entry.change.created
    if created is not None and created.no in records:
        records[created.no] = created
    if change is not None and change.record in records:
        before = records[change.record]
        records[change.record] = msgspec.structs.replace(with_values(before, change.new), revision=before.revision + 1)
    return msgspec.structs.replace(world, earlier=tuple(others.values()), records=records)


def _undone(record: Record, change: RecordChange) -> Record:
    """Return a record as it was before one change; what others have changed since stays."""
    return msgspec.structs.replace(undone(record, change), revision=record.revision - 1)


def _once_more(
    world: World, recorded: Recorded, amendments: Mapping[Key, Amendment], asked: Amendment, today: date
) -> World:
    """Decide one entry again; what the system did follows from what people did, and from time.

    A day later than today was a clock's that ran ahead: what it had brought about has not come to pass yet, and what
    people did on it they did by today.
    """
    entry = recorded.entry
    amended = amendments.get((entry.case, recorded.seq))
    if (amended is not None and amended.void) or entry.change.refused is not None:
        return world
    if entry.change.deadline is not None:
        return catch_up(world, Moment(at=entry.at, effective=min(entry.effective, today))).world
    if entry.actor == SYSTEM:
        return world
    if entry.change.opening is None and entry.action not in world.rules_of(world.cases[entry.case]).actions:
        return msgspec.structs.replace(  # such as an assignment: no rule of the definition
            world, cases={**world.cases, entry.case: evolve(world.cases[entry.case], entry)}
        )
    moment = Moment(at=entry.at, effective=min(amended.on if amended and amended.on else entry.effective, today))
    try:
        settled = catch_up(world, moment, only_moves=True).world
        request = _request(settled, entry, amended, _together(world, entry))
        return fire(settled, request, _typed(entry, amended, moment)).world
    except CreditWorkflowError as fault:
        raise _stands_in_the_way(recorded, asked, fault) from None


def _typed(entry: Entry, amended: Amendment | None, moment: Moment) -> Moment:
    """Return the moment at which somebody typed what is decided again: of a late filing, that of its typing."""
    filed = entry.change.filed
    return moment if filed is None or (amended and amended.on) else moment.as_of(filed.entered)


def _together(world: World, entry: Entry) -> tuple[str, ...]:
    """Return the cases that were opened with one by the same application."""
    opening = entry.change.opening
    kept = None if opening is None else world.rules[opening.definition].actions[entry.action].together
    return () if kept is None else tuple(entry.change.fields.get(kept) or ())


def _request(world: World, entry: Entry, amended: Amendment | None, together: tuple[str, ...]) -> Request:
    change, filed = entry.change, entry.change.filed
    case = world.cases.get(entry.case)
    unit = change.unit if case is None else change.unit or case.unit
    given = {**change.input, **(amended.values if amended else {})}
    if change.opening is not None and amended and amended.on:  # as if it had been typed in on that day
        given = {name: value for name, value in given.items() if name not in (FILED_ON, FILED_LATE)}
        entered = entry.effective if filed is None else filed.entered
        filed = None if entered == amended.on else Filed(entered=entered)
    return Request(
        action=entry.action,
        case=entry.case,
        actor=Actor(account=entry.actor, roles=frozenset({entry.role}), unit=unit),
        form=Form(
            given={name: value for name, value in given.items() if value is not None},
            materials={kind: material.digest for kind, material in change.materials.items()},
            note=change.note,
        ),
        opening=change.opening,
        filed=filed,
        together=together,
    )


def _stands_in_the_way(recorded: Recorded, asked: Amendment, fault: CreditWorkflowError) -> CreditWorkflowError:
    entry = recorded.entry
    if (entry.case, recorded.seq) == (asked.case, asked.entry):
        return fault
    message = Text(
        "更正后，{c} 第 {n} 条（{a}）便不能成立：{why}。请先更正那一条",
        "entry {n} of {c} ({a}) could not have happened then: {why}; put that one right first",
    )
    return refused(message.fill(c=entry.case, n=recorded.seq, a=entry.action, why=fault.message))


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
