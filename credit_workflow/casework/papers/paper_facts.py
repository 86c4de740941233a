"""Describe what papers state: plain values, filled from the log, printed by a template, covered by a fingerprint.

Whoever prints a paper that no case has yet (a query's answer, a list of materials handed over)
fills one of these and needs nothing else of this package. Dates are ISO dates; people's numbers
are masked before they come here; every text is as it is to be printed, in Chinese.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType


class Fact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all that a paper states."""


class Person(Fact, frozen=True, kw_only=True):
    """Somebody on paper: ``number`` is masked (4 characters at each end)."""

    kind: Literal["natural", "legal", "account", "none"]
    name: str
    number: str


class RecordName(Fact, frozen=True, kw_only=True):
    """Which credit record a paper is about."""

    no: str
    title: str
    provider: str


class Item(Fact, frozen=True, kw_only=True):
    """A value with its title; ``choice`` is the name of a choice, for templates to tell apart."""

    title: str
    value: str
    choice: str | None = None


class Step(Fact, frozen=True, kw_only=True):
    """Something that was done, on which day, by which office."""

    title: str
    on: str
    office: str


class Term(Fact, frozen=True, kw_only=True):
    """A deadline: its last day is ``due``, inclusive; without dates it has yet to start.

    ``length`` is as one says it (5个工作日); ``extension`` is in working days.
    """

    title: str
    length: str
    basis: str
    starts: str | None = None
    due: str | None = None
    original_due: str | None = None
    extension: int = 0
    provisional: bool = False


class Changed(Fact, frozen=True, kw_only=True):
    """One value of a record before and after a correction."""

    title: str
    before: str
    after: str


class PaperGround(Fact, frozen=True, kw_only=True):
    """One ground, with the clause quoted in full ("" where it has none)."""

    text: str
    basis: str


class PaperRemedy(Fact, frozen=True, kw_only=True):
    """What can be done against a decision: what, within which time, where, by which law (quoted in full)."""

    title: str
    within: str
    where: str
    basis: str


class PaperWindow(Fact, frozen=True, kw_only=True):
    """The unit that decided: its name then, and how it was reached ("" where the register did not say)."""

    name: str
    address: str = ""
    telephone: str = ""


class Heading(Fact, frozen=True, kw_only=True):
    """What every paper states.

    Args:
        kind: the paper's name in its definition.
        title: what stands on top.
        number: the case's number, or a list's own.
        entry: the sequence number of the log entry that it follows from.
        on: the day of that entry.
        matter: the workflow's title, as in 异议标注.
        office: who issues it.
        basis: the clauses, quoted in full; "" where there is none.
    """

    kind: str
    title: str
    number: str
    entry: int
    on: str
    matter: str
    office: str
    basis: str


class CasePaper(Heading, frozen=True, kw_only=True, tag="case"):
    """A paper about a case: receipt, refusal, report, extension, notice.

    ``fields`` and ``terms`` are those that the definition names, by name, where they have a value;
    ``to`` is the unit or the title of the role that it is for.
    """

    addressee: Person
    to: str
    filed_on: str
    handled_by: str
    record: RecordName | None = None
    fields: dict[str, Item] = {}
    terms: dict[str, Term] = {}
    steps: tuple[Step, ...] = ()
    materials: tuple[str, ...] = ()
    changes: tuple[Changed, ...] = ()
    removed: bool = False
    grounds: tuple[PaperGround, ...] = ()
    remedies: tuple[PaperRemedy, ...] | UnsetType = UNSET  # unset, so that older papers say what they said
    reassigned: bool | UnsetType = UNSET
    added: tuple[Item, ...] | UnsetType = UNSET
    inside: str | UnsetType = UNSET  # why it tells nothing of what the record says, as above
    window: PaperWindow | UnsetType = UNSET


class ShownMark(Fact, frozen=True, kw_only=True):
    """A mark on a record, with the applicant's reason word for word."""

    title: str
    placed: str
    reason: str | None = None
    last_day: str | None = None


class AnswerRecord(Fact, frozen=True, kw_only=True):
    """One record of an answer; ``withheld`` says why nothing but its number is told."""

    no: str
    title: str = ""
    provider: str = ""
    open_class: str = ""
    valid_from: str = ""
    valid_until: str = ""
    content: str | None = None
    withheld: str | None = None
    marks: tuple[ShownMark, ...] = ()


class Authorisation(Fact, frozen=True, kw_only=True):
    """What a letter of authorisation allows (附件1·五(四)); the days are inclusive."""

    matters: str
    contents: str
    purpose: str
    valid_from: str
    valid_until: str


class QueryAnswer(Heading, frozen=True, kw_only=True, tag="answer"):
    """The answer to a query (附件1·五): who asked, about whom, what for, and what there is.

    ``as_of`` is the day as of which it is true. ``remark`` is what is said besides: that something
    does not exist, is outside the authorisation, or is to be amended (附件1·五(七)).
    """

    addressee: Person
    about: Person
    as_of: str
    handled_by: str
    channel: str = ""
    purpose: str = ""
    scope: str = ""
    fields: dict[str, Item] = {}
    authorisation: Authorisation | None = None
    found: tuple[AnswerRecord, ...] = ()
    remark: str = ""


class TransferRow(Fact, frozen=True, kw_only=True):
    """One case's materials on a list of what is handed over."""

    case: str
    matter: str
    subject: str
    filed_on: str
    materials: tuple[str, ...]
    shelf_mark: str = ""
    scans: int = 0
    remark: str = ""


class TransferList(Heading, frozen=True, kw_only=True, tag="transfer"):
    """Materials handed over, a list that both sides confirm (附件1·七(二), 附件2·八(二))."""

    giver: str
    taker: str
    first: str
    last: str
    rows: tuple[TransferRow, ...]
    retention: str = ""


class ArchiveLabel(Heading, frozen=True, kw_only=True, tag="label"):
    """The label of a case's filed materials; ``retention`` as one says it, where it is known."""

    subject: Person
    opened: str
    filed_on: str
    filed_by: str
    fields: dict[str, Item] = {}
    materials: tuple[str, ...] = ()
    retention: str = ""


PaperFacts = CasePaper | QueryAnswer | TransferList | ArchiveLabel


def records_on(facts: PaperFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of the records of which a paper tells what they say, and of those that it only names."""
    if isinstance(facts, QueryAnswer):
        shown = tuple(one.no for one in facts.found if one.withheld is None)
        return shown, tuple(one.no for one in facts.found if one.withheld is not None)
    if isinstance(facts, CasePaper) and facts.record is not None:
        return ((facts.record.no,), ()) if facts.changes else ((), (facts.record.no,))
    return (), ()


class Copy(Fact, frozen=True, kw_only=True):
    """One print: the how-manieth of its paper, when (as clocks there show it) and by whom.

    ``free`` says how many prints are free, where that is limited.
    """

    nth: int
    at: str
    by: str
    training: bool = False
    free: int | None = None
