"""Making and restoring a database on a server over a connection that breaks: all of it is there, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from sqlalchemy.engine import RootTransaction

from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import Rehearsed
from credit_workflow.definition.library import load_definitions
from credit_workflow.errors import CommitInterrupted, CommitUnknown, CreditWorkflowError, NotAllowed
from credit_workflow.store.backup import create_backup, restore_backup
from credit_workflow.store.crypto.keys import key_folder
from credit_workflow.store.crypto.scans import scan_of, scans_folder
from credit_workflow.store.postgres import server as ours
from credit_workflow.store.schema.creation import create
from tests import where
from tests.integration.helpers import Service, scanned
from tests.postgres.proxy import Proxy
from tests.postgres.server import Server, libpq
from tests.postgres.unit import Unit


@pytest.fixture
def wire(postgres: Server) -> Iterator[Proxy]:
    with Proxy(postgres.port) as proxy:
        yield proxy


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the keys of this test's databases."""
    monkeypatch.setenv("CREDIT_WORKFLOW_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def tables(url: str) -> int:
    with psycopg.connect(libpq(url)) as db:
        row = db.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone()
    return row[0] if row else 0


@contextmanager
def nobody_answers(wire: Proxy) -> Iterator[None]:
    """Let the next commit have no answer, and the server be out of reach when it is asked."""
    real = ours.PostgresServer.open

    def first_only(server: ours.PostgresServer) -> object:
        wire.accepting = not wire.struck.is_set()
        return real(server)

    wire.arm("after_commit")
    with mock.patch.object(ours, "_ASKED", 1), mock.patch.object(ours.PostgresServer, "open", first_only):
        yield
    assert wire.struck.is_set()
    wire.accepting = True


def init(url: str) -> None:
    definitions = load_definitions()
    at = Service.moment(Service.__new__(Service), "2026-03-01").at
    accounts = practice_accounts(d.workflow for d in definitions.values())
    create(where.opened(url), training=True, at=at, definitions=definitions.values(), accounts=accounts)


def test_a_database_whose_making_has_no_answer_is_there_with_its_keys(
    postgres_url: str, wire: Proxy, keys: Path, tmp_path: Path
) -> None:
    wire.arm("after_commit")
    init(wire.through(postgres_url))
    assert wire.struck.is_set()
    made = Unit(tmp_path, known=True, url=postgres_url)
    assert made.verify()["journal"] > 0
    assert [key_folder(keys, made.identity())] == list(keys.iterdir())


def test_a_database_whose_making_does_not_arrive_is_not_there_nor_are_its_keys(
    postgres_url: str, wire: Proxy, keys: Path, tmp_path: Path
) -> None:
    wire.arm("before_commit")
    with pytest.raises(CreditWorkflowError) as lost:
        init(wire.through(postgres_url))
    assert wire.struck.is_set()
    assert lost.value.code == "connection_lost"
    assert (tables(postgres_url), list(keys.iterdir())) == (0, [])
    init(wire.through(postgres_url))
    assert Unit(tmp_path, known=True, url=postgres_url).verify()["journal"] > 0


def test_the_keys_of_a_database_that_may_be_there_are_kept(
    postgres_url: str, wire: Proxy, keys: Path, tmp_path: Path
) -> None:
    """Where nobody can be asked whether it was made, it is said so, and what it would be lost without stays."""
    with nobody_answers(wire), pytest.raises(CommitUnknown):
        init(wire.through(postgres_url))
    made = Unit(tmp_path, known=True, url=postgres_url)
    assert made.verify()["journal"] > 0
    assert [key_folder(keys, made.identity())] == list(keys.iterdir())


def test_the_keys_of_a_database_whose_making_was_interrupted_at_its_commit_are_kept(
    postgres_url: str, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = RootTransaction.commit

    def interrupted(self: RootTransaction) -> None:
        commit(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(RootTransaction, "commit", interrupted)
    with pytest.raises(CommitInterrupted):
        init(postgres_url)
    made = Unit(tmp_path, known=True, url=postgres_url)
    assert made.verify()["journal"] > 0
    assert [key_folder(keys, made.identity())] == list(keys.iterdir())


@pytest.fixture
def backed(tmp_path: Path) -> tuple[Path, str]:
    """A backup of a file with a case and a scan, and the scan's digest."""
    init(str(tmp_path / "pc.db"))
    pc = where.opened(str(tmp_path / "pc.db"))
    (scan := tmp_path / "scan.pdf").write_bytes(b"%PDF scan")
    with scanned(pc, {"id": scan}) as digests:
        pass
    create_backup(pc, tmp_path / "pc.bak")
    return tmp_path / "pc.bak", str(digests["id"])


def test_a_restored_database_whose_commit_has_no_answer_is_there_with_its_scans(
    postgres_url: str, wire: Proxy, backed: tuple[Path, str], tmp_path: Path
) -> None:
    file, digest = backed
    wire.arm("after_commit")
    counts = restore_backup(file, where.opened(wire.through(postgres_url)))
    assert wire.struck.is_set()
    assert Unit(tmp_path, known=True, url=postgres_url).verify().items() <= counts.items()
    assert scan_of(where.opened(postgres_url), digest) == b"%PDF scan"


def test_the_scans_of_what_may_have_been_restored_or_done_are_kept(
    postgres_url: str, wire: Proxy, backed: tuple[Path, str], tmp_path: Path
) -> None:
    file, digest = backed
    with nobody_answers(wire), pytest.raises(CommitUnknown):
        restore_backup(file, where.opened(wire.through(postgres_url)))
    assert scan_of(where.opened(postgres_url), digest) == b"%PDF scan"
    (scan := tmp_path / "scan.pdf").write_bytes(b"%PDF another")
    people = Unit(tmp_path, known=True, url=wire.through(postgres_url))
    with nobody_answers(wire), pytest.raises(CommitUnknown):
        rehearsed(people, scan)
    assert scan_of(where.opened(postgres_url), sha256(scan.read_bytes()).hexdigest()) == b"%PDF another"


def rehearsed(people: Unit, scan: Path) -> None:
    """Write into the log, with a scan."""
    with scanned(people.database, {"id": scan}), people.database.writing() as db:
        said = Rehearsed(ok=True, seconds=1.0, code=None)
        db.journal.add(Draft(said=said, at=people.moment("2026-03-03").at, actor="admin1", role="admin"))


@pytest.mark.parametrize("at", [10, 40, 90, 140])
def test_a_database_that_is_cut_off_while_it_is_restored_is_not_there_at_all(
    postgres_url: str, wire: Proxy, backed: tuple[Path, str], tmp_path: Path, at: int
) -> None:
    file, digest = backed
    wire.arm("messages", at)
    with pytest.raises(CreditWorkflowError) as lost:
        restore_backup(file, where.opened(wire.through(postgres_url)))
    assert wire.struck.is_set()
    assert lost.value.code in ("connection_lost", "unreachable")
    assert tables(postgres_url) == 0
    assert not scans_folder(where.opened(postgres_url)).exists()
    restore_backup(file, where.opened(wire.through(postgres_url)))
    Unit(tmp_path, known=True, url=postgres_url).verify()
    assert scan_of(where.opened(postgres_url), digest) == b"%PDF scan"


def test_whoever_may_not_make_tables_restores_nothing(
    postgres: Server, postgres_url: str, backed: tuple[Path, str]
) -> None:
    with postgres.connect() as db:
        name = f"clerk_of_{postgres_url.rpartition('/')[2]}"
        db.execute(f"CREATE ROLE {name} LOGIN")
    try:
        theirs = where.opened(postgres_url.replace("//postgres@", f"//{name}@"))
        assert theirs.url != postgres_url
        with pytest.raises(NotAllowed) as refused:
            restore_backup(backed[0], theirs)
        assert refused.value.code == "database_rights"
        assert tables(postgres_url) == 0
        assert not scans_folder(theirs).exists()
    finally:
        with postgres.connect() as db:
            db.execute(f"DROP ROLE {name}")
