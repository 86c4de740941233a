"""Faults that are really made: many processes on the same cases, and processes killed at random."""

from __future__ import annotations

import contextlib
import random
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from benchmarks.bulk import build
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.seals import verify_seals
from credit_workflow.store.integrity.verification import verify
from tests import where
from tests.integration.helpers import TO_COLLECTED, TO_MARKED, Service
from tests.integration.test_processes import started

pytestmark = pytest.mark.usefixtures("databases")

_WORKING = """
import random, sys
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.definition.library import load_definitions
from credit_workflow.errors import CreditWorkflowError
from tests import where
from tests.integration.helpers import Service
service = Service.__new__(Service)
service.database = where.opened(sys.argv[1])
service.calendar, service.definitions = load_calendar(), load_definitions()
service.accounts = practice_accounts(d.workflow for d in service.definitions.values())
numbers = [f"OBJ-2026-{n:06}" for n in range(1, int(sys.argv[3]) + 1)]
random.Random(int(sys.argv[2])).shuffle(numbers)
print("ready", flush=True)
for number in numbers:
    for step in ("window1:accept", "window1:archive", "window1:transfer"):
        try:
            service.life(number, "2026-03-02", step)
        except CreditWorkflowError:
            continue
        print(number, step, flush=True)
"""


def opened(path: Path, count: int) -> Service:
    service = Service(path)
    for n in range(count):
        service.objection("2026-03-02", f"R-{n % 3 + 1}", reason=str(n))
    return service


def done(service: Service) -> Counter[tuple[str, str]]:
    with service.database.reading() as db:
        cases = [case.number for case in db.cases.find()]
        found = [(n, e.action) for n in cases for _, _, e in db.cases.entries(n) if e.change.refused is None]
    return Counter(found)


@pytest.mark.slow
def test_sixteen_processes_on_the_same_fifty_cases(tmp_path: Path) -> None:
    service = opened(tmp_path / "cases.db", 50)
    workers = [started(_WORKING, where.url(service.path), str(n), "50") for n in range(16)]
    said = [line for worker in workers for line in worker.communicate()[0].splitlines() if line != "ready"]
    assert [worker.returncode for worker in workers] == [0] * 16
    assert max(Counter(said).values()) == 1  # each step was done by one of them
    counted = done(service)
    assert set(counted.values()) == {1}
    assert len(said) == sum(n for (_, action), n in counted.items() if action != "submit")
    assert service.verify()["cases"] == 50


@pytest.mark.slow
@pytest.mark.parametrize("block", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 8))])
def test_actions_killed_at_random_instants_lose_nothing_and_do_nothing_twice(tmp_path: Path, block: int) -> None:
    service = opened(tmp_path / "cases.db", 100)
    dice = random.Random(block)
    acknowledged: set[str] = set()
    for kill in range(25):
        worker = started(_WORKING, where.url(service.path), str(block * 100 + kill), "100")
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        try:
            worker.wait(timeout=dice.uniform(0.001, 0.4))
        except subprocess.TimeoutExpired:
            worker.kill()
        acknowledged.update(line for line in worker.communicate()[0].splitlines() if line.count(":") == 1)
        counted = done(service)
        assert max(counted.values()) == 1
        kept = {f"{number} window1:{action}" for number, action in counted}
        assert acknowledged <= kept
        if kill % 8 == 0:
            assert service.verify()["cases"] == 100


_SWEEPING = """
import sys
from pathlib import Path
from credit_workflow.store.integrity.seals import add_seal
from tests.integration.helpers import Service
service = Service(Path(sys.argv[1]), known=True)
print("ready", flush=True)
day, batch, seal = sys.argv[2:]
service.sweep(day, batch=int(batch), progress=lambda done, due: print(done, flush=True))
if seal == "seal":
    with service.database.writing() as db:
        add_seal(db, service.moment(day).at)
print("through", flush=True)
"""


def sweep_killed(path: Path, dice: random.Random, day: str, batch: int, seal: str = "") -> str:
    """Sweep in a process that is killed at some instant after some batches; return what it said."""
    worker = started(_SWEEPING, str(path), day, str(batch), seal)
    assert worker.stdout is not None
    heard = [worker.stdout.readline() for _ in range(dice.randrange(1, 5))]
    with contextlib.suppress(subprocess.TimeoutExpired):
        worker.wait(timeout=dice.uniform(0.0001, 0.01))
    worker.kill()
    return "".join([*heard, worker.communicate()[0]])


@pytest.mark.slow
def test_a_sweep_killed_again_and_again_fires_each_expiry_once(tmp_path: Path) -> None:
    """150 dispute marks and 150 unfiled applications, a sweep that is killed until it is through."""
    service = Service(tmp_path / "cases.db", records=150)
    for n in range(150):
        service.life(service.objection("2026-03-02", f"R-{n + 1}"), "2026-03-03", TO_COLLECTED)
    for n in range(150):
        marking = service.follow("marking", f"OBJ-2026-{n + 1:06}", "2026-03-04")
        service.life(marking, "2026-03-09", TO_MARKED.replace(" window1:archive", ""))
    dice, killed, said = random.Random(7), 0, ""
    while "through" not in said:
        said = sweep_killed(service.path, dice, "2026-05-20", 5)
        killed += "through" not in said
    assert killed > 3
    counted = Counter(action for (_, action), n in done(service).items() for _ in range(n))
    assert (counted["expire"], counted["overdue"]) == (300, 150)
    assert {n for (_, action), n in done(service).items() if action in ("expire", "overdue")} == {1}
    service.sweep("2026-05-20")  # the last kill may have fallen on the certificate
    service.verify()


@pytest.mark.slow
@pytest.mark.long
def test_a_sweep_of_thousands_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    """4,000 expiries and their seal, by processes that are killed at random instants until one is through."""
    pairs = 2_000
    database = build(where.owner(path := tmp_path / "cases.db"), pairs)
    dice, killed, kept, said = random.Random(11), 0, list[str](), ""
    counts = []
    while "through" not in said:
        said = sweep_killed(path, dice, "2026-04-20", 50, "seal")
        killed += "through" not in said
        with database.reading() as db:
            hashes = [row[11] for row in db.event_rows() if row[6] == "expire"]
        assert set(kept) <= set(hashes)  # what was there stays
        kept = hashes
        counts.append(len(hashes))
    assert killed > 3
    assert len(set(counts) - {0, 2 * pairs}) > 2, counts  # kills fell into the middle
    assert set(done_in(database).values()) == {1}
    assert len(kept) == 2 * pairs
    with database.reading() as db:
        verify(db)
        assert verify_seals(db) == 1


def done_in(database: Database) -> Counter[tuple[str, str]]:
    with database.reading() as db:
        return Counter((row[0], row[6]) for row in db.event_rows() if row[6] == "expire")


def test_a_year_without_a_sweep_is_made_up_once_and_the_clock_does_not_go_back(tmp_path: Path) -> None:
    service = Service(tmp_path / "cases.db")
    objection, marking = service.marked()  # in force through 2026-04-08
    late = service.objection("2026-03-02", "R-2")
    service.sweep("2026-03-10")
    report = service.sweep("2027-03-10")
    assert (report.fired, report.caught_up_from) == ({"expire": 1, "overdue": 1}, date(2026, 3, 11))
    with service.database.reading() as db:
        effective = {(n, e.action): e.effective for n in (objection, marking, late) for _, _, e in db.cases.entries(n)}
    assert effective[marking, "expire"] == effective[objection, "expire"] == date(2026, 4, 9)
    assert effective[late, "overdue"] == date(2026, 4, 2)
    assert service.sweep("2027-03-10").fired == {}
    service.verify()
