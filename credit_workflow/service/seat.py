"""Say in whose name, as of when and in which language somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct

from credit_workflow.text import Lang

Instant = str | date | datetime
#: Gives the token of a session, for a database by its own id.
Tokens = Callable[[str], str | None]


class Seat(Struct, frozen=True, kw_only=True):
    """Who asks.

    Args:
        account: of a training database; None where somebody signed in, or nobody needs to.
        tokens: where the token of whoever signed in is found.
        at: what is taken for now, on a training database; None for the clock's time.
        lang: the language of what is answered; None for the office's.
        confirm_date: whether whoever asks confirms the day of the clock, where it lies far beyond the last confirmed.
    """

    account: str | None = None
    tokens: Tokens | None = None
    at: Instant | None = None
    lang: Lang | None = None
    confirm_date: bool = False

    @property
    def written_at(self) -> str | None:
        """What is taken for now, as it is written."""
        return self.at if self.at is None or isinstance(self.at, str) else self.at.isoformat()

    def token_for(self, database: str) -> str | None:
        """Return the token of a session in a database, given its id, or None."""
        return None if self.tokens is None else self.tokens(database)
