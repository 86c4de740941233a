"""``simulate``: what if; the engine run forward over a copy of today's cases, in memory."""

from __future__ import annotations

import contextlib
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

from credit_workflow.cli.base import single
from credit_workflow.cli.drawn import simulation_screen
from credit_workflow.cli.options import option
from credit_workflow.cli.output import show, watched
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.service.files import Handed, HandedFolder, handed, is_file
from credit_workflow.service.use_cases.rules.simulation import Simulate
from credit_workflow.text import Text


@single
def simulate(
    until: Annotated[str | None, option("--until DATE")] = None,
    arrivals: Annotated[Path | None, option("--arrivals FILE")] = None,
    rules: Annotated[Path | None, option("--rules DIR")] = None,
    calendar: Annotated[Path | None, option("--calendar FILE")] = None,
    running_too: Annotated[bool, option("--running-too")] = False,
    compare: Annotated[bool, option("--compare")] = False,
    seed: Annotated[int | None, option("--seed N", min=0)] = None,
) -> None:
    """What if: load by role and week, and what becomes overdue when, under today's or proposed rules; changes nothing.

    推演：按现行或拟议的规则和日历，各角色每周的工作量、何时有哪些逾期；不改动数据库。

    Options:
        until: simulate through this day
            推演至该日（含）
        arrivals: assumptions about people (YAML)
            收件、用时、人力的假设（YAML）
        rules: proposed definitions, for new cases
            拟议的流程定义，用于新案件
        calendar: a proposed notice, or settings
            拟议的放假通知或日历设置（YAML）
        running_too: running cases take the rules of --rules over
            在办案件也改用 --rules
        compare: beside today's rules and calendar, with the differences
            与现行规则和日历对比
        seed: what chance is drawn by
            随机种子
    """
    request = Simulate(
        until=_day(until),
        arrivals=handed(arrivals) if arrivals else None,
        rules=None if rules is None else HandedFolder(partial(_definitions, rules)),
        calendar=handed(calendar) if calendar else None,
        running_too=running_too,
        compare=compare,
        seed=seed,
    )
    show(watched("推演", "simulating", request, shown_from=0), simulation_screen.render)


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
