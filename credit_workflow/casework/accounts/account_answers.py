"""Describe accounts, and the results of signing in and of changing passwords."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit_workflow.casework.answer import Page, Value
from credit_workflow.casework.criteria import AccountLine


class Account(Value, frozen=True, kw_only=True):
    """Who acts: an account, its roles, its unit and the name of its person, where that is known."""

    account: str
    roles: tuple[str, ...]
    unit: str | None
    person: str | None = None


class KnownAccount(AccountLine, frozen=True, kw_only=True):
    """An account that there is or was, with the name of its person, where that is known."""

    person: str | None


class Accounts(Value, frozen=True, kw_only=True):
    """Every account that ever was, by name."""

    accounts: tuple[KnownAccount, ...]


class SignedIn(Account, frozen=True, kw_only=True):
    """Who signed in.

    ``must_change`` says why the password has to be changed before anything else, None where it
    need not be. ``token`` is the session's, in the database called ``database``; it is a secret, which
    stands in no JSON.
    """

    must_change: str | None
    database: str
    token: str | None

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "account": self.account,
            "roles": list(self.roles),
            "unit": self.unit,
            "must_change_password": self.must_change is not None,
        }


class SignedOut(Page, frozen=True, kw_only=True):
    """Whether anybody was signed in to the database called ``database``, and now is no longer."""

    ASIDE = ("database",)

    signed_out: bool
    database: str


class PasswordChanged(Page, frozen=True, kw_only=True):
    """Whether an account's password was changed, in the database called ``database``; its sessions have ended then."""

    ASIDE = ("database",)

    account: str
    changed: bool
    database: str


class Recovered(Value, frozen=True, kw_only=True):
    """Whether an administrator was restored, and whether the account is a new one."""

    account: str
    recovered: bool
    new: bool


class PasswordGiven(Value, frozen=True, kw_only=True):
    """Whether an account has a first password, which its holder must change."""

    account: str
    must_change_password: bool


class Standing(Value, frozen=True, kw_only=True):
    """What kind of database it is, who acts (None: nobody), and the day taken for now."""

    training: bool
    account: str | None
    today: date
