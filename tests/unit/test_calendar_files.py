"""Calendars made by files alone, and files with a mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from credit_workflow.calendar.due import Due
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.documents import read_yaml

SETTINGS = """\
calendar: xx
title: {zh: 试, en: Trial}
zone: Asia/Shanghai
weekend: [saturday, sunday]
first_year: 2024
years_ahead: 2
statutory_days: {country: CN}
december_open_from: 29
"""
NOTICE = """\
notice: xx-2024
year: 2024
title: {zh: 试, en: Trial}
off:
  - name: {zh: 元旦, en: New Year's Day}
    first: 2024-01-01
    last: 2024-01-01
work:
  - 2024-02-04
"""
AMENDMENT = """\
notice: xx-2024-02
year: 2024
title: {zh: 改, en: Change}
amends: xx-2024
off:
  - {name: {zh: 假, en: Day off}, first: 2024-02-04, last: 2024-02-04}
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_WORKFLOW_CACHE", str(tmp_path / "cache"))


def load(folder: Path, settings: str = SETTINGS, **notices: str | bytes) -> WorkCalendar:
    (folder / "xx").mkdir(exist_ok=True)
    (folder / "xx.yaml").write_text(settings, encoding="utf-8")
    for name, text in notices.items():
        raw = text if isinstance(text, bytes) else text.encode()
        (folder / "xx" / f"{name}.yaml").write_bytes(raw)
    return load_calendar("xx", folder)


def wd(length: int) -> Period:
    return Period(length, "working days")


# -- other countries


def binding(weekend: str, rule: str, first_year: int = 2020) -> str:
    return (
        f"calendar: xx\ntitle: {{zh: 外, en: Abroad}}\nzone: UTC\nweekend: {weekend}\n"
        f"first_year: {first_year}\nyears_ahead: 5\nstatutory_days: {{{rule}, binding: true}}\n"
    )


def test_a_friday_and_saturday_weekend(tmp_path: Path):
    egypt = load(tmp_path, binding("[friday, saturday]", "country: EG"))
    # Thursday 2 April 2020; Sunday 5 April is the next working day
    assert egypt.due(date(2020, 4, 2), wd(1)) == Due(date(2020, 4, 5), provisional=False)
    assert egypt.day(date(2020, 4, 3)).kind == "weekend"
    assert egypt.day(date(2020, 1, 7)).kind == "holiday"
    assert egypt.due(date(2020, 3, 4), Period(30, "days", shift=True)).day == date(2020, 4, 5)


def test_the_emirates_before_2022_and_israel(tmp_path: Path):
    emirates = load(tmp_path, binding("[friday, saturday]", "country: AE", 2018))
    # Thursday 21 November; and the Thursday before Commemoration Day and the National Days
    assert emirates.due(date(2019, 11, 21), wd(1)).day == date(2019, 11, 24)
    assert emirates.due(date(2019, 11, 28), wd(1)).day == date(2019, 12, 4)
    israel = load(tmp_path, binding("[friday, saturday]", "country: IL"))
    assert israel.day(date(2024, 10, 3)).name is not None  # Rosh Hashanah


def test_a_subdivision(tmp_path: Path):
    england = load(tmp_path, binding("[saturday, sunday]", "country: GB, subdivision: ENG"))
    assert not england.is_working(date(2022, 9, 19))  # the state funeral
    assert england.due(date(2022, 12, 23), wd(1)) == Due(date(2022, 12, 28), provisional=False)
    scotland = load(tmp_path, binding("[saturday, sunday]", "country: GB, subdivision: SCT"))
    assert not scotland.is_working(date(2024, 1, 2))
    assert england.is_working(date(2024, 1, 2))
    assert england.edition != scotland.edition
    assert not any(day.provisional for day in england.year(2024))
    assert all(status.provisional_from is None for status in england.status())


def test_weekend_days_that_the_library_knows_to_be_worked(tmp_path: Path):
    hungary = load(tmp_path, binding("[saturday, sunday]", "country: HU"))
    assert hungary.day(date(2024, 8, 3)).kind == "make-up"
    assert hungary.due(date(2024, 8, 2), wd(1)).day == date(2024, 8, 3)


def test_a_market(tmp_path: Path):
    exchange = load(tmp_path, binding("[saturday, sunday]", "market: XNYS"))
    assert not exchange.is_working(date(2024, 1, 15))


def test_a_weekend_of_one_day_and_of_none(tmp_path: Path):
    assert load(tmp_path, binding("[sunday]", "country: CN")).is_working(date(2024, 3, 2))
    assert load(tmp_path, binding("[]", "country: CN")).is_working(date(2024, 3, 3))


# -- notices


def test_a_notice_in_a_gap_and_its_neighbours(tmp_path: Path):
    later = NOTICE.replace("2024", "2026").replace("2026-02-04", "2026-02-07")
    calendar = load(tmp_path, a=NOTICE, c=later)
    opened = {status.year: status.provisional_from for status in calendar.status()}
    assert opened == {
        2024: date(2024, 12, 29),
        2025: date(2025, 1, 1),
        2026: date(2026, 12, 29),
        2027: date(2027, 1, 1),
        2028: date(2028, 1, 1),
    }
    assert calendar.due(date(2026, 2, 6), wd(1)) == Due(date(2026, 2, 7), provisional=False)


def test_an_extension_over_settled_days_stays_provisional_if_its_start_is(tmp_path: Path):
    later = NOTICE.replace("2024", "2026").replace("2026-02-04", "2026-02-07")
    calendar = load(tmp_path, a=NOTICE, c=later)
    start, period = date(2025, 12, 2), Period(30, "days", shift=True)
    assert calendar.due(start, period) == Due(date(2026, 1, 2), provisional=False)
    assert calendar.due(date(2025, 12, 30), wd(1), 15).provisional
    assert calendar.due(date(2025, 12, 1), period, 5) == Due(date(2026, 1, 8), provisional=True)


def test_a_notice_decides_its_year_alone_where_the_library_is_not_binding(tmp_path: Path):
    calendar = load(tmp_path, n=NOTICE)
    assert calendar.is_working(date(2024, 5, 1))
    assert not calendar.is_working(date(2025, 5, 1))


def test_a_notice_stands_above_a_binding_library(tmp_path: Path):
    settings = SETTINGS.replace("{country: CN}", "{country: HU, binding: true}")
    notice = NOTICE.replace("work:\n  - 2024-02-04", "").replace("2024-01-01", "2024-08-03")
    calendar = load(tmp_path, settings, n=notice)
    assert calendar.day(date(2024, 8, 3)).kind == "holiday"
    assert calendar.day(date(2024, 12, 7)).kind == "make-up"
    assert calendar.day(date(2024, 5, 1)).kind == "holiday"


def test_a_later_notice_holds_whatever_its_file_is_called(tmp_path: Path):
    calendar = load(tmp_path, z=NOTICE, a=AMENDMENT)
    assert calendar.day(date(2024, 2, 4)).notice == "xx-2024-02"
    assert not calendar.is_working(date(2024, 2, 4))
    assert [notice.id for notice in calendar.notices] == ["xx-2024", "xx-2024-02"]


# -- mistakes: (where to change, what to, file, line, key)

MISTAKES_IN_A_NOTICE = [
    ("year: 2024", "yaer: 2024", 2, "yaer"),
    ("year: 2024", "year: soon", 2, "year"),
    ("year: 2024", "year: 2024\nyear: 2024", 3, "year"),
    ("year: 2024", "year: 20240", 2, "year"),
    ("notice: xx-2024", "notice: XX 2024", 1, "notice"),
    ("{zh: 试, en: Trial}", "{zh: 试}", 3, "title"),
    ("{zh: 试, en: Trial}", "{zh: 试, en: ''}", 3, "title.en"),
    ("first: 2024-01-01", "first: 2024-01-32", 6, "off.0.first"),
    ("first: 2024-01-01", "first: 2024-1-1", 6, "off.0.first"),
    ("first: 2024-01-01", "frist: 2024-01-01", 6, "off.0.frist"),
    ("first: 2024-01-01", "first: 2024-01-03", 7, "off.0.last"),
    ("last: 2024-01-01", "last: 2024-03-01", 7, "off.0.last"),
    ("last: 2024-01-01", "last: 2024-02-30", 7, "off.0.last"),
    ("first: 2024-01-01\n    last: 2024-01-01", "first: 2023-01-01\n    last: 2023-01-01", 6, "off.0.first"),
    ("2024-02-04", "2024-02-05", 9, "work.0"),
    ("2024-02-04", "2025-02-08", 9, "work.0"),
    ("2024-02-04", "2024-02-29T00:00", 9, "work.0"),
    ("2024-02-04", "2024-02-04\n  - 2024-02-04", 10, "work.1"),
    ("2024-02-04", "on", 9, "work.0"),
    (
        "last: 2024-01-01",
        "last: 2024-01-06\n  - {name: {zh: 假, en: Off}, first: 2024-01-06, last: 2024-01-07}",
        8,
        "off.1",
    ),
    ("2024-02-04", "2024-01-06\nissued: 2023-13-01", 10, "issued"),
    ("off:", "amends: xx-2023\noff:", 4, "amends"),
    ("off:", "amends: xx-2024\noff:", 4, "amends"),
]


@pytest.mark.parametrize(("old", "new", "line", "key"), MISTAKES_IN_A_NOTICE)
def test_a_mistake_in_a_notice_is_named_by_file_line_and_key(tmp_path: Path, old: str, new: str, line: int, key: str):
    assert old in NOTICE
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, n=NOTICE.replace(old, new, 1))
    named(fault.value, "n.yaml", line, key)


MISTAKES_IN_THE_SETTINGS = [
    ("calendar: xx", "calendar: yy", 1, "calendar"),
    ("calendar: xx", "calendar: xx\ncolour: red", 2, "colour"),
    ("zone: Asia/Shanghai", "zone: Asia/Nowhere", 3, "zone"),
    ("zone: Asia/Shanghai", "zone: ../../etc/passwd", 3, "zone"),
    ("[saturday, sunday]", "[saturday, sonntag]", 4, "weekend.1"),
    ("[saturday, sunday]", "[sunday, sunday]", 4, "weekend.1"),
    ("[saturday, sunday]", "sunday", 4, "weekend"),
    ("first_year: 2024", "first_year: 1066", 5, "first_year"),
    ("years_ahead: 2", "years_ahead: 1000", 6, "years_ahead"),
    ("{country: CN}", "{country: ZZ}", 7, "statutory_days"),
    ("{country: CN}", "{country: GB, subdivision: XYZ}", 7, "statutory_days"),
    ("{country: CN}", "{market: ZZZZ}", 7, "statutory_days"),
    ("{country: CN}", "{country: CN, market: XNYS}", 7, "statutory_days"),
    ("{country: CN}", "{binding: true}", 7, "statutory_days"),
    ("{country: CN}", "{country: CN, categories: [nonsense]}", 7, "statutory_days"),
    ("{country: CN}", "{country: CN, binding: yes}", 7, "statutory_days.binding"),
    ("december_open_from: 29", "december_open_from: 32", 8, "december_open_from"),
]


@pytest.mark.parametrize(("old", "new", "line", "key"), MISTAKES_IN_THE_SETTINGS)
def test_a_mistake_in_the_settings_is_named_by_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str
):
    assert old in SETTINGS
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, SETTINGS.replace(old, new, 1), n=NOTICE)
    named(fault.value, "xx.yaml", line, key)


def test_two_notices_for_one_year_and_one_name_twice(tmp_path: Path):
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, a=NOTICE, b=NOTICE.replace("xx-2024", "xx-other"))
    named(fault.value, "b.yaml", 2, "year")
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, b=NOTICE)
    named(fault.value, "b.yaml", 1, "notice")


def test_amendments_in_a_circle_and_across_years(tmp_path: Path):
    circle = AMENDMENT.replace("notice: xx-2024-02", "notice: xx-2024-03").replace(
        "amends: xx-2024", "amends: xx-2024-02"
    )
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, a=NOTICE, b=AMENDMENT.replace("amends: xx-2024", "amends: xx-2024-03"), c=circle)
    named(fault.value, "b.yaml", 4, "amends")
    (tmp_path / "xx" / "c.yaml").unlink()
    other_year = AMENDMENT.replace("year: 2024", "year: 2025").replace(": 2024-02", ": 2025-02")
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, b=other_year)
    named(fault.value, "b.yaml", 4, "amends")


def test_notices_that_contradict_each_other(tmp_path: Path):
    rival = AMENDMENT.replace("xx-2024-02", "xx-2024-03").replace(
        "off:\n  - {name: {zh: 假, en: Day off}, first: 2024-02-04, last: 2024-02-04}", "work: [2024-02-04]"
    )
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, a=NOTICE, b=AMENDMENT, c=rival)
    named(fault.value, "c.yaml", 5, "work.0")


def test_a_notice_that_says_nothing(tmp_path: Path):
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, n=NOTICE.partition("off:")[0])
    named(fault.value, "n.yaml", 1, "(file)")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"# only a remark\n",
        b"notice: [",
        b"\tnotice: a\n",
        "notice: 通知".encode("gb18030"),
        b"a: &x [1]\nb: *x\n",
        b"- 1\n",
        b"\x00",
        b"[" * 5000,
        b"a: " + b"x" * 1_000_001,
    ],
)
def test_what_is_no_such_yaml_is_a_fault_with_file_and_line(tmp_path: Path, raw: bytes):
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, n=raw)
    (problem,) = fault.value.details["problems"]
    assert problem["file"] == "n.yaml"
    assert isinstance(problem["line"], int)


def test_what_is_nested_too_deeply_is_refused_where_it_becomes_so():
    within, beyond = ("a: 1\nb: " + "[" * depth + "]" * depth for depth in (99, 100))
    value, _ = read_yaml(within)
    assert value["a"] == 1
    with pytest.raises(DefinitionFault) as fault:
        read_yaml(beyond)
    (problem,) = fault.value.details["problems"]
    assert (problem["line"], problem["message"].en) == (2, "nested too deeply")


def test_a_library_without_holidays_for_a_year_does_not_pass_for_an_authority(tmp_path: Path):
    with pytest.raises(DefinitionFault) as fault:
        load(tmp_path, binding("[saturday, sunday]", "market: XNYS", 2199))
    named(fault.value, "xx.yaml", 7, "statutory_days")


def named(fault: DefinitionFault, file: str, line: int, key: str) -> None:
    (problem,) = fault.details["problems"]
    assert (problem["file"], problem["line"], problem["key"]) == (file, line, key)
    assert fault.message.en.startswith(f"{file}:{line}: {key}: ")
    assert fault.message.zh.startswith(f"{file}:{line}: {key}: ")
    assert fault.exit_status == 2
