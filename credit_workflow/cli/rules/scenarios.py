"""``workflow test``: a regulation's examples, played, and what of the definitions they exercise."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import realpath
from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli.context import Settings, settings
from credit_workflow.cli.language import language, t
from credit_workflow.cli.output import emit, progress
from credit_workflow.errors import DefinitionFault, NotFound, UsageFault
from credit_workflow.resources import data_folder
from credit_workflow.text import Text

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
    from credit_workflow.authoring.scenarios.run import as_json, run  # noqa: PLC0415 - the ORM starts slowly
    from credit_workflow.authoring.scenarios.scenario_reader import read_all  # noqa: PLC0415 - reads YAML

    found, chosen = _chosen(files or [])
    definitions = chosen.definitions
    try:
        sources = read_all(found, {name: d.workflow for name, d in definitions.items()})
    except DefinitionFault as fault:
        if not chosen.json:
            for problem in fault.details.get("problems", [])[1:]:
                print(f"{problem['file']}:{problem['line']}: {problem['key']}: {problem['message'].to(language())}")
        raise
    with progress(t("演练情形", "playing scenarios"), quiet=chosen.json, shown_from=1) as advance:
        result = run(sources, definitions, chosen.calendar, advance)
    about = {source.value.workflow for source in sources} if files else set(definitions)
    measured = {name: definition for name, definition in definitions.items() if name in about}
    document = as_json(result, measured, language())
    low = _below(document["coverage"], min_coverage)
    document["ok"] = result.ok and not low
    if chosen.json:
        emit(document)
    else:
        from credit_workflow.cli.screens.scenario_screen import render  # noqa: PLC0415 - Rich is not needed for JSON

        render(result, measured, missing=missing, low=low, least=min_coverage)
    if not document["ok"]:
        raise typer.Exit(_REFUSED)


def _chosen(files: list[Path]) -> tuple[list[Path], Settings]:
    """Return the files to be played, and the settings with the folder of definitions that they are about."""
    from credit_workflow.authoring.scenarios.scenario_reader import FOLDER, scenario_files  # noqa: PLC0415 - as above

    chosen = settings()
    if not files:
        folder = chosen.workflows or data_folder("workflows")
        found = scenario_files(folder)
        if not found:
            message = Text("{f} 中没有情形文件（*.yaml）", "there are no scenarios (*.yaml) in {f}")
            raise NotFound(message.fill(f=folder / FOLDER), code="no_scenarios")
        return found, chosen
    if chosen.workflows is not None:
        return files, chosen
    places = [Path(realpath(file)) for file in files]
    folders = {file.parent.parent for file in places if _beside_definitions(file)}
    if len(folders) > 1:
        message = Text(
            "这些情形属于不同文件夹的流程：{f}；请分别测试，或用 --workflows 指定文件夹",
            "these scenarios stand beside different definitions: {f}; test them one folder at a time, or give --workflows",
        )
        raise UsageFault(message.fill(f="、".join(map(str, sorted(folders)))), code="several_folders")
    theirs = folders.pop() if folders else None
    if theirs is None or theirs == data_folder("workflows").resolve():
        return files, chosen
    return files, chosen.of_folder(theirs)


def _beside_definitions(file: Path) -> bool:
    """Whether a file stands in a folder ``scenarios`` of a folder of definitions."""
    from credit_workflow.authoring.scenarios.scenario_reader import FOLDER  # noqa: PLC0415 - as above

    folder = file.parent
    return folder.name == FOLDER and any(folder.parent.glob("*.yaml"))


def _below(coverage: Mapping[str, Mapping[str, float]], least: float | None) -> dict[str, float]:
    """Return the workflows that are covered less than wanted, with their percentage."""
    if least is None:
        return {}
    return {name: counts["percent"] for name, counts in coverage.items() if counts["percent"] < least}
