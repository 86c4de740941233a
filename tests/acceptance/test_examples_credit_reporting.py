"""征信业管理条例第二十五条，用真实命令，规则只在 YAML 中 · Article 25 by the real command, from YAML alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.sites import deadline, dues, site, whole

pytestmark = pytest.mark.usefixtures("databases")

CASE = "ZXY-2026-000001"


@pytest.fixture
def bureau(tmp_path: Path) -> Command:
    """A credit bureau with two records of one person."""
    return site(tmp_path, "credit-reporting")


def objected(bureau: Command, at: str, *more: str) -> Any:
    return bureau.ok("objection submit --record ZX-0001 --set reason=已还清", *more, who="desk1", at=at)


def marks(bureau: Command, at: str) -> list[str]:
    return [mark["kind"] for mark in bureau.ok("record show ZX-0001", who="desk1", at=at)["marks"]]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-02-10", "2026-03-02"),  # 收到之日不计入，第20日为星期一
        ("2026-01-26", "2026-02-24"),  # 末日为2月15日，春节放假至23日，顺延
        ("2026-02-08", "2026-02-28"),  # 末日为星期六，调休上班，不顺延
    ],
)
def test_marked_at_once_and_twenty_days_to_answer(bureau: Command, received: str, due: str) -> None:
    view = objected(bureau, received)
    assert dues(view) == {"mark": received, "handling": due}
    assert deadline(view, "mark")["status"] == "met"
    assert marks(bureau, received) == ["disputed"]


def test_an_objection_taken_in_a_day_late_was_marked_late(bureau: Command) -> None:
    view = objected(bureau, "2026-02-11", "--set", "received_on=2026-02-10")
    assert deadline(view, "mark")["status"] == "met_late"
    assert deadline(view, "handling")["due"] == "2026-03-02"


@pytest.mark.parametrize(
    ("action", "values", "state", "left"),
    [
        ("correct", ("--set", 'correction={"content": "已于2024年8月还清"}'), "corrected", []),
        ("remove_mark", ("--set", "account=与原始凭证一致"), "unfounded", []),
        ("record_unconfirmed", ("--set", "account=原始凭证已销毁"), "unconfirmed", ["unconfirmed"]),
    ],
)
def test_the_three_ways_out(bureau: Command, action: str, values: tuple[str, ...], state: str, left: list[str]) -> None:
    objected(bureau, "2026-02-10")
    bureau.ok(f"objection refer {CASE}", who="verifier1", at="2026-02-11")
    bureau.ok(f"objection respond {CASE} --set finding=见附件", who="provider1", at="2026-02-12")
    decided = bureau.ok(f"objection {action} {CASE}", *values, who="verifier1", at="2026-02-13")
    assert (decided["state"], decided["fields"]["result"]) == (state, state)
    assert marks(bureau, "2026-02-13") == left
    answered = bureau.ok(f"objection answer {CASE}", who="desk1", at="2026-03-02")
    assert (answered["final"], deadline(answered, "handling")["status"]) == (True, "met")
    assert marks(bureau, "2026-03-02") == left
    record = bureau.ok("record show ZX-0001", who="desk1", at="2026-03-02")
    assert record["content"].startswith("已于" if state == "corrected" else "2024年8月逾期")
    if left:
        assert record["marks"][0]["reason"] == "异议内容：已还清；核查情况：原始凭证已销毁"
    whole(bureau, "2026-03-02")


def test_what_is_not_answered_in_time_is_overdue_whatever_was_found(bureau: Command) -> None:
    objected(bureau, "2026-02-10")
    bureau.ok(f"objection remove_mark {CASE} --set account=一致", who="verifier1", at="2026-02-13")
    assert bureau.ok("sweep", who="", at="2026-03-02")["fired"] == {}
    assert bureau.ok("sweep", who="", at="2026-03-03")["fired"] == {"overdue": 1}
    answered = bureau.ok(f"objection answer {CASE}", who="desk1", at="2026-03-03")
    assert deadline(answered, "handling")["status"] == "met_late"


def test_only_ones_own_record_and_one_objection_at_a_time(bureau: Command) -> None:
    other = bureau.refused(
        3,
        "objection submit --record ZX-0001 --subject 91330100799655058B --set reason=有误",
        who="desk1",
        at="2026-02-10",
    )
    assert other["source"] == "条例第二十五条第一款"
    objected(bureau, "2026-02-10")
    twice = bureau.refused(3, "objection submit --record ZX-0001 --set reason=有误", who="desk1", at="2026-02-11")
    assert twice["code"] == "one_at_a_time"
    number = bureau.refused(
        2, "objection submit --record ZX-0002 --subject bob@example.org --set reason=有误", who="desk1", at="2026-02-11"
    )
    assert number["code"] == "subject_id"
