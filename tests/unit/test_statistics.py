"""The statistics against a second, naive count: day by day and entry by entry, over random histories."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from credit_workflow.casework.figures import CaseLine, Figures, Move, Period, Spread, period_of
from credit_workflow.casework.paths import stays_of
from credit_workflow.casework.statistics import counted, week_of
from credit_workflow.casework.stattables import all_answers, all_cases, merged, tables_for
from credit_workflow.casework.titles import Titles
from credit_workflow.cli.statsfiles import defused
from credit_workflow.engine.identity import parse_subject
from credit_workflow.engine.values import Change, Deadline, Record, Refusal
from credit_workflow.errors import UsageFault
from credit_workflow.reports.monthly import Month, month_of, periods_of
from tests.property.core import Core, exit_of
from tests.property.lives import numbers

PERSON = numbers()["adult"]
FORMS = {"objection": {"objection_form", "evidence"}, "marking": {"marking_form"}, "revocation": {"revocation_form"}}
UNITS = (None, "窗口一", "窗口二")
PROVIDERS = ("市税务局", "市住保房管局")
#: What may come next in an objection or its followers, with what it needs; the more forward, the more often.
STEPS: dict[str, list[str]] = {
    "submitted": ["accept", "accept", "accept", "reject", "withdraw"],
    "accepted": ["transfer", "transfer", "archive", "request_extension", "withdraw"],
    "transferred": ["receive", "receive", "archive", "grant_extension"],
    "verifying": ["consult", "report", "report", "archive", "withdraw", "request_extension"],
    "consulting": ["respond", "respond", "respond", "grant_extension", "withdraw"],
    "reported": ["approve", "approve", "return"],
    "approved": ["notify", "archive"],
    "notified": ["collect", "archive"],
    "received": ["mark", "revoke", "mark", "archive"],
}
ROLES = {
    "window": "submit accept reject transfer notify collect withdraw archive",
    "center": "receive consult report request_extension mark revoke",
    "authority": "approve return grant_extension",
    "provider": "respond",
}
ROLE = {action: role for role, actions in ROLES.items() for action in actions.split()}
FIELDS: dict[str, dict[str, Any]] = {
    "submit": {"reason": "有误"},
    "reject": {"grounds": "材料不齐"},
    "consult": {"question": "请核查"},
    "respond": {"finding": "属实"},
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
    if action == "accept" and core.cases[case].workflow == "objection":
        fields["good_ground"] = "新证据"
    if action == "consult" and rng.random() < 0.3:
        fields["provider"] = "市公安局"
    if action == "report":
        fields["outcome"] = rng.choice(["upheld", "removed", "upheld"])
    role, papers = ROLE[action], {"withdrawal_request"} if action == "withdraw" else set[str]()
    exit_of(lambda: core.act(day, case, action, account=f"{role}1", role=role, fields=fields, materials=papers))


def unit_of(number: str) -> str | None:
    return UNITS[int(number[2:]) % len(UNITS)]


def lines(core: Core) -> list[CaseLine]:
    """The cases as the store hands them over."""
    found = []
    for number, case in core.cases.items():
        moves = tuple(
            Move(seq=seq, day=e.effective, action=e.action, before=e.before, after=e.after, change=e.change)
            for seq, e in enumerate(core.log[number], 1)
            if e.before != e.after
        )
        found.append(
            CaseLine(
                number=number, workflow=case.workflow, definition=case.definition, unit=unit_of(number),
                opened=case.opened, final=case.final, fields=case.fields, done=case.done,
                deadlines=tuple(case.deadlines.values()), moves=moves,
            )
        )  # fmt: skip
    return found


class Naive:
    """The same figures counted by hand: from whole logs, day by day, with another calendar and no shared code."""

    def __init__(self, core: Core, first: date | None, last: date, today: date) -> None:
        self.core, self.first, self.last, self.today = core, first, min(last, today), today

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
        final = {"expired", "revoked", "closed", "rejected", "withdrawn", "lapsed"}
        return next((day for day, _, state in self.path(number) if state in final), None)

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
            key = (self.core.cases[number].workflow, unit_of(number) or "", name)
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
            if name not in rights and (name == "collection") == (kind == "target")
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
            row = rows.setdefault(case.workflow if by == "workflow" else unit_of(number) or "", dict.fromkeys(names, 0))
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
            seen = {"submit"}
            for day, action, _ in self.path(number):
                if action not in seen and self.within(day):
                    found[case.workflow, unit_of(number) or "", action].append(self.days(case.opened, day))
                seen.add(action)
        return dict(found)

    def stages(self) -> dict[tuple[str, str, str], list[int]]:
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for number, case in self.core.cases.items():
            path = self.path(number)
            for (came, _, state), (left, _, _) in itertools.pairwise(path):
                if self.within(left):
                    found[case.workflow, unit_of(number) or "", state].append(self.days(came, left))
        return dict(found)

    def outcomes(self) -> dict[tuple[str, str, str, str], int]:
        found: dict[tuple[str, str, str, str], int] = defaultdict(int)
        setters = {"outcome": {"report"}, "extension": {"request_extension", "grant_extension", "deny_extension"}}
        for number, case in self.core.cases.items():
            place = (case.workflow, unit_of(number) or "")
            if self.within(self.closed(number)):
                found[*place, "final", self.path(number)[-1][2]] += 1
            for field, actions in setters.items():
                last = [e for e in self.core.log[number] if e.action in actions]
                if last and self.within(last[-1].effective):
                    found[*place, field, str(case.fields[field])] += 1
        return dict(found)

    def providers(self) -> dict[str, dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = {}
        for entries in self.core.log.values():
            asked: tuple[date, str] | None = None
            for entry in entries:
                if entry.action == "consult":
                    asked = (entry.effective, entry.change.fields["provider"])
                elif asked and entry.before == "consulting" and entry.after != "consulting":
                    self.answer(rows, asked, entry.effective, entry.action)
                    asked = None
            if asked:
                self.answer(rows, asked, None, "")
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


def tables(figures: Figures, core: Core) -> dict[str, list[dict[str, Any]]]:
    return {table.id: table.as_json("zh") for table in tables_for(figures, Titles(core.rules.values()), None)}


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


def agree(core: Core, period: Period) -> None:
    """Hold every table against the naive count."""
    (figures,) = counted(lines(core), core.rules, core.calendar, [period])
    got, naive = tables(figures, core), Naive(core, period.first, period.last, period.today)
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


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_the_figures_are_those_of_a_naive_count(seed: int) -> None:
    rng = Random(seed)
    core, newest = history(rng)
    today = newest + timedelta(days=rng.choice([0, 0, 1, 5, 40]))
    core.sweep(today)
    first = rng.choice([None, today - timedelta(days=rng.choice([0, 10, 30, 90]))])
    last = rng.choice(
        [today, today + timedelta(days=9), max(first or date.min, today - timedelta(days=rng.randint(0, 60)))]
    )
    agree(core, Period(first, last, today))


def test_the_random_histories_have_all_that_is_counted() -> None:
    seen: set[str] = set()
    for seed in range(80):
        core, newest = history(Random(seed))
        newest += timedelta(days=40 * (seed % 2))
        core.sweep(newest)
        (figures,) = counted(lines(core), core.rules, core.calendar, [Period(None, newest, newest)])
        seen |= {name for _, _, name in [*figures.milestones, *figures.stages]}
        seen |= {name for *_, name in figures.outcomes}
        seen |= {
            f"{kind} {n}"
            for row in figures.duties.values()
            for kind, n in (("late", row.late > 0), ("overdue", row.overdue > 0))
        }
        seen |= {f"waiting {bool(answers.waiting)}" for answers in figures.providers.values()}
    assert seen >= {
        "reject", "withdraw", "respond", "return", "notify", "expire", "revoke", "close", "consulting", "disputed",
        "rejected", "withdrawn", "upheld", "removed", "granted", "late True", "overdue True", "waiting True",
    }  # fmt: skip


def test_several_periods_in_one_pass_are_those_counted_one_by_one() -> None:
    core, newest = history(Random(11))
    core.sweep(newest)
    periods = periods_of(Month((newest.year, newest.month)), newest)
    together = counted(iter(lines(core)), core.rules, core.calendar, periods)
    apart = [counted(lines(core), core.rules, core.calendar, [period])[0] for period in periods]
    assert together == apart
    assert sum(all_cases(one).filed for one in together) <= len(core.cases)


def test_nothing_counts_where_nothing_was() -> None:
    core = Core()
    (figures,) = counted([], core.rules, core.calendar, [Period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 5, 1))])
    assert all(rows == [] for rows in tables(figures, core).values())
    assert (merged(figures).share, all_answers(figures).days.rank(50), all_cases(figures).filed) == (None, None, 0)


def one_case(days: dict[str, date], *, met: date | None, due: date, status: str = "met") -> tuple[Core, CaseLine]:
    core = Core()
    definition = core.by_name["objection"].digest
    states = [None, *days]
    moves = tuple(
        Move(seq=n, day=day, action="submit" if n == 1 else "accept", before=states[n - 1], after=state)
        for n, (state, day) in enumerate(days.items(), 1)
    )
    deadline = Deadline(
        id="handling", status=status, starts=date(2026, 3, 2), due=due, original_due=due, edition="", met=met,
        provisional=True,
    )  # fmt: skip
    line = CaseLine(
        number="C-001", workflow="objection", definition=definition, unit="窗口一", opened=date(2026, 3, 2),
        final=False, deadlines=(deadline,), moves=moves,
    )  # fmt: skip
    return core, line


@pytest.mark.parametrize(
    ("last", "today", "overdue"),
    [
        ("2026-04-01", "2026-04-01", 0),  # the last day is not over
        ("2026-04-01", "2026-04-02", 1),  # seen from the day after, it has passed at 24:00
        ("2026-04-02", "2026-04-02", 1),
        ("2026-03-31", "2026-04-05", 0),
        ("2026-12-31", "2026-04-01", 0),  # what lies ahead is not counted
    ],
)
def test_overdue_begins_at_midnight_after_the_last_day(last: str, today: str, overdue: int) -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    period = Period(None, date.fromisoformat(last), date.fromisoformat(today))
    (figures,) = counted([line], core.rules, core.calendar, [period])
    assert merged(figures).overdue == overdue
    assert all_cases(figures).overdue == overdue
    assert list(figures.load) == [("objection", "窗口一", "statutory", "overdue" if overdue else "2026-W14")]
    assert merged(figures).provisional == overdue


def test_met_on_the_last_day_is_in_time_and_counts_on_the_day_it_was_met() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=date(2026, 4, 1), due=date(2026, 4, 1))
    today = date(2026, 5, 1)
    march, april = (Period(date(2026, m, 1), date(2026, m, 30), today) for m in (3, 4))
    first, second = counted([line], core.rules, core.calendar, [march, april])
    assert (merged(first).all, merged(second).in_time, merged(second).late) == (0, 1, 0)
    assert merged(second).days == Spread({22: 1})  # 2 March not counted, 1 April counted


def test_a_refused_attempt_is_a_ground_and_no_step() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    refused = Refusal(code="grounds", message_zh="不能", message_en="no", source="附件2·四(二)")
    attempt = Move(
        seq=2,
        day=date(2026, 3, 4),
        action="accept",
        before="submitted",
        after="submitted",
        change=Change(refused=refused),
    )
    (figures,) = counted(
        [replace(line, moves=(*line.moves, attempt))],
        core.rules,
        core.calendar,
        [Period(None, date(2026, 3, 9), date(2026, 3, 9))],
    )
    assert figures.grounds == {("objection", "窗口一", "accept", "附件2·四(二)"): 1}
    assert (figures.milestones, figures.stages) == ({}, {})


def test_an_entry_that_left_the_case_where_it_was_is_no_step_and_ends_no_stay() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    stayed = Move(seq=2, day=date(2026, 3, 4), action="accept", before="submitted", after="submitted", change=Change())
    (figures,) = counted(
        [replace(line, moves=(*line.moves, stayed))],
        core.rules,
        core.calendar,
        [Period(None, date(2026, 3, 9), date(2026, 3, 9))],
    )
    assert (figures.grounds, figures.milestones, figures.stages) == ({}, {}, {})
    # what lay between was void: the two moves to one state are one stay
    twice = (
        line.moves[0],
        replace(stayed, action="return", before="accepted"),
        replace(stayed, day=date(2026, 3, 9), before="submitted", after="accepted"),
    )
    stays = [(stay.state, stay.came, stay.left) for stay in stays_of(list(twice))]
    assert stays == [("submitted", date(2026, 3, 2), date(2026, 3, 9)), ("accepted", date(2026, 3, 9), None)]


def test_cases_about_accounts_do_not_count() -> None:
    core, line = one_case({"submitted": date(2026, 3, 2)}, met=None, due=date(2026, 4, 1), status="running")
    account = replace(line, workflow="account", definition=core.by_name["account"].digest, deadlines=())
    (figures,) = counted([account], core.rules, core.calendar, [Period(None, date(2026, 3, 9), date(2026, 3, 9))])
    assert figures.cases == {}


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ([], None, None),
        ([3], 3, 3),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        ([0] * 9 + [40], 0, 0),
    ],
)
def test_percentiles_are_by_nearest_rank(values: list[int], median: int | None, p90: int | None) -> None:
    spread = Spread(values)
    assert (spread.rank(50), spread.rank(90)) == (median, p90)


@given(st.lists(st.integers(0, 60), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    found = Spread(values).rank(percent)
    assert found in values
    assert sum(v <= found for v in values) * 100 >= percent * len(values)
    assert sum(v < found for v in values) * 100 < percent * len(values)


def test_weeks_are_iso_weeks() -> None:
    for n in range(4000):
        day = date(2020, 1, 1) + timedelta(days=n)
        assert week_of(day) == day.strftime("%G-W%V")


def test_a_period_has_its_order_and_does_not_lie_ahead() -> None:
    today = date(2026, 3, 10)
    for first, last, code in (
        (date(2026, 3, 2), date(2026, 3, 1), "period_order"),
        (date(2026, 3, 11), None, "period_future"),
    ):
        with pytest.raises(UsageFault) as fault:
            period_of(first, last, today)
        assert fault.value.code == code
    assert period_of(today, today, today) == Period(today, today, today)
    assert period_of(None, None, today).end == today


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "十月", "2026-10-01", ""])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(UsageFault) as fault:
        month_of(text, date(2026, 11, 1))
    assert fault.value.code == "month"


def test_the_month_of_a_report() -> None:
    assert month_of(None, date(2026, 1, 31)) == (2025, 12)
    assert month_of("2026-01", date(2026, 1, 1)) == (2026, 1)
    with pytest.raises(UsageFault) as fault:
        month_of("2026-02", date(2026, 1, 31))
    assert fault.value.code == "period_future"
    periods = periods_of(Month((2024, 2)), date(2024, 3, 5))
    assert [(p.first, p.last) for p in periods[:3]] == [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 1, 1), date(2024, 1, 31)),
        (date(2023, 12, 1), date(2023, 12, 31)),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert defused(f"市{text}") == f"市{text}"
