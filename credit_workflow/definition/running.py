"""Find in which states a deadline can run, by walking the state machine."""

from __future__ import annotations

from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Workflow


def runs_in(machine: Machine, rule: DeadlineRule) -> list[str]:
    """Return the states in which a deadline can be running, in the order of the definition.

    Conditions (``when``, guards) are taken as if they could always hold, and a clock that stands as
    one that runs. A final state is among them only where the deadline outlives the case.
    """
    workflow = machine.workflow
    stops = set(rule.ends)
    if rule.at_end is not None and rule.late != "overdue":
        stops.add(rule.at_end)
    begins = (starting(workflow, rule) - stops) & workflow.actions.keys()
    starts = [machine.step(state, name) for name in begins for state in machine.sources[name] or (None,)]
    if rule.starts_after is not None and rule.starts_after[1] == "passed":
        starts += runs_in(machine, workflow.deadlines[rule.starts_after[0]])
    found = machine.reached(starts, without=stops)
    return [s for s, state in workflow.states.items() if s in found and (rule.outlives_case or not state.final)]


def starting(workflow: Workflow, rule: DeadlineRule) -> set[str]:
    """Return the actions that start a deadline, or start it anew, or by which another one ends that starts it."""
    again = {rule.runs_again_after} if rule.runs_again_after else set()
    if rule.starts_after is None:
        return {*rule.starters, *again}
    name, once = rule.starts_after
    other = workflow.deadlines[name]
    end = {other.at_end} if other.at_end else set()
    return {*(other.ends if once == "met" else end), *again}
