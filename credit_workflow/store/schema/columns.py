"""The columns of the tables, which `tables` declares; `python -m tests.columns` writes them here.

Whoever only reads is spared SQLModel, which starts slowly. A test holds the two together.
"""

from __future__ import annotations

# fmt: off

#: The columns of each table, in their order.
COLUMNS = {
    "meta": ("key", "value"),
    "definition": ("digest", "workflow", "version", "body"),
    "account": ("name", "unit", "roles", "status", "created", "case_no"),
    "credential": ("name", "password", "earlier", "must_change", "failures", "locked_until"),
    "sign_in": ("token", "account", "began", "used"),
    "data_key": ("id", "purpose", "master", "wrapped", "made"),
    "log_head": ("log", "entries", "hash"),
    "seal_log": ("seq", "at", "events", "journal", "size", "root", "prev", "hash", "signature"),
    "credit_record": (
        "no", "subject_kind", "subject_key", "person", "provider", "open_class", "content", "valid_from", "valid_until",
        "revision", "removed",
    ),
    "case_file": (
        "number", "root", "parent", "workflow", "definition", "definition_version", "state", "final", "version",
        "opened", "subject_kind", "subject_key", "person", "record", "unit", "assignee", "waits_for", "fields",
        "materials", "done", "applied", "head_seq", "head_hash",
    ),
    "case_deadline": (
        "case_no", "id", "kind", "late", "owed_by", "status", "starts", "due", "original_due", "edition", "provisional",
        "met", "extension", "flagged", "resumed", "length", "pauses", "pending",
    ),
    "record_mark": (
        "case_no", "kind", "record", "title_zh", "title_en", "suspends", "placed", "reason", "last_day", "lifted",
    ),
    "outbox": (
        "key", "case_no", "seq", "n", "role", "unit", "paper", "title_zh", "title_en", "made", "status", "attempts",
        "error", "next_attempt", "finished", "claimed_until",
    ),
    "number_series": ("workflow", "year", "last"),
    "case_event": (
        "id", "case_no", "seq", "at", "effective", "actor", "role", "action", "before", "after", "data", "prev", "hash",
    ),
    "journal_log": ("id", "stream", "seq", "at", "actor", "role", "kind", "data", "prev", "hash"),
    "journal_about": ("about", "id"),
}

#: The columns of each table's key.
KEYS = {
    "meta": ("key",), "definition": ("digest",), "account": ("name",), "credential": ("name",), "sign_in": ("token",),
    "data_key": ("id",), "log_head": ("log",), "seal_log": ("seq",), "credit_record": ("no",), "case_file": ("number",),
    "case_deadline": ("case_no", "id"), "record_mark": ("case_no", "kind"), "outbox": ("key",),
    "number_series": ("workflow", "year"), "case_event": ("id",), "journal_log": ("id",),
    "journal_about": ("about", "id"),
}

#: The columns that are true or false.
FLAGS = frozenset({
    "case_deadline.pending", "case_deadline.provisional", "case_file.final", "credential.must_change",
    "credit_record.removed", "record_mark.suspends",
})

#: The columns that are numbers.
NUMBERS = frozenset({
    "case_deadline.extension", "case_event.id", "case_event.seq", "case_file.definition_version", "case_file.head_seq",
    "case_file.version", "credential.failures", "credit_record.revision", "data_key.id", "definition.version",
    "journal_about.id", "journal_log.id", "journal_log.seq", "log_head.entries", "number_series.last",
    "number_series.year", "outbox.attempts", "outbox.n", "outbox.seq", "seal_log.events", "seal_log.journal",
    "seal_log.seq", "seal_log.size",
})

#: The columns that are days.
DAYS = frozenset({
    "case_deadline.due", "case_deadline.flagged", "case_deadline.met", "case_deadline.original_due",
    "case_deadline.resumed", "case_deadline.starts", "case_event.effective", "case_file.opened",
    "credit_record.valid_from", "credit_record.valid_until", "record_mark.last_day", "record_mark.lifted",
    "record_mark.placed",
})

#: The columns that are instants.
INSTANTS = frozenset({
    "account.created", "case_event.at", "credential.locked_until", "data_key.made", "journal_log.at",
    "outbox.claimed_until", "outbox.finished", "outbox.made", "outbox.next_attempt", "seal_log.at", "sign_in.began",
    "sign_in.used",
})

#: The columns that are words with commas between them.
WORDS = frozenset({"account.roles", "case_file.waits_for"})
