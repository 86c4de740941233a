"""Faults that were found by trying, each shown by a test, and mended."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from tests import where
from tests.acceptance.conftest import Office
from tests.acceptance.test_cli_terminal import screen


def test_a_group_without_a_command_is_an_error_like_any_other(office: Office) -> None:
    """`case --json`: exit 2, but the help goes to standard output and no error to standard error."""
    answer = office("case", who="window1", at="2026-03-02")
    assert answer.code == 2
    assert answer.error["code"] == "usage"


def test_a_place_that_cannot_be_written_is_named(office: Office) -> None:
    """`init` below a plain file: the clean-up raises again and hides which path is meant."""
    blocked = office.folder / "blocked"
    blocked.write_text("a file where a folder should be")
    answer = office("init --training", CREDIT_WORKFLOW_DB=str(blocked / "sub" / "x.db"))
    assert answer.code == 1
    assert str(blocked / "sub" / "x.db") in answer.error["message"]


@pytest.mark.parametrize("who", ["user1"])
def test_the_dossier_of_a_suspended_record_withholds_what_is_withheld(office: Office, who: str) -> None:
    """`record show` withholds the content from these roles; `record history` gives it to them."""
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    assert office.ok("record show R-1", who=who)["content"] is None
    assert "欠税1元" not in json.dumps(office.ok("record history R-1", who=who), ensure_ascii=False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_file SET state = 'nowhere' WHERE number = 'OBJ-2026-000002'",
        "UPDATE case_file SET definition = 'gone' WHERE number = 'OBJ-2026-000002'",
        "UPDATE case_deadline SET id = 'whenever' WHERE case_no = 'OBJ-2026-000002'",
    ],
)
@pytest.mark.parametrize(
    "line", ["case show OBJ-2026-000002", "case list", "todo", "overdue", "objection accept OBJ-2026-000002"]
)
def test_a_damaged_case_is_an_integrity_failure(office: Office, statement: str, line: str) -> None:
    """A row changed behind the program's back is said to be a fault of the program (exit 1), or of usage (2)."""
    for record in ("R-1", "R-2"):
        office.life.objection("2026-03-02", record)
    with closing(where.connect(office.database)) as db:
        db.execute(statement)
        db.commit()
    assert office(line, who="window1", at="2026-05-06").code in (0, 3, 7)


def test_a_due_date_is_not_broken_in_a_terminal_of_80_columns(office: Office) -> None:
    """`overdue` in 80 columns writes `2026-04-` on one line and `01` on the next."""
    office.life.objection("2026-03-02")
    shown = screen(office, "overdue", width=80, lang="zh", who="supervisor1")
    assert any("2026-04-01" in row for row in shown), "\n".join(shown)
