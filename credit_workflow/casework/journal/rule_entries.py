"""What the log says of definitions: kept, proposed, decided upon, published."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from credit_workflow.casework.journal.entry import Said
from credit_workflow.definition.library import Definition, from_body


class Adopted(Said, frozen=True, kw_only=True):
    """A definition was kept in the database."""

    STREAM = "definition"
    KIND = "adopted"

    workflow: str
    version: int
    digest: str


class OneVersion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One definition of several."""

    workflow: str
    version: int
    digest: str


class PublishedOne(OneVersion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One definition that was published.

    ``until_then`` is the digest of what the folder gave before a workflow's first publication.
    """

    until_then: str | None


class Published(Said, frozen=True, kw_only=True, rename={"since": "from"}):
    """Definitions were put in force from a day on, after so many entries of the cases' log."""

    STREAM = "publication"
    KIND = "published"

    proposal: int
    since: date
    begins_after: int
    definitions: tuple[PublishedOne, ...]


class Proposed(OneVersion, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One definition of a proposal, with the JSON text that its digest is of."""

    body: str

    @property
    def definition(self) -> Definition:
        """The definition itself."""
        return from_body(self.body.encode())


class OfProposal(Said, frozen=True, kw_only=True):
    """What happened to a proposal."""

    STREAM = "proposal"

    @classmethod
    def shape(cls, kind: str, text: str) -> type[Said]:  # noqa: ARG003 - the kind tells
        """Return what a proposal, or a decision about one, says."""
        return ProposalMade if kind == ProposalMade.KIND else ProposalDecided


class ProposalMade(OfProposal, frozen=True, kw_only=True, rename={"since": "from"}):
    """Definitions were proposed, to be in force from a day on where one is named."""

    KIND = "proposed"

    number: int
    definitions: tuple[Proposed, ...]
    since: date | None
    note: str | None


class ProposalDecided(OfProposal, frozen=True, kw_only=True):
    """A proposal was approved, rejected or withdrawn, as the entry's kind says."""

    number: int
    note: str | None
