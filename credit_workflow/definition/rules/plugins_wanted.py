"""Check that installed packages offer what a definition needs of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from credit_workflow.definition.effect_kinds import Effect
from credit_workflow.definition.expression import custom_functions
from credit_workflow.definition.plugins import EFFECTS, FUNCTIONS, Group, not_installed, plugin
from credit_workflow.definition.rules.problem import FIELD, Path, Problem, unknown_names
from credit_workflow.errors import CreditWorkflowError


class Need(NamedTuple):
    """A plug-in that a definition names, and where."""

    key: Path
    group: Group
    name: str


def needs(effects: Iterable[tuple[Path, Effect]], expressions: Iterable[tuple[Path, str]]) -> Iterator[Need]:
    """Return every effect and function that only an installed package can offer."""
    for path, effect in effects:
        if effect.custom is not None:
            yield Need((*path, "custom", "name"), EFFECTS, effect.custom.name)
    for path, source in expressions:
        try:
            names = custom_functions(source)
        except CreditWorkflowError:  # no expression at all, which is another mistake
            continue
        for name in names:
            yield Need(path, FUNCTIONS, name)


def plugin_mistakes(
    effects: Iterable[tuple[Path, Effect]], expressions: Iterable[tuple[Path, str]], fields: Mapping[str, object]
) -> Iterator[Problem]:
    """Return the mistakes of custom effects and functions: not installed, not to be loaded, unknown fields."""
    listed = list(effects)
    for path, effect in listed:
        if effect.custom is not None:
            yield from unknown_names((*path, "custom", "sets"), effect.custom.sets, fields, FIELD)
    for need in needs(listed, expressions):
        mistake = not_installed(need.group, need.name)
        if mistake is None:
            try:
                plugin(need.group, need.name)
            except CreditWorkflowError as fault:
                mistake = fault.message
        if mistake is not None:
            yield Problem(need.key, mistake)
