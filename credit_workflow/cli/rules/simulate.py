"""``simulate``: what if; the engine run forward over a copy of today's cases, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.cases.snapshot import Snapshot
from credit_workflow.cli.base import single
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, t
from credit_workflow.cli.output import emit, progress
from credit_workflow.definition.library import Definition
from credit_workflow.engine.inputs import read_date
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.authoring.simulation.assumptions import People
    from credit_workflow.authoring.simulation.start import Start
    from credit_workflow.authoring.simulation.weekly_figures import Result

_PERMISSION = "simulate"


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    help_text = t(
        "推演：按现行或拟议的规则和日历，各角色每周的工作量、何时有哪些逾期；不改动数据库。",
        "What if: load by role and week, and what becomes overdue when, under today's or proposed rules; changes nothing.",
    )
    return {"simulate": single("simulate", _simulate, help_text)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a simulation is asked for."""

    until: date
    arrivals: Path | None
    rules: Path | None
    calendar: Path | None
    running_too: bool
    compare: bool
    seed: int | None


def _simulate(
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=t("推演至该日（含）", "simulate through this day"))
    ] = None,
    arrivals: Annotated[
        Path | None,
        typer.Option(
            "--arrivals",
            metavar="FILE",
            help=t("收件、用时、人力的假设（YAML）", "assumptions about people (YAML)"),
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules", metavar="DIR", help=t("拟议的流程定义，用于新案件", "proposed definitions, for new cases")
        ),
    ] = None,
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--calendar", metavar="FILE", help=t("拟议的放假通知或日历设置（YAML）", "a proposed notice, or settings")
        ),
    ] = None,
    running_too: Annotated[
        bool,
        typer.Option("--running-too", help=t("在办案件也改用 --rules", "running cases take the rules of --rules over")),
    ] = False,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help=t("与现行规则和日历对比", "beside today's rules and calendar, with the differences")
        ),
    ] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", min=0, help=t("随机种子", "what chance is drawn by"))
    ] = None,
) -> None:
    day = None if until is None else read_date(until)
    if day is None:
        message = Text("--until 应为日期，如 2026-12-31", "--until must be a date such as 2026-12-31")
        raise UsageFault(message, code="date")
    if (compare or running_too) and rules is None and (calendar is None or running_too):
        message = Text(
            "--compare 需要 --rules 或 --calendar，--running-too 需要 --rules",
            "--compare needs --rules or --calendar, and --running-too needs --rules",
        )
        raise UsageFault(message, code="usage")
    asked = Asked(
        until=day,
        arrivals=arrivals,
        rules=rules,
        calendar=calendar,
        running_too=running_too,
        compare=compare,
        seed=seed,
    )
    _run(asked)


def _run(asked: Asked) -> None:
    from credit_workflow.authoring.simulation import outcome  # noqa: PLC0415 - only now is anything simulated

    chosen = settings()
    definitions, calendar = _proposed(asked)
    with chosen.desk() as (desk, viewer):
        if viewer.actor is None:  # pragma: no cover - a desk has somebody at it
            raise TypeError
        require(chosen.definitions, viewer.actor, _PERMISSION)
        today = desk.moment.effective
        if asked.until < today:
            message = Text("--until {u} 早于今天（{t}）", "--until {u} is before today ({t})")
            raise UsageFault(message.fill(u=asked.until, t=today), code="date")
        calendar.day(asked.until)  # what recurs is reckoned to there, far beyond what can be counted
        people, learnt = _people(desk, asked, definitions)
        start = _start(desk)
        _enough(people, start, asked)
        runs: dict[str, Result] = {}
        if asked.compare:
            title = t("推演（现行）", "simulating today's")
            runs["today"] = _result(desk, asked, start, people, chosen.definitions, chosen.calendar, title)
        title = t("推演", "simulating")
        runs["proposed"] = _result(desk, asked, start, people, definitions, calendar, title, proposed=True)
        training, kept = desk.db.training, list(desk.db.rules.values())
    last = runs["proposed"]
    lang = language()
    document: dict[str, Any] = {
        "as_of": last.today.isoformat(),
        "until": last.until.isoformat(),
        "seed": last.seed,
        "learnt_from": learnt,
        "capacity": dict(last.capacity),
    }
    if asked.compare:
        document |= {name: outcome.as_json(result, lang) for name, result in runs.items()}
        document["differences"] = outcome.compared(runs["today"], last)
    else:
        document |= outcome.as_json(last, lang)
    if chosen.json:
        emit(document)
        return
    from credit_workflow.casework.statistics.titles import Titles  # noqa: PLC0415 - Rich is not needed for JSON
    from credit_workflow.cli.screens.simulation_screen import render  # noqa: PLC0415 - as above
    from credit_workflow.engine.ruleset import Rules  # noqa: PLC0415 - as above

    titles = Titles([*kept, *(Rules(d.workflow, d.digest) for d in definitions.values())])
    render(runs, titles, learnt=learnt, training=training, compare=asked.compare)


# -- what it starts from


def _proposed(asked: Asked) -> tuple[Mapping[str, Definition], WorkCalendar]:
    """Return the definitions and the calendar to simulate under: today's, but for what is proposed."""
    chosen = settings()
    definitions, calendar = chosen.definitions, chosen.calendar
    if asked.rules is not None:
        from credit_workflow.definition.prospect import proposed_definitions  # noqa: PLC0415 - reads YAML

        definitions = proposed_definitions(asked.rules, definitions)
    if asked.calendar is not None:
        from credit_workflow.calendar.proposing import proposed_calendar  # noqa: PLC0415 - as above

        calendar = proposed_calendar(
            calendar.id, asked.calendar, chosen.calendar_folder(calendar.id), chosen.kept_notices or ()
        )
    return definitions, calendar


def _people(desk: Snapshot, asked: Asked, definitions: Mapping[str, Definition]) -> tuple[People, int]:
    """Return what is assumed of people: what the file says, and the history of everything else."""
    from msgspec.structs import replace  # noqa: PLC0415 - only now is anything simulated

    from credit_workflow.authoring.simulation.assumption_file import read_people  # noqa: PLC0415 - as above

    workflows = {name: definition.workflow for name, definition in definitions.items()}
    said = None if asked.arrivals is None else read_people(asked.arrivals, workflows)
    people, learnt = _history(desk)
    if said is not None:
        people = said.over(people)
    return (people if asked.seed is None else replace(people, seed=asked.seed)), learnt


def _history(desk: Snapshot) -> tuple[People, int]:
    from credit_workflow.authoring.simulation.history import history_of  # noqa: PLC0415 - as above
    from credit_workflow.engine.ruleset import Rules  # noqa: PLC0415 - only now is anything simulated

    rules = {name: Rules(d.workflow, d.digest) for name, d in settings().definitions.items()}
    with progress(t("阅读日志", "reading the log"), quiet=settings().json) as advance:
        return history_of(desk.db, rules, desk.calendar(), desk.moment, advance)


def _start(desk: Snapshot) -> Start:
    from credit_workflow.authoring.simulation.starting_cases import start_of  # noqa: PLC0415 - as above
    from credit_workflow.engine.ruleset import Rules  # noqa: PLC0415 - only now is anything simulated

    rules = {name: Rules(d.workflow, d.digest) for name, d in settings().definitions.items()}
    return start_of(desk.db, rules, desk.moment, desk.calendar().zone)


def _enough(people: People, start: Start, asked: Asked) -> None:
    """Say what is needed where there is nothing to simulate.

    Raises:
        UsageFault: no case is going on, nothing says how many come, and no file is given.
    """
    if asked.arrivals is None and not people.stays and not people.arrivals and not start.families:
        message = Text(
            "数据库没有可供推演的案件和历史。请用 --arrivals 文件 说明收件与用时；写法见 docs/simulation.md",
            "the database has no cases to go on and no history: say how many come and how long things take with "
            "--arrivals FILE; docs/simulation.md shows one",
        )
        raise UsageFault(message, code="no_history")


def _result(
    desk: Snapshot,
    asked: Asked,
    start: Start,
    people: People,
    definitions: Mapping[str, Definition],
    calendar: WorkCalendar,
    title: str,
    *,
    proposed: bool = False,
) -> Result:
    from credit_workflow.authoring.simulation.start import Scenario  # noqa: PLC0415 - as above
    from credit_workflow.authoring.simulation.starting_cases import coming_of  # noqa: PLC0415 - as above
    from credit_workflow.authoring.simulation.workplace import Workplace  # noqa: PLC0415 - as above
    from credit_workflow.engine.ruleset import Rules  # noqa: PLC0415 - only now is anything simulated

    scenario = Scenario(
        rules={name: Rules(d.workflow, d.digest) for name, d in definitions.items()},
        calendar=calendar,
        people=people,
        coming=coming_of(desk.db, definitions.values(), desk.moment, asked.until, calendar.zone),
        running_too=proposed and asked.running_too,
    )
    with progress(title, quiet=settings().json, shown_from=0) as advance:
        return Workplace(start, scenario, asked.until).run(advance)
