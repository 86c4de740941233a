"""A notice that was given up and is tried again; keys that tell notices apart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from credit_workflow.casework.notifications import delivery
from credit_workflow.casework.notifications.messages import Message
from credit_workflow.casework.ports import NewNotification, Writing
from credit_workflow.errors import NotFound
from credit_workflow.store.mapping.outbox_rows import new_row
from credit_workflow.text import Text
from tests.integration.helpers import Service

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


class Down:
    """A channel that carries nothing."""

    def send(self, message: Message) -> None:  # noqa: ARG002 - nothing of it matters
        raise delivery.Undelivered(Text("不通", "down"))


@pytest.mark.usefixtures("databases")
def test_what_is_tried_again_has_all_its_attempts_anew(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    service.life(service.objection("2026-03-02"), "2026-03-02", "window1:accept")
    policy = delivery.Policy(attempts=2, first_wait_minutes=2)

    def tried(at: str) -> tuple[int, int]:
        moment = service.moment(at)
        said = delivery.deliver(service.database, service.calendar, moment, Down(), policy)
        return said.failed, said.given_up

    assert [tried(f"2026-03-02T10:{minute}") for minute in ("00", "02", "30")] == [(1, 0), (0, 1), (0, 0)]
    with service.database.reading() as db:
        (notice,) = db.outbox.everything()
    assert (notice.status, notice.finished) == ("given_up", service.moment("2026-03-02T10:02").at)
    with service.database.writing() as db:
        delivery.retry(db, service.acting("window1", "2026-03-02T11:00"), db.outbox.everything(), notice.key[:8])
    assert [tried(f"2026-03-02T11:{minute}") for minute in ("00", "02", "30")] == [(1, 0), (0, 1), (0, 0)]


def test_a_beginning_that_two_keys_share_names_neither() -> None:
    notices = [SimpleNamespace(key=key, status="given_up", attempts=10) for key in ("1a2b", "1a3c")]

    db = cast("Writing", SimpleNamespace(outbox=SimpleNamespace(everything=lambda: notices)))
    acting = cast("Any", SimpleNamespace(moment=SimpleNamespace(at=AT)))
    for key in ("1a", "9", ""):
        with pytest.raises(NotFound):
            delivery.retry(db, acting, db.outbox.everything(), key)


def test_two_notices_of_one_entry_have_two_keys() -> None:
    def row(**changed: Any) -> str:
        said = {"case": "OBJ-1", "seq": 2, "n": 0, "to": "applicant", "unit": None, "paper": "receipt"}
        notice = NewNotification(**{**said, "title_zh": "回执", "title_en": "receipt", **changed})
        return str(new_row("a database", notice, AT)[0])

    assert len({row(), row(n=1), row(seq=3), row(case="OBJ-2")}) == 4
    assert row() == row(to="window")  # a key is that of the place in the log
