"""What stands within a definition's parts, each by its key: conditions, effects, expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import fields

from credit_workflow.definition.effect_kinds import Effect
from credit_workflow.definition.elements import Expression
from credit_workflow.definition.model import Guard, Workflow
from credit_workflow.definition.rules.problem import Path


def guards_of(workflow: Workflow) -> Iterator[tuple[Path, Guard]]:
    """Give the conditions of all actions and papers, by their keys."""
    for name, action in workflow.actions.items():
        for part, guards in (("offered_when", action.offered_when), ("requires", action.requires)):
            for index, guard in enumerate(guards):
                yield ("actions", name, part, index), guard
    for name, paper in workflow.papers.items():
        for index, guard in enumerate(paper.requires):
            yield ("papers", name, "requires", index), guard


def effects_of(workflow: Workflow) -> Iterator[tuple[Path, Effect]]:
    """Give the effects of all actions, by their keys."""
    for name, action in workflow.actions.items():
        for index, effect in enumerate(action.effects):
            yield ("actions", name, "effects", index), effect


def expressions_of(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    """Give all expressions, by their keys; but for those of recurring cases, which have facts of their own."""
    return ((path, source) for path, source in _expressions((), workflow) if path[0] != "recurring")


def _expressions(path: Path, value: Any, *, expected: bool = False) -> Iterator[tuple[Path, str]]:
    """Give the expressions within a value, which is one itself, or holds them, where one is expected."""
    if isinstance(value, Struct):
        for name, key, holds in _fields(type(value)):
            yield from _expressions((*path, key), getattr(value, name), expected=holds)
    elif isinstance(value, (dict, tuple)):
        parts: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for place, inner in parts:
            yield from _expressions((*path, place), inner, expected=expected)
    elif expected and value is not None:
        yield path, value


@cache
def _fields(part: type[Struct]) -> tuple[tuple[str, str, bool], ...]:
    """Return the fields of a part of a definition, their keys in the file, and whether they hold expressions."""
    return tuple((one.name, one.encode_name, _holds(one.type)) for one in fields(part))


def _holds(kind: object) -> bool:
    return kind == Expression or any(map(_holds, get_args(kind)))
