"""Read the holiday notices that a database keeps in its log, whenever one counts by it."""

from __future__ import annotations

from msgspec import Struct

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.casework.journal.holiday_entries import NoticeImported
from credit_workflow.casework.ports import Reading


class Wish(Struct, frozen=True, kw_only=True):
    """How a notice is to be imported.

    Args:
        year: its year, where the text does not say it.
        layer: the city's layer that it belongs to.
        amends: it changes the notice that the year has.
        replaces: the id of the imported notice that it takes the place of, and which it amends as that did.
        extra_days: the days that it gives beyond the law.
    """

    year: int | None = None
    layer: str | None = None
    amends: bool = False
    replaces: str | None = None
    extra_days: int = 0


def kept_notices(db: Reading) -> tuple[KeptNotice, ...]:
    """Return the notices that a database keeps, each in its last text, in the order of their coming."""
    return next(iter(kept_over_time(db)))


def kept_over_time(db: Reading) -> list[tuple[KeptNotice, ...]]:
    """Return the notices that a database keeps, as `kept_notices`, and those that it kept before each one came."""
    found: dict[str, KeptNotice] = {}
    over_time: list[tuple[KeptNotice, ...]] = [()]
    for line in db.journal.of(NoticeImported):
        said = line.said
        found[said.notice] = KeptNotice(said.notice, said.calendar, said.text)
        over_time.append(tuple(found.values()))
    return over_time[::-1]
