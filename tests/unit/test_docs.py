"""The documentation speaks of the program as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every command's words, as the generated reference has them."""
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    return set(re.findall(r"^## `credit-workflow ?(.*)`$", text, re.MULTILINE))


def test_the_generated_parts_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_shown_exists(page: Path, known: set[str]) -> None:
    for words in re.findall(r"credit-workflow ((?:[a-z_]+ ?){1,2})", page.read_text(encoding="utf-8")):
        first, *rest = words.split()
        assert first in known, words
        if any(command.startswith(f"{first} ") for command in known) and rest:
            assert f"{first} {rest[0]}" in known, words


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_between_files_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_action_has_its_line_in_the_reference(known: set[str]) -> None:
    assert {"objection submit", "marking mark", "revocation revoke", "record import", "case explain"} <= known
    assert not {"objection close", "marking expire"} & known  # what no person does is no command


def test_no_page_names_a_machine_or_a_registry() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"/home/|/root/|/work/|pypi\.org|files\.pythonhosted", text), page
