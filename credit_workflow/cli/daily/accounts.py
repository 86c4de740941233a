"""``login``, ``logout``, ``passwd``, ``whoami``; and what the group ``account`` has besides its actions."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from credit_workflow.cli import completion, tokens
from credit_workflow.cli.base import Command, single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import both, t
from credit_workflow.cli.output import answered, interactive, written
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.daily.accounts import (
    RESET,
    ChangePassword,
    ListAccounts,
    ResetPassword,
    SignIn,
    SignOut,
    WhoAmI,
)
from credit_workflow.text import Text

_Stdin = Annotated[
    bool, typer.Option("--password-stdin", help=both("从标准输入读取密码", "read the password from standard input"))
]


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    return {
        "login": single("login", _login, t("登录（正式数据库）。", "Sign in (production databases).")),
        "logout": single("logout", _logout, t("退出登录。", "Sign out.")),
        "passwd": single("passwd", _passwd, t("修改本人密码。", "Change one's own password.")),
        "whoami": single("whoami", _whoami, t("当前账户。", "The present account.")),
    }


def extend(app: typer.Typer) -> None:
    """Add to the group of the workflow about accounts what is no action of a case."""
    app.command("list", cls=Command, help=t("列出全部账户。", "List all accounts."))(_list)
    app.command(
        RESET,
        cls=Command,
        help=t(
            "发放一次性密码，本人首次登录后须修改（账户管理员）。",
            "Give a first password, to be changed at first sign-in (admin).",
        ),
    )(_reset)


def passwords(*, stdin: bool, prompts: list[str]) -> list[str]:
    """Return passwords, one for each prompt: typed unseen in a terminal, or a line each of standard input.

    Raises:
        UsageFault: there is nobody to ask, or too few lines came.
    """
    if stdin:
        lines = sys.stdin.read().splitlines()
        if len(lines) < len(prompts) or not all(lines[: len(prompts)]):
            message = Text("标准输入须有{n}行密码", "standard input must have {n} line(s), a password each")
            raise UsageFault(message.fill(n=len(prompts)), code="missing_values")
        return lines[: len(prompts)]
    if not interactive(settings()):
        message = Text(
            "没有终端可以询问密码；请用 --password-stdin 从标准输入给出",
            "there is no terminal to ask for the password in; give it on standard input with --password-stdin",
        )
        raise UsageFault(message, code="missing_values", details={"missing": ["--password-stdin"]})
    from getpass import getpass  # noqa: PLC0415 - only in a terminal

    return [getpass(f"{prompt}: ") for prompt in prompts]


def new_password(prompt: str, *, stdin: bool, before: list[str] | None = None) -> list[str]:
    """Return what ``before`` asks for and a new password, which a person types twice.

    Raises:
        UsageFault: as `passwords`, or the two differ.
    """
    prompts = [*(before or []), prompt]
    if stdin or not interactive(settings()):
        return passwords(stdin=stdin, prompts=prompts)
    *given, again = passwords(stdin=False, prompts=[*prompts, t("再输入一次", "once more")])
    if given[-1] != again:
        raise UsageFault(Text("两次输入的密码不同", "the two passwords differ"), code="password")
    return given


def _login(
    name: Annotated[str, typer.Argument(metavar="NAME", help=t("账户", "the account"))],
    password_stdin: _Stdin = False,
) -> None:
    ask(SignIn(name=name))  # nobody types a password where none is taken
    (password,) = passwords(stdin=password_stdin, prompts=[t("密码", "Password")])
    who = ask(SignIn(name=name, password=password))
    if who.token is not None:
        tokens.keep_token(who.database, who.token)
    if written(who):
        return
    print(t(f"已登录：{who.account}", f"signed in as {who.account}"))
    if who.must_change is not None:
        print(who.must_change)


def _logout() -> None:
    done = ask(SignOut())
    tokens.forget_token(done.database)
    if written(done):
        return
    print(t("已退出登录。", "Signed out.") if done.signed_out else t("尚未登录。", "Nobody was signed in."))


def _passwd(password_stdin: _Stdin = False) -> None:
    ask(ChangePassword())  # as above
    old, new = new_password(
        t("新密码", "New password"), stdin=password_stdin, before=[t("现用密码", "Present password")]
    )
    done = ask(ChangePassword(old=old, new=new))
    tokens.forget_token(done.database)
    if written(done):
        return
    print(t("密码已修改，请重新登录。", "The password is changed; sign in again."))


def _reset(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=t("账户", "the account"), autocompletion=completion.accounts)
    ],
    password_stdin: _Stdin = False,
) -> None:
    ask(ResetPassword(name=name))  # as above
    (password,) = new_password(t("一次性密码", "First password"), stdin=password_stdin)
    if written(ask(ResetPassword(name=name, password=password))):
        return
    print(
        t(
            f"已为 {name} 设置一次性密码，请当面告知，本人登录后须修改。",
            f"{name} has a first password: tell it in person; it must be changed after signing in.",
        )
    )


def _list() -> None:
    found = ask(ListAccounts())
    if answered(found):
        return
    from rich import box  # noqa: PLC0415 - Rich is not needed for JSON
    from rich.table import Table  # noqa: PLC0415

    from credit_workflow.cli.output import console  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in (t("账户", "Account"), t("单位", "Unit"), t("权限", "Roles"), t("状态", "Status"), t("案件", "Case")):
        table.add_column(title)
    said = {
        "applied": t("待启用", "applied"),
        "active": t("使用中", "active"),
        "suspended": t("已停用", "suspended"),
        "closed": t("已注销", "closed"),
    }
    for one in found.accounts:
        table.add_row(one.account, one.unit, ", ".join(one.roles), said.get(one.status, one.status), one.case)
    console().print(table)


def _whoami() -> None:
    who = ask(WhoAmI())
    if written(who):
        return
    print(f"{who.account}\t{', '.join(who.roles)}\t{who.unit or ''}")
