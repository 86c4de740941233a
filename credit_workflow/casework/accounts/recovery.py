"""Let whoever holds a database and its keys restore an administrator, when nobody else can."""

from __future__ import annotations

from credit_workflow.casework.accounts.sign_in import account_workflow, found, passwords
from credit_workflow.casework.acting import Acting, Form
from credit_workflow.casework.cases import actions
from credit_workflow.casework.ports import Credential, Reading, Store
from credit_workflow.errors import Refused
from credit_workflow.text import Text

#: The step of the life of an account by which it is restored.
RECOVER = "recover"


def recover(store: Store, acting: Acting, name: str, password: str, reason: str) -> bool:
    """Make an account an active administrator's with a new password; return whether it is a new account.

    What was done, and why, is in the account's log, and administrators and auditors are notified.

    Args:
        store: where accounts are kept.
        acting: the system, now.
        name: an administrator's account in whatever state but closed, or a name that no account has yet.
        password: its new password, the administrator's own.
        reason: why nobody else could.

    Raises:
        Refused: the account is no administrator's, is closed, or its rules know of no way back; the password is weak.
        UsageFault: the name won't do.
    """
    name = name.strip().lower()
    with store.reading() as db:
        number, known = db.accounts.cases().get(name), db.accounts.credential(name)
        if number is not None:
            _refuse_old_rules(db, number, name)
    earlier = () if known is None else (known.password, *known.earlier)
    passwords().check_strength(password, [name], earlier)
    fresh = Credential(name=name, password=passwords().hashed(password), earlier=earlier[: passwords().REMEMBERED - 1])
    with store.writing() as db:
        if number is None:
            found(db, acting, name, password)
        case = number or db.accounts.cases()[name] or ""
        form = Form(given={"reason": reason}, note=reason)
        actions.act(db, acting, case, RECOVER, form, workflow=account_workflow(acting))
        db.accounts.put_credential(fresh)
        db.accounts.end_sign_ins(account=name)
    return number is None


def _refuse_old_rules(db: Reading, number: str, name: str) -> None:
    """Refuse an account whose version of the rules has no such step."""
    if RECOVER not in db.rules[db.cases.get(number).definition].actions:
        message = Text(
            "账户 {a} 沿用的旧版规则没有恢复步骤；请另取一个账户名，新建一名账户管理员",
            "the version of the rules that {a} goes by has no way back; give another name, for a new administrator",
        )
        raise Refused(message.fill(a=name), code="no_way_back", source="[practice]")
