"""``workflow check``: mistakes that keep a definition from loading, and what else is found in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import emit, progress
from credit_workflow.errors import DefinitionFault
from credit_workflow.service.use_cases.rules.checking import CheckDefinitions, Checked


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
    request = CheckDefinitions(files=tuple(files), texts=_texts(text or []), strict=strict)
    with progress(t("检查", "checking"), quiet=settings().json) as advance:
        try:
            checked = ask(request, advance)
        except DefinitionFault as fault:
            if not settings().json:
                all_but_the_first(fault)
            raise
    if settings().json:
        emit(checked.document())
        return
    for found in checked.problems:
        _print(found.file, found.line, found.key, found.code, found.message, found.advice)
    _sum_up(checked)


def all_but_the_first(fault: DefinitionFault) -> None:
    """Write the mistakes that the error's own line has no room for."""
    for problem in fault.details.get("problems", [])[1:]:
        file, line, key, message = problem["file"], problem["line"], problem["key"], say(problem["message"])
        if "advice" in problem:
            _print(file, line, key, problem["code"], message, say(problem["advice"]))
        else:
            print(f"{file}:{line}: {key}: {message}")


def _texts(given: list[str]) -> dict[str, Path]:
    found = {}
    for one in given:
        name, sign, file = one.partition("=")
        found[name if sign else ""] = Path(file if sign else one)
    return found


def _print(file: str, line: int, key: str, code: str, message: str, advice: str) -> None:
    print(f"{file}:{line}: {key} [{code}]")
    print(f"  {message}")
    print(f"  → {advice}")


def _sum_up(checked: Checked) -> None:
    names, found, meant = checked.workflows, len(checked.problems), len(checked.meant)
    said = t(f"检查通过：{'、'.join(names)}", f"sound: {', '.join(names)}")
    if found:
        said += t(f"；另有 {found} 处须看一看", f"; {found} to look at")
    if meant:
        said += t(f"；{meant} 处已说明是有意的", f"; {meant} said to be meant")
    print(said)
