"""Checks of what the system does when nobody looks on: it can't be asked, and reads what is there."""

from __future__ import annotations

import pytest

from tests.unit.machines import TEXT, Document, found, guard, tell, workflow

_END = {"from": "begun", "to": "done", "by": ["system"]}


def timed(finish: Document, **more: object) -> Document:
    """Return a definition whose deadline is passed by ``finish``."""
    return workflow(
        "begun:clerk done!",
        {"submit": {"to": "begun"}, "leave": {"from": "begun", "to": "done"}, "finish": _END | finish},
        {"hold": {"starts": "submit", "ends": ["leave"], "late": "lapsed", "at_end": "finish"}},
        fields={"why": {"type": "text", "title": TEXT}},
        materials={"card": {"title": TEXT, "source": "甲法"}},
        **more,
    )


@pytest.mark.parametrize(
    ("finish", "codes"),
    [
        ({}, set()),
        ({"asks": {"why": "required"}}, {"unasked"}),
        ({"asks": {"why": "optional"}}, set()),
        ({"asks": {"why": {"default": "'late'"}}}, set()),
        ({"materials": ["card"]}, {"unasked"}),
        ({"requires": [guard("case.unit == 'x'")]}, {"may_fail"}),
        ({"requires": [guard("case.state == 'begun'")]}, set()),
        ({"offered_when": [guard("case.fields.why != null")]}, {"may_fail"}),
        ({"effects": [{"set": {"why": "record.title"}}]}, {"not_there"}),
        ({"effects": [{"set": {"why": "parent.number"}}]}, {"not_there"}),
        ({"effects": [{"set": {"why": "case.number"}, "if": "record == null"}]}, set()),
    ],
)
def test_what_would_fail_at_night_is_found(finish: Document, codes: set[str]) -> None:
    assert {one.code for one in found(timed(finish))} == codes


def test_a_workflow_about_a_record_reads_it() -> None:
    assert found(timed({"effects": [{"set": {"why": "record.title"}}]}, about="record")) == []


def test_what_is_told_can_not_be_asked_either() -> None:
    told = timed({})
    told["actions"]["leave"]["effects"] = [tell("self", "note")]
    told["actions"]["note"] = {
        "title": TEXT,
        "source": "甲法",
        "from": "done",
        "by": ["system"],
        "asks": {"why": "required"},
    }
    assert [(one.code, one.key) for one in found(told)] == [("unasked", ("actions", "note"))]
