"""The tests' own server: what it promises to the tests that use it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.postgres.keeper import ROOT, once, template
from tests.postgres.server import SECRET, Server, ServerFailed, libpq, terminate, until


def test_a_test_has_a_database_of_its_own_that_is_empty_and_speaks_chinese(postgres_url: str):
    with psycopg.connect(libpq(postgres_url)) as db:
        assert db.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        assert db.execute("SELECT length('异议𠮷'), current_setting('server_encoding')").fetchone() == (3, "UTF8")
        assert db.execute("SELECT current_database()").fetchone() == (postgres_url.rpartition("/")[2],)


def test_a_database_is_gone_after_its_test_though_somebody_is_still_connected(postgres: Server):
    with postgres.database("gone") as url:
        left = psycopg.connect(libpq(url))
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        postgres.connect("gone")


def test_a_template_is_filled_once_and_copied_many_times(postgres: Server):
    filled: list[str] = []

    def fill(url: str) -> None:
        filled.append(url)
        with psycopg.connect(libpq(url)) as db:
            db.execute("CREATE TABLE one AS SELECT 1 AS number")

    with ThreadPoolExecutor(4) as pool:
        names = set(pool.map(lambda _: template(postgres, "filled", fill), range(8)))
    assert (names, len(filled)) == ({"filled"}, 1)
    for copy in ("copy1", "copy2"):
        with postgres.database(copy, "filled") as url, psycopg.connect(libpq(url)) as db:
            assert db.execute("SELECT number FROM one").fetchall() == [(1,)]
            db.execute("INSERT INTO one VALUES (2)")


def test_a_template_whose_filling_failed_is_made_anew(postgres: Server):
    def fail(url: str) -> None:
        with psycopg.connect(libpq(url)) as db:
            db.execute("CREATE TABLE half (number int)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        template(postgres, "failed", fail)
    template(postgres, "failed", lambda _: None)
    with postgres.database("after", "failed") as url, psycopg.connect(libpq(url)) as db:
        assert db.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'half'").fetchone() == (0,)


def test_members_of_needs_password_need_one(postgres: Server):
    once(
        postgres, "clerk", lambda db: db.execute(f"CREATE ROLE clerk LOGIN PASSWORD '{SECRET}' IN ROLE needs_password")
    )
    with pytest.raises(psycopg.OperationalError, match="password"):
        postgres.connect(user="clerk", password="wrong")  # noqa: S106 - it is
    with postgres.connect(user="clerk", password=SECRET) as db:
        assert db.execute("SELECT current_user").fetchone() == ("clerk",)


def test_terminate_cuts_the_others_of_one_database(postgres: Server):
    with (
        postgres.database("cut") as url,
        postgres.connect() as db,
        psycopg.connect(libpq(url)) as lost,
    ):
        assert terminate(db, "cut") == 1
        with pytest.raises(psycopg.OperationalError):
            lost.execute("SELECT 1")
        assert terminate(db, "cut") == 0


def test_what_a_dying_backend_still_holds_is_given_up_when_terminate_returns(postgres: Server):
    made = ";".join(f"CREATE TEMP TABLE t{number} (text text)" for number in range(200))
    held = "SELECT count(*) FROM pg_class WHERE relpersistence = 't'"
    with postgres.database("dying") as url, postgres.connect("dying") as db:
        for _ in range(3):
            lost = psycopg.connect(libpq(url))
            lost.execute(made)
            lost.commit()
            assert db.execute(held).fetchone() != (0,)
            lost.close()
            terminate(db, "dying")
            assert db.execute(held).fetchone() == (0,)


def test_a_server_is_killed_and_recovers_on_the_same_port_and_is_removed_with_all_its_files():
    with Server.make(auth="scram") as server:
        port = server.port
        with pytest.raises(psycopg.OperationalError, match="password"):
            server.connect(password="wrong")  # noqa: S106 - it is
        with server.connect() as db:
            db.execute("CREATE TABLE kept AS SELECT 1")
            db.execute("CHECKPOINT")
            mine = [p for p in psutil.process_iter(["cmdline"]) if str(server.data) in (p.info["cmdline"] or ())]
            everyone = [*mine, *(child for p in mine for child in p.children(recursive=True))]
            assert len(everyone) > 5
            server.kill()
            assert not [p for p in everyone if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
            with pytest.raises(psycopg.OperationalError):
                db.execute("SELECT 1")
        server.start()
        assert server.port == port
        with server.connect() as db:
            assert db.execute("SELECT * FROM kept").fetchall() == [(1,)]
        if os.geteuid() == 0:
            assert psutil.Process(server._process.pid).username() != "root"  # type: ignore[union-attr]
    assert not server.folder.exists()
    with pytest.raises(psycopg.OperationalError):
        server.connect()


def test_a_server_that_can_not_start_says_why():
    server = Server.make(settings={"no_such_setting": "1"})
    with pytest.raises(ServerFailed, match="no_such_setting"), server:
        pass
    assert not server.folder.exists()


@pytest.mark.parametrize(
    "how",
    ["end", signal.SIGKILL, *(pytest.param(s, marks=pytest.mark.slow) for s in (signal.SIGINT, signal.SIGTERM))],
)
def test_the_last_user_gone_in_whatever_way_leaves_nothing(tmp_path: Path, how: str | signal.Signals):
    program = (
        "import sys\nfrom pathlib import Path\nfrom tests.postgres.keeper import shared\n"
        f"with shared(Path({str(tmp_path)!r})) as server:\n"
        "    print(server.folder, server.port, flush=True)\n    sys.stdin.read()\n"
    )
    users = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )
        for _ in range(2)
    ]  # fmt: skip
    said = {user.stdout.readline().split()[0] + " " for user in users if user.stdout}
    assert len(said) == 1, "both use one server"
    folder = Path(said.pop().strip())
    state = tmp_path / "server.json"
    keepers = [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in (p.info["cmdline"] or ())]
    everyone = [p for keeper in keepers for p in (keeper, *keeper.children(recursive=True))]
    for number, user in enumerate(users):
        assert state.exists()
        assert folder.exists(), "the second still uses it"
        if isinstance(how, signal.Signals):
            user.send_signal(how)
        else:
            user.stdin.close()  # type: ignore[union-attr]
        user.wait(60)
        if how == "end" and number:
            assert not folder.exists(), "the last one waits for the end"
        user.stdout.close()  # type: ignore[union-attr]
        if not user.stdin.closed:  # type: ignore[union-attr]
            user.stdin.close()  # type: ignore[union-attr]
    until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in everyone), "nothing runs")
    assert not folder.exists()
    assert not state.exists()


def test_a_killed_keeper_takes_its_server_with_it(tmp_path: Path):
    if sys.platform != "linux":
        pytest.skip("only Linux ends a process with its parent")
    keeper = subprocess.Popen([sys.executable, "-m", "tests.postgres.keeper", str(tmp_path)], cwd=ROOT)
    with (tmp_path / "users.lock").open("a") as users:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(users, fcntl.LOCK_SH)
        until((tmp_path / "server.json").exists, "the server is started")
        everyone = psutil.Process(keeper.pid).children(recursive=True)
        keeper.kill()
        keeper.wait(60)
        until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in everyone), "nothing runs")
        shutil.rmtree(json.loads((tmp_path / "server.json").read_text(encoding="utf-8"))["folder"])
