"""From a YAML file to a checked definition.

Every mistake is named with file, line and key. A mistake in form stops the reading at once; the
mistakes in meaning are all named together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.soundness import Problem, problems_between, problems_of
from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.decoding import Misfit, typed
from credit_workflow.strict_yaml.documents import read_yaml
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Text, same

KeyPath = tuple[str | int, ...]


class Source:
    """A definition with the file it was read from and the lines of its keys."""

    def __init__(self, file: Path | Handed, workflow: Workflow, lines: Mapping[KeyPath, int]) -> None:
        self.file = file
        self.workflow = workflow
        self._lines = lines

    def located(self, problem: Problem) -> dict[str, Any]:
        """Return a problem with its file, line and key."""
        return located(self.file, self._lines, problem.key, problem.message)


def read_workflow(file: Path | Handed) -> Source:
    """Return the definition in a file, its form checked.

    Raises:
        DefinitionFault: the file can't be read, is no YAML, or does not have the form of a
            definition.
    """
    value, lines = read_yaml(file)
    try:
        workflow = typed(value, Workflow)
    except Misfit as fault:
        raise faulty([located(file, lines, fault.key, fault.message)]) from None
    except msgspec.ValidationError as fault:
        key, message = form_fault(value, str(fault), Workflow)
        raise faulty([located(file, lines, key, message)]) from None
    return Source(file, workflow, lines)


def read_workflows(files: Sequence[Path | Handed], known: Mapping[str, Workflow] | None = None) -> dict[str, Source]:
    """Return the checked definitions in the files, by their names.

    Args:
        files: one definition each.
        known: other definitions that these may speak of; one in the files takes its place.

    Raises:
        DefinitionFault: at least one has a mistake, or two have one name.
    """
    sources: dict[str, Source] = {}
    found: list[dict[str, Any]] = []
    for file in files:
        source = read_workflow(file)
        name = source.workflow.workflow
        if name in sources:
            message = Text("流程 {w} 已在 {f} 中定义", "the workflow {w} is defined in {f} already")
            problem = Problem(("workflow",), message.fill(w=name, f=sources[name].file.name))
            found.append(source.located(problem))
        sources.setdefault(name, source)
        found += [source.located(p) for p in problems_of(source.workflow)]
    if not found:  # what definitions say of each other makes sense only where each is sound
        workflows = {**(known or {}), **{name: source.workflow for name, source in sources.items()}}
        found = [sources[name].located(p) for name, p in problems_between(workflows) if name in sources]
    if found:
        raise faulty(found)
    return sources


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


def located(file: Path | Handed, lines: Mapping[KeyPath, int], key: KeyPath, message: Text) -> dict[str, Any]:
    """Return a problem with its file, line and key, for `faulty`."""
    at = key
    while at and at not in lines:
        at = at[:-1]
    return {"file": file.name, "line": lines.get(at, 1), "key": _dotted(key), "message": message}


def _dotted(key: KeyPath) -> str:
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "(file)"


def form_fault(value: Any, message: str, model: type[msgspec.Struct]) -> tuple[KeyPath, Text]:
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
