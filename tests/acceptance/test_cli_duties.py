"""Security duties that recur, by the real command (附件3)."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml

from credit_workflow.casework.sweep import recurring_cases
from credit_workflow.casework.sweep.recurring_cases import opened_through
from credit_workflow.resources import data_folder
from credit_workflow.strict_yaml.documents import read_yaml
from tests import where
from tests.acceptance.conftest import Command, Office

D1 = "DUTY-2026-000001"
P1 = "INSP-2026-000001"
#: The duties that ship, in the order of their definitions.
KINDS = [
    "equipment_check", "protection_check", "equipment_register", "permission_review", "media_register", "contractors",
    "confidentiality", "emergency_training", "drill", "operating_report",
]  # fmt: skip


def grounds(error: dict[str, Any]) -> set[str]:
    return {ground["code"] for ground in error["details"]["grounds"]}


def deadline(case: dict[str, Any], name: str) -> tuple[str, str]:
    (found,) = [d for d in case["deadlines"] if d["id"] == name]
    return found["status"], found["due"]


def duty(command: Command, kind: str, at: str) -> list[dict[str, Any]]:
    """The cases of one kind of duty, oldest period first."""
    cases = command.ok("case list --workflow duty --limit 500", who="center1", at=at)["cases"]
    shown = [command.ok(f"case show {case['case']}", who="center1", at=at) for case in cases]
    return sorted((c for c in shown if c["fields"]["kind"] == kind), key=lambda c: c["fields"]["period_from"])


def proved(command: Command) -> None:
    assert command("audit verify").json["ok"] is True


@pytest.fixture
def march(command: Command, databases: None) -> Command:  # noqa: ARG001 - it must be there first
    """A training database of 10 March 2026 on which the duties were opened that day."""
    assert command("init --training", at="2026-03-10").code == 0
    assert len(command("sweep --duties", at="2026-03-10T08:00").json["opened"]) == len(KINDS) + 1
    return command


@pytest.mark.slow
def test_the_periods_that_run_are_opened_once(march: Command) -> None:
    assert [duty(march, kind, "2026-03-10")[0]["case"][-2:] for kind in KINDS] == [f"{n:02}" for n in range(1, 11)]
    again = march("sweep --duties", at="2026-03-10T09:00")
    assert (again.json["opened"], again.json["failed"]) == ([], [])
    assert march("sweep --duties", at="2026-03-31").json["opened"] == []
    (check,) = duty(march, "equipment_check", "2026-03-31")
    assert (check["state"], check["opened"], check["waits_for"]) == ("due", "2026-03-10", ["center"])
    assert (check["fields"]["period_from"], check["fields"]["period_until"]) == ("2026-03-01", "2026-03-31")
    assert deadline(check, "period") == ("running", "2026-03-31")
    assert [d["id"] for d in check["deadlines"]] == ["period"]
    (review,) = duty(march, "permission_review", "2026-03-31")
    assert [(d["id"], d["kind"], d["due"]) for d in review["deadlines"]] == [("goal", "target", "2026-06-29")]
    (report,) = duty(march, "operating_report", "2026-03-31")
    assert (report["fields"]["covers_from"], report["fields"]["covers_until"]) == ("2026-02-01", "2026-02-28")
    proved(march)


@pytest.mark.slow
def test_missed_periods_are_made_up_for_each_as_of_its_day(march: Command) -> None:
    answer = march("sweep --duties", at="2026-07-02").json
    assert answer["opened"]
    checks = duty(march, "equipment_check", "2026-07-02")
    assert [c["fields"]["period_from"][5:7] for c in checks] == ["03", "04", "05", "06", "07"]
    assert [c["opened"] for c in checks[1:]] == ["2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"]
    assert [deadline(c, "period")[0] for c in checks] == ["overdue"] * 4 + ["running"]
    opening, late = march.ok(f"case history {checks[1]['case']}", who="center1", at="2026-07-02")["events"]
    assert (opening["actor"], opening["effective"], opening["at"][:10]) == ("system", "2026-04-01", "2026-07-02")
    assert (late["action"], late["effective"]) == ("overdue", "2026-05-01")
    assert answer["fired"]["overdue"] == sum(
        c["overdue"] or any(d["status"] == "overdue" for d in c["deadlines"])
        for kind in KINDS
        for c in duty(march, kind, "2026-07-02")
    )
    assert march("sweep --duties", at="2026-07-02").json["opened"] == []
    proved(march)


@pytest.mark.slow
def test_the_turn_of_the_year(march: Command) -> None:
    march("sweep --duties", at="2027-01-01")
    drills = duty(march, "drill", "2027-01-01")
    assert [(c["case"][:9], c["fields"]["period_until"]) for c in drills] == [
        ("DUTY-2026", "2026-12-31"),
        ("DUTY-2027", "2027-12-31"),
    ]
    reports = duty(march, "operating_report", "2027-01-01")
    assert (reports[-1]["fields"]["covers_from"], reports[-1]["fields"]["covers_until"]) == ("2026-12-01", "2026-12-31")
    inspections = march.ok("case list --workflow inspection", who="center1", at="2027-01-01")["cases"]
    assert [deadline(c, "yearly") for c in inspections] == [("overdue", "2026-12-31"), ("running", "2027-12-31")]
    proved(march)


def test_a_training_database_opens_nothing_unless_asked(office: Office) -> None:
    assert office("sweep", at="2026-03-02").json["opened"] == []
    assert office("sweep --no-duties", at="2026-03-02").json["opened"] == []
    assert office("sweep", at="2026-03-02", CREDIT_WORKFLOW_DUTIES="0").json["opened"] == []
    opened = office("sweep", at="2026-03-02", CREDIT_WORKFLOW_DUTIES="1").json["opened"]
    # The definitions came in with the database in January 2025; the series begin with 2026: 3 monthly kinds
    # three times, 7 longer ones and the yearly inspection once.
    assert len(opened) == 3 * 3 + 7 + 1
    proved(office)


@pytest.mark.usefixtures("databases")
def test_a_production_database_opens_them_unless_told_not_to(command: Command) -> None:
    command.environment |= {
        name: str(command.folder / name) for name in ("CREDIT_WORKFLOW_STATE", "CREDIT_WORKFLOW_KEYS")
    }
    clock = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    with (
        mock.patch("credit_workflow.cli.context.machine_time", return_value=clock),
        mock.patch.object(sys, "stdin", io.StringIO("correct-horse-7-battery\n")),
    ):
        assert command("init --admin root1 --password-stdin").code == 0
        assert command("sweep --no-duties").json["opened"] == []
        assert len(command("sweep").json["opened"]) == len(KINDS) + 1
        assert command("sweep").json["opened"] == []
        proved(command)


@pytest.mark.slow
@pytest.mark.usefixtures("databases")
def test_two_sweeps_at_once_open_each_duty_once(command: Command) -> None:
    assert command("init --training", at="2026-03-10").code == 0
    words = [sys.executable, "-m", "credit_workflow", "sweep", "--duties", "--at", "2026-05-02T10:00", "--json"]
    sweepers = [
        subprocess.Popen(words, env=command.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = [(*sweeper.communicate(timeout=120), sweeper.returncode) for sweeper in sweepers]
    assert [(err, code) for _, err, code in answers] == [("", 0)] * 4
    opened = [case for out, *_ in answers for case in json.loads(out)["opened"]]
    assert len(opened) == len(set(opened)) == 3 * 3 + 2 * 2 + 5 + 1
    for kind in KINDS:
        firsts = [case["fields"]["period_from"] for case in duty(command, kind, "2026-05-02T11:00")]
        assert (
            len(firsts)
            == len(set(firsts))
            == {"equipment_check": 3, "protection_check": 3, "operating_report": 3}.get(
                kind, 2 if "register" in kind else 1
            )
        )
    proved(command)


@pytest.mark.usefixtures("databases")
def test_a_sweep_that_stops_between_two_duties_goes_on_where_it_was(command: Command) -> None:
    assert command("init --training", at="2026-03-10").code == 0
    keep, left = recurring_cases.Opened, [4]

    class Stopping(list[str]):
        def extend(self, cases: Iterable[str]) -> None:
            super().extend(cases)
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt

    with mock.patch.object(recurring_cases, "Opened", return_value=keep(cases=Stopping())):
        stopped = command("sweep --duties", at="2026-03-10T08:00")
    assert stopped.code != 0
    rest = command("sweep --duties", at="2026-03-10T09:00").json["opened"]
    assert rest == [f"DUTY-2026-{n:06}" for n in range(5, 11)] + [P1]
    proved(command)


def site(command: Command, change: Callable[[dict[str, Any]], None], workflow: str = "duty") -> Path:
    """A folder of definitions in which one is changed."""
    folder = command.folder / f"site{len(list(command.folder.glob('site*')))}"
    shutil.copytree(data_folder("workflows"), folder)
    document = read_yaml(folder / f"{workflow}.yaml")[0]
    change(document)
    (folder / f"{workflow}.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.mark.usefixtures("databases")
def test_a_duty_that_can_not_be_opened_holds_up_no_other_and_is_tried_again(command: Command) -> None:
    def impossible(document: dict[str, Any]) -> None:
        document["recurring"]["media_register"]["values"]["period_until"] = "period.previous_last"

    assert command("init --training --workflows", str(site(command, impossible)), at="2026-03-10").code == 0
    folder = str(command.folder / "site0")
    for hour in ("08", "09"):
        answer = command("sweep --duties --workflows", folder, at=f"2026-03-10T{hour}:00")
        assert answer.code == 1
        report = json.loads(answer.out)
        assert [failed["case"] for failed in report["failed"]] == ["duty:media_register"]
        assert len(report["opened"]) == (len(KINDS) if hour == "08" else 0)
    line = "duty open --set kind=media_register --set period_until=2026-03-31 --workflows"
    case = command.ok(line, folder, who="center1", at="2026-03-10T10:00")
    assert case["case"] == "DUTY-2026-000010"  # what failed has taken no number
    proved(command)


@pytest.mark.slow
def test_a_new_version_with_another_interval_goes_on_after_the_last_period(march: Command) -> None:
    def quarterly(document: dict[str, Any]) -> None:
        document["version"] += 1
        document["recurring"]["operating_report"]["every"] = "3 months"

    folder = str(site(march, quarterly))
    assert march("sweep --duties", at="2026-05-01").json["opened"]
    march("sweep --duties --workflows", folder, at="2026-07-02")
    reports = duty(march, "operating_report", "2026-07-02")
    assert [c["fields"]["period_from"] for c in reports] == ["2026-03-01", "2026-04-01", "2026-05-01", "2026-07-01"]
    assert reports[-1]["fields"]["covers_from"] == "2026-04-01"
    checks = duty(march, "equipment_check", "2026-07-02")
    assert [c["fields"]["period_from"][5:7] for c in checks] == ["03", "04", "05", "06", "07"]
    with where.database(march.database).reading() as db:
        assert opened_through(db)["duty:operating_report"].isoformat() == "2026-07-01"
    proved(march)


def test_the_report_is_done_when_the_log_has_one_about_its_month(march: Command) -> None:
    (case,) = duty(march, "operating_report", "2026-03-20")
    line = f"duty record {case['case']} --set result=x --set sent_to=市税务局"
    assert grounds(march.refused(3, line, who="center1", at="2026-03-20")) == {"report_made"}
    march.ok(
        f"report monthly --month 2026-01 --no-verify --to {march.folder / 'a.html'}", who="center1", at="2026-03-20"
    )
    assert grounds(march.refused(3, line, who="center1", at="2026-03-20")) == {"report_made"}
    march.ok(f"report monthly --no-verify --to {march.folder / 'b.html'}", who="center1", at="2026-03-20")
    march.refused(2, f"duty record {case['case']} --set result=x", who="center1", at="2026-03-20")
    assert march.ok(line, who="center1", at="2026-03-20")["state"] == "done"
    proved(march)


def test_recording_a_duty_and_its_faults(march: Command) -> None:
    march.refused(6, f"duty record {D1} --set result=x", who="provider1", at="2026-03-20")
    march.refused(4, f"duty record {D1} --set result=x", who="window1", at="2026-03-20")  # it knows its own alone
    march.refused(2, f"duty record {D1}", who="center1", at="2026-03-20")
    for day in ("2026-02-28", "2026-03-21"):
        error = march.refused(3, f"duty record {D1} --set result=x --set done_on={day}", who="center1", at="2026-03-20")
        assert grounds(error) == {"within"}
    case = march.ok(f"duty record {D1} --set result=无异常 --set done_on=2026-03-18", who="center1", at="2026-03-20")
    assert (case["state"], deadline(case, "period")) == ("done", ("met", "2026-03-31"))
    (register,) = duty(march, "equipment_register", "2026-03-20")
    case = march.ok(f"duty record_faults {register['case']} --set faults=硬盘报警", who="center1", at="2026-03-31")
    assert (case["state"], deadline(case, "goal")[0], deadline(case, "remedy")) == (
        "faulty",
        "met",
        ("running", "2026-04-15"),
    )
    case = march.ok(f"duty remedy {register['case']} --set remedy=已更换", who="center1", at="2026-04-02")
    assert (case["state"], deadline(case, "remedy")[0]) == ("done", "met")
    (report,) = duty(march, "operating_report", "2026-04-02")
    march.refused(2, f"duty record {report['case']} --set result=x", who="center1", at="2026-04-02")
    march.refused(3, f"duty record_faults {report['case']} --set faults=x", who="center1", at="2026-04-02")
    page = march.folder / "report.html"
    march.ok(f"report monthly --month 2026-02 --no-verify --to {page}", who="center1", at="2026-04-02")
    case = march.ok(
        f"duty record {report['case']} --set result=x --set sent_to=市发改委", who="center1", at="2026-04-02"
    )
    assert (case["fields"]["sent_to"], deadline(case, "period")[0]) == (["市发改委"], "met_late")
    proved(march)


def test_the_drill_is_done_when_the_log_has_a_rehearsal(march: Command) -> None:
    (drill,) = duty(march, "drill", "2026-03-10")
    line = f"duty record {drill['case']} --set result=成功"
    assert grounds(march.refused(3, line, who="center1", at="2026-03-20")) == {"rehearsed"}
    assert [g["code"] for g in march.ok(f"{line} --check", who="center1", at="2026-03-20")["grounds"]] == ["rehearsed"]
    assert march.ok("backup drill", who="admin1", at="2026-03-20")["ok"] is True
    assert grounds(march.refused(3, line, who="center1", at="2026-03-21")) == {"rehearsed"}
    case = march.ok(f"{line} --set done_on=2026-03-20", who="center1", at="2026-03-21")
    assert (case["state"], deadline(case, "period")) == ("done", ("met", "2026-12-31"))
    proved(march)


def test_a_rehearsal_that_failed_is_none(march: Command) -> None:
    (drill,) = duty(march, "drill", "2026-03-10")
    with mock.patch("credit_workflow.store.backup.rehearse", side_effect=OSError(28, "full")):
        assert march("backup drill", who="admin1", at="2026-03-20").code != 0
    error = march.refused(3, f"duty record {drill['case']} --set result=x", who="center1", at="2026-03-20")
    assert grounds(error) == {"rehearsed"}


def test_only_the_drill_is_excused_and_only_by_the_lead(march: Command) -> None:
    (drill,) = duty(march, "drill", "2026-03-10")
    march.refused(6, f"duty excuse {drill['case']} --set reason=x", who="center1", at="2026-03-10")
    march.refused(3, f"duty excuse {D1} --set reason=x", who="supervisor1", at="2026-03-10")
    case = march.ok(f"duty excuse {drill['case']} --set reason=无备用机房", who="supervisor1", at="2026-03-10")
    assert (case["state"], case["final"]) == ("excused", True)
    proved(march)


def test_a_duty_outside_the_turn_is_a_target(march: Command) -> None:
    line = "duty open --set kind=contractors --set task=新签维保单位 --set period_until="
    assert grounds(march.refused(3, f"{line}2026-03-09", who="center1", at="2026-03-10")) == {"order"}
    march.refused(6, f"{line}2026-03-20", who="provider1", at="2026-03-10")
    # a window opens the hand-over of its own folders alone
    assert grounds(march.refused(3, f"{line}2026-03-20", who="window1", at="2026-03-10")) == {"its_own"}
    case = march.ok(f"{line}2026-03-20", who="center1", at="2026-03-10")
    assert [(d["id"], d["due"]) for d in case["deadlines"]] == [("goal", "2026-03-20")]
    listed = march("overdue --kind target", who="supervisor1", at="2026-03-21").json["overdue"]
    assert case["case"] in [row["case"] for row in listed]
    assert case["case"] not in [
        row["case"]
        for row in march("overdue", who="supervisor1", at="2026-03-21").json["overdue"]
        if row["kind"] == "statutory"
    ]


def test_lists_tell_duties_apart(march: Command) -> None:
    shown = march.text("case list --workflow duty", who="center1", at="2026-03-10", COLUMNS="200")
    assert "硬件设备每月检查" in shown
    assert "灾备恢复演练" in march.text("todo", who="center1", at="2026-03-10", COLUMNS="200")


@pytest.mark.usefixtures("databases")
def test_text_says_what_was_opened(command: Command) -> None:
    assert command("init --training", at="2026-03-10").code == 0
    assert "提出定期职责 11 项：DUTY-2026-000001、" in command("sweep --duties", at="2026-03-10", as_json=False).out
    assert "提出定期职责" not in command("sweep --duties", at="2026-03-10", as_json=False).out
