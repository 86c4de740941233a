"""The README can be pasted into a terminal as it stands, and shows what is then seen; so can the first steps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT
from tests.acceptance.pasting import Terminal, blocks, clone, filled

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a Unix terminal is needed")

README = ROOT / "README.md"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(clone(tmp_path))
    yield terminal
    terminal.close()


def test_every_block_of_the_readme_can_be_pasted_and_shows_what_it_says(terminal: Terminal) -> None:
    pasted = list(blocks(README))
    assert sum(shown is not None for _, shown in pasted) >= 2
    for commands, shown in pasted:
        seen = terminal.paste(commands)
        if shown is not None:
            assert seen == filled(shown), commands


def test_the_readme_fits_three_screens() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.slow
def test_a_whole_life_can_be_pasted_and_then_a_change_of_rules(terminal: Terminal) -> None:
    terminal.paste(". .venv/bin/activate\nexport CREDIT_WORKFLOW_KEYS=demo/keys\n")
    for commands, _ in blocks(ROOT / "docs" / "first-steps.md"):
        terminal.paste(commands)
    assert '"state": "revoked"' in terminal.paste(
        "credit-workflow case show OBJ-2026-000001 --as window1 --at 2026-03-24 --json\n"
    )
    page = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    rules = next(commands for commands, _ in blocks(ROOT / "docs" / "definitions.md") if "mkdir proposed" in commands)
    assert "first-steps.md" in page.split(rules)[0]
    terminal.paste("export CREDIT_WORKFLOW_AT=2026-03-24\n")
    assert "30日 → 20日" in terminal.paste(rules, patience=180)  # it plays all scenarios


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            "credit-workflow objection submit --as window1",
            "没有信用记录 echo done",
        ),  # it asked, and took this for the answer
        ("credit-workflow workflow diff old.yaml new.yaml", "old.yaml"),
        ("credit-workflow overdue", "--as"),
    ],
)
def test_what_cannot_be_pasted_is_found_out(terminal: Terminal, line: str, why: str) -> None:
    for commands, _ in list(blocks(README))[1:2]:
        terminal.paste(commands)
    with pytest.raises(AssertionError, match=why):
        terminal.paste(f"{line}\necho done\n")
