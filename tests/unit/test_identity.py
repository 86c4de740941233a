"""ID numbers: form, check digit, age; nobody is refused by the area of his number."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_workflow.errors import UsageFault
from credit_workflow.identity import age_on, masked, parse_subject


def check_digit(stem: str) -> str:
    """GB 11643, written out: weights by position, remainder by table."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(w * int(c) for w, c in zip(weights, stem, strict=True)) % 11]


births = st.dates(date(1930, 1, 1), date(2020, 12, 31))
stems = st.builds(
    lambda area, born, no: f"{area}{born:%Y%m%d}{no:03}", st.integers(110000, 659999), births, st.integers(0, 999)
)


@given(stem=stems)
def test_every_well_formed_number_is_taken(stem: str) -> None:
    subject = parse_subject(f" {stem}{check_digit(stem).lower()} ", "natural")
    assert (subject.kind, subject.id) == ("natural", stem + check_digit(stem))


@given(stem=stems, wrong=st.integers(1, 10))
def test_a_wrong_check_digit_is_refused(stem: str, wrong: int) -> None:
    digits = "0123456789X"
    other = digits[(digits.index(check_digit(stem)) + wrong) % 11]
    with pytest.raises(UsageFault, match="check digit"):
        parse_subject(stem + other, "natural")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("33010619900307001", None),  # 17 characters
        ("330106199002300012", "natural"),  # no 30 February
        ("", None),
        ("一二三四五六七八九十一二三四五六七八", None),
        ("330106900307001", None),  # the 15 digits of before 1999
        ("91330100799655058X", None),  # check character
        ("12345678-0", None),  # organisation code, check digit
        ("330106199003070014", "legal"),
    ],
)
def test_what_is_no_number_is_refused_and_not_repeated_in_full(number: str, kind: str | None) -> None:
    with pytest.raises(UsageFault) as caught:
        parse_subject(number, kind)
    assert len(number) < 5 or number not in caught.value.message.zh


def test_an_organisation_code_and_the_unified_code_that_holds_it_are_one_person() -> None:
    unified = parse_subject("91330100799655058B")
    code = parse_subject("79965505-8")
    assert (unified.kind, code.kind) == ("legal", "legal")
    assert unified.key == code.key == "799655058"


def test_where_any_reference_will_do_case_and_spaces_tell_nobody_apart() -> None:
    one = parse_subject("  Alice@Example.org ", scheme="any")
    other = parse_subject("alice@example.ORG", "natural", scheme="any")
    assert (one.kind, one.id, one.key == other.key) == ("natural", "Alice@Example.org", True)
    assert parse_subject("File  77-2041", "legal", scheme="any").id == "File 77-2041"
    assert age_on(one, date(2026, 1, 1)) is None


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "x" * 101])
def test_a_reference_is_one_line_of_text(text: str) -> None:
    with pytest.raises(UsageFault) as caught:
        parse_subject(text, scheme="any")
    assert caught.value.code == "subject_id"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("20080310", date(2026, 3, 9), 17),
        ("20080310", date(2026, 3, 10), 18),
        ("20080229", date(2026, 2, 27), 17),
        ("20080229", date(2026, 2, 28), 18),  # 民法典 202: the month's last day
        ("20080229", date(2024, 2, 28), 15),
        ("20080229", date(2024, 2, 29), 16),
    ],
)
def test_a_year_of_age_is_full_on_the_birthday(born: str, day: date, age: int) -> None:
    stem = f"330106{born}001"
    assert age_on(parse_subject(stem + check_digit(stem)), day) == age


def test_a_legal_person_has_no_age() -> None:
    assert age_on(parse_subject("79965505-8"), date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [("330106199003071234", "3301**********1234"), ("799655058", "79*****58"), ("12", "12"), ("", "")],
)
def test_masking(number: str, shown: str) -> None:
    assert masked(number) == shown
