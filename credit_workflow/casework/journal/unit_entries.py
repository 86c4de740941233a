"""What the log says of units: how each stands on the register from an entry on."""

from __future__ import annotations

from credit_workflow.casework.journal.entry import Said


class UnitKept(Said, frozen=True, kw_only=True):
    """A unit came onto the register (``added`` by hand, ``entered`` by its name alone) or was ``changed``.

    ``was`` is the name that it had before, None where it is new; ``unit_kind`` is the role that its people have.
    """

    STREAM = "unit"

    name: str
    was: str | None
    former_names: tuple[str, ...]
    code: str | None
    unit_kind: str | None
    telephone: str | None
    address: str | None
