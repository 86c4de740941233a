"""Each mistake in a file of scenarios is named with file, line and key; and what a coverage counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_workflow.authoring.scenarios.exercised import KINDS, Coverage, items_of, total
from credit_workflow.authoring.scenarios.made_up_people import USUAL, numbers
from credit_workflow.authoring.scenarios.practice_accounts import account_for, accounts_of
from credit_workflow.authoring.scenarios.scenario import Person, ScenarioFile, json_schema
from credit_workflow.authoring.scenarios.scenario_reader import read_all, read_scenarios, scenario_files
from credit_workflow.casework.rulebook.scenario_answers import Count
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.values import Change, Deadline, Entry, Ground, Refusal
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.identity import age_on, parse_subject
from credit_workflow.resources import data_folder
from credit_workflow.strict_yaml.decoding import Misfit, typed
from credit_workflow.strict_yaml.documents import read_yaml
from credit_workflow.text import Text

SOUND = """workflow: objection
people: {}
records: {}
backgrounds:
  filed:
    steps:
      - {on: 2026-03-02, open: objection, with: {reason: x}}
scenarios:
  - title: t
    background: filed
    steps:
      - {on: 2026-03-03, do: accept, by: window, materials: [id_card]}
"""
STEP = "      - {on: 2026-03-03, do: accept, by: window, materials: [id_card]}\n"

#: What is put in the place of what, the line and the key that are named, and words of the message.
MISTAKES = [
    ("workflow: objection", "workflow: objektion", 1, "workflow", "objektion"),
    ("workflow: objection", "workflow: objection\nworkflows: x", 2, "workflows", "no such key"),
    ("title: t", "titel: t", 9, "scenarios[0].titel", "no such key"),
    ("  - title: t\n    background", "  - background", 9, "scenarios[0]", "title"),
    ("people: {}", "people: {a: {age: 3}}", 2, "people.a.age", "no such key"),
    ("people: {}", "people: {a: {kind: firm}}", 2, "people.a.kind", "firm"),
    ("people: {}", "people: {a: {born: 1990-02-30}}", 2, "people.a.born", "1990-02-30"),
    ("people: {}", "people: {a: {born: yesterday}}", 2, "people.a.born", "yesterday"),
    ("people: {}", "people: {a: {kind: legal, born: 1990-01-01}}", 2, "people.a.born", "natural"),
    ("people: {}", "people: {a: {id: '123'}}", 2, "people.a.id", "123"),
    ("records: {}", "records: {R-1: {of: nobody}}", 3, "records.R-1.of", "nobody"),
    ("records: {}", "records: {R-1: {valid_until: 2026-13-01}}", 3, "records.R-1.valid_until", "2026-13-01"),
    ("records: {}", "records: {R-1: {open_class: D}}", 3, "records.R-1.open_class", "D"),
    ("records: {}", "records: {R-1: {removed: perhaps}}", 3, "records.R-1.removed", "bool"),
    ("people: {}", "accounts: {deputy: []}", 2, "accounts.deputy", "array"),
    ("background: filed", "background: field", 10, "scenarios[0].background", "field"),
    ("  filed:\n", "  filed:\n    background: filed\n", 6, "backgrounds.filed.background", "circle"),
    ("on: 2026-03-03", "on: 2026-03-01", 12, "scenarios[0].steps[0].on", "before the day"),
    ("on: 2026-03-03", "on: 2026-02-30", 12, "scenarios[0].steps[0].on", "no such day"),
    ("on: 2026-03-03, ", "", 12, "scenarios[0].steps[0]", "one of on and sweep"),
    ("on: 2026-03-03", "sweep: 2026-03-03", 12, "scenarios[0].steps[0].sweep", "one thing"),
    ("do: accept", "do: accept, open: objection", 12, "scenarios[0].steps[0].do", "one thing"),
    ("do: accept", "do: acept", 12, "scenarios[0].steps[0].do", "acept"),
    ("do: accept", "do: submit", 12, "scenarios[0].steps[0].do", "open: objection"),
    ("do: accept", "do: overdue", 12, "scenarios[0].steps[0].do", "system"),
    ("do: accept", "do: accept, case: marking", 12, "scenarios[0].steps[0].case", "marking"),
    ("    background: filed\n", "", 11, "scenarios[0].steps[0].do", "no case yet"),
    ("do: accept", "do: accept, record: R-1", 12, "scenarios[0].steps[0].record", "open only"),
    ("do: accept", "do: accept, as: two", 12, "scenarios[0].steps[0].as", "open only"),
    ("do: accept, by: window, materials: [id_card]", "by: window", 12, "scenarios[0].steps[0].by", "open or do"),
    ("by: window", "by: windows", 12, "scenarios[0].steps[0].by", "windows"),
    ("by: window", "by: window9", 12, "scenarios[0].steps[0].by", "window9"),
    ("by: window", "by: system", 12, "scenarios[0].steps[0].by", "system"),
    ("[id_card]", "[id_kard]", 12, "scenarios[0].steps[0].materials", "id_kard"),
    ("[id_card]", "everything", 12, "scenarios[0].steps[0].materials", "everything"),
    ("with: {reason: x}", "with: {raeson: x}", 7, "backgrounds.filed.steps[0].with.raeson", "raeson"),
    ("with: {reason: x}", "record: R-9", 7, "backgrounds.filed.steps[0].record", "R-9"),
    ("with: {reason: x}", "parent: marking", 7, "backgrounds.filed.steps[0].parent", "marking"),
    ("with: {reason: x}", "subject: nobody", 7, "backgrounds.filed.steps[0].subject", "nobody"),
    ("with: {reason: x}", "case: one", 7, "backgrounds.filed.steps[0].case", "as"),
    ("open: objection", "open: objektion", 7, "backgrounds.filed.steps[0].open", "objektion"),
    (STEP, "      - {on: 2026-03-03, open: objection}\n", 12, "scenarios[0].steps[0].open", "as"),
    (STEP, "      - {on: 2026-03-03, open: marking}\n", 12, "scenarios[0].steps[0].open", "parent is missing"),
    (STEP, "", 11, "scenarios[0].steps", "array"),
]
#: Expectations that speak of what is not there, and the key below ``expect``.
EXPECTED = [
    ("state: acepted", "state", "acepted"),
    ("stat: accepted", "stat", "no such key"),
    ("final: maybe", "final", "bool"),
    ("waits_for: [windows]", "waits_for", "windows"),
    ("due: {handlig: 2026-03-02}", "due.handlig", "handlig"),
    ("due: {handling: 2026-02-30}", "due.handling", "2026-02-30"),
    ("due: {handling: soon}", "due.handling", "soon"),
    ("status: {handling: late}", "status.handling", "late"),
    ("days_left: {handling: many}", "days_left.handling", "int"),
    ("stopped: {handlig: null}", "stopped.handlig", "handlig"),
    ("stopped: {handling: 2026-02-30}", "stopped.handling", "2026-02-30"),
    ("remaining: {handlig: 3 days}", "remaining.handlig", "handlig"),
    ("remaining: {handling: soon}", "remaining.handling", "days"),
    ("clauses: {handlig: x}", "clauses.handlig", "handlig"),
    ("fields: {raeson: x}", "fields.raeson", "raeson"),
    ("done: {acept: 2026-03-02}", "done.acept", "acept"),
    ("done: {accept: 2026-02-31}", "done.accept", "2026-02-31"),
    ("offers: [acept]", "offers", "acept"),
    ("offers: {windows: [accept]}", "offers.windows", "windows"),
    ("offers: {window: [acept]}", "offers.window", "acept"),
    ("not_offered: [acept]", "not_offered", "acept"),
    ("marks: {processing: {case: nobody}}", "marks.processing.case", "nobody"),
    ("marks: {processing: {until: 2026-03-02}}", "marks.processing.until", "no such key"),
    ("record: {contents: x}", "record.contents", "contents"),
    ("missing: [id_kard]", "missing", "id_kard"),
    ("notices: [reciept]", "notices.reciept", "reciept"),
    ("fired: {expire: 1}", "fired", "sweep only"),
    ("opened: 1", "opened", "sweep only"),
    ("cases: {nobody: {state: accepted}}", "cases.nobody", "nobody"),
    ("cases: {objection: {state: acepted}}", "cases.objection.state", "acepted"),
]


@cache
def workflows() -> dict[str, Workflow]:
    return {name: definition.workflow for name, definition in load_definitions().items()}


def mistakes(folder: Path, text: str) -> list[dict[str, Any]]:
    file = folder / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionFault) as caught:
        read_scenarios(file, workflows())
    found: list[dict[str, Any]] = caught.value.details["problems"]
    return found


def test_what_is_sound_is_read(tmp_path: Path) -> None:
    file = tmp_path / "sound.yaml"
    file.write_text(SOUND, encoding="utf-8")
    source = read_scenarios(file, workflows())
    assert [placed.step.day for placed in source.steps(0)] == ["2026-03-02", "2026-03-03"]
    assert source.records(0)["R-1"].of == "applicant"


@pytest.mark.parametrize(("old", "new", "line", "key", "words"), MISTAKES)
def test_a_mistake_is_named_with_its_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str, words: str
) -> None:
    assert old in SOUND
    problem = mistakes(tmp_path, SOUND.replace(old, new, 1))[0]
    assert (problem["file"], problem["line"], problem["key"]) == ("wrong.yaml", line, key)
    assert words in problem["message"].en
    assert problem["message"].zh


@pytest.mark.parametrize("action", ["sign_in", "change_password", "suspend_unused", "overdue"])
def test_the_systems_actions_are_a_step_only_where_nothing_else_fires_them(tmp_path: Path, action: str) -> None:
    """Nobody but the program notes a sign-in; what a deadline fires is the sweep's."""
    text = f"""workflow: account
scenarios:
  - title: t
    steps:
      - {{on: 2026-03-02, open: account, account: wang, with: {{unit: x, roles: [window]}}}}
      - {{on: 2026-03-03, do: {action}}}
"""
    if action in ("sign_in", "change_password"):
        (tmp_path / "right.yaml").write_text(text, encoding="utf-8")
        assert read_scenarios(tmp_path / "right.yaml", workflows()).steps(0)[1].step.do == action
    else:
        (problem,) = mistakes(tmp_path, text)
        assert (problem["line"], problem["key"]) == (6, "scenarios[0].steps[1].do")
        assert "use sweep" in problem["message"].en


@pytest.mark.parametrize(("expect", "key", "words"), EXPECTED)
def test_a_mistake_in_an_expectation(tmp_path: Path, expect: str, key: str, words: str) -> None:
    problem = mistakes(tmp_path, SOUND.replace("[id_card]", f"[id_card], expect: {{{expect}}}"))[0]
    assert (problem["line"], problem["key"]) == (12, f"scenarios[0].steps[0].expect.{key}")
    assert words in problem["message"].en


def in_form(text: str) -> bool:
    """Whether the reader takes the form, whatever it says of the names in it."""
    try:
        typed(read_yaml(text)[0], ScenarioFile)
    except (msgspec.ValidationError, Misfit):
        return False
    return True


def test_the_published_schema_and_the_reader_agree_on_the_form() -> None:
    schema = jsonschema.Draft202012Validator(json_schema())
    elsewhere = (Path(__file__).resolve().parents[2] / "examples").glob("*/workflows/scenarios/*.yaml")
    for file in [*scenario_files(data_folder("workflows")), *elsewhere]:
        schema.validate(read_yaml(file)[0])
    wrong = [SOUND.replace(old, new, 1) for old, new, *_ in MISTAKES]
    wrong += [SOUND.replace("[id_card]", f"[id_card], expect: {{{expect}}}") for expect, *_ in EXPECTED]
    taken = [in_form(text) for text in wrong]
    assert 0 < sum(taken) < len(taken)
    assert [schema.is_valid(read_yaml(text)[0]) for text in wrong] == taken


def test_an_expectation_where_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    step = "{sweep: 2026-03-03, expect: {state: accepted, refused: [x]}}"
    found = mistakes(tmp_path, f"workflow: objection\nscenarios:\n  - title: t\n    steps: [{step}]\n")
    assert [problem["key"] for problem in found] == [
        "scenarios[0].steps[0].expect",
        "scenarios[0].steps[0].expect.refused",
    ]


def test_what_opens_no_case_gives_no_name(tmp_path: Path) -> None:
    """A case whose opening is to be refused is not there for the steps after it."""
    refused = SOUND.replace("with: {reason: x}", "by: center, expect: {refused: [role]}")
    assert mistakes(tmp_path, refused)[0]["key"] == "scenarios[0].steps[0].do"


def test_all_mistakes_of_all_files_are_named_together(tmp_path: Path) -> None:
    files = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for file in files:
        file.write_text(SOUND.replace("do: accept", "do: acept").replace("by: window", "by: windows"), encoding="utf-8")
    with pytest.raises(DefinitionFault) as caught:
        read_all(files, workflows())
    assert [problem["file"] for problem in caught.value.details["problems"]] == ["one.yaml"] * 2 + ["two.yaml"] * 2
    with pytest.raises(NotFound):
        read_all([tmp_path / "none.yaml"], workflows())


@given(born=st.dates(date(1900, 1, 1), date(2026, 3, 1)), others=st.integers(0, 20))
def test_people_have_numbers_of_their_own_with_right_check_digits(born: date, others: int) -> None:
    people = {**USUAL, **{f"p{n}": Person(born=born.isoformat()) for n in range(others)}, "last": Person(kind="legal")}
    found = numbers(people)
    assert len(set(found.values())) == len(people)
    for name, person in people.items():
        subject = parse_subject(found[name], person.kind)
        if name.startswith("p"):
            assert age_on(subject, date(2026, 3, 1)) == 2026 - born.year - ((born.month, born.day) > (3, 1))
    assert {name: found[name] for name in USUAL} == numbers(USUAL)


def test_every_role_has_two_accounts_and_stands_for_its_first() -> None:
    accounts = accounts_of(workflows())
    roles = {role for workflow in workflows().values() for role in workflow.roles} - {"system"}
    assert {role for actor in accounts.values() for role in actor.roles} == roles
    for role in roles:
        assert account_for(role, accounts).account == f"{role}1"
        assert account_for(f"{role}2", accounts).roles == {role}
    assert "system1" not in accounts


def entry(action: str, before: str | None, after: str, **change: Any) -> Entry:
    day = date(2026, 3, 2)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Entry(
        case="OBJ-1", at=at, effective=day, actor="a", role="window", action=action, before=before, after=after,
        change=Change(**change),
    )  # fmt: skip


def deadline(name: str, **values: Any) -> Deadline:
    day = date(2026, 3, 2)
    return Deadline(
        id=name, status=values.pop("status", "running"), starts=day, due=day, original_due=day, edition="e", **values
    )


def seen(coverage: Coverage, kind: str) -> set[str]:
    return {item.name for item in coverage.seen if item.kind == kind}


def test_everything_of_a_definition_is_counted_once() -> None:
    for workflow in workflows().values():
        items = list(items_of(workflow))
        assert len(items) == len(set(items))
        counts = Coverage().of(workflow)
        assert list(counts) == list(KINDS)
        assert (counts["states"].of, counts["actions"].of) == (len(workflow.states), len(workflow.actions))
        assert counts["guards"].of % 2 == 0
        assert total(counts).of == len(items)
        assert total(counts).covered == 0
    transitions = {item.name for item in items_of(workflows()["objection"]) if item.kind == "transitions"}
    assert {"submitted → accept", "collected → close", "any → archive"} <= transitions


@pytest.mark.parametrize(
    ("covered", "of", "percent"), [(0, 3, 0), (1, 3, 33.3), (9999, 10000, 99.9), (3, 3, 100), (0, 0, 100)]
)
def test_a_percentage_is_never_rounded_up(covered: int, of: int, percent: float) -> None:
    assert Count(covered=covered, of=of, missing=()).percent == percent


def test_an_action_that_is_done_shows_that_its_guards_held() -> None:
    coverage = Coverage()
    coverage.acted(workflows()["objection"], entry("receive", "transferred", "verifying"))
    assert seen(coverage, "states") == {"verifying"}
    assert seen(coverage, "transitions") == {"transferred → receive"}
    assert seen(coverage, "guards") == {"receive.not_before_transfer: held", "receive.not_in_future: held"}


def test_an_entry_that_is_no_action_of_the_definition_shows_nothing() -> None:
    coverage = Coverage()
    refusal = Refusal(code="state", message_zh="x", message_en="x")
    coverage.acted(workflows()["objection"], entry("receive", "submitted", "submitted", refused=refusal))
    coverage.acted(workflows()["objection"], entry("recount", "submitted", "submitted"))
    assert coverage.seen == set()


@pytest.mark.parametrize(
    ("codes", "guards"),
    [
        (["not_in_future"], {"receive.not_before_transfer: held", "receive.not_in_future: unmet"}),
        (
            ["not_in_future", "not_before_transfer"],
            {"receive.not_before_transfer: unmet", "receive.not_in_future: unmet"},
        ),
        (["state"], set()),
        (["role"], set()),
        (["somebody_elses"], set()),
        ([], set()),
        (["four_eyes"], {"receive.not_before_transfer: held", "receive.not_in_future: held"}),
    ],
)
def test_a_refusal_shows_which_guards_did_not_hold(codes: list[str], guards: set[str]) -> None:
    coverage = Coverage()
    coverage.refused(workflows()["objection"], "receive", [Ground(code=c, message=Text("x", "x")) for c in codes])
    assert seen(coverage, "guards") == guards
    assert seen(coverage, "actions") == set()


def test_a_refusal_shows_the_materials_that_were_missing() -> None:
    coverage = Coverage()
    ground = Ground(code="material", message=Text("x", "x"), facts={"material": "id_card"})
    coverage.refused(workflows()["objection"], "accept", [ground])
    assert seen(coverage, "materials") == {"accept.id_card: missing"}
    assert "accept.of_age: held" in seen(coverage, "guards")


def test_what_becomes_of_deadlines() -> None:
    objection, marking = workflows()["objection"], workflows()["marking"]
    coverage = Coverage()
    coverage.acted(objection, entry("submit", None, "submitted", deadlines={"handling": deadline("handling")}))
    assert seen(coverage, "deadlines") == {"handling: started"}
    coverage.acted(
        objection,
        entry("notify", "approved", "notified", deadlines={"handling": deadline("handling", status="met_late")}),
    )
    assert "handling: met" not in seen(coverage, "deadlines")
    coverage.acted(
        objection, entry("notify", "approved", "notified", deadlines={"handling": deadline("handling", status="met")})
    )
    assert "handling: met" in seen(coverage, "deadlines")
    moved = {"handling": deadline("handling", extension=3)}
    coverage.acted(objection, entry("grant_extension", "accepted", "accepted", deadlines=moved))
    flagged = {"handling": deadline("handling", flagged=date(2026, 4, 2))}
    coverage.acted(objection, entry("overdue", "accepted", "accepted", deadlines=flagged, deadline="handling"))
    again = {"dispute_window": deadline("dispute_window", resumed=date(2026, 3, 3))}
    coverage.acted(objection, entry("resume_window", "collected", "collected", deadlines=again))
    coverage.stood(objection, "dispute_window", "lapsed")
    coverage.stood(objection, "collection", "running")
    assert seen(coverage, "deadlines") == {
        "handling: started", "handling: met", "handling: extended", "handling: overdue", "dispute_window: resumed",
        "dispute_window: lapsed",
    }  # fmt: skip
    ended = {"retention": deadline("retention", status="met")}
    coverage.acted(marking, entry("expire", "disputed", "expired", deadlines=ended, deadline="retention"))
    assert "retention: ran out" in seen(coverage, "deadlines")
    assert "retention: met" not in seen(coverage, "deadlines")
