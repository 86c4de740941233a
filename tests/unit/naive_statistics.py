"""Random histories of cases, and their statistics counted a second time, as naively as can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import chinese_calendar

from credit_workflow.casework.statistics.case_lines import CaseLine, Step
from credit_workflow.engine.values import Case, Deadline, Record
from credit_workflow.identity import parse_subject
from tests.property.core import Core, exit_of
from tests.property.lives import numbers

PERSON = numbers()["adult"]
FORMS = {"objection": {"objection_form", "evidence"}, "marking": {"marking_form"}, "revocation": {"revocation_form"}}
UNITS = (None, "窗口一", "窗口二")
PROVIDERS = ("杭州市城市管理局", "市税务局")
#: What may come next in an objection or its followers, with what it needs; the more forward, the more often.
STEPS: dict[str, list[str]] = {
    "submitted": [*["accept"] * 6, "reject", "withdraw"],
    "accepted": [*["transfer"] * 4, "archive", "request_extension", "withdraw"],
    "transferred": ["receive", "receive", "archive", "grant_extension"],
    "verifying": ["consult", "report", "report", "archive", "withdraw", "request_extension"],
    "consulting": ["respond", "respond", "respond", "consult", "report", "grant_extension", "withdraw"],
    "asked": ["respond", "respond", "recall"],
    "reported": ["approve", "approve", "return"],
    "approved": ["notify", "archive"],
    "notified": ["collect", "archive"],
    "received": ["mark", "revoke", "mark", "archive"],
}
ROLES = {
    "window": "submit accept reject transfer notify collect withdraw archive",
    "center": "receive consult recall report request_extension mark revoke",
    "authority": "approve return grant_extension",
    "provider": "respond",
}
ROLE = {action: role for role, actions in ROLES.items() for action in actions.split()}
FIELDS: dict[str, dict[str, Any]] = {
    "submit": {"reason": "有误"},
    "reject": {"grounds": "材料不齐", "ground": "materials"},
    "consult": {"question": "请核查"},
    "respond": {"finding": "属实"},
    "recall": {"reason": "不再需要"},
    "return": {"reason": "再核"},
    "notify": {"channel": "电话"},
    "collect": {"collected_by": "本人"},
    "request_extension": {"days": 7, "reason": "复杂"},
}


@cache
def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def history(rng: Random) -> tuple[Core, date]:
    """Lead a few cases through random steps on random days; return them with the day after which nothing happened."""
    core, day, focus = Core(), date(2025, rng.randint(1, 9), rng.randint(1, 28)), ""
    for n in range(4):
        record = Record(
            no=f"R-{n}", subject=parse_subject(PERSON), provider=PROVIDERS[n % 2], open_class="B", title="标题",
            content="内容", valid_from=date(2020, 1, 1), valid_until=date(2030, 1, 1),
        )  # fmt: skip
        core.add_record(record)
    for _ in range(rng.randint(0, 120)):
        day += timedelta(days=rng.choice([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 14]))
        if rng.random() < 0.08 or not core.cases:
            focus = start(core, rng, day, "objection", None)
        elif rng.random() < 0.12:
            core.sweep(day)
        else:
            if rng.random() < 0.25:
                focus = rng.choice(list(core.cases))  # one case at a time gets far
            case = core.cases.get(focus) or rng.choice(list(core.cases.values()))
            state = core.now(case.number, day).state
            follower = {"collected": "marking", "disputed": "revocation"}.get(state)
            if follower and {"marking": "objection", "revocation": "marking"}[follower] == case.workflow:
                focus = start(core, rng, day, follower, case.number)
            elif state in STEPS:
                step(core, rng, day, case.number, rng.choice(STEPS[state]))
    return core, day


def start(core: Core, rng: Random, day: date, workflow: str, parent: str | None) -> str:
    number = f"C-{len(core.cases) + 1:03}"
    exit_of(
        lambda: core.submit(
            day, workflow, number, record=None if parent else f"R-{rng.randrange(4)}",
            parent=parent, subject=None, account="window1", role="window", fields=dict(FIELDS["submit"]),
            materials={"id_card", *FORMS[workflow]},
        )
    )  # fmt: skip
    return number


def step(core: Core, rng: Random, day: date, case: str, action: str) -> None:
    fields = dict(FIELDS.get(action, {}))
    if action == "accept":
        fields["identity_checked"] = True
        if core.cases[case].workflow == "objection":
            fields |= {"good_ground": "新证据", "resident": True}
    if action == "consult" and rng.random() < 0.3:
        fields["provider"] = "市公安局"
    if action == "report":
        fields["outcome"] = rng.choice(["upheld", "removed", "upheld"])
    role, papers = ROLE[action], {"withdrawal_request"} if action == "withdraw" else set[str]()
    account = f"{role}{rng.choice([1, 2])}" if role == "provider" else f"{role}1"
    exit_of(lambda: core.act(day, case, action, account=account, role=role, fields=fields, materials=papers))


def unit_of(case: Case) -> str | None:
    """A window's, a different one for each; a consultation's is the one asked."""
    return case.unit if case.workflow == "consultation" else UNITS[int(case.number[2:]) % len(UNITS)]


def lines(core: Core) -> list[CaseLine]:
    """The cases as the store hands them over."""
    found = []
    for number, case in core.cases.items():
        steps = tuple(
            Step(seq=seq, day=e.effective, action=e.action, before=e.before, after=e.after, change=e.change)
            for seq, e in enumerate(core.log[number], 1)
            if e.before != e.after
        )
        found.append(
            CaseLine(
                number=number, workflow=case.workflow, definition=case.definition, unit=unit_of(case),
                opened=case.opened, final=case.final, fields=case.fields, done=case.done,
                deadlines=tuple(case.deadlines.values()), steps=steps,
            )
        )  # fmt: skip
    return found


class Naive:
    """The same figures counted by hand: from whole logs, day by day, with another calendar and no shared code."""

    final = frozenset(
        {"expired", "revoked", "closed", "rejected", "withdrawn", "lapsed", "answered", "recalled", "ended"}
    )
    #: The actions that can set a field with choices.
    setters: Mapping[str, set[str]] = {
        "outcome": {"report"}, "extension": {"request_extension", "grant_extension", "deny_extension"},
    }  # fmt: skip

    def __init__(self, core: Core, first: date | None, last: date, today: date) -> None:
        self.core, self.first, self.last, self.today = core, first, min(last, today), today

    def unit(self, number: str) -> str:
        return unit_of(self.core.cases[number]) or ""

    def within(self, day: date | None) -> bool:
        return day is not None and (self.first is None or day >= self.first) and day <= self.last

    def days(self, a: date, b: date) -> int:
        return sum(works(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))

    def percentile(self, values: list[int], share: float) -> int:
        return next(v for v in sorted(values) if sum(w <= v for w in values) >= share * len(values) - 1e-9)

    def spread(self, values: list[int]) -> dict[str, int | None]:
        if not values:
            return {"median": None, "p90": None, "longest": None}
        return {"median": self.percentile(values, 0.5), "p90": self.percentile(values, 0.9), "longest": max(values)}

    def path(self, number: str) -> list[tuple[date, str, str]]:
        return [(e.effective, e.action, e.after) for e in self.core.log[number] if e.before != e.after]

    def closed(self, number: str) -> date | None:
        return next((day for day, _, state in self.path(number) if state in self.final), None)

    def deadlines(self, number: str) -> dict[str, Deadline]:
        found: dict[str, Deadline] = {}
        for entry in self.core.log[number]:
            found.update(entry.change.deadlines)
        return found

    def duty(self, number: str, d: Deadline) -> str | None:
        """What a duty counts as: in time, late, overdue, running, or nothing."""
        if d.starts > self.last:
            return None
        ended = d.met if d.met is not None else self.closed(number) if d.status == "cancelled" else None
        if ended is not None and ended <= self.last:
            if d.met is None or not self.within(d.met):
                return None
            return "in_time" if d.met <= d.due else "late"
        # overdue begins at midnight after the last day
        midnight = self.last + timedelta(days=1) if self.last < self.today else self.today
        return "overdue" if midnight >= d.due + timedelta(days=1) else "running"

    def duties(self, kind: str) -> dict[tuple[str, str, str], dict[str, Any]]:
        groups: dict[tuple[str, str, str], dict[str, Any]] = {}
        for number, name, d in self.owed(kind):
            standing = self.duty(number, d)
            if standing in (None, "running"):
                continue
            key = (self.core.cases[number].workflow, self.unit(number), name)
            row = groups.setdefault(key, {"in_time": 0, "late": 0, "overdue": 0, "days": []})
            row[str(standing)] += 1
            if d.met is not None and standing != "overdue":
                row["days"].append(self.days(d.starts, d.met))
        return groups

    def owed(self, kind: str) -> list[tuple[str, str, Deadline]]:
        rights = {"dispute_window", "retention"}
        return [
            (number, name, d)
            for number in self.core.cases
            for name, d in self.deadlines(number).items()
            if name not in rights
            and (name in {"collection", "handing_over", "receipt", "finding"}) == (kind == "target")
        ]

    def load(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = defaultdict(lambda: {"statutory": 0, "target": 0})
        for kind in ("statutory", "target"):
            for number, _, d in self.owed(kind):
                standing = self.duty(number, d)
                if standing in ("overdue", "running"):
                    found["overdue" if standing == "overdue" else d.due.strftime("%G-W%V")][kind] += 1
        return dict(found)

    def summary(self, by: str) -> dict[str, dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = {}
        names = ("filed", "closed", "open", "open_overdue", "in_time", "late", "overdue", "within", "beyond")
        for number, case in self.core.cases.items():
            if case.opened > self.last:
                continue
            row = rows.setdefault(case.workflow if by == "workflow" else self.unit(number), dict.fromkeys(names, 0))
            closed = self.closed(number)
            row["filed"] += self.within(case.opened)
            row["closed"] += self.within(closed)
            row["open"] += closed is None or closed > self.last
            row["open_overdue"] += any(
                n == number and self.duty(n, d) == "overdue" for n, _, d in self.owed("statutory")
            )
            for kind, names_of in (
                ("statutory", ("in_time", "late", "overdue")),
                ("target", ("within", "beyond", "beyond")),
            ):
                for n, _, d in self.owed(kind):
                    standing = self.duty(n, d)
                    if n == number and standing not in (None, "running"):
                        row[names_of[("in_time", "late", "overdue").index(str(standing))]] += 1
        return rows

    def milestones(self) -> dict[tuple[str, str, str], list[int]]:
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for number, case in self.core.cases.items():
            seen = {"submit", "ask"}
            for day, action, _ in self.path(number):
                if action not in seen and self.within(day):
                    found[case.workflow, self.unit(number), action].append(self.days(case.opened, day))
                seen.add(action)
        return dict(found)

    def stages(self) -> dict[tuple[str, str, str], list[int]]:
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for number, case in self.core.cases.items():
            path = self.path(number)
            for (came, _, state), (left, _, _) in pairwise(path):
                if self.within(left):
                    found[case.workflow, self.unit(number), state].append(self.days(came, left))
        return dict(found)

    def outcomes(self) -> dict[tuple[str, str, str, str], int]:
        found: dict[tuple[str, str, str, str], int] = defaultdict(int)
        for number, case in self.core.cases.items():
            place = (case.workflow, self.unit(number))
            if self.within(self.closed(number)):
                found[*place, "final", self.path(number)[-1][2]] += 1
            for field, actions in self.setters.items():
                last = [e for e in self.core.log[number] if e.action in actions]
                if last and case.fields.get(field) is not None and self.within(last[-1].effective):
                    found[*place, field, str(case.fields[field])] += 1
        return dict(found)

    def providers(self) -> dict[str, dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = {}
        for number, (opened, *entries) in self.core.log.items():
            case = self.core.cases[number]
            if case.workflow != "consultation":
                continue
            asked = (opened.effective, str(case.unit))
            ended = [entry for entry in entries if entry.after != "asked"]
            self.answer(rows, asked, *((ended[0].effective, ended[0].action) if ended else (None, "")))
        return rows

    def answer(self, rows: dict[str, dict[str, Any]], asked: tuple[date, str], left: date | None, action: str) -> None:
        came, name = asked
        row = rows.setdefault(name, {"days": [], "waiting": []})
        if came > self.last:
            return
        if left is None or left > self.last:
            row["waiting"].append(self.days(came, self.last))
        elif self.within(left) and action == "respond":
            row["days"].append(self.days(came, left))


def by(rows: list[dict[str, Any]], *keys: str) -> dict[Any, dict[str, Any]]:
    """Rows by what they are about, without the titles."""
    found = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        rest = {k: v for k, v in row.items() if k not in keys and not k.endswith("_title")}
        found[key if len(keys) > 1 else key[0]] = rest
    assert len(found) == len(rows)
    return found


def share(row: dict[str, Any]) -> float | None:
    whole = row["in_time"] + row["late"] + row["overdue"]
    return row["in_time"] / whole if whole else None


def hold(got: Mapping[str, list[dict[str, Any]]], naive: Naive) -> None:
    """Hold every table of the statistics against the naive count."""
    for which, column in (("workflows", "workflow"), ("units", "unit")):
        expected = {name: {**row, "share": share(row)} for name, row in naive.summary(column).items()}
        assert by(got[which], column) == expected
    place = ("workflow", "unit")
    assert by(got["deadlines"], *place, "deadline") == {
        key: {
            **{k: v for k, v in row.items() if k != "days"},
            "share": share(row),
            **naive.spread(row["days"]),
            "provisional": 0,
        }
        for key, row in naive.duties("statutory").items()
    }
    assert by(got["targets"], *place, "deadline") == {
        key: {
            "within": row["in_time"],
            "beyond": row["late"],
            "pending": row["overdue"],
            **naive.spread(row["days"]),
            "provisional": 0,
        }
        for key, row in naive.duties("target").items()
    }
    assert by(got["milestones"], *place, "action") == {
        key: {"cases": len(values), **naive.spread(values)} for key, values in naive.milestones().items()
    }
    assert by(got["stages"], *place, "state") == {
        key: {"stays": len(values), **naive.spread(values)} for key, values in naive.stages().items()
    }
    outcomes = naive.outcomes()
    assert by(got["outcomes"], *place, "what", "outcome") == {
        key: {"cases": n, "share": n / sum(m for other, m in outcomes.items() if other[:3] == key[:3])}
        for key, n in outcomes.items()
    }
    assert by(got["providers"], "provider") == {
        name: {"answered": len(row["days"]), **naive.spread(row["days"]), "waiting": len(row["waiting"]), "longest_waiting": max(row["waiting"], default=None)}
        for name, row in naive.providers().items() if row["days"] or row["waiting"]
    }  # fmt: skip
    assert {
        week: {k: row[k] for k in ("statutory", "target")} for week, row in by(got["weeks"], "week").items()
    } == naive.load()
