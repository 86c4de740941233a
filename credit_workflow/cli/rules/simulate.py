"""``simulate``: what if; the engine run forward over a copy of today's cases, in memory."""

from __future__ import annotations

import contextlib
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli.base import single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import answered, progress
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.service.files import Handed, HandedFolder, handed, is_file
from credit_workflow.service.use_cases.rules.simulation import Simulate
from credit_workflow.text import Text


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    help_text = t(
        "推演：按现行或拟议的规则和日历，各角色每周的工作量、何时有哪些逾期；不改动数据库。",
        "What if: load by role and week, and what becomes overdue when, under today's or proposed rules; changes nothing.",
    )
    return {"simulate": single("simulate", _simulate, help_text)}


def _simulate(
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=t("推演至该日（含）", "simulate through this day"))
    ] = None,
    arrivals: Annotated[
        Path | None,
        typer.Option(
            "--arrivals",
            metavar="FILE",
            help=t("收件、用时、人力的假设（YAML）", "assumptions about people (YAML)"),
        ),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(
            "--rules", metavar="DIR", help=t("拟议的流程定义，用于新案件", "proposed definitions, for new cases")
        ),
    ] = None,
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--calendar", metavar="FILE", help=t("拟议的放假通知或日历设置（YAML）", "a proposed notice, or settings")
        ),
    ] = None,
    running_too: Annotated[
        bool,
        typer.Option("--running-too", help=t("在办案件也改用 --rules", "running cases take the rules of --rules over")),
    ] = False,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help=t("与现行规则和日历对比", "beside today's rules and calendar, with the differences")
        ),
    ] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", min=0, help=t("随机种子", "what chance is drawn by"))
    ] = None,
) -> None:
    request = Simulate(
        until=_day(until),
        arrivals=None if arrivals is None else handed(arrivals),
        rules=None if rules is None else HandedFolder(partial(_definitions, rules)),
        calendar=None if calendar is None else handed(calendar),
        running_too=running_too,
        compare=compare,
        seed=seed,
    )
    with progress(t("推演", "simulating"), quiet=settings().json, shown_from=0) as advance:
        found = ask(request, advance)
    if answered(found):
        return
    from credit_workflow.cli.screens.simulation_screen import render  # noqa: PLC0415 - Rich is not needed for JSON

    render(found)


def _day(text: str | None) -> date:
    if text is not None and len(text) == len("2026-12-31"):  # Python reads other forms, too
        with contextlib.suppress(ValueError):
            return date.fromisoformat(text)
    message = Text("--until 应为日期，如 2026-12-31", "--until must be a date such as 2026-12-31")
    raise UsageFault(message, code="date")


def _definitions(folder: Path) -> tuple[Handed, ...]:
    """Return the definitions in a folder.

    Raises:
        NotFound: there is no such folder, or it has no definition.
        UsageFault: it is a file.
    """
    if is_file(folder):
        message = Text("{f} 是文件；请写明文件夹，如 {p}", "{f} is a file; name a folder, such as {p}")
        raise UsageFault(message.fill(f=folder, p=folder.parent), code="no_folder")
    files: list[Path] = []
    with contextlib.suppress(OSError):  # nothing can be called so
        files = sorted(folder.glob("*.yaml"))
    if not files:
        message = Text("文件夹 {f} 中没有流程定义（*.yaml）", "the folder {f} has no definition (*.yaml)")
        raise NotFound(message.fill(f=folder), code="no_definitions")
    return tuple(map(handed, files))
