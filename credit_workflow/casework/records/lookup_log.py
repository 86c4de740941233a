"""Read the log of look-ups (附件1·七(一)): who looked up whom, when, why and how far, with what result.

It is read from the logs of the cases of every workflow with a ``look_up``, and from the journal,
which has the single looks at a record and what was refused before it became a case. Nothing of
it is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.audit.false_instants import in_order
from credit_workflow.casework.clock import local
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.entry import About, Line
from credit_workflow.casework.journal.look_entries import (
    Look,
    LookRefused,
    OfCase,
    OfCases,
    OfFigures,
    OfFound,
    OfLog,
    OfPaper,
    OfRecord,
    OfRecords,
    RefusedLook,
)
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.counter_looks import Found, unfiled_of
from credit_workflow.casework.records.look_up_answers import LookUp
from credit_workflow.definition.model import Action
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Entry
from credit_workflow.engine.world import SYSTEM_ACTOR, World
from credit_workflow.identity import masked
from credit_workflow.text import Lang, Text


def look_ups(
    db: Reading, calendar: WorkCalendar, query: Query, lang: Lang, *, full: bool, unfiled: bool = False
) -> tuple[LookUp, ...]:
    """Return the look-ups wanted, in the order of their recording.

    Args:
        db: the database, open for reading.
        calendar: its zone is that of the days and instants.
        query: which; its days are inclusive, its subject is the person looked up.
        lang: the language in which it is said why one was refused.
        full: show whole ID numbers rather than masked ones.
        unfiled: only looks at the counter that no filing of that person in that unit has followed the same day.
    """
    found: tuple[Found, ...]
    if unfiled:
        found = tuple(unfiled_of(db, _of_journal(db, query, calendar.zone, lang), calendar.zone))
    else:
        found = (*_of_cases(db, calendar, query, lang), *_of_journal(db, query, calendar.zone, lang))
    wanted = [one.look_up for one in found if _wanted(one, query)]
    order = in_order(db, calendar.zone)
    wanted.sort(key=lambda one: order(one.at, one.case or Look.STREAM, one.seq))
    return tuple(one if full else _masked(one) for one in wanted)


def _of_cases(db: Reading, calendar: WorkCalendar, query: Query, lang: Lang) -> Iterator[Found]:
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
                shown, withheld = _came(db, case.number, seq, entry, rules)
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
                    shown=shown,
                    withheld=withheld,
                    case=case.number,
                    seq=seq,
                )
                yield Found(look_up, person and person["key"], None)


def _is_one(entry: Entry, rules: Rules) -> bool:
    """Whether an entry asks for a look-up, gives or shows its result, refuses it or ends it."""
    action = rules.actions.get(entry.action)
    state = rules.workflow.states.get(entry.after)  # None: a state of a version that the case had before
    ends = entry.before != entry.after and state is not None and state.final
    return entry.before is None or entry.change.refused is not None or ends or (action is not None and _reads(action))


def _reads(action: Action) -> bool:
    return action.shows is not None or any(effect.find is not None for effect in action.effects)


def _came(db: Reading, case: str, seq: int, entry: Entry, rules: Rules) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of the records that an entry showed, and of those that it withheld.

    What was found before and is given to read later stands in the journal, as it was at that time.
    """
    action = rules.actions.get(entry.action)
    if (
        action is not None
        and action.shows is not None
        and not any(effect.find is not None for effect in action.effects)
    ):
        for line in db.journal.about(Look, ("case", case)):
            if isinstance(line.said, OfFound) and line.said.entry == seq:
                return line.said.shown, line.said.withheld
    rows = _rows(entry, rules)
    shown = tuple(row["record"] for row in rows if row["shown"])
    return shown, tuple(row["record"] for row in rows if not row["shown"])


def _rows(entry: Entry, rules: Rules) -> list[dict[str, Any]]:
    """Return the records that an entry says were found."""
    return [
        row
        for name, field in rules.workflow.fields.items()
        if field.type == "rows"
        for row in entry.change.fields.get(name) or ()
        if "shown" in row
    ]


def _of_journal(db: Reading, query: Query, zone: str, lang: Lang) -> Iterator[Found]:
    for line in _lines(db, query, zone):
        said = line.said
        if isinstance(said, OfLog | OfFound) or (isinstance(said, RefusedLook) and not _of_somebody(said)):
            continue  # a reading of a log is no look at anybody's data; what was found stands with its case
        about = said.subject or None
        refused = _refused(said)
        look_up = LookUp(
            workflow=said.workflow or None if isinstance(said, LookRefused | OfFigures) else None,
            about=about,
            applicant=None,
            purpose=None if said.purpose is UNSET else said.purpose,
            scope=_scope(said),
            at=local(line.at, zone),
            account=line.actor,
            role=line.role,
            action=line.kind,
            outcome="shown" if refused is None else "refused",
            refused=None if refused is None else refused.to(lang),
            shown=() if refused else _records(said),
            withheld=() if refused else _withheld(said),
            case=None,
            seq=line.seq,
            cases=_cases(said),
        )
        yield Found(look_up, about, said.record)


def _lines(db: Reading, query: Query, zone: str) -> Iterator[Line[Look]]:
    """Give the lines of the journal that can be wanted, each once: about a person is also what is about his cases."""
    span = query.span(zone)
    if query.record is not None:
        yield from db.journal.about(Look, ("record", query.record), span=span, actor=query.account)
        return
    if query.subject is None:
        yield from db.journal.of(Look, span=span, actor=query.account)
        return
    cases = db.cases.find(CaseQuery(person=query.subject))
    about: list[About] = [("person", query.subject), *(("case", case.number) for case in cases)]
    seen: set[int] = set()
    for one in about:
        for line in db.journal.about(Look, one, span=span, actor=query.account):
            if line.place not in seen:
                seen.add(line.place)
                yield line


#: The use cases that show nobody in particular, as far as nobody is named.
_AT_NOBODY = frozenset({"look_up.log", "audit.show", "stats", "report.monthly"})


def _of_somebody(said: RefusedLook) -> bool:
    """Whether a look that was refused was one at somebody, and not at a log or at figures."""
    return bool(said.case or said.record or said.subject) or said.look not in _AT_NOBODY


def _scope(said: Look) -> str | None:
    if isinstance(said, LookRefused):
        return said.scope or said.record
    if isinstance(said, OfCases):
        return "、".join(f"{name}={value}" for name, value in (said.criteria or {}).items()) or None
    return said.look if isinstance(said, RefusedLook) else said.record


def _cases(said: Look) -> tuple[str, ...]:
    """Return the numbers of the cases that a look showed, or was refused."""
    if isinstance(said, OfCases):
        return said.cases
    number = said.case if isinstance(said, OfCase | OfPaper | RefusedLook) else None
    return (number,) if number else ()


def _records(said: Look) -> tuple[str, ...]:
    """Return the numbers of the records that a look showed."""
    if isinstance(said, OfRecords):
        return said.records
    if isinstance(said, OfPaper) and said.shown is not UNSET:
        return said.shown
    if isinstance(said, OfCases):  # of what a record says a case tells nothing
        return ()
    return (said.record,) if said.record and not _withheld(said) else ()


def _withheld(said: Look) -> tuple[str, ...]:
    """Return the numbers of the records of which a look did not show whose they are and what they say."""
    if isinstance(said, OfRecords | OfPaper):
        return said.withheld or ()
    return (said.record,) if isinstance(said, OfRecord) and said.shown is False else ()


def _refused(said: Look) -> Text | None:
    """Return why a look was refused; None where it was not."""
    if isinstance(said, RefusedLook):
        return Text(said.message, said.message_en)
    return _refusal(said) if isinstance(said, LookRefused) else None


def _refusal(refused: LookRefused) -> Text:
    """Return why a look-up was refused; entries of before both languages were kept have Chinese alone."""
    return Text(refused.message, refused.message if refused.message_en is UNSET else refused.message_en)


def _wanted(found: Found, query: Query) -> bool:
    one, key, record = found
    of_record = query.record is None or query.record in (record, *one.shown, *one.withheld)
    # Lines of the journal were found by the person already, unless they were found by the record.
    of_person = query.subject in (None, key) or (one.case is None and query.record is None)
    return of_person and of_record and query.meets(one.account, one.at.date())


def _masked(one: LookUp) -> LookUp:
    return replace(one, about=one.about and masked(one.about), applicant=one.applicant and masked(one.applicant))
