"""List what the system had brought about by days that were false, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from credit_workflow.casework.audit.clock_answers import BroughtAbout, Kind, Remedy
from credit_workflow.casework.cases.ways_back import way_back
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.clocks.deadlines import standing
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Entry
from credit_workflow.text import Lang


class FalseDays(NamedTuple):
    """Which days were false: entries after ``after`` of the cases' log, later than at ``true``, as of ``first`` on."""

    after: int
    true: datetime
    first: date
    #: The true day.
    today: date


def brought_about(db: Reading, days: FalseDays, lang: Lang) -> Iterator[BroughtAbout]:
    """Return what the system had recorded as of false days and still stands, in the order of the log.

    What followed in another case is left out: it goes with what it followed from.
    """
    for seq, entry in db.cases.by_system(days.after, days.true, days.first):
        case = db.cases.get(entry.case)
        rules = db.rules[case.definition]
        kind = _kind(rules, case, entry)
        action = rules.actions.get(entry.action)
        if kind is None or action is None:
            continue
        remedy, command = _remedy(db, rules, case, seq, entry, days.today)
        yield BroughtAbout(
            case=case.number,
            workflow=case.workflow,
            account=None if entry.change.account is None else entry.change.account.name,
            action=entry.action,
            title=action.title.text.to(lang),
            deadline=entry.change.deadline,
            effective=entry.effective,
            kind=kind,
            remedy=remedy,
            command=command,
        )


def _kind(rules: Rules, case: Case, entry: Entry) -> Kind | None:
    """Return what came of an entry, None where nothing did that still stands."""
    change = entry.change
    if change.told_by not in (None, case.number) or entry.before is None or case.state != entry.after:
        return None
    if entry.before != entry.after:
        whole: Kind = "ended" if case.final else "moved"
        return whole if change.account is None else "suspended"
    deadline = case.deadlines.get(change.deadline or "")
    if deadline is None or deadline.flagged is None or deadline.id not in rules.workflow.deadlines:
        return None
    if deadline.status == "lapsed" and rules.workflow.about != "account":
        return "lapsed"
    return "overdue" if deadline.status == "running" else None


def _remedy(db: Reading, rules: Rules, case: Case, seq: int, entry: Entry, today: date) -> tuple[Remedy, str | None]:
    """Return what can be done about what an entry brought about, and what is given for it."""
    deadline = case.deadlines.get(entry.change.deadline or "")
    if deadline is not None and deadline.status == "running" and entry.before == entry.after:
        passed = standing(rules.deadline(deadline.id), deadline, today) != "running"
        return ("came_true" if passed else "taken_back"), None
    return way_back(db, rules, case, seq, entry)
