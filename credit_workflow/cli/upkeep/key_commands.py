"""``key``: the keys of the personal data, which lie outside the database."""

from __future__ import annotations

from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask
from credit_workflow.cli.language import t
from credit_workflow.cli.output import line, tell, written
from credit_workflow.service.use_cases.upkeep.keys import RotateKeys, ShowKeys

key = Branch("个人信息的密钥。", "The keys of the personal data.")


@key.command("rotate")
def _rotate() -> None:
    """Change the keys; others go on working (admin).

    更换密钥，不影响他人办理（账户管理员）。
    """
    done = ask(RotateKeys())
    tell(
        done,
        f"已更换：主密钥 {done.master}，数据密钥第 {done.data_key} 号。\n"
        f"请立即将 {done.folder} 另存一份：没有新密钥，此后的备份无法恢复。",
        f"changed: master key {done.master}, data key {done.data_key}.\n"
        f"Copy {done.folder} to where you keep keys, now: backups from now on need the new one.",
    )


@key.command("show")
def _show() -> None:
    """The keys' names, place and dates.

    密钥的名称、位置与启用时间。
    """
    keys = ask(ShowKeys())
    if written(keys):
        return
    line(f"密钥文件夹：{keys.folder}", f"folder of keys: {keys.folder}")
    for key in keys.data_keys:
        usable = t("可用", "usable") if key.usable else t("主密钥不在本机", "its master key is not here")
        print(f"{key.data_key}  {key.purpose}  {key.master}  {key.made}  {usable}")
