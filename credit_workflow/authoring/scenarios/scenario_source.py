"""Keep a file of scenarios together with the places where its steps stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from credit_workflow.authoring.scenarios.made_up_people import USUAL
from credit_workflow.authoring.scenarios.scenario import Person, SampleRecord, ScenarioFile, Step
from credit_workflow.strict_yaml.documents import KeyPath
from credit_workflow.strict_yaml.sources import Source


class Placed(NamedTuple):
    """A step with the place where it stands in its file."""

    key: KeyPath
    step: Step


class Scenarios:
    """A file of scenarios.

    Args:
        source: the file with what it says.
    """

    def __init__(self, source: Source[ScenarioFile]) -> None:
        self.source = source
        self.file = source.file
        self.value = source.value
        self.line = source.line

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
