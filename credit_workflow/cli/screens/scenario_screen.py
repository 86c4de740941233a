"""Draw scenarios that were played: what failed, and a table of what was exercised."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table, write
from credit_workflow.service.use_cases.rules.scenarios import Count, FailedExpectation, PlayedScenario, PlayedScenarios
from credit_workflow.text import Text

_TITLES = {
    "states": Text("状态", "states"),
    "actions": Text("步骤", "actions"),
    "transitions": Text("转换", "transitions"),
    "guards": Text("条件", "guards"),
    "materials": Text("材料", "materials"),
    "deadlines": Text("期限", "deadlines"),
}


def render(result: PlayedScenarios, *, missing: bool, least: float | None) -> None:
    """Write what failed, how many passed in each file, and the coverage of the definitions."""
    screen = console()
    for file in dict.fromkeys(played.file for played in result.scenarios):
        _file(screen, file, [played for played in result.scenarios if played.file == file])
    screen.print()
    screen.print(_table(result))
    if missing:
        for name, coverage in result.coverage.items():
            _missing(screen, name, coverage.kinds)
    for name, percent in result.low.items():
        message = t(f"{name} 的覆盖率 {percent}% 低于 {least}%", f"{name} is covered to {percent}%, less than {least}%")
        screen.print(f"[red]✗[/red] {message}")
    good = sum(played.ok for played in result.scenarios)
    bad = len(result.scenarios) - good
    line = t(f"情形通过 {good} 个", f"scenarios passed: {good}")
    if bad:
        line += t(f"，未通过 {bad} 个", f", failed: {bad}")
    screen.print(line, style="red" if bad else "green")


def _file(screen: Console, file: str, played: list[PlayedScenario]) -> None:
    good = sum(one.ok for one in played)
    colour = "green" if good == len(played) else "red"
    screen.print(f"[{colour}]{'✓' if good == len(played) else '✗'}[/{colour}] {escape(file)}  {good}/{len(played)}")
    for one in played:
        if one.ok:
            continue
        screen.print(f"  [red]✗[/red] {escape(file)}:{one.line}  [bold]{escape(one.title)}[/bold]")
        before: FailedExpectation | None = None
        for failure in one.failures:
            if before is None or (failure.step, failure.line) != (before.step, before.line):
                _place(screen, one, failure)
            _failure(screen, one, failure)
            before = failure


def _place(screen: Console, played: PlayedScenario, failure: FailedExpectation) -> None:
    step = t(f"第 {failure.step} 步", f"step {failure.step}")
    when = f"{failure.on} {failure.doing}".rstrip()
    where = f"{played.file}:{failure.line}: {step}" + t(f"（{when}）", f" ({when})")
    screen.print(f"    {escape(where)}", soft_wrap=True)


def _failure(screen: Console, played: PlayedScenario, failure: FailedExpectation) -> None:
    screen.print(f"      {escape(failure.message)}", soft_wrap=True)
    left = played.steps - failure.step
    if failure.stops and left:
        after = t(f"      其后 {left} 步未办理", f"      steps not taken after it: {left}")
        screen.print(after, style="dim")


def _table(result: PlayedScenarios) -> Table:
    zh, en = ("|".join(titles) for titles in zip(*_TITLES.values(), strict=True))
    ends = f"流程|{zh}|合计", f"workflow|{en}|in all"
    made = table(*ends, right=range(1, len(_TITLES) + 2), fold=False, collapse_padding=True)
    for name, coverage in result.coverage.items():
        style = "red" if name in result.low else None
        cells = [f"{coverage.kinds[kind].covered}/{coverage.kinds[kind].of}" for kind in _TITLES]
        made.add_row(name, *cells, f"{coverage.percent}%", style=style)
    return made


def _missing(screen: Console, name: str, counts: Mapping[str, Count]) -> None:
    for kind, count in counts.items():
        if count.missing:
            title = say(_TITLES[kind])
            write(f"{name} 未用到的{title}：", f"{name}, {title} not exercised:", "bold")
            screen.print("  " + escape(t("、", "; ").join(count.missing)), soft_wrap=True)
