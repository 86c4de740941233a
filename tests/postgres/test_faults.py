"""What goes wrong on the server itself: each is one error of ours, nothing is written, and people go on afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg
import pytest

from credit_workflow.errors import Conflict, CreditWorkflowError, IntegrityFault, NotAllowed, Refused
from tests import where
from tests.acceptance.conftest import Command
from tests.acceptance.test_cli_spoiled import COMMANDS, READING
from tests.postgres.server import Server, drop, libpq, terminate
from tests.postgres.unit import Unit, unit


@pytest.fixture(scope="module")
def office(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    with postgres.database("test_faults_of_the_server") as url:
        yield unit(tmp_path_factory.mktemp("office"), url, records=40)


@contextmanager
def failing(office: Unit, sqlstate: str) -> Iterator[None]:
    """Let the server say that something failed whenever an entry is appended."""
    with psycopg.connect(libpq(office.url), autocommit=True) as db:
        raises = f"BEGIN RAISE EXCEPTION 'it failed' USING ERRCODE = '{sqlstate}'; END"
        db.execute(f"CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $${raises}$$")
        db.execute("CREATE TRIGGER fails BEFORE INSERT ON case_event FOR EACH ROW EXECUTE FUNCTION fail()")
        try:
            yield
        finally:
            db.execute("DROP TRIGGER fails ON case_event")


@pytest.mark.parametrize(
    ("sqlstate", "kind", "code"),
    [
        ("40P01", Conflict, "busy"), ("40001", Conflict, "busy"), ("55P03", Conflict, "busy"),
        ("57014", Conflict, "busy"), ("23505", Conflict, "conflict"), ("53300", Conflict, "busy"),
        ("53100", CreditWorkflowError, "disk_full"), ("58030", CreditWorkflowError, "disk_io"),
        ("42501", NotAllowed, "database_rights"), ("25006", Refused, "standby"), ("XX001", IntegrityFault, "damaged"),
        ("XX002", IntegrityFault, "damaged"), ("58P01", IntegrityFault, "damaged"), ("XX000", CreditWorkflowError, "database"),
    ],
)  # fmt: skip
def test_what_the_server_says_is_an_error_of_ours(
    office: Unit, sqlstate: str, kind: type[CreditWorkflowError], code: str
) -> None:
    with office.database.reading() as db:
        before, free = db.cases.entries_kept(), f"R-{db.count('case_file') + 1}"
    with failing(office, sqlstate), pytest.raises(CreditWorkflowError) as fault:
        office.objection("2026-03-02", free)
    assert (type(fault.value), fault.value.code) == (kind, code)
    assert fault.value.message.zh
    with office.database.reading() as db:
        assert db.cases.entries_kept() == before
    office.objection("2026-03-02", free)
    office.verify()


def test_a_page_that_the_disk_has_spoiled_is_damage(office: Unit, postgres: Server) -> None:
    """Really spoiled: in the file of a table, on the server's own disk."""
    name = office.url.rpartition("/")[2]
    with postgres.connect() as db:
        terminate(db, name)
        db.execute(f"CREATE DATABASE spoiled TEMPLATE {name} STRATEGY file_copy")  # of which no page is in memory
        (folder,) = db.execute("SELECT oid FROM pg_database WHERE datname = 'spoiled'").fetchone() or ("",)
    with psycopg.connect(libpq(office.url)) as db:
        (file,) = db.execute("SELECT pg_relation_filepath('credit_record')").fetchone() or ("",)
    place = postgres.data / "base" / str(folder) / Path(file).name
    with place.open("r+b") as table:
        table.write(Random(1).randbytes(4096))
    try:
        spoiled = where.opened(postgres.url("spoiled"))
        with pytest.raises(IntegrityFault) as fault, spoiled.reading() as found:
            found.records.find()
        assert fault.value.code == "damaged"
    finally:
        with postgres.connect() as db:
            drop(db, "spoiled")


def test_what_can_only_be_read_is_read_and_whoever_would_write_is_told_so(
    postgres: Server, postgres_url: str, tmp_path: Path
) -> None:
    """As on a standby, for a command of each kind."""
    people = unit(tmp_path, postgres_url)
    people.objection("2026-03-02")
    before = people.verify()
    with postgres.connect() as db:
        db.execute(f"ALTER DATABASE {postgres_url.rpartition('/')[2]} SET default_transaction_read_only = on")
    (tmp_path / "more.csv").write_text("record_no\n", encoding="utf-8")
    command = Command(tmp_path, {"CREDIT_WORKFLOW_DB": postgres_url})
    elsewhere = (
        "audit export",
        "backup create",
        "audit show",
        "record import",
    )  # what these write or refuse is not there
    for line, who in COMMANDS.items():
        if line.startswith(("scheduler", *elsewhere)):
            continue
        answer = command(line, who=who, at="2026-03-03")
        if line in READING:
            assert answer.code == 0, (line, answer)
        else:
            assert (answer.code, answer.error["code"]) == (3, "standby"), (line, answer)
    with postgres.connect() as db:
        db.execute(f"ALTER DATABASE {postgres_url.rpartition('/')[2]} RESET default_transaction_read_only")
    assert people.verify() == before
