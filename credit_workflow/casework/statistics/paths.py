"""Trace the way that a case took through its states, slips put right, to measure times on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from credit_workflow.casework.statistics.case_lines import CaseLine, Move
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


def path_of(line: CaseLine, rules: Rules) -> list[Move]:
    """Return the moves of a case as they hold now, in their order.

    Refused attempts are left out. A step that was rectified counts on its right day, one that never
    happened does not count, and where a rectification made the case come out otherwise, its steps
    are those that the case says were taken.
    """
    kept: list[Move] = []
    for move in line.moves:
        rectified = None if move.change is None else move.change.rectified
        if rectified is not None:
            kept = _put_right(kept, rectified, rules)
        elif move.before != move.after and (move.change is None or move.change.refused is None):
            kept.append(move)
    return kept


def stays_of(path: list[Move]) -> Iterator[Stay]:
    """Return a case's stays in its states, in their order; the last one is where it is now."""
    state, came, asked = None, date.min, None
    for move in path:
        if state == move.after:
            continue
        if state is not None:
            yield Stay(state, came, move.day, move.action, asked)
        state, came, asked = move.after, move.day, _provider(move)
    if state is not None:
        yield Stay(state, came, None, None, asked)


def _provider(move: Move) -> str | None:
    name = None if move.change is None else move.change.fields.get(PROVIDER)
    return name if isinstance(name, str) else None


def _put_right(kept: list[Move], rectified: Rectified, rules: Rules) -> list[Move]:
    done, amendment = rectified.case.done, rectified.amendment
    right = [move for move in kept if move.action in done]
    if amendment is not None:
        right = [_amended(move, rectified) for move in right if not (amendment.void and move.seq == amendment.entry)]
    last = {move.action: place for place, move in enumerate(right)}
    right = [
        replace(move, day=done[move.action].on) if last[move.action] == place else move
        for place, move in enumerate(right)
    ]
    for action, taken in done.items():
        to = rules.actions[action].to if action in rules.actions else None
        if to is not None and action not in last:
            right.append(Move(seq=0, day=taken.on, action=action, before=None, after=to))
    return sorted(right, key=lambda move: move.day)


def _amended(move: Move, rectified: Rectified) -> Move:
    amendment = rectified.amendment
    if amendment is None or move.seq != amendment.entry:
        return move
    change = move.change
    if change is not None and PROVIDER in amendment.values:
        change = replace(change, fields={**change.fields, PROVIDER: amendment.values[PROVIDER]})
    return replace(move, day=amendment.on or move.day, change=change)
