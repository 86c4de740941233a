"""Say when a period ends."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Due(NamedTuple):
    """The last day of a period (inclusive), and whether a later notice can still move it."""

    day: date
    provisional: bool
