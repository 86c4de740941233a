"""An action and who takes it, when and under which rules are one transaction: one opening, one view."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.access.identification import Who, acting_as
from credit_workflow.casework.cases import actions, transaction
from credit_workflow.casework.journal.people_entries import SubmissionRefused
from credit_workflow.casework.ports import Claim, Reading, SignedIn, Writing
from credit_workflow.casework.session import Acting, Form, NewCase
from credit_workflow.engine.values import Case
from credit_workflow.errors import NotAllowed, NotFound, Refused, UsageFault
from credit_workflow.store.database import Database
from tests.integration.helpers import Service

pytestmark = pytest.mark.usefixtures("databases")

_OBJECTION = NewCase(workflow="objection", record="R-1")
_FILLED = Form(given={"reason": "有误"}, all_materials=True)


class Counted:
    """A database that notes how it is opened."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.opened: list[str] = []

    def reading(self) -> AbstractContextManager[Reading]:
        self.opened.append("reading")
        return self._database.reading()

    @contextmanager
    def writing(self, claim: Claim | None = None) -> Iterator[Writing]:
        self.opened.append("writing")
        with self._database.writing(claim) as db:
            yield db

    def staying_open(self) -> AbstractContextManager[None]:
        return self._database.staying_open()


class Desk:
    """Where ``window1`` acts, everything about it settled by whoever has opened the database."""

    def __init__(self, service: Service, account: str = "window1") -> None:
        self.service = service
        self.store = Counted(service.database)
        self.account = account
        self.at = "2026-03-02T09:00"
        self.held: SignedIn | None = None

    def resolve(self, db: Reading) -> Acting:
        acting = acting_as(
            db,
            Who(account=self.account),
            folder=self.service.definitions,
            counting=lambda kept: load_calendar(kept=kept),
            at=self.at,
            machine=datetime.fromisoformat("2026-03-02T00:00+00:00"),
        )
        return msgspec.structs.replace(acting, held=self.held)

    def submit(self, new: NewCase = _OBJECTION, form: Form = _FILLED) -> str:
        return transaction.submitted(self.store, self.resolve, new, form)

    def act(self, number: str, action: str, form: Form = Form(all_materials=True)) -> None:  # noqa: B008 - frozen
        transaction.acted(self.store, self.resolve, number, action, form, workflow="objection")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Service(tmp_path / "cases.db"))


def test_an_action_opens_the_database_once_and_sees_one_view(desk: Desk) -> None:
    number = desk.submit()
    assert desk.store.opened == ["writing"]
    desk.at = "2026-03-03"
    desk.act(number, "accept")
    assert desk.store.opened == ["writing", "writing"]
    with desk.service.database.reading() as db:
        case = db.cases.get(number)
        assert (case.state, case.done["accept"].by) == ("accepted", "window1")
    desk.service.verify()


def test_what_was_decided_is_there_to_be_shown_before_it_is_kept(desk: Desk) -> None:
    number = desk.submit()

    def accepted(db: Writing, acting: Acting) -> Case:
        actions.act(db, acting, number, "accept", Form(all_materials=True), workflow="objection")
        return db.cases.get(number)

    shown = transaction.taken(desk.store, desk.resolve, accepted, lambda *_: None)
    with desk.service.database.reading() as db:
        assert db.cases.get(number) == shown
    assert shown.state == "accepted"


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
    desk.account = "center1"
    with pytest.raises(NotAllowed):
        desk.submit()
    with desk.service.database.reading() as db:
        assert [line.said.code for line in db.journal.of(SubmissionRefused)] == ["role"]
    desk.account = "window1"
    assert desk.submit(NewCase(workflow="objection", record="R-2")).endswith("000002"), "no number was lost"


def test_of_whom_nobody_knows_nothing_is_logged(desk: Desk) -> None:
    desk.account = "nobody"
    with pytest.raises(NotAllowed):
        desk.submit()
    assert desk.store.opened == ["writing"]
    with desk.service.database.reading() as db:
        assert not list(db.journal.of(SubmissionRefused))


@pytest.mark.parametrize("what", ["done", "refused", "mistyped", "not there"])
def test_that_a_sign_in_was_used_is_noted_whatever_comes_of_it(desk: Desk, what: str) -> None:
    number = desk.submit()
    then = datetime.fromisoformat("2026-03-02T00:30+00:00")
    desk.held = SignedIn(token="0" * 64, account="window1", began=then, used=then)
    desk.store.opened.clear()
    if what == "done":
        desk.act(number, "accept")
    elif what == "refused":
        with pytest.raises(Refused):
            desk.act(number, "collect")
    elif what == "mistyped":
        with pytest.raises(UsageFault):
            desk.act(number, "accept", Form(given={"nonsense": "1"}))
    else:
        with pytest.raises(NotFound):
            desk.act("OBJ-2026-000099", "accept")
    with desk.service.database.reading() as db:
        noted = db.accounts.signed_in("0" * 64)
    assert noted is not None
    assert noted.used == then + timedelta(minutes=30)
    assert desk.store.opened == ["writing"] * (1 if what == "done" else 2)
