"""Read the log of look-ups (附件1·七(一)): who looked up whom, when, why and how far, with what result.

It is read from the logs of the cases of every workflow with a ``look_up``, and from the journal,
which has the single looks at a record and what was refused before it became a case. Nothing of
it is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import UNSET

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.audit.entries import Query
from credit_workflow.casework.clock import local, span_of
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.look_entries import Look, LookRefused, OfFigures, OfLog, OfRecords
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.look_up_answers import LookUp
from credit_workflow.definition.model import Action
from credit_workflow.definition.model import LookUp as LookUpRule
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Entry
from credit_workflow.engine.world import SYSTEM_ACTOR, World
from credit_workflow.identity import masked
from credit_workflow.text import Lang


def look_ups(db: Reading, calendar: WorkCalendar, query: Query, lang: Lang, *, full: bool) -> tuple[LookUp, ...]:
    """Return the look-ups wanted, in the order of their recording.

    Args:
        db: the database, open for reading.
        calendar: its zone is that of the days and instants.
        query: which; its days are inclusive, its subject is the person looked up.
        lang: the language in which it is said why one was refused.
        full: show whole ID numbers rather than masked ones.
    """
    zone = calendar.zone
    found = (*_of_cases(db, calendar, query), *_of_journal(db, query, zone))
    wanted = [row for row in found if _wanted(row, query, zone)]
    wanted.sort(key=lambda row: (row["at"], row["case"] or "", row["seq"]))
    return tuple(_shown(row, zone, lang, full=full) for row in wanted)


def _of_cases(db: Reading, calendar: WorkCalendar, query: Query) -> Iterator[dict[str, Any]]:
    during = span_of(query.first, query.last, calendar.zone)
    names = sorted({rules.id for rules in db.rules.values() if rules.workflow.look_up is not None})
    for name in names:
        for case in db.cases.find(CaseQuery(workflow=name, acted=query.account, during=during)):
            rules = db.rules[case.definition]
            if rules.workflow.look_up is None:
                continue
            world = World(rules=db.rules, calendar=calendar)
            then: Case | None = None
            for seq, _, entry in db.cases.entries(case.number):
                then = evolve(then, entry)  # purpose and scope can be amended: each line has its own
                if _is_one(entry, rules):
                    said = _said_of(then, rules, rules.workflow.look_up, world)
                    yield {**said, **_happened(entry, rules), "case": case.number, "seq": seq}


def _said_of(case: Case, rules: Rules, rule: LookUpRule, world: World) -> dict[str, Any]:
    facts = CaseFacts(world=world, rules=rules, case=case, actor=SYSTEM_ACTOR, today=case.opened)
    person = facts.value(rule.about)
    return {
        "workflow": case.workflow,
        "key": person and person["key"],
        "about": person and person["id"],
        # Where the case is itself about the person looked up, only an account asked.
        "applicant": case.subject.id if rule.about != "subject" else None,
        "purpose": facts.value(rule.purpose),
        "scope": facts.value(rule.scope),
        "record": None,
    }


def _is_one(entry: Entry, rules: Rules) -> bool:
    """Whether an entry asks for a look-up, gives or shows its result, refuses it or ends it."""
    action = rules.actions.get(entry.action)
    state = rules.workflow.states.get(entry.after)  # None: a state of a version that the case had before
    ends = entry.before != entry.after and state is not None and state.final
    return entry.before is None or entry.change.refused is not None or ends or (action is not None and _reads(action))


def _reads(action: Action) -> bool:
    return action.shows is not None or any(effect.find is not None for effect in action.effects)


def _happened(entry: Entry, rules: Rules) -> dict[str, Any]:
    refused = entry.change.refused
    rows = [
        row
        for name, field in rules.workflow.fields.items()
        if field.type == "rows"
        for row in entry.change.fields.get(name) or ()
        if "shown" in row
    ]
    return {
        "at": entry.at,
        "account": entry.actor,
        "role": entry.role,
        "action": entry.action,
        "outcome": "refused" if refused else entry.after,
        "refused": refused and {"zh": refused.message_zh, "en": refused.message_en, "source": refused.source},
        "shown": [row["record"] for row in rows if row["shown"]],
        "withheld": [row["record"] for row in rows if not row["shown"]],
    }


def _of_journal(db: Reading, query: Query, zone: str) -> Iterator[dict[str, Any]]:
    span = span_of(query.first, query.last, zone)
    if query.record is not None:
        lines = db.journal.about(Look, ("record", query.record), span=span, actor=query.account)
    elif query.subject is not None:
        lines = db.journal.about(Look, ("person", query.subject), span=span, actor=query.account)
    else:
        lines = db.journal.of(Look, span=span, actor=query.account)
    for line in lines:
        said = line.said
        if isinstance(said, OfLog):  # a reading of a log is no look at anybody's data
            continue
        refused = said if isinstance(said, LookRefused) else None
        about = said.subject or None
        yield {
            "workflow": said.workflow or None if isinstance(said, LookRefused | OfFigures) else None,
            "key": about,
            "about": about,
            "applicant": None,
            "purpose": None if said.purpose is UNSET else said.purpose,
            "scope": (refused and refused.scope) or said.record,
            "at": line.at,
            "account": line.actor,
            "role": line.role,
            "action": line.kind,
            "outcome": "refused" if refused else "shown",
            "refused": None if refused is None else _refusal(refused),
            "shown": [] if refused else _records(said),
            "withheld": [],
            "record": said.record,
            "case": None,
            "seq": line.seq,
        }


def _records(said: Look) -> list[str]:
    """Return the numbers of the records that a look showed."""
    if isinstance(said, OfRecords):
        return list(said.records)
    return [said.record] if said.record else []


def _refusal(refused: LookRefused) -> dict[str, Any]:
    """Return why a look-up was refused; entries of before both languages were kept have Chinese alone."""
    english = refused.message if refused.message_en is UNSET else refused.message_en
    return {"zh": refused.message, "en": english, "source": refused.source}


def _wanted(row: dict[str, Any], query: Query, zone: str) -> bool:
    day = local(row["at"], zone).date()
    return (
        query.account in (None, row["account"])
        and query.subject in (None, row["key"])
        and (query.record is None or query.record in (row["record"], *row["shown"], *row["withheld"]))
        and (query.first is None or day >= query.first)
        and (query.last is None or day <= query.last)
    )


def _shown(row: dict[str, Any], zone: str, lang: Lang, *, full: bool) -> LookUp:
    shown = {**row, "at": local(row["at"], zone), "refused": row["refused"] and row["refused"][lang]}
    for name in ("about", "applicant"):
        if shown[name] and not full:
            shown[name] = masked(shown[name])
    return msgspec.convert(shown, LookUp)
