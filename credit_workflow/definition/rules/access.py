"""Check who is said to see what, and where accounts for practice are said to work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credit_workflow.definition.access_rules import EVERYBODY
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.inner_parts import expressions_of
from credit_workflow.definition.rules.problem import ROLE, Path, Problem, unknown_names
from credit_workflow.text import Text

#: What is known of a case that somebody only looks for.
_KNOWN = frozenset({"case", "deadlines", "done", "subject", "children", "actor", "today"})


def sight_mistakes(workflow: Workflow) -> Iterator[Problem]:
    """Give a problem for each fact that is not known where it is asked who sees a case."""
    for path, source in expressions_of(workflow):
        if "seen_by" in path:
            for fact in sorted({fact for fact, *_ in paths_in(source)} - _KNOWN):
                message = Text("决定谁可查看时不能用 {f}", "{f} is not known where it is asked who sees a case")
                yield Problem(path, message.fill(f=fact))


def sight_mistakes_between(workflows: Mapping[str, Workflow]) -> Iterator[tuple[str, Problem]]:
    """Give a problem for each role that nobody has, and for what two definitions say of one thing."""
    roles = dict.fromkeys(role for workflow in workflows.values() for role in workflow.roles)
    said: dict[Path, str] = {}
    for name, workflow in workflows.items():
        once: list[Path] = [("records_seen_by",)] if workflow.records_seen_by else []
        once += [("roles", role, "practice_units") for role, what in workflow.roles.items() if what.practice_units]
        for key in once:
            if key in said:
                message = Text("已由 {o} 写明", "it is said by {o} already").fill(o=said[key])
                yield name, Problem(key, message)
            said.setdefault(key, name)
        named: list[tuple[Path, str]] = [(("seen_by", role), role) for role in workflow.seen_by if role != EVERYBODY]
        named += [(("records_seen_by", role), role) for role in workflow.records_seen_by]
        for field, what in workflow.fields.items():
            named += [(("fields", field, "seen_by"), role) for role in (what.seen_by.roles if what.seen_by else ())]
        for at, role in named:
            for problem in unknown_names(at, [role], roles, ROLE):
                yield name, problem
