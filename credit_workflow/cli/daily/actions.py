"""A command group for each definition, a command for each action that a person can take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.daily.opening_options import about_options, with_options
from credit_workflow.cli.given import pairs, word
from credit_workflow.cli.language import both, language, say, t
from credit_workflow.cli.output import answered, interactive
from credit_workflow.service.files import handed
from credit_workflow.service.use_cases.daily.acting import CheckAction, CheckSubmit, Obstacles, SubmitCase, TakeAction
from credit_workflow.service.use_cases.daily.cases import CasePage
from credit_workflow.service.use_cases.daily.workflows import RESET, ActionForm, WorkflowForm

_Values = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help=both("填写一项内容；@文件 或 @- 读入 JSON", "give a value; @FILE or @- reads JSON"),
    ),
]
_Materials = Annotated[
    list[str] | None,
    typer.Option(
        "--material",
        metavar="KIND[=FILE]",
        help=both("已核验的材料（可附扫描件）", "a material that was seen, with its scan"),
    ),
]
_All = Annotated[
    bool,
    typer.Option("--all-materials", help=both("所要求的材料均已核验", "all materials that are asked for were seen")),
]
_Note = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help=both("备注，写入日志", "a remark for the log"))
]
_Check = Annotated[bool, typer.Option("--check", help=both("只列出障碍，不办理", "only list what stands in the way"))]
_Version = Annotated[
    int | None,
    typer.Option(
        "--expect-version",
        metavar="N",
        help=both("案件已非第 N 版时不办理", "refuse when the case is no longer in version N"),
    ),
]


def workflow_app(form: WorkflowForm) -> typer.Typer:
    """Return the command group of a workflow."""
    app = new_app(say(form.title) + f"（{form.source}）")
    for name, action in form.actions.items():
        if not action.by_people or name == RESET:
            continue
        function = _opener(form) if action.opens else _taker(form, name)
        app.command(name, cls=Command, help=_help(form, action))(function)
    if form.about == "account":
        from credit_workflow.cli.daily.accounts import extend  # noqa: PLC0415 - the other groups don't need it

        extend(app)
    if form.looks_up is not None:
        from credit_workflow.cli.daily.lookups import extend_log  # noqa: PLC0415 - as above

        extend_log(app)
    return app


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
    return "\n\n".join(lines).replace("[", r"\[")  # "[practice]" is no markup


def _opener(form: WorkflowForm) -> Any:
    def open_case(
        *,
        values: list[str] | None,
        material: list[str] | None,
        all_materials: bool,
        note: str | None,
        check: bool,
        **about: str | None,
    ) -> None:
        given: dict[str, Any] = {
            name: value and word(value) if name == "subject" else value for name, value in about.items()
        }
        filled = _Filled(values or [], material or [], note, all_materials)
        if check:
            _show_obstacles(ask(CheckSubmit(workflow=form.id, **given, **filled.seen())))
            return
        request = SubmitCase(workflow=form.id, **given, **filled.scanned(), page=not settings().json)
        if interactive(settings()):
            from credit_workflow.cli.daily.asking import completed_new  # noqa: PLC0415 - only in a terminal

            request = completed_new(form, request)
        _show(ask(request))

    options: list[tuple[str, Any, Any]] = [
        ("values", _Values, None),
        ("material", _Materials, None),
        ("all_materials", _All, False),
        ("note", _Note, None),
        ("check", _Check, False),
    ]
    return with_options(open_case, [*about_options(form), *options])


def _taker(form: WorkflowForm, name: str) -> Any:
    def take(
        case: Annotated[
            str,
            typer.Argument(
                metavar="CASE",
                help=t("案件编号", "the case's number"),
                autocompletion=completion.cases_of(form.id, name),
            ),
        ],
        values: _Values = None,
        material: _Materials = None,
        all_materials: _All = False,
        note: _Note = None,
        check: _Check = False,
        expect_version: _Version = None,
    ) -> None:
        filled = _Filled(values or [], material or [], note, all_materials)
        about: dict[str, Any] = {"workflow": form.id, "case": case, "action": name}
        if check:
            _show_obstacles(ask(CheckAction(**about, **filled.seen())))
            return
        request = TakeAction(**about, **filled.scanned(), expect_version=expect_version, page=not settings().json)
        if interactive(settings()):
            from credit_workflow.cli.daily.asking import completed  # noqa: PLC0415 - only in a terminal

            request = completed(form, request)
        _show(ask(request))

    take.__annotations__["case"] = Annotated[
        str,
        typer.Argument(
            metavar="CASE", help=t("案件编号", "the case's number"), autocompletion=completion.cases_of(form.id, name)
        ),
    ]
    take.__annotations__.update(
        values=_Values, material=_Materials, all_materials=_All, note=_Note, check=_Check, expect_version=_Version
    )
    return take


class _Filled(NamedTuple):
    """The options of an action as they were given."""

    values: list[str]
    material: list[str]
    note: str | None
    all_materials: bool

    def seen(self) -> dict[str, Any]:
        """Return what was filled in without reading any scan."""
        return {**self._said(), "materials": tuple(_files(self.material))}

    def scanned(self) -> dict[str, Any]:
        """Return what was filled in with the scans."""
        files = _files(self.material)
        return {**self._said(), "materials": {kind: file and handed(file) for kind, file in files.items()}}

    def _said(self) -> dict[str, Any]:
        return {"values": pairs(self.values), "all_materials": self.all_materials, "note": self.note}


def _show(page: CasePage) -> None:
    """Show the case as it is after the action, with the records that it gives to read."""
    if answered(page):
        return
    from credit_workflow.cli.screens.case_screen import render_case  # noqa: PLC0415 - Rich is not needed for JSON

    render_case(page, brief=True)
    if page.case.answer is not None:
        from credit_workflow.cli.screens.record_screen import render_found  # noqa: PLC0415 - as above

        render_found(page.case.answer)


def _show_obstacles(found: Obstacles) -> None:
    if answered(found):
        return
    if found.allowed:
        print(t("没有障碍，可以办理。", "Nothing stands in the way."))
        return
    print(t(f"有 {len(found.grounds)} 项障碍：", f"{len(found.grounds)} in the way:"))
    for ground in found.grounds:
        clause = f"（{ground.source}）" if ground.source else ""
        print(f"  ✗ {ground.message}{clause}")


def _files(material: list[str]) -> dict[str, Path | None]:
    files: dict[str, Path | None] = {}
    for text in material:
        kind, equals, file = text.partition("=")
        files[kind.strip()] = Path(file) if equals else None
    return files
