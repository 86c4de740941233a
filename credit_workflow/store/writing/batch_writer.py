"""The rows of many outcomes written at once, table by table."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from credit_workflow.errors import Conflict, Refused
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.batch import Gathered
from credit_workflow.store.mapping.deadline_rows import DEADLINE_COLUMNS
from credit_workflow.store.mapping.outbox_rows import COLUMNS as OUTBOX_COLUMNS
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.store.writing.writer import Writer


def write(w: Writer, rows: Gathered) -> tuple[int, int]:
    """Write all that was gathered, each table in the order of its key, which is the order that it lies in.

    Args:
        w: has the transaction.
        rows: they are sorted in place.

    Returns:
        How many entries the log of the cases had, and has now.

    Raises:
        Conflict: a case is not in the version in which it was read.
        Refused: a record that is to be made exists already.
    """
    for number in w.known_records([record.no for record in rows.created]):
        message = Text("信用记录 {n} 已存在", "there is a record {n} already").fill(n=number)
        raise Refused(message, code="record_known", details={"record": number})
    w.put_records(rows.created, {})
    for sorting, key in (
        (rows.moved_cases, -2),
        (rows.filled_cases, -2),
        (rows.deadlines, 0),
        (rows.marks, 0),
        (rows.outbox, 0),
    ):
        sorting.sort(key=itemgetter(key))
    w.rows.add("case_file", r.CASE_COLUMNS, rows.new_cases)
    _update_cases(w, rows)
    w.rows.remove("case_deadline", ("case_no", "id"), rows.gone_deadlines)
    w.rows.remove("record_mark", ("case_no", "kind"), rows.gone_marks)
    w.rows.upsert("case_deadline", ("case_no", "id"), DEADLINE_COLUMNS, rows.deadlines)
    w.rows.upsert("record_mark", ("case_no", "kind"), r.MARK_COLUMNS, rows.marks)
    w.put_records(rows.records, {record.no: record for record in rows.records})
    w.rows.add("outbox", OUTBOX_COLUMNS, rows.outbox)
    w.put_accounts(list(rows.accounts.values()))
    # The logs come last: whoever adds to them keeps all others from it until the end.
    made = w.append_events(rows.events)
    w.log_all(rows.record_log)
    return made


def _update_cases(w: Writer, rows: Gathered) -> None:
    _update(w, r.MOVED_COLUMNS, rows.moved_cases)
    _update(w, r.MOVED_COLUMNS + r.FILLED_COLUMNS, rows.filled_cases)


def _update(w: Writer, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Write some columns of cases, each row ending in its number and the version it had."""
    met = w.rows.change("case_file", ("number", "version"), columns, rows)
    if met != len(rows):
        raise Conflict(
            Text(
                "案件刚被他人改动，没有写入任何内容。请重新查看后再办理",
                "somebody else has just changed the case; nothing was written: look at it again",
            )
        )
