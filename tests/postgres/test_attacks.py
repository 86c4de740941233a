"""Somebody with the application's role and psql: what he may not do fails, and what he can do is found."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from credit_workflow.errors import IntegrityFault
from credit_workflow.store.postgres.roles import application_role
from tests.postgres.server import Server, libpq
from tests.postgres.unit import Unit, unit

#: Code that would run as the owner if the owner's function took a name of the caller's for one of its own.
_TRAP = (
    "CREATE TEMPORARY TABLE case_event (LIKE public.case_event)",
    "CREATE FUNCTION pg_temp.away() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS"
    " $$ BEGIN ALTER TABLE pg_temp.case_event RENAME TO gone; RETURN 1; EXCEPTION WHEN OTHERS THEN RETURN 0; END $$",
    """
    CREATE FUNCTION pg_temp.act() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
        IF current_user <> session_user AND NOT pg_has_role(session_user, current_user, 'USAGE') THEN
            PERFORM pg_temp.away();
            EXECUTE 'GRANT ALL ON public.case_event TO PUBLIC';
        END IF;
        RETURN 1;
    END $$
    """,
    "CREATE FUNCTION pg_temp.calm(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS"
    " $$ BEGIN RETURN pg_temp.act(); END $$",
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


@pytest.mark.parametrize("arguments", ["'case_file', '2031-05'", "'case_event', '2031-13'", "NULL, '2031-05'",
                                       "'case_event', NULL", "'case_event', E'2031-05\\nx'"])  # fmt: skip
def test_the_owners_function_makes_months_of_logs_and_nothing_else(
    office: Unit, thief: psycopg.Connection, arguments: str
) -> None:
    with pytest.raises((errors.RaiseException, errors.InvalidTextRepresentation)):
        thief.execute(f"SELECT log_month({arguments})")
    office.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER FUNCTION log_month(text, text) SET search_path FROM CURRENT",
        "ALTER FUNCTION log_month(text, text) RESET ALL",
        "CREATE FUNCTION log_month(log text, month text, more text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT UPDATE ON case_event TO PUBLIC",
        "GRANT DELETE ON journal_log_2026_03 TO PUBLIC",
        "GRANT UPDATE (actor) ON case_event TO PUBLIC",
        "GRANT TRUNCATE ON seal_log TO PUBLIC",
    ],
)
def test_a_door_left_open_is_found(office: Unit, statement: str) -> None:
    with psycopg.connect(libpq(office.url), autocommit=True) as db:
        db.execute(statement)
    with pytest.raises(IntegrityFault, match=r"log_month|may change it"):
        office.verify()
