"""Propose definitions, have somebody else approve them, and put them in force from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.rule_entries import (
    ProposalDecided,
    ProposalMade,
    Proposed,
    Published,
    PublishedOne,
)
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.casework.rulebook.publications import Proposal, in_force, ledger_of, proposals_of
from credit_workflow.definition.library import Definition
from credit_workflow.definition.rules.soundness import problems_between
from credit_workflow.errors import NotFound, Refused
from credit_workflow.text import Text, joined

PREPARE = "prepare_rules"
APPROVE = "approve_rules"

Decision = Literal["approved", "rejected", "withdrawn"]


def propose(
    db: Writing, acting: Acting, definitions: Sequence[Definition], *, since: date | None, note: str | None
) -> int:
    """Put definitions before the authority; return the proposal's number.

    Args:
        db: where proposals are kept, open for writing.
        acting: who proposes, and when.
        definitions: checked ones, proposed together.
        since: the day from which they shall be in force; the day of publication unless given.
        note: a remark.

    Raises:
        NotAllowed: the actor prepares no rules.
        Refused: a version of that number exists with another text, or is in force already; or the day is past.
    """
    role = require(acting.definitions, acting.actor, PREPARE)
    if since is not None:
        _not_past(acting, since)
    for definition in definitions:
        _new(acting, db, definition)
    number = len(proposals_of(db)) + 1
    said = tuple(
        Proposed(
            workflow=one.workflow.workflow,
            version=one.workflow.version,
            digest=one.digest,
            body=one.body.decode(),
        )
        for one in definitions
    )
    made = ProposalMade(number=number, definitions=said, since=since, note=note)
    db.journal.add(by_actor(acting, made, role=role))
    return number


def _new(acting: Acting, db: Reading, definition: Definition) -> None:
    """Refuse a text whose version number is another text's, or that is in force."""
    name, version = definition.workflow.workflow, definition.workflow.version
    same_number = [
        digest for digest, rules in db.rules.items() if rules.id == name and rules.workflow.version == version
    ]  # fmt: skip
    folder = acting.definitions.get(name)
    if folder is not None and folder.workflow.version == version:
        same_number.append(folder.digest)
    if any(digest != definition.digest for digest in same_number):
        message = Text(
            "流程 {w} 第 {v} 版已有另一文本。请将 version 改为新的版本号",
            "there is another text of version {v} of {w}; give this one a version of its own",
        )
        raise Refused(message.fill(w=name, v=version), code="definition_edited", source="[practice]")
    if folder is not None and folder.digest == definition.digest:
        message = Text("流程 {w} 第 {v} 版已经有效", "version {v} of {w} is in force already")
        raise Refused(message.fill(w=name, v=version), code="in_force")


def proposal(db: Reading, number: int) -> Proposal:
    """Return a proposal.

    Raises:
        NotFound: there is none of that number.
    """
    for one in proposals_of(db):
        if one.number == number:
            return one
    message = Text(
        "没有第 {n} 号提案；可用 workflow proposals 查看", "there is no proposal {n}; see workflow proposals"
    )
    raise NotFound(message.fill(n=number), code="no_proposal")


def decide(db: Writing, acting: Acting, number: int, kind: Decision, note: str | None = None) -> None:
    """Decide on a proposal that is not in force yet.

    Whoever approves rules approves the proposals of others, and turns down any, also one that was
    approved; whoever prepares rules takes back one of their own.

    Args:
        db: where proposals are kept, open for writing.
        acting: who decides, and when.
        number: the proposal's.
        kind: what becomes of it.
        note: a remark for the log.

    Raises:
        NotAllowed: the actor may not.
        NotFound: there is no such proposal.
        Refused: it is the actor's own, or another's, or was decided already.
    """
    role = require(acting.definitions, acting.actor, PREPARE if kind == "withdrawn" else APPROVE)
    one = proposal(db, number)
    _open(one, ("proposed",) if kind == "approved" else ("proposed", "approved"))
    own = one.by == acting.actor.account
    if kind == "approved" and own:
        message = Text("提案人 {a} 不能批准自己的提案", "{a} made the proposal and can't approve it")
        raise Refused(message.fill(a=one.by), code="four_eyes", source="[practice]")
    if kind == "withdrawn" and not own:
        message = Text("第 {n} 号提案由 {a} 提出，只能由其撤回", "proposal {n} is {a}'s to withdraw")
        raise Refused(message.fill(n=number, a=one.by), code="not_yours", source="[practice]")
    decided = ProposalDecided(number=number, note=note)
    db.journal.add(by_actor(acting, decided, role=role, as_kind=kind))


def publish(db: Writing, acting: Acting, number: int, since: date | None = None) -> date:
    """Put an approved proposal in force; return the day from which it is.

    Args:
        db: where proposals are kept, open for writing.
        acting: who publishes, and when.
        number: the proposal's.
        since: the day, today or later; the proposal's own unless given, else today, but never
            before the day that a definition itself names (``in_force``).

    Raises:
        NotAllowed, NotFound: as `decide`.
        Refused: it was not approved, the day is past or before one that a definition names, or
            the definitions no longer go together with the others in force.
    """
    role = require(acting.definitions, acting.actor, APPROVE)
    one = proposal(db, number)
    if one.status == "proposed":
        message = Text("第 {n} 号提案尚未批准", "proposal {n} has not been approved")
        raise Refused(message.fill(n=number), code="not_approved", source="[practice]")
    _open(one, ("approved",))
    definitions = [each.definition for each in one.definitions]
    named = max(date.fromisoformat(d.workflow.in_force.since) for d in definitions)
    chosen = since or max(one.since or acting.moment.effective, acting.moment.effective, named)
    _not_past(acting, chosen)
    if chosen < named:
        message = Text(
            "所选日期 {d} 早于定义中的生效日期（in_force）{f}",
            "{d} is earlier than in_force, {f}, of the definition",
        )
        raise Refused(message.fill(d=chosen, f=named), code="before_in_force")
    _together(in_force(db, acting.definitions, chosen), definitions)
    ledger = ledger_of(db)
    until_then = _until_then(acting, ledger.workflows, definitions)
    db.adopt([*until_then.values(), *definitions], acting.moment.at)
    said = tuple(
        PublishedOne(
            workflow=d.workflow.workflow,
            version=d.workflow.version,
            digest=d.digest,
            until_then=until_then[d.workflow.workflow].digest if d.workflow.workflow in until_then else None,
        )
        for d in definitions
    )
    made = Published(proposal=number, since=chosen, begins_after=db.cases.entries_kept(), definitions=said)
    db.journal.add(by_actor(acting, made, role=role))
    return chosen


def _until_then(
    acting: Acting, published: Iterable[str], definitions: Iterable[Definition]
) -> Mapping[str, Definition]:
    """Return what the folder gives for workflows of which nothing was published before."""
    names = {d.workflow.workflow for d in definitions} - set(published)
    return {name: acting.definitions[name] for name in names if name in acting.definitions}


def _together(others: Mapping[str, Definition], definitions: Iterable[Definition]) -> None:
    workflows = {name: one.workflow for name, one in others.items()}
    workflows.update({d.workflow.workflow: d.workflow for d in definitions})
    found = problems_between(workflows)
    if found:
        told = [Text(f"{name}：{p.message.zh}", f"{name}: {p.message.en}") for name, p in found]
        message = Text(
            "与届时有效的其他流程不相容：{w}", "they don't go together with the others in force then: {w}"
        ).fill(w=joined(told))  # fmt: skip
        raise Refused(message, code="not_together")


def _open(one: Proposal, statuses: tuple[str, ...]) -> None:
    if one.status in statuses:
        return
    titles = {
        "proposed": Text("尚待批准", "waits to be approved"),
        "approved": Text("已批准", "was approved"),
        "rejected": Text("已被驳回", "was rejected"),
        "withdrawn": Text("已撤回", "was withdrawn"),
        "published": Text("已发布", "is published"),
    }
    message = Text("第 {n} 号提案{s}", "proposal {n} {s}").fill(n=one.number, s=titles[one.status])
    raise Refused(message, code="decided", details={"status": one.status})


def _not_past(acting: Acting, since: date) -> None:
    if since < acting.moment.effective:
        message = Text("日期 {d} 已过；只能自今日或以后生效", "{d} is past; rules come into force today or later")
        raise Refused(message.fill(d=since), code="past")
