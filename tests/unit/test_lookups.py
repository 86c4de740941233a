"""What the definition language gained for looking up, by tables: values as they are read, and their bounds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from credit_workflow.casework.cases.views import persons_in, shown_fields
from credit_workflow.definition.model import Field, Workflow
from credit_workflow.engine.effects.record_lookups import names_all
from credit_workflow.engine.inputs import read_given
from credit_workflow.engine.values import Mark, Record
from credit_workflow.engine.world import Holding
from credit_workflow.errors import UsageFault
from credit_workflow.identity import NOBODY, parse_subject, shown_id
from credit_workflow.strict_yaml.patterns import Title
from tests.property.core import Core
from tests.property.lives import numbers

PEOPLE = numbers()
QUERY: Workflow = Core().by_name["query"].workflow


def read(kind: str, value: Any) -> Any:
    import msgspec  # noqa: PLC0415 - only here

    field = Field(type=kind, title=Title(zh="甲", en="a"))  # type: ignore[arg-type]  # one of the types
    workflow = msgspec.structs.replace(QUERY, fields={**QUERY.fields, "purpose": field})
    return read_given(workflow, workflow.actions["submit"], {"purpose": value})["purpose"]


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("words", "欠税", ["欠税"]),
        ("words", "欠税，荣誉、 处罚,欠税; 其他；末", ["欠税", "荣誉", "处罚", "其他", "末"]),
        ("words", ["a", " b "], ["a", "b"]),
        ("person", f" {PEOPLE['adult']} ", PEOPLE["adult"]),
        ("person", PEOPLE["firm"].lower(), PEOPLE["firm"]),
        ("person", "mA001XX2-3", None),
        ("account", " Window1 ", "window1"),
        ("cases", "obj-2026-000001, QRY-2026-000002、OBJ-2026-000001", ["OBJ-2026-000001", "QRY-2026-000002"]),
        ("cases", "全部", ["all"]),
        ("cases", "ALL", ["all"]),
    ],
)
def test_values_are_read_as_people_write_them(kind: str, given: Any, kept: Any) -> None:
    if kept is None:
        with pytest.raises(UsageFault):
            read(kind, given)
    else:
        assert read(kind, given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("words", ","), ("words", "a,,b"), ("words", 7), ("words", []), ("words", [1]), ("words", ["a"] * 101),
        ("words", "a\x07"), ("person", "330106199003070015"), ("person", 330106199003070014), ("person", "x"),
        ("account", 5), ("cases", ","), ("cases", [""]), ("cases", 3), ("rows", "x"), ("rows", [{}]),
    ],
)  # fmt: skip
def test_what_is_no_such_value_is_said_with_its_name(kind: str, given: Any) -> None:
    with pytest.raises(UsageFault) as caught:
        read(kind, given)
    assert caught.value.details["name"] == "purpose"
    assert "purpose" in caught.value.message.zh
    assert PEOPLE["adult"] not in caught.value.message.zh


def test_all_stands_alone() -> None:
    assert names_all(["all"])
    assert not names_all(["all", "OBJ-2026-000001"])
    assert not names_all([])


def test_the_numbers_of_people_are_masked_wherever_fields_are_shown() -> None:
    persons = persons_in(QUERY, "report_misconduct")
    assert {"queried", "agent_id", "authorised_id", "misconduct_by"} <= persons
    values = {"queried": PEOPLE["other"], "purpose": PEOPLE["other"], "agent_id": None}
    assert shown_fields(values, persons, ()) == {
        "queried": "3301**********1236",
        "purpose": PEOPLE["other"],
        "agent_id": None,
    }
    assert shown_fields(values, persons, {"queried", "purpose"}) == {"agent_id": None}
    assert shown_id(NOBODY) is None


@pytest.mark.parametrize(
    ("suspends", "last_day", "lifted", "suspended", "standing"),
    [
        (True, None, None, True, 1),
        (True, None, date(2026, 3, 2), False, 0),
        (True, date(2026, 3, 2), None, True, 1),
        (True, date(2026, 3, 1), None, False, 0),
        (False, date(2026, 3, 2), None, False, 1),
    ],
)
def test_a_holding_is_suspended_while_a_mark_that_suspends_stands(
    *, suspends: bool, last_day: date | None, lifted: date | None, suspended: bool, standing: int
) -> None:
    record = Record(
        no="R", subject=parse_subject(PEOPLE["adult"]), provider="甲", open_class="B", title="乙", content="丙",
        valid_from=date(2020, 1, 1), valid_until=date(2030, 1, 1),
    )  # fmt: skip
    mark = Mark(
        kind="k", record="R", title_zh="甲", title_en="a", suspends=suspends, placed=date(2026, 2, 1),
        last_day=last_day, lifted=lifted,
    )  # fmt: skip
    held = Holding(record=record, marks=(("C-1", mark),))
    day = date(2026, 3, 2)
    assert (held.suspended(day), len(held.in_force(day))) == (suspended, standing)
