"""``backup``: create, verify, restore, and the yearly rehearsal."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import asdict

from credit_workflow.casework.access.permissions import require
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit, progress
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import Moment
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.store.database import Database

_File = Annotated[Path, typer.Argument(metavar="FILE", help=t("备份文件", "the backup"))]


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("备份与恢复。", "Backups."))
    commands = (
        ("create", _create, t("将数据库与扫描件写入一个加密文件（账户管理员、审计员）。", "Write database and scans into one encrypted file (admin, auditor).")),
        ("verify", _verify, t("在临时文件夹中恢复备份并校验日志。", "Restore a backup in a scratch folder and verify its log.")),
        ("restore", _restore, t("校验后恢复到尚不存在的位置，不覆盖任何文件。", "Restore to a new place after verifying; nothing is overwritten.")),
        ("drill", _drill, t("恢复演练：备份、恢复、校验，并将结果与用时记入日志。", "The rehearsal: back up, restore, verify; result and duration go into the log.")),
    )  # fmt: skip
    for name, function, text in commands:
        app.command(name, cls=Command, help=text)(function)
    return {"backup": app}


def _create(file: _File) -> None:
    from credit_workflow.store.backup import create_backup  # noqa: PLC0415 - cryptography starts slowly

    _allowed()
    with progress(t("备份", "backing up"), quiet=settings().json) as advance:
        made = create_backup(settings().database, file, advance)
    _said(
        {"file": str(file), **asdict(made)},
        t(
            f"已备份到 {file}（{made.bytes} 字节，案件日志 {made.events} 条）。密钥另存，切勿与备份放在一处。",
            f"backed up to {file} ({made.bytes} bytes, {made.events} case entries)."
            " Keep the key elsewhere than the backup.",
        ),
    )


def _verify(file: _File) -> None:
    from credit_workflow.store.backup import verify_backup  # noqa: PLC0415 - as above

    with progress(t("校验", "verifying"), quiet=settings().json) as advance:
        counts = verify_backup(file, settings().keys, advance)
    _said(
        {"ok": True, **counts},
        t(
            f"备份完好：{counts['cases']} 件案件，{counts['events']} 条案件日志。",
            f"the backup is whole: {counts['cases']} cases, {counts['events']} case entries.",
        ),
    )


def _restore(
    file: _File,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="PATH|URL",
            help=t("恢复到的文件或数据库地址，须尚无内容", "a file or a database's URL; nothing may be there"),
        ),
    ],
) -> None:
    from credit_workflow.store.backup import restore_backup  # noqa: PLC0415 - as above

    with progress(t("恢复", "restoring"), quiet=settings().json) as advance:
        counts = restore_backup(file, target := Database(to, settings().keys), advance)
    name = target.name
    _said({"database": name, **counts}, t(f"已恢复到 {name}，日志完整。", f"restored to {name}; its log is whole."))


def _drill() -> None:
    from credit_workflow.store.backup import rehearse  # noqa: PLC0415 - as above

    actor, moment = _allowed()
    database = settings().database
    began = time.monotonic()
    fault: Exception | None = None
    counts: dict[str, int] = {}
    try:
        with progress(t("演练", "rehearsing"), quiet=settings().json) as advance:
            counts = rehearse(database, advance)
    except Exception as caught:  # noqa: BLE001 - a rehearsal that failed is recorded, however it failed
        fault = caught
    seconds = round(time.monotonic() - began, 1)
    code = fault.code if isinstance(fault, CreditWorkflowError) else type(fault).__name__ if fault else None
    result = {"ok": fault is None, "seconds": seconds, "code": code, **counts}
    with database.writing() as db:
        newest = db.newest()  # others went on working meanwhile, and the log never goes back
        at = moment.at if newest is None else max(moment.at, newest)
        db.log("drill", at, actor, ",".join(sorted(actor.roles)), "rehearsed", result)
    if fault is not None:
        raise fault
    _said(
        result,
        t(f"演练成功，用时 {seconds} 秒，已记入日志。", f"the rehearsal succeeded in {seconds} s and is in the log."),
    )


def _allowed() -> tuple[Actor, Moment]:
    """Return who backs up, and when.

    Raises:
        NotAllowed: the account is neither admin nor auditor.
    """
    chosen = settings()
    with chosen.database.reading() as db:
        actor, moment = chosen.actor(db), chosen.moment(db)
    require(chosen.definitions, actor, "back_up")
    return actor, moment


def _said(document: dict[str, Any], text: str) -> None:
    if settings().json:
        emit(document)
        return
    print(text)
