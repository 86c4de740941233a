"""Carry a running case over to another version of its definition, with its state and its deadlines.

Pure, as `fire` is. A plan says what would change and what stands in the way; `migration` makes it the
entry of a log. The entry is complete: it names all deadlines that the case has from then on, so
replaying needs no rule, and the step back finds everything as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from credit_workflow.definition.clock_rules import DeadlineRule, TakesOver
from credit_workflow.definition.words.titles import action_title, deadline_title, state_title
from credit_workflow.engine.amending.carrying import carried, day_after, first_length, lasting_stops
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.clocks.deadline_versions import counted_by
from credit_workflow.engine.effects.mark_terms import marks_following
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import (
    Actor,
    Case,
    Change,
    Deadline,
    Entry,
    Ground,
    Mark,
    Migrated,
    Retired,
)
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Recorded, World, entry_on
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.text import Text

#: The action of an entry by which a case goes over to another version.
MIGRATE = "migrate"

Fate = Literal["kept", "moved", "started", "restored", "cancelled"]


class Plan(Struct, frozen=True, kw_only=True, gc=False):
    """What going over to another version would make of a case.

    ``fates`` says of each deadline what becomes of it; ``in_the_way`` why the case can't go over:
    with a ground there, the rest is as the case stands.
    """

    case: Case
    target: Rules
    state: str
    deadlines: Mapping[str, Deadline]
    retired: Mapping[str, Retired] = {}
    marks: Mapping[str, Mark] = {}
    waits_for: tuple[str, ...] = ()
    fates: Mapping[str, Fate] = {}
    undoes: int | None = None
    in_the_way: tuple[Ground, ...] = ()


class _Past(NamedTuple):
    """The newest migration that still holds: its entry's number, the case before it, and what came after."""

    seq: int
    before: Case
    since: str | None


def plan(world: World, number: str, target: Rules, history: Sequence[Recorded], today: date) -> Plan:
    """Return what going over to another version makes of a case.

    Where the case came from just that version and nothing has happened since, it is taken back
    exactly; else its state and deadlines follow from what the newer version says of taking over.

    Args:
        world: the case with those it is linked to, what was due already recorded.
        number: the case's number.
        target: the version.
        history: the case's own entries, all of them; may be empty for a case that was never migrated.
        today: the day as of which it goes over.
    """
    case = world.cases[number]
    past = _newest(history)
    if past is not None and past.since is None and past.before.definition == target.digest:
        return _back(case, target, past)
    return _Over(world, case, target, history, today).plan()


def undone(world: World, number: str, history: Sequence[Recorded]) -> Plan | None:
    """Return what taking back a case's newest migration makes of it, or None where there is none.

    Where something else has happened since, that stands in the way. The arguments are those of `plan`.
    """
    case = world.cases[number]
    past = _newest(history)
    if past is None:
        return None
    target = world.rules[past.before.definition]
    if past.since is None:
        return _back(case, target, past)
    message = Text(
        "此后已有其他记录（{s}），不能原样恢复；可用 --to 指定版本改回",
        "something has happened since ({s}), so it can't be taken back exactly; go back with --to VERSION",
    )
    said = action_title(world.rules_of(case).workflow, past.since)
    ground = Ground(code="happened_since", message=message.fill(s=said))
    return Plan(case=case, target=target, state=case.state, deadlines=case.deadlines, in_the_way=(ground,))


def migration(made: Plan, actor: Actor, role: str, moment: Moment, note: str | None = None) -> Entry:
    """Return the entry by which a case goes over.

    Args:
        made: the plan; nothing may stand in its way.
        actor: who has it done.
        role: as whom.
        moment: when.
        note: a remark for the log.

    Raises:
        ValueError: something stands in the way.
    """
    if made.in_the_way:
        raise ValueError(f"{made.case.number} can't go over to another version")
    case, target = made.case, made.target
    change = Change(
        migrated=Migrated(
            definition=target.digest,
            definition_version=target.workflow.version,
            previous=case.definition,
            previous_version=case.definition_version,
            deadlines=dict(made.deadlines),
            retired=dict(made.retired),
            undoes=made.undoes,
        ),
        marks=dict(made.marks),
        waits_for=made.waits_for,
        note=note,
    )
    return entry_on(case, moment, MIGRATE, change, actor=actor.account, role=role, after=made.state)


def versions_had(history: Sequence[Recorded]) -> frozenset[str]:
    """Return the digests of all versions that a case has had, by its entries."""
    changes = [recorded.entry.change for recorded in history]
    opened = {change.opening.definition for change in changes if change.opening is not None}
    return frozenset(opened | {change.migrated.definition for change in changes if change.migrated is not None})


def _newest(history: Sequence[Recorded]) -> _Past | None:
    """Find the newest migration that was not taken back."""
    case: Case | None = None
    held: list[_Past] = []
    for recorded in history:
        entry = recorded.entry
        migrated = entry.change.migrated
        if migrated is not None and case is not None:
            if migrated.undoes is None:
                held.append(_Past(recorded.seq, case, None))
            elif held:
                held.pop()
        elif entry.change.refused is None:
            held = [past._replace(since=entry.action) for past in held]
        case = evolve(case, entry)
    return held[-1] if held else None


def _back(case: Case, target: Rules, past: _Past) -> Plan:
    before = past.before
    fates: dict[str, Fate] = {}
    for name in {**before.deadlines, **case.deadlines}:
        old, new = case.deadlines.get(name), before.deadlines.get(name)
        if new is None:
            fates[name] = "cancelled"
        elif old is None:
            fates[name] = "restored"
        else:
            fates[name] = "kept" if old.due == new.due else "moved"
    gone = {name: _retired(d, target) for name, d in case.deadlines.items() if name not in before.deadlines}
    return Plan(
        case=case,
        target=target,
        state=before.state,
        deadlines=before.deadlines,
        retired=gone,
        marks={kind: mark for kind, mark in before.marks.items() if case.marks.get(kind) != mark},
        waits_for=before.waits_for,
        fates=fates,
        undoes=past.seq,
    )


def _retired(deadline: Deadline, target: Rules) -> Retired:
    version = target.workflow.version
    return Retired(
        deadline=deadline,
        message_zh=f"第 {version} 版没有此期限",
        message_en=f"version {version} does not have this deadline",
    )


class _Over:
    """One case going over to another version, by what the newer of the two says."""

    def __init__(self, world: World, case: Case, target: Rules, history: Sequence[Recorded], today: date) -> None:
        self.world = world
        self.case = case
        self.old = world.rules_of(case)
        self.target = target
        self.history = history
        self.by = counted_by(history)
        self.today = today
        self.forward = target.workflow.version > self.old.workflow.version
        said = (target if self.forward else self.old).workflow.takes_over
        self.terms = said or TakesOver(since="0001-01-01", deadlines="recount", source="[practice]")

    def plan(self) -> Plan:
        case = self.case
        state = counterpart(self.target, case.state, self.terms, forward=self.forward)
        if state is None:
            return self._stopped(_no_counterpart(self.old, self.target, case))
        if self.target.workflow.states[state].final:
            return self._stopped(_ends(self.target, state))
        lasting = lasting_stops(self.target, case)
        if lasting:
            return self._stopped(_stands(self.old, self.target, *lasting[0]))
        try:
            return self._planned(state)
        except CreditWorkflowError as fault:  # a day that the calendar does not cover
            return self._stopped(Ground(code=fault.code, message=fault.message, source=fault.source))

    def _stopped(self, ground: Ground) -> Plan:
        case = self.case
        return Plan(
            case=case, target=self.target, state=case.state, deadlines=case.deadlines, in_the_way=(ground,)
        )  # fmt: skip

    def _planned(self, state: str) -> Plan:
        deadlines: dict[str, Deadline] = {}
        retired: dict[str, Retired] = {}
        fates: dict[str, Fate] = {}
        for name, deadline in self.case.deadlines.items():
            if name not in self.target.workflow.deadlines:
                retired[name], fates[name] = _retired(deadline, self.target), "cancelled"
                continue
            deadlines[name] = self._counted(deadline)
            same = (deadlines[name].due, deadlines[name].original_due) == (deadline.due, deadline.original_due)
            fates[name] = "kept" if same else "moved"
        for name, rule in self.target.workflow.deadlines.items():
            if name in self.case.deadlines:
                continue
            former = self._former(name)
            fresh = self._started(name, rule, state, deadlines) if former is None else self._ended_since(rule, former)
            if fresh is not None:
                deadlines[name], fates[name] = fresh, "started" if former is None else "restored"
        return Plan(
            case=self.case,
            target=self.target,
            state=state,
            deadlines=deadlines,
            retired=retired,
            marks=marks_following(self.target, self.case, deadlines),
            waits_for=self.target.waits_for(
                state, self.case.fields.get, lambda _, when: self._facts(state, deadlines).holds(when)
            ),
            fates=fates,
        )

    def _counted(self, deadline: Deadline) -> Deadline:
        """A deadline by the new period. What was recorded of it stays: its timer does not fire again."""
        if deadline.status != "running" or self.terms.deadlines == "keep":
            return deadline
        counting = self.world.rules[self.by.get(deadline.id, self.case.definition)]
        facts = self._facts(self.case.state, self.case.deadlines)
        fresh = carried(counting, self.target, deadline, self.world.calendar, facts.holds)
        return fresh if fresh.due == deadline.due else self._not_before_today(fresh)

    def _not_before_today(self, deadline: Deadline) -> Deadline:
        """New rules do not act backwards: what has passed by them holds from today, not from earlier."""
        if deadline.flagged is not None or deadline.due >= self.today:
            return deadline
        return msgspec.structs.replace(deadline, resumed=self.today)

    def _former(self, name: str) -> Deadline | None:
        """A deadline that an earlier migration took away, as it then stood."""
        retired = [m.retired[name] for r in self.history if (m := r.entry.change.migrated) and name in m.retired]
        return retired[-1].deadline if retired else None

    def _started(self, name: str, rule: DeadlineRule, state: str, deadlines: Mapping[str, Deadline]) -> Deadline | None:
        """A deadline that only the new version has, where what starts it was done and nothing has ended it."""
        if name in self.old.workflow.deadlines:
            return None  # it could have started, and did not
        done = [self.case.done[action].on for action in rule.starters if action in self.case.done]
        day = max(done) if done else day_after(rule, deadlines)
        if day is None:
            return None
        ends = [self.case.done[action].on for action in rule.ends if action in self.case.done]
        if any(on >= day for on in ends):
            return None
        facts = self._facts(state, self.case.deadlines)
        if rule.starts_when is not None and not facts.holds(rule.starts_when):
            return None
        if rule.starts_on is not None:
            day = date.fromisoformat(str(facts.value(rule.starts_on)))
        length = first_length(rule, facts.holds)
        return self._not_before_today(dl.started(self.target, name, day, self.world.calendar, length))

    def _ended_since(self, rule: DeadlineRule, deadline: Deadline) -> Deadline:
        """A deadline that comes back: met, where what ends it was done while it was away."""
        ends = [self.case.done[action].on for action in rule.ends if action in self.case.done]
        since = [on for on in ends if on >= deadline.starts]
        if deadline.status != "running" or not since:
            return deadline
        settled = dl.settled(self.target, deadline, max(since), self.world.calendar)
        return dl.ended(rule, settled, max(since))

    def _facts(self, state: str, deadlines: Mapping[str, Deadline]) -> CaseFacts:
        case = msgspec.structs.replace(
            self.case, state=state, deadlines=dict(deadlines), definition=self.target.digest
        )  # fmt: skip
        rules = {**self.world.rules, self.target.digest: self.target}
        world = msgspec.structs.replace(self.world, rules=rules, cases={**self.world.cases, case.number: case})
        return CaseFacts(world=world, rules=self.target, case=case, actor=SYSTEM_ACTOR, today=self.today)


def counterpart(target: Rules, state: str, terms: TakesOver, *, forward: bool) -> str | None:
    """Return the state of the other version in which a case goes on, or None where there is none.

    Args:
        target: the version that the case goes over to.
        state: where it stands.
        terms: what the newer of the two says of taking over.
        forward: whether the target is the newer one. Backwards the states are read the other way
            round; of several that became one, the one that kept its name is meant.
    """
    if forward:
        there = terms.states.get(state, state)
        return there if there in target.workflow.states else None
    origins = [name for name in target.workflow.states if terms.states.get(name, name) == state]
    if state in origins:
        return state
    return origins[0] if len(origins) == 1 else None


def _no_counterpart(old: Rules, target: Rules, case: Case) -> Ground:
    title = state_title(old.workflow, case.state)
    message = Text(
        "状态 {s}（{t}）在第 {v} 版中没有对应；请在 takes_over.states 中写明",
        "the state {s} ({t}) has no counterpart in version {v}; say so in takes_over.states",
    )
    filled = message.fill(s=case.state, t=title, v=target.workflow.version)
    return Ground(code="no_counterpart", message=filled, facts={"state": case.state})


def _ends(target: Rules, state: str) -> Ground:
    title = state_title(target.workflow, state)
    message = Text(
        "状态 {s}（{t}）在第 {v} 版中是终态；更换版本不能办结案件",
        "the state {s} ({t}) is a final one in version {v}; going over to a version ends no case",
    )
    return Ground(code="would_end", message=message.fill(s=state, t=title, v=target.workflow.version))


def _stands(old: Rules, target: Rules, name: str, stop: str) -> Ground:
    title = deadline_title(old.workflow, name)
    message = Text(
        "期限 {d}（{t}）正因 {p} 中止计算，第 {v} 版没有这种中止，此后不会恢复计算；请先恢复计算",
        "the clock of {d} ({t}) stands by {p}, which version {v} does not have: nothing would start it again; "
        "have it run first",
    )
    filled = message.fill(d=name, t=title, p=stop, v=target.workflow.version)
    return Ground(code="clock_stands", message=filled, facts={"deadline": name, "stop": stop})
