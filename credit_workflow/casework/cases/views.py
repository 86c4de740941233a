"""Describe cases, deadlines and log entries for programs: plain mappings, exactly as published."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.cases.case_answers import Case as ShownCase
from credit_workflow.casework.cases.case_answers import Deadline as ShownDeadline
from credit_workflow.casework.cases.case_answers import Event, Remaining, SeenMaterial
from credit_workflow.casework.cases.snapshot import Viewer
from credit_workflow.casework.clock import local
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.attempt import available
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.clocks.suspensions import NO_DATE
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Deadline, Entry
from credit_workflow.engine.world import World
from credit_workflow.identity import masked, shown_id
from credit_workflow.text import Lang


def shown_case(
    world: World, case: Case, viewer: Viewer, *, recorded: bool, version: int, actions: bool = True
) -> ShownCase:
    """Return a case as of now.

    Args:
        world: the case with all that it is linked to, as of now.
        case: the case as of now.
        viewer: who looks; the actions are those that this account may take.
        recorded: whether all that time has brought about is in the log.
        version: the version in which the case is kept, which is what a later action is held to.
        actions: leave them out where nobody asks, for they cost the most.
    """
    rules = world.rules_of(case)
    deadlines = tuple(
        shown_deadline(rules, case.deadlines[name], viewer, world.calendar)
        for name in rules.workflow.deadlines
        if name in case.deadlines
    )
    fields = shown_fields(case.fields, persons_in(rules.workflow), viewer.sight.hidden(case))
    return ShownCase(
        number=case.number,
        workflow=case.workflow,
        definition_version=case.definition_version,
        version=version,
        state=case.state,
        state_title=rules.workflow.states[case.state].title.text.to(viewer.lang),
        final=case.final,
        subject_id=shown_id(case.subject),
        subject_name=case.subject.name if viewer.sight.of(case) is Seen.WHOLE else None,
        record=case.record or None,
        name=name_of(rules.workflow, case, viewer.lang),
        parent=case.parent,
        children=tuple(sorted(child.number for child in world.children_of(case.number))),
        opened=case.opened,
        entered=case.opened if case.filed is None else case.filed.entered,
        unit=case.unit,
        assignee=case.assignee,
        waits_for=case.waits_for,
        overdue=any(d.status == "overdue" and d.kind == "statutory" for d in deadlines),
        deadlines=deadlines,
        fields={name: value for name, value in fields.items() if value is not None},
        materials=tuple(
            SeenMaterial(kind=kind, seen_by=m.by, on=m.on, scan=m.digest) for kind, m in case.materials.items()
        ),
        actions=tuple(available(world, case, viewer.actor, viewer.moment)) if actions and viewer.actor else (),
        recorded=recorded,
    )


#: What fields of such types say is written: of a person, or of what was found.
_TEXTS = frozenset({"text", "words", "record_values", "values", "rows"})


def texts_in(case: ShownCase, workflow: Workflow) -> frozenset[str]:
    """Return the names of the fields of a case, as shown, that say what somebody wrote; not what it is told by."""
    known = workflow.fields
    return frozenset(
        name for name in case.fields if name != workflow.named_by and name in known and known[name].type in _TEXTS
    )


def without_texts(case: ShownCase, workflow: Workflow) -> ShownCase:
    """Return a case without what its texts say."""
    left_out = texts_in(case, workflow)
    return msgspec.structs.replace(case, fields={n: v for n, v in case.fields.items() if n not in left_out})


def name_of(workflow: Workflow, case: Case, lang: Lang) -> str | None:
    """Return what tells a case from others where it has neither person nor record; None where nothing does."""
    value = case.fields.get(workflow.named_by or "")
    if value is None:
        return None
    choice = workflow.fields[workflow.named_by or ""].choices.get(str(value))
    return str(value) if choice is None else choice.text.to(lang)


def shown_deadline(rules: Rules, deadline: Deadline, viewer: Viewer, calendar: WorkCalendar) -> ShownDeadline:
    """Return a deadline as of now; ``days_left`` is in calendar days, negative when past.

    While its clock stands it has no due date and no days left, but what is left of its length, in its
    own unit; ``stopped`` is since when.
    """
    rule, today = rules.deadline(deadline.id), viewer.moment.effective
    left = dl.remaining(rules, deadline, calendar)
    return ShownDeadline(
        id=deadline.id,
        title=rule.title.text.to(viewer.lang),
        kind=rule.kind,
        status=dl.standing(rule, deadline, today),
        starts=deadline.starts,
        due=None if deadline.due == NO_DATE else deadline.due,
        original_due=deadline.original_due,
        stopped=deadline.stopped,
        met=deadline.met,
        days_left=dl.days_left(deadline, today),
        provisional=deadline.provisional,
        source=rule.source,
        remaining=None if left is None else Remaining(length=left.length, unit=left.unit),
    )


def persons_in(workflow: Workflow, action: str | None = None) -> frozenset[str]:
    """Return the names under which a workflow's fields, or what an action asks for, hold ID numbers."""
    fields = {name for name, field in workflow.fields.items() if field.type == "person"}
    rule = None if action is None else workflow.actions.get(action)
    asks = () if rule is None else rule.asks
    return frozenset(fields | {ask for ask in asks if rule is not None and (rule.ask(ask).field or ask) in fields})


def shown_fields(fields: Mapping[str, Any], persons: Collection[str], hidden: Collection[str]) -> dict[str, Any]:
    """Return the values of fields with ID numbers masked, and without those that are left out."""
    shown = {name: value for name, value in fields.items() if name not in hidden}
    return {name: masked(value) if name in persons and value else value for name, value in shown.items()}


#: What of an entry is shown to those who see a case without names of persons and what is written of them.
_MASKED = (
    "input", "fields", "deadlines", "waits_for", "final", "assignee", "told_by", "deadline", "notices",
)  # fmt: skip


#: What of an entry says what a record says or said.
_OF_RECORD = frozenset({"applied", "record", "created", "rectified"})


def _refusal(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a refusal its code and clause; its words can speak of the person."""
    refused = data.get("refused")
    return {"refused": {name: refused[name] for name in ("code", "source")}} if refused else {}


def event_of(
    seq: int,
    hash_: str,
    entry: Entry,
    zone: str,
    workflow: Workflow,
    hidden: Collection[str] = (),
    *,
    whole: bool = True,
    of_record: bool = True,
) -> Event:
    """Return a log entry of a case; ID numbers in it are masked.

    Args:
        seq: its place in the case's log.
        hash_: its hash.
        entry: the entry.
        zone: the zone whose clocks its instant shows.
        workflow: the case's.
        hidden: the fields that are left out.
        whole: whether more is shown of it than shows no name of a person, and nothing that is written of one.
        of_record: whether it is shown what was changed of the record.
    """
    data = msgspec.to_builtins(entry.change)
    if not of_record:
        data = {name: value for name, value in data.items() if name not in _OF_RECORD}
    if not whole:
        data = {name: value for name, value in data.items() if name in _MASKED} | _refusal(data)
    anew = data.get("rectified", {}).get("case")
    for part in filter(None, (data.get("opening"), data.get("created"), anew)):
        subject = part["subject"]
        shown = subject["id"] if subject["kind"] == "account" else masked(subject["id"])
        part["subject"] = {**subject, "id": shown}
        part["subject"].pop("key", None)
    persons, left_out = persons_in(workflow, entry.action), {*hidden, *_asked_as(workflow, entry.action, hidden)}
    for values in ("input", "fields"):
        if values in data:
            data[values] = shown_fields(data[values], persons, left_out)
    if anew is not None:
        anew["fields"] = shown_fields(anew.get("fields", {}), persons_in(workflow), hidden)
    _no_date(data)
    _no_owner(data)
    return Event(
        seq=seq,
        at=local(entry.at, zone),
        effective=entry.effective,
        actor=entry.actor,
        role=entry.role,
        action=entry.action,
        before=entry.before,
        after=entry.after,
        data=data,
        hash=hash_,
    )


def _asked_as(workflow: Workflow, action: str, fields: Collection[str]) -> set[str]:
    """Return the names by which an action asks for some fields."""
    rule = workflow.actions.get(action)
    return set() if rule is None else {ask for ask in rule.asks if rule.field_of(ask) in fields}


def _no_owner(data: Any) -> None:
    """Leave out whose a record has become, or was: it is one or the other's matter, and fields say it to whom it is."""
    if isinstance(data, dict) and "subject_key" in data:
        del data["subject_key"]
        data |= {"subject_id": masked(data["subject_id"]), "subject_name": None}
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        _no_owner(part)


def _no_date(data: Any) -> None:
    """Take the date away that stands in the log for the due date of a clock that stands: there is none."""
    if isinstance(data, dict) and data.get("due") == NO_DATE.isoformat() and "original_due" in data:
        data["due"] = None
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        _no_date(part)
