"""What a simulation found, as plain values: for programs, for tables and to compare two of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from credit_workflow.authoring.simulation.lateness import Late
from credit_workflow.authoring.simulation.weekly_figures import Result, Week
from credit_workflow.text import Lang


class Group(NamedTuple):
    """The duties of one kind that became overdue: how many, how many still are, and the most calendar days over."""

    workflow: str
    deadline: str
    kind: str
    waiting_for: str | None
    cases: int
    still: int
    longest: int


def groups_of(result: Result) -> list[Group]:
    """Return what becomes overdue after today, the most frequent first."""
    found: dict[tuple[str, str, str, str | None], list[Late]] = {}
    for late in became_overdue(result):
        found.setdefault((late.workflow, late.deadline, late.kind, late.waiting_for), []).append(late)
    groups = [
        Group(
            *key,
            cases=len(lates),
            still=sum(late.ended is None for late in lates),
            longest=max(late.days_over(result.until) for late in lates),
        )
        for key, lates in found.items()
    ]
    return sorted(groups, key=lambda group: (-group.cases, group.workflow, group.deadline, group.waiting_for or ""))


def became_overdue(result: Result) -> list[Late]:
    """Return the duties that become overdue today or later, in the order in which they do."""
    return [late for late in result.late.all if late.since >= result.today]


def as_json(result: Result, lang: Lang) -> dict[str, Any]:
    """Return one simulation as programs read it."""
    return {
        "totals": result.totals(),
        "weeks": [_week(week, result) for week in result.weeks],
        "overdue": [_late(late, result) for late in result.late.all],
        "fired": dict(sorted(result.fired.items())),
        "refused": [
            {
                "workflow": workflow,
                "action": action,
                "code": code,
                "times": times,
                "message": result.messages[workflow, action, code].to(lang),
            }
            for (workflow, action, code), times in sorted(result.refused.items())
        ],
        "stuck": [
            {"case": number, "workflow": case.workflow, "state": case.state, "opened": case.opened.isoformat()}
            for number, case in sorted(result.stuck.items())
        ],
        "assumed": [{"workflow": workflow, "state": state} for workflow, state in sorted(result.assumed)],
        "kept_old_rules": result.kept_old,
    }


def compared(today: Result, proposed: Result) -> dict[str, Any]:
    """Return how a second simulation differs from a first one, of the same days with the same chance.

    The numbers are the second less the first.
    """
    one, two = today.totals(), proposed.totals()
    late_one = {(late.case, late.deadline): late for late in became_overdue(today)}
    late_two = {(late.case, late.deadline): late for late in became_overdue(proposed)}
    return {
        "totals": {name: two[name] - one[name] for name in one},
        "weeks": [
            {
                "week": a.name,
                "taken": _minus(b.taken, a.taken),
                "queued": _minus(b.queued, a.queued),
                "open": b.open.total() - a.open.total(),
                "newly_overdue": b.newly_overdue.total() - a.newly_overdue.total(),
                "overdue": b.overdue - a.overdue,
            }
            for a, b in zip(today.weeks, proposed.weeks, strict=True)
        ],
        "no_longer_overdue": [_late(late, today) for key, late in late_one.items() if key not in late_two],
        "newly_overdue": [_late(late, proposed) for key, late in late_two.items() if key not in late_one],
    }


def capacity_of(week: Week, result: Result, role: str) -> int | None:
    """Return how many actions a role can take in a week, None where it can take any number."""
    most = result.capacity.get(role)
    return None if most is None else most * week.working_days


def _week(week: Week, result: Result) -> dict[str, Any]:
    return {
        "week": week.name,
        "first": week.first.isoformat(),
        "last": week.last.isoformat(),
        "working_days": week.working_days,
        "arrived": _sorted(week.arrived),
        "closed": _sorted(week.closed),
        "open": _sorted(week.open),
        "load": {
            role: {
                "taken": week.taken[role],
                "capacity": capacity_of(week, result, role),
                "queued": week.queued[role],
                "waiting": week.waiting[role],
            }
            for role in sorted({*week.taken, *week.queued, *week.waiting})
        },
        "actions": [
            {"workflow": workflow, "action": action, "taken": count}
            for (workflow, action), count in sorted(week.actions.items())
        ],
        "newly_overdue": [
            {"workflow": workflow, "deadline": deadline, "count": count}
            for (workflow, deadline), count in sorted(week.newly_overdue.items())
        ],
        "overdue": week.overdue,
    }


def _late(late: Late, result: Result) -> dict[str, Any]:
    return {
        "case": late.case,
        "workflow": late.workflow,
        "deadline": late.deadline,
        "kind": late.kind,
        "due": late.due.isoformat(),
        "since": late.since.isoformat(),
        "ended": None if late.ended is None else late.ended.isoformat(),
        "days_over": late.days_over(result.until),
        "state": late.state,
        "waiting_for": late.waiting_for,
        "provisional": late.provisional,
    }


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}


def _minus(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {name: a.get(name, 0) - b.get(name, 0) for name in sorted({*a, *b})}
