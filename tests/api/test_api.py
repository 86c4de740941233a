"""The Python API on real databases; what it says is what the command says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow import (
    Case,
    Conflict,
    CreditWorkflowError,
    Desk,
    IntegrityFault,
    NotAllowed,
    NotFound,
    Office,
    Refused,
    UsageFault,
    as_json,
    create_production,
    create_training,
    due_date,
    error_document,
    grounds_of,
    open_database,
    working_calendar,
)
from tests import where
from tests.acceptance.conftest import Command
from tests.api.conftest import ROOT, record_row
from tests.property.lives import numbers

PASSWORD = "correct horse 4 battery"  # noqa: S105 - of a database that the test makes


def objection(office: Office, day: str = "2026-03-02") -> Case:
    desk = office.as_account("window1", at=day)
    return desk.submit("objection", record="R-1", values={"reason": "金额有误"}, all_materials=True)


def received(office: Office) -> Case:
    case = objection(office)
    window = office.as_account("window1", at="2026-03-03")
    for action in ("accept", "transfer"):
        window.act(case, action)
    return office.as_account("center1", at="2026-03-03").act(case, "receive")


# ---------------------------------------------------------------- the same as the command


@pytest.fixture
def command(office: Office, tmp_path: Path) -> Command:  # noqa: ARG001 - its database
    return Command(tmp_path)


SAME: dict[str, tuple[Callable[[Desk, Case], Any], str, Callable[[Any], Any]]] = {
    "case": (lambda d, c: d.case(c), "case show {case}", lambda j: j),
    "cases": (lambda d, _: d.cases(), "case list", lambda j: j["cases"]),
    "narrowed": (
        lambda d, _: d.cases(workflow="objection", state="verifying", role="center", due_before=date(2026, 4, 2), limit=1),
        "case list --workflow objection --state verifying --role center --due-before 2026-04-02 --limit 1",
        lambda j: j["cases"],
    ),
    "history": (lambda d, c: d.history(c), "case history {case}", lambda j: j["events"]),
    "explain": (lambda d, c: d.explain(c), "case explain {case}", lambda j: j["deadlines"]),
    "one deadline": (lambda d, c: d.explain(c, "handling"), "case explain {case} handling", lambda j: j["deadlines"]),
    "todo": (lambda d, _: d.todo(), "todo", lambda j: j["cases"]),
    "overdue": (lambda d, _: d.overdue(), "overdue", lambda j: j["overdue"]),
    "targets": (lambda d, _: d.overdue(kind="target"), "overdue", lambda j: j["targets"]),
    "record": (lambda d, _: d.look_up("R-1"), "record show R-1", lambda j: j),
    "records": (lambda d, _: d.records(), "record list", lambda j: j["records"]),
    "whoami": (lambda d, _: d.whoami(), "whoami", lambda j: j),
    "check": (lambda d, c: d.check(c, "report"), "objection report {case} --check", lambda j: j["grounds"]),
    "day by day": (
        lambda _, __: due_date("2026-02-10", "7 working days"),
        "calendar count 2026-02-10 7_working_days",
        lambda j: {name: j[name] for name in ("due", "provisional", "counted")},
    ),
    "a year": (lambda _, __: working_calendar().year(2026), "calendar show 2026", lambda j: j["days"]),
}  # fmt: skip


def told(value: Any) -> Any:
    return [told(part) for part in value] if isinstance(value, tuple) else as_json(value)


@pytest.fixture
def late(office: Office) -> Case:
    return received(office)


@pytest.mark.parametrize("what", SAME)
def test_values_say_what_the_command_says(what: str, office: Office, late: Case, command: Command):
    ask, line, pick = SAME[what]
    found = told(ask(office.as_account("center1", at="2026-04-10"), late))
    words = [word.replace("_", " ") if word.startswith("7") else word for word in line.format(case=late.number).split()]
    answer = command(words[0], *words[1:], who="center1", at="2026-04-10")
    assert answer.code == 0, answer.err
    assert found == pick(answer.json)
    assert found or what == "targets"


def test_a_refusal_says_what_the_command_says(office: Office, command: Command):
    case = office.as_account("window1", at="2026-03-02").submit("objection", record="R-1", values={"reason": "x"})
    with pytest.raises(Refused) as refusal:
        office.as_account("window1", at="2026-03-02").act(case, "accept", values={"resident": False})
    answer = command(f"objection accept {case.number} --set resident=false", who="window1", at="2026-03-02")
    assert error_document(refusal.value) == json.loads(answer.err)
    assert answer.code == refusal.value.exit_status
    assert [ground.code for ground in grounds_of(refusal.value)] == [
        "identity_unchecked",
        "resident",
        *["material"] * 3,
    ]
    assert grounds_of(refusal.value, "en")[0].message.isascii()


def test_a_sweep_says_what_the_command_says(office: Office, command: Command):
    objection(office)
    report = office.sweep("2026-04-10")
    assert report.fired == {"overdue": 1}
    again = command.ok("sweep", who="", at="2026-04-10")
    assert set(as_json(report)) == set(again)
    assert again["fired"] == {}
    assert office.as_account("window1", at="2026-04-10").overdue()[0].days_over == 9


# ---------------------------------------------------------------- acting


def test_what_a_case_is_expected_to_be_is_held_to(office: Office):
    case = objection(office)
    desk = office.as_account("window1", at="2026-03-02")
    desk.act(case, "accept", expect_version=case.version)
    with pytest.raises(Conflict):
        desk.act(case, "transfer", expect_version=case.version)
    assert desk.case(case).state == "accepted"
    assert desk.act(case, "transfer").state == "transferred"


def test_checking_changes_nothing(office: Office):
    desk = office.as_account("window1", at="2026-03-02")
    assert [g.code for g in desk.check_submit("objection", record="R-1")] == ["missing_values"]
    assert desk.check_submit("objection", record="R-1", values={"reason": "x"}) == ()
    assert desk.cases() == ()
    seen = {"reason": "x", "identity_checked": True, "resident": True}
    case = desk.submit("objection", record="R-1", values=seen)
    assert {g.facts.get("material") for g in desk.check(case, "accept", materials=["id_card"])} == {
        "objection_form",
        "evidence",
    }
    assert desk.check(case, "accept", all_materials=True) == ()
    assert desk.case(case) == case
    assert len(desk.history(case)) == 1


def test_scans_are_kept_with_the_action_and_go_with_its_refusal(office: Office, tmp_path: Path):
    scan = tmp_path / "id.pdf"
    scan.write_bytes(b"scan")
    desk = office.as_account("window1", at="2026-03-02")
    with pytest.raises(NotFound):
        desk.submit("objection", record="R-9", values={"reason": "x"}, materials={"id_card": scan})
    folder = where.beside(tmp_path / "cases.db", "scans")
    assert not list(folder.glob("*"))
    case = desk.submit("objection", record="R-1", values={"reason": "x"}, materials={"id_card": scan, "evidence": None})
    assert {m.kind: m.scan is not None for m in case.materials} == {"id_card": True, "evidence": False}
    assert len(list(folder.glob("*"))) == 1


def test_a_query_gives_the_records_that_it_found(office: Office):
    desk = office.as_account("window1", at="2026-03-02")
    query = desk.submit("query", subject=numbers()["adult"], values={"purpose": "贷款"}, all_materials=True)
    desk.act(query, "accept")
    answered = desk.act(query, "answer")
    assert answered.answer is not None
    assert [(r.record_no, r.shown, r.content) for r in answered.answer] == [("R-1", True, "欠税1元")]
    assert desk.case(query).answer is None


def test_records_from_rows_are_all_or_nothing(office: Office):
    desk = office.as_account("center1", at="2026-03-02")
    with pytest.raises(UsageFault) as fault:
        desk.import_records([record_row("R-2"), record_row("R-3", open_class="Z"), {"record_no": "R-4"}])
    assert [line["line"] for line in fault.value.details["lines"]] == [2, 3]
    with pytest.raises(Refused):
        desk.import_records([record_row("R-1"), record_row("R-2")])
    assert [record.record_no for record in desk.records()] == ["R-1"]
    done = desk.import_records([record_row("R-1", title="欠费"), record_row("R-2")], update=True)
    assert (done.imported, done.updated) == (1, 1)
    assert [r.record_no for r in desk.records(subject=numbers()["adult"])] == ["R-1", "R-2"]
    assert desk.records(subject=numbers()["firm"]) == ()


def test_a_look_up_is_masked_and_logged(office: Office, command: Command):
    desk = office.as_account("center1", at="2026-03-02")
    assert "*" in desk.look_up("R-1").subject_id
    with pytest.raises(UsageFault):
        desk.look_up("R-1", full=True)
    assert desk.look_up("R-1", full=True, purpose="核对").subject_id == numbers()["adult"]
    dossier = command.ok("record history R-1", who="center1")
    assert [line["data"]["purpose"] for line in dossier["look_ups"]] == ["case work", "核对"]


def test_a_case_is_assigned_within_the_unit(office: Office):
    case = objection(office)
    assert office.as_account("supervisor1", at="2026-03-02").assign(case, "window2").assignee == "window2"
    with pytest.raises(NotAllowed):
        office.as_account("window1", at="2026-03-02").assign(case, "window1")


# ---------------------------------------------------------------- offices


@pytest.mark.usefixtures("databases")
def test_what_cannot_be_opened_is_said_at_once(tmp_path: Path):
    with pytest.raises(NotFound):
        open_database(where.url(tmp_path / "none.db"))
    assert not where.exists(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("this is no database at all, whatever its name may say" * 99)
    with pytest.raises(IntegrityFault):
        open_database(tmp_path / "text.db")
    with pytest.raises(UsageFault):
        open_database("mysql://host/db")
    made = create_training(where.owner(tmp_path / "p.db"), at=datetime(2026, 3, 1, 1, tzinfo=UTC))
    assert made.training
    with pytest.raises(Refused):
        create_training(where.owner(tmp_path / "p.db"))
    with pytest.raises(UsageFault):
        open_database(where.url(tmp_path / "p.db"), lang="fr")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(NotFound):
        open_database(where.url(tmp_path / "p.db"), workflows=tmp_path)


def test_time_is_a_parameter(office: Office):
    for at in ("2026-03-02", date(2026, 3, 2), datetime(2026, 3, 1, 16, tzinfo=UTC)):
        assert office.as_account("window1", at=at).check_submit("objection", record="R-1") != ()
    case = objection(office, "2026-03-02T10:00")
    assert office.as_account("window1", at="2026-03-02").act(case, "accept").version == 2  # a day alone is not earlier
    with pytest.raises(Refused, match="never goes back"):
        office.as_account("window1", at="2026-03-01")
    with pytest.raises(UsageFault):
        office.as_account("window1", at="yesterday")
    with pytest.raises(NotAllowed):
        office.as_account("nobody9", at="2026-03-02")


@pytest.mark.slow
@pytest.mark.usefixtures("databases")
def test_people_sign_in_to_a_production_database(tmp_path: Path):
    now = [datetime(2026, 3, 2, 1, tzinfo=UTC)]
    made = create_production(where.owner(tmp_path / "p.db"), admin="Li.Na", password=PASSWORD, clock=lambda: now[0])
    assert not made.training
    for attempt in (
        lambda: made.as_account("li.na"),
        lambda: made.sweep("2026-03-02"),
        lambda: made.sign_in("li.na", "x"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    with made.sign_in("li.na", PASSWORD) as desk:
        assert desk.whoami().roles == ("admin",)
        assert desk.cases()
        with pytest.raises(NotAllowed):
            desk.submit("objection", record="R-1")
    with pytest.raises(NotAllowed, match="nobody is signed in"):
        desk.whoami()
    idle = made.sign_in("li.na", PASSWORD)
    now[0] += timedelta(minutes=31)
    with pytest.raises(NotAllowed, match="ended"):
        idle.cases()
    changing = made.sign_in("li.na", PASSWORD)
    changing.change_password(PASSWORD, PASSWORD + " staple")
    with pytest.raises(NotAllowed):
        made.sign_in("li.na", PASSWORD)
    made.sign_in("li.na", PASSWORD + " staple").sign_out()
    assert made.sweep().failed == ()


def test_nobody_signs_in_to_a_training_database(office: Office):
    with pytest.raises(UsageFault):
        office.sign_in("window1", PASSWORD)
    with pytest.raises(UsageFault):
        office.as_account("window1", at="2026-03-02").change_password("a", "b")


def test_an_office_speaks_its_language(tmp_path: Path, office: Office):
    case = objection(office)
    english = open_database(where.url(tmp_path / "cases.db"), lang="en")
    assert english.as_account("window1", at="2026-03-02").case(case).state_title.isascii()
    assert not case.state_title.isascii()
    assert {w.id: w.title for w in english.workflows}["objection"].isascii()
    assert "submit" in next(w for w in office.workflows if w.id == "objection").actions


def test_unknown_names_are_refused(office: Office):
    desk = office.as_account("window1", at="2026-03-02")
    case = objection(office)
    attempts: list[Callable[[], Any]] = [
        lambda: desk.case("OBJ-2026-999999"),
        lambda: desk.act(case, "fly"),
        lambda: desk.act("OBJ-2026-999999", "accept"),
        lambda: desk.submit("nothing", record="R-1"),
        lambda: desk.check_submit("nothing"),
        lambda: desk.cases(workflow="nothing"),
        lambda: desk.overdue(workflow="nothing"),
        lambda: desk.explain(case, "nothing"),
        lambda: desk.look_up("nothing"),
        lambda: office.as_account("center1", at="2026-03-02").import_records("nothing.csv"),
        lambda: working_calendar("nothing"),
    ]
    for number, attempt in enumerate(attempts):
        with pytest.raises(NotFound):
            attempt()
        assert desk.case(case).version == case.version, number


@pytest.mark.parametrize(
    ("start", "length", "more"),
    [("2026-02-30", "7 days", {}), (datetime(2026, 2, 10, tzinfo=UTC), "7 days", {}), ("2026-02-10", "soon", {}),
     ("2026-02-10", "7 days", {"extension_working_days": -1})],
)  # fmt: skip
def test_what_is_no_date_or_period_is_refused(start: Any, length: str, more: dict[str, int]):
    with pytest.raises(UsageFault):
        due_date(start, length, **more)


def test_a_calendar_counts_without_a_database():
    cn = working_calendar(lang="en")
    assert (cn.id, cn.zone, cn.first.year) == ("cn", "Asia/Shanghai", 2004)
    assert cn.is_working("2026-02-14")
    assert cn.day(date(2026, 2, 16)).name == "Spring Festival"
    assert cn.due_date("2026-01-16", "30 days", shift=True, extension_working_days=15).due == date(2026, 3, 16)
    assert cn.due_date("2026-02-10", "5 years").counted == ()
    with pytest.raises(CreditWorkflowError):
        cn.is_working("1999-01-01")


def test_a_calendar_counts_many_at_once():
    cn = working_calendar()
    starts = ["2026-01-16", date(2026, 2, 10), "2026-01-16", "2026-12-21"]
    for length, more in [
        ("6 working days", {}),
        ("30 days", {"shift": True, "extension_working_days": 15}),
        ("5 years", {"shift": True}),
    ]:
        alone = [cn.due_date(start, length, **more) for start in starts]
        together = cn.due_dates(iter(starts), length, **more)
        assert [(d.due, d.provisional, d.counted) for d in together] == [(d.due, d.provisional, ()) for d in alone]
    for start, more, fault in [
        ("no", {}, UsageFault),
        ("1999-01-01", {}, Refused),
        (starts[0], {"extension_working_days": -1}, UsageFault),
    ]:
        with pytest.raises(fault):
            cn.due_dates([starts[1], start], "7 working days", **more)


def test_values_are_frozen_and_survive_json(office: Office):
    case = objection(office)
    with pytest.raises(AttributeError):
        case.state = "closed"  # type: ignore[misc]  # that is the point
    assert msgspec.json.decode(msgspec.json.encode(case), type=Case) == case


def test_the_example_in_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from tests.integration.helpers import write_records  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    write_records(tmp_path / "records.csv", 1)
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert example is not None
    exec(compile(example[1], "api.md", "exec"), {})  # noqa: S102 - our own documentation
    assert capsys.readouterr().out.splitlines()[-2:] == ["accepted 2026-04-01", "2026-02-26"]
