"""Arrange the figures as tables: the same for the screen, JSON, CSV, a spreadsheet and the report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from credit_workflow.casework.statistics import statistics_answers as shown
from credit_workflow.casework.statistics.figures import (
    MEDIAN,
    NINETIETH,
    OVERDUE,
    Answers,
    CaseCount,
    DutyCount,
    Figures,
    Item,
    Spread,
    summed,
)
from credit_workflow.casework.statistics.statistics_answers import ColumnKind
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.text import Lang, Text, same

View = Literal["workflow", "unit", "stage", "outcome", "provider", "week"]
VIEWS: tuple[View, ...] = get_args(View)
_V = TypeVar("_V")


class Named(NamedTuple):
    """A name with what people read for it."""

    id: str
    title: Text


Cell = Named | int | float | date | None


class Column(NamedTuple):
    """A column: its name in JSON, its head, and what its cells are."""

    id: str
    title: Text
    kind: ColumnKind


@dataclass(frozen=True)
class Table:
    """One table; ``id`` is its name in JSON."""

    id: str
    title: Text
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]

    def in_language(self, lang: Lang) -> shown.Table:
        """Return it with its titles in one language."""

        def cell(its: Cell) -> shown.Cell:
            return shown.Named(id=its.id, title=its.title.to(lang)) if isinstance(its, Named) else its

        return shown.Table(
            id=self.id,
            title=self.title.to(lang),
            columns=tuple(shown.Column(id=c.id, title=c.title.to(lang), kind=c.kind) for c in self.columns),
            rows=tuple(tuple(cell(its) for its in row) for row in self.rows),
        )


def _name(id_: str, zh: str, en: str) -> Column:
    return Column(id_, Text(zh, en), "name")


def _count(id_: str, zh: str, en: str) -> Column:
    return Column(id_, Text(zh, en), "count")


_WORKFLOW = _name("workflow", "流程", "Workflow")
_UNIT = _name("unit", "单位", "Unit")
_SHARE = Column("share", Text("按期率", "In time"), "share")
_DUTIES = (
    _count("in_time", "按期", "In time"),
    _count("late", "逾期完成", "Late"),
    _count("overdue", "逾期未完成", "Overdue"),
    _SHARE,
)
_TARGETS = (_count("within", "目标内", "Within target"), _count("beyond", "超目标", "Past target"))
_DAYS = (
    Column("median", Text("中位数", "Median"), "days"),
    Column("p90", Text("九成以内", "90 % within"), "days"),
    Column("longest", Text("最长", "Longest"), "days"),
)
_PROVISIONAL = _count("provisional", "其中暂定", "Provisional")
#: The column of what a definition names, by the part of the definition.
_OF = {
    "deadlines": _name("deadline", "期限", "Deadline"),
    "actions": _name("action", "步骤", "Step"),
    "states": _name("state", "状态", "State"),
}


def tables_for(figures: Figures, titles: Titles, view: View | None) -> list[Table]:
    """Return the tables of a view, or all of them."""
    chosen = VIEWS if view is None else (view,)
    return [table(figures, titles) for one in chosen for table in _TABLES[one]]


def merged(figures: Figures) -> DutyCount:
    """Return all statutory duties of a period as one count."""
    return summed(DutyCount, figures.duties.values())


def all_cases(figures: Figures) -> CaseCount:
    """Return all cases of a period as one count."""
    return summed(CaseCount, figures.cases.values())


def all_answers(figures: Figures) -> Answers:
    """Return the answers of all providers as one."""
    return summed(Answers, figures.providers.values())


def _workflows(figures: Figures, titles: Titles) -> Table:
    rows = _sums(figures, titles, 0, lambda name: Named(name, titles.workflow(name)))
    return Table("workflows", Text("各流程收办", "By workflow"), (_WORKFLOW, *_SUMS), rows)


def _units(figures: Figures, titles: Titles) -> Table:
    return Table("units", Text("各单位收办", "By unit"), (_UNIT, *_SUMS), _sums(figures, titles, 1, _unit))


_SUMS = (
    _count("filed", "申请", "Filed"),
    _count("closed", "办结", "Closed"),
    _count("open", "在办", "Open"),
    _count("open_overdue", "有逾期的案件", "Cases overdue"),
    *_DUTIES,
    *_TARGETS,
)


def _sums(figures: Figures, titles: Titles, by: int, named: Callable[[str], Named]) -> list[tuple[Cell, ...]]:
    """Return what was counted by one part of its keys: the workflow (0) or the unit (1)."""
    cases = _grouped(figures.cases, by)
    duties, targets = _grouped(figures.duties, by), _grouped(figures.targets, by)
    rows: list[tuple[Cell, ...]] = []
    for name in sorted({*cases, *duties, *targets}, key=lambda n: (titles.place(n, "states", ""), n)):
        count, duty = summed(CaseCount, cases[name]), summed(DutyCount, duties[name])
        target = summed(DutyCount, targets[name])
        rows.append((
            named(name), count.filed, count.closed, count.open, count.overdue, duty.in_time, duty.late, duty.overdue,
            duty.share, target.in_time, target.late + target.overdue,
        ))  # fmt: skip
    return rows


def _duties(figures: Figures, titles: Titles) -> Table:
    def cells(d: DutyCount) -> tuple[Cell, ...]:
        return d.in_time, d.late, d.overdue, d.share, *_spread(d.days), d.provisional

    title = Text("法定期限是否按期", "Statutory deadlines, in time or late")
    columns = (*_DUTIES, *_DAYS, _PROVISIONAL)
    return _by_item("deadlines", title, "deadlines", columns, figures.duties, cells, titles)


def _targets(figures: Figures, titles: Titles) -> Table:
    def cells(d: DutyCount) -> tuple[Cell, ...]:
        return d.in_time, d.late, d.overdue, *_spread(d.days), d.provisional

    title = Text("内部目标（不属法定期限）", "Targets of the unit (no breach)")
    columns = (*_TARGETS, _count("pending", "超目标未办", "Past, not done"), *_DAYS, _PROVISIONAL)
    return _by_item("targets", title, "deadlines", columns, figures.targets, cells, titles)


def _milestones(figures: Figures, titles: Titles) -> Table:
    title = Text("自申请起至各步骤的用时（工作日）", "From filing to each step (working days)")
    columns = (_count("cases", "件数", "Cases"), *_DAYS)
    return _by_item("milestones", title, "actions", columns, figures.milestones, _counted, titles)


def _stages(figures: Figures, titles: Titles) -> Table:
    title = Text("各状态停留时间（工作日）", "Time spent in each state (working days)")
    columns = (_count("stays", "次数", "Stays"), *_DAYS)
    return _by_item("stages", title, "states", columns, figures.stages, _counted, titles)


def _by_item(
    id_: str,
    title: Text,
    kind: str,
    columns: Iterable[Column],
    found: Mapping[Item, _V],
    cells: Callable[[_V], tuple[Cell, ...]],
    titles: Titles,
) -> Table:
    """Return a table of what was counted for each deadline, action or state, in the order of the definitions."""
    order = sorted(found.items(), key=lambda kv: (titles.place(kv[0][0], kind, kv[0][2]), kv[0][1]))
    rows = [(*_item(key, titles, kind), *cells(value)) for key, value in order]
    return Table(id_, title, (_WORKFLOW, _UNIT, _OF[kind], *columns), rows)


def _outcomes(figures: Figures, titles: Titles) -> Table:
    columns = (
        _WORKFLOW, _UNIT, _name("what", "事项", "Of"), _name("outcome", "结果", "Outcome"),
        _count("cases", "件数", "Cases"), Column("share", Text("占比", "Share"), "share"),
    )  # fmt: skip
    wholes: Counter[tuple[str, str, str]] = Counter()
    for (workflow, unit, what, _), cases in figures.outcomes.items():
        wholes[workflow, unit, what] += cases

    def order(key: tuple[str, str, str, str]) -> Any:
        workflow, unit, what, name = key
        number, place = titles.place(workflow, "fields" if what else "states", what or name)
        return (number, unit, bool(what), place, name)

    rows: list[tuple[Cell, ...]] = []
    for workflow, unit, what, name in sorted(figures.outcomes, key=order):
        cases = figures.outcomes[workflow, unit, what, name]
        whole = wholes[workflow, unit, what]
        of = Named(what or "final", titles.field(workflow, what) if what else Text("办结方式", "How it ended"))
        outcome = titles.choice(workflow, what, name) if what else titles.state(workflow, name)
        rows.append((*_place(workflow, unit, titles), of, Named(name, outcome), cases, cases / whole))
    return Table("outcomes", Text("办理结果", "Outcomes"), columns, rows)


def _grounds(figures: Figures, titles: Titles) -> Table:
    ground = _name("ground", "首项理由（条文）", "First ground (clause)")
    columns = (_WORKFLOW, _UNIT, _OF["actions"], ground, _count("attempts", "未准次数", "Attempts"))
    order = sorted(figures.grounds.items(), key=lambda kv: (titles.place(kv[0][0], "actions", kv[0][2]), kv[0]))
    rows = [(*_item(key[:3], titles, "actions"), Named(key[3], same(key[3])), times) for key, times in order]
    title = Text("条件不具备而未能办理的步骤", "Steps refused for want of a condition")
    return Table("grounds", title, columns, rows)


def _providers(figures: Figures, titles: Titles) -> Table:  # noqa: ARG001 - departments are called by their names
    columns = (
        _name("provider", "信息提供部门", "Provider"),
        _count("answered", "已反馈", "Answered"),
        *_DAYS,
        _count("waiting", "待反馈", "Waiting"),
        Column("longest_waiting", Text("已等待最长", "Longest wait"), "days"),
    )
    rows: list[tuple[Cell, ...]] = []
    for name, found in sorted(_grouped(figures.providers, 2).items()):
        answers = summed(Answers, found)
        days, waiting = answers.days, answers.waiting
        if not days and not waiting:
            continue
        title = same(name) if name else Text("（未载明）", "(not named)")
        rows.append((Named(name, title), days.total(), *_spread(days), waiting.total(), waiting.longest))
    title = Text("提供部门反馈用时（工作日）", "How long providers took to answer (working days)")
    return Table("providers", title, columns, rows)


def _weeks(figures: Figures, titles: Titles) -> Table:  # noqa: ARG001 - weeks have none
    columns = (
        _name("week", "到期周", "Due in week"),
        Column("monday", Text("周一", "Monday"), "date"),
        _count("statutory", "法定期限（项）", "Statutory"),
        _count("target", "内部目标（项）", "Targets"),
    )
    found: dict[str, Counter[str]] = {}
    for (_, _, kind, week), cases in figures.load.items():
        found.setdefault(week, Counter())[kind] += cases
    rows: list[tuple[Cell, ...]] = []
    for week in sorted(found, key=lambda w: (w != OVERDUE, w)):
        title = Text("已过期限", "Past due") if week == OVERDUE else same(week)
        monday = None if week == OVERDUE else date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
        rows.append((Named(week, title), monday, found[week]["statutory"], found[week]["target"]))
    title = Text("未完成的期限，按到期周", "Open load by due week")
    return Table("weeks", title, columns, rows)


_TABLES: dict[View, tuple[Callable[[Figures, Titles], Table], ...]] = {
    "workflow": (_workflows,),
    "unit": (_units,),
    "stage": (_duties, _targets, _milestones, _stages),
    "outcome": (_outcomes, _grounds),
    "provider": (_providers,),
    "week": (_weeks,),
}


def _unit(name: str) -> Named:
    """Return a unit as it is shown; a case without one belongs to nobody's."""
    return Named(name, same(name) if name else Text("（未定）", "(none)"))


def _place(workflow: str, unit: str, titles: Titles) -> tuple[Named, Named]:
    return Named(workflow, titles.workflow(workflow)), _unit(unit)


def _item(key: Item, titles: Titles, kind: str) -> tuple[Named, Named, Named]:
    workflow, unit, name = key
    title = {"deadlines": titles.deadline, "actions": titles.action, "states": titles.state}[kind]
    return *_place(workflow, unit, titles), Named(name, title(workflow, name))


def _spread(days: Spread) -> tuple[Cell, Cell, Cell]:
    return days.rank(MEDIAN), days.rank(NINETIETH), days.longest


def _counted(days: Spread) -> tuple[Cell, ...]:
    return days.total(), *_spread(days)


def _grouped(found: Mapping[Any, _V], by: int) -> defaultdict[str, list[_V]]:
    """Return counts by one part of their keys."""
    groups: defaultdict[str, list[_V]] = defaultdict(list)
    for key, value in found.items():
        groups[key[by]].append(value)
    return groups
