"""Run every check on definitions that load, and gather what they find."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from credit_workflow.authoring.analysis.dead_actions import action_findings
from credit_workflow.authoring.analysis.exploration import (
    LIMIT,
    Exploration,
    Watch,
    alone,
    explored,
    siblings,
    together,
)
from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.authoring.analysis.missing_people import role_findings
from credit_workflow.authoring.analysis.stuck_cases import stuck_findings, waiting_findings
from credit_workflow.authoring.analysis.system_steps import system_findings
from credit_workflow.authoring.analysis.timers_at_odds import race_findings, timer_findings
from credit_workflow.definition.machine import walk
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text


def findings_in(
    workflows: Mapping[str, Workflow],
    about: Collection[str] | None = None,
    limit: int = LIMIT,
    watch: Watch = None,
) -> list[Finding]:
    """Return everything that is found in sound definitions, one of a kind for each key.

    Args:
        workflows: all definitions that work together, each of which loads.
        about: the names of those that are looked at; all unless given.
        limit: how many configurations of a family are looked at; of a larger one only that is said.
        watch: told of the progress, as `explored` tells it.
    """
    kin = workflows if about is None else _kin(workflows, about)
    lone = {name: explored(alone(workflow, workflows), limit, watch) for name, workflow in kin.items()}
    families = [explored(together(head, workflows), limit, watch) for head in kin.values() if _heads(head, workflows)]
    pairs = [
        explored(siblings(workflows[child.parent], child, workflows), limit, watch)
        for child in kin.values()
        if child.parent in workflows and child.parent is not None
    ]
    explorations = [*lone.values(), *families, *pairs]
    if not all(e.complete for e in explorations):
        return _first_of_each(
            [*_too_large(explorations, limit), *role_findings(workflows), *system_findings(workflows)], about
        )
    found = [
        *stuck_findings([*families, *pairs]),
        *action_findings(workflows, lone, families),
        *timer_findings(lone, [*families, *pairs]),
        *race_findings([*lone.values(), *families]),
        *waiting_findings(lone, families),
        *role_findings(workflows),
        *system_findings(workflows),
    ]
    return _first_of_each(found, about)


def _heads(workflow: Workflow, workflows: Mapping[str, Workflow]) -> bool:
    """Whether a workflow's cases stand under no other that is known, or only under one below them."""
    seen: set[str] = set()
    name: str | None = workflow.workflow
    while name in workflows and name is not None and name not in seen:
        seen.add(name)
        name = workflows[name].parent
    return workflow.parent not in workflows or name == workflow.workflow


def _too_large(explorations: Collection[Exploration], limit: int) -> Iterator[Finding]:
    for exploration in explorations:
        if not exploration.complete:
            name = exploration.family.members[0].workflow.workflow
            message = Text(
                "关联案件可能的情形超过{n}种，无法逐一检查",
                "linked cases can stand in more than {n} ways, too many to look at them all",
            )
            advice = Text(
                "减少并行的期限或关联流程；该流程请在练习库中试运行",
                "have fewer deadlines side by side, or fewer linked workflows; try it on a training database",
            )
            yield Finding(name, "too_large", ("workflow",), message.fill(n=limit), advice)


def _kin(workflows: Mapping[str, Workflow], about: Collection[str]) -> dict[str, Workflow]:
    """The workflows that are linked to some, at whatever distance."""
    found = walk(about, lambda one: [n for n, w in workflows.items() if w.parent == one or n == workflows[one].parent])
    return {name: workflow for name, workflow in workflows.items() if name in found}


def _first_of_each(found: list[Finding], about: Collection[str] | None) -> list[Finding]:
    kept: dict[object, Finding] = {}
    for finding in found:
        if about is None or finding.workflow in about:
            kept.setdefault(finding[:3], finding)
    return list(kept.values())
