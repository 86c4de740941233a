"""From a YAML file to checked scenarios; every mistake is named with file, line and key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from credit_workflow.authoring.scenarios.scenario import ScenarioFile
from credit_workflow.authoring.scenarios.scenario_checks import problems_of
from credit_workflow.authoring.scenarios.scenario_source import Source
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.reader import faulty, form_fault, located
from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.decoding import Misfit, typed
from credit_workflow.strict_yaml.documents import read_yaml

#: The folder beside the definitions in which their scenarios stand.
FOLDER = "scenarios"


def read_scenarios(file: Path, workflows: Mapping[str, Workflow]) -> Source:
    """Return the scenarios in a file, checked.

    Args:
        file: the YAML file.
        workflows: the definitions that it may speak of, by name.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it can't be read, has not the form of scenarios, or speaks of what the
            definitions don't have; ``details["problems"]`` has every mistake.
    """
    value, lines = read_yaml(file)
    try:
        source = Source(file, typed(value, ScenarioFile), lines)
    except Misfit as fault:
        raise faulty([located(file, lines, fault.key, fault.message)]) from None
    except msgspec.ValidationError as fault:
        key, message = form_fault(value, str(fault), ScenarioFile)
        raise faulty([located(file, lines, key, message)]) from None
    found = [source.located(key, message) for key, message in problems_of(source, workflows)]
    if found:
        raise faulty(found)
    return source


def scenario_files(folder: Path) -> list[Path]:
    """Return the files of scenarios that stand beside the definitions of a folder."""
    return sorted((folder / FOLDER).glob("*.yaml"))


def read_all(files: list[Path], workflows: Mapping[str, Workflow]) -> list[Source]:
    """Return the scenarios of several files.

    Raises:
        NotFound, DefinitionFault: as `read_scenarios`; the mistakes of all files together.
    """
    sources: list[Source] = []
    problems: list[dict[str, Any]] = []
    for file in files:
        try:
            sources.append(read_scenarios(file, workflows))
        except DefinitionFault as fault:
            problems += fault.details["problems"]
    if problems:
        raise faulty(problems)
    return sources
