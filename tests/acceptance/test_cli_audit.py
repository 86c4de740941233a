"""Seals, exports and proofs by the command."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests import where
from tests.acceptance.conftest import Office
from tests.property.lives import numbers

CASE = "OBJ-2026-000001"


@pytest.fixture
def sealed(office: Office) -> Office:
    """An office with one case, sealed and exported."""
    office.ok("objection submit --record R-1 --set reason=有误 --all-materials")
    office.ok("audit seal", who="auditor1", at="2026-03-03")
    office.ok("audit export", str(office.folder / "seals.json"), who="admin1", at="2026-03-03")
    return office


def test_a_seal_covers_what_was_added(sealed: Office) -> None:
    again = sealed.ok("audit seal", who="auditor1", at="2026-03-03")
    assert (again["seal"], again["sealed"]) == (1, False)
    sealed.ok(f"objection accept {CASE} --all-materials", at="2026-03-04")
    more = sealed.ok("audit seal", who="auditor1", at="2026-03-04")
    assert (more["seal"], more["sealed"], more["size"]) == (2, True, 1)
    seals = str(sealed.folder / "seals.json")
    for words in ((), ("--seals", seals), ("--seals", seals, "--key", seals), ("--key", seals)):
        assert sealed("audit verify", *words).json["seals"] == 2


def test_only_auditors_and_administrators_seal(office: Office) -> None:
    for line in ("audit seal", "audit export x.json", f"audit prove {CASE} p.json"):
        for who in ("window1", "center1", "supervisor1", "clerk1"):
            office.refused(6, line, who=who)
    assert not (office.folder / "x.json").exists()


def test_the_sweep_seals_too(office: Office) -> None:
    assert office("sweep", at="2026-03-03").json["seal"] == 1
    assert office("audit verify").json["seals"] == 1


def test_a_database_rewritten_whole_is_found_out(sealed: Office) -> None:
    """All seals taken away with their traces: the database alone looks whole, what was kept tells."""
    with closing(where.connect(sealed.database)) as db:
        with where.unguarded(db):
            db.execute("DELETE FROM seal_log")
            db.execute("DELETE FROM log_head WHERE log = 'seal_log'")
        db.commit()
    assert sealed("audit verify").code == 0
    answer = sealed("audit verify --seals", str(sealed.folder / "seals.json"))
    assert answer.code == 7
    assert answer.error["code"] == "seal_broken"


def test_another_database_another_key_and_no_export(sealed: Office, tmp_path: Path) -> None:
    seals = sealed.folder / "seals.json"
    document = json.loads(seals.read_text(encoding="utf-8"))
    (other := tmp_path / "other.json").write_text(json.dumps({**document, "database": "0" * 32}), encoding="utf-8")
    assert sealed("audit verify --seals", str(other)).error["code"] == "other_database"
    for text in ("", "{}", "[1]", "\x00", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        (other := tmp_path / "bad.json").write_text(text, encoding="utf-8")
        assert sealed("audit verify --seals", str(other)).code == 2
        assert sealed("audit verify --key", str(other)).code == 2
    assert sealed("audit verify --seals", str(tmp_path / "none")).code == 4
    sealed.refused(3, "audit export", str(seals), who="admin1", at="2026-03-03")


def test_a_seal_needs_its_key(sealed: Office) -> None:
    sealed.ok(f"objection accept {CASE} --all-materials", at="2026-03-04")
    there = next(Path(os.environ["CREDIT_WORKFLOW_KEYS"], sealed.life.identity()).glob("data.key"))
    (here := sealed.folder / "keys" / there.parent.name).mkdir(parents=True)
    shutil.copy(there, here)  # what seals lives on another machine
    keys = str(here.parent)
    answer = sealed("audit seal", who="auditor1", at="2026-03-04", CREDIT_WORKFLOW_KEYS=keys)
    assert answer.code == 4
    assert answer.error["code"] == "no_key"
    assert sealed("audit verify", CREDIT_WORKFLOW_KEYS=keys).code == 0
    assert sealed("sweep", at="2026-03-05", CREDIT_WORKFLOW_KEYS=keys).json["seal"] is None


def test_a_proof_needs_no_database(sealed: Office, tmp_path: Path) -> None:
    file, key = tmp_path / "proof.json", str(sealed.folder / "seals.json")
    made = sealed.ok(f"audit prove {CASE} --full --purpose 复议", str(file), who="auditor1", at="2026-03-03")
    assert (made["entries"], made["unsealed"]) == (1, 0)
    away = {"CREDIT_WORKFLOW_DB": str(tmp_path / "nowhere.db")}
    assert sealed("audit check", str(file), "--key", key, **away).json["ok"] is True
    whole = file.read_text(encoding="utf-8")
    for old, new in (
        ('"key": "', '"key": "00'),
        ('"~2~', '"~3~'),
        ('"index": 0', '"index": 1'),
        ('"hash": "', '"hash": "0'),
        ("window1", "window2"),
    ):
        assert old in whole
        file.write_text(whole.replace(old, new, 1), encoding="utf-8")
        assert sealed("audit check", str(file), "--key", key, **away).code == 7, old
    assert sealed("audit prove OBJ-2026-000009 x.json", who="auditor1", at="2026-03-03").code == 4


def test_an_auditor_reads_by_account_person_record_and_period(sealed: Office) -> None:
    sealed.ok("record show R-4 --purpose 核对", who="center1", at="2026-03-03")
    sealed.ok(f"objection accept {CASE} --all-materials", who="window2", at="2026-03-04")

    def shown(*words: str) -> list[tuple[str, str]]:
        line = ("audit show", "--purpose", "年度检查", *words)
        found = sealed.ok(*line, who="auditor1", at="2026-03-05")["entries"]
        return [(e["log"], e["action"]) for e in found]

    assert shown("--account", "window2") == [(CASE, "accept")]
    assert shown("--record", "R-4") == [("record:R-4", "imported"), ("look-up", "record")]
    assert shown("--record", "R-1", "--from", "2026-03-04", "--to", "2026-03-04") == [(CASE, "accept")]
    adult = numbers()["adult"]
    about = sealed.ok("audit show --purpose 检查 --subject", adult, who="auditor1", at="2026-03-05")["entries"]
    assert {e["record"] for e in about} >= {"R-1", "R-2", "R-3"}
    assert "R-4" not in {e["record"] for e in about}
    assert adult not in json.dumps(about, ensure_ascii=False)
    assert ("look-up", "audit") in shown("--account", "auditor1")  # reading is itself in the log
    assert sealed.refused(2, "audit show", who="auditor1", at="2026-03-05")["details"]["missing"] == ["--purpose"]
    sealed.refused(6, "audit show --purpose x", who="admin1", at="2026-03-05")
    sealed.refused(2, "audit show --purpose x --from nonsense", who="auditor1", at="2026-03-05")


@pytest.mark.parametrize("change", [("at", "2026-03-03T00:00:00Z"), ("size", 99), ("signature", "00" * 64)])
def test_a_seal_that_differs_from_the_one_kept_elsewhere_is_found(sealed: Office, change: tuple[str, object]) -> None:
    file = sealed.folder / "seals.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["seals"][0][change[0]] != change[1]
    document["seals"][0][change[0]] = change[1]
    file.write_text(json.dumps(document), encoding="utf-8")
    assert sealed("audit verify --seals", str(file)).error["code"] == "seal_broken"
