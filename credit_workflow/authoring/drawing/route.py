"""Trace where a case stands and how it came there, for the picture of its workflow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from credit_workflow.authoring.drawing.chart import Chart, Standing, chart_of
from credit_workflow.casework.cases.snapshot import Snapshot
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.clocks.suspensions import NO_DATE
from credit_workflow.engine.values import Case, Deadline, Entry
from credit_workflow.text import Text


def case_chart(snapshot: Snapshot, number: str) -> Chart:
    """Return the picture of a case's workflow with the case in it, as of now.

    Raises:
        NotFound: there is no such case.
    """
    now = snapshot.caught_up(snapshot.db.cases.family(snapshot.db.cases.get(number).number))
    entries = [entry for _, _, entry in snapshot.db.cases.entries(number)]
    entries += [entry for entry in now.entries if entry.case == number]
    case = now.world.cases[number]
    rules = now.world.rules_of(case)
    running = {
        name: until(rules.deadline(name), deadline, snapshot.moment.effective)
        for name, deadline in case.deadlines.items()
        if deadline.status == "running"
    }
    standing = Standing(case=number, state=case.state, taken=tuple(way(case, entries)), running=running)
    return chart_of(rules.workflow, standing)


def way(case: Case, entries: Iterable[Entry]) -> list[tuple[str | None, str, str]]:
    """Return (state before, action, state after) of each step that brought a case along.

    Refusals move nothing. What a rectification has undone is no step: the case as it stands has
    not done it.
    """
    return [
        (entry.before, entry.action, entry.after)
        for entry in entries
        if entry.before != entry.after and entry.action in case.done
    ]


def until(rule: DeadlineRule, deadline: Deadline, today: date) -> Text:
    """Return until when a running deadline runs, and how it stands on a day."""
    due = deadline.due
    if due == NO_DATE:
        return Text("中止计算", "clock stopped")
    over = (today - due).days
    if over > 0 and dl.standing(rule, deadline, today) == "overdue":
        late = f"{over} day{'s' if over > 1 else ''} over"
        return Text(f"应于 {due}，已逾期 {over} 天", f"due {due}, {late}")
    if deadline.provisional:
        return Text(f"至 {due}（暂定）", f"until {due} (provisional)")
    return Text(f"至 {due}", f"until {due}")
