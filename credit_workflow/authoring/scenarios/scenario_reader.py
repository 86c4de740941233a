"""From a YAML file to checked scenarios; every mistake is named with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from credit_workflow.authoring.scenarios.made_up_people import USUAL
from credit_workflow.authoring.scenarios.scenario import Person, SampleRecord, ScenarioFile, Step
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.reader import faulty, form_fault, located
from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.decoding import Misfit, typed
from credit_workflow.strict_yaml.documents import KeyPath, read_yaml
from credit_workflow.text import Text

#: The folder beside the definitions in which their scenarios stand.
FOLDER = "scenarios"


class Placed(NamedTuple):
    """A step with the place where it stands in its file."""

    key: KeyPath
    step: Step


class Source:
    """A file of scenarios with the lines of its keys."""

    def __init__(self, file: Path, value: ScenarioFile, lines: Mapping[KeyPath, int]) -> None:
        self.file = file
        self.value = value
        self._lines = lines

    def line(self, key: KeyPath) -> int:
        """Return the line of a key, or of the nearest one above it that stands in the file."""
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key, 1)

    def located(self, key: KeyPath, message: Text) -> dict[str, Any]:
        """Return a problem with its file, line and key."""
        return located(self.file, self._lines, key, message)

    def steps(self, index: int) -> list[Placed]:
        """Return the steps of a scenario, those of its background first."""
        scenario = self.value.scenarios[index]
        return [*self._behind(scenario.background, ()), *_placed(("scenarios", index), scenario.steps)]

    def own_steps(self, background: str) -> list[Placed]:
        """Return the steps of a background alone, without those that it begins with itself."""
        return list(_placed(("backgrounds", background), self.value.backgrounds[background].steps))

    def people(self, index: int) -> dict[str, Person]:
        """Return the people of a scenario: the usual ones, the file's, its own."""
        return {**USUAL, **self.value.people, **self.value.scenarios[index].people}

    def records(self, index: int) -> dict[str, SampleRecord]:
        """Return the records of a scenario; one about the applicant where none is given."""
        return {**self.value.records, **self.value.scenarios[index].records} or {"R-1": SampleRecord()}

    def _behind(self, name: str | None, above: tuple[str, ...]) -> Iterator[Placed]:
        if name is None or name in above or name not in self.value.backgrounds:
            return  # what is wrong with it is said by the checks
        background = self.value.backgrounds[name]
        yield from self._behind(background.background, (*above, name))
        yield from _placed(("backgrounds", name), background.steps)


def _placed(key: KeyPath, steps: tuple[Step, ...]) -> Iterator[Placed]:
    yield from (Placed((*key, "steps", n), step) for n, step in enumerate(steps))


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
    from credit_workflow.authoring.scenarios.scenario_checks import (  # noqa: PLC0415 - it needs what stands here
        problems_of,
    )

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
