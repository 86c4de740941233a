"""Show what a simulation found, and how two of them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from credit_workflow.authoring.simulation.lateness import Late
from credit_workflow.authoring.simulation.weekly_figures import Result, Week
from credit_workflow.casework.rulebook.simulation_answers import (
    GuessedState,
    LateDeadlines,
    LateDuty,
    Load,
    RefusedAction,
    Run,
    RunDifference,
    SimulatedWeek,
    StuckCase,
    TakenActions,
    Totals,
    WeekDifference,
)
from credit_workflow.text import Lang


def became_overdue(result: Result) -> list[Late]:
    """Return the duties that become overdue today or later, in the order in which they do."""
    return [late for late in result.late.all if late.since >= result.today]


def run_of(result: Result, lang: Lang) -> Run:
    """Return what one simulation found."""
    return Run(
        totals=result.totals(),
        weeks=tuple(_week(week, result) for week in result.weeks),
        overdue=tuple(_late(late, result) for late in result.late.all),
        fired=dict(sorted(result.fired.items())),
        refused=tuple(
            RefusedAction(
                workflow=workflow,
                action=action,
                code=code,
                times=times,
                message=result.messages[workflow, action, code].to(lang),
            )
            for (workflow, action, code), times in sorted(result.refused.items())
        ),
        stuck=tuple(
            StuckCase(case=number, workflow=case.workflow, state=case.state, opened=case.opened)
            for number, case in sorted(result.stuck.items())
        ),
        assumed=tuple(GuessedState(workflow=workflow, state=state) for workflow, state in sorted(result.assumed)),
        kept_old_rules=result.kept_old,
    )


def compared(today: Result, proposed: Result) -> RunDifference:
    """Return how a second simulation differs from a first one, of the same days with the same chance.

    The numbers are the second less the first.
    """
    one, two = msgspec.structs.asdict(today.totals()), msgspec.structs.asdict(proposed.totals())
    late_one = {(late.case, late.deadline): late for late in became_overdue(today)}
    late_two = {(late.case, late.deadline): late for late in became_overdue(proposed)}
    return RunDifference(
        totals=Totals(**{name: two[name] - one[name] for name in one}),
        weeks=tuple(
            WeekDifference(
                week=a.name,
                taken=_minus(b.taken, a.taken),
                queued=_minus(b.queued, a.queued),
                open=b.open.total() - a.open.total(),
                newly_overdue=b.newly_overdue.total() - a.newly_overdue.total(),
                overdue=b.overdue - a.overdue,
            )
            for a, b in zip(today.weeks, proposed.weeks, strict=True)
        ),
        no_longer_overdue=tuple(_late(late, today) for key, late in late_one.items() if key not in late_two),
        newly_overdue=tuple(_late(late, proposed) for key, late in late_two.items() if key not in late_one),
    )


def _week(week: Week, result: Result) -> SimulatedWeek:
    return SimulatedWeek(
        week=week.name,
        first=week.first,
        last=week.last,
        working_days=week.working_days,
        arrived=_sorted(week.arrived),
        closed=_sorted(week.closed),
        open=_sorted(week.open),
        load={role: _load(week, result, role) for role in sorted({*week.taken, *week.queued, *week.waiting})},
        actions=tuple(
            TakenActions(workflow=workflow, action=action, taken=count)
            for (workflow, action), count in sorted(week.actions.items())
        ),
        newly_overdue=tuple(
            LateDeadlines(workflow=workflow, deadline=deadline, count=count)
            for (workflow, deadline), count in sorted(week.newly_overdue.items())
        ),
        overdue=week.overdue,
    )


def _load(week: Week, result: Result, role: str) -> Load:
    most = result.capacity.get(role)
    return Load(
        taken=week.taken[role],
        capacity=None if most is None else most * week.working_days,
        queued=week.queued[role],
        waiting=week.waiting[role],
    )


def _late(late: Late, result: Result) -> LateDuty:
    return LateDuty(**vars(late), days_over=late.days_over(result.until))


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}


def _minus(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {name: a.get(name, 0) - b.get(name, 0) for name in sorted({*a, *b})}
