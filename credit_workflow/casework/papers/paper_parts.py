"""Fill the parts that papers of all kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from credit_workflow.casework.papers import paper_words as words
from credit_workflow.casework.papers.paper_facts import AnswerRecord, Item, PaperFacts, Person
from credit_workflow.casework.papers.paper_register import Printable
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.words.titles import material_title, role_title
from credit_workflow.identity import Subject, shown_id


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What a paper states, and the chain hashes of the log entries that it follows from."""

    facts: PaperFacts
    links: tuple[str, ...]


def heading(paper: Printable) -> dict[str, Any]:
    """Return what every paper states."""
    workflow, entry = paper.workflow, paper.entry
    return {
        "kind": paper.kind,
        "title": paper.title,
        "number": paper.case.number,
        "entry": paper.seq,
        "on": entry.effective.isoformat(),
        "matter": workflow.title.zh,
        "office": role_title(workflow, paper.rule.issued_by or entry.role).zh,
        "basis": words.clauses_zh(paper.source, workflow.instruments),
    }


def person(subject: Subject) -> Person:
    """Return somebody as papers name them: the number masked."""
    return Person(kind=subject.kind, name=subject.name, number=shown_id(subject) or "")


def fields_of(paper: Printable) -> dict[str, Item]:
    """Return those of the case's values that the definition has the paper state."""
    values, known = paper.case.fields, paper.workflow.fields
    return {
        name: words.item_of(known[name], values[name]) for name in paper.rule.fields if values.get(name) is not None
    }


def told_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a record besides its number, of the values that its log has."""
    return {name: values[name] for name in words.RECORD_TITLES if name in AnswerRecord.__struct_fields__}


def material_titles(workflow: Workflow, kinds: Iterable[str]) -> tuple[str, ...]:
    """Return the titles of materials; a kind that counts as another has a title of its own."""
    return tuple(material_title(workflow, kind).zh for kind in kinds)
