"""A second, naive model of the statute: objection, marking and revocation, written from RULES.md alone.

It is an oracle for property tests. It imports nothing of the project, counts days one by one, and keeps
everything in dictionaries. Where RULES.md leaves a choice, the choice stands beside the line that makes it.

Here is what is asked of it. What people can do stands in `naive_actions`, what is kept in `naive_books`,
what stands in the way in `naive_grounds`, what an action does in `naive_effects`; `naive_persons` reads numbers.

Every operation names its day. Days never go backwards. Reads change nothing: what has expired by date is
worked out on a copy. A refused operation changes nothing either.

Exit codes of a `Refusal`: role 6, state 3, value 2, rule 3, missing (no such case or record) 4; they are
found in this order: missing, role, state, value, rule.
"""

import copy
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from tests.property.naive_actions import ACTIONS, SUBMIT_NEEDS
from tests.property.naive_books import DAY, FINAL, Case, Due, Record, Refusal
from tests.property.naive_effects import Effects
from tests.property.naive_grounds import Grounds, require
from tests.property.naive_persons import birth_date, is_legal_number, unit_of


class Model(Grounds, Effects):
    """Records and cases, and what the statute lets happen to them."""

    # ------------------------------------------------------------ reads

    def state(self, case_id: str, day: date) -> str:
        return self._view(day)._case(case_id).state

    def deadlines(self, case_id: str, day: date) -> dict[str, Due]:
        case = self._view(day)._case(case_id)
        return {name: deadline.as_of(day) for name, deadline in case.deadlines.items()}

    def marks(self, record: str, day: date) -> set[tuple[str, str, date | None]]:
        """The marks in force: (processing or disputed, the case that placed it, its last day)."""
        return set(self._view(day)._record(record).marks)

    def usable(self, record: str, day: date) -> bool:
        found = self._view(day)._record(record)
        return not found.values["removed"] and all(kind != "processing" for kind, _, _ in found.marks)

    def record_fields(self, record: str, day: date) -> dict[str, Any]:
        """provider, content, valid_from, valid_until and removed, as they stand."""
        return dict(self._view(day)._record(record).values)

    def sweep(self, day: date) -> None:
        """Write down what has happened by date; no read tells the difference."""
        self._begin(day)

    # ------------------------------------------------------------ operations

    def add_record(
        self, no: str, subject: str, valid_from: date, valid_until: date | None, provider: str, content: str
    ) -> None:
        if birth_date(subject) is None and not is_legal_number(subject):
            raise ValueError(f"{subject}: not a person's number")
        values = {
            "provider": provider,
            "content": content,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "removed": False,
        }
        self.records[no] = Record(subject, values)

    def submit(
        self,
        day: date,
        workflow: str,
        case_id: str,
        *,
        record: str | None = None,
        parent: str | None = None,
        subject: str | None = None,
        account: str = "window1",
        role: str = "window",
        fields: Mapping[str, Any] | None = None,
        materials: AbstractSet[str] = frozenset(),
    ) -> str:
        self._begin(day)
        if case_id in self.cases:
            raise ValueError(f"{case_id} is taken")
        if role != "window":
            raise Refusal("role", ["submit"])
        given = dict(fields or {})
        require(SUBMIT_NEEDS[workflow], given)
        if workflow == "objection":
            record, owner = self._objected_to(record, subject, given)
        else:
            require(["parent"], {"parent": parent})
            above = self._case(str(parent))
            if above.workflow != {"marking": "objection", "revocation": "marking"}[workflow]:
                raise Refusal("value", ["parent"])
            record = above.record
            owner = above.subject
        subject = subject or owner
        if birth_date(subject) is None and not is_legal_number(subject):
            raise Refusal("value", ["subject"])

        self.operation += 1
        case = Case(
            workflow,
            self.operation,
            day,
            record,
            parent or "",
            subject,
            unit=unit_of(account),
        )
        case.fields, case.materials = self._vouched(case, given, materials)
        self.cases[case_id] = case
        if workflow == "objection":
            self._start(case, "handling", day, self.thirty_days_to_act(day))
        self._review_windows(day)
        return "ok"

    def _objected_to(self, record: str | None, subject: str | None, given: dict[str, Any]) -> tuple[str, str]:
        """A record and whose it is; of an omission none, and what is missing of which provider."""
        if record is not None:
            owner = self._record(record).subject
            if {"provider", "missing"} & set(given):
                raise Refusal("value", ["missing"])
            return record, owner
        if not {"provider", "missing"} & set(given):
            raise Refusal("value", ["record"])
        require(["provider", "missing", "subject"], given | {"subject": subject})
        given["missing_from"] = given["provider"]
        return "", str(subject)

    def act(
        self,
        day: date,
        case_id: str,
        action: str,
        *,
        account: str,
        role: str,
        fields: Mapping[str, Any] | None = None,
        materials: AbstractSet[str] = frozenset(),
    ) -> str:
        self._begin(day)
        case = self._case(case_id)
        if action not in ACTIONS[case.workflow]:
            raise ValueError(f"{case.workflow} has no action {action} that a person can take")
        rule = ACTIONS[case.workflow][action]
        given = dict(fields or {})
        if role != rule.role or not self._of_unit(case, role, account):
            raise Refusal("role", [action])
        decided = case.accepted or case.state == "rejected"  # from then on there is something to be filed
        if not (decided if action == "archive" else case.state in rule.states.split()):
            raise Refusal("state", [case.state])
        require(rule.needs.split(), given)
        self._check_values(action, given)
        if action == "report" and given["outcome"] == "reassigned" and given["subject_id"] == self._owner(case):
            raise Refusal("value", ["subject_id"])  # it is that person's already
        if action == "accept":
            given, materials = self._vouched(case, given, materials)
        grounds = self._grounds(day, case_id, action, account=account, given=given, materials=materials)
        if grounds:
            raise Refusal("rule", grounds)

        self.operation += 1
        case.fields |= given
        case.materials |= materials
        self._effects(day, case_id, action, account, given)
        if rule.to:
            self._enter(case, rule.to)
        self._review_windows(day)
        return "ok"

    def _of_unit(self, case: Case, role: str, account: str) -> bool:
        """A window acts on cases of its own unit; on a consultation the people of the unit asked alone."""
        if role == "window":
            return unit_of(account) == case.unit or self.mutant == "foreign_window"
        if role == "provider" and case.workflow == "consultation":
            return unit_of(account) == case.unit or self.mutant == "foreign_answer"
        return True

    # ------------------------------------------------------------ what happens by date

    def _review_windows(self, day: date) -> None:
        """A window is met while a marking filed in it is open, and else runs to its old date."""
        for case_id, case in self.cases.items():
            if case.workflow != "objection" or case.state != "collected":
                continue
            window = case.deadlines["dispute_window"]
            filed = [
                marking.filed
                for marking in self._children(case_id)
                if marking.workflow == "marking"
                and marking.state not in FINAL
                and window.starts <= marking.filed <= window.due
            ]
            if filed and not window.outcome:
                window.outcome, window.met = "met", min(filed)
            elif not filed and window.outcome == "met" and self.mutant != "window_not_reopened":
                window.outcome, window.met, window.reopened = "", None, day

    def _due_by_date(self, day: date) -> list[tuple[date, str]]:
        """The windows that have lapsed and the marks that have expired, with the day of effect."""
        found = []
        for case_id, case in self.cases.items():
            if case.workflow == "objection" and case.state == "collected":
                window = case.deadlines["dispute_window"]
                if not window.outcome:
                    found.append((max(window.due + DAY, window.reopened or date.min), case_id))
            if case.workflow == "marking" and case.state == "disputed":
                early = self.mutant == "expiry_a_day_early"
                found.append((case.deadlines["retention"].due + (0 if early else 1) * DAY, case_id))
        return sorted((effective, case_id) for effective, case_id in found if effective <= day)

    def _settle(self, day: date) -> None:
        for effective, case_id in self._due_by_date(day):
            case = self.cases[case_id]
            if case.workflow == "marking":
                self._end_mark(case_id, "expired", effective)
            else:
                case.deadlines["dispute_window"].outcome = "lapsed"
                self._enter(case, "closed")

    def _begin(self, day: date) -> None:
        if day < self.today:
            raise ValueError(f"{day} lies before {self.today}")
        self.today = day
        self._settle(day)

    def _view(self, day: date) -> "Model":
        """This model as of a day, without changing it."""
        if day < self.today:
            raise ValueError(f"{day} lies before {self.today}")
        if not self._due_by_date(day):
            return self
        view = copy.copy(self)
        view.records, view.cases = copy.deepcopy((self.records, self.cases))
        view._settle(day)
        return view
