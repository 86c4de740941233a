"""``simulate`` by the real command: what it says, what it leaves alone, who may, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.resources import data_folder
from tests import where
from tests.acceptance.conftest import Office, unchanged

STEPS = "accept archive transfer"
ON = "2026-03-16"
PEOPLE = """
arrivals:
  objection: {per_working_day: 1}
actions:
  objection:
    reject: {weight: 0}
    withdraw: {weight: 0}
    return: {weight: 0}
    consult: {weight: 0}
    report: {takes: 18, values: {outcome: upheld}}
capacity: {center: 2}
"""


@pytest.fixture(scope="module")
def life(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three objections, of which one is reported on, one is with the centre, one was filed."""
    office = Office(tmp_path_factory.mktemp("life"))
    where.copy(template, office.database)
    handled = ("OBJ-2026-000001", "OBJ-2026-000002")
    for record in ("R-1", "R-2", "R-4"):
        office.ok("objection submit", "--record", record, "--set", "reason=有误", "--all-materials", at="2026-03-02")
    for case in handled:
        for step in STEPS.split():
            office.ok(f"objection {step} {case}", "--all-materials", at="2026-03-03")
    for case in handled:
        office.ok(f"objection receive {case}", who="center1", at="2026-03-04")
    office.ok(f"objection report {handled[0]}", "--set", "outcome=upheld", who="center1", at="2026-03-09")
    return office.database


@pytest.fixture
def lived(life: Path, tmp_path: Path) -> Office:
    found = Office(tmp_path)
    where.copy(life, found.database)
    return found


def simulate(office: Office, *more: str, until: str = "2026-05-29", who: str = "supervisor1") -> Any:
    return office.ok("simulate", "--until", until, *more, who=who, at=ON)


def people(office: Office, text: str = PEOPLE) -> str:
    file = office.folder / "people.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_it_works_with_no_file_at_all(lived: Office) -> None:
    with unchanged(lived.database):
        found = simulate(lived)
    assert (found["as_of"], found["until"], found["learnt_from"]) == (ON, "2026-05-29", 3)
    assert list(found) == [
        "as_of", "until", "seed", "learnt_from", "capacity", "totals", "weeks", "overdue", "fired", "refused", "stuck",
        "assumed", "kept_old_rules",
    ]  # fmt: skip
    assert len(found["weeks"]) == 11
    assert found["weeks"][0]["week"] == "2026-W12"
    assert found["totals"]["arrivals"] == sum(sum(week["arrived"].values()) for week in found["weeks"])
    for week in found["weeks"]:
        assert sum(load["taken"] for load in week["load"].values()) == sum(one["taken"] for one in week["actions"])
    # The one filed is late: 30 days from 2 March end on 1 April.
    late = {one["case"]: one for one in found["overdue"] if one["deadline"] == "handling"}
    assert {one["due"] for case, one in late.items() if case <= "OBJ-2026-000003"} <= {"2026-04-01"}


def test_one_seed_gives_one_document(lived: Office) -> None:
    file = people(lived)
    one, again = (simulate(lived, "--arrivals", file, "--seed", "5") for _ in range(2))
    assert json.dumps(one) == json.dumps(again)
    assert simulate(lived, "--arrivals", file, "--seed", "6")["totals"] != one["totals"]


def test_a_file_of_assumptions_counts(lived: Office) -> None:
    found = simulate(lived, "--arrivals", people(lived))
    assert found["capacity"] == {"center": 2}
    for week in found["weeks"]:
        load = week["load"].get("center", {"taken": 0, "capacity": 2})
        assert load["taken"] <= load["capacity"]
    assert not [one for one in found["assumed"] if one["workflow"] == "objection"]


def test_a_shorter_period_makes_more_overdue(lived: Office, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    text = (data_folder("workflows") / "objection.yaml").read_text(encoding="utf-8")
    text = text.replace("length: 30 days", "length: 20 days").replace("version: 1", "version: 2", 1)
    (rules / "objection.yaml").write_text(text, encoding="utf-8")
    file = people(lived)
    with unchanged(lived.database):
        found = simulate(lived, "--arrivals", file, "--rules", str(rules), "--compare")
    today, proposed, differences = found["today"], found["proposed"], found["differences"]
    assert list(found)[5:] == ["today", "proposed", "differences"]
    assert today["totals"]["arrivals"] == proposed["totals"]["arrivals"]
    assert differences["totals"]["became_overdue"] > 0
    names = {(one["case"], one["deadline"]) for one in differences["newly_overdue"]}
    assert ("OBJ-2026-000003", "handling") not in names  # it keeps its rules
    too = simulate(lived, "--arrivals", people(lived), "--rules", str(rules), "--running-too")
    moved = [one for one in too["overdue"] if one["case"] == "OBJ-2026-000003" and one["deadline"] == "handling"]
    assert [one["due"] for one in moved] == ["2026-03-23"]  # 22 March is a Sunday


def test_a_proposed_notice_is_counted_in(lived: Office, tmp_path: Path) -> None:
    notice = tmp_path / "more.yaml"
    notice.write_text(
        "notice: cn-2026-04\nyear: 2026\namends: cn-2026\ntitle: {zh: 延长, en: Longer}\n"
        "off:\n  - {name: {zh: 延长, en: Longer}, first: 2026-04-01, last: 2026-04-03}\n",
        encoding="utf-8",
    )
    none = people(lived, "capacity: {window: 0, center: 0, authority: 0}\narrivals: {objection: {per_working_day: 0}}")
    found = simulate(lived, "--arrivals", none, "--calendar", str(notice), "--compare")
    dues = [
        {one["due"] for one in found[run]["overdue"] if one["deadline"] == "handling"} for run in ("today", "proposed")
    ]
    assert dues == [{"2026-04-01"}, {"2026-04-07"}]
    (week,) = [week for week in found["proposed"]["weeks"] if week["week"] == "2026-W14"]
    assert week["working_days"] == 2


def test_tables_in_both_languages(lived: Office) -> None:
    file = people(lived)
    zh = lived.text("simulate --until 2026-05-29 --arrivals", file, who="supervisor1", at=ON)
    en = lived.text("simulate --until 2026-05-29 --lang en --arrivals", file, who="supervisor1", at=ON)
    assert "推演" in zh
    assert "没有改动数据库" in zh
    assert "市信用中心" in zh
    assert "By week" in en
    assert "nothing in the database was changed" in en
    assert "2026-W13" in zh
    assert "2026-W13" in en


def test_an_empty_database_says_what_it_needs(office: Office) -> None:
    error = office.refused(2, "simulate --until 2026-05-29", who="supervisor1", at=ON)
    assert error["code"] == "no_history"
    assert "--arrivals" in error["message"]
    found = simulate(office, "--arrivals", people(office))
    assert found["totals"]["arrivals"] > 20
    assert found["learnt_from"] == 0


@pytest.mark.parametrize(
    ("code", "more"),
    [
        (2, []),
        (2, ["--until", "soon"]),
        (2, ["--until", "2026-03-15"]),
        (2, ["--until", "2026-05-29", "--compare"]),
        (2, ["--until", "2026-05-29", "--running-too"]),
        (2, ["--until", "2026-05-29", "--seed", "-1"]),
        (3, ["--until", "2099-12-31"]),
        (4, ["--until", "2026-05-29", "--arrivals", "none.yaml"]),
        (4, ["--until", "2026-05-29", "--rules", "none"]),
        (4, ["--until", "2026-05-29", "--calendar", "none.yaml"]),
    ],
)
def test_what_is_refused(lived: Office, code: int, more: list[str]) -> None:
    assert lived.refused(code, "simulate", *more, who="supervisor1", at=ON)["message"]


def test_a_mistake_in_a_file_is_named(lived: Office) -> None:
    file = people(lived, "arrivals:\n  objection: {per_day: 1}\n")
    error = lived.refused(2, "simulate --until 2026-05-29 --arrivals", file, who="supervisor1", at=ON)
    assert error["message"].startswith("people.yaml:2: arrivals.objection.per_day: ")


@pytest.mark.parametrize(("who", "code"), [("window1", 6), ("provider1", 6), ("center1", 0), ("auditor1", 0)])
def test_who_may(lived: Office, who: str, code: int) -> None:
    answer = lived("simulate --until 2026-03-31", who=who, at=ON)
    assert answer.code == code


def test_a_process_of_its_own_leaves_everything_as_it_was(lived: Office) -> None:
    with unchanged(lived.database):
        answer = lived.process("simulate --until 2026-03-31", who="supervisor1", at=ON)
    assert answer.code == 0
    assert answer.json["until"] == "2026-03-31"
