"""Which of what is due a sweep takes first: what has been due longest, whatever its number.

Within a family the order is that of the days on which things came true, however the pages fall; between families
nothing hangs on it but who is told first, and what is left when a sweep dies half-way.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.helpers import TO_COLLECTED, Service

pytestmark = pytest.mark.usefixtures("databases")


class Killed(Exception):
    """The sweep ends here."""


def stopped_after(batches: int, service: Service, day: str) -> None:
    """Sweep one deadline to a transaction, and end after so many of them."""
    seen = []

    def progress(done: int, _: int) -> None:
        seen.append(done)
        if len(seen) == batches:
            raise Killed

    with pytest.raises(Killed):
        service.sweep(day, batch=1, progress=progress)


def test_what_has_been_due_longest_is_told_first_and_a_killed_sweep_leaves_the_newest(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db", records=3)
    first = service.objection("2026-03-02", "R-1")  # to be answered by 1 April
    second = service.life(service.objection("2026-03-09", "R-2"), "2026-03-09", "window1:accept")  # not filed that day
    stopped_after(1, service, "2026-04-02")
    with service.database.reading() as db:
        flagged = {
            number: [d.id for d in db.cases.get(number).deadlines.values() if d.flagged] for number in (first, second)
        }
        waiting = [notice.case for notice in db.outbox.everything() if notice.to == "supervisor"]
    assert flagged == {first: [], second: ["archive"]}
    assert waiting == [second]
    service.sweep("2026-04-02", batch=1)
    with service.database.reading() as db:
        assert {notice.case for notice in db.outbox.everything() if notice.to == "supervisor"} == {second, first}
    service.verify()


def test_one_family_comes_true_in_its_own_order_however_the_pages_fall(tmp_path: Path) -> None:
    """The mark of a family ends before its revocation is late, though the sweep comes upon the other one first."""
    service = Service(tmp_path / "cases.db", records=2)
    objection = service.life(service.objection("2026-03-02", "R-1"), "2026-03-03", TO_COLLECTED)
    marking = service.follow("marking", objection, "2026-03-04")
    service.life(marking, "2026-03-04", "window1:accept window1:transfer center1:receive center1:mark")
    revocation = service.follow("revocation", marking, "2026-04-02")
    service.life(revocation, "2026-04-02", "window1:accept")  # to be done by 14 April; the mark stays through 3 April
    service.sweep("2026-05-06", batch=1)
    with service.database.reading() as db:
        assert {number: db.cases.get(number).state for number in (objection, marking, revocation)} == {
            objection: "expired", marking: "expired", revocation: "lapsed",
        }  # fmt: skip
        flags = [(e.action, str(e.effective)) for _, _, e in db.cases.entries(revocation) if e.actor == "system"]
    # what the case's end cancelled is nobody's to keep: only the filing, which outlives it, is late
    assert flags == [("overdue", "2026-04-03"), ("lapse", "2026-04-04")]
    service.verify()
