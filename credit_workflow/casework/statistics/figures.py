"""Define the values of the statistics. Nothing is computed from the clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

_DAY = timedelta(days=1)
#: Places in 100 of the two percentiles that are shown.
MEDIAN, NINETIETH = 50, 90
#: The key under which duties past their last day stand beside the ISO weeks.
OVERDUE = "overdue"


class Period(NamedTuple):
    """The days counted, both inclusive, as seen from a day.

    ``first`` is None where everything from the beginning counts. A period that reaches beyond
    ``today`` is counted as far as today.
    """

    first: date | None
    last: date
    today: date

    def __contains__(self, day: object) -> bool:
        """Whether a day lies in the period."""
        return isinstance(day, date) and (self.first is None or self.first <= day) and day <= self.end

    @property
    def end(self) -> date:
        """The last day that is counted: the period's, or today where it is not over."""
        return min(self.last, self.today)

    @property
    def past(self) -> date:
        """The latest due date that counts as passed at the end.

        Overdue begins at 00:00 of the day after the last one (民法典 203): at the end of a period that is
        over, its last day has passed; today has not.
        """
        return self.end if self.end < self.today else self.end - _DAY


def period_of(first: date | None, last: date | None, today: date) -> Period:
    """Return the period from ``first`` through ``last`` (inclusive; today unless given).

    Raises:
        UsageFault: it ends before it begins, or begins after today.
    """
    if first is not None and last is not None and last < first:
        message = Text("期间有误：止日 {b} 早于起日 {a}", "the period ends ({b}) before it begins ({a})")
        raise UsageFault(message.fill(a=first, b=last), code="period_order")
    if first is not None and first > today:
        message = Text(
            "起日 {a} 在今天（{t}）之后，尚无可统计的内容",
            "the period begins on {a}, after today ({t}): there is nothing to count yet",
        )
        raise UsageFault(message.fill(a=first, t=today), code="period_future")
    return Period(first, last or today, today)


class Spread(Counter[int]):
    """How often each number of working days was needed."""

    def rank(self, percent: int) -> int | None:
        """Return a percentile by nearest rank: the smallest number that at least so many per cent did not exceed.

        Always a number of days that really occurred; None where nothing did.
        """
        total = self.total()
        if not total:
            return None
        wanted = -(-total * percent // 100)
        seen = 0
        for days in sorted(self):
            seen += self[days]
            if seen >= wanted:
                return days
        return None  # pragma: no cover - the whole is reached

    @property
    def longest(self) -> int | None:
        """The largest number."""
        return max(self, default=None)


@dataclass
class CaseCount:
    """Cases: filed and closed in the period, open at its end, and with a statutory duty overdue then."""

    filed: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0


@dataclass
class DutyCount:
    """Duties: done in the period in time or late, and not done though past their last day at its end.

    ``provisional`` of them have a due date that a holiday notice still to come can move. ``days``
    are the working days that the duties done took.
    """

    in_time: int = 0
    late: int = 0
    overdue: int = 0
    provisional: int = 0
    days: Spread = field(default_factory=Spread)

    @property
    def all(self) -> int:
        """All that were counted."""
        return self.in_time + self.late + self.overdue

    @property
    def share(self) -> float | None:
        """The share of those in time among all, from 0 to 1; None where there were none."""
        return self.in_time / self.all if self.all else None


@dataclass
class Answers:
    """An information provider's answers in the period, in working days, and what it still owes at its end."""

    days: Spread = field(default_factory=Spread)
    waiting: Spread = field(default_factory=Spread)


_C = TypeVar("_C", CaseCount, DutyCount, Answers)


def summed(kind: type[_C], counts: Iterable[_C]) -> _C:
    """Return counts of a kind as one count."""
    whole = kind()
    for one in counts:
        for name, part in vars(one).items():
            so_far = getattr(whole, name)
            so_far += part
            setattr(whole, name, so_far)
    return whole


#: (workflow, unit)
Place = tuple[str, str]
#: (workflow, unit, the name of a deadline, action or state)
Item = tuple[str, str, str]


@dataclass
class Figures:
    """Everything that was counted of one period, as finely as it can be asked for.

    ``outcomes`` are by (workflow, unit, field or "", its choice or the final state); ``grounds`` by
    (workflow, unit, action, clause); ``load`` by (workflow, unit, kind of deadline, ISO week or `OVERDUE`).
    """

    period: Period
    cases: dict[Place, CaseCount] = field(default_factory=lambda: defaultdict(CaseCount))
    duties: dict[Item, DutyCount] = field(default_factory=lambda: defaultdict(DutyCount))
    targets: dict[Item, DutyCount] = field(default_factory=lambda: defaultdict(DutyCount))
    milestones: dict[Item, Spread] = field(default_factory=lambda: defaultdict(Spread))
    stages: dict[Item, Spread] = field(default_factory=lambda: defaultdict(Spread))
    outcomes: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    grounds: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    providers: dict[tuple[str, str, str], Answers] = field(default_factory=lambda: defaultdict(Answers))
    load: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
