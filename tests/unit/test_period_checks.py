"""The checks of other lengths, stops of a clock, deadlines that start deadlines, and extensions in days."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from credit_workflow.definition.reader import read_workflows
from credit_workflow.definition.schema import json_schema
from credit_workflow.errors import DefinitionFault
from tests.unit.test_definition_checks import TEXT, Document, at, drop, dumped, problems, put, sound

SCHEMA = jsonschema.Draft202012Validator(json_schema())


def with_periods() -> Document:
    """A sound definition that uses all that a deadline can be."""
    document = sound()
    document["identity"] = "any"
    document["states"]["waiting"] = {"title": TEXT}
    for name, origin, to in (("ask", "open", "waiting"), ("hear", "waiting", "open"), ("more", "open", None)):
        action = {"title": TEXT, "from": origin, "by": ["clerk"], "source": "甲法"}
        document["actions"][name] = action | ({"to": to} if to else {})
    document["actions"]["more"]["effects"] = [{"extend": {"deadline": "handling", "days": "case.fields.days"}}]
    document["deadlines"]["handling"] |= {
        "if_day_off": "next_working_day",
        "first_day_counts": True,
        "other_lengths": [{"when": "case.fields.days > 1", "length": "45 days", "source": "甲法"}],
        "suspensions": {"asked": {"title": TEXT, "begins": ["ask"], "ends": ["hear"], "source": "甲法"}},
        "extension": {"at_most": 15, "unit": "days", "source": "甲法"},
    }
    document["deadlines"]["telling"] = {
        "title": TEXT,
        "kind": "target",
        "length": "5 working days",
        "starts": {"deadline": "handling", "once": "passed"},
        "ends": ["finish"],
        "late": "overdue",
        "source": "甲法",
    }
    copy: Document = json.loads(json.dumps(document))
    return copy


def extended_by(**values: str) -> Callable[[Document], None]:
    return put(("actions", "more", "effects", 0, "extend"), {"deadline": "handling", **values})


HANDLING = ("deadlines", "handling")
STOP = (*HANDLING, "suspensions", "asked")
STARTS = ("deadlines", "telling", "starts")
MARK = {"place_mark": {"kind": "m", "title": TEXT, "until": "handling"}}
MISTAKES: list[tuple[str, Callable[[Document], None], str]] = [
    ("another length in another unit", put((*HANDLING, "other_lengths", 0, "length"), "5 working days"), "deadlines.handling.other_lengths[0].length"),
    ("the same length again", put((*HANDLING, "other_lengths", 0, "length"), "30 days"), "deadlines.handling.other_lengths[0].length"),
    ("a condition that is no expression", put((*HANDLING, "other_lengths", 0, "when"), "1 +"), "deadlines.handling.other_lengths[0].when"),
    ("a condition on an unknown field", put((*HANDLING, "other_lengths", 0, "when"), "case.fields.weeks > 1"), "deadlines.handling.other_lengths[0].when"),
    ("another length without a source", drop(*HANDLING, "other_lengths", 0, "source"), "deadlines.handling.other_lengths[0]"),
    ("a stop by an unknown action", put((*STOP, "begins"), ["sleep"]), "deadlines.handling.suspensions.asked.begins"),
    ("a restart by an unknown action", put((*STOP, "ends"), ["wake"]), "deadlines.handling.suspensions.asked.ends"),
    ("a stop that nothing begins", put((*STOP, "begins"), []), "deadlines.handling.suspensions.asked.begins"),
    ("a stop and a restart at once", put((*STOP, "ends"), ["hear", "ask"]), "deadlines.handling.suspensions.asked"),
    ("a stop without a source", drop(*STOP, "source"), "deadlines.handling.suspensions.asked"),
    ("an unknown way to go on", put((*STOP, "then"), "half"), "deadlines.handling.suspensions.asked.then"),
    ("a stop of a period in years", put((*HANDLING, "length"), "5 years"), "deadlines.handling.suspensions.asked"),
    ("a stop of the same day", put((*HANDLING, "length"), "same day"), "deadlines.handling.suspensions.asked"),
    ("the first of one day", put((*HANDLING, "length"), "same day"), "deadlines.handling.first_day_counts"),
    ("a shift of years", put((*HANDLING, "length"), "5 years"), "deadlines.handling.if_day_off"),
    ("a shift of working days", put((*HANDLING, "length"), "5 working days"), "deadlines.handling.if_day_off"),
    ("an extension in the other unit", extended_by(working_days="1"), "actions.more.effects[0].extend"),
    ("an extension in both units", extended_by(working_days="1", days="1"), "actions.more.effects[0].extend"),
    ("an extension by nothing", extended_by(), "actions.more.effects[0].extend"),
    ("an extension by no expression", extended_by(days="1 +"), "actions.more.effects[0].extend.days"),
    ("an extension in years", put((*HANDLING, "extension", "unit"), "years"), "deadlines.handling.extension.unit"),
    ("started by an unknown deadline", put((*STARTS, "deadline"), "sleeping"), "deadlines.telling.starts.deadline"),
    ("started by itself", put((*STARTS, "deadline"), "telling"), "deadlines.telling.starts.deadline"),
    ("started by both", put((*STARTS, "action"), "submit"), "deadlines.telling.starts"),
    ("started by neither", put(STARTS, {"once": "met"}), "deadlines.telling.starts"),
    ("started when what nothing ends is met", lambda d: (put((*STARTS, "once"), "met")(d), put((*HANDLING, "ends"), [])(d))[0], "deadlines.telling.starts.once"),
    ("started when what is not recorded has passed", drop(*HANDLING, "at_end"), "deadlines.telling.starts.once"),
    ("a mark until a clock that can stand", put(("actions", "finish", "effects"), [MARK]), "actions.finish.effects[0].place_mark"),
    ("an unknown way to tell people apart", put(("identity",), "us"), "identity"),
]  # fmt: skip


def test_a_sound_definition_with_all_of_it_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, with_periods()) == []
    SCHEMA.validate(with_periods())


@pytest.mark.parametrize(("change", "key"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_in_a_period_is_named_at_its_key(
    tmp_path: Path, change: Callable[[Document], None], key: str
) -> None:
    document = with_periods()
    change(document)
    assert key in [problem["key"] for problem in problems(tmp_path, document)]


def test_what_a_deadline_says_is_named_with_its_line(tmp_path: Path) -> None:
    document = with_periods()
    at(*HANDLING, "suspensions")(document)["asked"]["ends"] = ["wake"]
    file = tmp_path / "sample.yaml"
    file.write_text(dumped(document), encoding="utf-8")
    with pytest.raises(DefinitionFault) as caught:
        read_workflows([file])
    (problem,) = caught.value.details["problems"]
    line = file.read_text(encoding="utf-8").splitlines()[problem["line"] - 1]
    assert line.strip() == "ends:"
    assert "wake" in problem["message"].zh
    assert "wake" in problem["message"].en
