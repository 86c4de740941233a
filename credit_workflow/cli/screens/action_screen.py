"""What came of an action on the screen: the case as it is after it, or what stands in the way."""

from __future__ import annotations

from credit_workflow.cli.output import line
from credit_workflow.cli.screens.case_screen import render_case
from credit_workflow.cli.screens.record_screen import render_found
from credit_workflow.service.use_cases.daily.acting import Obstacles
from credit_workflow.service.use_cases.daily.cases import CasePage


def render_taken(page: CasePage) -> None:
    """Write a case as it is after an action, with the records that it gives to read."""
    render_case(page, brief=True)
    if page.case.answer is not None:
        render_found(page.case.answer)


def render_obstacles(found: Obstacles) -> None:
    """Write what stands in the way of an action."""
    if found.allowed:
        line("没有障碍，可以办理。", "Nothing stands in the way.")
        return
    line(f"有 {len(found.grounds)} 项障碍：", f"{len(found.grounds)} in the way:")
    for ground in found.grounds:
        clause = f"（{ground.source}）" if ground.source else ""
        print(f"  ✗ {ground.message}{clause}")
