"""Compare what was expected with what is so, and say the difference in words that name both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from credit_workflow.authoring.scenarios.scenario import OF_DEADLINES, MarkWanted, Wanted
from credit_workflow.identity import masked
from credit_workflow.strict_yaml.documents import KeyPath
from credit_workflow.text import Text

#: An expectation's key within ``expect``, what it expects, and what is so.
Difference = tuple[KeyPath, Any, Any]
_TRUTH = {True: "true", False: "false"}
_NONE = Text("无", "none")


@dataclass(frozen=True, kw_only=True)
class Look:
    """A case as of a day, as people see it, with what else an expectation may ask of it.

    Args:
        view: the case.
        done: the day on which each action was last taken.
        record: its credit record, or None where it has none.
        offers: the actions offered to an account, or to all of a role, or to everybody (None).
        names: the names of cases in the scenario, by number.
        people: the ID numbers of people, by name.
        persons: the fields that hold ID numbers.
        cases: the fields that hold numbers of cases.
    """

    view: Mapping[str, Any]
    done: Mapping[str, str]
    record: Mapping[str, Any] | None
    offers: Callable[[str | None], list[str]]
    names: Mapping[str, str]
    people: Mapping[str, str]
    persons: frozenset[str]
    cases: frozenset[str]


def differences(wanted: Wanted, look: Look) -> list[Difference]:
    """Return every expectation of a case that does not hold, in the order in which they are told."""
    compared = (_of_case, _of_deadlines, _of_fields, _of_record)
    return [one for of in compared for one in of(wanted, look) if one[1] != one[2]]


def differing(key: KeyPath, expected: Any, actual: Any) -> list[Difference]:
    """Return the difference, if there is one."""
    return [] if expected == actual else [(key, expected, actual)]


def told(key: KeyPath, expected: Any, actual: Any) -> Text:
    """Return a difference in words."""
    message = Text("{key} 应为 {expected}，实为 {actual}", "{key}: expected {expected}, but it is {actual}")
    return message.fill(key=".".join(map(str, key)), expected=shown(expected), actual=shown(actual))


def shown(value: Any) -> Text:
    """Return a value as one would write it in the file; nothing is named as such."""
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return Text(_TRUTH[value], _TRUTH[value])
    if isinstance(value, (list, tuple)):
        parts = [shown(part) for part in value]
        return Text(f"[{', '.join(p.zh for p in parts)}]", f"[{', '.join(p.en for p in parts)}]")
    if isinstance(value, Mapping):
        pairs = [(name, shown(inner)) for name, inner in value.items()]
        zh, en = (", ".join(f"{name}: {text.to(lang)}" for name, text in pairs) for lang in ("zh", "en"))
        return Text(f"{{{zh}}}", f"{{{en}}}")
    return Text(str(value), str(value))


# What is expected of a case and what is so, key by key: the one may well be the other.


def _of_case(wanted: Wanted, look: Look) -> Iterator[Difference]:
    for name in ("state", "final", "overdue"):
        expected = getattr(wanted, name)
        if expected is not None:
            yield (name,), expected, look.view[name]
    if wanted.waits_for is not None:
        yield ("waits_for",), sorted(wanted.waits_for), sorted(look.view["waits_for"])
    for action, day in wanted.done.items():
        yield ("done", action), day, look.done.get(action)
    if wanted.materials is not None:
        yield ("materials",), sorted(wanted.materials), sorted(m["kind"] for m in look.view["materials"])
    if isinstance(wanted.offers, Mapping):
        for who, actions in wanted.offers.items():
            yield ("offers", who), sorted(actions), sorted(look.offers(who))
    elif wanted.offers is not None:
        yield ("offers",), sorted(wanted.offers), sorted(look.offers(None))
    if wanted.not_offered:
        yield ("not_offered",), [], [action for action in wanted.not_offered if action in look.offers(None)]


def _of_deadlines(wanted: Wanted, look: Look) -> Iterator[Difference]:
    by_name = {deadline["id"]: deadline for deadline in look.view["deadlines"]}
    for name in OF_DEADLINES:
        for deadline, expected in getattr(wanted, name).items():
            yield (name, deadline), expected, by_name.get(deadline, {}).get(name)
    for deadline, expected in wanted.remaining.items():
        left = by_name.get(deadline, {}).get("remaining")
        yield ("remaining", deadline), expected, left and f"{left['length']} {left['unit']}"
    for deadline, expected in wanted.clauses.items():
        yield ("clauses", deadline), expected, by_name.get(deadline, {}).get("source")


def _of_fields(wanted: Wanted, look: Look) -> Iterator[Difference]:
    for name, expected in wanted.fields.items():
        actual = look.view["fields"].get(name)
        if name in look.persons and isinstance(expected, str):
            expected = masked(look.people.get(expected, expected))  # noqa: PLW2901 - people see numbers masked
        if name in look.cases and isinstance(actual, list):
            actual = [look.names.get(number, number) for number in actual]
            expected = [expected] if isinstance(expected, str) else expected  # noqa: PLW2901 - one case, or several
        yield ("fields", name), expected, actual


def _of_record(wanted: Wanted, look: Look) -> Iterator[Difference]:
    record = look.record or {}
    if wanted.usable is not None:
        yield ("usable",), wanted.usable, record.get("usable")
    for name, expected in wanted.record.items():
        yield ("record", name), expected, record.get(name)
    if wanted.marks is None:
        return
    marks = {mark["kind"]: mark for mark in record.get("marks", ())}
    yield ("marks",), sorted(wanted.marks), sorted(mark["kind"] for mark in record.get("marks", ()))
    if isinstance(wanted.marks, Mapping):
        for kind, mark in wanted.marks.items():
            if kind in marks:
                yield from _of_mark(kind, mark, marks[kind], look)


def _of_mark(kind: str, wanted: MarkWanted, actual: Mapping[str, Any], look: Look) -> Iterator[Difference]:
    if wanted.case is not None:
        yield ("marks", kind, "case"), wanted.case, look.names.get(actual["case"], actual["case"])
    for name in ("reason", "placed", "last_day"):
        expected = getattr(wanted, name)
        if expected is not UNSET:
            yield ("marks", kind, name), expected, actual[name]
