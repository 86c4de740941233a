"""What an action does, in the naive model: deadlines, marks, corrections, and the cases that follow."""

from datetime import date
from typing import Any

from tests.property.naive_books import DAY, FINAL, Books, Case, Record
from tests.property.naive_persons import unit_of


class Effects(Books):
    """The books, and what actions do to them."""

    def _effects(  # noqa: C901 - one branch an action
        self, day: date, case_id: str, action: str, account: str, given: dict[str, Any]
    ) -> None:
        case = self.cases[case_id]
        if action in ("accept", "reject"):
            self._start(case, "archive", day, day)
        if action == "accept":
            case.accepted = True
            self._start(case, "handing_over", day, self.working_days_after(day, 1))
            if case.workflow in {"marking", "revocation"}:
                self._start(case, case.workflow, day, self.working_days_after(day, 7))
        elif action == "transfer":
            case.transferred = day
            case.deadlines["handing_over"].meet(day)
            self._start(case, "receipt", day, self.working_days_after(day, 1))
        elif action == "receive":
            self._receive(day, case_id, given.get("received_on") or day)
        elif action == "archive":
            case.deadlines["archive"].meet(day)
        elif action == "withdraw":
            self._lift(case_id, "processing")
            self._end_consultations(case_id)
        elif action == "mark":
            self._mark(day, case_id)
        elif action == "revoke":
            case.deadlines["revocation"].meet(day)
            case.deadlines["revocation_center"].meet(day)
            case.state = "revoked"  # so that the end of the mark does not lapse this very case
            self._end_mark(case.parent, "revoked", day)
        elif action.endswith("_extension"):
            self._extension(case, action, account, given)
        else:
            self._objection_effects(day, case_id, action, account, given)

    def _objection_effects(self, day: date, case_id: str, action: str, account: str, given: dict[str, Any]) -> None:
        case = self.cases[case_id]
        if action == "consult":
            self._ask(day, case_id, given.get("provider") or self._provider(case))
        elif action in {"respond", "recall"}:
            self._answer(day, case_id, action, account)
        elif action == "report":
            case.drafter = account
            self._apply_report(case_id, given)
            self._end_consultations(case_id)
        elif action == "notify":
            case.answered = dict(self.records[case.record].values) if case.record else {"nothing": "added"}
            case.deadlines["handling"].meet(day)
            if self.mutant != "mark_not_lifted":
                self._lift(case_id, "processing")
        elif action == "collect":
            self._start(case, "dispute_window", day, self.working_days_after(day, 5))

    def _ask(self, day: date, case_id: str, unit: str) -> None:
        """A consultation of one unit, with a target of its own; it is called by its place among all."""
        case = self.cases[case_id]
        asked = Case(
            "consultation", self.operation, day, case.record, case_id, case.subject,
            fields={}, materials=set(), state="asked", unit=unit,
        )  # fmt: skip
        serial = 1 + sum(other.workflow == "consultation" for other in self.cases.values())
        self.cases[self._called(day, serial)] = asked
        self._start(asked, "finding", day, self.working_days_after(day, 5))

    @staticmethod
    def _called(day: date, serial: int) -> str:  # noqa: ARG004 - where numbers are those of a year
        """What the consultation opened on a day is called, by its place among all."""
        return f"CON-{serial:03}"

    def _answer(self, day: date, case_id: str, action: str, account: str) -> None:
        """Of a consultation, taken there or by the unit on its objection: verification goes on with the last."""
        case, objection = self.cases[case_id], case_id
        if case.workflow == "objection":
            (case,) = [asked for asked in self._asked(case_id) if asked.unit == unit_of(account)]
        else:
            objection = case.parent
        case.deadlines["finding"].meet(day)
        case.state = "answered" if action == "respond" else "recalled"
        above = self.cases[objection]
        if above.state == "consulting" and (not self._asked(objection) or self.mutant == "resumed_early"):
            above.state = "verifying"

    def _end_consultations(self, case_id: str) -> None:
        for asked in self._asked(case_id):
            self._enter(asked, "ended")

    def _receive(self, day: date, case_id: str, received: date) -> None:
        case = self.cases[case_id]
        case.deadlines["receipt"].meet(day)
        if case.workflow == "objection":
            if case.record:  # of an omission there is nothing to be marked
                self.records[case.record].marks.add(("processing", case_id, None))
                self._start(case, "same_day_mark", received, received)
                case.deadlines["same_day_mark"].meet(day)
        elif case.workflow == "revocation":
            self._start(case, "revocation_center", received, self.working_days_after(received, 5))

    def _extension(self, case: Case, action: str, account: str, given: dict[str, Any]) -> None:
        if action == "request_extension":
            case.asker, case.asked_days = account, given["days"]
            return
        if action == "grant_extension":
            case.granted = True
            handling = case.deadlines["handling"]
            handling.due = self.working_days_after(handling.original_due, case.asked_days)
        case.asker = ""

    def _provider(self, case: Case) -> str:
        """Who provides the record, or should have provided what is missing."""
        return str(self.records[case.record].values["provider"] if case.record else case.fields["missing_from"])

    def _add(self, case_id: str, given: dict[str, Any]) -> None:
        """What was missing becomes the applicant's record, of the provider named; made once more it is the same."""
        case = self.cases[case_id]
        new = {name: given["correction"][name] for name in ("content", "valid_from", "valid_until")}
        known = self.records.get(f"BL-{case_id}")
        values = {**new, "provider": case.fields["missing_from"], "removed": False}
        case.record, case.applied = f"BL-{case_id}", {"removed": (True, False)}
        self.records[case.record] = Record(case.subject, values, set() if known is None else known.marks)

    def _apply_report(self, case_id: str, given: dict[str, Any]) -> None:
        """Take back what this case had written and still stands, then write the new outcome.

        Whose a record is counts among what is written.
        """
        case = self.cases[case_id]
        if case.record:
            self._write(case, given)
        if given["outcome"] == "added":
            self._add(case_id, given)

    def _write(self, case: Case, given: dict[str, Any]) -> None:
        record = self.records[case.record]
        record.values["subject"] = record.subject
        for name, (old, written) in case.applied.items():
            kept = self.mutant == "not_restored" or (self.mutant == "added_stays" and name == "removed" and not written)
            if record.values[name] == written and not kept:
                record.values[name] = old
        new: dict[str, Any] = {}
        if given["outcome"] == "corrected":
            new = given["correction"]
        elif given["outcome"] == "removed":
            new = {"removed": True}
        elif given["outcome"] == "reassigned" and self.mutant != "still_the_first_ones":
            new = {"subject": given["subject_id"]}
        case.applied = {name: (record.values[name], value) for name, value in new.items()}
        record.values |= new
        record.subject = record.values.pop("subject")

    def _mark(self, day: date, case_id: str) -> None:
        case = self.cases[case_id]
        last_day = day + 30 * DAY
        self.records[case.record].marks.add(("disputed", case_id, last_day))
        self._start(case, "retention", day, last_day)
        case.deadlines["marking"].meet(day)
        self._enter(self.cases[case.parent], "disputed")

    def _end_mark(self, marking_id: str, state: str, day: date) -> None:
        """The mark goes; the marking and the objection follow, and revocations left open lapse."""
        marking = self.cases[marking_id]
        retention = marking.deadlines["retention"]
        retention.outcome, retention.met = "met", day
        self._lift(marking_id, "disputed")
        self._enter(marking, state)
        self._enter(self.cases[marking.parent], state)
        for revocation in self._children(marking_id):
            if revocation.state not in FINAL:
                self._enter(revocation, "lapsed")
