"""Ctrl-C while the server keeps what was written: people are told to look before they do it again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from credit_workflow.errors import CommitInterrupted
from credit_workflow.store.crypto.scans import scan_of
from credit_workflow.store.postgres.server import ServerTransactions
from tests.postgres.server import Server, until
from tests.postgres.test_making import rehearsed
from tests.postgres.unit import unit

ROOT = Path(__file__).resolve().parents[2]


def interrupt_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Ctrl-C come when the server has kept what was written and has not said so yet."""
    commit = ServerTransactions.commit

    def interrupted(self: ServerTransactions) -> None:
        commit(self)
        raise KeyboardInterrupt

    monkeypatch.setattr(ServerTransactions, "commit", interrupted)


def test_whoever_interrupts_a_commit_is_told_so(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = unit(tmp_path, postgres_url)
    interrupt_commits(monkeypatch)
    with pytest.raises(CommitInterrupted):
        office.objection("2026-03-02")
    monkeypatch.undo()
    assert office.verify()["cases"] == 1


def test_what_an_interrupted_commit_may_have_kept_keeps_its_scans(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = unit(tmp_path, postgres_url)
    (scan := tmp_path / "scan.pdf").write_bytes(b"%PDF scan")
    interrupt_commits(monkeypatch)
    with pytest.raises(CommitInterrupted):
        rehearsed(office, scan)
    assert scan_of(office.database, sha256(scan.read_bytes()).hexdigest()) == b"%PDF scan"


@pytest.mark.slow
def test_a_command_that_waits_for_the_standby_can_be_interrupted_and_says_that_it_may_be_done(tmp_path: Path) -> None:
    with Server.make(settings={"synchronous_commit": "on"}) as server, server.database("credit") as url:
        office = unit(tmp_path, url)
        with server.connect() as db, _waiting_for_a_standby(db):
            words = [
                "objection",
                "submit",
                "--record=R-1",
                "--set=reason=x",
                "--as=window1",
                "--json",
                "--at=2026-03-02",
            ]
            command = subprocess.Popen(
                [sys.executable, "-m", "credit_workflow", *words, "--db", url], cwd=ROOT, stderr=subprocess.PIPE, text=True,
                stdout=subprocess.PIPE, encoding="utf-8", preexec_fn=_as_in_a_terminal,  # noqa: PLW1509 - one call
            )  # fmt: skip
            waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            until(lambda: db.execute(waits).fetchone() or command.poll() is not None, "it waits for the standby")
            command.send_signal(signal.SIGINT)
            out, said = command.communicate(timeout=60)
            assert (command.returncode, out, json.loads(said)["error"]["code"]) == (130, "", "commit_unknown")
        assert office.verify()["cases"] == 1


@contextmanager
def _waiting_for_a_standby(db: psycopg.Connection) -> Iterator[None]:
    """Every commit waits for a standby that is not there."""
    db.execute("ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (away)'")
    db.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        db.execute("ALTER SYSTEM RESET synchronous_standby_names")
        db.execute("SELECT pg_reload_conf()")


def _as_in_a_terminal() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
