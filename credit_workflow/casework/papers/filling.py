"""Fill a paper from the log. The same log gives the same facts, at any later time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from credit_workflow.casework.journal.print_entries import Basis
from credit_workflow.casework.papers import paper_words as words
from credit_workflow.casework.papers.bases import (
    inside_title,
    inside_why,
    kept_inside,
    links_of,
    marks_of,
    shown_marks,
    suspended_by,
)
from credit_workflow.casework.papers.list_papers import answer_to, transfer_list
from credit_workflow.casework.papers.paper_facts import (
    AnswerRecord,
    ArchiveLabel,
    CasePaper,
    Changed,
    Item,
    PaperGround,
    PaperRemedy,
    PaperWindow,
    QueryAnswer,
    RecordName,
    Step,
    Term,
)
from credit_workflow.casework.papers.paper_parts import Filled, fields_of, heading, material_titles, person, told_of
from credit_workflow.casework.papers.paper_register import Logged, Printable, papers_of
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.found_records import record_at
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.definition.words.titles import action_title, role_title
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.values import Case, RefusalGround, record_values
from credit_workflow.identity import Subject, parse_subject

#: Refused before any ground was looked at: by who asked, or by where the case stands.
_NO_GROUNDS = frozenset({"role", "state"})


def printables(db: Reading, number: str) -> list[Printable]:
    """Return every paper that a case's log gives, in the order of the log.

    Where a rectification has changed what a paper states, there are both: as it was, superseded,
    and as it is since. Where it has changed nothing, there is the one.

    Raises:
        NotFound: there is no such case.
    """
    logged = tuple(db.cases.entries(db.cases.get(number).number))
    return _superseded(papers_of(db.rules, logged), logged)


def _superseded(papers: Sequence[Printable], logged: tuple[Logged, ...]) -> list[Printable]:
    """Return the papers without those that a rectification repeats unchanged, the superseded ones marked.

    What a paper would say just before the rectification is held against what it says after it, so
    that what has merely gone on since (a deadline extended) does not count.
    """
    kept: list[Printable] = []
    case: Case | None = None
    for index, (seq, _, entry) in enumerate(logged):
        before, case = case, evolve(case, entry)
        now = {(paper.kind, paper.step[0]): paper for paper in papers if paper.seq == seq}
        if entry.change.rectified is None or before is None:
            kept += now.values()
            continue
        for place, paper in enumerate(kept):
            again = now.get((paper.kind, paper.step[0]))
            if paper.superseded_by is not None:
                continue
            as_before = replace(paper, case=before, logged=logged[:index])
            if again is not None and _says(again) in (_says(paper), _says(as_before)):
                del now[paper.kind, paper.step[0]]
            else:
                kept[place] = replace(paper, superseded_by=seq, void=again is None)
        kept += now.values()
    return kept


def _says(paper: Printable) -> Any:
    """What of a paper a rectification can change: its entry's number left out."""
    if paper.rule.shows in ("record", "records"):
        return paper.free
    if paper.rule.rows is not None:
        return paper.case.fields.get(paper.rule.rows), fields_of(paper)
    facts = _label(paper) if paper.rule.shows == "filing" else _case_paper(paper, None)
    return {**msgspec.to_builtins(facts), "entry": None}


def filled(db: Reading, paper: Printable, basis: Basis) -> Filled:
    """Return what a paper states by the log."""
    if paper.rule.shows == "record":
        return _record_as_it_stands(db, paper, basis)
    if paper.rule.shows == "records":
        return _records_as_they_stand(db, paper, basis)
    if paper.rule.shows == "filing":
        return Filled(facts=_label(paper), links=(paper.link,))
    if paper.rule.shows == "answer":
        return answer_to(db, paper, basis)
    if paper.rule.shows == "list":
        return Filled(facts=transfer_list(db, paper), links=(paper.link,))
    # By the name that it had when the applicant came: a correction may have changed it since.
    about, link = record_at(db, paper.case.record, _first_seen(db, paper))
    name = RecordName(no=paper.case.record, title=about["title"], provider=about["provider"]) if about else None
    facts = _case_paper(paper, name)
    if basis.window is not None:
        window = PaperWindow(**{name: said or "" for name, said in msgspec.structs.asdict(basis.window).items()})
        facts = msgspec.structs.replace(facts, window=window)
    if basis.masked:
        facts = _masked(facts)
    source = dict(basis.inside).get(paper.case.record)
    if source is not None and name is not None:
        told = {name: item for name, item in facts.fields.items() if paper.workflow.fields[name].type not in _VALUES}
        inside = RecordName(no=name.no, title=inside_title(about["open_class"]), provider=name.provider)
        why = f"该信息{inside_why(source, paper.workflow.instruments)}，本文书只列其编号。"
        facts = msgspec.structs.replace(facts, record=inside, fields=told, changes=(), added=msgspec.UNSET, inside=why)
    return Filled(facts=facts, links=(paper.link, link))


#: What fields of such types say is what a record says.
_VALUES = frozenset({"record_values", "rows"})


def _masked(facts: CasePaper) -> CasePaper:
    """Return what a paper states without names of persons and what texts say of them."""
    return msgspec.structs.replace(
        facts,
        addressee=msgspec.structs.replace(facts.addressee, name=""),
        record=facts.record and msgspec.structs.replace(facts.record, title="—"),
        fields={},
        changes=(),
        added=msgspec.UNSET,
        grounds=(),
    )


def _case_paper(paper: Printable, record: RecordName | None) -> CasePaper:
    rule, case = paper.rule, paper.case
    applied = case.applied if rule.correction else None
    new = {} if applied is None else applied.new
    old = {} if applied is None else applied.old
    reassigned = "subject_key" in new  # to whom is another person's matter, said only by a field that the paper has
    return CasePaper(
        **heading(paper),
        addressee=person(_addressee(paper)),
        to=_addressed_to(paper),
        filed_on=case.opened.isoformat(),
        handled_by=paper.entry.actor,
        record=record,
        fields=fields_of(paper),
        terms=_terms(paper),
        steps=tuple(_steps(paper)),
        materials=material_titles(paper.workflow, paper.case.materials) if rule.materials else (),
        changes=tuple(
            Changed(title=title, before=words.record_value_zh(n, old[n]), after=words.record_value_zh(n, new[n]))
            for n, title in words.RECORD_TITLES.items()
            if n in new and not (reassigned and n == "subject_name")
        ),
        removed=bool(new.get("removed")),
        grounds=tuple(_grounds(paper)),
        remedies=tuple(_remedies(paper)) or msgspec.UNSET,
        reassigned=reassigned or msgspec.UNSET,
        added=_added(paper) if new == {"removed": False} else msgspec.UNSET,
    )


def _first_seen(db: Reading, paper: Printable) -> int:
    """The record's revision when a person first acted on it: in the case, or before that in the one that opened it."""
    logs = [paper.logged]
    if paper.workflow.linked and paper.case.parent:
        logs.append(tuple(db.cases.entries(paper.case.parent)))
    seen = (entry.change.record_revision for log in logs for _, _, entry in log)
    return next((revision for revision in seen if revision is not None), 0)


def _addressed_to(paper: Printable) -> str:
    """The unit that a paper goes to, where it is one unit's; else the role."""
    if paper.to is None:
        return ""
    if paper.unit:
        return paper.unit
    if paper.workflow.linked and paper.workflow.roles[paper.to].own_unit and paper.case.unit:
        return paper.case.unit
    return role_title(paper.workflow, paper.to).zh


def _added(paper: Printable) -> tuple[Item, ...]:
    """Return what the record says that a case has made, or has put back."""
    values: dict[str, Any] = {}
    for _, _, entry in paper.logged:
        made, changed = entry.change.created, entry.change.record
        if made is not None and made.no == paper.case.record:
            values = record_values(made)
        elif changed is not None and changed.record == paper.case.record:
            values |= changed.new
    titles = words.RECORD_TITLES.items()
    return tuple(Item(title=t, value=words.record_value_zh(n, values[n])) for n, t in titles if values.get(n))


def _addressee(paper: Printable) -> Subject:
    """Whom a paper about the case is addressed to: the applicant, unless a field of the case names somebody else."""
    case, number = paper.case, paper.case.fields.get(paper.rule.person or "")
    if number is None:
        return case.subject
    named = parse_subject(number, scheme=paper.workflow.identity)
    return case.subject if named.key == case.subject.key else named


def _terms(paper: Printable) -> dict[str, Term]:
    found = {}
    for name in paper.rule.deadlines:
        rule, deadline = paper.workflow.deadlines[name], paper.case.deadlines.get(name)
        basis = words.clauses_zh(rule.source, paper.workflow.instruments)
        term = Term(title=rule.title.zh, length=length_words(rule.length).zh, basis=basis)
        if deadline is not None:
            term = msgspec.structs.replace(
                term,
                length=length_words(deadline.length or rule.length).zh,
                starts=deadline.starts.isoformat(),
                due=None if deadline.stopped else deadline.due.isoformat(),
                original_due=deadline.original_due.isoformat(),
                extension=deadline.extension,
                provisional=deadline.provisional,
            )
        found[name] = term
    return found


def _steps(paper: Printable) -> Iterator[Step]:
    """The days of the actions that the definition names, in the order of their days."""
    workflow, done = paper.workflow, paper.case.done
    roles = {entry.action: entry.role for _, _, entry in paper.logged if entry.change.refused is None}
    order = list(roles)
    named = [name for name in done if name in paper.rule.steps and name in roles]
    for name in sorted(named, key=lambda name: (done[name].on, order.index(name))):
        office = role_title(workflow, roles[name]).zh
        yield Step(title=action_title(workflow, name).zh, on=done[name].on.isoformat(), office=office)


def _grounds(paper: Printable) -> Iterator[PaperGround]:
    """The grounds that the last attempt named which the paper explains, since the case stands where it stood.

    Where nobody has tried, those that stood when it was refused.
    """
    if paper.rule.grounds_of is not None:
        yield from _told(paper, _last_attempt(paper) or paper.entry.change.grounds)


def _last_attempt(paper: Printable) -> tuple[RefusalGround, ...]:
    before = paper.entry.before
    for _, _, entry in reversed(paper.before):
        refused = entry.change.refused
        if entry.after != before or (refused is None and entry.before != before):
            return ()
        if refused is not None and entry.action == paper.rule.grounds_of and refused.code not in _NO_GROUNDS:
            return refused.grounds
    return ()


def _told(paper: Printable, grounds: Iterable[RefusalGround]) -> Iterator[PaperGround]:
    for ground in grounds:
        text = words.ground_zh(ground.message_zh, paper.workflow)
        basis = words.clauses_zh(ground.source, paper.workflow.instruments, paper.source)
        yield PaperGround(text=text, basis=basis)


def _remedies(paper: Printable) -> Iterator[PaperRemedy]:
    for remedy in paper.rule.remedies:
        said = (remedy.title.zh, remedy.within.zh, remedy.where.zh, remedy.law.zh)
        yield PaperRemedy(**dict(zip(("title", "within", "where", "basis"), said, strict=True)))


def _label(paper: Printable) -> ArchiveLabel:
    return ArchiveLabel(
        **heading(paper),
        subject=person(paper.case.subject),
        opened=paper.case.opened.isoformat(),
        filed_on=paper.entry.effective.isoformat(),
        filed_by=paper.entry.actor,
        fields=fields_of(paper),
        materials=material_titles(paper.workflow, paper.case.materials) if paper.rule.materials else (),
    )


def _record_as_it_stands(db: Reading, paper: Printable, basis: Basis) -> Filled:
    values, link = record_at(db, paper.case.record, basis.revision)
    marks, inside = marks_of(db, basis), kept_inside(paper, basis, paper.case.record)
    shown = []
    if inside is not None:
        shown = [AnswerRecord(no=paper.case.record, withheld=inside)]
    elif values and not values["removed"]:
        shown = [AnswerRecord(**told_of(values), no=paper.case.record, marks=shown_marks(marks))]
    facts = _of_the_applicant(paper, basis, shown, "经查，没有该条公共信用信息。")
    return Filled(facts=facts, links=(paper.link, link, *links_of(marks)))


def _records_as_they_stand(db: Reading, paper: Printable, basis: Basis) -> Filled:
    shown, links = [], [paper.link]
    for standing in basis.records:
        values, link = record_at(db, standing.no, standing.revision)
        marks = marks_of(db, standing)
        links += [link, *links_of(marks)]
        inside = kept_inside(paper, basis, standing.no)
        stopped = inside or suspended_by(marks)
        told = {} if stopped else told_of(values)
        marked = () if inside else shown_marks(marks)
        shown.append(AnswerRecord(**told, no=standing.no, withheld=stopped, marks=marked))
    return Filled(facts=_of_the_applicant(paper, basis, shown, "经查，没有公共信用信息。"), links=tuple(links))


def _of_the_applicant(paper: Printable, basis: Basis, shown: Sequence[AnswerRecord], none: str) -> QueryAnswer:
    """Return a paper about the applicant's own records as they stood on the day of the print."""
    owner = person(paper.case.subject)
    return QueryAnswer(
        **heading(paper),
        addressee=owner,
        about=owner,
        as_of=basis.on,
        handled_by=paper.entry.actor,
        found=tuple(shown),
        remark="" if shown else none,
    )
