"""A database on a server: made whole or not at all, proved, moved, and used by roles that may do no more than they must."""

from __future__ import annotations

import itertools
import os
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from credit_workflow.errors import Conflict, IntegrityFault, NotAllowed, NotFound, Refused, UsageFault
from credit_workflow.store.backup import create_backup, restore_backup
from credit_workflow.store.crypto.scans import scan_of, scans_folder
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.postgres.roles import APPLICATION, application_role, reading_role
from credit_workflow.store.postgres.server import refuse_unfit
from credit_workflow.store.postgres.server_url import server_of
from credit_workflow.store.transfer import transfer
from tests import where
from tests.integration.helpers import scanned
from tests.postgres.server import Server, drop, libpq
from tests.postgres.unit import Unit, unit


@pytest.fixture
def office(postgres_url: str, tmp_path: Path) -> Unit:
    return unit(tmp_path, postgres_url)


def owner(office: Unit) -> psycopg.Connection:
    return psycopg.connect(libpq(office.url), autocommit=True)


def as_role(office: Unit, role: str) -> Unit:
    """The same people, with no more rights than a role has."""
    return office.through(f"{office.url}?options=-c%20role%3D{role}")


def name_of(office: Unit) -> str:
    return office.url.rpartition("/")[2]


def test_a_whole_life_verifies(office: Unit) -> None:
    office.marked()
    assert office.sweep("2026-04-09").fired["expire"] == 1
    counts = office.verify()
    assert (counts["cases"], counts["records"]) == (2, 3)


def test_a_database_is_initialised_once(office: Unit) -> None:
    before = office.verify()
    with pytest.raises(Refused) as refused:
        unit(office.path, office.url)
    assert refused.value.code == "exists"
    assert office.verify() == before


def test_what_is_not_there_is_said(postgres: Server, postgres_url: str) -> None:
    for url, code in (
        (postgres_url, "not_initialised"),
        (postgres.url("no_such_database"), "no_database"),
    ):
        with pytest.raises(NotFound) as missing, where.opened(url).reading():
            pass
        assert missing.value.code == code


def test_a_database_that_would_not_hold_our_text_is_refused(postgres: Server) -> None:
    with postgres.connect() as db:
        db.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        with pytest.raises(Refused, match="UTF8"):
            where.opened(postgres.url("latin")).backend.refuse_taken()
    finally:
        with postgres.connect() as db:
            drop(db, "latin")


@pytest.mark.parametrize(
    ("server", "code"),
    [((140_012, "UTF8", 6), "server_version"), ((160_014, "SQL_ASCII", 6), "encoding"), ((180_004, "UTF8", 59), "database_name")],
)  # fmt: skip
def test_an_unfit_server_is_named(server: tuple[int, str, int], code: str) -> None:
    refuse_unfit(150_000, "UTF8", 58)
    with pytest.raises(Refused) as refused:
        refuse_unfit(*server)
    assert refused.value.code == code


def test_what_is_another_programs_is_left_alone(postgres_url: str) -> None:
    with psycopg.connect(libpq(postgres_url), autocommit=True) as db:
        db.execute("CREATE TABLE case_event (x text)")
    with pytest.raises(IntegrityFault) as foreign, where.opened(postgres_url).reading():
        pass
    assert foreign.value.code == "foreign"
    with pytest.raises(Refused):
        where.opened(postgres_url).backend.refuse_taken()


@pytest.mark.parametrize(
    ("url", "options", "name"),
    [
        ("postgresql+psycopg://u:p%40@h:1/d", {"user": "u", "password": "p@", "host": "h", "port": "1"}, "u@h:1/d"),
        ("postgresql://h/d", {"host": "h"}, "h/d"),
        ("postgresql+psycopg://u@h1:1,h2/d", {"host": "h1,h2", "port": "1,5432"}, "u@h1:1,h2/d"),
        ("postgresql+psycopg://u@/d?host=h1:1&host=h2:2", {"host": "h1,h2", "port": "1,2"}, "u@h1:1,h2:2/d"),
        ("postgresql+psycopg://[::1]:7/d", {"host": "::1", "port": "7"}, "[::1]:7/d"),
        ("postgresql+psycopg:///d?host=/run/sockets", {"host": "/run/sockets"}, "/run/sockets/d"),
        ("postgresql+psycopg://h/d?target_session_attrs=any", {"target_session_attrs": "any"}, "h/d"),
    ],
)
def test_a_url_says_where(url: str, options: dict[str, str], name: str) -> None:
    found = server_of(url)
    assert options.items() <= found.options.items()
    assert found.name == f"postgresql://{name}"
    assert found.options["dbname"] == "d"
    assert ("target_session_attrs" in found.options) == ("," in found.options["host"] or "target" in url)


@pytest.mark.parametrize("url", ["postgresql://", "postgresql+psycopg://h", "postgresql+psycopg://[::1/d"])
def test_a_url_that_says_nothing_is_refused(url: str) -> None:
    with pytest.raises(UsageFault):
        where.opened(url)


@pytest.mark.parametrize("secret", ["ge#heim", "ge?heim", "ge/heim", "ge[heim", "ge?a=heim", "12/heim", "a@b/heim"])
def test_a_password_that_is_not_escaped_is_never_repeated(secret: str) -> None:
    for url in (f"postgresql+psycopg://u:{secret}@h:5432/d", f"postgresql:/u:{secret}@h/d"):
        with pytest.raises(UsageFault) as fault:
            where.opened(url)
        assert "heim" not in f"{fault.value.message.en}{fault.value.message.zh}{fault.value.details}"


def test_an_unknown_word_in_a_url_is_one_in_the_command(postgres_url: str) -> None:
    with pytest.raises(UsageFault, match="sslmod"), where.opened(f"{postgres_url}?sslmod=require").reading():
        pass


def test_writers_see_what_others_wrote_while_they_waited(office: Unit) -> None:
    people = office.through(f"{office.url}?options=-c%20default_transaction_isolation%3Dserializable")
    with people.database.writing() as db:
        assert db.plain.execute("SHOW transaction_isolation").fetchone() == ("read committed",)


@pytest.mark.parametrize(
    ("setting", "kind", "said"),
    [
        ("statement_timeout%3D1", Conflict, "statement_timeout"),
        ("default_transaction_read_only%3Don", Refused, "set to read only"),
    ],
)
def test_a_setting_in_the_way_is_named(office: Unit, setting: str, kind: type[Exception], said: str) -> None:
    people = office.through(f"{office.url}?options=-c%20{setting}")
    with pytest.raises(kind, match=said):
        people.objection("2026-03-02", "R-1")
    assert office.verify()["cases"] == 0


def test_no_message_has_a_password(postgres: Server) -> None:
    database = where.opened(f"postgresql+psycopg://nobody:s3cret@127.0.0.1:{postgres.port}/none")
    assert "s3cret" not in database.name
    with pytest.raises((NotFound, NotAllowed)) as fault, database.reading():
        pass
    assert "s3cret" not in fault.value.message.en + fault.value.message.zh


# -- roles


def test_the_applications_role_is_enough_for_all_that_people_do(office: Unit) -> None:
    people = as_role(office, application_role(name_of(office)))
    objection, marking = people.marked()
    assert people.sweep("2026-04-09").fired["expire"] == 1
    assert people.verify()["cases"] == 2
    assert (objection[:3], marking[:3]) == ("OBJ", "MRK")


def test_the_reading_role_proves_and_writes_nothing(office: Unit) -> None:
    office.marked()
    auditor = as_role(office, reading_role(name_of(office)))
    assert auditor.verify()["cases"] == 2
    with pytest.raises(NotAllowed) as refused:
        auditor.objection("2026-05-06", "R-2")
    assert refused.value.code == "database_rights"
    assert office.verify()["cases"] == 2


@pytest.mark.parametrize("verb", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"])
def test_each_role_may_do_what_it_needs_and_nothing_else(office: Unit, verb: str) -> None:
    with owner(office) as db:
        for table, role in itertools.product(APPLICATION, (application_role, reading_role)):
            name = role(name_of(office))
            wanted = role is application_role and verb in APPLICATION[table]
            may = db.execute("SELECT has_table_privilege(%s, %s, %s)", (name, table, verb)).fetchone()
            assert may == (wanted,), (name, table, verb)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_event SET actor = 'x'",
        "DELETE FROM journal_log",
        "TRUNCATE case_event",
        "ALTER TABLE case_event DISABLE TRIGGER ALL",
        "DROP TABLE case_event",
        "DROP TRIGGER case_event_no_update ON case_event",
        "CREATE TABLE public.mine (x int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION append_only() RENAME TO x",
        "DELETE FROM case_event_2026_03",
        "INSERT INTO case_event_2026_03 SELECT * FROM case_event LIMIT 0",
        "UPDATE meta SET value = 'production'",
        "SET session_replication_role = replica",
    ],
)
def test_the_applications_role_can_not_touch_the_log_or_the_schema(office: Unit, statement: str) -> None:
    office.marked()
    with owner(office) as db:
        db.execute(f'SET ROLE "{application_role(name_of(office))}"')
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute(statement)


@pytest.mark.parametrize("table", ["case_event", "case_event_2026_03", "journal_log", "seal_log"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_not_even_the_owner_changes_the_log(office: Unit, table: str, statement: str) -> None:
    office.marked()
    with owner(office) as db:
        if table == "seal_log":
            db.execute("INSERT INTO seal_log VALUES (1, '', 0, 0, 0, '', '', '', '')")
        with pytest.raises(errors.RaiseException, match="append-only"):
            db.execute(statement.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE case_event DISABLE TRIGGER case_event_no_update",
        "ALTER TABLE case_event_2026_03 DISABLE TRIGGER case_event_no_delete",
        "DROP TRIGGER journal_log_no_truncate ON journal_log_2026_03",
        "DROP TRIGGER seal_log_no_delete ON seal_log",
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "CREATE TRIGGER more BEFORE INSERT ON case_file FOR EACH ROW EXECUTE FUNCTION append_only()",
    ],
)
def test_a_guard_that_is_not_as_it_was_is_found(office: Unit, statement: str) -> None:
    office.marked()
    with owner(office) as db:
        db.execute(statement)
    with pytest.raises(IntegrityFault, match="trigger"):
        office.verify()


# -- partitions


def test_a_month_of_the_log_is_a_partition_that_can_be_moved(office: Unit, postgres: Server) -> None:
    office.marked()
    office.sweep("2026-04-09")
    before = office.verify()
    place = postgres.folder / f"cheap-{name_of(office)}"
    place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(place, postgres.data.stat().st_uid, -1)
    space = f"cheap_{name_of(office)}"
    with owner(office) as db:
        months = db.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'case_event'::regclass")
        assert sorted(row[0] for row in months) == ["case_event_2026_03", "case_event_2026_04"]
        db.execute(f"CREATE TABLESPACE {space} LOCATION '{place}'")
        try:
            db.execute(f"ALTER TABLE case_event_2026_03 SET TABLESPACE {space}")
            db.execute(f"ALTER INDEX case_event_2026_03_pkey SET TABLESPACE {space}")
            assert office.verify() == before
        finally:
            for kind, name in (("TABLE", "case_event_2026_03"), ("INDEX", "case_event_2026_03_pkey")):
                db.execute(f"ALTER {kind} {name} SET TABLESPACE pg_default")
            db.execute(f"DROP TABLESPACE {space}")


def test_a_month_that_is_taken_out_is_missed(office: Unit) -> None:
    office.marked()
    office.sweep("2026-04-09")
    with owner(office) as db:
        db.execute("ALTER TABLE case_event DETACH PARTITION case_event_2026_03")
    with pytest.raises(IntegrityFault):
        office.verify()


def test_december_has_its_partition(office: Unit) -> None:
    for at in ("2026-12-31T23:59", "2027-01-01"):
        office.objection(at, "R-1" if "12-31" in at else "R-2")
    assert office.verify()["cases"] == 2


# -- moving


def test_an_office_moves_from_a_pc_to_a_server_and_back(office: Unit, postgres: Server, tmp_path: Path) -> None:
    _, marking = office.marked()
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF scan")
    with scanned(office.database, {"id": scan}) as digests:
        pass
    file, pc = tmp_path / "office.bak", tmp_path / "pc.db"
    create_backup(office.database, file)
    counts = restore_backup(file, where.opened(str(pc)))
    assert office.verify().items() <= counts.items()
    second = tmp_path / "second.bak"
    create_backup(where.opened(str(pc)), second)
    with postgres.database(f"{name_of(office)}_moved") as url:
        there = where.opened(url)
        restore_backup(second, there)
        moved = office.through(url)
        assert moved.verify() == office.verify()
        assert scan_of(there, digests["id"] or "") == scan.read_bytes()
        assert moved.sweep("2026-04-09").fired["expire"] == 1
        with there.reading() as db:
            assert db.cases.get(marking).state == "expired"
        with pytest.raises(Refused):
            restore_backup(second, there)
    assert scans_folder(there).name.endswith(".scans")


def test_all_rows_are_carried_over(office: Unit, tmp_path: Path) -> None:
    office.marked()
    pc = where.opened(str(tmp_path / "pc.db"))
    told: list[tuple[int, int]] = []
    transfer(office.database, pc, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    with office.database.reading() as here, pc.reading() as there:
        assert verify(there) == verify(here)
        for table in APPLICATION:
            rows = [
                sorted(map(tuple, db.plain.execute(f"SELECT * FROM {table}").fetchall()), key=str)
                for db in (here, there)
            ]
            columns = [sorted(map(str, row)) for row in rows[0]]
            assert len(rows[0]) == len(rows[1])
            if table not in ("case_deadline", "case_file", "credit_record", "record_mark", "credential"):
                assert columns == [sorted(map(str, row)) for row in rows[1]]


def test_a_reader_sees_one_state(office: Unit) -> None:
    with office.database.reading() as db:
        before = db.cases.entries_kept()
        office.marked()
        assert db.cases.entries_kept() == before
        assert db.count("case_file") == 0
        with closing(psycopg.connect(libpq(office.url))) as other:
            assert other.execute("SELECT count(*) FROM case_file").fetchone() == (2,)
