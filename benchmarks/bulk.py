"""Many disputed pairs (an objection and its marking) in a database, made from one real life.

One objection is led to its dispute mark through the engine; the others are copies of its entries
under other numbers, written by the program's own writer, so that hashes and rows are real and
``audit verify`` holds. Where millions of cases only have to be there, and none is to be read,
`build_open` copies rows instead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.sweep.sweep_report import SweepReport
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.fire import fire
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Entry, Record
from credit_workflow.engine.world import Form, Moment, Outcome, Request, World, opening_of
from credit_workflow.identity import parse_subject
from credit_workflow.resources import keys_folder
from credit_workflow.store.database import Database
from credit_workflow.store.schema.creation import create
from credit_workflow.store.workers.sweep_helpers import help_for

_PERSON = "330106199003070014"
_STEPS = {
    "objection": "window:accept window:archive window:transfer center:receive center:report:outcome=upheld "
    "authority:approve window:notify:channel=电话 window:collect:collected_by=本人",
    "marking": "window:accept window:archive window:transfer center:receive center:mark",
}
_FILED = datetime(2026, 3, 2, 1, tzinfo=UTC)
_MARKED = datetime(2026, 3, 4, 1, tzinfo=UTC)
_CHUNK = 5_000
#: The units of those who act, as the training accounts have them.
_UNITS = {"window": "服务窗口", "center": "市信用中心", "authority": "市发改委"}


def template(
    calendar: WorkCalendar, *, without: str = "", through: Callable[[World, Request, Moment], Outcome] = fire
) -> Outcome:
    """Return the whole life of one objection up to its dispute mark: all entries, and the world after.

    Args:
        calendar: counts its deadlines.
        without: an action to leave out, for instance ``archive``, which is then overdue.
        through: what decides each request.
    """
    rules = {d.digest: Rules(d.workflow, d.digest) for d in load_definitions().values()}
    by_name = {r.id: r for r in rules.values()}
    person = parse_subject(_PERSON, name="张三")
    record = Record(
        no="R-1",
        subject=person,
        provider="市税务局",
        open_class="B",
        title="欠税",
        content="欠税一千元",
        valid_from=_FILED.date().replace(year=2025),
        valid_until=_FILED.date().replace(year=2028),
    )
    world = World(rules=rules, calendar=calendar, records={"R-1": record})
    entries: list[Entry] = []
    for workflow, number, parent, at in (("objection", "O", None, _FILED), ("marking", "M", "O", _MARKED)):
        moment = Moment.of(at, calendar.zone)
        opening = opening_of(by_name[workflow], subject=person, record="R-1", parent=parent, unit=_UNITS["window"])
        for step in f"window:submit:reason=有误 {_STEPS[workflow]}".split():
            role, action, *values = step.split(":")
            if action == without:
                continue
            request = Request(
                action=action,
                case=number,
                actor=Actor(account=f"{role}1", roles=frozenset({role}), unit=_UNITS[role]),
                form=Form(given=dict(v.split("=") for v in values), all_materials=True),
                opening=opening if action == "submit" else None,
            )
            outcome = through(world, request, moment)
            entries += outcome.entries
            world = outcome.world
    return Outcome(entries=tuple(entries), world=world)


def copies(life: Outcome, first: int, last: int) -> Iterator[Outcome]:
    """Return the life under other numbers, from serial ``first`` to ``last`` (inclusive)."""
    for serial in range(first, last + 1):
        numbers = {"O": f"OBJ-2026-{serial:06}", "M": f"MRK-2026-{serial:06}", None: None}
        entries = []
        for entry in life.entries:
            change = entry.change
            if change.opening is not None:
                opening = msgspec.structs.replace(change.opening, parent=numbers[change.opening.parent])
                change = msgspec.structs.replace(change, opening=opening)
            if change.told_by is not None:
                change = msgspec.structs.replace(change, told_by=numbers[change.told_by])
            entries.append(msgspec.structs.replace(entry, case=numbers[entry.case], change=change))
        cases = {
            numbers[n]: msgspec.structs.replace(c, number=numbers[n], parent=numbers[c.parent])
            for n, c in life.world.cases.items()
        }
        world = World(rules=life.world.rules, calendar=life.world.calendar, cases=cases, records=life.world.records)
        yield Outcome(entries=tuple(entries), world=world)


def build(place: Path | str, pairs: int, *, late: int = 0) -> Database:
    """Return a training database with disputed pairs, whose marks stand through 2026-04-03.

    Args:
        place: where it shall be: a path, or a URL.
        pairs: how many.
        late: how many of them were never archived, and so are overdue from the next day on.
    """
    calendar = load_calendar()
    definitions = load_definitions()
    database = Database(str(place), keys_folder())
    create(
        database,
        training=True,
        at=_FILED,
        definitions=definitions.values(),
        accounts=practice_accounts(d.workflow for d in definitions.values()),
    )
    for life, begin, end in (
        (template(calendar, without="archive"), 1, late),
        (template(calendar), late + 1, pairs),
    ):
        for first in range(begin, end + 1, _CHUNK):
            with database.writing() as db:
                db.cases.keep({}, copies(life, first, min(end, first + _CHUNK - 1)))
    with database.writing() as db:
        series = [(workflow, 2026, pairs) for workflow in ("objection", "marking")]
        db.within.rows.upsert("number_series", series)
    return database


def build_open(path: Path, cases: int) -> Database:
    """Return a training database with open cases of which nothing is due before 2026-04-04.

    They are copies, made in SQL, of the rows of one real marking under other numbers: its row of
    ``case_file``, without what it says of a person, and its running deadlines. No log goes with
    them, and what is sealed could not be opened: enough for what only asks whether anything is due.

    Args:
        path: where it shall be.
        cases: how many.
    """
    database = build(path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -1000000"):
            db.execute(f"PRAGMA {pragma}")
        indexes = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            " AND tbl_name IN ('case_file', 'case_deadline')"
        ).fetchall()
        for name, _ in indexes:
            db.execute(f"DROP INDEX {name}")
        series = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {cases})"
        number = "printf('OPN-2026-%08d', i)"
        other = {"number": number, "root": number, "parent": "NULL", "record": "'R-' || i", "subject_key": number}
        other |= dict.fromkeys(("person", "fields", "materials", "done"), "''")
        _copy(db, series, "case_file", other, "number = 'MRK-2026-000001'")
        _copy(db, series, "case_deadline", {"case_no": number}, "case_no = 'MRK-2026-000001' AND status = 'running'")
        for _, sql in indexes:
            db.execute(sql)
        db.execute("PRAGMA journal_mode = wal")
    return database


def _copy(db: sqlite3.Connection, series: str, table: str, other: dict[str, str], which: str) -> None:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(other.get(name, f"one.{name}") for name in columns)
    one = f"(SELECT * FROM {table} WHERE {which}) AS one"
    db.execute(f"INSERT INTO {table} ({', '.join(columns)}) {series} SELECT {values} FROM n CROSS JOIN {one}")


def night(database: Database, day: datetime, calendar: WorkCalendar) -> SweepReport:
    """Sweep as the scheduler does, with helpers."""
    moment = Moment.of(day, calendar.zone)
    return sweep(database, calendar, moment, helpers=help_for(database, calendar, moment))
