"""What people see: screens of any width, in both languages; what is missing is asked for."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import termios
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from credit_workflow.resources import data_folder
from tests import where
from tests.acceptance.conftest import ROOT, TRACEBACK, Office
from tests.integration.helpers import TO_COLLECTED

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a Unix terminal is needed")
if TYPE_CHECKING:
    import pexpect

O1, M1 = "OBJ-2026-000001", "MRK-2026-000001"


def spawn(office: Office, line: str, *, who: str, lang: str = "zh", width: int = 100) -> pexpect.spawn[str]:
    import pexpect  # noqa: PLC0415

    words = ["-m", "credit_workflow", *line.split(), "--as", who, "--at", "2026-03-02T10:00"]
    environment = office.environ(CREDIT_WORKFLOW_LANG=lang, TERM="xterm", NO_COLOR="1")
    return pexpect.spawn(
        sys.executable, words, env=environment, cwd=str(office.folder), encoding="utf-8", timeout=30, dimensions=(60, width)
    )  # fmt: skip


def ended(child: pexpect.spawn[str]) -> tuple[int | None, str]:
    import pexpect  # noqa: PLC0415

    child.expect(pexpect.EOF)
    rest = child.before or ""
    child.close()
    assert TRACEBACK not in rest
    return child.exitstatus, rest


def test_a_submission_with_nothing_given_is_asked_for_all(office: Office) -> None:
    child = spawn(office, "objection submit", who="window1")
    child.expect("信用记录编号")
    child.sendline("R-1")
    child.expect("异议理由")
    child.sendline("并非本人")
    child.expect("申请材料是否已全部核验")
    child.sendline("y")
    code, shown = ended(child)
    assert code == 0
    assert "待受理" in shown
    case = office.ok(f"case show {O1}")
    assert case["fields"] == {"reason": "并非本人", "identity_checked": True, "resident": True}
    assert len(case["materials"]) == 3


def test_materials_are_asked_for_one_by_one(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --material evidence")
    child = spawn(office, f"objection accept {O1}", who="window1", lang="en")
    child.expect("Own ID card")
    child.sendline("maybe")
    child.expect("Please enter y or n")
    child.expect("Own ID card")
    child.sendline("y")
    child.expect("Objection form")
    child.sendline("n")
    code, shown = ended(child)
    assert code == 3
    assert "Objection form" in shown
    assert office.ok(f"case show {O1}", at="2026-03-02T10:00")["state"] == "submitted"


def test_identity_and_residence_are_asked_for_when_the_materials_are_there(office: Office) -> None:
    office.ok("objection submit --record R-1 --set reason=x --material evidence --material objection_form")
    child = spawn(office, f"objection accept {O1}", who="window1", lang="en")
    child.expect("Own ID card")
    child.sendline("y")
    child.expect("Identity checked")
    child.sendline("y")
    child.expect("Resident in Hangzhou")
    child.sendline("y")
    assert ended(child)[0] == 0
    assert office.ok(f"case show {O1}", at="2026-03-02T10:00")["fields"]["resident"] is True


def test_a_choice_is_offered_and_asked_for_again(office: Office) -> None:
    office.life.life(
        office.life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive"
    )
    child = spawn(office, f"objection report {O1}", who="center1")
    child.expect("予以修正")
    child.expect("核查结果")
    child.sendline("whatever")
    child.expect("请从所列各项中选择")
    child.expect("核查结果")
    child.sendline("removed")
    code, shown = ended(child)
    assert (code, "待核准" in shown) == (0, True)


def test_a_suggestion_is_taken_with_enter(office: Office) -> None:
    steps = " ".join(TO_COLLECTED.split()[:6])
    office.life.life(office.life.objection("2026-03-02"), "2026-03-02", steps)
    child = spawn(office, f"objection notify {O1}", who="window1")
    child.expect("通知方式")
    child.sendline("")
    assert ended(child)[0] == 0
    assert office.ok(f"case show {O1}", at="2026-03-02T10:00")["fields"]["channel"] == "电话"


def test_whoever_may_not_is_not_asked(office: Office) -> None:
    office.life.objection("2026-03-02")
    code, shown = ended(spawn(office, f"objection report {O1}", who="center1"))
    assert (code, "核查结果 (outcome)" in shown) == (3, False)
    code, shown = ended(spawn(office, f"objection reject {O1}", who="center1"))
    assert (code, "不予受理的理由" in shown) == (6, False)


def test_with_json_nothing_is_asked_even_in_a_terminal(office: Office) -> None:
    code, shown = ended(spawn(office, "objection submit --json", who="window1"))
    assert (code, '"missing": ["--record"]' in shown) == (2, True)


def test_interrupted_nothing_has_changed(office: Office) -> None:
    before = office.fingerprint()
    child = spawn(office, "objection submit --record R-1", who="window1")
    child.expect("异议理由")
    child.sendintr()
    code, _ = ended(child)
    assert code == 130
    assert office.fingerprint() == before


def test_a_proposal_is_shown_before_it_is_decided_on(office: Office) -> None:
    """What it changes is shown once, whether one goes on or not."""
    text = (data_folder("workflows") / "objection.yaml").read_text(encoding="utf-8")
    text = text.replace("length: 30 days", "length: 20 days").replace("version: 2\n", "version: 3\n", 1)
    (office.folder / "shorter.yaml").write_text(text, encoding="utf-8")
    steps = [
        ("workflow propose shorter.yaml", "clerk1", "提出这些版本？", "提案号 1", "proposed"),
        ("workflow approve 1", "authority1", "批准？", "提案已批准", "approved"),
        ("workflow publish 1", "authority1", "发布？", "起施行", "published"),
    ]
    for line, who, question, done, status in steps:
        for answer in ("n", "y"):
            child = spawn(office, line, who=who)
            child.expect_exact(question)
            shown = child.before or ""
            child.sendline("也许")
            child.expect_exact("请输入 y 或 n")
            child.expect_exact(question)
            child.sendline(answer)
            code, rest = ended(child)
            assert code == 0
            assert ((shown + rest).count("30"), (shown + rest).count("练习数据库")) == (1, 1)
            assert (done in rest) == (answer == "y")
        (one,) = office.ok("workflow proposals", who="clerk1")["proposals"]
        assert one["status"] == status
    told = office.text("workflow proposals 1", who="clerk1")
    assert (told.count("objection@3"), told.count("练习数据库")) == (1, 1)
    child = spawn(office, "workflow migrate objection", who="authority1")
    child.expect_exact("更换版本？")
    assert "没有需要更换版本的在办案件" in (child.before or "")
    child.sendline("n")
    assert ended(child)[0] == 0


def screen(office: Office, line: str, *, width: int, lang: str, who: str) -> list[str]:
    """Run a command in a terminal of a width, without colours; return its lines."""
    import subprocess  # noqa: PLC0415

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, width, 0, 0))
    environment = office.environ(CREDIT_WORKFLOW_LANG=lang, TERM="xterm", NO_COLOR="1")
    words = [sys.executable, "-m", "credit_workflow", *line.split(), "--as", who, "--at", "2026-04-20"]
    with subprocess.Popen(
        words, env=environment, cwd=office.folder, stdout=theirs, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        read = bytearray()
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            read += part
        assert process.stderr is not None
        errors = process.stderr.read().decode()
        assert (process.wait(), errors) == (0, "")
    os.close(ours)
    import re  # noqa: PLC0415

    return [
        re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown) for shown in read.decode("utf-8").replace("\r", "").split("\n")
    ]


@pytest.fixture(scope="module")
def busy(template: Any, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with cases in several states; on 20 April some are overdue and one mark has expired."""

    found = Office(tmp_path_factory.mktemp("busy"))
    where.copy(template, found.database)
    life = found.life
    life.marked("R-1")
    life.life(life.objection("2026-03-10", "R-4"), "2026-03-10", "window1:accept window1:archive window1:transfer")
    life.objection("2026-03-11", "L-1")
    life.objection("2026-04-10", "R-2")
    return found


SCREENS = {
    "todo": ("window1", ["OBJ-2026-000003", "OBJ-2026-000004", "2026-04-10"]),
    "overdue": ("supervisor1", ["OBJ-2026-000002", "OBJ-2026-000003", "2026-04-09", "2026-04-10"]),
    "case show OBJ-2026-000002": ("center1", ["OBJ-2026-000002", "2026-04-09"]),
    f"case show {O1}": ("center1", [O1, M1]),
    "case list": ("supervisor1", [O1, "OBJ-2026-000004"]),
}
WORDS = {
    "todo": {"zh": ["张三", "杭州某某有限公司"], "en": ["张三", "杭州某某有限公司"]},
    "overdue": {"zh": ["异议", "逾期", "市信用中心"], "en": ["Objection", "overdue"]},
    "case show OBJ-2026-000002": {"zh": ["李四", "已移交，待收件", "异议办理期限", "收件"], "en": ["Handed over", "Handling of the objection"]},
    f"case show {O1}": {"zh": ["张三", "标注届满", "异议办理期限"], "en": ["Mark expired", "Handling of the objection"]},
    "case list": {"zh": ["标注届满"], "en": ["Mark expired"]},
}  # fmt: skip


@pytest.mark.parametrize(("width", "lang"), [(120, "zh"), (80, "zh"), (120, "en")])
@pytest.mark.parametrize("line", SCREENS)
def test_screens_fit_and_cut_nothing(busy: Office, line: str, width: int, lang: str) -> None:
    who, facts = SCREENS[line]
    if (line, width) == ("overdue", 80):
        facts = facts[:2]  # see test_reported
    shown = screen(busy, line, width=width, lang=lang, who=who)
    text = "\n".join(shown)
    assert max(cell_len(row) for row in shown) <= width, [row for row in shown if cell_len(row) > width]
    assert "�" not in text
    assert "…" not in text
    together = "".join(text.split())
    for fact in facts:
        assert fact in together, fact
    for word in WORDS[line][lang]:
        if width >= 100:
            assert "".join(word.split()).lower() in together.lower(), word
    assert {"zh": "练习数据库", "en": "training database"}[lang] in text


def test_urgency_is_told_apart_without_colour(busy: Office) -> None:
    shown = "\n".join(screen(busy, "case show OBJ-2026-000002", width=120, lang="zh", who="center1"))
    (handling,) = [row for row in shown.splitlines() if "异议办理期限" in row and "2026-04-09" in row][:1]
    assert "逾期" in handling


def test_into_a_pipe_goes_no_escape(busy: Office) -> None:
    for line, (who, facts) in SCREENS.items():
        out = busy(line, who=who, at="2026-04-20", as_json=False).out
        assert "\x1b" not in out
        assert all(fact in out for fact in facts), line


def test_columns_of_chinese_text_are_aligned(busy: Office) -> None:
    out = busy("record list", who="window1", at="2026-04-20", as_json=False).out
    rows = [row for row in out.splitlines() if "2027-12-31" in row]
    places = {cell_len(row[: row.index("2027-12-31")]) for row in rows}
    assert len(rows) >= 5
    assert len(places) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "line",
    ["", "objection", "objection report", "case", "case list", "record import", "calendar count", "sweep", "overdue",
     "scheduler run", "audit verify", "workflow check", "init"],
)  # fmt: skip
def test_every_command_has_help_in_both_languages(busy: Office, line: str, lang: str) -> None:
    answer = busy(f"{line} --help", as_json=False, CREDIT_WORKFLOW_LANG=lang)
    assert answer.code == 0
    assert ("用法" in answer.out, "Usage:" in answer.out) == (lang == "zh", lang == "en")


def test_a_closed_pipe_is_no_fault(busy: Office) -> None:
    import subprocess  # noqa: PLC0415

    words = [sys.executable, "-m", "credit_workflow", "calendar", "show", "2026", "--json"]
    with subprocess.Popen(words, env=busy.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
        assert TRACEBACK not in errors
        assert process.wait() in (0, 1)
        assert "Exception" not in errors


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dates_and_numbers_stay_whole_in_a_narrow_terminal(office: Office, lang: str) -> None:
    """At 80 columns `case show` broke its dates, and `workflow propose` the numbers of cases, in two."""
    office.life.objection("2026-03-02")
    shown = screen(office, f"case show {O1}", width=80, lang=lang, who="window1")
    assert any("2026-03-02" in line and "2026-04-01" in line for line in shown), shown
    text = (ROOT / "workflows" / "objection.yaml").read_text(encoding="utf-8")
    taking_over = 'version: 3\ntakes_over: {from: "2026-03-02", deadlines: recount, source: "[practice]"}'
    text = text.replace("version: 2", taking_over, 1).replace("length: 30 days", "length: 20 days", 1)
    (office.folder / "new.yaml").write_text(text, encoding="utf-8")
    shown = screen(office, "workflow propose new.yaml --dry-run", width=80, lang=lang, who="clerk1")
    assert any(O1 in line and "2026-04-01 →" in line for line in shown), shown
