"""A spring at the credit service, told with real commands on a training database.

Run by ``make demo``. What stands behind a ``$`` is a command as an operator types it, run for
real; further cases are led in the background through the same functions. The database stays in
``demo/cases.db``, to play with.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402 - the checkout must be on the path first
from rich.rule import Rule  # noqa: E402

from credit_workflow.casework.cases import acting  # noqa: E402
from credit_workflow.casework.cases.acting import Form, NewCase, Session  # noqa: E402
from credit_workflow.cli.context import Settings  # noqa: E402
from credit_workflow.cli.language import choose, t  # noqa: E402
from credit_workflow.engine.world import Moment  # noqa: E402

FOLDER = ROOT / "demo"
DATABASE = FOLDER / "cases.db"
screen = Console(highlight=False)


class Teller:
    """Tells the story: chapters in words, steps as commands."""

    def __init__(self) -> None:
        self.env = {**os.environ, "CREDIT_WORKFLOW_DB": str(DATABASE), "CREDIT_WORKFLOW_LANG": choose(None)}
        for name in ("CREDIT_WORKFLOW_JSON", "CREDIT_WORKFLOW_AS", "CREDIT_WORKFLOW_AT"):
            self.env.pop(name, None)
        self.settings = Settings(db=str(DATABASE))
        self.failed = False

    def chapter(self, title: str, words: str) -> None:
        screen.print()
        screen.print(Rule(f"[bold]{title}[/bold]", align="left"))
        screen.print(words, style="italic")

    def run(self, line: str, who: str = "", at: str = "", expect: int = 0) -> None:
        """Run one command and show it; another exit code than the expected one ends the demo."""
        words = shlex.split(line)
        extra = [*(["--as", who] if who else []), *(["--at", at] if at else [])]
        screen.print(f"\n[bold green]$ credit-workflow {line} {' '.join(extra)}[/bold green]".rstrip(), soft_wrap=True)
        done = subprocess.run([sys.executable, str(ROOT / "cli.py"), *words, *extra], env=self.env, check=False)
        if done.returncode != expect:
            sys.exit(f"{line}: {done.returncode}, expected {expect}")

    def session(self, who: str, at: str) -> Session:
        with self.settings.database.reading() as db:
            actor = db.account(who)
        if actor is None:
            sys.exit(f"no account {who}")
        moment = Moment.of(datetime.fromisoformat(f"{at}+08:00"), self.settings.calendar.zone)
        return self.settings.session(actor, moment)

    def quietly(self, case: str, at: str, steps: str) -> None:
        """Take several steps (``account:action[:name=value…]``) on a case without showing each."""
        workflow = {"OBJ": "objection", "MRK": "marking", "REV": "revocation"}[case[:3]]
        for step in steps.split():
            who, action, *values = step.split(":")
            given = dict(pair.split("=", 1) for pair in values)
            acting.act(self.session(who, at), case, action, Form(given=given, all_materials=True), workflow=workflow)

    def submit(self, record: str, reason: str, at: str) -> str:
        new = NewCase(workflow="objection", record=record)
        return acting.submit(self.session("window2", at), new, Form(given={"reason": reason}, all_materials=True))


def main() -> None:
    """Tell the whole story."""
    for old in (*FOLDER.glob("cases.db*"), *FOLDER.glob("*.html"), FOLDER / "number.txt"):
        if old.is_file():
            old.unlink()
        elif old.is_dir():
            shutil.rmtree(old)
    teller = Teller()
    beginning(teller)
    background(teller)
    correction(teller)
    refusals_at_the_window(teller)
    extension(teller)
    report_and_approval(teller)
    marks(teller)
    query(teller)
    the_night_of_april(teller)
    farewell()


def beginning(teller: Teller) -> None:
    teller.chapter(
        t("一 · 开张", "1 · Opening"),
        t(
            "建立练习数据库，导入三百余条信用记录（人物均属虚构）。",
            "A training database, and some three hundred records of invented people and firms.",
        ),
    )
    teller.run("init --training", at="2026-01-05")
    teller.run("record import examples/demo/records.csv", "center1", "2026-01-05T09:00")


BACKGROUND = ["R-000003", "R-000004", "R-000006", "R-000008", "R-000009", "R-000010", "R-000012", "R-000013"]


def background(teller: Teller) -> None:
    """Cases of January that will be late, for the supervisor's list."""
    reasons = ("罚款已缴清，记录未更新", "该处罚系同名企业所受，与本单位无关", "欠费金额有误", "决定书已被撤销")
    for index, record in enumerate(BACKGROUND):
        at = f"2026-01-{6 + 2 * index:02}T10:{index:02}"
        case = teller.submit(record, reasons[index % 4], at)
        steps = ["window2:accept", "window2:archive", "window2:transfer", "center2:receive"]
        teller.quietly(case, at, " ".join(steps[: 2 + index % 3]))


def correction(teller: Teller) -> None:
    teller.chapter(
        t("二 · 2月10日，春节前，有人说他的记录错了", "2 · 10 February, before the Spring Festival: a record is wrong"),
        t(
            "窗口登记、受理、打印受理回执、归档、移交；中心收件当天，记录即标注“异议正在处理”，暂停使用。",
            "The window registers, accepts, prints the receipt, files and hands over; on receipt the record is marked as in processing, its use suspended.",
        ),
    )
    at = "2026-02-10T09:10"
    teller.run(
        "objection submit --record R-000002 --set reason=该行为系他人冒用本人身份所为 --all-materials", "window1", at
    )
    teller.run("objection accept OBJ-2026-000009", "window1", at)
    teller.run("paper print OBJ-2026-000009 receipt --to demo/receipt.html", "window1", at)
    teller.quietly("OBJ-2026-000009", "2026-02-10T09:20", "window1:archive window1:transfer")
    teller.run("objection receive OBJ-2026-000009", "center1", "2026-02-10T10:00")
    teller.run("record show R-000002", "auditor1", "2026-02-10T10:05")
    for record, reason in (
        ("R-000007", "不服"),
        ("R-000011", "时间有误"),
        ("R-000014", "已缴费"),
        ("R-000001", "金额有误"),
    ):
        case = teller.submit(record, reason, "2026-02-11T09:00")
        teller.quietly(case, "2026-02-11T09:30", "window2:accept window2:archive window2:transfer center2:receive")


def refusals_at_the_window(teller: Teller) -> None:
    teller.chapter(
        t("三 · 不能受理的，把理由一次说全", "3 · What can't be accepted is told in full, at once"),
        t(
            "十四岁的学生独自前来：哪些条件不具备，逐项告知，并引条文。",
            "A pupil of fourteen comes alone: all that is missing is named at once, with its clause.",
        ),
    )
    at = "2026-02-12T14:00"
    teller.run("objection submit --record R-000068 --set reason=信息有误 --material id_card", "window1", at)
    teller.run("objection accept OBJ-2026-000014", "window1", at, expect=3)
    teller.run("objection reject OBJ-2026-000014 --set grounds=未满十六周岁且无监护人；材料不齐", "window1", at)


def extension(teller: Teller) -> None:
    teller.chapter(
        t("四 · 情况复杂，申请延期", "4 · A complex case is extended"),
        t(
            "延期至多15个工作日，由主管部门批准；一天一天数给人看。",
            "At most 15 working days, granted by the authority; and counted day by day for all to see.",
        ),
    )
    teller.run(
        "objection request_extension OBJ-2026-000013 --set days=16 --set reason=需调取历年账册",
        "center2",
        "2026-02-25T09:00",
        expect=3,
    )
    teller.run(
        "objection request_extension OBJ-2026-000013 --set days=15 --set reason=需调取历年账册",
        "center2",
        "2026-02-25T09:05",
    )
    teller.quietly("OBJ-2026-000013", "2026-02-25T15:00", "authority2:grant_extension")
    teller.run("case explain OBJ-2026-000013 handling", "center2", "2026-02-25T15:10")


def report_and_approval(teller: Teller) -> None:
    teller.chapter(
        t("五 · 核查、更正、核准、通知、领取", "5 · Verified, corrected, approved, notified, collected"),
        t(
            "信息确有错误，当即更正；报告由主管部门核准，起草的人不能自己核准。",
            "The record was wrong and is corrected at once; the authority approves, never the drafter.",
        ),
    )
    case = "OBJ-2026-000009"
    teller.run(f"objection consult {case} --set question=请核对当事人笔迹与身份证件", "center1", "2026-02-26T09:00")
    teller.run(f"objection respond {case} --set finding=系他人冒用身份，当事人不知情", "provider1", "2026-02-26T16:00")
    correction_json = '{"content": "经核查，原行为系他人冒用身份，与当事人无关。"}'
    teller.run(
        f"objection report {case} --set outcome=corrected --set 'correction={correction_json}'",
        "center1",
        "2026-02-27T09:00",
    )
    teller.run(f"objection approve {case}", "center1", "2026-02-27T09:05", expect=6)
    teller.run(f"objection approve {case}", "authority1", "2026-02-27T15:00")
    teller.run(f"objection notify {case} --set channel=电话", "window1", "2026-03-02T09:00")
    teller.run(f"objection collect {case} --set collected_by=本人", "window1", "2026-03-02T14:00")
    teller.run("record show R-000002", "auditor1", "2026-03-02T14:05")
    for number in (10, 11, 12):
        other = f"OBJ-2026-{number:06}"
        teller.quietly(
            other, "2026-03-03T09:00", "center2:report:outcome=upheld authority1:approve window2:notify:channel=短信"
        )
        teller.quietly(other, "2026-03-04T09:00", "window2:collect:collected_by=本人")


def marks(teller: Teller) -> None:
    teller.chapter(
        t("六 · 仍有异议：存疑标注", "6 · Still in dispute: the mark"),
        t(
            "领取报告后5个工作日内可以申请标注；标注保留30日，记录仍可使用。",
            "Within 5 working days after collecting the report a mark can be applied for; it stays 30 days, the record stays usable.",
        ),
    )
    for parent, marking in ((10, 1), (11, 2)):
        at = f"2026-03-0{5 + marking}T10:00"
        line = f"marking submit --parent OBJ-2026-{parent:06} --set reason=处罚时本人不在现场 --all-materials"
        if marking == 1:
            teller.run(line, "window1", at)
        else:
            given = Form(given={"reason": "时间与事实不符"}, all_materials=True)
            acting.submit(
                teller.session("window1", at), NewCase(workflow="marking", parent=f"OBJ-2026-{parent:06}"), given
            )
        teller.quietly(f"MRK-2026-00000{marking}", at, "window1:accept window1:archive window1:transfer")
    teller.quietly("MRK-2026-000001", "2026-03-09T09:00", "center1:receive")
    teller.run("marking mark MRK-2026-000001", "center1", "2026-03-09T09:30")
    teller.quietly("MRK-2026-000002", "2026-03-09T09:40", "center1:receive center1:mark")
    teller.run("record show R-000007", "auditor1", "2026-03-09T10:00")
    teller.chapter(
        t("七 · 晚了一天，和又来一次", "7 · A day too late, and once too often"),
        t(
            "过了标注申请期，不能受理；同一信息已有答复又无正当理由，也不再受理。",
            "After the window no marking is accepted; nor is a repeat without good ground.",
        ),
    )
    teller.run(
        "marking submit --parent OBJ-2026-000012 --set reason=仍不认可 --all-materials", "window1", "2026-03-12T09:00"
    )
    teller.run("marking accept MRK-2026-000003", "window1", "2026-03-12T09:05", expect=3)
    teller.run(
        "objection submit --record R-000002 --set reason=再次提出 --all-materials", "window1", "2026-03-16T09:00"
    )
    teller.run("objection accept OBJ-2026-000015", "window1", "2026-03-16T09:05", expect=3)
    teller.chapter(
        t("八 · 标注人改变主意", "8 · A change of mind"),
        t(
            "标注可由本人申请撤销，中心收到材料后5个工作日内撤销；三个案件在同一事务中一起变化。",
            "The applicant may have the mark removed, within 5 working days of the centre's receipt; three cases move in one transaction.",
        ),
    )
    at = "2026-03-18T10:00"
    teller.run("revocation submit --parent MRK-2026-000002 --all-materials", "window1", at)
    teller.quietly("REV-2026-000001", at, "window1:accept window1:archive window1:transfer center1:receive")
    teller.run("revocation revoke REV-2026-000001", "center1", "2026-03-19T09:00")


def query(teller: Teller) -> None:
    teller.chapter(
        t("九 · 查询：查本人的记录", "9 · A query: one's own records"),
        t(
            "本人到窗口查询。证件号由文件读入，不留在命令历史里；存疑的信息附标注和理由；打印的答复可扫码核验。",
            "Somebody asks for his own records. The number comes from a file, so that the shell's history has it not; what is"
            " disputed is shown with mark and reason; the answer's code can be scanned and verified.",
        ),
    )
    with teller.settings.database.reading() as db:
        number = db.record("R-000007").subject.id
    (FOLDER / "number.txt").write_text(number, encoding="ascii")
    line = "query submit --subject @demo/number.txt --set purpose=办理贷款 --all-materials"
    teller.run(line, "window1", "2026-03-23T09:00")
    teller.run("query accept QRY-2026-000001", "window1", "2026-03-23T09:05")
    teller.run("query answer QRY-2026-000001", "window1", "2026-03-23T09:10")
    teller.run("query print QRY-2026-000001 --set collected_by=本人", "window1", "2026-03-23T09:12")
    teller.run("paper print QRY-2026-000001 query_answer --to demo/answer.html", "window1", "2026-03-23T09:15")
    teller.run("paper verify demo/answer.html", "auditor1", "2026-03-23T09:20")
    teller.run("query archive QRY-2026-000001 --set shelf_mark=2026-03-01", "window1", "2026-03-23T09:30")


def the_night_of_april(teller: Teller) -> None:
    teller.chapter(
        t("十 · 4月9日零点：标注届满", "10 · Midnight of 9 April: the mark has expired"),
        t(
            "标注于3月9日作出，保留至4月8日。调度程序把已经发生的事记入日志。",
            "Placed on 9 March, it stood until 8 April. The scheduler writes down what time has brought about.",
        ),
    )
    teller.run("record show R-000007", "auditor1", "2026-04-08T23:59")
    teller.run("sweep", at="2026-04-09T00:05")
    teller.run("case show MRK-2026-000001", "window1", "2026-04-09T08:30")
    teller.chapter(
        t("十一 · 早上好", "11 · Good morning"),
        t(
            "负责人先看逾期，窗口先看待办，审计先看日志。",
            "The supervisor begins with what is overdue, the window with its work, the auditor with the log.",
        ),
    )
    teller.run("notify run", at="2026-04-09T08:31")
    teller.run("digest", "supervisor1", "2026-04-09T08:34")
    teller.run("overdue", "supervisor1", "2026-04-09T08:35")
    teller.run("todo", "center2", "2026-04-09T08:40")
    teller.run("audit verify", "auditor1", "2026-04-09T09:00")


def farewell() -> None:
    folder = ".venv\\Scripts" if os.name == "nt" else ".venv/bin"
    screen.print()
    screen.print(Rule(f"[bold]{t('接下来，请您试试', 'Now try it yourself')}[/bold]", align="left"))
    screen.print(t("数据库留在 demo/cases.db。例如：", "The database is in demo/cases.db. For instance:"))
    commands = [
        f'export PATH="$PWD/{folder}:$PATH" CREDIT_WORKFLOW_DB=demo/cases.db CREDIT_WORKFLOW_AT=2026-04-09',
        "credit-workflow todo --as window1",
        "credit-workflow case show OBJ-2026-000013 --as center2",
        "credit-workflow objection report OBJ-2026-000013 --as center2",
        "credit-workflow record history R-000002 --as auditor1",
        "credit-workflow overdue --as supervisor1 --lang en",
        "credit-workflow --help",
    ]
    for command in commands:
        screen.print(f"  {command}", style="cyan", soft_wrap=True, markup=False)


if __name__ == "__main__":
    main()
