"""Find out who acts: an account of a training database by its name, somebody who has signed in by a token.

The command line and the Python API both ask here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from credit_workflow.casework.ports import Reading, SignedIn
from credit_workflow.engine.values import SYSTEM, Actor
from credit_workflow.engine.world import Moment
from credit_workflow.errors import NotAllowed, UsageFault
from credit_workflow.text import Text

if TYPE_CHECKING:  # what only reads builds no classes of definitions
    from credit_workflow.definition.model import Workflow

#: Where accounts of practice work whose role names no unit.
PRACTICE_UNIT = "training"


def practice_accounts(workflows: Iterable[Workflow], *, at_least: int = 0) -> dict[str, Actor]:
    """Return the accounts for practice by name: each role's, as many and of such units as the definitions say.

    Args:
        workflows: what the definitions say.
        at_least: how many each role has, whatever they say.
    """
    wanted: dict[str, int] = {}
    units: dict[str, tuple[str, ...]] = {}
    for workflow in workflows:
        for role, what in workflow.roles.items():
            if role != SYSTEM:
                wanted[role] = max(wanted.get(role, at_least), what.practice_accounts)
                units[role] = what.practice_units or units.get(role, ())
    return {
        f"{role}{n}": Actor(account=f"{role}{n}", roles=frozenset({role}), unit=_unit(units[role], n))
        for role, count in wanted.items()
        for n in range(1, count + 1)
    }


def _unit(named: tuple[str, ...], n: int) -> str:
    return named[min(n, len(named)) - 1] if named else PRACTICE_UNIT


def practising(db: Reading, name: str | None) -> Actor:
    """Return the account of a training database by its name.

    Raises:
        NotAllowed: the database is for production, no name is given, or there is no such account.
    """
    if not db.training:
        message = Text("正式数据库不能用 --as 代办，须由本人登录", "--as is for training databases only; sign in")
        raise NotAllowed(message, code="production_database")
    if name is None:
        message = Text(
            "尚未指定账户。练习数据库请用 --as 账户名（如 --as window1）",
            "nobody is signed in; on a training database give --as ACCOUNT (for instance --as window1)",
        )
        raise NotAllowed(message, code="not_signed_in")
    actor = db.accounts.get(name)
    if actor is None:
        known = ", ".join(a.account for a in db.accounts.active())
        message = Text("没有账户 {a}；可用：{k}", "there is no account {a}; known: {k}")
        raise NotAllowed(message.fill(a=name, k=known), code="no_account")
    return actor


def signed_in(db: Reading, token: str | None, moment: Moment, *, any_password: bool = False) -> tuple[Actor, SignedIn]:
    """Return who is signed in to a production database by a token, and the session held.

    Args:
        db: the database, open for reading.
        token: what signing in gave, or None.
        moment: now.
        any_password: also who has to change the password first.

    Raises:
        NotAllowed: nobody is signed in, the session has ended, or the password has to be changed first.
    """
    from credit_workflow.casework.accounts import sign_in  # noqa: PLC0415 - nobody signs in to a training database

    held = None if token is None else sign_in.session_of(db, token, moment.at)
    actor = None if held is None else db.accounts.get(held.account)
    if held is None or actor is None:
        message = Text(
            "尚未登录，或登录已过期（最长12小时，闲置30分钟）。请用 login 账户名 登录",
            "nobody is signed in, or the session has ended (12 hours at most, 30 minutes idle);"
            " sign in with login NAME",
        )
        raise NotAllowed(message, code="not_signed_in")
    change = sign_in.must_change(db, actor.account, moment)
    if change is not None and not any_password:
        raise NotAllowed(change, code="password_expired", source="附件3·四(五)")
    return actor, held


def for_signing_in(db: Reading) -> None:
    """Refuse a database to which nobody signs in.

    Raises:
        UsageFault: it is for practice.
    """
    if db.training:
        message = Text(
            "练习数据库不需登录，请用 --as 账户名", "a training database needs no signing in; give --as ACCOUNT"
        )
        raise UsageFault(message, code="training_database")


def for_passwords(db: Reading) -> None:
    """Refuse a database whose accounts have no passwords.

    Raises:
        UsageFault: it is for practice.
    """
    if db.training:
        message = Text("练习数据库的账户没有密码", "the accounts of a training database have no passwords")
        raise UsageFault(message, code="training_database")
