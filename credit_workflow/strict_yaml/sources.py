"""Files of YAML as values of a model, with the lines of their keys: every mistake is named with file, line and key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.decoding import Misfit, typed
from credit_workflow.strict_yaml.documents import KeyPath, read_yaml
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Text, same

Model_co = TypeVar("Model_co", covariant=True)
_Struct = TypeVar("_Struct", bound=msgspec.Struct)


class Source(Generic[Model_co]):
    """What a file says.

    Args:
        file: the file.
        value: what it says.
        lines: the line of every key and list item.
        dots: whether what is in a list is named ``off.0``, not ``off[0]``.
    """

    def __init__(
        self, file: Path | Handed, value: Model_co, lines: Mapping[KeyPath, int], *, dots: bool = False
    ) -> None:
        self.file = file
        self.value = value
        self._lines = lines
        self._dots = dots

    def line(self, key: KeyPath) -> int:
        """Return the line of a key, or of the nearest one above it that stands in the file."""
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key, 1)

    def located(self, key: KeyPath, message: Text) -> dict[str, Any]:
        """Return what is wrong at a key, with file, line and key, for `faulty`."""
        named = ".".join(map(str, key)) if self._dots else _bracketed(key)
        return {"file": self.file.name, "line": self.line(key), "key": named or "(file)", "message": message}

    def fault(self, key: KeyPath, message: Text) -> DefinitionFault:
        """Return the error that says what is wrong at a key."""
        return faulty([self.located(key, message)])


def read_source(
    file: Path | Handed, model: type[_Struct], text: str | None = None, *, dots: bool = False
) -> Source[_Struct]:
    """Return what a file says, its form checked.

    Args:
        file: the file, or the name by which errors call it where its text is given.
        model: the form.
        text: what it says, where it is kept elsewhere than in a file.
        dots: as for `Source`.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it can't be read, is no YAML, or does not have the form.
    """
    value, lines = read_yaml(file if text is None else text)
    try:
        return Source(file, typed(value, model), lines, dots=dots)
    except Misfit as fault:
        key, message = fault.key, fault.message
    except msgspec.ValidationError as fault:
        key, message = _form_fault(value, str(fault), model)
    raise Source(file, value, lines, dots=dots).fault(key, message)


def faulty(problems: list[dict[str, Any]]) -> DefinitionFault:
    """Return the error that names the first problem and carries all of them."""
    first = problems[0]
    place = f"{first['file']}:{first['line']}: {first['key']}: "
    more = len(problems) - 1
    tail = Text(f"（另有 {more} 处）", f" (and {more} more)") if more else same("")
    message = first["message"]
    return DefinitionFault(
        Text(place + message.zh + tail.zh, place + message.en + tail.en), details={"problems": problems}
    )


def _bracketed(key: KeyPath) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key).removeprefix(".")


def _form_fault(value: Any, message: str, model: type[msgspec.Struct]) -> tuple[KeyPath, Text]:
    """Split msgspec's message on a value that is not the model's into the key and what is wrong there."""
    what, _, where = message.partition(" - at `")
    of_key = what.endswith("`key` in") or where.startswith("key` in `")
    pattern = re.findall(r"\.([A-Za-z_]\w*)|\[(\d+|\.\.\.)\]", where.rpartition("$")[2].rstrip("`"))
    path: list[str | int] = []
    for name, index in pattern:
        if name:
            path.append(name)
        elif index.isdigit():
            path.append(int(index))
        else:
            path.append(_culprit(value, path, message, model))
    if of_key:
        path.append(_culprit(value, path, message, model))
    unknown = re.search(r"unknown field `(\w+)`", what)
    if unknown:
        return (*path, unknown[1]), Text("没有这个键", "there is no such key")
    missing = re.search(r"missing required field `(\w+)`", what)
    if missing:
        return tuple(path), Text(f"缺少键 {missing[1]}", f"the key {missing[1]} is missing")
    return tuple(path), Text(f"格式不符：{what}", f"wrong form: {what}")


def _culprit(value: Any, path: list[str | int], message: str, model: type[msgspec.Struct]) -> str | int:
    """Return the key of the mapping at ``path`` to which msgspec's message applies.

    msgspec writes ``[...]`` for a key of a mapping; the one meant is that which alone, without
    its neighbours, gives the same message.
    """
    for name in _at(value, path):
        alone = _keeping(value, path, name)
        try:
            msgspec.convert(alone, model)
        except msgspec.ValidationError as fault:
            if str(fault) == message:
                return str(name)
    return "..."


def _at(value: Any, path: list[str | int]) -> Any:
    for part in path:
        value = value[part]
    return value


def _keeping(value: Any, path: list[str | int], name: str) -> Any:
    """Return a copy of the value in which the mapping at ``path`` has the key ``name`` alone."""
    if not path:
        return {name: value[name]}
    head, rest = path[0], path[1:]
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    copy[head] = _keeping(value[head], rest, name)
    return copy
