"""``login``, ``logout``, ``passwd``, ``whoami``; and what the group ``account`` has besides its actions."""

from __future__ import annotations

import sys
from typing import Annotated

from credit_workflow.cli import completion, tokens
from credit_workflow.cli.base import Commands, single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.drawn import account_screen
from credit_workflow.cli.language import t
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import show, tell
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.daily import accounts
from credit_workflow.text import Text

_Stdin = Annotated[bool, option("--password-stdin", "从标准输入读取密码", "read the password from standard input")]


commands = Commands()


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
    if not settings().interactive:
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
    if stdin or not settings().interactive:
        return passwords(stdin=stdin, prompts=prompts)
    *given, again = passwords(stdin=False, prompts=[*prompts, t("再输入一次", "once more")])
    if given[-1] != again:
        raise UsageFault(Text("两次输入的密码不同", "the two passwords differ"), code="password")
    return given


@single
def login(name: Annotated[str, argument("NAME")], password_stdin: _Stdin = False) -> None:
    """Sign in (production databases).

    登录（正式数据库）。

    Options:
        name: the account
            账户
    """
    ask(accounts.SignIn(name=name))  # nobody types a password where none is taken
    (password,) = passwords(stdin=password_stdin, prompts=[t("密码", "Password")])
    who = ask(accounts.SignIn(name=name, password=password))
    if who.token is not None:
        tokens.keep_token(who.database, who.token)
    more = "" if who.must_change is None else f"\n{who.must_change}"
    tell(who, f"已登录：{who.account}{more}", f"signed in as {who.account}{more}")


@single
def logout() -> None:
    """Sign out.

    退出登录。
    """
    done = ask(accounts.SignOut())
    tokens.forget_token(done.database)
    tell(done, *(("已退出登录。", "Signed out.") if done.signed_out else ("尚未登录。", "Nobody was signed in.")))


@single
def passwd(password_stdin: _Stdin = False) -> None:
    """Change one's own password.

    修改本人密码。
    """
    ask(accounts.ChangePassword())  # nobody types a password where none is taken
    old, new = new_password(
        t("新密码", "New password"), stdin=password_stdin, before=[t("现用密码", "Present password")]
    )
    done = ask(accounts.ChangePassword(old=old, new=new))
    tokens.forget_token(done.database)
    tell(done, "密码已修改，请重新登录。", "The password is changed; sign in again.")


@commands.command("list")
def _list() -> None:
    """List all accounts.

    列出全部账户。
    """
    show(ask(accounts.ListAccounts()), account_screen.render_accounts)


@commands.command(accounts.RESET)
def _reset(
    name: Annotated[str, argument("NAME", autocompletion=completion.accounts)], password_stdin: _Stdin = False
) -> None:
    """Give a first password, to be changed at first sign-in (admin).

    发放一次性密码，本人首次登录后须修改（账户管理员）。

    Options:
        name: the account
            账户
    """
    ask(accounts.ResetPassword(name=name))  # nobody types a password where none is taken
    (password,) = new_password(t("一次性密码", "First password"), stdin=password_stdin)
    tell(
        ask(accounts.ResetPassword(name=name, password=password)),
        f"已为 {name} 设置一次性密码，请当面告知，本人登录后须修改。",
        f"{name} has a first password: tell it in person; it must be changed after signing in.",
    )


@commands.command("recover")
def _recover(
    name: Annotated[str, argument("NAME")],
    reason: Annotated[str, option("--reason TEXT")] = "",
    password_stdin: _Stdin = False,
) -> None:
    """Restore an administrator when nobody can sign in (whoever holds the database and its keys; logged).

    无人能登录时恢复账户管理员（由持有数据库和密钥的人办理，记入日志）。

    Options:
        name: an administrator's account, or a new name
            账户管理员的账户，或新的账户名
        reason: why nobody else could; it is kept in the log
            为何无人能办理（记入日志）
    """
    ask(accounts.RecoverAccess(name=name, reason=reason))  # nobody types a password where none is taken
    (password,) = new_password(t("新密码", "New password"), stdin=password_stdin)
    done = ask(accounts.RecoverAccess(name=name, reason=reason, password=password))
    tell(
        done,
        f"{done.account} 现为可登录的账户管理员；已记入日志，并通知账户管理员和审计员。",
        f"{done.account} is an administrator that can sign in; it is in the log, and administrators and auditors are told.",
    )


@single
def whoami() -> None:
    """The present account.

    当前账户。
    """
    who = ask(accounts.WhoAmI())
    name = f"{who.account} {who.person or ''}".rstrip()
    tell(who, f"{name}\t{', '.join(who.roles)}\t{who.unit or ''}")
