"""An office keeps its connections from one call to the next: what it answers is never older than the call."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow import Office, open_database
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.rulebook import proposals
from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import IntegrityFault, NotFound, Refused
from credit_workflow.store import kept_connections
from credit_workflow.store.database import Database
from credit_workflow.store.kept_connections import Connections
from tests import where
from tests.integration.helpers import Service
from tests.integration.test_gazettes import NOTICE

pytestmark = pytest.mark.usefixtures("databases")
ROOT = Path(__file__).parents[2]
DAY = "2026-03-02"
RECORDS = 40


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Path:  # noqa: ARG001 - it must be there first
    return Service(tmp_path_factory.mktemp("kept") / "cases.db", records=RECORDS).path


@pytest.fixture
def service(template: Path, tmp_path: Path) -> Service:
    return Service(where.copy(template, tmp_path / "cases.db"), known=True)


@pytest.fixture
def office(service: Service) -> Iterator[Office]:
    with open_database(service.database.url, keys=service.database.keys) as office:
        yield office


def submitted(office: Office, record: str, at: str = DAY) -> str:
    desk = office.as_account("window1", at=at)
    return desk.submit("objection", record=record, values={"reason": "有误"}, all_materials=True).number


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that were opened from here on."""
    found: list[object] = []
    init = Connections.__init__

    def noting(connections: Connections[Any], backend: Any, connect: Any) -> None:
        def one(place: object) -> Any:
            made = connect(place)
            found.append(made)
            return made

        init(connections, backend, one)

    monkeypatch.setattr(Connections, "__init__", noting)
    return found


# -- kept


def test_a_call_opens_nothing_that_an_earlier_one_has_opened(opened: list[object], service: Service) -> None:
    with open_database(service.database.url, keys=service.database.keys) as office:
        submitted(office, "R-1")
        before = len(opened)
        for n in range(2, 6):
            case = submitted(office, f"R-{n}")
            office.as_account("window1", at=DAY).act(case, "accept")
        assert len(opened) == before == 2  # one that reads, one that writes
    service.verify()


def test_after_a_refusal_the_next_call_sees_the_present(opened: list[object], service: Service) -> None:
    with open_database(service.database.url, keys=service.database.keys) as office:
        case = submitted(office, "R-1")
        before = len(opened)
        told = []  # whoever keeps an error keeps what it went through
        for _ in range(3):
            with pytest.raises(Refused) as refusal:
                office.as_account("window1", at=DAY).act(case, "archive")
            told.append(refusal)
        assert len(opened) == before
        service.life(case, DAY, "window1:accept")
        assert office.as_account("window1", at=DAY).case(case).state == "accepted"
    service.verify()


def accepted(service: Service) -> list[str]:
    with service.database.reading() as db:
        return [case.number for case in db.cases.find() if case.state == "accepted"]


def test_a_query_half_read_holds_no_view(office: Office, service: Service) -> None:
    """What is left of it would keep the next call in the view of then."""
    with office.database.reading() as db:
        rows = iter(db.plain.execute("SELECT no FROM credit_record ORDER BY no"))
        next(rows)
    case = service.objection(DAY, "R-1")
    assert office.as_account("window1", at=DAY).case(case).state == "submitted"
    del rows


def fail(database: Database) -> None:
    with database.writing() as db:
        db.accounts.end_sign_ins(account="window1")
        raise ZeroDivisionError


def test_what_fails_leaves_no_connection_in_doubt(opened: list[object], service: Service) -> None:
    database = where.database(service.path)
    with database.staying_open():
        with pytest.raises(ZeroDivisionError):
            fail(database)
        with database.writing() as db:
            assert db.newest() is not None
    assert len(opened) == 2


# -- never stale


def test_a_notice_that_another_process_imports_counts_at_once(office: Office, service: Service, tmp_path: Path) -> None:
    before = office.calendar.day("2026-12-29")
    notice = tmp_path / "通知.txt"
    notice.write_text(NOTICE, encoding="utf-8")
    words = ["--db", service.database.url, "--as", "clerk1", "--at", "2026-12-25", "calendar", "import", str(notice)]
    done = subprocess.run([sys.executable, "-m", "credit_workflow", *words], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert (before.works, office.calendar.day("2026-12-29").works) == (True, False)


def approved(service: Service, new: Definition, since: date) -> int:
    with service.database.writing() as db:
        proposal = proposals.propose(db, service.acting("clerk1", DAY), [new], since=since, note=None)
    with service.database.writing() as db:
        proposals.decide(db, service.acting("authority1", DAY), proposal, "approved")
    return proposal


def test_what_is_published_elsewhere_is_in_force_at_once(office: Office, service: Service) -> None:
    def version() -> int:
        return {w.id: w.version for w in office.workflows}["objection"]

    assert version() == 2
    raw = msgspec.to_builtins(service.definitions["objection"].workflow)
    for number in (3, 4):
        raw["version"] = number
        new = from_body(body_of(msgspec.convert(raw, Workflow)))
        proposal = approved(service, new, date(2026, 3, 2))
        assert version() == number - 1
        with service.database.writing() as db:
            proposals.publish(db, service.acting("authority1", DAY), proposal)
        assert version() == number
        case = submitted(office, f"R-{number - 1}")
        assert office.as_account("window1", at=DAY).case(case).definition_version == number


def test_a_publication_counts_from_its_day(office: Office, service: Service) -> None:
    raw = {**msgspec.to_builtins(service.definitions["objection"].workflow), "version": 3}
    new = from_body(body_of(msgspec.convert(raw, Workflow)))
    proposal = approved(service, new, date(2026, 3, 10))
    with service.database.writing() as db:
        proposals.publish(db, service.acting("authority1", DAY), proposal)
    found = [
        office.as_account("window1", at=at).case(submitted(office, f"R-{n}", at)).definition_version
        for n, at in enumerate(("2026-03-09", "2026-03-10", "2026-03-10"), 1)
    ]
    assert found == [2, 3, 3]


@pytest.mark.sqlite("a file that goes")
def test_a_file_that_is_gone_is_told(office: Office, service: Service) -> None:
    submitted(office, "R-1")
    service.path.unlink()
    for ask in (lambda: submitted(office, "R-2"), lambda: office.calendar):
        with pytest.raises(NotFound) as gone:
            ask()
        assert gone.value.code == "no_database"


@pytest.mark.sqlite("a file that another takes the place of")
@pytest.mark.parametrize("in_place", [False, True])
def test_a_file_that_was_replaced_is_read_anew(
    office: Office, service: Service, template: Path, tmp_path: Path, *, in_place: bool
) -> None:
    case = submitted(office, "R-1")
    assert office.as_account("window1", at=DAY).case(case).number == case
    if in_place:
        with closing(sqlite3.connect(service.path)) as db:  # what is in the log would be laid over the new file
            assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
        shutil.copyfile(template, service.path)
    else:
        other = where.copy(template, tmp_path / "other.db")
        for log in tmp_path.glob("cases.db-*"):
            log.unlink()
        other.replace(service.path)
    with pytest.raises(NotFound):
        office.as_account("window1", at=DAY).case(case)
    assert submitted(office, "R-1") == case  # its first number


@pytest.mark.sqlite("a file that another takes the place of")
def test_a_file_that_is_no_database_any_more_is_told(office: Office, service: Service) -> None:
    submitted(office, "R-1")
    service.path.write_bytes(b"not a database, but a letter\n" * 999)
    for log in service.path.parent.glob("cases.db-*"):
        log.unlink()
    with pytest.raises(IntegrityFault):
        _ = office.calendar


# -- threads and processes


def test_threads_act_at_once_in_one_office(office: Office, service: Service) -> None:
    """Each of eight acts on its own cases and looks at the others': every number once, nothing lost, the log verifies."""
    start = threading.Barrier(8)

    def work(who: int) -> list[str]:
        start.wait(30)
        cases = []
        for n in range(4):
            case = submitted(office, f"R-{who * 4 + n + 1}")
            desk = office.as_account("window1", at=DAY)
            assert desk.act(case, "accept").state == "accepted"
            assert desk.case(case).version == 2
            assert case in {one.number for one in desk.cases()}
            with pytest.raises(Refused):
                desk.act(case, "accept")
            cases.append(case)
        return cases

    with ThreadPoolExecutor(8) as pool:
        found = [case for cases in pool.map(work, range(8)) for case in cases]
    assert len(set(found)) == 32
    assert sorted(accepted(service)) == sorted(found)
    assert service.verify()["cases"] >= 32


def test_what_a_thread_sees_is_one_state(office: Office) -> None:
    """A view begins with the call and doesn't move while others write."""
    with office.database.reading() as db:
        before = db.cases.count()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(submitted, office, "R-1").result()
        assert db.cases.count() == before
    with office.database.reading() as db:
        assert db.cases.count() == before + 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no forks")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_has_connections_of_its_own(office: Office, service: Service) -> None:
    first = submitted(office, "R-1")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            submitted(office, "R-2")
            office.close()
            code = 0 if kept_connections._FORKED else 2
        finally:
            os._exit(code)
    for _ in range(20):  # meanwhile
        assert office.as_account("window1", at=DAY).case(first).number == first
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    submitted(office, "R-3")
    assert office.as_account("window1", at=DAY).case(first).number == first
    service.verify()


# -- the end


def connections(service: Service) -> int:
    """How many connections there are to the database; to a file, whether there is any."""
    if not where.POSTGRES:
        return int(service.path.with_name("cases.db-wal").exists())
    import psycopg  # noqa: PLC0415 - an extra

    from tests.postgres.server import libpq, until  # noqa: PLC0415 - as above

    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(libpq(service.database.url), autocommit=True) as db:

        def count() -> int:
            return int(db.execute(sql).fetchone()[0])  # type: ignore[index]  # count has a row

        if not count():
            return 0
        try:
            until(lambda: count() == 0, "nobody is connected", 1)
        except TimeoutError:
            return count()
        return 0


@pytest.mark.parametrize("how", ["closed", "dropped", "left"])
def test_an_office_leaves_nothing_open(service: Service, how: str) -> None:
    office = open_database(service.database.url, keys=service.database.keys)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(submitted, [office] * 4, [f"R-{n}" for n in range(1, 5)]))
    assert connections(service)
    if how == "closed":
        office.close()
        office.close()
        case = submitted(office, "R-9")  # opens what it needs, and closes it
        assert office.as_account("window1", at=DAY).case(case).number == case
    elif how == "left":
        with office:
            pass
    del office
    gc.collect()
    assert connections(service) == 0


def test_a_calendar_of_an_office_outlives_it(office: Office) -> None:
    calendar = office.calendar
    office.close()
    assert calendar.is_working("2026-03-02") == load_calendar().is_working(date(2026, 3, 2))
