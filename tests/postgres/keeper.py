"""The one server of a run of tests, which all of pytest's workers share.

A keeper is a process of its own that starts the server and writes down where it is. Each worker that uses the server
holds a shared lock on a file, which the kernel takes back when the worker ends in whatever way, be it by ``kill -9``.
The keeper waits for that lock alone; when it gets it, nobody is left: it stops the server, deletes it and ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from tests.postgres.server import Server, ServerFailed, alone, create, drop, until

ROOT = Path(__file__).resolve().parents[2]
_SETUP = (
    "CREATE ROLE needs_password NOLOGIN",
    # What has to be made once in a run (templates, roles, which all databases of a server share) is made under a lock.
    "CREATE TABLE made (name text PRIMARY KEY)",
)


@contextlib.contextmanager
def shared(folder: Path) -> Iterator[Server]:
    """The server of the run whose shared folder this is; started by whoever comes first, gone after the last.

    Raises:
        ServerFailed: it didn't start.
    """
    with (folder / "start.lock").open("a") as start, (folder / "users.lock").open("a") as users:
        fcntl.flock(start, fcntl.LOCK_EX)  # one worker at a time finds out whether there is a server
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is ending
        state = folder / "server.json"
        if not state.exists():
            _start_keeper(folder, state)
        fcntl.flock(start, fcntl.LOCK_UN)
        try:
            yield _known(state)
        finally:
            _leave(users.fileno(), state)


def _known(state: Path) -> Server:
    values = json.loads(state.read_text(encoding="utf-8"))
    return Server(Path(values["folder"]), values["version"], values["port"])


def _start_keeper(folder: Path, state: Path) -> None:
    said = folder / "keeper.log"
    with said.open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", __name__, str(folder)], cwd=ROOT, env=os.environ | {"PYTHONPATH": _paths()},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    until(lambda: state.exists() or keeper.poll() is not None, "the server of the tests is started")
    if not state.exists():
        raise ServerFailed(said.read_text(encoding="utf-8", errors="replace"))
    keeper.returncode = 0  # it outlives this worker on purpose; nobody waits for it here


def _paths() -> str:
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def _leave(users: int, state: Path) -> None:
    """Give the lock back; the last one waits until the server is gone."""
    last = True
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gives the shared lock back even if it fails
        fcntl.flock(users, fcntl.LOCK_UN)
        until(lambda: not state.exists(), "the server of the tests is gone")
        last = False
    if last:
        # Others use the server, and this is had at once; or the keeper is ending, and this waits for it.
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(users, fcntl.LOCK_UN)


def once(server: Server, name: str, make: Callable[[psycopg.Connection], object]) -> None:
    """Do once in a run what all workers rely on, such as making a role; the others wait for the first."""
    with server.connect() as db:
        db.execute("SELECT pg_advisory_lock(1)")
        if db.execute("SELECT 1 FROM made WHERE name = %s", (name,)).fetchone() is None:
            make(db)
            db.execute("INSERT INTO made VALUES (%s)", (name,))


def template(server: Server, name: str, fill: Callable[[str], object]) -> str:
    """A database that others are copied from, filled once in a run by a function of its URL; its name."""

    def make(db: psycopg.Connection) -> None:
        drop(db, name)  # of a function that failed
        create(db, name)
        fill(server.url(name))
        db.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        alone(db, name)

    once(server, f"template {name}", make)
    return name


def main(folder: Path) -> None:
    """Keep a server until its last user is gone."""
    state, new = folder / "server.json", folder / "server.json.new"
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    with (folder / "users.lock").open("a") as users:
        server = Server.make()
        try:
            server.start()
            with server.connect() as db:
                for statement in _SETUP:
                    db.execute(statement)
            values = {"folder": str(server.folder), "version": server.version, "port": server.port}
            new.write_text(json.dumps(values), encoding="utf-8")
            new.rename(state)
            fcntl.flock(users, fcntl.LOCK_EX)
        finally:
            server.remove()
            state.unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
