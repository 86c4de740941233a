"""Find roles that nobody has, roles that are waited for in vain, and four-eyes rules that one person alone faces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text


def role_findings(workflows: Mapping[str, Workflow]) -> Iterator[Finding]:
    """Give a finding for each role that acts and nobody holds, or is waited for and can do nothing."""
    practice: dict[str, int] = {}
    for workflow in workflows.values():
        for role, what in workflow.roles.items():
            practice[role] = max(practice.get(role, 0), what.practice_accounts)
    grantable = _grantable(workflows)
    held = {role for role, count in practice.items() if count} | grantable
    for name, workflow in workflows.items():
        yield from _nobody(name, workflow, held)
        yield from _waited_for(name, workflow, held)
        yield from _two_eyes(name, workflow, practice)


def _grantable(workflows: Mapping[str, Workflow]) -> set[str]:
    """The roles that accounts can be given: the choices of the field that an ``account`` effect takes them from."""
    found: set[str] = set()
    for workflow in workflows.values():
        sources = [effect.account.roles for effect in workflow.effects if effect.account is not None]
        for path in (path for source in sources for path in paths_in(source)):
            if path[:2] == ("case", "fields") and path[-1] in workflow.fields:
                found |= workflow.fields[path[-1]].choices.keys()
    return found


def _nobody(name: str, workflow: Workflow, held: set[str]) -> Iterator[Finding]:
    acting = {role for action in workflow.actions.values() for role in action.by}
    acting |= {role for paper in workflow.papers.values() for role in paper.printed_by}
    for role in workflow.roles:
        if role in acting and role != "system" and role not in held:
            message = Text(
                "该角色须办理步骤或打印文书，但没有账户能有此角色",
                "the role has something to do, and no account can have it",
            )
            advice = Text(
                "写 practice_accounts（练习库），并列入账户流程中角色字段的选项（choices）",
                "give it practice_accounts for training databases, and put it among the choices of roles in the "
                "workflow about accounts",
            )
            yield Finding(name, "nobody", ("roles", role), message, advice)


def _waited_for(name: str, workflow: Workflow, held: set[str]) -> Iterator[Finding]:
    advice = Text(
        "改为能办理的角色，或给该角色一个可办理的步骤（by、from）",
        "name a role that can act, or give this one an action that it can take there (by, from)",
    )
    machine = Machine(workflow)
    for state, what in workflow.states.items():
        key = "waits_for" if what.waits_for_role_in is None else "waits_for_role_in"
        for role in () if what.final else workflow.waited_for(state):
            if role in held and not any(role in workflow.actions[action].by for action in machine.triggers(state)):
                message = Text(
                    "等待 {r}，而 {r} 在此状态下没有可办理的步骤", "it waits for {r}, who can take no action here"
                )
                yield Finding(name, "idle_role", ("states", state, key), message.fill(r=role), advice)
    for deadline, rule in workflow.deadlines.items():
        owes = rule.owed_by
        if owes is None or owes not in held:
            continue
        ending = [*rule.ends, *rule.starters]
        if not any(owes in workflow.actions[action].by for action in ending if action in workflow.actions):
            message = Text(
                "由 {r} 负责，而终止此期限的步骤都不由 {r} 办理",
                "{r} owes it, and none of the actions that end it is for {r}",
            )
            yield Finding(name, "idle_role", ("deadlines", deadline, "owed_by"), message.fill(r=owes), advice)


def _two_eyes(name: str, workflow: Workflow, practice: Mapping[str, int]) -> Iterator[Finding]:
    """Of a role with one account, a second doer is wanted."""
    for action_name, action in workflow.actions.items():
        if len(action.by) != 1 or practice.get(action.by[0]) != 1:
            continue
        for other in action.not_by:
            if set(workflow.actions[other].by) == set(action.by):
                message = Text(
                    "{a} 与 {o} 须由两人办理，都只由 {r} 办理，而练习库中 {r} 只有一个账户",
                    "{a} and {o} need two people, both are for {r} alone, "
                    "and a training database has one account of it",
                )
                advice = Text("将 {r} 的 practice_accounts 改为 2", "raise the practice_accounts of {r} to 2")
                values = {"a": action_name, "o": other, "r": action.by[0]}
                yield Finding(
                    name,
                    "four_eyes",
                    ("actions", action_name, "not_by"),
                    message.fill(**values),
                    advice.fill(r=action.by[0]),
                )
