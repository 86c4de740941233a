"""Sign people in and out, change passwords, and make the first administrator.

An account's life is a case of the workflow that is about accounts; here is what it can't be: the
proof that somebody is who he says he is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import ModuleType

import msgspec

from credit_workflow.casework.acting import Acting, Form, NewCase
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.ports import Credential, Reading, SignedIn, Store, Writing
from credit_workflow.engine.values import SYSTEM, Actor
from credit_workflow.engine.world import Moment
from credit_workflow.errors import NotAllowed, NotFound, Refused
from credit_workflow.text import Text

#: How long a session lasts at most, and unused. [practice]
LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=30)
#: By how much the clocks of those who use one session may differ.
_BY_CLOCKS = timedelta(minutes=10)
#: A session's last use is written down no more often than this.
_NOTED_EVERY = timedelta(minutes=1)
_FREE_FAILURES = 5
_LOCK, _LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=24)
_WORKFLOW_ABOUT = "account"
#: The steps of the life of an account that this module takes on its own.
SIGN_IN, CHANGE, RESET = "sign_in", "change_password", "reset_password"
_FOUNDING: tuple[tuple[str, dict[str, str]], ...] = (("train", {"training": "init"}), ("activate", {}))


def passwords() -> ModuleType:
    """Return the module of passwords, loaded only by who needs it: Argon2 starts slowly."""
    from credit_workflow.casework.accounts import passwords as module  # noqa: PLC0415

    return module


def account_workflow(acting: Acting) -> str:
    """Return the name of the workflow that is about accounts.

    Raises:
        NotFound: the definitions have none.
    """
    for name, definition in acting.definitions.items():
        if definition.workflow.about == _WORKFLOW_ABOUT:
            return name
    message = Text("流程定义中没有关于账户的流程（about: account）", "no definition is about accounts (about: account)")
    raise NotFound(message, code="no_workflow")


def found(db: Writing, acting: Acting, name: str, password: str) -> None:
    """Make the first administrator of a new database, active, with a password.

    Args:
        db: the database.
        acting: whoever creates it, as the system.
        name: the administrator's account.
        password: the first password, the administrator's own.

    Raises:
        Refused, UsageFault: the name or the password won't do.
    """
    from credit_workflow.casework.cases import actions  # noqa: PLC0415 - who only looks loads no action

    passwords().check_strength(password, [name], [])
    everybody = Actor(account=SYSTEM, roles=frozenset({SYSTEM, "admin"}), unit=None)
    founding = msgspec.structs.replace(acting, actor=everybody)
    workflow = account_workflow(acting)
    given = {"unit": "admin", "roles": "admin", "permanent_staff": "true"}
    number = actions.submit(db, founding, NewCase(workflow=workflow, account=name), Form(given=given, note="init"))
    for action, values in _FOUNDING:
        actions.act(db, founding, number, action, Form(given=values), workflow=workflow)
    db.accounts.put_credential(Credential(name=name.strip().lower(), password=passwords().hashed(password)))


def sign_in(store: Store, acting: Acting, name: str, password: str) -> str:
    """Return the token of a new session.

    Args:
        store: where accounts and sessions are kept.
        acting: nobody yet; the moment is the machine's.
        name: the account.
        password: its password.

    Raises:
        NotAllowed: name or password is wrong, or the account is locked or not active: which of
            these is not told.
    """
    name, now = name.strip().lower(), acting.moment.at
    with store.reading() as db:
        known, actor = db.accounts.credential(name), db.accounts.get(name)
    right = passwords().matches(password, known.password if known else None)
    locked = known is not None and _locked(known, now)
    if known is None or actor is None or locked or not right:
        _failed(store, acting.moment, name, known, right=right, locked=locked)
        message = Text(
            "登录未成功：账户名或密码不对，或账户暂不能登录。请稍后再试，或联系账户管理员",
            "not signed in: the name or the password is wrong, or the account can't sign in now;"
            " try later or ask an administrator",
        )
        raise NotAllowed(message, code="sign_in", source="附件3·四(五)")
    import secrets  # noqa: PLC0415 - only who signs in needs it

    token = secrets.token_urlsafe(32)
    with _step_of_holder(store, acting, name, SIGN_IN) as db:
        db.accounts.put_credential(msgspec.structs.replace(known, failures=0, locked_until=None))
        db.accounts.put_sign_in(SignedIn(token=digest_of_token(token), account=name, began=now, used=now))
    return token


def _locked(known: Credential, now: datetime) -> bool:
    """Whether an account is locked; no lock lasts so long as one that a clock which ran ahead has left."""
    return known.locked_until is not None and now < known.locked_until <= now + _LONGEST_LOCK


def sign_out(store: Store, token: str) -> bool:
    """End the session of a token; return whether there was one."""
    with store.reading() as db:
        known = db.accounts.signed_in(digest_of_token(token))
    if known is not None:
        with store.writing() as db:
            db.accounts.end_sign_ins(token=known.token)
    return known is not None


def digest_of_token(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_of(db: Reading, token: str, now: datetime) -> SignedIn | None:
    """Return the session of a token while it lasts, or None; one of a clock that ran ahead ends when that is put right.

    Args:
        db: where sessions are kept.
        token: the operator's.
        now: the present instant.
    """
    held = db.accounts.signed_in(digest_of_token(token))
    if held is None or now - held.began >= LONGEST or now - held.used >= IDLE:
        return None
    return None if max(held.began, held.used) - now > _BY_CLOCKS else held


def used(held: SignedIn, moment: Moment) -> SignedIn | None:
    """Return a sign-in as it is to be kept now that it was used; None where that is kept by the minute already."""
    return msgspec.structs.replace(held, used=moment.at) if moment.at - held.used >= _NOTED_EVERY else None


def must_change(db: Reading, account: str, today: Moment) -> Text | None:
    """Return why an account has to change its password before it can do anything else, or None."""
    known = db.accounts.credential(account)
    if known is not None and known.must_change:
        return Text("这是一次性密码，请先用 passwd 修改", "this is a first password: change it with passwd")
    number = db.accounts.cases().get(account)
    if number is None:
        return None
    deadline = db.cases.get(number).deadlines.get("password")
    if deadline is not None and deadline.status == "running" and deadline.starts > today.effective:
        return Text(
            "密码是在有误的日期（{d}）修改的，无从计算使用时间，请先用 passwd 修改",
            "the password was changed on a day that was false ({d}), so that its age can't be told:"
            " change it with passwd",
        ).fill(d=deadline.starts.isoformat())
    if deadline is not None and deadline.status == "running" and deadline.due < today.effective:
        message = Text(
            "密码已于 {d} 到期，请先用 passwd 修改", "the password was to be changed by {d}: change it with passwd"
        )
        return message.fill(d=deadline.due.isoformat())
    return None


def change_password(store: Store, acting: Acting, old: str, new: str) -> None:
    """Change one's own password; every session of the account ends.

    Raises:
        NotAllowed: the present password is wrong.
        Refused: the new one won't do.
    """
    name = acting.actor.account
    with store.reading() as db:
        known = db.accounts.credential(name)
    if known is None or not passwords().matches(old, known.password):
        _failed(store, acting.moment, name, known, right=False, locked=False)
        message = Text("现用密码不对，密码没有改变", "the present password is wrong; nothing was changed")
        raise NotAllowed(message, code="sign_in")
    credential = _credential(acting, known, name, new, must_change=False)
    with _step_of_holder(store, acting, name, CHANGE) as db:
        _put_password(db, credential)


def reset_password(store: Store, acting: Acting, name: str, password: str) -> None:
    """Give an account a first password, which its holder must change before anything else.

    Raises:
        NotFound: there is no such account.
        NotAllowed, Refused: the actor is no administrator, the account is not active, or the
            password won't do.
    """
    with store.reading() as db:
        number = case_of(db, name)
        name = db.cases.get(number).subject.id
        known = db.accounts.credential(name)
    credential = _credential(acting, known, name, password, must_change=True)
    with _step(store, acting, number, RESET) as db:
        _put_password(db, credential)


def case_of(db: Reading, name: str) -> str:
    """Return the case of an account's life; a case's number is returned as it is.

    Raises:
        NotFound: there is no such account, or it has no case (a training database's has none).
    """
    number = db.accounts.cases().get(name.strip().lower(), name)
    if number is None or (number == name and db.cases.version(name) is None):
        message = Text("没有账户 {a}。可用 account list 查看", "there is no account {a}; see account list")
        raise NotFound(message.fill(a=name), code="no_account")
    return number


def _credential(acting: Acting, known: Credential | None, name: str, new: str, *, must_change: bool) -> Credential:
    """Return what is kept of a new password; it takes its time, and so holds no transaction."""
    earlier = () if known is None else (known.password, *known.earlier)
    passwords().check_strength(new, [name, acting.actor.unit or ""], earlier)
    return Credential(
        name=name,
        password=passwords().hashed(new),
        earlier=earlier[: passwords().REMEMBERED - 1],
        must_change=must_change,
    )


def _put_password(db: Writing, credential: Credential) -> None:
    db.accounts.put_credential(credential)
    db.accounts.end_sign_ins(account=credential.name)


def _failed(store: Store, moment: Moment, name: str, known: Credential | None, *, right: bool, locked: bool) -> None:
    """Count a failure, lock for a time that doubles with each, and put it in the log."""
    now = moment.at
    with store.writing() as db:
        if known is not None and not locked and not right:
            failures = known.failures + 1
            lock = min(_LOCK * 2 ** min(failures - _FREE_FAILURES, 20), _LONGEST_LOCK)
            until = now + lock if failures >= _FREE_FAILURES else None
            db.accounts.put_credential(msgspec.structs.replace(known, failures=failures, locked_until=until))
        _log_failure(db, moment, name if known is not None else None)


def _log_failure(db: Writing, moment: Moment, name: str | None) -> None:
    from credit_workflow.casework.journal.people_entries import SignInFailed  # noqa: PLC0415 - few fail

    # A name that is no account's may be a password typed in the wrong place: it is not written down.
    db.journal.add(Draft(said=SignInFailed(account=name), at=moment.at, actor=name or "—", role=""))


@contextmanager
def _step_of_holder(store: Store, acting: Acting, name: str, action: str) -> Iterator[Writing]:
    """Take a step in the life of an account as its holder's, with what is kept besides, in one transaction.

    Raises:
        NotAllowed: it is refused, which is in the log; nothing is kept then.
    """
    holder = msgspec.structs.replace(acting, actor=Actor(account=name, roles=frozenset({SYSTEM})))
    with store.reading() as db:
        number = db.accounts.cases().get(name)
    try:
        with store.writing() if number is None else _step(store, holder, number, action) as db:
            yield db
    except Refused as refusal:
        raise NotAllowed(refusal.message, code="sign_in") from refusal


@contextmanager
def _step(store: Store, acting: Acting, number: str, action: str) -> Iterator[Writing]:
    """Take a step in the life of an account, with what is kept besides, in one transaction.

    Raises:
        NotAllowed, Refused: it is refused, which is in the log; nothing is kept then.
    """
    from credit_workflow.casework.cases import actions  # noqa: PLC0415 - who only looks loads no action

    try:
        with store.writing() as db:
            actions.act(db, acting, number, action, Form(), workflow=account_workflow(acting))
            yield db
    except (NotAllowed, Refused) as refusal:
        with store.writing() as db:
            actions.log_refusal(db, acting, number, action, refusal)
        raise
