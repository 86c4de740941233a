"""The naive model of the statute, which also keeps what happened: the soak's own books.

They are made of the naive model's steps alone. What the program says is compared with them, never taken from it.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from tests.property.naive import Model
from tests.property.naive_books import FINAL, Case, Refusal
from tests.property.naive_query import Paper, QueryModel
from tests.property.naive_query_actions import FINAL as ANSWERED

DAY = timedelta(days=1)
#: What the system is said to have done when a case comes into a state by itself.
BY_ITSELF = {
    "disputed": "dispute", "expired": "expire", "revoked": "revoke", "closed": "close", "lapsed": "lapse",
    "asked": "ask", "answered": "respond", "ended": "end", "verifying": "resume",
}  # fmt: skip
#: RULES §4 to §7: whom an action writes to. The end of a mark and a duty that becomes overdue write, too.
WRITES_TO: dict[tuple[str, str], str] = {
    ("objection", "accept"): "applicant",
    ("objection", "reject"): "applicant",
    ("consultation", "ask"): "provider",
    ("consultation", "recall"): "provider",
    ("consultation", "end"): "provider",
    ("objection", "approve"): "window",
    ("objection", "notify"): "applicant",
    ("objection", "grant_extension"): "applicant",
    ("marking", "accept"): "applicant",
    ("marking", "reject"): "applicant",
    ("marking", "mark"): "applicant",
    ("marking", "lapse"): "applicant",
    ("revocation", "accept"): "applicant",
    ("revocation", "reject"): "applicant",
    ("revocation", "revoke"): "applicant",
    **{("query", action): "applicant" for action in ("accept", "reject", "answer", "refuse", "not_found", "clarify", "grant_extension")},
}  # fmt: skip
#: Rights and durations: nobody owes them.
NO_DUTY = {"dispute_window", "retention"}
#: RULES §3: a report is to be collected within 15 working days, a target.
TARGET, TARGET_DAYS = "collection", 15
#: The targets of RULES §3, and those of them of which nobody but a list tells.
TARGETS = {TARGET, "handing_over", "receipt", "finding"}
LISTED = TARGETS - {"finding"}
WINDOW = "服务窗口"
#: How far a digest looks ahead, in working days.
AHEAD = 3


class Counted(NamedTuple):
    """A deadline as the naive statistics read it."""

    starts: date
    due: date
    original_due: date
    met: date | None
    status: str


class Change(NamedTuple):
    fields: Mapping[str, Any]
    deadlines: Mapping[str, Counted]


class Line(NamedTuple):
    """One step of a case."""

    effective: date
    action: str
    before: str | None
    after: str
    change: Change


class Filed(NamedTuple):
    workflow: str
    opened: date
    fields: Mapping[str, Any]
    unit: str = WINDOW


class LookUp(NamedTuple):
    """One look at somebody's data, or one that was refused: who, when, what came of it, which records were seen."""

    day: str
    account: str
    outcome: str
    records: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


class Chronicle(Model):
    """The naive models of objections and of queries, with a log, notices and look-ups of its own.

    Args:
        is_working: which days are working days.
    """

    def __init__(self, is_working: Callable[[date], bool]) -> None:
        super().__init__(is_working)
        self.log: dict[str, list[Line]] = {}
        self.notices: Counter[tuple[str, str]] = Counter()
        self.looked_up: Counter[LookUp] = Counter()
        self.queries = QueryModel(self)
        self.extension: dict[str, str] = {}
        self.collection: dict[str, Counted] = {}
        self.flagged: set[tuple[str, str]] = set()
        self.ended: Counter[str] = Counter()

    # ------------------------------------------------------------ steps, and what is noted of them

    def submit(self, day: date, workflow: str, case_id: str, **given: Any) -> str:
        self._begin(day)
        states = self._states()
        answer = super().submit(day, workflow, case_id, **given)
        self._note(day, case_id, "submit", states, {})
        return answer

    def act(self, day: date, case_id: str, action: str, **given: Any) -> str:
        self._begin(day)
        states = self._states()
        answer = super().act(day, case_id, action, **given)
        case = self.cases[case_id]
        fields = {"provider": given["fields"].get("provider") or self.records[case.record].values["provider"]}
        self._note(day, case_id, action, states, fields if action == "consult" else {})
        self._practice(day, case_id, action)
        if (case.workflow, action) in WRITES_TO:
            self.notices[case.workflow, WRITES_TO[case.workflow, action]] += 1
        if action == "approve" and case.fields["outcome"] != "upheld":  # RULES §12: what was corrected of theirs
            self.notices["objection", "provider"] += 1
        return answer

    def ask(self, day: date, number: str, **given: Any) -> None:
        """File a query."""
        self._begin(day)
        fields = {"channel": "window", **given.pop("fields")}
        who = given.pop("account")
        try:
            self.queries.submit(day, "query", number, fields=fields, **given)
        except Refusal as refusal:
            self._look(day, who, refusal=refusal)
            raise
        self._note_query(day, number, "submit", None)
        self._look(day, who, number)

    def handle(self, day: date, number: str, action: str, **given: Any) -> None:
        """Take a step of a query."""
        self._begin(day)
        before = self.queries.papers[number].state
        try:
            self.queries.act(day, number, action, **given)
        except Refusal as refusal:
            self._look(day, given["account"], refusal=refusal)
            raise
        self._note_query(day, number, action, before)
        paper = self.queries.papers[number]
        if (paper.state != before and paper.state in ANSWERED) or action == "print":
            self._look(day, given["account"], number)
        if action.endswith("_misconduct"):
            said = {"report": "reported", "verify": "verified", "dismiss": "dismissed"}
            paper.fields["misconduct_standing"] = said[action.removesuffix("_misconduct")]
            paper.fields["misconduct"] = given["fields"].get("misconduct", paper.fields.get("misconduct"))
        if action == "verify_misconduct":
            until = date.fromisoformat(given["fields"]["until"])
            record = f"SX-{number}"
            self.add_record(record, self.queries.made[record], day, until, "市信用中心", "失信")
            self.queries.kinds[record] = ("B", "失信信息")

    def _note_query(self, day: date, number: str, action: str, before: str | None) -> None:
        paper = self.queries.papers[number]
        self.log.setdefault(number, []).append(Line(day, action, before, paper.state, Change({}, {})))
        if ("query", action) in WRITES_TO:
            self.notices["query", WRITES_TO["query", action]] += 1

    def _look(self, day: date, account: str, number: str = "", *, refusal: Refusal | None = None) -> None:
        """Note a look-up (RULES §7), or a refused one; what is not well said is none yet."""
        if refusal is not None:
            self.looked_up[LookUp(str(day), account, "refused")] += refusal.kind != "value"
            return
        paper = self.queries.papers[number]
        answered = paper.found if self.log[number][-1].action in ("answer", "not_found", "print") else None
        seen = sorted((no, shown) for no, shown, _ in answered or ())
        records = (tuple(no for no, shown in seen if shown), tuple(no for no, shown in seen if not shown))
        self.looked_up[LookUp(str(day), account, paper.state, records)] += 1

    def look(self, day: date, account: str, record: str) -> None:
        """Note that somebody looked at one record."""
        self.looked_up[LookUp(str(day), account, "shown", ((record,), ()))] += 1

    def _settle(self, day: date) -> None:
        for effective in sorted({effective for effective, _ in self._due_by_date(day)}):
            due = {case_id for at, case_id in self._due_by_date(day) if at == effective}
            self.ended.update("expire" if self.cases[case_id].workflow == "marking" else "close" for case_id in due)
            states = self._states()
            super()._settle(effective)
            self._note(effective, "", "", states, {})
        super()._settle(day)  # nothing, unless the steps above led to more

    def _view(self, day: date) -> Chronicle:
        """This model as of a day: what it would note is noted in the copy alone."""
        if not self._due_by_date(day):
            return self
        view = copy.deepcopy(self)
        view._settle(day)
        return view

    def _states(self) -> dict[str, str]:
        return {number: case.state for number, case in self.cases.items()}

    def _note(self, day: date, acted: str, action: str, before: Mapping[str, str], fields: Mapping[str, Any]) -> None:
        for number, case in self.cases.items():
            if number == acted:
                line = Line(day, action, before.get(number), case.state, Change(fields, {}))
            elif before.get(number) != case.state:
                line = Line(day, BY_ITSELF[case.state], before.get(number), case.state, Change({}, {}))
                if (case.workflow, line.action) in WRITES_TO:
                    self.notices[case.workflow, WRITES_TO[case.workflow, line.action]] += 1
                if case.state == "expired" and case.workflow == "marking":
                    self.notices["marking", "applicant"] += 1
            else:
                continue
            self.log.setdefault(number, []).append(line)

    @staticmethod
    def _called(day: date, serial: int) -> str:
        return f"CON-{day.year}-{serial:06}"

    def _practice(self, day: date, case_id: str, action: str) -> None:
        """What [practice] adds: the target for collecting a report, and how an extension stands."""
        if action == "notify":
            due = self.working_days_after(day, TARGET_DAYS)
            self.collection[case_id] = Counted(day, due, due, None, "running")
        if action == "collect":
            target = self.collection[case_id]
            status = "met" if day <= target.due else "met_late"
            self.collection[case_id] = target._replace(met=day, status=status)
        if action.endswith("_extension"):
            said = {"request": "asked", "grant": "granted", "deny": "denied"}
            self.extension[case_id] = said[action.removesuffix("_extension")]

    # ------------------------------------------------------------ what it says

    def numbers(self) -> set[str]:
        """Every case, of whatever kind."""
        return {*self.cases, *self.queries.papers}

    def one(self, number: str) -> Case | Paper:
        """One case, of whatever kind."""
        return self.cases[number] if number in self.cases else self.queries.papers[number]

    def all_deadlines(self, case_id: str, day: date) -> dict[str, Counted]:
        """Every deadline of a case as of a day, the target of [practice] included."""
        found = {}
        for name, deadline in self.one(case_id).deadlines.items():
            status, due, original, met = deadline.as_of(day)
            found[name] = Counted(deadline.starts, due, original, met, status)
        if case_id in self.collection:
            target = self.collection[case_id]
            late = target.met is None and day > target.due
            found[TARGET] = target._replace(status="overdue" if late else target.status)
        return found

    def owed(self, day: date) -> dict[tuple[str, str], Counted]:
        """The duties that are still to be met, by case and deadline."""
        return {
            (number, name): deadline
            for number in self.numbers()
            for name, deadline in self.all_deadlines(number, day).items()
            if name not in NO_DUTY and deadline.status in ("running", "overdue")
        }

    def night(self, day: date) -> Counter[str]:
        """Sweep, and return what time has brought about since the night before: how often, by action.

        What ended by day (a window that ran again to a day gone by) the program may have written down by day.
        """
        self.sweep(day)
        late = {key for key, d in self.owed(day).items() if day > d.due and key[1] not in LISTED} - self.flagged
        self.flagged |= late
        for number, _ in late:
            self.notices[self.workflow(number), "supervisor"] += 1
        fired, self.ended = +(self.ended + Counter(overdue=len(late))), Counter()
        return fired

    def digests(self, day: date) -> int:
        """How many digests go out on a morning: one to each unit of which something is overdue, or due soon."""
        last = self.working_days_after(day, AHEAD)
        units = {self.unit(number) for (number, _), d in self.owed(day).items() if d.due <= last}
        return len(units) if self.is_working(day) else 0

    def unit(self, number: str) -> str:
        """Whose a case is: a consultation that of the unit asked, all else the window's."""
        asked = number in self.cases and self.cases[number].workflow == "consultation"
        return self.cases[number].unit if asked else WINDOW

    def last(self, number: str, action: str) -> date:
        """The day on which an action was last taken on a case."""
        return max(line.effective for line in self.log[number] if line.action == action)

    def open_cases(self) -> set[str]:
        """The cases that have not ended."""
        return {number for number in self.numbers() if self.one(number).state not in FINAL | ANSWERED}

    def workflow(self, number: str) -> str:
        """The kind of a case."""
        return self.cases[number].workflow if number in self.cases else self.queries.papers[number].kind

    def books(self, day: date) -> Books:
        """What the naive statistics count, as of a day."""
        return Books(self, day)


class Books:
    """Cases and log in the shape that the naive statistics read."""

    def __init__(self, model: Chronicle, day: date) -> None:
        self.is_working = model.is_working
        self.cases = {number: self._filed(model, number, case) for number, case in model.cases.items()}
        self.cases |= {number: self._asked(paper) for number, paper in model.queries.papers.items()}
        self.log = {
            number: [*lines[:-1], lines[-1]._replace(change=Change(lines[-1].change.fields, model.all_deadlines(number, day)))]
            for number, lines in model.log.items()
        }  # fmt: skip

    @staticmethod
    def _filed(model: Chronicle, number: str, case: Case) -> Filed:
        fields = {"outcome": case.fields.get("outcome"), "extension": model.extension.get(number)}
        return Filed(case.workflow, case.filed, fields, model.unit(number))

    @staticmethod
    def _asked(paper: Paper) -> Filed:
        fields = {"extension": paper.extension or None}
        for name in ("channel", "misconduct", "misconduct_standing"):
            fields[name] = paper.fields.get(name)
        return Filed(paper.kind, paper.filed, fields)
