"""Arrange the figures as tables: the same for the screen, JSON, CSV, a spreadsheet and the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, TypeVar

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
)
from credit_workflow.casework.statistics.statistics_answers import ColumnKind
from credit_workflow.casework.statistics.titles import Titles
from credit_workflow.text import Lang, Text, same

View = Literal["workflow", "unit", "stage", "outcome", "provider", "week"]
VIEWS: tuple[View, ...] = ("workflow", "unit", "stage", "outcome", "provider", "week")
_K = TypeVar("_K")
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
_IN_WORKING_DAYS = Text("（工作日）", " (working days)")


def tables_for(figures: Figures, titles: Titles, view: View | None) -> list[Table]:
    """Return the tables of a view, or all of them."""
    by_view: dict[View, Callable[[], list[Table]]] = {
        "workflow": lambda: [_summary(figures, titles, _WORKFLOW)],
        "unit": lambda: [_summary(figures, titles, _UNIT)],
        "stage": lambda: [
            _duties(figures, titles),
            _targets(figures, titles),
            _milestones(figures, titles),
            _stages(figures, titles),
        ],
        "outcome": lambda: [_outcomes(figures, titles), _grounds(figures, titles)],
        "provider": lambda: [_providers(figures)],
        "week": lambda: [_weeks(figures)],
    }
    chosen = VIEWS if view is None else (view,)
    return [table for one in chosen for table in by_view[one]()]


def unit_text(unit: str) -> Named:
    """Return a unit as it is shown; a case without one belongs to nobody's."""
    return Named(unit, same(unit) if unit else Text("（未定）", "(none)"))


def merged(figures: Figures) -> DutyCount:
    """Return all statutory duties of a period as one count."""
    return _sum_duties(figures.duties.values())


def all_cases(figures: Figures) -> CaseCount:
    """Return all cases of a period as one count."""
    return _sum_cases(figures.cases.values())


def _summary(figures: Figures, titles: Titles, by: Column) -> Table:
    key: Callable[[tuple[str, ...]], str] = (lambda k: k[1]) if by is _UNIT else (lambda k: k[0])
    cases = _grouped(figures.cases, key)
    duties, targets = _grouped(figures.duties, key), _grouped(figures.targets, key)
    rows: list[tuple[Cell, ...]] = []
    for name in sorted({*cases, *duties, *targets}, key=lambda n: (titles.place(n, "states", ""), n)):
        count, duty, target = _sum_cases(cases[name]), _sum_duties(duties[name]), _sum_duties(targets[name])
        named = unit_text(name) if by is _UNIT else Named(name, titles.workflow(name))
        rows.append((
            named, count.filed, count.closed, count.open, count.overdue, duty.in_time, duty.late, duty.overdue,
            duty.share, target.in_time, target.late + target.overdue,
        ))  # fmt: skip
    columns = (
        by,
        _count("filed", "申请", "Filed"),
        _count("closed", "办结", "Closed"),
        _count("open", "在办", "Open"),
        _count("open_overdue", "有逾期的案件", "Cases overdue"),
        *_DUTIES,
        *_TARGETS,
    )
    title = Text("各单位收办", "By unit") if by is _UNIT else Text("各流程收办", "By workflow")
    return Table("units" if by is _UNIT else "workflows", title, columns, rows)


def _duties(figures: Figures, titles: Titles) -> Table:
    columns = (
        _WORKFLOW, _UNIT, _name("deadline", "期限", "Deadline"), *_DUTIES, *_DAYS, _PROVISIONAL,
    )  # fmt: skip
    rows = [
        (*_item(k, titles, "deadlines"), d.in_time, d.late, d.overdue, d.share, *_spread(d.days), d.provisional)
        for k, d in _in_order(figures.duties, titles, "deadlines")
    ]
    title = Text("法定期限是否按期", "Statutory deadlines, in time or late")
    return Table("deadlines", title, columns, rows)


def _targets(figures: Figures, titles: Titles) -> Table:
    columns = (
        _WORKFLOW, _UNIT, _name("deadline", "期限", "Deadline"), *_TARGETS,
        _count("pending", "超目标未办", "Past, not done"), *_DAYS, _PROVISIONAL,
    )  # fmt: skip
    rows = [
        (*_item(k, titles, "deadlines"), d.in_time, d.late, d.overdue, *_spread(d.days), d.provisional)
        for k, d in _in_order(figures.targets, titles, "deadlines")
    ]
    return Table("targets", Text("内部目标（不属法定期限）", "Targets of the unit (no breach)"), columns, rows)


def _milestones(figures: Figures, titles: Titles) -> Table:
    columns = (_WORKFLOW, _UNIT, _name("action", "步骤", "Step"), _count("cases", "件数", "Cases"), *_DAYS)
    rows = [
        (*_item(k, titles, "actions"), s.total(), *_spread(s))
        for k, s in _in_order(figures.milestones, titles, "actions")
    ]
    title = Text("自申请起至各步骤的用时", "From filing to each step")
    return Table("milestones", _with_unit(title), columns, rows)


def _stages(figures: Figures, titles: Titles) -> Table:
    columns = (_WORKFLOW, _UNIT, _name("state", "状态", "State"), _count("stays", "次数", "Stays"), *_DAYS)
    rows = [
        (*_item(k, titles, "states"), s.total(), *_spread(s)) for k, s in _in_order(figures.stages, titles, "states")
    ]
    return Table("stages", _with_unit(Text("各状态停留时间", "Time spent in each state")), columns, rows)


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
        rows.append(
            (
                Named(workflow, titles.workflow(workflow)),
                unit_text(unit),
                of,
                Named(name, outcome),
                cases,
                cases / whole,
            )
        )
    return Table("outcomes", Text("办理结果", "Outcomes"), columns, rows)


def _grounds(figures: Figures, titles: Titles) -> Table:
    columns = (
        _WORKFLOW, _UNIT, _name("action", "步骤", "Step"), _name("ground", "首项理由（条文）", "First ground (clause)"),
        _count("attempts", "未准次数", "Attempts"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            Named(workflow, titles.workflow(workflow)),
            unit_text(unit),
            Named(action, titles.action(workflow, action)),
            Named(ground, same(ground)),
            attempts,
        )
        for (workflow, unit, action, ground), attempts in sorted(
            figures.grounds.items(), key=lambda kv: (titles.place(kv[0][0], "actions", kv[0][2]), kv[0])
        )
    ]
    title = Text("条件不具备而未能办理的步骤", "Steps refused for want of a condition")
    return Table("grounds", title, columns, rows)


def _providers(figures: Figures) -> Table:
    columns = (
        _name("provider", "信息提供部门", "Provider"),
        _count("answered", "已反馈", "Answered"),
        *_DAYS,
        _count("waiting", "待反馈", "Waiting"),
        Column("longest_waiting", Text("已等待最长", "Longest wait"), "days"),
    )
    rows: list[tuple[Cell, ...]] = []
    for name, answers in sorted(_grouped(figures.providers, lambda key: key[2]).items()):
        days, waiting = _sum(a.days for a in answers), _sum(a.waiting for a in answers)
        if not days and not waiting:
            continue
        title = same(name) if name else Text("（未载明）", "(not named)")
        rows.append((Named(name, title), days.total(), *_spread(days), waiting.total(), waiting.longest))
    title = Text("提供部门反馈用时", "How long providers took to answer")
    return Table("providers", _with_unit(title), columns, rows)


def _weeks(figures: Figures) -> Table:
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


def _with_unit(title: Text) -> Text:
    return Text(title.zh + _IN_WORKING_DAYS.zh, title.en + _IN_WORKING_DAYS.en)


def _item(key: Item, titles: Titles, kind: str) -> tuple[Named, Named, Named]:
    workflow, unit, name = key
    title = {"deadlines": titles.deadline, "actions": titles.action, "states": titles.state}[kind]
    return Named(workflow, titles.workflow(workflow)), unit_text(unit), Named(name, title(workflow, name))


def _in_order(found: Mapping[Item, _V], titles: Titles, kind: str) -> list[tuple[Item, _V]]:
    return sorted(found.items(), key=lambda kv: (titles.place(kv[0][0], kind, kv[0][2]), kv[0][1]))


def _spread(days: Spread) -> tuple[Cell, Cell, Cell]:
    return days.rank(MEDIAN), days.rank(NINETIETH), days.longest


class _Lists(dict[_K, list[_V]]):
    def __missing__(self, key: _K) -> list[_V]:
        return []


def _grouped(found: Mapping[Any, _V], key: Callable[[Any], str]) -> _Lists[str, _V]:
    groups: _Lists[str, _V] = _Lists()
    for at, value in found.items():
        groups.setdefault(key(at), []).append(value)
    return groups


def _sum(spreads: Iterable[Spread]) -> Spread:
    whole = Spread()
    for spread in spreads:
        whole.update(spread)
    return whole


def _sum_cases(counts: Iterable[CaseCount]) -> CaseCount:
    whole = CaseCount()
    for one in counts:
        whole.filed += one.filed
        whole.closed += one.closed
        whole.open += one.open
        whole.overdue += one.overdue
    return whole


def _sum_duties(counts: Iterable[DutyCount]) -> DutyCount:
    whole = DutyCount()
    for one in counts:
        whole.in_time += one.in_time
        whole.late += one.late
        whole.overdue += one.overdue
        whole.provisional += one.provisional
        whole.days.update(one.days)
    return whole


def all_answers(figures: Figures) -> Answers:
    """Return the answers of all providers as one."""
    found = list(figures.providers.values())
    return Answers(days=_sum(a.days for a in found), waiting=_sum(a.waiting for a in found))
