"""``case`` and ``todo``: what people look up."""

from __future__ import annotations

from typing import Annotated

import typer

from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app, single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.files import write_new
from credit_workflow.cli.language import t
from credit_workflow.cli.options import AsGrid, CaseNumber, GridFile, NewFile, OfUnit, OfWorkflow, Purpose, day_option
from credit_workflow.cli.output import answered, emit
from credit_workflow.cli.rules import drawings
from credit_workflow.service.use_cases.daily.cases import CaseHistory, ListCases, ListTodo, ShowCase, TakeScan


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("查看与分派案件。", "Look at cases, and assign them."))
    app.command("list", cls=Command, help=t("列出案件。", "List cases."))(_list)
    app.command(
        "show",
        cls=Command,
        help=t("查看一个案件：状态、期限、经过、可办步骤。", "One case: state, deadlines, timeline, what can be done."),
    )(_show)
    app.command("history", cls=Command, help=t("案件日志。", "A case's log."))(_history)
    app.command("explain", cls=Command, help=t("逐日说明期限如何计算。", "How each due date was counted, day by day."))(
        _explain
    )
    app.command("assign", cls=Command, help=t("将案件分派给本单位人员。", "Give a case to somebody of the unit."))(
        _assign
    )
    app.command(
        "scan",
        cls=Command,
        help=t("取出一份材料的扫描件（记入日志）。", "Take out the scan of a material; the log says so."),
    )(_scan)
    return {
        "case": app,
        "todo": single("todo", _todo, t("等我办理的案件，最急的在前。", "What waits for me, the most urgent first.")),
    }


def _list(
    workflow: OfWorkflow = None,
    state: Annotated[str | None, typer.Option("--state", metavar="S", help=t("只列该状态", "this state only"))] = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="R", help=t("只列等该角色办理的", "what waits for this role only"))
    ] = None,
    due_before: Annotated[
        str | None,
        typer.Option(
            "--due-before", metavar="DATE", help=t("只列有期限在该日之前的", "with a deadline due before the day")
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help=t("最多列出", "at most so many"))
    ] = None,
    unit: OfUnit = None,
) -> None:
    day = None if due_before is None else day_option("--due-before", due_before)
    found = ask(
        ListCases(
            workflow=workflow,
            state=state,
            role=role,
            due_before=day,
            limit=limit,
            unit=unit,
            actions=settings().json,
        )
    )
    if answered(found):
        return
    from credit_workflow.cli.screens.case_screen import render_cases  # noqa: PLC0415 - Rich is not needed for JSON

    render_cases(found.cases)


def _show(
    case: CaseNumber,
    diagram: Annotated[
        bool,
        typer.Option("--diagram", help=t("状态图，标出案件所处位置", "a picture that marks where the case stands")),
    ] = False,
    form: drawings.FormatOption = None,
    out: drawings.OutOption = None,
) -> None:
    if diagram or form is not None or out is not None:
        drawings.draw_case(case, form, out)
        return
    page = ask(ShowCase(case=case, page=not settings().json))
    if answered(page):
        return
    from credit_workflow.cli.screens.case_screen import render_case  # noqa: PLC0415 - as above

    render_case(page, brief=False)


def _history(case: CaseNumber) -> None:
    history = ask(CaseHistory(case=case))
    if answered(history):
        return
    from credit_workflow.cli.screens.case_screen import render_history  # noqa: PLC0415 - as above

    render_history(history)


def _scan(
    case: CaseNumber,
    material: Annotated[str, typer.Argument(metavar="KIND", help=t("材料", "the material"))],
    to: NewFile,
    purpose: Purpose = "",
) -> None:
    scan = ask(TakeScan(case=case, material=material, purpose=purpose))
    write_new(to, scan.content)
    if settings().json:
        emit({"case": case, "material": material, "file": str(to), "bytes": len(scan.content)})
        return
    print(t(f"已写入 {to}（{len(scan.content)} 字节）。", f"wrote {to} ({len(scan.content)} bytes)."))


def _explain(
    case: CaseNumber,
    deadline: Annotated[
        str | None, typer.Argument(metavar="DEADLINE", help=t("期限；不填则全部", "one deadline; all unless given"))
    ] = None,
    grid: AsGrid = False,
    out: GridFile = None,
) -> None:
    from credit_workflow.service.use_cases.daily.explanations import ExplainCase  # noqa: PLC0415 - needed here alone

    answer = ask(ExplainCase(case=case, deadline=deadline, pictures=grid, file=None if out is None else out.name))
    if answer.drawn is not None and out is not None:
        from credit_workflow.cli.screens.grid_screen import write_grids  # noqa: PLC0415 - seldom asked for

        write_grids(answer, answer.drawn, out, json=settings().json)
        return
    if answered(answer):
        return
    if grid:
        from credit_workflow.cli.screens.grid_screen import render_grids  # noqa: PLC0415 - as below

        render_grids(case, answer.pictures)
        return
    from credit_workflow.cli.screens.explanation_screen import render_explained  # noqa: PLC0415 - as above

    render_explained(answer)


def _assign(
    case: CaseNumber,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help=t("账户", "the account"), autocompletion=completion.accounts)
    ],
) -> None:
    from credit_workflow.service.use_cases.daily.acting import AssignCase  # noqa: PLC0415 - who looks loads no action

    page = ask(AssignCase(case=case, account=account, page=not settings().json))
    if answered(page):
        return
    from credit_workflow.cli.screens.case_screen import render_case  # noqa: PLC0415 - as above

    render_case(page, brief=False)


def _todo(unit: OfUnit = None) -> None:
    found = ask(ListTodo(unit=unit))
    if answered(found):
        return
    from credit_workflow.cli.screens.case_screen import render_todo  # noqa: PLC0415 - as above

    render_todo(found)
