"""Checks of actions: taken in no situation, fired by nothing, named from a state in vain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.machines import Document, found, guard, said, tell
from tests.unit.nearmisses import HANDLING, LATE, SUBMIT, Case, NearMisses, deadline, pair, plain

TABLE = NearMisses()


def guarded(*musts: str, **more: Any) -> Document:
    guards = [guard(must, f"guard{index}") for index, must in enumerate(musts)]
    fields = {
        "kind": {"type": "choice", "title": {"zh": "甲", "en": "a"}, "choices": {"one": {"zh": "甲", "en": "a"}, "two": {"zh": "乙", "en": "b"}}},
        "days": {"type": "integer", "title": {"zh": "甲", "en": "a"}, "at_least": 1, "at_most": 15},
    }  # fmt: skip
    extra = {"extra": {"from": "begun", "requires": guards} | more}
    return plain(actions=extra, fields=fields)


#: Guards that can't hold, and some that differ in one thing and can.
GUARDS = {
    "another state": (["case.state == 'done'"], ["case.state == 'begun'"]),
    "a final state": (["case.final"], ["!case.final"]),
    "no such choice": (["case.fields.kind == 'three'"], ["case.fields.kind == 'two'"]),
    "two choices at once": (["case.fields.kind == 'one'", "case.fields.kind == 'two'"], ["case.fields.kind == 'one'", "case.fields.kind != 'two'"]),
    "none of the choices": (["case.fields.kind in ['three', 'four']"], ["case.fields.kind in ['three', 'two']"]),
    "all choices excluded": (["!(case.fields.kind in ['one', 'two', null])"], ["!(case.fields.kind in ['one', null])"]),
    "beyond the bound": (["case.fields.days > 15"], ["case.fields.days > 14"]),
    "below the bound": (["case.fields.days < 1 && case.fields.days != null"], ["case.fields.days <= 1"]),
    "a bound, by its contrary": (["!(case.fields.days > 14)", "case.fields.days >= 15"], ["!(case.fields.days > 15)", "case.fields.days >= 15"]),
    "two bounds": (["case.opened < '2020-01-01'", "case.opened > '2020-01-01'"], ["case.opened <= '2020-01-01'", "case.opened >= '2020-01-01'"]),
    "itself and the contrary": (["subject.age > 3", "!(subject.age > 3)"], ["subject.age > 3", "!(subject.age > 4)"]),
    "two facts compared": (["case.opened < today", "case.opened >= today"], ["case.opened <= today", "case.opened >= today"]),
    "what is not understood, twice": (["case.fields.kind.size() == 3", "case.fields.kind.size() != 3"], ["case.fields.kind.size() == 3", "case.fields.kind.size() != 4"]),
    "a constant": (["1 > 2"], ["2 > 1"]),
    "by cases": (["case.fields.days > 5 ? case.fields.days < 4 : case.fields.days > 7"], ["case.fields.days > 5 ? case.fields.days < 7 : case.fields.days > 7"]),
    "either way": (["(case.fields.kind == 'one' || case.fields.kind == 'two') && case.fields.kind == null"], ["(case.fields.kind == 'one' || case.fields.kind == null) && case.fields.kind == null"]),
    "a deadline that never ran": (["deadlines.handling.status == 'lapsed'"], ["deadlines.handling.status == 'running'"]),
    "a duty that is overdue goes on running": (["deadlines.handling.status == 'overdue'"], ["deadlines.handling.status == 'running' && today > deadlines.handling.due"]),
    "a deadline that runs here": (["deadlines.handling.status == null"], ["deadlines.handling.status == 'running'"]),
}  # fmt: skip


@pytest.mark.parametrize(("impossible", "possible"), GUARDS.values(), ids=GUARDS.keys())
def test_an_action_whose_guards_can_never_hold(impossible: list[str], possible: list[str]) -> None:
    assert said(found(guarded(*impossible))) == {"sample never_allowed actions.extra"}
    assert said(found(guarded(*possible))) == set()


def test_guards_over_values_that_the_action_itself_asks_for_do_not_contradict_those_before() -> None:
    asks = {"kind": "required"}
    action = {"from": "begun", "asks": asks, "offered_when": [guard("case.fields.kind == null", "none")],
              "requires": [guard("case.fields.kind == 'one'", "one")]}  # fmt: skip
    document = guarded()
    document["actions"]["extra"] |= action
    assert said(found(document)) == set()
    del document["actions"]["extra"]["asks"]
    document["actions"]["submit"]["asks"] = asks
    assert said(found(document)) == {"sample never_allowed actions.extra"}


def test_a_field_that_effects_set_has_other_values_than_its_choices() -> None:
    document = guarded("case.fields.kind == 'three'")
    document["actions"]["late"]["effects"] = [{"set": {"kind": "'three'"}}]
    assert said(found(document)) == set()
    document["actions"]["late"]["effects"] = [{"set": {"kind": "'one'"}}]
    assert said(found(document)) == {"sample never_allowed actions.extra"}
    document["actions"]["late"]["effects"] = [{"set": {"kind": "case.number"}}]
    assert said(found(document)) == set()


@TABLE.case("child never_allowed actions.extra")
def what_is_told_can_never_be_done() -> Case:
    def made(state: str) -> list[Document]:
        extra = {
            "from": "begun",
            "requires": [guard(f"parent.state == '{state}'")],
            "effects": [tell("parent", "told")],
        }
        return pair({"extra": extra})

    return made("begun"), made("late")


@TABLE.case("parent never_allowed actions.told")
def told_only_where_it_is_not_open() -> Case:
    def made(state: str) -> list[Document]:
        extra = {
            "from": "begun",
            "offered_when": [guard(f"parent.state == '{state}'")],
            "effects": [tell("parent", "told", if_possible=True)],
        }
        return pair({"extra": extra})

    return made("begun"), made("late")


@TABLE.case("sample never_allowed actions.complain")
def an_action_that_waits_for_a_deadline_that_another_starts() -> Case:
    def made(ends: str) -> list[Document]:
        window = deadline("submit", "finish") | {"starts": {"deadline": "handling"}}
        document = plain(
            actions={
                "note": {"from": "begun"},
                "complain": {"from": "begun", "requires": [guard("deadlines.window.status == 'running'")]},
            },
            deadlines={"handling": HANDLING["handling"] | {"ends": [ends]}, "window": window},
        )
        return [document]

    return made("finish"), made("note")  # with the end of the case the window is cancelled


@TABLE.case("sample never_allowed actions.close")
def a_timer_of_a_deadline_that_another_starts() -> Case:
    def made(**rule: object) -> list[Document]:
        window = deadline("submit", "finish") | {"starts": {"deadline": "handling"}, "ends": [], "at_end": "close"}
        return [plain(actions={"close": LATE}, deadlines={"window": window | rule})]

    return made(), made(outlives_case=True)


@TABLE.case("child never_allowed actions.submit")
def a_child_that_waits_for_a_deadline_of_its_parent_that_another_starts() -> Case:
    def made(**rule: object) -> list[Document]:
        window = deadline("submit", "finish") | {"starts": {"deadline": "handling"}, "ends": []}
        parent = plain(deadlines={"window": window | rule}, name="parent")
        asked = [guard("parent.final"), guard("parent.deadlines.window.status == 'running'", "in_time")]
        return [parent, plain(actions={"submit": SUBMIT | {"requires": asked}}, name="child", parent="parent")]

    return made(), made(outlives_case=True)


@TABLE.case("sample never_fired actions.extra")
def the_system_s_action_that_nothing_fires() -> Case:
    extra = {"from": "begun", "by": ["system"]}
    return (
        [plain(actions={"extra": extra})],
        [plain(actions={"extra": extra, "note": {"from": "begun", "effects": [tell("self", "extra")]}})],
    )


@TABLE.case("sample never_from actions.extra.from")
def a_state_named_in_vain() -> Case:
    def made(must: str) -> Document:
        actions = {
            "go": {"from": "begun", "to": "next"},
            "end": {"from": "next", "to": "done"},
            "extra": {"from": ["begun", "next"], "requires": [guard(must)]},
        }
        return plain(states=" next:clerk", actions=actions)

    return [made("case.state == 'begun'")], [made("case.state != 'done'")]


@TABLE.case("sample from_word states.open")
def a_state_called_by_a_word_that_means_several() -> Case:
    def made(name: str) -> Document:
        return plain(
            states=f" {name}:clerk", actions={"go": {"from": "begun", "to": name}, "end": {"from": name, "to": "done"}}
        )

    return [made("open")], [made("opened")]


@pytest.mark.parametrize("name", TABLE)
def test_a_check_finds_what_it_is_for_and_not_its_near_miss(name: str) -> None:
    TABLE.hold(name)
