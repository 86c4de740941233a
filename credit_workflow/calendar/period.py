"""Periods of time as definitions write them: ``7 working days``, ``30 days``, ``5 years``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

Unit = Literal["working days", "days", "years"]

_WRITTEN = re.compile(r"(\d{1,4})\s*(working\s+days?|days?|years?|个?工作日|[日天]|年)")
_LONGEST = 3660


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time, counted from the day after it starts.

    Args:
        length: how many; 0 days is the starting day itself.
        unit: working days, calendar days or years.
        shift: whether a period in calendar days whose last day is a day off ends on the next
            working day (民法典 203).
    """

    length: int
    unit: Unit
    shift: bool = False


def parse_period(text: str) -> Period:
    """Return the period that a text means: ``7 working days``, ``30 days``, ``5年``, ``same day``.

    Singular and plural, English and Chinese are alike. Without a shift.

    Raises:
        UsageFault: it is no period, or longer than ten years.
    """
    plain = " ".join(text.lower().split())
    if plain in {"same day", "当天", "当日"}:
        return Period(0, "days")
    match = _WRITTEN.fullmatch(plain)
    if match is None:
        message = Text(
            "“{t}”不是期间；请写作 7 working days、30 days、5 years 或 7个工作日、30日、5年",
            "“{t}” is no period; write 7 working days, 30 days or 5 years",
        )
        raise UsageFault(message.fill(t=text), code="period")
    length, unit = int(match[1]), _unit(match[2])
    if length > (_LONGEST // 366 if unit == "years" else _LONGEST):
        raise UsageFault(Text("期间不能超过十年：{t}", "a period of over ten years: {t}").fill(t=text), code="period")
    return Period(length, unit)


def _unit(word: str) -> Unit:
    if word.startswith("working") or "工作日" in word:
        return "working days"
    return "years" if word.startswith("year") or word == "年" else "days"
