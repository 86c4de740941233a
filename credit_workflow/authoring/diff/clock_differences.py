"""Say in sentences how a deadline's clock differs: its stops, its other lengths, what starts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from credit_workflow.authoring.diff.difference_words import conditioned, value_words
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.text import Text, listed, same

What = Literal["added", "removed", "changed"]
#: A difference below one key: what happened, the values before and after, and the sentence.
Told = tuple[str, What, Any, Any, Text]
_ONCE = {
    "met": Text("期限 {d} 完成后", "the deadline {d} once met"),
    "passed": Text("期限 {d} 届满后", "the deadline {d} once passed"),
}
_STOP_CAME, _STOP_WENT = Text("新增中止 {s}", "new stop {s}"), Text("取消中止 {s}", "no longer has the stop {s}")
_LENGTH: Mapping[What, Text] = {
    "added": Text("新增另定长度：{now}", "new other length: {now}"),
    "removed": Text("取消另定长度：{was}", "no longer has the other length: {was}"),
    "changed": Text("另定长度 {was} → {now}", "other length {was} → {now}"),
}


def keyed(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, What, Any, Any]]:
    """Yield each key under which two versions differ, what happened, and the values before and after."""
    for key in {**was, **now}:
        before, after = was.get(key), now.get(key)
        if before != after:
            yield key, "added" if before is None else "removed" if after is None else "changed", before, after


def start_words(value: Any) -> Text:
    """Return in words what starts a deadline, given as plain values in any of the forms that a definition has."""
    if not isinstance(value, dict):
        return listed(map(same, [value] if isinstance(value, str) else value))
    if value.get("deadline") is None:
        text = start_words(value.get("action", ()))
    else:
        text = _ONCE[value.get("once", "met")].fill(d=value["deadline"])
    if value.get("on") is not None:
        text = Text("{t}，起算日 {on}", "{t}, from the day {on}").fill(t=text, on=value["on"])
    return conditioned(text, value.get("when"))


def stops_told(was: dict[str, Any], now: dict[str, Any]) -> Iterator[Told]:
    """Yield the stops of a clock that came or went; those in both versions are left to be compared key by key."""
    for name, what, before, after in keyed(was, now):
        if what != "changed":
            words = _STOP_CAME if what == "added" else _STOP_WENT
            yield (f"suspensions.{name}", what, before, after, words.fill(s=_stop_words(name, after or before)))


def lengths_told(was: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[Told]:
    """Yield what is different in the lengths that count on a condition; they are told apart by it."""
    old, new = {one["when"]: one for one in was}, {one["when"]: one for one in now}
    if [when for when in old if when in new] != [when for when in new if when in old]:
        text = Text("另定长度的先后顺序改变", "the other lengths are looked at in another order")
        yield ("other_lengths", "changed", was, now, text)
    for _, what, before, after in keyed(old, new):
        text = _LENGTH[what].fill(was=before and _length(before), now=after and _length(after))
        yield ("other_lengths", what, before, after, text)


def _stop_words(name: str, stop: dict[str, Any]) -> Text:
    text = Text(
        "{name}（{title}）：自 {begins} 起，至 {ends} 止，恢复后{then}（{source}）",
        "{name} ({title}): from {begins} to {ends}, then {then} ({source})",
    )
    begins, ends = (listed(map(same, stop[part])) for part in ("begins", "ends"))
    then = value_words("then", stop.get("then"))
    title = Text(**stop["title"])
    return text.fill(name=name, title=title, begins=begins, ends=ends, then=then, source=stop["source"])


def _length(one: dict[str, Any]) -> Text:
    first = Text("，起算日计入", ", its first day counted,") if one.get("first_day_counts") else same("")
    text = Text("{w} 时为 {l}{f}（{s}）", "{l}{f} if {w} ({s})")
    return text.fill(w=one["when"], l=length_words(one["length"]), f=first, s=one["source"])
