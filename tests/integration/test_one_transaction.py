"""An action and who takes it, when and under which rules are one transaction: one opening, one view."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.casework.accounts import sign_in
from credit_workflow.casework.journal.people_entries import SubmissionRefused
from credit_workflow.casework.ports import Claim, Reading, SignedIn, Writing
from credit_workflow.errors import CreditWorkflowError, NotAllowed, NotFound, Refused, UsageFault
from credit_workflow.service.door import carry_out
from credit_workflow.service.office import Office
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_cases.daily.acting import SubmitCase, TakeAction
from credit_workflow.service.use_cases.upkeep import notifications
from credit_workflow.store.database import Database
from credit_workflow.text import Text
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")


class Counted:
    """A database that notes how it is opened."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.opened: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def reading(self) -> AbstractContextManager[Reading]:
        self.opened.append("reading")
        return self._database.reading()

    @contextmanager
    def writing(self, claim: Claim | None = None) -> Iterator[Writing]:
        self.opened.append("writing")
        with self._database.writing(claim) as db:
            yield db


class Desk:
    """Where ``window1`` acts, everything about it settled by the door."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.office = Office(service.database.url)
        self.store = Counted(self.office.database)
        self.office.database = self.store  # type: ignore[assignment] # it is one in all that is asked of it
        self.seat = Seat(account="window1", at="2026-03-02T09:00")

    def submit(self, record: str = "R-1") -> str:
        asked = SubmitCase(workflow="objection", record=record, values={"reason": "有误"}, all_materials=True)
        return carry_out(self.office, self.seat, asked).case.number

    def act(self, number: str, action: str, **values: str) -> str:
        asked = TakeAction(case=number, action=action, values=values, all_materials=True)
        return carry_out(self.office, self.seat, asked).case.state


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Service(tmp_path / "cases.db"))


def test_an_action_opens_the_database_once_and_sees_one_view(desk: Desk) -> None:
    number = desk.submit()
    assert desk.store.opened == ["writing"]
    desk.seat = Seat(account="window1", at="2026-03-03")
    assert desk.act(number, "accept") == "accepted", "what was decided is there to be shown before it is kept"
    assert desk.store.opened == ["writing", "writing"]
    with desk.service.database.reading() as db:
        case = db.cases.get(number)
        assert (case.state, case.done["accept"].by) == ("accepted", "window1")
    desk.service.verify()


def test_a_refusal_undoes_everything_and_is_then_logged(desk: Desk) -> None:
    number = desk.submit()
    desk.store.opened.clear()
    with pytest.raises(Refused):
        desk.act(number, "collect")
    assert desk.store.opened == ["writing", "writing"]
    with desk.service.database.reading() as db:
        assert db.cases.get(number).state == "submitted"
        refused = [entry for _, _, entry in db.cases.entries(number) if entry.change.refused is not None]
    assert [(entry.actor, entry.action) for entry in refused] == [("window1", "collect")]
    desk.seat = Seat(account="center1", at="2026-03-02T09:00")
    with pytest.raises(NotAllowed):
        desk.submit()
    with desk.service.database.reading() as db:
        assert [line.said.code for line in db.journal.of(SubmissionRefused)] == ["role"]
    desk.seat = Seat(account="window1", at="2026-03-02T09:00")
    assert desk.submit("R-2").endswith("000002"), "no number was lost"


def test_of_whom_nobody_knows_nothing_is_logged(desk: Desk) -> None:
    desk.seat = Seat(account="nobody", at="2026-03-02T09:00")
    with pytest.raises(NotAllowed):
        desk.submit()
    assert desk.store.opened == ["writing"]
    with desk.service.database.reading() as db:
        assert not list(db.journal.of(SubmissionRefused))


def test_what_fails_in_nobodys_name_is_told_and_not_that_nobody_is_signed_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = CreditWorkflowError(Text("磁盘已满", "the disk is full"), code="disk_full")

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(notifications, "put_out_digests", fail)
    with pytest.raises(CreditWorkflowError) as told:
        carry_out(desk.office, Seat(at="2026-03-02T09:00"), notifications.PutOutDigests())
    assert told.value is fault
    assert desk.store.opened == ["writing"]


@pytest.mark.parametrize("what", ["done", "refused", "mistyped", "not there"])
def test_that_a_sign_in_was_used_is_noted_whatever_comes_of_it(
    desk: Desk, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = desk.submit()
    then = datetime.fromisoformat("2026-03-02T00:45+00:00")
    with desk.service.database.writing() as db:
        held = SignedIn(token=sign_in.digest_of_token("token"), account="window1", began=then, used=then)
        db.accounts.put_sign_in(held)
        kind = type(db).__mro__
    for reader in kind:  # a database for practice knows no sign-in: it is taken for one that does
        if "training" in vars(reader):
            monkeypatch.setattr(reader, "training", property(lambda _: False))
    desk.office.clock = lambda: then + timedelta(minutes=20)
    desk.seat = Seat(tokens=lambda _: "token")
    desk.store.opened.clear()
    if what == "done":
        desk.act(number, "accept")
    elif what == "refused":
        with pytest.raises(Refused):
            desk.act(number, "collect")
    elif what == "mistyped":
        with pytest.raises(UsageFault):
            desk.act(number, "accept", nonsense="1")
    else:
        with pytest.raises(NotFound):
            desk.act("OBJ-2026-000099", "accept")
    monkeypatch.undo()
    with desk.service.database.reading() as db:
        noted = db.accounts.signed_in(held.token)
    assert noted is not None
    assert noted.used > then
    assert desk.store.opened == ["writing"] * (1 if what == "done" else 2)
