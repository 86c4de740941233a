"""Offer what a new case is about as options of the command that opens it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from credit_workflow.cli import completion
from credit_workflow.cli.language import t
from credit_workflow.service.use_cases.daily.workflows import WorkflowForm

#: An option: its name in Python, its annotation, its default (`inspect.Parameter.empty` where it must be given).
Option = tuple[str, Any, Any]


def about_options(workflow: WorkflowForm) -> list[Option]:
    """Return the options that say what a new case of the workflow is about."""
    if workflow.about == "account":
        return [("account", Annotated[str, _name()], inspect.Parameter.empty)]
    wanted: list[tuple[str, Any]] = []
    if workflow.parent is not None:
        wanted.append(("parent", _parent()))
    elif workflow.about == "record":
        wanted.append(("record", _record()))
    if workflow.about != "nothing":
        wanted.append(("subject", _subject(required=workflow.about == "person")))
    return [(name, Annotated[str | None, option], None) for name, option in wanted]


def with_options(function: Callable[..., None], options: Sequence[Option]) -> Callable[..., None]:
    """Return the function with just these options, as the parser finds them."""
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(name, kind, default=default, annotation=a) for name, a, default in options]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # a function takes any attribute
    function.__annotations__ = {name: annotation for name, annotation, _ in options}
    return function


def _name() -> Any:
    return typer.Argument(metavar="NAME", help=t("账户名，本人专用", "the account's name, for one person alone"))


def _record() -> Any:
    return typer.Option(
        "--record", metavar="NO", help=t("信用记录编号", "the record's number"), autocompletion=completion.records
    )


def _parent() -> Any:
    return typer.Option(
        "--parent", metavar="CASE", help=t("上级案件编号", "the parent case"), autocompletion=completion.cases
    )


def _subject(*, required: bool) -> Any:
    said = t("申请人证件号（默认为信息主体本人）", "the applicant's ID number; the record's subject unless given")
    if required:
        said = t("证件号码（身份证号、统一社会信用代码或组织机构代码）", "the person's ID number or code")
    return typer.Option(
        "--subject", metavar="ID", help=said + t("；@文件 或 @- 不留痕迹", "; @FILE or @- leaves no trace")
    )
