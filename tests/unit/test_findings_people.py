"""Checks of who acts: roles that nobody can have, that are waited for in vain, four eyes that are two."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.machines import Document, found, said, workflow
from tests.unit.nearmisses import FINISH, Case, NearMisses, plain

TABLE = NearMisses()


def accounts(*roles: str) -> Document:
    """A workflow about accounts, which can be given these roles."""
    choices = {role: {"zh": "甲", "en": "a"} for role in roles}
    fields = {"roles": {"type": "several", "title": {"zh": "甲", "en": "a"}, "choices": choices}}
    effect = {"account": {"status": "active", "unit": "'甲'", "roles": "case.fields.roles"}}
    submit = {"to": "begun", "asks": {"roles": "required"}, "effects": [effect]}
    return workflow("begun:clerk done!", {"submit": submit, "finish": FINISH}, {"handling": {"starts": "submit", "ends": ["finish"]}}, name="account", about="account", fields=fields)  # fmt: skip


@TABLE.case("sample nobody roles.notary")
def a_role_that_no_account_can_have() -> Case:
    def made(**role: Any) -> Document:
        notary = {"title": {"zh": "甲", "en": "a"}} | role
        return plain(roles={"notary": notary}, actions={"seal": {"from": "begun", "by": ["notary"]}})

    return [made(), accounts("clerk")], [made(), accounts("clerk", "notary")]


@TABLE.case("sample nobody roles.notary")
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


@TABLE.case("sample idle_role states.begun.waits_for")
def a_role_that_is_waited_for_in_vain() -> Case:
    return [with_judge("judge", "clerk")], [with_judge("judge", "judge")]


def test_who_has_no_account_is_waited_for_rightly() -> None:
    assert said(found(with_judge("applicant", "clerk", "applicant"))) == set()


@TABLE.case("sample idle_role deadlines.handling.owed_by")
def a_deadline_owed_by_who_can_do_nothing() -> Case:
    return [with_judge("clerk", "clerk", "judge")], [with_judge("judge", "judge", "judge")]


@TABLE.case("sample four_eyes actions.check.not_by")
def two_people_of_whom_there_is_one() -> Case:
    def made(count: int, by: str = "judge") -> Document:
        judge = {"title": {"zh": "甲", "en": "a"}, "practice_accounts": count}
        actions = {
            "draw": {"from": "begun", "by": [by]},
            "check": {"from": "begun", "by": ["judge"], "not_by": ["draw"]},
        }
        return plain(roles={"judge": judge}, actions=actions)

    return [made(1)], [made(2)]


def test_a_role_of_which_there_is_another_doer_needs_no_second_account() -> None:
    judge = {"title": {"zh": "甲", "en": "a"}, "practice_accounts": 1}
    actions = {"draw": {"from": "begun"}, "check": {"from": "begun", "by": ["judge"], "not_by": ["draw"]}}
    assert said(found(plain(roles={"judge": judge}, actions=actions))) == set()


@pytest.mark.parametrize("name", TABLE)
def test_a_check_finds_what_it_is_for_and_not_its_near_miss(name: str) -> None:
    TABLE.hold(name)
