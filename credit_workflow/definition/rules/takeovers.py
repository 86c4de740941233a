"""Check a definition that takes over the running cases of older versions."""

from __future__ import annotations

from collections.abc import Iterator

from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.problem import Problem, is_day
from credit_workflow.text import Text


def takeover_mistakes(workflow: Workflow) -> Iterator[Problem]:
    """Return every mistake in what a definition says of running cases: its day, and its states."""
    days = {"in_force": workflow.in_force.since}
    if workflow.takes_over is not None:
        days["takes_over"] = workflow.takes_over.since
    for key, day in days.items():
        if not is_day(day):
            yield Problem((key, "from"), Text("{d} 不是日期", "{d} is no day").fill(d=day))
    if workflow.takes_over is None:
        return
    if workflow.takes_over.since < workflow.in_force.since:
        message = Text("不得早于生效之日 {d}", "it is earlier than {d}, from which the rules are in force")
        yield Problem(("takes_over", "from"), message.fill(d=workflow.in_force.since))
    for old, new in workflow.takes_over.states.items():
        at = ("takes_over", "states", old)
        if new not in workflow.states:
            yield Problem(at, Text("没有这个状态：{s}", "there is no state {s}").fill(s=new))
        elif workflow.states[new].final:
            message = Text("{s} 是终态；更换版本不能办结案件", "{s} is final; going over to a version ends no case")
            yield Problem(at, message.fill(s=new))
