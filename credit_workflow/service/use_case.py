"""Define a use case: one typed request, one typed answer, who may ask, and what it leaves in the log."""

from __future__ import annotations

import re
from enum import Enum
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from credit_workflow.casework.answer import Value
from credit_workflow.text import Text

#: What is answered.
A = TypeVar("A", bound=Value)


class Request(Struct, Generic[A], frozen=True, kw_only=True):
    """What somebody asks of an office; ``A`` is the type of the answer."""


class Permission(Struct, frozen=True):
    """Who may ask.

    Args:
        kind: ``anybody``, without an account; ``system``, the clock, which is nobody; ``machine``,
            whoever holds the machine with the database and its keys; ``account``, any active one;
            ``rules``, whom the definition's action names, which the engine asks; ``granted``, the
            roles to which the definitions in force grant one of ``names``.
        names: the permissions in the definitions, where it is ``granted``; a refusal tells of the last.
        any_password: also who has to change the password first.
        signed_in: on a production database only: the accounts of others have no passwords.
    """

    kind: Literal["anybody", "system", "machine", "account", "rules", "granted"]
    names: tuple[str, ...] = ()
    any_password: bool = False
    signed_in: bool = False


ANYBODY = Permission("anybody")
SYSTEM = Permission("system")
MACHINE = Permission("machine")
ACCOUNT = Permission("account")
BY_RULES = Permission("rules")


def granted(*names: str) -> Permission:
    """Return the permission of whoever the definitions in force grant one of some permissions to."""
    return Permission("granted", names)


class Way(Enum):
    """How a use case uses the database."""

    #: One consistent view; nothing is written.
    READS = "reads"
    #: One transaction: all of it is kept, or none.
    WRITES = "writes"
    #: It opens the database itself, as often as it needs: long work, or none at all.
    ALONE = "alone"


class Trace(Enum):
    """What a use case that was carried out leaves in the log."""

    #: Nothing: it shows nobody and changes nothing.
    NONE = "none"
    #: An entry of the log of look-ups: who saw whom, what, and why.
    LOOK = "look"
    #: The entries of what it changed.
    CHANGE = "change"


class UseCase(Struct, frozen=True):
    """One thing that anybody can do or see.

    Args:
        name: what it is about and what it does, such as ``record.show``.
        request: the request's type, in `credit_workflow.service.use_cases`, such as ``daily.records.ShowRecord``.
        permission: who may ask; held before anything else is looked at.
        way: how it uses the database.
        trace: what it leaves in the log; without it nothing is answered.
        slow: what it takes long over, for those who wait; None where it takes no time.
        refused: the function that writes a refusal into the log; None where none is written.
        on_any_day: whether it is done also on a day that is not certain, and makes none certain.
        shows: whether it shows somebody besides what it changes: then a refusal is one of a look.
    """

    name: str
    request: str
    permission: Permission
    way: Way = Way.READS
    trace: Trace = Trace.NONE
    slow: Text | None = None
    refused: str | None = None
    on_any_day: bool = False
    shows: bool = False

    @property
    def is_look(self) -> bool:
        """Whether it shows people, so that what is refused is a look."""
        return self.shows or self.trace is Trace.LOOK

    @property
    def module(self) -> str:
        """The module of `credit_workflow.service.use_cases` that has it."""
        return self.request.rpartition(".")[0]

    @property
    def run(self) -> str:
        """The function of that module that carries it out: ``show_record`` for ``ShowRecord``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.request.rpartition(".")[2]).lower()


def reads(name: str, request: str, permission: Permission, *, slow: Text | None = None) -> UseCase:
    """Return a use case that shows nobody and writes nothing."""
    return UseCase(name, request, permission, slow=slow)


def looks(name: str, request: str, permission: Permission, *, slow: Text | None = None) -> UseCase:
    """Return a use case that shows people, of which each look is logged."""
    return UseCase(name, request, permission, trace=Trace.LOOK, slow=slow)


def writes(
    name: str,
    request: str,
    permission: Permission,
    *,
    slow: Text | None = None,
    refused: str | None = None,
    on_any_day: bool = False,
) -> UseCase:
    """Return a use case that changes something, in one transaction."""
    return UseCase(
        name, request, permission, way=Way.WRITES, trace=Trace.CHANGE, slow=slow, refused=refused, on_any_day=on_any_day
    )


def alone(name: str, request: str, permission: Permission, *, slow: Text | None = None) -> UseCase:
    """Return a use case that opens the database itself, or needs none, and leaves no trace."""
    return UseCase(name, request, permission, way=Way.ALONE, slow=slow)


def works(name: str, request: str, permission: Permission, *, slow: Text | None = None, shows: bool = False) -> UseCase:
    """Return a use case that changes something in transactions of its own."""
    return UseCase(name, request, permission, way=Way.ALONE, trace=Trace.CHANGE, slow=slow, shows=shows)
