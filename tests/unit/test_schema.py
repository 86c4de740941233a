"""The published JSON Schema and the loader agree on the form of definitions."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_workflow.definition.model import Workflow
from credit_workflow.definition.schema import json_schema
from credit_workflow.resources import data_folder
from credit_workflow.strict_yaml.decoding import Misfit, typed
from credit_workflow.strict_yaml.documents import read_yaml
from tests.unit.test_definition_checks import looking_up, sound
from tests.unit.test_recurring_checks import recurring

SCHEMA = jsonschema.Draft202012Validator(json_schema())
FILES = sorted(data_folder("workflows").glob("*.yaml"))
SAMPLES = [read_yaml(file)[0] for file in FILES] + [sound(), looking_up(), recurring()]

Path = tuple[str | int, ...]


def loads(document: Any) -> bool:
    """Whether the loader takes the form, an effect of several kinds or none being of no form."""
    try:
        workflow = typed(document, Workflow)
    except (msgspec.ValidationError, Misfit):
        return False
    return all(len(effect.kinds()) == 1 for action in workflow.actions.values() for effect in action.effects)


def paths(value: Any, at: Path = ()) -> list[Path]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, child in children for path in paths(child, (*at, key)))]


def replaced(document: Any, path: Path, new: Any, *, remove: bool) -> Any:
    if not path:
        return new
    changed = copy.deepcopy(document)
    at = changed
    for part in path[:-1]:
        at = at[part]
    if remove:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return changed


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("document", SAMPLES, ids=[*(f.name for f in FILES), "sample", "looking up", "recurring"])
def test_what_ships_is_of_the_form(document: Any) -> None:
    assert loads(document)
    SCHEMA.validate(document)


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 99),
    st.sampled_from(
        [
            "",
            "x",
            "Big State",
            "statutory",
            "30 days",
            "3 months",
            "2026-02-30",
            "same day",
            "required",
            "a while",
            "OBJ-{year}-{serial:06}",
        ]
    ),
    st.just([]),
    st.just({}),
    st.just({"zh": "甲", "en": "a"}),
    st.just({"zh": "甲"}),
    st.just([{"set": {"days": "1"}}]),
    st.just([{"set": {"days": "1"}, "lift_mark": {"kind": "x"}}]),
)


@given(data=st.data())
def test_the_schema_and_the_loader_never_differ(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(SAMPLES))
    path = data.draw(st.sampled_from(paths(document)))
    changed = replaced(document, path, data.draw(values), remove=bool(path) and data.draw(st.booleans()))
    assert SCHEMA.is_valid(changed) == loads(changed), json.dumps(changed, ensure_ascii=False)[:2000]


@pytest.mark.parametrize(
    ("effect", "sound_one"),
    [({"account": None}, False), ({"account": None, "set": {"days": "1"}}, True), ({"set": None, "tell": None}, False)],
)
def test_a_kind_of_effect_that_is_null_is_none(effect: dict[str, Any], sound_one: bool) -> None:  # noqa: FBT001 - a table
    document = copy.deepcopy(sound())
    action = next(iter(document["actions"].values()))
    action["effects"] = [effect]
    assert SCHEMA.is_valid(document) == loads(document) == sound_one


@pytest.mark.parametrize("extra", ["colour", "States"])
def test_unknown_keys_are_refused_by_both(extra: str) -> None:
    changed = {**sound(), extra: 1}
    assert not SCHEMA.is_valid(changed)
    assert not loads(changed)
