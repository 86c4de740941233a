"""`calendar import` and `calendar export` by the real command."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

from tests.acceptance.conftest import ROOT, Answer, Command, Office, checked, unchanged
from tests.integration.helpers import TO_COLLECTED
from tests.integration.test_gazettes import AMENDMENT, NOTICE

TEXTS = ROOT / "tests" / "data" / "notices"
KEYS = {"year", "off", "work", "moves"}


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped calendars with the notices of three years: enough here, and fast to compile."""
    made = tmp_path_factory.mktemp("calendars")
    for name in ("cn", "cn-hangzhou"):
        (made / name).mkdir()
        shutil.copy(ROOT / "calendars" / f"{name}.yaml", made)
    settings = (made / "cn.yaml").read_text(encoding="utf-8").replace("first_year: 2004", "first_year: 2020")
    (made / "cn.yaml").write_text(settings.replace("years_ahead: 10", "years_ahead: 3"), encoding="utf-8")
    for name in ("2020", "2020-02", "2025", "2026"):
        shutil.copy(ROOT / "calendars" / "cn" / f"{name}.yaml", made / "cn")
    return made


@pytest.fixture
def office(office: Office, small: Path) -> Office:
    office.environment["CREDIT_WORKFLOW_CALENDARS"] = str(small)
    return office


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "通知.txt"
    file.write_text(NOTICE, encoding="utf-8")
    return file


def from_stdin(
    command: Command, raw: bytes, line: str, *more: str, who: str = "clerk1", at: str = "2026-12-25"
) -> Answer:
    """Run the command with something on standard input."""
    with mock.patch.object(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw), isatty=lambda: False)):
        return command(line, *more, who=who, at=at)


def test_an_import_by_the_real_command(office: Office, text: Path) -> None:
    case = office.life.life(office.life.objection("2026-12-01", "R-1"), "2026-12-22", TO_COLLECTED)
    move = {"case": case, "deadline": "dispute_window", "from": "2026-12-29", "to": "2026-12-27"}
    with unchanged(office.database):
        dry = office.process("calendar import", str(text), "--dry-run", who="clerk1", at="2026-12-25").json
    assert dry.keys() >= KEYS
    assert (dry["year"], dry["moves"], dry["dry_run"]) == (2027, [move], True)
    assert dry["work"] == [
        "2026-12-26", "2026-12-27", "2027-01-09", "2027-01-30", "2027-02-20", "2027-05-08", "2027-09-26", "2027-10-09",
    ]  # fmt: skip
    assert dry["off"][:5] == ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-02-05"]
    assert {"2027-01-02", "2027-02-06"}.isdisjoint(dry["off"])
    done = office.process("calendar import", str(text), who="clerk1", at="2026-12-25").json
    assert done == {**dry, "dry_run": False}
    (deadline,) = [
        d for d in office.ok(f"case show {case}", at="2026-12-25")["deadlines"] if d["id"] == "dispute_window"
    ]
    assert (deadline["due"], deadline["provisional"]) == ("2026-12-27", False)
    events = office.ok(f"case history {case}", at="2026-12-25")["events"]
    assert [(e["action"], e["actor"]) for e in events][-1] == ("recount", "system")
    explained = office.ok(f"case explain {case} dispute_window", at="2026-12-25")
    assert "国办发明电〔2026〕9号" in str(explained)
    assert office("audit verify").json["ok"] is True
    log = office.ok("audit show", "--purpose", "检查", who="auditor1", at="2026-12-26")
    assert "cn-2027" in str(log)


def test_all_who_share_the_database_count_by_it(office: Office, text: Path) -> None:
    count = ("calendar count", "2026-12-28", "1 working day")
    plain = office(*count).json
    assert (plain["due"], plain["provisional"], plain["database"]["notices"]) == ("2026-12-29", True, 0)
    office.ok("calendar import", str(text), who="admin1", at="2026-12-25")
    after = office(*count).json
    assert (after["due"], after["provisional"], after["database"]["notices"]) == ("2027-01-04", False, 1)
    status = office("calendar status").json
    assert [n["imported"] for n in status["notices"] if n["year"] in (2026, 2027)] == [False, True]
    assert office("calendar show 2027").json["notices"] == ["cn-2027"]
    # a notice speaks of no person: whoever has not the database's keys counts by it too
    without_keys = office("calendar status", CREDIT_WORKFLOW_KEYS=str(office.folder / "no keys")).json
    assert without_keys["edition"] == status["edition"]
    assert "1 份" in office.text("calendar status")
    elsewhere = office(
        "calendar count", "2026-12-28", "1 working day", CREDIT_WORKFLOW_DB=str(office.folder / "none.db")
    )
    assert elsewhere.code == 0


def test_no_database_is_needed_to_read(command: Command) -> None:
    answer = command("calendar status").json
    assert (answer["database"], answer["layers"]) == (None, ["cn"])
    assert "数据库" not in command.text("calendar show 2026", who="", at="")
    assert command("calendar import", "x.txt", who="clerk1", at="2026-12-25").code == 4


REFUSED = {
    "a weekday": ("5月8日（周六）", "5月8日（周日）", "2027-05-08 是星期六"),
    "the count": ("共9天", "共8天", "却是 9 天"),
    "a day": ("10月1日至7日", "10月2日至8日", "2027-10-01（国庆节）"),
    "the balance": ("、2月20日（周六）", "", "多 1 天"),
    "a holiday left out": ("五、端午节：6月9日放假1天，不调休。", "", "2027-06-09（端午节）"),
}


@pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_misprint_is_refused_and_nothing_is_imported(
    office: Office, text: Path, old: str, new: str, message: str
) -> None:
    assert old in NOTICE
    text.write_text(NOTICE.replace(old, new), encoding="utf-8")
    for more in ((), ("--dry-run",)):
        error = office.refused(3, "calendar import", str(text), *more, who="clerk1", at="2026-12-25")
        assert error["code"] == "notice"
        assert any(message in ground["message"] for ground in error["details"]["grounds"])
    assert office("calendar status").json["database"]["notices"] == 0


def test_who_may(office: Office, text: Path) -> None:
    text.write_text("不是通知", encoding="utf-8")  # the role is looked at first
    for who in ("window1", "authority1", "auditor1"):
        error = office.refused(6, "calendar import", str(text), who=who, at="2026-12-25")
        assert error["details"]["roles"] == ["clerk", "admin"]
    assert office("calendar import", str(text), at="2026-12-25").code == 6
    assert office("calendar import", str(text), who="clerk1", at="2026-12-25").code == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_standard_input(office: Office, text: Path, encoding: str) -> None:
    raw = NOTICE.replace("\n", "\r\n").encode(encoding)
    text.write_bytes(raw)
    by_file = office.ok("calendar import", str(text), "--dry-run", who="clerk1", at="2026-12-25")
    by_pipe = from_stdin(office, raw, "calendar import -", "--dry-run").json
    assert by_file == by_pipe
    assert by_file["no"] == "国办发明电〔2026〕9号"


def test_standard_input_of_a_process(office: Office) -> None:
    words = ["calendar", "import", "-", "--dry-run", "--as", "clerk1", "--at", "2026-12-25", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "credit_workflow", *words], input=NOTICE.encode("gb18030"), env=office.environ(),
        cwd=office.folder, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    answer = checked(Answer(done.returncode, done.stdout.decode(), done.stderr.decode()))
    assert answer.json["year"] == 2027


BAD_FILES = {
    "empty": (b"", 2, "empty"),
    "no notice": ("今天天气很好。".encode(), 3, "notice"),
    "binary": (bytes(range(256)), 2, "encoding"),
    "too large": (b"a" * 1_000_001, 2, "too_large"),
}


@pytest.mark.parametrize(("raw", "status", "code"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_is_no_notice(office: Office, text: Path, raw: bytes, status: int, code: str) -> None:
    text.write_bytes(raw)
    error = office.refused(status, "calendar import", str(text), "--year", "2027", who="clerk1", at="2026-12-25")
    assert error["code"] == code


def test_a_file_that_is_none(office: Office) -> None:
    assert office.refused(4, "calendar import", "nowhere.txt", who="clerk1", at="2026-12-25")["code"] == "no_file"
    assert office("calendar import", str(office.folder), who="clerk1", at="2026-12-25").code == 2


def test_again_amended_replaced(office: Office, text: Path) -> None:
    office.ok("calendar import", str(text), who="clerk1", at="2026-12-25")
    again = office.ok("calendar import", str(text), who="clerk1", at="2026-12-26")
    assert (again["already"], again["notice"], again["moves"]) == (True, "cn-2027", [])
    text.write_text(NOTICE.replace("5月8日", "5月22日"), encoding="utf-8")
    error = office.refused(3, "calendar import", str(text), who="clerk1", at="2026-12-26")
    assert error["code"] == "notice_exists"
    assert "--amends" in error["message"]
    replaced = office.ok("calendar import", str(text), "--replace", "cn-2027", who="clerk1", at="2026-12-26")
    assert (replaced["already"], "2027-05-22" in replaced["work"]) == (False, True)
    text.write_text(AMENDMENT, encoding="utf-8")
    amended = office.ok("calendar import", str(text), "--amends", who="clerk1", at="2027-05-07")
    assert (amended["notice"], amended["amends"]) == ("cn-2027-09", "cn-2027")
    assert (
        office.refused(2, "calendar import", str(text), "--amends", "--replace", "cn-2027", who="clerk1")["code"]
        == "usage"
    )
    assert (
        office.refused(4, "calendar import", str(text), "--replace", "cn-2026", who="clerk1", at="2027-05-07")["code"]
        == "no_notice"
    )
    assert office("audit verify").json["ok"] is True


def test_the_notice_file(office: Office, text: Path, small: Path) -> None:
    out = office.folder / "2027.yaml"
    taken = office.refused(3, "calendar import", str(text), "--out", str(text), who="clerk1", at="2026-12-25")
    assert (taken["code"], office("calendar status").json["database"]["notices"]) == ("exists", 0)
    office.ok("calendar import", str(text), "--out", str(out), who="clerk1", at="2026-12-25")
    exported = office.ok("calendar export 2027", who="", at="2026-12-25")
    assert exported["text"] == out.read_text(encoding="utf-8")
    again = office.folder / "again.yaml"
    assert office("calendar export cn-2027", "--out", str(again)).json["file"] == str(again)
    assert again.read_bytes() == out.read_bytes()
    assert b"\r" not in out.read_bytes()
    # the file in the place of the import gives the very same calendar
    folder = office.folder / "calendars"
    (folder / "cn").mkdir(parents=True)
    for file in [small / "cn.yaml", *(small / "cn").glob("*.yaml"), out]:
        (folder / ("" if file.name == "cn.yaml" else "cn") / file.name).write_bytes(file.read_bytes())
    none = str(office.folder / "none.db")
    by_file = office("calendar status", CREDIT_WORKFLOW_DB=none, CREDIT_WORKFLOW_CALENDARS=str(folder)).json
    assert by_file["edition"] == office("calendar status").json["edition"]
    shipped = (ROOT / "calendars" / "cn" / "2020.yaml").read_text(encoding="utf-8")
    found = office("calendar export 2020", CREDIT_WORKFLOW_DB=none).json
    assert (found["text"], found["others"]) == (shipped, ["cn-2020-02"])
    assert office("calendar export 2062", CREDIT_WORKFLOW_DB=none).code == 4
    assert office("calendar export 2020", "--out", str(out), CREDIT_WORKFLOW_DB=none).error["code"] == "exists"
    assert office("calendar export 2020", "--out", str(folder / "no" / "x.yaml"), CREDIT_WORKFLOW_DB=none).code == 4


def test_published_notices_are_there_already(office: Office) -> None:
    for name in ("2020", "2020-02", "2026"):
        answer = office.ok("calendar import", str(TEXTS / f"{name}.txt"), who="clerk1", at="2026-12-25")
        assert (answer["already"], answer["notice"]) == (True, f"cn-{name}")
    assert office("calendar status").json["database"]["notices"] == 0


def test_a_layer(office: Office, text: Path) -> None:
    city = "杭州市人民政府办公厅关于2026年某会期间调休放假的通知\n一、调休放假时间\n11月5日至6日，共2天。11月7日（周六）、8日（周日）上班。"
    text.write_text(city, encoding="utf-8")
    made = office.ok("calendar import", str(text), "--layer", "cn-hangzhou", who="clerk1", at="2026-10-12")
    assert (made["notice"], made["calendar"], made["moves"]) == ("cn-hangzhou-2026-11", "cn-hangzhou", [])
    assert "cn-hangzhou-2026-11" not in str(office("calendar status").json)  # what ships counts by cn
    again = office.text("calendar import", str(text), "--layer", "cn-hangzhou", who="clerk1", at="2026-10-12")
    assert "已收录" in again
    error = office.refused(4, "calendar import", str(text), "--layer", "cn-nowhere", who="clerk1", at="2026-10-12")
    assert error["code"] == "no_calendar"


def test_the_screen(office: Office, text: Path) -> None:
    office.life.life(office.life.objection("2026-12-01", "R-1"), "2026-12-22", TO_COLLECTED)
    seen = office.text("calendar import", str(text), "--dry-run", who="clerk1", at="2026-12-25")
    for words in (
        "2027 年",
        "国办发明电〔2026〕9号",
        "OBJ-2026-000001",
        "2026-12-27（周日）",
        "没有作任何改动",
        "练习数据库",
    ):
        assert words in seen
    seen = office.text("calendar import", str(text), who="clerk1", at="2026-12-25", CREDIT_WORKFLOW_LANG="en")
    for words in (
        "Spring Festival",
        "2026-12-29 (Tue)",
        "Imported the notice cn-2027, and logged it: 1 due date of 1 case moves.",
    ):
        assert words in seen
    assert "already" in office.text(
        "calendar import", str(text), who="clerk1", at="2026-12-25", CREDIT_WORKFLOW_LANG="en"
    )
    assert office.text("calendar export 2027", who="", at="").startswith("notice: cn-2027\n")
