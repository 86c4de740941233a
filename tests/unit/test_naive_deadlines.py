"""The naive model's deadlines and windows, held against days worked out by hand (the days off: `naive_cases`)."""

from datetime import date, timedelta

import pytest

from tests.unit.naive_cases import (
    collected,
    do,
    file,
    marked,
    model,
    on,
    refusal,
)


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
