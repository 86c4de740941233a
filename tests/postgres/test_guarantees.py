"""What the rest relies on, one by one: what waits for what, what is looked up, what is undone, and what a stranger may."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from benchmarks.bulk import build
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import Rehearsed
from credit_workflow.casework.ports import Claim
from credit_workflow.errors import CreditWorkflowError, IntegrityFault, NotFound, Refused
from credit_workflow.store.backend import Lock
from credit_workflow.store.postgres import plain_connection
from credit_workflow.store.postgres import server as ours
from credit_workflow.store.postgres.dialect import LOCKS
from credit_workflow.store.postgres.roles import application_role, reading_role
from credit_workflow.text import Text
from tests import where
from tests.postgres.server import PATIENCE, Server, libpq, until
from tests.postgres.test_together import in_thread, waits
from tests.postgres.unit import Unit, unit
from tests.postgres.worker import DAY


@pytest.fixture(scope="module")
def office(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    with postgres.database("test_guarantees") as url:
        office = unit(tmp_path_factory.mktemp("office"), url, records=30)
        office.objection("2026-03-02", "R-1")
        yield office


def name_of(office: Unit) -> str:
    return office.url.rpartition("/")[2]


@contextmanager
def held(office: Unit, sql: str, *values: object) -> Iterator[Callable[[], None]]:
    """Let a stranger's transaction hold what a statement locks until it is told to let go."""
    with psycopg.connect(libpq(office.url)) as db:
        db.execute(sql, values)
        yield db.rollback


def held_lock(office: Unit, lock: Lock) -> AbstractContextManager[Callable[[], None]]:
    return held(office, "SELECT pg_advisory_xact_lock(%s, %s)", LOCKS, lock.value)


def newest(office: Unit) -> tuple[str, int, str]:
    with office.database.reading() as db:
        number, hash_ = db.plain.execute("SELECT id, hash FROM case_event ORDER BY id DESC LIMIT 1").fetchone()
    return "case_event", number, hash_


# -- waiting


def test_whoever_appends_to_a_log_waits_for_whoever_does_so(office: Unit) -> None:
    """An action and a look-up, which take other locks than each other before."""
    with office.database.reading() as db:
        free = f"R-{db.count('case_file') + 1}"
    for work in (lambda: office.objection("2026-03-03", free), lambda: logged(office)):
        with held_lock(office, Lock.LOGS) as let_go:
            writing = in_thread(work)
            until(lambda: waits(office.url), "it waits for the logs")
            assert not writing.done()
            let_go()
            writing.result(PATIENCE)
    office.verify()


def rehearsed(office: Unit) -> Draft:
    said = Rehearsed(ok=True, seconds=1.0, code=None)
    return Draft(said=said, at=office.moment("2026-03-03").at, actor="admin1", role="admin")


def logged(office: Unit) -> None:
    with office.database.writing() as db:
        db.journal.add(rehearsed(office))


def test_whether_a_commit_happened_is_asked_when_it_is_decided(office: Unit) -> None:
    """Whoever is committing holds the lock on the logs until it is."""
    link = newest(office)
    with held_lock(office, Lock.LOGS) as let_go:
        asked = in_thread(lambda: office.database.backend.happened(link))
        until(lambda: waits(office.url), "it waits for the logs")
        assert not asked.done()
        let_go()
        assert asked.result(PATIENCE)


@pytest.mark.parametrize("fail", [1, 5])
def test_a_server_that_is_away_is_asked_again(office: Unit, monkeypatch: pytest.MonkeyPatch, fail: int) -> None:
    waited: list[int] = []
    link, real = newest(office), ours.PostgresServer.open

    def open_it(server: ours.PostgresServer) -> object:
        if len(waited) <= fail:
            raise CreditWorkflowError(Text("连接不上", "can't be reached"), code="unreachable")
        return real(server)

    monkeypatch.setattr(ours.time, "sleep", waited.append)
    monkeypatch.setattr(ours.PostgresServer, "open", open_it)
    assert office.database.backend.happened(link)
    assert waited == [0, 2, 4, 8, 16, 32][: fail + 1]


@pytest.fixture
def crowd(postgres_url: str, tmp_path: Path) -> Unit:
    build(postgres_url, 20)  # type: ignore[arg-type]  # a URL is as good as a path
    return Unit(tmp_path, known=True, url=postgres_url)


def test_a_sweep_waits_at_its_end_for_what_an_operator_holds(crowd: Unit) -> None:
    with held(crowd, "SELECT number FROM case_file WHERE number = 'OBJ-2026-000007' FOR UPDATE") as let_go:
        sweep = in_thread(lambda: crowd.sweep(DAY, batch=50))
        until(lambda: waits(crowd.url), "the sweep has done the rest, and waits")
        with crowd.database.reading() as db:
            assert len(db.cases.find(CaseQuery(workflow="marking", state="expired"))) == 19
        assert not sweep.done()
        let_go()
        assert sweep.result(PATIENCE).fired["expire"] == 20
    crowd.verify()


@pytest.mark.parametrize("number", ["OBJ-2026-000003", "MRK-2026-000003"])
def test_who_decides_upon_a_case_waits_for_whoever_holds_its_family(crowd: Unit, number: str) -> None:
    for read in ("case", "families"):
        with held(crowd, "SELECT number FROM case_file WHERE number = 'OBJ-2026-000003' FOR UPDATE") as let_go:
            reading = in_thread(lambda read=read: decided(crowd, read, number))
            until(lambda: waits(crowd.url), "it waits for the family")
            assert not reading.done()
            let_go()
            reading.result(PATIENCE)


def decided(crowd: Unit, read: str, number: str) -> None:
    with crowd.database.writing() as db:
        db.cases.get(number) if read == "case" else db.cases.families([number.replace("MRK", "OBJ")])


def test_nobody_waits_for_ever_or_makes_others_do_so(office: Unit) -> None:
    assert isinstance(office.database.backend, ours.PostgresServer)
    with office.database.backend.open() as db:
        asked = ("lock_timeout", "idle_in_transaction_session_timeout", "TimeZone")
        assert [db.execute(f"SHOW {name}").fetchone() for name in asked] == [("30s",), ("5min",), ("UTC",)]


def test_the_end_of_a_sweep_waits_for_the_batches_of_others(office: Unit) -> None:
    """Whatever they hold by then: they may have claimed nothing yet."""
    began, lets_go = threading.Event(), threading.Event()

    def sweep() -> None:
        with office.database.writing(Claim.FREE):
            began.set()
            lets_go.wait(PATIENCE)

    def end() -> None:
        with office.database.writing(Claim.WAITING):
            assert lets_go.is_set()

    batch = in_thread(sweep)
    until(began.is_set, "a batch has begun")
    with office.database.writing(Claim.FREE):  # beside another batch, and beside people
        logged(office)
    ending = in_thread(end)
    until(lambda: waits(office.url), "the end waits for the batch")
    lets_go.set()
    for one in (batch, ending):
        one.result(PATIENCE)


# -- undoing, reading


def test_a_transaction_that_fails_leaves_nothing(office: Unit) -> None:
    before = office.verify()

    def fail() -> None:
        with office.database.writing() as db:
            db.cases.refuse(next(entry for _, _, entry in db.cases.entries("OBJ-2026-000001")))
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail()
    with office.database.staying_open():
        with pytest.raises(ZeroDivisionError):
            fail()
        logged(office)
    assert office.verify() == {**before, "journal": before["journal"] + 1}


def cut_off(office: Unit) -> None:
    """End all connections to the database."""
    with psycopg.connect(libpq(office.url), autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def lose(office: Unit) -> None:
    """Lose the connection in the middle of a transaction."""
    with office.database.writing() as db:
        db.journal.add(rehearsed(office))
        cut_off(office)
        db.journal.add(rehearsed(office))


def test_a_connection_that_stays_open_and_is_lost_is_given_up(office: Unit) -> None:
    """What is lost between two transactions is opened anew; who goes on after one that was lost has a new one."""
    with office.database.staying_open():
        logged(office)
        assert newest(office)
        cut_off(office)
        logged(office)
        cut_off(office)
        assert newest(office)
        before = office.verify()["journal"]
        with pytest.raises(CreditWorkflowError) as lost:
            lose(office)
        assert lost.value.code == "connection_lost"
        assert office.verify()["journal"] == before
        logged(office)
        assert office.verify()["journal"] == before + 1


def test_a_reader_writes_nothing(office: Unit) -> None:
    with pytest.raises(Refused), office.database.reading() as db:
        db.plain.execute("UPDATE account SET unit = 'x'").fetchall()


def test_what_is_not_ours_is_not_written_to(postgres_url: str) -> None:
    for statement, kind in (("SELECT 1", NotFound), ("CREATE TABLE case_event (x text)", IntegrityFault)):
        with psycopg.connect(libpq(postgres_url)) as db:
            db.execute(statement)
        with pytest.raises(kind), where.opened(postgres_url).writing():
            pass


def test_rows_are_read_page_by_page_to_the_last(office: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    for page in (1, 29, 30, 31):
        monkeypatch.setattr(plain_connection, "_PAGE", page)
        with office.database.reading() as db:
            found = db.plain.execute("SELECT no FROM credit_record WHERE no LIKE 'R%' AND no <> ? ORDER BY no", ("x",))
            assert [no for (no,) in found] == sorted(f"R-{n}" for n in range(1, 31))


# -- the schema, and what strangers may


def test_all_text_sorts_by_its_bytes(office: Unit) -> None:
    sql = (
        "SELECT c.relname, a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid"
        " JOIN pg_collation AS o ON o.oid = a.attcollation"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
        " AND a.attnum > 0 AND o.collname <> 'C' AND c.relname <> 'alembic_version'"
    )
    with psycopg.connect(libpq(office.url)) as db:
        found = set(db.execute(sql).fetchall())
    assert found <= {("case_deadline", "length"), ("case_deadline", "pauses")}  # which nothing sorts or looks for


def test_a_stranger_may_not_even_connect(office: Unit, postgres: Server) -> None:
    with postgres.connect() as db:
        db.execute("CREATE ROLE stranger")
        try:
            for right in ("CONNECT", "TEMPORARY", "CREATE"):
                asked = ("stranger", name_of(office), right)
                assert db.execute("SELECT has_database_privilege(%s, %s, %s)", asked).fetchone() == (False,), right
        finally:
            db.execute("DROP ROLE stranger")


def test_only_the_application_makes_months_and_only_of_logs(office: Unit) -> None:
    app, read = application_role(name_of(office)), reading_role(name_of(office))
    with psycopg.connect(libpq(office.url), autocommit=True) as db:
        may = "SELECT has_function_privilege(%s, 'log_month(text, text)', 'EXECUTE')"
        assert [db.execute(may, (role,)).fetchone() for role in (app, read)] == [(True,), (False,)]
        db.execute(f'SET ROLE "{app}"')
        for log, month in (("seal_log", "2026-03"), ("meta", "2026-03"), ("case_event", "2026-13")):
            with pytest.raises(errors.RaiseException):
                db.execute("SELECT log_month(%s, %s)", (log, month))


@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"])
def test_no_role_may_change_what_was_logged_or_what_the_database_is(office: Unit, right: str) -> None:
    tables = ("case_event", "case_event_2026_03", "journal_log", "seal_log", "definition", "meta", "alembic_version")
    with psycopg.connect(libpq(office.url)) as db:
        for table, role in itertools.product(tables, (application_role, reading_role)):
            asked = (role(name_of(office)), table, right)
            assert db.execute("SELECT has_table_privilege(%s, %s, %s)", asked).fetchone() == (False,), asked
