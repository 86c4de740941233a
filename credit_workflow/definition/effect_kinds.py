"""Describe what an action does besides moving its case: one class for each kind of effect."""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from typing import Literal

from msgspec import field

from credit_workflow.definition.elements import Expression, Identifier, Source
from credit_workflow.strict_yaml.patterns import Part, Title


class PlaceMark(Part, frozen=True, kw_only=True):
    """Put a mark on the case's record, until lifted or past the end of a deadline."""

    kind: Identifier
    title: Title
    suspends: bool = False
    reason: Expression | None = None
    until: Identifier | None = None


class LiftMark(Part, frozen=True, kw_only=True):
    """Take away the mark of that kind which this case placed."""

    kind: Identifier


class ChangeRecord(Part, frozen=True, kw_only=True):
    """Correct the record's fields, remove it, reassign it, or restore what this case had changed.

    A correction has ``values``, a mapping of fields. Who reassigns it says to whom: by ``subject``, the ID number or
    code, and ``name``.
    """

    what: Literal["correct", "remove", "reassign", "restore"]
    values: Expression | None = None
    subject: Expression | None = None
    name: Expression | None = None


class Tell(Part, frozen=True, kw_only=True):
    """Have a linked case take a system action in the same transaction.

    An action that is not open to that case, or whose guards are unmet, is an error unless
    ``if_possible``. Of several cases only those are told for which ``where`` holds, an expression in which
    ``told`` is such a case; ``values`` are what the action is given, by the names that it asks by.
    """

    case: Literal["parent", "children", "self"]
    action: Identifier
    if_possible: bool = False
    where: Expression | None = None
    values: dict[Identifier, Expression] = field(default_factory=dict)


class Open(Part, frozen=True, kw_only=True):
    """Open a case of another workflow below this one, in the same transaction.

    ``unit`` gives the unit that it is addressed to, whose people act on it, or a list of units, each of
    which gets a case of its own; this case's own unit unless given. ``values`` are what its opening
    action is given, by the names that it asks by.
    """

    workflow: Identifier
    unit: Expression | None = None
    values: dict[Identifier, Expression] = field(default_factory=dict)


class Notify(Part, frozen=True, kw_only=True):
    """Say something to somebody: a row in the outbox; to the people of the case's unit, or of another ``unit``."""

    to: Identifier
    paper: Identifier
    title: Title
    source: Source | None = None
    unit: Expression | None = None


class Extend(Part, frozen=True, kw_only=True):
    """Move a deadline, counted from its original due date: by ``working_days`` or by ``days``, as its extension is."""

    deadline: Identifier
    working_days: Expression | None = None
    days: Expression | None = None


class ChangeAccount(Part, frozen=True, kw_only=True):
    """Have the account that the case is about stand so from now on.

    ``unit`` and ``roles`` are expressions: a text, and a list of role names.
    """

    status: Literal["applied", "active", "suspended", "closed"]
    unit: Expression
    roles: Expression


class Rectify(Part, frozen=True, kw_only=True):
    """Put an earlier entry of the case right, and count anew what follows from it.

    ``entry`` is an expression for its sequence number; ``void`` for whether it never happened,
    ``on`` for its right day, ``values`` for its right values by the names that its action asks
    by. ``only_check`` finds out whether it could be done, and does nothing.
    """

    entry: Expression
    void: Expression
    on: Expression | None = None
    values: Expression | None = None
    only_check: bool = False


class Find(Part, frozen=True, kw_only=True):
    """Keep what the workflow's ``look_up`` finds now in a field of type ``rows``."""

    into: Identifier


class CreateRecord(Part, frozen=True, kw_only=True):
    """Make a new credit record; each value is an expression, dates are texts.

    ``subject`` gives the ID number or code of the person whom the record is about; ``values`` a mapping with those
    values that have no expression of their own. With ``for_case`` the case is about the record from now on, and
    ``restore`` takes that away again; made once more, it is the same record.
    """

    no: Expression
    subject: Expression
    provider: Expression
    open_class: Expression | None = None
    title: Expression | None = None
    content: Expression | None = None
    valid_from: Expression | None = None
    valid_until: Expression | None = None
    values: Expression | None = None
    for_case: bool = False


class DestroyScans(Part, frozen=True, kw_only=True):
    """Destroy the scans of the cases that a field names, and keep in a field of type ``rows`` which they were."""

    of: Identifier
    into: Identifier


class Custom(Part, frozen=True, kw_only=True):
    """Have an installed package work out values of fields and notifications.

    ``name`` is that of an entry point of the group ``credit_workflow.effects``; ``values`` are
    expressions for what it is given. It may set the fields that ``sets`` names, and send those
    of ``notices`` that it picks, and nothing else.
    """

    name: Identifier
    values: dict[Identifier, Expression] = field(default_factory=dict)
    sets: tuple[Identifier, ...] = ()
    notices: tuple[Notify, ...] = ()


class Effect(Part, frozen=True, kw_only=True, rename={"when": "if"}):
    """One effect of an action: exactly one of the kinds, and when it applies."""

    when: Expression | None = None
    place_mark: PlaceMark | None = None
    lift_mark: LiftMark | None = None
    record: ChangeRecord | None = None
    tell: Tell | None = None
    open: Open | None = None
    notice: Notify | None = None
    extend: Extend | None = None
    set: dict[Identifier, Expression] | None = None
    account: ChangeAccount | None = None
    rectify: Rectify | None = None
    find: Find | None = None
    create_record: CreateRecord | None = None
    destroy_scans: DestroyScans | None = None
    custom: Custom | None = None

    def announces(self) -> tuple[Notify, ...]:
        """Return the notifications that the effect sends, or may send."""
        own = () if self.notice is None else (self.notice,)
        return own if self.custom is None else (*own, *self.custom.notices)

    def kinds(self) -> list[str]:
        """Return the kinds that are given; a sound effect has one."""
        return [name for name in self.__struct_fields__ if name != "when" and getattr(self, name) is not None]
