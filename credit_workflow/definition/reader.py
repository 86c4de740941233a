"""Read definitions from YAML files and check them.

Every mistake is named with file, line and key. A mistake in form stops the reading at once; the
mistakes in meaning are all named together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.soundness import problems_between, problems_of
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.strict_yaml.sources import Source, faulty, read_source
from credit_workflow.text import Text


def read_workflow(file: Path | Handed) -> Source[Workflow]:
    """Return the definition in a file, its form checked.

    Raises:
        DefinitionFault: the file can't be read, is no YAML, or does not have the form of a
            definition.
    """
    return read_source(file, Workflow)


def read_workflows(
    files: Sequence[Path | Handed], known: Mapping[str, Workflow] | None = None
) -> dict[str, Source[Workflow]]:
    """Return the checked definitions in the files, by their names.

    Args:
        files: one definition each.
        known: other definitions that these may speak of; one in the files takes its place.

    Raises:
        DefinitionFault: at least one has a mistake, or two have one name.
    """
    sources: dict[str, Source[Workflow]] = {}
    found: list[dict[str, Any]] = []
    for file in files:
        source = read_workflow(file)
        name = source.value.workflow
        if name in sources:
            message = Text("流程 {w} 已在 {f} 中定义", "the workflow {w} is defined in {f} already")
            found.append(source.located(("workflow",), message.fill(w=name, f=sources[name].file.name)))
        sources.setdefault(name, source)
        found += [source.located(*problem) for problem in problems_of(source.value)]
    if not found:  # what definitions say of each other makes sense only where each is sound
        workflows = {**(known or {}), **{name: source.value for name, source in sources.items()}}
        found = [sources[name].located(*p) for name, p in problems_between(workflows) if name in sources]
    if found:
        raise faulty(found)
    return sources
