"""An office of the tests' own, and a tiny installed package that offers plug-ins."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from credit_workflow import Office, create_training, open_database
from tests import where
from tests.property.lives import numbers

ROOT = Path(__file__).resolve().parents[2]

RULES = """
workflow: permit
version: 1
title: {zh: 许可, en: Permit}
number: PER-{year}-{serial:06}
in_force: {from: "2020-01-01"}
source: "[practice]"
about: nothing
roles:
  desk: {title: {zh: 窗口, en: Desk}, practice_accounts: 1}
fields:
  hours: {type: integer, title: {zh: 小时, en: Hours}}
  fee: {type: integer, title: {zh: 费用, en: Fee}, at_most: 1000}
  told: {type: text, title: {zh: 说明, en: Told}}
states:
  open: {title: {zh: 待收费, en: Open}, waits_for: desk}
  paid: {title: {zh: 已收费, en: Paid}, final: true}
actions:
  file:
    title: {zh: 申请, en: File}
    to: open
    by: [desk]
    asks: {hours: required}
    source: "[practice]"
  charge:
    title: {zh: 收费, en: Charge}
    from: open
    to: paid
    by: [desk]
    requires:
      - id: long_enough
        must: business_hours(case.fields.hours) >= 2
        message: {zh: 时间太短, en: too short}
        source: "[practice]"
    effects:
      - custom:
          name: fee_by_hours
          values: {hours: case.fields.hours, rate: "3"}
          sets: [fee, told]
          notices:
            - {to: desk, paper: bill, title: {zh: 账单, en: Bill}, source: "[practice]"}
    source: "[practice]"
"""

PLUGIN = """
from credit_workflow import EffectCall, EffectResult

def fee_by_hours(call: EffectCall) -> EffectResult:
    fee = call.values["hours"] * call.values["rate"]
    told = f"{call.facts['case']['number']} {call.facts['today']} {call.effect}"
    return EffectResult(fields={"fee": fee, "told": told}, notices=("bill",) if fee > 10 else ())

def business_hours(hours: int) -> int:
    return hours - 1
"""

ENTRY_POINTS = """
[credit_workflow.effects]
fee_by_hours = office_plugins:fee_by_hours

[credit_workflow.functions]
business_hours = office_plugins:business_hours
"""


def write_package(
    folder: Path, *, code: str = PLUGIN, entries: str = ENTRY_POINTS, name: str = "office-plugins"
) -> Path:
    """Install a package of one module into a folder, as pip would lay it out."""
    folder.mkdir(exist_ok=True)
    (folder / "office_plugins.py").write_text(code, encoding="utf-8")
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(entries, encoding="utf-8")
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with one definition that needs two plug-ins."""
    folder = tmp_path / "rules" / "workflows"
    folder.mkdir(parents=True)
    (folder / "permit.yaml").write_text(RULES, encoding="utf-8")
    return folder


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Installs the package, with other code or entry points where they are given."""
    count = 0

    def installed(**how: str) -> Path:
        nonlocal count
        count += 1
        folder = write_package(tmp_path / f"site{count}", **how)
        sys.modules.pop("office_plugins", None)
        monkeypatch.syspath_prepend(str(folder))
        return folder

    yield installed
    sys.modules.pop("office_plugins", None)


def record_row(no: str = "R-1", owner: str = "adult", **other: str) -> dict[str, str]:
    """A record of somebody as `Desk.import_records` takes it."""
    kind = "legal" if owner == "firm" else "natural"
    return {
        "record_no": no, "subject_kind": kind, "subject_id": numbers()[owner], "subject_name": "张三",
        "provider": "市税务局", "open_class": "B", "title": "欠税", "content": "欠税1元",
        "valid_from": "2024-01-01", "valid_until": "2027-12-31", **other,
    }  # fmt: skip


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, own_folders: None, databases: None) -> Path:  # noqa: ARG001 - it must be there first
    """A training database with one record."""
    path = tmp_path_factory.mktemp("template") / "cases.db"
    made = create_training(where.owner(path), at="2026-01-01")
    made.as_account("center1", at="2026-01-02").import_records([record_row()])
    return path


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Office:
    """A copy of the template, of the test's own."""
    return open_database(where.url(where.copy(template, tmp_path / "cases.db")))
