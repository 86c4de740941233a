"""Numbers as Chinese texts write them."""

from __future__ import annotations

import re

_SIGNS = "一二三四五六七八九"
#: The signs of Chinese digits, each with its number.
DIGITS = {**dict.fromkeys("〇零○", 0), "两": 2, **{sign: n for n, sign in enumerate(_SIGNS, 1)}}
_FORM = re.compile(rf"(?:([{_SIGNS}]?)百)?[〇零]?(?:([{_SIGNS}]?)十)?([{_SIGNS}两]?)")


def chinese_number(text: str) -> int | None:
    """Return a number below 1000, written in digits or in Chinese; None where it is none."""
    if text.isdecimal():
        return int(text)
    match = _FORM.fullmatch(text)
    if match is None or not text:
        return None
    tens = [place * DIGITS.get(sign, 1) for place, sign in ((100, match[1]), (10, match[2])) if sign is not None]
    return sum(tens) + DIGITS.get(match[3], 0)
