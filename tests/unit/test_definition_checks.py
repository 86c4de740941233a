"""Each check of a definition: one that is sound, and one mistake that is named at its key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.reader import read_workflows
from credit_workflow.errors import DefinitionFault
from credit_workflow.resources import data_folder

Document = dict[str, Any]


def sound() -> Document:
    text = {"zh": "甲", "en": "a"}
    document = {
        "workflow": "sample",
        "version": 1,
        "title": text,
        "number": "SMP-{year}-{serial:06}",
        "in_force": {"from": "2020-01-01"},
        "source": "甲法",
        "roles": {"clerk": {"title": text}, "system": {"title": text}},
        "fields": {
            "days": {"type": "integer", "title": text, "at_most": 3},
            "kind": {"type": "choice", "title": text, "choices": {"one": text}},
        },
        "materials": {"form": {"title": text, "source": "甲法"}},
        "states": {
            "open": {"title": text, "waits_for": "clerk"},
            "done": {"title": text, "final": True},
        },
        "actions": {
            "submit": {"title": text, "to": "open", "by": ["clerk"], "source": "甲法", "asks": {"days": "required"}},
            "finish": {
                "title": text,
                "from": "open",
                "to": "done",
                "by": ["clerk"],
                "source": "甲法",
                "materials": ["form"],
                "requires": [
                    {
                        "id": "enough",
                        "must": "case.fields.days > 0",
                        "message": {"zh": "{n}", "en": "{n}"},
                        "says": {"n": "case.fields.days"},
                        "source": "甲法",
                    }
                ],
            },
            "late": {"title": text, "from": "any", "by": ["system"], "source": "甲法"},
        },
        "deadlines": {
            "handling": {
                "title": text,
                "kind": "statutory",
                "length": "30 days",
                "starts": "submit",
                "ends": ["finish"],
                "late": "overdue",
                "at_end": "late",
                "source": "甲法",
            }
        },
    }
    copy: Document = json.loads(json.dumps(document))  # parts that are shared would change together
    return copy


def dumped(document: Document) -> str:
    return yaml.safe_dump(json.loads(json.dumps(document)), allow_unicode=True, sort_keys=False)


def problems(tmp_path: Path, document: Document) -> list[dict[str, Any]]:
    file = tmp_path / "sample.yaml"
    file.write_text(dumped(document), encoding="utf-8")
    try:
        read_workflows([file])
    except DefinitionFault as fault:
        return list(fault.details["problems"])
    return []


def test_a_sound_definition_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, sound()) == []


def at(*path: str | int) -> Callable[[Document], Any]:
    def find(document: Document) -> Any:
        value: Any = document
        for part in path:
            value = value[part]
        return value

    return find


def put(path: tuple[str | int, ...], value: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        at(*path[:-1])(document)[path[-1]] = value

    return change


def drop(*path: str | int) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        del at(*path[:-1])(document)[path[-1]]

    return change


def paper(**values: Any) -> Callable[[Document], None]:
    """Give the definition a paper that is sound but for the values; None takes one away."""

    def change(document: Document) -> None:
        slip = {"printed_by": ["clerk"], "after": "finish", "title": TEXT, "fields": ["days"], "free": "days", **values}
        document["papers"] = {"slip": {name: value for name, value in slip.items() if value is not None}}

    return change


TEXT = {"zh": "甲", "en": "a"}


TELL = {"tell": {"case": "parent", "action": "late"}}
MISTAKES: list[tuple[str, Callable[[Document], None], str]] = [
    ("an unknown key", put(("colour",), "red"), "colour"),
    ("an unknown key inside", put(("states", "open", "colour"), "red"), "states.open.colour"),
    ("a missing key", drop("source"), "(file)"),
    ("a title in one language", put(("states", "open", "title"), {"zh": "甲"}), "states.open.title"),
    ("an empty title", put(("states", "done", "title", "en"), ""), "states.done.title.en"),
    ("a name that is none", put(("states", "Big State"), {"title": TEXT}), "states.Big State"),
    ("an action without a role", put(("actions", "finish", "by"), []), "actions.finish.by"),
    ("an action without a source", drop("actions", "finish", "source"), "actions.finish"),
    ("an unknown role", put(("actions", "finish", "by"), ["nobody"]), "actions.finish.by"),
    ("a state that waits for nobody known", put(("states", "open", "waits_for"), "nobody"), "states.open.waits_for"),
    (
        "a role in no field",
        put(("states", "open"), {"title": TEXT, "waits_for_role_in": "weeks"}),
        "states.open.waits_for_role_in",
    ),
    (
        "a role in a number",
        put(("states", "open"), {"title": TEXT, "waits_for_role_in": "days"}),
        "states.open.waits_for_role_in",
    ),
    (
        "a choice that is no role",
        put(("states", "open"), {"title": TEXT, "waits_for_role_in": "kind"}),
        "states.open.waits_for_role_in",
    ),
    ("a role said twice", put(("states", "open", "waits_for_role_in"), "kind"), "states.open.waits_for_role_in"),
    ("an unknown state", put(("actions", "finish", "to"), "nowhere"), "actions.finish"),
    ("a state that nothing reaches", put(("states", "island"), {"title": TEXT, "final": True}), "states.island"),
    ("a state without an end", put(("actions", "finish", "to"), "open"), "states.open"),
    (
        "an action that leaves a final state",
        put(("actions", "finish", "from"), ["open", "done"]),
        "actions.finish.from",
    ),
    ("two actions that open a case", drop("actions", "finish", "from"), "actions"),
    ("an unknown field", put(("actions", "submit", "asks"), {"weeks": "required"}), "actions.submit.asks.weeks"),
    ("an unknown material", put(("actions", "finish", "materials"), ["paper"]), "actions.finish.materials"),
    ("no such action for four eyes", put(("actions", "finish", "not_by"), ["report"]), "actions.finish.not_by"),
    ("a choice without choices", drop("fields", "kind", "choices"), "fields.kind"),
    ("bounds on a text", put(("fields", "days", "type"), "text"), "fields.days"),
    (
        "an expression that is none",
        put(("actions", "finish", "requires", 0, "must"), "1 +"),
        "actions.finish.requires[0].must",
    ),
    (
        "an unknown fact",
        put(("actions", "finish", "requires", 0, "must"), "weather == 'fine'"),
        "actions.finish.requires[0].must",
    ),
    (
        "an unknown field in an expression",
        put(("actions", "finish", "requires", 0, "must"), "case.fields.weeks > 0"),
        "actions.finish.requires[0].must",
    ),
    (
        "a place without a value",
        put(("actions", "finish", "requires", 0, "says"), {}),
        "actions.finish.requires[0].message",
    ),
    (
        "an effect of two kinds",
        put(("actions", "finish", "effects"), [{"set": {"days": "1"}, "lift_mark": {"kind": "x"}}]),
        "actions.finish.effects[0]",
    ),
    ("an effect of no kind", put(("actions", "finish", "effects"), [{"if": "true"}]), "actions.finish.effects[0]"),
    (
        "an effect that sets an unknown field",
        put(("actions", "finish", "effects"), [{"set": {"weeks": "1"}}]),
        "actions.finish.effects[0].set",
    ),
    ("nobody to tell", put(("actions", "finish", "effects"), [TELL]), "actions.finish.effects[0].tell"),
    (
        "a notice to nobody",
        put(("actions", "finish", "effects"), [{"notice": {"to": "nobody", "paper": "x", "title": TEXT}}]),
        "actions.finish.effects[0].notice",
    ),
    (
        "an extension of what can't be extended",
        put(("actions", "finish", "effects"), [{"extend": {"deadline": "handling", "working_days": "1"}}]),
        "actions.finish.effects[0].extend",
    ),
    ("a deadline started by nothing", put(("deadlines", "handling", "starts"), "begin"), "deadlines.handling"),
    ("a deadline ended by nothing", put(("deadlines", "handling", "ends"), ["stop"]), "deadlines.handling"),
    ("a statutory deadline without an end", drop("deadlines", "handling", "at_end"), "deadlines.handling"),
    ("a person's action at the end", put(("deadlines", "handling", "at_end"), "finish"), "deadlines.handling.at_end"),
    ("a length that is none", put(("deadlines", "handling", "length"), "a while"), "deadlines.handling.length"),
    (
        "working days shifted",
        lambda d: at("deadlines", "handling")(d).update(length="3 working days", if_day_off="next_working_day"),
        "deadlines.handling.if_day_off",
    ),
    ("a paper printed by nobody known", paper(printed_by=["nobody"]), "papers.slip.printed_by"),
    ("a paper with an unknown field", paper(fields=["weeks"]), "papers.slip.fields"),
    ("a paper with an unknown deadline", paper(deadlines=["never"]), "papers.slip.deadlines"),
    ("a paper with an unknown step", paper(steps=["begin"]), "papers.slip.steps"),
    ("a paper after an unknown action", paper(after="begin"), "papers.slip.after"),
    ("a paper that explains an unknown action", paper(grounds_of="begin"), "papers.slip.grounds_of"),
    ("a paper signed by nobody known", paper(issued_by="nobody"), "papers.slip.issued_by"),
    ("free prints of an unknown field", paper(free="weeks"), "papers.slip.free"),
    ("free prints of a field that is no number", paper(free="kind"), "papers.slip.free"),
    ("a paper that nothing announces", paper(after=None), "papers.slip"),
    ("a paper without a title", paper(title=None), "papers.slip"),
    ("a paper that shows an answer without rows", paper(shows="answer", person="days"), "papers.slip.rows"),
    ("a paper that shows an answer about nobody", paper(shows="answer", rows="days"), "papers.slip.person"),
    ("rows of a field that has none", paper(shows="list", rows="days", given_to="clerk"), "papers.slip.rows"),
    ("a list given to nobody", paper(shows="list", rows="days"), "papers.slip.given_to"),
    ("a list given to nobody known", paper(shows="list", rows="days", given_to="x"), "papers.slip.given_to"),
    ("rows of a paper that shows none", paper(rows="days"), "papers.slip.rows"),
    ("a parent that is not there", put(("parent",), "elsewhere"), "parent"),
]


@pytest.mark.parametrize(("change", "key"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named_at_its_key(tmp_path: Path, change: Callable[[Document], None], key: str) -> None:
    document = sound()
    change(document)
    found = problems(tmp_path, document)
    assert key in [problem["key"] for problem in found]
    assert all(problem["file"] == "sample.yaml" and problem["line"] >= 1 for problem in found)
    assert all(problem["message"].zh and problem["message"].en for problem in found)


def test_the_line_is_that_of_the_key(tmp_path: Path) -> None:
    document = sound()
    put(("actions", "finish", "to"), "nowhere")(document)
    lines = dumped(document).splitlines()
    (found,) = [p for p in problems(tmp_path, document) if p["key"] == "actions.finish"]
    assert lines[found["line"] - 1] == "  finish:"


def test_two_definitions_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(dumped(sound()), encoding="utf-8")
    with pytest.raises(DefinitionFault, match=r"two\.yaml:\d+: workflow"):
        read_workflows(sorted(tmp_path.glob("*.yaml")))


def test_the_shipped_definitions_are_sound_and_complete() -> None:
    files = sorted(data_folder("workflows").glob("*.yaml"))
    # what the checks are told is no part of the rules
    read = {name: msgspec.structs.replace(s.value, checks=None) for name, s in read_workflows(files).items()}
    assert read == {name: d.workflow for name, d in load_definitions().items()}
    assert set(read) >= {"objection", "marking", "revocation"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("workflow: a\nworkflow: b\n", 2, "the key stands twice"),
        ("a: [1\n", 2, "not valid YAML"),
        ("a: &x 1\nb: *x\n", 2, "aliases"),
        ("a: 1\nb: !!str 5\n", 2, "tags"),
        ("", 1, "empty"),
        ("a:\n\t- 1\n", 2, "not valid YAML"),
    ],
)
def test_a_file_that_is_no_sound_yaml(tmp_path: Path, text: str, line: int, said: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionFault) as caught:
        read_workflows([file])
    assert str(caught.value).startswith(f"bad.yaml:{line}:")
    assert said in str(caught.value)


def test_plain_words_stay_words(tmp_path: Path) -> None:
    document = sound()
    file = tmp_path / "words.yaml"
    text = dumped(document)
    file.write_text(text.replace("kind: statutory", "kind: on"), encoding="utf-8")
    with pytest.raises(DefinitionFault, match="'on'"):  # and not True
        read_workflows([file])


def looking_up() -> Document:
    """A sound definition about a person that looks up, lists cases and makes a record."""
    document = sound()
    document["about"] = "person"
    rule = {"about": "subject", "which": "record.open_class == 'A'", "purpose": "'x'", "scope": "'A'", "source": "甲法"}
    document["look_up"] = rule
    document["fields"] |= {
        "found": {"type": "rows", "title": TEXT},
        "others": {"type": "cases", "title": TEXT, "among": "case.done.archive != null", "once_except": ["done"]},
        "whom": {"type": "person", "title": TEXT},
    }
    document["actions"]["submit"]["asks"]["others"] = "optional"
    finish = document["actions"]["finish"]
    finish["shows"] = "found"
    finish["effects"] = [{"find": {"into": "found"}}, {"create_record": {**RECORD, "subject": "case.fields.whom.id"}}]
    finish["requires"][0]["must"] = "found.size() > 0 && listed.all(one, one.final)"
    return document


RECORD = dict.fromkeys(
    ("no", "subject", "provider", "open_class", "title", "content", "valid_from", "valid_until"), "today"
)
MISTAKES_LOOKING_UP: list[tuple[str, Callable[[Document], None], str]] = [
    ("about what there is not", put(("about",), "weather"), "about"),
    ("a mark on no record", put(("actions", "finish", "effects"), [{"lift_mark": {"kind": "x"}}]), "actions.finish.effects[0].lift_mark"),
    ("a correction of no record", put(("actions", "finish", "effects"), [{"record": {"what": "remove"}}]), "actions.finish.effects[0].record"),
    ("a look-up without a source", drop("look_up", "source"), "look_up"),
    ("a look-up of nobody known", put(("look_up", "about"), "weather"), "look_up.about"),
    ("a look-up that reads what it finds", put(("look_up", "which"), "found.size() > 0"), "look_up.which"),
    ("a log of applications beside that of look-ups", put(("kept_log",), {"reason": "'x'", "source": "甲法"}), "kept_log"),
    ("found into what is no rows", put(("actions", "finish", "effects", 0, "find", "into"), "days"), "actions.finish.effects[0].find"),
    ("found into what is not there", put(("actions", "finish", "effects", 0, "find", "into"), "weeks"), "actions.finish.effects[0].find"),
    ("showing what is no rows", put(("actions", "finish", "shows"), "days"), "actions.finish.shows"),
    ("asking for rows", put(("actions", "submit", "asks", "found"), "optional"), "actions.submit.asks.found"),
    ("found without a look-up", drop("look_up"), "actions.finish.requires[0].must"),
    ("an effect that finds without a look-up", drop("look_up"), "actions.finish.effects[0].find"),
    ("cases of the record when an action is offered", put(("actions", "finish", "owed_when"), "same_record.size() > 0"), "actions.finish.owed_when"),
    ("found when an action is offered", put(("actions", "finish", "owed_when"), "found.size() > 0"), "actions.finish.owed_when"),
    ("listed while values are asked for", put(("actions", "submit", "asks", "days"), {"when": "listed.size() > 0"}), "actions.submit.asks.days.when"),
    ("among on what are no cases", put(("fields", "days", "among"), "true"), "fields.days"),
    ("an unknown state that frees", put(("fields", "others", "once_except"), ["lost"]), "fields.others.once_except"),
    ("an expression among that is none", put(("fields", "others", "among"), "1 +"), "fields.others.among"),
    ("a record without a number", drop("actions", "finish", "effects", 1, "create_record", "no"), "actions.finish.effects[1].create_record"),
    ("a record made of an unknown fact", put(("actions", "finish", "effects", 1, "create_record", "no"), "weather"), "actions.finish.effects[1].create_record.no"),
]  # fmt: skip


def test_a_sound_definition_that_looks_up_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, looking_up()) == []


@pytest.mark.parametrize(
    ("change", "key"), [m[1:] for m in MISTAKES_LOOKING_UP], ids=[m[0] for m in MISTAKES_LOOKING_UP]
)
def test_a_mistake_of_looking_up_is_named_at_its_key(
    tmp_path: Path, change: Callable[[Document], None], key: str
) -> None:
    document = looking_up()
    change(document)
    assert key in [problem["key"] for problem in problems(tmp_path, document)]


def test_a_case_about_a_record_stands_under_no_case_without_one(tmp_path: Path) -> None:
    above, below = looking_up(), sound()
    below |= {"workflow": "below", "number": "BLW-{year}-{serial:06}", "parent": "sample"}
    files = []
    for document in (above, below):
        file = tmp_path / f"{document['workflow']}.yaml"
        file.write_text(dumped(document), encoding="utf-8")
        files.append(file)
    with pytest.raises(DefinitionFault) as caught:
        read_workflows(files)
    assert [p["key"] for p in caught.value.details["problems"]] == ["about"]
