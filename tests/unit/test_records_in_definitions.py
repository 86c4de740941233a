"""What a definition does to records, and cases without one: mistakes, findings, and texts that are alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.definition.expression import custom_functions, evaluate
from tests.unit.machines import TEXT, found, guard, workflow
from tests.unit.test_definition_checks import RECORD, Document, problems, put, sound

SAID = ("open_class", "title", "content", "valid_from", "valid_until")


def without_record() -> Document:
    """A sound definition whose cases may have no record, and get one."""
    document = sound()
    document["fields"] |= {
        "missing": {"type": "text", "title": {"zh": "甲", "en": "a"}},
        "values": {"type": "record_values", "title": {"zh": "甲", "en": "a"}},
    }
    submit, finish = document["actions"]["submit"], document["actions"]["finish"]
    submit["asks"]["missing"] = "required"
    submit["instead_of_record"] = ["missing"]
    finish["asks"] = {"values": "required"}
    made = {name: value for name, value in RECORD.items() if name not in SAID}
    finish["effects"] = [{"create_record": {**made, "values": "input.values", "for_case": True}}]
    return document


def test_it_is_sound(tmp_path: Path) -> None:
    assert problems(tmp_path, without_record()) == []


_FINISH = ("actions", "finish", "effects")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (put(("actions", "submit", "instead_of_record"), ["weather"]), "actions.submit.instead_of_record"),
        (put(("actions", "submit", "asks", "missing"), "optional"), "actions.submit.instead_of_record"),
        (put(("actions", "finish", "instead_of_record"), ["values"]), "actions.finish.instead_of_record"),
        (put(("about",), "person"), "actions.submit.instead_of_record"),
        (put(("about",), "person"), "actions.finish.effects[0].create_record"),
        (put(_FINISH, [{"create_record": {"no": "'x'", "subject": "'x'", "provider": "'x'"}}]), "actions.finish.effects[0].create_record"),
        (put(_FINISH, [{"record": {"what": "correct"}}]), "actions.finish.effects[0].record"),
        (put(_FINISH, [{"record": {"what": "reassign", "subject": "'x'"}}]), "actions.finish.effects[0].record"),
        (put(_FINISH, [{"record": {"what": "remove", "values": "input.values"}}]), "actions.finish.effects[0].record"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_key(tmp_path: Path, change: Callable[[Document], None], key: str) -> None:
    document = without_record()
    change(document)
    assert key in [problem["key"] for problem in problems(tmp_path, document)]


@pytest.mark.parametrize(
    ("must", "codes"),
    [
        ("record.removed", {"perhaps_not_there"}),
        ("case.record == '' || record.removed", set()),
        ("record == null", set()),
    ],
)
def test_reading_a_record_that_may_not_be_there_is_found(must: str, codes: set[str]) -> None:
    submit = {"to": "begun", "asks": {"missing": "required"}, "instead_of_record": ["missing"]}
    leave = {"from": "begun", "to": "done", "requires": [guard(must)]}
    document = workflow(
        "begun:clerk done!",
        {"submit": submit, "leave": leave, "late": {"from": "begun", "by": ["system"]}},
        {"hold": {"starts": "submit", "ends": ["leave"], "late": "overdue", "at_end": "late"}},
        fields={"missing": {"type": "text", "title": TEXT}},
        about="record",
    )
    assert {one.code for one in found(document)} == codes


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A级纳税人", "Ａ级 纳税人。", True),
        ("罚款1.5万元", "罚款15万元", False),
        ("甲", "乙", False),
        (None, "甲", False),
        (None, None, True),
    ],
)
def test_texts_that_are_alike(one: Any, other: Any, same: bool) -> None:  # noqa: FBT001 - a table
    source = "[input.one].exists(e, alike(e, input.other))"
    assert evaluate(source, {"input": {"one": one, "other": other}}) is same
    assert custom_functions(source) == ()
