"""Faults found by trying the commands about rules, calendars and pictures with bad input, each mended."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT, Command, Office, unchanged
from tests.integration.test_gazettes import NOTICE

#: No file system takes a name of 300 bytes.
LONG = "a" * 300


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("place", "code", "says"), [("no/where.yaml", 4, "no_folder"), (f"{LONG}.yaml", 3, "unwritable")]
)
def test_a_notice_is_not_imported_whose_file_cannot_be_written(
    office: Office, notice: Path, place: str, code: int, says: str
) -> None:
    """`calendar import --out no/where.yaml`: the notice was kept, and then the command failed (exit 1)."""
    with unchanged(office.database):
        answer = office("calendar import", str(notice), "--out", place, who="clerk1", at="2026-12-25")
    assert (answer.code, answer.error["code"]) == (code, says)


def test_a_refused_import_leaves_no_file(office: Office, notice: Path) -> None:
    notice.write_text(NOTICE.replace("共3天", "共4天", 1), encoding="utf-8")
    assert office("calendar import", str(notice), "--out", "2027.yaml", who="clerk1", at="2026-12-25").code == 3
    assert not (office.folder / "2027.yaml").exists()


def test_an_empty_text_is_said_to_be_empty(office: Office, notice: Path) -> None:
    """It was said not to name its year."""
    notice.write_text("\n \n")
    answer = office("calendar import", str(notice), who="clerk1", at="2026-12-25")
    assert (answer.code, answer.error["code"]) == (2, "empty")


@pytest.mark.parametrize(
    ("line", "more", "code"),
    [
        ("workflow diff objection", f"{LONG}.yaml", 4),
        ("workflow diagram", f"{LONG}.yaml", 4),
        ("workflow document", f"{LONG}.yaml", 4),
        ("workflow diagram objection --out", f"{LONG}.svg", 3),
        ("calendar export 2026 --out", f"{LONG}.yaml", 3),
        ("calendar export 2026 --out", "no/where.yaml", 4),
        ("simulate --until 2026-04-01 --rules", LONG, 4),
    ],
)
def test_a_place_that_cannot_be_is_no_fault_of_the_program(office: Office, line: str, more: str, code: int) -> None:
    """Names that are too long ended as faults of the system (exit 1)."""
    answer = office(line, more, who="supervisor1", at="2026-03-02")
    assert answer.code == code
    assert answer.error["code"] != "system"


def test_a_link_that_leads_to_itself_can_not_be_played(command: Command) -> None:
    """`workflow test` ended as a fault of the program (exit 1)."""
    link = command.folder / "loop.yaml"
    try:
        link.symlink_to(link)
    except OSError:
        pytest.skip("no symbolic links here")
    assert command("workflow test", str(link)).code == 2


def test_a_simulation_ends_within_the_calendar(office: Office) -> None:
    """Duties that recur ran over the year 9999 (exit 1)."""
    office.ok("objection submit --record R-1 --set reason=x --all-materials", at="2026-03-02")
    refused = office.refused(3, "simulate --until 9999-12-31", who="supervisor1")
    assert refused["code"] == "outside_calendar"


def test_rules_to_simulate_are_a_folder(office: Office) -> None:
    """Of a file it was said that the folder has no definition."""
    file = ROOT / "workflows" / "objection.yaml"
    refused = office.refused(2, "simulate --until 2026-04-01 --rules", str(file), who="supervisor1")
    assert refused["code"] == "no_folder"
    assert str(file.parent) in refused["message"]


def test_a_dash_is_the_screen_and_no_file(command: Command) -> None:
    """`--out -` wrote a file called `-`."""
    for line in ("workflow diagram marking", "workflow document marking", "calendar export 2026"):
        plain = command(line, as_json=False)
        dash = command(f"{line} --out -", as_json=False)
        assert (dash.code, dash.out) == (0, plain.out)
    assert os.listdir(command.folder) == []  # noqa: PTH208 - names, hidden ones too


def test_a_rule_without_a_clause_is_in_one_pair_of_brackets(office: Office) -> None:
    """`错误: … [[practice]]`."""
    file = str(ROOT / "workflows" / "objection.yaml")
    answer = office("workflow propose", file, who="window1", at="2026-03-02", as_json=False)
    assert answer.code == 6
    assert answer.line.endswith(" [practice]")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("workflow publish x", "N 的值无效：“x”不是整数"),
        ("workflow migrate objection --to x", "--to 的值无效：“x”不是整数"),
        ("workflow test --min-coverage x", "--min-coverage 的值无效：“x”不是数"),
        ("workflow test --min-coverage 101", "--min-coverage 的值无效：101.0 不在 0<=x<=100 之内"),
    ],
)
def test_a_value_of_another_type_is_explained_in_chinese(command: Command, line: str, says: str) -> None:
    """`to 的值无效：Invalid value for '--to': 'x' is not a valid int`."""
    answer = command(line)
    assert answer.code == 2
    assert answer.error["message"].startswith(says)
    assert "valid" not in answer.error["message"]
