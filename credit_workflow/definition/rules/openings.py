"""Check what cases open below them: that there is such a workflow, and that it is given what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credit_workflow.definition.effect_kinds import Open
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.inner_parts import effects_of
from credit_workflow.definition.rules.problem import Path, Problem
from credit_workflow.text import Text


def opening_mistakes(workflow: Workflow, workflows: Mapping[str, Workflow]) -> Iterator[Problem]:
    """Return what is wrong with the cases that a workflow opens below its own.

    Args:
        workflow: the definition.
        workflows: all definitions that are known.
    """
    for path, effect in effects_of(workflow):
        if effect.open is None:
            continue
        at: Path = (*path, "open")
        below = workflows.get(effect.open.workflow)
        if below is None or below.parent != workflow.workflow:
            continue  # it may stand in a file that is not there yet: `credit_workflow.authoring.analysis` finds it
        if workflow.actions[str(path[1])].only_by_system:
            message = Text("只由系统办理的步骤不能开出案件", "an action that is the system's alone opens no case")
            yield Problem(at, message)
        yield from _given(at, effect.open, below)


def _given(at: Path, rule: Open, below: Workflow) -> Iterator[Problem]:
    name, action = below.opening
    if "system" not in action.by:
        message = Text("{w}.{a} 不由系统办理，不能由其他案件开出", "{w}.{a} is not the system's: no case opens it")
        yield Problem(at, message.fill(w=below.workflow, a=name))
    if below.about in ("account", "person"):
        message = Text("只能开出 about: record 或 nothing 的案件", "only cases about a record or nothing are opened so")
        yield Problem(at, message)
    for value in rule.values:
        if value not in action.asks:
            message = Text("{w}.{a} 不问 {v}", "{w}.{a} does not ask for {v}")
            yield Problem((*at, "values", value), message.fill(w=below.workflow, a=name, v=value))
    for value in action.asks:
        if action.ask(value).needed and value not in rule.values:
            message = Text("缺少 {w}.{a} 所问的 {v}", "{v}, which {w}.{a} asks for, is not given")
            yield Problem((*at, "values"), message.fill(w=below.workflow, a=name, v=value))
