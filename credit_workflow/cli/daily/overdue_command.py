"""``overdue``: its own module, for it is asked for often and needs little."""

from __future__ import annotations

from typing import Annotated, Literal

from credit_workflow.cli.base import single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.drawn import case_screen
from credit_workflow.cli.options import OfUnit, OfWorkflow, one_of, option
from credit_workflow.cli.output import show
from credit_workflow.service.use_cases.daily.overdue import ListOverdue
from credit_workflow.text import Text

_KINDS: tuple[Literal["statutory", "target"], ...] = ("statutory", "target")


@single
def overdue(
    unit: OfUnit = None,
    workflow: OfWorkflow = None,
    kind: Annotated[str | None, option("--kind statutory|target")] = None,
) -> None:
    """What is overdue, longest first.

    逾期未办的案件，最久的在前。

    Options:
        kind: statutory deadlines or the unit's targets
            法定期限或内部目标
    """
    only = one_of(_KINDS, kind, Text("--kind 只能是 statutory 或 target", "--kind is statutory or target"), "kind")
    asked = ListOverdue(unit=unit, workflow=workflow, kind=only, titles=not settings().json)
    show(ask(asked), case_screen.render_overdue)
