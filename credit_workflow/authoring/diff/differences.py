"""What is different between two versions of a definition, each difference a sentence.

Pure. The two are compared as the plain values that they are kept as, key by key, so that nothing
is passed over: what has no words of its own is still told, by its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from credit_workflow.authoring.diff.clock_differences import lengths_told, start_words, stops_told
from credit_workflow.authoring.diff.difference_words import PARTS, effect_words, key_words, value_words
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text, same

What = Literal["added", "removed", "changed"]
#: Lists of names of which it is told one by one what came and what went.
_NAMES = frozenset(
    {"by", "not_by", "materials", "ends", "printed_by", "fields", "deadlines", "steps", "from", "begins"}
)
_GUARDS = frozenset({"requires", "offered_when"})


class Difference(Struct, frozen=True, kw_only=True):
    """One difference.

    ``part`` is the kind of thing (``actions``, ``deadlines``, …; empty for the definition itself),
    ``name`` which one, ``key`` the dotted key within it (empty where the whole came or went);
    ``old`` and ``new`` are plain values, None where there is none.
    """

    part: str
    name: str
    key: str
    what: What
    old: Any
    new: Any
    text: Text


def differences(old: Workflow, new: Workflow) -> list[Difference]:
    """Return everything in which ``new`` differs from ``old``; empty where only the version does.

    The order of the keys in a file, comments and layout are no difference.
    """
    before, after = (msgspec.json.decode(msgspec.json.encode(one), type=dict[str, Any]) for one in (old, new))
    found = list(_whole(before, after))
    for part in PARTS:
        was, now = before.get(part, {}), after.get(part, {})
        for name in {**was, **now}:
            found += _thing(part, name, was.get(name), now.get(name))
    return found


def _whole(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    keys = [key for key in {**before, **after} if key not in PARTS and key not in ("version", "workflow")]
    for key in keys:
        yield from _compared("", "", key, before.get(key), after.get(key), same(""))


def _thing(part: str, name: str, was: Any, now: Any) -> Iterator[Difference]:
    if was == now:
        return
    if was is not None and now is not None:
        here = _called(part, name, None)
        if "title" not in now:  # a title and nothing else
            yield _changed(part, name, "title", was, now, here)
            return
        for key in {**was, **now}:
            yield from _compared(part, name, key, was.get(key), now.get(key), here)
        return
    what: What = "added" if was is None else "removed"
    words = Text("新增", "new: ") if what == "added" else Text("删除", "removed: ")
    called = _called(part, name, now if was is None else was)
    detail = _detail(part, now if was is None else was)
    text = Text(f"{words.zh}{called.zh}{detail.zh}", f"{words.en}{called.en}{detail.en}")
    yield Difference(part=part, name=name, key="", what=what, old=was, new=now, text=text)


def _called(part: str, name: str, value: Any) -> Text:
    kind = PARTS[part]
    title = value.get("title", value) if value is not None else None
    if title is None or not {"zh", "en"} <= title.keys():
        return Text(f"{kind.zh} {name}", f"{kind.en} {name}")
    return Text(f"{kind.zh} {name}（{title['zh']}）", f"{kind.en} {name} ({title['en']})")


def _detail(part: str, value: Mapping[str, Any]) -> Text:
    """What one wants to know first of something that came or went."""
    keys = {"deadlines": ("length", "starts", "ends"), "actions": ("from", "to", "by"), "permissions": ("by",)}
    said = [
        (key_words(key), start_words(value[key]) if key == "starts" else value_words(key, value[key]))
        for key in keys.get(part, ())
        if value.get(key) is not None
    ]
    if not said:
        return same("")
    zh, en = (f"{k.zh} {v.zh}" for k, v in said), (f"{k.en} {v.en}" for k, v in said)
    return Text("：" + "，".join(zh), ": " + ", ".join(en))


def _compared(part: str, name: str, key: str, was: Any, now: Any, here: Text) -> Iterator[Difference]:
    """Every difference under one key."""
    if was == now:
        return
    last = key.rpartition(".")[2]
    if part == "deadlines" and key in ("starts", "suspensions", "other_lengths"):
        yield from _clock(name, key, was, now, here)
    elif part == "actions" and last == "effects":
        yield from _effects(part, name, was or [], now or [], here)
    elif last in _GUARDS:
        yield from _guards(part, name, key, was or [], now or [], here)
    elif part == "actions" and last == "asks":
        yield from _asks(part, name, was or {}, now or {}, here)
    elif last in _NAMES and _names(was) is not None and _names(now) is not None:
        yield from _lists(part, name, key, _names(was) or [], _names(now) or [], here)
    elif isinstance(was, dict) and isinstance(now, dict) and not _is_title(was) and not _is_title(now):
        for inner in {**was, **now}:
            yield from _compared(part, name, f"{key}.{inner}", was.get(inner), now.get(inner), here)
    else:
        yield _changed(part, name, key, was, now, here)


def _clock(name: str, key: str, was: Any, now: Any, here: Text) -> Iterator[Difference]:
    """What is different in how a deadline's time runs."""
    if key == "starts":
        old, new = start_words(was), start_words(now)
        if old != new:  # one thing can be written in several ways
            words = key_words(key)
            text = Text(f"{words.zh} {old.zh} → {new.zh}", f"{words.en} {old.en} → {new.en}")
            yield _difference("deadlines", name, key, "changed", (was, now), _said(here, text))
        return
    told = stops_told(was or {}, now or {}) if key == "suspensions" else lengths_told(was or [], now or [])
    for one in told:
        yield _difference("deadlines", name, one.key, one.what, (one.old, one.new), _said(here, one.text))
    for stop in (was or {}) if key == "suspensions" else ():
        if stop in (now or {}):
            for inner in {**was[stop], **now[stop]}:
                path = f"suspensions.{stop}.{inner}"
                yield from _compared("deadlines", name, path, was[stop].get(inner), now[stop].get(inner), here)


def _is_title(value: dict[str, Any]) -> bool:
    return set(value) == {"zh", "en"}


def _names(value: Any) -> list[str] | None:
    """The names in a list, or one alone; None for anything else."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return value if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def _changed(part: str, name: str, key: str, was: Any, now: Any, here: Text) -> Difference:
    words, old, new = key_words(key), value_words(key, was), value_words(key, now)
    if old.en == new.en:  # a title that reads otherwise in one language only is told in that one
        old, new = same(old.zh), same(new.zh)
    elif old.zh == new.zh:
        old, new = same(old.en), same(new.en)
    text = Text(f"{words.zh} {old.zh} → {new.zh}", f"{words.en} {old.en} → {new.en}")
    return _difference(part, name, key, "changed", (was, now), _said(here, text))


def _lists(part: str, name: str, key: str, was: list[str], now: list[str], here: Text) -> Iterator[Difference]:
    gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
    words = key_words(key)
    if not gone and not come:
        order = Text("顺序改变", "in another order")
        text = _said(here, Text(f"{words.zh} {order.zh}", f"{words.en} {order.en}"))
        yield _difference(part, name, key, "changed", (was, now), text)
    for one in gone:
        text = Text(f"{words.zh} 不再包括 {one}", f"{words.en}: no longer {one}")
        yield _difference(part, name, key, "removed", (one, None), _said(here, text))
    for one in come:
        text = Text(f"{words.zh} 增加 {one}", f"{words.en}: also {one}")
        yield _difference(part, name, key, "added", (None, one), _said(here, text))


def _asks(part: str, name: str, was: dict[str, Any], now: dict[str, Any], here: Text) -> Iterator[Difference]:
    for ask in {**was, **now}:
        key = f"asks.{ask}"
        if ask not in now:
            text = Text(f"不再要求填写 {ask}", f"no longer asks for {ask}")
            yield _difference(part, name, key, "removed", (was[ask], None), _said(here, text))
        elif ask not in was:
            must = Text("必填", "required")
            must = must if now[ask] == "required" else Text("可选或有条件", "optional or conditional")
            text = Text(f"增加填写 {ask}（{must.zh}）", f"now asks for {ask} ({must.en})")
            yield _difference(part, name, key, "added", (None, now[ask]), _said(here, text))
        elif was[ask] != now[ask]:
            yield _asked_otherwise(part, name, ask, was[ask], now[ask], here)


def _asked_otherwise(part: str, name: str, ask: str, was: Any, now: Any, here: Text) -> Difference:
    old, new = (_how(value) for value in (was, now))
    text = Text(f"填写 {ask}：{old.zh} → {new.zh}", f"asks for {ask}: {old.en} → {new.en}")
    return _difference(part, name, f"asks.{ask}", "changed", (was, now), _said(here, text))


def _how(value: Any) -> Text:
    known = {"required": Text("必填", "required"), "optional": Text("可选", "optional")}
    return known[value] if isinstance(value, str) else value_words("asks", value)


def _guards(part: str, name: str, key: str, was: list[Any], now: list[Any], here: Text) -> Iterator[Difference]:
    old, new = {one["id"]: one for one in was}, {one["id"]: one for one in now}
    words = key_words(key)
    for guard in {**old, **new}:
        here_key = f"{key}.{guard}"
        if guard not in new:
            text = Text(f"取消{words.zh} {guard}", f"no longer has the {words.en} {guard}")
            yield _difference(part, name, here_key, "removed", (old[guard], None), _said(here, text))
        elif guard not in old:
            said = new[guard]["message"]
            text = Text(
                f"增加{words.zh} {guard}：“{said['zh']}”（{new[guard]['source']}）",
                f"new {words.en} {guard}: “{said['en']}” ({new[guard]['source']})",
            )
            yield _difference(part, name, here_key, "added", (None, new[guard]), _said(here, text))
        else:
            of = Text(f"{words.zh} {guard} 的", f"{words.en} {guard}, ")
            inner = Text(f"{here.zh}{'：' if here.zh else ''}{of.zh}", f"{here.en}{': ' if here.en else ''}{of.en}")
            for one in {**old[guard], **new[guard]}:
                if old[guard].get(one) != new[guard].get(one):
                    made = _changed(part, name, f"{here_key}.{one}", old[guard].get(one), new[guard].get(one), same(""))
                    text = Text(inner.zh + made.text.zh, inner.en + made.text.en)
                    yield msgspec.structs.replace(made, text=text)


def _effects(part: str, name: str, was: list[Any], now: list[Any], here: Text) -> Iterator[Difference]:
    gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
    for one in gone:
        words = effect_words(one)
        text = Text(f"不再{words.zh}", f"does not do this any more: {words.en}")
        yield _difference(part, name, "effects", "removed", (one, None), _said(here, text))
    for one in come:
        words = effect_words(one)
        text = Text(f"另须{words.zh}", f"does this as well: {words.en}")
        yield _difference(part, name, "effects", "added", (None, one), _said(here, text))
    if not gone and not come:
        text = Text("效果的次序或次数改变", "its effects come in another order or number")
        yield _difference(part, name, "effects", "changed", (was, now), _said(here, text))


def _said(here: Text, text: Text) -> Text:
    return text if not here.zh else Text(f"{here.zh}：{text.zh}", f"{here.en}: {text.en}")


def _difference(part: str, name: str, key: str, what: What, values: tuple[Any, Any], text: Text) -> Difference:
    return Difference(part=part, name=name, key=key, what=what, old=values[0], new=values[1], text=text)
