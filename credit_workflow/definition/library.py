"""Load the definitions of a folder, compiled once into a cache that is read without YAML or checks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from credit_workflow.definition.plugins import Group
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.resources import cached, data_folder, digest_of
from credit_workflow.text import Text, same

if TYPE_CHECKING:  # its many classes are for who reads a definition
    from credit_workflow.definition.access_rules import Access
    from credit_workflow.definition.model import Workflow

#: Raise this when the model or the checks change, so that no older cache is read.
_FORMAT = b"10 with whose records are, stops, deadlines that start deadlines, plug-ins, taking over, checks, sight"


class Head(msgspec.Struct, frozen=True):
    """What a definition says of its place among the others, with the defaults that `Workflow` has."""

    workflow: str
    calendar: str = "cn"
    parent: str | None = None
    about: Literal["record", "account", "person", "nothing"] = "record"
    identity: Literal["cn", "any"] = "cn"
    linked: bool = False


class Definition:
    """A checked definition, kept as JSON text and read when it is first asked for.

    All of a folder are loaded for every command; most commands then ask for the heads alone, which
    take a hundredth of the time.

    Args:
        body: the JSON text.
        workflow: what it says, where that is known already.
        digest: that of the text, where it is known already.
    """

    def __init__(self, body: bytes, *, workflow: Workflow | None = None, digest: str | None = None) -> None:
        self.body = body
        if workflow is not None:
            self.workflow = workflow
        if digest is not None:
            self.digest = digest

    @cached_property
    def head(self) -> Head:
        """Its place among the others."""
        return msgspec.json.decode(self.body, type=Head)

    @cached_property
    def access(self) -> Access:
        """What it says of who sees what."""
        from credit_workflow.definition.access_rules import Access  # noqa: PLC0415 - what shows nobody needs none

        return msgspec.json.decode(self.body, type=Access)

    @cached_property
    def workflow(self) -> Workflow:
        """What it says."""
        from credit_workflow.definition.model import Workflow  # noqa: PLC0415

        return msgspec.json.decode(self.body, type=Workflow)

    @cached_property
    def digest(self) -> str:
        """The digest of the text, by which cases remember it."""
        return digest_of([self.body])


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
    kept = msgspec.json.decode(cached("workflows", digest, lambda: _compiled(files)), type=_Kept)
    if kept.plugins:
        _check_plugins(kept.plugins)
    found = {d.head.workflow: d for d in (from_body(bytes(body)) for body in kept.bodies)}
    return dict(sorted(found.items(), key=lambda item: _place(item[0], found)))


_ABOUT = ("record", "person", "nothing", "account")


def _place(name: str, found: Mapping[str, Definition]) -> tuple[int, bool, bool, int, str]:
    """Where a workflow is listed: by what it is about, what people begin first.

    Those that stand under each other come before what stands alone, from the top.
    """
    head = found[name].head
    alone = head.parent is None and all(other.head.parent != name for other in found.values())
    return _ABOUT.index(head.about), head.linked, alone, _depth(name, found), name


def _depth(name: str | None, found: Mapping[str, Definition]) -> int:
    """How many workflows stand above one."""
    depth = 0
    while name is not None and name in found and depth <= len(found):
        name, depth = found[name].head.parent, depth + 1
    return depth


def scheme_of(definitions: Mapping[str, Definition]) -> Literal["cn", "any"]:
    """Return by what a site's definitions tell people apart.

    Raises:
        DefinitionFault: one of them says otherwise than another.
    """
    said = {definition.head.identity for definition in definitions.values()}
    if len(said) > 1:
        message = Text(
            "同一文件夹的流程须用同一种身份编号（identity），现有：any、cn",
            "the definitions of one folder tell people apart alike (identity); some of these say “cn”, some “any”",
        )
        raise DefinitionFault(message, code="several_identities")
    return said.pop() if said else "cn"


def from_body(body: bytes) -> Definition:
    """Return the definition that was kept as JSON text."""
    return Definition(body)


def body_of(workflow: Workflow) -> bytes:
    """Return a definition as the JSON text that its digest is of; comments, layout and ``checks`` don't count."""
    return msgspec.json.encode(msgspec.structs.replace(workflow, checks=None))


class _Needed(msgspec.Struct):
    """A plug-in that a definition names, with the place where it does."""

    group: Group
    name: str
    file: str
    line: int
    key: str


class _Kept(msgspec.Struct):
    """What the cache holds: definitions as JSON text, and the plug-ins that they need.

    The cache outlives what is installed, so that is looked at each time.
    """

    bodies: list[msgspec.Raw]
    plugins: list[_Needed] = []


def _check_plugins(needed: list[_Needed]) -> None:
    from credit_workflow.definition.plugins import not_installed  # noqa: PLC0415 - reads what is installed

    problems = []
    for need in needed:
        mistake = not_installed(need.group, need.name)
        if mistake is not None:
            problems.append({"file": need.file, "line": need.line, "key": need.key, "message": mistake})
    if problems:
        from credit_workflow.strict_yaml.sources import faulty  # noqa: PLC0415 - reads YAML

        raise faulty(problems)


def _compiled(files: list[Path]) -> bytes:
    from credit_workflow.definition.reader import read_workflows  # noqa: PLC0415
    from credit_workflow.definition.rules.soundness import plugins_of  # noqa: PLC0415 - only without a cache

    needed, bodies = [], []
    for source in read_workflows(files).values():
        bodies.append(msgspec.Raw(body_of(source.value)))
        for key, group, name in plugins_of(source.value):
            place = source.located(key, same(""))
            needed.append(_Needed(group, name, place["file"], place["line"], place["key"]))
    return msgspec.json.encode(_Kept(bodies, needed))
