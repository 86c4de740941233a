"""What stands within a definition's parts, each by its key: conditions, effects, expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credit_workflow.definition.effect_kinds import CreateRecord, Effect
from credit_workflow.definition.model import Action, Guard, Workflow
from credit_workflow.definition.rules.periods import period_expressions
from credit_workflow.definition.rules.problem import Path


def guards_of(workflow: Workflow) -> Iterator[tuple[Path, Guard]]:
    """Give the conditions of all actions, by their keys."""
    for name, action in workflow.actions.items():
        for part, guards in (("offered_when", action.offered_when), ("requires", action.requires)):
            for index, guard in enumerate(guards):
                yield ("actions", name, part, index), guard


def effects_of(workflow: Workflow) -> Iterator[tuple[Path, Effect]]:
    """Give the effects of all actions, by their keys."""
    for name, action in workflow.actions.items():
        for index, effect in enumerate(action.effects):
            yield ("actions", name, "effects", index), effect


def expressions_of(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    """Give all expressions, by their keys."""
    yield from _declared_expressions(workflow)
    for name, material in workflow.materials.items():
        if material.when is not None:
            yield ("materials", name, "when"), material.when
    for path, guard in guards_of(workflow):
        yield (*path, "must"), guard.must
        for place, source in guard.says.items():
            yield (*path, "says", place), source
    for name, action in workflow.actions.items():
        yield from _action_expressions(name, action)
    for path, effect in effects_of(workflow):
        yield from _effect_expressions(path, effect)
    for name, rule in workflow.deadlines.items():
        for key, given in period_expressions(rule):
            yield ("deadlines", name, *key), given


def _declared_expressions(workflow: Workflow) -> Iterator[tuple[Path, str]]:
    for name, field in workflow.fields.items():
        if field.among is not None:
            yield ("fields", name, "among"), field.among
    if workflow.look_up is not None:
        for part in ("about", "which", "purpose", "scope"):
            yield ("look_up", part), getattr(workflow.look_up, part)


def _action_expressions(name: str, action: Action) -> Iterator[tuple[Path, str]]:
    if action.owed_when is not None:
        yield ("actions", name, "owed_when"), action.owed_when
    for asked in action.asks:
        ask = action.ask(asked)
        for part, source in (("when", ask.when), ("default", ask.default)):
            if source is not None:
                yield ("actions", name, "asks", asked, part), source


#: The parts of effects that are expressions, by the effect's kind.
_EXPRESSIONS: Mapping[str, tuple[str, ...]] = {
    "place_mark": ("reason",),
    "record": ("values",),
    "account": ("unit", "roles"),
    "extend": ("working_days", "days"),
    "rectify": ("entry", "void", "on", "values"),
    "create_record": CreateRecord.__struct_fields__,
}


def _effect_expressions(path: Path, effect: Effect) -> Iterator[tuple[Path, str]]:
    if effect.when is not None:
        yield (*path, "if"), effect.when
    for kind, parts in _EXPRESSIONS.items():
        found = getattr(effect, kind)
        for part in parts if found is not None else ():
            source = getattr(found, part)
            if source is not None:
                yield (*path, kind, part), source
    for name, source in (effect.set or {}).items():
        yield (*path, "set", name), source
    for name, source in (effect.custom.values if effect.custom else {}).items():
        yield (*path, "custom", "values", name), source
