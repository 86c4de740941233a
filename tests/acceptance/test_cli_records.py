"""Records: imported all or none, shown masked, their marks and their dossier."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from stdnum.cn import ric, uscc

from credit_workflow.casework.records.importing import COLUMNS
from tests.acceptance.conftest import Command, Office

Row = dict[str, str]
SHOWN = {
    "record_no": str, "subject_id": str, "subject_name": str, "provider": str, "open_class": str, "title": str,
    "content": str, "valid_from": str, "valid_until": str, "usable": bool, "marks": list,
}  # fmt: skip


def person(stem: str = "33010619880808123") -> str:
    return stem + ric.calc_check_digit(stem + "0")


def company(stem: str = "91330106MA27XY12A") -> str:
    return stem + uscc.calc_check_digit(stem)


def row(no: str, **values: str) -> Row:
    return {
        "record_no": no, "subject_kind": "natural", "subject_id": person(), "subject_name": "钱七", "provider": "市公安局",
        "open_class": "A", "title": "行政处罚", "content": "罚款二百元", "valid_from": "2025-01-01",
        "valid_until": "2028-12-31", **values,
    }  # fmt: skip


def write(path: Path, rows: list[Row], *, bom: bool = False) -> str:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    return str(path)


GOOD = [
    row("N-1"),
    row("N-2", subject_kind="legal", subject_id=company(), subject_name="杭州甲乙有限公司", open_class="C"),
    row("N-3", content='含有逗号,引号"和\n换行'),
]


@pytest.mark.parametrize("name", ["more.csv", "more.jsonl"])
def test_import_of_a_sound_file(office: Office, name: str) -> None:
    file = write(office.folder / name, GOOD)
    assert office.ok("record import", file, who="center1") == {"imported": 3, "updated": 0}
    shown = office.ok("record show N-3", who="center1")
    assert shown["content"] == '含有逗号,引号"和\n换行'
    assert office.ok("record show N-2", who="center1")["subject_name"] == "杭州甲乙有限公司"
    assert len(office.ok("record list")["records"]) == 10
    assert [r["record_no"] for r in office.ok(f"record list --subject {company()}")["records"]] == ["N-2"]
    assert "已导入 0 条，更新 0 条。" in office.text("record import", file, "--update", who="center2")
    assert office.ok("audit verify")["ok"] is True


def test_import_of_what_a_spreadsheet_writes(office: Office) -> None:
    file = office.folder / "表 格.csv"
    write(file, GOOD, bom=True)
    file.write_bytes(file.read_bytes() + b"\r\n")
    answer = office.process("record import", str(file), who="center1", at="2026-03-02")
    assert answer.json == {"imported": 3, "updated": 0}


def test_a_known_record_is_refused_unless_to_be_updated(office: Office) -> None:
    file = office.folder / "more.csv"
    write(file, [row("N-1"), row("R-2"), row("R-1")])
    error = office.refused(3, "record import", str(file), who="center1")
    assert [(line["line"], line["record_no"]) for line in error["details"]["lines"]] == [(3, "R-2"), (4, "R-1")]
    assert "3" in error["message"]
    assert "--update" in error["message"]
    assert office("record show N-1", who="window1", at="2026-03-02").code == 4
    before = office.ok("record show R-1", who="center1")
    assert office.ok("record import --update", str(file), who="center1") == {"imported": 1, "updated": 2}
    after = office.ok("record show R-1", who="center1")
    assert (before["content"], after["content"]) == ("欠税1元", "罚款二百元")
    assert office.ok("record import --update", str(file), who="center1") == {"imported": 0, "updated": 0}
    values = office.ok("record history R-1", who="center1")["values"]
    assert [v["kind"] for v in values] == ["imported", "updated"]
    assert values[1]["data"]["old"]["content"] == "欠税1元"
    assert office.ok("audit verify")["ok"] is True


BAD_LINES: dict[str, Callable[[Row], Row]] = {
    "check digit of a person": lambda r: {**r, "subject_id": person()[:-1] + ("0" if person()[-1] != "0" else "1")},
    "check digit of a firm": lambda r: {**r, "subject_kind": "legal", "subject_id": company()[:-1] + ("0" if company()[-1] != "0" else "1")},
    "a firm said to be a person": lambda r: {**r, "subject_id": company()},
    "a person said to be a firm": lambda r: {**r, "subject_kind": "legal"},
    "no such kind": lambda r: {**r, "subject_kind": "animal"},
    "no such class": lambda r: {**r, "open_class": "D"},
    "no number": lambda r: {**r, "record_no": ""},
    "only spaces": lambda r: {**r, "title": "   "},
    "no such day": lambda r: {**r, "valid_from": "2025-02-29"},
    "a day otherwise written": lambda r: {**r, "valid_until": "2028/12/31"},
    "the end before the beginning": lambda r: {**r, "valid_until": "2024-12-31"},
    "born on no day": lambda r: {**r, "subject_id": person("33010619880230123")},
    "a control character": lambda r: {**r, "content": "a\x07b"},
    "twice in the file": lambda r: {**r, "record_no": "N-1"},
    "far too long": lambda r: {**r, "title": "长" * 501},
}  # fmt: skip


@pytest.mark.parametrize("name", ["more.csv", "more.jsonl"])
@pytest.mark.parametrize("spoil", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_one_bad_line_and_nothing_is_imported(office: Office, spoil: Callable[[Row], Row], name: str) -> None:
    file = write(office.folder / name, [row("N-1"), row("N-2"), spoil(row("N-3")), row("N-4")])
    before = office.fingerprint()
    error = office.refused(2, "record import", file, who="center1")
    line = 4 if name.endswith("csv") else 3
    assert [fault["line"] for fault in error["details"]["lines"]] == [line]
    assert error["details"]["lines"][0]["message"]
    assert f"第 {line} 行" in error["message"]
    assert office.fingerprint() == before
    english = office("record import --lang en", file, who="center1", at="2026-03-02", as_json=False)
    assert f"line {line}: " in english.line
    assert english.line.isascii() or "“" in english.line


def test_all_bad_lines_are_named(office: Office) -> None:
    file = write(office.folder / "more.csv", [row("N-1", open_class="X"), row("N-2"), row("N-3", valid_from="x")])
    error = office.refused(2, "record import", file, who="center1")
    assert [fault["line"] for fault in error["details"]["lines"]] == [2, 4]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n", b"\xef\xbb\xbf", ",".join(COLUMNS).encode(), "编号,名称\n1,2\n".encode(), b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        (",".join(COLUMNS) + "\nN-1,natural,张三\n").encode("gbk"), b"PK\x03\x04" + b"\x00" * 500, b"{}", b"[]",
        ",".join(reversed(COLUMNS)).encode() + b'\n"unclosed', b"\xff\xfeN\x00-\x001\x00", b"a" * 200_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["more.csv", "more.jsonl"])
def test_a_file_of_another_kind(office: Office, content: bytes, name: str) -> None:
    file = office.folder / name
    file.write_bytes(content)
    before = office.fingerprint()
    assert office.refused(2, "record import", str(file), who="center1")["message"].count(name) == 1
    assert office.fingerprint() == before


def test_columns_in_another_order_missing_and_unknown(office: Office) -> None:
    file = office.folder / "more.csv"
    good = row("N-1")
    names = list(reversed(COLUMNS))
    file.write_text(",".join(names) + "\n" + ",".join(good[n] for n in names) + "\n", encoding="utf-8")
    assert office.ok("record import", str(file), who="center1")["imported"] == 1
    file.write_text(",".join(names[1:]) + "\n" + ",".join(good[n] for n in names[1:]) + "\n", encoding="utf-8")
    assert names[0] in office.refused(2, "record import", str(file), who="center1")["message"]


def test_a_folder_is_no_file(office: Office) -> None:
    (office.folder / "folder.csv").mkdir()
    assert office("record import folder.csv", who="center1", at="2026-03-02").code in (2, 4)
    assert office("record import none.csv", who="center1", at="2026-03-02").error["code"] == "no_file"


@pytest.mark.parametrize("who", ["window1", "authority1", "provider1", "supervisor1", "auditor1", "clerk1", "admin1"])
def test_import_is_the_centres(office: Office, who: str) -> None:
    file = write(office.folder / "more.csv", GOOD)
    assert office.refused(6, "record import", file, who=who)["code"] == "role"
    assert len(office.ok("record list")["records"]) == 7


def test_a_record_as_it_is_shown(office: Office) -> None:
    shown = office.ok("record show L-1", who="center1")
    assert {name: type(shown[name]) for name in SHOWN} == SHOWN
    assert (shown["title"], shown["valid_from"], shown["valid_until"]) == ("行政处罚", "2024-01-01", "2027-12-31")
    assert shown["subject_id"].count("*") == 10
    assert (shown["usable"], shown["marks"]) == (True, [])
    assert "*" not in office.ok("record show L-1 --full --purpose", "核对身份", who="center1")["subject_id"]
    error = office.refused(2, "record show L-1 --full")
    assert error["details"] == {"missing": ["--purpose"]}
    office.refused(2, "record show L-1 --full --purpose", " ")
    for who in ("window1", "supervisor1", "auditor1", "clerk1", "admin1", "provider1", "authority1"):
        office.refused(6, "record show L-1 --full --purpose x", who=who)  # by role, or with nothing at hand


def test_every_look_is_in_the_dossier(office: Office) -> None:
    office.ok("record show R-1", who="window2")
    office.ok("record show R-1 --full --purpose", "核对身份", who="center1")
    office.ok("record show R-2", who="window2")
    looks = office.ok("record history R-1", who="center2")["look_ups"]
    assert [(look["actor"], look["data"]["purpose"], look["data"]["full"]) for look in looks] == [
        ("window2", "case work", False),
        ("center1", "核对身份", True),
    ]
    assert person()[6:14] not in json.dumps(looks)


def test_lists_and_dossiers_are_looks(office: Office) -> None:
    """Whoever lists records or reads a dossier leaves who, by what criterion, which came, and why."""
    office.ok("record list", who="window1", at="2026-03-02")
    number = office.ok("record show R-1 --full --purpose 核对", who="center1", at="2026-03-02")["subject_id"]
    office.ok("record list --purpose 核对", "--subject", number, who="center1", at="2026-03-02")
    office.ok("record history R-1 --purpose 抽查", who="center2", at="2026-03-02")
    found = office.ok("lookup log", who="auditor1", at="2026-03-03")["look_ups"]
    everything, of_one, dossier = [row for row in found if row["action"] in ("records", "history")]
    assert (everything["account"], everything["about"], everything["purpose"]) == ("window1", None, "case work")
    assert everything["withheld"] == [r["record_no"] for r in office.ok("record list", at="2026-03-03")["records"]]
    assert (of_one["account"], of_one["about"], of_one["purpose"]) == (
        "center1",
        f"{number[:4]}**********{number[-4:]}",
        "核对",
    )
    assert everything["shown"] == []  # nobody has a case at hand: it was not seen whose they are
    assert of_one["shown"]
    assert set(of_one["shown"]) <= set(everything["withheld"])
    assert (dossier["account"], dossier["shown"], dossier["purpose"]) == ("center2", ["R-1"], "抽查")
    seen = office.ok("record history R-1", who="center1", at="2026-03-03")["look_ups"]
    assert [(line["actor"], line["kind"]) for line in seen][-1] == ("center2", "history")
    assert all("records" not in line["data"] for line in seen), "whom else somebody saw is not this record's"


def test_a_record_in_processing_is_withheld(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    for who, content in {"window1": "欠税1元", "center1": "欠税1元", "authority1": "欠税1元", "provider1": "欠税1元",
                         "user1": None}.items():  # fmt: skip
        shown = office.ok("record show R-1", who=who)
        assert (shown["usable"], shown["content"]) == (False, content), who
        (mark,) = shown["marks"]
        assert mark.items() >= {
            "kind": "processing", "case": case, "reason": None, "placed": "2026-03-02", "last_day": None,
        }.items()  # fmt: skip
    assert "欠税1元" not in office.text("record show R-1", who="user1")
    assert "欠税1元" not in office.text("record list", who="user1")
    listed = {r["record_no"]: r for r in office.ok("record list", who="user1")["records"]}
    assert (listed["R-1"]["content"], listed["R-1"]["usable"], listed["R-2"]["usable"]) == (None, False, True)
    for who in ("auditor1", "supervisor1", "clerk1", "admin1", "site1"):
        for line in ("record show R-1", "record list", "record history R-1"):
            assert office.refused(6, line, who=who)["code"] == "role"


def test_the_dossier_has_the_marks(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    (mark,) = office.ok("record history R-1", who="center1")["marks"]
    assert (mark["kind"], mark["case"], mark["placed"], mark["lifted"]) == ("processing", case, "2026-03-02", None)
    life.life(case, "2026-03-03", "window1:withdraw")
    (mark,) = office.ok("record history R-1", who="center1", at="2026-03-04")["marks"]
    assert mark["lifted"] == "2026-03-03"


def test_a_correction_stands_in_the_dossier(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    office.ok(
        f"objection report {case} --set outcome=corrected --set",
        'correction={"content": "无欠税", "title": "结清"}',
        who="center1",
    )
    shown = office.ok("record show R-1", who="center1")
    assert (shown["content"], shown["title"]) == ("无欠税", "结清")
    values = office.ok("record history R-1", who="center1")["values"]
    assert len(values) == 2
    assert values[-1]["data"]["old"]["content"] == "欠税1元"
    assert "欠税1元" in office.text("record history R-1", who="center1")


def test_a_removed_record_is_not_usable(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    life.life(case, "2026-03-02", "center1:report:outcome=removed authority1:approve window1:notify:channel=电话")
    shown = office.ok("record show R-1", who="window1")
    assert shown["usable"] is False
    assert shown["marks"] == []


def test_json_lines_of_other_forms(office: Office) -> None:
    file = office.folder / "more.jsonl"
    extra = {**row("N-1"), "colour": "red"}
    short = {k: v for k, v in row("N-2").items() if k != "provider"}
    number = {**row("N-3"), "content": 5}
    lines = ["[1, 2]", "nonsense", json.dumps(extra), json.dumps(short), json.dumps(number), "{" * 20]
    file.write_text("\n".join(lines), encoding="utf-8")
    error = office.refused(2, "record import", str(file), who="center1")
    assert [fault["line"] for fault in error["details"]["lines"]] == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("databases")
def test_an_empty_service_lists_nothing(command: Command) -> None:
    assert command("init --training").code == 0
    assert command.ok("record list") == {"records": []}
    assert command.ok("case list") == {"cases": [], "next": None}
    assert command.ok("todo")["cases"] == []
