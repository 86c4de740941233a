"""Writes due_dates.csv: due dates found by walking the days one by one.

It shares nothing with the code under test: days come from `chinesecalendar`, not from our notice
files, and each period is walked, not looked up. `chinesecalendar` has one day wrong: the notice
of 2006 made Saturday 2005-12-31 a working day.

    python tests/conformance/generate.py
"""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from chinese_calendar.constants import holidays, workdays

TABLE = Path(__file__).with_name("due_dates.csv")
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
CORRECTED = date(2005, 12, 31)
ONE = timedelta(days=1)


class Row(NamedTuple):
    start: date
    length: int
    unit: str
    shift: bool
    extension: int
    due: date
    note: str


class LeftTheTableError(Exception):
    """The walk leaves the years that `chinesecalendar` knows."""


def works(day: date) -> bool:
    if not FIRST <= day <= LAST:
        raise LeftTheTableError(day)
    if day == CORRECTED or day in workdays:
        return True
    return day.isoweekday() <= 5 and day not in holidays


def walk(start: date, length: int, unit: str, *, shift: bool, extension: int) -> date:
    day = start
    if unit == "years":
        year = start.year + length
        day = date(year, start.month, min(start.day, calendar.monthrange(year, start.month)[1]))
    else:
        left = length
        while left:
            day += ONE
            if unit == "days" or works(day):
                left -= 1
    if shift:
        while not works(day):
            day += ONE
    left = extension
    while left:
        day += ONE
        if works(day):
            left -= 1
    return day


# Reasoned by hand from the notices' own words, before the walk was asked.
BY_HAND = """
2026-02-10 7 wd 0 2026-02-26 | 11 to 13 Feb, make-up Sat 14 is day 4; off to the 23rd; 24, 25, 26
2026-02-13 5 wd 0 2026-02-27 | make-up Sat 14 is day 1; 24 to 27 Feb are 2 to 5
2026-02-14 5 wd 0 2026-02-28 | starts on a make-up Sat; 24 to 27 are 1 to 4, make-up Sat 28 is 5
2025-12-31 5 wd 0 2026-01-08 | off 1 to 3 Jan; make-up Sun 4 is day 1
2026-01-16 30 shift 0 2026-02-24 | 15 Feb begins the Spring Festival, off to the 23rd
2026-01-16 30 days 0 2026-02-15 | a duration stays on 15 Feb
2026-01-15 30 shift 0 2026-02-14 | a make-up Saturday is a working day: no shift
2026-01-16 30 shift 15 2026-03-16 | from 24 Feb: 25, 26, 27, Sat 28, then 2 to 6, 9 to 13, 16 March
2026-09-30 5 wd 0 2026-10-13 | off 1 to 7 Oct; 8, 9, make-up Sat 10, 12, 13
2026-09-18 7 wd 0 2026-09-29 | make-up Sun 20 is 1, 21 to 24, off 25 to 27, 28, 29
2020-01-17 7 wd 0 2020-02-04 | make-up Sun 19 is 1, to the 23rd; extended holiday to 2 Feb; 3, 4
2020-01-02 30 shift 0 2020-02-03 | 1 Feb: a make-up Saturday at first, off by the extension
2019-04-26 5 wd 0 2019-05-06 | amended Labour Day: Sun 28 worked, 1 to 4 May off, Sun 5 worked
2019-04-04 30 shift 0 2019-05-05 | Sat 4 May off by the amendment, Sun 5 worked
2015-08-28 5 wd 0 2015-09-07 | victory day: 3 to 5 Sept off, Sun 6 worked
2015-08-04 30 shift 0 2015-09-06 | 3 Sept is victory day, off to Sat 5; Sun 6 worked
2005-12-30 5 wd 0 2006-01-09 | Sat 31 Dec worked by the notice of 2006; off 1 to 3; 4, 5, 6, 9
2005-12-01 30 shift 0 2005-12-31 | the Saturday that chinesecalendar has wrong
2007-12-28 5 wd 0 2008-01-07 | Sat 29 Dec worked by the notice of 2008; off to 1 Jan; 2, 3, 4, 7
2023-12-29 5 wd 0 2024-01-08 | weekend and 1 Jan off; 2 to 5, 8
2024-02-08 5 wd 0 2024-02-21 | Fri 9 Feb is no day off by the notice; 10 to 17 off; Sun 18 worked
2023-09-28 5 wd 0 2023-10-11 | 29 Sept to 6 Oct off; Sat 7 and Sun 8 worked
2024-01-31 30 days 0 2024-03-01 | a leap February
2026-06-05 30 days 0 2026-07-05 | a mark stays to the Sunday
2026-06-05 30 shift 0 2026-07-06 | a period to act ends on the Monday
2008-09-26 5 wd 0 2008-10-08 | Sat 27 and Sun 28 worked; off 29 Sept to 5 Oct; 6, 7, 8
2013-02-08 5 wd 0 2013-02-20 | off 9 to 15; Sat 16 and Sun 17 worked
2016-02-05 15 wd 0 2016-03-02 | Sat 6 is 1, off to the 13th, Sun 14 is 2; 15 to 19, 22 to 26, 29, 1, 2
2017-09-29 5 wd 0 2017-10-12 | Sat 30 is 1; off to 8 Oct; 9 to 12
2026-02-15 0 days 0 2026-02-15 | the same day, a holiday too
2021-11-24 5 years 0 2026-11-24 | the same date
2020-02-29 5 years 0 2025-02-28 | the month's last day
"""


def by_hand() -> Iterator[Row]:
    for line in BY_HAND.strip().splitlines():
        facts, _, why = line.partition(" | ")
        start, length, kind, extension, due = facts.split()
        unit = {"wd": "working days", "years": "years"}.get(kind, "days")
        yield Row(
            date.fromisoformat(start),
            int(length),
            unit,
            kind == "shift",
            int(extension),
            date.fromisoformat(due),
            f"by hand: {why}",
        )


def starts(year: int) -> Iterator[tuple[date, str]]:
    days = [date(year, 1, 1) + n * ONE for n in range(366) if (date(year, 1, 1) + n * ONE).year == year]
    festival = next(d for d in days if holidays.get(d) == "Spring Festival")
    eve = festival - ONE
    while not works(eve):
        eve -= ONE
    yield eve, "last working day before the Spring Festival"
    yield festival, "first day of the Spring Festival"
    made_up = [d for d in days if d.isoweekday() > 5 and works(d)]
    yield made_up[0], "first weekend day worked"
    yield made_up[-1], "last weekend day worked"
    eve = date(year, 9, 30)
    while not works(eve):
        eve -= ONE
    yield eve, "last working day before National Day"
    yield date(year, 10, 3), "within National Day"
    yield date(year, 12, 24), "a week before the year's end"
    yield date(year, 12, 31), "31 December"
    yield date(year, 4, 29), "before Labour Day"


KINDS = (
    (5, "working days", False, 0),
    (7, "working days", False, 0),
    (15, "working days", False, 0),
    (30, "days", True, 0),
    (30, "days", False, 0),
    (30, "days", True, 15),
    (15, "working days", False, 15),
    (30, "days", True, 1),
    (15, "working days", False, 7),
)


def walked() -> Iterator[Row]:
    turn = 0
    for year in range(2004, 2027):
        for start, note in starts(year):
            for step in range(3):
                length, unit, shift, extension = KINDS[(turn + 2 * step) % len(KINDS)]
                try:
                    due = walk(start, length, unit, shift=shift, extension=extension)
                except LeftTheTableError:
                    continue
                yield Row(start, length, unit, shift, extension, due, note)
            turn += 1


def table() -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    for row in (*by_hand(), *walked()):
        writer.writerow([*row[:3], "yes" if row.shift else "no", *row[4:]])
    return text.getvalue()


if __name__ == "__main__":
    for hand in by_hand():
        found = walk(hand.start, hand.length, hand.unit, shift=hand.shift, extension=hand.extension)
        if found != hand.due:
            raise SystemExit(f"{hand}: the walk gives {found}")
    TABLE.write_text(table(), encoding="utf-8")
