"""``record``: the credit records that objections are about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.given import word
from credit_workflow.cli.language import both, t
from credit_workflow.cli.output import answered, progress
from credit_workflow.service.files import handed
from credit_workflow.service.use_cases.daily.records import ImportRecords, ListRecords, RecordHistory, ShowRecord

_No = Annotated[
    str,
    typer.Argument(
        metavar="RECORD_NO", help=both("信用记录编号", "the record's number"), autocompletion=completion.records
    ),
]
_Why = Annotated[str | None, typer.Option("--purpose", metavar="TEXT", help=both("查看用途", "why"))]


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("信用记录：导入、查看、档案。", "Credit records: import, look at, dossier."))
    app.command(
        "import",
        cls=Command,
        help=t("从 CSV 或 JSON Lines 导入，全部成功或全部不导入。", "Import from CSV or JSON Lines, all or nothing."),
    )(_import)
    app.command("list", cls=Command, help=t("列出信用记录（留痕）。", "List records (logged)."))(_list)
    app.command(
        "show", cls=Command, help=t("查看一条信用记录及其标注（留痕）。", "One record with its marks (logged).")
    )(_show)
    app.command("history", cls=Command, help=t("一条信用记录的全部历史（留痕）。", "A record's dossier (logged)."))(
        _history
    )
    return {"record": app}


def _import(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=t("CSV 或 .jsonl 文件，UTF-8", "a CSV or .jsonl file, UTF-8"))
    ],
    update: Annotated[
        bool, typer.Option("--update", help=t("更新已存在的记录", "give known records the file's values"))
    ] = False,
) -> None:
    request = ImportRecords(file=handed(file), update=update)
    with progress(t("导入", "importing"), quiet=settings().json) as advance:
        done = ask(request, advance)
    if answered(done):
        return
    print(
        t(f"已导入 {done.imported} 条，更新 {done.updated} 条。", f"{done.imported} imported, {done.updated} updated.")
    )


def _list(
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help=t("信息主体的证件号", "the subject's ID number"))
    ] = None,
    purpose: _Why = None,
) -> None:
    found = ask(ListRecords(subject=subject and word(subject), purpose=purpose))
    if answered(found):
        return
    from credit_workflow.cli.screens.record_screen import render_records  # noqa: PLC0415 - Rich is not needed for JSON

    render_records(found.records)


def _show(
    record_no: _No,
    full: Annotated[
        bool, typer.Option("--full", help=t("显示完整证件号（须说明用途）", "the whole ID number (needs a purpose)"))
    ] = False,
    purpose: _Why = None,
) -> None:
    record = ask(ShowRecord(record_no=record_no, full=full, purpose=purpose))
    if answered(record):
        return
    from credit_workflow.cli.screens.record_screen import render_record  # noqa: PLC0415 - as above

    render_record(record)


def _history(record_no: _No, purpose: _Why = None) -> None:
    dossier = ask(RecordHistory(record_no=record_no, purpose=purpose))
    if answered(dossier):
        return
    from credit_workflow.cli.screens.record_screen import render_dossier  # noqa: PLC0415 - as above

    render_dossier(dossier)
