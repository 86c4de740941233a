"""Play all scenarios of some files, and sum up the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from credit_workflow.authoring.scenarios.exercised import Coverage, total
from credit_workflow.authoring.scenarios.playing import Player
from credit_workflow.authoring.scenarios.scenario_door import Opens
from credit_workflow.authoring.scenarios.scenario_source import Scenarios
from credit_workflow.authoring.scenarios.stage import staged
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.rulebook.scenario_answers import PlayedScenario, WorkflowCoverage
from credit_workflow.definition.library import Definition
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Lang


@dataclass(kw_only=True)
class Result:
    """The scenarios that were played, and what they exercised."""

    played: list[PlayedScenario] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def ok(self) -> bool:
        """Whether everything was as expected."""
        return all(scenario.ok for scenario in self.played)


def run(
    sources: Sequence[Scenarios],
    definitions: Mapping[str, Definition],
    calendar: WorkCalendar,
    opens: Opens,
    lang: Lang,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Play the scenarios, each on a new training database, and leave nothing behind.

    Args:
        sources: the files, checked against these definitions.
        definitions: the rules.
        calendar: counts the deadlines.
        opens: opens the door to a scenario's database.
        lang: in which it is told what failed.
        progress: called with the number of scenarios played and to be played.

    Raises:
        CreditWorkflowError: the temporary folder can't be written.
    """
    result = Result()
    waiting = [(source, index) for source in sources for index in range(len(source.value.scenarios))]
    with staged(definitions, calendar) as stage:
        player = Player(stage=stage, opens=opens, lang=lang, coverage=result.coverage)
        for done, (source, index) in enumerate(waiting, 1):
            result.played.append(player.play(source, index))
            if progress is not None:
                progress(done, len(waiting))
    return result


def coverage_of(result: Result, workflow: Workflow) -> WorkflowCoverage:
    """Return how much of a definition was exercised."""
    kinds = result.coverage.of(workflow)
    whole = total(kinds)
    return WorkflowCoverage(percent=whole.percent, covered=whole.covered, of=whole.of, kinds=kinds)
