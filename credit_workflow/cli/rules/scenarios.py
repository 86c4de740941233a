"""``workflow test``: a regulation's examples, played, and what of the definitions they exercise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit, progress
from credit_workflow.cli.rules.checking import all_but_the_first
from credit_workflow.errors import DefinitionFault
from credit_workflow.service.use_cases.rules.scenarios import PlayScenarios

_REFUSED = 3


def play_scenarios(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE…]",
            help=t(
                "情形文件（YAML）；缺省为流程文件夹中 scenarios 的全部文件",
                "files of scenarios (YAML); else all in the folder scenarios beside the definitions",
            ),
        ),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help=t("列出没有用到的内容", "list what was not exercised"))
    ] = False,
    min_coverage: Annotated[
        float | None,
        typer.Option(
            "--min-coverage",
            metavar="PERCENT",
            min=0,
            max=100,
            help=t("覆盖率的下限，表中每个流程都须达到", "the least coverage of each workflow in the table"),
        ),
    ] = None,
) -> None:
    """Play the scenarios; exit 3 where an expectation or the wanted coverage is not met."""
    request = PlayScenarios(files=tuple(files or ()), min_coverage=min_coverage)
    with progress(t("演练情形", "playing scenarios"), quiet=settings().json, shown_from=1) as advance:
        try:
            result = ask(request, advance)
        except DefinitionFault as fault:
            if not settings().json:
                all_but_the_first(fault)
            raise
    if settings().json:
        emit(result.document())
    else:
        from credit_workflow.cli.screens.scenario_screen import render  # noqa: PLC0415 - Rich is not needed for JSON

        render(result, missing=missing, least=min_coverage)
    if not result.ok:
        raise typer.Exit(_REFUSED)
