"""Show credit records as those who look may see them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from credit_workflow.casework.answer import like
from credit_workflow.casework.records.record_answers import Mark, Record
from credit_workflow.engine.values import Mark as KeptMark
from credit_workflow.engine.values import Record as KeptRecord
from credit_workflow.identity import masked
from credit_workflow.text import Lang


def shown_record(
    record: KeptRecord,
    marks: Iterable[tuple[str, KeptMark]],
    lang: Lang,
    *,
    full: bool,
    seen: bool,
    sees_suspended: bool,
) -> Record:
    """Return a record as of now.

    Args:
        record: the record.
        marks: the marks in force, with the cases that placed them.
        lang: the language of titles.
        full: whether the ID number is shown whole.
        seen: whether it is shown whose the record is and what it says.
        sees_suspended: whether the content is shown while the record is suspended.
    """
    standing = list(marks)
    usable = not record.removed and not any(mark.suspends for _, mark in standing)
    return Record(
        record_no=record.no,
        subject_kind="legal" if record.subject.kind == "legal" else "natural",
        subject_id=record.subject.id if full else masked(record.subject.id),
        subject_name=record.subject.name if seen else None,
        provider=record.provider,
        open_class=record.open_class,
        title=record.title if seen else None,
        content=record.content if seen and (usable or sees_suspended) else None,
        valid_from=record.valid_from,
        valid_until=record.valid_until,
        removed=record.removed,
        usable=usable,
        marks=tuple(shown_mark(case, mark, lang, seen=seen) for case, mark in standing),
    )


def shown_mark(case: str, mark: KeptMark, lang: Lang, *, seen: bool) -> Mark:
    """Return a mark with the case that placed it, and its reason where that is seen."""
    shown = like(Mark, mark, title=mark.title_en if lang == "en" else mark.title_zh, case=case)
    return shown if seen else replace(shown, reason=None)
