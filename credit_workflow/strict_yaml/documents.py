"""Read YAML strictly: no duplicate keys, no guessed types, every mistake with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Text

KeyPath = tuple[str | int, ...]

_MAX_BYTES = 1_000_000
#: No definition comes near it; PyYAML takes seconds to say no to some thousand opening brackets.
_MAX_DEPTH = 100
_DEEP = Text("嵌套太深", "nested too deeply")
#: The parser in C, where there is one; what it refuses the other reads, so that mistakes are worded alike everywhere.
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: A tab, or a mark of byte order within a line, it takes for a space.
_READ_OTHERWISE = ("\t", "\ufeff")
_TRUTH = {"true": True, "false": False}


def read_yaml(source: Path | Handed | str) -> tuple[Any, dict[KeyPath, int]]:
    """Return the value in a YAML file and the line of every key and list item.

    Args:
        source: the file, there or handed in; or the text itself, then named ``(text)`` in errors.

    Plain words are texts (``on``, ``no``, dates and all), but for ``true``, ``false``, ``null``
    and whole numbers. Duplicate keys, aliases and tags are mistakes.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it can't be read, or is not YAML of this kind.
    """
    name = "(text)" if isinstance(source, str) else source.name
    text = source if isinstance(source, str) else _text_of(source, name)
    lines: dict[KeyPath, int] = {}
    try:
        node = _compose(text, name)
        if node is None:
            raise _fault(name, 1, "(file)", Text("文件是空的", "the file is empty"))
        return _value(node, (), lines, name), lines
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        problem = str(getattr(fault, "problem", None) or fault).replace("\n", " ")
        line = 1 if mark is None else mark.line + 1
        raise _fault(name, line, "(file)", Text(f"不是有效的 YAML：{problem}", f"not valid YAML: {problem}")) from None
    except RecursionError:
        raise _fault(name, 1, "(file)", _DEEP) from None


def _text_of(file: Path | Handed, name: str) -> str:
    try:
        raw = file.content if isinstance(file, Handed) else _read(file)
    except FileNotFoundError:
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file") from None
    except OSError as fault:
        message = Text("无法读取：{why}", "it can't be read: {why}").fill(why=fault.strerror or fault)
        raise _fault(name, 1, "(file)", message) from None
    if len(raw) > _MAX_BYTES:
        raise _fault(name, 1, "(file)", Text("文件超过 1 MB", "the file is larger than 1 MB"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise _fault(name, line, "(file)", Text("不是 UTF-8 编码", "not encoded in UTF-8")) from None


def _read(file: Path) -> bytes:
    with file.open("rb") as handle:
        return handle.read(_MAX_BYTES + 1)


def _compose(text: str, name: str) -> yaml.Node | None:
    if not any(sign in text for sign in _READ_OTHERWISE):
        try:
            return _composed(text, name, _FAST)
        except yaml.YAMLError:
            pass
    return _composed(text, name, yaml.SafeLoader)


def _composed(text: str, name: str, kind: Any) -> yaml.Node | None:
    depth = 0
    for event in yaml.parse(text, kind):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if depth > _MAX_DEPTH:
            raise _fault(name, line, "(file)", _DEEP)
        if isinstance(event, yaml.AliasEvent):
            raise _fault(name, line, "(file)", Text("不支持别名（*）", "aliases (*) are not supported"))
        if getattr(event, "tag", None) is not None:
            raise _fault(name, line, "(file)", Text("不支持类型标记（!）", "tags (!) are not supported"))
    loader = kind(text)
    loader.name = name
    try:
        node: yaml.Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    return node


def _value(node: yaml.Node, path: KeyPath, lines: dict[KeyPath, int], name: str) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines, name) for index, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: KeyPath, lines: dict[KeyPath, int], name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise _fault(name, line, "(file)", Text("键必须是一个词", "a key must be one word"))
        key = str(key_node.value)
        at = (*path, key)
        if key in found:
            raise _fault(name, line, ".".join(map(str, at)), Text("键重复", "the key stands twice"))
        lines[at] = line
        found[key] = _value(value_node, at, lines, name)
    return found


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style:  # of a plain word None, or in C an empty text
        return text
    if text in _TRUTH:
        return _TRUTH[text]
    if text in {"null", "~", ""}:
        return None
    digits = text.removeprefix("-")
    if digits.isdecimal() and digits.isascii() and len(digits) < 10 and (digits == "0" or digits[0] != "0"):  # noqa: PLR2004
        return int(text)
    return text


def _fault(file: str, line: int, key: str, message: Text) -> DefinitionFault:
    place = f"{file}:{line}: " + ("" if key == "(file)" else f"{key}: ")
    problem = {"file": file, "line": line, "key": key, "message": message}
    return DefinitionFault(Text(place + message.zh, place + message.en), details={"problems": [problem]})
