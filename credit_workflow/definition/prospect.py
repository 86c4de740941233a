"""Definitions in prospect: a folder of some, read beside those in force."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.definition.reader import read_workflows
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.resources import is_file
from credit_workflow.text import Text


def proposed_definitions(folder: Path, in_force: Mapping[str, Definition]) -> dict[str, Definition]:
    """Return the definitions in force with those of a folder in their places.

    Args:
        folder: where the ``*.yaml`` files of those that change, or are new, are.
        in_force: the definitions in force, which the others may speak of.

    Raises:
        NotFound: there is no such folder, or it has no definition.
        UsageFault: it is a file.
        DefinitionFault: a definition has a mistake.
    """
    if is_file(folder):
        message = Text("{f} 是文件；请写明文件夹，如 {p}", "{f} is a file; name a folder, such as {p}")
        raise UsageFault(message.fill(f=folder, p=folder.parent), code="no_folder")
    files = []
    with contextlib.suppress(OSError):  # nothing can be called so
        files = sorted(folder.glob("*.yaml"))
    if not files:
        message = Text("文件夹 {f} 中没有流程定义（*.yaml）", "the folder {f} has no definition (*.yaml)")
        raise NotFound(message.fill(f=folder), code="no_definitions")
    sources = read_workflows(files, known={name: definition.workflow for name, definition in in_force.items()})
    return {**in_force, **{name: from_body(body_of(source.workflow)) for name, source in sources.items()}}
