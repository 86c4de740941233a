"""Say of records and accounts, as plain values, what expressions can see of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit_workflow.engine.likeness import same_revisions
from credit_workflow.engine.values import Record
from credit_workflow.engine.world import AccountHeld, Holding, World


def case_record(world: World, no: str, today: date) -> dict[str, Any] | None:
    """Return what is seen of the record that a case is about; None where there is none.

    Its marks are those that the world has of its person's records, which it has where an expression asks for them.
    """
    record = world.records.get(no)
    if record is None:
        return None
    held = (one for one in world.holdings.get(record.subject.key, ()) if one.record.no == no)
    marked = holding_facts(next(held, Holding(record=record)), today)
    more = {
        "provider": world.unit_named(record.provider),
        "same_revisions": same_revisions(record, world.revisions.get(no, {})),
    }
    return {**marked, **_record_facts(record), **more}


def holding_facts(held: Holding, today: date) -> dict[str, Any]:
    """Return what is seen of a record with its marks."""
    marks = [mark.kind for mark in held.in_force(today)]
    return {**_record_facts(held.record), "suspended": held.suspended(today), "marks": marks}


def _record_facts(record: Record) -> dict[str, Any]:
    return {
        "no": record.no,
        "subject_key": record.subject.key,
        "provider": record.provider,
        "open_class": record.open_class,
        "title": record.title,
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat(),
        "revision": record.revision,
        "removed": record.removed,
    }


def account_facts(held: AccountHeld) -> dict[str, Any]:
    """Return what is seen of an account whose life is a case."""
    is_now = held.change
    return {
        "account": is_now.name,
        "unit": is_now.unit,
        "roles": list(is_now.roles),
        "status": is_now.status,
        "can_sign_in": is_now.status == "active" and held.has_password,
    }
