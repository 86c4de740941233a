"""Trace the way that a case took through its states, slips put right, to measure times on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from credit_workflow.casework.statistics.case_lines import CaseLine, Step
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Rectified

#: The part that the provider of a record plays, by which the states that wait for it are known.
PROVIDER = "provider"


class Stay(NamedTuple):
    """A stay in one state: from the day of coming to that of leaving, None where the case is still there.

    ``left_by`` is the action that ended it; ``asked`` the provider that was asked, in a state that
    waits for one.
    """

    state: str
    came: date
    left: date | None
    left_by: str | None
    asked: str | None


def path_of(line: CaseLine, rules: Rules) -> list[Step]:
    """Return the steps of a case as they hold now, in their order.

    Refused attempts are left out. A step that was rectified counts on its right day, one that never
    happened does not count, and where a rectification made the case come out otherwise, its steps
    are those that the case says were taken.
    """
    kept: list[Step] = []
    for step in line.steps:
        rectified = None if step.change is None else step.change.rectified
        if rectified is not None:
            kept = _put_right(kept, rectified, rules)
        elif step.before != step.after and (step.change is None or step.change.refused is None):
            kept.append(step)
    return kept


def stays_of(path: list[Step]) -> Iterator[Stay]:
    """Return a case's stays in its states, in their order; the last one is where it is now."""
    state, came, asked = None, date.min, None
    for step in path:
        if state == step.after:
            continue
        if state is not None:
            yield Stay(state, came, step.day, step.action, asked)
        state, came, asked = step.after, step.day, _provider(step)
    if state is not None:
        yield Stay(state, came, None, None, asked)


def _provider(step: Step) -> str | None:
    name = None if step.change is None else step.change.fields.get(PROVIDER)
    return name if isinstance(name, str) else None


def _put_right(kept: list[Step], rectified: Rectified, rules: Rules) -> list[Step]:
    done, amendment = rectified.case.done, rectified.amendment
    right = [step for step in kept if step.action in done]
    if amendment is not None:
        right = [_amended(step, rectified) for step in right if not (amendment.void and step.seq == amendment.entry)]
    last = {step.action: place for place, step in enumerate(right)}
    right = [
        replace(step, day=done[step.action].on) if last[step.action] == place else step
        for place, step in enumerate(right)
    ]
    for action, taken in done.items():
        to = rules.actions[action].to if action in rules.actions else None
        if to is not None and action not in last:
            right.append(Step(seq=0, day=taken.on, action=action, before=None, after=to))
    return sorted(right, key=lambda step: step.day)


def _amended(step: Step, rectified: Rectified) -> Step:
    amendment = rectified.amendment
    if amendment is None or step.seq != amendment.entry:
        return step
    change = step.change
    if change is not None and PROVIDER in amendment.values:
        change = replace(change, fields={**change.fields, PROVIDER: amendment.values[PROVIDER]})
    return replace(step, day=amendment.on or step.day, change=change)
