"""Settle what a paper about records follows from besides its entry, and read it back from the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.access.sight import Sight
from credit_workflow.casework.journal.print_entries import Basis, Reached, Standing
from credit_workflow.casework.papers import paper_words as words
from credit_workflow.casework.papers.paper_facts import ShownMark
from credit_workflow.casework.papers.paper_register import Printable
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.found_records import record_at
from credit_workflow.casework.units.register import register_at
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.values import Actor, Case, Entry, Mark
from credit_workflow.strict_yaml.patterns import Title


def basis_of(db: Reading, paper: Printable, facts: CaseFacts, sight: Sight) -> Basis:
    """Return what a paper printed today would follow from.

    Args:
        db: where records and marks are.
        paper: which one.
        facts: of its case, today.
        sight: what whoever prints it sees, and whom the classes of records are for.
    """
    basis = _as_it_stands(db, paper, facts)
    seen = sight.of(db.cases.get(paper.case.number))
    # Who sees nothing of a case prints only what was sent to him, as it was sent.
    theirs = seen is Seen.NOTHING and sight.actor is not None and sent_to(paper, sight.actor)
    masked = seen is not Seen.WHOLE and not theirs
    window = _window(db, paper) if paper.rule.remedies else None
    return replace(basis, inside=tuple(_inside(db, paper, basis, sight)), masked=masked, window=window)


def _window(db: Reading, paper: Printable) -> Reached | None:
    """Return where the unit that had the case was reached when it was decided; None where the register did not say."""
    unit = None if paper.case.unit is None else register_at(db, paper.entry.at).find(paper.case.unit)
    if unit is None or not (unit.address or unit.telephone):
        return None
    return Reached(name=unit.name, address=unit.address, telephone=unit.telephone)


def sent_to(paper: Printable, actor: Actor) -> bool:
    """Whether a paper was sent to somebody's unit and role, as a provider is told what was changed of a record."""
    return actor.unit is not None and any(
        sent.paper == paper.kind and sent.to in actor.roles and (sent.unit or paper.case.unit) == actor.unit
        for sent in paper.entry.change.notifications
    )


def _inside(db: Reading, paper: Printable, basis: Basis, sight: Sight) -> Iterator[tuple[str, str]]:
    """Give the records on a paper of which no more is told than the number, each with the clause."""
    case, rule = paper.case, paper.rule
    rows = {row["record"]: row["revision"] for row in case.fields.get(rule.rows or "") or () if "revision" in row}
    numbers = [*rows, *(one.no for one in basis.records)]
    if case.record and rule.shows in ("case", "record"):
        numbers.append(case.record)
    for no in dict.fromkeys(numbers):
        classes = [db.records.get(no).open_class]
        if no in rows:
            classes.append(record_at(db, no, rows[no])[0]["open_class"])
        if no == case.record and case.applied is not None:
            classes += [
                values["open_class"] for values in (case.applied.old, case.applied.new) if "open_class" in values
            ]
        kept = (sight.kept_from(paper.to, rule.printed_by, one) for one in classes)
        source = next((clause for clause in kept if clause is not None), None)
        if source is not None:
            yield no, source


def _as_it_stands(db: Reading, paper: Printable, facts: CaseFacts) -> Basis:
    """Return how the records on a paper stand today, as far as it tells of that."""
    rule, case, today = paper.rule, paper.case, facts.today
    if rule.shows == "record":
        now = _standing(db, case.record, today)
        return Basis(on=today.isoformat(), revision=now.revision, marks=now.marks)
    if rule.shows == "records":
        numbers = [held.record.no for held in facts.held(case.subject.key, rule.which)]
    elif rule.looks_again:
        numbers = [row["record"] for row in case.fields.get(rule.rows or "") or ()]
    else:
        return Basis()
    return Basis(on=today.isoformat(), records=tuple(_standing(db, no, today) for no in numbers))


def _standing(db: Reading, no: str, today: date) -> Standing:
    record = db.records.get(no)
    marks = []
    for case, mark in db.records.marks_on(no):
        if mark.in_force(today):
            seq = max(seq for seq, _, entry in db.cases.entries(case) if mark.kind in _marks_in(entry))
            marks.append((case, seq, mark.kind))
    return Standing(no=no, revision=record.revision, marks=tuple(marks))


def own_record(case: Case, basis: Basis) -> Standing | None:
    """Return how the record that a case is about stands by a basis, where it is in it."""
    if basis.revision:
        return Standing(no=case.record, revision=basis.revision, marks=basis.marks)
    return next((one for one in basis.records if one.no == case.record), None)


def marks_of(db: Reading, standing: Standing | Basis) -> list[tuple[Mark, str]]:
    """Return the marks that are named there, each with the hash of the entry that gave it."""
    return [
        (_marks_in(entry)[kind], link)
        for case, seq, kind in standing.marks
        for at, link, entry in db.cases.entries(case)
        if at == seq and kind in _marks_in(entry)
    ]


def suspending(marks: list[tuple[Mark, str]]) -> list[Mark]:
    """Return those of the marks that withhold the record."""
    return [mark for mark, _ in marks if mark.suspends]


def suspended_by(marks: list[tuple[Mark, str]]) -> str | None:
    """Return as papers say it why a record is withheld; None where no mark withholds it."""
    titles = [mark.title_zh for mark in suspending(marks)]
    return withheld_by(titles) if titles else None


def kept_inside(paper: Printable, basis: Basis, no: str) -> str | None:
    """Return as papers say it why a paper tells nothing of what a record says; None where that is not kept from it."""
    source = dict(basis.inside).get(no)
    return None if source is None else inside_why(source, paper.workflow.instruments)


def inside_why(source: str, instruments: Mapping[str, Title]) -> str:
    """Return as papers say it that what a record says is for use inside government, by a clause."""
    clause = words.clauses_zh(source, instruments)
    return "供政府内部应用，内容不对外提供" + (f"（{clause}）" if clause else "")


def inside_title(open_class: str) -> str:
    """Return as what papers name a record whose content they may not tell."""
    return f"{open_class}类信息，供政府内部应用"


def withheld_by(titles: Iterable[str]) -> str:
    """Return as papers say it that marks with these titles withhold a record."""
    return f"{'、'.join(titles) or '标注'}，暂停使用"


def shown_marks(marks: list[tuple[Mark, str]]) -> tuple[ShownMark, ...]:
    """Return as papers say it those of the marks with which a record is shown."""
    return tuple(_shown(mark) for mark, _ in marks if not mark.suspends)


def _shown(mark: Mark) -> ShownMark:
    last = mark.last_day.isoformat() if mark.last_day else None
    return ShownMark(title=mark.title_zh, placed=mark.placed.isoformat(), reason=mark.reason, last_day=last)


def links_of(marks: list[tuple[Mark, str]]) -> Iterator[str]:
    """Give the hashes of the entries that gave the marks."""
    return (link for _, link in marks)


def _marks_in(entry: Entry) -> Mapping[str, Mark]:
    """The marks that an entry says how they stand."""
    change = entry.change
    return change.marks if change.rectified is None else change.rectified.case.marks
