"""In which states a deadline can run, found by walking the state machine."""

from __future__ import annotations

from credit_workflow.definition.model import DeadlineRule, Workflow


def runs_in(workflow: Workflow, rule: DeadlineRule) -> list[str]:
    """Return the states in which a deadline can be running, in the order of the definition.

    Conditions (``when``, guards) are taken as if they could always hold, and a clock that stands as
    one that runs. A final state is among them only where the deadline outlives the case.
    """
    stops = set(rule.ends)
    if rule.at_end is not None and rule.late != "overdue":
        stops.add(rule.at_end)
    begins = starting(workflow, rule)
    waiting = [state for name in begins - stops if name in workflow.actions for state in _after(workflow, name)]
    if rule.starts_after is not None and rule.starts_after[1] == "passed":
        waiting += runs_in(workflow, workflow.deadlines[rule.starts_after[0]])
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


def starting(workflow: Workflow, rule: DeadlineRule) -> set[str]:
    """Return the actions that start a deadline, or start it anew, or by which another one ends that starts it."""
    again = {rule.runs_again_after} if rule.runs_again_after else set()
    if rule.starts_after is None:
        return {*rule.starters, *again}
    name, once = rule.starts_after
    other = workflow.deadlines[name]
    end = {other.at_end} if other.at_end else set()
    return {*(other.ends if once == "met" else end), *again}


def _after(workflow: Workflow, name: str) -> list[str]:
    """Return the states in which a case can stand right after an action."""
    action = workflow.actions[name]
    return workflow.sources_of(action) if action.to is None else [action.to]
