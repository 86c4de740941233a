"""A command group for each definition, a command for each action that a person can take."""

from __future__ import annotations

from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any

import msgspec

from credit_workflow.cli import completion
from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.daily.opening_options import Option, about_options, with_options
from credit_workflow.cli.drawn import action_screen, case_screen
from credit_workflow.cli.given_values import pairs, word
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.options import argument, option
from credit_workflow.cli.output import show
from credit_workflow.service.files import Handed, handed
from credit_workflow.service.use_cases.daily.acting import Obstacles, SubmitCase, SubmitCases, TakeAction
from credit_workflow.service.use_cases.daily.workflows import RESET, ActionForm, WorkflowForm
from credit_workflow.text import same

_Values = Annotated[
    list[str] | None,
    option("--set NAME=VALUE", "填写一项内容；@文件 或 @- 读入 JSON", "give a value; @FILE or @- reads JSON"),
]
_Materials = Annotated[
    list[str] | None,
    option("--material KIND[=FILE]", "已核验的材料（可附扫描件）", "a material that was seen, with its scan"),
]
_All = Annotated[bool, option("--all-materials", "所要求的材料均已核验", "all materials that are asked for were seen")]
_Note = Annotated[str | None, option("--note TEXT", "备注，写入日志", "a remark for the log")]
_Check = Annotated[bool, option("--check", "只列出障碍，不办理", "only list what stands in the way")]
_Version = Annotated[
    int | None,
    option("--expect-version N", "案件已非第 N 版时不办理", "refuse when the case is no longer in version N"),
]
#: What every action has: the option's name in Python, its annotation, its default.
_OPTIONS: list[Option] = [
    ("values", _Values, None),
    ("material", _Materials, None),
    ("all_materials", _All, False),
    ("note", _Note, None),
    ("check", _Check, False),
]


def branch_of(form: WorkflowForm) -> Branch:
    """Return the commands of a workflow."""
    branch = Branch(*same(_plain(f"{say(form.title)}（{form.source}）")))
    for name, action in form.actions.items():
        if action.by_people and name != RESET:
            branch[name] = _command(form, name, action), same(_help(form, action))
    if form.about == "account":
        from credit_workflow.cli.daily.account_commands import commands  # noqa: PLC0415 - the other groups don't need it

        branch.update(commands)
    if form.looks_up is not None:
        from credit_workflow.cli.daily.look_up_command import commands  # noqa: PLC0415

        branch.update(commands)
    if form.keeps_log:
        from credit_workflow.cli.daily.application_log_command import commands  # noqa: PLC0415

        branch.update(commands)
    return branch


def _help(form: WorkflowForm, action: ActionForm) -> str:
    lang, colon = language(), t("：", ": ")
    roles = t("、", ", ").join(form.role_title(role, lang) for role in action.by if role in form.roles)
    lines = [f"{say(action.title)} — {roles}（{action.source}）"]
    for name, asked in action.asks.items():
        field = form.fields[asked.field]
        must = t("，必填", ", required") if asked.must_be_given else t("，可选", ", optional")
        choices = f" ({' | '.join(field.choices)})" if field.choices else ""
        lines.append(f"• {name}{choices}{colon}{say(field.title)}{must}")
    lines += [f"• --material {kind}{colon}{form.material_title(kind, lang)}" for kind in action.materials]
    return _plain("\n\n".join(lines))


def _plain(said: str) -> str:
    """Return a text of a definition for the help: “[practice]” is no markup."""
    return said.replace("[", r"\[")


def _command(form: WorkflowForm, name: str, action: ActionForm) -> Any:
    """Return what takes an action in a case, or opens a case by it."""

    def act(
        *,
        values: list[str] | None,
        material: list[str] | None,
        all_materials: bool,
        note: str | None,
        check: bool,
        expect_version: int | None = None,
        **about: Any,
    ) -> None:
        if about.get("subject"):
            about["subject"] = word(about["subject"])
        records: list[str] = about.pop("record", None) or []
        if records:
            about["record"] = records[0]
        given: dict[str, Any] = {
            "workflow": form.id,
            **about,
            "values": pairs(values or []),
            "materials": dict(map(_seen, material or [])),
            "all_materials": all_materials,
            "note": note,
            "page": not settings().json,
        }
        request: SubmitCase | TakeAction
        if action.opens:
            request = SubmitCase(**given)
        else:
            request = TakeAction(**given, action=name, expect_version=expect_version)
        if check:
            show(_obstacles(request, records), action_screen.render_obstacles)
            return
        if settings().interactive:
            from credit_workflow.cli.daily.asking import completed  # noqa: PLC0415 - only in a terminal

            request = completed(form, request)
        if len(records) > 1 and isinstance(request, SubmitCase):
            show(ask(_each(request, records)), case_screen.render_cases)
            return
        show(ask(request), action_screen.render_taken)

    number = argument("CASE", "案件编号", "the case's number", autocompletion=completion.cases_of(form.id, name))
    case: list[Option] = [("case", Annotated[str, number], Parameter.empty)]
    last: list[Option] = [] if action.opens else [("expect_version", _Version, None)]
    return with_options(act, [*(about_options(form) if action.opens else case), *_OPTIONS, *last])


def _each(request: SubmitCase, records: list[str]) -> SubmitCases:
    """Return the request to open such a case for each of some records."""
    names = ("workflow", "subject", "values", "materials", "all_materials", "note", "filed_on", "filed_late")
    return SubmitCases(records=tuple(records), **{name: getattr(request, name) for name in names})


def _obstacles(request: SubmitCase | TakeAction, records: list[str]) -> Obstacles:
    """Return what stands in the way of an action, or of opening a case for each of some records."""
    if not isinstance(request, SubmitCase) or not records:
        return ask(request.check())
    found = [ask(msgspec.structs.replace(request, record=number).check()) for number in records]
    every = [ground for one in found for ground in one.grounds]
    grounds = tuple(ground for place, ground in enumerate(every) if ground not in every[:place])
    return msgspec.structs.replace(found[0], allowed=not grounds, grounds=grounds)


def _seen(text: str) -> tuple[str, Handed | None]:
    """Return a kind of material with its scan, of which nothing is read yet; None where none is named."""
    kind, equals, file = text.partition("=")
    return kind.strip(), handed(Path(file)) if equals else None
