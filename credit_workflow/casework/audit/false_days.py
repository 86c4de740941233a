"""List what the system had brought about by days that were false, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from credit_workflow.casework.audit.clock_answers import BroughtAbout, Kind, Remedy
from credit_workflow.casework.ports import Reading
from credit_workflow.definition.effect_kinds import Rectify
from credit_workflow.definition.model import Action
from credit_workflow.engine.clocks.deadlines import standing
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM, Case, Entry
from credit_workflow.text import Lang

_FIELD = "case.fields."


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
    asked = next(((name, rule) for name, rule in _rectifying(rules) if rule.only_check), None)
    step = _last_step(db, rules, case, seq)
    if asked is not None and step is not None:
        return "rectify", _rectification(rules, case, *asked, *step)
    back = next((name for name, one in rules.actions.items() if _leads_back(one, entry)), None)
    if back is not None:
        return "step", _line(case, back, {}, rules.actions[back])
    return "none", None


def _rectifying(rules: Rules) -> Iterator[tuple[str, Rectify]]:
    for name, action in rules.actions.items():
        for effect in action.effects:
            if effect.rectify is not None:
                yield name, effect.rectify


def _last_step(db: Reading, rules: Rules, case: Case, seq: int) -> tuple[int, Entry] | None:
    """Return the last step of a person before an entry, with its number, of those that can be put right."""
    others = {name for name, _ in _rectifying(rules)}
    steps = [
        (number, one)
        for number, _, one in db.cases.entries(case.number)
        if number < seq and one.actor != SYSTEM and one.change.refused is None
        and one.action in rules.actions and one.action not in others
    ]  # fmt: skip
    return steps[-1] if steps else None


def _rectification(rules: Rules, case: Case, action: str, rule: Rectify, number: int, step: Entry) -> str:
    """Return how to ask that a step be put right by the day that it has: what followed is decided again by that."""
    asks = rules.actions[action].asks
    named = {getattr(ask, "field", None) or name: name for name, ask in asks.items()}
    entry, on = (named.get((source or "").removeprefix(_FIELD)) for source in (rule.entry, rule.on))
    given = {entry: str(number), on: step.effective.isoformat()}
    return _line(case, action, {name: value for name, value in given.items() if name}, rules.actions[action])


def _leads_back(action: Action, entry: Entry) -> bool:
    """Whether people can undo by an action what an entry did to the state of its case."""
    origins = (action.origin,) if isinstance(action.origin, str) else action.origin or ()
    return action.to == entry.before != entry.after and entry.after in origins and SYSTEM not in action.by


def _line(case: Case, action: str, given: dict[str, str], rule: Action) -> str:
    """Return the line of a command, with what it needs and is not known standing as ``…``."""
    wanted = [name for name, ask in rule.asks.items() if ask == "required" or getattr(ask, "needed", False)]
    values = {**given, **{name: "…" for name in wanted if name not in given}}
    named = case.subject.id if case.subject.kind == "account" else case.number
    return " ".join([case.workflow, action, named, *(f"--set {name}={value}" for name, value in values.items())])
