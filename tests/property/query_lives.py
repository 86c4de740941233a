"""Random lives of queries and transfer lists, led at once in the engine and in the naive model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from credit_workflow.engine.values import Record
from credit_workflow.identity import parse_subject
from tests.property.core import Core, exit_of
from tests.property.lives import Difference, numbers
from tests.property.naive import Model
from tests.property.naive_actions import ALL
from tests.property.naive_books import Refusal
from tests.property.naive_query import LETTER, QueryModel
from tests.property.naive_query_actions import ACTIONS, FINAL

TITLES = {
    "Q-1": ("B", "欠税"),
    "Q-2": ("A", "荣誉"),
    "Q-3": ("C", "内部核查"),
    "Q-4": ("B", "欠税欠费"),
    "Q-5": ("B", "处罚"),
}
OWNERS = {"Q-1": "adult", "Q-2": "adult", "Q-3": "adult", "Q-4": "other", "Q-5": "firm"}
#: An objection's life to where its record is suspended, and on to where it is marked as disputed.
STEPS = (
    "window:accept window:transfer center:receive center:report:outcome=upheld authority:approve "
    "window:notify:channel=电话 window:collect:collected_by=本人"
)
MARKING = "window:accept window:transfer center:receive center:mark"
PAPERS = {
    "query_form", "id_card", "agent_id_card", "organisation_code", "authorisation_letter", "notarised_authorisation",
    "sealed_authorisation", "queried_id_copy", "queried_organisation_code", "withdrawal_request",
}  # fmt: skip
_LAST = date(2026, 11, 1)  # what comes after may touch provisional days, which the naive model has not


class QueryLife:
    """One random life: the same operations in both models, compared after each."""

    def __init__(self, rng: Random, naive: QueryModel, objections: Model) -> None:
        self.rng, self.naive, self.objections, self.core = rng, naive, objections, Core()
        self.day = rng.choice([date(2026, 1, 5), date(2026, 2, 10), date(2026, 3, 2), date(2026, 4, 28)])
        self.people = numbers()
        self.cases: list[str] = []
        self.waiting: list[tuple[str, str]] = []
        self.serial = 0
        self.focus = ""
        self.trace: list[str] = []
        for no, owner in OWNERS.items():
            self._record(no, self.people[owner], date(2026, 6, 30) if no == "Q-2" else date(2028, 12, 31))

    def _record(self, no: str, subject: str, until: date) -> None:
        open_class, title = TITLES[no]
        first = date(2020, 1, 1)
        self.objections.add_record(no, subject, first, until, "市税务局", "原内容")
        self.naive.kinds[no] = (open_class, title)
        record = Record(
            no=no, subject=parse_subject(subject), provider="市税务局", open_class=open_class, title=title,
            content="原内容", valid_from=first, valid_until=until,
        )  # fmt: skip
        self.core.add_record(record)

    def run(self, steps: int) -> None:
        for _ in range(steps):
            if self.rng.random() < 0.3:
                self.day += timedelta(days=self.rng.choice([1, 1, 2, 3, 8, 20]))
            if self.day > _LAST:
                break
            kind = self.rng.random()
            if kind < 0.2:
                for _ in range(4):  # an objection gets to its mark before the window lapses
                    self._object()
            elif not self.cases or kind < 0.28:
                self._ask()
            elif kind < 0.34:
                self._list()
            else:
                self._act()
            self.compare()
        self._after_years()

    # ------------------------------------------------------------ what both do

    def _both(self, verb: str, first: str, second: str, **kwargs: Any) -> int:
        self.trace.append(f"{self.day} {verb} {first} {second} {kwargs}")
        naive = {k: v for k, v in kwargs.items() if k not in ("record", "parent") and (verb == "act" or k != "account")}
        expected = _exit(lambda: getattr(self.naive, verb)(self.day, first, second, **naive), self.trace)
        got = exit_of(lambda: getattr(self.core, verb)(self.day, first, second, **kwargs))
        if got != expected:
            self._differ(f"exit status {got}, the naive model says {expected}")
        return expected

    def _ask(self) -> None:
        rng, people = self.rng, self.people
        subject = rng.choice(["adult", "adult", "adult", "firm", "firm", "elsewhere", "youth"])
        queried = rng.choice([None, None, None, "adult", "other", "other", "firm"])
        fields: dict[str, Any] = {"purpose": rng.choice(["贷款", "租房"])}
        if queried:
            fields["queried"] = people[queried]
        if rng.random() < 0.2:
            fields["channel"] = "site"
        if rng.random() < 0.3:
            fields["classes"] = rng.choice([["A"], ["B"], ["A", "B"], ["B", "C"]])
        if rng.random() < 0.3:
            fields["content"] = rng.choice([["欠税"], ["荣誉"], ["欠税", "荣誉"], ["没有"], ["全部"]])
        if rng.random() < 0.3:
            fields["matters"] = rng.choice([["query"], ["paper", "query"]])
        fields |= {"by_post": True} if rng.random() < 0.02 else {}
        fields |= self._checked()
        if rng.random() < 0.7:
            fields["own_income"] = True
        fields |= self._letters(people[subject])
        if rng.random() < 0.04:
            fields.pop("purpose")
        if rng.random() < 0.03:
            fields["queried"] = "330106199003070015"
        self.serial += 1
        case = f"C-{self.serial:03}"
        role = "window" if rng.random() < 0.96 else "center"
        who = people[subject] if rng.random() < 0.97 else None
        self._submitted("query", case, subject=who, role=role, fields=fields, materials=self._papers())

    def _checked(self) -> dict[str, Any]:
        """What is said of identity and residence: mostly that they were checked, sometimes the contrary."""
        said = {name: self.rng.random() for name in ("identity_checked", "resident")}
        return {name: chance < 0.78 for name, chance in said.items() if chance < 0.8}

    def _letters(self, subject: str) -> dict[str, Any]:
        rng = self.rng
        fields: dict[str, Any] = {}
        for letter in ("agent", "authorised"):
            if rng.random() < 0.06:
                continue
            first = self.day + timedelta(days=rng.choice([-30] * 12 + [0, 1]))
            last = self.day + timedelta(days=rng.choice([300] * 12 + [5, 0, -1]))
            values: dict[str, Any] = {
                "id": subject if rng.random() < 0.97 else self.people["child"],
                "name": "某某",
                "matters": rng.choice([["paper", "query"]] * 6 + [["query"], ["paper"]]),
                "from": first.isoformat(),
                "until": last.isoformat(),
                "content": rng.choice([["全部"]] * 6 + [["欠税"], ["欠税", "荣誉", "没有"]]),
                "purpose": rng.choice([["贷款", "租房"]] * 6 + [["贷款"]]),
            }
            fields |= {f"{letter}_{name}": values[name] for name in LETTER}
            if rng.random() < 0.03:
                fields.pop(f"{letter}_{rng.choice(LETTER)}")
        return fields

    def _papers(self) -> set[str]:
        papers = set(PAPERS) if self.rng.random() < 0.7 else {ALL}
        if self.rng.random() < 0.08:
            papers.discard(self.rng.choice(sorted(papers)))
        if self.rng.random() < 0.1:
            papers = papers - {"id_card"} | {"citizen_card"}
        return papers if self.rng.random() < 0.95 else set()

    def _list(self) -> None:
        rng = self.rng
        filed = [
            c for c in self.cases if "archive" in self.naive.papers[c].done_by and self.naive.papers[c].kind == "query"
        ]
        chosen = rng.sample(filed, min(len(filed), rng.choice([1, 2, 3])))
        if rng.random() < 0.15:
            chosen.append(rng.choice([*self.cases, "C-999"]))
        self.serial += 1
        case = f"C-{self.serial:03}"
        fields: dict[str, Any] = (
            {"keeper": "保管人", "cases": chosen} if chosen else {"keeper": "保管人", "cases": ["C-998"]}
        )
        role = "window" if rng.random() < 0.96 else "center"
        self._submitted("archive", case, subject=None, role=role, fields=fields, materials=set())

    def _submitted(self, workflow: str, case: str, **kwargs: Any) -> None:
        if self._both("submit", workflow, case, record=None, parent=None, account="window1", **kwargs) == 0:
            self.cases.append(case)

    def _act(self) -> None:
        rng = self.rng
        if self.focus not in self.cases or self.naive.papers[self.focus].state in FINAL or rng.random() < 0.15:
            self.focus = rng.choice(self.cases[-6:])  # one case at a time gets far
        case = self.focus if rng.random() < 0.9 else rng.choice(self.cases)
        paper = self.naive.papers[case]
        known = ACTIONS[paper.kind]
        fitting = [name for name, a in known.items() if paper.state in a.states.split()]
        aside = ("reject", "withdraw", "refuse", "return", "report_misconduct", "defer", "clarify")
        forward = [name for name in fitting if name not in aside]
        action = rng.choice(forward if forward and rng.random() < 0.88 else fitting or list(known))
        if rng.random() < 0.05:
            action = rng.choice(list(known))
        rule = known[action]
        role = rule.role if rng.random() < 0.97 else rng.choice(["window", "center", "authority"])
        fields: dict[str, Any] = {**dict.fromkeys(rule.needs.split(), "说明"), **self._values(action, paper.fields)}
        if fields and rng.random() < 0.04:
            fields.pop(rng.choice(sorted(fields)))
        materials = {"withdrawal_request"} if action == "withdraw" and rng.random() < 0.9 else set()
        if action == "accept":
            materials = self._papers() - {"withdrawal_request"}
            fields |= self._checked()
        account = f"{role}{rng.choice([1, 2])}" if rng.random() < 0.95 else "same"
        self._both("act", case, action, account=account, role=role, fields=fields, materials=materials)

    def _values(self, action: str, known: dict[str, Any]) -> dict[str, Any]:
        rng = self.rng
        if action == "request_extension":
            return {"days": rng.choice([1, 5, 15, 15, 16, 0])}
        if action == "amend":
            return rng.choice([{"content": ["欠税"]}, {"purpose": "贷款"}, {"classes": ["A", "B"]}, {}])
        if action == "confirm":
            return {"counted": len(known["cases"]) + rng.choice([0, 0, 0, 1])}
        if action == "verify_misconduct":
            return {"until": (self.day + timedelta(days=rng.choice([365, 0, -1]))).isoformat()}
        if action == "report_misconduct":
            values = {"misconduct": rng.choice(["forged", "altered", "misused"])}
            return values | ({"misconduct_by": self.people["other"]} if rng.random() < 0.5 else {})
        chosen = {"reject": ["materials"], "refuse": ["outside"]}
        return {"ground": chosen[action]} if action in chosen and rng.random() < 0.5 else {}

    # ------------------------------------------------------------ the marks come from objections

    def _object(self) -> None:
        """Lead an objection a step further in both models; all of these steps are right ones."""
        if not self.waiting:
            self.serial += 1
            case, record = f"O-{self.serial:03}", self.rng.choice(["Q-1", "Q-1", "Q-4"])
            papers = {ALL}
            self._same(
                "submit",
                "objection",
                case,
                record=record,
                fields={"reason": "有误", "good_ground": "新证据"},
                materials=papers,
            )
            self.waiting = [(case, step) for step in STEPS.split()]
            self.waiting.append((case, "file"))
            return
        case, step = self.waiting.pop(0)
        if step == "file":
            self.serial += 1
            marking = f"M-{self.serial:03}"
            papers = {ALL}
            if (
                self._same("submit", "marking", marking, parent=case, fields={"reason": "仍有异议"}, materials=papers)
                == 0
            ):
                self.waiting = [(marking, next_step) for next_step in MARKING.split()]
            return
        role, action, *values = step.split(":")
        fields = dict(v.split("=") for v in values)
        account = f"{role}{2 if action == 'approve' else 1}"
        if self._same("act", case, action, account=account, role=role, fields=fields, materials=set()) != 0:
            self.waiting = []  # a window that lapsed, for instance: the next objection begins

    def _same(self, verb: str, first: str, second: str, **kwargs: Any) -> int:
        self.trace.append(f"{self.day} {verb} {first} {second}")
        if verb == "submit":
            kwargs = {"record": None, "parent": None, "subject": None, "account": "window1", "role": "window", **kwargs}
        expected = _exit(lambda: getattr(self.objections, verb)(self.day, first, second, **kwargs), self.trace)
        got = exit_of(lambda: getattr(self.core, verb)(self.day, first, second, **kwargs))
        if got != expected:
            self._differ(f"the objection: exit status {got}, the naive model says {expected}")
        return expected

    # ------------------------------------------------------------ five years on

    def _after_years(self) -> None:
        held = [
            c for c in self.cases if self.naive.papers[c].kind == "archive" and self.naive.papers[c].state == "held"
        ]
        for case in sorted(held, key=lambda c: self.naive.papers[c].deadlines["archive_retention"].due):
            due = self.naive.papers[case].deadlines["archive_retention"].due
            for day in (due, due + timedelta(days=1)):
                self.day = max(self.day, day)  # two that are due on one day: the other's last day has passed already
                self.naive.view(self.day)
                self._compare_case(case)
            for role, action, fields in (
                ("center", "request_disposal", {"reason": "期满"}),
                ("center", "dispose", {"method": "粉碎", "witness": "某某"}),
                ("authority", "approve_disposal", {}),
                ("center", "dispose", {"method": "粉碎", "witness": "某某"}),
            ):
                account = self.rng.choice([f"{role}1", f"{role}2"])
                self._both("act", case, action, account=account, role=role, fields=fields, materials=set())
                self._compare_case(case)

    # ------------------------------------------------------------ comparing

    def compare(self) -> None:
        self.naive.view(self.day)
        for case in self.cases:
            self._compare_case(case)
        made = {no: record.subject.id for no, record in self.core.records.items() if no not in TITLES}
        if made != self.naive.made:
            self._differ(f"the records made are {made}, the naive model says {self.naive.made}")

    def _compare_case(self, case: str) -> None:
        paper, now = self.naive.papers[case], self.core.now(case, self.day)
        if now.state != paper.state:
            self._differ(f"{case} is {now.state}, the naive model says {paper.state}")
        system = self.core.deadlines(case, self.day)
        system.pop("hand_over", None)  # a target of [practice], which RULES §3 does not list
        naive: dict[str, Any] = {name: tuple(due) for name, due in self.naive.deadlines(case, self.day).items()}
        for mine in (system, naive):
            if "archive_retention" in mine:  # a duration has no duty that could be met on a day
                mine["archive_retention"] = (*mine["archive_retention"][:3], None)
        if system != naive:
            self._differ(f"{case} has the deadlines {system}, the naive model says {naive}")
        if paper.found is not None and _rows(now.fields["found"]) != paper.found:
            self._differ(f"{case} found {now.fields['found']}, the naive model says {paper.found}")

    def _differ(self, what: str) -> None:
        raise Difference(what + "\n" + "\n".join(self.trace))


def _rows(found: list[dict[str, Any]]) -> set[tuple[str, bool, frozenset[tuple[str, date | None]]]]:
    return {
        (
            row["record"],
            row["shown"],
            frozenset((m["kind"], date.fromisoformat(m["last_day"]) if m["last_day"] else None) for m in row["marks"]),
        )
        for row in found
    }


def _exit(attempt: Callable[[], Any], trace: list[str]) -> int:
    try:
        attempt()
    except Refusal as refusal:
        trace.append(f"    naive: {refusal}")
        return refusal.exit
    return 0
