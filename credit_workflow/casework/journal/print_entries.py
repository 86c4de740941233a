"""What the register of a case's papers says, ``paper:CASE``: each print."""

from __future__ import annotations

from msgspec import Struct

from credit_workflow.casework.journal.entry import Said
from credit_workflow.casework.papers.paper_facts import Copy


class Standing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a record stood at a print: its revision, and the mark of each case as of one of its entries."""

    no: str
    revision: int
    marks: tuple[tuple[str, int, str], ...] = ()


class Reached(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a unit was reached when it decided: its name then, address and telephone, as far as they were known."""

    name: str
    address: str | None = None
    telephone: str | None = None


class Basis(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a paper about a record follows from besides its entry: kept with each print.

    ``on`` is the day as of which it is true, ``revision`` the record's, ``marks`` the mark of each
    case as of one of its entries: (case, sequence number, kind). ``records`` are those of a paper
    about several. Of those ``inside`` the paper tells nothing but the number, since what they say is not for whom
    it is for: each with the clause. A paper that is ``masked`` has no name of a person and no text of one.
    ``window`` is the unit that decided, where the paper tells of remedies and the register said where it is.
    """

    on: str = ""
    revision: int = 0
    marks: tuple[tuple[str, int, str], ...] = ()
    records: tuple[Standing, ...] = ()
    inside: tuple[tuple[str, str], ...] = ()
    masked: bool = False
    window: Reached | None = None


class Print(Said, frozen=True, kw_only=True):
    """One print; the entry's kind is the paper's. ``digest`` is the file's SHA-256, ``form`` html or pdf."""

    STREAM = "paper"

    record: str
    entry: int
    copy: Copy
    fingerprint: str
    basis: Basis
    digest: str
    form: str
