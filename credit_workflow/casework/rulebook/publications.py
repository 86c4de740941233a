"""Find which definition was in force on which day, from what the log says of proposals and publications.

A database in which nothing was ever published for a workflow takes the definition of the folder,
at once. The first publication for a workflow notes which definition the folder then gave, and from
then on the log alone decides for that workflow, for past days and days to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from credit_workflow.casework.answer import like
from credit_workflow.casework.journal.rule_entries import OfProposal, ProposalDecided, ProposalMade, Proposed, Published
from credit_workflow.casework.ports import Reading
from credit_workflow.definition.library import Definition, body_of
from credit_workflow.errors import Refused
from credit_workflow.text import Text, same

Status = Literal["proposed", "approved", "rejected", "withdrawn", "published"]


class Publication(Struct, frozen=True, kw_only=True):
    """That a definition is in force from a day (inclusive) on, until the next one's day comes.

    ``place`` is how many entries the log of the cases had when it was published; ``until_then`` the
    digest of what the folder gave for the workflow before its first publication, None where nothing.
    """

    workflow: str
    version: int
    digest: str
    since: date
    until_then: str | None
    proposal: int
    place: int
    at: datetime
    by: str


class Proposal(Struct, frozen=True, kw_only=True):
    """Definitions that a clerk prepared, and what became of them.

    ``since`` is the day from which the clerk would have them in force, or None for the day of
    publication. ``decided_by`` approved, rejected or withdrew it.
    """

    number: int
    definitions: tuple[Proposed, ...]
    since: date | None
    note: str | None
    by: str
    at: datetime
    status: Status = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    in_force_from: date | None = None


class Ledger:
    """The publications of a database, in the order in which they were made.

    Args:
        publications: all of them.
    """

    def __init__(self, publications: Iterable[Publication]) -> None:
        self._of: dict[str, list[Publication]] = {}
        for one in publications:
            self._of.setdefault(one.workflow, []).append(one)

    @property
    def workflows(self) -> Iterable[str]:
        """The workflows for which something was ever published."""
        return self._of.keys()

    def of(self, workflow: str) -> Sequence[Publication]:
        """Return a workflow's publications, the first one first."""
        return self._of.get(workflow, [])

    def decides(self, workflow: str, place: int | None = None) -> bool:
        """Whether the log decides for a workflow.

        Args:
            workflow: its name.
            place: as known after that many entries of the log of the cases; now, unless given.
        """
        return any(place is None or one.place <= place for one in self.of(workflow))

    def in_force(self, workflow: str, day: date, place: int | None = None) -> str | None:
        """Return the digest of the definition in force on a day, or None where there is none.

        Of those whose day has come, the one that was published last holds.

        Args:
            workflow: one for which the log decides.
            day: the day, in the calendar's zone.
            place: as `decides`.
        """
        known = [one for one in self.of(workflow) if place is None or one.place <= place]
        begun = [one for one in known if one.since <= day]
        if begun:
            return begun[-1].digest
        return known[0].until_then if known else None

    def first_day(self, workflow: str) -> date | None:
        """Return the day on which a workflow that had no definition before gets its first one, else None."""
        known = self.of(workflow)
        return min(one.since for one in known) if known and known[0].until_then is None else None


def ledger_of(db: Reading) -> Ledger:
    """Return what was ever published in a database."""
    return Ledger(_publications(db))


def in_force(db: Reading, folder: Mapping[str, Definition], day: date) -> dict[str, Definition]:
    """Return the definitions in force on a day: by the log where it decides, else those of the folder.

    A workflow whose first definition has yet to come into force is among them: its opening is
    refused with the day.

    Args:
        db: the database, open for reading.
        folder: the definitions of the folder, by workflow.
        day: the day, in the calendar's zone.
    """
    found = dict(folder)
    ledger = ledger_of(db)
    for workflow in ledger.workflows:
        digest = ledger.in_force(workflow, day) or ledger.of(workflow)[-1].digest
        found[workflow] = kept(db, digest)
    return found


def kept(db: Reading, digest: str) -> Definition:
    """Return a definition that the database keeps."""
    workflow = db.rules[digest].workflow
    return Definition(body_of(workflow), workflow=workflow, digest=digest)


def not_yet(db: Reading, definition: Definition, day: date) -> Refused | None:
    """Return the refusal of an opening by a definition that is not in force on a day, or None where it is."""
    first = ledger_of(db).first_day(definition.workflow.workflow)
    since = max(date.fromisoformat(definition.workflow.in_force.since), first or date.min)
    if since <= day:
        return None
    message = Text("“{t}”自 {d} 起施行，此前不能提出", "“{t}” is in force from {d}; nothing can be filed before")
    filled = message.fill(t=definition.workflow.title.text, d=same(since.isoformat()))
    source = definition.workflow.source
    return Refused(filled, code="not_in_force", source=source, details={"from": since.isoformat()})


def proposals_of(db: Reading) -> list[Proposal]:
    """Return every proposal with what became of it, the first one first."""
    found: dict[int, Proposal] = {}
    for line in db.journal.of(OfProposal):
        said = line.said
        if isinstance(said, ProposalMade):
            found[said.number] = like(Proposal, said, by=line.actor, at=line.at)
        elif isinstance(said, ProposalDecided):
            decided = {"status": line.kind, "decided_by": line.actor, "decided_at": line.at, "reason": said.note}
            found[said.number] = msgspec.structs.replace(found[said.number], **decided)
    for one in _publications(db):
        if one.proposal in found:
            found[one.proposal] = msgspec.structs.replace(
                found[one.proposal], status="published", in_force_from=one.since
            )  # fmt: skip
    return list(found.values())


def _publications(db: Reading) -> Iterator[Publication]:
    for line in db.journal.of(Published):
        for one in line.said.definitions:
            yield like(
                Publication,
                one,
                since=line.said.since,
                proposal=line.said.proposal,
                place=line.said.begins_after,
                at=line.at,
                by=line.actor,
            )
