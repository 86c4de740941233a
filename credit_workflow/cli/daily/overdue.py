"""``overdue``: its own module, for it is asked for often and needs little."""

from __future__ import annotations

from typing import Annotated, Literal, cast

import typer

from credit_workflow.cli.base import single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.options import OfUnit, OfWorkflow
from credit_workflow.cli.output import answered
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.daily.overdue import ListOverdue
from credit_workflow.text import Text


def branches() -> dict[str, typer.Typer]:
    """Return this module's branch of the tree of commands."""
    return {
        "overdue": single("overdue", _overdue, t("逾期未办的案件，最久的在前。", "What is overdue, longest first."))
    }


def _overdue(
    unit: OfUnit = None,
    workflow: OfWorkflow = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="statutory|target",
            help=t("法定期限或内部目标", "statutory deadlines or the unit's targets"),
        ),
    ] = None,
) -> None:
    if kind not in (None, "statutory", "target"):
        raise UsageFault(Text("--kind 只能是 statutory 或 target", "--kind is statutory or target"), code="kind")
    only = cast("Literal['statutory', 'target'] | None", kind)
    duties = ask(ListOverdue(unit=unit, workflow=workflow, kind=only, titles=not settings().json))
    if answered(duties):
        return
    from credit_workflow.cli.screens.case_screen import render_overdue  # noqa: PLC0415 - Rich is not needed for JSON

    render_overdue(duties)
