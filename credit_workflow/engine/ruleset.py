"""Make a definition ready to run: its state machine and its look-up tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.calendar.period import Period, parse_period
from credit_workflow.definition.machine import Machine

if TYPE_CHECKING:
    from credit_workflow.definition.clock_rules import DeadlineRule
    from credit_workflow.definition.model import Action, Workflow


#: What compares a case's record with how it was: it needs the record's log.
SAME_REVISIONS = "record.same_revisions"
#: What asks which marks stand on it: they are looked for by its person.
MARKS = ("record.suspended", "record.marks")
#: The facts that are looked for where an expression speaks of them, and not otherwise.
BESIDES = ("record", "earlier", "found", "listed", "same_record", "rehearsals", "reports", "accounts")


class Rules:
    """A checked definition, ready to run.

    Args:
        workflow: the definition.
        digest: its digest, by which cases remember it.
    """

    def __init__(self, workflow: Workflow, digest: str) -> None:
        self.workflow = workflow
        self.machine = Machine(workflow)
        self.digest = digest
        self.id = workflow.workflow
        self.actions: Mapping[str, Action] = workflow.actions
        self.opening_action = workflow.opening[0]
        self._read: dict[str, frozenset[str]] = {}
        #: The workflows of which its cases open others below them.
        self.opens = frozenset(effect.open.workflow for effect in workflow.effects if effect.open is not None)
        self.owed = tuple((n, a, a.owed_when) for n, a in workflow.actions.items() if a.owed_when is not None)
        self.starts = self._index({n: r.starters for n, r in workflow.deadlines.items()})
        self.ends = self._index({n: r.ends for n, r in workflow.deadlines.items()})
        self.resumes = self._index(
            {n: (r.runs_again_after,) for n, r in workflow.deadlines.items() if r.runs_again_after}
        )
        #: By the name of an action, the (deadline, suspension) whose clocks it stops or starts again.
        self.stops: dict[str, list[tuple[str, str]]] = {}
        self.restarts: dict[str, list[tuple[str, str]]] = {}
        #: By the name of a deadline, and whether it is met or has passed, those that it starts.
        self.follows: dict[tuple[str, str], list[str]] = {}
        for name, rule in workflow.deadlines.items():
            for stop, suspension in rule.suspensions.items():
                for action in suspension.begins:
                    self.stops.setdefault(action, []).append((name, stop))
                for action in suspension.ends:
                    self.restarts.setdefault(action, []).append((name, stop))
            if rule.starts_after is not None:
                self.follows.setdefault(rule.starts_after, []).append(name)
        placed = [effect.place_mark for action in self.actions.values() for effect in action.effects]
        #: By the kind of a mark, the deadline until whose end it stands.
        self.mark_until = {mark.kind: mark.until for mark in placed if mark is not None and mark.until is not None}

    @staticmethod
    def _index(actions: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        by_action: dict[str, tuple[str, ...]] = {}
        for deadline, names in actions.items():
            for name in names:
                by_action[name] = (*by_action.get(name, ()), deadline)
        return by_action

    @cached_property
    def periods(self) -> dict[str, Period]:
        """Each deadline's usual period, with its shift."""
        return {name: period_of(rule) for name, rule in self.workflow.deadlines.items()}

    def period(self, name: str, length: str | None) -> Period:
        """Return a deadline's period with the length that was chosen when it started, None for the usual one."""
        return self.periods[name] if length is None else period_of(self.deadline(name), length)

    def day_zero(self, name: str, length: str | None, starts: date) -> date:
        """Return the last day before a deadline's day 1: that of its start, or where that counts the eve.

        Args:
            name: the deadline's.
            length: the one that was chosen, None for the usual one.
            starts: the day of the start.
        """
        rule = self.deadline(name)
        counts = rule.first_day_counts
        if length is not None:
            counts = any(other.first_day_counts for other in rule.other_lengths if other.length == length)
        return starts - timedelta(days=1) if counts else starts

    def waits_for(self, state: str, said: Callable[[str], Any], owed: Callable[[Action, str], bool]) -> tuple[str, ...]:
        """Return whom a case waits for: by its state, and by actions that are owed.

        Args:
            state: where it stands.
            said: gives the value of a field; it names the role where the state leaves it to the field.
            owed: tells of an action, by its condition, whether it is owed now.
        """
        where = self.workflow.states[state]
        waiting = [where.waits_for if where.waits_for_role_in is None else said(where.waits_for_role_in)]
        for _, action, when in self.owed:
            if owed(action, when):
                waiting += action.by
        return tuple(dict.fromkeys(role for role in waiting if role is not None))

    def reads(self, action: str, fact: str) -> bool:
        """Whether an expression of an action speaks of a fact (``found``) or a member of one (``record.no``).

        Or one of a deadline, for an action may start it.
        """
        if action not in self._read:
            from credit_workflow.definition.expression_tree import paths_in  # noqa: PLC0415 - what only reads asks for none

            rule = self.actions[action]
            refused = [] if rule.refuses is None else [self.actions[rule.refuses.action]]
            parts = msgspec.to_builtins([rule, *refused, *self.workflow.deadlines.values()])
            paths = [path for text in _texts(parts) for path in paths_in(text)]
            self._read[action] = frozenset(".".join(path[:depth]) for path in paths for depth in (1, 2))
        return fact in self._read[action]

    @cached_property
    def compares_revisions(self) -> bool:
        """Whether any action compares its case's record with how it was."""
        return any(self.reads(action, SAME_REVISIONS) for action in self.actions)

    def reads_marks(self, action: str) -> bool:
        """Whether an expression of an action asks which marks stand on its case's record."""
        return any(self.reads(action, fact) for fact in MARKS)

    @cached_property
    def system_looks_at(self) -> frozenset[str]:
        """What the system's actions look at besides the case with its links: ``record``, ``earlier`` and the like."""
        found: set[str] = set()
        for name, action in self.actions.items():
            if "system" not in action.by or action.opens:
                continue
            found |= {fact for fact in BESIDES if self.reads(name, fact)}
            found |= {"record" for effect in action.effects if effect.record or effect.create_record}
            found |= {"found" for effect in action.effects if effect.find is not None}
            found |= {"listed" for effect in action.effects if effect.destroy_scans is not None}
        return frozenset(found)

    def deadline(self, name: str) -> DeadlineRule:
        """Return the rule of a deadline."""
        return self.workflow.deadlines[name]


def _texts(value: Any) -> Iterator[str]:
    """Every text in a structure; those that are no expressions do no harm where one looks for facts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def period_of(rule: DeadlineRule, length: str | None = None) -> Period:
    """Return a deadline's period as the calendar counts it, with another length than the usual one if given."""
    chosen = parse_period(length or rule.length)
    return Period(chosen.length, chosen.unit, shift=rule.if_day_off is not None)
