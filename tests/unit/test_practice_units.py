"""Accounts for practice belong to the units that the definitions name."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from credit_workflow.authoring.scenarios.practice_accounts import accounts_of, own_accounts
from credit_workflow.authoring.scenarios.scenario import OwnAccount
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.rules.soundness import problems_between

SHIPPED = {name: definition.workflow for name, definition in load_definitions().items()}
UNITS = {
    "window1": "服务窗口", "window2": "服务窗口", "supervisor1": "服务窗口",
    "center1": "市信用中心", "center2": "市信用中心", "supervisor2": "市信用中心",
    "provider1": "杭州市城市管理局",
    "authority1": "市发改委", "authority2": "市发改委", "auditor1": "市发改委", "clerk1": "市发改委", "admin1": "市发改委",
    "user1": "杭州市市场监督管理局", "site1": "信用杭州",
}  # fmt: skip


def test_each_account_of_a_training_database_has_its_unit() -> None:
    found = practice_accounts(SHIPPED.values())
    assert {name: (actor.unit, actor.roles) for name, actor in found.items()} == {
        name: (unit, frozenset({name[:-1]})) for name, unit in UNITS.items()
    }


def test_a_role_that_names_no_unit_practises_in_one_of_its_own() -> None:
    roles = {"desk": replace(SHIPPED["account"].roles["admin"], practice_units=())}
    found = practice_accounts([replace(SHIPPED["account"], roles=roles)])
    assert {name: actor.unit for name, actor in found.items()} == {"desk1": "training"}


def test_accounts_of_examples_have_the_same_units_and_further_ones_the_last() -> None:
    found = accounts_of(SHIPPED)
    assert {name: found[name].unit for name in UNITS} == UNITS
    assert found["provider2"].unit == "杭州市城市管理局"


def test_an_example_introduces_people_of_other_units() -> None:
    known = accounts_of(SHIPPED)
    given = {"lead": ("center", "supervisor"), "other": OwnAccount(roles=("provider",), unit="市税务局")}
    found = own_accounts(given, known)
    assert (found["lead"].unit, found["lead"].roles) == ("市信用中心", {"center", "supervisor"})
    assert (found["other"].unit, found["other"].roles) == ("市税务局", {"provider"})


@pytest.mark.parametrize("units", [(), ("别处",)])
def test_the_units_of_a_role_are_named_by_one_definition_alone(units: tuple[str, ...]) -> None:
    window = replace(SHIPPED["objection"].roles["window"], practice_units=units)
    workflows = {
        **SHIPPED,
        "objection": replace(SHIPPED["objection"], roles={**SHIPPED["objection"].roles, "window": window}),
    }
    keys = [problem.key for _, problem in problems_between(workflows)]
    assert (("roles", "window", "practice_units") in keys) == bool(units)
