"""Which columns are no text, where that must be said: `tables` has them, but starts slowly. A test compares the two."""

from __future__ import annotations

FLAGS = frozenset({
    "case_deadline.pending", "case_deadline.provisional", "case_file.final", "credential.must_change",
    "credit_record.removed", "record_mark.suspends",
})  # fmt: skip
NUMBERS = frozenset({
    "case_deadline.extension", "case_event.id", "case_event.seq", "case_file.definition_version", "case_file.head_seq",
    "case_file.version", "credential.failures", "credit_record.revision", "data_key.id", "definition.version",
    "journal_log.id", "journal_log.seq", "log_head.entries", "number_series.last", "number_series.year",
    "outbox.attempts", "outbox.n", "outbox.seq", "seal_log.events", "seal_log.journal", "seal_log.seq",
    "seal_log.size",
})  # fmt: skip
