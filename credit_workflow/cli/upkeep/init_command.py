"""``init``: a database for practice, or for production with its first administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from credit_workflow.cli.base import single
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.options import option
from credit_workflow.cli.output import line, tell, written
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_cases.upkeep.setup import CreateDatabase
from credit_workflow.text import Text


@single
def init(
    training: Annotated[bool, option("--training")] = False,
    admin: Annotated[str | None, option("--admin NAME")] = None,
    password_stdin: Annotated[bool, option("--password-stdin")] = False,
) -> None:
    """Create a database.

    创建数据库。

    Options:
        training: for practice: allows --as and --at
            练习数据库：可用 --as 与 --at
        admin: for production: the first administrator's account
            正式数据库：首个账户管理员的账户名
        password_stdin: read the password from standard input
            从标准输入读取密码
    """
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
    names = " ".join(made.accounts)
    line(f"已创建练习数据库 {made.database}", f"created the training database {made.database}")
    line(f"账户：{names}", f"accounts: {names}")
    if made.importer is not None:
        who = f"--as {made.importer}"
        line(f"下一步：record import 文件（{who}）", f"next: record import FILE ({who})")


def _init_production(admin: str | None, *, stdin: bool) -> None:
    from credit_workflow.cli.daily.account_commands import new_password  # noqa: PLC0415 - only here

    ask(CreateDatabase())  # what stands in the way is said before anything is typed
    if admin is None and settings().interactive:
        admin = typer.prompt(t("首个账户管理员的账户名", "The first administrator's account"))
    if admin is None:
        message = Text(
            "缺少 --admin 账户名（正式数据库的首个账户管理员）；练习请用 init --training",
            "--admin NAME is missing (the first administrator of a production database); for practice give init --training",
        )
        raise UsageFault(message, code="missing_values", details={"missing": ["--admin"]})
    (password,) = new_password(t("密码", "Password"), stdin=stdin)
    made = ask(CreateDatabase(admin=admin, password=password))
    tell(
        made,
        "\n".join([f"已创建正式数据库 {made.database}", *(f"下一步：login {name}" for name in made.accounts)]),
        "\n".join(
            [f"created the production database {made.database}", *(f"next: login {name}" for name in made.accounts)]
        ),
    )
