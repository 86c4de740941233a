"""Whoever acts on a case asks for a use case: what carries actions out is called by these, and by signing in."""

from __future__ import annotations

from pathlib import Path

from tests.house.test_rooms import ROOT, imports, modules

ACTIONS = "credit_workflow.casework.cases.actions"
#: What people do to cases, what their signing in does to the case of their account, and its recovery at the machine.
CALLERS = {
    "credit_workflow.service.use_cases.daily.acting",
    "credit_workflow.casework.accounts.sign_in",
    "credit_workflow.casework.accounts.recovery",
}
#: The engine's own path, which a desk is measured against.
MEASURED = {Path("benchmarks/office.py")}


def test_actions_are_called_by_their_use_cases_and_by_signing_in() -> None:
    assert ACTIONS in modules()
    assert {name for name, what in imports().items() if ACTIONS in what} == CALLERS


def test_whatever_stands_beside_the_package_comes_by_the_door() -> None:
    line = "from {} import {}".format(*ACTIONS.rsplit(".", 1))
    files = (file for folder in ("benchmarks", "examples", "tests") for file in (ROOT / folder).rglob("*.py"))
    assert {file.relative_to(ROOT) for file in files if line in file.read_text("utf-8")} == MEASURED
