"""The naive model of the statute, held against outcomes worked out by hand."""

from datetime import date, timedelta

import pytest

from tests.property.naive import Model
from tests.property.naive_books import Mutant, Refusal
from tests.property.naive_persons import birth_date, is_legal_number
from tests.unit.naive_cases import (
    ADULT,
    AGENT,
    COMPANY,
    LEGAL,
    MINOR,
    OTHER,
    TURNS_18_ON_1_APRIL,
    collected,
    do,
    file,
    marked,
    model,
    on,
    refusal,
)

ELSEWHERE = "91330200MA2000091A"


def test_the_day_of_receipt_and_its_processing_mark() -> None:
    made = model()
    file(made, on(3, 2), "objection", "O-1", "R-1")
    do(made, on(3, 2), "O-1", "accept")
    do(made, on(3, 3), "O-1", "transfer")
    assert refusal(made, on(3, 5), "O-1", "receive", received_on="2026-03-02")[1] == ["before_transfer"]
    assert refusal(made, on(3, 5), "O-1", "receive", received_on="2026-03-06")[1] == ["in_future"]
    assert refusal(made, on(3, 5), "O-1", "receive", received_on="soon") == ("value", ["received_on"])
    assert made.usable("R-1", on(3, 5))
    do(made, on(3, 5), "O-1", "receive", received_on="2026-03-04")
    assert made.deadlines("O-1", on(3, 5))["same_day_mark"] == ("met_late", on(3, 4), on(3, 4), on(3, 5))
    assert made.marks("R-1", on(3, 5)) == {("processing", "O-1", None)}
    assert not made.usable("R-1", on(3, 5))


def test_a_record_resumes_when_its_last_objection_lets_go() -> None:
    made = model()
    for case in ("O-1", "O-2"):
        file(made, on(3, 2), "objection", case, "R-1")
        do(made, on(3, 2), case, "accept", "transfer", "receive")
    do(made, on(3, 3), "O-1", "withdraw", materials={"withdrawal_request"})
    assert made.marks("R-1", on(3, 3)) == {("processing", "O-2", None)}
    assert made.deadlines("O-1", on(3, 3))["handling"].status == "cancelled"
    assert made.deadlines("O-1", on(3, 3))["archive"].status == "overdue"
    do(made, on(3, 4), "O-1", "archive")
    assert made.deadlines("O-1", on(3, 4))["archive"].status == "met_late"
    assert refusal(made, on(3, 4), "O-1", "archive") == ("rule", ["archived"])
    do(made, on(3, 4), "O-2", "report", "approve", "notify")
    assert made.usable("R-1", on(3, 4))


def test_a_report_returned_and_written_again_restores_first() -> None:
    made = model()
    file(made, on(3, 2), "objection", "O-1", "R-1")
    do(made, on(3, 2), "O-1", "accept", "transfer", "receive")
    assert refusal(made, on(3, 2), "O-1", "report", outcome="corrected") == ("value", ["correction"])
    do(made, on(3, 3), "O-1", "report", outcome="corrected", correction={"content": "罚款100元"})
    assert refusal(made, on(3, 3), "O-1", "approve", account="center1") == ("rule", ["four_eyes"])
    do(made, on(3, 3), "O-1", "return")
    assert made.record_fields("R-1", on(3, 3))["content"] == "罚款100元", "stays until the next report"
    do(made, on(3, 4), "O-1", "report", outcome="removed")
    assert made.record_fields("R-1", on(3, 4))["content"] == "罚款200元"
    assert made.record_fields("R-1", on(3, 4))["removed"]
    do(made, on(3, 4), "O-1", "return", "consult", "respond", "report", "approve", "notify")
    assert not made.record_fields("R-1", on(3, 4))["removed"]
    assert made.usable("R-1", on(3, 4))


def test_a_repeat_needs_a_good_ground_or_a_changed_record() -> None:
    made = model()
    collected(made, on(3, 2))
    file(made, on(3, 3), "objection", "O-2", "R-1")
    assert refusal(made, on(3, 3), "O-2", "accept") == ("rule", ["repeat"])
    do(made, on(3, 3), "O-2", "accept", "transfer", "receive", good_ground="有新的证据")
    do(made, on(3, 3), "O-2", "report", outcome="corrected", correction={"content": "罚款100元"})
    file(made, on(3, 4), "objection", "O-3", "R-1")
    do(made, on(3, 4), "O-3", "accept")
    do(made, on(3, 4), "O-2", "approve", "notify")
    file(made, on(3, 5), "objection", "O-4", "R-1")
    assert refusal(made, on(3, 5), "O-4", "accept") == ("rule", ["repeat"])
    made.records["R-1"].values["content"] = "罚款100元。"
    assert refusal(made, on(3, 5), "O-4", "accept") == ("rule", ["repeat"]), "another spelling is no change"
    made.records["R-1"].values["content"] = "罚款10元。"
    do(made, on(3, 5), "O-4", "accept")


def test_acceptance_names_every_ground() -> None:
    made = model()
    made.add_record("R-3", ADULT, date(2021, 1, 1), on(3, 1), "市公安局", "已到期")
    file(made, on(3, 2), "objection", "O-1", "R-3", subject=MINOR, materials={"id_card"})
    assert refusal(made, on(3, 2), "O-1", "accept", resident=False) == (
        "rule",
        ["materials", "person", "residence", "validity", "own"],
    )
    file(made, on(3, 2), "objection", "O-2", "R-2", materials=LEGAL)
    do(made, on(3, 2), "O-2", "accept", **AGENT)
    assert made.state("O-1", on(3, 2)) == "submitted"


def test_who_applies_is_checked_and_an_agent_is_on_record() -> None:
    made = model()
    file(
        made, on(3, 2), "objection", "O-1", "R-1", fields={"identity_checked": None, "resident": None, "reason": "有误"}
    )
    assert refusal(made, on(3, 2), "O-1", "accept") == ("rule", ["identity", "residence"])
    do(made, on(3, 2), "O-1", "accept", materials={"all"})
    file(made, on(3, 2), "objection", "O-2", "R-2", materials=LEGAL)
    assert refusal(made, on(3, 2), "O-2", "accept") == ("rule", ["agent"])
    assert refusal(made, on(3, 2), "O-2", "accept", **AGENT | {"agent_until": "2026-03-01"}) == ("rule", ["letter"])
    do(made, on(3, 2), "O-2", "accept", "transfer", "receive", "report", "approve", "notify", **AGENT)
    assert refusal(made, on(3, 3), "O-2", "collect", collected_by="路人") == ("rule", ["collector"])
    assert refusal(made, on(4, 1), "O-2", "collect", collected_by="代理人") == ("rule", ["letter"])
    do(made, on(4, 1), "O-2", "collect", collected_by="本人")


def test_of_a_firm_of_another_place_the_registration_is_said_by_itself() -> None:
    made = model()
    made.add_record("R-3", ELSEWHERE, date(2024, 1, 1), None, "市税务局", "欠税")
    file(made, on(3, 2), "objection", "O-1", "R-3", fields={"resident": None, "reason": "有误", **AGENT})
    assert refusal(made, on(3, 2), "O-1", "accept", materials={"all"}) == ("rule", ["residence"])
    do(made, on(3, 2), "O-1", "accept", materials={"all"}, resident=True)


def test_who_is_a_person() -> None:
    made = model()
    made.add_record("R-3", TURNS_18_ON_1_APRIL, date(2024, 1, 1), None, "市公安局", "违法")
    file(made, on(3, 31), "objection", "O-1", "R-3")
    assert refusal(made, on(4, 1), "O-1", "accept") == ("rule", ["person"]), "the filing date counts"
    do(made, on(4, 1), "O-1", "accept", own_income=True)
    file(made, on(4, 1), "objection", "O-2", "R-3")
    do(made, on(4, 1), "O-2", "accept")
    made.add_record("R-4", MINOR, date(2024, 1, 1), None, "市公安局", "违法")
    file(made, on(4, 1), "objection", "O-3", "R-4")
    assert refusal(made, on(4, 1), "O-3", "accept", own_income=True)[1] == ["person"]
    assert refusal(made, on(4, 1), "O-3", "accept", guardian="父亲")[1] == ["person"]
    do(made, on(4, 1), "O-3", "accept", guardian="父亲", materials={"guardianship"})


def test_a_revoked_mark_takes_marking_and_objection_along() -> None:
    made = model()
    marked(made, on(3, 2), on(3, 2))
    file(made, on(3, 3), "revocation", "V-1", "M-1", fields={})
    file(made, on(3, 3), "revocation", "V-2", "M-1", fields={}, subject=OTHER)
    assert refusal(made, on(3, 3), "V-2", "accept") == ("rule", ["own"])
    do(made, on(3, 3), "V-1", "accept", "transfer")
    do(made, on(3, 10), "V-1", "receive", received_on=on(3, 4))
    due = made.deadlines("V-1", on(3, 11))
    assert due["revocation"] == ("running", on(3, 12), on(3, 12), None)  # 4-6, 9-12
    assert due["revocation_center"] == ("running", on(3, 11), on(3, 11), None)  # 5, 6, 9-11
    do(made, on(3, 12), "V-1", "revoke")
    assert [made.state(case, on(3, 12)) for case in ("V-1", "M-1", "O-1", "V-2")] == [
        "revoked",
        "revoked",
        "revoked",
        "lapsed",
    ]
    assert made.marks("R-1", on(3, 12)) == set()
    due = made.deadlines("V-1", on(3, 12))
    assert (due["revocation"].status, due["revocation_center"].status) == ("met", "met_late")
    assert made.deadlines("M-1", on(3, 12))["retention"] == ("met", on(4, 1), on(4, 1), on(3, 12))


def test_a_revocation_is_too_late_when_the_mark_has_expired() -> None:
    made = model()
    marked(made, on(3, 2), on(3, 2))
    file(made, on(3, 31), "revocation", "V-1", "M-1", fields={})
    do(made, on(4, 1), "V-1", "accept", "transfer", "receive")
    assert made.state("V-1", on(4, 2)) == "lapsed"
    assert made.deadlines("V-1", on(4, 2))["revocation"].status == "cancelled"
    assert refusal(made, on(4, 2), "V-1", "revoke") == ("state", ["lapsed"])
    file(made, on(4, 2), "revocation", "V-2", "M-1", fields={})
    assert refusal(made, on(4, 2), "V-2", "accept") == ("rule", ["mark"])


def test_role_comes_before_state_before_value_before_rule() -> None:
    made = model()
    file(made, on(3, 2), "objection", "O-1", "R-1", materials=set())
    with pytest.raises(Refusal) as refused:
        made.act(on(3, 2), "O-1", "report", account="window1", role="window")
    assert (refused.value.kind, refused.value.exit) == ("role", 6)
    assert refusal(made, on(3, 2), "O-1", "report", outcome="wrong")[0] == "state"
    assert refusal(made, on(3, 2), "O-1", "reject", grounds=" ") == ("value", ["grounds"])
    assert refusal(made, on(3, 2), "O-1", "withdraw") == ("rule", ["materials"])
    with pytest.raises(Refusal, match="reason"):
        file(made, on(3, 2), "objection", "O-2", "R-1", fields={})
    with pytest.raises(Refusal, match="subject"):
        file(made, on(3, 2), "objection", "O-2", "R-1", subject=ADULT[:-1] + "X")
    with pytest.raises(Refusal, match="O-2"):
        made.state("O-2", on(3, 2))


def test_numbers() -> None:
    assert birth_date(ADULT) == date(1990, 3, 7)
    assert birth_date(COMPANY) is None
    assert is_legal_number(COMPANY)
    assert is_legal_number("MA2X00019")
    assert is_legal_number("14391000-1")
    assert not is_legal_number("MA2X00018")


@pytest.mark.parametrize(
    "mutant",
    [
        "due_off_by_one",
        "mark_not_lifted",
        "guard_dropped",
        "shift_dropped",
        "late_marking",
        "window_not_reopened",
        "expiry_a_day_early",
        "not_restored",
    ],
)
def test_each_mutant_differs_somewhere(mutant: Mutant) -> None:
    assert trace(model(mutant)) != trace(model())


def trace(made: Model) -> list[object]:
    """What one long story looks like from outside."""
    seen: list[object] = []

    def look(day: date) -> None:
        seen.extend((made.state(case, day), made.deadlines(case, day)) for case in made.cases)
        seen.append((made.marks("R-1", day), made.usable("R-1", day), made.record_fields("R-1", day)))

    file(made, on(1, 15), "objection", "O-0", "R-2", materials=set())
    file(made, on(1, 16), "objection", "O-1", "R-1")
    look(on(1, 16))
    try:
        do(made, on(1, 16), "O-0", "accept")
    except Refusal as refused:
        seen.append(refused.grounds)
    do(made, on(2, 10), "O-1", "accept", "transfer", "receive")
    do(made, on(2, 10), "O-1", "report", outcome="corrected", correction={"content": "罚款100元"})
    do(made, on(2, 10), "O-1", "return", "report", "approve", "notify", "collect")
    look(on(2, 10))
    file(made, on(2, 13), "marking", "M-1", "O-1")
    do(made, on(2, 13), "M-1", "reject")
    look(on(2, 13))
    file(made, on(2, 14), "marking", "M-2", "O-1")
    file(made, on(3, 6), "marking", "M-3", "O-1")
    try:
        do(made, on(3, 6), "M-3", "accept")
    except Refusal as refused:
        seen.append(refused.grounds)
        do(made, on(3, 6), "M-2", "accept", "transfer", "receive", "mark")
    for ahead in (29, 30, 31):
        look(on(3, 6) + timedelta(ahead))
    return seen
