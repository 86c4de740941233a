"""``case`` and ``todo``: what people look up."""

from __future__ import annotations

from typing import Annotated

import typer

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.cases import listing
from credit_workflow.casework.cases.views import entry_view, explanation
from credit_workflow.casework.rulebook.in_force import known_workflow
from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app, single
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, t
from credit_workflow.cli.options import AsGrid, CaseNumber, GridFile, NewFile, OfUnit, OfWorkflow, Purpose
from credit_workflow.cli.output import emit
from credit_workflow.cli.rules import drawings
from credit_workflow.engine.inputs import read_date
from credit_workflow.errors import NotFound, Refused, UsageFault
from credit_workflow.text import Text


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
    chosen = settings()
    day = None if due_before is None else read_date(due_before)
    if due_before is not None and day is None:
        message = Text("--due-before 应为日期，如 2026-03-02", "--due-before must be a date such as 2026-03-02")
        raise UsageFault(message, code="date")
    if workflow is not None:
        known_workflow(settings().definitions, workflow)
    wanted = listing.Filter(workflow=workflow, state=state, role=role, due_before=day, limit=limit, unit=unit)
    with chosen.desk() as (desk, viewer):
        found = listing.list_cases(desk, wanted, viewer, actions=chosen.json)
        if chosen.json:
            emit({"cases": found})
            return
        from credit_workflow.cli.screens.case_screen import render_cases  # noqa: PLC0415 - Rich is not needed for JSON

        render_cases(found, training=desk.db.training)


def _show(
    case: CaseNumber,
    diagram: Annotated[
        bool,
        typer.Option("--diagram", help=t("状态图，标出案件所处位置", "a picture that marks where the case stands")),
    ] = False,
    form: drawings.FormatOption = None,
    out: drawings.OutOption = None,
) -> None:
    chosen = settings()
    with chosen.desk() as (desk, viewer):
        view = listing.show_case(desk, case, viewer)
        if diagram or form is not None or out is not None:
            drawings.draw_case(view, form, out)
            return
        if chosen.json:
            emit(view)
            return
        from credit_workflow.cli.screens.case_screen import render_case  # noqa: PLC0415 - as above

        render_case(view, desk.db.rules, desk.db.entries(case), viewer, brief=False, training=desk.db.training)


def _history(case: CaseNumber) -> None:
    from credit_workflow.engine.clocks.deadline_versions import definitions_over  # noqa: PLC0415 - needed here alone

    chosen = settings()
    with chosen.desk() as (desk, _):
        zone, entries = chosen.calendar.zone, desk.db.entries(desk.db.case(case).number)
        rules = [desk.db.rules[digest] for digest in definitions_over(entry for _, _, entry in entries)]
        events = [
            entry_view(seq, hash_, entry, zone, its.workflow)
            for (seq, hash_, entry), its in zip(entries, rules, strict=True)
        ]
        if chosen.json:
            emit({"case": case, "events": events})
            return
        from credit_workflow.cli.screens.case_screen import render_history  # noqa: PLC0415 - as above

        render_history(case, events, rules, training=desk.db.training)


def _scan(
    case: CaseNumber,
    material: Annotated[str, typer.Argument(metavar="KIND", help=t("材料", "the material"))],
    to: NewFile,
    purpose: Purpose = "",
) -> None:
    from credit_workflow.casework.audit.entries import log_taken  # noqa: PLC0415 - needed here alone
    from credit_workflow.store.crypto.scans import scan_of  # noqa: PLC0415 - the library of ciphers starts slowly

    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
        seen = db.case(case).materials.get(material)
    require(chosen.definitions, session.actor, "see_whole_numbers")
    if seen is None or seen.digest is None:
        message = Text("{c} 没有材料 {m} 的扫描件", "{c} has no scan of {m}").fill(c=case, m=material)
        raise NotFound(message, code="no_scan")
    content = scan_of(chosen.database, seen.digest)
    log_taken(session, case, "scan", purpose=purpose, full=True)
    try:
        with to.open("xb") as file:
            file.write(content)
    except FileExistsError:
        message = Text("{f} 已存在，没有改动它", "{f} exists already and was left as it is").fill(f=to)
        raise Refused(message, code="exists") from None
    if chosen.json:
        emit({"case": case, "material": material, "file": str(to), "bytes": len(content)})
        return
    print(t(f"已写入 {to}（{len(content)} 字节）。", f"wrote {to} ({len(content)} bytes)."))


def _explain(
    case: CaseNumber,
    deadline: Annotated[
        str | None, typer.Argument(metavar="DEADLINE", help=t("期限；不填则全部", "one deadline; all unless given"))
    ] = None,
    grid: AsGrid = False,
    out: GridFile = None,
) -> None:
    from credit_workflow.casework.explanation.counted_worlds import with_counting  # noqa: PLC0415 - needed here alone
    from credit_workflow.casework.explanation.segments import with_segments  # noqa: PLC0415 - as above

    chosen = settings()
    with chosen.desk() as (desk, _):
        world, _ = desk.caught_up(desk.db.family(desk.db.case(case).number))
        counting = with_counting(desk.db, world, frozenset({case}))
        explained = [with_segments(one) for one in explanation(world.cases[case], counting, deadline, language())]
        document = {"case": case, "deadlines": explained} if chosen.json else {}
        if out is not None:
            from credit_workflow.cli.screens.grid_files import write_grids  # noqa: PLC0415 - seldom asked for

            write_grids(case, explained, chosen.calendar, out, document)
            return
        if chosen.json:
            emit(document)
            return
        if grid:
            from credit_workflow.cli.screens.grid_screen import render_grids  # noqa: PLC0415 - as below

            render_grids(case, explained, chosen.calendar, training=desk.db.training)
            return
        from credit_workflow.cli.screens.explanation_screen import render_explained  # noqa: PLC0415 - as above

        render_explained(case, explained, training=desk.db.training)


def _assign(
    case: CaseNumber,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help=t("账户", "the account"), autocompletion=completion.accounts)
    ],
) -> None:
    from credit_workflow.casework.cases.acting import assign  # noqa: PLC0415

    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
    assign(session, case, account)
    _show(case)


def _todo(unit: OfUnit = None) -> None:
    chosen = settings()
    with chosen.desk() as (desk, viewer):
        found = listing.todo(desk, viewer, unit=unit)
        today = viewer.moment.effective.isoformat()
        if chosen.json:
            emit({"as_of": today, "account": viewer.actor.account if viewer.actor else None, "cases": found})
            return
        from credit_workflow.cli.screens.case_screen import render_todo  # noqa: PLC0415 - as above

        render_todo(found, viewer, training=desk.db.training)
