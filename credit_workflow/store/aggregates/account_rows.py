"""Read and write accounts, how they sign in, and who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from credit_workflow.casework.criteria import AccountLine
from credit_workflow.casework.ports import Credential, SignedIn
from credit_workflow.engine.values import Actor
from credit_workflow.store.aggregates.subject import Reads, Writes
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.schema.columns import ACCOUNT, CREDENTIAL, SIGN_IN

_ACTIVE = "SELECT name, roles, unit FROM account WHERE status = 'active'"


class AccountReader(Reads):
    """Finds accounts."""

    def get(self, name: str) -> Actor | None:
        """Return an active account, or None."""
        row = self._db.plain.execute(f"{_ACTIVE} AND name = ?", (name,)).fetchone()
        return None if row is None else _actor(row)

    def active(self) -> list[Actor]:
        """Return all active accounts by name."""
        return [_actor(row) for row in self._db.plain.execute(f"{_ACTIVE} ORDER BY name")]

    def cases(self) -> dict[str, str | None]:
        """Return the case of every account's life, by the account's name."""
        return dict(self._db.plain.execute("SELECT name, case_no FROM account ORDER BY name").fetchall())

    def everyone(self) -> list[AccountLine]:
        """Return every account that ever was, by name."""
        rows = self._db.plain.execute("SELECT name, unit, roles, status, case_no FROM account ORDER BY name")
        return [
            AccountLine(account=name, unit=unit, roles=tuple(roles.split(",")), status=status, case=case)
            for name, unit, roles, status, case in rows
        ]

    def credential(self, name: str) -> Credential | None:
        """Return how an account signs in, or None."""
        sql = f"SELECT {', '.join(CREDENTIAL)} FROM credential WHERE name = ?"
        row = self._db.plain.execute(sql, (name,)).fetchone()
        return None if row is None else r.credential_of(row)

    def signed_in(self, token: str) -> SignedIn | None:
        """Return who is signed in with a token, given its SHA-256, or None."""
        sql = f"SELECT {', '.join(SIGN_IN)} FROM sign_in WHERE token = ?"
        row = self._db.plain.execute(sql, (token,)).fetchone()
        return None if row is None else r.signed_in_of(row)


class AccountWriter(Writes, AccountReader):
    """Writes accounts."""

    def put(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write accounts as they stand (`columns.ACCOUNT`); one that stays keeps its day of making."""
        for row in rows:
            values = dict(zip(ACCOUNT, row, strict=True))
            kept = {k: v for k, v in values.items() if k not in ("name", "created")}
            if not self._within.change("account", "name", values["name"], kept):
                self._within.add("account", values)

    def put_credential(self, credential: Credential) -> None:
        """Write how an account signs in."""
        self._within.put("credential", "name", r.credential_values(credential))

    def put_sign_in(self, signed_in: SignedIn) -> None:
        """Write that somebody is signed in."""
        began, used = r.instant_text(signed_in.began), r.instant_text(signed_in.used)
        values = {"token": signed_in.token, "account": signed_in.account, "began": began, "used": used}
        self._within.put("sign_in", "token", values)

    def end_sign_ins(self, *, token: str | None = None, account: str | None = None) -> None:
        """Sign out one token, or all of an account."""
        for key, value in (("token", token), ("account", account)):
            if value is not None:
                self._within.rows.remove("sign_in", (key,), [(value,)])


def _actor(row: r.Row) -> Actor:
    name, roles, unit = row
    return Actor(account=name, roles=frozenset(roles.split(",")), unit=unit)
