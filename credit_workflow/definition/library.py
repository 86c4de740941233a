"""The definitions of a folder, compiled once into a cache that is read without YAML or checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from credit_workflow.definition.model import Workflow
from credit_workflow.errors import NotFound
from credit_workflow.resources import cached, data_folder, digest_of
from credit_workflow.text import Text

#: Raise this when the model or the checks change, so that no older cache is read.
_FORMAT = b"5 with checks"


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked definition with its digest and the JSON text that the digest is of."""

    workflow: Workflow
    digest: str
    body: bytes


def load_definitions(folder: Path | None = None) -> Mapping[str, Definition]:
    """Return the checked definitions of a folder by their names.

    Args:
        folder: where the ``*.yaml`` files are; the shipped definitions unless given.

    Raises:
        DefinitionFault: a definition has a mistake.
        NotFound: there is no such folder, or it has no definition.
    """
    folder = folder or data_folder("workflows")
    files = sorted(folder.glob("*.yaml"))
    if not files:
        message = Text("文件夹 {f} 中没有流程定义（*.yaml）", "the folder {f} has no definition (*.yaml)")
        raise NotFound(message.fill(f=folder), code="no_definitions")
    digest = digest_of([_FORMAT, *(part for file in files for part in (file.name.encode(), file.read_bytes()))])
    bodies = msgspec.json.decode(cached("workflows", digest, lambda: _compiled(files)), type=list[msgspec.Raw])
    found = {d.workflow.workflow: d for d in (from_body(bytes(body)) for body in bodies)}
    return dict(sorted(found.items(), key=lambda item: _place(item[0], found)))


_ABOUT = ("record", "person", "nothing", "account")


def _place(name: str, found: Mapping[str, Definition]) -> tuple[int, int, str]:
    """Where a workflow is listed: by what it is about, what begins of itself first."""
    return _ABOUT.index(found[name].workflow.about), _depth(name, found), name


def _depth(name: str | None, found: Mapping[str, Definition]) -> int:
    """How many workflows stand above one."""
    depth = 0
    while name is not None and name in found and depth <= len(found):
        name, depth = found[name].workflow.parent, depth + 1
    return depth


def from_body(body: bytes) -> Definition:
    """Return the definition that was kept as JSON text."""
    return Definition(msgspec.json.decode(body, type=Workflow), digest_of([body]), body)


def body_of(workflow: Workflow) -> bytes:
    """Return a definition as the JSON text that its digest is of; comments, layout and ``checks`` don't count."""
    return msgspec.json.encode(msgspec.structs.replace(workflow, checks=None))


def _compiled(files: list[Path]) -> bytes:
    from credit_workflow.definition.reader import read_workflows  # noqa: PLC0415 - only without a cache

    sources = read_workflows(files)
    return b"[" + b",".join(body_of(source.workflow) for source in sources.values()) + b"]"
