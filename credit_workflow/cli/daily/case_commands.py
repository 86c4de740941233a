"""``case`` and ``todo``: what people look up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from credit_workflow.cli import completion
from credit_workflow.cli.base import Branch, single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.drawn import case_screen, explanation_screen, grid_screen
from credit_workflow.cli.given_values import word
from credit_workflow.cli.language import t
from credit_workflow.cli.new_files import put_into, write_new
from credit_workflow.cli.options import (
    After,
    AsGrid,
    CaseNumber,
    GridFile,
    Limit,
    NewFile,
    OfUnit,
    OfWorkflow,
    Purpose,
    argument,
    day_option,
    option,
)
from credit_workflow.cli.output import emit, show
from credit_workflow.cli.rules import drawing_commands
from credit_workflow.service.use_cases.daily.cases import CaseHistory, ListCases, ListTodo, ShowCase, TakeScan

_Why = Annotated[str | None, option("--purpose TEXT", "用途；不填为办理业务", "why; case work unless given")]

case = Branch("查看与分派案件。", "Look at cases, and assign them.")


@case.command("list")
def _list(
    workflow: OfWorkflow = None,
    state: Annotated[str | None, option("--state S")] = None,
    role: Annotated[str | None, option("--role R")] = None,
    due_before: Annotated[date | None, day_option("--due-before DATE")] = None,
    assignee: Annotated[str | None, option("--assignee A", autocompletion=completion.accounts)] = None,
    subject: Annotated[str | None, option("--subject ID")] = None,
    record: Annotated[str | None, option("--record NO", autocompletion=completion.records)] = None,
    number: Annotated[str | None, option("--number PART")] = None,
    open_only: Annotated[bool, option("--open")] = False,
    limit: Limit = None,
    after: After = None,
    unit: OfUnit = None,
    purpose: _Why = None,
) -> None:
    """List cases; a search for a person is logged, and so are names and reasons that it shows.

    列出案件；按人查找，以及所示姓名和理由，均留痕。

    Options:
        state: this state only
            只列该状态
        role: what waits for this role only
            只列等该角色办理的
        due_before: with a deadline due before the day
            只列有期限在该日之前的
        assignee: given to this account only
            只列分派给该账户的
        subject: about the person with this ID number only
            只列该证件号的信息主体的
        record: about this record only
            只列该条信用记录的
        number: with this in their number only
            只列编号中含此内容的
        open_only: not those that have ended
            只列尚未办结的
    """
    wanted = ListCases(
        workflow=workflow,
        state=state,
        role=role,
        due_before=due_before,
        assignee=assignee,
        subject=subject and word(subject),
        record=record,
        number=number,
        open=open_only,
        limit=limit,
        after=after,
        unit=unit,
        actions=settings().json,
        texts=settings().json,
        purpose=purpose,
    )
    show(ask(wanted), case_screen.render_list)


@case.command("show")
def _show(
    case: CaseNumber,
    diagram: Annotated[bool, option("--diagram")] = False,
    form: drawing_commands.FormatOption = None,
    out: drawing_commands.OutOption = None,
    purpose: _Why = None,
) -> None:
    """One case: state, deadlines, timeline, what can be done (logged).

    查看一个案件：状态、期限、经过、可办步骤（留痕）。

    Options:
        diagram: a picture that marks where the case stands
            状态图，标出案件所处位置
    """
    if diagram or form is not None or out is not None:
        drawing_commands.draw_case(case, form, out)
        return
    show(ask(ShowCase(case=case, page=not settings().json, purpose=purpose)), case_screen.render_case)


@case.command("history")
def _history(case: CaseNumber, purpose: _Why = None) -> None:
    """A case's log (the look at it is logged).

    案件日志（查看留痕）。
    """
    show(ask(CaseHistory(case=case, purpose=purpose)), case_screen.render_history)


@case.command("explain")
def _explain(
    case: CaseNumber,
    deadline: Annotated[str | None, argument("DEADLINE")] = None,
    grid: AsGrid = False,
    out: GridFile = None,
) -> None:
    """How each due date was counted, day by day.

    逐日说明期限如何计算。

    Options:
        deadline: one deadline; all unless given
            期限；不填则全部
    """
    from credit_workflow.service.use_cases.daily.explanations import ExplainCase  # noqa: PLC0415 - needed here alone

    answer = ask(ExplainCase(case=case, deadline=deadline, pictures=grid, file=None if out is None else out.name))
    if answer.drawn is not None and out is not None:
        put_into(out, answer.drawn, answer.document())
    elif grid:
        show(answer, grid_screen.render_explained)
    else:
        show(answer, explanation_screen.render_explained)


@case.command("assign")
def _assign(case: CaseNumber, account: Annotated[str, argument("ACCOUNT", autocompletion=completion.accounts)]) -> None:
    """Give a case to somebody of the unit.

    将案件分派给本单位人员。

    Options:
        account: the account
            账户
    """
    from credit_workflow.service.use_cases.daily.acting import AssignCase  # noqa: PLC0415 - who looks loads no action

    show(ask(AssignCase(case=case, account=account, page=not settings().json)), case_screen.render_case)


@case.command("scan")
def _scan(case: CaseNumber, material: Annotated[str, argument("KIND")], to: NewFile, purpose: Purpose = "") -> None:
    """Take out the scan of a material; the log says so.

    取出一份材料的扫描件（记入日志）。

    Options:
        material: the material
            材料
    """
    scan = ask(TakeScan(case=case, material=material, purpose=purpose))
    write_new(to, scan.content)
    if settings().json:
        emit({"case": case, "material": material, "file": str(to), "bytes": len(scan.content)})
        return
    print(t(f"已写入 {to}（{len(scan.content)} 字节）。", f"wrote {to} ({len(scan.content)} bytes)."))


@single
def todo(unit: OfUnit = None) -> None:
    """What waits for me, the most urgent first.

    等我办理的案件，最急的在前。
    """
    show(ask(ListTodo(unit=unit)), case_screen.render_todo)
