"""Draw a simulation: week by week, what becomes overdue, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.text import Text as Styled

from credit_workflow.cli.language import counted, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table, write
from credit_workflow.service.use_cases.rules import simulation

_WITH_BARS = 100
_BAR, _SHORT_BAR = 8, 4
#: What the columns beside those of the roles need, and what a role's column needs at least.
_REST, _LEAST = 52, 12
#: From this share of its capacity on a role is shown as busy.
_BUSY = 0.9
_TOP = 12
_CASES = 6


def render(found: simulation.Simulated) -> None:
    """Write one simulation, or two beside each other."""
    title, days, seed = t("推演", "Simulation"), f"{found.as_of} – {found.until}", t("种子", "seed")
    console().print(Styled(title, style="bold"), days, Styled(f"{seed} {found.seed}", style="dim"))
    learnt = found.learnt_from
    zh, en = f"依据最近 {learnt} 组案件的日志", f"learnt from the log of {counted(learnt, 'case')}"
    if not learnt:
        zh, en = "数据库没有历史，仅依据所给文件", "no history: the file alone says what is assumed"
    write(f"{zh}；没有改动数据库。\n", f"{en}; nothing in the database was changed.\n", "dim")
    if found.today is not None:
        _render_differences(found, found.today)
    else:
        _render_weeks(found)
        _render_groups(found)
    _render_notes(found.proposed, found.titles)


#: How the tables look, besides their titles.
_LOOK: dict[str, Any] = {"title_style": "bold", "padding": (0, 1, 0, 0)}


def _render_weeks(found: simulation.Simulated) -> None:
    screen = console()
    weeks, roles = found.proposed.weeks, _roles(found.proposed)
    wide = screen.width >= _WITH_BARS
    title = t("每周：收件、各角色办理步数、在办、逾期", "By week: filed, actions by role, open, overdue")
    made = table("周|收件", "week|filed", whole=(0, 1), right=(1,), title=title, **_LOOK)
    bar_width = _BAR if wide else _SHORT_BAR
    loads = {role: [_Load.of(week, role, found.capacity) for week in weeks] for role in roles}
    most = {role: max(load.taken for load in loads[role]) for role in roles}
    digits = {role: max(len(str(load)) for load in loads[role]) for role in roles}
    shown = _fitting(roles, {role: digits[role] + bar_width + 2 for role in roles}, screen.width - _REST)
    for role in shown:
        width = max(_LEAST - 1, digits[role] + 1 + bar_width)
        made.add_column(found.titles.roles[role], overflow="fold", width=width)
    if found.capacity:
        made.add_column(t("积压", "queue"), justify="right", no_wrap=True)
    made.add_column(t("在办", "open"), justify="right", no_wrap=True)
    made.add_column(t("新逾期", "newly overdue"), justify="right", width=7)
    made.add_column(t("逾期", "overdue"), justify="right", width=7)
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
        made.add_row(*cells)
    screen.print(made)
    if found.capacity:
        en = "Taken/capacity; queued is what was ready when the day was full."
        write("办理步数/最多可办；积压为可办而当日人手已满的。", en, "dim")
    if len(roles) > len(shown):
        rest = t("、", ", ").join(found.titles.roles[role] for role in roles[len(shown) :])
        write(f"未列出：{rest}（见 --json）", f"not shown: {rest} (see --json)", "dim")
    screen.print()


def _roles(run: simulation.Run) -> list[str]:
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
    def of(cls, week: simulation.SimulatedWeek, role: str, capacity: Mapping[str, int]) -> _Load:
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


def _newly_overdue(week: simulation.SimulatedWeek) -> int:
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


def _groups(lates: Iterable[simulation.LateDuty]) -> list[_Group]:
    """Return duties by their kind, the most frequent first."""
    found: dict[tuple[str, str, str, str | None], list[simulation.LateDuty]] = {}
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


def _became_overdue(found: simulation.Simulated, run: simulation.Run) -> list[simulation.LateDuty]:
    """Return the duties that become overdue today or later, in the order in which they do."""
    return [late for late in run.overdue if late.since >= found.as_of]


def _render_groups(found: simulation.Simulated) -> None:
    lates = _became_overdue(found, found.proposed)
    groups = _groups(lates)
    if not groups:
        write("期间内没有新的逾期。", "Nothing becomes overdue.", "green")
        return
    titles = "流程|期限|等待|件数|期末仍逾期|最长（日）", "workflow|deadline|waits for|cases|still|longest, days"
    made = table(*titles, right=(3, 4, 5), title=t("哪些会逾期", "What becomes overdue"), **_LOOK)
    for group in groups[:_TOP]:
        waits = "—" if group.waiting_for is None else found.titles.roles[group.waiting_for]
        named = (*_named(found.titles, group.workflow, group.deadline, group.kind), waits)
        made.add_row(*named, str(group.cases), _number(group.still, "red"), str(group.longest))
    console().print(made)
    if len(groups) > _TOP:
        write(f"另有 {len(groups) - _TOP} 类", f"and {len(groups) - _TOP} more", "dim")
    first = sorted(lates, key=lambda late: (late.since, late.case))[:_CASES]
    listed = "  ".join(f"{late.case}({late.since:%m-%d})" for late in first)
    write(f"最先逾期：{listed}", f"First: {listed}", "dim")


def _named(titles: simulation.SimulationTitles, workflow: str, deadline: str, kind: str) -> tuple[str, str]:
    """Return what a workflow and its deadline are called; a target is told as one."""
    suffix = t("（目标）", " (target)") if kind == "target" else ""
    return titles.workflows[workflow], titles.deadlines[workflow][deadline] + suffix


def _render_differences(found: simulation.Simulated, today: simulation.Run) -> None:
    proposed = found.proposed
    pairs = zip(_totals(today.totals), _totals(proposed.totals), strict=True)
    rows = ((name, str(one), str(two), _difference(two - one)) for (name, one), (_, two) in pairs)
    title = t("现行与拟议", "Today's rules and the proposed")
    console().print(table("|现行|拟议|差", "|today|proposed|difference", rows, right=(1, 2, 3), title=title, **_LOOK))
    _render_group_differences(found, today)
    title = t("每周的逾期：现行、拟议、差", "Overdue by week: today, proposed, difference")
    titles = "周|新逾期|||逾期|||在办||", "week|newly overdue|||overdue|||open||"
    weeks = table(*titles, whole=(0,), right=range(1, 10), title=title, **_LOOK)
    for a, b in zip(today.weeks, proposed.weeks, strict=True):
        counts = [
            (_newly_overdue(a), _newly_overdue(b)),
            (a.overdue, b.overdue),
            (sum(a.open.values()), sum(b.open.values())),
        ]
        if any(one != two for one, two in counts):
            weeks.add_row(a.week, *(cell for x, y in counts for cell in (_number(x), _number(y), _difference(y - x))))
    if weeks.row_count:
        console().print(weeks)
    else:
        write("各周没有差别。", "No week differs.", "green")


def _totals(totals: simulation.Totals) -> list[tuple[str, int]]:
    return [
        (t("收件", "filed"), totals.arrivals),
        (t("办结", "closed"), totals.closed),
        (t("办理步数", "actions"), totals.actions),
        (t("期末在办", "open at the end"), totals.open),
        (t("积压最多", "longest queue"), totals.most_queued),
        (t("新逾期（法定）", "became overdue, statutory"), totals.became_overdue_statutory),
        (t("新逾期（含目标）", "became overdue, with targets"), totals.became_overdue),
        (t("期末逾期", "overdue at the end"), totals.overdue),
    ]


def _render_group_differences(found: simulation.Simulated, today: simulation.Run) -> None:
    counts: list[Counter[tuple[str, str, str]]] = [
        Counter((late.workflow, late.deadline, late.kind) for late in _became_overdue(found, run))
        for run in (today, found.proposed)
    ]
    keys = dict.fromkeys(group[:3] for run in (today, found.proposed) for group in _groups(_became_overdue(found, run)))
    if not keys:
        return
    titles = "流程|期限|现行|拟议|差", "workflow|deadline|today|proposed|difference"
    made = table(*titles, right=(2, 3, 4), title=t("哪些会逾期", "What becomes overdue"), **_LOOK)
    for key in sorted(keys, key=lambda k: -max(counts[0][k], counts[1][k])):
        a, b = counts[0][key], counts[1][key]
        made.add_row(*_named(found.titles, *key), str(a), str(b), _difference(b - a))
    console().print(made)


def _difference(number: int) -> Styled:
    return Styled("=", style="dim") if number == 0 else Styled(f"{number:+d}", style="red" if number > 0 else "green")


def _render_notes(run: simulation.Run, titles: simulation.SimulationTitles) -> None:
    """Say what the figures rest on where that is a guess, and what could not go on."""
    for zh, en in _notes(run, titles):
        write(f"• {zh}", f"• {en}", "yellow")


def _notes(run: simulation.Run, titles: simulation.SimulationTitles) -> Iterator[tuple[str, str]]:
    if run.assumed:
        named = [
            f"{titles.workflows[one.workflow]}·{titles.states[one.workflow][one.state]}" for one in run.assumed[:_CASES]
        ]
        yield (
            f"以下状态没有历史，去向按均等假设，请在 --arrivals 文件中写明：{'；'.join(named)}",
            f"No history of these states: all ways out taken alike. Say how often in the --arrivals file: {'; '.join(named)}",
        )
    for one in sorted(run.refused, key=lambda refused: -refused.times)[:3]:
        yield f"被拒绝 {one.times} 次：{one.message}", f"Refused {one.times} times: {one.message}"
    if run.stuck:
        n, cases = (
            len(run.stuck),
            "  ".join(f"{one.case}（{titles.states[one.workflow][one.state]}）" for one in run.stuck[:5]),
        )
        yield f"停滞不前的案件 {n} 件：{cases}", f"Cases that come to a standstill, {n}: {cases}"
    if run.kept_old_rules:
        yield (
            f"{run.kept_old_rules} 件在办案件的状态或期限在拟议的流程中没有，仍用原规则。",
            f"{run.kept_old_rules} running cases keep their rules: the proposed ones lack their state or a deadline.",
        )
