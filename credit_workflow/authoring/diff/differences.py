"""Compare two versions of a definition, and say each difference in a sentence.

Pure. The two are compared as the plain values that they are kept as, key by key, so that nothing
is passed over: what has no words of its own is still told, by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from credit_workflow.authoring.diff.clock_differences import What, lengths_told, start_words, stops_told
from credit_workflow.authoring.diff.difference_words import PARTS, effect_words, key_words, value_words
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text, same

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


class _Thing(NamedTuple):
    """What is compared: the kind of thing, which one, and what it is called, where sentences about it begin so."""

    part: str
    name: str
    here: Text

    def told(self, key: str, what: What, old: Any, new: Any, text: Text) -> Difference:
        """Return a difference under one of its keys, in a sentence."""
        here = Text(f"{self.here.zh}：", f"{self.here.en}: ") if self.here.zh else self.here
        said = Text(here.zh + text.zh, here.en + text.en)
        return Difference(part=self.part, name=self.name, key=key, what=what, old=old, new=new, text=said)


def differences(old: Workflow, new: Workflow) -> list[Difference]:
    """Return everything in which ``new`` differs from ``old``; empty where only the version does.

    The order of the keys in a file, comments and layout are no difference.
    """
    before, after = (msgspec.json.decode(msgspec.json.encode(one), type=dict[str, Any]) for one in (old, new))
    whole = _Thing("", "", same(""))
    keys = [key for key in {**before, **after} if key not in PARTS and key not in ("version", "workflow")]
    found = [one for key in keys for one in _compared(whole, key, before.get(key), after.get(key))]
    for part in PARTS:
        was, now = before.get(part, {}), after.get(part, {})
        for name in {**was, **now}:
            found += _different(part, name, was.get(name), now.get(name))
    return found


def _different(part: str, name: str, was: Any, now: Any) -> Iterator[Difference]:
    if was == now:
        return
    if was is not None and now is not None:
        thing = _Thing(part, name, _called(part, name, None))
        if "title" not in now:  # a title and nothing else
            yield thing.told("title", "changed", was, now, _change("title", was, now))
            return
        yield from _inside(thing, "", was, now)
        return
    what: What = "added" if was is None else "removed"
    words = Text("新增", "new: ") if what == "added" else Text("删除", "removed: ")
    called = _called(part, name, now if was is None else was)
    detail = _detail(part, now if was is None else was)
    text = Text(f"{words.zh}{called.zh}{detail.zh}", f"{words.en}{called.en}{detail.en}")
    yield _Thing(part, name, same("")).told("", what, was, now, text)


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


def _compared(thing: _Thing, key: str, was: Any, now: Any) -> Iterator[Difference]:
    """Every difference under one key."""
    if was == now:
        return
    last = key.rpartition(".")[2]
    if thing.part == "deadlines" and key in ("starts", "suspensions", "other_lengths"):
        yield from _clock(thing, key, was, now)
    elif thing.part == "actions" and last == "effects":
        order = Text("效果的次序或次数改变", "its effects come in another order or number")
        yield from _members(thing, "effects", was or [], now or [], _effect, order)
    elif last in _GUARDS:
        yield from _guards(thing, key, was or [], now or [])
    elif thing.part == "actions" and last == "asks":
        yield from _asks(thing, was or {}, now or {})
    elif last in _NAMES and _names(was) is not None and _names(now) is not None:
        words = key_words(key)
        order = Text(f"{words.zh} 顺序改变", f"{words.en} in another order")
        yield from _members(thing, key, _names(was) or [], _names(now) or [], lambda one: _name(words, one), order)
    elif isinstance(was, dict) and isinstance(now, dict) and not _is_title(was) and not _is_title(now):
        yield from _inside(thing, f"{key}.", was, now)
    else:
        yield thing.told(key, "changed", was, now, _change(key, was, now))


def _inside(thing: _Thing, prefix: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for key in {**was, **now}:
        yield from _compared(thing, f"{prefix}{key}", was.get(key), now.get(key))


def _clock(thing: _Thing, key: str, was: Any, now: Any) -> Iterator[Difference]:
    """What is different in how a deadline's time runs."""
    if key == "starts":
        old, new = start_words(was), start_words(now)
        if old != new:  # one thing can be written in several ways
            yield thing.told(key, "changed", was, now, _arrow(key_words(key), old, new))
        return
    for one in stops_told(was or {}, now or {}) if key == "suspensions" else lengths_told(was or [], now or []):
        yield thing.told(*one)
    for stop in (was or {}) if key == "suspensions" else ():
        if stop in (now or {}):
            yield from _inside(thing, f"suspensions.{stop}.", was[stop], now[stop])


def _is_title(value: dict[str, Any]) -> bool:
    return set(value) == {"zh", "en"}


def _names(value: Any) -> list[str] | None:
    """The names in a list, or one alone; None for anything else."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return value if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def _change(key: str, was: Any, now: Any) -> Text:
    old, new = value_words(key, was), value_words(key, now)
    if old.en == new.en:  # a title that reads otherwise in one language only is told in that one
        old, new = same(old.zh), same(new.zh)
    elif old.zh == new.zh:
        old, new = same(old.en), same(new.en)
    return _arrow(key_words(key), old, new)


def _arrow(words: Text, old: Text, new: Text) -> Text:
    return Text(f"{words.zh} {old.zh} → {new.zh}", f"{words.en} {old.en} → {new.en}")


def _members(
    thing: _Thing, key: str, was: list[Any], now: list[Any], said: Callable[[Any], tuple[Text, Text]], order: Text
) -> Iterator[Difference]:
    """What a list has no more, and what it has besides; ``said`` gives the sentences for a member that went or came."""
    gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
    for one in gone:
        yield thing.told(key, "removed", one, None, said(one)[0])
    for one in come:
        yield thing.told(key, "added", None, one, said(one)[1])
    if not gone and not come:
        yield thing.told(key, "changed", was, now, order)


def _effect(one: Any) -> tuple[Text, Text]:
    words = effect_words(one)
    gone = Text(f"不再{words.zh}", f"does not do this any more: {words.en}")
    return gone, Text(f"另须{words.zh}", f"does this as well: {words.en}")


def _name(words: Text, one: str) -> tuple[Text, Text]:
    gone = Text(f"{words.zh} 不再包括 {one}", f"{words.en}: no longer {one}")
    return gone, Text(f"{words.zh} 增加 {one}", f"{words.en}: also {one}")


def _asks(thing: _Thing, was: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    for ask in {**was, **now}:
        key, old, new = f"asks.{ask}", was.get(ask), now.get(ask)
        if new is None:
            yield thing.told(key, "removed", old, None, Text(f"不再要求填写 {ask}", f"no longer asks for {ask}"))
        elif old is None:
            must = _how("required") if new == "required" else Text("可选或有条件", "optional or conditional")
            text = Text(f"增加填写 {ask}（{must.zh}）", f"now asks for {ask} ({must.en})")
            yield thing.told(key, "added", None, new, text)
        elif old != new:
            a, b = _how(old), _how(new)
            text = Text(f"填写 {ask}：{a.zh} → {b.zh}", f"asks for {ask}: {a.en} → {b.en}")
            yield thing.told(key, "changed", old, new, text)


def _how(value: Any) -> Text:
    known = {"required": Text("必填", "required"), "optional": Text("可选", "optional")}
    return known[value] if isinstance(value, str) else value_words("asks", value)


def _guards(thing: _Thing, key: str, was: list[Any], now: list[Any]) -> Iterator[Difference]:
    old, new = {one["id"]: one for one in was}, {one["id"]: one for one in now}
    words = key_words(key)
    for guard in {**old, **new}:
        path, before, after = f"{key}.{guard}", old.get(guard), new.get(guard)
        if after is None:
            text = Text(f"取消{words.zh} {guard}", f"no longer has the {words.en} {guard}")
            yield thing.told(path, "removed", before, None, text)
        elif before is None:
            said = after["message"]
            text = Text(
                f"增加{words.zh} {guard}：“{said['zh']}”（{after['source']}）",
                f"new {words.en} {guard}: “{said['en']}” ({after['source']})",
            )
            yield thing.told(path, "added", None, after, text)
        else:
            for one in {**before, **after}:
                if before.get(one) != after.get(one):
                    text = _change(f"{path}.{one}", before.get(one), after.get(one))
                    text = Text(f"{words.zh} {guard} 的{text.zh}", f"{words.en} {guard}, {text.en}")
                    yield thing.told(f"{path}.{one}", "changed", before.get(one), after.get(one), text)
