"""Draw a simulation: week by week, what becomes overdue, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rich import box
from rich.table import Table
from rich.text import Text as Styled

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.service.use_cases.rules.simulation import LateDuty, Run, Simulated, SimulatedWeek, SimulationTitles

_WITH_BARS = 100
_BAR, _SHORT_BAR = 8, 4
#: What the columns beside those of the roles need, and what a role's column needs at least.
_REST, _LEAST = 52, 12
#: From this share of its capacity on a role is shown as busy.
_BUSY = 0.9
_TOP = 12
_CASES = 6


def render(found: Simulated) -> None:
    """Write one simulation, or two beside each other."""
    screen = console()
    days = f"{found.as_of} – {found.until}"
    title = t("推演", "Simulation")
    screen.print(Styled(title, style="bold"), days, Styled(t(f"种子 {found.seed}", f"seed {found.seed}"), style="dim"))
    learnt = found.learnt_from
    cases = "1 case" if learnt == 1 else f"{learnt} cases"
    rests = t(f"依据最近 {learnt} 组案件的日志", f"learnt from the log of {cases}") if learnt else t(
        "数据库没有历史，仅依据所给文件", "no history: the file alone says what is assumed"
    )  # fmt: skip
    screen.print(Styled(rests + t("；没有改动数据库。", "; nothing in the database was changed."), style="dim"))
    screen.print()
    if found.today is not None:
        _render_differences(found, found.today)
    else:
        _render_weeks(found)
        _render_groups(found)
    _render_notes(found.proposed, found.titles)


def _table(title: str) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )


def _render_weeks(found: Simulated) -> None:
    screen = console()
    weeks, roles = found.proposed.weeks, _roles(found.proposed)
    wide = screen.width >= _WITH_BARS
    table = _table(t("每周：收件、各角色办理步数、在办、逾期", "By week: filed, actions by role, open, overdue"))
    table.add_column(t("周", "week"), no_wrap=True)
    table.add_column(t("收件", "filed"), justify="right", no_wrap=True)
    bar_width = _BAR if wide else _SHORT_BAR
    loads = {role: [_Load.of(week, role, found.capacity) for week in weeks] for role in roles}
    most = {role: max(load.taken for load in loads[role]) for role in roles}
    digits = {role: max(len(str(load)) for load in loads[role]) for role in roles}
    shown = _fitting(roles, {role: digits[role] + bar_width + 2 for role in roles}, screen.width - _REST)
    for role in shown:
        title = found.titles.roles[role]
        table.add_column(title, overflow="fold", width=max(_LEAST - 1, digits[role] + 1 + bar_width))
    if found.capacity:
        table.add_column(t("积压", "queue"), justify="right", no_wrap=True)
    table.add_column(t("在办", "open"), justify="right", no_wrap=True)
    table.add_column(t("新逾期", "newly overdue"), justify="right", width=7)
    table.add_column(t("逾期", "overdue"), justify="right", width=7)
    for place, week in enumerate(weeks):
        cells: list[Styled | str] = [week.week, _number(sum(week.arrived.values()))]
        for role in shown:
            load = loads[role][place]
            cells.append(Styled(str(load).rjust(digits[role]) + " ") + load.bar(most[role], bar_width))
        if found.capacity:
            cells.append(_number(sum(load.queued for load in week.load.values()), "yellow"))
        cells += [
            _number(sum(week.open.values())),
            _number(_newly_overdue(week), "red"),
            _number(week.overdue, "bold red"),
        ]
        table.add_row(*cells)
    screen.print(table)
    if found.capacity:
        note = t(
            "办理步数/最多可办；积压为可办而当日人手已满的。",
            "Taken/capacity; queued is what was ready when the day was full.",
        )
        screen.print(Styled(note, style="dim"))
    if len(roles) > len(shown):
        rest = t("、", ", ").join(found.titles.roles[role] for role in roles[len(shown) :])
        screen.print(Styled(t(f"未列出：{rest}（见 --json）", f"not shown: {rest} (see --json)"), style="dim"))
    screen.print()


def _roles(run: Run) -> list[str]:
    """Return the roles that took something or that something waited for in line, the busiest first."""
    taken: Counter[str] = Counter()
    for week in run.weeks:
        taken.update({role: load.taken for role, load in week.load.items() if load.taken or load.queued})
    return [role for role, _ in sorted(taken.items(), key=lambda item: (-item[1], item[0]))]


class _Load(NamedTuple):
    """What a role took in a week, and at most could have; None for any number."""

    taken: int
    room: int | None

    @classmethod
    def of(cls, week: SimulatedWeek, role: str, capacity: Mapping[str, int]) -> _Load:
        """Return a role's load; in a week that says nothing of it, nothing was taken."""
        most = capacity.get(role)
        taken = week.load[role].taken if role in week.load else 0
        return cls(taken, None if most is None else most * week.working_days)

    def __str__(self) -> str:
        return str(self.taken) if self.room is None else f"{self.taken}/{self.room}"

    def bar(self, most: int, width: int) -> Styled:
        """Return a bar against the capacity, or against the busiest week where there is none."""
        whole = most if self.room is None else self.room
        share = min(1.0, self.taken / whole) if whole else 0.0
        style = "cyan" if self.room is None or share < _BUSY else "yellow" if share < 1 else "red"
        return Styled("█" * round(share * width), style=style)


def _newly_overdue(week: SimulatedWeek) -> int:
    return sum(one.count for one in week.newly_overdue)


def _fitting(roles: Sequence[str], widths: Mapping[str, int], room: int) -> list[str]:
    """Return the first roles for whose columns there is room; one at least."""
    found: list[str] = []
    for role in roles:
        room -= max(_LEAST, widths[role])
        if room < 0 and found:
            break
        found.append(role)
    return found


def _number(count: int, style: str = "") -> Styled:
    return Styled(str(count), style=style if count else "dim")


class _Group(NamedTuple):
    """The duties of one kind that become overdue: how many, how many still are, and the most calendar days over."""

    workflow: str
    deadline: str
    kind: str
    waiting_for: str | None
    cases: int
    still: int
    longest: int


def _groups(lates: Iterable[LateDuty]) -> list[_Group]:
    """Return duties by their kind, the most frequent first."""
    found: dict[tuple[str, str, str, str | None], list[LateDuty]] = {}
    for late in lates:
        found.setdefault((late.workflow, late.deadline, late.kind, late.waiting_for), []).append(late)
    groups = [
        _Group(
            *key,
            cases=len(lates),
            still=sum(late.ended is None for late in lates),
            longest=max(late.days_over for late in lates),
        )
        for key, lates in found.items()
    ]
    return sorted(groups, key=lambda group: (-group.cases, group.workflow, group.deadline, group.waiting_for or ""))


def _became_overdue(found: Simulated, run: Run) -> list[LateDuty]:
    """Return the duties that become overdue today or later, in the order in which they do."""
    return [late for late in run.overdue if late.since >= found.as_of]


def _render_groups(found: Simulated) -> None:
    screen = console()
    lates = _became_overdue(found, found.proposed)
    groups = _groups(lates)
    if not groups:
        screen.print(t("期间内没有新的逾期。", "Nothing becomes overdue."), style="green")
        return
    table = _table(t("哪些会逾期", "What becomes overdue"))
    for name in (t("流程", "workflow"), t("期限", "deadline"), t("等待", "waits for")):
        table.add_column(name, overflow="fold")
    for name in (t("件数", "cases"), t("期末仍逾期", "still"), t("最长（日）", "longest, days")):
        table.add_column(name, justify="right")
    for group in groups[:_TOP]:
        waits = "—" if group.waiting_for is None else found.titles.roles[group.waiting_for]
        named = (*_named(found.titles, group.workflow, group.deadline, group.kind), waits)
        table.add_row(*named, str(group.cases), _number(group.still, "red"), str(group.longest))
    screen.print(table)
    if len(groups) > _TOP:
        screen.print(Styled(t(f"另有 {len(groups) - _TOP} 类", f"and {len(groups) - _TOP} more"), style="dim"))
    first = sorted(lates, key=lambda late: (late.since, late.case))[:_CASES]
    listed = "  ".join(f"{late.case}({late.since:%m-%d})" for late in first)
    screen.print(Styled(t("最先逾期：", "First: ") + listed, style="dim"))


def _named(titles: SimulationTitles, workflow: str, deadline: str, kind: str) -> tuple[str, str]:
    """Return what a workflow and its deadline are called; a target is told as one."""
    suffix = t("（目标）", " (target)") if kind == "target" else ""
    return titles.workflows[workflow], titles.deadlines[workflow][deadline] + suffix


def _render_differences(found: Simulated, today: Run) -> None:
    screen = console()
    proposed = found.proposed
    names = {
        t("收件", "filed"): (today.totals.arrivals, proposed.totals.arrivals),
        t("办结", "closed"): (today.totals.closed, proposed.totals.closed),
        t("办理步数", "actions"): (today.totals.actions, proposed.totals.actions),
        t("期末在办", "open at the end"): (today.totals.open, proposed.totals.open),
        t("积压最多", "longest queue"): (today.totals.most_queued, proposed.totals.most_queued),
        t("新逾期（法定）", "became overdue, statutory"): (
            today.totals.became_overdue_statutory,
            proposed.totals.became_overdue_statutory,
        ),
        t("新逾期（含目标）", "became overdue, with targets"): (
            today.totals.became_overdue,
            proposed.totals.became_overdue,
        ),
        t("期末逾期", "overdue at the end"): (today.totals.overdue, proposed.totals.overdue),
    }
    table = _table(t("现行与拟议", "Today's rules and the proposed"))
    table.add_column("")
    for name in (t("现行", "today"), t("拟议", "proposed"), t("差", "difference")):
        table.add_column(name, justify="right")
    for name, (one, two) in names.items():
        table.add_row(name, str(one), str(two), _difference(two - one))
    screen.print(table)
    _render_group_differences(found, today)
    weeks = _table(t("每周的逾期：现行、拟议、差", "Overdue by week: today, proposed, difference"))
    weeks.add_column(t("周", "week"), no_wrap=True)
    for name in (t("新逾期", "newly overdue"), t("逾期", "overdue"), t("在办", "open")):
        weeks.add_column(name, justify="right")
        weeks.add_column("", justify="right")
        weeks.add_column("", justify="right")
    for a, b in zip(today.weeks, proposed.weeks, strict=True):
        pairs = [
            (_newly_overdue(a), _newly_overdue(b)),
            (a.overdue, b.overdue),
            (sum(a.open.values()), sum(b.open.values())),
        ]
        if any(pair[0] != pair[1] for pair in pairs):
            weeks.add_row(a.week, *(cell for x, y in pairs for cell in (_number(x), _number(y), _difference(y - x))))
    if weeks.row_count:
        screen.print(weeks)
    else:
        screen.print(t("各周没有差别。", "No week differs."), style="green")


def _render_group_differences(found: Simulated, today: Run) -> None:
    counts: list[Counter[tuple[str, str, str]]] = [
        Counter((late.workflow, late.deadline, late.kind) for late in _became_overdue(found, run))
        for run in (today, found.proposed)
    ]
    keys = dict.fromkeys(group[:3] for run in (today, found.proposed) for group in _groups(_became_overdue(found, run)))
    if not keys:
        return
    table = _table(t("哪些会逾期", "What becomes overdue"))
    for name in (t("流程", "workflow"), t("期限", "deadline")):
        table.add_column(name, overflow="fold")
    for name in (t("现行", "today"), t("拟议", "proposed"), t("差", "difference")):
        table.add_column(name, justify="right")
    for key in sorted(keys, key=lambda k: -max(counts[0][k], counts[1][k])):
        a, b = counts[0][key], counts[1][key]
        table.add_row(*_named(found.titles, *key), str(a), str(b), _difference(b - a))
    console().print(table)


def _difference(number: int) -> Styled:
    return Styled("=", style="dim") if number == 0 else Styled(f"{number:+d}", style="red" if number > 0 else "green")


def _render_notes(run: Run, titles: SimulationTitles) -> None:
    """Say what the figures rest on where that is a guess, and what could not go on."""
    screen = console()
    notes: list[str] = []
    if run.assumed:
        states = t("；", "; ").join(
            f"{titles.workflows[one.workflow]}·{titles.states[one.workflow][one.state]}" for one in run.assumed[:_CASES]
        )
        notes.append(
            t(
                f"以下状态没有历史，去向按均等假设，请在 --arrivals 文件中写明：{states}",
                f"No history of these states: all ways out taken alike. Say how often in the --arrivals file: {states}",
            )
        )
    most = sorted(run.refused, key=lambda one: -one.times)[:3]
    notes += [t(f"被拒绝 {one.times} 次：", f"Refused {one.times} times: ") + one.message for one in most]
    if run.stuck:
        listed = "  ".join(f"{one.case}（{titles.states[one.workflow][one.state]}）" for one in run.stuck[:5])
        notes.append(
            t(f"停滞不前的案件 {len(run.stuck)} 件：", f"Cases that come to a standstill, {len(run.stuck)}: ") + listed
        )
    if run.kept_old_rules:
        notes.append(
            t(
                f"{run.kept_old_rules} 件在办案件的状态或期限在拟议的流程中没有，仍用原规则。",
                f"{run.kept_old_rules} running cases keep their rules: the proposed ones lack their state or a deadline.",
            )
        )
    for note in notes:
        screen.print(Styled("• " + note, style="yellow"))
