"""How long sessions and locks last, with time as a parameter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.accounts import sign_in
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment
from credit_workflow.errors import NotAllowed
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.schema.creation import create
from tests import where

pytestmark = pytest.mark.usefixtures("databases")

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD, OTHER = "correct-horse-7-battery", "tempus-fugit-per-noctem"


def nobody(at: datetime) -> Acting:
    return Acting(
        definitions=load_definitions(), calendar=load_calendar(), actor=SYSTEM_ACTOR,
        moment=Moment.of(at, "Asia/Shanghai"),
    )  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Database:
    path = tmp_path / "cases.db"
    create(where.new(path), training=False, at=NOW, definitions=load_definitions().values(), accounts={})
    made = where.database(path)
    with made.writing() as db:
        sign_in.found(db, nobody(NOW), "root1", PASSWORD)
    return made


def joined_by_another(database: Database) -> None:
    """Found a second administrator: the last one is never suspended."""
    at = NOW + timedelta(days=50)
    with database.writing() as db:
        sign_in.found(db, nobody(at), "root2", PASSWORD)
    sign_in.sign_in(database, nobody(at), "root2", PASSWORD)


def lasts(database: Database, token: str, at: datetime) -> bool:
    with database.reading() as db:
        return sign_in.session_of(db, token, at) is not None


def test_a_session_ends_after_half_an_hour_unused(database: Database) -> None:
    token = sign_in.sign_in(database, nobody(NOW), "root1", PASSWORD)
    assert lasts(database, token, NOW + timedelta(minutes=29, seconds=59))
    assert not lasts(database, token, NOW + timedelta(minutes=30))
    assert not lasts(database, token + "x", NOW)


def test_a_session_that_is_used_ends_after_twelve_hours(database: Database) -> None:
    token, at = sign_in.sign_in(database, nobody(NOW), "root1", PASSWORD), NOW
    while at < NOW + timedelta(hours=12):
        with database.reading() as db:
            held = sign_in.session_of(db, token, at)
        assert held is not None
        fresh = sign_in.used(held, nobody(at).moment)
        if fresh is not None:
            with database.writing() as db:
                db.accounts.put_sign_in(fresh)
        at += timedelta(minutes=29)
    assert not lasts(database, token, at)


def test_the_lock_grows_and_ends(database: Database) -> None:
    at, waits = NOW, []
    for _ in range(4):
        with pytest.raises(NotAllowed):
            sign_in.sign_in(database, nobody(at), "root1", "wrong")
    for _ in range(4):
        with pytest.raises(NotAllowed):
            sign_in.sign_in(database, nobody(at), "root1", "wrong")
        with database.reading() as db:
            credential = db.accounts.credential("root1")
        assert credential is not None
        assert credential.locked_until is not None
        waits.append(credential.locked_until - at)
        with pytest.raises(NotAllowed):
            sign_in.sign_in(database, nobody(credential.locked_until - timedelta(seconds=1)), "root1", PASSWORD)
        at = credential.locked_until
    assert waits == [timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert sign_in.sign_in(database, nobody(at), "root1", PASSWORD)


def test_a_password_is_changed_every_ninety_days(database: Database) -> None:
    def why(at: datetime) -> bool:
        with database.reading() as db:
            return sign_in.must_change(db, "root1", Moment.of(at, "Asia/Shanghai")) is not None

    assert not why(NOW + timedelta(days=90))
    assert why(NOW + timedelta(days=91))


def test_a_password_stays_where_changing_it_is_refused(database: Database) -> None:
    joined_by_another(database)
    at = NOW + timedelta(days=101)  # the account ends by now, and no sweep has said so yet
    holder = msgspec.structs.replace(nobody(at), actor=Actor(account="root1", roles=frozenset({"admin"}), unit="admin"))
    with database.reading() as db:
        before = db.accounts.credential("root1")
    with pytest.raises(NotAllowed):
        sign_in.change_password(database, holder, PASSWORD, OTHER)
    with database.reading() as db:
        assert db.accounts.credential("root1") == before
        refused = [entry.action for _, _, entry in db.cases.entries("ACC-2026-000001") if entry.change.refused]
        assert refused == [sign_in.CHANGE]


def test_an_unused_account_is_suspended_by_the_sweep(database: Database) -> None:
    sign_in.sign_in(database, nobody(NOW + timedelta(days=10)), "root1", PASSWORD)
    joined_by_another(database)
    calendar = load_calendar()
    sweep(database, calendar, Moment.of(NOW + timedelta(days=100), "Asia/Shanghai"))
    with database.reading() as db:
        assert db.accounts.get("root1") is not None
    report = sweep(database, calendar, Moment.of(NOW + timedelta(days=101), "Asia/Shanghai"))
    assert report.fired["find_unused"] == 1  # which tells the case to suspend, where another one is left
    with database.reading() as db:
        assert db.accounts.get("root1") is None
        assert verify(db)["cases"] == 2
    with pytest.raises(NotAllowed):
        sign_in.sign_in(database, nobody(NOW + timedelta(days=102)), "root1", PASSWORD)
