"""The published vectors of conformance/, held against this implementation through its Python API."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from credit_workflow import (
    Calendar,
    Case,
    CreditWorkflowError,
    Office,
    as_json,
    create_training,
    grounds_of,
    open_database,
    working_calendar,
)
from credit_workflow.calendar.period import parse_period
from credit_workflow.definition.library import load_definitions
from credit_workflow.resources import data_folder
from tests import where
from tests.conformance import vectors

ROOT = vectors.FOLDER.parent
NAMES = ("due-dates", "refusals", "histories")


@cache
def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def each(name: str) -> pytest.MarkDecorator:
    """Every vector; two of three wait for the long tests, for each begins with a life of many steps."""
    found = document(name)["vectors"]
    marks = [[] if number % 3 == 0 else [pytest.mark.slow] for number in range(len(found))]
    lives = [pytest.param(vector, id=vector["id"], marks=mark) for vector, mark in zip(found, marks, strict=True)]
    return pytest.mark.parametrize("vector", lives)


# ---------------------------------------------------------------- the files


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_as_its_schema_says(name: str):
    schema = json.loads((vectors.FOLDER / document(name)["schema"]).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document(name))
    ids = [vector["id"] for vector in document(name)["vectors"]]
    assert len(set(ids)) == len(ids)


def test_the_files_are_as_generated():
    for file, text in vectors.documents():
        assert file.read_text(encoding="utf-8") == text, f"run python -m tests.conformance.vectors: {file.name}"


def test_the_periods_named_are_those_of_the_definitions():
    definitions = load_definitions()
    for name, (length, shift, most) in vectors.RULES.items():
        workflow, _, deadline = name.partition(".")
        rule = definitions[workflow].workflow.deadlines[deadline]
        assert parse_period(rule.length) == parse_period(length), name
        assert (rule.if_day_off is not None) == shift, name
        assert (rule.extension.at_most if rule.extension else 0) == most, name


def test_every_guard_of_acceptance_has_a_refusal():
    told = {
        ground["code"] for vector in document("refusals")["vectors"] for ground in vector["expect"].get("grounds", ())
    }
    definitions = load_definitions()
    for name in ("objection", "marking", "revocation"):
        wanted = {guard.id for guard in definitions[name].workflow.actions["accept"].requires}
        assert wanted - told <= {"identity", "report_collected"}, name


# ---------------------------------------------------------------- due dates


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Calendar:
    """The calendar with the notices that the vectors rest on, and no later ones."""
    folder = tmp_path_factory.mktemp("calendars")
    shipped = data_folder("calendars")
    shutil.copy(shipped / "cn.yaml", folder)
    last = document("due-dates")["notices_up_to"].removeprefix("cn-")
    (folder / "cn").mkdir()
    for file in (shipped / "cn").glob("*.yaml"):
        if file.stem[:4] <= last:
            shutil.copy(file, folder / "cn")
    return working_calendar("cn", folder=folder)


def test_every_due_date(counting: Calendar):
    for vector in document("due-dates")["vectors"]:
        due_date_is_as_told(vector, counting)


def due_date_is_as_told(vector: dict[str, Any], counting: Calendar) -> None:
    period, shift, extension = vector["period"], vector["shift"], vector["extension_working_days"]
    found = counting.due_date(vector["start"], period, shift=shift, extension_working_days=extension)
    assert (found.due.isoformat(), found.provisional) == (vector["due"], vector["provisional"]), vector
    plain = counting.due_date(vector["start"], period, shift=shift)
    asked = plain.counted if "working" in period else []
    if shift:
        number = parse_period(period).length
        asked = [day for day in plain.counted if day.shifted or day.number == number]
    if extension:
        asked = [*asked, *counting.due_date(plain.due, f"{extension} working days").counted]
    assert sorted({day.notice for day in asked if day.notice}) == vector["notices"], vector


# ---------------------------------------------------------------- refusals and histories


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Path:  # noqa: ARG001 - it must be there first
    os.environ["CREDIT_WORKFLOW_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    path = tmp_path_factory.mktemp("template") / "cases.db"
    office = create_training(where.owner(path), at="2025-01-01")
    office.as_account("center1", at="2025-01-02").import_records(document("histories")["records"])
    assert document("histories")["records"] == document("refusals")["records"]
    return path


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Office:
    return open_database(where.url(where.copy(template, tmp_path / "cases.db")))


class Life:
    """One vector, lived through the API; cases are called by the vector's names."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.numbers: dict[str, str] = {}
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def take(self, step: dict[str, Any]) -> dict[str, int] | None:
        """Take a step; return what a sweep fired."""
        if step["do"] == "sweep":
            report = self.office.sweep(step["at"])
            assert report.failed == ()
            return dict(report.fired)
        if step["do"] == "look":
            return None
        desk = self.office.as_account(step["as"], at=step["at"])
        given = {"values": self._real(step["set"]), "materials": step["materials"]}
        if step["do"] == "submit":
            about = {name: step[name] for name in ("record", "subject") if name in step}
            if "parent" in step:
                about["parent"] = self.numbers[step["parent"]]
            case = desk.submit(step["workflow"], **about, **given)
            self.numbers[step["case"]] = case.number
        else:
            case = desk.act(self.numbers[step["case"]], step["do"], **given)
        if case.answer is not None:
            self.answers[step["case"]] = [{"record_no": r.record_no, "shown": r.shown} for r in case.answer]
        return None

    def _real(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._real(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self._real(part) for part in value]
        if isinstance(value, str) and value.startswith("case:"):
            return self.numbers[value.removeprefix("case:")]
        return value

    def holds(self, step: dict[str, Any]) -> None:
        """Hold all that can be read against what the vector expects."""
        expected = step["expect"]
        names = {number: name for name, number in self.numbers.items()}
        desk = self.office.as_account("center1", at=step["at"])
        assert set(expected["cases"]) == set(self.numbers)
        for name, told in expected["cases"].items():
            case = desk.case(self.numbers[name])
            assert (case.state, case.number in names) == (told["state"], True), name
            assert statutory(case, told["deadlines"]) == told["deadlines"], name
            assert self.answers.get(name) == told.get("found"), name
        overdue = [
            {"case": names[o.case], "deadline": o.deadline, "due": o.due.isoformat(), "days_over": o.days_over}
            for o in desk.overdue()
        ]
        assert sorted(overdue, key=lambda o: (o["due"], o["case"], o["deadline"])) == expected["overdue"]
        assert [o["due"] for o in overdue] == sorted(o["due"] for o in overdue)
        records = {record.record_no: record for record in desk.records()}
        for no, told in expected["records"].items():
            record = as_json(records[no])
            marks = [{"kind": m["kind"], "case": names[m["case"]], "last_day": m["last_day"]} for m in record["marks"]]
            found = {"usable": record["usable"], "marks": sorted(marks, key=lambda m: (m["kind"], m["case"]))}
            if record["usable"]:
                found["content"] = record["content"]
            assert found == {**told, "marks": sorted(told["marks"], key=lambda m: (m["kind"], m["case"]))}, no


def statutory(case: Case, wanted: dict[str, Any]) -> dict[str, Any]:
    """The statutory deadlines of a case, as the vector tells them."""
    return {
        d.id: {
            "status": d.status,
            "due": d.due.isoformat(),
            "original_due": d.original_due.isoformat(),
            **({"met": d.met and d.met.isoformat()} if "met" in wanted.get(d.id, {"met": None}) else {}),
        }
        for d in case.deadlines
        if d.kind == "statutory"
    }


@each("histories")
def test_history(vector: dict[str, Any], office: Office):
    life = Life(office)
    for number, step in enumerate(vector["steps"], 1):
        fired = life.take(step)
        try:
            life.holds(step)
            assert fired == step["expect"].get("fired")
        except AssertionError as fault:
            raise AssertionError(f"step {number} ({step['at']} {step['do']}): {fault}") from fault


@each("refusals")
def test_refusal(vector: dict[str, Any], office: Office):
    life = Life(office)
    for step in vector["given"]:
        life.take(step)
    attempt, expected = vector["attempt"], vector["expect"]
    desk = office.as_account(attempt["as"], at=attempt["at"])
    before = {name: desk.case(number) for name, number in life.numbers.items()}
    with pytest.raises(CreditWorkflowError) as refusal:
        life.take(attempt)
    assert refusal.value.exit_status == expected["exit"]
    assert refusal.value.code == expected["code"]
    if "grounds" in expected:
        assert refusal.value.source == expected["source"]
        told = [as_json(ground) for ground in grounds_of(refusal.value)]
        assert [{name: t[name] for name in e} for e, t in zip(expected["grounds"], told, strict=True)] == expected[
            "grounds"
        ]
    assert {name: desk.case(number) for name, number in life.numbers.items()} == before


@pytest.mark.parametrize(
    "name", ["materials", pytest.param("marking-after-the-window", marks=pytest.mark.slow), "missing-value"]
)
def test_the_real_command_refuses_alike(name: str, office: Office, tmp_path: Path):
    vector = next(vector for vector in document("refusals")["vectors"] if vector["id"] == name)
    life = Life(office)
    for step in vector["given"]:
        life.take(step)
    attempt, expected = vector["attempt"], vector["expect"]
    case = life.numbers[attempt["case"]]
    workflow = {"OBJ": "objection", "MRK": "marking"}[case[:3]]
    words = [workflow, attempt["do"], case, "--as", attempt["as"], "--at", attempt["at"], "--json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "CREDIT_WORKFLOW_DB": where.url(tmp_path / "cases.db")}
    done = subprocess.run(
        [sys.executable, "-m", "credit_workflow", *words],
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    error = json.loads(done.stderr)["error"]
    assert (done.returncode, error["code"]) == (expected["exit"], expected["code"])
    told = error["details"].get("grounds", [])
    assert [{n: t[n] for n in e} for e, t in zip(expected.get("grounds", []), told, strict=True)] == expected.get(
        "grounds", []
    )


def test_the_vectors_cover_what_they_should():
    assert len(document("due-dates")["vectors"]) >= 600
    done = {step["do"] for vector in document("histories")["vectors"] for step in vector["steps"]}
    states = {
        (name, told["state"])
        for vector in document("histories")["vectors"]
        for step in vector["steps"]
        for name, told in step["expect"]["cases"].items()
    }
    assert {"mark", "revoke", "answer", "dispose", "grant_extension", "sweep"} <= done
    for final in ("closed", "expired", "revoked", "lapsed", "withdrawn", "rejected", "answered", "disposed"):
        assert any(state == final for _, state in states), final
    assert all(date.fromisoformat(step["at"]) for v in document("histories")["vectors"] for step in v["steps"])
