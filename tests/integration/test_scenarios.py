"""Scenarios on the real engine: those that ship pass, and every kind of expectation fails where it is wrong."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.authoring.scenarios.exercised import total
from credit_workflow.authoring.scenarios.run import Result, coverage_of, run
from credit_workflow.authoring.scenarios.scenario_reader import read_all, scenario_files
from credit_workflow.authoring.scenarios.scenario_source import Scenarios
from credit_workflow.authoring.scenarios.stage import staged
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.rulebook.scenario_answers import FailedExpectation, PlayedScenario
from credit_workflow.definition.library import load_definitions
from credit_workflow.resources import data_folder
from credit_workflow.service.scenario_office import ScenarioOffice
from credit_workflow.service.use_cases.rules.scenarios import PlayedScenarios
from credit_workflow.strict_yaml.documents import read_yaml
from credit_workflow.text import Lang

FILES = scenario_files(data_folder("workflows"))
#: What the shipped scenarios exercise, at least, in percent. archive's own deadline can't be met by what ends it.
COVERED = {
    "objection": 100, "consultation": 100, "marking": 100, "revocation": 100, "query": 100, "archive": 97,
    "borrowing": 100, "incident": 100, "lookup": 100, "permission": 100,
    "account": 100, "duty": 100, "inspection": 100, "register": 100, "withdrawal": 100,
}  # fmt: skip

BEHIND = """
workflow: marking
backgrounds:
  collected:
    steps:
      - {on: 2026-03-02, open: objection, with: {reason: 金额有误}, materials: all}
      - {on: 2026-03-03, do: accept}
      - {on: 2026-03-03, do: archive}
      - {on: 2026-03-03, do: transfer}
      - {on: 2026-03-04, do: receive}
      - {on: 2026-03-09, do: report, with: {outcome: upheld}}
      - {on: 2026-03-10, do: approve}
      - {on: 2026-03-11, do: notify, with: {channel: 电话}}
      - {on: 2026-03-12, do: collect, with: {collected_by: 本人}}
  submitted:
    background: collected
    steps:
      - {on: 2026-03-13, open: marking, parent: objection, with: {reason: 仍有异议}, materials: all}
  disputed:
    background: submitted
    steps:
      - {on: 2026-03-16, do: accept}
      - {on: 2026-03-16, do: transfer}
      - {on: 2026-03-17, do: receive}
      - {on: 2026-03-18, do: mark}
scenarios:
"""

#: Another application, which brings no materials, before the step that is looked at.
SECOND = "{on: 2026-03-16, open: marking, as: second, parent: objection, with: {reason: x}}\n        - "
#: Background, step, the key that must fail, and what is so.
WRONG: list[tuple[str, str, str, Any]] = [
    ("disputed", "{on: 2026-03-19, expect: {state: received}}", "state", "disputed"),
    ("disputed", "{on: 2026-03-19, expect: {final: true}}", "final", False),
    ("disputed", "{on: 2026-03-19, expect: {overdue: false}}", "overdue", True),
    ("disputed", "{on: 2026-03-19, expect: {waits_for: [center]}}", "waits_for", ["applicant", "window"]),
    ("disputed", "{on: 2026-03-19, expect: {due: {retention: 2026-04-18}}}", "due.retention", "2026-04-17"),
    ("submitted", "{on: 2026-03-19, expect: {due: {retention: 2026-04-18}}}", "due.retention", None),
    ("disputed", "{on: 2026-03-19, expect: {due: {marking: null}}}", "due.marking", "2026-03-25"),
    ("disputed", "{on: 2026-03-19, expect: {original_due: {marking: 2026-03-26}}}", "original_due.marking", "2026-03-25"),
    ("disputed", "{on: 2026-03-19, expect: {starts: {marking: 2026-03-17}}}", "starts.marking", "2026-03-16"),
    ("disputed", "{on: 2026-03-19, expect: {met: {marking: 2026-03-19}}}", "met.marking", "2026-03-18"),
    ("disputed", "{on: 2026-03-19, expect: {met: {retention: 2026-03-19}}}", "met.retention", None),
    ("disputed", "{on: 2026-03-19, expect: {status: {archive: running}}}", "status.archive", "overdue"),
    ("disputed", "{on: 2026-03-19, expect: {days_left: {retention: 30}}}", "days_left.retention", 29),
    ("disputed", "{on: 2026-03-19, expect: {provisional: {retention: true}}}", "provisional.retention", False),
    ("disputed", "{on: 2026-03-19, expect: {clauses: {retention: 附件2·七}}}", "clauses.retention", "附件2·六(五)"),
    ("disputed", "{on: 2026-03-19, expect: {fields: {reason: 无}}}", "fields.reason", "仍有异议"),
    ("disputed", "{on: 2026-03-19, expect: {fields: {reason: null}}}", "fields.reason", "仍有异议"),
    ("disputed", "{on: 2026-03-19, expect: {fields: {grounds: 无}}}", "fields.grounds", None),
    ("disputed", "{on: 2026-03-19, expect: {done: {mark: 2026-03-17}}}", "done.mark", "2026-03-18"),
    ("disputed", "{on: 2026-03-19, expect: {done: {mark: null}}}", "done.mark", "2026-03-18"),
    ("disputed", "{on: 2026-03-19, expect: {materials: [id_card]}}", "materials", ["id_card", "marking_form"]),
    ("submitted", "{on: 2026-03-13, expect: {offers: [accept, reject]}}", "offers", ["accept", "reject", "withdraw"]),
    ("submitted", "{on: 2026-03-13, expect: {offers: {window: []}}}", "offers.window", ["accept", "reject", "withdraw"]),
    ("submitted", "{on: 2026-03-13, expect: {offers: {center2: [mark]}}}", "offers.center2", []),
    ("submitted", "{on: 2026-03-13, expect: {not_offered: [accept, mark]}}", "not_offered", ["accept"]),
    ("disputed", "{on: 2026-03-19, expect: {usable: false}}", "usable", True),
    ("disputed", "{on: 2026-03-19, expect: {marks: []}}", "marks", ["disputed"]),
    ("disputed", "{on: 2026-03-19, expect: {marks: {processing: {}}}}", "marks", ["disputed"]),
    ("disputed", "{on: 2026-03-19, expect: {marks: {disputed: {case: objection}}}}", "marks.disputed.case", "marking"),
    ("disputed", "{on: 2026-03-19, expect: {marks: {disputed: {reason: null}}}}", "marks.disputed.reason", "仍有异议"),
    ("disputed", "{on: 2026-03-19, expect: {marks: {disputed: {placed: 2026-03-19}}}}", "marks.disputed.placed", "2026-03-18"),
    ("disputed", "{on: 2026-03-19, expect: {marks: {disputed: {last_day: null}}}}", "marks.disputed.last_day", "2026-04-17"),
    ("disputed", "{on: 2026-03-19, expect: {record: {content: 欠税}}}", "record.content", "欠税1000元"),
    ("disputed", "{on: 2026-03-19, expect: {record: {removed: true}}}", "record.removed", False),
    ("disputed", "{on: 2026-03-19, expect: {cases: {objection: {state: closed}}}}", "cases.objection.state", "disputed"),
    ("disputed", "{on: 2026-03-19, case: objection, expect: {state: closed}}", "state", "disputed"),
    ("submitted", "{on: 2026-03-16, do: accept, expect: {notices: []}}", "notices", ["receipt"]),
    ("submitted", "{on: 2026-03-16, do: accept, expect: {notices: {receipt: center}}}", "notices", ["receipt: applicant"]),
    ("submitted", "{on: 2026-03-16, do: reject, with: {ground: [identity], grounds: x}, expect: {notices: [receipt]}}", "notices", ["refusal"]),
    ("disputed", "{sweep: 2026-04-18, expect: {fired: {expire: 1}}}", "fired", {"expire": 1, "overdue": 1}),
    ("disputed", "{sweep: 2026-04-17, expect: {fired: {}}}", "fired", {"overdue": 1}),
    ("disputed", "{sweep: 2026-03-19, expect: {opened: 1}}", "opened", 0),
    ("submitted", "{on: 2026-03-16, do: transfer, expect: {refused: [in_window]}}", "refused", ["state"]),
    ("submitted", "{on: 2026-03-16, do: transfer, expect: {refused: {state: 附件2·七}}}", "refused", {"state": "附件2·六(四)"}),
    ("submitted", "{on: 2026-03-16, do: withdraw, expect: {refused: [state]}}", "missing", ["withdrawal_request"]),
    ("submitted", f"{SECOND}{{on: 2026-03-16, do: accept, expect: {{missing: [id_card]}}}}", "missing", ["id_card", "marking_form"]),
    ("submitted", "{on: 2026-03-16, do: accept, by: center, expect: {refused: []}}", "refused", ["role"]),
    ("submitted", "{on: 2026-03-16, do: reject, expect: {refused: [unknown_value]}}", "refused", ["missing_values"]),
    ("submitted", "{on: 2026-03-16, do: transfer, expect: {refused: [state], state: accepted}}", "state", "submitted"),
]  # fmt: skip

#: Steps that stop a scenario: what is refused unasked, and what is done that should be refused.
STOPPED: list[tuple[str, str, str, Any]] = [
    ("submitted", "{on: 2026-03-16, do: transfer}", "do", "state"),
    ("submitted", "{on: 2026-03-16, do: accept, by: center}", "do", "role"),
    ("submitted", "{on: 2026-03-16, do: reject}", "do", "missing_values"),
    ("submitted", "{on: 2026-03-16, do: accept, expect: {refused: [in_window]}}", "expect.refused", None),
    ("submitted", "{on: 2026-03-16, do: accept, expect: {missing: [id_card]}}", "expect.missing", None),
    ("submitted", "{on: 2026-03-16, open: revocation, parent: objection}", "open", "no_case"),
]


@cache
def definitions() -> Mapping[str, Any]:
    return load_definitions()


def play(sources: list[Scenarios], lang: Lang = "en") -> Result:
    return run(sources, definitions(), load_calendar(), ScenarioOffice, lang)


def played(folder: Path, text: str, lang: Lang = "en") -> Result:
    file = folder / "some.yaml"
    file.write_text(text, encoding="utf-8")
    sources = read_all([file], {name: d.workflow for name, d in definitions().items()})
    return play(sources, lang)


def shipped(*names: str) -> Result:
    files = [file for file in FILES if file.stem in names]
    return play(read_all(files, {name: d.workflow for name, d in definitions().items()}))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[Lang, list[PlayedScenario]]:
    """What comes of the wrong expectations, and then of the steps that go wrong, in their order; in each language."""
    rows = [*WRONG, *STOPPED]
    more = "        - {on: 2026-12-31, expect: {final: true, overdue: true}}\n"
    text = BEHIND + "".join(
        f"  - title: row {n}\n    background: {behind}\n    steps:\n        - {step}\n"
        + (more if n >= len(WRONG) else "")
        for n, (behind, step, _, _) in enumerate(rows)
    )
    folder = tmp_path_factory.mktemp("wrong")
    return {"zh": played(folder, text, "zh").played, "en": played(folder, text, "en").played}


@pytest.fixture(scope="module")
def wrong(both: dict[Lang, list[PlayedScenario]]) -> list[PlayedScenario]:
    return both["en"]


@pytest.mark.parametrize(
    "names",
    [
        ["objection", "consultation", "marking", "revocation"],
        pytest.param(["query", "archive"], marks=pytest.mark.slow),
        pytest.param(["borrowing", "incident", "lookup", "permission"], marks=pytest.mark.slow),
        pytest.param(["account", "duty", "inspection", "register"], marks=pytest.mark.slow),
    ],
)
def test_every_scenario_that_ships_passes(names: list[str]) -> None:
    result = shipped(*names)
    assert [(s.file, s.line, f.line, f.message) for s in result.played for f in s.failures] == []
    for name in names:
        counts = result.coverage.of(definitions()[name].workflow)
        assert total(counts).percent >= COVERED[name], total(counts).missing


def test_every_definition_that_ships_is_named_by_one_file() -> None:
    named = {file.stem: read_yaml(file)[0]["workflow"] for file in FILES}
    assert named == {name: name for name in COVERED} == {name: name for name in definitions()}


@pytest.mark.parametrize("n", range(len(WRONG)), ids=[f"{n}-{row[2]}" for n, row in enumerate(WRONG)])
def test_a_wrong_expectation_fails(both: dict[Lang, list[PlayedScenario]], n: int) -> None:
    _, _, key, actual = WRONG[n]
    wrong = both["en"]
    (chinese,) = (f for f in both["zh"][n].failures if f.key == f"expect.{key}")
    failures = [f for f in wrong[n].failures if f.key == f"expect.{key}"]
    assert failures, wrong[n].failures
    (failure,) = failures
    assert failure.actual == actual
    assert failure.expected != actual
    assert not failure.stops
    assert "应为" in chinese.message
    assert "expected" in failure.message
    others = {f.key for f in wrong[n].failures} - {failure.key}
    assert others <= {"expect.refused", "expect.missing"}


@pytest.mark.parametrize("n", range(len(STOPPED)))
def test_what_goes_wrong_stops_the_scenario(wrong: list[PlayedScenario], n: int) -> None:
    _, _, key, actual = STOPPED[n]
    (failure,) = wrong[len(WRONG) + n].failures
    assert (failure.key, failure.actual, failure.stops) == (key, actual, True)
    assert failure.step == wrong[len(WRONG) + n].steps - 1


def test_a_failure_names_its_step_and_line(tmp_path: Path) -> None:
    text = """workflow: objection
scenarios:
  - title: {zh: 甲, en: a}
    steps:
      - {on: 2026-03-02, open: objection, with: {reason: x}, materials: all}
      - on: 2026-03-03
        do: accept
        expect:
          due:
            handling: 2026-04-02
"""
    said: dict[Lang, tuple[str, str]] = {
        "zh": ("甲", "due.handling 应为 2026-04-02，实为 2026-04-01"),
        "en": ("a", "due.handling: expected 2026-04-02, but it is 2026-04-01"),
    }
    for lang, (title, message) in said.items():
        (scenario,) = played(tmp_path, text, lang).played
        assert (scenario.file, scenario.line, scenario.title) == ("some.yaml", 3, title)
        (failure,) = scenario.failures
        assert (failure.step, failure.on, failure.doing, failure.line) == (2, "2026-03-03", "accept", 10)
        assert failure.message == message


def test_a_background_is_the_same_as_its_steps_written_out(tmp_path: Path) -> None:
    """Its failures too, and what it exercises: it is played once, and the scenarios go on from a copy."""
    document = read_yaml(f"{BEHIND}  []")[0]
    behind = document["backgrounds"]
    behind["disputed"]["steps"][1]["expect"] = {"state": "expired"}
    steps = [step for name in ("collected", "submitted", "disputed") for step in behind[name]["steps"]]
    own = [{"on": "2026-03-19", "expect": {"state": "disputed"}}, {"on": "2026-04-18", "expect": {"state": "disputed"}}]
    document["scenarios"] = [
        {"title": "in short", "background": "disputed", "steps": own},
        {"title": "again", "background": "disputed", "steps": own},
        {"title": "written out", "steps": [*steps, *own]},
    ]
    result = played(tmp_path, json.dumps(document, ensure_ascii=False))
    short, again, out = ([_of(f) for f in scenario.failures] for scenario in result.played)
    assert short == again == out
    assert [step for step, *_ in short] == [12, 16]
    assert result.played[0].steps == result.played[2].steps == 16


def _of(failure: FailedExpectation) -> tuple[Any, ...]:
    return failure.step, failure.on, failure.doing, failure.key, failure.expected, failure.actual


def test_facts_of_ones_own(tmp_path: Path) -> None:
    """People of both kinds, several records, accounts by name, several cases of one workflow."""
    text = """workflow: objection
people:
  minor: {name: 小明, born: 2010-01-01}
records:
  R-1: {of: minor, content: 欠费}
scenarios:
  - title: 自己的事实
    people:
      firm: {kind: legal, name: 某公司}
    records:
      R-2: {of: firm, valid_until: 2026-03-01, open_class: A, provider: 市住建委}
    steps:
      - {on: 2026-03-02, open: objection, as: one, with: {reason: x}, materials: all}
      - {on: 2026-03-02, do: accept, expect: {refused: [of_age]}}
      - {on: 2026-03-02, open: objection, as: two, record: R-2, subject: other, with: {reason: x}, materials: all, by: window2}
      - on: 2026-03-02
        do: accept
        expect:
          refused: [own_record, record_valid]
          record: {provider: 市住建委, open_class: A, valid_until: 2026-03-01, subject_name: 某公司}
          materials: [evidence, id_card, objection_form]
          cases: {one: {record: {content: 欠费, subject_name: 小明}}}
      - {on: 2026-03-03, do: reject, case: one, with: {grounds: x}, expect: {state: rejected, cases: {two: {state: submitted}}}}
"""
    assert played(tmp_path, text).played[0].failures == ()


def test_what_recurs_is_opened_where_the_file_is_about_it(tmp_path: Path) -> None:
    about = "workflow: {w}\nscenarios:\n  - title: t\n    steps: [{{sweep: 2026-02-02, expect: {{opened: {n}}}}}]\n"
    assert played(tmp_path, about.format(w="marking", n=0)).ok
    (failure,) = played(tmp_path, about.format(w="duty", n=0)).played[0].failures
    assert failure.actual > 0


def test_steps_go_through_the_door_that_is_handed_in(tmp_path: Path) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(f"{BEHIND}  - title: t\n    background: submitted\n    steps: [{{sweep: 2026-03-16}}]\n", "utf-8")
    sources = read_all([file], {name: d.workflow for name, d in definitions().items()})
    went: list[str] = []

    class Watched:
        def __init__(self, door: Any) -> None:
            self.door = door

        def __getattr__(self, name: str) -> Any:
            if name != "database":
                went.append(name)
            return getattr(self.door, name)

    @contextmanager
    def watched(*given: Any) -> Iterator[Any]:
        with ScenarioOffice(*given) as door:
            yield Watched(door)

    assert run(sources, definitions(), load_calendar(), watched, "en").ok
    assert went == ["submit", *["act"] * 8, "submit", "sweep"]


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = dict(os.environ)
    with staged(definitions(), load_calendar()) as stage:
        first = stage.furnished({}, {}, date(2026, 3, 2))
        assert first.is_file()
        assert stage.folder.parent == tmp_path
        assert (stage.folder / "keys").is_dir()
        assert dict(os.environ) == before
    assert dict(os.environ) == before
    assert list(tmp_path.iterdir()) == []


def test_two_stages_stand_beside_each_other() -> None:
    """Each has keys of its own: what one plays is nothing to the other."""
    with staged(definitions(), load_calendar()) as one, staged(definitions(), load_calendar()) as other:
        for stage in (one, other, one):
            path = stage.furnished({}, {}, date(2026, 3, 2))
            with stage.database(path).reading() as db:
                assert db.cipher.newest


def test_the_result_as_programs_read_it(wrong: list[PlayedScenario]) -> None:
    result = Result(played=wrong)
    coverage = {"marking": coverage_of(result, definitions()["marking"].workflow)}
    document = PlayedScenarios(ok=result.ok, scenarios=tuple(result.played), coverage=coverage, low={}).document()
    assert document["ok"] is False
    first = document["scenarios"][0]
    assert set(first) == {"title", "file", "line", "ok", "steps", "failures"}
    assert (first["title"], first["file"], first["ok"]) == ("row 0", "some.yaml", False)
    assert first["failures"][0]["message"] == "state: expected received, but it is disputed"
    assert set(document["coverage"]) == {"marking"}
    assert document["coverage"]["marking"]["percent"] == 0
