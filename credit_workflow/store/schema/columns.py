"""The columns of the tables, which `tables` declares; `python -m tests.columns` writes them here.

Whoever only reads is spared SQLModel, which starts slowly. A test holds the two together.
"""

from __future__ import annotations

# fmt: off

META = ("key", "value")
DEFINITION = ("digest", "workflow", "version", "body")
ACCOUNT = ("name", "unit", "roles", "status", "created", "case_no")
CREDENTIAL = ("name", "password", "earlier", "must_change", "failures", "locked_until")
SIGN_IN = ("token", "account", "began", "used")
DATA_KEY = ("id", "purpose", "master", "wrapped", "made")
LOG_HEAD = ("log", "entries", "hash")
SEAL_LOG = ("seq", "at", "events", "journal", "size", "root", "prev", "hash", "signature")
CREDIT_RECORD = (
    "no", "subject_kind", "subject_key", "person", "provider", "open_class", "content", "valid_from", "valid_until",
    "revision", "removed",
)
CASE_FILE = (
    "number", "root", "parent", "workflow", "definition", "definition_version", "state", "final", "version", "opened",
    "subject_kind", "subject_key", "person", "record", "unit", "assignee", "waits_for", "fields", "materials", "done",
    "applied", "head_seq", "head_hash",
)
CASE_DEADLINE = (
    "case_no", "id", "kind", "late", "owed_by", "status", "starts", "due", "original_due", "edition", "provisional",
    "met", "extension", "flagged", "resumed", "length", "pauses", "pending",
)
RECORD_MARK = (
    "case_no", "kind", "record", "title_zh", "title_en", "suspends", "placed", "reason", "last_day", "lifted",
)
OUTBOX = (
    "key", "case_no", "seq", "n", "role", "unit", "paper", "title_zh", "title_en", "made", "status", "attempts",
    "error", "next_attempt", "finished", "claimed_until",
)
NUMBER_SERIES = ("workflow", "year", "last")
CASE_EVENT = (
    "id", "case_no", "seq", "at", "effective", "actor", "role", "action", "before", "after", "data", "prev", "hash",
)
JOURNAL_LOG = ("id", "stream", "seq", "at", "actor", "role", "kind", "data", "prev", "hash")
JOURNAL_ABOUT = ("about", "id")

#: The columns of each table, in their order.
COLUMNS = {
    "meta": META, "definition": DEFINITION, "account": ACCOUNT, "credential": CREDENTIAL, "sign_in": SIGN_IN,
    "data_key": DATA_KEY, "log_head": LOG_HEAD, "seal_log": SEAL_LOG, "credit_record": CREDIT_RECORD,
    "case_file": CASE_FILE, "case_deadline": CASE_DEADLINE, "record_mark": RECORD_MARK, "outbox": OUTBOX,
    "number_series": NUMBER_SERIES, "case_event": CASE_EVENT, "journal_log": JOURNAL_LOG,
    "journal_about": JOURNAL_ABOUT,
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
