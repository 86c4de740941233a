"""Accounts, and the units that they work in, on the screen."""

from __future__ import annotations

from rich.markup import escape

from credit_workflow.cli.language import counted, say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table, write
from credit_workflow.service.use_cases.daily.accounts import Accounts
from credit_workflow.service.use_cases.daily.units import Unit, Units
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
        (
            one.account,
            one.person or "",
            one.unit,
            ", ".join(one.roles),
            say(_STATUSES.get(one.status, same(one.status))),
            one.case,
        )
        for one in found.accounts
    )
    console().print(table("账户|姓名|单位|权限|状态|案件", "Account|Name|Unit|Roles|Status|Case", rows, fold=False))


def render_units(found: Units) -> None:
    """Write the units, a row each."""
    console().print(
        table(
            "名称|代码|类别|电话|地址|曾用名|",
            "Name|Code|Kind|Telephone|Address|Former names|",
            map(_row, found.units),
            fold=False,
        )
    )
    write(f"共 {len(found.units)} 个", counted(len(found.units), "unit"), "dim")


def render_unit(unit: Unit) -> None:
    """Write one unit, a row for it."""
    render_units(Units(units=(unit,)))


def _row(unit: Unit) -> list[str]:
    said = (unit.name, unit.code, unit.kind, unit.telephone, unit.address, "、".join(unit.former_names))
    return [*(escape(one or "") for one in said), "" if unit.complete else t("待补充", "to be completed")]
