"""Read the log of look-ups (附件1·七(一)): who looked up whom, when, why and how far, with what result.

It is read from the logs of the cases of every workflow with a ``look_up``, and from the journal,
which has the single looks at a record and what was refused before it became a case. Nothing of
it is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import UNSET
from msgspec.structs import replace

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.clock import local
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.look_entries import (
    Look,
    LookRefused,
    OfCases,
    OfFigures,
    OfLog,
    OfRecord,
    OfRecords,
)
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.look_up_answers import LookUp
from credit_workflow.definition.model import Action
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Entry
from credit_workflow.engine.world import SYSTEM_ACTOR, World
from credit_workflow.identity import masked
from credit_workflow.text import Lang, Text


class _Found(NamedTuple):
    """A look-up with what it is found by: the person's key, and the record where it names one."""

    look_up: LookUp
    key: str | None
    record: str | None


def look_ups(db: Reading, calendar: WorkCalendar, query: Query, lang: Lang, *, full: bool) -> tuple[LookUp, ...]:
    """Return the look-ups wanted, in the order of their recording.

    Args:
        db: the database, open for reading.
        calendar: its zone is that of the days and instants.
        query: which; its days are inclusive, its subject is the person looked up.
        lang: the language in which it is said why one was refused.
        full: show whole ID numbers rather than masked ones.
    """
    found = (*_of_cases(db, calendar, query, lang), *_of_journal(db, query, calendar.zone, lang))
    wanted = [one.look_up for one in found if _wanted(one, query)]
    wanted.sort(key=lambda one: (one.at, one.case or "", one.seq))
    return tuple(one if full else _masked(one) for one in wanted)


def _of_cases(db: Reading, calendar: WorkCalendar, query: Query, lang: Lang) -> Iterator[_Found]:
    during = query.span(calendar.zone)
    names = sorted({rules.id for rules in db.rules.values() if rules.workflow.look_up is not None})
    for name in names:
        for case in db.cases.find(CaseQuery(workflow=name, acted=query.account, during=during)):
            rules = db.rules[case.definition]
            rule = rules.workflow.look_up
            if rule is None:
                continue
            world = World(rules=db.rules, calendar=calendar)
            then: Case | None = None
            for seq, _, entry in db.cases.entries(case.number):
                then = evolve(then, entry)  # purpose and scope can be amended: each line has its own
                if not _is_one(entry, rules):
                    continue
                facts = CaseFacts(world=world, rules=rules, case=then, actor=SYSTEM_ACTOR, today=then.opened)
                person, refused = facts.value(rule.about), entry.change.refused
                rows = _rows(entry, rules)
                look_up = LookUp(
                    workflow=then.workflow,
                    about=person and person["id"],
                    # Where the case is itself about the person looked up, only an account asked.
                    applicant=then.subject.id if rule.about != "subject" else None,
                    purpose=facts.value(rule.purpose),
                    scope=facts.value(rule.scope),
                    at=local(entry.at, calendar.zone),
                    account=entry.actor,
                    role=entry.role,
                    action=entry.action,
                    outcome="refused" if refused else entry.after,
                    refused=None if refused is None else Text(refused.message_zh, refused.message_en).to(lang),
                    shown=tuple(row["record"] for row in rows if row["shown"]),
                    withheld=tuple(row["record"] for row in rows if not row["shown"]),
                    case=case.number,
                    seq=seq,
                )
                yield _Found(look_up, person and person["key"], None)


def _is_one(entry: Entry, rules: Rules) -> bool:
    """Whether an entry asks for a look-up, gives or shows its result, refuses it or ends it."""
    action = rules.actions.get(entry.action)
    state = rules.workflow.states.get(entry.after)  # None: a state of a version that the case had before
    ends = entry.before != entry.after and state is not None and state.final
    return entry.before is None or entry.change.refused is not None or ends or (action is not None and _reads(action))


def _reads(action: Action) -> bool:
    return action.shows is not None or any(effect.find is not None for effect in action.effects)


def _rows(entry: Entry, rules: Rules) -> list[dict[str, Any]]:
    """Return the records that an entry says were found."""
    return [
        row
        for name, field in rules.workflow.fields.items()
        if field.type == "rows"
        for row in entry.change.fields.get(name) or ()
        if "shown" in row
    ]


def _of_journal(db: Reading, query: Query, zone: str, lang: Lang) -> Iterator[_Found]:
    span = query.span(zone)
    if query.record is not None:
        lines = db.journal.about(Look, ("record", query.record), span=span, actor=query.account)
    elif query.subject is not None:
        lines = db.journal.about(Look, ("person", query.subject), span=span, actor=query.account)
    else:
        lines = db.journal.of(Look, span=span, actor=query.account)
    for line in lines:
        said = line.said
        if isinstance(said, OfLog | OfCases):  # a reading of a log is no look at anybody's data
            continue
        refused = said if isinstance(said, LookRefused) else None
        about = said.subject or None
        look_up = LookUp(
            workflow=said.workflow or None if isinstance(said, LookRefused | OfFigures) else None,
            about=about,
            applicant=None,
            purpose=None if said.purpose is UNSET else said.purpose,
            scope=(refused and refused.scope) or said.record,
            at=local(line.at, zone),
            account=line.actor,
            role=line.role,
            action=line.kind,
            outcome="refused" if refused else "shown",
            refused=None if refused is None else _refusal(refused).to(lang),
            shown=() if refused else _records(said),
            withheld=() if refused else _withheld(said),
            case=None,
            seq=line.seq,
        )
        yield _Found(look_up, about, said.record)


def _records(said: Look) -> tuple[str, ...]:
    """Return the numbers of the records that a look showed."""
    if isinstance(said, OfRecords):
        return said.records
    return (said.record,) if said.record and not _withheld(said) else ()


def _withheld(said: Look) -> tuple[str, ...]:
    """Return the numbers of the records of which a look did not show whose they are and what they say."""
    if isinstance(said, OfRecords):
        return said.withheld or ()
    return (said.record,) if isinstance(said, OfRecord) and said.shown is False else ()


def _refusal(refused: LookRefused) -> Text:
    """Return why a look-up was refused; entries of before both languages were kept have Chinese alone."""
    return Text(refused.message, refused.message if refused.message_en is UNSET else refused.message_en)


def _wanted(found: _Found, query: Query) -> bool:
    one, key, record = found
    of_record = query.record is None or query.record in (record, *one.shown, *one.withheld)
    return query.subject in (None, key) and of_record and query.meets(one.account, one.at.date())


def _masked(one: LookUp) -> LookUp:
    return replace(one, about=one.about and masked(one.about), applicant=one.applicant and masked(one.applicant))
