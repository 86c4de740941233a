"""Accounts, and what became of signing in and of passwords."""

from __future__ import annotations

from datetime import date
from typing import Any

from credit_workflow.casework.answer import Value


class Account(Value, frozen=True, kw_only=True):
    """Who acts: an account, its roles and its unit."""

    account: str
    roles: tuple[str, ...]
    unit: str | None


class ListedAccount(Value, frozen=True, kw_only=True):
    """An account that is or was: its ``status``, and the ``case`` of its life, None where it has none."""

    account: str
    unit: str
    roles: tuple[str, ...]
    status: str
    case: str | None


class Accounts(Value, frozen=True, kw_only=True):
    """Every account that ever was, by name."""

    accounts: tuple[ListedAccount, ...]


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


class SignedOut(Value, frozen=True, kw_only=True):
    """Whether anybody was signed in to the database called ``database``, and now is no longer."""

    signed_out: bool
    database: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"signed_out": self.signed_out}


class PasswordChanged(Value, frozen=True, kw_only=True):
    """Whether an account's password was changed, in the database called ``database``; its sessions have ended then."""

    account: str
    changed: bool
    database: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"account": self.account, "changed": self.changed}


class PasswordGiven(Value, frozen=True, kw_only=True):
    """Whether an account has a first password, which its holder must change."""

    account: str
    must_change_password: bool


class Standing(Value, frozen=True, kw_only=True):
    """What kind of database it is, who acts (None: nobody), and the day taken for now."""

    training: bool
    account: str | None
    today: date
