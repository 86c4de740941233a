"""``key``: the keys of the personal data, which lie outside the database."""

from __future__ import annotations

import typer

from credit_workflow.casework.access.permissions import require
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("个人信息的密钥。", "The keys of the personal data."))
    app.command(
        "rotate",
        cls=Command,
        help=t("更换密钥，不影响他人办理（账户管理员）。", "Change the keys; others go on working (admin)."),
    )(_rotate)
    app.command("show", cls=Command, help=t("密钥的名称、位置与启用时间。", "The keys' names, place and dates."))(_show)
    return {"key": app}


def _rotate() -> None:
    from credit_workflow.store.crypto.keys import key_folder  # noqa: PLC0415 - the library of ciphers starts slowly
    from credit_workflow.store.crypto.rotation import rotate  # noqa: PLC0415

    chosen = settings()
    with chosen.database.reading() as db:
        actor, moment = chosen.actor(db), chosen.moment(db)
    require(chosen.definitions, actor, "change_keys")
    with chosen.database.writing() as db:
        done = rotate(db, actor, moment.at)
        folder = key_folder(chosen.keys, db.meta["id"])
    if chosen.json:
        emit({"master": done.master, "data_key": done.data_key, "folder": str(folder)})
        return
    print(
        t(
            f"已更换：主密钥 {done.master}，数据密钥第 {done.data_key} 号。",
            f"changed: master key {done.master}, data key {done.data_key}.",
        )
    )
    print(
        t(
            f"请立即将 {folder} 另存一份：没有新密钥，此后的备份无法恢复。",
            f"Copy {folder} to where you keep keys, now: backups from now on need the new one.",
        )
    )


def _show() -> None:
    from credit_workflow.store.crypto.keys import key_folder, masters  # noqa: PLC0415 - as above

    chosen = settings()
    with chosen.database.reading() as db:
        chosen.actor(db)
        database, rows = db.meta["id"], db.data_key_rows()
    known = list(masters(chosen.keys, database))
    document = {
        "folder": str(key_folder(chosen.keys, database)),
        "masters": known,
        "data_keys": [
            {"data_key": row[0], "purpose": row[1], "master": row[2], "made": row[4], "usable": row[2] in known}
            for row in rows
        ],
    }
    if chosen.json:
        emit(document)
        return
    print(t(f"密钥文件夹：{document['folder']}", f"folder of keys: {document['folder']}"))
    for row in rows:
        usable = t("可用", "usable") if row[2] in known else t("主密钥不在本机", "its master key is not here")
        print(f"{row[0]}  {row[1]}  {row[2]}  {row[4]}  {usable}")
