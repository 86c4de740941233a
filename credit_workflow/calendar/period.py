"""Read periods of time as definitions write them: ``7 working days``, ``30 days``, ``5 years``."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

Unit = Literal["working days", "days", "years"]

_WRITTEN = r"([0-9]{1,6})\s*(working\s+days?|days?|years?|个?工作日|[日天年])"
_SAME_DAY = frozenset({"same day", "当天", "当日"})
_LONGEST: dict[Unit, int] = {"working days": 2500, "days": 3660, "years": 10}


class Period(Struct, frozen=True):
    """A length of time, counted from the day after it starts.

    Args:
        length: how many; 0 days is the starting day itself.
        unit: working days, calendar days or years.
        shift: whether a period in calendar days or years whose last day is a day off ends on the
            next working day (民法典 203).
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
    if plain in _SAME_DAY:
        return Period(0, "days")
    match = re.fullmatch(_WRITTEN, plain)  # compiled when first asked for
    if match is None:
        message = Text(
            "“{t}”不是期间；请写作 7个工作日、30日、5年，或 7 working days、30 days、5 years",
            "“{t}” is no period; write 7 working days, 30 days or 5 years",
        )
        raise UsageFault(message.fill(t=text), code="period")
    length, unit = int(match[1]), _unit(match[2])
    if length > _LONGEST[unit]:
        message = Text("“{t}”超过十年；请写更短的期间", "“{t}” is longer than ten years; write a shorter period")
        raise UsageFault(message.fill(t=text), code="period")
    return Period(length, unit)


def _unit(word: str) -> Unit:
    if word.startswith("working") or word.endswith("工作日"):
        return "working days"
    return "years" if word.startswith("year") or word == "年" else "days"
