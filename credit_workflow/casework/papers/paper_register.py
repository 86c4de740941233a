"""Find which papers a case's log gives, and which of them a rectification has put right since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import msgspec

from credit_workflow.definition.effect_kinds import Notify
from credit_workflow.definition.model import Paper, Workflow
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Entry

#: An entry with its sequence number and hash.
Logged = tuple[int, str, Entry]


@dataclass(frozen=True, kw_only=True)
class Printable:
    """A paper that a case's log gives: the step that it tells of, and the case as of an entry.

    ``rule`` is what the definition says of it, ``to`` the role that it is announced to, of
    ``unit`` where one is named. ``step`` is
    the entry of the action, as it was put right where it was; ``logged`` the log through the entry
    as of which the paper is true: the step's own, or that of a rectification. ``superseded_by`` is
    the entry of a later rectification; ``void`` says that by it the step never happened.
    """

    kind: str
    title: str
    source: str | None
    to: str | None
    rule: Paper
    workflow: Workflow
    case: Case
    step: Logged
    logged: tuple[Logged, ...]
    unit: str | None = None
    superseded_by: int | None = None
    void: bool = False

    @property
    def seq(self) -> int:
        """The sequence number of the entry as of which the paper is true."""
        return self.logged[-1][0]

    @property
    def link(self) -> str:
        """That entry's hash in the chain of its case."""
        return self.logged[-1][1]

    @property
    def entry(self) -> Entry:
        """The entry of the action that the paper tells of."""
        return self.step[2]

    @property
    def before(self) -> tuple[Logged, ...]:
        """The log before that action."""
        return tuple(one for one in self.logged if one[0] < self.step[0])

    @property
    def free(self) -> int | None:
        """How many prints are free, where the definition limits them."""
        return None if self.rule.free is None else int(self.case.fields.get(self.rule.free) or 0)


def papers_of(known: Mapping[str, Rules], logged: tuple[Logged, ...]) -> list[Printable]:
    """Return every paper that a case's log gives, in the order of the log.

    Each follows from the version of the definition that the case then had; ``known`` has them by digest.

    A rectification gives every paper that stands anew, as of its own entry; which of them it has
    changed, what they state must show (`credit_workflow.casework.papers.filling.printables`).
    """
    found: list[Printable] = []
    case: Case | None = None
    for index, one in enumerate(logged):
        case = evolve(case, one[2])
        so_far, workflow = logged[: index + 1], known[case.definition].workflow
        if one[2].change.refused is not None:
            continue
        if one[2].change.rectified is None:
            found += _after(workflow, case, one, so_far)
        else:
            found += _anew(workflow, case, so_far)
    return found


def _after(workflow: Workflow, case: Case, step: Logged, logged: tuple[Logged, ...]) -> Iterator[Printable]:
    entry = step[2]
    make = partial(Printable, workflow=workflow, case=case, step=step, logged=logged)
    sent = {notification.paper for notification in entry.change.notifications}
    due = [
        kind
        for kind, rule in workflow.papers.items()
        if rule.after == entry.action and kind not in sent and (rule.free is None or case.fields.get(rule.free))
    ]
    first = {one.paper: one for one in reversed(entry.change.notifications)}  # of one sent to several units
    told = [*first.items(), *((kind, None) for kind in due)]
    for kind, notification in told:
        rule = workflow.papers.get(kind) or Paper(printed_by=(entry.role,))
        if notification is not None and rule.after not in (None, entry.action):
            continue
        by = _announcing(workflow, kind)
        title, to = (by.title.zh, by.to) if by else (kind, None)
        if notification is not None:
            title, to = notification.title_zh, notification.to
        source = rule.source or (by.source if by else None)
        unit = None if notification is None else notification.unit
        title = rule.title.zh if rule.title else title
        yield make(kind=kind, title=title, source=source, to=to, unit=unit, rule=rule)


def _anew(workflow: Workflow, case: Case, logged: tuple[Logged, ...]) -> Iterator[Printable]:
    """Every paper once more, as of a rectification: of each step that still stands, with its right day."""
    amendments = [e.change.rectified.amendment for _, _, e in logged if e.change.rectified is not None]
    void = {a.entry for a in amendments if a is not None and a.void}
    later = [sent for _, _, e in logged if e.change.rectified is not None for sent in e.change.notifications]
    for seq, link, entry in logged:
        if seq in void or entry.change.refused is not None or entry.action not in case.done:
            continue
        action = workflow.actions.get(entry.action)  # none where a later version has it no more
        announced = {told.paper for effect in (action.effects if action else ()) for told in effect.announces()}
        sent = dict.fromkeys([*entry.change.notifications, *(one for one in later if one.paper in announced)])
        change = msgspec.structs.replace(entry.change, notifications=tuple(sent))
        put_right = msgspec.structs.replace(entry, effective=case.done[entry.action].on, change=change)
        yield from _after(workflow, case, (seq, link, put_right), logged)


def _announcing(workflow: Workflow, kind: str) -> Notify | None:
    """Return the notification that announces a paper."""
    effects = (effect for action in workflow.actions.values() for effect in action.effects)
    return next(
        (notification for effect in effects for notification in effect.announces() if notification.paper == kind), None
    )
