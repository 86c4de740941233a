"""``workflow check``: mistakes that keep a definition from loading, and what else is found in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from credit_workflow.cli.context import settings
from credit_workflow.cli.language import say, t
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import watched, written
from credit_workflow.errors import DefinitionFault
from credit_workflow.service.use_cases.rules.checking import CheckDefinitions, Checked


def check(
    files: Annotated[list[Path], argument("FILE…")],
    text: Annotated[list[str] | None, option("--text [NAME=]FILE")] = None,
    strict: Annotated[bool, option("--strict")] = False,
) -> None:
    """Check definition files.

    检查定义文件。

    Options:
        files: definition files (YAML)
            定义文件（YAML）
        text: the regulation's text, to look clauses up in; NAME: how citations of it begin
            法规原文：核对所引条款是否存在；NAME 为引用的开头
        strict: exit with 2 if anything is found
            有任何发现即以 2 退出
    """
    request = CheckDefinitions(files=tuple(files), texts=_texts(text or []), strict=strict)
    with all_mistakes():
        checked = watched("检查", "checking", request)
    if written(checked):
        return
    for found in checked.problems:
        _print(found.file, found.line, found.key, found.code, found.message, found.advice)
    _sum_up(checked)


@contextmanager
def all_mistakes() -> Iterator[None]:
    """Write the mistakes that the error's own line has no room for: all but the first."""
    try:
        yield
    except DefinitionFault as fault:
        if not settings().json:
            _all_but_the_first(fault)
        raise


def _all_but_the_first(fault: DefinitionFault) -> None:
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
