"""The published JSON Schema and the loader say the same of a definition file's form."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from credit_workflow.definition.reader import read_workflows
from credit_workflow.definition.schema import json_schema
from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.documents import read_yaml

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = jsonschema.Draft202012Validator(json_schema())
KNOWN = {s.value.workflow: s.value for s in read_workflows(sorted((ROOT / "workflows").glob("*.yaml"))).values()}

#: Sound by form, and by meaning.
SOUND: dict[str, Callable[[Any], Any]] = {
    "as it is": lambda d: d,
    "another version": lambda d: d.update(version=7),
    "a target": lambda d: d["deadlines"]["marking"].update(kind="target"),
    "longer": lambda d: d["deadlines"]["marking"].update(length="9 working days"),
    "one role more": lambda d: d["actions"]["transfer"].update(by=["window", "center"]),
}
#: Wrong by form: neither takes it.
WRONG: dict[str, Callable[[Any], Any]] = {
    "no workflow": lambda d: d.pop("workflow"),
    "no states": lambda d: d.pop("states"),
    "no source of an action": lambda d: d["actions"]["mark"].pop("source"),
    "an unknown key": lambda d: d.update(colour="red"),
    "an unknown key within": lambda d: d["actions"]["mark"].update(too="disputed"),
    "a version in words": lambda d: d.update(version="one"),
    "a version below one": lambda d: d.update(version=0),
    "states as a list": lambda d: d.update(states=list(d["states"])),
    "a title in one language": lambda d: d["states"]["submitted"].update(title={"zh": "申请"}),
    "no such kind": lambda d: d["deadlines"]["marking"].update(kind="moral"),
    "no such type": lambda d: d["fields"]["reason"].update(type="colour"),
    "no such end": lambda d: d["deadlines"]["marking"].update(late="forgiven"),
    "an effect of two kinds": lambda d: d["actions"]["mark"]["effects"][0].update(lift_mark={"kind": "disputed"}),
    "an effect of no kind": lambda d: d["actions"]["mark"].update(effects=[{}]),
    "final in words": lambda d: d["states"]["expired"].update(final="yes"),
    "by a text": lambda d: d["actions"]["mark"].update(by="center"),
}


def mutated(change: Callable[[Any], Any]) -> Any:
    document = copy.deepcopy(read_yaml(ROOT / "workflows" / "marking.yaml")[0])
    change(document)
    return document


def loads(document: Any, folder: Path) -> bool:
    file = folder / "marking.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    problems: list[dict[str, Any]] = []
    try:
        read_workflows([file], KNOWN)
    except DefinitionFault as fault:
        problems = fault.details["problems"]
    for problem in problems:
        assert (problem["file"], problem["line"] >= 1, bool(problem["key"])) == ("marking.yaml", True, True)
    return not problems


@pytest.mark.parametrize("change", SOUND.values(), ids=SOUND.keys())
def test_both_take_what_is_sound(tmp_path: Path, change: Callable[[Any], Any]) -> None:
    document = mutated(change)
    assert (SCHEMA.is_valid(document), loads(document, tmp_path)) == (True, True)


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_neither_takes_what_is_wrong(tmp_path: Path, change: Callable[[Any], Any]) -> None:
    document = mutated(change)
    assert document != mutated(lambda d: d)
    assert (SCHEMA.is_valid(document), loads(document, tmp_path)) == (False, False)
