"""``unit``: the register of units."""

from __future__ import annotations

from typing import Annotated

from credit_workflow.cli import completion
from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask
from credit_workflow.cli.drawn import account_screen
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import show, tell
from credit_workflow.service.use_cases.daily.units import AddUnit, ChangeUnit, ListUnits, ShowUnit

_Name = Annotated[
    str, argument("UNIT", "名称、曾用名或代码", "its name, a former name or its code", autocompletion=completion.units)
]
_Code = Annotated[str | None, option("--code CODE", "单位代码", "its code")]
_Kind = Annotated[
    str | None,
    option(
        "--kind ROLE", "类别：其人员的角色，如 provider、window", "its kind: the role of its people, such as provider"
    ),
]
_Telephone = Annotated[str | None, option("--telephone NUMBER", "电话", "its telephone")]
_Address = Annotated[str | None, option("--address TEXT", "地址", "its address")]
_Former = Annotated[list[str] | None, option("--former NAME", "曾用名，可多次给出", "a former name; may be repeated")]


unit = Branch("单位名录：登记、更名、联系方式。", "The register of units: names, former names, how to reach them.")


@unit.command("list")
def _list(incomplete: Annotated[bool, option("--incomplete")] = False) -> None:
    """List the units on the register.

    列出单位名录。

    Options:
        incomplete: only those to be completed
            只列待补充的
    """
    show(ask(ListUnits(incomplete=incomplete)), account_screen.render_units)


@unit.command("show")
def _show(name: _Name) -> None:
    """One unit.

    查看一个单位。
    """
    show(ask(ShowUnit(unit=name)), account_screen.render_unit)


@unit.command("add")
def _add(
    name: Annotated[str, argument("NAME", "单位名称", "its name")],
    code: _Code = None,
    kind: _Kind = None,
    telephone: _Telephone = None,
    address: _Address = None,
    former: _Former = None,
) -> None:
    """Put a unit onto the register (admin).

    登记一个单位（账户管理员）。
    """
    request = AddUnit(
        name=name, code=code, kind=kind, telephone=telephone, address=address, former_names=_names(former)
    )
    done = ask(request)
    tell(done, f"已登记：{done.name}", f"{done.name} is on the register.")


@unit.command("change")
def _change(
    name: _Name,
    new_name: Annotated[str | None, option("--name NAME")] = None,
    code: _Code = None,
    kind: _Kind = None,
    telephone: _Telephone = None,
    address: _Address = None,
    former: _Former = None,
) -> None:
    """Complete or change what the register says of a unit (admin).

    补充或变更一个单位的登记事项（账户管理员）。

    Options:
        new_name: its name from now on; the old one stays as a former name
            新名称；原名称留作曾用名
    """
    request = ChangeUnit(
        unit=name,
        name=new_name,
        code=code,
        kind=kind,
        telephone=telephone,
        address=address,
        former_names=_names(former),
    )
    done = ask(request)
    tell(done, f"已变更：{done.name}", f"{done.name} is changed.")


def _names(given: list[str] | None) -> tuple[str, ...] | None:
    return tuple(given) if given else None
