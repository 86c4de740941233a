"""Describe who sees what: cases of a workflow, a field of theirs, credit records, what is looked up or lent out."""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from typing import Annotated, Literal

from msgspec import Meta, Struct

from credit_workflow.definition.elements import Choice, Expression, Identifier, Source
from credit_workflow.strict_yaml.patterns import Part

#: The role of everybody who has an account, in rules of who sees what.
EVERYBODY = "everybody"

#: Which cases: ``all``; those of one's own ``unit``; those that are ``filed_on`` in one's unit, that is, to which
#: a case belongs that was filed and is open there; those that wait for a role that one holds (``waits``), or for
#: somebody of one's unit (``unit_waits``); those that one has ``opened`` or ``acted`` on; those ``about`` one's own
#: account.
Cases = Literal["all", "unit", "filed_on", "waits", "unit_waits", "opened", "acted", "about"]

#: Which records: ``all``; those that one's ``own_unit`` provides; those of a person who has an open case ``at_hand``
#: in one's unit, or stands ``at_counter``; those that the ``cases`` which one sees are about, or the ``open_cases``.
Records = Literal["all", "own_unit", "at_hand", "at_counter", "cases", "open_cases"]


class Where(Part, frozen=True, kw_only=True):
    """Cases for which an expression over ``case`` and ``actor`` holds."""

    when: Expression


class CaseSight(Part, frozen=True, kw_only=True):
    """Which cases a role sees ``whole``, and which ``masked``: without names of persons and what texts say of them."""

    whole: tuple[Cases | Where, ...] = ()
    masked: tuple[Cases | Where, ...] = ()
    source: Source


class FieldSight(Part, frozen=True, kw_only=True):
    """Who of those that see a case sees a field of it: some roles, and those for whom an expression holds."""

    roles: tuple[Identifier, ...] = ()
    when: Expression | None = None
    source: Source


class RecordSight(Part, frozen=True, kw_only=True):
    """Whose records of which open classes (all, unless said) a role sees; it works with records in any case.

    With ``case_work`` its looks are for case work where no other purpose is said.
    """

    whose: tuple[Records, ...] = ()
    classes: Annotated[tuple[Choice, ...], Meta(min_length=1)] | None = None
    case_work: bool = False
    source: Source


class _Step(Struct, frozen=True, rename={"origin": "from"}):
    """Of an action whether it opens a case: it comes from no state."""

    origin: str | tuple[str, ...] | None = None


class _Kept(Struct, frozen=True):
    """Of a field who sees it."""

    type: str
    seen_by: FieldSight | None = None


class Access(Struct, frozen=True):
    """What a definition says of who sees what, read without the rest of it."""

    actions: dict[str, _Step]
    seen_by: dict[str, CaseSight] = {}
    records_seen_by: dict[str, RecordSight] = {}
    fields: dict[str, _Kept] = {}
    named_by: str | None = None
    linked: bool = False

    @property
    def opening(self) -> str:
        """The name of the action that opens a case."""
        return next(name for name, step in self.actions.items() if step.origin is None)


class LookUp(Part, frozen=True, kw_only=True):
    """That the cases of a workflow look up the records of a person, and are listed as look-ups.

    ``about`` gives the person, a field of type ``person`` or ``subject``; ``which`` is asked of
    each ``record`` of that person; ``purpose`` and ``scope`` are what the log of look-ups says.
    """

    about: Expression
    which: Expression
    purpose: Expression
    scope: Expression
    source: Source


class KeptLog(Part, frozen=True, kw_only=True):
    """That the applications of a workflow stand in a log that is kept for good, and is read as one.

    ``reason`` gives why somebody applied; who, when, about what and with which marks is known of every case.
    """

    reason: Expression
    source: Source


class Lending(Part, frozen=True, kw_only=True, rename={"holds": "while"}):
    """That the cases of a workflow lend out what other cases have filed.

    ``folders`` names the field of those cases, ``to`` the field with the account that borrows; ``while``
    says of such a case, as an expression, whether the loan is in force today.
    """

    folders: Identifier
    to: Identifier
    holds: Expression
    source: Source
