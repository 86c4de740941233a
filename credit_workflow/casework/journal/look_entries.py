"""What the log of look-ups says: who looked at what of whom, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import UNSET, UnsetType

from credit_workflow.casework.journal.entry import About, Said
from credit_workflow.engine.values import Case

#: The kind of the entry that says that an operating report was made.
REPORT = "report"


class Look(Said, frozen=True, kw_only=True):
    """A look at somebody's data, or at a log; which, the entry's kind says."""

    STREAM = "look-up"

    @classmethod
    def shape(cls, kind: str, text: str) -> type[Said]:  # noqa: ARG003 - the kind tells
        """Return what a look of this kind says."""
        return _FORMS.get(kind, OfCase)

    @property
    def record(self) -> str | None:
        """The number of the record that was looked at."""
        return None

    @property
    def subject(self) -> str | UnsetType | None:
        """The key of the person."""
        return None

    @property
    def purpose(self) -> Any:
        """Why."""
        return None

    @property
    def full(self) -> bool:
        """Whether whole ID numbers were shown."""
        return False


class OfRecord(Look, frozen=True, kw_only=True):
    """A look at a record; ``shown`` says whether it was seen whose it is and what it says (in older entries it was)."""

    KIND = "record"

    record: str
    subject: str
    purpose: str | None
    full: bool
    shown: bool | UnsetType = UNSET


class OfRecords(Look, frozen=True, kw_only=True):
    """A look at a list of records, or at one person's: the numbers of those that came.

    Of those ``withheld`` it was not seen whose they are and what they say; older entries have none.
    """

    KIND = "records"

    record: None = None
    subject: str | None
    records: tuple[str, ...]
    purpose: str | None
    full: bool
    withheld: tuple[str, ...] | UnsetType = UNSET

    @property
    def about(self) -> tuple[About, ...]:
        """Each record that came, and the person whose they are, where one was asked for."""
        return (*super().about, *(("record", no) for no in self.records))


class OfCases(Look, frozen=True, kw_only=True):
    """A look at a case (``case``), its log (``case_history``), a list (``cases``) or the log of ``applications``.

    It has the numbers of those that came. Of those ``withheld`` nobody's name and nothing that is written of anybody
    was shown. ``criteria`` are those of the list. ``record`` and ``subject`` are those of the one case, or of the
    cases, that were asked for.
    """

    cases: tuple[str, ...]
    withheld: tuple[str, ...] | UnsetType = UNSET
    record: str | None
    subject: str | None
    criteria: Mapping[str, str] | UnsetType = UNSET
    purpose: str | None
    full: bool = False

    @property
    def about(self) -> tuple[About, ...]:
        """Each case that was shown, and the record and person that were asked for."""
        return (*super().about, *(("case", number) for number in self.cases))


class OfLog(Look, frozen=True, kw_only=True):
    """A reading of the log (``audit``) or of the log of look-ups (``log``), narrowed as it says."""

    record: str | None
    subject: str | None
    account: str | None
    purpose: str | None
    full: bool


class OfAnything(Look, frozen=True, kw_only=True):
    """What was looked at, and why; of nobody in particular and with no ID number whole, unless it says so."""

    record: str | None = None
    subject: str | None = None
    purpose: str
    full: bool = False


class OfPaper(OfAnything, frozen=True, kw_only=True):
    """A paper was printed (``paper``) or held against the log (``paper_verify``).

    ``shown`` are the records of which it tells what they say, ``withheld`` those that it only names; older
    entries have neither.
    """

    case: str
    paper: str
    entry: int
    shown: tuple[str, ...] | UnsetType = UNSET
    withheld: tuple[str, ...] | UnsetType = UNSET

    @property
    def about(self) -> tuple[About, ...]:
        """Its case, person and each record that it tells of or names."""
        numbers = (*(self.shown or ()), *(self.withheld or ()))
        return (*super().about, *(("record", no) for no in numbers if no != self.record))


class OfFound(Look, frozen=True, kw_only=True):
    """What an action gave to read of the records that its case had found: ``entry`` is its number in the case's log."""

    KIND = "found"

    record: None = None
    subject: str | None
    case: str
    entry: int
    shown: tuple[str, ...]
    withheld: tuple[str, ...]
    purpose: str | None
    full: bool = False

    @property
    def about(self) -> tuple[About, ...]:
        """Its case, the person looked up and each record that came."""
        return (*super().about, *(("record", no) for no in (*self.shown, *self.withheld)))


class OfCase(Look, frozen=True, kw_only=True):
    """Something of a case was taken out of the database: a ``proof``, a ``scan``."""

    case: str
    record: str | None
    subject: str | None
    purpose: str
    full: bool

    @classmethod
    def of(cls, case: Case, purpose: str, *, full: bool) -> OfCase:
        """Return a look at a case, with what it is about."""
        return cls(case=case.number, record=case.record or None, subject=case.subject.key, purpose=purpose, full=full)


class OfFigures(OfAnything, frozen=True, kw_only=True):
    """Statistics (``statistics``) or the report (``report``) of some days were taken out as a file."""

    first: date | None
    last: date | None
    workflow: str | UnsetType | None = UNSET
    unit: str | UnsetType | None = UNSET


class LookRefused(Look, frozen=True, kw_only=True):
    """A look-up was refused before it became a case; of what it asked for, what could be read.

    Older entries say why in Chinese alone.
    """

    KIND = "refused"

    workflow: str
    record: str | None
    parent: str | None
    code: str
    message: str
    source: str | None
    subject: str | UnsetType | None = UNSET
    purpose: Any = UNSET
    scope: Any = UNSET
    message_en: str | UnsetType = UNSET


class RefusedLook(Look, frozen=True, kw_only=True):
    """A look was refused: which (the use case's name), and what was asked for, as far as it could be read."""

    KIND = "refused_look"

    look: str
    case: str | None
    record: str | None
    subject: str | None
    criteria: Mapping[str, str]
    purpose: str | None
    full: bool = False
    code: str
    message: str
    message_en: str
    source: str | None


_FORMS: dict[str, type[Look]] = {
    "record": OfRecord,
    "history": OfRecord,
    "records": OfRecords,
    "case": OfCases,
    "case_history": OfCases,
    "cases": OfCases,
    "applications": OfCases,
    "found": OfFound,
    "refused_look": RefusedLook,
    "audit": OfLog,
    "log": OfLog,
    "paper": OfPaper,
    "paper_verify": OfPaper,
    "statistics": OfFigures,
    REPORT: OfFigures,
    "refused": LookRefused,
}
