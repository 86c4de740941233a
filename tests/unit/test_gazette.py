"""Published notices read back; the spellings of a notice; what is refused, and how it is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.notices.calendar_files import Notice, days_between, read_notice
from credit_workflow.calendar.notices.notice_checks import (
    check_amendment,
    check_days,
    check_year,
    completed,
    said_before,
    statutory_days,
)
from credit_workflow.calendar.notices.notice_yaml import notice_of, notice_yaml
from credit_workflow.calendar.notices.official_text import Gazette, read_gazette
from credit_workflow.calendar.notices.spelling import Finding
from credit_workflow.calendar.working_days import WorkCalendar

CALENDARS = Path(__file__).resolve().parents[2] / "calendars"
TEXTS = Path(__file__).resolve().parents[1] / "data" / "notices"
PUBLISHED = sorted(file.stem for file in TEXTS.glob("*.txt"))
WEEKEND = (5, 6)


def text(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def file_of(name: str) -> Path:
    city = "cn-hangzhou"
    return (
        CALENDARS / city / f"{name.removeprefix(f'{city}-')}.yaml"
        if city in name
        else CALENDARS / "cn" / f"{name}.yaml"
    )


def days(notice: Notice) -> tuple[set[date], set[date]]:
    """The weekdays off and the weekend days worked."""
    off = [d for h in notice.off for d in days_between(date.fromisoformat(h.first), date.fromisoformat(h.last))]
    return {d for d in off if d.weekday() < 5}, set(map(date.fromisoformat, notice.work))


@pytest.fixture(scope="module")
def cn() -> WorkCalendar:
    return load_calendar()


def made(name: str, calendar: WorkCalendar) -> tuple[Gazette, Notice]:
    gazette = completed(read_gazette(text(name)), calendar)
    layer = "Hangzhou" if name.startswith("cn-hangzhou") else None
    amends = f"cn-{name[:4]}" if "-" in name and layer is None else None
    id_ = "cn-hangzhou" if layer else "cn"
    return gazette, notice_of(gazette, calendar=id_, known=(), amends=amends, layer=layer)


def test_there_are_notices_of_more_than_ten_years() -> None:
    assert len({name[:4] for name in PUBLISHED if name[:2] == "20" and "-" not in name}) >= 18


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_notice_reads_back(name: str, cn: WorkCalendar) -> None:
    gazette, notice = made(name, cn)
    assert gazette.findings == ()
    shipped = read_notice(file_of(name), WEEKEND).value
    assert days(notice) == days(shipped)
    assert notice.notice == shipped.notice
    assert notice.title.zh == shipped.title.zh
    assert shipped.no is None or notice.no == shipped.no
    assert shipped.issued is None or notice.issued == shipped.issued


def test_every_day_of_every_year_is_the_same_by_the_published_texts(cn: WorkCalendar) -> None:
    kept = [
        KeptNotice(n.notice, "cn", notice_yaml(n))
        for name in PUBLISHED
        if name[:2] == "20"
        for _, n in [made(name, cn)]
    ]
    read = load_calendar(kept=kept)
    assert sum(notice.kept for notice in read.notices) == len(kept)
    years = range(cn.first.year, cn.last.year + 1)
    assert [d.works for y in years for d in read.year(y)] == [d.works for y in years for d in cn.year(y)]


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_notice_passes_the_checks(name: str, cn: WorkCalendar) -> None:
    gazette = completed(read_gazette(text(name)), cn)
    assert list(check_days(gazette, WEEKEND)) == []
    if "-" not in name:
        assert list(check_year(gazette)) == []


@pytest.mark.parametrize("name", ["2015-09", "2019-05", "2020-02"])
def test_an_amendment_of_its_year_passes(name: str, tmp_path: Path) -> None:
    (tmp_path / "cn").mkdir()
    for file in (CALENDARS / "cn").glob("*.yaml"):
        if "-" not in file.stem:
            (tmp_path / "cn" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "cn.yaml").write_bytes((CALENDARS / "cn.yaml").read_bytes())
    before = load_calendar("cn", tmp_path)
    gazette = completed(read_gazette(text(name)), before)
    year = gazette.year or 0
    assert list(check_amendment(gazette, said_before(before, year), 0)) == []
    unknown = gazette._replace(no=None)
    given = {"2015-09": 1, "2019-05": 0, "2020-02": 2}[name]
    assert list(check_amendment(unknown, said_before(before, year), given)) == []
    assert bool(list(check_amendment(unknown, said_before(before, year), 0))) == (given > 0)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_notice_written_as_a_file_reads_back(name: str, cn: WorkCalendar) -> None:
    _, notice = made(name, cn)
    assert read_notice(Path("x.yaml"), WEEKEND, notice_yaml(notice)).value == notice


@pytest.mark.parametrize("year", [2018, 2022, 2026])
def test_a_file_is_written_in_the_form_of_those_that_ship(year: int, cn: WorkCalendar) -> None:
    _, notice = made(str(year), cn)
    assert notice_yaml(notice) == file_of(str(year)).read_text(encoding="utf-8")


def test_the_holidays_of_the_law() -> None:
    assert {y: sum(map(len, statutory_days(y).values())) for y in (2007, 2008, 2015, 2020, 2024, 2025, 2030)} == {
        2007: 10, 2008: 11, 2015: 11, 2020: 11, 2024: 11, 2025: 13, 2030: 13,
    }  # fmt: skip


# -- spellings

#: A text about 2026, its days off and its days worked, month and day alone.
SPELLINGS = {
    "plain": ("二、春节：2月15日至23日放假调休，共9天。2月14日（周六）、2月28日（周六）上班。", "0215-0223", "0214 0228"),
    "half-width": ("二、春节:2月15日至23日放假调休,共9天.2月14日(周六)、2月28日(周六)上班.", "0215-0223", "0214 0228"),
    "full-width digits": ("二、春节：２月１５日至２３日放假调休，共９天。２月１４日（周六）、２８日（周六）上班。", "0215-0223", "0214 0228"),
    "blanks and breaks": ("二 、春节 ： 2 月 1\n5日\n至\n　23日 放假调 休，共 9天。\n2月14日（周\n六）、28日上班。", "0215-0223", "0214 0228"),
    "commas in a list": ("春节：2月15日至23日放假，2月14日（星期六），2月28日（星期六）上班。", "0215-0223", "0214 0228"),
    "one sentence": ("春节：2月15日-23日放假9天，2月14日和28日照常上班。", "0215-0223", "0214 0228"),
    "Chinese numerals": ("五一：五月一日至五日放假调休，共五天。五月九日（星期六）上班。", "0501-0505", "0509"),
    "weekdays of a span": ("劳动节：5月1日至5日（周五至周二）放假调休，共5天。", "0501-0505", ""),
    "weekdays of a list": ("春节：2月15日至23日放假。2月14日、28日（周六、周六）上班。", "0215-0223", "0214 0228"),
    "no swap": ("元旦：1月1日（周四）放假1天，不调休。", "0101-0101", ""),
    "one day": ("元旦：1月1日放假，共1天。", "0101-0101", ""),
    "nothing but the day": ("端午节：6月19日放假", "0619-0619", ""),
    "with the weekend": ("端午节：6月19日放假，与周末连休。", "0619-0619", ""),
    "with the weekend, counted": ("端午节：6月19日放假，与周末连休，共3天。", "0619-0619", ""),
    "in lieu": ("清明节：4月4日（周六）放假，4月6日（周一）补休。", "0404-0404 0406-0406", ""),
    "a list of days off": ("春节：2月16日、17日和18日放假，共3天。", "0216-0216 0217-0217 0218-0218", ""),
    "a day in brackets": ("春节：除夕（2月16日）放假，2月17日至19日放假。", "0216-0216 0217-0219", ""),
    "numbered by digits": ("1、元旦：1月1日放假。\n2、春节：2月16日放假。", "0101-0101 0216-0216", ""),
    "numbered in brackets": ("（一）元旦：1月1日放假。（二）春节：2月16日放假。", "0101-0101 0216-0216", ""),
    "not numbered": ("元旦：1月1日放假\n春节：2月16日放假", "0101-0101 0216-0216", ""),
    "a recommendation": ("春节：2月17日放假。鼓励各单位安排职工在除夕（2月16日）休息。", "0217-0217", ""),
    "a half day": ("春节：2月17日放假。3月8日妇女放假半天。", "0217-0217", ""),
    "said twice over": ("春节：2月17日放假。特作调休：2月16日至18日放假，共3天。", "0216-0218", ""),
    "work resumes": ("春节：2月17日放假，2月18日（周三）起正常上班。", "0217-0217", ""),
    "junk behind the signature": ("春节：2月17日放假。国务院办公厅2025年11月4日 责任编辑：张三 2025-11-05 8月1日放假", "0217-0217", ""),
}  # fmt: skip


@pytest.mark.parametrize(("said", "off", "work"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_spelling(said: str, off: str, work: str) -> None:
    gazette = read_gazette(said, 2026)
    assert gazette.findings == ()
    found = [f"{s.first:%m%d}-{s.last:%m%d}" for o in gazette.off for s in o.spans]
    assert (" ".join(found), " ".join(f"{w.day:%m%d}" for w in gazette.work)) == (off, work)
    assert {w.day.year for w in gazette.work} <= {2026}


def test_what_frees_not_all_is_passed_over_and_said() -> None:
    gazette = read_gazette("春节：2月17日放假。鼓励在除夕（2月16日）休息。3月8日妇女放假半天。", 2026)
    assert gazette.passed_over == ("鼓励在除夕(2月16日)休息", "3月8日妇女放假半天")


YEARS = {
    "a span over the year's end": (
        2023,
        "元旦：2022年12月31日至2023年1月2日放假调休，共3天。",
        ["2022-12-31", "2023-01-02"],
    ),
    "the years left out": (2023, "元旦：12月31日至1月2日放假调休，共3天。", ["2022-12-31", "2023-01-02"]),
    "the weekday tells the year": (2006, "元旦：1月1日放假，12月31日（星期六）补休。", ["2005-12-31", "2006-01-01"]),
    "December elsewhere": (2026, "某某节：12月25日放假。", ["2026-12-25", "2026-12-25"]),
}


@pytest.mark.parametrize(("year", "said", "ends"), YEARS.values(), ids=YEARS.keys())
def test_the_year_of_a_day(year: int, said: str, ends: list[str]) -> None:
    gazette = read_gazette(said, year)
    assert gazette.findings == ()
    found = [day for o in gazette.off for day in o.days()]
    assert [str(min(found)), str(max(found))] == ends


HEADS = {
    "all": ("国务院办公厅关于2026年\n部分节假日安排的通知\n国办发明电〔２０２５〕 7号\n一、元旦：1月1日放假。\n国务院办公厅\n2025年11月4日", (2026, "国办发明电〔2025〕7号", "2025-11-04")),
    "other brackets": ("国办发明电[2025]07号 现将2026年元旦放假通知如下。一、元旦：1月1日放假。", (2026, "国办发明电〔2025〕7号", None)),
    "in numerals": ("现将2012年元旦放假通知如下：一、元旦：1月1日放假。国务院办公厅\n二〇一一年十二月五日", (2012, None, "2011-12-05")),
    "a remark before the date": ("现将2026年元旦放假通知如下。一、元旦：1月1日放假。\n国务院办公厅\n（此件公开发布）\n2025年11月4日", (2026, None, "2025-11-04")),
    "the date alone": ("现将2026年元旦放假通知如下。一、元旦：1月1日放假。确保平安。\n2025年11月4日", (2026, None, "2025-11-04")),
    "the year in the days only": ("元旦：2026年1月1日放假。", (2026, None, None)),
}  # fmt: skip


@pytest.mark.parametrize(("said", "head"), HEADS.values(), ids=HEADS.keys())
def test_what_a_notice_says_of_itself(said: str, head: tuple[int, str | None, str | None]) -> None:
    gazette = read_gazette(said)
    assert gazette.findings == ()
    assert [str(day) for o in gazette.off for day in o.days()] == [f"{head[0]}-01-01"]
    assert (gazette.year, gazette.no, gazette.issued and str(gazette.issued)) == head


# -- refusals

WRONG = {
    "a weekday": ("春节：2月15日至23日放假。\n2月14日（周日）上班。", 2, "2026-02-14 是星期六，不是星期日"),
    "a weekday in a span": ("春节：2月15日（周六）至23日（周一）放假。", 1, "2026-02-15 是星期日，不是星期六"),
    "a weekday without brackets": ("春节：2月15日星期六放假。", 1, "2026-02-15 是星期日"),
    "the count": ("春节：2月15日至23日放假调休，共8天。", 1, "写明共 8 天，所列 2026-02-15 至 2026-02-23 却是 9 天"),
    "the count of a list": ("春节：2月16日、17日放假3天。", 1, "却是 2 天"),
    "the count with a weekend": ("端午节：6月19日放假，与周末连休，共4天。", 1, "却是 3 天"),
    "no such day": ("春节：2月15日至31日放假。", 1, "没有“2月31日”这一天"),
    "backwards": ("春节：2月23日至15日放假。", 1, "早于"),
    "too long": ("春节：2月1日至3月23日放假。", 1, "超过 31 天"),
    "no weekend adjoins": ("中秋节：6月17日放假，与周末连休。", 1, "不与周末相连"),
    "no month": ("春节：15日至23日放假。", 1, "没有写明月份"),
    "a letter for a digit": ("春节：2月l5日至23日放假。", 1, "看不懂"),
    "three digits": ("春节：2月15日放假。115日上班。", 1, "看不懂“115日上班”"),
    "a negation": ("春节：2月15日放假。2月14日不上班。", 1, "看不懂"),
    "another verb": ("春节：2月15日放假。2月18日休整。", 1, "看不懂"),
    "an unclear recommendation": ("春节：2月15日放假。安排职工在除夕（2月16日）休息。", 1, "看不懂"),
    "weekdays of nobody": ("春节：2月14日（周六、周日）上班。", 1, "2 个星期"),
    "two Decembers": ("元旦：1月1日放假。12月31日上班。", 1, "可能是 2025-12-31 或 2026-12-31"),
    "a far year": ("春节：2062年2月15日放假。", 1, "2062-02-15 不在 2026 年前后"),
    "a day worked twice": ("春节：2月14日、14日上班。", 1, "2026-02-14 上班写了两次"),
    "a statutory day that is not off": ("春节：2月15日至18日放假。其中，2月19日为法定节假日。", 1, "2026-02-19"),
    "a rest day that nobody works": ("春节：2月15日至18日放假。其中，2月14日（星期六）公休日调至2月17日（星期二）。", 1, "却没有写这一天上班"),
    "moved to too many": ("春节：2月15日至18日放假，2月14日上班。其中，2月14日公休日调至2月17日、18日。", 1, "天数不等"),
    "work resumes on a day off": ("春节：2月15日至18日放假，2月18日起正常上班。", 1, "2026-02-18 起上班"),
    "the number's year": ("国办发明电〔2024〕7号 现将2026年元旦放假通知如下。\n一、元旦：1月1日放假。\n国务院办公厅\n2025年11月4日", 1, "文号的年份"),
    "no such date of issue": ("一、元旦：2026年1月1日放假。\n国务院办公厅\n2025年11月31日", 2, "成文日期"),
    "two years": ("国务院办公厅关于2026年、2027年部分节假日安排的通知\n一、元旦：1月1日放假。", 1, "多个年份"),
    "title and text differ": ("国务院办公厅关于2026年部分节假日安排的通知\n现将2025年元旦放假通知如下。\n一、元旦：1月1日放假。", 2, "年份不同"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "line", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_named_with_its_line(said: str, line: int, message: str) -> None:
    found = read_gazette(said, None if "关于" in said or "现将" in said else 2026).findings
    assert message in "".join(finding.message.zh for finding in found)
    assert found[0].line == line
    assert all(finding.message.en and finding.sentence for finding in found)


def test_a_text_without_a_year_asks_for_it() -> None:
    (finding,) = read_gazette("元旦：1月1日放假。").findings
    assert "--year" in finding.message.zh
    (finding,) = read_gazette("国务院办公厅关于2026年部分节假日安排的通知\n一、元旦：1月1日放假。", 2027).findings
    assert "2026" in finding.message.en


def wrong_days(said: str) -> list[Finding]:
    gazette = read_gazette(said, 2026)
    assert gazette.findings == ()
    return list(check_days(gazette, WEEKEND))


def test_days_against_each_other() -> None:
    assert (
        "2026-02-20 放假写了两次（春节、清明节）"
        in wrong_days("一、春节：2月15日至20日放假。\n二、清明节：2月20日放假。")[0].message.zh
    )
    assert "2026-02-16 既放假（春节）又上班" in wrong_days("一、春节：2月15日至20日放假。2月16日上班。")[0].message.zh
    (weekday,) = wrong_days("一、春节：2月15日至20日放假。\n2月23日（周一）上班。")
    assert (weekday.line, "2026-02-23 不是周末" in weekday.message.zh) == (2, True)
    twice = wrong_days("一、春节：2月15日放假。2月14日上班。\n二、清明节：4月5日放假。2月14日上班。")
    assert "2026-02-14 上班写了两次" in twice[0].message.zh
    assert "没有找到放假安排" in wrong_days("各省、自治区：祝节日快乐。")[0].message.zh


def year_findings(change: dict[str, str]) -> list[str]:
    said = text("2026")
    for old, new in change.items():
        assert old in said
        said = said.replace(old, new)
    gazette = read_gazette(said)
    assert gazette.findings == ()
    assert list(check_days(gazette, WEEKEND)) == []
    return [finding.message.zh for finding in check_year(gazette)]


def test_a_holiday_left_out_is_named() -> None:
    dragon_boat = "五、端午节：6月19日（周五）至21日（周日）放假，共3天。"
    (finding,) = year_findings({dragon_boat: ""})
    assert "法定节假日 2026-06-19（端午节）没有放假" in finding
    (finding,) = year_findings(
        {"10月1日（周四）至7日（周三）放假调休，共7天": "10月2日（周五）至7日（周三）放假调休，共6天"}
    )
    assert "2026-10-01（国庆节）" in finding


def test_the_balance_says_its_arithmetic() -> None:
    (finding,) = year_findings({"、2月28日（周六）": ""})
    assert "周一至周五放假 19 天，减去周末上班 5 天，净放假 14 天，应为 13 天（多 1 天）" in finding
    (finding,) = year_findings({"5月9日（周六）上班。": "5月9日（周六）、5月10日（周日）上班。"})
    assert "应为 13 天（少 1 天）" in finding


def test_an_extension_needs_the_holiday_that_it_extends(cn: WorkCalendar) -> None:
    gazette = completed(read_gazette(text("2020-02").replace("春节", "端午节")), cn)
    assert "要延长的“端午节”假期未收录" in gazette.findings[0].message.zh
    again = completed(read_gazette(text("2020-02")), cn)  # the extension itself is loaded
    assert sorted(map(str, again.off[0].days())) == ["2020-01-31", "2020-02-01", "2020-02-02"]


@pytest.mark.parametrize(
    "written",
    [
        "一、\n元旦：2025年12月29日放假。2025年12月27日（星期六）上班。\n二、春节：2月10日放假。",
        "（一）\n元旦：2025年12月29日放假。2025年12月27日（星期六）上班。\n（二）春节：2月10日放假。",
    ],
)
def test_a_number_alone_in_its_line_is_its_headings(written: str) -> None:
    found = read_gazette(written, 2026)
    assert found.findings == ()
    assert [day for said in found.off for day in sorted(said.days())] == [date(2025, 12, 29), date(2026, 2, 10)]
    assert [said.day for said in found.work] == [date(2025, 12, 27)]


BROKEN_TITLES = {
    "behind the quotation mark": "一、“五一”\n国际劳动节:4月28日至29日放假。",
    "within the name": "一、“五一”国际\n劳动节：4月28日至29日放假。",
    "over three lines": "（一）“五一”\n国际\n　劳动节：4月28日至29日放假。",
    "behind the number and again": "一、\n“五一”\n国际劳动节：4月28日至29日放假。",
    "of the second item": "一、元旦：1月1日放假。二、“五一”\n国际劳动节：4月28日至29日放假。",
    "behind an item without a stop": "一、元旦：1月1日放假\n二、“五一”\n国际劳动节：4月28日至29日放假",
    "behind the head": "关于2026年部分节假日安排的通知\n一、五一\n国际劳动节：4月28日至29日放假。",
    "of two feasts": "一、中秋节、\n国庆节：4月28日至29日放假。",
    "of two feasts joined by a word": "一、中秋节和\n国庆节：4月28日至29日放假。",
    "of an item that is not numbered": "元旦：1月1日放假。\n“五一”\n国际劳动节：4月28日至29日放假。",
    "of an item numbered in digits": "1、元旦：1月1日放假。\n2、“五一”\n国际劳动节：4月28日至29日放假。",
}


@pytest.mark.parametrize("written", BROKEN_TITLES.values(), ids=BROKEN_TITLES.keys())
def test_a_title_broken_over_lines_is_one_title(written: str) -> None:
    found = read_gazette(written, 2026)
    assert found.findings == ()
    said = found.off[-1]
    assert sorted(said.days()) == [date(2026, 4, 28), date(2026, 4, 29)]
    assert said.name in {"五一国际劳动节", "中秋节、国庆节", "中秋节和国庆节"}


def test_days_before_the_first_item_are_a_finding_and_not_passed_over() -> None:
    found = read_gazette("元旦1月1日放假。\n二、春节：2月10日放假。", 2026)
    assert [(finding.line, finding.sentence) for finding in found.findings] == [(1, "1日放假")]
