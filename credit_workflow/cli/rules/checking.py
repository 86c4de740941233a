"""``workflow check``: mistakes that keep a definition from loading, and what else is found in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.output import emit, progress
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import CreditWorkflowError, DefinitionFault
from credit_workflow.resources import data_folder
from credit_workflow.text import Text


def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help=t("定义文件（YAML）", "definition files (YAML)"))
    ],
    text: Annotated[
        list[str] | None,
        typer.Option(
            "--text",
            metavar="[NAME=]FILE",
            help=t(
                "法规原文：核对所引条款是否存在；NAME 为引用的开头",
                "the regulation's text, to look clauses up in; NAME: how citations of it begin",
            ),
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help=t("有任何发现即以 2 退出", "exit with 2 if anything is found"))
    ] = False,
) -> None:
    """Check definition files: by themselves, together, and against the regulation's text."""
    from credit_workflow.authoring.analysis.report import report  # noqa: PLC0415 - of no use to other commands
    from credit_workflow.definition.reader import faulty, read_workflows  # noqa: PLC0415 - reads YAML

    known = _beside(files) or _in_force()
    try:
        sources = read_workflows(files, known)
    except DefinitionFault as fault:
        if not settings().json:
            _all_but_the_first(fault)
        raise
    with progress(t("检查", "checking"), quiet=settings().json) as watch:
        found, meant = report(sources, known, _texts(text or []), watch)
    if strict and found:
        if not settings().json:
            _print(found[1:])
        raise faulty(found)
    names = list(sources)
    if settings().json:
        shown, intended = [_said(problem) for problem in found], [_said(problem) for problem in meant]
        emit({"ok": True, "workflows": names, "problems": shown, "meant": intended})
        return
    _print(found)
    _sum_up(names, found, meant)


def _beside(files: list[Path]) -> Mapping[str, Workflow]:
    """Return the other definitions in the folders of files from elsewhere; none where they have no company.

    With ``--workflows``, and where a file is of the folder in force, the definitions in force are
    the ones that the files work together with; so they are for a draft that lies alone.
    """
    from credit_workflow.definition.reader import read_workflow  # noqa: PLC0415 - reads YAML

    given = {file.resolve() for file in files}
    folders = sorted({file.parent for file in given})
    if settings().workflows is not None or data_folder("workflows").resolve() in folders:
        return {}
    found: dict[str, Workflow] = {}
    for file in (file for folder in folders for file in sorted(folder.glob("*.yaml")) if file not in given):
        try:
            workflow = read_workflow(file).workflow
        except CreditWorkflowError:
            continue  # it is no definition, or has mistakes that nobody asked about
        found[workflow.workflow] = workflow
    return found


def _in_force() -> Mapping[str, Workflow]:
    try:
        return {name: d.workflow for name, d in settings().definitions.items()}
    except CreditWorkflowError:
        return {}  # those in force have mistakes themselves, perhaps in the very file to check


def _all_but_the_first(fault: DefinitionFault) -> None:
    """Write the mistakes that the error's own line has no room for."""
    lang = language()
    for problem in fault.details.get("problems", [])[1:]:
        print(f"{problem['file']}:{problem['line']}: {problem['key']}: {problem['message'].to(lang)}")


def _texts(given: list[str]) -> dict[str, Path]:
    found = {}
    for one in given:
        name, sign, file = one.partition("=")
        found[name if sign else ""] = Path(file if sign else one)
    return found


def _said(problem: Mapping[str, Any]) -> dict[str, Any]:
    return {key: say(value) if isinstance(value, Text) else value for key, value in problem.items()}


def _print(found: list[dict[str, Any]]) -> None:
    for problem in map(_said, found):
        print(f"{problem['file']}:{problem['line']}: {problem['key']} [{problem['code']}]")
        print(f"  {problem['message']}")
        print(f"  → {problem['advice']}")


def _sum_up(names: list[str], found: list[dict[str, Any]], meant: list[dict[str, Any]]) -> None:
    said = t(f"检查通过：{'、'.join(names)}", f"sound: {', '.join(names)}")
    if found:
        said += t(f"；另有 {len(found)} 处须看一看", f"; {len(found)} to look at")
    if meant:
        said += t(f"；{len(meant)} 处已说明是有意的", f"; {len(meant)} said to be meant")
    print(said)
