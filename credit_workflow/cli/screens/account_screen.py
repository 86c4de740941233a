"""Accounts on the screen."""

from __future__ import annotations

from credit_workflow.cli.language import say
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table
from credit_workflow.service.use_cases.daily.accounts import Accounts
from credit_workflow.text import Text, same

_STATUSES = {
    "applied": Text("待启用", "applied"),
    "active": Text("使用中", "active"),
    "suspended": Text("已停用", "suspended"),
    "closed": Text("已注销", "closed"),
}


def render_accounts(found: Accounts) -> None:
    """Write the accounts, a row each."""
    rows = (
        (one.account, one.unit, ", ".join(one.roles), say(_STATUSES.get(one.status, same(one.status))), one.case)
        for one in found.accounts
    )
    console().print(table("账户|单位|权限|状态|案件", "Account|Unit|Roles|Status|Case", rows, fold=False))
