"""Say by which command what the system has brought about can be undone or decided again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from credit_workflow.casework.ports import Reading
from credit_workflow.definition.effect_kinds import Rectify
from credit_workflow.definition.model import Action
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM, Case, Entry

#: A step that a person took is put right by its own day, so that what followed from it is decided again; a step leads
#: back; neither.
WayBack = Literal["rectify", "step", "none"]
_FIELD = "case.fields."


def way_back(db: Reading, rules: Rules, case: Case, seq: int, entry: Entry) -> tuple[WayBack, str | None]:
    """Return what people can do about what an entry of the system brought about, and the command that is given for it.

    Args:
        db: where the case's log is.
        rules: the case's definition.
        case: as it stands.
        seq: the entry's number in the log of the case.
        entry: what the system recorded.
    """
    asked = next(((name, rule) for name, rule in _rectifying(rules) if rule.only_check), None)
    step = _last_step(db, rules, case, seq)
    if asked is not None and step is not None:
        return "rectify", _rectification(rules, case, *asked, *step)
    back = next((name for name, one in rules.actions.items() if _leads_back(one, entry)), None)
    if back is not None:
        return "step", _line(case, back, {}, rules.actions[back])
    return "none", None


def way_back_from(db: Reading, rules: Rules, case: Case, deadline: str) -> tuple[WayBack, str | None]:
    """Return the same about the passing of a deadline of a case."""
    passings = [
        (seq, entry)
        for seq, _, entry in db.cases.entries(case.number)
        if entry.actor == SYSTEM and entry.change.deadline == deadline
    ]
    return way_back(db, rules, case, *passings[-1]) if passings else ("none", None)


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
