"""Values by file, what was scanned taken out again, and the keys of all of it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests import where
from tests.acceptance.conftest import Office
from tests.property.lives import numbers

REASON = "=从来没有欠过税，\n另见 @附件"


def test_numbers_and_reasons_come_from_files(office: Office) -> None:
    number = numbers()["adult"]
    (office.folder / "id.txt").write_text(f"\ufeff{number}\n", encoding="utf-8")
    (office.folder / "values.json").write_text(json.dumps({"reason": REASON}), encoding="utf-8")
    line = "objection submit --record R-1 --subject @id.txt --set @values.json --all-materials"
    case = office.ok(line)["case"]
    with office.life.database.reading() as db:
        assert (db.cases.get(case).subject.id, db.cases.get(case).fields["reason"]) == (number, REASON)
    assert office.ok("record list --subject @id.txt", who="center1")["records"]


def test_standard_input(office: Office) -> None:
    words = [
        "objection",
        "submit",
        "--record",
        "R-1",
        "--set",
        "@-",
        "--all-materials",
        "--json",
        "--as",
        "window1",
        "--at",
        "2026-03-02",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "credit_workflow", *words], input=json.dumps({"reason": REASON}), env=office.environ(),
        cwd=office.folder, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with office.life.database.reading() as db:
        assert db.cases.get(json.loads(done.stdout)["case"]).fields["reason"] == REASON


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "set"), (b"  \n", "set"), (b"\xff\xfe", "encoding"), (b"[1]", "set"), (b'{"reason": "secret', "set"),
        (b'{"reason": null}', "set"), (b"x" * 1_000_001, "set"), (b'{"reason": "a", "reason": "b"}', "final"),
    ],
)  # fmt: skip
def test_bad_files_of_values(office: Office, content: bytes, code: str) -> None:
    (office.folder / "values.json").write_bytes(content)
    line = "objection submit --record R-1 --set @values.json --all-materials"
    if code == "final":  # of two in one object JSON takes the last one
        assert office.ok(line)["case"]
        return
    error = office.refused(2, line)
    assert error["code"] == code
    assert "secret" not in error["message"]
    assert office.ok("case list")["cases"] == []


def test_a_value_given_twice(office: Office) -> None:
    (office.folder / "values.json").write_text('{"reason": "a"}', encoding="utf-8")
    assert office.refused(2, "objection submit --record R-1 --set reason=x --set @values.json")["code"] == "set"
    assert office.refused(4, "objection submit --record R-1 --set @none.json")["code"] == "no_file"
    assert office.refused(4, "objection submit --record R-1 --subject @none.txt")["code"] == "no_file"


def test_a_scan_is_taken_out_for_a_purpose_and_the_log_says_so(office: Office) -> None:
    (office.folder / "form.pdf").write_bytes(b"%PDF form")
    line = "objection submit --record R-1 --set reason=x --all-materials --material objection_form=form.pdf"
    case = office.ok(line)["case"]
    taking = f"case scan {case} objection_form --to out.pdf"
    assert office.refused(2, taking)["details"] == {"missing": ["--purpose"]}
    assert office.refused(6, f"{taking} --purpose x", who="supervisor1")["code"] == "role"
    assert office.refused(4, f"case scan {case} evidence --to out.pdf --purpose x")["code"] == "no_scan"
    assert office.ok(f"{taking} --purpose 复核")["bytes"] == len(b"%PDF form")
    assert (office.folder / "out.pdf").read_bytes() == b"%PDF form"
    assert office.refused(3, f"{taking} --purpose 复核")["code"] == "exists"
    shown = office.ok("audit show --account window1 --purpose x", who="auditor1")["entries"]
    taken = [entry["data"] for entry in shown if entry["action"] == "scan"]
    assert [entry["purpose"] for entry in taken] == ["复核", "复核"]


def test_keys_are_changed_by_the_administrator_and_everything_stays_readable(office: Office) -> None:
    case = office.ok("objection submit --record R-1 --set reason=x --all-materials")["case"]
    assert office.refused(6, "key rotate", who="window1")["code"] == "role"
    before = office.ok("key show", who="admin1")
    done = office.ok("key rotate", who="admin1")
    after = office.ok("key show", who="admin1")
    assert after["masters"] == [done["master"], *before["masters"]]
    assert {key["master"] for key in after["data_keys"]} == {done["master"]}
    assert [key["data_key"] for key in after["data_keys"]] == [1, 2, 3]
    assert office.ok(f"case show {case}")["subject_name"]
    assert office.ok("audit verify", who="auditor1")["ok"]
    for text in (office.text("key rotate", who="admin1"), office.text("key show", who="admin1")):
        assert done["master"] not in text or "可用" in text


def test_a_proof_shows_what_it_proves_only_when_asked_with_a_purpose(office: Office) -> None:
    case = office.ok("objection submit --record R-1 --set reason=从未欠税 --all-materials")["case"]
    office.ok("audit seal", who="auditor1")
    office.ok(f"audit prove {case} bare.json", who="auditor1")
    assert office.refused(2, f"audit prove {case} full.json --full", who="auditor1")["code"] == "missing_values"
    office.ok(f"audit prove {case} full.json --full --purpose 复议", who="auditor1")
    for name in ("bare", "full"):
        assert "从未欠税" not in (office.folder / f"{name}.json").read_text(encoding="utf-8")
    where.drop(office.database)
    assert office.ok("audit check bare.json", who="")["says"] is None
    said = office.ok("audit check full.json", who="")["says"]
    assert said[0]["input"]["reason"] == "从未欠税"
    text = (office.folder / "full.json").read_text(encoding="utf-8")
    key = json.loads(text)["entries"][0]["key"]
    (office.folder / "full.json").write_text(text.replace(key, "0" * 64), encoding="utf-8")
    assert office.refused(7, "audit check full.json", who="")["code"]


def test_no_word_of_a_person_lies_in_the_file(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=从未欠税 --all-materials")
    dump = "\n".join(where.dump(office.database))
    assert "从未欠税" not in dump
    assert not [number for number in numbers().values() if number in dump]
