"""Find the effects and functions that installed packages offer as entry points.

What is installed is looked at only when a definition names an effect of its own, or a function
that CEL does not have.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from credit_workflow.errors import DefinitionFault, PluginFault
from credit_workflow.text import Text

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Group = Literal["credit_workflow.effects", "credit_workflow.functions"]
EFFECTS: Group = "credit_workflow.effects"
FUNCTIONS: Group = "credit_workflow.functions"
_KINDS: Mapping[Group, Text] = {EFFECTS: Text("自定义效果", "effect"), FUNCTIONS: Text("函数", "function")}
_LARGEST = 2**63


def plugin(group: Group, name: str) -> Callable[..., Any]:
    """Return an installed plug-in.

    Raises:
        DefinitionFault: no installed package offers it, or several do.
        PluginFault: it can't be loaded, or is nothing that can be called.
    """
    mistake = not_installed(group, name)
    if mistake is not None:
        raise DefinitionFault(mistake, code="plugin_missing", details={"plugin": name, "group": group})
    return _loaded(group, name, tuple(sys.path))


def not_installed(group: Group, name: str) -> Text | None:
    """Return what is wrong where not just one installed package offers a plug-in; None where one does."""
    found = _offered(group, tuple(sys.path)).get(name, ())
    if len(found) == 1:
        return None
    said = {"k": _KINDS[group], "n": name, "g": group}
    if found:
        message = Text(
            "{k} {n} 由多个已安装的包提供（{d}）；请只保留一个",
            "several installed packages offer the {k} {n} ({d}); keep one of them",
        )
        return message.fill(**said, d=", ".join(sorted(_package(entry) for entry in found)))
    message = Text(
        "没有名为 {n} 的{k}：已安装的包中无一在入口点组 {g} 中提供它；请安装提供它的包",
        "there is no {k} called {n}: no installed package offers it under the entry points {g}; "
        "install the one that does",
    )
    return message.fill(**said)


def called(group: Group, name: str, *arguments: Any) -> Any:
    """Return what a plug-in gives; whatever it raises becomes an error that names it.

    Raises:
        DefinitionFault: it is not installed.
        PluginFault: it can't be loaded, or has raised something.
    """
    function = plugin(group, name)
    try:
        return function(*arguments)
    except Exception as fault:
        raise faulty(group, name, Text("出错：{w}", "failed: {w}").fill(w=_said(fault))) from fault


def faulty(group: Group, name: str, why: Text) -> PluginFault:
    """Return the error that names a plug-in, its package, and what is wrong with it."""
    entry = next(iter(_offered(group, tuple(sys.path)).get(name, ())), None)
    package = _package(entry) if entry else "—"
    message = Text(
        "{k} {n}（{p}）{w}。没有写入任何内容，请联系该包的维护者",
        "the {k} {n} ({p}) {w}; nothing was written: tell who maintains that package",
    )
    return PluginFault(
        message.fill(k=_KINDS[group], n=name, p=package, w=why),
        details={"plugin": name, "group": group, "package": package},
    )


def plain(group: Group, name: str, value: Any) -> Any:
    """Return what a plug-in gave, if it is plain: texts, whole numbers, booleans, None, lists and mappings of such.

    Raises:
        PluginFault: it is something else, which neither the log nor an expression can hold.
    """
    if value is None or isinstance(value, (str, bool)) or (isinstance(value, int) and abs(value) < _LARGEST):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(group, name, part) for part in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: plain(group, name, part) for key, part in sorted(value.items())}
    why = Text(
        "返回了 {t}；只能是文字、整数、布尔值、空值，及其列表或字段表",
        "gave a {t}; it may give texts, whole numbers, booleans, None, and lists and mappings of them",
    )
    raise faulty(group, name, why.fill(t=type(value).__name__))


@cache
def _offered(group: Group, path: tuple[str, ...]) -> Mapping[str, tuple[EntryPoint, ...]]:  # noqa: ARG001 - the cache's key
    from importlib.metadata import entry_points  # noqa: PLC0415 - costs 15 ms that most commands need not pay

    found: dict[str, dict[str, EntryPoint]] = {}
    for entry in entry_points(group=group):
        found.setdefault(entry.name, {})[f"{_package(entry)} {entry.value}"] = entry
    return {name: tuple(entries.values()) for name, entries in found.items()}


@cache
def _loaded(group: Group, name: str, path: tuple[str, ...]) -> Callable[..., Any]:
    (entry,) = _offered(group, path)[name]
    try:
        found = entry.load()
    except Exception as fault:
        raise faulty(group, name, Text("无法载入：{w}", "can't be loaded: {w}").fill(w=_said(fault))) from fault
    if not callable(found):
        raise faulty(group, name, Text("不可调用", "is nothing that can be called"))
    function: Callable[..., Any] = found
    return function


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _said(fault: Exception) -> str:
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:200]
