"""What the naive model keeps: records, cases and deadlines in dictionaries, and how it counts days, one by one."""

from collections.abc import Callable, Iterable
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
    "resumed_early",  # verification goes on with the first of several answers
    "foreign_answer",  # people of any provider answer what another one was asked
    "foreign_window",  # people of any window act on the cases of another one
    "missing_by_its_letters",  # what is missing is the same only where it is written the same
    "nothing_marked",  # where nothing was added a marking is accepted all the same
    "added_stays",  # another outcome leaves in place the record that the first one had added
    "still_the_first_ones",  # a record that is given to another person stays its first subject's
    "removed_heard",  # a record that was removed is objected to, and marked, as any other
    "identity_presumed",  # nobody need say that identity and residence were checked
    "elsewhere_presumed",  # who says that all was seen says it of a firm of another place, too
    "agent_not_asked",  # a legal person's agent need not be on record
    "anybody_collects",  # the report is handed to whoever comes
]

EXIT = {"missing": 4, "role": 6, "state": 3, "value": 2, "rule": 3}
FINAL = {"rejected", "withdrawn", "closed", "expired", "revoked", "lapsed", "answered", "recalled", "ended"}
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


def cancel(deadlines: dict[str, Deadline]) -> None:
    """What a final state does: what still runs ends, overdue or not; archiving remains to be done."""
    for name, deadline in deadlines.items():
        if name != "archive" and not deadline.outcome:
            deadline.outcome = "cancelled"


@dataclass
class Record:
    subject: str
    values: dict[str, Any]
    marks: set[tuple[str, str, date | None]] = field(default_factory=set)


@dataclass
class Case:
    workflow: str
    number: int  # the operation that filed it: tells earlier from later on one day
    filed: date
    record: str  # "" of an omission, until one is added
    parent: str
    subject: str
    fields: dict[str, Any] = field(default_factory=dict)
    materials: set[str] = field(default_factory=set)
    state: str = "submitted"
    unit: str = ""  # whose people act on it, where a role is bound to its unit
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    accepted: bool = False
    transferred: date | None = None
    drafter: str = ""
    applied: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # field → (before, written)
    answered: dict[str, Any] = field(default_factory=dict)  # what the record said when its applicant was notified
    asker: str = ""  # of the extension that waits for a decision
    asked_days: int = 0
    granted: bool = False


class Books:
    """Records and cases, and the periods that run on them."""

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

    # ------------------------------------------------------------ entries

    def _lift(self, case_id: str, kind: str) -> None:
        if not self.cases[case_id].record:
            return
        record = self.records[self.cases[case_id].record]
        record.marks = {mark for mark in record.marks if (mark[0], mark[1]) != (kind, case_id)}

    @staticmethod
    def _start(case: Case, name: str, starts: date, due: date) -> None:
        case.deadlines[name] = Deadline(starts, due, due)

    @staticmethod
    def _enter(case: Case, state: str) -> None:
        case.state = state
        if state in FINAL:
            cancel(case.deadlines)

    def _children(self, case_id: str) -> list[Case]:
        return [case for case in self.cases.values() if case.parent == case_id]

    def _asked(self, case_id: str) -> list[Case]:
        """The consultations below an objection that wait for an answer."""
        return [case for case in self._children(case_id) if case.state == "asked"]

    def _case(self, case_id: str) -> Case:
        if case_id not in self.cases:
            raise Refusal("missing", [case_id])
        return self.cases[case_id]

    def _record(self, no: str) -> Record:
        if no not in self.records:
            raise Refusal("missing", [no])
        return self.records[no]
