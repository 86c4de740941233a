"""Values are made from rows by the names of their columns, and rows from values; files come whole, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec import Struct

from credit_workflow.errors import Refused
from credit_workflow.store.mapping.shape import Shape
from credit_workflow.store.private_files import drafted
from credit_workflow.store.sqlite.new_file import new_file


class Sheet(Struct, frozen=True, kw_only=True):
    """A value with a field of each kind."""

    number: str
    opened: date
    final: bool
    waits_for: tuple[str, ...]
    made_at: datetime | None = None
    said: str = ""


SHEETS = Shape(
    "case_file AS c JOIN outbox AS o ON o.case_no = c.number",
    Sheet,
    ("c.number", "c.opened", "c.final", "c.waits_for", "o.next_attempt", "o.paper"),
    given=("said",),
    next_attempt="made_at",
    paper="said",
    c="case_file",
    o="outbox",
)
ROW = ("C-1", "2026-03-02", 1, "center,source", "2026-03-02T01:00:00Z", "sealed")
VALUE = Sheet(
    number="C-1", opened=date(2026, 3, 2), final=True, waits_for=("center", "source"),
    made_at=datetime(2026, 3, 2, 1, tzinfo=UTC), said="opened",
)  # fmt: skip


def test_each_column_is_read_and_written_as_its_kind_is() -> None:
    assert SHEETS.of(ROW, said="opened") == VALUE
    assert SHEETS.row(VALUE, paper="sealed") == ROW


def test_what_is_not_there_stays_so() -> None:
    row = ("C-1", "2026-03-02", 0, "", None, "sealed")
    value = SHEETS.of(row, said="")
    assert (value.final, value.waits_for, value.made_at) == (False, (), None)
    assert SHEETS.row(value, paper="sealed") == row


@pytest.mark.parametrize("row", [("C-1", "soon", 0, "", None, ""), ("C-1", "2026-03-02", 0, "", "2026-03-02", "")])
def test_what_no_program_of_ours_has_written_is_refused(row: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"isoformat|no instant"):
        SHEETS.of(row, said="")


def test_a_draft_comes_whole_or_goes_and_leaves_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with pytest.raises(UnicodeEncodeError), drafted(file) as draft:
        draft.write_text("half, 一半", encoding="ascii")
    assert list(tmp_path.iterdir()) == []
    with drafted(file) as draft:
        draft.write_text("first")
    with pytest.raises(FileExistsError), drafted(file) as draft:
        draft.write_text("second")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("file", "first")]
    with drafted(file, over=True) as draft:
        draft.write_text("third")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("file", "third")]


def test_of_two_who_make_a_database_at_once_the_second_leaves_that_of_the_first_alone(tmp_path: Path) -> None:
    path = tmp_path / "cases.db"
    with pytest.raises(Refused, match=r"already|已存在"), new_file(path):
        path.write_text("the first one's")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("cases.db", "the first one's")]
