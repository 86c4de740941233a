"""A slip put right in a case whose clock stood: its date is what it would have been without the slip."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from credit_workflow.engine.amending.rectification import rectified
from credit_workflow.engine.replay import replay
from credit_workflow.engine.values import Amendment, Deadline
from credit_workflow.engine.world import Recorded
from credit_workflow.errors import Refused
from tests.unit.test_moves import Life, moment

MARCH = date(2026, 3, 2)


class Slips(Life):
    """A case of which an entry can be put right."""

    def put_right(self, action: str, day: date, **right: Any) -> Deadline:
        history = tuple(Recorded(seq=seq, entry=entry) for seq, entry in enumerate(self.entries, 1))
        entry = next(r.seq for r in history if r.entry.action == action)
        amendment = Amendment(case="C-1", entry=entry, void=right.pop("void", False), **right)
        self.world = self.world.__class__(
            rules=self.world.rules, calendar=self.world.calendar, cases=self.world.cases, history=history
        )
        self._note(rectified(self.world, amendment, moment(day)))
        assert replay(self.entries) == self.case
        return self.deadline("handling")


def heard() -> Slips:
    """The clock stood from the 12th to the 20th, both inclusive: due on 10 April."""
    life = Slips(MARCH)
    life.act(date(2026, 3, 12), "ask")
    life.act(date(2026, 3, 20), "hear")
    return life


@pytest.mark.parametrize(
    ("action", "right", "due"),
    [
        ("hear", {"on": date(2026, 3, 18)}, date(2026, 4, 8)),  # 21 days after the 18th
        ("ask", {"on": date(2026, 3, 10)}, date(2026, 4, 13)),  # 23 after the 20th: the 12th is a Sunday
        ("submit", {"values": {"days": 2}}, date(2026, 4, 27)),  # 45 days, nine used: the 25th is a Saturday
        ("hear", {"on": date(2026, 3, 12)}, date(2026, 4, 2)),  # a stop of one day
    ],
)
def test_the_day_of_a_stop_or_the_length_put_right(action: str, right: dict[str, Any], due: date) -> None:
    life = heard()
    assert life.put_right(action, date(2026, 3, 23), **right).due == due
    life.sweep(due)
    assert life.deadline("handling").flagged is None
    life.sweep(due.replace(day=due.day + 1))
    assert life.deadline("handling").flagged is not None


def test_a_restart_that_never_was_leaves_the_clock_standing() -> None:
    life = heard()
    handling = life.put_right("hear", date(2026, 3, 23), void=True)
    assert (handling.stopped, handling.original_due, life.case.state) == (
        date(2026, 3, 12), date(2026, 4, 1), "waiting",
    )  # fmt: skip
    life.sweep(date(2026, 8, 3))
    assert life.entries[-1].action == "rectified"  # nothing is overdue


def test_a_stop_that_never_was_is_refused_while_its_end_stands() -> None:
    with pytest.raises(Refused, match="hear"):
        heard().put_right("ask", date(2026, 3, 23), void=True)


def test_a_clock_that_had_stopped_in_time_was_never_overdue() -> None:
    life = Slips(MARCH)
    life.act(date(2026, 4, 2), "ask")  # recorded a day late: what was past stayed past
    assert life.deadline("handling").flagged == date(2026, 4, 2)
    handling = life.put_right("ask", date(2026, 4, 3), on=date(2026, 4, 1))
    assert (handling.stopped, handling.flagged, handling.status) == (date(2026, 4, 1), None, "running")


def test_a_clock_that_stands_goes_on_standing_when_its_day_is_put_right() -> None:
    life = Slips(MARCH)
    life.act(date(2026, 3, 12), "ask")
    assert life.put_right("ask", date(2026, 3, 16), on=date(2026, 3, 9)).stopped == date(2026, 3, 9)
    life.act(date(2026, 3, 20), "hear")
    assert life.deadline("handling").due == date(2026, 4, 13)  # six of thirty used
