"""``workflow test`` by the real command: exit codes, JSON, coverage, and a site's own folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT, Command, Office
from tests.unit.test_definition_checks import dumped, sound

SCENARIOS = """workflow: sample
scenarios:
  - title: {zh: 三十日, en: Thirty days}
    steps:
      - {on: 2026-03-02, open: sample, with: {days: 2}, expect: {state: open, due: {handling: 2026-04-01}}}
      - {on: 2026-04-01, do: finish, expect: {missing: [form]}}
      - {on: 2026-04-01, do: finish, materials: all, expect: {state: done, status: {handling: met}}}
"""
LATE = """  - title: {zh: 逾期, en: Late}
    steps:
      - {on: 2026-03-02, open: sample, with: {days: 0}, materials: [form]}
      - {sweep: 2026-04-02, expect: {fired: {late: 1}, status: {handling: overdue}}}
      - {on: 2026-04-03, do: finish, expect: {refused: {enough: 甲法}}}
"""


@pytest.fixture
def site(command: Command) -> Path:
    """A site's folder of definitions, with scenarios beside them."""
    folder = command.folder / "site"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "sample.yaml").write_text(dumped(sound()), encoding="utf-8")
    (folder / "scenarios" / "sample.yaml").write_text(SCENARIOS, encoding="utf-8")
    return folder


def test_a_sites_scenarios_need_no_database(command: Command, site: Path) -> None:
    answer = command.process("workflow test --workflows site")
    assert answer.code == 0, answer.err
    assert answer.json["ok"] is True
    (scenario,) = answer.json["scenarios"]
    assert scenario == {"title": "三十日", "file": "sample.yaml", "line": 3, "ok": True, "steps": 3, "failures": []}
    assert set(answer.json["coverage"]) == {"sample"}
    assert answer.json["coverage"]["sample"]["states"] == {"covered": 2, "of": 2, "missing": []}
    assert answer.json["coverage"]["sample"]["guards"]["missing"] == ["finish.enough: unmet"]
    assert {path.name for path in command.folder.iterdir()} == {"site"}
    assert site.is_dir()


def test_a_file_beside_definitions_is_about_them(command: Command, site: Path) -> None:
    """A folder of definitions named by an option goes before it."""
    assert command("workflow test site/scenarios/sample.yaml").json["coverage"].keys() == {"sample"}
    answer = command("workflow test", str(site / "scenarios" / "sample.yaml"), CREDIT_WORKFLOW_WORKFLOWS=str(site))
    assert answer.code == 0
    elsewhere = command.folder / "other" / "scenarios"
    elsewhere.mkdir(parents=True)
    (elsewhere.parent / "sample.yaml").write_text(dumped(sound()), encoding="utf-8")
    (elsewhere / "sample.yaml").write_text(SCENARIOS, encoding="utf-8")
    both = command("workflow test site/scenarios/sample.yaml other/scenarios/sample.yaml")
    assert (both.code, both.error["code"]) == (2, "several_folders")
    assert command("workflow test site/scenarios/sample.yaml other/scenarios/sample.yaml --workflows site").code == 0


def test_a_failure_is_exit_3_in_both_languages(command: Command, site: Path) -> None:
    file = site / "scenarios" / "sample.yaml"
    file.write_text(SCENARIOS.replace("due: {handling: 2026-04-01}", "due: {handling: 2026-04-02}"), encoding="utf-8")
    answer = command("workflow test --workflows site")
    assert answer.code == 3
    assert answer.json["ok"] is False
    (failure,) = answer.json["scenarios"][0]["failures"]
    assert (failure["step"], failure["line"], failure["key"]) == (1, 5, "expect.due.handling")
    assert (failure["expected"], failure["actual"]) == ("2026-04-02", "2026-04-01")
    zh = command("workflow test --workflows site", as_json=False)
    assert (zh.code, zh.err) == (3, "")
    assert "sample.yaml:5: 第 1 步（2026-03-02 open sample）" in zh.out
    assert "due.handling 应为 2026-04-02，实为 2026-04-01" in zh.out
    en = command("workflow test --workflows site --lang en", as_json=False).out
    assert "sample.yaml:5: step 1 (2026-03-02 open sample)" in en
    assert "due.handling: expected 2026-04-02, but it is 2026-04-01" in en
    assert "scenarios passed: 0, failed: 1" in en


def test_what_stops_a_scenario_says_how_many_steps_are_left(command: Command, site: Path) -> None:
    file = site / "scenarios" / "sample.yaml"
    file.write_text(SCENARIOS.replace(", expect: {missing: [form]}", ""), encoding="utf-8")
    out = command("workflow test --workflows site --lang en", as_json=False).out
    assert "it was not done" in out
    assert "steps not taken after it: 1" in out


def test_wanted_coverage(command: Command, site: Path) -> None:
    """It is of each definition in the table; what is missing is listed when asked for."""
    assert command("workflow test --workflows site --min-coverage 60").code == 0
    low = command("workflow test --workflows site --min-coverage 90")
    assert low.code == 3
    assert (low.json["ok"], low.json["scenarios"][0]["ok"]) == (False, True)
    said = command("workflow test --workflows site --missing --min-coverage 90", as_json=False)
    assert "sample 未用到的条件：" in said.out
    assert "finish.enough: unmet" in said.out
    assert "低于 90.0%" in said.out
    with (site / "scenarios" / "sample.yaml").open("a", encoding="utf-8") as file:
        file.write(LATE)
    whole = command("workflow test --workflows site --min-coverage 100")
    assert whole.json["coverage"]["sample"]["percent"] == 100, whole.json["coverage"]
    assert whole.code == 0
    assert command("workflow test --min-coverage 101").code == 2


def test_without_files_every_definition_counts(command: Command, site: Path) -> None:
    """A definition without scenarios is not passed over in silence."""
    second = sound()
    second |= {"workflow": "second", "number": "SEC-{year}-{serial:06}"}
    (site / "second.yaml").write_text(dumped(second), encoding="utf-8")
    answer = command("workflow test --workflows site --min-coverage 60")
    assert answer.code == 3
    assert answer.json["coverage"]["second"]["percent"] == 0
    assert command("workflow test site/scenarios/sample.yaml --min-coverage 60").code == 0


def test_mistakes_in_a_file(command: Command, site: Path) -> None:
    file = site / "scenarios" / "sample.yaml"
    file.write_text(SCENARIOS.replace("state: open", "state: opened").replace("[form]", "[from]"), encoding="utf-8")
    answer = command("workflow test --workflows site")
    assert answer.code == 2
    problems = answer.error["details"]["problems"]
    assert [(p["file"], p["line"], p["key"]) for p in problems] == [
        ("sample.yaml", 5, "scenarios[0].steps[0].expect.state"),
        ("sample.yaml", 6, "scenarios[0].steps[1].expect.missing"),
    ]
    told = command("workflow test --workflows site --lang en", as_json=False)
    assert "sample.yaml:5: scenarios[0].steps[0].expect.state" in told.err
    assert "sample.yaml:6: scenarios[0].steps[1].expect.missing" in told.out
    file.write_bytes(b"\xff\xfe")
    assert command("workflow test --workflows site").code == 2
    assert command("workflow test none.yaml").code == 4
    file.unlink()
    nothing = command("workflow test --workflows site")
    assert (nothing.code, nothing.error["code"]) == (4, "no_scenarios")


def test_a_definition_that_fails_as_it_runs_fails_its_scenario(command: Command, site: Path) -> None:
    """It is no refusal that one could expect."""
    wrong = sound()
    wrong["deadlines"]["handling"]["extension"] = {"at_most": 1, "source": "甲法"}
    effect = {"extend": {"deadline": "handling", "working_days": "case.fields.days"}}
    wrong["actions"]["finish"]["effects"] = [effect]
    (site / "sample.yaml").write_text(dumped(wrong), encoding="utf-8")
    for expect in ("refused: [bad_case]", "state: done"):
        text = SCENARIOS.replace("state: done, status: {handling: met}", expect)
        (site / "scenarios" / "sample.yaml").write_text(text, encoding="utf-8")
        answer = command("workflow test --workflows site")
        assert answer.code == 3
        (failure,) = answer.json["scenarios"][0]["failures"]
        assert (failure["key"], failure["actual"], failure["stops"]) == ("do", "bad_case", True)


def test_the_example_in_the_documentation_is_what_one_sees(command: Command) -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example, shown = re.findall(r"^```(?:yaml|text)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)[:2]
    (command.folder / "thirty-days.yaml").write_text(example, encoding="utf-8")
    prompt, _, screen = shown.partition("\n")
    said = command.process(prompt.removeprefix("$ credit-workflow "), as_json=False)
    assert said.code == 3
    assert [line.rstrip() for line in said.out.strip().splitlines()] == screen.strip().splitlines()
    (command.folder / "thirty-days.yaml").write_text(
        example.replace("2026-03-13}}", "2026-03-12}}", 1), encoding="utf-8"
    )
    assert command("workflow test thirty-days.yaml").code == 0


@pytest.mark.slow
def test_the_shipped_scenarios_of_one_workflow(command: Command) -> None:
    root = Path(__file__).resolve().parents[2]
    answer = command(
        "workflow test", str(root / "workflows" / "scenarios" / "revocation.yaml"), "--min-coverage", "100"
    )
    assert answer.code == 0, answer.out
    assert answer.json["coverage"].keys() == {"revocation"}


def test_an_example_of_elsewhere_by_the_real_command(command: Command) -> None:
    """From any folder, whatever database there is: its own definitions, its own calendar."""
    folder = ROOT / "examples" / "foi" / "workflows" / "scenarios"
    answer = command.process("workflow test", str(folder / "review.yaml"), "--min-coverage", "100")
    assert answer.code == 0, answer.out + answer.err
    assert answer.json["coverage"].keys() == {"review"}
    assert answer.json["coverage"]["review"]["guards"] == {"covered": 6, "of": 6, "missing": []}


def test_what_a_database_has_published_is_not_mixed_into_another_folder(office: Office) -> None:
    """An example has a workflow of the same name as one that was published for this office."""
    text = (ROOT / "workflows" / "objection.yaml").read_text(encoding="utf-8")
    changed = office.folder / "objection.yaml"
    changed.write_text(text.replace("version: 2\n", "version: 3\n", 1), encoding="utf-8")
    number = office.ok("workflow propose", str(changed), "--from", "2026-03-09", who="clerk1", at="2026-03-05")[
        "proposal"
    ]
    for step in ("approve", "publish"):
        office.ok(f"workflow {step} {number}", who="authority1", at="2026-03-06")
    file = office.folder / "site" / "scenarios" / "one.yaml"
    shutil.copytree(ROOT / "examples" / "credit-reporting" / "workflows", file.parent.parent)
    file.write_text(
        "workflow: objection\nscenarios:\n  - title: t\n    steps:\n"
        "      - {on: 2026-03-10, open: objection, with: {reason: x}, expect: {state: marked}}\n",
        encoding="utf-8",
    )
    answer = office("workflow test", str(file), at="2026-03-10")
    assert answer.code == 0, answer.out + answer.err


@pytest.mark.slow
@pytest.mark.parametrize("example", ["credit-reporting", "foi", "fcra"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_an_example_shows_of_its_scenarios_is_what_one_sees(command: Command, example: str, lang: str) -> None:
    page = (ROOT / "examples" / example / "README.md").read_text(encoding="utf-8")
    folder = ROOT / "examples" / example / "workflows" / "scenarios"
    files = [str(file) for file in sorted(folder.glob("*.yaml"))]
    said = command("workflow test", *files, "--lang", lang, as_json=False, COLUMNS="110")
    assert said.code == 0
    seen = [line.rstrip() for line in said.out.strip().splitlines()]
    shown = [text for text in re.findall(r"^```text\n(.*?)^```$", page, re.DOTALL | re.MULTILINE) if "✓ " in text]
    assert seen in [text.strip().splitlines() for text in shown]
