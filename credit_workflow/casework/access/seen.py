"""Decide what somebody sees, of a case and of a record: by the definitions' words alone, and in one place.

Whoever has several roles sees what any of them does. A definition that says nothing of who sees its cases shows
them to everybody who has an account; where none says anything of records, those are shown so too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct

from credit_workflow.engine.values import Actor, Case, Record

if TYPE_CHECKING:  # what only reads builds no classes of definitions
    from credit_workflow.definition.access_rules import CaseSight, RecordSight, Where

#: The role of everybody, in the definitions' words.
_EVERYBODY = "everybody"


class Seen(IntEnum):
    """How much of a case somebody sees."""

    #: Not even that there is such a case.
    NOTHING = 0
    #: All but the names of persons, and what texts say of them.
    MASKED = 1
    #: All that the definitions leave to those who see a case.
    WHOLE = 2


class Around(Struct, frozen=True, kw_only=True):
    """What else bears on what somebody sees of cases; each is asked for only where it does.

    Args:
        roles_of: the roles that people of a unit hold; None stands for all units.
        filed_on: the numbers of the cases to which one belongs that was filed and is open in the actor's unit.
        holds: whether an expression over the case, the actor and the day is true.
    """

    roles_of: Callable[[str | None], frozenset[str]]
    filed_on: Callable[[], frozenset[str]]
    holds: Callable[[Case, str], bool]


class InCase(Protocol):
    """Says whether a case that somebody sees by a role is about a record."""

    def __call__(self, record: str, role: str, *, open_only: bool) -> bool:
        """Return it of a record by its number, asking for open cases alone where that is said."""
        ...


class AroundRecord(Struct, frozen=True, kw_only=True):
    """What else bears on what somebody sees of records.

    Args:
        at_hand: whether the person with this key has an open case in the actor's unit.
        at_counter: the key of the person whose number was given at the counter; None where none was.
        in_case: whether a case that the actor sees by a role is about the record with this number.
    """

    at_hand: Callable[[str], bool]
    at_counter: str | None
    in_case: InCase


def seen_case(said: Mapping[str, CaseSight], case: Case, actor: Actor, opening: str, around: Around) -> Seen:
    """Return how much of a case somebody sees.

    Args:
        said: what the definition in force says of who sees its cases, by role.
        case: the case as of now.
        actor: who looks.
        opening: the name of the action by which such cases are opened.
        around: what else bears on it.
    """
    if not said:
        return Seen.WHOLE
    rules, at = list(_of(said, actor)), _LookedAtCase(case, actor, opening, around)
    if any(_one(of, at) for rule in rules for of in rule.whole):
        return Seen.WHOLE
    if any(_one(of, at) for rule in rules for of in rule.masked):
        return Seen.MASKED
    return Seen.NOTHING


def sees_by_unit(said: Mapping[str, CaseSight], actor: Actor, unit: str | None) -> bool:
    """Whether somebody sees something of a case for no more than that it is some unit's."""
    enough = {"all", "unit"} if unit is not None and unit == actor.unit else {"all"}
    return not said or any(of in enough for rule in _of(said, actor) for of in (*rule.whole, *rule.masked))


def _of(said: Mapping[str, CaseSight], actor: Actor) -> Iterator[CaseSight]:
    return (said[role] for role in (_EVERYBODY, *sorted(actor.roles)) if role in said)


class _LookedAtCase(NamedTuple):
    """Who looks at which case, opened by which action, with what else bears on it."""

    case: Case
    actor: Actor
    opening: str
    around: Around

    def waits_for(self, roles: frozenset[str]) -> bool:
        """Whether the case waits for one of some roles here: its own unit has it where people there hold the role."""
        case, actor, around = self.case, self.actor, self.around
        return any(
            case.unit in (None, actor.unit) or role not in around.roles_of(case.unit)
            for role in roles.intersection(case.waits_for)
        )


_WHICH: dict[str, Callable[[_LookedAtCase], bool]] = {
    "all": lambda _: True,
    "unit": lambda at: at.case.unit is not None and at.case.unit == at.actor.unit,
    "filed_on": lambda at: at.case.number in at.around.filed_on(),
    "waits": lambda at: at.case.assignee == at.actor.account or at.waits_for(at.actor.roles),
    "unit_waits": lambda at: at.waits_for(at.around.roles_of(at.actor.unit)),
    "opened": lambda at: at.opening in at.case.done and at.case.done[at.opening].by == at.actor.account,
    "acted": lambda at: any(done.by == at.actor.account for done in at.case.done.values()),
    "about": lambda at: at.case.subject.kind == "account" and at.case.subject.id == at.actor.account,
}


def _one(of: str | Where, at: _LookedAtCase) -> bool:
    return _WHICH[of](at) if isinstance(of, str) else at.around.holds(at.case, of.when)


def works_with_records(said: Mapping[str, RecordSight], actor: Actor) -> bool:
    """Whether somebody is let look at records at all, whatever is left out of them."""
    return not said or not actor.roles.isdisjoint(said)


def seen_record(said: Mapping[str, RecordSight], record: Record, actor: Actor, around: AroundRecord) -> bool:
    """Return whether somebody sees whose a record is and what it says.

    Args:
        said: what the definitions in force say of who sees records, by role.
        record: the record.
        actor: who looks.
        around: what else bears on it.
    """
    return not said or any(
        (rule.classes is None or record.open_class in rule.classes)
        and any(_WHOSE[of](_LookedAtRecord(record, actor, role, around)) for of in rule.whose)
        for role, rule in ((role, said[role]) for role in sorted(actor.roles) if role in said)
    )


def kept_from(said: Mapping[str, RecordSight], roles: Iterable[str], open_class: str) -> str | None:
    """Return the clause by which one of some roles sees no records of a class at all; None where none is kept from it.

    Args:
        said: what the definitions in force say of who sees records, by role.
        roles: the roles.
        open_class: the class.
    """
    rules = (said[role] for role in roles if role in said)
    return next((rule.source for rule in rules if rule.classes is not None and open_class not in rule.classes), None)


def sees_class(said: Mapping[str, RecordSight], roles: Iterable[str], open_class: str) -> bool:
    """Whether one of some roles sees records of a class at all, whoever's they are."""
    rules = [said[role] for role in roles if role in said]
    return not said or any(rule.classes is None or open_class in rule.classes for rule in rules)


class _LookedAtRecord(NamedTuple):
    """Who looks at which record, by which role, with what else bears on it."""

    record: Record
    actor: Actor
    role: str
    around: AroundRecord


_WHOSE: dict[str, Callable[[_LookedAtRecord], bool]] = {
    "all": lambda _: True,
    "own_unit": lambda at: at.record.provider == at.actor.unit,
    "at_hand": lambda at: at.around.at_hand(at.record.subject.key),
    "at_counter": lambda at: at.record.subject.key == at.around.at_counter,
    "cases": lambda at: at.around.in_case(at.record.no, at.role, open_only=False),
    "open_cases": lambda at: at.around.in_case(at.record.no, at.role, open_only=True),
}
