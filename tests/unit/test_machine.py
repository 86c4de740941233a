"""The state machine of a definition: one small enough to be written down whole, and those that ship."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import msgspec
import pytest

from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.machine import Machine, walk
from credit_workflow.definition.model import Workflow
from tests.unit.machines import workflow

ACTIONS: dict[str, dict[str, Any]] = {
    "file": {"to": "filed"},
    "take": {"from": "filed", "to": "taken"},
    "again": {"from": "taken", "to": "taken"},
    "back": {"from": ["taken", "asked"], "to": "filed"},
    "ask": {"from": "taken", "to": "asked"},
    "close": {"from": "asked", "to": "closed"},
    "drop": {"from": "open", "to": "dropped"},
    "note": {"from": "any"},
    "state": {"from": "filed", "to": "pit"},  # a name that the library keeps for itself unless told otherwise
}
#: By state, what each action that is open makes of it, in the order of the definition.
TABLE = {
    "filed": {"take": "taken", "drop": "dropped", "note": "filed", "state": "pit"},
    "taken": {"again": "taken", "back": "filed", "ask": "asked", "drop": "dropped", "note": "taken"},
    "asked": {"back": "filed", "close": "closed", "drop": "dropped", "note": "asked"},
    "pit": {"drop": "dropped", "note": "pit"},
    "lone": {"drop": "dropped", "note": "lone"},
    "closed": {"note": "closed"},
    "dropped": {"note": "dropped"},
}
STATES = "filed taken asked pit lone closed! dropped!"


def machine(**changed: dict[str, Any]) -> Machine:
    return Machine(msgspec.convert(workflow(STATES, ACTIONS | changed), Workflow))


@pytest.mark.parametrize("state", [None, *TABLE])
def test_a_step_leads_where_the_definition_says_and_nowhere_else(state: str | None) -> None:
    wanted = {"file": "filed"} if state is None else TABLE[state]
    its = machine()
    for _ in range(2):  # the second time from what is remembered
        assert {action: its.step(state, action) for action in ACTIONS} == {**dict.fromkeys(ACTIONS), **wanted}


def test_what_is_open_in_a_state_stands_in_the_order_of_the_definition() -> None:
    its = machine()
    assert {state: its.triggers(state) for state in TABLE} == {state: tuple(row) for state, row in TABLE.items()}
    assert its.sources["back"] == ("taken", "asked")
    assert its.sources["drop"] == ("filed", "taken", "asked", "pit", "lone")
    assert its.sources["note"] == tuple(TABLE)
    assert its.sources["file"] == ()


def test_the_ways_between_states_are_those_of_the_actions_that_move_a_case() -> None:
    found = machine().transitions
    assert found[:4] == (
        (None, "file", "filed"), ("filed", "take", "taken"), ("taken", "again", "taken"), ("taken", "back", "filed"),
    )  # fmt: skip
    assert sorted(found[1:]) == sorted(  # type: ignore[type-var]  # None stands first
        (state, action, to) for state, row in TABLE.items() for action, to in row.items() if action != "note"
    )


def test_what_is_reached_stands_by_how_far_away_it_is() -> None:
    near = {None: 0, "filed": 1, "taken": 2, "dropped": 2, "pit": 2, "asked": 3, "closed": 4}
    assert machine().reached() == near
    assert list(machine().reached()) == list(near)
    assert machine().reached(["asked"], without={"back", "drop"}) == {"asked": 0, "closed": 1}
    assert machine().reached(["pit", "asked"], without={"drop", "close"}).keys() == {"pit", "asked", "filed", "taken"}


def test_an_end_is_reached_from_where_a_way_leads_to_it() -> None:
    assert machine().ending() == {None, *TABLE}
    assert machine(drop={"from": "filed", "to": "dropped"}).ending() == {None, *TABLE} - {"pit", "lone"}
    without = machine(drop={"from": "filed"}, back={"from": "closed", "to": "filed"}).ending()
    assert without == {None, "filed", "taken", "asked", "closed", "dropped"}


def test_a_definition_with_mistakes_has_a_machine_for_the_checks() -> None:
    wrong = machine(take={"from": ["filed", "nowhere"], "to": "heaven"}, second={"to": "lone"})
    assert {"heaven", "lone"} <= wrong.reached().keys()
    assert "taken" not in wrong.reached()
    assert ("nowhere", "take", "heaven") in wrong.transitions


@pytest.mark.parametrize("name", load_definitions())
def test_what_is_read_without_the_library_is_what_the_library_says(name: str) -> None:
    its = Machine(load_definitions()[name].workflow)
    for state in its.workflow.states:
        assert list(its.triggers(state)) == its._machine.get_triggers(state)
        assert list(its.triggers(state)) == [a for a in its.workflow.actions if its.step(state, a) is not None]


def test_a_walk_counts_the_fewest_steps_and_ends_in_a_circle() -> None:
    following = {1: [2, 3], 2: [1, 4], 3: [4], 4: [5], 5: [1]}
    assert walk([1], lambda place: following[place]) == {1: 0, 2: 1, 3: 1, 4: 2, 5: 3}
    assert walk([5, 3], lambda place: following[place]) == {5: 0, 3: 0, 1: 1, 4: 1, 2: 2}
    assert walk([], lambda place: following[place]) == {}


def test_the_library_is_loaded_when_a_step_is_decided_and_not_before() -> None:
    program = """if True:
        import sys
        from credit_workflow.definition.library import load_definitions
        from credit_workflow.definition.machine import Machine
        machine = Machine(load_definitions()["objection"].workflow)
        assert machine.triggers("submitted") and machine.sources["accept"]
        assert "transitions" not in sys.modules
        assert machine.step("submitted", "accept") == "accepted"
        assert "transitions" in sys.modules
    """
    load_definitions()  # fills the cache: the checks ask the machine
    subprocess.run([sys.executable, "-c", program], check=True)
