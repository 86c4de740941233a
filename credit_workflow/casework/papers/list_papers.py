"""Fill papers about what was found of a person, and about the cases on a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.casework.journal.print_entries import Basis
from credit_workflow.casework.papers.bases import (
    kept_inside,
    links_of,
    marks_of,
    shown_marks,
    suspended_by,
    withheld_by,
)
from credit_workflow.casework.papers.paper_facts import AnswerRecord, QueryAnswer, ShownMark, TransferList, TransferRow
from credit_workflow.casework.papers.paper_parts import Filled, fields_of, heading, material_titles, person, told_of
from credit_workflow.casework.papers.paper_register import Printable
from credit_workflow.casework.papers.paper_words import day_zh
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.found_records import Since, changed_since, record_at
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.definition.words.titles import role_title
from credit_workflow.identity import parse_subject, shown_id

#: Why a record that was found is not printed any more.
_SINCE: Mapping[Since, str] = {
    "removed": "答复后已删除",
    "corrected": "答复后已修正，请重新申请查询",
    "updated": "答复后已更新，请重新申请查询",
}


def answer_to(db: Reading, paper: Printable, basis: Basis) -> Filled:
    """Return what was found about a person, each record as of the revision found; what is withheld stays so.

    By a basis that says how the records stood at the print, what has been suspended, removed or
    changed since they were found is withheld as well, and its line says so.
    """
    case, links = paper.case, [paper.link]
    asked = parse_subject(case.fields[paper.rule.person or ""], scheme=paper.workflow.identity)
    name = case.subject.name if asked.key == case.subject.key else ""
    later = {standing.no: standing for standing in basis.records}
    found = []
    for row in case.fields.get(paper.rule.rows or "") or ():
        values, link = record_at(db, row["record"], row["revision"])
        links.append(link)
        name = name or values["subject_name"]
        standing = later.get(row["record"])
        inside = kept_inside(paper, basis, row["record"])
        if inside is not None:
            found.append(AnswerRecord(no=row["record"], withheld=inside))
            continue
        if standing is None or not row["shown"]:
            found.append(_answer_row(row, values))
            continue
        marks = marks_of(db, standing)
        links += [record_at(db, standing.no, standing.revision)[1], *links_of(marks)]
        since = changed_since(db, standing.no, row["revision"], standing.revision)
        withheld = suspended_by(marks) or (_SINCE[since] if since else None)
        told = {} if withheld else told_of(values)
        found.append(AnswerRecord(**told, no=standing.no, withheld=withheld, marks=shown_marks(marks)))
    facts = QueryAnswer(
        **heading(paper),
        addressee=person(case.subject),
        about=person(msgspec.structs.replace(asked, name=name)),
        as_of=_found_on(paper).isoformat(),
        handled_by=paper.entry.actor,
        fields=fields_of(paper),
        found=tuple(found),
        remark=f"上列信息已于{day_zh(basis.on)}打印时再次核对。" if basis.on else "",
    )
    return Filled(facts=facts, links=tuple(links))


def _found_on(paper: Printable) -> date:
    """The day of the latest entry that says what was found."""
    rows = paper.rule.rows or ""
    days = [entry.effective for _, _, entry in paper.logged if rows in entry.change.fields]
    return days[-1] if days else paper.entry.effective


def _answer_row(row: Mapping[str, Any], values: Mapping[str, Any]) -> AnswerRecord:
    """Return a record as it was found."""
    return AnswerRecord(
        **(told_of(values) if row["shown"] else {}),
        no=row["record"],
        withheld=None if row["shown"] else withheld_by(mark["title_zh"] for mark in row["marks"] if mark["suspends"]),
        marks=tuple(
            ShownMark(title=m["title_zh"], placed=m["placed"], reason=m["reason"], last_day=m["last_day"])
            for m in row["marks"]
            if not m["suspends"]
        ),
    )


def transfer_list(db: Reading, paper: Printable) -> TransferList:
    """Return the cases of a list with their materials; what the list says is the log's, titles are the definitions'."""
    workflow, rule = paper.workflow, paper.rule
    items = paper.case.fields.get(rule.rows or "") or ()
    days = sorted(item["filed"] for item in items) or [paper.entry.effective.isoformat()]
    lengths = [length_words(workflow.deadlines[name].length).zh for name in rule.deadlines]
    return TransferList(
        **heading(paper),
        giver=role_title(workflow, rule.issued_by or paper.entry.role).zh,
        taker=role_title(workflow, rule.given_to or "").zh,
        first=days[0],
        last=days[-1],
        rows=tuple(_list_row(db, item) for item in items),
        retention="、".join(lengths),
    )


def _list_row(db: Reading, item: Mapping[str, Any]) -> TransferRow:
    case = db.cases.get(item["case"])
    workflow = db.rules[case.definition].workflow
    return TransferRow(
        case=case.number,
        matter=workflow.title.zh,
        subject=case.subject.name or shown_id(case.subject) or "",
        filed_on=item["filed"],
        materials=material_titles(workflow, [seen["kind"] for seen in item["materials"]]),
        shelf_mark=item["shelf_mark"] or "",
        scans=sum(seen["scan"] is not None for seen in item["materials"]),
    )
