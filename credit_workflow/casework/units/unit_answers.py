"""Describe units as they stand on the register."""

from __future__ import annotations

from credit_workflow.casework.answer import Value


class Unit(Value, frozen=True, kw_only=True):
    """A unit on the register.

    ``kind`` is the role that its people have. It is ``complete`` when nothing is missing; one that an import or
    an account has brought is known by its name alone at first.
    """

    name: str
    code: str | None = None
    former_names: tuple[str, ...] = ()
    kind: str | None = None
    telephone: str | None = None
    address: str | None = None
    complete: bool = False


class Units(Value, frozen=True, kw_only=True):
    """The units on the register, by name."""

    units: tuple[Unit, ...]
