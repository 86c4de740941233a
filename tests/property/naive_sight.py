"""Say what somebody sees, written from RULES.md §11 alone, without a look at the program's own rules."""

from __future__ import annotations

from dataclasses import dataclass, field

#: The cases of the statute's own procedures.
PROCEDURES = {"objection", "marking", "revocation", "query"}


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    account: str
    roles: frozenset[str]
    unit: str


@dataclass(frozen=True)
class NaiveCase:
    """What of a case bears on who sees it."""

    number: str
    workflow: str
    unit: str
    opener: str
    person: str
    record: str = ""
    parent: str | None = None
    final: bool = False
    waits_for: frozenset[str] = frozenset()
    doers: frozenset[str] = frozenset()
    holder: str | None = None  # of a permission
    account: str | None = None  # that an account's case is about
    account_unit: str | None = None


@dataclass(frozen=True)
class NaiveRecord:
    """What of a record bears on who sees it."""

    no: str
    person: str
    provider: str
    open_class: str


@dataclass
class Town:
    """Everybody and everything there is."""

    people: list[Person]
    cases: list[NaiveCase] = field(default_factory=list)

    def case(self, who: Person, case: NaiveCase) -> str:
        """Return ``whole``, ``masked`` or ``nothing``: of several roles, the most."""
        ways = {self._by(role, who, case) for role in (*who.roles, "anybody")}
        return next(way for way in ("whole", "masked", "nothing") if way in ways)

    def _by(self, role: str, who: Person, case: NaiveCase) -> str:
        if case.workflow in PROCEDURES or case.workflow == "consultation":
            return (self._procedure if case.workflow in PROCEDURES else self._consultation)(role, who, case)
        if case.workflow == "lookup":  # a government user's or a site's own; the centre keeps the log
            if role == "center" or (role == "anybody" and case.opener == who.account):
                return "whole"
            return "masked" if role in {"authority", "auditor"} else "nothing"
        if case.workflow == "permission":
            own = role == "anybody" and who.account in {case.opener, case.holder}
            if own or role in {"center", "authority"}:
                return "whole"
            lead = role == "supervisor" and self._has(who, case)
            return "masked" if lead or role == "auditor" else "nothing"
        assert case.workflow == "account"
        own = role == "anybody" and who.account in {case.opener, case.account}
        lead = role == "supervisor" and who.unit in {case.unit, case.account_unit}
        return "whole" if own or lead or role in {"admin", "authority", "auditor"} else "nothing"

    def _consultation(self, role: str, who: Person, case: NaiveCase) -> str:
        """A consultation is the centre's and that of the unit asked, whose people alone answer."""
        if role == "center" or (role == "provider" and case.unit == who.unit):
            return "whole"
        kept = role in {"authority", "auditor"} or (role == "supervisor" and self._has(who, case))
        return "masked" if kept else "nothing"

    def _procedure(self, role: str, who: Person, case: NaiveCase) -> str:
        if role == "center":
            return "whole"
        if role == "window":
            filed = any(
                c.parent == case.number and c.unit == who.unit and not c.final and c.workflow in PROCEDURES
                for c in self.cases
            )
            return "whole" if case.unit == who.unit or filed else "nothing"
        if role == "authority":  # all; names and content where it decides, or has decided
            decides = "authority" in case.waits_for or who.account in case.doers
            return "whole" if decides else "masked"
        if role == "provider":
            return "masked" if who.unit in {c.unit for c in self._asked(case)} else "nothing"
        if role == "supervisor":
            return "masked" if self._has(who, case) else "nothing"
        return "masked" if role == "auditor" else "nothing"

    def _asked(self, case: NaiveCase) -> list[NaiveCase]:
        """The consultations about a case that wait for an answer."""
        return [c for c in self.cases if c.workflow == "consultation" and c.parent == case.number and not c.final]

    def _has(self, who: Person, case: NaiveCase) -> bool:
        """Whether a case is the unit's, or waits for it."""
        if case.unit == who.unit:
            return True
        for role in case.waits_for:
            own = any(role in p.roles and p.unit == case.unit for p in self.people)
            here = any(role in p.roles and p.unit == who.unit for p in self.people)
            if here and not own:
                return True
        return False

    def record(self, who: Person, record: NaiveRecord, counter: str | None = None) -> str:
        """Return ``refused``, ``nulls`` or ``content``; ``counter`` is the person whose number is given there."""
        working = who.roles & {"window", "center", "authority", "provider", "user"}
        if not working:
            return "refused"
        return "content" if any(self._content(role, who, record, counter) for role in working) else "nulls"

    def _content(self, role: str, who: Person, record: NaiveRecord, counter: str | None) -> bool:
        about = [case for case in self.cases if case.record == record.no]
        if role == "window":
            hand = any(c.person == record.person and c.unit == who.unit and not c.final for c in self.cases)
            return record.open_class in "AB" and (hand or counter == record.person)
        if role == "provider":
            asked = any(case.workflow == "consultation" and case.unit == who.unit and not case.final for case in about)
            return record.provider == who.unit or asked
        return role == "center" or (role == "authority" and bool(about))
