"""Check that each case was opened, and carried on, under a definition that was in force then.

A part of the proof behind ``audit verify``: what the log says of proposals and publications is held
together, and every opening and every change of version against it.
"""

from __future__ import annotations

from datetime import timedelta

from credit_workflow.casework.journal.rule_entries import Published
from credit_workflow.casework.rulebook.publications import Ledger, Proposal, Publication, ledger_of, proposals_of
from credit_workflow.engine.values import SYSTEM, Entry, Migrated
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.schema.foundations import broken
from credit_workflow.text import Text


class Versions:
    """The publications of a database, to which the entries of its cases are held.

    Args:
        db: the database, open for reading.

    Raises:
        IntegrityFault: a publication is not of what was approved by somebody else, or of no
            definition that is here.
    """

    def __init__(self, db: Reader) -> None:
        self._db = db
        self._ledger: Ledger = ledger_of(db)
        self._had: set[str] = set()
        proposals = {one.number: one for one in proposals_of(db)}
        for workflow in self._ledger.workflows:
            for number, one in enumerate(self._ledger.of(workflow), 1):
                why = _wrong(db, one, proposals.get(one.proposal))
                if why is not None:
                    raise broken(f"{Published.STREAM} {workflow}", number, why)

    def check(self, place: int, entry: Entry) -> None:
        """Hold one entry against what was in force; a case's entries are given in their order.

        Args:
            place: the entry's place in the whole log.
            entry: the entry.

        Raises:
            IntegrityFault: it opens a case under, or takes one over to, what was not in force.
        """
        opening, migrated = entry.change.opening, entry.change.migrated
        if opening is not None:
            self._had = {opening.definition}
            if not self._in_force(opening.workflow, opening.definition, place, entry):
                message = Text(
                    "立案所用的流程版本当时并未生效", "the version by which it was opened was not in force then"
                )
                raise broken(entry.case, 1, message)
        if migrated is not None:
            self._check_migrated(place, entry, migrated)
            self._had.add(migrated.definition)

    def _check_migrated(self, place: int, entry: Entry, migrated: Migrated) -> None:
        rules = self._db.rules.get(migrated.definition)
        if rules is None or rules.workflow.version != migrated.definition_version:
            raise broken(entry.case, None, Text("改用的流程版本不存在", "it went over to a version that is not here"))
        if migrated.definition in self._had and migrated.definition_version < migrated.previous_version:
            return
        terms = rules.workflow.takes_over
        if terms is None or terms.since > entry.effective.isoformat():
            message = Text(
                "改用的流程版本当时不接管在办案件", "the version that it went over to took over no case then"
            )
            raise broken(entry.case, None, message)
        if not self._in_force(rules.id, migrated.definition, place, entry):
            message = Text("改用的流程版本当时并未生效", "the version that it went over to was not in force then")
            raise broken(entry.case, None, message)

    def _in_force(self, workflow: str, digest: str, place: int, entry: Entry) -> bool:
        """Whether a definition was in force; what the folder gave, the log does not know.

        What the system opens is of an earlier day where a turn was missed: there the day of recording counts too.
        """
        if not self._ledger.decides(workflow, place - 1):
            return True
        days = [entry.effective]
        if entry.actor == SYSTEM:
            recorded = entry.at.date()
            days += [recorded, recorded + timedelta(days=1)]  # of which one is the day in the calendar's zone
        return any(self._ledger.in_force(workflow, day, place - 1) == digest for day in days)


def _wrong(db: Reader, one: Publication, proposal: Proposal | None) -> Text | None:
    """Return what is wrong with a publication, or None."""
    if one.digest not in db.rules or (one.until_then is not None and one.until_then not in db.rules):
        return Text("所发布的流程定义缺失", "the definition that was published is missing")
    if proposal is None or one.digest not in {each.digest for each in proposal.definitions}:
        return Text("所发布的流程定义从未提出", "the definition that was published was never proposed")
    if proposal.decided_by is None or proposal.decided_by == proposal.by:
        return Text("所发布的流程定义未经他人批准", "the definition that was published was approved by nobody else")
    return None
