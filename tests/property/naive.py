"""A second, naive model of the statute: objection, marking and revocation, written from RULES.md alone.

It is an oracle for property tests. It imports nothing of the project, counts days one by one, and keeps
everything in dictionaries. Where RULES.md leaves a choice, the choice stands beside the line that makes it.

Every operation names its day. Days never go backwards. Reads change nothing: what has expired by date is
worked out on a copy. A refused operation changes nothing either.

Exit codes of a `Refusal`: role 6, state 3, value 2, rule 3, missing (no such case or record) 4; they are
found in this order: missing, role, state, value, rule.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

Kind = Literal["missing", "role", "state", "value", "rule"]
Mutant = Literal[
    "due_off_by_one",  # a period to act ends a day late
    "mark_not_lifted",  # notifying leaves the processing mark in place
    "guard_dropped",  # acceptance does not look at the materials
    "shift_dropped",  # `handling` may end on a day off
    "late_marking",  # a marking filed after the window is accepted
    "window_not_reopened",  # a rejected marking leaves the window met
    "expiry_a_day_early",  # the mark is gone on its last day
    "not_restored",  # a second report leaves in place what the first one wrote
]

EXIT = {"missing": 4, "role": 6, "state": 3, "value": 2, "rule": 3}
FINAL = {"rejected", "withdrawn", "closed", "expired", "revoked", "lapsed"}
DAY = timedelta(days=1)


class Refusal(Exception):
    def __init__(self, kind: Kind, grounds: Iterable[str]) -> None:
        self.kind = kind
        self.grounds = list(grounds)
        self.exit = EXIT[kind]
        super().__init__(f"{kind}: {', '.join(self.grounds)}")


class Due(NamedTuple):
    """One deadline as of a day."""

    status: str
    due: date
    original_due: date
    met: date | None


class Action(NamedTuple):
    role: str
    states: str  # blank-separated; "" leaves it to the action's own check
    to: str  # "" where the state stays
    needs: str = ""  # blank-separated names of required fields


OPEN_FOR_EXTENSION = "accepted transferred verifying consulting reported approved"

ACTIONS: dict[str, dict[str, Action]] = {
    "objection": {
        "accept": Action("window", "submitted", "accepted"),
        "reject": Action("window", "submitted", "rejected", "grounds"),
        "transfer": Action("window", "accepted", "transferred"),
        "receive": Action("center", "transferred", "verifying"),
        "consult": Action("center", "verifying", "consulting", "question"),
        "respond": Action("provider", "consulting", "verifying", "finding"),
        "report": Action("center", "verifying", "reported", "outcome"),
        "return": Action("authority", "reported", "verifying", "reason"),
        "approve": Action("authority", "reported", "approved"),
        "notify": Action("window", "approved", "notified", "channel"),
        "collect": Action("window", "notified", "collected", "collected_by"),
        "request_extension": Action("center", OPEN_FOR_EXTENSION, "", "days reason"),
        "grant_extension": Action("authority", OPEN_FOR_EXTENSION, ""),
        "deny_extension": Action("authority", OPEN_FOR_EXTENSION, "", "reason"),
        "archive": Action("window", "", ""),
        "withdraw": Action("window", "submitted accepted transferred verifying consulting", "withdrawn"),
    },
    "marking": {
        "accept": Action("window", "submitted", "accepted"),
        "reject": Action("window", "submitted", "rejected", "grounds"),
        "transfer": Action("window", "accepted", "transferred"),
        "receive": Action("center", "transferred", "received"),
        "mark": Action("center", "received", "disputed"),
        "archive": Action("window", "", ""),
        "withdraw": Action("window", "submitted accepted transferred received", "withdrawn"),
    },
    "revocation": {
        "accept": Action("window", "submitted", "accepted"),
        "reject": Action("window", "submitted", "rejected", "grounds"),
        "transfer": Action("window", "accepted", "transferred"),
        "receive": Action("center", "transferred", "received"),
        "revoke": Action("center", "received", "revoked"),
        "archive": Action("window", "", ""),
        "withdraw": Action("window", "submitted accepted transferred received", "withdrawn"),
    },
}

SUBMIT_NEEDS = {"objection": ["reason"], "marking": ["reason"], "revocation": []}

# RULES §8. The form has the workflow's own name; only an objection needs evidence.
NATURAL_PAPERS = {"id_card"}
LEGAL_PAPERS = {"organisation_code", "authorisation_letter", "agent_id_card"}
OWN_PAPERS = {
    "objection": {"objection_form", "evidence"},
    "marking": {"marking_form"},
    "revocation": {"revocation_form"},
}


# ---------------------------------------------------------------- numbers of persons


def birth_date(number: str) -> date | None:
    """The birth date in a natural person's number, or None when it is not such a number."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
    return born if born.year >= 1900 and number[17] == "10X98765432"[rest] else None


def is_legal_number(number: str) -> bool:
    """Whether it is a unified social credit code (GB 32100) or an organisation code (GB 11714)."""
    if len(number) == 18:
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
        known = number[:8].isascii() and number[:8].isdigit() and all(c in letters for c in number)
        return known and sum(letters.index(c) * w for c, w in zip(number, weights, strict=True)) % 31 == 0
    plain = number.replace("-", "")
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if len(plain) != 9 or any(c not in letters for c in plain):
        return False
    total = sum(letters.index(c) * w for c, w in zip(plain, [3, 7, 9, 10, 5, 8, 4, 2], strict=False))
    return plain[8] == "0123456789X0"[11 - total % 11]


def years_old(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


# ---------------------------------------------------------------- records and cases


@dataclass
class Deadline:
    starts: date
    due: date
    original_due: date
    outcome: str = ""  # "" while it runs, else met, met_late, lapsed or cancelled
    met: date | None = None
    reopened: date | None = None

    def meet(self, day: date) -> None:
        if not self.outcome:
            self.met = day
            self.outcome = "met" if day <= self.due else "met_late"

    def as_of(self, day: date) -> Due:
        status = self.outcome or ("overdue" if day > self.due else "running")
        return Due(status, self.due, self.original_due, self.met)


@dataclass
class Record:
    subject: str
    values: dict[str, Any]
    marks: set[tuple[str, str, date | None]] = field(default_factory=set)
    changed: int = 0  # the number of the operation that last changed a value


@dataclass
class Case:
    workflow: str
    number: int  # the operation that filed it: tells earlier from later on one day
    filed: date
    record: str
    parent: str
    subject: str
    fields: dict[str, Any]
    materials: set[str]
    state: str = "submitted"
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    accepted: bool = False
    transferred: date | None = None
    drafter: str = ""
    applied: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # field → (before, written)
    notified: int = 0  # the number of the operation that notified
    asker: str = ""  # of the extension that waits for a decision
    asked_days: int = 0
    granted: bool = False


def require(names: Iterable[str], fields: Mapping[str, Any]) -> None:
    missing = [name for name in names if fields.get(name) is None or not str(fields[name]).strip()]
    if missing:
        raise Refusal("value", missing)


def as_date(name: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refusal("value", [name]) from None


class Model:
    """Records and cases, and what the statute lets happen to them."""

    def __init__(self, is_working: Callable[[date], bool], *, mutant: Mutant | None = None) -> None:
        self.is_working = is_working
        self.mutant = mutant
        self.records: dict[str, Record] = {}
        self.cases: dict[str, Case] = {}
        self.today = date.min
        self.operation = 0

    # ------------------------------------------------------------ periods

    def working_days_after(self, start: date, count: int) -> date:
        """The last day of a period in working days; the start itself is not counted."""
        day = start
        while count > 0:
            day += DAY
            if self.is_working(day):
                count -= 1
        return day + DAY if self.mutant == "due_off_by_one" else day

    def thirty_days_to_act(self, start: date) -> date:
        """30 calendar days; a last day off moves to the next working day."""
        day = start + 30 * DAY
        while not self.is_working(day) and self.mutant != "shift_dropped":
            day += DAY
        return day + DAY if self.mutant == "due_off_by_one" else day

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
        account: str = "window1",  # noqa: ARG002 - nothing hangs on who filed
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
            require(["record"], {"record": record})
            record = str(record)
            owner = self._record(record).subject
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
            fields=given,
            materials=set(materials),
        )
        self.cases[case_id] = case
        if workflow == "objection":
            self._start(case, "handling", day, self.thirty_days_to_act(day))
        self._review_windows(day)
        return "ok"

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
        if role != rule.role:
            raise Refusal("role", [action])
        if not (case.accepted if action == "archive" else case.state in rule.states.split()):
            raise Refusal("state", [case.state])
        require(rule.needs.split(), given)
        self._check_values(action, given)
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

    # ------------------------------------------------------------ values

    @staticmethod
    def _check_values(action: str, given: dict[str, Any]) -> None:
        """Whether the values are of their kind; dates become dates, in place."""
        if action == "receive" and given.get("received_on") is not None:
            given["received_on"] = as_date("received_on", given["received_on"])
        if action == "request_extension" and (not isinstance(given["days"], int) or isinstance(given["days"], bool)):
            raise Refusal("value", ["days"])
        if action == "report":
            if given["outcome"] not in {"corrected", "removed", "upheld"}:
                raise Refusal("value", ["outcome"])
            if given["outcome"] == "corrected":
                given["correction"] = Model._correction(given.get("correction"))

    @staticmethod
    def _correction(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            raise Refusal("value", ["correction"])
        unknown = set(value) - {"provider", "content", "valid_from", "valid_until"}
        if unknown:
            raise Refusal("value", sorted(unknown))
        dates = {"valid_from", "valid_until"}
        return {name: as_date(name, new) if name in dates else new for name, new in value.items()}

    # ------------------------------------------------------------ rules

    def _grounds(
        self,
        day: date,
        case_id: str,
        action: str,
        *,
        account: str,
        given: dict[str, Any],
        materials: AbstractSet[str],
    ) -> list[str]:
        """Every ground that stands in the way."""
        case = self.cases[case_id]
        if action == "accept":
            return self._accept_grounds(case_id, case.fields | given, case.materials | materials)
        stands: dict[str, bool] = {}
        if action == "archive":
            stands["archived"] = bool(case.deadlines["archive"].outcome)
        if action == "withdraw":
            stands["materials"] = "withdrawal_request" not in case.materials | materials
        if action == "receive":
            received = given.get("received_on") or day
            stands["before_transfer"] = case.transferred is not None and received < case.transferred
            stands["in_future"] = received > day
        if action == "approve":
            stands["four_eyes"] = account == case.drafter
        if action == "mark":
            stands["objection"] = self.cases[case.parent].state != "collected"
        if action == "revoke":
            stands["mark"] = self.cases[case.parent].state != "disputed"
        if action.endswith("_extension"):
            stands = self._extension_grounds(day, case, action, account, given)
        return [name for name, found in stands.items() if found]

    @staticmethod
    def _extension_grounds(day: date, case: Case, action: str, account: str, given: dict[str, Any]) -> dict[str, bool]:
        late = day > case.deadlines["handling"].original_due
        if action == "request_extension":
            return {
                "days": not 1 <= given["days"] <= 15,
                "late": late,
                "granted": case.granted,
                "pending": bool(case.asker),
            }
        return {
            "not_asked": not case.asker,
            "four_eyes": account == case.asker,
            # A late refusal harms nobody; only what makes an overdue case timely must be in time.
            "late": action == "grant_extension" and late,
        }

    def _accept_grounds(self, case_id: str, fields: Mapping[str, Any], materials: AbstractSet[str]) -> list[str]:
        case = self.cases[case_id]
        papers = OWN_PAPERS[case.workflow] | (NATURAL_PAPERS if birth_date(case.subject) else LEGAL_PAPERS)
        stands = {
            "identity": fields.get("identity") is False,
            "materials": not papers <= materials and self.mutant != "guard_dropped",
            # RULES §5 and §6 name no such ground: who could object can mark and revoke
            "person": case.workflow == "objection" and not self._is_person(case, fields, materials),
            "residence": fields.get("resident") is False,
        }
        if case.workflow == "objection":
            record = self.records[case.record]
            ends = record.values["valid_until"]
            stands["validity"] = ends is not None and ends < case.filed
            stands["own"] = case.subject != record.subject
            stands["repeat"] = self._is_repeat(case) and not str(fields.get("good_ground") or "").strip()
        if case.workflow == "marking":
            stands |= self._marking_grounds(case_id)
        if case.workflow == "revocation":
            marking = self.cases[case.parent]
            stands["own"] = case.subject != marking.subject
            stands["mark"] = marking.state != "disputed"
        return [name for name, found in stands.items() if found]

    @staticmethod
    def _is_person(case: Case, fields: Mapping[str, Any], materials: AbstractSet[str]) -> bool:
        born = birth_date(case.subject)
        if born is None:
            return True
        age = years_old(born, case.filed)
        guarded = bool(str(fields.get("guardian") or "").strip()) and "guardianship" in materials
        return age >= 18 or (age >= 16 and fields.get("own_income") is True) or guarded

    def _is_repeat(self, case: Case) -> bool:
        changed = self.records[case.record].changed
        return any(
            other.workflow == "objection"
            and other.number < case.number
            and other.subject == case.subject
            and other.record == case.record
            and other.notified > 0
            and other.notified > changed
            for other in self.cases.values()
        )

    def _marking_grounds(self, case_id: str) -> dict[str, bool]:
        case = self.cases[case_id]
        objection = self.cases[case.parent]
        window = objection.deadlines.get("dispute_window")
        in_time = window is not None and window.starts <= case.filed <= window.due
        return {
            "own": case.subject != objection.subject,
            "objection": objection.state != "collected",
            "window": not in_time and self.mutant != "late_marking",
            "other": any(
                other is not case and other.accepted and other.state not in FINAL
                for other in self._children(case.parent)
            ),
        }

    # ------------------------------------------------------------ effects

    def _effects(self, day: date, case_id: str, action: str, account: str, given: dict[str, Any]) -> None:
        case = self.cases[case_id]
        if action == "accept":
            case.accepted = True
            self._start(case, "archive", day, day)
            if case.workflow in {"marking", "revocation"}:
                self._start(case, case.workflow, day, self.working_days_after(day, 7))
        elif action == "transfer":
            case.transferred = day
        elif action == "receive":
            self._receive(day, case_id, given.get("received_on") or day)
        elif action == "archive":
            case.deadlines["archive"].meet(day)
        elif action == "withdraw":
            self._lift(case_id, "processing")
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
        if action == "report":
            case.drafter = account
            self._apply_report(case, given)
        elif action == "notify":
            case.notified = self.operation
            case.deadlines["handling"].meet(day)
            if self.mutant != "mark_not_lifted":
                self._lift(case_id, "processing")
        elif action == "collect":
            self._start(case, "dispute_window", day, self.working_days_after(day, 5))

    def _receive(self, day: date, case_id: str, received: date) -> None:
        case = self.cases[case_id]
        if case.workflow == "objection":
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

    def _apply_report(self, case: Case, given: dict[str, Any]) -> None:
        """Take back what this case had written and still stands, then write the new outcome."""
        record = self.records[case.record]
        before = dict(record.values)
        for name, (old, written) in case.applied.items():
            if record.values[name] == written and self.mutant != "not_restored":
                record.values[name] = old
        new: dict[str, Any] = {}
        if given["outcome"] == "corrected":
            new = given["correction"]
        elif given["outcome"] == "removed":
            new = {"removed": True}
        case.applied = {name: (record.values[name], value) for name, value in new.items()}
        record.values |= new
        if record.values != before:
            record.changed = self.operation

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

    def _lift(self, case_id: str, kind: str) -> None:
        record = self.records[self.cases[case_id].record]
        record.marks = {mark for mark in record.marks if (mark[0], mark[1]) != (kind, case_id)}

    @staticmethod
    def _start(case: Case, name: str, starts: date, due: date) -> None:
        case.deadlines[name] = Deadline(starts, due, due)

    @staticmethod
    def _enter(case: Case, state: str) -> None:
        """A final state cancels what still runs, overdue or not; archiving remains to be done."""
        case.state = state
        if state in FINAL:
            for name, deadline in case.deadlines.items():
                if name != "archive" and not deadline.outcome:
                    deadline.outcome = "cancelled"

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
                if marking.state not in FINAL and window.starts <= marking.filed <= window.due
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

    # ------------------------------------------------------------ plumbing

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

    def _children(self, case_id: str) -> list[Case]:
        return [case for case in self.cases.values() if case.parent == case_id]

    def _case(self, case_id: str) -> Case:
        if case_id not in self.cases:
            raise Refusal("missing", [case_id])
        return self.cases[case_id]

    def _record(self, no: str) -> Record:
        if no not in self.records:
            raise Refusal("missing", [no])
        return self.records[no]
