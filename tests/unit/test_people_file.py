"""Files of assumptions: what they say is taken over, and every mistake is named with its line and key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from credit_workflow.authoring.simulation.assumption_file import read_people
from credit_workflow.authoring.simulation.assumptions import Arrivals, Follow, Habit, People
from credit_workflow.authoring.simulation.draws import Fixed, Percentiles, Triangular, Uniform, seen
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import DefinitionFault, NotFound

GOOD = """
seed: 42
arrivals:
  objection: {per_working_day: 2.5, on: {2026-03-02: 3}}
  query:
    on: [2026-03-02, 2026-03-02, 2026-03-04]
  marking:
    after: {collect: {share: 0.15, takes: {uniform: [0, 5]}}}
actions:
  objection:
    accept: {weight: 9, takes: {percentiles: {0: 0, 50: 1, 100: 6}}}
    withdraw: {weight: {submitted: 0.1, accepted: 0.2}}
    report:
      takes: {triangular: [2, 5, 15]}
      values:
        outcome: {upheld: 3, removed: 1}
        explanation: 如上
    archive: {share: 1, takes: 0}
    close: {weight: {collected: 0.5}}
capacity: {window: 20, center: 0}
"""


@pytest.fixture(scope="module")
def known() -> dict[str, Workflow]:
    return {name: definition.workflow for name, definition in load_definitions().items()}


def read(folder: Path, text: str, known: dict[str, Workflow], name: str = "people.yaml") -> People:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return read_people(file, known)


def test_what_a_file_says(tmp_path: Path, known: dict[str, Workflow]) -> None:
    people = read(tmp_path, GOOD, known)
    assert people.seed == 42
    assert people.arrivals == {
        "objection": Arrivals(per_day=2.5, on={date(2026, 3, 2): 3}),
        "query": Arrivals(on={date(2026, 3, 2): 2, date(2026, 3, 4): 1}),
        "marking": Arrivals(after={"collect": Follow(share=0.15, takes=Uniform(0, 5))}),
    }
    assert people.capacity == {"window": 20, "center": 0}
    assert people.takes("objection", "accept") == Percentiles(((0, 0), (50, 1), (100, 6)))
    assert people.takes("objection", "report") == Triangular(2, 5, 15)
    assert people.takes("objection", "approve") == Fixed(1)
    assert people.weights("objection", "submitted", ["accept", "withdraw", "reject"]) == ([9, 0.1, 0], True)
    assert people.weights("objection", "collected", [], ["close", "dispute"]) == ([0.5, 0], True)
    assert people.weights("objection", "reported", ["approve", "return"]) == ([1, 1], False)
    assert people.share("objection", "archive", owed=False) == 1
    assert people.share("objection", "request_extension", owed=True) == 1
    values = people.habits["objection", "report"].values
    assert values == {"outcome": (("upheld", 3.0), ("removed", 1.0)), "explanation": (("如上", 1.0),)}


def test_what_a_file_does_not_say_follows_the_history(tmp_path: Path, known: dict[str, Workflow]) -> None:
    history = People(
        arrivals={"objection": Arrivals(per_day=1), "query": Arrivals(per_day=7)},
        habits={
            ("objection", "accept"): Habit(weights={"submitted": 0.9}, takes=seen({1: 1}), role="window"),
            ("objection", "reject"): Habit(weights={"submitted": 0.1}),
        },
        stays={("objection", "submitted"): 10},
    )
    said = read(tmp_path, "arrivals: {query: {per_working_day: 1}}\nactions: {objection: {accept: {takes: 3}}}", known)
    people = said.over(history)
    assert people.arrivals == {"objection": Arrivals(per_day=1), "query": Arrivals(per_day=1)}
    assert people.habits["objection", "accept"] == Habit(weights={"submitted": 0.9}, takes=Fixed(3), role="window")
    assert people.weights("objection", "submitted", ["accept", "reject", "withdraw"]) == ([0.9, 0.1, 0], True)
    whole = read(tmp_path, "actions: {objection: {accept: {weight: 0.4}}}", known).over(history)
    assert whole.weights("objection", "submitted", ["accept"]) == ([0.4], True)


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("speed: 1", 1, "speed"),
        ("seed: -1", 1, "seed"),
        ("seed: 1.5", 1, "seed"),
        ("seed: true", 1, "seed"),
        ("arrivals: 3", 1, "arrivals"),
        ("arrivals:\n  objections: {}", 2, "arrivals.objections"),
        ("arrivals:\n  objection: {per_day: 3}", 2, "arrivals.objection.per_day"),
        ("arrivals:\n  objection:\n    per_working_day: many", 3, "arrivals.objection.per_working_day"),
        ("arrivals:\n  objection:\n    on: [2026-02-30]", 3, "arrivals.objection.on.0"),
        ("arrivals:\n  objection:\n    on:\n      2026-03-02: 1\n      soon: 2", 5, "arrivals.objection.on.soon"),
        ("arrivals:\n  objection:\n    after: {}", 3, "arrivals.objection.after"),
        ("arrivals:\n  marking:\n    per_working_day: 1", 3, "arrivals.marking.per_working_day"),
        ("arrivals:\n  marking:\n    after:\n      collected: {share: 1}", 4, "arrivals.marking.after.collected"),
        ("arrivals:\n  marking:\n    after:\n      collect: {takes: 1}", 4, "arrivals.marking.after.collect"),
        ("arrivals:\n  marking:\n    after:\n      collect: {share: 1.1}", 4, "arrivals.marking.after.collect.share"),
        ("arrivals:\n  account: {per_working_day: 1}", 2, "arrivals.account"),
        ("actions:\n  objection:\n    aprove: {}", 3, "actions.objection.aprove"),
        ("actions:\n  objection:\n    approve: {share: 1}", 3, "actions.objection.approve.share"),
        ("actions:\n  objection:\n    archive: {weight: 1}", 3, "actions.objection.archive.weight"),
        ("actions:\n  objection:\n    submit: {takes: 1}", 3, "actions.objection.submit.takes"),
        ("actions:\n  objection:\n    close: {takes: 1}", 3, "actions.objection.close"),
        ("actions:\n  objection:\n    overdue: {weight: 1}", 3, "actions.objection.overdue"),
        (
            "actions:\n  objection:\n    approve:\n      takes: {uniform: [3, 1]}",
            4,
            "actions.objection.approve.takes.uniform",
        ),
        (
            "actions:\n  objection:\n    approve:\n      takes: {uniform: [1, 2.5]}",
            4,
            "actions.objection.approve.takes.uniform",
        ),
        (
            "actions:\n  objection:\n    approve:\n      takes: {normal: [3, 1]}",
            4,
            "actions.objection.approve.takes.normal",
        ),
        ("actions:\n  objection:\n    approve:\n      takes: {}", 4, "actions.objection.approve.takes"),
        ("actions:\n  objection:\n    approve:\n      takes: -1", 4, "actions.objection.approve.takes"),
        (
            "actions:\n  objection:\n    approve:\n      takes: {percentiles: {50: 1}}",
            4,
            "actions.objection.approve.takes.percentiles",
        ),
        (
            "actions:\n  objection:\n    approve:\n      takes: {percentiles: {0: 3, 100: 1}}",
            4,
            "actions.objection.approve.takes.percentiles",
        ),
        (
            "actions:\n  objection:\n    approve:\n      takes: {percentiles: {0: 3, 101: 4}}",
            4,
            "actions.objection.approve.takes.percentiles.101",
        ),
        ("actions:\n  objection:\n    approve: {role: window}", 3, "actions.objection.approve.role"),
        (
            "actions:\n  objection:\n    accept:\n      weight: {accepted: 1}",
            4,
            "actions.objection.accept.weight.accepted",
        ),
        (
            "actions:\n  objection:\n    report:\n      values:\n        outcome: {right: 1}",
            5,
            "actions.objection.report.values.outcome.right",
        ),
        ("actions:\n  objection:\n    report:\n      values: {reason: x}", 4, "actions.objection.report.values.reason"),
        ("capacity: {windows: 3}", 1, "capacity.windows"),
        ("capacity:\n  window: 2.5", 2, "capacity.window"),
        ("seed: 1\nseed: 2", 2, "seed"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(
    tmp_path: Path, known: dict[str, Workflow], text: str, line: int, key: str
) -> None:
    with pytest.raises(DefinitionFault) as found:
        read(tmp_path, text, known)
    (problem,) = found.value.details["problems"]
    assert (problem["file"], problem["line"], problem["key"]) == ("people.yaml", line, key)
    for text_ in found.value.message:
        assert text_.startswith(f"people.yaml:{line}: {key}: ")


def test_a_file_that_is_not_there(tmp_path: Path, known: dict[str, Workflow]) -> None:
    with pytest.raises(NotFound):
        read_people(tmp_path / "no.yaml", known)
