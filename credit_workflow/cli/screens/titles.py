"""Put values and days as people read them."""

from __future__ import annotations

from typing import Any

import msgspec

from credit_workflow.cli.language import language, say, t
from credit_workflow.service.use_cases.daily.workflows import FieldForm


def plain(value: Any, field: FieldForm | None) -> str:
    """Return a field's value as people read it."""
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if field is not None and field.type == "choice" and value in field.choices:
        return say(field.choices[value])
    if field is not None and field.type == "rows":
        return t(f"{len(value)} 条", f"{len(value)} rows")
    if field is not None and field.type == "several":
        return t("、", ", ").join(say(field.choices[one]) if one in field.choices else one for one in value)
    if isinstance(value, list):
        return t("、", ", ").join(map(str, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def weekday(day: Any) -> str:
    """Return the short name of a day's weekday."""
    if language() == "en":
        return str(day.strftime("%a"))
    return "周" + "一二三四五六日"[day.weekday()]
