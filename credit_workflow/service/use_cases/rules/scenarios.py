"""Play a regulation's examples, and measure how much of the definitions they exercise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING

from credit_workflow.casework.rulebook.scenario_answers import (
    Count,
    FailedExpectation,
    PlayedScenario,
    PlayedScenarios,
)
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.resources import data_folder
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.calendar.working_days import WorkCalendar
    from credit_workflow.definition.library import Definition


class PlayScenarios(Request[PlayedScenarios], frozen=True, kw_only=True):
    """Play scenarios, each on a new training database of its own, of which nothing is left.

    What stands beside a file counts, and so it is named by path: on the machine of whoever writes it.

    Args:
        files: the files; all beside the definitions in force unless given. Files of a folder
            ``scenarios`` beside other definitions are about those.
        min_coverage: the least coverage of each workflow, in percent.
    """

    files: tuple[Path, ...] = ()
    min_coverage: float | None = None


def play_scenarios(work: Work, request: PlayScenarios) -> PlayedScenarios:
    """Play scenarios.

    Raises:
        NotFound: there are none, or a file is not there.
        UsageFault: the files stand beside different definitions.
        DefinitionFault: a file has a mistake; ``details["problems"]`` has every one.
    """
    from credit_workflow.authoring.scenarios.run import coverage_of, run  # noqa: PLC0415 - the ORM starts slowly
    from credit_workflow.authoring.scenarios.scenario_reader import read_all  # noqa: PLC0415 - reads YAML
    from credit_workflow.service.scenario_office import ScenarioOffice  # noqa: PLC0415

    definitions, calendar = _rules(work, request.files)
    files = list(request.files) or _shipped(work)
    sources = read_all(files, {name: definition.workflow for name, definition in definitions.items()})
    result = run(sources, definitions, calendar, ScenarioOffice, work.lang, work.progress)
    about = {source.value.workflow for source in sources} if request.files else set(definitions)
    coverage = {name: coverage_of(result, d.workflow) for name, d in definitions.items() if name in about}
    least = request.min_coverage or 0
    low = {name: one.percent for name, one in coverage.items() if one.percent < least}
    return PlayedScenarios(ok=result.ok and not low, scenarios=tuple(result.played), coverage=coverage, low=low)


def _shipped(work: Work) -> list[Path]:
    """Return the files that stand beside the definitions in force.

    Raises:
        NotFound: there are none.
    """
    from credit_workflow.authoring.scenarios.scenario_reader import FOLDER, scenario_files  # noqa: PLC0415

    folder = work.office.workflow_folder or data_folder("workflows")
    found = scenario_files(folder)
    if not found:
        message = Text("{f} 中没有情形文件（*.yaml）", "there are no scenarios (*.yaml) in {f}")
        raise NotFound(message.fill(f=folder / FOLDER), code="no_scenarios")
    return found


def _rules(work: Work, files: Sequence[Path]) -> tuple[Mapping[str, Definition], WorkCalendar]:
    """Return the definitions that files are about, and the calendar that these count by.

    Those in force, with the notices that the database keeps, where there is one; of a folder of its
    own the database says nothing.
    """
    from credit_workflow.casework.rulebook.in_force import calendar_of  # noqa: PLC0415
    from credit_workflow.definition.library import load_definitions  # noqa: PLC0415
    from credit_workflow.service.use_cases.upkeep.calendars import calendar_in_force  # noqa: PLC0415

    theirs = _beside(work, files)
    if theirs is not None:
        definitions = load_definitions(theirs)
        return definitions, calendar_of(definitions, workflows=theirs, calendars=work.office.calendar_folder)
    calendar, _ = calendar_in_force(work)
    return work.known_definitions, calendar


def _beside(work: Work, files: Sequence[Path]) -> Path | None:
    """Return the folder of definitions that files stand beside; None where that is the one in force, or none.

    Raises:
        UsageFault: they stand beside different ones.
    """
    if work.office.workflow_folder is not None:
        return None
    folders = {file.parent.parent for file in map(Path, map(realpath, files)) if _beside_definitions(file)}
    if len(folders) > 1:
        message = Text(
            "这些情形属于不同文件夹的流程：{f}；请分别测试，或用 --workflows 指定文件夹",
            "these scenarios stand beside different definitions: {f}; test them one folder at a time, or give "
            "--workflows",
        )
        raise UsageFault(message.fill(f="、".join(map(str, sorted(folders)))), code="several_folders")
    theirs = folders.pop() if folders else None
    return None if theirs == data_folder("workflows").resolve() else theirs


def _beside_definitions(file: Path) -> bool:
    """Whether a file stands in a folder ``scenarios`` of a folder of definitions."""
    from credit_workflow.authoring.scenarios.scenario_reader import FOLDER  # noqa: PLC0415

    folder = file.parent
    return folder.name == FOLDER and any(folder.parent.glob("*.yaml"))
