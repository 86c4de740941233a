"""Somebody with the application's role and psql: what he may not do fails, and what he can do is found."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from credit_workflow.errors import IntegrityFault
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.postgres.plain_connection import PlainConnection
from credit_workflow.store.postgres.roles import application_role
from credit_workflow.store.reading.reader import Reader
from tests.postgres.server import Server, libpq, terminate
from tests.postgres.unit import Unit, unit

#: Code that would run as the owner if the owner's function took a name of the caller's for one of its own.
_TRAP = (
    "CREATE TEMPORARY TABLE case_event (LIKE public.case_event)",
    """
    CREATE FUNCTION pg_temp.away() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        ALTER TABLE pg_temp.case_event RENAME TO gone;
        RETURN 1;
    EXCEPTION WHEN OTHERS THEN
        RETURN 0;
    END $$
    """,
    """
    CREATE FUNCTION pg_temp.act() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
        IF current_user <> session_user AND NOT pg_has_role(session_user, current_user, 'USAGE') THEN
            PERFORM pg_temp.away();
            EXECUTE 'GRANT ALL ON public.case_event TO PUBLIC';
        END IF;
        RETURN 1;
    END $$
    """,
    "CREATE FUNCTION pg_temp.calm(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN pg_temp.act(); END $$",
    "CREATE INDEX ON pg_temp.case_event ((seq + pg_temp.calm(1)))",
    "GRANT ALL ON pg_temp.case_event TO PUBLIC",
)


@pytest.fixture
def office(postgres_url: str, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """An office whose owner is no superuser, as in production."""
    name = postgres_url.rpartition("/")[2]
    with postgres.connect() as db:
        db.execute(f'CREATE ROLE "{name}_owner" LOGIN CREATEROLE')
        db.execute(f'CREATE ROLE "{name}_thief" LOGIN')
        db.execute(f'ALTER DATABASE "{name}" OWNER TO "{name}_owner"')
    one = unit(tmp_path_factory.mktemp("office"), postgres.url(name, f"{name}_owner"))
    one.marked()
    with postgres.connect(name) as db:
        db.execute(f'GRANT "{application_role(name)}" TO "{name}_thief"')
    yield one
    with postgres.connect(name) as db:
        terminate(db, name)  # what a dying thief still holds can't be given to anybody
        for role in (f"{name}_thief", f"{name}_app", f"{name}_read", f"{name}_owner"):
            db.execute(f'REASSIGN OWNED BY "{role}" TO postgres')
            db.execute(f'DROP OWNED BY "{role}"')
            db.execute(f'DROP ROLE "{role}"')


@pytest.fixture
def thief(office: Unit, postgres: Server) -> Iterator[psycopg.Connection]:
    name = office.url.rpartition("/")[2]
    with postgres.connect(name, f"{name}_thief") as db:
        yield db


def test_the_owners_function_runs_nothing_of_whoever_calls_it(office: Unit, thief: psycopg.Connection) -> None:
    for statement in _TRAP:
        thief.execute(statement)
    thief.execute("SELECT log_month('case_event', '2031-05')")
    with pytest.raises(errors.InsufficientPrivilege):
        thief.execute("UPDATE public.case_event SET actor = 'x'")
    assert thief.execute("SELECT to_regclass('public.case_event_2031_05') IS NOT NULL").fetchone() == (True,)
    office.verify()


def test_the_owners_function_makes_months_of_logs_and_nothing_else(office: Unit, thief: psycopg.Connection) -> None:
    for arguments in (
        "'case_file', '2031-05'", "'case_event', '2031-13'", "NULL, '2031-05'", "'case_event', NULL",
        "'case_event', E'2031-05\\nx'", "'case_event (id int); --', '2031-05'",
    ):  # fmt: skip
        with pytest.raises((errors.RaiseException, errors.InvalidTextRepresentation)):
            thief.execute(f"SELECT log_month({arguments})")
    office.verify()


def test_a_door_left_open_is_found(office: Unit) -> None:
    for statement in (
        "ALTER FUNCTION log_month(text, text) SET search_path FROM CURRENT",
        "ALTER FUNCTION log_month(text, text) RESET ALL",
        "CREATE FUNCTION log_month(log text, month text, more text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT UPDATE ON case_event TO PUBLIC",
        "GRANT DELETE ON journal_log_2026_03 TO PUBLIC",
        "GRANT UPDATE (actor) ON case_event TO PUBLIC",
        "GRANT TRUNCATE ON seal_log TO PUBLIC",
    ):
        with psycopg.connect(libpq(office.url)) as db:
            db.execute(statement)
            assert any(word in (proof(office, db) or "") for word in ("log_month", "may change it")), statement
            db.rollback()
    assert office.verify()


# -- what the application's role may write, by hand


def proof(office: Unit, db: psycopg.Connection) -> str | None:
    """What ``audit verify`` says of what a transaction would leave; None where nothing is wrong."""
    try:
        verify(Reader(PlainConnection(db), office.database.backend.dialect, office.database.keys))
    except IntegrityFault as fault:
        return fault.message.en
    return None


def _hash(parts: str) -> str:
    return f"encode(sha256(convert_to(concat_ws(E'\\x1f', {parts}), 'UTF8')), 'hex')"


def _appended(log: str, at: str, stream: str, name: str) -> list[str]:
    """What adds a copy of a stream's last entry, rightly numbered and chained, as anybody can who knows how."""
    said = {
        "case_event": "effective, actor, role, action, before, after, data",
        "journal_log": "actor, role, kind, data",
    }[log]
    hash_ = _hash(f"prev, {stream}, seq::text, at, {said}")
    head = _hash(f"hash, (SELECT hash FROM {log} ORDER BY id DESC LIMIT 1)")
    added = f"""
        INSERT INTO {log} (id, {stream}, seq, at, {said}, prev, hash)
        SELECT (SELECT max(id) + 1 FROM {log}), {stream}, seq, at, {said}, prev, {hash_}
        FROM (
            SELECT {stream}, seq + 1 AS seq, '{at}' AS at, {said}, hash AS prev FROM {log}
            WHERE {stream} = '{name}' ORDER BY seq DESC LIMIT 1
        ) AS last
    """
    moved = f"UPDATE log_head SET entries = entries + 1, hash = {head} WHERE log = '{log}'"
    return [f"SELECT log_month('{log}', '{at[:7]}')", added, moved]


_NOW, _LONG_AGO = "2026-04-09T03:00:00Z", "2020-01-05T00:00:00Z"
_CASE = "MRK-2026-000001"
_HEAD = (
    f"UPDATE case_file SET version = version + 1, (head_seq, head_hash) = (SELECT seq, hash FROM case_event"
    f" WHERE case_no = '{_CASE}' ORDER BY seq DESC LIMIT 1) WHERE number = '{_CASE}'"
)
_FORGERIES = {
    "an entry of a case": [*_appended("case_event", _NOW, "case_no", _CASE), _HEAD],
    "one in a month long ago": [*_appended("case_event", _LONG_AGO, "case_no", _CASE), _HEAD],
    "one with a number that is taken": [
        "SELECT log_month('case_event', '2020-01')",
        """INSERT INTO case_event SELECT id, case_no, seq, '2020-01-05T00:00:00Z', effective, actor, role, action,
        before, after, data, prev, hash FROM case_event WHERE id = 1""",
    ],
    "a sweep": _appended("journal_log", _NOW, "stream", "sweep"),
    "a sweep long ago": _appended("journal_log", _LONG_AGO, "stream", "sweep"),
    "the database's making": _appended("journal_log", _NOW, "stream", "setup"),
    "a definition": _appended("journal_log", _NOW, "stream", "definition"),
    "a record's value": _appended("journal_log", _NOW, "stream", "record:R-1"),
    "a state": [f"UPDATE case_file SET state = 'lifted' WHERE number = '{_CASE}'"],
    "a due date": ["UPDATE case_deadline SET due = '2031-01-01'"],
    "deadlines that are gone": ["DELETE FROM case_deadline"],
    "marks that are gone": ["DELETE FROM record_mark"],
    "a record taken out": ["UPDATE credit_record SET removed = true WHERE no = 'R-1'"],
    "another record's content": [
        "UPDATE credit_record SET content = (SELECT content FROM credit_record WHERE no = 'R-2') WHERE no = 'R-1'"
    ],
    "a role": ["UPDATE account SET roles = 'window,admin' WHERE name = 'window1'"],
    "an account": ["INSERT INTO account SELECT 'x', unit, roles, status, created, case_no FROM account LIMIT 1"],
    "a number": ["UPDATE number_series SET last = last + 1"],
    "a data key": ["UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE id = 1) WHERE id = 2"],
    "a longer log": ["UPDATE log_head SET entries = entries + 1"],
    "a seal": ["INSERT INTO seal_log VALUES (1, '2026-03-01T00:00:00Z', 0, 0, 0, '', '', '', '')"],
}


def test_what_is_forged_with_the_applications_rights_is_found(office: Unit, thief: psycopg.Connection) -> None:
    office.sweep("2026-04-09")
    thief.autocommit = False
    assert proof(office, thief) is None
    for what, statements in _FORGERIES.items():
        for statement in statements:
            thief.execute(statement)
        said = proof(office, thief)
        assert said is not None, what
        assert what != "a definition" or "without the data keys" in said  # all else of it is as it should be
        thief.rollback()
