"""Who acts."""

from __future__ import annotations

from credit_workflow.casework.answers.base import Value


class Account(Value, frozen=True, kw_only=True):
    """Who acts: an account, its roles and its unit."""

    account: str
    roles: tuple[str, ...]
    unit: str | None
