"""In which states a deadline can run, found by walking the state machine."""

from __future__ import annotations

from credit_workflow.definition.model import DeadlineRule, Workflow


def runs_in(workflow: Workflow, rule: DeadlineRule) -> list[str]:
    """Return the states in which a deadline can be running, in the order of the definition.

    Conditions (``when``, guards) are taken as if they could always hold. A final state is among
    them only where the deadline outlives the case.
    """
    begins = {*rule.starters, *([rule.runs_again_after] if rule.runs_again_after else [])}
    stops = set(rule.ends)
    if rule.at_end is not None and rule.late != "overdue":
        stops.add(rule.at_end)
    waiting = [state for name in begins - stops if name in workflow.actions for state in _after(workflow, name)]
    found: set[str] = set()
    while waiting:
        state = waiting.pop()
        if state in found or (workflow.states[state].final and not rule.outlives_case):
            continue
        found.add(state)
        waiting += [
            action.to
            for name, action in workflow.actions.items()
            if action.to is not None and name not in stops and state in workflow.sources_of(action)
        ]
    return [name for name in workflow.states if name in found]


def _after(workflow: Workflow, name: str) -> list[str]:
    """Return the states in which a case can stand right after an action."""
    action = workflow.actions[name]
    return workflow.sources_of(action) if action.to is None else [action.to]
