"""Which days are certain, against a model that keeps two dates: written from RULES §12, "A clock that is wrong"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.accounts.sign_in import digest_of_token
from credit_workflow.casework.ports import SignedIn
from credit_workflow.definition.library import load_definitions
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.service.door import carry_out
from credit_workflow.service.premises import Premises
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import Request
from credit_workflow.service.use_cases.daily.units import AddUnit
from credit_workflow.service.use_cases.upkeep.audit import ReadLog, SealLog, VerifyLog
from credit_workflow.service.use_cases.upkeep.clocks import ConfirmClock
from credit_workflow.service.use_cases.upkeep.sweep import Sweep
from credit_workflow.store.schema.creation import create
from tests import where

FIRST = date(2026, 3, 2)
_numbers = count(1)


@dataclass
class Naive:
    """The last confirmed day, and the day of the newest entry of the log, before which nobody writes."""

    confirmed: date = FIRST
    newest: date = FIRST

    def now(self, clock: date) -> date:
        return max(clock, self.newest)

    def certain(self, clock: date) -> bool:
        return (self.now(clock) - self.confirmed).days <= 7

    def written(self, clock: date, *, confirms: bool) -> None:
        self.newest = self.now(clock)
        if confirms:
            self.confirmed = max(self.confirmed, self.newest)


class Real:
    """An office in production whose clock shows 09:00 of a day."""

    def __init__(self, path: Path) -> None:
        self.day = FIRST
        self.office = Premises(where.url(path), clock=lambda: self.at)

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, time(1), UTC)

    def ask(self, clock: date, who: str | None, request: Request[Any], *, confirm: bool = False) -> Any:
        """Return what is answered, or the code of the refusal, with what it says of days."""
        self.day = clock
        token = f"of {who}"
        if who is not None:
            with self.office.database.writing() as db:
                now = self.office.moment(db, None).at
                held = SignedIn(token=digest_of_token(token), account=who, began=now, used=now)
                db.accounts.put_sign_in(held)
        try:
            return carry_out(self.office, Seat(tokens=lambda _: token, confirm_date=confirm), request)
        except CreditWorkflowError as refusal:
            return refusal.code, refusal.details


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Iterator[Path]:  # noqa: ARG001 - it must be there first
    path = tmp_path_factory.mktemp("days") / "cases.db"
    definitions = load_definitions()
    people = practice_accounts(d.workflow for d in definitions.values())
    at = datetime.combine(FIRST, time(1), UTC)
    create(where.new(path), training=False, at=at, definitions=definitions.values(), accounts=people)
    real = Real(path)
    real.ask(FIRST, None, Sweep(duties=False))
    real.office.close()
    yield path
    where.drop_below(tmp_path_factory.getbasetemp())


#: By how many days the clock moves on before each step, or is set back.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sweep", "sweep", "act", "act", "other", "confirm", "dare", "look", "right"]),
        st.sampled_from([0, 1, 6, 7, 8, 8, 9, 40, -1, -8, -60]),
    ),
    min_size=6,
    max_size=16,
)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_days_are_certain_as_the_rules_say(template: Path, tmp_path: Path, steps: list[tuple[str, int]]) -> None:
    path = where.copy(template, tmp_path / f"{next(_numbers)}.db")
    real, naive, clock = Real(path), Naive(), FIRST
    for kind, days in steps:
        clock = max(FIRST, clock + timedelta(days=days))
        STEP[kind](real, naive, clock)
    verified = real.ask(clock, None, VerifyLog())
    assert verified.ok
    real.office.close()


def _sweep(real: Real, naive: Naive, clock: date) -> None:
    report = real.ask(clock, None, Sweep(duties=False)).report
    assert report.as_of == naive.now(clock)
    assert (report.unconfirmed is UNSET) is naive.certain(clock)
    if not naive.certain(clock):
        assert report.unconfirmed.confirmed == naive.confirmed
    naive.written(clock, confirms=naive.certain(clock))


def _act(real: Real, naive: Naive, clock: date, who: str = "admin1", *, confirm: bool = False) -> None:
    request = AddUnit(name=f"单位{next(_numbers)}") if who == "admin1" else SealLog()
    answer = real.ask(clock, who, request, confirm=confirm)
    may = who == "admin1"
    if not naive.certain(clock) and not (confirm and may):
        code, details = answer
        assert code == ("role" if confirm else "date_unconfirmed")
        if not confirm:
            assert (details["today"], details["confirmed"], details["may_confirm"]) == (
                naive.now(clock).isoformat(), naive.confirmed.isoformat(), may,
            )  # fmt: skip
        return
    assert not isinstance(answer, tuple), answer
    naive.written(clock, confirms=True)


def _look(real: Real, naive: Naive, clock: date) -> None:
    assert real.ask(clock, "auditor1", ReadLog(purpose="核对", account="nobody")).entries == ()
    naive.written(clock, confirms=False)


def _put_right(real: Real, naive: Naive, clock: date) -> None:
    for who in ("admin1", "authority1"):
        answer = real.ask(clock, who, ConfirmClock(reason="时间误设"))
        if naive.newest <= clock:
            assert answer[0] == "clock_not_ahead"
            return
    assert answer.corrected
    naive.confirmed = naive.newest = clock


STEP = {
    "sweep": _sweep,
    "act": _act,
    "other": lambda real, naive, clock: _act(real, naive, clock, "auditor1"),
    "confirm": lambda real, naive, clock: _act(real, naive, clock, confirm=True),
    "dare": lambda real, naive, clock: _act(real, naive, clock, "auditor1", confirm=True),
    "look": _look,
    "right": _put_right,
}
