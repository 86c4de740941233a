"""Open an office in a scenario's database: its people and its night ask for the same use cases as everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from msgspec.structs import asdict

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.sweep.sweep_answers import SweepReport
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import SYSTEM, Actor
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment
from credit_workflow.service.door import carry_out
from credit_workflow.service.premises import Folder, Premises
from credit_workflow.service.seat import Instant, Seat
from credit_workflow.service.use_cases.daily.acting import SubmitCase, TakeAction
from credit_workflow.service.use_cases.upkeep.sweep import Sweep


class ScenarioOffice(Premises):
    """A training database in which the rules that are played count, and the program's own steps can be taken.

    Args:
        url: where it is.
        keys: the folder in which its keys lie.
        definitions: the rules that are played.
        calendar: counts the deadlines.
    """

    def __init__(self, url: Folder, keys: Path, definitions: Mapping[str, Definition], calendar: WorkCalendar) -> None:
        super().__init__(url, keys=keys, lang="en")
        self._definitions = definitions
        self._calendar = calendar

    def in_force(self, _: Reading, __: date) -> Mapping[str, Definition]:
        """Return the rules that are played."""
        return self._definitions

    def counting(self, _: Reading) -> WorkCalendar:
        """Return the calendar that counts the deadlines."""
        return self._calendar

    def moment(self, _: Reading, at: Instant | None) -> Moment:
        """Return the moment that a step names; nobody else is here, and no clock."""
        return Moment.of(cast("datetime", at), self._calendar.zone)

    def practising(self, db: Reading, name: str | None) -> Actor:
        """Return an account by its name, or the program itself, whose steps signing in takes elsewhere."""
        return SYSTEM_ACTOR if name == SYSTEM else super().practising(db, name)

    def submit(self, account: str, at: datetime, new: NewCase, form: Form) -> str:
        """Open a case; return its number."""
        return carry_out(self, Seat(account=account, at=at), SubmitCase(**asdict(new), **_filled_in(form))).case.number

    def act(self, account: str, at: datetime, case: str, action: str, form: Form) -> None:
        """Take an action in a case."""
        carry_out(self, Seat(account=account, at=at), TakeAction(case=case, action=action, **_filled_in(form)))

    def sweep(self, at: datetime, duties: Iterable[str]) -> SweepReport:
        """Sweep the night."""
        return carry_out(self, Seat(at=at), Sweep(duties=frozenset(duties))).report


def _filled_in(form: Form) -> dict[str, Any]:
    materials = dict.fromkeys(form.materials)  # examples have no scans
    return {"values": form.given, "materials": materials, "all_materials": form.all_materials, "note": form.note}
