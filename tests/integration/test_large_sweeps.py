"""Large sweeps: in batches of any size, with helpers or without, with people at work meanwhile, the same comes out."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bulk import build
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.running_entries import Swept
from credit_workflow.casework.sweep.certificates import Tally
from credit_workflow.casework.sweep.helped_sweep import HelperLost, gaps
from credit_workflow.casework.sweep.sweep_report import Ready, SweepReport
from credit_workflow.errors import Refused
from credit_workflow.store.crypto.cipher import Cipher
from credit_workflow.store.mapping.unopened import Unopened, encodable
from credit_workflow.store.reading.reader import Reader
from credit_workflow.store.workers.sweep_helpers import SweepHelpers, help_for, helping, kept_batch, ready_batch
from tests import where
from tests.integration.helpers import Service, Watched

pytestmark = pytest.mark.usefixtures("databases")

DAY = "2026-04-20"
PAIRS, LATE = 40, 7
#: Every marking expires with its objection; what was never archived is flagged in both.
DUE = PAIRS + 2 * LATE


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "before.db"
    build(where.owner(path), PAIRS, late=LATE)
    return path


@pytest.fixture
def service(template: Path, tmp_path: Path) -> Service:
    return copied(template, tmp_path / "cases.db")


def copied(template: Path, path: Path) -> Service:
    where.copy(template, path)
    return Service(path, known=True)


class Here:
    """Helpers in this process: they decide as soon as they are asked, so that what happens next comes too late.

    They keep nothing, as on a file, unless ``keeping``, as on a server.
    """

    def __init__(
        self, service: Service, count: int = 2, then: Callable[[int], object] = lambda _: None, *, keeping: bool = False
    ) -> None:
        self._service, self._then = service, then
        self._batch = kept_batch if keeping else ready_batch
        self._free = count
        self._found: deque[bytes] = deque()
        self.asked: list[list[str]] = []
        self.heard = 0

    def idle(self) -> bool:
        return self._free > 0

    def decide(self, roots: Sequence[str]) -> None:
        self._free -= 1
        s = self._service
        self._found.append(pickle.dumps(self._batch(s.database, s.calendar, s.moment(DAY), list(roots))))
        self.asked.append(list(roots))
        self._then(len(self.asked))

    def ready(self) -> Ready:
        self._free += 1
        self.heard += 1
        found: Ready = pickle.loads(self._found.popleft())  # noqa: S301 - pickled above
        return found

    @contextmanager
    def __call__(self) -> Iterator[Here]:
        yield self


def outcome(service: Service) -> dict[str, Any]:
    """Everything that a sweep leaves: cases, log entries, notices, and what it says of itself."""
    with service.database.reading() as db:
        last = db.journal.last(Swept)
        assert last is not None
        cases = {case.number: case for case in db.cases.find()}
        return {
            "cases": cases,
            "log": {number: [(seq, entry) for seq, _, entry in db.cases.entries(number)] for number in cases},
            "notices": [row[:11] for row in db.outbox.rows()],
            "due": last.said.due,
            "done": last.said.done,
            "fired": last.said.fired,
            "failed": last.said.failed,
        }


def test_batches_of_any_size_and_helpers_leave_the_same(template: Path, tmp_path: Path) -> None:
    found = []
    # Twelve helpers with a deadline each meet families again that are being decided on.
    runs = [(1, 0), (7, 0), (1_000, 0), (1, 12), (10, 2), (1, -12), (10, -2)]
    for number, (batch, count) in enumerate(runs):
        one = copied(template, tmp_path / f"{number}.db")
        helpers = Here(one, abs(count), keeping=count < 0) if count else None
        report = one.sweep(DAY, batch=batch, helpers=helpers)
        assert sum(report.fired.values()) == DUE
        assert helpers is None or helpers.heard >= PAIRS // batch
        one.verify()
        found.append(outcome(one))
    assert all(other == found[0] for other in found)


def test_what_is_due_too_little_is_done_without_helpers(service: Service) -> None:
    helpers = Here(service)
    service.sweep(DAY, batch=DUE, helpers=helpers)
    assert helpers.asked == []


@pytest.mark.parametrize("attempt", ["window1:archive", "center1:mark"])
def test_somebody_who_acts_meanwhile_is_not_passed_over(service: Service, attempt: str) -> None:
    """One action is carried out, the other one refused, which moves no version but is in the log all the same."""

    def act(batch: int) -> None:
        if batch == 1:
            with suppress(Refused):
                service.life(number, "2026-04-19", attempt)

    number = "MRK-2026-000002" if "mark" in attempt else "OBJ-2026-000002"
    helpers = Here(service, then=act)
    report = service.sweep(DAY, batch=5, helpers=helpers)
    assert "OBJ-2026-000002" in helpers.asked[0]
    # An action first records what time has moved in its own case, so there is one less for the sweep.
    assert report.fired["expire"] == PAIRS - (attempt == "window1:archive")
    assert report.failed == []
    service.verify()
    with service.database.reading() as db:
        log = [entry.action for _, _, entry in db.cases.entries("OBJ-2026-000002")]
        assert log.count("expire") == 1
        others = {case.state for case in db.cases.find(CaseQuery(workflow="marking"))}
    assert others == {"expired"}


@pytest.mark.parametrize("keeping", [False, True])
def test_two_sweeps_with_helpers_at_once_fire_everything_once(service: Service, keeping: bool) -> None:  # noqa: FBT001 - a parameter
    inner: list[int] = []

    def another(batch: int) -> None:
        if batch == 3:
            inner.append(sum(service.sweep(DAY, batch=4, helpers=Here(service, keeping=keeping)).fired.values()))

    report = service.sweep(DAY, batch=4, helpers=Here(service, then=another, keeping=keeping))
    assert sum(report.fired.values()) + inner[0] == DUE
    service.verify()


def test_a_helper_that_is_lost_costs_nothing_but_time(service: Service) -> None:
    class Lost(Here):
        def ready(self) -> Ready:
            if self.heard == 2:
                raise HelperLost
            return super().ready()

    assert sum(service.sweep(DAY, batch=5, helpers=Lost(service)).fired.values()) == DUE
    service.verify()


@pytest.mark.parametrize("keeping", [False, True])
def test_a_case_that_fails_is_named_once_and_the_others_are_done(service: Service, keeping: bool) -> None:  # noqa: FBT001 - a parameter
    with closing(where.connect(service.path)) as db, db:
        db.execute("UPDATE case_file SET state = 'nowhere' WHERE number = 'MRK-2026-000011'")
    report = service.sweep(DAY, batch=5, helpers=Here(service, keeping=keeping))
    assert [failure.case for failure in report.failed] == ["OBJ-2026-000011"]
    assert report.fired["expire"] == PAIRS - 1


def test_real_processes_help(template: Path, tmp_path: Path) -> None:
    heard: list[Ready] = []

    class Counted(SweepHelpers):
        def ready(self) -> Ready:
            heard.append(super().ready())
            if len(heard) == 3:
                self._all[0].kill()  # one dies in the middle
            return heard[-1]

    @contextmanager
    def helpers() -> Iterator[SweepHelpers]:
        with helping(
            helped.database.url, helped.database.keys, helped.calendar, helped.moment(DAY), 2, Counted
        ) as found:
            yield found

    helped, alone = copied(template, tmp_path / "helped.db"), copied(template, tmp_path / "alone.db")
    helped.sweep(DAY, batch=6, helpers=helpers)
    alone.sweep(DAY)
    assert len(heard) >= 3
    helped.verify()
    assert outcome(helped) == outcome(alone)


def test_there_are_no_helpers_where_there_is_one_processor(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("credit_workflow.store.workers.sweep_helpers.processors", lambda: 2)
    assert help_for(service.database, service.calendar, service.moment(DAY)) is not None
    monkeypatch.setattr("credit_workflow.store.workers.sweep_helpers.processors", lambda: 1)
    assert help_for(service.database, service.calendar, service.moment(DAY)) is None


@given(st.lists(st.integers(1, 4), max_size=8), st.integers(0, 30), st.booleans())
def test_the_gaps_are_what_is_not_ones_own(lengths: list[int], seen: int, first: bool) -> None:  # noqa: FBT001 - drawn
    own, mine, place = [], set[int](), 0
    for turn, length in enumerate(lengths):
        if (turn % 2 == 0) == first:
            own.append((place, place + length))
            mine |= set(range(place + 1, place + length + 1))
        place += length
    wanted = [n for n in range(seen + 1, place + 1) if n not in mine]
    found = gaps(own, seen, place)
    assert sorted(n for after, last in found for n in range(after + 1, last + 1)) == wanted


@given(st.permutations(range(6)), st.lists(st.integers(0, 3), min_size=6, max_size=6), st.sets(st.integers(0, 5)))
def test_a_sweep_knows_its_entries_whoever_is_heard_of_first(
    order: list[int], lengths: list[int], others: set[int]
) -> None:
    """Parts of a log, some of them another sweep's, are noted in any order."""
    ends = list(accumulate(lengths, initial=0))
    report = SweepReport(as_of=date(2026, 4, 20))
    for part in order:
        if part not in others:
            report.add(ends[part], ends[part + 1], Ready(seen=0, entries=0, fired={}, done=Tally(), first=None))
    own = {n for part in range(6) if part not in others for n in range(ends[part] + 1, ends[part + 1] + 1)}
    assert [n for after, last in report.ranges for n in range(after + 1, last + 1)] == sorted(own)
    assert all(one[1] < other[0] for one, other in pairwise(report.ranges))


def test_a_sweep_opens_nothing_that_no_rule_asks_for(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    real = Cipher.open
    monkeypatch.setattr(Cipher, "open", lambda self, place, text: opened.append(place) or real(self, place, text))
    service.sweep(DAY)
    assert [place for place in opened if place.startswith("case_file")] == []


def test_what_is_unopened_is_the_same_when_it_is_opened(service: Service) -> None:
    with service.database.reading() as db:
        roots = [number for number, root, _ in db.roots() if number == root]
        plain, later, again = (
            db.cases.families(roots),
            db.cases.families(roots, unopened=True),
            db.cases.families(roots, unopened=True),
        )
        assert later == again
        for root in roots:
            for number, case in later[root].items():
                assert isinstance(case.subject, Unopened)
                assert case == plain[root][number]
                assert plain[root][number] == case
                assert msgspec.json.encode(case, enc_hook=encodable) == msgspec.json.encode(plain[root][number])
                assert {**case.fields} == plain[root][number].fields


def test_the_queries_of_a_sweep_use_the_index_on_due_dates(service: Service) -> None:
    today = service.moment(DAY).effective
    with service.database.reading() as found:
        watched = Watched(found.plain)
        db = Reader(watched, service.database.backend.dialect, service.database.keys)
        roots, place = db.due.page(today, None, 10)
        db.due.page(today, place, 10)
        list(db.due.lines(today))
        db.due.waiting_for_notice(today)
        db.cases.entries_kept()
        db.journal.last(Swept)
        db.cases.roots_between(3, 9)
        assert roots
        plans = watched.plans()
        assert sum("case_deadline_pending" in step for step in plans) == 4
        assert scanned(plans) == set()
        # A page sorts nothing.
        assert [step for step in plans if "FOR ORDER BY" in step and "LAST TERM" not in step] == []
        watched.asked.clear()
        db.cases.families(roots, unopened=True)
        assert scanned(watched.plans()) <= {"meta", "data_key", "definition"}


def scanned(plans: list[str]) -> set[str]:
    """The tables that are read from end to end."""
    sign = "Seq Scan on " if where.POSTGRES else "SCAN "
    return {step.partition(sign)[2].split()[0] for step in plans if sign in step}
