"""The scenarios of the regulations of elsewhere pass, and what they need of the runner is told apart from its opposite."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.authoring.scenarios.exercised import total
from credit_workflow.authoring.scenarios.run import Result, run
from credit_workflow.authoring.scenarios.scenario_reader import read_all, scenario_files
from credit_workflow.casework.rulebook.in_force import calendar_of
from credit_workflow.definition.library import Definition, load_definitions
from credit_workflow.errors import DefinitionFault
from credit_workflow.service.scenario_office import ScenarioOffice

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
#: What the scenarios of each example leave out: a guard that the states of the definition keep from ever being unmet.
UNTOUCHED = {
    "credit-reporting": {"objection": ()},
    "foi": {"foi": ("guards: extend.once: unmet",), "review": ()},
    "fcra": {"dispute": (), "reinsertion": ()},
}

OFFICE = """
workflow: foi
people:
  alice: {id: alice@example.org, name: Alice}
backgrounds:
  received:
    steps:
      - {on: 2026-03-20, open: foi, subject: alice, with: {topic: gritting}}
  paying:
    background: received
    steps:
      - {on: 2026-03-25, do: give_fees_notice, with: {fee: 25}}
scenarios:
"""
#: Background, expectation on 2026-03-26, the key that must fail, and what is so.
WRONG: list[tuple[str, str, str, Any]] = [
    ("paying", "stopped: {reply: 2026-03-26}", "stopped.reply", "2026-03-25"),
    ("paying", "stopped: {reply: null}", "stopped.reply", "2026-03-25"),
    ("paying", "stopped: {fee_payment: 2026-03-25}", "stopped.fee_payment", None),
    ("received", "stopped: {reply: 2026-03-25}", "stopped.reply", None),
    ("paying", "due: {reply: 2026-04-21}", "due.reply", None),
    ("paying", "days_left: {reply: 26}", "days_left.reply", None),
    ("paying", "remaining: {reply: 17 working days}", "remaining.reply", "18 working days"),
    ("paying", "remaining: {reply: 18 days}", "remaining.reply", "18 working days"),
    ("paying", "remaining: {reply: null}", "remaining.reply", "18 working days"),
    ("received", "remaining: {reply: 18 working days}", "remaining.reply", None),
    ("received", "remaining: {fee_payment: 92 days}", "remaining.fee_payment", None),
]


@cache
def definitions(example: str) -> Mapping[str, Definition]:
    return load_definitions(EXAMPLES / example / "workflows")


def played(example: str, files: list[Path]) -> Result:
    found = definitions(example)
    calendar = calendar_of(found, workflows=EXAMPLES / example / "workflows")
    sources = read_all(files, {name: d.workflow for name, d in found.items()})
    return run(sources, found, calendar, ScenarioOffice, "en")


def office(folder: Path, scenarios: str) -> Result:
    file = folder / "some.yaml"
    file.write_text(OFFICE + scenarios, encoding="utf-8")
    return played("foi", [file])


def untouched(result: Result, workflow: str, kind: str) -> tuple[str, ...]:
    return result.coverage.of(definitions("foi")[workflow].workflow)[kind].missing


@pytest.mark.parametrize("example", UNTOUCHED)
def test_every_scenario_of_an_example_passes(example: str) -> None:
    result = played(example, scenario_files(EXAMPLES / example / "workflows"))
    assert [(s.file, f.line, f.message) for s in result.played for f in s.failures] == []
    for name, missing in UNTOUCHED[example].items():
        assert total(result.coverage.of(definitions(example)[name].workflow)).missing == missing


def test_every_definition_of_an_example_but_that_of_accounts_has_scenarios() -> None:
    for example, about in UNTOUCHED.items():
        assert {file.stem for file in scenario_files(EXAMPLES / example / "workflows")} == set(about)
        assert set(definitions(example)) == {*about, "account"}


def test_a_wrong_expectation_of_a_clock_that_stands_fails(tmp_path: Path) -> None:
    text = "".join(
        f"  - {{title: row {n}, background: {behind}, steps: [{{on: 2026-03-26, expect: {{{expect}}}}}]}}\n"
        for n, (behind, expect, _, _) in enumerate(WRONG)
    )
    found = [[(f.key, f.actual) for f in scenario.failures] for scenario in office(tmp_path, text).played]
    assert found == [[(f"expect.{key}", actual)] for _, _, key, actual in WRONG]


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ("on: 2026-03-26", {"restarted (fee)"}),
        ("on: 2026-04-08, do: receive_fee", set()),
        ("on: 2026-04-08, do: withdraw", {"restarted (fee)"}),  # the end of the case is no restart
        ("sweep: 2026-06-25", {"restarted (fee)"}),
    ],
)
def test_a_stop_and_a_restart_are_each_counted_when_they_happen(tmp_path: Path, step: str, missing: set[str]) -> None:
    result = office(tmp_path, f"  - {{title: t, background: paying, steps: [{{{step}}}]}}\n")
    clarification = {"stopped (clarification)", "restarted (clarification)"}
    of_clock = {name for name in untouched(result, "foi", "deadlines") if "topped" in name or "restarted" in name}
    assert of_clock == {f"reply: {name}" for name in missing | clarification}


def test_a_notice_after_the_time_has_run_out_stops_nothing(tmp_path: Path) -> None:
    text = (
        "  - {title: t, background: received, steps: [{on: 2026-04-22, do: ask_clarification, with: {question: x}}]}\n"
    )
    missing = untouched(office(tmp_path, text), "foi", "deadlines")
    assert "reply: stopped (clarification)" in missing


@pytest.mark.parametrize(
    ("step", "begun"),
    [("on: 2026-04-21, do: answer, with: {outcome: partly}", True), ("on: 2026-04-21, do: withdraw", False)],
)
def test_a_deadline_that_another_one_starts_is_counted_as_started(tmp_path: Path, step: str, *, begun: bool) -> None:
    result = office(tmp_path, f"  - {{title: t, background: received, steps: [{{{step}}}]}}\n")
    assert ("review_window: started" not in untouched(result, "foi", "deadlines")) is begun


def test_a_person_elsewhere_is_known_by_any_reference(tmp_path: Path) -> None:
    """The clock is that of the place, too: the night of 29 March is one of summer time in London."""
    text = "  - {title: t, background: received, steps: [{sweep: 2026-03-29, expect: {fired: {}}}]}\n"
    assert office(tmp_path, text).ok


BOTH = """
workflow: review
accounts:
  deputy: [decision_maker, reviewer]
scenarios:
  - title: t
    steps:
      - {on: 2026-03-20, open: foi, with: {topic: x}}
      - {on: 2026-03-23, do: refuse, by: deputy, with: {refusal: cost, reason: x}}
      - {on: 2026-03-24, open: review, parent: foi, with: {complaint: x}, expect: {offers: {reviewer: [decide], deputy: [decide]}}}
      - {on: 2026-03-24, case: foi, expect: {offers: {reviewer: [], deputy: []}}}
      - {on: 2026-03-25, do: decide, case: review, by: deputy, with: {result: upheld, reason: x}, expect: {refused: [not_the_same_person]}}
      - {on: 2026-03-25, open: foi, as: second, with: {topic: y}, expect: {offers: {reviewer: [], deputy: [answer, refuse]}}}
"""


def test_an_account_with_several_roles_is_one_person(tmp_path: Path) -> None:
    """What it may do by one role is not offered to those who have another of its roles alone."""
    file = tmp_path / "both.yaml"
    file.write_text(BOTH, encoding="utf-8")
    (scenario,) = played("foi", [file]).played
    assert scenario.failures == ()


@pytest.mark.parametrize(
    ("accounts", "words"),
    [("{deputy: [reviewers]}", "reviewers"), ("{reviewer: [officer]}", "another name"), ("{officer2: [officer]}", "another name")],
)  # fmt: skip
def test_a_mistake_in_an_account(tmp_path: Path, accounts: str, words: str) -> None:
    file = tmp_path / "both.yaml"
    file.write_text(BOTH.replace("\n  deputy: [decision_maker, reviewer]", f" {accounts}"), encoding="utf-8")
    with pytest.raises(DefinitionFault) as caught:
        played("foi", [file])
    problem = caught.value.details["problems"][0]
    assert (problem["line"], problem["key"].startswith("accounts.")) == (3, True)
    assert words in problem["message"].en


@pytest.mark.parametrize(("removed", "refused"), [("true", "{refused: [in_the_file]}"), ("false", "{state: received}")])
def test_a_record_may_have_been_removed_before(tmp_path: Path, removed: str, refused: str) -> None:
    file = tmp_path / "removed.yaml"
    file.write_text(
        f"workflow: dispute\nrecords:\n  R: {{removed: {removed}}}\nscenarios:\n  - title: t\n    steps:\n"
        f"      - {{on: 2026-03-02, open: dispute, with: {{reason: x}}, expect: {refused}}}\n",
        encoding="utf-8",
    )
    assert played("fcra", [file]).ok
