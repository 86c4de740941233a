"""Write a notice that was read as a YAML file of ``calendars/``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date

from credit_workflow.calendar.notices.calendar_files import Holiday, Notice
from credit_workflow.calendar.notices.official_text import Gazette
from credit_workflow.strict_yaml.patterns import Title

_WEEK = "一二三四五六日"
_ENGLISH = {
    "元旦": "New Year's Day",
    "新年": "New Year's Day",
    "春节": "Spring Festival",
    "清明": "Tomb-Sweeping Day",
    "劳动": "Labour Day",
    "五一": "Labour Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-Autumn Festival",
    "国庆": "National Day",
    "十一": "National Day",
}
#: What YAML reads as the text that it is, in a mapping on one line.
_PLAIN = re.compile(r"[A-Za-z一-鿿][\w一-鿿〔〕（）、' .-]*[\w一-鿿〕）]")


def notice_of(
    gazette: Gazette, *, calendar: str, known: Iterable[str], amends: str | None, layer: str | None
) -> Notice:
    """Return the notice that a text amounts to.

    Args:
        gazette: the text as it was read, without findings.
        calendar: the calendar or layer that it belongs to, the first part of the notice's id.
        known: the ids that are taken.
        amends: the id of the notice that it changes.
        layer: the layer's English title, where it belongs to one.
    """
    assert gazette.year is not None  # noqa: S101 - whoever has no year has a finding
    year = gazette.year
    title = gazette.title or f"国务院办公厅关于{year}年部分节假日安排的通知"
    english = f"State Council notice on the holidays of {year}"
    if layer is not None:
        english = f"{layer}: notice on days off in {year}"
    elif amends is not None:
        english = f"State Council notice changing the holidays of {year}"
    off = sorted((span.first, span.last, said.name) for said in gazette.off for span in said.spans)
    return Notice(
        notice=_new_id(gazette, calendar, set(known), own=amends is None and layer is None),
        year=year,
        title=Title(zh=title, en=english),
        no=gazette.no,
        issued=gazette.issued.isoformat() if gazette.issued else None,
        amends=amends,
        off=tuple(
            Holiday(name=Title(zh=name or "放假", en=_in_english(name)), first=f"{first}", last=f"{last}")
            for first, last, name in off
        ),
        work=tuple(sorted(f"{said.day}" for said in gazette.work)),
    )


def _new_id(gazette: Gazette, calendar: str, known: set[str], *, own: bool) -> str:
    if own:
        return f"{calendar}-{gazette.year}"
    days = {day for said in gazette.off for day in said.days()} | {said.day for said in gazette.work}
    base = f"{calendar}-{gazette.year}-{max(days).month:02}"
    names = [base, *(f"{base}-{n}" for n in range(2, 100))]
    return next(name for name in names if name not in known)


def _in_english(name: str) -> str:
    found = list(dict.fromkeys(english for chinese, english in _ENGLISH.items() if chinese in name))
    return (
        " and ".join(sorted(found, key=lambda e: min(name.find(c) % 99 for c, x in _ENGLISH.items() if x == e)))
        or "Day off"
    )


def notice_yaml(notice: Notice) -> str:
    """Return a notice as the text of its file."""
    lines = [f"notice: {notice.notice}", f"year: {notice.year}", f"title: {_title(notice.title, quoted=True)}"]
    known = {"no": notice.no and _scalar(notice.no), "issued": notice.issued, "amends": notice.amends}
    lines += [f"{key}: {value}" for key, value in known.items() if value is not None]
    if notice.off:
        lines.append("off:")
    lines += [f"  - {{name: {_title(h.name)}, first: {h.first}, last: {h.last}}}" for h in notice.off]
    if notice.work:
        lines.append("work:")
    lines += [f"  - {day}  # 周{_WEEK[date.fromisoformat(day).weekday()]}" for day in notice.work]
    return "\n".join(lines) + "\n"


def _title(title: Title, *, quoted: bool = False) -> str:
    english = json.dumps(title.en, ensure_ascii=False) if quoted else _scalar(title.en)
    return f"{{zh: {_scalar(title.zh)}, en: {english}}}"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
