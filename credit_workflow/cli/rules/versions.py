"""``workflow diff``, ``propose`` … ``migrate``: from an edited file to a rule in force over running cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.authoring.diff.differences import Difference, differences
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.cases.acting import Session
from credit_workflow.casework.rulebook import proposals
from credit_workflow.casework.rulebook.migrating import Aim, Line, outlook
from credit_workflow.casework.rulebook.publications import Proposal, kept, ledger_of, proposals_of
from credit_workflow.cli.base import Command
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.output import emit, progress, training_line
from credit_workflow.cli.rules.migrations import Note, Yes, day_of, migrate_command, session_of, sure
from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.engine.ruleset import Rules
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.resources import is_file
from credit_workflow.store.reading.reader import Reader
from credit_workflow.text import Text

_One = Annotated[str, typer.Argument(metavar="A", help=t("文件、流程名或 流程名@版本", "a file, ID or ID@VERSION"))]
_Other = Annotated[str, typer.Argument(metavar="B", help=t("同上", "the same"))]
_Number = Annotated[int, typer.Argument(metavar="N", help=t("提案号", "the proposal's number"))]
_From = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help=t("生效日期，今日或以后", "in force from: today or later")),
]


def extend(app: typer.Typer) -> None:
    """Add the commands about versions to the group ``workflow``."""
    commands: dict[str, tuple[Callable[..., None], str]] = {
        "diff": (_diff, t("两个版本的差别，逐句说明。", "What two versions differ in, in sentences.")),
        "versions": (_versions, t("各流程何时用哪一版。", "Which version was in force when.")),
        "propose": (_propose, t("提出新版本（规则管理员）。", "Propose new versions (clerk).")),
        "proposals": (_proposals, t("列出提案，或查看一项。", "The proposals, or one of them.")),
        "approve": (_approve, t("批准提案（主管部门，非提案人）。", "Approve a proposal (authority, somebody else).")),
        "reject": (_reject, t("驳回提案（主管部门）。", "Turn a proposal down (authority).")),
        "withdraw": (_withdraw, t("撤回自己的提案。", "Take one's own proposal back.")),
        "publish": (_publish, t("自某日起施行已批准的版本。", "Put an approved version in force from a day on.")),
        "migrate": (migrate_command, t("在办案件改用另一版本。", "Have running cases go over to another version.")),
    }
    for name, (function, help_text) in commands.items():
        app.command(name, cls=Command, help=help_text)(function)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What a definition would change: against what is in force, and in which running cases.

    ``stays`` says why running cases keep their version, None where they are taken over.
    """

    definition: Definition
    old: Definition | None
    found: Sequence[Difference]
    lines: Sequence[Line]
    stays: Text | None

    def as_json(self) -> dict[str, Any]:
        """Return it as programs read it."""
        workflow = self.definition.workflow
        return {
            "workflow": workflow.workflow,
            "version": workflow.version,
            "digest": self.definition.digest,
            "replaces": None if self.old is None else self.old.workflow.version,
            "differences": [_as_json(one) for one in self.found],
            "takes_over": self.stays is None,
            "running": None if self.stays is None else say(self.stays),
            "cases": [line.as_json(language()) for line in self.lines],
        }


def _as_json(one: Difference) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in ("part", "name", "key", "what", "old", "new")}
    return {**said, "text": say(one.text)}


def effects_of(db: Reader, session: Session, definition: Definition) -> Effects:
    """Return what a definition would change, were it in force today."""
    name = definition.workflow.workflow
    old = session.definitions.get(name)
    terms = definition.workflow.takes_over
    stays: Text | None = None
    lines: list[Line] = []
    if old is None:
        stays = Text("新流程，没有在办案件", "a new workflow without running cases")
    elif terms is None:
        stays = Text("在办案件沿用原版本", "running cases keep their version")
    else:
        aim = Aim(workflow=name, target=Rules(definition.workflow, definition.digest))
        with progress(t("核对在办案件", "looking at running cases"), quiet=settings().json) as advance:
            lines = outlook(db, session.calendar, aim, session.moment, advance)
    found = [] if old is None else differences(old.workflow, definition.workflow)
    return Effects(definition=definition, old=old, found=found, lines=lines, stays=stays)


def _diff(one: _One, other: _Other) -> None:
    old, new = _named(one), _named(other)
    found = differences(old.workflow, new.workflow)
    if settings().json:
        sides = [
            {"workflow": d.workflow.workflow, "version": d.workflow.version, "digest": d.digest} for d in (old, new)
        ]
        emit({"from": sides[0], "to": sides[1], "differences": [_as_json(difference) for difference in found]})
        return
    from credit_workflow.cli.screens.version_screen import (  # noqa: PLC0415 - Rich is not needed for JSON
        render_differences,
    )

    render_differences(old.workflow, new.workflow, found)


def _named(word: str) -> Definition:
    """Return the definition that a word names: a file, what is in force, or a version of the database."""
    name, at, version = word.partition("@")
    if is_file(Path(word)):
        from credit_workflow.definition.reader import read_workflow  # noqa: PLC0415 - reads YAML

        workflow = read_workflow(Path(word)).workflow
        return from_body(body_of(workflow))
    if at and not version.isdigit():
        message = Text("“{v}”不是版本号；写作 {n}@2", "“{v}” is no version; write {n}@2").fill(v=version, n=name)
        raise UsageFault(message, code="version")
    found = _known(name, int(version) if at else None)
    if found is None:
        message = Text(
            "没有文件或流程“{w}”；可用 workflow versions 查看",
            "there is no file or workflow “{w}”; see workflow versions",
        )
        raise NotFound(message.fill(w=word), code="no_version")
    return found


def _known(name: str, version: int | None) -> Definition | None:
    now = settings().definitions.get(name)
    if version is None or (now is not None and now.workflow.version == version):
        return now
    with settings().database.reading() as db:
        for digest, rules in db.rules.items():
            if rules.id == name and rules.workflow.version == version:
                return kept(db, digest)
    folder = settings().folder.get(name)
    return folder if folder is not None and folder.workflow.version == version else None


def _versions(
    name: Annotated[str | None, typer.Argument(metavar="ID", help=t("流程名", "the workflow"))] = None,
) -> None:
    with settings().database.reading() as db:
        if not settings().json:
            training_line(training=db.training)
        ledger, today = ledger_of(db), settings().moment(db).effective
        names = [name] if name else sorted({*settings().definitions, *(rules.id for rules in db.rules.values())})
        found = []
        for workflow in names:
            now = settings().definitions.get(workflow)
            known = {rules.workflow.version for rules in db.rules.values() if rules.id == workflow}
            if now is None and not known:
                raise NotFound(Text("没有流程 {n}", "there is no workflow {n}").fill(n=workflow), code="no_workflow")
            opened = {case.definition_version for case in db.cases("WHERE workflow = ? AND NOT final", (workflow,))}
            found.append(
                {
                    "workflow": workflow,
                    "decided_by": "database" if ledger.decides(workflow) else "folder",
                    "in_force": None if now is None else now.workflow.version,
                    "known": sorted(known),
                    "running": sorted(opened),
                    "published": [
                        {
                            "version": one.version,
                            "digest": one.digest,
                            "from": one.since.isoformat(),
                            "begun": one.since <= today,
                            "proposal": one.proposal,
                            "by": one.by,
                        }
                        for one in ledger.of(workflow)
                    ],
                }
            )
    if settings().json:
        emit({"workflows": found})
        return
    from credit_workflow.cli.screens.version_screen import render_versions  # noqa: PLC0415 - as above

    render_versions(found)


def _propose(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=t("定义文件（YAML）", "definition files"))],
    since: _From = None,
    note: Note = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("只看影响，不提出", "only show the effects"))] = False,
    yes: Yes = False,
) -> None:
    from credit_workflow.definition.reader import read_workflows  # noqa: PLC0415 - reads YAML

    day = None if since is None else day_of(since)
    with settings().database.reading() as db:
        session = session_of(db)
        require(session.definitions, session.actor, proposals.PREPARE)
        known = {name: d.workflow for name, d in session.definitions.items()}
        definitions = [from_body(body_of(one.workflow)) for one in read_workflows(files, known).values()]
        effects = [effects_of(db, session, one) for one in definitions]
    _show(effects)
    number = None
    if not dry_run and sure(t("提出这些版本？", "Propose these?"), yes=yes):
        number = proposals.propose(session, definitions, since=day, note=note)
    if settings().json:
        emit({"proposal": number, "definitions": [one.as_json() for one in effects]})
    elif number is not None:
        print(
            t(f"已提出，提案号 {number}，待主管部门批准。", f"Proposed as number {number}; the authority approves it.")
        )


def _proposals(
    number: Annotated[int | None, typer.Argument(metavar="N", help=t("提案号", "one of them"))] = None,
) -> None:
    with settings().database.reading() as db:
        session = session_of(db)
        proposals.may_see(session)
        if number is not None:
            one = proposals.proposal(db, number)
            effects = [effects_of(db, session, each.definition) for each in one.definitions]
        found = proposals_of(db)
    if number is not None:
        if settings().json:
            emit({**_proposal_json(one), "definitions": [each.as_json() for each in effects]})
            return
        _render_proposals([one])
        _show(effects)
        return
    if settings().json:
        emit({"proposals": [_proposal_json(one) for one in found]})
        return
    _render_proposals(found)


def _proposal_json(one: Proposal) -> dict[str, Any]:
    return {
        "proposal": one.number,
        "status": one.status,
        "definitions": [{"workflow": d.workflow, "version": d.version, "digest": d.digest} for d in one.definitions],
        "from": None if one.since is None else one.since.isoformat(),
        "note": one.note,
        "by": one.by,
        "decided_by": one.decided_by,
        "reason": one.reason,
        "in_force_from": None if one.in_force_from is None else one.in_force_from.isoformat(),
    }


def _approve(number: _Number, note: Note = None, yes: Yes = False) -> None:
    session, effects = _before_deciding(number)
    if sure(t("批准？", "Approve?"), yes=yes):
        proposals.approve(session, number, note)
        _decided(number, effects, t(f"第 {number} 号提案已批准；以 workflow publish {number} 施行。",
                                    f"Proposal {number} is approved; workflow publish {number} puts it in force."))  # fmt: skip


def _reject(number: _Number, note: Note = None) -> None:
    with settings().database.reading() as db:
        session = session_of(db)
    proposals.reject(session, number, note)
    _decided(number, [], t(f"第 {number} 号提案已驳回。", f"Proposal {number} is turned down."))


def _withdraw(number: _Number, note: Note = None) -> None:
    with settings().database.reading() as db:
        session = session_of(db)
    proposals.withdraw(session, number, note)
    _decided(number, [], t(f"第 {number} 号提案已撤回。", f"Proposal {number} is withdrawn."))


def _publish(number: _Number, since: _From = None, yes: Yes = False) -> None:
    day = None if since is None else day_of(since)
    session, effects = _before_deciding(number)
    if sure(t("发布？", "Publish?"), yes=yes):
        begins = proposals.publish(session, number, day)
        _decided(
            number,
            effects,
            t(f"第 {number} 号提案自 {begins} 起施行。", f"Proposal {number} is in force from {begins}."),
        )


def _before_deciding(number: int) -> tuple[Session, list[Effects]]:
    """Show the authority what a proposal would change."""
    with settings().database.reading() as db:
        session = session_of(db)
        require(session.definitions, session.actor, proposals.APPROVE)
        one = proposals.proposal(db, number)
        effects = [effects_of(db, session, each.definition) for each in one.definitions]
    _show(effects)
    return session, effects


def _decided(number: int, effects: Sequence[Effects], said: str) -> None:
    with settings().database.reading() as db:
        document = _proposal_json(proposals.proposal(db, number))
    if settings().json:
        emit({**document, "definitions": [one.as_json() for one in effects] or document["definitions"]})
        return
    print(said)


def _show(effects: Sequence[Effects]) -> None:
    if settings().json:
        return
    from credit_workflow.cli.screens.version_screen import render_differences, render_lines  # noqa: PLC0415 - as above

    for one in effects:
        if one.old is not None:
            render_differences(one.old.workflow, one.definition.workflow, one.found)
        if one.stays is not None:
            print(say(one.stays) + t("。", "."))
        else:
            render_lines(one.lines)


def _render_proposals(found: Sequence[Proposal]) -> None:
    from credit_workflow.cli.screens.version_screen import render_proposals  # noqa: PLC0415 - as above

    render_proposals(found)
