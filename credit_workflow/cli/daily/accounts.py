"""``login``, ``logout``, ``passwd``, ``whoami``; and what the group ``account`` has besides its actions."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from credit_workflow.casework.access.identification import for_signing_in
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.accounts import sign_in as work
from credit_workflow.casework.cases.acting import Session
from credit_workflow.cli import completion, tokens
from credit_workflow.cli.base import Command, single
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit, interactive, training_line
from credit_workflow.engine.world import SYSTEM_ACTOR
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

_Stdin = Annotated[
    bool, typer.Option("--password-stdin", help=t("从标准输入读取密码", "read the password from standard input"))
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
        work.RESET,
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
    chosen = settings()
    with chosen.database.reading() as db:
        for_signing_in(db)
        session = chosen.session(SYSTEM_ACTOR, chosen.moment(db))
        database = db.meta["id"]
    (password,) = passwords(stdin=password_stdin, prompts=[t("密码", "Password")])
    token = work.sign_in(session, name, password)
    tokens.keep_token(database, token)
    with chosen.database.reading() as db:
        actor = db.account(name.strip().lower())
        change = work.must_change(db, actor.account, session.moment) if actor else None
    document = {
        "account": actor.account if actor else name,
        "roles": sorted(actor.roles) if actor else [],
        "unit": actor.unit if actor else None,
        "must_change_password": change is not None,
    }
    if chosen.json:
        emit(document)
        return
    print(t(f"已登录：{document['account']}", f"signed in as {document['account']}"))
    if change is not None:
        print(t(change.zh, change.en))


def _logout() -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        database = db.meta["id"]
        token = tokens.token_of(database)
    ended = token is not None and work.sign_out(chosen.database, token)
    tokens.forget_token(database)
    if chosen.json:
        emit({"signed_out": ended})
        return
    print(t("已退出登录。", "Signed out.") if ended else t("尚未登录。", "Nobody was signed in."))


def _passwd(password_stdin: _Stdin = False) -> None:
    session = _session(any_password=True)
    old, new = new_password(
        t("新密码", "New password"), stdin=password_stdin, before=[t("现用密码", "Present password")]
    )
    work.change_password(session, old, new)
    with settings().database.reading() as db:
        tokens.forget_token(db.meta["id"])
    if settings().json:
        emit({"account": session.actor.account, "changed": True})
        return
    print(t("密码已修改，请重新登录。", "The password is changed; sign in again."))


def _reset(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=t("账户", "the account"), autocompletion=completion.accounts)
    ],
    password_stdin: _Stdin = False,
) -> None:
    session = _session()
    (password,) = new_password(t("一次性密码", "First password"), stdin=password_stdin)
    work.reset_password(session, name, password)
    if settings().json:
        emit({"account": name, "must_change_password": True})
        return
    print(
        t(
            f"已为 {name} 设置一次性密码，请当面告知，本人登录后须修改。",
            f"{name} has a first password: tell it in person; it must be changed after signing in.",
        )
    )


def _session(*, any_password: bool = False) -> Session:
    chosen = settings()
    with chosen.database.reading() as db:
        if db.training:
            message = Text("练习数据库的账户没有密码", "the accounts of a training database have no passwords")
            raise UsageFault(message, code="training_database")
        return chosen.session(chosen.actor(db, any_password=any_password), chosen.moment(db))


def _list() -> None:
    chosen = settings()
    with chosen.desk() as (desk, viewer):
        if viewer.actor is not None:  # who looks is always known
            require(chosen.definitions, viewer.actor, "list_accounts")
        found, training = desk.db.account_list(), desk.db.training
    if chosen.json:
        emit({"accounts": found})
        return
    from rich import box  # noqa: PLC0415 - Rich is not needed for JSON
    from rich.table import Table  # noqa: PLC0415

    from credit_workflow.cli.output import console  # noqa: PLC0415

    training_line(training=training)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in (t("账户", "Account"), t("单位", "Unit"), t("权限", "Roles"), t("状态", "Status"), t("案件", "Case")):
        table.add_column(title)
    said = {
        "applied": t("待启用", "applied"),
        "active": t("使用中", "active"),
        "suspended": t("已停用", "suspended"),
        "closed": t("已注销", "closed"),
    }
    for one in found:
        table.add_row(
            one["account"], one["unit"], ", ".join(one["roles"]), said.get(one["status"], one["status"]), one["case"]
        )
    console().print(table)


def _whoami() -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        actor = chosen.actor(db, any_password=True)
    document = {"account": actor.account, "roles": sorted(actor.roles), "unit": actor.unit}
    if chosen.json:
        emit(document)
        return
    print(f"{actor.account}\t{', '.join(sorted(actor.roles))}\t{actor.unit or ''}")
