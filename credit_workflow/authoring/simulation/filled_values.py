"""Fill in the values that an action asks for, by their types, where nobody says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any

from credit_workflow.authoring.simulation.assumptions import People
from credit_workflow.authoring.simulation.draws import drawn, weighted
from credit_workflow.definition.model import Field
from credit_workflow.engine.ruleset import Rules
from credit_workflow.identity import Subject, parse_subject

#: What stands in a text that somebody had to fill in.
WORD = "（模拟）"
#: A made-up adult: the number's date and check digit are right.
NATURAL = parse_subject("330106199003070014", name=WORD)


def filled_in(
    people: People,
    rules: Rules,
    name: str,
    *,
    subject: Subject,
    case: str,
    turn: int,
    today: date,
    besides: Collection[str] = (),
    ahead: int = 0,
) -> dict[str, Any]:
    """Return the values given for an action.

    Args:
        people: says how often which value is given.
        rules: the definition.
        name: the action.
        subject: whom the case is about.
        case: the case's number, by which chance is drawn.
        turn: how many states the case has come to.
        today: the day.
        besides: values that turned out to be missing, which are asked for on a condition.
        ahead: so many calendar days after today a date is that nobody says anything of.
    """
    action = rules.actions[name]
    habit = people.habits.get((rules.id, name))
    said = {} if habit is None else habit.values
    given: dict[str, Any] = {}
    for asked in action.asks:
        if asked in action.instead_of_record:
            continue  # what is simulated is about a record
        if asked in said and (action.ask(asked).when is None or asked in besides):
            place = weighted([weight for _, weight in said[asked]], drawn(people.seed, case, name, asked, turn))
            given[asked] = _dated(said[asked][place or 0][0], rules, name, asked, today)
        elif asked in besides or action.ask(asked).needed:
            field = rules.workflow.fields[action.field_of(asked)]
            given[asked] = _placeholder(field, subject, f"{case}-{turn}", today + timedelta(days=ahead))
    return {asked: value for asked, value in given.items() if value is not None}


def _dated(value: Any, rules: Rules, name: str, asked: str, today: date) -> Any:
    """Return a value as it is given; a date may be written as a number of calendar days from today."""
    field = rules.workflow.fields[rules.actions[name].field_of(asked)]
    if field.type == "date" and isinstance(value, int):
        return (today + timedelta(days=value)).isoformat()
    return value


def asks_for_date(rules: Rules, name: str, besides: Collection[str]) -> bool:
    """Whether a date must be given for an action, by itself or among what turned out to be missing."""
    action = rules.actions[name]
    asked = [asked for asked in action.asks if asked in besides or action.ask(asked).needed]
    return any(rules.workflow.fields[action.field_of(one)].type == "date" for one in asked)


def _placeholder(field: Field, subject: Subject, mark: str, today: date) -> Any:
    """Return a value of a field's type; None for what nobody can make up."""
    by_type: Mapping[str, Callable[[], Any]] = {
        "text": lambda: field.suggestions[0].zh if field.suggestions else WORD,
        "words": lambda: [WORD],
        "boolean": lambda: True,
        "integer": lambda: field.at_least if field.at_least is not None else 1,
        "date": today.isoformat,
        "choice": lambda: next(iter(field.choices)),
        "several": lambda: [next(iter(field.choices))],
        "record_values": lambda: {"content": f"{WORD}{mark}"},
        "values": lambda: {"note": WORD},
        "person": lambda: subject.id if subject.kind in ("natural", "legal") else NATURAL.id,
    }
    return by_type[field.type]() if field.type in by_type else None
