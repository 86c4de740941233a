"""Find out what somebody sees, in one view of the database, for whatever shows cases or records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import convert, to_builtins
from msgspec.structs import replace

from credit_workflow.casework.access.seen import (
    Around,
    AroundRecord,
    Seen,
    kept_from,
    seen_case,
    seen_record,
    sees_by_unit,
    sees_class,
    works_with_records,
)
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.ports import Reading
from credit_workflow.definition.access_rules import Access
from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor, Case, Record
from credit_workflow.engine.world import Moment
from credit_workflow.errors import DefinitionFault, NotAllowed, NotFound
from credit_workflow.text import Text

if TYPE_CHECKING:  # what only reads builds no classes of definitions
    from credit_workflow.calendar.working_days import WorkCalendar
    from credit_workflow.definition.access_rules import RecordSight

#: The facts that are other cases.
_LINKED = frozenset({"children"})
#: What is left out of a case that somebody sees masked: what is written of a person, and by whom it can be found.
_WRITTEN = frozenset({"text", "words", "record_values", "values", "rows", "person"})

#: What fields of this type say is what a record says.
_OF_RECORD = "record_values"


class _Failure(Protocol):
    """A case that can't be carried on."""

    @property
    def case(self) -> str:
        """Its number."""
        ...


F = TypeVar("F", bound=_Failure)


class Sight:
    """What somebody sees.

    Args:
        db: the view of the database.
        definitions: those in force, by workflow: they say who sees cases of older versions, too.
        actor: who looks; None for the program itself, which sees all.
        moment: now.
        calendar: gives the calendar, for expressions that ask of deadlines.
        units: gives the present names of units that had another one, by that: a unit that is called
            otherwise now is the same.
    """

    def __init__(
        self,
        db: Reading,
        definitions: Mapping[str, Definition],
        actor: Actor | None,
        moment: Moment,
        calendar: Callable[[], WorkCalendar],
        units: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._db = db
        self._definitions = definitions
        self.actor = actor
        self._moment = moment
        self._calendar = calendar
        self._present_names = units
        self._roles: dict[str | None, frozenset[str]] = {}
        self._around = Around(roles_of=self._roles_of, filed_on=lambda: self._filed_on, holds=self._holds)

    # -- cases

    def of(self, case: Case, role: str | None = None) -> Seen:
        """Return how much of a case is seen, which is as of now; by one role alone, where one is given."""
        if self.actor is None:
            return Seen.WHOLE
        said = self._said(case)
        actor = self._named_now if role is None else replace(self._named_now, roles=frozenset({role}))
        unit = self._now(case.unit)
        at = case if unit == case.unit else replace(case, unit=unit)
        return seen_case(said.seen_by, at, actor, said.opening, self._around)

    def plainly(self, workflow: str, unit: str | None) -> bool:
        """Whether something is seen of a case for no more than its workflow, in force, and its unit."""
        definition = self._definitions.get(workflow)
        if self.actor is None or definition is None:
            return self.actor is None
        return sees_by_unit(definition.access.seen_by, self._named_now, self._now(unit))

    def knows(self, number: str) -> bool:
        """Whether there is a case of that number of which something is seen."""
        try:
            return self.of(self._db.cases.get(number)) > Seen.NOTHING
        except NotFound:
            return False

    def failures(self, failures: Iterable[F]) -> list[F]:
        """Return of cases that can't be carried on those of which something is seen."""
        return [failure for failure in failures if self.actor is None or self.knows(failure.case)]

    def known(self, number: str) -> Case:
        """Return a case of which something is seen.

        Raises:
            NotFound: there is none, or nothing is seen of it.
        """
        case = self._db.cases.get(number)
        if self.of(case) is Seen.NOTHING:
            raise no_case(number)
        return case

    def whole(self, number: str) -> Case:
        """Return a case that is seen whole.

        Raises:
            NotFound: there is none, or nothing is seen of it.
            NotAllowed: it is seen masked.
        """
        case = self.known(number)
        if self.of(case) is not Seen.WHOLE:
            message = Text(
                "案件 {n} 只能隐去姓名和内容查看，不能取出材料或文书",
                "the case {n} is for you to see without names and texts: no paper or material of it can be taken out",
            )
            raise NotAllowed(message.fill(n=number), code="masked", source="附件3·五(二)")
        return case

    def hidden(self, case: Case) -> frozenset[str]:
        """Return the names of the fields that are left out of a case, and of its log."""
        if self.actor is None:
            return frozenset()
        said, masked = self._said(case), self.of(case) is not Seen.WHOLE
        kept = self._values_of_record(case)
        if not masked and not any(field.seen_by for field in said.fields.values()):
            return kept
        found = set(kept)
        for name, field in self._db.rules[case.definition].workflow.fields.items():
            rule = said.fields[name].seen_by if name in said.fields else field.seen_by
            if rule is not None:
                granted = not self.actor.roles.isdisjoint(rule.roles)
                if not granted and not (rule.when is not None and self._holds(case, rule.when)):
                    found.add(name)
            elif masked and field.type in _WRITTEN and name != said.named_by:
                found.add(name)
        return frozenset(found)

    def keeps_record(self, case: Case) -> bool:
        """Whether a case is about a record of a class, now or before its correction, that whoever looks never sees."""
        if self.actor is None or not case.record:
            return False
        classes = {record.open_class for record in self._db.records.known([case.record]).values()}
        if case.applied is not None:
            changed = (case.applied.old, case.applied.new)
            classes |= {values["open_class"] for values in changed if "open_class" in values}
        return not all(sees_class(self._of_records, self.actor.roles, one) for one in classes)

    def _values_of_record(self, case: Case) -> frozenset[str]:
        """Return the fields with values of its record, where that is of a class that whoever looks never sees."""
        fields = self._db.rules[case.definition].workflow.fields
        told = frozenset(name for name in case.fields if name in fields and fields[name].type == _OF_RECORD)
        return told if told and self.keeps_record(case) else frozenset()

    def _said(self, case: Case) -> Access:
        definition = self._definitions.get(case.workflow)
        if definition is not None:
            return definition.access
        rules = self._db.rules[case.definition]
        return convert(to_builtins(rules.workflow), Access)

    def _roles_of(self, unit: str | None) -> frozenset[str]:
        if not self._roles:
            found: dict[str | None, set[str]] = {None: set()}
            for one in self._db.accounts.active():
                found.setdefault(self._now(one.unit), set()).update(one.roles)
                found[None] |= one.roles
            self._roles = {name: frozenset(roles) for name, roles in found.items()}
        return self._roles.get(unit, frozenset())

    @cached_property
    def _filed_on(self) -> frozenset[str]:
        found = self._db.cases.find(CaseQuery(units=self._names, open_only=True))
        filed = (case for case in found if not self._said(case).linked)
        return frozenset(case.parent for case in filed if case.parent is not None)

    # -- units

    @cached_property
    def _units(self) -> Mapping[str, str]:
        return self._present_names()

    def _now(self, unit: str | None) -> str | None:
        """Return the present name of a unit."""
        return None if unit is None else self._units.get(unit, unit)

    @cached_property
    def _named_now(self) -> Actor:
        """Whoever looks, with the present name of the unit."""
        if self.actor is None:
            raise RuntimeError("the program itself is of no unit")
        return replace(self.actor, unit=self._now(self.actor.unit))

    def names_of(self, unit: str | None) -> tuple[str, ...]:
        """Return every name that a unit has or had, by any of them: cases keep the one of their day."""
        now = self._now(unit)
        return () if now is None else (now, *(former for former, name in self._units.items() if name == now))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """Every name that the unit of whoever looks has or had."""
        return () if self.actor is None else self.names_of(self.actor.unit)

    def _holds(self, case: Case, condition: str) -> bool:
        from credit_workflow.definition.expression_tree import paths_in  # noqa: PLC0415 - most rules need no expression
        from credit_workflow.engine.facts import CaseFacts  # noqa: PLC0415
        from credit_workflow.engine.world import World  # noqa: PLC0415

        if self.actor is None:
            return True
        linked = any(root in _LINKED for root, *_ in paths_in(condition))
        cases = self._db.cases.family(case.number) | {case.number: case} if linked else {case.number: case}
        world = World(rules=self._db.rules, calendar=self._calendar(), cases=cases)
        # What a case says of units is compared with each name of one's own.
        actors = [replace(self.actor, unit=name) for name in self._names or (None,)]
        try:
            return any(CaseFacts.of(world, case, one, self._moment.effective).holds(condition) for one in actors)
        except DefinitionFault:  # a case of an older version need not have what is asked for
            return False

    # -- records

    @cached_property
    def _of_records(self) -> Mapping[str, RecordSight]:
        found = (d.access.records_seen_by for d in self._definitions.values())
        return next((said for said in found if said), {})

    def look_at_records(self) -> None:
        """Refuse whoever doesn't work with records.

        Raises:
            NotAllowed: none of the roles does.
        """
        if self.actor is not None and not works_with_records(self._of_records, self.actor):
            raise NotAllowed(
                Text(
                    "本账户的权限不涉及信用记录，不能查看；确有需要的，由账户管理员变更权限",
                    "none of your roles works with credit records; an administrator changes the roles of an account",
                ),
                code="role",
                source="附件3·五(二)",
            )

    @property
    def records_are_ruled(self) -> bool:
        """Whether the definitions say who sees records."""
        return bool(self._of_records)

    def purpose(self, given: str | None) -> str | None:
        """Return the purpose of a look: what was given, case work for whoever does such, else none."""
        if given and given.strip():
            return given
        roles = frozenset() if self.actor is None else self.actor.roles
        working = not self._of_records or any(
            rule.case_work for role, rule in self._of_records.items() if role in roles
        )
        return CASE_WORK if working else None

    def of_record(self, record: Record, *, at_counter: str | None = None) -> bool:
        """Return whether it is seen whose a record is and what it says.

        Args:
            record: the record.
            at_counter: the key of the person whose number was given at the counter.
        """
        if self.actor is None:
            return True
        around = AroundRecord(at_hand=self._at_hand, at_counter=at_counter, in_case=self._in_case)
        provider = self._now(record.provider)
        at = record if provider == record.provider else replace(record, provider=provider)
        return seen_record(self._of_records, at, self._named_now, around)

    def kept_from(self, to: str | None, by: Iterable[str], open_class: str) -> str | None:
        """Return the clause that keeps what records of a class say off a paper; None where none does.

        Args:
            to: the role that the paper is for; where that has nothing to do with records, or it is for the
                applicant, those who hand it out give him no more than they see themselves.
            by: the roles that print it.
            open_class: the class.
        """
        roles = (to,) if to is not None and to in self._of_records else by
        return kept_from(self._of_records, roles, open_class)

    def _at_hand(self, person: str) -> bool:
        return bool(self._db.cases.find(CaseQuery(person=person, units=self._names, open_only=True)))

    def _in_case(self, record: str, role: str, *, open_only: bool) -> bool:
        found = self._db.cases.find(CaseQuery(record=record, open_only=open_only))
        return any(self.of(case, role) > Seen.NOTHING for case in found)


#: The purpose of a look for which none is given, by those who do case work.
CASE_WORK = "case work"


def no_case(number: str) -> NotFound:
    """Return the error that there is no such case, which is also what reads who may not know of it."""
    message = Text("没有案件 {n}。可用 case list 查看全部案件", "there is no case {n}; see case list")
    return NotFound(message.fill(n=number), code="no_case")
