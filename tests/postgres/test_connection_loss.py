"""A connection that breaks in the middle of anything: nothing is lost, nothing comes twice, and it is said what happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import Rehearsed
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.store.integrity.seals import add_seal
from credit_workflow.store.postgres import server as ours
from tests.integration.helpers import TO_COLLECTED
from tests.postgres.proxy import Moment, Proxy, Toward
from tests.postgres.server import Server
from tests.postgres.unit import Unit, unit

STEPS = TO_COLLECTED.split()


@pytest.fixture
def office(postgres_url: str, tmp_path: Path) -> Unit:
    return unit(tmp_path, postgres_url)


@pytest.fixture
def wire(postgres: Server) -> Iterator[Proxy]:
    with Proxy(postgres.port) as proxy:
        yield proxy


def entries(office: Unit, case: str) -> list[str]:
    with office.database.reading() as db:
        return [entry.action for _, _, entry in db.cases.entries(case)]


def test_a_commit_whose_answer_is_lost_has_happened(office: Unit, wire: Proxy) -> None:
    people = office.through(wire.through(office.url))
    case = people.objection("2026-03-02")
    wire.arm("after_commit")
    people.life(case, "2026-03-03", "window1:accept")  # says that it was done, since it was
    assert wire.struck.is_set()
    assert entries(office, case) == ["submit", "accept"]
    people.life(case, "2026-03-03", "window1:archive")
    office.verify()


def test_a_commit_that_does_not_arrive_has_not_happened(office: Unit, wire: Proxy) -> None:
    people = office.through(wire.through(office.url))
    case = people.objection("2026-03-02")
    wire.arm("before_commit")
    with pytest.raises(CreditWorkflowError) as lost:
        people.life(case, "2026-03-03", "window1:accept")
    assert wire.struck.is_set()
    assert lost.value.code == "connection_lost"
    assert entries(office, case) == ["submit"]
    people.life(case, "2026-03-03", "window1:accept")
    office.verify()


def test_whether_a_commit_happened_is_not_guessed(office: Unit, wire: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can be asked, it is said that it is not known; it is looked up again, and then it is."""
    people = office.through(wire.through(office.url))
    case = people.objection("2026-03-02")
    wire.arm("after_commit")
    monkeypatch.setattr(ours, "_ASKED", 1)
    monkeypatch.setattr(ours.PostgresServer, "open", _first_only(wire))
    with pytest.raises(CreditWorkflowError) as unknown:
        people.life(case, "2026-03-03", "window1:accept")
    assert unknown.value.code == "commit_unknown"
    monkeypatch.undo()
    assert entries(office, case) == ["submit", "accept"]


def _first_only(wire: Proxy) -> object:
    real = ours.PostgresServer.open

    def open_it(server: ours.PostgresServer) -> object:
        if wire.struck.is_set():
            wire.accepting = False
        return real(server)

    return open_it


def test_the_same_entry_of_somebody_else_is_not_taken_for_ones_own(office: Unit) -> None:
    office.objection("2026-03-02")
    backend = office.database.backend
    with office.database.reading() as db:
        (number, hash_) = db.plain.execute("SELECT id, hash FROM case_event").fetchone()
    assert backend.happened(("case_event", number, hash_))
    assert not backend.happened(("case_event", number, "0" * 64))
    assert not backend.happened(("case_event", number + 1, hash_))
    with pytest.raises(CreditWorkflowError) as nothing_logged:
        backend.happened(None)
    assert nothing_logged.value.code == "connection_lost"


def test_a_seal_whose_commit_has_no_answer_is_there(office: Unit, wire: Proxy) -> None:
    people = office.through(wire.through(office.url))
    wire.arm("after_commit")
    with people.database.writing() as db:
        add_seal(db, people.moment("2026-03-02").at)
    assert wire.struck.is_set()
    with office.database.reading() as db:
        assert db.count("seal_log") == 1


def test_of_several_entries_it_is_the_last_that_is_looked_up(office: Unit, wire: Proxy) -> None:
    people = office.through(wire.through(office.url))
    at = people.moment("2026-03-02").at
    wire.arm("after_commit")
    with people.database.writing() as db:
        said = [Rehearsed(ok=ok, seconds=1.0, code=None) for ok in (False, True)]
        db.journal.add(*(Draft(said=one, at=at, actor="admin1", role="admin") for one in said))
    assert wire.struck.is_set()
    office.verify()


@pytest.mark.slow
@given(
    count=st.integers(1, 150),
    moment=st.sampled_from(["messages", "commit_sent"]),
    toward=st.sampled_from(["server", "client"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cut_anywhere_in_a_life(
    postgres_url: str, tmp_path: Path, wire: Proxy, count: int, moment: Moment, toward: Toward
) -> None:
    """Whoever tries again after an error leads every case to its end, every step once, and the log verifies."""
    fresh = not (tmp_path / "records.csv").exists()
    office = unit(tmp_path, postgres_url, records=80) if fresh else Unit(tmp_path, known=True, url=postgres_url)
    people = office.through(wire.through(office.url))
    with office.database.reading() as db:
        case = people.objection("2026-03-02", f"R-{db.count('case_file') + 1}")
    wire.arm(moment, count if moment == "messages" else 1 + count % len(STEPS), toward)
    for step in STEPS:
        action = step.split(":")[1]
        try:
            people.life(case, "2026-03-03", step)
        except CreditWorkflowError as lost:
            assert lost.code in ("connection_lost", "unreachable")  # noqa: PT017 - not every cut is an error
            assert action not in entries(office, case)
            people.life(case, "2026-03-03", step)
        assert entries(office, case).count(action) == 1
    wire.disarm()
    office.verify()
