"""Note what a step exercised, from the log that it left and the grounds of its refusal."""

from __future__ import annotations

from credit_workflow.authoring.scenarios.exercised import Coverage
from credit_workflow.authoring.scenarios.observing import Viewpoint
from credit_workflow.authoring.scenarios.scenario import Step
from credit_workflow.authoring.scenarios.steps import Doer
from credit_workflow.engine.attempt import attempt, obstacles
from credit_workflow.engine.values import Entry, Ground
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Request, World
from credit_workflow.errors import CreditWorkflowError, NotAllowed, Refused


def note_refusal(coverage: Coverage, doer: Doer, step: Step, refusal: CreditWorkflowError) -> None:
    """Note the grounds on which a step was refused."""
    if not isinstance(refusal, (Refused, NotAllowed)) or (step.open is None and step.do is None):
        return
    workflow = doer.workflow_of(step)
    grounds: list[Ground] = refusal.details.get("grounds", [])
    coverage.refused(workflow, step.do or workflow.opening[0], grounds)


def note_step(coverage: Coverage, point: Viewpoint) -> None:
    """Note the entries that a step made, and how all deadlines stand after it."""
    progress = point.doer.progress
    with point.doer.database.reading() as db:
        cases = {case.number: case for case in db.cases.find()}
        fresh: list[Entry] = []
        for number, case in cases.items():
            if case.version == progress.versions.get(number):
                continue  # a refusal is logged without a new version, and says nothing here
            history = db.cases.history(number)
            fresh += [recorded.entry for recorded in history[progress.entries.get(number, 0) :]]
            progress.entries[number], progress.versions[number] = len(history), case.version
        world = World(rules=db.rules, calendar=point.doer.stage.calendar, cases=cases)
    for entry in fresh:
        coverage.acted(world.rules_of(cases[entry.case]).workflow, entry)
        _note_untold(coverage, world, entry, fresh, point.moment)
    for workflow, deadline, status in point.statuses():
        coverage.stood(workflow, deadline, status)


def _note_untold(coverage: Coverage, world: World, entry: Entry, fresh: list[Entry], moment: Moment) -> None:
    """Note the guards for which a linked case was not told, where it is told only if possible.

    Such a tell leaves nothing in the log; what stands in its way is asked of the world as it is
    after the step.
    """
    case = world.cases[entry.case]
    action = world.rules_of(case).actions.get(entry.action)
    tells = [effect.tell for effect in action.effects if effect.tell is not None] if action is not None else []
    for tell in tells:
        parent = [world.cases[case.parent]] if case.parent else []
        others = {"self": [case], "parent": parent, "children": world.children_of(case.number)}[tell.case]
        for other in others:
            was = any(e.case == other.number and e.action == tell.action for e in fresh)
            rules = world.rules_of(other)
            if tell.if_possible and not was and tell.action in rules.actions:
                request = Request(action=tell.action, case=other.number, actor=SYSTEM_ACTOR, told_by=entry.case)
                coverage.refused(rules.workflow, tell.action, obstacles(attempt(world, request, moment)))
