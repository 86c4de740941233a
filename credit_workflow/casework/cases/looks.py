"""Say what the log keeps of a look at cases: one that shows a text, or a name where the case waits for somebody else.

A case about nobody shows nobody. What shows neither names nor texts is no look, and is not logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import UNSET, Struct

from credit_workflow.casework.cases.case_answers import Case as ShownCase
from credit_workflow.casework.cases.listing import Filter, Waits
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.cases.views import texts_in
from credit_workflow.casework.journal.look_entries import OfCases
from credit_workflow.engine.values import Case

#: What of a filter says how a list is shown, and not which cases are wanted, or has a place of its own in the entry.
_NO_CRITERIA = frozenset({"actions", "texts", "subject", "record"})
_CRITERIA = tuple(name for name in Filter.__struct_fields__ if name not in _NO_CRITERIA)


def at_list(
    snapshot: Snapshot,
    shown: Iterable[ShownCase],
    wanted: Filter,
    viewer: Viewer,
    purpose: str | None,
    person: str | None = None,
) -> OfCases | None:
    """Return what the log says of a list of cases; None where it shows nobody, and nobody was searched for.

    Args:
        snapshot: where the cases are.
        shown: the cases as they are told.
        wanted: which were asked for.
        viewer: who looks.
        purpose: why.
        person: the ``key`` of the person whose cases they are, where one was given.
    """
    of = _Showing(snapshot, viewer)
    seen: list[str] = []
    withheld: list[str] = []
    for case in shown:
        (seen if of(case) else withheld).append(case.number)
    if not seen and person is None:
        return None
    return OfCases(
        cases=tuple(seen),
        withheld=tuple(withheld) or UNSET,
        record=wanted.record,
        subject=person,
        criteria=criteria_of(wanted, _CRITERIA),
        purpose=purpose,
    )


def at_case(
    snapshot: Snapshot, case: Case, shown: ShownCase, viewer: Viewer, purpose: str | None, *, notes: bool = False
) -> OfCases | None:
    """Return what the log says of a look at a case; None where it shows nobody.

    Args:
        snapshot: where it is.
        case: the case as it is kept.
        shown: the case as it is told.
        viewer: who looks.
        purpose: why.
        notes: whether remarks of its log are told as well.
    """
    if shown.subject_id is None or not (notes or _Showing(snapshot, viewer)(shown)):
        return None
    return of_case(case, purpose)


def of_case(case: Case, purpose: str | None) -> OfCases:
    """Return what the log says of somebody who was shown whom a case is about, or what is written in it."""
    return OfCases(cases=(case.number,), record=case.record or None, subject=_person(case), purpose=purpose)


def _person(case: Case) -> str | None:
    """Return the key of the person whom a case is about; an account is none."""
    return case.subject.key if case.subject.kind in ("natural", "legal") else None


class _Showing:
    """Whether cases, as they are told, show somebody.

    Args:
        snapshot: where they are.
        viewer: who looks; None is the program itself, for which nothing waits.
    """

    def __init__(self, snapshot: Snapshot, viewer: Viewer) -> None:
        self._workflows = {(rules.id, rules.workflow.version): rules.workflow for rules in snapshot.db.rules.values()}
        self._snapshot = snapshot
        self._viewer = viewer
        self._waits: Waits | None = None

    def __call__(self, case: ShownCase) -> bool:
        if case.subject_id is None:
            return False
        if texts_in(case, self._workflows[case.workflow, case.definition_version]):
            return True
        return bool(case.subject_name) and not self._waiting(case)

    def _waiting(self, case: ShownCase) -> bool:
        if self._viewer.actor is None:
            return False
        if self._waits is None:
            self._waits = Waits(self._snapshot, self._viewer.actor)
        return self._waits.holds(case)


def criteria_of(wanted: Struct, names: Iterable[str]) -> Mapping[str, str]:
    """Return what was asked for by some names, as text; what was not given is left out."""
    given = {name: getattr(wanted, name) for name in names}
    return {name: str(value) for name, value in given.items() if value not in (None, False)}
