"""Import credit records from a file, all or nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET

from credit_workflow.calendar.dates import read_date
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.record_entries import RecordImported, RowHeld
from credit_workflow.casework.ports import Writing
from credit_workflow.casework.records.held_rows import WHY, waiting, why_held
from credit_workflow.casework.records.record_answers import HeldRow, Imported
from credit_workflow.casework.units.register import enter
from credit_workflow.definition.library import scheme_of
from credit_workflow.engine.values import Record, record_of, whole_record
from credit_workflow.errors import CreditWorkflowError, Refused, UsageFault
from credit_workflow.identity import Scheme, Subject, parse_subject
from credit_workflow.text import Text, same

COLUMNS = (
    "record_no", "subject_kind", "subject_id", "subject_name", "provider", "open_class", "title", "content",
    "valid_from", "valid_until",
)  # fmt: skip
_MOST_FAULTS = 20
_LONGEST = {"content": 20_000}
_LONG = 500


def import_file(
    db: Writing,
    acting: Acting,
    name: str,
    content: bytes,
    *,
    update: bool,
    hold: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Import records from a file (CSV or JSON Lines, UTF-8), all or nothing.

    Args:
        db: where records are kept, open for writing.
        acting: who imports, and when.
        name: its name, which ends in ``.jsonl``, ``.ndjson`` or ``.json`` for JSON Lines; else it is CSV.
        content: what is in it.
        update: whether a record already known is given the file's values.
        hold: whether rows that would undo what a case decided are kept for the centre, and the rest applied.
        progress: called with the number of lines done and to do.

    Raises:
        NotAllowed: the actor is not the centre's.
        UsageFault: the file is not of that form, or a line has a mistake; ``details["lines"]``
            names each with its number.
        Refused: a record is already known, and ``update`` is not given; or a row would undo what a case
            decided (附件2·五(二)), and ``hold`` is not given; ``details["lines"]`` names each.
    """
    role = require(acting.definitions, acting.actor, "import_records")
    found = _read(Path(name), content, scheme_of(acting.definitions))
    records = [record for _, record in found]
    known = db.records.known([record.no for record in records])
    if known and not update:
        raise _already_known(found, known)
    changed, entries, held = [], [], []
    before = waiting(db) if known else {}
    for done, (line, record) in enumerate(found, 1):
        old = known.get(record.no)
        now = record if old is None else _updated(old, record)
        if old is not None and now != old and (why := why_held(db, old, now, acting.moment.effective)) is not None:
            held.append(HeldRow(line=line, record_no=record.no, why=why))
            row = RowHeld(record=record.no, new=whole_record(now), why=why)
            if before.get(record.no) != row:
                entries.append(by_actor(acting, row, role=role))
        elif old is None or now != old:
            changed.append(now)
            entries.append(import_entry(acting, role, old, now))
        if progress is not None and done % 500 == 0:
            progress(done, len(records))
    if held and not hold:
        raise _would_undo(held)
    db.records.put(changed, known)
    enter(db, acting, dict.fromkeys(record.provider for record in changed), role=role)
    db.journal.add(*entries)
    updated = sum(1 for record in changed if record.no in known)
    return Imported(imported=len(changed) - updated, updated=updated, held=tuple(held))


def import_entry(acting: Acting, role: str, old: Record | None, now: Record) -> Draft:
    """Return the entry of a record that came, or that other values came for."""
    said = RecordImported(revision=now.revision, new=whole_record(now), old=UNSET if old is None else whole_record(old))
    return by_actor(acting, said, role=role, of=now.no, as_kind="imported" if old is None else "updated")


def _would_undo(held: Sequence[HeldRow]) -> Refused:
    message = Text(
        "第 {l} 行：{n}，{w}（共 {c} 行），未导入任何内容。要导入其余各行并将这些留待市信用中心放行，请加 --hold",
        "line {l}: {n}: {w} ({c} in all), and nothing was imported; to import the rest and keep these for the"
        " credit centre to release, give --hold",
    )
    first = held[0]
    lines = [{"line": row.line, "record_no": row.record_no, "message": WHY[row.why]} for row in held[:_MOST_FAULTS]]
    return Refused(
        message.fill(l=first.line, n=first.record_no, w=WHY[first.why], c=len(held)),
        code="would_undo",
        source="附件2·五(二)",
        details={"lines": lines, "count": len(held)},
    )


def _updated(old: Record, new: Record) -> Record:
    same_values = msgspec.structs.replace(new, revision=old.revision, removed=old.removed)
    return old if same_values == old else msgspec.structs.replace(same_values, revision=old.revision + 1)


def _already_known(found: list[tuple[int, Record]], known: Mapping[str, Record]) -> Refused:
    there = [(line, record.no) for line, record in found if record.no in known]
    lines = [{"line": line, "record_no": no, "message": "already known"} for line, no in there]
    message = Text(
        "第 {l} 行：记录 {n} 已存在（共 {c} 条），未导入任何内容。如要更新请加 --update",
        "line {l}: the record {n} is already known ({c} in all) and nothing was imported; to update give --update",
    )
    return Refused(
        message.fill(l=lines[0]["line"], n=lines[0]["record_no"], c=len(lines)),
        code="record_known",
        details={"lines": lines[:_MOST_FAULTS]},
    )


def _read(file: Path, raw: bytes, scheme: Scheme) -> list[tuple[int, Record]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        message = Text(
            "{f} 第 {l} 行不是 UTF-8 编码。请另存为 UTF-8 后再导入",
            "{f}, line {l}: not UTF-8; save the file as UTF-8 and import it again",
        )
        raise UsageFault(message.fill(f=file.name, l=line), code="encoding") from None
    rows = _json_rows(text) if file.suffix.lower() in {".jsonl", ".ndjson", ".json"} else _csv_rows(text, file)
    return _checked(rows, file, scheme)


def _csv_rows(text: str, file: Path) -> Iterator[tuple[int, dict[str, Any] | Text]]:
    if "\0" in text:
        message = Text("{f} 不是 CSV 文件", "{f} is no CSV file")
        raise UsageFault(message.fill(f=file.name), code="not_csv")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in header]
        unknown = [name for name in header if name not in COLUMNS]
        if missing or unknown or len(set(header)) != len(header):
            message = Text(
                "{f} 第 1 行须为列名：{c}（缺少：{m}；多余：{u}）",
                "{f}, line 1 must name the columns {c} (missing: {m}; unknown: {u})",
            )
            m, u = ",".join(missing) or "—", ",".join(unknown)[:200] or "—"
            raise UsageFault(message.fill(f=file.name, c=",".join(COLUMNS), m=m, u=u), code="columns")
        line = reader.line_num
        for row in reader:
            first, line = line + 1, reader.line_num
            if row and len(row) != len(header):
                message = Text("应有 {n} 列，实有 {r} 列", "{r} columns instead of {n}")
                yield first, message.fill(n=len(header), r=len(row))
            elif row:
                yield first, dict(zip(header, row, strict=True))
    except csv.Error as fault:
        message = Text("{f} 第 {l} 行不是有效的 CSV：{w}", "{f}, line {l}: not valid CSV: {w}")
        raise UsageFault(message.fill(f=file.name, l=reader.line_num, w=fault), code="not_csv") from None


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, Any] | Text]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield number, Text("不是有效的 JSON", "not valid JSON")
        else:
            yield number, _named(value) if isinstance(value, dict) else Text("不是 JSON 对象", "not a JSON object")


def _named(row: Mapping[str, Any]) -> dict[str, Any] | Text:
    """Return a row that has just the columns wanted, or what is wrong with their names."""
    names = {*row} ^ {*COLUMNS}
    if names:
        return Text("字段缺少或多余：{n}", "fields missing or unknown: {n}").fill(n=", ".join(sorted(names)))
    return dict(row)


def _checked(rows: Iterable[tuple[int, dict[str, Any] | Text]], file: Path, scheme: Scheme) -> list[tuple[int, Record]]:
    found: list[tuple[int, Record]] = []
    faults: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        try:
            record = _record(row, scheme)
            if record.no in seen:
                message = Text("记录 {n} 在第 {l} 行已出现", "the record {n} stands on line {l} already")
                raise UsageFault(message.fill(n=record.no, l=seen[record.no]))
        except CreditWorkflowError as fault:
            faults.append({"line": line, "message": fault.message})
        else:
            seen[record.no] = line
            found.append((line, record))
    if faults:
        first = faults[0]
        message = Text(
            "{f} 第 {l} 行：{w}（共 {c} 行有误，未导入任何内容）",
            "{f}, line {l}: {w} ({c} bad lines in all; nothing was imported)",
        )
        raise UsageFault(
            message.fill(f=file.name, l=first["line"], w=first["message"], c=len(faults)),
            code="bad_lines",
            details={"lines": faults[:_MOST_FAULTS], "count": len(faults)},
        )
    if not found:
        raise UsageFault(Text("{f} 中没有记录", "{f} has no records").fill(f=file.name), code="empty_file")
    return found


def _record(row: dict[str, Any] | Text, scheme: Scheme) -> Record:
    """Return the record of a row, if it can be made of one.

    Raises:
        CreditWorkflowError: what is wrong with the row.
    """
    if isinstance(row, Text):
        raise UsageFault(row)
    values = {name: _plain(name, row[name]) for name in COLUMNS}
    kind = values["subject_kind"]
    if kind not in ("natural", "legal"):
        raise _bad("subject_kind", Text("应为 natural 或 legal", "must be natural or legal"))
    if values["open_class"] not in ("A", "B", "C"):
        raise _bad("open_class", Text("应为 A、B 或 C", "must be A, B or C"))
    subject: Subject = parse_subject(values["subject_id"], kind, values["subject_name"], scheme)
    first, last = _date("valid_from", values["valid_from"]), _date("valid_until", values["valid_until"])
    if last < first:
        raise _bad("valid_until", Text("早于 valid_from", "is before valid_from"))
    return record_of(values["record_no"], subject, values, first, last)


def _plain(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _bad(name, Text("不能为空，须为文字", "must be a text that is not empty"))
    text = value.strip()
    if len(text) > _LONGEST.get(name, _LONG):
        raise _bad(name, Text("太长", "is too long"))
    if any(ord(c) < ord(" ") and c not in "\n\t\r" for c in text) or (name == "record_no" and not text.isprintable()):
        raise _bad(name, Text("含有控制字符", "has control characters"))
    return text


def _date(name: str, text: str) -> date:
    day = read_date(text)
    if day is None:
        raise _bad(name, Text("应为日期，如 2026-03-02", "must be a date such as 2026-03-02"))
    return day


def _bad(name: str, why: Text) -> UsageFault:
    return UsageFault(Text("{n} {w}", "{n} {w}").fill(n=same(name), w=why), code="bad_value")
