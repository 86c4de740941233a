"""Simulate: run the engine forward over a copy of today's cases, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from credit_workflow.authoring.simulation.assumption_file import read_people
from credit_workflow.authoring.simulation.assumptions import People
from credit_workflow.authoring.simulation.history import history_of
from credit_workflow.authoring.simulation.outcome import compared, run_of
from credit_workflow.authoring.simulation.start import Scenario, Start
from credit_workflow.authoring.simulation.starting_cases import coming_of, start_of
from credit_workflow.authoring.simulation.weekly_figures import Result
from credit_workflow.authoring.simulation.workplace import Workplace
from credit_workflow.calendar.proposing import proposed_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.holidays.kept_notices import kept_notices
from credit_workflow.casework.rulebook.in_force import folder_of
from credit_workflow.casework.rulebook.simulation_answers import (
    LateDuty,
    Run,
    Simulated,
    SimulatedWeek,
    SimulationTitles,
    Totals,
)
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.definition.library import Definition
from credit_workflow.definition.prospect import proposed_definitions
from credit_workflow.engine.ruleset import Rules
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.strict_yaml.handed import Handed, HandedFolder
from credit_workflow.text import Text


class Simulate(Request[Simulated], frozen=True, kw_only=True):
    """Run the engine forward over a copy of today's cases; nothing in the database changes.

    Args:
        until: the last day, inclusive.
        arrivals: what is assumed of people, as YAML; the log says everything else.
        rules: proposed definitions for new cases, one a file; today's unless given.
        calendar: a proposed notice, or a calendar's settings, as YAML.
        running_too: whether running cases take the proposed rules over.
        compare: also run under today's rules and calendar, and tell the differences.
        seed: what chance is drawn by, instead of the file's.
    """

    until: date
    arrivals: Handed | None = None
    rules: HandedFolder | None = None
    calendar: Handed | None = None
    running_too: bool = False
    compare: bool = False
    seed: int | None = None


def simulate(work: Work, request: Simulate) -> Simulated:
    """Simulate.

    Raises:
        UsageFault: the last day is past; there is nothing to compare or to take over; or there are
            neither cases nor assumptions to go by.
        DefinitionFault: a file has a mistake.
        Refused: the calendar does not reach so far.
    """
    _checked(work, request)
    definitions, calendar = _proposed(work, request)
    calendar.day(request.until)  # what recurs is reckoned to there, far beyond what can be counted
    people, learnt = _people(work, request, definitions)
    start = _start(work)
    _enough(people, start, request)
    before = None
    if request.compare:
        before = _result(work, request.until, start, people, work.definitions, work.calendar)
    last = _result(work, request.until, start, people, definitions, calendar, running_too=request.running_too)
    today = None if before is None else run_of(before, work.lang)
    proposed = run_of(last, work.lang)
    rules = [*work.db.rules.values(), *_rules(definitions).values()]
    return Simulated(
        as_of=last.today,
        until=last.until,
        seed=last.seed,
        learnt_from=learnt,
        capacity=dict(last.capacity),
        today=today,
        proposed=proposed,
        differences=None if before is None else compared(before, last),
        titles=_titles(work, rules, [run for run in (today, proposed) if run is not None]),
    )


def _checked(work: Work, request: Simulate) -> None:
    today = work.moment.effective
    if request.until < today:
        message = Text("--until {u} 早于今天（{t}）", "--until {u} is before today ({t})")
        raise UsageFault(message.fill(u=request.until, t=today), code="date")
    proposed = request.rules is not None or (request.calendar is not None and not request.running_too)
    if (request.compare or request.running_too) and not proposed:
        message = Text(
            "--compare 需要 --rules 或 --calendar，--running-too 需要 --rules",
            "--compare needs --rules or --calendar, and --running-too needs --rules",
        )
        raise UsageFault(message, code="usage")


# -- what it starts from


def _proposed(work: Work, request: Simulate) -> tuple[Mapping[str, Definition], WorkCalendar]:
    """Return the definitions and the calendar to simulate under: today's, but for what is proposed."""
    definitions, calendar = work.definitions, work.calendar
    if request.rules is not None:
        definitions = proposed_definitions(request.rules.files, definitions)
    if request.calendar is not None:
        office = work.office
        folder = folder_of(calendar.id, workflows=office.workflow_folder, calendars=office.calendar_folder)
        calendar = proposed_calendar(calendar.id, request.calendar, folder, kept_notices(work.db))
    return definitions, calendar


def _people(work: Work, request: Simulate, definitions: Mapping[str, Definition]) -> tuple[People, int]:
    """Return what is assumed of people: what the file says, and the history of everything else."""
    workflows = {name: definition.workflow for name, definition in definitions.items()}
    said = None if request.arrivals is None else read_people(request.arrivals, workflows)
    people, learnt = history_of(work.db, _rules(work.definitions), work.calendar, work.moment, work.progress)
    if said is not None:
        people = said.over(people)
    return (people if request.seed is None else replace(people, seed=request.seed)), learnt


def _start(work: Work) -> Start:

    return start_of(work.db, _rules(work.definitions), work.moment, work.calendar.zone)


def _enough(people: People, start: Start, request: Simulate) -> None:
    """Say what is needed where there is nothing to simulate.

    Raises:
        UsageFault: no case is going on, nothing says how many come, and no file is given.
    """
    if request.arrivals is None and not people.stays and not people.arrivals and not start.families:
        message = Text(
            "数据库没有可供推演的案件和历史。请用 --arrivals 文件 说明收件与用时；写法见 docs/simulation.md",
            "the database has no cases to go on and no history: say how many come and how long things take with "
            "--arrivals FILE; docs/simulation.md shows one",
        )
        raise UsageFault(message, code="no_history")


def _result(
    work: Work,
    until: date,
    start: Start,
    people: People,
    definitions: Mapping[str, Definition],
    calendar: WorkCalendar,
    *,
    running_too: bool = False,
) -> Result:

    scenario = Scenario(
        rules=_rules(definitions),
        calendar=calendar,
        people=people,
        coming=coming_of(work.db, definitions.values(), work.moment, until, calendar.zone),
        running_too=running_too,
    )
    return Workplace(start, scenario, until).run(work.progress)


def _rules(definitions: Mapping[str, Definition]) -> dict[str, Rules]:

    return {name: Rules(definition.workflow, definition.digest) for name, definition in definitions.items()}


def _titles(work: Work, rules: Iterable[Rules], runs: Iterable[Run]) -> SimulationTitles:
    """Return what the runs name, as the newest version that has it calls it."""
    titles, lang = Titles(rules), work.lang
    roles: dict[str, str] = {}
    deadlines: dict[str, dict[str, str]] = defaultdict(dict)
    states: dict[str, dict[str, str]] = defaultdict(dict)
    for run in runs:
        owing = {late.waiting_for for late in run.overdue if late.waiting_for is not None}
        roles |= {role: titles.role(role).to(lang) for role in owing.union(*(week.load for week in run.weeks))}
        for late in run.overdue:
            deadlines[late.workflow][late.deadline] = titles.deadline(late.workflow, late.deadline).to(lang)
        for workflow, state in [(one.workflow, one.state) for found in (run.assumed, run.stuck) for one in found]:
            states[workflow][state] = titles.state(workflow, state).to(lang)
    workflows = {name: titles.workflow(name).to(lang) for name in {*deadlines, *states}}
    return SimulationTitles(roles=roles, workflows=workflows, deadlines=deadlines, states=states)
