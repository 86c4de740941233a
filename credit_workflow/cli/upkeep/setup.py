"""``init``: a database for practice, or for production with its first administrator."""

from __future__ import annotations

from typing import Annotated

import typer

from credit_workflow.casework.access.permissions import granting
from credit_workflow.casework.clock import machine_time, parse_instant
from credit_workflow.cli.base import single
from credit_workflow.cli.context import Settings, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit, interactive
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment
from credit_workflow.errors import NotAllowed, UsageFault
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
    chosen = settings()
    chosen.database.backend.refuse_taken()
    if training and (admin is not None or password_stdin):
        message = Text(
            "练习数据库没有管理员密码：--training 不与 --admin、--password-stdin 同用",
            "a training database has no administrator with a password: --training goes without --admin and --password-stdin",
        )
        raise UsageFault(message, code="usage")
    if training:
        _init_training(chosen)
    else:
        _init_production(chosen, admin, stdin=password_stdin)


def _init_training(chosen: Settings) -> None:
    from credit_workflow.store.founding import found_training  # noqa: PLC0415 - the ORM starts slowly

    at = machine_time() if chosen.at is None else parse_instant(chosen.at, chosen.calendar.zone)
    accounts = found_training(chosen.database, chosen.definitions, at)
    if chosen.json:
        emit({"database": chosen.database.name, "kind": "training", "accounts": list(accounts)})
        return
    print(t(f"已创建练习数据库 {chosen.database.name}", f"created the training database {chosen.database.name}"))
    print(t("账户：", "accounts: ") + " ".join(accounts))
    importing = granting(chosen.definitions, "import_records")
    name = next((a for a, actor in accounts.items() if importing and actor.roles.intersection(importing.by)), None)
    if name is not None:
        print(t(f"下一步：record import 文件（--as {name}）", f"next: record import FILE (--as {name})"))


def _init_production(chosen: Settings, admin: str | None, *, stdin: bool) -> None:
    from credit_workflow.cli.daily.accounts import new_password  # noqa: PLC0415 - only here
    from credit_workflow.store.founding import found_production  # noqa: PLC0415 - as above

    if chosen.at is not None or chosen.account is not None:
        message = Text(
            "正式数据库不能用 --as 与 --at；练习请用 init --training",
            "--as and --at are for training databases only; for practice give init --training",
        )
        raise NotAllowed(message, code="production_database")
    if admin is None and interactive(chosen):
        admin = typer.prompt(t("首个账户管理员的账户名", "The first administrator's account"))
    if admin is None:
        message = Text(
            "缺少 --admin 账户名（正式数据库的首个账户管理员）；练习请用 init --training",
            "--admin NAME is missing (the first administrator of a production database); for practice give init --training",
        )
        raise UsageFault(message, code="missing_values", details={"missing": ["--admin"]})
    (password,) = new_password(t("密码", "Password"), stdin=stdin)
    moment = Moment.of(machine_time(), chosen.calendar.zone)
    name = found_production(chosen.database, chosen.session(SYSTEM_ACTOR, moment), admin, password)
    if chosen.json:
        emit({"database": chosen.database.name, "kind": "production", "accounts": [name]})
        return
    print(t(f"已创建正式数据库 {chosen.database.name}", f"created the production database {chosen.database.name}"))
    print(t(f"下一步：login {name}", f"next: login {name}"))
