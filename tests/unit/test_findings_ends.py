"""Checks that cases come to an end: none is stuck, and none goes round for ever."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.machines import Document, found, guard, said, workflow
from tests.unit.nearmisses import FINISH, HANDLING, LATE, STANDS, SUBMIT, Case, NearMisses, asking

TABLE = NearMisses()


@TABLE.case("sample deadlock states.waiting")
def a_timer_that_does_not_run_where_it_is_needed() -> Case:
    def made(starts: str) -> Document:
        return workflow(
            "begun:clerk waiting done!",
            {
                "submit": SUBMIT,
                "note": {"from": "begun"},
                "wait": {"from": "begun", "to": "waiting"},
                "finish": {"from": "waiting", "to": "done", "by": ["system"]},
            },
            {"pause": {"starts": starts, "ends": [], "late": "met", "at_end": "finish"}},
        )

    # started by a note that nobody has to take, it need not run; and while it runs in `begun` it can't end anything
    return [made("note")], [made("wait")]


@TABLE.case("parent deadlock states.waiting")
def an_answer_that_comes_too_early() -> Case:
    return asking(if_possible=True), [asking(if_possible=False)[0], ask_any_time()]


def ask_any_time() -> Document:
    child = asking(if_possible=True)[1]
    del child["actions"]["ask"]["requires"]
    return child


@TABLE.case("parent deadlock states.waiting")
def an_answer_that_may_not_be_taken() -> Case:
    def made(*guards: Document) -> list[Document]:
        parent, child = asking(if_possible=True)
        parent["actions"]["answered"]["offered_when"] = list(guards)
        parent["actions"]["send"]["requires"] = [guard("children.exists(c, c.state == 'asked')")]
        child["actions"]["answer"]["requires"] = [guard("parent.state == 'waiting'")]
        return [parent, child]

    return made(guard("today > case.opened")), made()


@TABLE.case("sample deadlock states.waiting")
def a_clock_that_is_not_set_going_again() -> Case:
    def made(**more: Any) -> Document:
        actions = {
            "submit": SUBMIT,
            "hold": {"from": "begun", "to": "held"},
            "resume": {"from": "held", "to": "waiting"},
            "finish": {"from": ["begun", "waiting"], "to": "done", "by": ["system"]},
        }
        pause = {"starts": "submit", "ends": ["hold"], "late": "met", "at_end": "finish"} | more
        return workflow("begun:clerk held:clerk waiting done!", actions, {"pause": pause})

    return [made()], [made(runs_again_after="resume")]


@TABLE.case("sample deadlock states.begun")
def a_clock_that_stands_for_ever_where_only_its_timer_moves_the_case() -> Case:
    def made(origin: str) -> list[Document]:
        actions = {
            "submit": SUBMIT,
            "note": {"from": "begun"},
            "go_on": {"from": origin},
            "end": {"from": "begun", "to": "done", "by": ["system"]},
        }
        stop = STANDS | {"begins": ["note"], "ends": ["go_on"]}
        pause = {"starts": "submit", "ends": [], "late": "met", "at_end": "end", "suspensions": {"pause": stop}}
        return [workflow("begun:clerk done!", actions, {"pause": pause})]

    return made("done"), made("begun")


def circle(*, withdraw: bool) -> list[Document]:
    """A parent that ends after its child, and a child that ends after its parent."""
    parent = workflow(
        "begun:clerk done!",
        {"submit": SUBMIT, "finish": FINISH | {"requires": [guard("!children.exists(c, !c.final)")]}},
        name="parent",
    )
    actions = {"submit": SUBMIT, "finish": FINISH | {"offered_when": [guard("parent.final")]}}
    more = {"withdraw": {"from": "begun", "to": "done"}} if withdraw else {}
    return [parent, workflow("begun:clerk done!", actions | more, name="child", parent="parent")]


@TABLE.case("child deadlock states.begun")
def cases_that_wait_for_each_other() -> Case:
    return circle(withdraw=False), circle(withdraw=True)


@TABLE.case("parent deadlock states.begun")
def cases_that_wait_for_each_other_the_parent() -> Case:
    return circle(withdraw=False), circle(withdraw=True)


@TABLE.case("sample no_end states.begun")
def to_and_fro_for_ever() -> Case:
    def made(must: str) -> Document:
        return workflow(
            "begun:clerk other:clerk done!",
            {
                "submit": SUBMIT,
                "there": {"from": "begun", "to": "other"},
                "back": {"from": "other", "to": "begun"},
                "finish": {"from": "other", "to": "done", "requires": [guard(must)]},
            },
        )

    return [made("case.state == 'begun'")], [made("case.state != 'begun'")]


def test_a_family_whose_head_is_not_given_is_looked_at_all_the_same() -> None:
    assert "sample deadlock states.waiting" in said(found(*a_timer_that_does_not_run_where_it_is_needed()[0]))
    child = workflow(
        "begun:clerk done!", {"submit": SUBMIT, "finish": FINISH, "late": LATE}, HANDLING, name="child", parent="child"
    )
    assert said(found(child)) == set()  # a workflow below itself


@pytest.mark.parametrize("name", TABLE)
def test_a_check_finds_what_it_is_for_and_not_its_near_miss(name: str) -> None:
    TABLE.hold(name)
