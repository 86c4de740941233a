"""Sign in and out, change passwords, and list accounts."""

from __future__ import annotations

from credit_workflow.casework.access.identification import for_signing_in, practising, signed_in
from credit_workflow.casework.accounts import sign_in as signing
from credit_workflow.casework.accounts.account_answers import (
    Account,
    Accounts,
    KnownAccount,
    PasswordChanged,
    PasswordGiven,
    Recovered,
    SignedIn,
    SignedOut,
    Standing,
)
from credit_workflow.casework.accounts.sign_in import RESET
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.answer import like
from credit_workflow.casework.cases.views import name_of
from credit_workflow.engine.world import SYSTEM_ACTOR
from credit_workflow.errors import NotAllowed, UsageFault
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text


class SignIn(Request[SignedIn], frozen=True, kw_only=True):
    """Sign in to a production database.

    Args:
        name: the account.
        password: its password; None to find out only whether one signs in here at all.
    """

    name: str
    password: str | None = None


class SignOut(Request[SignedOut], frozen=True, kw_only=True):
    """End the session of whoever signed in."""


class ChangePassword(Request[PasswordChanged], frozen=True, kw_only=True):
    """Change one's own password; every session of the account ends.

    Args:
        old: the present one; None to find out only whether one may.
        new: the one to come.
    """

    old: str | None = None
    new: str = ""


class WhoAmI(Request[Account], frozen=True, kw_only=True):
    """Say who asks."""


class ShowStanding(Request[Standing], frozen=True, kw_only=True):
    """Say what kind of database this is, who acts in it and which day it is; it does not use a session."""


class ListAccounts(Request[Accounts], frozen=True, kw_only=True):
    """List every account that ever was."""


class ResetPassword(Request[PasswordGiven], frozen=True, kw_only=True):
    """Give an account a first password, which its holder must change before anything else.

    Args:
        name: the account, or the case of its life.
        password: the password; None to find out only whether somebody is signed in who could.
    """

    name: str
    password: str | None = None


class RecoverAccess(Request[Recovered], frozen=True, kw_only=True):
    """Restore an administrator, by whoever holds the machine with the database and its keys.

    Args:
        name: an administrator's account, or a name that no account has yet.
        reason: why nobody else could.
        password: the account's new password; None to find out only whether this can be done here.
    """

    name: str
    reason: str
    password: str | None = None


def sign_in(work: Work, request: SignIn) -> SignedIn:
    """Sign in; a failure is counted and logged, and locks the account for a time when there are many.

    Raises:
        UsageFault: the database is for practice.
        NotAllowed: name or password is wrong, or the account is locked or not active: which of
            these is not told.
    """
    office, nobody = work.office, _of_the_system(work)
    with office.database.reading() as db:
        database = db.meta["id"]
    if request.password is None:
        work.nothing_changed = True
        return SignedIn(account=request.name, roles=(), unit=None, must_change=None, database=database, token=None)
    token = signing.sign_in(office.database, nobody, request.name, request.password)
    with office.database.reading() as db:
        actor, _ = signed_in(db, token, nobody.moment, any_password=True)
        change = signing.must_change(db, actor.account, nobody.moment)
    return SignedIn(
        account=actor.account,
        roles=tuple(sorted(actor.roles)),
        unit=actor.unit,
        must_change=change and change.to(work.lang),
        database=database,
        token=token,
    )


def sign_out(work: Work, _: SignOut) -> SignedOut:
    """Sign out; of no effect where nobody is signed in."""
    with work.office.database.reading() as db:
        database = db.meta["id"]
    token = work.seat.token_for(database)
    ended = token is not None and signing.sign_out(work.office.database, token)
    return SignedOut(signed_out=ended, database=database)


def change_password(work: Work, request: ChangePassword) -> PasswordChanged:
    """Change one's own password.

    Raises:
        NotAllowed: the present password is wrong.
        Refused: the new one won't do.
    """
    with work.office.database.reading() as db:
        database = db.meta["id"]
    work.nothing_changed = request.old is None
    if request.old is not None:
        signing.change_password(work.office.database, work.acting, request.old, request.new)
    return PasswordChanged(account=work.actor.account, changed=request.old is not None, database=database)


def show_standing(work: Work, _: ShowStanding) -> Standing:
    """Say where one stands."""
    db, seat = work.db, work.seat
    try:
        if db.training or seat.account is not None:
            actor = practising(db, seat.account)
        else:
            actor, _held = signed_in(db, seat.token_for(db.meta["id"]), work.moment, any_password=True)
    except NotAllowed:
        return Standing(training=db.training, account=None, today=work.moment.effective)
    return Standing(training=db.training, account=actor.account, today=work.moment.effective)


def who_am_i(work: Work, _: WhoAmI) -> Account:
    """Say who asks."""
    actor = work.actor
    person = _person(work, work.db.accounts.cases().get(actor.account))
    return Account(account=actor.account, roles=tuple(sorted(actor.roles)), unit=actor.unit, person=person)


def list_accounts(work: Work, _: ListAccounts) -> Accounts:
    """List every account that ever was."""
    found = work.db.accounts.everyone()
    return Accounts(accounts=tuple(like(KnownAccount, one, person=_person(work, one.case)) for one in found))


def _person(work: Work, case: str | None) -> str | None:
    """Return the name of an account's person as the case of its life says it; None where it does not."""
    if case is None:
        return None
    kept = work.db.cases.get(case)
    return name_of(work.db.rules[kept.definition].workflow, kept, work.lang)


def recover_access(work: Work, request: RecoverAccess) -> Recovered:
    """Restore an administrator; the log says so, and administrators and auditors are notified.

    Raises:
        UsageFault: the database is for practice, no reason is given, or the name won't do.
        Refused: the account is no administrator's or is closed, or the password is weak.
    """
    from credit_workflow.casework.accounts.recovery import recover  # noqa: PLC0415 - seldom needed

    acting = _of_the_system(work)
    work.nothing_changed = request.password is None
    if not request.reason.strip():
        message = Text("须说明恢复的原因：--reason", "say why: --reason")
        raise UsageFault(message, code="missing_values", details={"missing": ["--reason"]})
    made = request.password is not None and recover(
        work.office.database, acting, request.name, request.password, request.reason
    )
    return Recovered(account=request.name.strip().lower(), recovered=request.password is not None, new=made)


def _of_the_system(work: Work) -> Acting:
    """Return that the system acts, on a database to which people sign in.

    Raises:
        UsageFault: the database is for practice.
    """
    office = work.office
    with office.database.reading() as db:
        for_signing_in(db)
        moment = office.moment(db, work.seat.at)
        return Acting(
            definitions=office.in_force(db, moment.effective),
            calendar=office.counting(db),
            actor=SYSTEM_ACTOR,
            moment=moment,
        )


def reset_password(work: Work, request: ResetPassword) -> PasswordGiven:
    """Give an account a first password; the workflow that is about accounts says who may.

    Raises:
        NotFound: there is no such account.
        NotAllowed, Refused: the role is not held, the account is not active, or the password won't do.
    """
    work.nothing_changed = request.password is None
    if request.password is not None:
        signing.reset_password(work.office.database, work.acting, request.name, request.password)
    return PasswordGiven(account=request.name, must_change_password=request.password is not None)
