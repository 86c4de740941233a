"""Put things as papers do: values, lengths of time, clauses, grounds, in the Chinese of offices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from credit_workflow.casework.papers.paper_facts import Item
from credit_workflow.definition.model import Field, Workflow
from credit_workflow.identity import masked
from credit_workflow.strict_yaml.patterns import Title

#: What the columns of a record are called on paper.
RECORD_TITLES = {
    "subject_name": "主体名称",
    "provider": "信息提供部门",
    "open_class": "开放等级",
    "title": "信息名称",
    "content": "信息内容",
    "valid_from": "有效期起",
    "valid_until": "有效期止",
}
_DATES = frozenset({"valid_from", "valid_until"})
_CLAUSE = re.compile(r"([一二三四五六七八九十百]+)(?:[(（]([一二三四五六七八九十]+)[)）])?")


def day_zh(day: str) -> str:
    """Return an ISO date as a document writes it: 2026年3月2日. Another text is returned as it is."""
    try:
        plain = date.fromisoformat(day[:10])
    except ValueError:
        return day
    return f"{plain.year}年{plain.month}月{plain.day}日"


def item_of(field: Field, value: Any) -> Item:
    """Return a case's value with its title; a person's number is masked."""
    choice = str(value) if field.type == "choice" and value in field.choices else None
    return Item(title=field.title.zh, value=_value_zh(field, value), choice=choice)


def _value_zh(field: Field, value: Any) -> str:
    def chosen(name: Any) -> str:
        return field.choices[name].zh if name in field.choices else str(name)

    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (list, tuple)):
        return "、".join(chosen(part) for part in value)
    if field.type == "person":
        return masked(str(value))
    return day_zh(str(value)) if field.type == "date" else chosen(value)


def record_value_zh(name: str, value: Any) -> str:
    """Return one value of a record as it is printed."""
    return day_zh(str(value)) if name in _DATES else str(value)


def clauses_zh(source: str | None, instruments: Mapping[str, Title], named: str | None = None) -> str:
    """Return clauses quoted in full: ``附件2·四(二)`` becomes 《…》第四条第（二）项.

    Args:
        source: clauses with commas between them; what is only practice is no clause.
        instruments: the full names of what they are quoted from.
        named: another source, whose instrument the reader has just read: it is not named again.
    """
    quoted: list[str] = []
    last = None if named is None else named.partition("·")[0]
    for part in re.split(r"[，,]", source or ""):
        instrument, _, clause = part.strip().partition("·")
        if not instrument or instrument.startswith("["):
            continue
        known = instruments.get(instrument)
        name = "" if instrument == last and clause else (known.zh if known else instrument)
        quoted.append(name + _article(clause))
        last = instrument
    return "、".join(quoted)


def _article(clause: str) -> str:
    match = _CLAUSE.fullmatch(clause)
    if match is None:
        return clause
    return f"第{match[1]}条" + (f"第（{match[2]}）项" if match[2] else "")


def ground_zh(message: str, workflow: Workflow) -> str:
    """Return a ground without what only an operator can use: the names of the command's values."""
    if not workflow.fields:
        return message
    value = rf"(?:{'|'.join(re.escape(name) for name in workflow.fields)})(?:=\w+)?"
    return re.sub(r"（\s*）", "", re.sub(rf"(?<=（){value}(?:、{value})*(?:\s*及)?", "", message))
