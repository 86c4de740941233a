"""Definitions as Mermaid diagrams, generated so that they never differ from the rules."""

from __future__ import annotations

from credit_workflow.definition.graph import edges
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Lang


def mermaid(workflow: Workflow, lang: Lang) -> str:
    """Return the state machine as a Mermaid state diagram.

    Actions that leave the state as it is are left out; several actions between two states share
    an arrow.
    """
    lines = ["stateDiagram-v2"]
    for name, state in workflow.states.items():
        lines.append(f'    state "{state.title.text.to(lang)}" as {name}')
    for name, action in workflow.actions.items():
        if action.opens and action.to:
            lines.append(f"    [*] --> {action.to}: {_label(workflow, name, lang)}")
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, name, target in edges(workflow):
        arrows.setdefault((source, target), []).append(_label(workflow, name, lang))
    lines += [f"    {source} --> {target}: {' / '.join(names)}" for (source, target), names in arrows.items()]
    lines += [f"    {name} --> [*]" for name, state in workflow.states.items() if state.final]
    return "\n".join(lines)


def _label(workflow: Workflow, action: str, lang: Lang) -> str:
    return workflow.actions[action].title.text.to(lang)
