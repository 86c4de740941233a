"""The first schema that is released: cases, deadlines, marks, records, accounts, keys, the append-only logs.

What came before it (0001, 0002) kept personal data in plain text and was never released.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from credit_workflow.store.postgres import server_schema as postgresql

revision = "0003"
down_revision = None

#: The columns of each table, texts unless said: ``int`` is a number, ``flag`` true or false; one with ``?`` may be
#: empty. Those before the bar are the table's key.
_TABLES = {
    "account": "name | unit roles status created case_no?",
    "case_deadline": (
        "case_no id | kind late owed_by? status starts due original_due edition provisional:flag met? extension:int"
        " flagged? resumed? pending:flag"
    ),
    "case_event": "id:int | case_no seq:int at effective actor role action before? after data prev hash",
    "case_file": (
        "number | root parent? workflow definition definition_version:int state final:flag version:int opened"
        " subject_kind subject_key person record unit? assignee? waits_for fields materials done applied? head_seq:int"
        " head_hash"
    ),
    "credit_record": (
        "no | subject_kind subject_key person provider open_class content valid_from valid_until revision:int"
        " removed:flag"
    ),
    "definition": "digest | workflow version:int body",
    "journal_log": "id:int | stream seq:int at actor role kind data prev hash",
    "meta": "key | value",
    "number_series": "workflow year:int | last:int",
    "record_mark": "case_no kind | record title_zh title_en suspends:flag placed reason? last_day? lifted?",
    "credential": "name | password earlier must_change:flag failures:int locked_until?",
    "sign_in": "token | account began used",
    "log_head": "log | entries:int hash",
    "seal_log": "seq:int | at events:int journal:int size:int root prev hash signature",
    "data_key": "id:int | purpose master wrapped made",
    "outbox": (
        "key | case_no seq:int n:int role unit? paper title_zh title_en made status attempts:int error? next_attempt?"
        " finished? claimed_until?"
    ),
}
_KINDS: dict[str, Any] = {"": sa.String, "int": sa.Integer, "flag": sa.Boolean}
#: What no two rows of a table have in common, besides the key.
_UNIQUE = {"case_event": ("case_no", "seq"), "definition": ("workflow", "version"), "journal_log": ("stream", "seq")}
#: The tables whose rows lie together by their keys, in SQLite.
_BY_KEY = ("case_deadline", "record_mark")
#: Each index with its table, its columns, and of which rows alone it is.
_INDEXES = (
    ("case_deadline_pending", "case_deadline", "due case_no", "pending"),
    ("case_deadline_running", "case_deadline", "due", "status = 'running'"),
    ("case_file_open", "case_file", "final workflow", None),
    ("case_file_repeat", "case_file", "workflow subject_key record", None),
    ("ix_case_file_record", "case_file", "record", None),
    ("ix_case_file_root", "case_file", "root", None),
    ("ix_credit_record_subject_key", "credit_record", "subject_key", None),
    ("ix_record_mark_record", "record_mark", "record", None),
    ("ix_sign_in_account", "sign_in", "account", None),
    ("outbox_waiting", "outbox", "next_attempt", "next_attempt IS NOT NULL"),
)


def upgrade() -> None:
    for table, columns in _TABLES.items():
        options = {"sqlite_with_rowid": False} if table in _BY_KEY else {}
        op.create_table(table, *_parts(table, columns), **options)
    for name, table, columns, where in _INDEXES:
        some: dict[str, Any] = (
            {} if where is None else {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
        )
        op.create_index(name, table, columns.split(), unique=False, **some)

    if op.get_bind().dialect.name == "postgresql":
        for statement in postgresql.statements():
            op.execute(sa.text(statement.replace(":", "\\:")))
        return
    # What no program of ours ever does, nobody shall do by hand: the logs only grow.
    for table in ("case_event", "journal_log", "seal_log"):
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _parts(table: str, columns: str) -> Iterator[sa.schema.SchemaItem]:
    """Give the columns of a table, its key, and what is unique in it."""
    keys = [key.partition(":")[0] for key in columns.partition("|")[0].split()]
    for column in columns.replace("|", "").split():
        name, _, kind = column.rstrip("?").partition(":")
        yield sa.Column(name, _KINDS[kind](), nullable=column.endswith("?"))
    yield sa.PrimaryKeyConstraint(*keys)
    if table in _UNIQUE:
        yield sa.UniqueConstraint(*_UNIQUE[table])


def downgrade() -> None:
    raise NotImplementedError("the log is permanent: there is nothing to go back to")
