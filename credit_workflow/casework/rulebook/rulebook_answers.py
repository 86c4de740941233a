"""Describe versions of definitions on their way into force, and running cases that go over to them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from credit_workflow.casework.answer import Page, Value
from credit_workflow.casework.cases.case_answers import Ground
from credit_workflow.casework.rulebook.definition_answers import Difference, Version

Fate = Literal["kept", "moved", "started", "restored", "cancelled"]
ProposalStatus = Literal["proposed", "approved", "rejected", "withdrawn", "published"]


class Publication(Value, frozen=True, kw_only=True, rename={"since": "from"}):
    """That a version is in force from a day on (``since``, in JSON ``from``); ``begun`` where that day has come."""

    version: int
    digest: str
    since: date
    begun: bool
    proposal: int
    by: str


class WorkflowVersions(Value, frozen=True, kw_only=True):
    """The versions of a workflow: in force today, known to the database, had by running cases, published.

    ``decided_by`` says whether the database or the folder of definitions names the one in force.
    """

    workflow: str
    decided_by: Literal["database", "folder"]
    in_force: int | None
    known: tuple[int, ...]
    running: tuple[int, ...]
    published: tuple[Publication, ...]


class Versions(Value, frozen=True, kw_only=True):
    """The versions of workflows, by name."""

    workflows: tuple[WorkflowVersions, ...]


class Overdue(Value, frozen=True, kw_only=True):
    """Whether something is overdue by the version that a case has, and by the other one."""

    before: bool
    after: bool


class Change(Value, frozen=True, kw_only=True, rename={"old": "from", "new": "to"}):
    """What is so by the version that a case has, and by the other one; in JSON ``from`` and ``to``."""

    old: str
    new: str


class MigratedDeadline(Page, frozen=True, kw_only=True, rename={"old": "from", "new": "to"}):
    """What becomes of a deadline: its last days by both versions (in JSON ``from`` and ``to``).

    None where it has none, or its clock stands. ``reason`` says why it is cancelled.
    """

    ASIDE = ("title",)

    id: str
    title: str
    what: Fate
    old: date | None
    new: date | None
    overdue: Overdue
    reason: str | None


class MigratedCase(Page, frozen=True, kw_only=True):
    """A case that would go over to another version, or has.

    ``titles`` are its state's by both versions; ``late`` says whether a duty is overdue by the other
    version alone (``becomes``), or by the one that it has alone (``no_longer``).
    """

    ASIDE = ("titles", "becomes_late", "late_no_more")

    case: str
    from_version: int
    to_version: int
    state: Change
    deadlines: tuple[MigratedDeadline, ...]
    overdue: Overdue
    actions_lost: tuple[str, ...]
    actions_new: tuple[str, ...]
    in_the_way: tuple[Ground, ...]
    titles: Change
    becomes_late: bool
    late_no_more: bool


class Migration(Page, frozen=True, kw_only=True):
    """What a migration would do, or did: the ``cases`` that go over, and those that were ``left``.

    ``refused`` says why it can't be done now; ``to_version`` is None where cases go back.
    """

    workflow: str
    to_version: int | None
    dry_run: bool
    refused: str | None
    cases: tuple[MigratedCase, ...]
    left: tuple[MigratedCase, ...]


class VersionEffects(Version, Page, frozen=True, kw_only=True):
    """What a version would change: against the one that it ``replaces``, and in which running cases.

    ``running`` says why running cases keep their version, None where they are taken over.
    """

    ASIDE = ("title",)

    title: str
    replaces: int | None
    differences: tuple[Difference, ...]
    takes_over: bool
    running: str | None
    cases: tuple[MigratedCase, ...]


class Proposed(Page, frozen=True, kw_only=True):
    """What versions would change, and under which number they were proposed; None where they were not."""

    proposal: int | None
    definitions: tuple[VersionEffects, ...]


class Proposal(Value, frozen=True, kw_only=True, rename={"since": "from"}):
    """A proposal and what became of it; ``since`` (in JSON ``from``) is the day from which it was to be in force.

    ``effects`` are what its versions change; in JSON they take the place of ``definitions`` where
    they were asked for.
    """

    proposal: int
    status: ProposalStatus
    definitions: tuple[Version, ...]
    since: date | None
    note: str | None
    by: str
    decided_by: str | None
    reason: str | None
    in_force_from: date | None
    effects: tuple[VersionEffects, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        built = super().document()
        del built["effects"]
        if self.effects:
            built["definitions"] = [one.document() for one in self.effects]
        return built


class Proposals(Value, frozen=True, kw_only=True):
    """All proposals, the first one first; or the ``one`` that was asked for, which in JSON stands for itself."""

    proposals: tuple[Proposal, ...]
    one: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        documents = [proposal.document() for proposal in self.proposals]
        return documents[0] if self.one else {"proposals": documents}
