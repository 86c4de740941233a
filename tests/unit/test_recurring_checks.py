"""The checks of what recurs, of conditional starts and of names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.test_definition_checks import TEXT, Document, drop, problems, put, sound


def recurring() -> Document:
    """A sound definition whose cases open again and again."""
    document = sound()
    document |= {"about": "nothing", "named_by": "kind"}
    document["fields"]["until"] = {"type": "date", "title": TEXT}
    submit = document["actions"]["submit"]
    submit["by"] = ["system", "clerk"]
    submit["asks"] |= {"until": {"required": False}, "kind": {"default": "'one'"}}
    start = {"action": ["submit", "late"], "on": "case.fields.until", "when": "case.fields.days > 1"}
    document["deadlines"]["handling"] |= {"starts": start, "length": "same day"}
    values = {"days": "2", "until": "period.last"}
    document["recurring"] = {
        "yearly": {"title": TEXT, "every": "1 year", "starts": "2026-01-31", "values": values, "source": "甲法"}
    }
    return document


CASES: Document = {"type": "cases", "title": TEXT, "among": "case.final"}
ELSEWHERE: Document = {"workflow": "sample", "field": "others", "except": ["lost"]}

MISTAKES_RECURRING: list[tuple[str, Callable[[Document], None], str]] = [
    ("named by what is not there", put(("named_by",), "weeks"), "named_by"),
    ("no interval", put(("recurring", "yearly", "every"), "1 week"), "recurring.yearly.every"),
    ("working days are none", put(("recurring", "yearly", "every"), "5 working days"), "recurring.yearly.every"),
    ("no day to start on", put(("recurring", "yearly", "starts"), "2026-02-30"), "recurring.yearly.starts"),
    ("a day too early", put(("recurring", "yearly", "starts"), "1999-12-31"), "recurring.yearly.starts"),
    ("without a source", drop("recurring", "yearly", "source"), "recurring.yearly"),
    ("about a record", put(("about",), "record"), "recurring.yearly"),
    ("opened by people alone", put(("actions", "submit", "by"), ["clerk"]), "recurring.yearly"),
    ("opened with materials", put(("actions", "submit", "materials"), ["form"]), "recurring.yearly"),
    ("a value that is not asked for", put(("recurring", "yearly", "values", "weeks"), "1"), "recurring.yearly.values.weeks"),
    ("a value that is missing", drop("recurring", "yearly", "values", "days"), "recurring.yearly.values"),
    ("a value that is no expression", put(("recurring", "yearly", "values", "days"), "1 +"), "recurring.yearly.values.days"),
    ("a value of the case", put(("recurring", "yearly", "values", "until"), "case.opened"), "recurring.yearly.values.until"),
    ("a period without that day", put(("recurring", "yearly", "values", "until"), "period.middle"), "recurring.yearly.values.until"),
    ("a period in a case", put(("actions", "finish", "requires", 0, "must"), "period.first == today"), "actions.finish.requires[0].must"),
    ("for units, about what is asked for as no cases", put(("recurring", "yearly", "for_units"), "days"), "recurring.yearly.for_units"),
    ("for units, about what is not asked for", put(("recurring", "yearly", "for_units"), "weeks"), "recurring.yearly.for_units"),
    ("days named elsewhere", put(("fields", "days", "unless_in"), {"workflow": "sample", "field": "days"}), "fields.days.unless_in"),
    ("a complete list of days", put(("fields", "days", "complete"), value=True), "fields.days.complete"),
    ("a complete list of just any cases", put(("fields", "others"), {"type": "cases", "title": TEXT, "complete": True}), "fields.others.complete"),
    ("cases named in no definition", put(("fields", "others"), CASES | {"unless_in": {"workflow": "other", "field": "x"}}), "fields.others.unless_in"),
    ("cases named in no field", put(("fields", "others"), CASES | {"unless_in": {"workflow": "sample", "field": "days"}}), "fields.others.unless_in"),
    ("cases named but in no state", put(("fields", "others"), CASES | {"unless_in": ELSEWHERE}), "fields.others.unless_in"),
    ("rehearsals when it is offered", put(("actions", "finish", "owed_when"), "rehearsals.size() > 0"), "actions.finish.owed_when"),
    ("reports when it is offered", put(("actions", "finish", "owed_when"), "reports.size() > 0"), "actions.finish.owed_when"),
    ("a deadline started by what is not there", put(("deadlines", "handling", "starts", "action"), ["submit", "x"]), "deadlines.handling"),
    ("a condition of what is not there", put(("deadlines", "handling", "starts", "when"), "case.fields.weeks > 1"), "deadlines.handling.starts.when"),
]  # fmt: skip


def test_a_sound_definition_that_recurs_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, recurring()) == []


def test_a_sound_definition_that_recurs_for_each_unit_has_no_problem(tmp_path: Path) -> None:
    document = recurring()
    document["fields"]["others"] = CASES | {"unless_in": {"workflow": "sample", "field": "others"}}
    document["actions"]["submit"]["asks"]["others"] = "required"
    document["recurring"]["yearly"]["for_units"] = "others"
    assert problems(tmp_path, document) == []
    document["recurring"]["yearly"]["values"]["others"] = "['all']"
    assert "recurring.yearly.for_units" in [problem["key"] for problem in problems(tmp_path, document)]


@pytest.mark.parametrize(("change", "key"), [m[1:] for m in MISTAKES_RECURRING], ids=[m[0] for m in MISTAKES_RECURRING])
def test_a_mistake_of_recurring_is_named_at_its_key(
    tmp_path: Path, change: Callable[[Document], None], key: str
) -> None:
    document = recurring()
    change(document)
    assert key in [problem["key"] for problem in problems(tmp_path, document)]


def test_what_recurs_stands_under_no_other_case(tmp_path: Path) -> None:
    document = recurring()
    document["parent"] = "sample"
    assert "recurring.yearly" in [problem["key"] for problem in problems(tmp_path, document)]
