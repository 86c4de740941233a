"""Offer what a new case is about as options of the command that opens it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

from credit_workflow.cli import completion
from credit_workflow.cli.options import argument, day_option, option
from credit_workflow.service.use_cases.daily.workflows import WorkflowForm

#: An option: its name in Python, its annotation, its default (`inspect.Parameter.empty` where it must be given).
Option = tuple[str, Any, Any]


_RECORD_ZH, _RECORD_EN = "信用记录编号；可填多个，各成一案", "the record's number; several make one case each"


def about_options(workflow: WorkflowForm) -> list[Option]:
    """Return the options that say what a new case of the workflow is about."""
    if workflow.about == "account":
        name = argument("NAME", "账户名，本人专用", "the account's name, for one person alone")
        return [("account", Annotated[str, name], inspect.Parameter.empty)]
    wanted: dict[str, Any] = {}
    if workflow.parent is not None:
        wanted["parent"] = option("--parent CASE", "上级案件编号", "the parent case", autocompletion=completion.cases)
    elif workflow.about == "record":
        number = option("--record NO", _RECORD_ZH, _RECORD_EN, autocompletion=completion.records)
        wanted["record"] = number
    if workflow.about != "nothing":
        wanted["subject"] = _subject(required=workflow.about == "person", instead=workflow.opening[1].instead_of_record)
    options: list[Option] = [(name, Annotated[str | None, found], None) for name, found in wanted.items()]
    options = [(n, Annotated[list[str] | None, wanted[n]], None) if n == "record" else (n, a, d) for n, a, d in options]
    return [*options, *_FILING] if workflow.opening[1].filing else options


#: When the application was brought, where it is typed in later.
_FILING: list[Option] = [
    (
        "filed_on",
        Annotated[
            date | None,
            day_option("--filed-on DATE", "申请之日（默认为今天）", "when it was filed; today unless given"),
        ],
        None,
    ),
    ("filed_late", Annotated[str | None, option("--filed-late REASON", "补录理由", "why it is typed in later")], None),
]


def with_options(function: Callable[..., None], options: Sequence[Option]) -> Callable[..., None]:
    """Return the function with just these options, as the parser finds them."""
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(name, kind, default=default, annotation=a) for name, a, default in options]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # a function takes any attribute
    function.__annotations__ = {name: annotation for name, annotation, _ in options}
    return function


def _subject(*, required: bool, instead: Sequence[str] = ()) -> Any:
    zh, en = "申请人证件号（默认为信息主体本人）", "the applicant's ID number; the record's subject unless given"
    if instead:
        zh = f"申请人证件号（默认为信息主体本人；没有信用记录、填写 {'、'.join(instead)} 的，必填）"
        en = f"{en}; needed where {', '.join(instead)} are given instead of a record"
    if required:
        zh, en = "证件号码（身份证号、统一社会信用代码或组织机构代码）", "the person's ID number or code"
    return option("--subject ID", f"{zh}；@文件 或 @- 不留痕迹", f"{en}; @FILE or @- leaves no trace")
