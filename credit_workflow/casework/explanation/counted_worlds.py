"""Find by which version the deadlines of a world were counted, to count them again or to explain them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from credit_workflow.casework.ports import Reading
from credit_workflow.engine.amending.migration import MIGRATE
from credit_workflow.engine.clocks.deadline_versions import counted_by
from credit_workflow.engine.world import Recorded, World


def migrated_cases(db: Reading) -> frozenset[str]:
    """Return the numbers of the cases that ever went over to another version: few, if any."""
    return db.cases.with_action(MIGRATE)


def with_counting(db: Reading, world: World, migrated: frozenset[str]) -> World:
    """Return the world with what the logs of its cases say of this.

    Args:
        db: the database, open for reading.
        world: linked cases.
        migrated: those of which it is asked; of many, those that ever changed their version (`migrated_cases`).
    """
    found = counting_of(db, migrated.intersection(world.cases))
    return msgspec.structs.replace(world, counted_by=found) if found else world


def counting_of(db: Reading, numbers: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return, by case and deadline, the digest of the version that counted it, where that is not the case's own.

    Args:
        db: the database, open for reading.
        numbers: the cases whose logs are read.
    """
    return {number: by for number in numbers if (by := counted_by(history_of(db, number)))}


def history_of(db: Reading, number: str) -> list[Recorded]:
    """Return the entries of a case's own log."""
    return [Recorded(seq=seq, entry=entry) for seq, _, entry in db.cases.entries(number)]
