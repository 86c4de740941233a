"""``backup``: create, verify, restore, and the yearly rehearsal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import both, t
from credit_workflow.cli.output import progress, written
from credit_workflow.service.use_cases.upkeep.backups import CreateBackup, RehearseBackup, RestoreBackup, VerifyBackup

_File = Annotated[Path, typer.Argument(metavar="FILE", help=both("备份文件", "the backup"))]


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
    with progress(t("备份", "backing up"), quiet=settings().json) as advance:
        made = ask(CreateBackup(file=file), advance)
    if written(made):
        return
    print(
        t(
            f"已备份到 {file}（{made.bytes} 字节，案件日志 {made.events} 条）。密钥另存，切勿与备份放在一处。",
            f"backed up to {file} ({made.bytes} bytes, {made.events} case entries)."
            " Keep the key elsewhere than the backup.",
        )
    )


def _verify(file: _File) -> None:
    with progress(t("校验", "verifying"), quiet=settings().json) as advance:
        proved = ask(VerifyBackup(file=file), advance)
    if written(proved):
        return
    print(
        t(
            f"备份完好：{proved.cases} 件案件，{proved.events} 条案件日志。",
            f"the backup is whole: {proved.cases} cases, {proved.events} case entries.",
        )
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
    with progress(t("恢复", "restoring"), quiet=settings().json) as advance:
        restored = ask(RestoreBackup(file=file, to=to), advance)
    if written(restored):
        return
    name = restored.database
    print(t(f"已恢复到 {name}，日志完整。", f"restored to {name}; its log is whole."))


def _drill() -> None:
    with progress(t("演练", "rehearsing"), quiet=settings().json) as advance:
        done = ask(RehearseBackup(), advance)
    if written(done):
        return
    print(
        t(
            f"演练成功，用时 {done.seconds} 秒，已记入日志。",
            f"the rehearsal succeeded in {done.seconds} s and is in the log.",
        )
    )
