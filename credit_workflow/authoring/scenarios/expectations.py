"""What was expected against what is so, in words that name both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from credit_workflow.authoring.scenarios.scenario import MarkWanted, Wanted
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
        view: the case (`views.case_view`).
        done: the day on which each action was last taken.
        record: its credit record (`views.record_view`), or None where it has none.
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
    return [*_of_case(wanted, look), *_of_deadlines(wanted, look), *_of_fields(wanted, look), *_of_record(wanted, look)]


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


def _of_case(wanted: Wanted, look: Look) -> list[Difference]:
    found: list[Difference] = []
    for name in ("state", "final", "overdue"):
        expected = getattr(wanted, name)
        if expected is not None:
            found += differing((name,), expected, look.view[name])
    if wanted.waits_for is not None:
        found += differing(("waits_for",), sorted(wanted.waits_for), sorted(look.view["waits_for"]))
    for action, day in wanted.done.items():
        found += differing(("done", action), day, look.done.get(action))
    if wanted.materials is not None:
        found += differing(("materials",), sorted(wanted.materials), sorted(m["kind"] for m in look.view["materials"]))
    return found + _of_offers(wanted, look)


def _of_offers(wanted: Wanted, look: Look) -> list[Difference]:
    found: list[Difference] = []
    if isinstance(wanted.offers, Mapping):
        for who, actions in wanted.offers.items():
            found += differing(("offers", who), sorted(actions), sorted(look.offers(who)))
    elif wanted.offers is not None:
        found += differing(("offers",), sorted(wanted.offers), sorted(look.offers(None)))
    if wanted.not_offered:
        offered = [action for action in wanted.not_offered if action in look.offers(None)]
        if offered:
            found.append((("not_offered",), [], offered))
    return found


def _of_deadlines(wanted: Wanted, look: Look) -> list[Difference]:
    by_name = {deadline["id"]: deadline for deadline in look.view["deadlines"]}
    found: list[Difference] = []
    for name in ("due", "original_due", "starts", "met", "status", "days_left", "provisional", "stopped"):
        for deadline, expected in getattr(wanted, name).items():
            actual = by_name[deadline][name] if deadline in by_name else None
            found += differing((name, deadline), expected, actual)
    for deadline, expected in wanted.remaining.items():
        left = by_name.get(deadline, {}).get("remaining")
        actual = left and f"{left['length']} {left['unit']}"
        found += differing(("remaining", deadline), expected, actual)
    for deadline, expected in wanted.clauses.items():
        actual = by_name[deadline]["source"] if deadline in by_name else None
        found += differing(("clauses", deadline), expected, actual)
    return found


def _of_fields(wanted: Wanted, look: Look) -> list[Difference]:
    found: list[Difference] = []
    for name, expected in wanted.fields.items():
        actual = look.view["fields"].get(name)
        if name in look.persons and isinstance(expected, str):
            expected = masked(look.people.get(expected, expected))  # noqa: PLW2901 - people see numbers masked
        if name in look.cases and isinstance(actual, list):
            actual = [look.names.get(number, number) for number in actual]
            expected = [expected] if isinstance(expected, str) else expected  # noqa: PLW2901 - one case, or several
        found += differing(("fields", name), expected, actual)
    return found


def _of_record(wanted: Wanted, look: Look) -> list[Difference]:
    record = look.record or {}
    found: list[Difference] = []
    if wanted.usable is not None:
        found += differing(("usable",), wanted.usable, record.get("usable"))
    for name, expected in wanted.record.items():
        found += differing(("record", name), expected, record.get(name))
    if wanted.marks is None:
        return found
    marks = {mark["kind"]: mark for mark in record.get("marks", ())}
    kinds = sorted(mark["kind"] for mark in record.get("marks", ()))
    found += differing(("marks",), sorted(wanted.marks), kinds)
    if isinstance(wanted.marks, Mapping):
        for kind, mark in wanted.marks.items():
            if kind in marks:
                found += _of_mark(kind, mark, marks[kind], look)
    return found


def _of_mark(kind: str, wanted: MarkWanted, actual: Mapping[str, Any], look: Look) -> list[Difference]:
    found: list[Difference] = []
    if wanted.case is not None:
        case = actual["case"]
        found += differing(("marks", kind, "case"), wanted.case, look.names.get(case, case))
    for name in ("reason", "placed", "last_day"):
        expected = getattr(wanted, name)
        if expected is not UNSET:
            found += differing(("marks", kind, name), expected, actual[name])
    return found
