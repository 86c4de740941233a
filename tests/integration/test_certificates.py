"""What a sweep says of itself must be what the log gives: that no deadline was passed over is provable."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow.casework.journal.running_entries import Swept
from credit_workflow.casework.sweep.certificates import Tally
from credit_workflow.errors import IntegrityFault
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.mapping.chain import genesis, link
from tests import where
from tests.integration.helpers import TO_MARKED, Service

pytestmark = pytest.mark.usefixtures("databases")


def said(service: Service) -> list[dict[str, Any]]:
    with service.database.reading() as db:
        return [msgspec.to_builtins(line.said) for line in db.journal.of(Swept)]


@pytest.fixture
def service(tmp_path: Path) -> Service:
    service = Service(tmp_path / "cases.db", records=5)
    service.marked()  # in force through 2026-04-08
    service.life(service.objection("2026-03-02", "R-2"), "2026-03-03", "window1:accept")  # not filed the same day
    return service


def test_a_certificate_says_what_was_due_what_was_done_and_what_was_missed(service: Service) -> None:
    service.sweep("2026-03-10")
    service.sweep("2026-04-09")
    first, second = said(service)
    due = Tally()
    due.add("OBJ-2026-000002", "archive", "2026-03-03")
    assert first["due"] == {"count": 1, "digest": due.digest}
    assert (first["done"]["count"], first["nights_missed"]) == (1, 0)
    assert (second["due"]["count"], second["done"]["count"], second["nights_missed"]) == (2, 2, 29)
    assert first["ends_with"] <= second["begins_after"] < second["ends_with"]
    service.verify()


def test_the_digest_does_not_depend_on_the_order() -> None:
    one, other = Tally(), Tally()
    for tally, lines in ((one, "abc"), (other, "cba")):
        for line in lines:
            tally.add(line, "x")
    assert (one.count, one.digest) == (other.count, other.digest)
    other.add("d")
    assert one.digest != other.digest


def rewritten(service: Service, change: Any) -> None:
    """Change what the last sweep said, and all hashes with it, as somebody with the whole file could."""
    with service.database.reading() as db:
        database = db.meta["id"]
    with closing(where.connect(service.path)) as db:
        seq, data, *parts = db.execute(
            "SELECT seq, data, stream, at, actor, role, kind, prev FROM journal_log WHERE stream = 'sweep'"
            " ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        document = json.loads(data)
        change(document)
        text = json.dumps(document, separators=(",", ":"))
        stream, at, actor, role, kind, prev = parts
        hash_ = link((prev, stream, str(seq), at, actor, role, kind, text))
        sql = "UPDATE journal_log SET data = ?, hash = ? WHERE stream = 'sweep' AND seq = ?"
        with where.unguarded(db):
            db.execute(sql, (text, hash_, seq))
        head, entries = genesis(database, "journal_log"), 0
        for (link_,) in db.execute("SELECT hash FROM journal_log ORDER BY id").fetchall():
            head, entries = link((head, link_)), entries + 1
        db.execute("UPDATE log_head SET hash = ?, entries = ? WHERE log = 'journal_log'", (head, entries))
        db.commit()


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["due"].update(count=7),
        lambda said: said["due"].update(digest="0" * 64),
        lambda said: said["done"].update(count=0),
        lambda said: said["done"].update(digest="0" * 64),
        lambda said: said.update(ranges=[]),
        lambda said: said.update(as_of="2026-04-08"),
        lambda said: said.update(begins_after=0),
    ],
)
def test_a_certificate_that_says_otherwise_is_found_though_every_hash_fits(service: Service, change: Any) -> None:
    service.life(service.objection("2026-03-20", "R-3"), "2026-03-21", "window1:accept")
    service.sweep("2026-04-09")
    service.verify()
    rewritten(service, lambda _: None)
    service.verify()
    rewritten(service, change)
    with pytest.raises(IntegrityFault) as caught, service.database.reading() as db:
        verify(db)
    assert caught.value.details["case"] in (
        "sweep",
        "OBJ-2026-000003",
        "OBJ-2026-000001",
        "OBJ-2026-000002",
        "MRK-2026-000001",
    )


def test_two_sweeps_of_small_batches_and_people_between_them(service: Service) -> None:
    for n in (3, 4, 5):
        service.life(service.objection("2026-03-10", f"R-{n}"), "2026-03-11", "window1:accept")
    service.sweep("2026-03-12", batch=1)
    marking = service.follow("revocation", "MRK-2026-000001", "2026-03-12")
    service.life(marking, "2026-03-12", TO_MARKED.split()[0])
    service.sweep("2026-05-20", batch=1)
    service.sweep("2026-05-20", batch=2)
    assert [one["due"]["count"] for one in said(service)][-1] == 0
    service.verify()
