"""The examples as sites of their own: the command with an example's folder, and nothing of ours beside it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests import where
from tests.acceptance.conftest import ROOT, Command

EXAMPLES = ROOT / "examples"


#: The importing account of each example that has records.
IMPORTERS = {"fcra": "investigator1", "credit-reporting": "verifier1"}


@cache
def _template(example: str) -> Path:
    """Return a training database of an example, its records imported, made once for all tests."""
    made = Command(Path(mkdtemp(dir=os.environ["CREDIT_WORKFLOW_STATE"])), _rules(example))
    assert made("init --training", at="2026-01-02").code == 0
    if example in IMPORTERS:
        records = str(EXAMPLES / example / "records.csv")
        assert made.ok("record import", records, who=IMPORTERS[example], at="2026-01-02")["imported"] > 1
    return made.database


def _rules(example: str) -> dict[str, str]:
    return {"CREDIT_WORKFLOW_WORKFLOWS": str(EXAMPLES / example / "workflows")}


def site(folder: Path, example: str) -> Command:
    """Return the command on a training database of an example, with its records."""
    made = Command(folder, _rules(example))
    where.copy(_template(example), made.database)
    return made


def deadline(view: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one deadline of a case."""
    (found,) = (d for d in view["deadlines"] if d["id"] == name)
    return dict(found)


def dues(view: dict[str, Any]) -> dict[str, str | None]:
    """Return the due date of each deadline of a case."""
    return {d["id"]: d["due"] for d in view["deadlines"]}


def whole(site: Command, at: str) -> None:
    """The log proves everything that the database says."""
    assert site.ok("audit verify", who="auditor1", at=at)["ok"] is True
