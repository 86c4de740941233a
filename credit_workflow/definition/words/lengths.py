"""Put lengths of time in words."""

from __future__ import annotations

from credit_workflow.text import Text, same

_UNITS = {"working day": "个工作日", "day": "日", "year": "年"}


def length_words(length: str) -> Text:
    """Return a length of time as people read it: ``7 working days`` is 7个工作日; what is none stands as it is."""
    if length == "same day":
        return Text("当天", "the same day")
    number, _, unit = length.partition(" ")
    chinese = _UNITS.get(unit.removesuffix("s"))
    return same(length) if chinese is None else Text(f"{number}{chinese}", length)


def amount_words(number: int, unit: str) -> Text:
    """Return so many ``working days``, ``days`` or ``years`` as people read it."""
    return length_words(f"{number} {unit.removesuffix('s') if number == 1 else unit}")
