"""Checks of what deadlines fire: two that race each other, and one that can do nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.machines import Document, found, tell, workflow
from tests.unit.nearmisses import FINISH, STANDS, SUBMIT, Case, NearMisses, deadline, pair, plain

TABLE = NearMisses()


OTHER = {"when": "case.opened < today", "source": "甲法"}


def timers(first: Document, second: Document) -> Document:
    actions = {
        "submit": SUBMIT,
        "finish": FINISH,
        "expire": {"from": "begun", "to": "gone", "by": ["system"]},
        "close": {"from": "begun", "to": "done", "by": ["system"]},
        "stop": {"from": "begun"},
        "go_on": {"from": "begun"},
    }
    base = {"starts": "submit", "ends": ["finish"], "late": "met"}
    deadlines = {"one": base | {"at_end": "expire"} | first, "two": base | {"at_end": "close"} | second}
    deadlines |= {"three": base | {"ends": ["stop"]}, "four": base | {"ends": ["go_on"]}}
    return workflow("begun:clerk gone! done!", actions, deadlines)


@pytest.mark.parametrize(
    ("first", "second", "races"),
    [
        ({}, {}, True),
        ({"at_end": "close"}, {}, False),
        ({}, {"length": "20 days"}, False),
        ({"length": "20 working days"}, {}, True),
        ({"length": "20 working days"}, {"length": "30 working days"}, False),
        ({"length": "20 working days"}, {"length": "20 working days"}, True),
        ({"if_day_off": "next_working_day"}, {"length": "29 days"}, True),
        ({}, {"length": "20 days", "extension": {"at_most": 15, "source": "甲法"}}, True),
        ({"length": "same day"}, {"length": "1 day"}, False),
        ({"length": "same day"}, {"length": "0 days"}, True),
        ({"starts": ["submit", "stop"]}, {"length": "20 days"}, True),
        ({"starts": "stop", "ends": ["finish"]}, {"length": "20 days", "ends": ["finish", "stop"]}, False),
        ({}, {"length": "20 days", "suspensions": {"halt": STANDS | {"begins": ["stop"], "ends": ["go_on"]}}}, True),
        ({}, {"length": "20 days", "other_lengths": [OTHER | {"length": "25 days"}]}, False),
        ({}, {"length": "20 days", "other_lengths": [OTHER | {"length": "30 days"}]}, True),
        ({"length": "31 days", "first_day_counts": True}, {}, True),
        ({"first_day_counts": True}, {"length": "20 days"}, False),
        ({"starts": {"deadline": "three"}}, {"starts": {"deadline": "three"}, "length": "20 days"}, False),
        ({"starts": {"deadline": "three"}}, {"starts": {"deadline": "four"}, "length": "20 days"}, True),
    ],
)
def test_two_deadlines_that_can_end_on_one_day(first: Document, second: Document, races: bool) -> None:  # noqa: FBT001 - a column of the table
    document = timers(first, second)
    if first.get("at_end") == "close":
        document["actions"]["expire"] = document["actions"]["close"] | {"to": "gone", "by": ["clerk"]}
    assert {f.code for f in found(document)} - {"waits_for_ever"} == ({"race"} if races else set())


@TABLE.case("parent race deadlines.handling.at_end")
def a_race_between_a_case_and_its_child() -> Case:
    def made(to: str) -> list[Document]:
        over = {"over": {"from": ["begun", "late"], "to": to, "by": ["system"]}}
        close = {"close": {"from": ["begun", "late"], "to": "done", "by": ["system"]}}
        documents = pair(
            {"lapse": FINISH | {"by": ["system"], "effects": [tell("parent", "over", if_possible=True)]}}, over | close
        )
        documents[0]["states"]["gone"] = {"title": {"zh": "甲", "en": "a"}, "final": True}
        documents[0]["actions"]["drop"] = documents[0]["actions"]["finish"] | {"to": "gone"}
        documents[0]["deadlines"]["handling"]["at_end"] = "close"
        documents[1]["deadlines"]["answer"]["at_end"] = "lapse"
        return documents

    return made("gone"), made("done")


@TABLE.case("sample no_way_out deadlines.reply.at_end")
def a_timer_that_would_fire_where_it_cannot_but_for_its_clock_that_stands() -> Case:
    def made(rule: Document) -> list[Document]:
        actions = {
            "submit": SUBMIT,
            "finish": FINISH,
            "ask": {"from": "begun", "to": "asked"},
            "tell": {"from": "asked", "to": "begun"},
            "give_up": {"from": ["begun", "asked"], "to": "done"},
            "lapse": {"from": "begun", "to": "done", "by": ["system"]},
        }
        reply = {"starts": "submit", "ends": ["finish"], "late": "lapsed", "at_end": "lapse"}
        wait = deadline("ask", "tell")
        return [workflow("begun:clerk asked:clerk done!", actions, {"reply": reply | rule, "wait": wait})]

    return made({}), made({"suspensions": {"pause": STANDS | {"begins": ["ask"], "ends": ["tell"]}}})


@TABLE.case("sample no_way_out deadlines.pause.at_end")
def a_timer_that_cannot_fire_where_it_runs() -> Case:
    def made(ends: list[str]) -> Document:
        actions = {
            "go": {"from": "begun", "to": "next"},
            "end": {"from": "next", "to": "done"},
            "expire": {"from": "begun", "to": "done", "by": ["system"]},
        }
        pause = {"starts": "submit", "ends": ends, "late": "met", "at_end": "expire"}
        return plain(states=" next:clerk", actions=actions, deadlines={"pause": pause})

    return [made(["finish"])], [made(["finish", "go"])]


@TABLE.case("sample no_way_out deadlines.filing.at_end")
def a_deadline_that_outlives_its_case() -> Case:
    def made(origin: str) -> Document:
        filing = {"starts": "submit", "ends": ["file"], "at_end": "unfiled", "outlives_case": True}
        actions = {"file": {"from": "any"}, "unfiled": {"from": origin, "by": ["system"]}}
        return plain(actions=actions, deadlines={"filing": filing})

    return [made("open")], [made("any")]


@TABLE.case("child no_way_out deadlines.answer.at_end")
def a_timer_that_tells_what_cannot_be_done() -> Case:
    def made(**more: Any) -> list[Document]:
        lapse = FINISH | {"by": ["system"], "effects": [tell("parent", "told", **more)]}
        documents = pair({"lapse": lapse})
        documents[1]["deadlines"]["answer"]["at_end"] = "lapse"
        return documents

    return made(), made(if_possible=True)


@pytest.mark.parametrize("name", TABLE)
def test_a_check_finds_what_it_is_for_and_not_its_near_miss(name: str) -> None:
    TABLE.hold(name)
