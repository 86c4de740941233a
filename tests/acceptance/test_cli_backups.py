"""Backups by the command: what is restored is what there was; what is damaged is found."""

from __future__ import annotations

import json
import os
import random
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import where
from tests.acceptance.conftest import Office

pytestmark = pytest.mark.usefixtures("databases")

CASE = "OBJ-2026-000001"


@pytest.fixture
def backed(office: Office) -> Office:
    """An office with a case, its scan, a seal and a backup."""
    (scan := office.folder / "form.pdf").write_bytes(os.urandom(3_000_000))
    office.ok("objection submit --record R-1 --set reason=有误 --all-materials --material", f"objection_form={scan}")
    office.ok("audit seal", who="auditor1", at="2026-03-03")
    office.ok("backup create", str(office.folder / "b.bak"), who="admin1", at="2026-03-03")
    return office


def test_what_is_restored_is_what_there_was(backed: Office, tmp_path: Path) -> None:
    file, to = str(backed.folder / "b.bak"), tmp_path / "new" / "cases.db"
    counts = backed("backup verify", file).json
    assert (counts["ok"], counts["cases"], counts["seals"]) == (True, 1, 1)
    restored = backed("backup restore", file, "--to", where.owner(to)).json
    assert (restored["cases"], restored["database"]) == (1, where.new(to).name)
    before = backed.ok(f"case show {CASE}", at="2026-03-03")
    away = {"CREDIT_WORKFLOW_DB": where.url(to)}
    assert backed(f"case show {CASE}", who="window1", at="2026-03-03", **away).json == before
    assert backed("audit verify", **away).json["ok"] is True
    kept = {p.name: p.read_bytes() for p in backed.beside("scans").iterdir()}
    assert kept
    assert {p.name: p.read_bytes() for p in where.beside(to, "scans").iterdir()} == kept
    if os.name != "nt":
        assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600


@pytest.mark.sqlite("how a file is kept")
def test_what_is_restored_is_a_file_of_ones_own(backed: Office, tmp_path: Path) -> None:
    to = tmp_path / "r.db"
    assert backed("backup restore", str(backed.folder / "b.bak"), "--to", str(to)).code == 0
    with closing(where.connect(to)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    if os.name != "nt":
        assert stat.S_IMODE(to.stat().st_mode) == 0o600


def test_nothing_is_overwritten(backed: Office) -> None:
    file = backed.folder / "b.bak"
    before, database = file.read_bytes(), where.content(backed.database)
    backed.refused(3, "backup create", str(file), who="admin1", at="2026-03-03")
    assert backed("backup restore", str(file), "--to", where.owner(backed.database)).code == 3
    assert (file.read_bytes(), where.content(backed.database)) == (before, database)


def test_a_backup_tells_nothing_without_its_key(backed: Office) -> None:
    file = backed.folder / "b.bak"
    assert b"SQLite" not in file.read_bytes()
    assert "有误".encode() not in file.read_bytes()
    answer = backed("backup verify", str(file), CREDIT_WORKFLOW_KEYS=str(backed.folder / "none"))
    assert (answer.code, answer.error["code"]) == (4, "no_key")


def test_every_damage_is_found_and_leaves_nothing_behind(backed: Office, tmp_path: Path) -> None:
    whole = (backed.folder / "b.bak").read_bytes()
    dice, bad, to = random.Random(1), tmp_path / "bad.bak", tmp_path / "restored.db"
    piece = (1 << 20) + 16
    damaged = [whole[:end] for end in (60, 50 + piece, 50 + 2 * piece, len(whole) - 1)]
    damaged += [whole + b"x", whole[:50] + whole[50 + piece :], whole[: 50 + piece] + whole[50:]]
    for _ in range(40):
        place = dice.randrange(50, len(whole))
        damaged.append(whole[:place] + bytes([whole[place] ^ (1 << dice.randrange(8))]) + whole[place + 1 :])
    for content in damaged:
        bad.write_bytes(content)
        assert backed("backup restore", str(bad), "--to", where.owner(to)).code == 7
    assert where.traces(to) == []
    for content in (b"", b"garbage", b"x" * 5000):
        bad.write_bytes(content)
        assert backed("backup verify", str(bad)).code == 2
    assert backed("backup verify", str(tmp_path / "none")).code == 4


def test_a_backup_of_a_log_that_was_changed_is_not_restored(backed: Office, tmp_path: Path) -> None:
    with closing(where.connect(backed.database)) as db:
        db.execute("UPDATE case_file SET state = 'accepted'")
        db.commit()
    backed.ok("backup create", str(tmp_path / "c.bak"), who="admin1", at="2026-03-03")
    assert backed("backup restore", str(tmp_path / "c.bak"), "--to", where.owner(tmp_path / "d.db")).code == 7
    assert where.traces(tmp_path / "d.db") == []
    backed.refused(7, "backup drill", who="admin1", at="2026-03-03")


def test_the_rehearsal_is_recorded(backed: Office) -> None:
    done = backed.ok("backup drill", who="auditor1", at="2026-03-04")
    assert (done["ok"], done["cases"]) == (True, 1)
    with closing(where.connect(backed.database)) as db:
        rows = db.execute("SELECT actor, kind, data FROM journal_log WHERE stream = 'drill'").fetchall()
    assert [(row[0], row[1]) for row in rows] == [("auditor1", "rehearsed")]
    assert '"ok":true' in rows[0][2]
    assert backed("audit verify").json["ok"] is True


def rehearsals(office: Office) -> list[dict[str, Any]]:
    with closing(where.connect(office.database)) as db:
        return [json.loads(row[0]) for row in db.execute("SELECT data FROM journal_log WHERE stream = 'drill'")]


def test_a_backup_says_of_what_it_is_and_how_much(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=有误")
    file = office.folder / "b.bak"
    made = office.ok("backup create", str(file), who="admin1")
    with closing(where.connect(office.database)) as db:
        assert (made["database"],) == db.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()
        assert [(made["events"],), (made["journal"],)] == [
            db.execute(f"SELECT count(*) FROM {log}").fetchone() for log in ("case_event", "journal_log")
        ]
    assert (made["file"], made["bytes"], made["events"]) == (str(file), file.stat().st_size, 1)
    for lang, said in (("zh", "案件日志 1 条"), ("en", "1 case entries")):
        again = office.text(
            "backup create", str(office.folder / f"{lang}.bak"), who="admin1", CREDIT_WORKFLOW_LANG=lang
        )
        assert said in again


def test_a_rehearsal_without_a_scratch_folder_is_recorded_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(office.folder / "none"))
    for line in ("backup create b.bak", "backup drill"):
        error = office.refused(1, line, who="admin1")
        assert error["code"] == "scratch"
        assert "TMPDIR" in error["message"]
    assert [(r["ok"], r["code"]) for r in rehearsals(office)] == [(False, "scratch")]
    assert not (office.folder / "b.bak").exists()
    monkeypatch.undo()
    assert office.ok("backup drill", who="admin1")["ok"] is True
    assert [r["ok"] for r in rehearsals(office)] == [False, True]
    assert office("audit verify").json["ok"] is True


def test_a_rehearsal_that_fails_as_nobody_foresaw_is_recorded_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("330106199003070014")

    monkeypatch.setattr("credit_workflow.store.backup.verify", broken)
    assert office.refused(1, "backup drill", who="admin1")["code"] == "fault"
    (said,) = rehearsals(office)
    assert (said["ok"], said["code"]) == (False, "RuntimeError")


def test_what_is_no_file_to_read_is_said_so(office: Office) -> None:
    for line in (
        f"backup verify {office.folder}",
        f"backup restore {office.folder} --to {where.owner(office.folder / 'x.db')}",
    ):
        assert office.refused(2, line)["code"] == "unreadable_file"


def test_only_auditors_and_administrators_back_up(office: Office) -> None:
    for line in ("backup create x.bak", "backup drill"):
        for who in ("window1", "center1", "supervisor1"):
            office.refused(6, line, who=who)
    assert not (office.folder / "x.bak").exists()
