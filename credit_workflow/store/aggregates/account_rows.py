"""Read and write accounts, how they sign in, and who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from credit_workflow.casework.criteria import AccountLine
from credit_workflow.casework.ports import Credential, SignedIn
from credit_workflow.engine.values import Actor
from credit_workflow.store.aggregates.subject import Reads, Writes
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.shape import Shape


def _spaced(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ACTORS = Shape("account", Actor, given=("roles",), name="account")
_ROLES = _ACTORS.columns.index("roles")
_LINES = Shape("account", AccountLine, name="account", case_no="case")
_CREDENTIALS = Shape("credential", Credential, ways={"earlier": (_spaced, " ".join)})
_SIGN_INS = Shape("sign_in", SignedIn)
_ACTIVE = f"{_ACTORS.select} WHERE status = 'active'"


class AccountReader(Reads):
    """Finds accounts."""

    def get(self, name: str) -> Actor | None:
        """Return an active account, or None."""
        return self._db.made(_actor, f"{_ACTIVE} AND name = ?", name)

    def active(self) -> list[Actor]:
        """Return all active accounts by name."""
        return [_actor(row) for row in self._db.plain.execute(f"{_ACTIVE} ORDER BY name")]

    def cases(self) -> dict[str, str | None]:
        """Return the case of every account's life, by the account's name."""
        return dict(self._db.plain.execute("SELECT name, case_no FROM account ORDER BY name").fetchall())

    def everyone(self) -> list[AccountLine]:
        """Return every account that ever was, by name."""
        return [_LINES.of(row) for row in self._db.plain.execute(f"{_LINES.select} ORDER BY name")]

    def with_passwords(self) -> frozenset[str]:
        """Return the names of the accounts that have a password."""
        return frozenset(row[0] for row in self._db.plain.execute("SELECT name FROM credential"))

    def credential(self, name: str) -> Credential | None:
        """Return how an account signs in, or None."""
        return self._db.made(_CREDENTIALS.of, f"{_CREDENTIALS.select} WHERE name = ?", name)

    def signed_in(self, token: str) -> SignedIn | None:
        """Return who is signed in with a token, given its SHA-256, or None."""
        return self._db.made(_SIGN_INS.of, f"{_SIGN_INS.select} WHERE token = ?", token)


class AccountWriter(Writes, AccountReader):
    """Writes accounts."""

    def put(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write accounts as they stand (`columns.ACCOUNT`); one that stays keeps its day of making."""
        for row in rows:
            name, unit, roles, status, _, case = row
            kept = (unit, roles, status, case, name)
            if not self._within.rows.change("account", ("unit", "roles", "status", "case_no"), [kept]):
                self._within.rows.add("account", [row])

    def put_credential(self, credential: Credential) -> None:
        """Write how an account signs in."""
        self._within.rows.upsert("credential", [_CREDENTIALS.row(credential)])

    def put_sign_in(self, signed_in: SignedIn) -> None:
        """Write that somebody is signed in."""
        self._within.rows.upsert("sign_in", [_SIGN_INS.row(signed_in)])

    def end_sign_ins(self, *, token: str | None = None, account: str | None = None) -> None:
        """Sign out one token, or all of an account."""
        for key, value in (("token", token), ("account", account)):
            if value is not None:
                self._within.rows.remove("sign_in", [(value,)], (key,))


def _actor(row: r.Row) -> Actor:
    return _ACTORS.of(row, roles=frozenset(row[_ROLES].split(",")))
