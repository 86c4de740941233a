"""Each command and each action asks for one use case, and each use case is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from credit_workflow.cli import completion
from credit_workflow.cli.app import build
from credit_workflow.cli.context import settings
from credit_workflow.cli.daily import action_commands
from credit_workflow.definition.library import load_definitions
from credit_workflow.scheduler import nightly
from credit_workflow.service.desk import Desk
from credit_workflow.service.office import Office
from credit_workflow.service.registry import USE_CASES, use_case_of
from credit_workflow.service.use_case import Request
from tests.house.asking import asked_by, leaves

#: What commands ask beside the one thing that they are for: what would come of it, or what else they show.
BESIDE = {
    "workflow approve": {"workflow.proposals"},
    "workflow publish": {"workflow.proposals"},
    "workflow migrate": {"workflow.outlook"},
    "case show": {"case.picture"},
    "scheduler run": {"sweep", "notify.run", "digest.put_out"},
}
CHECKED_BY = {"case.submit": "case.check_submit", "case.act": "case.check"}
#: Commands that are not called as their use case is.
CALLED_OTHERWISE = {
    "account list": "account.list",
    "lookup log": "look_up.log",
    **dict.fromkeys(("objection log", "marking log", "revocation log"), "application.log"),
    "query log": "look_up.log",
    "shell": "standing",
}
MADE_UP = """
workflow: {name}
version: 1
title: {{zh: 编造, en: Made up}}
number: ZZZ-{{year}}-{{serial:06}}
in_force: {{from: 2015-05-18}}
source: "[practice]"
roles:
  window: {{title: {{zh: 窗口, en: Window}}, practice_accounts: 1}}
states:
  begun: {{title: {{zh: 已开始, en: Begun}}, waits_for: window}}
  ended: {{title: {{zh: 已结束, en: Ended}}, final: true}}
actions:
  begin: {{title: {{zh: 开始, en: Begin}}, to: begun, by: [window], source: "[practice]"}}
  end_it: {{title: {{zh: 结束, en: End it}}, from: begun, to: ended, by: [window], source: "[practice]"}}
"""


def tree(folder: Path | None = None) -> dict[str, Any]:
    settings.cache_clear()
    settings().workflows = folder
    try:
        return dict(leaves(build()))
    finally:
        settings.cache_clear()


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    return tree()


def actions_of(folder: Path | None) -> dict[str, str]:
    """What each action of people asks for, by the words of its command."""
    found = {}
    for name, definition in load_definitions(folder).items():
        opening = definition.workflow.opening[0]
        for action, rule in definition.workflow.actions.items():
            if set(rule.by) - {"system"}:
                found[f"{name} {action}"] = "case.submit" if action == opening else "case.act"
    return found


class Asked(Exception):
    """What a command asked for."""


def asked_in(command: Any, *, check: bool = False) -> str:
    """What a command of an action asks for when it is called."""

    def ask(request: Request[Any], *_: Any) -> Any:
        raise Asked(use_case_of(request).name)

    given = {param.name: None for param in command.params} | {"check": check}
    with mock.patch.object(action_commands, "ask", ask), pytest.raises(Asked) as asked:
        command.callback(**given)
    return str(asked.value)


def test_each_command_asks_for_one_use_case(commands: dict[str, Any]) -> None:
    acts = actions_of(None)
    for words, command in commands.items():
        main = CALLED_OTHERWISE.get(words, words.replace(" ", "."))
        if words == "shell":  # in which all others are called
            assert main in asked_by(command.callback)
            continue
        main = main if main in USE_CASES else acts[words]
        if main in CHECKED_BY:
            assert (asked_in(command), asked_in(command, check=True)) == (main, CHECKED_BY[main]), words
            continue
        assert asked_by(command.callback) == {main} | BESIDE.get(words, set()), words


def test_each_action_has_a_command(commands: dict[str, Any]) -> None:
    missing = [words for words in actions_of(None) if words not in commands]
    assert [words for words in missing if not words.startswith("account ")] == []


def test_so_has_each_action_of_a_definition_made_up(tmp_path: Path) -> None:
    (tmp_path / "zany.yaml").write_text(MADE_UP.format(name="zany"), encoding="utf-8")
    there = tree(tmp_path)
    assert actions_of(tmp_path) == {"zany begin": "case.submit", "zany end_it": "case.act"}
    assert asked_in(there["zany begin"]) == "case.submit"
    assert asked_in(there["zany end_it"]) == "case.act"


def test_each_use_case_is_asked_for(commands: dict[str, Any]) -> None:
    faces = [
        *(command.callback for command in commands.values()),
        build,
        *vars(completion).values(),
        Office,
        Desk,
        *vars(nightly).values(),
    ]
    asked: set[str] = set().union(*map(asked_by, faces))
    assert set(USE_CASES) - asked == set()
