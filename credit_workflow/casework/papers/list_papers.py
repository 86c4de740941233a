"""Fill papers about what was found of a person, and about the cases on a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.casework.papers.paper_facts import AnswerRecord, QueryAnswer, ShownMark, TransferList, TransferRow
from credit_workflow.casework.papers.paper_parts import Filled, fields_of, heading, material_titles, person, told_of
from credit_workflow.casework.papers.paper_register import Printable
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.found_records import record_at
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.definition.words.titles import role_title
from credit_workflow.identity import parse_subject, shown_id


def answer_to(db: Reading, paper: Printable) -> Filled:
    """Return what was found about a person, each record as of the revision found; what is withheld stays so."""
    case, links = paper.case, [paper.link]
    asked = parse_subject(case.fields[paper.rule.person or ""], scheme=paper.workflow.identity)
    name = case.subject.name if asked.key == case.subject.key else ""
    found = []
    for row in case.fields.get(paper.rule.rows or "") or ():
        values, link = record_at(db, row["record"], row["revision"])
        links.append(link)
        name = name or values["subject_name"]
        stopping = [mark["title_zh"] for mark in row["marks"] if mark["suspends"]]
        found.append(_answer_row(row, values, "、".join(stopping)))
    facts = QueryAnswer(
        **heading(paper),
        addressee=person(case.subject),
        about=person(msgspec.structs.replace(asked, name=name)),
        as_of=_found_on(paper).isoformat(),
        handled_by=paper.entry.actor,
        fields=fields_of(paper),
        found=tuple(found),
    )
    return Filled(facts=facts, links=tuple(links))


def _found_on(paper: Printable) -> date:
    """The day of the latest entry that says what was found."""
    rows = paper.rule.rows or ""
    days = [entry.effective for _, _, entry in paper.logged if rows in entry.change.fields]
    return days[-1] if days else paper.entry.effective


def _answer_row(row: Mapping[str, Any], values: Mapping[str, Any], stopped_by: str) -> AnswerRecord:
    return AnswerRecord(
        **(told_of(values) if row["shown"] else {}),
        no=row["record"],
        withheld=None if row["shown"] else f"{stopped_by or '标注'}，暂停使用",
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
