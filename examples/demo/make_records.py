"""Make `records.csv`: invented credit records of invented persons, always the same ones.

    python examples/demo/make_records.py [FILE]

Every number has a valid check digit, and none should belong to anybody: the sequence codes 996 to 999 of an
ID number are kept for people over a hundred, and the codes of organisations come from blocks (`MAY`, `99`)
not known to be in use.
"""
# ruff: noqa: SIM905 - a script beside its data; words in a row read better than a list of them

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from stdnum.cn import ric, uscc

RECORDS = 320
SUBJECTS = 210
COLUMNS = (
    "record_no",
    "subject_kind",
    "subject_id",
    "subject_name",
    "provider",
    "open_class",
    "title",
    "content",
    "valid_from",
    "valid_until",
)
LAST_DAY = date(2026, 2, 13)  # the newest record is of this day or earlier

# Area codes with the years in which people born then were given them.
AREAS_OLD = "330102 330103 330104 330105 330106 330121 330122 330123 330124 330125 330126 330127".split()
AREAS_MID = "330102 330103 330104 330105 330106 330122 330127 330181 330182 330183 330184 330185".split()
AREAS_NEW = "330102 330103 330104 330105 330106 330108 330109 330110 330122 330127 330182 330183".split()
AREAS_LEGAL = "330100 330102 330105 330106 330108 330109 330110 330111 330112 330113 330114 330122".split()
COUNTIES = "上城区 拱墅区 西湖区 滨江区 萧山区 余杭区 临平区 钱塘区 富阳区 临安区 桐庐县 淳安县 建德市".split()

SURNAMES = "沈陆顾俞钟楼骆邵潘裘方祝章施范孟戚温蒋叶"
GIVEN_FEMALE = "知夏 语棠 念禾 听雪 若汀 采薇 映荷 书瑶 晚晴 竹君 怀袖 青梧 月笙 梅影 溪云".split()
GIVEN_MALE = "云舟 怀瑾 长庚 望潮 松年 砚秋 远山 既明 听涛 伯言 鹤鸣 拾舟 千帆 守拙 承泽".split()
TRADE_NAMES = (
    "栖禾 澜舟 拾光里 青梧桐 鹤归 云知味 听潮 半山月 满觉香 竹里风 松间照 望湖春 三秋桂 十里荷 "
    "柳浪新 临溪 墨池 砚田 星垂野 江枫 白鹭洲 远帆渡 晴川 枕流 九溪烟 龙井坞 孤山雪 运河谣"
).split()
TRADES = (
    "科技有限公司 餐饮管理有限公司 建筑工程有限公司 物业服务有限公司 食品有限公司 贸易有限公司 "
    "物流有限公司 环保设备有限公司 服饰有限公司 网络技术有限公司 机械制造有限公司 装饰工程有限公司 "
    "电子商务有限公司 印染有限公司 汽车服务有限公司 房地产经纪有限公司"
).split()
ROADS = "文澜路 拾翠街 闻潮路 梧桐巷 桂语路 星桥街 采荷支路 月塘路 杏雨街 听松路 望江里 晓风街".split()
ESTATES = "桂语苑 听松里 望潮花园 采芹坊 梧桐公寓 荷风新村 竹海人家 晴川府".split()


class Template(NamedTuple):
    """A line of `templates.csv`; the kind of subject is `natural`, `legal`, `both` or `minor`."""

    provider: str
    kind: str
    open_class: str
    title: str
    only_names_with: str  # one of these words, blank-separated; empty for any name
    content: str

    def fits(self, subject: "Subject") -> bool:
        words = self.only_names_with.split()
        return self.kind in {subject.kind, "both"} and (not words or any(word in subject.name for word in words))


def templates() -> list[Template]:
    with Path(__file__).with_name("templates.csv").open(encoding="utf-8", newline="") as file:
        return [Template(*line) for line in csv.reader(file)][1:]


@dataclass(frozen=True)
class Subject:
    kind: str
    number: str
    name: str
    of_age: date  # no record is older, but a minor's


class Maker:
    def __init__(self) -> None:
        self.random = Random(20150518)  # noqa: S311 - invented data, the same every time
        self.taken: set[str] = set()

    # ---------------------------------------------------------------- subjects

    def unused(self, candidates: Iterator[str]) -> str:
        found = next(candidate for candidate in candidates if candidate not in self.taken)
        self.taken.add(found)
        return found

    def natural(self, born: date) -> Subject:
        woman = self.random.random() < 0.5
        areas = AREAS_OLD if born.year < 1994 else AREAS_MID if born.year < 2001 else AREAS_NEW
        given = GIVEN_FEMALE if woman else GIVEN_MALE

        def numbers() -> Iterator[str]:
            while True:
                sequence = self.random.choice([996, 998] if woman else [997, 999])
                body = f"{self.random.choice(areas)}{born:%Y%m%d}{sequence}"
                yield body + ric.calc_check_digit(body + "0")

        def names() -> Iterator[str]:
            while True:
                yield self.random.choice(SURNAMES) + self.random.choice(given)

        of_age = years_after(born, 18)
        return Subject("natural", self.unused(numbers()), self.unused(names()), of_age)

    def legal(self, *, old: bool) -> Subject:
        """A legal person; an old one has only its organisation code."""

        def numbers() -> Iterator[str]:
            letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
            while True:
                if old:
                    yield organisation_code(f"99{self.random.randrange(10**6):06}")
                    continue
                code = organisation_code("MAY" + "".join(self.random.choices(letters, k=5)))
                body = self.random.choices(["91", "52", "51"], [30, 1, 1])[0]
                body += self.random.choice(AREAS_LEGAL) + code
                yield body + uscc.calc_check_digit(body)

        number = self.unused(numbers())

        def names() -> Iterator[str]:
            while True:
                trade_name = self.random.choice(TRADE_NAMES)
                if old:
                    yield f"杭州{trade_name}{self.random.choice(['经营部', '加工厂', '服务社'])}"
                elif number.startswith("52"):
                    yield f"杭州{trade_name}{self.random.choice(['职业培训学校', '养老服务中心'])}"
                elif number.startswith("51"):
                    yield f"杭州市{trade_name}{self.random.choice(['行业协会', '文化促进会'])}"
                else:
                    yield f"杭州{trade_name}{self.random.choice(TRADES)}"

        return Subject("legal", number, self.unused(names()), date.min)

    def subjects(self) -> list[Subject]:
        made = []
        for index in range(SUBJECTS):
            if index % 20 < 11:
                age = round(self.random.triangular(22, 70, 38))
                born = date(2026 - age, 1, 1) - timedelta(self.random.randrange(1, 365))
                made.append(self.natural(born))
            else:
                made.append(self.legal(old=index in {31, 92, 153, 199}))
        self.random.shuffle(made)
        return made

    # ---------------------------------------------------------------- records

    def workday(self, first: date, last: date) -> date:
        """Some day on which an office may have decided."""
        while True:
            day = first + timedelta(self.random.randrange((last - first).days + 1))
            if day.weekday() < 5 and not is_holiday(day):
                return day

    def validity(self, subject: Subject, fate: str) -> tuple[date, date]:
        """The first and last day: `long`, ending `soon` (in 2026), or `expired` in 2025."""
        first = max(date(2021, 1, 8), subject.of_age + timedelta(7))
        if fate != "long":
            ends = 2025 if fate == "expired" else 2026
            years = min(self.random.choice([2, 3, 4]), ends - first.year - 1)
            start = self.workday(date(ends - years, 1, 8), date(ends - years, 12, 20))
            return start, years_after(start, years)
        since = date(self.random.choice([2021, 2022, 2023, 2023, 2024, 2024, 2025]), 1, 8)
        start = self.workday(max(first, since), LAST_DAY)
        return start, years_after(start, next(n for n in (3, 5, 8) if start.year + n >= 2028))

    def content(self, template: Template, decided: date) -> str:
        draw = self.random
        road, road2 = draw.sample(ROADS, 2)
        county = draw.choice(COUNTIES)
        event = decided - timedelta(draw.randrange(12, 75))
        return template.content.format(
            year=decided.year,
            last_year=decided.year - 1,
            due_year=decided.year - (1 if decided.month > 6 else 2),
            month=(event.month - 2) % 12 + 1,
            no=draw.randrange(101, 2990),
            serial=draw.randrange(10**10, 10**11),
            decided=chinese(decided),
            event=chinese(event),
            county=county,
            district=county[:2],
            road=road,
            road2=road2,
            estate=draw.choice(ESTATES),
            house=draw.randrange(1, 7) * 100 + draw.randrange(1, 9),
            plate=draw.choice("BCDEFGHJK") + f"{draw.randrange(10**3):03}" + draw.choice("LMNPQRSTU"),
            court=f"{draw.randrange(2, 15):02}",
            petty=f"{draw.randrange(4_800, 89_000) / 100:.2f}",
            ticket=draw.choice([50, 100, 150, 200, 500]),
            heavy=draw.randrange(20, 400) * 1000,
            small=f"{draw.randrange(90_000, 4_800_000) / 100:.2f}",
            fine=draw.choice([1000, 2000, 3000, 5000, 8000, 10000, 20000]),
            big=f"{draw.randrange(2_000_000, 98_000_000) / 100:.2f}",
            count=draw.randrange(3, 60),
            few=draw.randrange(2, 9),
            months=draw.randrange(3, 9),
            hours=draw.randrange(610, 1900),
            score=draw.randrange(78, 90),
            times=f"{draw.randrange(2, 19) / 10:.1f}",
            alcohol=draw.randrange(21, 79),
        )

    def row(self, template: Template, subject: Subject, valid: tuple[date, date]) -> list[str]:
        return [
            subject.kind,
            subject.number,
            subject.name,
            template.provider,
            template.open_class,
            template.title,
            self.content(template, valid[0]),
            *(f"{day:%Y-%m-%d}" for day in valid),
        ]

    def rows(self) -> list[list[str]]:
        subjects = self.subjects()
        minors = [self.natural(born) for born in (date(2009, 3, 12), date(2009, 9, 26), date(2011, 10, 8))]
        # Everybody has one record, some have several.
        owners = subjects + self.random.choices(subjects, k=RECORDS - len(minors) - len(subjects))
        forms = templates()
        rows = []
        for index, subject in enumerate(owners):
            fitting = [template for template in forms if template.fits(subject)]
            fate = "expired" if index % 16 == 15 else "soon" if index % 20 == 12 else "long"
            rows.append(self.row(self.random.choice(fitting), subject, self.validity(subject, fate)))
        for template, minor in zip([form for form in forms if form.kind == "minor"], minors, strict=True):
            start = self.workday(date(2025, 9, 15), LAST_DAY)
            row = self.row(template, minor, (start, years_after(start, 3)))
            rows.insert(self.random.randrange(20, len(rows)), row)
        return [[f"R-{number:06}", *row] for number, row in enumerate(rows, 1)]


def is_holiday(day: date) -> bool:
    fixed = [((1, 1), (1, 3)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((10, 1), (10, 8))]
    spring = [
        (date(2021, 2, 11), date(2021, 2, 17)),
        (date(2022, 1, 31), date(2022, 2, 6)),
        (date(2023, 1, 21), date(2023, 1, 27)),
        (date(2024, 2, 10), date(2024, 2, 17)),
        (date(2025, 1, 28), date(2025, 2, 4)),
    ]
    return any(first <= (day.month, day.day) <= last for first, last in fixed) or any(
        first <= day <= last for first, last in spring
    )


def years_after(day: date, years: int) -> date:
    """The same date; 29 February becomes the month's last day."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + years, day.month, last)


def organisation_code(body: str) -> str:
    """Eight characters with the check character of GB 11714."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(letters.index(char) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return body + "0123456789X0"[11 - total % 11]


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def main() -> None:
    default = Path(__file__).with_name("records.csv")
    with Path(sys.argv[1] if sys.argv[1:] else default).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(Maker().rows())


if __name__ == "__main__":
    main()
