"""Read the second log's rows into entries, as `casework.journal` knows them, and add entries to their streams."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from credit_workflow.casework.journal.entry import ALWAYS, About, Draft, Line, S, Said, Span, stream_of
from credit_workflow.store.aggregates.subject import Reads, Writes
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.chain import genesis, link
from credit_workflow.store.mapping.shape import Shape, instant_text
from credit_workflow.store.reading.conditions import Conditions
from credit_workflow.store.reading.opened import Opened

_LINES: Shape[Line[Any]] = Shape("journal_log", Line, given=("said",), id="place")
_JOURNAL = _LINES.select
#: The same through the index, which comes first: SQLite would rather go through the stream.
_ABOUT = (
    f"SELECT {', '.join(f'j.{name}' for name in _LINES.columns)} FROM journal_about AS a CROSS JOIN journal_log AS j"
)
#: The streams that are about one thing each.
_OWN = {"record": "record", "case": "paper"}
#: The first migration with the index by what entries are about.
_INDEXED = "0005"


class JournalReader(Reads):
    """Reads the second log.

    Args:
        db: the open database.
    """

    def __init__(self, db: Opened) -> None:
        super().__init__(db)
        #: The sequence number and hash of the newest entry of each stream asked for so far.
        self._heads: dict[str, tuple[int, str]] = {}

    def head(self, form: type[Said], of: str = "") -> str:
        """Return the hash of a stream's newest entry: as long as it is the same, so is every entry of the stream."""
        return self._head(stream_of(form, of))[1]

    def _head(self, stream: str) -> tuple[int, str]:
        """Return the sequence number and hash of a stream's newest entry."""
        known = self._heads.get(stream)
        if known is None:
            sql = "SELECT seq, hash FROM journal_log WHERE stream = ? ORDER BY seq DESC LIMIT 1"
            known = self._db.made(tuple, sql, stream) or (0, genesis(self._db.meta["id"], stream))
            self._heads[stream] = known
        return known

    def of(
        self, form: type[S], of: str = "", *, span: Span = ALWAYS, actor: str | None = None, kind: str | None = None
    ) -> Iterator[Line[S]]:
        """Return the entries of a stream, one at a time, in their order.

        Args:
            form: what its entries have in common.
            of: what the stream is about, where each of many things has one of its own.
            span: of these instants only.
            actor: of this account only.
            kind: of this kind only.

        Raises:
            IntegrityFault: an entry can't be understood; it is named.
        """
        wanted = Conditions().equal(stream=stream_of(form, of), kind=kind).during(span, actor)
        found = self._db.plain.execute(f"{_JOURNAL} {wanted.where} ORDER BY seq", wanted.values)
        return (line_of(row, form, self._db) for row in found)

    def about(self, form: type[S], about: About, *, span: Span = ALWAYS, actor: str | None = None) -> Iterator[Line[S]]:
        """Return those entries of a stream that are about a record, a case or a person, as `of` does.

        Raises:
            IntegrityFault: an entry can't be understood; it is named.
        """
        if not self.indexed:
            return (line for line in self.of(form, span=span, actor=actor) if about in line.said.about)
        wanted = Conditions().add("j.id = a.id").equal(about=r.about_key(about, self._db.cipher), stream=form.STREAM)
        wanted.during(span, actor)
        found = self._db.plain.execute(f"{_ABOUT} {wanted.where} ORDER BY seq", wanted.values)
        return (line_of(row, form, self._db) for row in found)

    def at(self, form: type[S], seq: int, of: str = "") -> Line[S] | None:
        """Return one entry of a stream by its place there, or None.

        Raises:
            IntegrityFault: it can't be understood.
        """
        sql = f"{_JOURNAL} WHERE stream = ? AND seq = ?"
        return self._db.made(lambda row: line_of(row, form, self._db), sql, stream_of(form, of), seq)

    def last(self, form: type[S], of: str = "") -> Line[S] | None:
        """Return the newest entry of a stream, or None.

        Raises:
            IntegrityFault: it can't be understood.
        """
        sql = f"{_JOURNAL} WHERE stream = ? ORDER BY seq DESC LIMIT 1"
        return self._db.made(lambda row: line_of(row, form, self._db), sql, stream_of(form, of))

    def later_than(self, at: datetime, after: int, through: int) -> set[tuple[str, int]]:
        """Return (stream, seq) of the entries of later instants, among those after one and through another."""
        sql = "SELECT stream, seq FROM journal_log WHERE id > ? AND id <= ? AND at > ?"
        return set(self._db.plain.execute(sql, (after, through, instant_text(at))).fetchall())

    def everything(
        self, *, span: Span = ALWAYS, actor: str | None = None, about: Collection[About] | None = None
    ) -> Iterator[Line[Said]]:
        """Return the entries of all streams, stream by stream, one at a time.

        Args:
            span: of these instants only.
            actor: of this account only.
            about: those that are about one of these, or stand in the stream of one, only.

        Raises:
            IntegrityFault: an entry can't be understood; it is named.
        """
        from credit_workflow.casework.journal.entry_forms import (  # noqa: PLC0415 - who reads one stream needs one
            forms_of,
        )

        wanted = Conditions().during(span, actor)
        if about is not None and self.indexed:
            wanted.add(*self._about(about))
        found = self._db.plain.execute(f"{_JOURNAL} {wanted.where} ORDER BY stream, seq", wanted.values)
        for row in found:
            form = forms_of(row[1])
            if form is None:
                raise r.damaged(f"{row[1]}#{row[2]}", ValueError("there is no such stream"))
            line = line_of(row, form, self._db)
            if about is None or self.indexed or line.stream in _streams(about) or set(about) & set(line.said.about):
                yield line

    @cached_property
    def indexed(self) -> bool:
        """Whether the database has the index by what entries are about: those of before migration 0005 have not."""
        return bool(self._db.first("SELECT version_num FROM alembic_version") >= _INDEXED)

    def _about(self, about: Collection[About]) -> tuple[str, *tuple[Any, ...]]:
        """Return the condition that an entry is about one of these, or stands in the stream of one, and its values."""
        keys, known = self._db.dialect.among("about", [r.about_key(one, self._db.cipher) for one in about])
        streams, named = self._db.dialect.among("stream", sorted(_streams(about)))
        return f"(id IN (SELECT id FROM journal_about WHERE {keys}) OR {streams})", *known, *named


def _streams(about: Collection[About]) -> set[str]:
    """Return the streams that records and cases have of their own."""
    return {f"{_OWN[what]}:{key}" for what, key in about if what in _OWN}


def line_of(row: r.Row, form: type[S], db: Opened) -> Line[S]:
    """Return an entry from its row (`columns.JOURNAL_LOG`).

    Args:
        row: the row.
        form: what the entries of its stream have in common.
        db: has what opens it.

    Raises:
        IntegrityFault: the row holds what no entry of its stream can.
    """
    _, stream, seq, _, _, _, kind, *_ = row
    text = r.journal_opened(row[1:], lambda: db.cipher)
    try:
        return _LINES.of(row, said=msgspec.json.decode(text, type=form.shape(kind, text)))
    except (ValueError, TypeError, msgspec.MsgspecError) as fault:
        raise r.damaged(f"{stream}#{seq}", fault) from fault


class JournalWriter(Writes, JournalReader):
    """Adds to the second log."""

    def add(self, *drafts: Draft) -> None:
        """Add entries to their streams, in this order."""
        self.add_rows([added(draft) for draft in drafts])

    def add_rows(self, lines: Iterable[r.Added]) -> None:
        """Add entries that may have been made in another process to their streams, in this order."""
        self._within.lock_logs()
        cipher, heads = self._db.cipher, self._heads
        heads.clear()  # what others added before the lock was ours counts
        rows = []
        told: list[tuple[About, ...]] = []
        for stream, at, actor, role, kind, said, about in lines:
            seq, prev = self._head(stream)
            text = r.journal_text(stream, seq + 1, said, cipher)
            parts = (stream, seq + 1, instant_text(at), actor, role, kind, text)
            hash_ = link((prev, *r.linked_parts(parts)))
            rows.append((*parts, prev, hash_))
            heads[stream] = (seq + 1, hash_)
            told.append(about)
        before, _ = self._within.append("journal_log", rows)
        if any(told) and self.indexed:
            keys = [(r.about_key(one, cipher), place) for place, about in enumerate(told, before + 1) for one in about]
            self._within.rows.add("journal_about", keys)


def added(draft: Draft) -> r.Added:
    """Return an entry as it is handed to the writer, with what it says as JSON."""
    return (draft.stream, draft.at, draft.actor, draft.role, draft.kind, r.said_text(draft.said), draft.said.about)
