"""Check drafts of definitions: by themselves, together, and against the regulation's text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.casework.rulebook.definition_answers import Checked, Finding
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.resources import data_folder
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Lang, Text

if TYPE_CHECKING:
    from credit_workflow.definition.model import Workflow


class CheckDefinitions(Request[Checked], frozen=True, kw_only=True):
    """Check definition files. They name their texts by path, and so does this: on the machine of whoever writes them.

    Args:
        files: the files.
        texts: the regulation's text, to look clauses up in, by how citations of it begin (UTF-8).
        strict: whatever is found is a mistake.
    """

    files: tuple[Path, ...]
    texts: Mapping[str, Path] = {}
    strict: bool = False


def check_definitions(work: Work, request: CheckDefinitions) -> Checked:
    """Check definition files.

    Raises:
        DefinitionFault: one has a mistake; with ``strict``, anything was found. ``details["problems"]``
            has each with file, line, key and message, and what was found with ``code`` and ``advice``, too.
        NotFound: a file or a text is not there.
    """
    from credit_workflow.authoring.analysis.report import report  # noqa: PLC0415 - of no use to other commands
    from credit_workflow.definition.reader import read_workflows  # noqa: PLC0415 - reads YAML
    from credit_workflow.strict_yaml.sources import faulty  # noqa: PLC0415

    known = _beside(work, request.files) or work.known_workflows
    sources = read_workflows(request.files, known)
    found, meant = report(sources, known, request.texts, work.progress)
    if request.strict and found:
        raise faulty(found)
    return Checked(
        ok=True,
        workflows=tuple(sources),
        problems=tuple(_finding(problem, work.lang) for problem in found),
        meant=tuple(_finding(problem, work.lang) for problem in meant),
    )


def _beside(work: Work, files: Sequence[Path]) -> Mapping[str, Workflow]:
    """Return the other definitions in the folders of files from elsewhere; none where they have no company.

    In an office with a folder of its own, and where a file is of the folder in force, the definitions
    in force are the ones that the files work together with; so they are for a draft that lies alone.
    """
    from credit_workflow.definition.reader import read_workflow  # noqa: PLC0415 - reads YAML

    given = {file.resolve() for file in files}
    folders = sorted({file.parent for file in given})
    if work.office.workflow_folder is not None or data_folder("workflows").resolve() in folders:
        return {}
    found: dict[str, Workflow] = {}
    for file in (file for folder in folders for file in sorted(folder.glob("*.yaml")) if file not in given):
        try:
            workflow = read_workflow(file).value
        except CreditWorkflowError:
            continue  # it is no definition, or has mistakes that nobody asked about
        found[workflow.workflow] = workflow
    return found


def _finding(problem: Mapping[str, Any], lang: Lang) -> Finding:
    said = {key: value.to(lang) if isinstance(value, Text) else value for key, value in problem.items()}
    return msgspec.convert(said, Finding)
