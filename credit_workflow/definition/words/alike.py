"""Tell whether two texts say the same, whatever is mere spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import Any

#: Stops and dots of sentences and names. What may carry a meaning of its own (brackets, signs, units) is left.
_STOPS = r"[.,;:!。、…‧·・]"
#: Between two digits a stop is part of a number, a date or a time of day.
_IDLE_STOPS = partial(re.compile(rf"(?<!\d){_STOPS}+|{_STOPS}+(?!\d)").sub, "")


def alike(one: Any, other: Any) -> bool:
    """Return whether two values say the same: blanks, the width and case of letters and stops tell nobody apart."""
    return bool(bare(one) == bare(other))


def bare(value: Any) -> Any:
    """Return a value without what is mere spelling."""
    if not isinstance(value, str):
        return value
    narrow = unicodedata.normalize("NFKC", value).casefold()
    visible = "".join(c for c in narrow if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))
    return _IDLE_STOPS(visible)
