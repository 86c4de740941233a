"""Layers over a calendar: one city's own days; and notices that are kept elsewhere than in files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.period import Period
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.explanation.day_count import counted_days
from credit_workflow.cli.screens.explanation_screen import why
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.resources import data_folder

LAYER = "calendar: {name}\ntitle: {{zh: 某市, en: A city}}\nextends: {base}\n"
NOTICE = """\
notice: {name}
year: 2026
title: {{zh: 市通知, en: City notice}}
no: 某政办发〔2026〕1号
off:
  - {{name: {{zh: 市庆, en: City day}}, first: {first}, last: {last}}}
work: [{work}]
"""


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with mock.patch.dict(os.environ, {"CREDIT_WORKFLOW_CACHE": str(tmp_path_factory.mktemp("cache"))}):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the calendar of China from 2025 on."""
    made = tmp_path / "calendars"
    (made / "cn").mkdir(parents=True)
    text = (data_folder("calendars") / "cn.yaml").read_text(encoding="utf-8")
    short = text.replace("first_year: 2004", "first_year: 2025").replace("years_ahead: 10", "years_ahead: 3")
    (made / "cn.yaml").write_text(short, encoding="utf-8")
    for year in (2025, 2026):
        shutil.copy(data_folder("calendars") / "cn" / f"{year}.yaml", made / "cn")
    return made


def layer(folder: Path, name: str, base: str, **notices: str) -> None:
    (folder / f"{name}.yaml").write_text(LAYER.format(name=name, base=base), encoding="utf-8")
    (folder / name).mkdir(exist_ok=True)
    for file, text in notices.items():
        (folder / name / f"{file}.yaml").write_text(text, encoding="utf-8")


def notice(name: str, first: str = "2026-03-03", last: str = "2026-03-04", work: str = "2026-03-07") -> str:
    return NOTICE.format(name=name, first=first, last=last, work=work)


def differing(one: WorkCalendar, other: WorkCalendar) -> list[str]:
    years = range(one.first.year, one.last.year + 1)
    pairs = (pair for y in years for pair in zip(one.year(y), other.year(y), strict=True))
    return [str(a.date) for a, b in pairs if a.works != b.works]


def test_hangzhou_during_the_summit() -> None:
    city, country = load_calendar("cn-hangzhou"), load_calendar()
    assert differing(city, country) == [
        "2016-08-28", "2016-09-01", "2016-09-02", "2016-09-05", "2016-09-06", "2016-09-07", "2016-09-10", "2016-09-11",
    ]  # fmt: skip
    # five days given, three of them made up for: 杭政办函〔2016〕75号
    assert city.working_days_between(date(2016, 8, 26), date(2016, 9, 11)) == 8
    assert country.working_days_between(date(2016, 8, 26), date(2016, 9, 11)) == 10
    assert (city.layers, country.layers, city.zone) == (("cn", "cn-hangzhou"), ("cn",), "Asia/Shanghai")
    assert city.edition != country.edition


def test_the_explanation_says_which_layer() -> None:
    city = load_calendar("cn-hangzhou")
    counted = counted_days(city.count(date(2016, 8, 31), Period(1, "working days")), city, "zh")
    assert [day.date for day in counted] == [date(2016, 9, n) for n in range(1, 9)]
    assert {day.layer for day in counted[:7]} == {"杭州市工作日历"}
    assert counted[7].layer is None
    assert "杭州市工作日历：杭政办函〔2016〕75号" in why(counted[0])
    (spring,) = counted_days(city.count(date(2026, 2, 14), Period(1, "days")), city, "zh")
    assert spring.layer is None


def test_a_layer_holds_over_the_calendar_and_a_layer_over_it(folder: Path) -> None:
    layer(folder, "city", "cn", a=notice("city-a", "2026-02-14", "2026-02-16", "2026-03-07"))
    layer(folder, "ward", "city", b=notice("ward-b", "2026-03-07", "2026-03-07", "2026-02-15"))
    city, ward = load_calendar("city", folder), load_calendar("ward", folder)
    # the State Council has one work on Saturday 14 February; the city does not
    assert (city.is_working(date(2026, 2, 14)), city.day(date(2026, 2, 14)).notice) == (False, "city-a")
    assert [ward.is_working(date(2026, 3, 7)), ward.is_working(date(2026, 2, 15)), ward.is_working(date(2026, 2, 14))] == [
        False, True, False,
    ]  # fmt: skip
    assert ward.layers == ("cn", "city", "ward")
    (year,) = [status for status in ward.status() if status.year == 2026]
    assert year.notice is not None
    assert (year.notice.id, [n.id for n in year.amendments]) == ("cn-2026", ["city-a", "ward-b"])


def test_a_layers_notice_makes_no_year_certain(folder: Path) -> None:
    later = notice("city-a", "2028-03-01", "2028-03-01", "2028-03-04").replace("year: 2026", "year: 2028")
    layer(folder, "city", "cn", a=later)
    city = load_calendar("city", folder)
    assert (city.first, city.last) == (date(2025, 1, 1), date(2029, 12, 31))
    assert city.day(date(2028, 3, 2)).provisional
    assert [y.notice for y in city.status() if y.year == 2028] == [None]


def test_several_notices_of_one_layer_in_a_year(folder: Path) -> None:
    layer(folder, "city", "cn", a=notice("city-a"), b=notice("city-b", "2026-06-01", "2026-06-01", "2026-06-06"))
    city = load_calendar("city", folder)
    assert {city.day(date(2026, 3, 3)).notice, city.day(date(2026, 6, 1)).notice} == {"city-a", "city-b"}


FAULTS = {
    "contradicting": ({"a": notice("city-a"), "b": notice("city-b", "2026-03-07", "2026-03-07", "2026-03-08")}, "b.yaml", "the notice city-a says otherwise"),
    "twice": ({"a": notice("city-a"), "b": notice("city-a")}, "b.yaml", "stands in"),
    "amends what is of the calendar": ({"a": notice("city-a") + "amends: cn-2026\n"}, "a.yaml", "there is no notice cn-2026"),
    "worked on a weekday": ({"a": notice("city-a", work="2026-03-09")}, "a.yaml", "no day of the weekend"),
}  # fmt: skip


@pytest.mark.parametrize(("notices", "file", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_mistake_in_a_layer(folder: Path, notices: dict[str, str], file: str, message: str) -> None:
    layer(folder, "city", "cn", **notices)
    with pytest.raises(DefinitionFault) as fault:
        load_calendar("city", folder)
    assert message in fault.value.message.en
    assert fault.value.message.en.startswith(file)


def test_what_a_layer_extends(folder: Path) -> None:
    layer(folder, "city", "nowhere")
    with pytest.raises(NotFound, match="there is no calendar nowhere"):
        load_calendar("city", folder)
    layer(folder, "city", "ward")
    layer(folder, "ward", "city")
    with pytest.raises(DefinitionFault, match="in a circle"):
        load_calendar("city", folder)
    layer(folder, "city", "cn")
    (folder / "city.yaml").write_text(LAYER.format(name="other", base="cn"), encoding="utf-8")
    with pytest.raises(DefinitionFault, match="should be called other"):
        load_calendar("city", folder)
    (folder / "city.yaml").write_text(LAYER.format(name="city", base="cn") + "zone: UTC\n", encoding="utf-8")
    with pytest.raises(DefinitionFault, match="no such key"):
        load_calendar("city", folder)
    (folder / "city.yaml").write_text(LAYER.format(name="city", base='"cn"  # 全国'), encoding="utf-8")
    assert load_calendar("city", folder).layers == ("cn", "city")


# -- notices kept in a database


def test_a_kept_notice_stands_in_the_place_of_a_file_of_its_id() -> None:
    shipped = load_calendar()
    changed = NOTICE.format(name="cn-2026", first="2026-03-03", last="2026-03-03", work="2026-03-07")
    kept = load_calendar(kept=[KeptNotice("cn-2026", "cn", changed)])
    assert (kept.day(date(2026, 3, 3)).works, kept.day(date(2026, 2, 16)).works) == (False, True)
    assert [n.kept for n in kept.notices if n.year == 2026] == [True]
    assert not any(n.kept for n in shipped.notices)
    assert load_calendar().edition == shipped.edition  # each has its own cache


def test_a_kept_notice_of_another_calendar_is_passed_over() -> None:
    city = KeptNotice("cn-hangzhou-2026-03", "cn-hangzhou", notice("cn-hangzhou-2026-03"))
    assert load_calendar(kept=[city]).edition == load_calendar().edition
    over = load_calendar("cn-hangzhou", kept=[city])
    assert (over.day(date(2026, 3, 3)).notice, over.is_working(date(2026, 3, 7))) == ("cn-hangzhou-2026-03", True)


def test_a_mistake_in_a_kept_notice_names_it() -> None:
    with pytest.raises(DefinitionFault, match=r"cn-2027\.yaml"):
        load_calendar(kept=[KeptNotice("cn-2027", "cn", notice("cn-2027", work="2026-03-09"))])
