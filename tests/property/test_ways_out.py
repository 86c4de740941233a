"""No way out says more than `show` does: in towns led at random, of what is written of people (RULES.md §11).

Each person has a name, each record a title and a content, each case a reason, that stand nowhere else. What an
account is told by a list, a history, a paper, a completion, a statistic or an error are words that showing the cases
and the records, one by one, tells the same account as well. A record that is shown may also be told as it was before,
and to whoever sees the whole of a case, as it is said there of its record: of a class that is for him.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.casework.journal.look_entries import Look
from credit_workflow.casework.records.importing import COLUMNS
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.service.door import carry_out
from credit_workflow.service.scenario_office import ScenarioOffice
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import Request
from credit_workflow.service.use_cases.daily import (
    acting,
    applications,
    cases,
    explanations,
    look_ups,
    names,
    overdue,
    papers,
    records,
)  # fmt: skip
from credit_workflow.service.use_cases.upkeep import notifications, statistics
from credit_workflow.store.mapping.rows import instant_text
from tests import where
from tests.integration.helpers import Service
from tests.property.lives import numbers

pytestmark = pytest.mark.usefixtures("databases")

NOW = datetime(2026, 4, 20, 2, tzinfo=UTC)
WINDOWS, PROVIDERS = ("服务窗口", "西湖窗口"), ("杭州市城市管理局", "市税务局")
ROLES = ("window", "center", "authority", "provider", "supervisor", "auditor", "clerk", "admin", "user", "site")
UNITS = (*WINDOWS, *PROVIDERS, "市信用中心", "市发改委")
PEOPLE = {"adult": "名甲甲", "other": "名乙乙", "firm": "名丙丙公司"}
STEPS = ["accept", "transfer", "receive", "consult", "report", "approve", "notify", "collect"]
BY = {"receive": "center1", "consult": "center1", "report": "center1", "approve": "authority1"}
ME = "whoever"


class Town:
    """A training database whose people have done this and that, chosen by a seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        rng, self.service = Random(seed), Service(folder / f"{seed}.db", records=1)
        self.words = set(PEOPLE.values())
        self._account("window9", "window", WINDOWS[1])
        self.records = [f"R-{n}" for n in range(2, 8)]
        self._import(rng, folder / f"{seed}.csv")
        with self.service._office as self.office:
            for n in range(5):
                with suppress(CreditWorkflowError):  # what is refused is part of a town's life
                    self._lead(rng, n)
        self.office = ScenarioOffice(
            self.service.database.url, self.service.database.keys, self.service.definitions, self.service.calendar
        )
        with self.service.database.reading() as db:
            self.cases = [case.number for case in db.cases.find()]

    def _account(self, name: str, roles: str, unit: str) -> None:
        with self.service.database.writing() as db:
            since = instant_text(self.service.moment("2026-03-01").at)
            db.accounts.put([(name, unit, roles, "active", since, None)])

    def _word(self, kind: str, n: int) -> str:
        self.words.add(f"{kind}{n}{n}")
        return f"{kind}{n}{n}"

    def _import(self, rng: Random, file: Path) -> None:
        people = numbers()
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            for n, no in enumerate(self.records):
                who = rng.choice(sorted(PEOPLE))
                kind = "legal" if who == "firm" else "natural"
                writer.writerow([
                    no, kind, people[who], PEOPLE[who], rng.choice(PROVIDERS), "ABC"[n % 3], self._word("题", n),
                    self._word("文", n), "2024-01-01", "2027-12-31",
                ])  # fmt: skip
        self.service.imports(file)

    def _lead(self, rng: Random, n: int) -> None:
        """Lead an objection as far as chance will have it, or a query."""
        window = rng.choice(("window1", "window9"))
        at = self.service.moment("2026-03-02").at
        if n == 0:
            form = Form(given={"purpose": self._word("途", n)}, all_materials=True)
            new = NewCase(workflow="query", subject=numbers()["adult"])
            case = self.office.submit("window1", at, new, form)
            for action in ("accept", "answer", "print"):
                values = {"collected_by": "本人"} if action == "print" else {}
                self.office.act("window1", at, case, action, Form(given=values, all_materials=True))
            return
        form = Form(given={"reason": self._word("由", n)}, all_materials=True, note=self._word("注", n))
        case = self.office.submit(window, at, NewCase(workflow="objection", record=self.records[n]), form)
        new = self._word("改", n)
        given = {
            "consult": {"question": self._word("问", n)}, "notify": {"channel": "电话"}, "collect": {"collected_by": "self"},
            "report": {"outcome": "corrected", "correction": {"content": new}, "explanation": self._word("释", n)},
        }  # fmt: skip
        for action in STEPS[: rng.randint(0, len(STEPS))]:
            self.office.act(
                BY.get(action, window), at, case, action, Form(given=given.get(action, {}), all_materials=True)
            )

    # -- what an account is told

    def told(self, request: Request[Any]) -> set[str]:
        """Return the words that an account is told by an answer, or by the error that it is refused with."""
        try:
            answer = carry_out(self.office, Seat(account=ME, at=NOW), request)
        except CreditWorkflowError as fault:
            said = f"{fault.message.zh} {fault.message.en} {fault.details!r}"
        else:
            content = getattr(answer, "content", None)
            said = content.decode() if isinstance(content, bytes) else ""
            said += repr(answer) + msgspec.json.encode(answer.document()).decode()
        return {word for word in self.words if word in said}

    def shown(self, roles: frozenset[str]) -> set[str]:
        """Return the words that showing cases and records one by one tells somebody with some roles."""
        found: set[str] = set()
        for number in self.cases:
            found |= self.told(cases.ShowCase(case=number)) | self.told(cases.ShowCase(case=number, page=True))
        for no in self.records:
            found |= self.told(records.ShowRecord(record_no=no))
        for n in range(len(self.records)):
            told = f"题{n}{n}" in found or (f"由{n}{n}" in found and self._for(n, roles))
            found |= {word for word in (f"题{n}{n}", f"文{n}{n}", f"改{n}{n}") if told}
        return found

    def _for(self, n: int, roles: frozenset[str]) -> bool:
        """Whether a record's class is for somebody: C is for government, and no window hands it out."""
        return "ABC"[n % 3] != "C" or not roles.isdisjoint({"center", "authority", "provider"})

    def ways(self) -> Iterator[Request[Any]]:
        """Give every other way out."""
        yield from (cases.ListCases(), cases.ListCases(workflow="objection", open=True), cases.ListTodo())
        yield cases.ListCases(subject=numbers()["adult"], limit=1)
        yield from (overdue.ListOverdue(titles=True), names.CaseNames(typed=""), names.RecordNames(typed=""))
        yield from (records.ListRecords(), records.ListRecords(subject=numbers()["adult"]))
        yield from (statistics.CountCases(), statistics.CountCases(into_file=True), look_ups.ReadLookUps())
        yield from (notifications.ListNotifications(), notifications.ShowDigest())
        yield from (applications.ReadApplicationLog(), applications.ReadApplicationLog(full=True, purpose="x"))
        for no in self.records:
            yield records.RecordHistory(record_no=no)
            yield acting.CheckSubmit(workflow="objection", record=no, values={"reason": "x"})
        for number in self.cases:
            yield from (explanations.ExplainCase(case=number, pictures=True), papers.ListPapers(case=number))
            yield cases.CaseHistory(case=number)
            yield acting.CheckAction(case=number, action="accept", workflow="objection")
            yield from (papers.PrintPaper(case=number, kind=kind) for kind in ("receipt", "report", "overdue"))
            yield from (papers.PrintPaper(case=number, kind=kind) for kind in ("record_print", "query_answer"))
            yield cases.TakeScan(case=number, material="id_card", purpose="x")


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Iterator[list[Town]]:  # noqa: ARG001 - first
    folder = tmp_path_factory.mktemp("towns")
    made = [Town(folder, seed) for seed in (3, 8)]
    yield made
    for town in made:
        town.office.close()
    where.drop_below(folder)


def within(town: Town, roles: frozenset[str], unit: str) -> None:
    """Hold every way out to what `show` tells an account."""
    town._account(ME, ",".join(sorted(roles)), unit)
    shown = town.shown(roles)
    for request in town.ways():
        told = town.told(request)
        if isinstance(request, look_ups.ReadLookUps):  # why somebody was looked up is what the log is for
            told = {word for word in told if not word.startswith("途")}
        assert told <= shown, (request, sorted(told - shown))


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    n=st.integers(0, 1),
    roles=st.frozensets(st.sampled_from(ROLES), min_size=1, max_size=2),
    unit=st.sampled_from(UNITS),
)
@example(n=0, roles=frozenset({"window"}), unit=WINDOWS[0])
@example(n=1, roles=frozenset({"window"}), unit=WINDOWS[1])
@example(n=1, roles=frozenset({"supervisor"}), unit=WINDOWS[0])
@example(n=0, roles=frozenset({"provider"}), unit=PROVIDERS[0])
def test_no_way_out_says_more_than_showing_does(towns: list[Town], n: int, roles: frozenset[str], unit: str) -> None:
    within(towns[n], roles, unit)


def test_what_shows_somebody_is_in_the_log(towns: list[Town]) -> None:
    """Whoever is told a word by showing or listing has left an entry."""
    town = towns[0]
    for roles, unit in (
        (frozenset({"window"}), WINDOWS[0]),
        (frozenset({"auditor"}), "市发改委"),
        (frozenset({"center"}), UNITS[4]),
    ):
        town._account(ME, ",".join(roles), unit)
        for request in (
            *(cases.ShowCase(case=number) for number in town.cases),
            *(cases.CaseHistory(case=number) for number in town.cases),
            cases.ListCases(),
            applications.ReadApplicationLog(),
            *(records.ShowRecord(record_no=no) for no in town.records),
        ):
            with town.service.database.reading() as db:
                before = len(list(db.journal.of(Look, actor=ME)))
            told = town.told(request)
            with town.service.database.reading() as db:
                entries = [line.kind for line in db.journal.of(Look, actor=ME)][before:]
            assert entries or not told, request
            assert len(entries) <= 1, (request, entries)
