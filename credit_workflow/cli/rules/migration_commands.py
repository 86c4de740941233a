"""``workflow migrate``: running cases go over to another version; and what its neighbours share with it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from credit_workflow.cli.context import settings
from credit_workflow.cli.drawn import version_screen
from credit_workflow.cli.language import t
from credit_workflow.cli.options import WorkflowId, option
from credit_workflow.cli.output import answered, console, line, watched
from credit_workflow.errors import Conflict, UsageFault
from credit_workflow.service.use_cases.rules.migrations import LookAhead, MigrateCases
from credit_workflow.text import Text

Note = Annotated[str | None, option("--note TEXT", "说明，写入日志", "a remark for the log")]
Yes = Annotated[bool, option("--yes", "不再询问", "don't ask")]
_To = Annotated[int | None, option("--to VERSION", "版本；不填则今日有效的", "unless given, the one in force")]
_Undo = Annotated[bool, option("--undo", "撤销最近一次，恢复原状", "take the newest one back")]
_Case = Annotated[list[str] | None, option("--case CASE", "只限此案", "only this one")]
_Dry = Annotated[bool, option("--dry-run", "只看会怎样", "only show what would change")]


def migrate_command(
    workflow: WorkflowId,
    to: _To = None,
    undo: _Undo = False,
    case: _Case = None,
    dry_run: _Dry = False,
    note: Note = None,
    yes: Yes = False,
) -> None:
    """Have running cases go over to another version.

    在办案件改用另一版本。
    """
    if undo and to is not None:
        raise UsageFault(Text("--undo 与 --to 不能并用", "give --undo or --to, not both"), code="usage")
    cases = tuple(case or ())
    looked = dry_run or settings().interactive
    if looked:
        _look(LookAhead(workflow=workflow, to=to, undo=undo, cases=cases))
    if not dry_run and sure(t("更换版本？", "Go over?"), yes=yes):
        _go(MigrateCases(workflow=workflow, to=to, undo=undo, cases=cases, note=note), looked=looked)


def _look(wanted: LookAhead) -> None:
    found = watched("核对在办案件", "looking at running cases", wanted)
    if answered(found):
        return
    version_screen.render_cases(found.cases)
    if found.refused is not None:
        line(f"现在不能办理：{found.refused}", f"Not now: {found.refused}")


def _go(wanted: MigrateCases, *, looked: bool) -> None:
    done = watched("更换版本", "going over", wanted)
    if looked or not answered(done):
        line(f"{len(done.cases)} 件案件已更换版本。", f"{len(done.cases)} cases have gone over.")
    if done.left:
        named = "、".join(line.case for line in done.left)
        message = Text("{c} 刚被他人改动，未更换；请再看一次", "{c} changed meanwhile and did not go over; look again")
        raise Conflict(message.fill(c=named))


def sure(question: str, *, yes: bool) -> bool:
    """Whether to go on: asked in a terminal alone."""
    if yes or not settings().interactive:
        return True
    from credit_workflow.cli.prompts import Confirm  # noqa: PLC0415 - Rich is only needed to ask

    return Confirm.ask(question, console=console(), default=False)


def day_of(text: str | None) -> date | None:
    """Return the day that an option names.

    Raises:
        UsageFault: it is none.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        message = Text("“{t}”不是日期；写作 2026-03-02", "“{t}” is no date; write 2026-03-02").fill(t=text)
        raise UsageFault(message, code="date") from None
