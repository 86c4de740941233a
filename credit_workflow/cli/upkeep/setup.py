"""``init``: a database for practice, or for production with its first administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from credit_workflow.cli.base import single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import interactive, written
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.upkeep.setup import CreateDatabase
from credit_workflow.text import Text


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    return {
        "init": single("init", _init, t("创建数据库。", "Create a database.")),
    }


def _init(
    training: Annotated[
        bool, typer.Option("--training", help=t("练习数据库：可用 --as 与 --at", "for practice: allows --as and --at"))
    ] = False,
    admin: Annotated[
        str | None,
        typer.Option(
            "--admin",
            metavar="NAME",
            help=t("正式数据库：首个账户管理员的账户名", "for production: the first administrator's account"),
        ),
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=t("从标准输入读取密码", "read the password from standard input"))
    ] = False,
) -> None:
    if not training:
        _init_production(admin, stdin=password_stdin)
        return
    if admin is not None or password_stdin:
        message = Text(
            "练习数据库没有管理员密码：--training 不与 --admin、--password-stdin 同用",
            "a training database has no administrator with a password: --training goes without --admin and --password-stdin",
        )
        raise UsageFault(message, code="usage")
    made = ask(CreateDatabase(training=True))
    if written(made):
        return
    print(t(f"已创建练习数据库 {made.database}", f"created the training database {made.database}"))
    print(t("账户：", "accounts: ") + " ".join(made.accounts))
    if made.importer is not None:
        print(
            t(f"下一步：record import 文件（--as {made.importer}）", f"next: record import FILE (--as {made.importer})")
        )


def _init_production(admin: str | None, *, stdin: bool) -> None:
    from credit_workflow.cli.daily.accounts import new_password  # noqa: PLC0415 - only here

    ask(CreateDatabase())  # what stands in the way is said before anything is typed
    if admin is None and interactive(settings()):
        admin = typer.prompt(t("首个账户管理员的账户名", "The first administrator's account"))
    if admin is None:
        message = Text(
            "缺少 --admin 账户名（正式数据库的首个账户管理员）；练习请用 init --training",
            "--admin NAME is missing (the first administrator of a production database); for practice give init --training",
        )
        raise UsageFault(message, code="missing_values", details={"missing": ["--admin"]})
    (password,) = new_password(t("密码", "Password"), stdin=stdin)
    made = ask(CreateDatabase(admin=admin, password=password))
    if written(made):
        return
    print(t(f"已创建正式数据库 {made.database}", f"created the production database {made.database}"))
    for name in made.accounts:
        print(t(f"下一步：login {name}", f"next: login {name}"))
