"""``record``: the credit records that objections are about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from credit_workflow.casework.access.permissions import may
from credit_workflow.casework.cases import listing
from credit_workflow.casework.cases.views import mark_view, record_view
from credit_workflow.casework.clock import local
from credit_workflow.casework.records import importing as work
from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.given import word
from credit_workflow.cli.language import language, t
from credit_workflow.cli.output import emit, progress, training_line
from credit_workflow.definition.library import scheme_of
from credit_workflow.identity import masked, parse_subject

_No = Annotated[
    str,
    typer.Argument(
        metavar="RECORD_NO", help=t("信用记录编号", "the record's number"), autocompletion=completion.records
    ),
]


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("信用记录：导入、查看、档案。", "Credit records: import, look at, dossier."))
    app.command(
        "import",
        cls=Command,
        help=t("从 CSV 或 JSON Lines 导入，全部成功或全部不导入。", "Import from CSV or JSON Lines, all or nothing."),
    )(_import)
    app.command("list", cls=Command, help=t("列出信用记录。", "List records."))(_list)
    app.command(
        "show", cls=Command, help=t("查看一条信用记录及其标注（留痕）。", "One record with its marks (logged).")
    )(_show)
    app.command("history", cls=Command, help=t("一条信用记录的全部历史。", "A record's dossier."))(_history)
    return {"record": app}


def _import(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=t("CSV 或 .jsonl 文件，UTF-8", "a CSV or .jsonl file, UTF-8"))
    ],
    update: Annotated[
        bool, typer.Option("--update", help=t("更新已存在的记录", "give known records the file's values"))
    ] = False,
) -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
        training = db.training
    with progress(t("导入", "importing"), quiet=chosen.json) as advance:
        done = work.import_records(session, file, update=update, progress=advance)
    if chosen.json:
        emit({"imported": done.imported, "updated": done.updated})
        return
    training_line(training=training)
    print(
        t(f"已导入 {done.imported} 条，更新 {done.updated} 条。", f"{done.imported} imported, {done.updated} updated.")
    )


def _list(
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help=t("信息主体的证件号", "the subject's ID number"))
    ] = None,
) -> None:
    chosen = settings()
    with chosen.desk() as (desk, viewer):
        where, values = (
            ("", ())
            if subject is None
            else (
                "WHERE subject_key = ?",
                (desk.db.keyed(parse_subject(word(subject), scheme=scheme_of(chosen.definitions)).key),),
            )
        )
        found = desk.db.records(where, values)
        sees = viewer.actor is not None and may(chosen.definitions, viewer.actor.roles, "see_suspended")
        views = [
            record_view(record, listing.marks_in_force(desk, record.no), viewer, full=False, sees=sees)
            for record in found
        ]
        if chosen.json:
            emit({"records": views})
            return
        from credit_workflow.cli.screens.record_screen import (  # noqa: PLC0415 - Rich is not needed for JSON
            render_records,
        )

        render_records(views, training=desk.db.training)


def _show(
    record_no: _No,
    full: Annotated[
        bool, typer.Option("--full", help=t("显示完整证件号（须说明用途）", "the whole ID number (needs a purpose)"))
    ] = False,
    purpose: Annotated[str | None, typer.Option("--purpose", metavar="TEXT", help=t("查看用途", "why"))] = None,
) -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
    work.look_at(session, record_no, purpose=purpose, full=full)
    with chosen.desk() as (desk, viewer):
        record = desk.db.record(record_no)
        sees = may(chosen.definitions, session.actor.roles, "see_suspended")
        view = record_view(record, listing.marks_in_force(desk, record_no), viewer, full=full, sees=sees)
        if chosen.json:
            emit(view)
            return
        from credit_workflow.cli.screens.record_screen import render_record  # noqa: PLC0415 - as above

        render_record(view, training=desk.db.training)


def _history(record_no: _No) -> None:
    chosen = settings()
    with chosen.desk() as (desk, viewer):
        record = desk.db.record(record_no)
        suspended = any(mark.suspends for _, mark in listing.marks_in_force(desk, record_no))
        roles = viewer.actor.roles if viewer.actor else frozenset()
        withhold = suspended and not may(chosen.definitions, roles, "see_changes")
        document = {
            "record_no": record_no,
            "subject_id": masked(record.subject.id),
            "values": [
                _withheld(_log_line(row, chosen.calendar.zone), withhold)
                for row in desk.db.journal_rows(f"record:{record_no}")
            ],
            "marks": [
                {
                    **mark_view(case, mark, language()),
                    "suspends": mark.suspends,
                    "lifted": mark.lifted and mark.lifted.isoformat(),
                }
                for case, mark in desk.db.marks_on(record_no)
            ],
            "look_ups": [
                _log_line(row, chosen.calendar.zone)
                for row in desk.db.journal_rows("look-up")
                if msgspec.json.decode(row[6])["record"] == record_no
            ],
        }
        if chosen.json:
            emit(document)
            return
        from credit_workflow.cli.screens.record_screen import render_dossier  # noqa: PLC0415 - as above

        render_dossier(document, training=desk.db.training)


def _withheld(line: dict[str, Any], withhold: bool) -> dict[str, Any]:  # noqa: FBT001 - reads well enough
    """Return a line of the dossier without what a suspended record says."""
    if withhold:
        for part in ("old", "new"):
            if "content" in line["data"].get(part, {}):
                line["data"][part]["content"] = None
    return line


def _log_line(row: Any, zone: str) -> dict[str, Any]:
    from credit_workflow.store.mapping.rows import instant_of  # noqa: PLC0415

    data = msgspec.json.decode(row[6])
    for part in ("old", "new"):
        if "subject_id" in data.get(part, {}):
            data[part]["subject_id"] = masked(data[part]["subject_id"])
            data[part].pop("subject_key", None)
    data.pop("subject", None)
    return {
        "at": local(instant_of(row[2]), zone).isoformat(),
        "actor": row[3],
        "role": row[4],
        "kind": row[5],
        "data": data,
    }
