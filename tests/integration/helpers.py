"""A real database in a folder of the test's own, and people who work on it in this process."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.acting import Acting, Form, NewCase
from credit_workflow.casework.records.importing import COLUMNS, import_file
from credit_workflow.casework.sweep.sweep_report import SweepReport
from credit_workflow.casework.sweep.sweeping import sweep
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import Moment
from credit_workflow.service.desk import Desk
from credit_workflow.service.office import Office
from credit_workflow.service.scenario_office import ScenarioOffice
from credit_workflow.service.seat import Seat
from credit_workflow.store.crypto.scans import kept
from credit_workflow.store.database import Database
from credit_workflow.store.integrity.verification import verify
from credit_workflow.store.mapping.rows import instant_text
from credit_workflow.store.schema.creation import create
from tests import where
from tests.property.lives import numbers

WORKFLOWS = {"OBJ": "objection", "MRK": "marking", "REV": "revocation"}
TO_COLLECTED = (
    "window1:accept window1:archive window1:transfer center1:receive center1:report:outcome=upheld "
    "authority1:approve window1:notify:channel=电话 window1:collect:collected_by=本人"
)
TO_MARKED = "window1:accept window1:archive window1:transfer center1:receive center1:mark"


def write_records(path: Path, count: int) -> Path:
    """Write ``count`` records of one person."""
    person = numbers()["adult"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(1, count + 1):
            row = [
                f"R-{n}",
                "natural",
                person,
                "张三",
                "杭州市城市管理局",
                "B",
                "欠税",
                f"欠税{n}元",
                "2025-01-01",
                "2027-12-31",
            ]
            writer.writerow(row)
    return path


class Watched:
    """A connection that notes what it is asked."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.asked: list[tuple[str, Sequence[Any]]] = []

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        self.asked.append((sql, values))
        return self._connection.execute(sql, values)

    def plans(self) -> list[str]:
        """How each question is answered where an index can be used at all, a line for each step."""
        explain, text = ("EXPLAIN", 0) if where.POSTGRES else ("EXPLAIN QUERY PLAN", 3)
        if where.POSTGRES:
            self._connection.connection.execute("SET LOCAL enable_seqscan = off")
        return [
            step[text]
            for sql, values in self.asked
            for step in self._connection.execute(f"{explain} {sql}", values).fetchall()
        ]


@contextmanager
def scanned(database: Database, files: Mapping[str, Path]) -> Iterator[dict[str, str]]:
    """Keep scans of materials while something is done, as an action does; give their digests."""
    contents = {kind: file.read_bytes() for kind, file in files.items()}
    with database.reading() as db:
        cipher = db.cipher
    with kept(database, cipher, contents):
        yield {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()}


@dataclass
class Service:
    """A credit service with its database, a new one unless it is ``known``."""

    path: Path
    records: int = 3
    known: bool = False
    calendar: WorkCalendar = field(default_factory=load_calendar)

    def __post_init__(self) -> None:
        self.database = where.database(self.path)
        self.definitions = load_definitions()
        self.accounts: dict[str, Actor] = practice_accounts(d.workflow for d in self.definitions.values())
        if self.known:
            return
        at = self.moment("2026-03-01").at
        create(
            where.new(self.path), training=True, at=at, definitions=self.definitions.values(), accounts=self.accounts
        )
        self.imports(write_records(self.path.with_suffix(".csv"), self.records))

    def moment(self, at: str) -> Moment:
        instant = at if "T" in at else f"{at}T09:00"
        return Moment.of(datetime.fromisoformat(f"{instant}+08:00"), "Asia/Shanghai")

    def acting(self, who: str, at: str) -> Acting:
        return Acting(
            definitions=self.definitions,
            calendar=self.calendar,
            actor=self.accounts[who],
            moment=self.moment(at),
        )

    def submit(self, who: str, at: str, new: NewCase, form: Form) -> str:
        with self._office as office:
            return office.submit(who, self.moment(at).at, new, form)

    def act(self, who: str, at: str, case: str, action: str, form: Form) -> None:
        with self._office as office:
            office.act(who, self.moment(at).at, case, action, form)

    @property
    def _office(self) -> ScenarioOffice:
        return ScenarioOffice(self.database.url, self.database.keys, self.definitions, self.calendar)

    def has_roles(self, account: str, *roles: str) -> str:
        """Let an account hold several roles, as none does that is there from the beginning."""
        with self.database.writing() as db:
            since = instant_text(self.moment("2026-03-01").at)
            db.accounts.put([(account, "training", ",".join(sorted(roles)), "active", since, None)])
        return account

    def imports(self, file: Path, at: str = "2026-03-01") -> None:
        with self.database.writing() as db:
            import_file(db, self.acting("center1", at), file.name, file.read_bytes(), update=False)

    def desk(self, who: str, at: str) -> Desk:
        office = Office(self.database.url, keys=self.database.keys)
        return Desk(office, Seat(account=who, at=self.moment(at).at), account=who)

    def objection(self, at: str, record: str = "R-1", **given: Any) -> str:
        form = Form(given={"reason": "有误", **given}, all_materials=True)
        return self.submit("window1", at, NewCase(workflow="objection", record=record), form)

    def follow(self, workflow: str, parent: str, at: str) -> str:
        form = Form(given={"reason": "仍有异议"}, all_materials=True)
        return self.submit("window1", at, NewCase(workflow=workflow, parent=parent), form)

    def life(self, case: str, at: str, steps: str) -> str:
        for step in steps.split():
            who, action, *values = step.split(":")
            alone = {"withdrawal_request": None} if action == "withdraw" else {}
            form = Form(given=dict(v.split("=", 1) for v in values), materials=alone, all_materials=True)
            self.act(who, at, case, action, form)
        return case

    def marked(self, record: str = "R-1") -> tuple[str, str]:
        """Lead one objection to a dispute mark placed on 2026-03-09, which stands through 2026-04-08."""
        objection = self.life(self.objection("2026-03-02", record), "2026-03-03", TO_COLLECTED)
        marking = self.follow("marking", objection, "2026-03-04")
        return objection, self.life(marking, "2026-03-09", TO_MARKED)

    def sweep(self, at: str, **options: Any) -> SweepReport:
        return sweep(self.database, self.calendar, self.moment(at), **options)

    def identity(self) -> str:
        """Return the database's own id."""
        with self.database.reading() as db:
            return db.meta["id"]

    def verify(self) -> dict[str, int]:
        with self.database.reading() as db:
            return verify(db)
