"""``workflow diff``, ``propose`` … ``publish``: from an edited file to a rule in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from msgspec.structs import replace

from credit_workflow.cli.base import Command
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import both, t
from credit_workflow.cli.output import answered, emit, interactive, progress
from credit_workflow.cli.rules.migrations import Note, Yes, day_of, migrate_command, sure
from credit_workflow.service.answers import Value
from credit_workflow.service.files import Handed, handed, is_file
from credit_workflow.service.use_case import Request
from credit_workflow.service.use_cases.rules.versions import (
    ApproveProposal,
    CompareVersions,
    ListProposals,
    ListVersions,
    Proposal,
    ProposeVersions,
    PublishProposal,
    RejectProposal,
    VersionEffects,
    WithdrawProposal,
)

A = TypeVar("A", bound=Value)

_One = Annotated[str, typer.Argument(metavar="A", help=both("文件、流程名或 流程名@版本", "a file, ID or ID@VERSION"))]
_Other = Annotated[str, typer.Argument(metavar="B", help=both("同上", "the same"))]
_Number = Annotated[int, typer.Argument(metavar="N", help=both("提案号", "the proposal's number"))]
_From = Annotated[
    str | None,
    typer.Option("--from", metavar="DATE", help=both("生效日期，今日或以后", "in force from: today or later")),
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


def _diff(one: _One, other: _Other) -> None:
    found = ask(CompareVersions(old=_named(one), new=_named(other)))
    if settings().json:
        emit(found.document())
        return
    from credit_workflow.cli.screens.version_screen import (  # noqa: PLC0415 - Rich is not needed for JSON
        render_comparison,
    )

    render_comparison(found)


def _named(word: str) -> str | Handed:
    """Return a version by its name, or the file that is named instead."""
    return handed(Path(word)) if is_file(Path(word)) else word


def _versions(
    name: Annotated[str | None, typer.Argument(metavar="ID", help=t("流程名", "the workflow"))] = None,
) -> None:
    found = ask(ListVersions(workflow=name))
    if answered(found):
        return
    from credit_workflow.cli.screens.version_screen import render_versions  # noqa: PLC0415 - as above

    render_versions(found.workflows)


def _propose(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=t("定义文件（YAML）", "definition files"))],
    since: _From = None,
    note: Note = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("只看影响，不提出", "only show the effects"))] = False,
    yes: Yes = False,
) -> None:
    day = None if since is None else day_of(since)
    wanted = ProposeVersions(files=tuple(map(handed, files)), since=day, note=note, dry_run=dry_run)
    asked = not dry_run and _is_asked(yes=yes)
    if asked:
        looked = _ask(replace(wanted, dry_run=True))
        answered(looked)
        _show(looked.definitions)
        if not sure(t("提出这些版本？", "Propose these?"), yes=yes):
            return
    done = _ask(wanted)
    if not asked:
        if answered(done):
            return
        _show(done.definitions)
    if done.proposal is not None:
        number = done.proposal
        print(
            t(f"已提出，提案号 {number}，待主管部门批准。", f"Proposed as number {number}; the authority approves it.")
        )


def _proposals(
    number: Annotated[int | None, typer.Argument(metavar="N", help=t("提案号", "one of them"))] = None,
) -> None:
    found = _ask(ListProposals(number=number))
    if answered(found):
        return
    from credit_workflow.cli.screens.version_screen import render_proposals  # noqa: PLC0415 - as above

    render_proposals(found.proposals)
    for one in found.proposals:
        _show(one.effects)


def _approve(number: _Number, note: Note = None, yes: Yes = False) -> None:
    if _decided(ApproveProposal(number=number, note=note), number, t("批准？", "Approve?"), yes=yes):
        print(
            t(
                f"第 {number} 号提案已批准；以 workflow publish {number} 施行。",
                f"Proposal {number} is approved; workflow publish {number} puts it in force.",
            )
        )


def _reject(number: _Number, note: Note = None) -> None:
    if not answered(ask(RejectProposal(number=number, note=note))):
        print(t(f"第 {number} 号提案已驳回。", f"Proposal {number} is turned down."))


def _withdraw(number: _Number, note: Note = None) -> None:
    if not answered(ask(WithdrawProposal(number=number, note=note))):
        print(t(f"第 {number} 号提案已撤回。", f"Proposal {number} is withdrawn."))


def _publish(number: _Number, since: _From = None, yes: Yes = False) -> None:
    day = None if since is None else day_of(since)
    done = _decided(PublishProposal(number=number, since=day), number, t("发布？", "Publish?"), yes=yes)
    if done is not None:
        begins = done.in_force_from
        print(t(f"第 {number} 号提案自 {begins} 起施行。", f"Proposal {number} is in force from {begins}."))


def _decided(wanted: Request[Proposal], number: int, question: str, *, yes: bool) -> Proposal | None:
    """Decide on a proposal after a look at what it would change; None where nothing more is to be said."""
    asked = _is_asked(yes=yes)
    if asked:
        looked = _ask(ListProposals(number=number))
        answered(looked)
        _show(looked.proposals[0].effects)
        if not sure(question, yes=yes):
            return None
    done = _ask(wanted)
    if not asked:
        if answered(done):
            return None
        _show(done.effects)
    return done


def _is_asked(*, yes: bool) -> bool:
    return not yes and interactive(settings())


def _ask(wanted: Request[A]) -> A:
    with progress(t("核对在办案件", "looking at running cases"), quiet=settings().json) as advance:
        return ask(wanted, advance)


def _show(effects: Sequence[VersionEffects]) -> None:
    from credit_workflow.cli.screens.version_screen import render_effects  # noqa: PLC0415 - as above

    for one in effects:
        render_effects(one)
