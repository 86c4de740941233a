"""Bring an edited file into force: compare versions, propose, approve and publish them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from credit_workflow.authoring.diff.differences import differences
from credit_workflow.casework.answer import like
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.casework.rulebook import proposals
from credit_workflow.casework.rulebook.definition_answers import Difference, Differences, Version
from credit_workflow.casework.rulebook.migrating import Aim, outlook
from credit_workflow.casework.rulebook.migration_outlook import shown_cases
from credit_workflow.casework.rulebook.publications import Ledger, kept, ledger_of, proposals_of
from credit_workflow.casework.rulebook.publications import Proposal as KeptProposal
from credit_workflow.casework.rulebook.rulebook_answers import (
    Proposal,
    Proposals,
    Proposed,
    Publication,
    VersionEffects,
    Versions,
    WorkflowVersions,
)
from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.engine.ruleset import Rules
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Lang, Text

if TYPE_CHECKING:
    from credit_workflow.definition.model import Workflow


class CompareVersions(Request[Differences], frozen=True, kw_only=True):
    """Tell what two versions differ in.

    Args:
        old: a file, the name of a workflow (the version in force) or ``NAME@VERSION``.
        new: the same.
    """

    old: str | Handed
    new: str | Handed


class ListVersions(Request[Versions], frozen=True, kw_only=True):
    """Tell which version of a workflow was in force when.

    Args:
        workflow: its name; all of them unless given.
    """

    workflow: str | None = None


class ProposeVersions(Request[Proposed], frozen=True, kw_only=True):
    """Put definitions before the authority.

    Args:
        files: one definition each; they are proposed together.
        since: the day from which they shall be in force; the day of publication unless given.
        note: a remark for the log.
        dry_run: only tell what they would change.
    """

    files: tuple[Handed, ...]
    since: date | None = None
    note: str | None = None
    dry_run: bool = False


class ListProposals(Request[Proposals], frozen=True, kw_only=True):
    """List the proposals, or show one of them with what it would change.

    Args:
        number: that of the one; all of them unless given.
    """

    number: int | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """What is decided on.

    Args:
        number: the proposal's.
        note: a remark for the log.
    """

    number: int
    note: str | None = None


class ApproveProposal(Request[Proposal], Decision, frozen=True, kw_only=True):
    """Approve a proposal; its answer tells what it changes."""


class RejectProposal(Request[Proposal], Decision, frozen=True, kw_only=True):
    """Turn a proposal down."""


class WithdrawProposal(Request[Proposal], Decision, frozen=True, kw_only=True):
    """Take one's own proposal back."""


class PublishProposal(Request[Proposal], frozen=True, kw_only=True):
    """Put an approved proposal in force; its answer tells what it changes.

    Args:
        number: the proposal's.
        since: the day, today or later; the proposal's own unless given, else today.
    """

    number: int
    since: date | None = None


def compare_versions(work: Work, request: CompareVersions) -> Differences:
    """Tell what two versions differ in.

    Raises:
        NotFound: there is no such workflow or version.
        UsageFault: what follows the ``@`` is no version.
        DefinitionFault: a file has a mistake.
    """
    old, new = _named(work, request.old), _named(work, request.new)
    return Differences(
        old=_version(old),
        new=_version(new),
        differences=_differences(old.workflow, new.workflow, work.lang),
        title=new.workflow.title.text.to(work.lang),
    )


def list_versions(work: Work, request: ListVersions) -> Versions:
    """Tell which versions there are.

    Raises:
        NotFound: there is no such workflow.
    """
    ledger, known = ledger_of(work.db), [*work.db.rules.values()]
    names = [request.workflow] if request.workflow else sorted({*work.definitions, *(rules.id for rules in known)})
    return Versions(workflows=tuple(_versions(work, ledger, known, name) for name in names))


def propose_versions(work: Work, request: ProposeVersions) -> Proposed:
    """Put definitions before the authority.

    Raises:
        DefinitionFault: a file has a mistake.
        Refused: a version of that number exists with another text, or is in force already; or the day is past.
    """
    from credit_workflow.definition.reader import read_workflows  # noqa: PLC0415 - reads YAML

    known = {name: definition.workflow for name, definition in work.definitions.items()}
    definitions = [from_body(body_of(one.value)) for one in read_workflows(request.files, known).values()]
    with work.office.database.reading() as db:
        effects = _effects(work, db, definitions)
    number = None
    work.nothing_changed = request.dry_run
    if not request.dry_run:
        with work.office.database.writing() as db:
            number = proposals.propose(db, work.acting, definitions, since=request.since, note=request.note)
    return Proposed(proposal=number, definitions=effects)


def list_proposals(work: Work, request: ListProposals) -> Proposals:
    """List the proposals.

    Raises:
        NotFound: there is none of that number.
    """
    if request.number is None:
        return Proposals(proposals=tuple(_proposal(one) for one in proposals_of(work.db)))
    one = proposals.proposal(work.db, request.number)
    return Proposals(proposals=(_proposal(one, _effects_of(work, work.db, one)),), one=True)


def approve_proposal(work: Work, request: ApproveProposal) -> Proposal:
    """Approve a proposal.

    Raises:
        NotFound: there is no such proposal.
        Refused: it is the account's own, or was decided already.
    """

    def approve(db: Writing) -> None:
        proposals.decide(db, work.acting, request.number, "approved", request.note)

    return _decided(work, request.number, approve)


def reject_proposal(work: Work, request: RejectProposal) -> Proposal:
    """Turn a proposal down.

    Raises:
        NotFound: there is no such proposal.
        Refused: it was decided already.
    """
    proposals.decide(work.writing, work.acting, request.number, "rejected", request.note)
    return _proposal(proposals.proposal(work.db, request.number))


def withdraw_proposal(work: Work, request: WithdrawProposal) -> Proposal:
    """Take one's own proposal back.

    Raises:
        NotFound: there is no such proposal.
        Refused: it is another's, or is in force or was turned down already.
    """
    proposals.decide(work.writing, work.acting, request.number, "withdrawn", request.note)
    return _proposal(proposals.proposal(work.db, request.number))


def publish_proposal(work: Work, request: PublishProposal) -> Proposal:
    """Put an approved proposal in force.

    Raises:
        NotFound: there is no such proposal.
        Refused: it was not approved, the day is past or before one that a definition names, or the
            definitions no longer go together with the others in force.
    """

    def publish(db: Writing) -> None:
        proposals.publish(db, work.acting, request.number, request.since)

    return _decided(work, request.number, publish)


# -- versions


def _named(work: Work, word: str | Handed) -> Definition:
    """Return the definition that is meant: a file's, what is in force, or a version of the database."""
    if isinstance(word, Handed):
        from credit_workflow.definition.reader import read_workflow  # noqa: PLC0415 - reads YAML

        return from_body(body_of(read_workflow(word).value))
    name, at, version = word.partition("@")
    if at and not version.isdigit():
        message = Text("“{v}”不是版本号；写作 {n}@2", "“{v}” is no version; write {n}@2").fill(v=version, n=name)
        raise UsageFault(message, code="version")
    found = _known(work, name, int(version) if at else None)
    if found is None:
        message = Text(
            "没有文件或流程“{w}”；可用 workflow versions 查看",
            "there is no file or workflow “{w}”; see workflow versions",
        )
        raise NotFound(message.fill(w=word), code="no_version")
    return found


def _known(work: Work, name: str, version: int | None) -> Definition | None:
    now = work.known_definitions.get(name)
    if version is None or (now is not None and now.workflow.version == version):
        return now
    with work.office.database.reading() as db:
        for digest, rules in db.rules.items():
            if rules.id == name and rules.workflow.version == version:
                return kept(db, digest)
    folder = work.office.folder.get(name)
    return folder if folder is not None and folder.workflow.version == version else None


def _version(definition: Definition) -> Version:
    workflow = definition.workflow
    return Version(workflow=workflow.workflow, version=workflow.version, digest=definition.digest)


def _differences(old: Workflow, new: Workflow, lang: Lang) -> tuple[Difference, ...]:
    return tuple(like(Difference, one, text=one.text.to(lang)) for one in differences(old, new))


def _versions(work: Work, ledger: Ledger, rules: Iterable[Rules], name: str) -> WorkflowVersions:
    now = work.definitions.get(name)
    known = {its.workflow.version for its in rules if its.id == name}
    if now is None and not known:
        raise NotFound(Text("没有流程 {n}", "there is no workflow {n}").fill(n=name), code="no_workflow")
    running = {case.definition_version for case in work.db.cases.find(CaseQuery(workflow=name, open_only=True))}
    return WorkflowVersions(
        workflow=name,
        decided_by="database" if ledger.decides(name) else "folder",
        in_force=None if now is None else now.workflow.version,
        known=tuple(sorted(known)),
        running=tuple(sorted(running)),
        published=tuple(like(Publication, one, begun=one.since <= work.moment.effective) for one in ledger.of(name)),
    )


# -- proposals


def _decided(work: Work, number: int, decide: Callable[[Writing], None]) -> Proposal:
    """Decide on a proposal, and return it as it then is, with what it changed when it was decided on."""
    with work.office.database.reading() as db:
        effects = _effects_of(work, db, proposals.proposal(db, number))
    with work.office.database.writing() as db:
        decide(db)
    with work.office.database.reading() as db:
        return _proposal(proposals.proposal(db, number), effects)


def _proposal(one: KeptProposal, effects: tuple[VersionEffects, ...] = ()) -> Proposal:
    return like(
        Proposal,
        one,
        proposal=one.number,
        definitions=tuple(like(Version, d) for d in one.definitions),
        effects=effects,
    )


def _effects_of(work: Work, db: Reading, one: KeptProposal) -> tuple[VersionEffects, ...]:
    return _effects(work, db, [each.definition for each in one.definitions])


def _effects(work: Work, db: Reading, definitions: Sequence[Definition]) -> tuple[VersionEffects, ...]:
    return tuple(_effect(work, db, definition) for definition in definitions)


def _effect(work: Work, db: Reading, definition: Definition) -> VersionEffects:
    """Return what a definition would change, were it in force today: against what is, and in which cases."""
    workflow = definition.workflow
    old = work.definitions.get(workflow.workflow)
    stays: Text | None = None
    if old is None:
        stays = Text("新流程，没有在办案件", "a new workflow without running cases")
    elif workflow.takes_over is None:
        stays = Text("在办案件沿用原版本", "running cases keep their version")
    aim = Aim(workflow=workflow.workflow, target=Rules(workflow, definition.digest))
    lines = [] if stays is not None else outlook(db, work.calendar, aim, work.moment, work.progress)
    return VersionEffects(
        workflow=workflow.workflow,
        version=workflow.version,
        digest=definition.digest,
        title=workflow.title.text.to(work.lang),
        replaces=None if old is None else old.workflow.version,
        differences=() if old is None else _differences(old.workflow, workflow, work.lang),
        takes_over=stays is None,
        running=None if stays is None else stays.to(work.lang),
        cases=shown_cases(lines, work.lang),
    )
