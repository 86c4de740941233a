"""Compare two versions of a definition, and say each difference in a sentence.

Pure. The two are compared as the plain values that they are kept as, key by key, so that nothing
is passed over: what has no words of its own is still told, by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from credit_workflow.authoring.diff.clock_differences import What, keyed, lengths_told, start_words, stops_told
from credit_workflow.authoring.diff.difference_words import PARTS, effect_words, key_words, value_words
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text, joined, same

#: Lists of names of which it is told one by one what came and what went.
_NAMES = frozenset(
    {"by", "not_by", "materials", "ends", "printed_by", "fields", "deadlines", "steps", "from", "begins"}
)
_GUARDS = frozenset({"requires", "offered_when"})
_EFFECT: Mapping[What, Text] = {
    "removed": Text("不再{e}", "does not do this any more: {e}"),
    "added": Text("另须{e}", "does this as well: {e}"),
    "changed": Text("效果的次序或次数改变", "its effects come in another order or number"),
}
_NAME: Mapping[What, Text] = {
    "removed": Text("{w} 不再包括 {e}", "{w}: no longer {e}"),
    "added": Text("{w} 增加 {e}", "{w}: also {e}"),
    "changed": Text("{w} 顺序改变", "{w} in another order"),
}
_ASK: Mapping[What, Text] = {
    "removed": Text("不再要求填写 {a}", "no longer asks for {a}"),
    "added": Text("增加填写 {a}（{new}）", "now asks for {a} ({new})"),
    "changed": Text("填写 {a}：{old} → {new}", "asks for {a}: {old} → {new}"),
}


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
        said = Text("{h}：{t}", "{h}: {t}").fill(h=self.here, t=text) if self.here.zh else text
        return Difference(part=self.part, name=self.name, key=key, what=what, old=old, new=new, text=said)


def differences(old: Workflow, new: Workflow) -> list[Difference]:
    """Return everything in which ``new`` differs from ``old``; empty where only the version does.

    The order of the keys in a file, comments and layout are no difference.
    """
    before, after = (msgspec.json.decode(msgspec.json.encode(one), type=dict[str, Any]) for one in (old, new))
    whole = _Thing("", "", same(""))
    keys = {key for key in {**before, **after} if key not in PARTS} - {"version", "workflow"}
    found = [one for key, _, was, now in keyed(before, after) if key in keys for one in _compared(whole, key, was, now)]
    for part in PARTS:
        for name, what, was, now in keyed(before.get(part, {}), after.get(part, {})):
            found += _different(part, name, what, was, now)
    return found


def _different(part: str, name: str, what: What, was: Any, now: Any) -> Iterator[Difference]:
    if what == "changed":
        thing = _Thing(part, name, _called(part, name, None))
        if "title" not in now:  # a title and nothing else
            yield thing.told("title", "changed", was, now, _change("title", was, now))
            return
        yield from _inside(thing, "", was, now)
        return
    value = was if now is None else now
    words = Text("新增{c}{d}", "new: {c}{d}") if what == "added" else Text("删除{c}{d}", "removed: {c}{d}")
    text = words.fill(c=_called(part, name, value), d=_detail(part, value))
    yield _Thing(part, name, same("")).told("", what, was, now, text)


def _called(part: str, name: str, value: Any) -> Text:
    title = value.get("title", value) if value is not None else None
    if title is None or not {"zh", "en"} <= title.keys():
        return same("{k} {n}").fill(k=PARTS[part], n=name)
    return Text("{k} {n}（{t}）", "{k} {n} ({t})").fill(k=PARTS[part], n=name, t=Text(title["zh"], title["en"]))


def _detail(part: str, value: Mapping[str, Any]) -> Text:
    """What one wants to know first of something that came or went."""
    keys = {"deadlines": ("length", "starts", "ends"), "actions": ("from", "to", "by"), "permissions": ("by",)}
    said = [
        same("{k} {v}").fill(
            k=key_words(key), v=start_words(value[key]) if key == "starts" else value_words(key, value[key])
        )
        for key in keys.get(part, ())
        if value.get(key) is not None
    ]
    return Text("：{s}", ": {s}").fill(s=joined(said, "，", ", ")) if said else same("")


def _compared(thing: _Thing, key: str, was: Any, now: Any) -> Iterator[Difference]:
    """Every difference under one key."""
    if was == now:
        return
    last = key.rpartition(".")[2]
    if thing.part == "deadlines" and key in ("starts", "suspensions", "other_lengths"):
        yield from _clock(thing, key, was, now)
    elif thing.part == "actions" and last == "effects":
        yield from _members(thing, "effects", was or [], now or [], _EFFECT, effect_words)
    elif last in _GUARDS:
        yield from _guards(thing, key, was or [], now or [])
    elif thing.part == "actions" and last == "asks":
        yield from _asks(thing, was or {}, now or {})
    elif last in _NAMES and _names(was) is not None and _names(now) is not None:
        yield from _members(thing, key, _names(was) or [], _names(now) or [], _NAME, same)
    elif isinstance(was, dict) and isinstance(now, dict) and not _is_title(was) and not _is_title(now):
        yield from _inside(thing, f"{key}.", was, now)
    else:
        yield thing.told(key, "changed", was, now, _change(key, was, now))


def _inside(thing: _Thing, prefix: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for key, _, before, after in keyed(was, now):
        yield from _compared(thing, f"{prefix}{key}", before, after)


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
    return same("{w} {o} → {n}").fill(w=words, o=old, n=new)


def _members(
    thing: _Thing, key: str, was: list[Any], now: list[Any], told: Mapping[What, Text], said: Callable[[Any], Text]
) -> Iterator[Difference]:
    """What a list has no more, and what it has besides: in the sentences ``told``, by what is ``said`` of a member."""
    gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
    words = key_words(key)
    for one in gone:
        yield thing.told(key, "removed", one, None, told["removed"].fill(w=words, e=said(one)))
    for one in come:
        yield thing.told(key, "added", None, one, told["added"].fill(w=words, e=said(one)))
    if not gone and not come:
        yield thing.told(key, "changed", was, now, told["changed"].fill(w=words))


def _asks(thing: _Thing, was: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    for ask, what, old, new in keyed(was, now):
        how = _how(new) if what == "changed" or new == "required" else Text("可选或有条件", "optional or conditional")
        yield thing.told(f"asks.{ask}", what, old, new, _ASK[what].fill(a=ask, old=_how(old), new=how))


def _how(value: Any) -> Text:
    known = {"required": Text("必填", "required"), "optional": Text("可选", "optional")}
    return known[value] if isinstance(value, str) else value_words("asks", value)


def _guards(thing: _Thing, key: str, was: list[Any], now: list[Any]) -> Iterator[Difference]:
    old, new = {one["id"]: one for one in was}, {one["id"]: one for one in now}
    words = key_words(key)
    for guard, what, before, after in keyed(old, new):
        path = f"{key}.{guard}"
        if what == "removed":
            text = Text("取消{w} {g}", "no longer has the {w} {g}").fill(w=words, g=guard)
            yield thing.told(path, what, before, None, text)
        elif what == "added":
            text = Text("增加{w} {g}：“{m}”（{s}）", "new {w} {g}: “{m}” ({s})")
            text = text.fill(w=words, g=guard, m=Text(**after["message"]), s=after["source"])
            yield thing.told(path, what, None, after, text)
        else:
            for part, _, a, b in keyed(before, after):
                text = Text("{w} {g} 的{t}", "{w} {g}, {t}")
                text = text.fill(w=words, g=guard, t=_change(f"{path}.{part}", a, b))
                yield thing.told(f"{path}.{part}", "changed", a, b, text)
