"""Tally the statistics. Pure: cases go in, figures come out.

What belongs to a period (both of its days inclusive):

- a case is *filed* on the day of its application and *closed* on the day it reached a final state;
- a duty counts as *in time* or *late* on the day it was met. One that was not met counts as *overdue*
  when its last day has passed at the period's end (at 24:00 of the last day; for a period that is not
  over, at 00:00 of today). So whoever never does a duty is not left out of the share in time;
- a milestone counts on the day on which a case first took that step, wherever it was filed;
- a stay in a state counts on the day on which it ended, every stay for itself;
- an outcome counts on the day of the last step that could set it; a final state on the day it was reached;
- a provider's answer counts on the day on which it came; what it owes, at the period's end;
- the open load is as of the period's end, by the ISO week (from Monday) of the due date.

Duties are deadlines whose passing makes them overdue; a right that lapses (``late: lapsed``) or a time
for which a mark stays (``late: met``) is nobody's to keep and is not counted. A deadline that ended with
its case counts until then. Statutory deadlines and a unit's targets are never added up.

Working days are counted as for a deadline: the first day is not counted, the last one is (民法典 201);
what is done on the same day took 0. Cases about accounts of this software are no objections and don't
count. Due dates are those of now: one that a coming holiday notice can move counts, and is said to be
provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.statistics.case_lines import CaseLine, Step
from credit_workflow.casework.statistics.figures import OVERDUE, Figures, Period
from credit_workflow.casework.statistics.paths import PROVIDER, Stay, path_of, stays_of
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Deadline

_NO_UNIT = ""


def counted(
    lines: Iterable[CaseLine],
    rules: Mapping[str, Rules],
    calendar: WorkCalendar,
    periods: Sequence[Period],
    units: Mapping[str, str] = MappingProxyType({}),
) -> list[Figures]:
    """Return the figures of each period, all from one pass over the cases.

    Args:
        lines: the cases, read once, in any order.
        rules: the definitions by digest.
        calendar: counts working days.
        periods: which days; their ``today`` says what is overdue.
        units: the present names of units that had another one, by that: they count as one.

    Raises:
        Refused: a case's days are outside what the calendar covers.
    """
    tallies = [_Tally(period, calendar) for period in periods]
    choices = {digest: _choices(one) for digest, one in rules.items()}
    for line in lines:
        its = rules[line.definition]
        if its.workflow.about == "account":
            continue
        case = _Case(line, its, choices[line.definition], units)
        for tally in tallies:
            tally.add(case)
    return [tally.figures for tally in tallies]


def asking(rules: Iterable[Rules]) -> frozenset[str]:
    """Return the actions after which a case waits for a record's provider: their entries name it."""
    return frozenset(
        name
        for its in rules
        for name, action in its.actions.items()
        if action.to is not None and its.workflow.waited_for(action.to) == (PROVIDER,)
    )


def moving(rules: Iterable[Rules]) -> frozenset[str]:
    """Return the actions that move a case: an entry of one that moved nothing is a refused attempt."""
    return frozenset(name for its in rules for name, action in its.actions.items() if action.to is not None)


def week_of(day: date) -> str:
    """Return the ISO week of a day, such as ``2026-W14``; it begins on Monday."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _choices(rules: Rules) -> dict[str, frozenset[str]]:
    """Return, for each field that is a choice, the actions that can set it."""
    found: dict[str, set[str]] = {name: set() for name, f in rules.workflow.fields.items() if f.type == "choice"}
    for name, action in rules.actions.items():
        named = {action.ask(ask).field or ask for ask in action.asks}
        named.update(*(effect.set or {} for effect in action.effects))
        for field in named & found.keys():
            found[field].add(name)
    return {field: frozenset(actions) for field, actions in found.items()}


class _Case:
    """A case with what all periods ask of it, found once."""

    def __init__(
        self, line: CaseLine, rules: Rules, choices: Mapping[str, frozenset[str]], units: Mapping[str, str]
    ) -> None:
        self.line, self.rules, self._units = line, rules, units
        self.place = (line.workflow, self.unit(line.unit) or _NO_UNIT)
        self.path = path_of(line, rules)
        self.stays = list(stays_of(self.path))
        self.first: dict[str, date] = {}
        for step in self.path:
            self.first.setdefault(step.action, step.day)
        end = self.stays[-1] if self.stays else None
        self.state = None if end is None else end.state
        self.closed = end.came if line.final and end is not None else None
        self.decided = [
            (field, str(line.fields[field]), max(line.done[a].on for a in actions if a in line.done))
            for field, actions in choices.items()
            if line.fields.get(field) is not None and not actions.isdisjoint(line.done)
        ]

    def unit(self, name: str | None) -> str:
        """The present name of a unit."""
        return self._units.get(name or "", name or "")

    def item(self, name: str) -> tuple[str, str, str]:
        return (*self.place, name)

    def ended(self, deadline: Deadline) -> date | None:
        """The day on which a duty was met or ended with its case, None while it is owed."""
        return deadline.met or (self.closed if deadline.status == "cancelled" else None)


class _Tally:
    """The figures of one period, case by case."""

    def __init__(self, period: Period, calendar: WorkCalendar) -> None:
        self.first, self.end, self.past = period.first or date.min, period.end, period.past
        self.figures = Figures(period=period)
        self.days = cache(lambda a, b: max(0, calendar.working_days_between(a, b)))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.end

    def add(self, case: _Case) -> None:
        if case.line.opened > self.end:
            return
        late = self._duties(case)
        self._case(case, late=late)
        self._times(case)
        self._outcomes(case)
        self._refusals(case, case.line.steps)

    def _case(self, case: _Case, *, late: bool) -> None:
        count = self.figures.cases[case.place]
        count.filed += case.line.opened in self
        count.closed += case.closed in self
        count.open += case.closed is None or case.closed > self.end
        count.overdue += late

    def _duties(self, case: _Case) -> bool:
        """Count a case's duties; whether a statutory one is overdue at the period's end."""
        any_late = False
        for deadline in case.line.deadlines:
            rule = case.rules.deadline(deadline.id)
            if rule.late != "overdue" or deadline.starts > self.end:
                continue
            ended = case.ended(deadline)
            owed = ended is None or ended > self.end
            late = owed and deadline.due <= self.past
            if owed and deadline.stopped is None:  # a clock that stands is due in no week
                week = OVERDUE if late else week_of(deadline.due)
                self.figures.load[*case.place, rule.kind, week] += 1
            if not late and not (deadline.met is not None and deadline.met in self):
                continue
            kinds = self.figures.duties if rule.kind == "statutory" else self.figures.targets
            count = kinds[case.item(deadline.id)]
            count.provisional += deadline.provisional
            count.overdue += late
            any_late |= late and rule.kind == "statutory"
            if deadline.met is not None and not owed:
                count.in_time += deadline.met <= deadline.due
                count.late += deadline.met > deadline.due
                count.days[self.days(deadline.starts, deadline.met)] += 1
        return any_late

    def _times(self, case: _Case) -> None:
        opened = case.line.opened
        for action, day in case.first.items():
            if day in self and action != case.rules.opening_action:
                self.figures.milestones[case.item(action)][self.days(opened, day)] += 1
        for stay in case.stays:
            if stay.left is not None and stay.left in self:
                self.figures.stages[case.item(stay.state)][self.days(stay.came, stay.left)] += 1
            its = case.rules.workflow  # which need not have a state of a version that the case had before
            if stay.state in its.states and its.waited_for(stay.state) == (PROVIDER,):
                self._answer(case, stay)

    def _answer(self, case: _Case, stay: Stay) -> None:
        """Count a provider's answer, or that it is waited for; a case that went on without one is neither."""
        if stay.came > self.end:
            return
        # A case that is addressed to a unit asks that one.
        answers = self.figures.providers[*case.place, case.unit(stay.asked or case.line.unit)]
        if stay.left is None or stay.left > self.end:
            answers.waiting[self.days(stay.came, self.end)] += 1
        elif stay.left in self and stay.left_by is not None and self._by_provider(case, stay.left_by):
            answers.days[self.days(stay.came, stay.left)] += 1

    @staticmethod
    def _by_provider(case: _Case, action: str) -> bool:
        return action in case.rules.actions and PROVIDER in case.rules.actions[action].by

    def _outcomes(self, case: _Case) -> None:
        if case.closed in self and case.state is not None:
            self.figures.outcomes[*case.place, "", case.state] += 1
        for field, choice, day in case.decided:
            if day in self:
                self.figures.outcomes[*case.place, field, choice] += 1

    def _refusals(self, case: _Case, steps: Sequence[Step]) -> None:
        for step in steps:
            refused = None if step.change is None else step.change.refused
            if refused is not None and step.day in self:
                self.figures.grounds[*case.place, step.action, refused.source or refused.code] += 1
