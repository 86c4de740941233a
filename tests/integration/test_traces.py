"""What use cases leave in the logs, also where they end in an error."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow.casework.journal.look_entries import Look
from credit_workflow.errors import CreditWorkflowError, IntegrityFault, NotAllowed, Refused
from credit_workflow.service.files import Handed
from credit_workflow.service.registry import USE_CASES, function, request_type, use_case_of
from credit_workflow.service.use_case import Request, Trace, Way
from credit_workflow.service.use_cases.daily.acting import AssignCase
from credit_workflow.service.use_cases.daily.applications import ReadApplicationLog
from credit_workflow.service.use_cases.daily.look_ups import ReadLookUps
from credit_workflow.service.use_cases.daily.papers import PrintPaper, VerifyPaper
from credit_workflow.service.use_cases.upkeep import statistics
from credit_workflow.service.use_cases.upkeep.audit import ProveCase, ReadLog, SealLog
from credit_workflow.service.use_cases.upkeep.notifications import PutOutDigests, SendNotifications
from credit_workflow.service.use_cases.upkeep.reports import ReportMonth
from credit_workflow.service.use_cases.upkeep.statistics import CountCases
from credit_workflow.service.work import Work
from tests.integration.helpers import Service

AT = "2026-03-06"


@pytest.fixture
def service(tmp_path: Path, databases: None) -> Service:  # noqa: ARG001 - it must be there first
    """A service with one objection, accepted and sealed."""
    made = Service(tmp_path / "cases.db")
    made.life(made.objection("2026-03-02"), "2026-03-02", "window1:accept")
    return made


def looks(service: Service) -> list[tuple[str, str, dict[str, Any]]]:
    """Who looked, at what, and what the log says of it."""
    with service.database.reading() as db:
        return [(line.actor, line.kind, msgspec.to_builtins(line.said)) for line in db.journal.of(Look)]


CASE = "OBJ-2026-000001"
PERIOD = {"first": "2026-03-01", "last": "2026-03-06"}
ASKED: list[tuple[str, Request[Any], str, dict[str, Any]]] = [
    (
        "auditor1", ReadLog(record="R-1", purpose="抽查"), "audit",
        {"record": "R-1", "subject": None, "account": None, "purpose": "抽查", "full": False},
    ),
    (
        "center1", ReadLookUps(full=True, purpose="复核"), "log",
        {"record": None, "subject": None, "account": None, "purpose": "复核", "full": True},
    ),
    (
        "center1", ReadApplicationLog(record="R-1", limit=5), "applications",
        {"cases": (CASE,), "record": "R-1", "subject": None, "criteria": {"limit": "5"}, "purpose": "case work",
         "full": False},
    ),
    (
        "auditor1", ReadApplicationLog(account="window1", first=date(2026, 3, 1), purpose="抽查"), "applications",
        {"cases": (), "withheld": (CASE,), "record": None, "subject": None,
         "criteria": {"account": "window1", "first": "2026-03-01"}, "purpose": "抽查", "full": False},
    ),
    (
        "supervisor1", CountCases(workflow="objection", into_file=True), "statistics",
        {"record": None, "subject": None, "purpose": "statistics", "full": False, "first": None, "last": AT,
         "workflow": "objection", "unit": None},
    ),
    (
        "supervisor1", ReportMonth(month="2026-03", verify=False), "report",
        {"record": None, "subject": None, "purpose": "report", "full": False, **PERIOD},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("who", "request_", "kind", "said"), ASKED, ids=[asked[2] for asked in ASKED])
def test_who_reads_or_takes_out_is_in_the_log(
    service: Service, who: str, request_: Request[Any], kind: str, said: dict[str, Any]
) -> None:
    service.desk(who, AT).ask(request_)
    (look,) = looks(service)
    assert look == (who, kind, said)
    assert list(look[2]) == list(said)


def test_figures_on_the_screen_are_no_look_at_anybody(service: Service) -> None:
    service.desk("supervisor1", AT).ask(CountCases())
    assert looks(service) == []


@pytest.mark.parametrize("request_", [asked[1] for asked in ASKED], ids=[asked[2] for asked in ASKED])
def test_who_may_not_sees_nothing_and_leaves_the_refused_look(service: Service, request_: Request[Any]) -> None:
    with pytest.raises(NotAllowed):
        service.desk("window1", AT).ask(request_)
    ((who, kind, said),) = looks(service)
    assert (who, kind, said["code"], said["look"]) == ("window1", "refused_look", "role", use_case_of(request_).name)


def test_an_error_that_tells_what_the_log_says_is_a_look(service: Service) -> None:
    printed = service.desk("window1", AT).ask(PrintPaper(case=CASE, kind="receipt"))
    page = printed.content.decode().replace("有误", "无误")
    with pytest.raises(IntegrityFault):
        service.desk("window2", AT).ask(VerifyPaper(page=Handed("page.html", page.encode())))
    assert [look[:2] for look in looks(service)] == [("window1", "paper"), ("window2", "paper_verify")]
    with pytest.raises(CreditWorkflowError):
        service.desk("window2", AT).ask(VerifyPaper(code="CW1:OBJ-2026-000009:receipt:2:3f2a1"))
    assert len(looks(service)) == 2


def test_a_proof_that_can_not_be_given_was_asked_for(service: Service) -> None:
    with pytest.raises(Refused):
        service.desk("auditor1", AT).ask(ProveCase(case=CASE))
    ((_, kind, said),) = looks(service)
    assert (kind, said["case"], said["purpose"]) == ("proof", CASE, "proof")


def test_a_look_that_leaves_no_trace_is_not_answered(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def traceless(work: Work, request: Request[Any]) -> Any:  # noqa: ARG001 - that is its fault
        return None

    monkeypatch.setattr(statistics, "count_cases", traceless)
    with pytest.raises(RuntimeError, match="stats left no trace"):
        service.desk("supervisor1", AT).ask(CountCases())


def test_who_may_not_assign_is_in_the_log_of_the_case(service: Service) -> None:
    with pytest.raises(NotAllowed):
        service.desk("window1", AT).ask(AssignCase(case=CASE, account="center1"))
    with pytest.raises(NotAllowed):
        service.desk("window1", AT).ask(AssignCase(case="OBJ-2026-000009", account="center1"))
    with service.database.reading() as db:
        *_, (_, _, entry) = db.cases.entries(CASE)
    assert (entry.actor, entry.action) == ("window1", "assign")
    assert entry.change.refused is not None
    assert entry.change.refused.code == "role"


def test_what_has_nothing_to_do_says_so(service: Service) -> None:
    admin = service.desk("admin1", AT)
    assert [admin.ask(SealLog()).sealed for _ in range(2)] == [True, False]
    nobody = service.desk("window1", AT)
    assert [nobody.ask(PutOutDigests()).digests for _ in range(2)] == [1, 0]
    assert [nobody.ask(SendNotifications()).sent > 0 for _ in range(2)] == [True, False]


@pytest.mark.parametrize("name", USE_CASES)
def test_each_use_case_is_there(name: str) -> None:
    use_case = USE_CASES[name]
    assert issubclass(request_type(use_case), Request)
    assert request_type(use_case).__doc__
    assert callable(function(use_case, use_case.run))
    assert use_case.trace is not Trace.CHANGE or use_case.way is not Way.READS
