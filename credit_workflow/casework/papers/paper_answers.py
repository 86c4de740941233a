"""Describe papers: what a case can have printed, a print, and whether a paper is what the log says."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit_workflow.casework.answer import FileAnswer, Value


class ListedPaper(Value, frozen=True, kw_only=True):
    """A paper that a case can have printed.

    It follows from the log's ``entry``, was printed ``copies`` times, of which ``free`` cost nothing
    (None: no limit). Entry ``superseded_by`` has put right what it states; ``void``: by that entry
    its step never happened.
    """

    kind: str
    title: str
    entry: int
    on: date
    copies: int
    free: int | None
    may_print: bool
    superseded_by: int | None
    void: bool


class Papers(Value, frozen=True, kw_only=True):
    """The papers of a case, in the order of its log."""

    case: str
    papers: tuple[ListedPaper, ...]


class PrintedPaper(FileAnswer, frozen=True, kw_only=True, omit_defaults=True):
    """A paper as printed: its ``copy`` number, how many are ``free``, and the ``code`` at its foot."""

    case: str
    kind: str
    title: str
    entry: int
    file: str | None = None
    copy: int
    free: int | None
    code: str
    fingerprint: str


class LoggedPrint(Value, frozen=True, kw_only=True):
    """A print in the register; ``at`` is the minute as it stands on the paper."""

    copy: int
    at: str
    by: str
    form: str


class VerifiedPaper(Value, frozen=True, kw_only=True):
    """A paper that agrees with the log.

    ``same_file``: the file is a print to the byte; None where only a code was held against the log.
    """

    ok: bool = True
    case: str
    kind: str
    title: str
    entry: int
    on: date
    fingerprint: str
    superseded_by: int | None
    void: bool
    same_file: bool | None
    prints: tuple[LoggedPrint, ...]
    differences: tuple[()] = ()


class PaperTemplates(Value, frozen=True, kw_only=True):
    """The templates that ship, by the names of their files; ``folder`` is where a face has put them."""

    folder: str | None = None
    contents: dict[str, bytes]

    def document(self) -> dict[str, Any]:
        """Return them as JSON has them: by name."""
        return {"folder": self.folder, "templates": list(self.contents)}
