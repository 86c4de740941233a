"""A simulation on the screen: week by week, what becomes overdue, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.authoring.simulation.outcome import Group, became_overdue, capacity_of, groups_of
from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console, training_line

if TYPE_CHECKING:
    from credit_workflow.authoring.simulation.weekly_figures import Result, Week
    from credit_workflow.casework.statistics.titles import Titles

_WITH_BARS = 100
_BAR, _SHORT_BAR = 8, 4
#: What the columns beside those of the roles need, and what a role's column needs at least.
_REST, _LEAST = 52, 12
#: From this share of its capacity on a role is shown as busy.
_BUSY = 0.9
_TOP = 12
_CASES = 6


def render(
    runs: Mapping[str, Result],
    titles: Titles,
    *,
    learnt: int,
    training: bool,
    compare: bool,
) -> None:
    """Write one simulation, or two beside each other."""
    training_line(training=training)
    screen = console()
    last = runs["proposed"]
    days = f"{last.today} – {last.until}"
    title = t("推演", "Simulation")
    screen.print(Styled(title, style="bold"), days, Styled(t(f"种子 {last.seed}", f"seed {last.seed}"), style="dim"))
    cases = "1 case" if learnt == 1 else f"{learnt} cases"
    rests = t(f"依据最近 {learnt} 组案件的日志", f"learnt from the log of {cases}") if learnt else t(
        "数据库没有历史，仅依据所给文件", "no history: the file alone says what is assumed"
    )  # fmt: skip
    screen.print(Styled(rests + t("；没有改动数据库。", "; nothing in the database was changed."), style="dim"))
    screen.print()
    if compare:
        _render_differences(runs["today"], last, titles)
    else:
        _render_weeks(last, titles)
        _render_groups(last, titles)
    _render_notes(last, titles)


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )


def _render_weeks(result: Result, titles: Titles) -> None:
    screen = console()
    wide = screen.width >= _WITH_BARS
    table = _table(t("每周：收件、各角色办理步数、在办、逾期", "By week: filed, actions by role, open, overdue"))
    table.add_column(t("周", "week"), no_wrap=True)
    table.add_column(t("收件", "filed"), justify="right", no_wrap=True)
    bar_width = _BAR if wide else _SHORT_BAR
    most = {role: max(week.taken[role] for week in result.weeks) for role in result.roles}
    digits = {role: max(len(_taken(week, result, role)) for week in result.weeks) for role in result.roles}
    roles = _fitting(result.roles, {role: digits[role] + bar_width + 2 for role in result.roles}, screen.width - _REST)
    for role in roles:
        table.add_column(say(titles.role(role)), overflow="fold", width=max(_LEAST - 1, digits[role] + 1 + bar_width))
    if result.capacity:
        table.add_column(t("积压", "queue"), justify="right", no_wrap=True)
    table.add_column(t("在办", "open"), justify="right", no_wrap=True)
    table.add_column(t("新逾期", "newly overdue"), justify="right", width=7)
    table.add_column(t("逾期", "overdue"), justify="right", width=7)
    for week in result.weeks:
        cells: list[Styled | str] = [week.name, _number(week.arrived.total())]
        for role in roles:
            taken = Styled(_taken(week, result, role).rjust(digits[role]) + " ")
            cells.append(taken + _bar(week, result, role, most[role], bar_width))
        if result.capacity:
            cells.append(_number(week.queued.total(), "yellow"))
        cells += [
            _number(week.open.total()),
            _number(week.newly_overdue.total(), "red"),
            _number(week.overdue, "bold red"),
        ]
        table.add_row(*cells)
    screen.print(table)
    if result.capacity:
        note = t(
            "办理步数/最多可办；积压为可办而当日人手已满的。",
            "Taken/capacity; queued is what was ready when the day was full.",
        )
        screen.print(Styled(note, style="dim"))
    if len(result.roles) > len(roles):
        rest = t("、", ", ").join(say(titles.role(role)) for role in result.roles[len(roles) :])
        screen.print(Styled(t(f"未列出：{rest}（见 --json）", f"not shown: {rest} (see --json)"), style="dim"))
    screen.print()


def _fitting(roles: Sequence[str], widths: Mapping[str, int], room: int) -> list[str]:
    """Return the first roles for whose columns there is room; one at least."""
    found: list[str] = []
    for role in roles:
        room -= max(_LEAST, widths[role])
        if room < 0 and found:
            break
        found.append(role)
    return found


def _taken(week: Week, result: Result, role: str) -> str:
    room = capacity_of(week, result, role)
    return str(week.taken[role]) if room is None else f"{week.taken[role]}/{room}"


def _bar(week: Week, result: Result, role: str, most: int, width: int) -> Styled:
    """Return a bar against the role's capacity, or against its busiest week where it has none."""
    room = capacity_of(week, result, role)
    whole = most if room is None else room
    share = min(1.0, week.taken[role] / whole) if whole else 0.0
    style = "cyan" if room is None or share < _BUSY else "yellow" if share < 1 else "red"
    return Styled("█" * round(share * width), style=style)


def _number(count: int, style: str = "") -> Styled:
    return Styled(str(count), style=style if count else "dim")


def _render_groups(result: Result, titles: Titles) -> None:
    screen = console()
    groups = groups_of(result)
    if not groups:
        screen.print(t("期间内没有新的逾期。", "Nothing becomes overdue."), style="green")
        return
    table = _table(t("哪些会逾期", "What becomes overdue"))
    for name in (t("流程", "workflow"), t("期限", "deadline"), t("等待", "waits for")):
        table.add_column(name, overflow="fold")
    for name in (t("件数", "cases"), t("期末仍逾期", "still"), t("最长（日）", "longest, days")):
        table.add_column(name, justify="right")
    for group in groups[:_TOP]:
        table.add_row(*_group(group, titles), str(group.cases), _number(group.still, "red"), str(group.longest))
    screen.print(table)
    if len(groups) > _TOP:
        screen.print(Styled(t(f"另有 {len(groups) - _TOP} 类", f"and {len(groups) - _TOP} more"), style="dim"))
    first = sorted(became_overdue(result), key=lambda late: (late.since, late.case))[:_CASES]
    listed = "  ".join(f"{late.case}({late.since:%m-%d})" for late in first)
    screen.print(Styled(t("最先逾期：", "First: ") + listed, style="dim"))


def _group(group: Group, titles: Titles) -> list[str]:
    kind = t("（目标）", " (target)") if group.kind == "target" else ""
    return [
        say(titles.workflow(group.workflow)),
        say(titles.deadline(group.workflow, group.deadline)) + kind,
        "—" if group.waiting_for is None else say(titles.role(group.waiting_for)),
    ]


def _render_differences(today: Result, proposed: Result, titles: Titles) -> None:
    screen = console()
    one, two = today.totals(), proposed.totals()
    names = {
        "arrivals": t("收件", "filed"),
        "closed": t("办结", "closed"),
        "actions": t("办理步数", "actions"),
        "open": t("期末在办", "open at the end"),
        "most_queued": t("积压最多", "longest queue"),
        "became_overdue_statutory": t("新逾期（法定）", "became overdue, statutory"),
        "became_overdue": t("新逾期（含目标）", "became overdue, with targets"),
        "overdue": t("期末逾期", "overdue at the end"),
    }
    table = _table(t("现行与拟议", "Today's rules and the proposed"))
    table.add_column("")
    for name in (t("现行", "today"), t("拟议", "proposed"), t("差", "difference")):
        table.add_column(name, justify="right")
    for key, name in names.items():
        table.add_row(name, str(one[key]), str(two[key]), _difference(two[key] - one[key]))
    screen.print(table)
    _render_group_differences(today, proposed, titles)
    weeks = _table(t("每周的逾期：现行、拟议、差", "Overdue by week: today, proposed, difference"))
    weeks.add_column(t("周", "week"), no_wrap=True)
    for name in (t("新逾期", "newly overdue"), t("逾期", "overdue"), t("在办", "open")):
        weeks.add_column(name, justify="right")
        weeks.add_column("", justify="right")
        weeks.add_column("", justify="right")
    for a, b in zip(today.weeks, proposed.weeks, strict=True):
        pairs = [
            (a.newly_overdue.total(), b.newly_overdue.total()),
            (a.overdue, b.overdue),
            (a.open.total(), b.open.total()),
        ]
        if any(pair[0] != pair[1] for pair in pairs):
            weeks.add_row(a.name, *(cell for x, y in pairs for cell in (_number(x), _number(y), _difference(y - x))))
    if weeks.row_count:
        screen.print(weeks)
    else:
        screen.print(t("各周没有差别。", "No week differs."), style="green")


def _render_group_differences(today: Result, proposed: Result, titles: Titles) -> None:
    one = {group[:3]: 0 for group in [*groups_of(today), *groups_of(proposed)]}
    counts = [dict(one), dict(one)]
    for place, result in enumerate((today, proposed)):
        for group in groups_of(result):
            counts[place][group[:3]] += group.cases
    if not one:
        return
    table = _table(t("哪些会逾期", "What becomes overdue"))
    for name in (t("流程", "workflow"), t("期限", "deadline")):
        table.add_column(name, overflow="fold")
    for name in (t("现行", "today"), t("拟议", "proposed"), t("差", "difference")):
        table.add_column(name, justify="right")
    for key in sorted(one, key=lambda k: -max(counts[0][k], counts[1][k])):
        workflow, deadline, kind = key
        suffix = t("（目标）", " (target)") if kind == "target" else ""
        a, b = counts[0][key], counts[1][key]
        title = say(titles.deadline(workflow, deadline)) + suffix
        table.add_row(say(titles.workflow(workflow)), title, str(a), str(b), _difference(b - a))
    console().print(table)


def _difference(number: int) -> Styled:
    return Styled("=", style="dim") if number == 0 else Styled(f"{number:+d}", style="red" if number > 0 else "green")


def _render_notes(result: Result, titles: Titles) -> None:
    """Say what the figures rest on where that is a guess, and what could not go on."""
    screen = console()
    notes: list[str] = []
    if result.assumed:
        states = t("；", "; ").join(
            f"{say(titles.workflow(w))}·{say(titles.state(w, s))}" for w, s in sorted(result.assumed)[:_CASES]
        )
        notes.append(
            t(
                f"以下状态没有历史，去向按均等假设，请在 --arrivals 文件中写明：{states}",
                f"No history of these states: all ways out taken alike. Say how often in the --arrivals file: {states}",
            )
        )
    for (workflow, action, _), times in result.refused.most_common(3):
        message = next(m for (w, a, _), m in result.messages.items() if (w, a) == (workflow, action))
        notes.append(t(f"被拒绝 {times} 次：", f"Refused {times} times: ") + say(message))
    if result.stuck:
        listed = "  ".join(
            f"{number}（{say(titles.state(case.workflow, case.state))}）"
            for number, case in sorted(result.stuck.items())[:5]
        )
        notes.append(
            t(f"停滞不前的案件 {len(result.stuck)} 件：", f"Cases that come to a standstill, {len(result.stuck)}: ")
            + listed
        )
    if result.kept_old:
        notes.append(
            t(
                f"{result.kept_old} 件在办案件的状态或期限在拟议的流程中没有，仍用原规则。",
                f"{result.kept_old} running cases keep their rules: the proposed ones lack their state or a deadline.",
            )
        )
    for note in notes:
        screen.print(Styled("• " + note, style="yellow"))
