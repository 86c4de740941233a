"""What is said of a mistake in a definition: the key that it was found at, and what is wrong there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from credit_workflow.definition.expression import compiled
from credit_workflow.definition.expression_tree import parsed
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.text import Text

Path = tuple[str | int, ...]

ACTION, DEADLINE, FIELD = Text("步骤", "action"), Text("期限", "deadline"), Text("内容", "field")
MATERIAL, ROLE, STATE = Text("材料", "material"), Text("角色", "role"), Text("状态", "state")


class Problem(NamedTuple):
    """One mistake in a definition, and where it is; the reader adds file and line."""

    key: Path
    message: Text


def unknown(at: Path, what: Text, name: str) -> Problem:
    """Return the problem of a name that nothing of a kind has."""
    return Problem(at, Text("没有名为 {n} 的{w}", "there is no {w} called {n}").fill(n=name, w=what))


def unknown_names(at: Path, names: Iterable[str | None], known: Mapping[str, object], what: Text) -> Iterator[Problem]:
    """Give a problem for each of some names that is not known; None is no name."""
    return (unknown(at, what, name) for name in names if name is not None and name not in known)


def ill_formed(at: Path, source: str) -> Problem | None:
    """Return the problem of an expression that can't be read; None where it can."""
    try:
        compiled(source)
        parsed(source)
    except CreditWorkflowError as fault:
        return Problem(at, fault.message)
    return None


def is_day(text: str, earliest: date = date.min, latest: date = date.max) -> bool:
    """Whether a text is a day, from one to another."""
    try:
        return earliest <= date.fromisoformat(text) <= latest
    except ValueError:
        return False
