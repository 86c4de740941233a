"""The shipped calendar: its days, what is provisional, its range, its cache."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from credit_workflow.calendar.due import Due
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.errors import NotFound, Refused
from credit_workflow.resources import data_folder
from credit_workflow.text import Text


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_WORKFLOW_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def cn(tmp_path_factory: pytest.TempPathFactory) -> WorkCalendar:
    with pytest.MonkeyPatch.context() as patch:  # compiled by the code under test, not cached by an older one
        patch.setenv("CREDIT_WORKFLOW_CACHE", str(tmp_path_factory.mktemp("cache")))
        return load_calendar("cn")


def wd(length: int) -> Period:
    return Period(length, "working days")


# -- days


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 10), (True, "weekday", None, None)),
        (date(2026, 3, 7), (False, "weekend", None, None)),
        (date(2026, 2, 14), (True, "make-up", "cn-2026", "调休上班")),
        (date(2026, 2, 17), (False, "holiday", "cn-2026", "春节")),
        (date(2026, 2, 22), (False, "holiday", "cn-2026", "春节")),
        (date(2007, 12, 29), (True, "make-up", "cn-2008", "调休上班")),
        (date(2007, 12, 31), (False, "holiday", "cn-2008", "元旦")),
        (date(2019, 5, 2), (False, "holiday", "cn-2019-05", "劳动节")),
        (date(2019, 5, 5), (True, "make-up", "cn-2019-05", "调休上班")),
        (date(2020, 2, 1), (False, "holiday", "cn-2020-02", "春节")),
    ],
)
def test_a_day_says_what_it_is_and_by_which_notice(cn: WorkCalendar, day: date, expected: object):
    found = cn.day(day)
    assert (found.works, found.kind, found.notice, found.name and found.name.zh) == expected
    assert found.date == day
    assert not found.provisional
    assert cn.is_working(day) is found.works


def test_a_year_has_all_its_days(cn: WorkCalendar):
    assert [len(cn.year(y)) for y in (2023, 2024)] == [365, 366]
    days = cn.year(2024)
    assert (days[0].date, days[-1].date) == (date(2024, 1, 1), date(2024, 12, 31))


# -- provisional


def test_a_year_without_a_notice_has_weekends_and_statutory_days_all_provisional(cn: WorkCalendar):
    days = cn.year(2027)
    assert all(day.provisional and day.notice is None for day in days)
    assert all(day.kind != "make-up" for day in days)
    new_year = cn.day(date(2027, 1, 1))
    assert (new_year.kind, new_year.name) == ("holiday", Text("元旦", "New Year's Day"))
    assert not cn.is_working(date(2027, 10, 1))
    assert cn.is_working(date(2027, 10, 8))


def test_the_last_days_of_december_wait_for_the_next_notice(cn: WorkCalendar):
    assert [d.date.day for d in cn.year(2026) if d.provisional] == [29, 30, 31]
    assert not any(day.provisional for year in range(2004, 2026) for day in cn.year(year))


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        (date(2026, 12, 21), wd(5), Due(date(2026, 12, 28), provisional=False)),
        (date(2026, 12, 21), wd(6), Due(date(2026, 12, 29), provisional=True)),
        (date(2026, 12, 29), wd(1), Due(date(2026, 12, 30), provisional=True)),
        (date(2026, 12, 31), wd(0), Due(date(2026, 12, 31), provisional=False)),
        (date(2027, 3, 1), wd(1), Due(date(2027, 3, 2), provisional=True)),
        # the 28th is a Monday: settled; the 29th is not
        (date(2026, 11, 28), Period(30, "days", shift=True), Due(date(2026, 12, 28), provisional=False)),
        (date(2026, 11, 29), Period(30, "days", shift=True), Due(date(2026, 12, 29), provisional=True)),
        # only the last day and those shifted over count: what lies between may change
        (date(2025, 12, 31), Period(1, "years", shift=True), Due(date(2026, 12, 31), provisional=True)),
        # a duration asks no calendar
        (date(2026, 12, 15), Period(30, "days"), Due(date(2027, 1, 14), provisional=False)),
        (date(2026, 12, 15), Period(5, "years"), Due(date(2031, 12, 15), provisional=False)),
    ],
)
def test_a_due_date_is_provisional_when_a_day_it_touches_is(cn: WorkCalendar, start: date, period: Period, due: Due):
    assert cn.due(start, period) == due


def test_an_extension_makes_a_due_date_provisional(cn: WorkCalendar):
    start, period = date(2026, 11, 20), Period(30, "days", shift=True)
    assert cn.due(start, period) == Due(date(2026, 12, 21), provisional=False)
    assert cn.due(start, period, 5) == Due(date(2026, 12, 28), provisional=False)
    assert cn.due(start, period, 6) == Due(date(2026, 12, 29), provisional=True)
    assert cn.due(date(2026, 11, 29), period, 0).provisional


def test_the_next_notice_settles_its_days_and_changes_the_edition(cn: WorkCalendar, tmp_path: Path):
    copied(tmp_path)
    (tmp_path / "cn" / "2027.yaml").write_text(
        "notice: cn-2027\nyear: 2027\ntitle: {zh: 试, en: trial}\n"
        "off: [{name: {zh: 元旦, en: New Year's Day}, first: 2026-12-31, last: 2027-01-02}]\n"
        "work: [2027-01-03]\n",
        encoding="utf-8",
    )
    later = load_calendar("cn", tmp_path)
    assert later.edition != cn.edition
    assert later.due(date(2026, 12, 29), wd(2)) == Due(date(2027, 1, 3), provisional=False)
    assert later.last == date(2037, 12, 31)
    assert [d.date.day for d in later.year(2027) if d.provisional] == [29, 30, 31]


def test_the_edition_follows_the_days_alone(cn: WorkCalendar, tmp_path: Path):
    copied(tmp_path)
    file = tmp_path / "cn" / "2026.yaml"
    file.write_text("# a remark\n" + file.read_text(encoding="utf-8").replace("春节", "新春"), encoding="utf-8")
    same = load_calendar("cn", tmp_path)
    assert same.day(date(2026, 2, 17)).name == Text("新春", "Spring Festival")
    assert same.edition == cn.edition
    file.write_text(file.read_text(encoding="utf-8").replace("2026-02-28", "2026-03-07"), encoding="utf-8")
    assert load_calendar("cn", tmp_path).edition != cn.edition


# -- counting


def test_a_count_explains_a_shift(cn: WorkCalendar):
    counted = cn.count(date(2026, 1, 16), Period(30, "days", shift=True))
    assert [c.number for c in counted[:30]] == list(range(1, 31))
    assert [c.day.date.day for c in counted if c.shifted] == [16, 17, 18, 19, 20, 21, 22, 23, 24]
    assert counted[-1].day.date == cn.due(date(2026, 1, 16), Period(30, "days", shift=True)).day


def test_a_count_of_years_gives_the_day_on_which_each_ends(cn: WorkCalendar):
    counted = cn.count(date(2020, 2, 29), Period(5, "years"))
    assert [(c.number, c.day.date.isoformat()) for c in counted][-2:] == [
        (4, "2024-02-29"),
        (5, "2025-02-28"),
    ]


def test_working_days_between(cn: WorkCalendar):
    assert cn.working_days_between(date(2026, 2, 10), date(2026, 2, 26)) == 7
    assert cn.working_days_between(date(2026, 2, 26), date(2026, 2, 10)) == -7
    assert cn.add_working_days(date(2026, 2, 10), 7) == date(2026, 2, 26)
    assert cn.add_working_days(date(2026, 2, 15), 0) == date(2026, 2, 15)


# -- range


@pytest.mark.parametrize(
    ("start", "period"),
    [
        (date(2003, 12, 31), wd(5)),
        (date(2001, 1, 2), wd(5)),
        (date(2001, 1, 2), Period(5, "days", shift=True)),
        (date(2003, 12, 31), Period(30, "days", shift=True)),
        (date(2003, 12, 31), Period(0, "days", shift=True)),
        (date(2036, 12, 31), wd(1)),
        (date(2036, 12, 20), Period(30, "days", shift=True)),
        (date(1, 1, 1), wd(1)),
        (date.max, wd(1)),
        (date.max, Period(1, "days")),
        (date.max, Period(1, "years")),
    ],
)
def test_outside_the_calendar_is_refused_with_its_range(cn: WorkCalendar, start: date, period: Period):
    with pytest.raises(Refused) as refused:
        cn.due(start, period)
    assert refused.value.code == "outside_calendar"
    assert refused.value.details == {"first": "2004-01-01", "last": "2036-12-31"}
    for text in refused.value.message:
        assert "2004-01-01" in text
        assert "2036-12-31" in text


def test_the_first_and_last_days_are_covered(cn: WorkCalendar):
    assert cn.due(date(2004, 1, 1), Period(0, "days", shift=True)).day == date(2004, 1, 2)
    assert cn.due(date(2004, 1, 1), wd(1)).day == date(2004, 1, 2)
    assert cn.day(date(2036, 12, 31)).provisional
    for year in (2003, 2037, 0, -1, 99999):
        with pytest.raises(Refused):
            cn.year(year)
    with pytest.raises(Refused):
        cn.is_working(date(2037, 1, 1))
    with pytest.raises(Refused):
        cn.add_working_days(date(2026, 1, 1), -1)


# -- notices


def test_status_tells_what_each_year_rests_on(cn: WorkCalendar):
    years = {status.year: status for status in cn.status()}
    assert list(years) == list(range(2004, 2037))
    assert all(years[y].notice is not None for y in range(2004, 2027))
    assert all(years[y].notice is None for y in range(2027, 2037))
    amended = {y: [n.id for n in s.amendments] for y, s in years.items() if s.amendments}
    assert amended == {2015: ["cn-2015-09"], 2019: ["cn-2019-05"], 2020: ["cn-2020-02"]}
    assert years[2025].provisional_from is None
    assert years[2026].provisional_from == date(2026, 12, 29)
    assert years[2027].provisional_from == date(2027, 1, 1)
    notice = years[2026].notice
    assert notice is not None
    assert (notice.no, notice.issued) == ("国办发明电〔2025〕7号", date(2025, 11, 4))


def test_document_numbers_are_well_formed_and_unique(cn: WorkCalendar):
    numbers = {notice.id: notice.no for notice in cn.notices if notice.no is not None}
    assert len(set(numbers.values())) == len(numbers)
    for name, number in numbers.items():
        prefix, _, rest = number.partition("〔")
        assert prefix in {"国办发明电", "国发明电"}, name
        year = next(n.year for n in cn.notices if n.id == name)
        amends = next(n.amends for n in cn.notices if n.id == name)
        assert int(rest[:4]) == (year if amends else year - 1), name


# -- loading


def copied(folder: Path) -> None:
    source = data_folder("calendars")
    (folder / "cn").mkdir(parents=True)
    (folder / "cn.yaml").write_bytes((source / "cn.yaml").read_bytes())
    for file in (source / "cn").glob("*.yaml"):
        (folder / "cn" / file.name).write_bytes(file.read_bytes())


def test_a_cached_calendar_loads_without_yaml_and_holidays():
    load_calendar("cn")
    code = (
        "import sys; from credit_workflow.calendar.loading import load_calendar; from credit_workflow.calendar.period import parse_period; from datetime import date;"
        "c = load_calendar('cn'); c.due(date(2026, 2, 10), parse_period('7 working days'));"
        "print([m for m in ('yaml', 'holidays', 'zoneinfo', 'pydantic', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_another_release_of_the_library_is_another_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    load_calendar("cn")
    monkeypatch.setattr("credit_workflow.calendar.loading._library_edition", lambda: b"another")
    load_calendar("cn")
    assert len(list((tmp_path / "cache").glob("calendar-cn-*"))) == 2


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\x00"])
def test_a_damaged_cache_is_passed_over(tmp_path: Path, damage: bytes):
    edition = load_calendar("cn").edition
    (cache,) = (tmp_path / "cache").glob("calendar-cn-*")
    cache.write_bytes(damage)
    assert load_calendar("cn").edition == edition


def test_the_machines_language_changes_nothing():
    code = (
        "from credit_workflow.calendar.loading import load_calendar; from datetime import date;"
        "c = load_calendar('cn'); print(c.edition, ascii(c.day(date(2027, 1, 1)).name))"
    )
    answers = set()
    for number, lang in enumerate(("C", "zh_CN.UTF-8", "th_TH.UTF-8")):
        env = {"LANG": lang, "LANGUAGE": lang, "TZ": "America/New_York"}
        env["CREDIT_WORKFLOW_CACHE"] = f"/nonexistent/{number}"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
        answers.add(done.stdout)
    assert len(answers) == 1


def test_an_unknown_calendar_is_not_found(tmp_path: Path):
    with pytest.raises(NotFound) as fault:
        load_calendar("xx", tmp_path)
    assert "xx.yaml" in fault.value.message.en
