"""``workflow test``: a regulation's examples, played, and what of the definitions they exercise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli.drawn import scenario_screen
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import watched, written
from credit_workflow.cli.rules.check_command import all_mistakes
from credit_workflow.service.use_cases.rules.scenarios import PlayScenarios

_REFUSED = 3


def play_scenarios(
    files: Annotated[list[Path] | None, argument("[FILE…]")] = None,
    missing: Annotated[bool, option("--missing")] = False,
    min_coverage: Annotated[float | None, option("--min-coverage PERCENT", min=0, max=100)] = None,
) -> None:
    """Play scenarios, which test workflows.

    演练情形，检验流程。

    Options:
        files: files of scenarios (YAML); else all in the folder scenarios beside the definitions
            情形文件（YAML）；缺省为流程文件夹中 scenarios 的全部文件
        missing: list what was not exercised
            列出没有用到的内容
        min_coverage: the least coverage of each workflow in the table
            覆盖率的下限，表中每个流程都须达到
    """
    request = PlayScenarios(files=tuple(files or ()), min_coverage=min_coverage)
    with all_mistakes():
        result = watched("演练情形", "playing scenarios", request, shown_from=1)
    if not written(result):
        scenario_screen.render(result, missing=missing, least=min_coverage)
    if not result.ok:
        raise typer.Exit(_REFUSED)
