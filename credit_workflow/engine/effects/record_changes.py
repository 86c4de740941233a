"""Change a record as a case does: correct it, remove it, give it to whom it is about, or put back what was there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.engine.values import Record, RecordChange, whole_record
from credit_workflow.errors import UsageFault
from credit_workflow.identity import Scheme, parse_subject
from credit_workflow.text import Text

#: What of a record's values says whose it is; the name can change by itself.
_WHOSE = ("subject_kind", "subject_id", "subject_key", "subject_name")


def restored(record: Record, applied: RecordChange | None) -> tuple[Record, RecordChange] | None:
    """Return a record without what a case had changed in it; None where that is nothing.

    What somebody else has changed meanwhile is theirs; only the case's own values go back.
    """
    if applied is None or not applied.new:
        return None
    back = undone(record, applied)
    return back, RecordChange(record=record.no, revision=record.revision, old={}, new={})


def undone(record: Record, change: RecordChange) -> Record:
    """Return a record without one change; what others have changed since stays."""
    now = whole_record(record)
    return with_values(record, {name: change.old[name] for name, value in change.new.items() if now[name] == value})


def changed(record: Record, new: Mapping[str, Any]) -> tuple[Record, RecordChange]:
    """Return a record with other values, and what that changes.

    Raises:
        UsageFault: it would end before it begins.
    """
    now = whole_record(record)
    values = {name: value for name, value in new.items() if now[name] != value}
    after = with_values(record, values)
    if after.valid_from > after.valid_until:
        raise UsageFault(
            Text(
                "更正后的有效期起始日晚于终止日",
                "after the correction the record would be valid from after it is valid until",
            ),
            code="ill_typed_value",
        )
    old = {name: now[name] for name in values}
    return after, RecordChange(record=record.no, revision=record.revision, old=old, new=values)


def put_there(record: Record) -> RecordChange:
    """Return what a case changes that makes a record, or puts it back, so that `restored` takes it out again."""
    return RecordChange(record=record.no, revision=record.revision, old={"removed": True}, new={"removed": False})


def nothing_changed() -> UsageFault:
    """Return the fault of a correction that gives the values that are there."""
    message = Text(
        "更正内容与现有内容相同，没有改变任何内容", "the correction changes nothing: these are the record's values"
    )
    return UsageFault(message, code="no_change")


def owner_values(record: Record, number: Any, name: Any, scheme: Scheme) -> dict[str, Any]:
    """Return the values by which a record is given to the person whom it is about.

    Raises:
        UsageFault: the number is none, or the record is that person's already.
    """
    about = parse_subject(str(number), scheme=scheme)
    if about.key == record.subject.key:
        message = Text("该信息本来就在此人名下", "the record is that person's already")
        raise UsageFault(message, code="no_change")
    values = (about.kind, about.id, about.key, str(name or ""))
    return dict(zip(_WHOSE, values, strict=True))


def with_values(record: Record, values: Mapping[str, Any]) -> Record:
    """Return the record with some of its values changed (its revision stays)."""
    typed = {name: value for name, value in values.items() if name not in _WHOSE}
    for name in ("valid_from", "valid_until"):
        if name in typed:
            typed[name] = date.fromisoformat(typed[name])
    whose = {name.removeprefix("subject_"): values[name] for name in _WHOSE if name in values}
    if whose:
        typed["subject"] = msgspec.structs.replace(record.subject, **whose)
    return msgspec.structs.replace(record, **typed)
