"""Random lives of cases, led at once in the system under test and in the naive model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from credit_workflow.engine.values import Record
from credit_workflow.identity import parse_subject
from tests.property.naive import Model
from tests.property.naive_actions import ACTIONS, ALL, LETTER
from tests.property.naive_books import FINAL, Refusal

OTHER = "330102198505151236"
PAPERS = {
    "natural": {"id_card"},
    "legal": {"organisation_code", "authorisation_letter", "agent_id_card"},
}
OWN = {"objection": {"objection_form", "evidence"}, "marking": {"marking_form"}, "revocation": {"revocation_form"}}
#: Days on which everything is interesting: festivals, make-up weekends, the turn of the year.
STARTS = [
    date(2025, 1, 2), date(2025, 1, 20), date(2025, 4, 25), date(2025, 9, 22), date(2025, 12, 15),
    date(2026, 1, 30), date(2026, 2, 10), date(2026, 3, 2), date(2026, 4, 28), date(2026, 6, 1),
]  # fmt: skip


class Difference(AssertionError):
    """Where the two models part."""


def numbers() -> dict[str, str]:
    """Return the ID numbers of the people in these lives, with right check digits."""
    from stdnum.cn import ric, uscc  # noqa: PLC0415

    def natural(stem: str) -> str:
        return stem + ric.calc_check_digit(stem + "0")

    return {
        "adult": natural("33010619900307001"),
        "other": natural("33010219850515123"),
        "youth": natural("33010220090401002"),
        "child": natural("33010220130401002"),
        "firm": "91330100799655058" + uscc.calc_check_digit("91330100799655058"),
        "elsewhere": "91330200MA2000091" + uscc.calc_check_digit("91330200MA2000091"),
    }


class Life:
    """One random life: the same operations in both models, compared after each.

    Args:
        rng: where the choices come from.
        naive: the naive model.
        system: the system under test, with the same interface (`Core`, or one on a database).
        exit_of: gives the exit status of an attempt on the system under test.
    """

    def __init__(self, rng: Random, naive: Model, system: Any, exit_of: Callable[[Any], int]) -> None:
        self.rng, self.naive, self.system, self.exit_of = rng, naive, system, exit_of
        self.day = rng.choice(STARTS)
        self.people = numbers()
        self.cases: list[str] = []
        self.serial = 0
        self.focus = ""
        self.trace: list[str] = []
        for index, owner in enumerate(("adult", "youth", "child", "firm", "adult", "elsewhere")):
            until = date(2026, 3, 20) if index == 4 else date(2028, 12, 31)
            self._record(f"R-{index}", self.people[owner], until)

    def _record(self, no: str, subject: str, until: date) -> None:
        first = date(2020, 1, 1)
        self.naive.add_record(no, subject, first, until, "杭州市城市管理局", "原内容")
        self.system.add_record(
            Record(
                no=no,
                subject=parse_subject(subject),
                provider="杭州市城市管理局",
                open_class="B",
                title="标题",
                content="原内容",
                valid_from=first,
                valid_until=until,
            )
        )

    def run(self, steps: int) -> None:
        for _ in range(steps):
            if self.rng.random() < 0.35:
                self.day += timedelta(days=self.rng.choice([1, 1, 1, 2, 3, 5, 8, 30, 30]))
            if self.day > date(2026, 11, 1):
                return  # what comes after may touch provisional days, which the naive model has not
            kind = self.rng.random()
            if not self.cases or kind < (0.5 if self._ripe() else 0.08):
                self._submit()
            elif kind < 0.2:
                self._sweep()
            else:
                self._act()
            self.compare()

    def _ripe(self) -> bool:
        """Whether the case in focus has come to where another application may follow."""
        return self.focus in self.naive.cases and self.naive.state(self.focus, self.day) in ("collected", "disputed")

    def _sweep(self) -> None:
        self.trace.append(f"{self.day} sweep")
        self.naive.sweep(self.day)
        self.system.sweep(self.day)
        if self.system.sweep(self.day) != 0:
            raise Difference("a second sweep fired again\n" + "\n".join(self.trace))

    def _submit(self) -> None:
        rng = self.rng
        self.serial += 1
        case = f"C-{self.serial:03}"
        workflow, parent, record = "objection", None, f"R-{rng.choice([0, 0, 0, 1, 2, 3, 3, 4, 5, 5, 5])}"
        parents = {"marking": "objection", "revocation": "marking"}
        wanted = rng.choice(["objection", "marking", "marking", "revocation"])
        candidates = [c for c in self.cases if wanted in parents and self.naive.cases[c].workflow == parents[wanted]]
        ripe = [c for c in candidates if self.naive.state(c, self.day) in ("collected", "disputed")]
        if ripe or (candidates and rng.random() < 0.15):
            workflow, parent, record = wanted, rng.choice(ripe or candidates), None
        subject = None if rng.random() < 0.93 else rng.choice(list(self.people.values()))
        fields: dict[str, Any] = {"reason": "理由"} if rng.random() < 0.9 else {}
        of = record or ""
        told = any(known.answered and "missing" in known.fields for known in self.naive.cases.values())
        if workflow == "objection" and rng.random() < (0.6 if told else 0.25):
            fields |= self._missing()
            if rng.random() < 0.97:  # else both are named, or nobody
                of, record, subject = "", None, self.people[rng.choice([*["adult"] * 4, "firm"])]
                of = "R-3" if subject == self.people["firm"] else of
        if workflow == "objection":
            fields |= self._person(of)
        whose = subject or (self._owner(of, parent) if of or parent else "")
        fields |= self._checked(workflow) | self._agent(whose)
        kwargs = {
            "record": record,
            "parent": parent,
            "subject": subject,
            "account": "window1",
            "role": "window" if rng.random() < 0.95 else "center",
            "fields": fields,
            "materials": self._papers(workflow, of, parent) if rng.random() < 0.9 else set(),
        }
        self._both("submit", workflow, case, kwargs)
        if case in self.naive.cases:
            self.cases.append(case)
            self.focus = case if workflow != "objection" else self.focus

    def _missing(self) -> dict[str, Any]:
        """What is missing, of which provider; now and then half of it."""
        said = {
            "missing": self.rng.choice(["荣誉", "荣誉。"]),
            "provider": self.rng.choice([*["市税务局"] * 5, "市公安局"]),
        }
        if self.rng.random() < 0.05:
            said.pop(self.rng.choice(list(said)))
        return said

    def _person(self, record: str) -> dict[str, Any]:
        rng = self.rng
        fields: dict[str, Any] = {}
        if record == "R-1" and rng.random() < 0.7:
            fields["own_income"] = rng.random() < 0.8
        if record in ("R-1", "R-2") and not fields and rng.random() < 0.5:
            fields["guardian"] = "监护人"
        if rng.random() < 0.3:
            fields["good_ground"] = "新证据"
        return fields

    def _owner(self, record: str, parent: str | None) -> str:
        return self.naive.cases[parent].subject if parent else self.naive.records[record].subject

    def _checked(self, workflow: str) -> dict[str, Any]:
        """What is said of identity and residence: mostly that they were checked, sometimes the contrary."""
        names = ["identity_checked", *(["resident"] if workflow == "objection" else [])]
        said = {name: self.rng.random() for name in names}
        return {name: chance < 0.9 for name, chance in said.items() if chance < 0.92}

    def _agent(self, subject: str) -> dict[str, Any]:
        """The agent of a legal person: mostly complete and in force."""
        rng = self.rng
        if subject not in (self.people["firm"], self.people["elsewhere"]) or rng.random() < 0.15:
            return {}
        first = self.day + timedelta(days=rng.choice([-30] * 12 + [0, 1]))
        last = self.day + timedelta(days=rng.choice([300] * 9 + [30, 0, -1]))
        values = dict(zip(LETTER, ("代理人", OTHER, first.isoformat(), last.isoformat()), strict=True))
        if rng.random() < 0.08:
            values.pop(rng.choice(LETTER))
        return values

    def _papers(self, workflow: str, record: str, parent: str | None) -> set[str]:
        if parent:
            of = self.naive.cases[parent].subject
        else:
            of = self.people["firm"] if record == "R-3" else self.people["elsewhere"] if record == "R-5" else ""
        kind = "legal" if of in (self.people["firm"], self.people["elsewhere"]) else "natural"
        papers = PAPERS[kind] | OWN[workflow] if self.rng.random() < 0.6 else {ALL}
        if self.rng.random() < 0.4:
            papers = papers | {"guardianship"} if workflow == "objection" else papers
        if self.rng.random() < 0.1:
            papers = papers - {self.rng.choice(sorted(papers))}
        return papers

    def _act(self) -> None:
        rng = self.rng
        open_ones = [c for c in self.cases if self.naive.state(c, self.day) not in FINAL]
        if self.focus not in open_ones or rng.random() < 0.15:
            self.focus = rng.choice(open_ones or self.cases)  # one case at a time gets far
        case = self.focus if rng.random() < 0.93 else rng.choice(self.cases)
        workflow = self.naive.cases[case].workflow
        state = self.naive.state(case, self.day)
        fitting = [name for name, a in ACTIONS[workflow].items() if state in a.states.split()]
        forward = [name for name in fitting if name not in ("reject", "withdraw", "return", "lapse")]
        action = rng.choice(list(ACTIONS[workflow]))
        if fitting and rng.random() < 0.93:
            action = rng.choice(forward) if forward and rng.random() < 0.93 else rng.choice(fitting)
        if state == "reported" and "missing" in self.naive.cases[case].fields and rng.random() < 0.3:
            action = "return"  # so that what was added is taken out again, and put back
        rule = ACTIONS[workflow][action]
        role = rule.role if rng.random() < 0.97 else rng.choice(["window", "center", "authority", "provider"])
        kwargs = {
            "account": f"{role}{rng.choice([1, 2] * 9 + [9])}" if rng.random() < 0.95 else "same",
            "role": role,
            "fields": self._fields(action, rule.needs.split(), omission="missing" in self.naive.cases[case].fields)
            | self._said(action, workflow, case),
            "materials": self._materials(action, workflow, case),
        }
        self._both("act", case, action, kwargs)
        self.cases += [asked for asked in self.naive.cases if asked not in self.cases]

    def _materials(self, action: str, workflow: str, case: str) -> set[str]:
        if action == "withdraw":
            return {"withdrawal_request"} if self.rng.random() < 0.9 else set()
        if action == "accept" and self.rng.random() < 0.9:
            known = self.naive.cases[case]
            return self._papers(
                workflow, "R-3" if known.subject == self.people["firm"] else known.record, known.parent or None
            )
        return set()

    def _said(self, action: str, workflow: str, case: str) -> dict[str, Any]:
        """What is said of the applicant at the acceptance, and who collects."""
        rng, known = self.rng, self.naive.cases[case]
        if action == "accept" and rng.random() < 0.8:
            return self._checked(workflow) | self._agent(known.subject)
        if action == "collect" and rng.random() < 0.97:
            who = rng.choice(["本人", "本人", "self", "代理人", OTHER, known.subject, "监护人", "路人"])
            return {"collected_by": who} | (self._agent(known.subject) if rng.random() < 0.2 else {})
        return {}

    def _fields(self, action: str, needs: list[str], *, omission: bool) -> dict[str, Any]:
        rng = self.rng
        fields: dict[str, Any] = dict.fromkeys(needs, "说明")
        if action == "request_extension":
            fields["days"] = rng.choice([1, 5, 15, 15, 16, 0])
        if action == "report":
            fields |= self._report(omission=omission)
        if action == "reject" and rng.random() < 0.5:
            fields["ground"] = ["materials"]
        if action == "consult" and rng.random() < 0.4:
            fields["provider"] = "市税务局"
        if action == "receive" and rng.random() < 0.4:
            fields["received_on"] = (self.day - timedelta(days=rng.choice([0, 0, 1, 2, -1]))).isoformat()
        if fields and rng.random() < 0.04:
            fields.pop(rng.choice(sorted(fields)))
        return fields

    def _report(self, *, omission: bool) -> dict[str, Any]:
        rng = self.rng
        choices = ["corrected", "corrected", "removed", "upheld", "upheld", "reassigned"]
        fields: dict[str, Any] = {"outcome": rng.choice(choices)}
        if omission or rng.random() < 0.02:
            fields["outcome"] = rng.choice(["added", "added", "added", "upheld", "corrected"])
        if fields["outcome"] == "added":
            self.serial += 1
            fields["correction"] = {
                "title": "荣誉", "content": f"新增{self.serial}", "open_class": "A",
                "valid_from": "2024-01-01", "valid_until": "2027-12-31",
            }  # fmt: skip
        if fields["outcome"] == "reassigned":
            whose = self.people["adult" if rng.random() < 0.2 else "other"]
            fields |= {"subject_id": whose, "subject_name": "某人"}
        if fields["outcome"] == "corrected":
            self.serial += 1
            fields["correction"] = {"content": f"更正{self.serial}"}
            if rng.random() < 0.3:
                fields["correction"] = {"provider": f"部门{self.serial}"}
        return fields

    def _both(self, verb: str, first: str, second: str, kwargs: dict[str, Any]) -> None:
        self.trace.append(f"{self.day} {verb} {first} {second} {kwargs}")
        copies = {
            k: (dict(v) if isinstance(v, dict) else set(v) if isinstance(v, set) else v) for k, v in kwargs.items()
        }
        try:
            getattr(self.naive, verb)(self.day, first, second, **copies)
            expected = 0
        except Refusal as refusal:
            expected = refusal.exit
            self.trace.append(f"    naive: {refusal}")
        got = self.exit_of(lambda: getattr(self.system, verb)(self.day, first, second, **kwargs))
        if got != expected:
            self._differ(f"exit status {got}, the naive model says {expected}")

    def compare(self) -> None:
        # One copy as of today serves all reads: each read of the naive model makes its own.
        naive = self.naive._view(self.day)
        for case in self.cases:
            state, expected = self.system.now(case, self.day).state, naive.cases[case].state
            if state != expected:
                self._differ(f"{case} is {state}, the naive model says {expected}")
            due = {name: tuple(d.as_of(self.day)) for name, d in naive.cases[case].deadlines.items()}
            self._compare_deadlines(case, due)
        system_marks = self.system.all_marks(self.day)
        for no, record in naive.records.items():
            marks = {mark for at, mark in system_marks if at == no}
            if marks != set(record.marks):
                self._differ(f"{no} has the marks {marks}, the naive model says {record.marks}")
            suspended = any(kind == "processing" for kind, _, _ in record.marks)
            usable = not record.values["removed"] and not suspended
            if self.system.usable(no, self.day) != usable:
                self._differ(f"{no} is usable in one model only")
            kept = self.system.records[no]
            if kept.subject.id != record.subject:
                self._differ(f"{no} is {kept.subject.id}'s, the naive model says {record.subject}'s")
            for name, value in record.values.items():
                if getattr(kept, name) != value:
                    self._differ(f"{no}.{name} is {getattr(kept, name)!r}, the naive model says {value!r}")

    def _compare_deadlines(self, case: str, naive: dict[str, Any]) -> None:
        system = self.system.deadlines(case, self.day)
        system.pop("collection", None)  # the naive model does not tell again of what waits to be collected
        for mine in (system, naive):
            if "retention" in mine:  # a duration has no duty that could be met on a day
                mine["retention"] = (*mine["retention"][:3], None)
        if system != naive:
            self._differ(f"{case} has the deadlines {system}, the naive model says {naive}")

    def _differ(self, what: str) -> None:
        raise Difference(what + "\n" + "\n".join(self.trace))
