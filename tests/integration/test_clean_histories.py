"""A thousand random histories on real databases, in which nothing was tampered with: none is accused."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.engine.attempt import available
from credit_workflow.engine.world import World
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.service.use_cases.daily.records import ShowRecord
from credit_workflow.store.crypto.rotation import rotate
from credit_workflow.store.integrity.seals import add_seal, verify_seals
from tests import where
from tests.integration.helpers import Service
from tests.seeds import several

pytestmark = pytest.mark.usefixtures("databases")

HISTORIES = 1_000
STEPS = 24
#: What an action is given when it asks for something; several where the dice choose.
GIVEN: dict[str, list[dict[str, Any]]] = {
    "reject": [{"grounds": "材料不符", "ground": "materials"}],
    "receive": [{}, {"received_on": "2026-03-09"}],
    "consult": [{"question": "是否已缴清？"}],
    "respond": [{"finding": "已缴清"}],
    "report": [
        {"outcome": "upheld"},
        {"outcome": "removed"},
        {"outcome": "corrected", "correction": '{"content": "已缴清"}'},
    ],
    "return": [{"reason": "再核"}],
    "notify": [{"channel": "电话"}],
    "collect": [{"collected_by": "本人"}],
    "request_extension": [{"days": "15", "reason": "情况复杂"}, {"days": "16", "reason": "情况复杂"}],
    "deny_extension": [{"reason": "不复杂"}],
    "deny_rectification": [{"reason": "无误"}],
}


class Walk:
    """One random history of a database, by everybody who works on it."""

    def __init__(self, service: Service, seed: int) -> None:
        self.service, self.dice = service, Random(seed)
        self.day = date(2026, 3, 2)
        self.second = 0
        self.happened: Counter[str] = Counter()

    @property
    def now(self) -> str:
        self.second += 1
        return f"{self.day}T09:{self.second // 60:02}:{self.second % 60:02}"

    def run(self) -> None:
        """Take all steps; what is refused stays in the log too."""
        for _ in range(STEPS):
            if self.dice.random() < 0.3:
                self.day += timedelta(days=self.dice.choice([1, 1, 2, 5, 20, 40]))
                self.second = 0
            step = self.dice.choices(
                [self.act, self.submit, self.sweep, self.rectify, self.look, self.rotate, self.seal],
                [14, 5, 2, 2, 1, 0.3, 0.5],
            )[0]
            try:
                step()
                self.happened[step.__name__] += 1
            except CreditWorkflowError:
                self.happened["refused"] += 1

    def submit(self) -> None:
        with self.service.database.reading() as db:
            parents = [case for case in db.cases.find() if case.workflow != "revocation"]
        form = Form(given={"reason": "有误"}, all_materials=True)
        if parents and self.dice.random() < 0.5:
            parent = self.dice.choice(parents)
            workflow = "marking" if parent.workflow == "objection" else "revocation"
            new = NewCase(workflow=workflow, parent=parent.number)
        else:
            new = NewCase(workflow="objection", record=f"R-{self.dice.randint(1, 3)}")
        self.service.submit("window1", self.now, new, form)

    def act(self) -> None:
        with self.service.database.reading() as db:
            cases, rules = db.cases.find(), db.rules
        open_ones = [case for case in cases if not case.final]
        if not open_ones:
            self.submit()
            return
        case = self.dice.choice(open_ones)
        moment = self.service.moment(self.now)
        world = World(rules=rules, calendar=self.service.calendar, cases={c.number: c for c in cases})
        can = [
            (who, action)
            for who, actor in self.service.accounts.items()
            for action in available(world, case, actor, moment)
        ]
        if not can:
            return  # only time can move it
        who, action = self.dice.choice(can)
        if self.dice.random() < 0.05:
            who = self.dice.choice(sorted(self.service.accounts))
        form = Form(given=self.dice.choice(GIVEN.get(action, [{}])), all_materials=self.dice.random() < 0.95)
        self.service.act(who, self.now, case.number, action, form)

    def rectify(self) -> None:
        with self.service.database.reading() as db:
            lives = {case.number: sum(1 for _ in db.cases.entries(case.number)) for case in db.cases.find()}
        if not any(entries > 1 for entries in lives.values()):
            return  # what opens a case is not put right
        case = self.dice.choice([number for number, entries in lives.items() if entries > 1])
        given = self.dice.choice([{"void": True}, {"values": {"channel": "短信"}}, {"on": str(self.day)}])
        form = Form(given={"entry": self.dice.randint(2, lives[case]), "fault": "记错了", **given})
        self.service.act("center2", self.now, case, "request_rectification", form)
        self.service.act("authority2", self.now, case, "grant_rectification", Form())
        self.happened["rectified"] += 1

    def sweep(self) -> None:
        self.service.sweep(self.now, batch=self.dice.choice([1, 2, 4_000]))

    def look(self) -> None:
        self.service.desk("center1", self.now).ask(ShowRecord(record_no="R-1", purpose="核对", full=True))

    def rotate(self) -> None:
        acting = self.service.acting("admin1", self.now)
        with self.service.database.writing() as db:
            rotate(db, acting.actor, acting.moment.at)

    def seal(self) -> None:
        with self.service.database.writing() as db:
            add_seal(db, self.service.moment(self.now).at)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(tmp_path_factory.mktemp("clean") / "cases.db")


def walked(template: Service, folder: Path, seed: int) -> Counter[str]:
    path = folder / f"{seed}.db"
    where.copy(template.path, path)
    keys = Path(os.environ["CREDIT_WORKFLOW_KEYS"], template.identity(), "data.key")
    before = keys.read_bytes()
    service = Service(path, known=True, calendar=template.calendar)
    walk = Walk(service, seed)
    walk.run()
    with service.database.reading() as db:
        from credit_workflow.store.integrity.verification import verify  # noqa: PLC0415

        counts = verify(db)
        verify_seals(db)
    walk.happened["entries"] += counts["events"]
    where.drop(path)
    keys.write_bytes(before)
    return walk.happened


@pytest.mark.slow
def test_some_clean_histories(template: Service, tmp_path: Path) -> None:
    happened = sum((walked(template, tmp_path, seed) for seed in several(20)), Counter[str]())
    assert min(happened[kind] for kind in ("act", "submit", "sweep", "look", "refused")) > 9


@pytest.mark.slow
@pytest.mark.parametrize("block", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 10))])
def test_a_thousand_clean_histories(template: Service, tmp_path: Path, block: int) -> None:
    seeds = several(HISTORIES // 10, 1_000 + block * HISTORIES // 10)
    happened = sum((walked(template, tmp_path, seed) for seed in seeds), Counter[str]())
    kinds = ("act", "submit", "sweep", "look", "refused", "rectified", "rotate", "seal")
    assert min(happened[kind] for kind in kinds) > 5
    assert happened["entries"] > 1_000
