"""``workflow diff``, ``propose`` … ``publish``: from an edited file to a rule in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

from msgspec.structs import replace

from credit_workflow.cli.base import Commands
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.drawn import version_screen
from credit_workflow.cli.language import t
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import answered, line, show, tell_marked, watched, written
from credit_workflow.cli.rules.migration_commands import Note, Yes, day_of, migrate_command, sure
from credit_workflow.service.answers import Value
from credit_workflow.service.files import Handed, handed, is_file
from credit_workflow.service.use_case import Request
from credit_workflow.service.use_cases.rules import versions

A = TypeVar("A", bound=Value)

_One = Annotated[str, argument("A", "文件、流程名或 流程名@版本", "a file, ID or ID@VERSION")]
_Other = Annotated[str, argument("B", "同上", "the same")]
_Number = Annotated[int, argument("N", "提案号", "the proposal's number")]
_From = Annotated[str | None, option("--from DATE", "生效日期，今日或以后", "in force from: today or later")]


commands = Commands()


@commands.command("diff")
def _diff(one: _One, other: _Other) -> None:
    """What two versions differ in, in sentences.

    两个版本的差别，逐句说明。
    """
    found = ask(versions.CompareVersions(old=_named(one), new=_named(other)))
    if not written(found):
        version_screen.render_comparison(found)


def _named(word: str) -> str | Handed:
    """Return a version by its name, or the file that is named instead."""
    return handed(Path(word)) if is_file(Path(word)) else word


@commands.command("versions")
def _versions(name: Annotated[str | None, argument("ID")] = None) -> None:
    """Which version was in force when.

    各流程何时用哪一版。

    Options:
        name: the workflow
            流程名
    """
    show(ask(versions.ListVersions(workflow=name)), version_screen.render_versions)


@commands.command("propose")
def _propose(
    files: Annotated[list[Path], argument("FILE…")],
    since: _From = None,
    note: Note = None,
    dry_run: Annotated[bool, option("--dry-run")] = False,
    yes: Yes = False,
) -> None:
    """Propose new versions (clerk).

    提出新版本（规则管理员）。

    Options:
        files: definition files
            定义文件（YAML）
        dry_run: only show the effects
            只看影响，不提出
    """
    day = day_of(since)
    wanted = versions.ProposeVersions(files=tuple(map(handed, files)), since=day, note=note, dry_run=dry_run)
    asked = not dry_run and _is_asked(yes=yes)
    if asked:
        looked = _ask(replace(wanted, dry_run=True))
        answered(looked)
        version_screen.render_effects(looked.definitions)
        if not sure(t("提出这些版本？", "Propose these?"), yes=yes):
            return
    done = _ask(wanted)
    if not asked:
        if answered(done):
            return
        version_screen.render_effects(done.definitions)
    if done.proposal is not None:
        number = done.proposal
        line(f"已提出，提案号 {number}，待主管部门批准。", f"Proposed as number {number}; the authority approves it.")


@commands.command("proposals")
def _proposals(number: Annotated[int | None, argument("N")] = None) -> None:
    """The proposals, or one of them.

    列出提案，或查看一项。

    Options:
        number: one of them
            提案号
    """
    show(_ask(versions.ListProposals(number=number)), version_screen.render_proposals)


@commands.command("approve")
def _approve(number: _Number, note: Note = None, yes: Yes = False) -> None:
    """Approve a proposal (authority, somebody else).

    批准提案（主管部门，非提案人）。
    """
    if _decided(versions.ApproveProposal(number=number, note=note), number, t("批准？", "Approve?"), yes=yes):
        line(
            f"第 {number} 号提案已批准；以 workflow publish {number} 施行。",
            f"Proposal {number} is approved; workflow publish {number} puts it in force.",
        )


@commands.command("reject")
def _reject(number: _Number, note: Note = None) -> None:
    """Turn a proposal down (authority).

    驳回提案（主管部门）。
    """
    done = ask(versions.RejectProposal(number=number, note=note))
    tell_marked(done, f"第 {number} 号提案已驳回。", f"Proposal {number} is turned down.")


@commands.command("withdraw")
def _withdraw(number: _Number, note: Note = None) -> None:
    """Take one's own proposal back.

    撤回自己的提案。
    """
    done = ask(versions.WithdrawProposal(number=number, note=note))
    tell_marked(done, f"第 {number} 号提案已撤回。", f"Proposal {number} is withdrawn.")


@commands.command("publish")
def _publish(number: _Number, since: _From = None, yes: Yes = False) -> None:
    """Put an approved version in force from a day on.

    自某日起施行已批准的版本。
    """
    day = day_of(since)
    done = _decided(versions.PublishProposal(number=number, since=day), number, t("发布？", "Publish?"), yes=yes)
    if done is not None:
        begins = done.in_force_from
        line(f"第 {number} 号提案自 {begins} 起施行。", f"Proposal {number} is in force from {begins}.")


def _decided(wanted: Request[versions.Proposal], number: int, question: str, *, yes: bool) -> versions.Proposal | None:
    """Decide on a proposal after a look at what it would change; None where nothing more is to be said."""
    asked = _is_asked(yes=yes)
    if asked:
        looked = _ask(versions.ListProposals(number=number))
        answered(looked)
        version_screen.render_effects(looked.proposals[0].effects)
        if not sure(question, yes=yes):
            return None
    done = _ask(wanted)
    if not asked:
        if answered(done):
            return None
        version_screen.render_effects(done.effects)
    return done


def _is_asked(*, yes: bool) -> bool:
    return not yes and settings().interactive


def _ask(wanted: Request[A]) -> A:
    return watched("核对在办案件", "looking at running cases", wanted)


commands.command("migrate")(migrate_command)
