"""Work out which duties are overdue in a simulation, since when and until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from credit_workflow.casework.answer import DeadlineKind
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.engine.values import Case, Deadline

_DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Late:
    """A duty that is overdue: since when (the day after its last), and until when if it ended.

    ``state`` and ``waiting_for`` are as of the day on which that was found; ``ended`` is the day on which
    it was met, or on which its case ended or its date was moved.
    """

    case: str
    workflow: str
    deadline: str
    kind: DeadlineKind
    due: date
    since: date
    state: str
    waiting_for: str | None
    provisional: bool
    ended: date | None = None

    def days_over(self, today: date) -> int:
        """Return the calendar days from the due date to its end, or to ``today``."""
        return ((self.ended or today) - self.due).days


@dataclass(kw_only=True)
class Lateness:
    """All duties that were overdue at some time, in the order in which that was found."""

    all: list[Late] = field(default_factory=list)
    _now: dict[tuple[str, str], Late] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """How many are overdue."""
        return len(self._now)

    def begins(self, case: Case, rule: DeadlineRule, deadline: Deadline) -> bool:
        """Note that a duty is overdue; return whether that is new."""
        key = (case.number, deadline.id)
        if key in self._now:
            return False
        late = Late(
            case=case.number,
            workflow=case.workflow,
            deadline=deadline.id,
            kind=rule.kind,
            due=deadline.due,
            since=deadline.due + _DAY,
            state=case.state,
            waiting_for=rule.owed_by or (case.waits_for[0] if case.waits_for else None),
            provisional=deadline.provisional,
        )
        self.all.append(late)
        self._now[key] = late
        return True

    def goes_on(self, case: str, deadline: Deadline, today: date) -> None:
        """Note how a deadline stands: one that no longer runs, or runs to a later day, is not overdue."""
        late = self._now.get((case, deadline.id))
        if late is not None and (deadline.status != "running" or deadline.due >= today):
            late.ended = deadline.met if deadline.met is not None and deadline.met > late.due else today
            del self._now[case, deadline.id]
