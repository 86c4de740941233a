"""The naive model of the statute, held against days and outcomes worked out by hand.

2026 by the State Council's notice: Spring Festival 15-23 February off, Saturdays 14 and 28 February worked;
Tomb-Sweeping 4-6 April off.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Any

import pytest

from tests.property.naive import Model
from tests.property.naive_books import Mutant, Refusal
from tests.property.naive_persons import birth_date, is_legal_number

ADULT = "330106199003070014"
OTHER = "330103198506150020"
TURNS_18_ON_1_APRIL = "330105200804010037"
MINOR = "330108201201100045"
COMPANY = "91330106MA2X00011E"

OFF = {date(2026, 1, day) for day in (1, 2, 3)}
OFF |= {date(2026, 2, day) for day in range(15, 24)}
OFF |= {date(2026, 4, day) for day in (4, 5, 6)}
OFF |= {date(2026, 5, day) for day in range(1, 6)}
WORKED = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)}

PAPERS = {
    "objection": {"id_card", "objection_form", "evidence"},
    "marking": {"id_card", "marking_form"},
    "revocation": {"id_card", "revocation_form"},
}
LEGAL = {"organisation_code", "authorisation_letter", "agent_id_card", "objection_form", "evidence"}

VALUES: dict[str, dict[str, Any]] = {
    "reject": {"grounds": "证据不足"},
    "consult": {"question": "请核对"},
    "respond": {"finding": "属实"},
    "report": {"outcome": "upheld"},
    "return": {"reason": "请补充说明"},
    "notify": {"channel": "phone"},
    "collect": {"collected_by": "本人"},
    "request_extension": {"days": 15, "reason": "情况复杂"},
    "deny_extension": {"reason": "情况并不复杂"},
}
ROLES = dict.fromkeys(
    ["receive", "consult", "report", "request_extension", "mark", "revoke"], "center"
) | dict.fromkeys(["return", "approve", "grant_extension", "deny_extension"], "authority")
ROLES["respond"] = "provider"


def is_working(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def model(mutant: Mutant | None = None) -> Model:
    made = Model(is_working, mutant=mutant)
    made.add_record("R-1", ADULT, date(2024, 1, 1), date(2028, 12, 31), "市城管局", "罚款200元")
    made.add_record("R-2", COMPANY, date(2024, 1, 1), date(2028, 12, 31), "市税务局", "欠税3000元")
    return made


def do(
    made: Model,
    day: date,
    case: str,
    *actions: str,
    account: str = "",
    materials: AbstractSet[str] = frozenset(),
    **fields: Any,
) -> None:
    for action in actions:
        role = ROLES.get(action, "window")
        made.act(
            day,
            case,
            action,
            account=account or f"{role}1",
            role=role,
            fields=VALUES.get(action, {}) | fields,
            materials=materials,
        )


def file(made: Model, day: date, workflow: str, case: str, above: str, **options: Any) -> None:
    given: dict[str, Any] = {
        "fields": {"reason": "与事实不符"},
        "materials": PAPERS[workflow],
        "record" if workflow == "objection" else "parent": above,
    }
    made.submit(day, workflow, case, **given | options)


def refusal(made: Model, day: date, case: str, action: str, **options: Any) -> tuple[str, list[str]]:
    with pytest.raises(Refusal) as refused:
        do(made, day, case, action, **options)
    return refused.value.kind, refused.value.grounds


def collected(made: Model, day: date, case: str = "O-1", record: str = "R-1", **report: Any) -> None:
    """An objection filed, answered and collected on one day."""
    file(made, day, "objection", case, record)
    do(made, day, case, "accept", "transfer", "receive")
    do(made, day, case, "report", **report)
    do(made, day, case, "approve", "notify", "collect")


def marked(made: Model, filed: date, placed: date) -> None:
    """O-1 collected and M-1 filed, accepted and received on one day; the mark placed on another."""
    collected(made, filed)
    file(made, filed, "marking", "M-1", "O-1")
    do(made, filed, "M-1", "accept", "transfer", "receive")
    do(made, placed, "M-1", "mark")


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        (on(1, 15), on(2, 14)),  # a Saturday, worked
        (on(1, 16), on(2, 24)),  # the first day of the festival
        (on(1, 24), on(2, 24)),  # its last day
        (on(1, 25), on(2, 24)),
        (on(1, 29), on(2, 28)),  # a Saturday, worked
        (on(1, 30), on(3, 2)),  # a Sunday
        (on(3, 2), on(4, 1)),
        (on(3, 5), on(4, 7)),  # Tomb-Sweeping, to Monday the 6th
    ],
)
def test_handling_ends_after_thirty_days_or_on_the_next_working_day(filed: date, due: date) -> None:
    made = model()
    file(made, filed, "objection", "O-1", "R-1")
    assert made.deadlines("O-1", due)["handling"] == ("running", due, due, None)
    assert made.deadlines("O-1", due + timedelta(1))["handling"].status == "overdue"


def test_seven_and_five_working_days_over_spring_festival() -> None:
    made = model()
    marked(made, on(2, 10), on(2, 26))
    # Counted: 11 to 14 (Saturday, worked), 24, 25 and 26 February.
    assert made.deadlines("M-1", on(2, 26))["marking"] == ("met", on(2, 26), on(2, 26), on(2, 26))
    # Counted: 11 to 14 and 24 February.
    assert made.deadlines("O-1", on(2, 26))["dispute_window"] == ("met", on(2, 24), on(2, 24), on(2, 10))

    late = model()
    marked(late, on(2, 10), on(2, 27))
    assert late.deadlines("M-1", on(2, 27))["marking"].status == "met_late"


def test_a_mark_stays_thirty_days_and_is_gone_the_day_after() -> None:
    made = model()
    marked(made, on(2, 10), on(2, 26))
    last = on(3, 28)  # a Saturday: no shift
    assert made.marks("R-1", last) == {("disputed", "M-1", last)}
    assert made.usable("R-1", last)
    assert (made.state("M-1", last), made.state("O-1", last)) == ("disputed", "disputed")
    after = on(3, 29)
    assert made.marks("R-1", after) == set()
    assert (made.state("M-1", after), made.state("O-1", after)) == ("expired", "expired")
    assert made.deadlines("M-1", after)["retention"] == ("met", last, last, after)
    assert made.marks("R-1", last) != set(), "a read of a later day changes nothing"
    made.sweep(after)
    assert (made.state("M-1", after), made.marks("R-1", after)) == ("expired", set())


def test_an_unused_window_lapses_and_the_case_closes() -> None:
    made = model()
    collected(made, on(2, 12))  # 13, 14, 24, 25, 26
    assert made.deadlines("O-1", on(2, 26))["dispute_window"].status == "running"
    assert made.state("O-1", on(2, 26)) == "collected"
    assert made.deadlines("O-1", on(2, 27))["dispute_window"] == ("lapsed", on(2, 26), on(2, 26), None)
    assert made.state("O-1", on(2, 27)) == "closed"
    file(made, on(2, 27), "marking", "M-1", "O-1")
    assert refusal(made, on(2, 27), "M-1", "accept") == ("rule", ["objection", "window"])


def test_a_marking_filed_on_the_last_day_may_be_accepted_after_it() -> None:
    made = model()
    collected(made, on(2, 12))
    file(made, on(2, 26), "marking", "M-1", "O-1")
    assert made.deadlines("O-1", on(3, 5))["dispute_window"] == ("met", on(2, 26), on(2, 26), on(2, 26))
    do(made, on(3, 5), "M-1", "accept", "transfer", "receive", "mark")
    assert made.marks("R-1", on(3, 5)) == {("disputed", "M-1", on(4, 4))}


def test_a_rejected_marking_lets_the_window_run_to_its_old_date() -> None:
    made = model()
    collected(made, on(2, 12))
    file(made, on(2, 13), "marking", "M-1", "O-1")
    do(made, on(2, 24), "M-1", "reject")
    assert made.deadlines("O-1", on(2, 26))["dispute_window"] == ("running", on(2, 26), on(2, 26), None)
    file(made, on(2, 26), "marking", "M-2", "O-1")
    assert made.state("O-1", on(3, 9)) == "collected"
    do(made, on(3, 9), "M-2", "withdraw", materials={"withdrawal_request"})
    assert made.state("O-1", on(3, 9)) == "closed", "the window had passed: it lapses at once"
    assert made.deadlines("O-1", on(3, 9))["dispute_window"].status == "lapsed"


def test_two_markings_hold_the_window_and_one_is_accepted() -> None:
    made = model()
    collected(made, on(3, 2))  # 3, 4, 5, 6, 9
    file(made, on(3, 3), "marking", "M-1", "O-1")
    file(made, on(3, 4), "marking", "M-2", "O-1")
    do(made, on(3, 5), "M-2", "accept")
    assert refusal(made, on(3, 5), "M-1", "accept") == ("rule", ["other"])
    do(made, on(3, 12), "M-2", "withdraw", materials={"withdrawal_request"})
    assert made.state("O-1", on(3, 12)) == "collected", "the other marking was filed in time"
    do(made, on(3, 12), "M-1", "accept", "transfer", "receive", "mark")
    assert made.state("O-1", on(3, 12)) == "disputed"


def test_an_extension_counts_working_days_from_the_due_date() -> None:
    made = model()
    file(made, on(1, 16), "objection", "O-1", "R-1")
    assert refusal(made, on(1, 16), "O-1", "request_extension")[0] == "state"
    do(made, on(1, 16), "O-1", "accept")
    assert refusal(made, on(2, 24), "O-1", "request_extension", days=16) == ("rule", ["days"])
    assert refusal(made, on(2, 24), "O-1", "request_extension", days="many") == ("value", ["days"])
    do(made, on(2, 24), "O-1", "request_extension")
    assert refusal(made, on(2, 24), "O-1", "request_extension") == ("rule", ["pending"])
    assert refusal(made, on(2, 24), "O-1", "grant_extension", account="center1") == ("rule", ["four_eyes"])
    do(made, on(2, 24), "O-1", "deny_extension")
    do(made, on(2, 24), "O-1", "request_extension")
    do(made, on(2, 24), "O-1", "grant_extension")
    # 25, 26, 27, 28 (worked) February, 2-6, 9-13 and 16 March
    assert made.deadlines("O-1", on(3, 16))["handling"] == ("running", on(3, 16), on(2, 24), None)
    assert made.deadlines("O-1", on(3, 17))["handling"].status == "overdue"
    assert refusal(made, on(3, 1), "O-1", "request_extension") == ("rule", ["late", "granted"])


def test_an_overdue_case_cannot_be_made_timely() -> None:
    made = model()
    file(made, on(3, 2), "objection", "O-1", "R-1")
    do(made, on(3, 2), "O-1", "accept")
    do(made, on(4, 1), "O-1", "request_extension")
    assert refusal(made, on(4, 2), "O-1", "grant_extension") == ("rule", ["late"])
    do(made, on(4, 2), "O-1", "deny_extension")
    do(made, on(4, 2), "O-1", "transfer", "receive", "report", "approve", "notify")
    assert made.deadlines("O-1", on(4, 2))["handling"] == ("met_late", on(4, 1), on(4, 1), on(4, 2))


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


def test_acceptance_names_every_ground() -> None:
    made = model()
    made.add_record("R-3", ADULT, date(2021, 1, 1), on(3, 1), "市公安局", "已到期")
    file(made, on(3, 2), "objection", "O-1", "R-3", subject=MINOR, materials={"id_card"})
    assert refusal(made, on(3, 2), "O-1", "accept", resident=False) == (
        "rule",
        ["materials", "person", "residence", "validity", "own"],
    )
    file(made, on(3, 2), "objection", "O-2", "R-2", materials=LEGAL)
    do(made, on(3, 2), "O-2", "accept")
    assert made.state("O-1", on(3, 2)) == "submitted"


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
