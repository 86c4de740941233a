"""Each check of `workflow check`: a definition in which it finds something, and a near miss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from credit_workflow.definition.checking.explore import alone
from credit_workflow.definition.checking.family import CaseAt, Move
from credit_workflow.definition.checking.findings import findings_in
from tests.unit.machines import Document, found, guard, loaded, said, tell, workflow

Case = tuple[list[Document], list[Document]]
TABLE: dict[str, Callable[[], Case]] = {}


def case(expected: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    def keep(function: Callable[[], Case]) -> Callable[[], Case]:
        TABLE[f"{function.__name__}: {expected}"] = function
        return function

    return keep


SUBMIT = {"to": "begun"}
FINISH = {"from": "begun", "to": "done"}
LATE = {"from": "any", "by": ["system"]}
HANDLING = {"handling": {"starts": "submit", "ends": ["finish"], "at_end": "late"}}


def plain(**more: Any) -> Document:
    """One action from begin to end, with a deadline."""
    actions = {"submit": SUBMIT, "finish": FINISH, "late": LATE} | more.pop("actions", {})
    return workflow("begun:clerk done!" + more.pop("states", ""), actions, HANDLING | more.pop("deadlines", {}), **more)


@case("sample deadlock states.waiting")
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


def asking(*, if_possible: bool) -> list[Document]:
    """A parent that waits for an answer, which its child may give too early."""
    parent = workflow(
        "new:clerk waiting done!",
        {
            "submit": {"to": "new"},
            "send": {"from": "new", "to": "waiting"},
            "answered": {"from": "waiting", "to": "done", "by": ["system"]},
        },
        name="parent",
    )
    child = workflow(
        "asked:clerk given!",
        {
            "ask": {"to": "asked", "requires": [guard("parent.state == 'new'")]},
            "answer": {
                "from": "asked",
                "to": "given",
                "effects": [tell("parent", "answered", if_possible=if_possible)],
            },
        },
        name="child",
        parent="parent",
    )
    return [parent, child]


@case("parent deadlock states.waiting")
def an_answer_that_comes_too_early() -> Case:
    return asking(if_possible=True), [asking(if_possible=False)[0], ask_any_time()]


def ask_any_time() -> Document:
    child = asking(if_possible=True)[1]
    del child["actions"]["ask"]["requires"]
    return child


@case("parent deadlock states.waiting")
def an_answer_that_may_not_be_taken() -> Case:
    def made(*guards: Document) -> list[Document]:
        parent, child = asking(if_possible=True)
        parent["actions"]["answered"]["offered_when"] = list(guards)
        parent["actions"]["send"]["requires"] = [guard("children.exists(c, c.state == 'asked')")]
        child["actions"]["answer"]["requires"] = [guard("parent.state == 'waiting'")]
        return [parent, child]

    return made(guard("today > case.opened")), made()


@case("sample deadlock states.waiting")
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


@case("child deadlock states.begun")
def cases_that_wait_for_each_other() -> Case:
    return circle(withdraw=False), circle(withdraw=True)


@case("parent deadlock states.begun")
def cases_that_wait_for_each_other_the_parent() -> Case:
    return circle(withdraw=False), circle(withdraw=True)


@case("sample no_end states.begun")
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


def pair(child_actions: Document, parent_actions: Document | None = None, **child: Any) -> list[Document]:
    parent = workflow(
        "begun:clerk late:clerk done!",
        {
            "submit": SUBMIT,
            "hurry": {"from": "begun", "to": "late"},
            "finish": {"from": ["begun", "late"], "to": "done"},
            "told": {"from": "late", "by": ["system"]},
        }
        | (parent_actions or {}),
        {"handling": {"starts": "submit", "ends": ["finish"]}},
        name="parent",
    )
    deadlines = {"answer": {"starts": "submit", "ends": ["finish"]}} | child.pop("deadlines", {})
    return [
        parent,
        workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH} | child_actions, deadlines, name="child", parent="parent", **child),
    ]  # fmt: skip


@case("child never_allowed actions.extra")
def what_is_told_can_never_be_done() -> Case:
    def made(state: str) -> list[Document]:
        extra = {
            "from": "begun",
            "requires": [guard(f"parent.state == '{state}'")],
            "effects": [tell("parent", "told")],
        }
        return pair({"extra": extra})

    return made("begun"), made("late")


@case("parent never_allowed actions.told")
def told_only_where_it_is_not_open() -> Case:
    def made(state: str) -> list[Document]:
        extra = {
            "from": "begun",
            "offered_when": [guard(f"parent.state == '{state}'")],
            "effects": [tell("parent", "told", if_possible=True)],
        }
        return pair({"extra": extra})

    return made("begun"), made("late")


@case("sample never_fired actions.extra")
def the_system_s_action_that_nothing_fires() -> Case:
    extra = {"from": "begun", "by": ["system"]}
    return (
        [plain(actions={"extra": extra})],
        [plain(actions={"extra": extra, "note": {"from": "begun", "effects": [tell("self", "extra")]}})],
    )


@case("sample never_from actions.extra.from")
def a_state_named_in_vain() -> Case:
    def made(must: str) -> Document:
        actions = {
            "go": {"from": "begun", "to": "next"},
            "end": {"from": "next", "to": "done"},
            "extra": {"from": ["begun", "next"], "requires": [guard(must)]},
        }
        return plain(states=" next:clerk", actions=actions)

    return [made("case.state == 'begun'")], [made("case.state != 'done'")]


@case("sample waits_for_ever states.begun")
def nobody_is_reminded() -> Case:
    def made(deadlines: Document) -> Document:
        return workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH}, deadlines)

    return [made({})], [made({"handling": {"starts": "submit", "ends": ["finish"]}})]


@case("sample waits_for_ever states.begun")
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


@case("sample waits_for_ever states.begun")
def a_deadline_on_a_condition() -> Case:
    def made(other: str) -> Document:
        fields = {"by_law": {"type": "boolean", "title": {"zh": "甲", "en": "a"}}}
        deadlines = {
            "law": {"starts": {"action": "submit", "when": "case.fields.by_law"}, "ends": ["finish"]},
            "goal": {"starts": {"action": "submit", "when": other}, "ends": ["finish"]},
        }
        return workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH}, deadlines, fields=fields)

    return [made("case.fields.by_law")], [made("!case.fields.by_law")]


@case("sample waits_for_ever states.begun")
def a_duration_at_whose_end_nothing_happens() -> Case:
    def made(**more: Any) -> Document:
        rule = {"starts": "submit", "ends": ["finish"], "late": "met"} | more
        return workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH, "over": FINISH | {"by": ["system"]}, "also": {"from": "begun", "effects": [tell("self", "over")]}}, {"pause": rule})  # fmt: skip

    return [made()], [made(at_end="over")]


@case("child waits_for_ever states.begun")
def a_child_without_a_deadline() -> Case:
    def made(deadlines: Document) -> list[Document]:
        documents = pair({"finish": FINISH | {"effects": [tell("parent", "told", if_possible=True)]}})
        documents[1]["deadlines"] = deadlines
        return documents

    base = pair({})[1]["deadlines"]
    return made({}), made(base)


@case("parent waits_for_ever states.waiting")
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


def deadline(starts: str, ends: str) -> Document:
    title = {"zh": "甲", "en": "a"}
    return {"title": title, "source": "甲法", "kind": "target", "length": "30 days", "starts": starts, "ends": [ends], "late": "overdue"}  # fmt: skip


STANDS = {"title": {"zh": "甲", "en": "a"}, "source": "甲法"}
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


@case("parent race deadlines.handling.at_end")
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


@case("sample no_way_out deadlines.reply.at_end")
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


@case("sample deadlock states.begun")
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


@case("sample waits_for_ever states.asked")
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


@case("sample never_allowed actions.complain")
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


@case("sample never_allowed actions.close")
def a_timer_of_a_deadline_that_another_starts() -> Case:
    def made(**rule: object) -> list[Document]:
        window = deadline("submit", "finish") | {"starts": {"deadline": "handling"}, "ends": [], "at_end": "close"}
        return [plain(actions={"close": LATE}, deadlines={"window": window | rule})]

    return made(), made(outlives_case=True)


@case("child never_allowed actions.submit")
def a_child_that_waits_for_a_deadline_of_its_parent_that_another_starts() -> Case:
    def made(**rule: object) -> list[Document]:
        window = deadline("submit", "finish") | {"starts": {"deadline": "handling"}, "ends": []}
        parent = plain(deadlines={"window": window | rule}, name="parent")
        asked = [guard("parent.final"), guard("parent.deadlines.window.status == 'running'", "in_time")]
        return [parent, plain(actions={"submit": SUBMIT | {"requires": asked}}, name="child", parent="parent")]

    return made(), made(outlives_case=True)


@case("sample waits_for_ever states.ready")
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


@case("sample no_way_out deadlines.pause.at_end")
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


@case("sample no_way_out deadlines.filing.at_end")
def a_deadline_that_outlives_its_case() -> Case:
    def made(origin: str) -> Document:
        filing = {"starts": "submit", "ends": ["file"], "at_end": "unfiled", "outlives_case": True}
        actions = {"file": {"from": "any"}, "unfiled": {"from": origin, "by": ["system"]}}
        return plain(actions=actions, deadlines={"filing": filing})

    return [made("open")], [made("any")]


@case("child no_way_out deadlines.answer.at_end")
def a_timer_that_tells_what_cannot_be_done() -> Case:
    def made(**more: Any) -> list[Document]:
        lapse = FINISH | {"by": ["system"], "effects": [tell("parent", "told", **more)]}
        documents = pair({"lapse": lapse})
        documents[1]["deadlines"]["answer"]["at_end"] = "lapse"
        return documents

    return made(), made(if_possible=True)


def accounts(*roles: str) -> Document:
    """A workflow about accounts, which can be given these roles."""
    choices = {role: {"zh": "甲", "en": "a"} for role in roles}
    fields = {"roles": {"type": "several", "title": {"zh": "甲", "en": "a"}, "choices": choices}}
    effect = {"account": {"status": "active", "unit": "'甲'", "roles": "case.fields.roles"}}
    submit = {"to": "begun", "asks": {"roles": "required"}, "effects": [effect]}
    return workflow("begun:clerk done!", {"submit": submit, "finish": FINISH}, {"handling": {"starts": "submit", "ends": ["finish"]}}, name="account", about="account", fields=fields)  # fmt: skip


@case("sample nobody roles.notary")
def a_role_that_no_account_can_have() -> Case:
    def made(**role: Any) -> Document:
        notary = {"title": {"zh": "甲", "en": "a"}} | role
        return plain(roles={"notary": notary}, actions={"seal": {"from": "begun", "by": ["notary"]}})

    return [made(), accounts("clerk")], [made(), accounts("clerk", "notary")]


@case("sample nobody roles.notary")
def a_role_that_no_practice_account_has() -> Case:
    def made(**role: Any) -> Document:
        notary = {"title": {"zh": "甲", "en": "a"}} | role
        return plain(roles={"notary": notary}, actions={"seal": {"from": "begun", "by": ["notary"]}})

    return [made()], [made(practice_accounts=1)]


def with_judge(state_role: str, by: str, owed: str | None = None) -> Document:
    roles = {role: {"title": {"zh": "甲", "en": "a"}, "practice_accounts": 1} for role in ("judge",)}
    roles["applicant"] = {"title": {"zh": "甲", "en": "a"}}
    document = plain(roles=roles, actions={"finish": FINISH | {"by": [by]}})
    document["states"]["begun"]["waits_for"] = state_role
    if owed:
        document["deadlines"]["handling"]["owed_by"] = owed
    return document


@case("sample idle_role states.begun.waits_for")
def a_role_that_is_waited_for_in_vain() -> Case:
    return [with_judge("judge", "clerk")], [with_judge("judge", "judge")]


def test_who_has_no_account_is_waited_for_rightly() -> None:
    assert said(found(with_judge("applicant", "clerk", "applicant"))) == set()


@case("sample idle_role deadlines.handling.owed_by")
def a_deadline_owed_by_who_can_do_nothing() -> Case:
    return [with_judge("clerk", "clerk", "judge")], [with_judge("judge", "judge", "judge")]


@case("sample four_eyes actions.check.not_by")
def two_people_of_whom_there_is_one() -> Case:
    def made(count: int, by: str = "judge") -> Document:
        judge = {"title": {"zh": "甲", "en": "a"}, "practice_accounts": count}
        actions = {
            "draw": {"from": "begun", "by": [by]},
            "check": {"from": "begun", "by": ["judge"], "not_by": ["draw"]},
        }
        return plain(roles={"judge": judge}, actions=actions)

    return [made(1)], [made(2)]


@pytest.mark.parametrize("name", TABLE)
def test_a_check_finds_what_it_is_for_and_not_its_near_miss(name: str) -> None:
    expected = name.partition(": ")[2]
    wrong, right = TABLE[name]()
    assert expected in said(found(*wrong))
    assert expected not in said(found(*right))


def test_every_finding_says_in_both_languages_what_was_found_and_what_to_do() -> None:
    codes = set()
    for made in TABLE.values():
        for finding in found(*made()[0]):
            codes.add(finding.code)
            for text in (finding.message, finding.advice):
                assert text.zh
                assert text.en not in {"", text.zh}
                assert "{" not in text.zh + text.en
    assert codes == {
        "deadlock", "no_end", "never_allowed", "never_fired", "never_from", "waits_for_ever", "race", "no_way_out",
        "nobody", "idle_role", "four_eyes", "from_word",
    }  # fmt: skip


def test_a_role_of_which_there_is_another_doer_needs_no_second_account() -> None:
    judge = {"title": {"zh": "甲", "en": "a"}, "practice_accounts": 1}
    actions = {"draw": {"from": "begun"}, "check": {"from": "begun", "by": ["judge"], "not_by": ["draw"]}}
    assert said(found(plain(roles={"judge": judge}, actions=actions))) == set()


@case("sample from_word states.open")
def a_state_called_by_a_word_that_means_several() -> Case:
    def made(name: str) -> Document:
        return plain(
            states=f" {name}:clerk", actions={"go": {"from": "begun", "to": name}, "end": {"from": name, "to": "done"}}
        )

    return [made("open")], [made("opened")]


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


STOPS = {"suspensions": {"pause": STANDS | {"begins": ["note"], "ends": ["go_on"]}}}
TWO_STOPS = {
    "suspensions": STOPS["suspensions"] | {"halt": STANDS | {"begins": ["stop"], "ends": ["late"]}},
    "ends": [],
}

#: How a deadline stands before, what is taken (by time where there is a sign of exclamation), and how it stands after.
AFTER = {
    "submit": ({}, None, "submit", {"running"}),
    "met in time": ({}, "running", "stop", {"met"}),
    "met late": ({}, "overdue", "stop", {"met_late"}),
    "not of it": ({}, "running", "note", {"running"}),
    "over": ({}, "met", "stop", {"met"}),
    "again": ({"runs_again_after": "note"}, "met", "note", {"running"}),
    "not again when late": ({"runs_again_after": "note"}, "met_late", "note", {"met_late"}),
    "met and again at once": ({"runs_again_after": "stop"}, "running", "stop", {"running"}),
    "passing": ({}, "running", "late!", {"overdue"}),
    "a right that passes": ({"late": "lapsed"}, "running", "late!", {"lapsed"}),
    "a duration that passes": ({"late": "met"}, "running", "late!", {"met"}),
    "met by its own passing": ({"ends": ["late"]}, "running", "late!", {"met_late"}),
    "a duration met by its own passing": ({"ends": ["late"], "late": "met"}, "running", "late!", {"met"}),
    "the case ends": ({"ends": ["stop"]}, "running", "finish", {"cancelled"}),
    "the case ends when it is overdue": ({"ends": ["stop"]}, "overdue", "finish", {"cancelled"}),
    "it stands": (STOPS, "running", "note", {"stopped pause"}),
    "it stands already": (STOPS, "stopped pause", "note", {"stopped pause"}),
    "what is overdue does not stand": (STOPS, "overdue", "note", {"overdue"}),
    "what is met does not stand": (STOPS, "met", "note", {"met"}),
    "it goes on": (STOPS, "stopped pause", "go_on", {"running"}),
    "nothing goes on": (STOPS, None, "submit", {"running"}),
    "met while it stands": (STOPS, "stopped pause", "stop", {"met"}),
    "the case ends while it stands": (STOPS, "stopped pause", "finish", {"cancelled"}),
    "a second stop": (TWO_STOPS, "stopped pause", "stop", {"stopped halt pause"}),
    "of two stops one lasts": (TWO_STOPS, "stopped halt pause", "go_on", {"stopped halt"}),
    "stopped by what starts it": (STOPS | {"starts": ["submit", "note"]}, "overdue", "note", {"stopped pause"}),
    "anew while it stands": (STOPS | {"starts": ["submit", "stop"], "ends": []}, "stopped pause", "stop", {"running"}),
    "its own passing does not stop it": (STOPS | {"suspensions": {"pause": STANDS | {"begins": ["late"], "ends": ["note"]}}}, "running", "late!", {"overdue"}),
    "anew by its own passing": ({"starts": ["submit", "late"], "late": "lapsed"}, "running", "late!", {"running"}),
    "anew, perhaps past already": ({"starts": {"action": ["submit", "late"], "on": "case.opened"}, "late": "lapsed"}, "running", "late!", {"running", "lapsed"}),
    "anew on a condition": ({"starts": {"action": ["submit", "late"], "when": "subject != null"}}, "running", "late!", {"running", "overdue"}),
    "anew and met by its own passing": ({"starts": ["submit", "late"], "ends": ["late"]}, "running", "late!", {"met"}),
    "it outlives the case": ({"ends": ["stop"], "outlives_case": True}, "running", "finish", {"running"}),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "before", "action", "after"), AFTER.values(), ids=AFTER.keys())
def test_how_a_deadline_stands_after_an_action(
    rule: Document, before: str | None, action: str, after: set[str]
) -> None:
    actions = {"submit": SUBMIT, "finish": FINISH, "stop": {"from": "begun"}, "note": {"from": "begun"}, "late": LATE}
    actions["go_on"] = {"from": "begun"}
    deadlines = {"term": {"starts": "submit", "ends": ["stop"], "at_end": "late"} | rule}
    family = alone(loaded(workflow("begun:clerk done!", actions, deadlines))["sample"], {})
    name = action.rstrip("!")
    config = (None if before is None else CaseAt("begun", (before,)),)
    reached = family.take(config, Move(0, name, "term" if action != name else None))
    assert {case.deadlines[0] for (case,) in reached if case is not None} == after


PASSED = {"starts": {"deadline": "term", "once": "passed"}}

#: Likewise, of a first deadline and one that begins with its end.
FOLLOWING: dict[str, tuple[Document, Document, tuple[str | None, str | None], str, set[tuple[str, str | None]]]] = {
    "met": ({}, {}, ("running", None), "stop", {("met", "running")}),
    "met late": ({}, {}, ("overdue", None), "stop", {("met_late", "running")}),
    "met while it stood": (STOPS, {}, ("stopped pause", None), "stop", {("met", "running")}),
    "nothing was there to meet": ({}, {}, ("lapsed", None), "stop", {("lapsed", None)}),
    "not of it": ({}, {}, ("running", None), "note", {("running", None)}),
    "begun again": ({}, {}, ("running", "overdue"), "stop", {("met", "running")}),
    "met at once": ({}, {"ends": ["stop"]}, ("running", None), "stop", {("met", "met")}),
    "it does not pass": ({}, {}, ("running", None), "late!", {("overdue", None)}),
    "passed": ({}, PASSED, ("running", None), "late!", {("overdue", "running")}),
    "passed, not met": ({}, PASSED, ("running", None), "stop", {("met", None)}),
    "passed and perhaps too late": ({}, PASSED | {"ends": ["late"]}, ("running", None), "late!", {("overdue", "met"), ("overdue", "met_late")}),
    "met by its own passing": ({"ends": ["late"]}, {}, ("running", None), "late!", {("met_late", "running")}),
    "begun anew by its own passing": ({"starts": ["submit", "late"]}, PASSED, ("running", None), "late!", {("running", "running")}),
    "met and again": ({"runs_again_after": "stop"}, {}, ("running", None), "stop", {("running", "running")}),
    "on a condition": ({}, {"starts": {"deadline": "term", "when": "subject != null"}}, ("running", None), "stop", {("met", None), ("met", "running")}),
    "the case ends": ({"ends": ["finish"]}, {}, ("running", None), "finish", {("met", "cancelled")}),
    "it outlives the case": ({"ends": ["finish"]}, {"outlives_case": True}, ("running", None), "finish", {("met", "running")}),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "next_", "before", "action", "after"), FOLLOWING.values(), ids=FOLLOWING.keys())
def test_how_a_deadline_stands_that_begins_with_the_end_of_another(
    rule: Document,
    next_: Document,
    before: tuple[str | None, str | None],
    action: str,
    after: set[tuple[str, str | None]],
) -> None:
    actions = {"submit": SUBMIT, "finish": FINISH, "stop": {"from": "begun"}, "note": {"from": "begun"}, "late": LATE}
    actions["go_on"] = {"from": "begun"}
    deadlines = {
        "term": {"starts": "submit", "ends": ["stop"], "at_end": "late"} | rule,
        "next": {"starts": {"deadline": "term"}, "ends": []} | next_,
    }
    family = alone(loaded(workflow("begun:clerk done!", actions, deadlines))["sample"], {})
    name = action.rstrip("!")
    reached = family.take((CaseAt("begun", before),), Move(0, name, "term" if action != name else None))
    assert {case.deadlines for (case,) in reached if case is not None} == after


def test_of_too_many_configurations_only_that_is_said() -> None:
    documents = pair({})
    assert said(found(*documents)) == {"parent never_fired actions.told"}
    assert said(findings_in(loaded(*documents), limit=3)) == {
        "parent too_large workflow",
        "child too_large workflow",
    }


def test_a_family_whose_head_is_not_given_is_looked_at_all_the_same() -> None:
    assert "sample deadlock states.waiting" in said(found(*a_timer_that_does_not_run_where_it_is_needed()[0]))
    child = workflow(
        "begun:clerk done!", {"submit": SUBMIT, "finish": FINISH, "late": LATE}, HANDLING, name="child", parent="child"
    )
    assert said(found(child)) == set()  # a workflow below itself
