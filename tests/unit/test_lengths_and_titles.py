"""One way to say how long something takes, and what the parts of a definition are called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from credit_workflow.authoring.diff import difference_words
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.words import titles
from credit_workflow.definition.words.lengths import amount_words, length_words

CODE = Path(__file__).resolve().parents[2] / "credit_workflow"
SAID = {
    "same day": ("当天", "the same day"),
    "7 working days": ("7个工作日", "7 working days"),
    "1 working day": ("1个工作日", "1 working day"),
    "30 days": ("30日", "30 days"),
    "1 day": ("1日", "1 day"),
    "5 years": ("5年", "5 years"),
}


@pytest.mark.parametrize(("length", "said"), SAID.items())
def test_a_length_is_said_alike_everywhere(length: str, said: tuple[str, str]) -> None:
    assert length_words(length) == said
    assert difference_words.value_words("length", length) == said


def test_one_of_a_unit_is_singular() -> None:
    assert amount_words(1, "working days") == ("1个工作日", "1 working day")
    assert amount_words(2, "days") == ("2日", "2 days")


def test_nobody_else_has_words_for_units() -> None:
    """Chinese units are written next to a number in one module; elsewhere only within whole sentences."""
    having = {f.name for f in CODE.rglob("*.py") if re.search("[\"'](个工作日|当天|当日)[\"']", f.read_text("utf-8"))}
    assert having == {"lengths.py", "period.py"}  # `period` reads what people write
    spaced = [f.name for f in CODE.rglob("*.py") if re.search("[}\\d] 个工作日", f.read_text("utf-8"))]
    assert spaced == []


def test_a_name_without_a_title_stands_for_itself() -> None:
    workflow = load_definitions()["objection"].workflow
    assert titles.state_title(workflow, "accepted") == workflow.states["accepted"].title.text
    assert titles.material_title(workflow, next(iter(workflow.materials))).zh != next(iter(workflow.materials))
    for title in (
        titles.state_title,
        titles.action_title,
        titles.role_title,
        titles.deadline_title,
        titles.field_title,
        titles.material_title,
    ):
        assert title(workflow, "nowhere") == ("nowhere", "nowhere")
    assert titles.choice_title(workflow, "outcome", "nowhere") == ("nowhere", "nowhere")
    assert titles.choice_title(workflow, "outcome", "upheld") == workflow.fields["outcome"].choices["upheld"].text


def test_what_counts_as_a_material_has_its_own_title() -> None:
    for definition in load_definitions().values():
        for rule in definition.workflow.materials.values():
            for kind, accepted in rule.accepts.items():
                assert titles.material_title(definition.workflow, kind) == accepted.text
