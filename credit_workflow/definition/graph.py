"""A definition's states as a graph: what can be reached, and from where an end can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from credit_workflow.definition.model import Workflow


def edges(workflow: Workflow) -> list[tuple[str, str, str]]:
    """Return (from, action, to) for every action that moves a case, opening ones left out."""
    return [
        (source, name, action.to)
        for name, action in workflow.actions.items()
        if action.to is not None
        for source in workflow.sources_of(action)
    ]


def reachable(workflow: Workflow) -> set[str]:
    """Return the states in which a case can come to stand."""
    first = [a.to for a in workflow.actions.values() if a.opens and a.to is not None]
    forward: dict[str, set[str]] = {}
    for source, _, target in edges(workflow):
        forward.setdefault(source, set()).add(target)
    return _closure(first, forward)


def ending(workflow: Workflow) -> set[str]:
    """Return the states from which a final state can be reached (final ones included)."""
    backward: dict[str, set[str]] = {}
    for source, _, target in edges(workflow):
        backward.setdefault(target, set()).add(source)
    return _closure([name for name, state in workflow.states.items() if state.final], backward)


def _closure(start: Iterable[str], steps: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting.extend(steps.get(state, ()))
    return found
