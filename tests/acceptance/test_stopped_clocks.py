"""A clock that stands has no due date: nothing that anybody reads says one, and nothing fails for the lack of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.sites import EXAMPLES, site, whole

pytestmark = pytest.mark.usefixtures("databases")

CASE = "FOI-2026-000001"
#: What date.max looks like, and the ISO week that it lies in.
NEVER = "9999"

READ = [
    ("officer1", f"case show {CASE}"),
    ("officer1", f"case show {CASE} --diagram"),
    ("officer1", f"case explain {CASE}"),
    ("officer1", f"case explain {CASE} --grid"),
    ("officer1", f"case history {CASE}"),
    ("officer1", "case list"),
    ("officer1", "todo"),
    ("officer1", "overdue"),
    ("supervisor1", "stats"),
    ("supervisor1", "notify list"),
    ("supervisor1", "digest"),
    ("supervisor1", "simulate --until 2026-09-30"),
    ("supervisor1", "workflow migrate foi --dry-run"),
    ("auditor1", "audit show --purpose x"),
    ("officer1", f"paper list {CASE}"),
]


def _second(folder: Path, *changes: tuple[str, str]) -> str:
    """Write a second version of the request, with other days for the reply, that takes running cases over."""
    text = (EXAMPLES / "foi" / "workflows" / "foi.yaml").read_text(encoding="utf-8")
    takes_over = 'takes_over: {from: "2026-03-01", deadlines: recount, source: "[practice]"}\ncalendar: england'
    for old, new in (("version: 1\n", "version: 2\n"), ("calendar: england", takes_over), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "foi.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def _published(office: Command, file: str, at: str = "2026-03-25") -> None:
    number = office.ok("workflow propose", file, who="clerk1", at=at)["proposal"]
    office.ok(f"workflow approve {number}", who="supervisor1", at=at)
    office.ok(f"workflow publish {number}", who="supervisor1", at=at)


@pytest.fixture
def office(tmp_path: Path) -> Command:
    """An office with a request received on 20 March 2026 whose clock stands from the 25th on."""
    made = site(tmp_path, "foi")
    made.ok("foi receive --subject alice@example.org", "--set", "topic=grit", who="officer1", at="2026-03-20")
    made.ok(f"foi give_fees_notice {CASE}", "--set", "fee=25", who="officer1", at="2026-03-25")
    return made


def test_nothing_says_a_date_that_there_is_none_of(office: Command) -> None:
    _published(office, _second(office.folder, ("length: 20 working days", "length: 30 working days")))
    for who, line in READ:
        answers = [
            office(line, who=who, at="2026-06-01", as_json=False, CREDIT_WORKFLOW_LANG=lang) for lang in ("zh", "en")
        ]
        for answer in (*answers, office(line, who=who, at="2026-06-01")):
            assert answer.code == 0, (line, answer.err)
            assert NEVER not in re.sub("[0-9a-f]{64}", "", answer.out), (line, answer.out)  # a hash may have it
    for lang in ("zh", "en"):
        files = [office.folder / f"{lang}-{name}.html" for name in ("month", "grid")]
        office.text(f"report monthly --month 2026-05 --to {files[0]} --lang {lang}", who="supervisor1", at="2026-06-01")
        office.text(f"case explain {CASE} --out {files[1]} --lang {lang}", who="officer1", at="2026-06-01")
        assert not any(NEVER in file.read_text(encoding="utf-8") for file in files)
    whole(office, "2026-06-01")
