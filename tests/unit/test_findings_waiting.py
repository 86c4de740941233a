"""Checks that nobody waits without a deadline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.machines import Document, found, guard, said, tell, workflow
from tests.unit.nearmisses import FINISH, HANDLING, STANDS, SUBMIT, Case, NearMisses, asking, deadline, pair, plain

TABLE = NearMisses()


@TABLE.case("sample waits_for_ever states.begun")
def nobody_is_reminded() -> Case:
    def made(deadlines: Document) -> Document:
        return workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH}, deadlines)

    return [made({})], [made({"handling": {"starts": "submit", "ends": ["finish"]}})]


@TABLE.case("sample waits_for_ever states.begun")
def a_deadline_on_some_ways_only() -> Case:
    def made(starts: Any) -> Document:
        actions = {
            "submit": SUBMIT,
            "finish": FINISH,
            "again": {"from": "next", "to": "begun"},
            "go": {"from": "begun", "to": "next"},
        }
        deadlines = {
            "here": {"starts": starts, "ends": ["go", "finish"]},
            "there": {"starts": "go", "ends": ["again"]},
        }
        return workflow("begun:clerk next:clerk done!", actions, deadlines)

    return [made("submit")], [made(["submit", "again"])]


@TABLE.case("sample waits_for_ever states.begun")
def a_deadline_on_a_condition() -> Case:
    def made(other: str) -> Document:
        fields = {"by_law": {"type": "boolean", "title": {"zh": "甲", "en": "a"}}}
        deadlines = {
            "law": {"starts": {"action": "submit", "when": "case.fields.by_law"}, "ends": ["finish"]},
            "goal": {"starts": {"action": "submit", "when": other}, "ends": ["finish"]},
        }
        return workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH}, deadlines, fields=fields)

    return [made("case.fields.by_law")], [made("!case.fields.by_law")]


@TABLE.case("sample waits_for_ever states.ready")
def a_deadline_on_a_condition_of_what_has_to_be_given() -> Case:
    def made(how: str) -> list[Document]:
        starts = {"deadline": "handling", "when": "case.fields.outcome != null"}
        document = plain(
            states=" ready:clerk",
            actions={
                "finish": {"from": "begun", "to": "ready", "asks": {"outcome": how}},
                "send": {"from": "ready", "to": "done"},
            },
            deadlines={"results": deadline("submit", "send") | {"starts": starts}},
            fields={"outcome": {"type": "text", "title": {"zh": "甲", "en": "a"}}},
        )
        return [document]

    return made("optional"), made("required")


@TABLE.case("sample waits_for_ever states.begun")
def a_duration_at_whose_end_nothing_happens() -> Case:
    def made(**more: Any) -> Document:
        rule = {"starts": "submit", "ends": ["finish"], "late": "met"} | more
        return workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH, "over": FINISH | {"by": ["system"]}, "also": {"from": "begun", "effects": [tell("self", "over")]}}, {"pause": rule})  # fmt: skip

    return [made()], [made(at_end="over")]


@TABLE.case("sample waits_for_ever states.asked")
def a_state_in_which_the_only_clock_stands() -> Case:
    def made(**more: Document) -> list[Document]:
        stop = STANDS | {"begins": ["ask"], "ends": ["tell"]}
        document = plain(
            states=" asked:clerk",
            actions={"ask": {"from": "begun", "to": "asked"}, "tell": {"from": "asked", "to": "begun"}},
            deadlines={"handling": HANDLING["handling"] | {"suspensions": {"pause": stop}}} | more,
        )
        return [document]

    return made(), made(wait=deadline("ask", "tell"))


@TABLE.case("child waits_for_ever states.begun")
def a_child_without_a_deadline() -> Case:
    def made(deadlines: Document) -> list[Document]:
        documents = pair({"finish": FINISH | {"effects": [tell("parent", "told", if_possible=True)]}})
        documents[1]["deadlines"] = deadlines
        return documents

    base = pair({})[1]["deadlines"]
    return made({}), made(base)


@TABLE.case("parent waits_for_ever states.waiting")
def a_parent_that_waits_for_a_child_that_never_tells() -> Case:
    def made(effects: list[Document]) -> list[Document]:
        documents = asking(if_possible=False)
        documents[0]["actions"]["send"]["effects"] = []
        documents[0]["deadlines"] = {"send": deadline("submit", "send")}
        documents[1]["deadlines"] = {"answer": deadline("ask", "answer")}
        documents[1]["actions"]["answer"]["effects"] = effects
        documents[1]["actions"]["answer"]["requires"] = [guard("parent.state == 'waiting'")]
        documents[0]["actions"]["give_up"] = {**documents[0]["actions"]["send"], "from": "waiting", "to": "done"}
        documents[0]["actions"]["send"]["requires"] = [guard("children.exists(c, c.state == 'asked')")]
        return documents

    return made([]), made([tell("parent", "answered")])


def test_of_cases_that_wait_for_each_other_the_one_that_all_wait_for_is_named() -> None:
    parent, child = a_child_without_a_deadline()[0]
    child["actions"]["answer"] = {**child["actions"]["finish"], "to": "given"}
    child["states"] = {"begun": child["states"]["begun"], "given": child["states"]["done"]}
    del child["actions"]["finish"]
    parent["deadlines"] = {}
    assert {line for line in said(found(parent, child)) if "waits" in line} == {
        "child waits_for_ever states.begun",  # while there is a child the parent waits for it
        "parent waits_for_ever states.begun",
        "parent waits_for_ever states.late",
    }
    child["deadlines"] = {"answer": deadline("submit", "answer")}
    parent["actions"]["hurry"]["requires"] = [guard("children.exists(c, !c.final)")]
    parent["actions"]["finish"]["requires"] = [guard("children.exists(c, !c.final)")]
    assert "child waits_for_ever states.begun" not in said(found(parent, child))


@pytest.mark.parametrize("name", TABLE)
def test_a_check_finds_what_it_is_for_and_not_its_near_miss(name: str) -> None:
    TABLE.hold(name)
