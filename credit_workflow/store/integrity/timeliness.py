"""Check that no deadline was passed over: every sweep's certificate is held against the log of the cases.

A part of the proof behind ``audit verify``. What was due when a sweep began, and what it fired, is
derived again from the log and compared with what the sweep said; and nothing that was due may
still have been waiting when it ended.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from msgspec import UNSET

from credit_workflow.casework.journal.running_entries import Swept
from credit_workflow.casework.sweep.certificates import Tally
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.timers import waits_for_day
from credit_workflow.engine.values import Change, Deadline, Entry
from credit_workflow.store.reading.log_reader import LogReader

#: An entry with its place in the whole log.
Placed = tuple[int, Entry]


class Certificate(msgspec.Struct, frozen=True):
    """What one sweep said of itself, and what the log gives for it."""

    said: Swept
    due: Tally
    done: Tally


class Certificates:
    """The sweeps of a database, in the order of the log.

    Args:
        db: the database, open for reading.
    """

    def __init__(self, db: LogReader) -> None:
        found = [Certificate(line.said, Tally(), Tally()) for line in db.journal.of(Swept)]
        self._all = sorted(found, key=lambda one: one.said.begins_after)  # two at once may end in another order
        self._begins = [one.said.begins_after for one in self._all]
        made = [(before, after, one) for one in self._all for before, after in one.said.ranges]
        self._made = sorted(made, key=lambda part: part[0])
        self._made_after = [part[0] for part in self._made]

    def passed_over(self, entries: Iterable[Placed], known: Mapping[str, Rules], root: str) -> tuple[str, date] | None:
        """Return a deadline that a sweep should have recorded and did not, with the sweep's day.

        What was due and done in the case is added to what the log gives for each sweep.

        Args:
            entries: one case's, in their order, each with its place in the whole log.
            known: every definition by digest; each entry is judged by the one that the case then had.
            root: the case at the top of its links, by which a sweep names what failed.
        """
        waiting: dict[str, tuple[int, Deadline, Rules]] = {}
        passed: tuple[str, date] | None = None
        definition = ""
        for place, entry in entries:
            self._note_done(place, entry)
            definition, stated = _definition_after(entry.change) or definition, _restated(entry.change)
            changed = entry.change.deadlines if stated is None else stated
            case = entry.case
            if not changed and stated is None:
                continue
            for name in [name for name in waiting if name in changed or stated is not None]:
                passed = self._seen(entry.case, *waiting.pop(name), place, root) or passed
            for name, deadline in changed.items():
                if _waits(deadline, known[definition]):
                    waiting[name] = (place, deadline, known[definition])
        for since, deadline, rules in waiting.values():
            passed = self._seen(case, since, deadline, rules, None, root) or passed
        return passed

    def taken(self) -> list[tuple[Tally, Tally]]:
        """Return what the log gave so far for each sweep, due and done, and begin anew."""
        found = []
        for one in self._all:
            found.append((Tally(one.due.count, one.due.total), Tally(one.done.count, one.done.total)))
            one.due.clear()
            one.done.clear()
        return found

    def include(self, found: Iterable[tuple[Tally, Tally]]) -> None:
        """Add what was taken elsewhere, or before."""
        for one, (due, done) in zip(self._all, found, strict=True):
            one.due.include(due)
            one.done.include(done)

    def misstated(self) -> date | None:
        """Return the day of a sweep that did not say what the log gives, or None.

        To be asked when all cases have been given to `passed_over`.
        """
        for one in self._all:
            said = (one.said.due.count, one.said.due.digest, one.said.done.count, one.said.done.digest)
            if said != (one.due.count, one.due.digest, one.done.count, one.done.digest):
                return one.said.as_of
        return None

    def _seen(
        self, case: str, since: int, deadline: Deadline, rules: Rules, until: int | None, root: str
    ) -> tuple[str, date] | None:
        """Add a deadline to what was due for the sweeps that began while it waited."""
        passed = None
        first = bisect_left(self._begins, since)
        last = len(self._all) if until is None else bisect_left(self._begins, until)
        for one in self._all[first:last]:
            if one.said.as_of > deadline.due and not _waited(one.said, deadline, rules):
                one.due.add(case, deadline.id, deadline.due.isoformat())
                if (until is None or until > one.said.ends_with) and root not in one.said.failed:
                    passed = (deadline.id, one.said.as_of)
        return passed

    def _note_done(self, place: int, entry: Entry) -> None:
        if entry.change.deadline is None:
            return
        part = bisect_left(self._made_after, place) - 1
        if part >= 0 and place <= self._made[part][1]:
            self._made[part][2].done.add(entry.case, entry.change.deadline, entry.action)


def _waited(said: Swept, deadline: Deadline, rules: Rules) -> bool:
    """Whether a deadline waited in a sweep whose day was not certain."""
    effective = dl.passing(rules.deadline(deadline.id), deadline, said.as_of)
    confirmed = None if said.confirmed is UNSET else said.confirmed
    return effective is not None and waits_for_day(rules, deadline.id, effective, confirmed)


def _definition_after(change: Change) -> str | None:
    """Return the digest of the definition that a change gives its case, or None where it stays."""
    if change.rectified is not None:
        return change.rectified.case.definition
    given = change.opening or change.migrated
    return None if given is None else given.definition


def _restated(change: Change) -> Mapping[str, Deadline] | None:
    """Return all deadlines of a case where a change says them all, else None."""
    if change.rectified is not None:
        return change.rectified.case.deadlines
    return None if change.migrated is None else change.migrated.deadlines


def _waits(deadline: Deadline, rules: Rules) -> bool:
    """Whether the passing of a deadline is for a sweep to record."""
    rule = rules.deadline(deadline.id)
    if deadline.status != "running" or deadline.flagged is not None or rule.at_end is None:
        return False
    return not (deadline.provisional and rule.late == "lapsed")
