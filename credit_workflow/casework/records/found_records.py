"""Give the records that a look-up found, as they were when they were found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from credit_workflow.casework.acting import Acting
from credit_workflow.casework.cases.case_answers import FoundRecord
from credit_workflow.casework.journal.look_entries import OfFound
from credit_workflow.casework.journal.record_entries import OfRecord, RecordChanged
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.likeness import same_values
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case
from credit_workflow.engine.world import World
from credit_workflow.identity import masked
from credit_workflow.text import Lang

#: What has become of a record since it was found: a case took it out or changed it, or an import did.
Since = Literal["removed", "corrected", "updated"]

#: What an answer says of a record that is shown, besides its number and marks.
_SHOWN = ("subject_name", "provider", "open_class", "title", "content", "valid_from", "valid_until")


def found_records(db: Reading, case: Case, field: str, lang: Lang, today: date) -> tuple[FoundRecord, ...]:
    """Return the records that a case has found, each as of the revision found, looked at again.

    What was withheld then stays so; what has been suspended, removed or changed since is withheld.

    Args:
        db: where the records and their logs are.
        case: the case.
        field: its field of records found.
        lang: for the titles of marks.
        today: the day, in the calendar's zone.
    """
    return tuple(_found(db, row, lang, today) for row in case.fields.get(field) or ())


def look_at_found(acting: Acting, rules: Rules, case: Case, entry: int, found: tuple[FoundRecord, ...]) -> OfFound:
    """Return what the log says of records that were given to read after they had been found.

    Args:
        acting: who gave them, and when.
        rules: the case's definition.
        case: the case.
        entry: the number of the entry of the action that gave them.
        found: the records as they were given.
    """
    rule = rules.workflow.look_up
    person, purpose = None, None
    if rule is not None:
        world = World(rules={case.definition: rules}, calendar=acting.calendar, cases={case.number: case})
        facts = CaseFacts.of(world, case, acting.actor, acting.moment.effective)
        person, purpose = facts.value(rule.about), facts.value(rule.purpose)
    return OfFound(
        subject=person and person["key"],
        case=case.number,
        entry=entry,
        shown=tuple(one.record_no for one in found if one.shown),
        withheld=tuple(one.record_no for one in found if not one.shown),
        purpose=purpose,
    )


def _found(db: Reading, row: Mapping[str, Any], lang: Lang, today: date) -> FoundRecord:
    no, revision = row["record"], row["revision"]
    values, _ = record_at(db, no, revision)
    standing = [msgspec.to_builtins(mark) for _, mark in db.records.marks_on(no) if mark.in_force(today)]
    marks = [{"reason": None, "last_day": None, **mark} for mark in standing]
    suspended = not row["shown"] or any(mark["suspends"] for mark in marks)
    withheld = "suspended" if suspended else changed_since(db, no, revision, db.records.get(no).revision)
    said = {
        "record_no": no,
        "revision": revision,
        "subject_id": masked(values["subject_id"]),
        "shown": withheld is None,
        "withheld": withheld,
        "marks": [{**mark, "title": mark[f"title_{lang}"]} for mark in (marks if row["shown"] else row["marks"])],
        **{name: values[name] if withheld is None else None for name in _SHOWN},
    }
    return msgspec.convert(said, FoundRecord)


def changed_since(db: Reading, no: str, found: int, now: int) -> Since | None:
    """Return what has become of a record since a revision in which it was found; None where it says the same.

    Args:
        db: has the record's log.
        no: its number.
        found: the revision in which it was found.
        now: the later revision with which that is compared.
    """
    then, _ = record_at(db, no, found)
    later, _ = record_at(db, no, now)
    if later.get("removed"):
        return "removed"
    if same_values(then, later):
        return None
    lines = (line.said for line in db.journal.of(OfRecord, no))
    decided = any(isinstance(said, RecordChanged) and found < said.revision <= now for said in lines)
    return "corrected" if decided else "updated"


def record_at(db: Reading, no: str, revision: int) -> tuple[dict[str, Any], str]:
    """Return the values that a record had at a revision, by its log, and the hash of the entry that made it."""
    values: dict[str, Any] = {}
    link = ""
    for line in db.journal.of(OfRecord, no) if no else ():
        if line.said.revision <= revision:
            values |= line.said.new
            link = line.hash
    return values, link
