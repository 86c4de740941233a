"""``init`` and ``whoami``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from credit_workflow.casework.clock import parse_instant
from credit_workflow.cli.base import single
from credit_workflow.cli.context import machine_time, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

#: Roles that the software itself knows, whatever the definitions say, and how many practise each.
_OWN_ROLES = {"supervisor": 1, "auditor": 1, "clerk": 1, "admin": 1}
_PRACTICE_UNIT = "training"


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    return {
        "init": single("init", _init, t("创建数据库。", "Create a database.")),
        "whoami": single("whoami", _whoami, t("当前账户。", "The present account.")),
    }


def practice_accounts(definitions: Mapping[str, Definition]) -> dict[str, Actor]:
    """Return the accounts of a training database: each role's, as many as the definitions say."""
    wanted = dict(_OWN_ROLES)
    for definition in definitions.values():
        for role, what in definition.workflow.roles.items():
            if what.practice_accounts:
                wanted[role] = max(wanted.get(role, 0), what.practice_accounts)
    return {
        f"{role}{n}": Actor(account=f"{role}{n}", roles=frozenset({role}), unit=_PRACTICE_UNIT)
        for role, count in wanted.items()
        for n in range(1, count + 1)
    }


def _init(
    training: Annotated[
        bool, typer.Option("--training", help=t("练习数据库：可用 --as 与 --at", "for practice: allows --as and --at"))
    ] = False,
) -> None:
    from credit_workflow.store.creation import create, refuse_taken  # noqa: PLC0415 - the ORM starts slowly

    chosen = settings()
    refuse_taken(chosen.database.path)
    if not training:
        message = Text(
            "本版本只能创建练习数据库：init --training（正式数据库需要账户与登录，尚未提供）",
            "this version creates training databases only: init --training (production needs accounts and sign-in, which are not there yet)",
        )
        raise UsageFault(message, code="training_only")
    at = machine_time() if chosen.at is None else parse_instant(chosen.at, chosen.calendar.zone)
    accounts = practice_accounts(chosen.definitions)
    create(chosen.database, training=True, at=at, definitions=chosen.definitions.values(), accounts=accounts)
    if chosen.json:
        emit({"database": str(chosen.database.path), "kind": "training", "accounts": list(accounts)})
        return
    print(t(f"已创建练习数据库 {chosen.database.path}", f"created the training database {chosen.database.path}"))
    print(t("账户：", "accounts: ") + " ".join(accounts))
    print(t("下一步：record import 文件（--as center1）", "next: record import FILE (--as center1)"))


def _whoami() -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        actor = chosen.actor(db)
    document = {"account": actor.account, "roles": sorted(actor.roles), "unit": actor.unit}
    if chosen.json:
        emit(document)
        return
    print(f"{actor.account}\t{', '.join(sorted(actor.roles))}\t{actor.unit or ''}")
