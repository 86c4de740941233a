"""``backup``: create, verify, restore, and the yearly rehearsal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from credit_workflow.cli.base import Branch
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import tell, watched
from credit_workflow.service.use_cases.upkeep.backups import CreateBackup, RehearseBackup, RestoreBackup, VerifyBackup

_File = Annotated[Path, argument("FILE", "备份文件", "the backup")]


backup = Branch("备份与恢复。", "Backups.")


@backup.command("create")
def _create(file: _File) -> None:
    """Write database and scans into one encrypted file (admin, auditor).

    将数据库与扫描件写入一个加密文件（账户管理员、审计员）。
    """
    made = watched("备份", "backing up", CreateBackup(file=file))
    tell(
        made,
        f"已备份到 {file}（{made.bytes} 字节，案件日志 {made.events} 条）。密钥另存，切勿与备份放在一处。",
        f"backed up to {file} ({made.bytes} bytes, {made.events} case entries)."
        " Keep the key elsewhere than the backup.",
    )


@backup.command("verify")
def _verify(file: _File) -> None:
    """Restore a backup in a scratch folder and verify its log.

    在临时文件夹中恢复备份并校验日志。
    """
    proved = watched("校验", "verifying", VerifyBackup(file=file))
    tell(
        proved,
        f"备份完好：{proved.cases} 件案件，{proved.events} 条案件日志。",
        f"the backup is whole: {proved.cases} cases, {proved.events} case entries.",
    )


@backup.command("restore")
def _restore(file: _File, to: Annotated[str, option("--to PATH|URL")]) -> None:
    """Restore to a new place after verifying; nothing is overwritten.

    校验后恢复到尚不存在的位置，不覆盖任何文件。

    Options:
        to: a file or a database's URL; nothing may be there
            恢复到的文件或数据库地址，须尚无内容
    """
    restored = watched("恢复", "restoring", RestoreBackup(file=file, to=to))
    name = restored.database
    tell(restored, f"已恢复到 {name}，日志完整。", f"restored to {name}; its log is whole.")


@backup.command("drill")
def _drill() -> None:
    """The rehearsal: back up, restore, verify; result and duration go into the log.

    恢复演练：备份、恢复、校验，并将结果与用时记入日志。
    """
    done = watched("演练", "rehearsing", RehearseBackup())
    tell(
        done,
        f"演练成功，用时 {done.seconds} 秒，已记入日志。",
        f"the rehearsal succeeded in {done.seconds} s and is in the log.",
    )
