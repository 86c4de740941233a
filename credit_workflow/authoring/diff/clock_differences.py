"""Say in sentences how a deadline's clock differs: its stops, its other lengths, what starts it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from credit_workflow.authoring.diff.difference_words import value_words
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.text import Text, same

What = Literal["added", "removed", "changed"]
#: A difference below one key: what happened, the values before and after, and the sentence.
Told = tuple[str, What, Any, Any, Text]
_ONCE = {"met": Text("完成后", "once met"), "passed": Text("届满后", "once passed")}


def start_words(value: Any) -> Text:
    """Return in words what starts a deadline, given as plain values in any of the forms that a definition has."""
    if not isinstance(value, dict):
        names = [value] if isinstance(value, str) else value
        return Text("、".join(names), ", ".join(names))
    if value.get("deadline") is None:
        text = start_words(value.get("action", ()))
    else:
        once, name = _ONCE[value.get("once", "met")], value["deadline"]
        text = Text(f"期限 {name} {once.zh}", f"the deadline {name} {once.en}")
    if value.get("on") is not None:
        text = Text(f"{text.zh}，起算日 {value['on']}", f"{text.en}, from the day {value['on']}")
    if value.get("when") is not None:
        text = Text(f"{text.zh}（{value['when']} 时）", f"{text.en} (if {value['when']})")
    return text


def stops_told(was: dict[str, Any], now: dict[str, Any]) -> Iterator[Told]:
    """Yield the stops of a clock that came or went; those in both versions are left to be compared key by key."""
    for name in {**was, **now}:
        if name not in now:
            text = _joined(Text("取消中止 ", "no longer has the stop "), _stop_words(name, was[name]))
            yield (f"suspensions.{name}", "removed", was[name], None, text)
        elif name not in was:
            text = _joined(Text("新增中止 ", "new stop "), _stop_words(name, now[name]))
            yield (f"suspensions.{name}", "added", None, now[name], text)


def lengths_told(was: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[Told]:
    """Yield what is different in the lengths that count on a condition; they are told apart by it."""
    old, new = {one["when"]: one for one in was}, {one["when"]: one for one in now}
    if [when for when in old if when in new] != [when for when in new if when in old]:
        text = Text("另定长度的先后顺序改变", "the other lengths are looked at in another order")
        yield ("other_lengths", "changed", was, now, text)
    for when in {**old, **new}:
        before, after = old.get(when), new.get(when)
        if before is None:
            text = _joined(Text("新增另定长度：", "new other length: "), _length(after))
            yield ("other_lengths", "added", None, after, text)
        elif after is None:
            text = _joined(Text("取消另定长度：", "no longer has the other length: "), _length(before))
            yield ("other_lengths", "removed", before, None, text)
        elif before != after:
            text = _joined(Text("另定长度 ", "other length "), _length(before), same(" → "), _length(after))
            yield ("other_lengths", "changed", before, after, text)


def _stop_words(name: str, stop: dict[str, Any]) -> Text:
    title, begins, ends, then = stop["title"], stop["begins"], stop["ends"], value_words("then", stop.get("then"))
    begun, ended = "、".join(begins), "、".join(ends)
    return Text(
        f"{name}（{title['zh']}）：自 {begun} 起，至 {ended} 止，恢复后{then.zh}（{stop['source']}）",
        f"{name} ({title['en']}): from {', '.join(begins)} to {', '.join(ends)}, then {then.en} ({stop['source']})",
    )


def _length(one: Any) -> Text:
    length = length_words(one["length"])
    first = one.get("first_day_counts", False)
    return Text(
        f"{one['when']} 时为 {length.zh}{'，起算日计入' if first else ''}（{one['source']}）",
        f"{length.en}{', its first day counted,' if first else ''} if {one['when']} ({one['source']})",
    )


def _joined(*parts: Text) -> Text:
    return Text("".join(part.zh for part in parts), "".join(part.en for part in parts))
