"""Read scenarios from YAML and check them; every mistake is named with file, line and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from credit_workflow.authoring.scenarios.scenario import ScenarioFile
from credit_workflow.authoring.scenarios.scenario_checks import problems_of
from credit_workflow.authoring.scenarios.scenario_source import Scenarios
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.sources import faulty, read_source

#: The folder beside the definitions in which their scenarios stand.
FOLDER = "scenarios"


def read_scenarios(file: Path, workflows: Mapping[str, Workflow]) -> Scenarios:
    """Return the scenarios in a file, checked.

    Args:
        file: the YAML file.
        workflows: the definitions that it may speak of, by name.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it can't be read, has not the form of scenarios, or speaks of what the
            definitions don't have; ``details["problems"]`` has every mistake.
    """
    source = read_source(file, ScenarioFile)
    scenarios = Scenarios(source)
    found = [source.located(*problem) for problem in problems_of(scenarios, workflows)]
    if found:
        raise faulty(found)
    return scenarios


def scenario_files(folder: Path) -> list[Path]:
    """Return the files of scenarios that stand beside the definitions of a folder."""
    return sorted((folder / FOLDER).glob("*.yaml"))


def read_all(files: list[Path], workflows: Mapping[str, Workflow]) -> list[Scenarios]:
    """Return the scenarios of several files.

    Raises:
        NotFound, DefinitionFault: as `read_scenarios`; the mistakes of all files together.
    """
    sources: list[Scenarios] = []
    problems: list[dict[str, Any]] = []
    for file in files:
        try:
            sources.append(read_scenarios(file, workflows))
        except DefinitionFault as fault:
            problems += fault.details["problems"]
    if problems:
        raise faulty(problems)
    return sources
