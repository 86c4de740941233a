"""What a case costs: rows, bytes and the writer's time, on a real database by its URL, with the program's own desk.

``python -m benchmarks.load [URL]`` prints the measurements as JSON; ``docs/scale.json`` is what it printed, and what
`benchmarks.scale` counts with. Without a URL it makes a SQLite file. A PostgreSQL database must be empty.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.sizes import bytes_by_table, bytes_of, is_postgres
from credit_workflow.authoring.simulation.assumptions import Arrivals, Follow, Habit, People
from credit_workflow.authoring.simulation.draws import Fixed, Triangular
from credit_workflow.authoring.simulation.start import Scenario
from credit_workflow.authoring.simulation.starting_cases import start_of
from credit_workflow.authoring.simulation.workplace import Workplace
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.acting import Acting, Form, NewCase
from credit_workflow.casework.notifications import delivery
from credit_workflow.casework.records.importing import COLUMNS, import_file
from credit_workflow.channels.spool import Spool
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.world import Moment
from credit_workflow.resources import keys_folder
from credit_workflow.service.office import Office
from credit_workflow.service.scenario_office import ScenarioOffice
from credit_workflow.service.use_cases.daily.records import ShowRecord
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.nightwork import sweep_and_seal
from credit_workflow.store.schema.creation import create

#: The steps that are measured: the longest way without a detour.
_STEPS = {
    "objection": "window1:accept window1:transfer center1:receive center1:report:outcome=upheld "
    "authority1:approve window1:notify:channel=电话 window1:collect:collected_by=本人",
    "marking": "window1:accept window1:archive window1:transfer center1:receive center1:mark",
    "revocation": "window1:accept window1:archive window1:transfer center1:receive center1:revoke",
    "query": "window1:accept window1:answer window1:archive",
}
_GIVEN = {
    "objection": {"reason": "与事实不符"},
    "marking": {"reason": "仍有异议"},
    "revocation": {},
    "query": {"purpose": "贷款"},
}
_TABLES = ("case_file", "case_event", "case_deadline", "record_mark", "outbox", "journal_log", "seal_log")
_FILED, _MARKED, _ENDED = date(2026, 3, 2), date(2026, 3, 4), date(2026, 6, 1)
#: Places in the sorted times that are kept, in percent.
_PLACES = (0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 100)
#: Of what people do in the simulation that entries are counted by: how often a way is taken, and how often a side step.
_WEIGHTS = {
    "reject": 0.05,
    "withdraw": 0.02,
    "return": 0.1,
    "consult": 0.4,
    "refuse": 0.03,
    "not_found": 0.05,
    "defer": 0.1,
    "clarify": 0.05,
}
_SHARES = {"archive": 1.0, "request_extension": 0.1}


class Watched(Database):
    """A database that notes for how long each transaction that writes is open."""

    def __init__(self, url: str) -> None:
        super().__init__(url, keys_folder())
        self.held: list[float] = []

    @contextmanager
    def writing(self, *given: Any, **named: Any) -> Iterator[Any]:
        with super().writing(*given, **named) as db:
            began = time.perf_counter()
            yield db
            inside = time.perf_counter() - began
            began = time.perf_counter()
        self.held.append(1000 * (inside + time.perf_counter() - began))  # the commit is part of it


class Bench:
    """A training database with records, and what is done on it.

    Args:
        url: where it shall be; nothing may be there.
        folder: for files.
        count: how many persons there are, each with one record.
    """

    def __init__(self, url: str, folder: Path, count: int) -> None:
        self.url, self.folder, self.count = url, folder, count
        self.calendar, self.definitions = load_calendar(), load_definitions()
        self.accounts = practice_accounts(d.workflow for d in self.definitions.values())
        self.office = ScenarioOffice(url, keys_folder(), self.definitions, self.calendar)
        self.database = self.office.database = Watched(url)
        made = self.moment(_FILED).at
        create(self.database, training=True, at=made, definitions=self.definitions.values(), accounts=self.accounts)

    def moment(self, day: date) -> Moment:
        return Moment.of(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), self.calendar.zone)

    def acting(self, who: str, day: date) -> Acting:
        return Acting(
            definitions=self.definitions, calendar=self.calendar, actor=self.accounts[who],
            moment=self.moment(day),
        )  # fmt: skip

    def part(self, work: Callable[[], object], each: int) -> dict[str, Any]:
        """Do something so many times; return rows, bytes and times for each."""
        rows, size, before = self.rows(), bytes_of(self.url), len(self.database.held)
        began = time.perf_counter()
        work()
        whole = time.perf_counter() - began
        held = self.database.held[before:]
        grown = {
            name: round((after - rows[name]) / each, 3) for name, after in self.rows().items() if after > rows[name]
        }
        return {
            "rows": grown,
            "bytes": round((bytes_of(self.url) - size) / each),
            "transactions": round(len(held) / each, 3),
            "whole_ms": round(1000 * whole / each, 3),
            "held_ms": _quantiles(held),
        }

    def rows(self) -> dict[str, int]:
        with self.database.reading() as db:
            return {name: db.count(name) for name in _TABLES}

    def records(self) -> None:
        lines = [",".join(COLUMNS)]
        lines += [
            f"R-{n},natural,{_person(n)},某人{n},市税务局,B,欠税,未缴清的税款{n}元，滞纳金自次日起计,2025-01-01,2028-12-31"
            for n in range(self.count)
        ]
        path = self.folder / "records.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        with self.database.writing() as db:
            import_file(db, self.acting("center1", _FILED), path.name, path.read_bytes(), update=False)

    def lives(self, workflow: str, day: date, births: list[NewCase]) -> list[str]:
        form = Form(given=dict(_GIVEN[workflow]), all_materials=True)
        at = self.moment(day).at
        numbers = [self.office.submit("window1", at, birth, form) for birth in births]
        for step in _STEPS[workflow].split():
            who, action, *values = step.split(":")
            given = dict(value.split("=") for value in values)
            for number in numbers:
                self.office.act(who, at, number, action, Form(given=given, all_materials=True))
        return numbers

    def night(self, day: date) -> None:
        sweep_and_seal(self.database, self.calendar, self.moment(day))

    def deliver(self, day: date) -> None:
        delivery.deliver(
            self.database, self.calendar, self.moment(day), Spool(self.folder / "notices"), delivery.Policy()
        )


def measure(url: str, folder: Path, count: int) -> dict[str, Any]:
    """Return what one of each costs on a database that is made at the URL.

    Args:
        url: nothing may be there.
        folder: for files.
        count: objections and queries; half as many marks are revoked, the others expire.
    """
    bench = Bench(url, folder, count)
    found: dict[str, Any] = {
        "engine": "postgresql" if is_postgres(url) else "sqlite",
        "python": platform.python_version(),
        "count": count,
        "cores": os.cpu_count(),
    }
    found["record"] = bench.part(bench.records, count)
    kept: dict[str, list[str]] = {}

    def part(workflow: str, day: date, births: list[NewCase]) -> dict[str, Any]:
        def work() -> None:
            kept[workflow] = bench.lives(workflow, day, births)

        return bench.part(work, len(births))

    objections = [NewCase(workflow="objection", record=f"R-{n}") for n in range(count)]
    kinds = {"objection": part("objection", _FILED, objections)}
    markings = [NewCase(workflow="marking", parent=number) for number in kept["objection"]]
    kinds["marking"] = part("marking", _MARKED, markings)
    revocations = [NewCase(workflow="revocation", parent=number) for number in kept["marking"][: count // 2]]
    kinds["revocation"] = part("revocation", _MARKED, revocations)
    queries = [NewCase(workflow="query", subject=_person(n)) for n in range(count)]
    kinds["query"] = part("query", _MARKED, queries)
    found["kinds"] = kinds
    center = Office(bench.url).as_account("center1", at=bench.moment(_MARKED).at)
    found["look_up"] = bench.part(lambda: [center.ask(ShowRecord(record_no=f"R-{n}")) for n in range(count)], count)
    notices = bench.rows()["outbox"]
    found["notice"] = bench.part(lambda: bench.deliver(_MARKED), notices)
    late = bench.part(lambda: bench.night(_MARKED), count)  # every objection's archiving is overdue
    idle = [bench.part(lambda n=n: bench.night(_MARKED + n * timedelta(days=1)), 1)["whole_ms"] for n in range(1, 6)]
    ending = count - len(revocations)
    expiry = bench.part(lambda: bench.night(_ENDED), ending)
    found["night"] = {"idle_ms": round(statistics.median(idle), 1), "overdue": late, "expiry": expiry}
    with bench.database.reading() as db:
        began = time.perf_counter()
        counted = verify(db)
        found["verify_us"] = round(1e6 * (time.perf_counter() - began) / (counted["events"] + counted["journal"]), 1)
    found["tables"] = dict(sorted(bytes_by_table(url).items(), key=lambda item: -item[1])[:8])
    found["simulated"] = simulated(bench)
    return found


def simulated(bench: Bench) -> dict[str, dict[str, float]]:
    """Return the actions of people and the log entries of a case, by what `simulate` finds when people take every way."""
    counts = {}
    with bench.database.reading() as db:
        rules = {name: Rules(d.workflow, d.digest) for name, d in bench.definitions.items()}
        start = start_of(db, rules, bench.moment(_ENDED), bench.calendar.zone)
        for name, arrivals in _ARRIVALS.items():
            people = People(seed=1, arrivals=arrivals, habits=_habits(bench))
            result = Workplace(
                start, Scenario(rules=rules, calendar=bench.calendar, people=people), date(2027, 6, 1)
            ).run()
            totals = result.totals()
            arrived = sum((week.arrived for week in result.weeks), start=type(result.weeks[0].arrived)())
            counts[name] = (arrived[name], totals.actions, totals.entries)
    found = {}
    for name, (cases, actions, entries) in counts.items():
        _, base_actions, base_entries = counts.get(_WITHOUT.get(name, ""), (0, 0, 0))
        found[name] = {
            "cases": cases,
            "actions": round((actions - base_actions) / cases, 2),
            "entries": round((entries - base_entries) / cases, 2),
        }
    return found


_DAYS = {date(2026, 7, 1) + timedelta(days=n): 20 for n in range(50)}
_OBJECTIONS = {"objection": Arrivals(on=_DAYS)}
_MARKINGS = _OBJECTIONS | {"marking": Arrivals(after={"collect": Follow(share=1.0, takes=Fixed(1))})}
_REVOCATIONS = _MARKINGS | {"revocation": Arrivals(after={"mark": Follow(share=0.5, takes=Fixed(3))})}
#: What is filed in each simulation, within fifty days, so that all have ended within the year.
_ARRIVALS = {
    "objection": _OBJECTIONS,
    "marking": _MARKINGS,
    "revocation": _REVOCATIONS,
    "query": {"query": Arrivals(on=_DAYS)},
}
#: Whose entries a simulation has besides those of its own.
_WITHOUT = {"marking": "objection", "revocation": "marking"}


def _habits(bench: Bench) -> dict[tuple[str, str], Habit]:
    quick, slow = Triangular(0, 1, 4), Triangular(1, 5, 25)
    habits = {}
    for workflow in _STEPS:
        for name, action in bench.definitions[workflow].workflow.actions.items():
            if action.opens or action.by == ("system",):
                continue
            takes = slow if name in ("respond", "report", "collect", "request_extension") else quick
            if action.to is None:
                habits[workflow, name] = Habit(share=_SHARES.get(name), takes=Fixed(0) if name == "archive" else takes)
            else:
                habits[workflow, name] = Habit(weights={"*": _WEIGHTS.get(name, 1.0)}, takes=takes)
    return habits


def _person(n: int) -> str:
    from stdnum.cn import ric  # noqa: PLC0415 - slow to import, and only used here

    stem = f"330106{1950 + n % 50}{n // 50 % 12 + 1:02}{n // 600 % 28 + 1:02}001"
    return stem + str(ric.calc_check_digit(stem + "0"))


def _quantiles(held: list[float]) -> list[float]:
    ordered = sorted(held) or [0.0]
    return [round(ordered[min(len(ordered) - 1, len(ordered) * place // 100)], 3) for place in _PLACES]


def main() -> None:
    """Measure, and print what was found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["CREDIT_WORKFLOW_KEYS"] = str(folder / "keys")
        url = sys.argv[1] if len(sys.argv) > 1 else str(folder / "cases.db")
        count = int(os.environ.get("LOAD_COUNT", "1000"))
        print(json.dumps(measure(url, folder, count), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
