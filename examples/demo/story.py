"""Tell a spring at the credit service with real commands on a training database.

Run by ``make demo``. What stands behind a ``$`` is a command as an operator types it, run for real; the cases of
others go by in the background, through ``shell``. All of it stays in ``demo/``, to play with.
"""

from __future__ import annotations

import csv
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402 - the checkout must be on the path first
from rich.progress import track  # noqa: E402
from rich.rule import Rule  # noqa: E402

from credit_workflow.cli.language import choose, language, t  # noqa: E402

FOLDER = ROOT / "demo"
PLACES = {"CREDIT_WORKFLOW_DB": "demo/cases.db", "CREDIT_WORKFLOW_KEYS": "demo/cases.keys"}
WORKFLOWS = {"OBJ": "objection", "MRK": "marking"}

# `#` begins a chapter, `>` says what of; `$ WHO AT [EXIT] COMMAND` is shown; `~ WHO AT COMMAND` goes by unseen, and so
# does `. AT CASE WHO:ACTION[:NAME=VALUE] …`, several steps on one case.
STORY = """
# 一 · 开张 | 1 · Opening
> 建立练习数据库，导入三百余条信用记录（人物均属虚构）；兰蔚在中心办理，也在主管部门代班，两个角色都有。 | A training database, and some three hundred records of invented people and firms; Lan Wei works at the centre and stands in at the authority, and holds both roles.
$ - 2026-01-05 init --training
$ center1 2026-01-05T09:00 record import examples/demo/records.csv
$ admin1 2026-01-05T09:10 account apply lan.wei --set unit=市信用中心 --set roles=center,authority
~ admin1 2026-01-05T09:20 account train lan.wei --set training=2026-01-05
~ admin1 2026-01-05T09:20 account activate lan.wei --set agreement_signed=true
~ window2 2026-01-06T10:00 objection submit --record R-000013 --set reason=罚款已缴清，记录未更新 --all-materials
. 2026-01-06T10:00 OBJ-2026-000001 window2:accept window2:archive
~ window2 2026-01-10T10:02 objection submit --record R-000006 --set reason=欠费金额有误 --all-materials
. 2026-01-10T10:02 OBJ-2026-000002 window2:accept window2:archive window2:transfer
~ window2 2026-01-14T10:04 objection submit --record R-000009 --set reason=决定书已被撤销 --all-materials
. 2026-01-14T10:04 OBJ-2026-000003 window2:accept window2:archive window2:transfer center2:receive
# 二 · 2月10日，春节前，有人说他的记录错了 | 2 · 10 February, before the Spring Festival: a record is wrong
> 窗口登记、受理、打印受理回执、归档、移交；中心收件当天，记录即标注“异议正在处理”，暂停使用。 | The window registers, accepts, prints the receipt, files and hands over; on receipt the record is marked as in processing, its use suspended.
$ window1 2026-02-10T09:10 objection submit --record R-000002 --set reason=该行为系他人冒用本人身份所为 --all-materials
$ window1 2026-02-10T09:10 objection accept OBJ-2026-000004
$ window1 2026-02-10T09:10 paper print OBJ-2026-000004 receipt --to demo/receipt.html
. 2026-02-10T09:20 OBJ-2026-000004 window1:archive window1:transfer
$ lan.wei 2026-02-10T10:00 objection receive OBJ-2026-000004
$ center1 2026-02-10T10:05 record show R-000002
~ window2 2026-02-11T09:00 objection submit --record R-000007 --set reason=处罚时本人不在现场 --all-materials
. 2026-02-11T09:30 OBJ-2026-000005 window2:accept window2:archive window2:transfer center2:receive
~ window2 2026-02-11T09:40 objection submit --record R-000011 --set reason=时间有误 --all-materials
. 2026-02-11T09:45 OBJ-2026-000006 window2:accept window2:archive window2:transfer center2:receive
~ window2 2026-02-11T09:50 objection submit --record R-000014 --set reason=已缴费 --all-materials
. 2026-02-11T09:55 OBJ-2026-000007 window2:accept window2:archive window2:transfer center2:receive
# 三 · 不能受理的，把理由一次说全 | 3 · What can't be accepted is told in full, at once
> 十四岁的学生独自前来：哪些条件不具备，逐项告知，并引条文。 | A pupil of fourteen comes alone: all that is missing is named at once, with its clause.
$ window1 2026-02-12T14:00 objection submit --record R-000068 --set reason=信息有误 --material id_card
$ window1 2026-02-12T14:00 objection accept OBJ-2026-000008 --check
$ window1 2026-02-12T14:00 objection reject OBJ-2026-000008 --set grounds=未满十六周岁且无监护人；材料不齐
# 四 · 情况复杂，申请延期 | 4 · A complex case is extended
> 延期至多15个工作日，由主管部门批准；一天一天数给人看。 | At most 15 working days, granted by the authority; and counted day by day for all to see.
$ center2 2026-02-25T09:00 3 objection request_extension OBJ-2026-000007 --set days=16 --set reason=需调取历年账册
$ center2 2026-02-25T09:05 objection request_extension OBJ-2026-000007 --set days=15 --set reason=需调取历年账册
. 2026-02-25T15:00 OBJ-2026-000007 authority2:grant_extension
$ center2 2026-02-25T15:10 case explain OBJ-2026-000007 handling
# 五 · 核查、更正；四只眼睛核准 | 5 · Verified, corrected; approved by four eyes
> 信息确有错误，当即更正。兰蔚起草了报告，也有核准的角色，但不能核准自己的报告；另一人才可以。 | The record was wrong and is corrected at once. Lan Wei drafted the report and has the role to approve one, but never her own; somebody else has to.
$ lan.wei 2026-02-26T09:00 objection consult OBJ-2026-000004 --set question=请核对当事人笔迹与身份证件 --set provider=杭州市城市管理局
$ provider1 2026-02-26T16:00 objection respond OBJ-2026-000004 --set finding=系他人冒用身份，当事人不知情
$ lan.wei 2026-02-27T09:00 objection report OBJ-2026-000004 --set outcome=corrected --set 'correction={"content": "经核查，原行为系他人冒用身份，与当事人无关。"}'
$ lan.wei 2026-02-27T09:05 3 objection approve OBJ-2026-000004
$ authority1 2026-02-27T15:00 objection approve OBJ-2026-000004
$ window1 2026-03-02T09:00 objection notify OBJ-2026-000004 --set channel=电话
$ window1 2026-03-02T14:00 objection collect OBJ-2026-000004 --set collected_by=本人
. 2026-03-04T09:00 OBJ-2026-000005 center2:report:outcome=upheld authority1:approve window2:notify:channel=短信 window2:collect:collected_by=本人
. 2026-03-04T10:00 OBJ-2026-000006 center2:report:outcome=upheld authority1:approve window2:notify:channel=短信 window2:collect:collected_by=本人
# 六 · 仍有异议：存疑标注；晚了一天 | 6 · Still in dispute: the mark; and a day too late
> 领取报告后5个工作日内可以申请标注；标注保留30日，记录仍可使用。过了标注申请期，不能受理。 | Within 5 working days after collecting the report a mark can be applied for; it stays 30 days, the record stays usable. After that none is accepted.
$ window1 2026-03-06T10:00 marking submit --parent OBJ-2026-000005 --set reason=处罚时本人不在现场 --all-materials
. 2026-03-09T09:00 MRK-2026-000001 window1:accept window1:archive window1:transfer center1:receive
$ center1 2026-03-09T09:30 marking mark MRK-2026-000001
$ center1 2026-03-09T10:00 record show R-000007
~ window1 2026-03-12T09:00 marking submit --parent OBJ-2026-000006 --set reason=仍不认可 --all-materials
$ window1 2026-03-12T09:05 3 marking accept MRK-2026-000002
# 七 · 查询：查本人的记录 | 7 · A query: one's own records
> 本人到窗口查询。证件号由文件读入，不留在命令历史里；存疑的信息附标注和理由；打印的答复可扫码核验。 | Somebody asks for his own records. The number comes from a file, so that the shell's history has it not; what is disputed is shown with mark and reason; the answer's code can be scanned and verified.
$ window1 2026-03-23T09:00 query submit --subject @demo/number.txt --set purpose=办理贷款 --all-materials
$ window1 2026-03-23T09:05 query accept QRY-2026-000001
$ window1 2026-03-23T09:10 query answer QRY-2026-000001
~ window1 2026-03-23T09:12 query print QRY-2026-000001 --set collected_by=本人
$ window1 2026-03-23T09:15 paper print QRY-2026-000001 query_answer --to demo/answer.html
$ auditor1 2026-03-23T09:20 paper verify demo/answer.html
# 八 · 4月9日零点：标注届满 | 8 · Midnight of 9 April: the mark has expired
> 标注于3月9日作出，保留至4月8日。调度程序把已经发生的事记入日志。 | Placed on 9 March, it stood until 8 April. The scheduler writes down what time has brought about.
$ center1 2026-04-08T23:59 record show R-000007
$ - 2026-04-09T00:05 sweep
$ window1 2026-04-09T08:30 case show MRK-2026-000001
# 九 · 早上好 | 9 · Good morning
> 负责人先看逾期，窗口先看待办，审计先看日志。 | The supervisor begins with what is overdue, the window with its work, the auditor with the log.
$ - 2026-04-09T08:31 notify run
$ supervisor1 2026-04-09T08:35 overdue
$ center2 2026-04-09T08:40 todo
$ auditor1 2026-04-09T09:00 audit verify
"""
NEXT = """
. .venv/bin/activate
export CREDIT_WORKFLOW_DB=demo/cases.db CREDIT_WORKFLOW_KEYS=demo/cases.keys CREDIT_WORKFLOW_AT=2026-04-09
credit-workflow todo --as window1
credit-workflow case show OBJ-2026-000007 --as center2
credit-workflow overdue --as supervisor1 --lang en
"""
screen = Console(highlight=False)


def main() -> None:
    """Tell the whole story; a command that ends otherwise than it should ends the demo."""
    choose(None)
    FOLDER.mkdir(exist_ok=True)
    for old in [*FOLDER.glob("cases.*"), *FOLDER.glob("*.html")]:
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    with (ROOT / "examples/demo/records.csv").open(encoding="utf-8", newline="") as file:
        number = next(row["subject_id"] for row in csv.DictReader(file) if row["record_no"] == "R-000007")
    (FOLDER / "number.txt").write_text(number, encoding="ascii")
    unseen: list[str] = []
    for line in STORY.strip().splitlines():
        kind, rest = line.split(" ", 1)
        if kind in "~.":
            unseen += steps(rest) if kind == "." else [typed(*rest.split(" ", 2))]
            continue
        if unseen:
            unseen = background(unseen)
        if kind == "$":
            shown(rest)
        elif kind == "#":
            heading(t(*rest.split(" | ")))
        else:
            screen.print(t(*rest.split(" | ")), style="italic")
    heading(t("接下来，请您试试", "Now try it yourself"))
    screen.print(NEXT, style="cyan", soft_wrap=True, markup=False)


def heading(title: str) -> None:
    """Begin a chapter."""
    screen.print("", Rule(f"[bold]{title}[/bold]", align="left"))


def typed(who: str, at: str, command: str) -> str:
    """Return a command with who gives it, ``-`` being nobody, and when."""
    return " ".join([command, *(["--as", who] if who != "-" else []), "--at", at])


def steps(line: str) -> Iterator[str]:
    """Yield the commands that take a case through several steps."""
    at, case, *taken = line.split()
    for who, action, *values in (step.split(":") for step in taken):
        given = "".join(f" --set {value}" for value in values)
        yield typed(who, at, f"{WORKFLOWS[case[:3]]} {action} {case} --all-materials{given}")


def shown(line: str) -> None:
    """Run one command for all to see."""
    who, at, command = line.split(" ", 2)
    code, rest = command.split(" ", 1) if command[0].isdigit() else ("0", command)
    command = typed(who, at, rest)
    screen.print(f"\n[bold green]$ credit-workflow {command}[/bold green]", soft_wrap=True)
    done = subprocess.run([sys.executable, "cli.py", *shlex.split(command)], cwd=ROOT, env=environment(), check=False)
    if done.returncode != int(code):
        sys.exit(f"{command}: {done.returncode}, expected {code}")


def background(commands: list[str]) -> list[str]:
    """Run commands in one ``shell``, showing how far it is and nothing else; none are left."""
    words, pipe = [sys.executable, "cli.py", "shell", "--json"], subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, env=environment(), stdin=pipe, stdout=pipe, encoding="utf-8") as shell:
        assert shell.stdin is not None and shell.stdout is not None  # noqa: S101, PT018 - for the types
        shell.stdin.write("\n".join(commands))
        shell.stdin.close()
        others = t("其间，他人也在办理", "Meanwhile, others are at work")
        for _ in track(shell.stdout, others, len(commands), transient=True, console=screen):
            pass
    if shell.returncode:
        sys.exit(f"shell: {shell.returncode}")
    return []


def environment() -> dict[str, str]:
    """Return the environment of the commands: the demo's own places, the language, nothing else of the program's."""
    own = {n: v for n, v in os.environ.items() if not n.startswith("CREDIT_WORKFLOW_") or n.endswith("_CACHE")}
    return {**own, **PLACES, "CREDIT_WORKFLOW_LANG": language()}


if __name__ == "__main__":
    main()
