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


class Basis(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a paper about a record follows from besides its entry: kept with each print.

    ``on`` is the day as of which it is true, ``revision`` the record's, ``marks`` the mark of each
    case as of one of its entries: (case, sequence number, kind). ``records`` are those of a paper
    about several.
    """

    on: str = ""
    revision: int = 0
    marks: tuple[tuple[str, int, str], ...] = ()
    records: tuple[Standing, ...] = ()


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
