"""A command group for each definition, a command for each action that a person can take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from credit_workflow.casework.accounts.sign_in import RESET, case_of
from credit_workflow.casework.cases import acting as casework
from credit_workflow.casework.cases.acting import Form, NewCase
from credit_workflow.casework.cases.listing import show_case
from credit_workflow.casework.records.found_records import answer_of
from credit_workflow.cli import completion
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.daily.opening_options import about_options, with_options
from credit_workflow.cli.given import pairs, word
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.output import emit, interactive
from credit_workflow.definition.model import Action, Workflow
from credit_workflow.engine.values import Ground
from credit_workflow.store.crypto.scans import kept

_Values = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help=t("填写一项内容；@文件 或 @- 读入 JSON", "give a value; @FILE or @- reads JSON"),
    ),
]
_Materials = Annotated[
    list[str] | None,
    typer.Option(
        "--material",
        metavar="KIND[=FILE]",
        help=t("已核验的材料（可附扫描件）", "a material that was seen, with its scan"),
    ),
]
_All = Annotated[
    bool, typer.Option("--all-materials", help=t("所要求的材料均已核验", "all materials that are asked for were seen"))
]
_Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help=t("备注，写入日志", "a remark for the log"))]
_Check = Annotated[bool, typer.Option("--check", help=t("只列出障碍，不办理", "only list what stands in the way"))]
_Version = Annotated[
    int | None,
    typer.Option(
        "--expect-version",
        metavar="N",
        help=t("案件已非第 N 版时不办理", "refuse when the case is no longer in version N"),
    ),
]


def workflow_app(workflow: Workflow) -> typer.Typer:
    """Return the command group of a definition."""
    app = new_app(say(workflow.title.text) + f"（{workflow.source}）")
    for name, action in workflow.actions.items():
        if action.by == ("system",) or name == RESET:
            continue
        function = _opener(workflow) if action.opens else _taker(workflow, name)
        app.command(name, cls=Command, help=_help(workflow, action))(function)
    if workflow.about == "account":
        from credit_workflow.cli.daily.accounts import extend  # noqa: PLC0415 - the other groups don't need it

        extend(app)
    if workflow.look_up is not None:
        from credit_workflow.cli.daily.lookups import extend_log  # noqa: PLC0415 - as above

        extend_log(app)
    return app


def _help(workflow: Workflow, action: Action) -> str:
    roles = t("、", ", ").join(say(workflow.roles[role].title.text) for role in action.by if role in workflow.roles)
    lines = [f"{say(action.title.text)} — {roles}（{action.source}）"]
    for name in action.asks:
        ask = action.ask(name)
        field = workflow.fields[ask.field or name]
        must = t("必填", "required") if ask.required and ask.default is None else t("可选", "optional")
        choices = f" ({' | '.join(field.choices)})" if field.choices else ""
        lines.append(f"• {name}{choices}：{say(field.title.text)}，{must}")
    lines += [f"• --material {name}：{say(workflow.materials[name].title.text)}" for name in action.materials]
    return "\n\n".join(lines).replace("[", r"\[")  # "[practice]" is no markup


def _opener(workflow: Workflow) -> Any:
    def open_case(
        *,
        values: list[str] | None,
        material: list[str] | None,
        all_materials: bool,
        note: str | None,
        check: bool,
        **about: str | None,
    ) -> None:
        given = {name: value and word(value) if name == "subject" else value for name, value in about.items()}
        new = NewCase(workflow=workflow.workflow, **given)
        filled = _Filled(values or [], material or [], note, all_materials)
        _submit(workflow, new, filled, check=check)

    form: list[tuple[str, Any, Any]] = [
        ("values", _Values, None),
        ("material", _Materials, None),
        ("all_materials", _All, False),
        ("note", _Note, None),
        ("check", _Check, False),
    ]
    return with_options(open_case, [*about_options(workflow), *form])


def _taker(workflow: Workflow, name: str) -> Any:
    def take(
        case: Annotated[
            str,
            typer.Argument(
                metavar="CASE",
                help=t("案件编号", "the case's number"),
                autocompletion=completion.cases_of(workflow, name),
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
        _act(workflow, name, case, filled, check=check, expect_version=expect_version)

    take.__annotations__["case"] = Annotated[
        str,
        typer.Argument(
            metavar="CASE", help=t("案件编号", "the case's number"), autocompletion=completion.cases_of(workflow, name)
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

    def form(self, materials: Mapping[str, str | None]) -> Form:
        """Return the form, with the digests of the scans."""
        return Form(given=pairs(self.values), materials=materials, all_materials=self.all_materials, note=self.note)

    def unread(self) -> Form:
        """Return the form without keeping any scan."""
        return self.form(dict.fromkeys(_files(self.material)))


def _submit(workflow: Workflow, new: NewCase, filled: _Filled, *, check: bool) -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
    if check:
        found = casework.check(session, workflow.opening[0], filled.unread(), case=None, new=new)
        _show_obstacles(workflow, found, None)
        return
    with kept(chosen.database, _files(filled.material)) as digests:
        form = filled.form(digests)
        if interactive(chosen):
            from credit_workflow.cli.daily.asking import completed_new  # noqa: PLC0415 - only in a terminal

            new, form = completed_new(session, workflow, new, form)
        number = casework.submit(session, new, form)
    _answer(number, workflow.opening[1])


def _act(
    workflow: Workflow, action: str, case: str, filled: _Filled, *, check: bool, expect_version: int | None
) -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
        if workflow.about == "account":
            case = case_of(session, case)
        # The version that the operator has before him: whoever changes the case from here on wins.
        seen = db.version(case) if expect_version is None else expect_version
    if check:
        about = NewCase(workflow=workflow.workflow)
        found = casework.check(session, action, filled.unread(), case=case, new=about)
        _show_obstacles(workflow, found, case)
        return
    with kept(chosen.database, _files(filled.material)) as digests:
        form = filled.form(digests)
        if interactive(chosen):
            from credit_workflow.cli.daily.asking import completed  # noqa: PLC0415 - only in a terminal

            form = completed(session, workflow, action, case, form)
        casework.act(session, case, action, form, workflow=workflow.workflow, version=seen)
    _answer(case, workflow.actions[action])


def _answer(number: str, action: Action) -> None:
    """Show the case as it is after the action, with the records that it gives to read."""
    chosen = settings()
    with chosen.desk() as (desk, viewer):
        view = show_case(desk, number, viewer)
        if action.shows is not None:
            view["answer"] = answer_of(desk.db, desk.db.case(number), action.shows, viewer.lang)
        entries = desk.db.entries(number) if not chosen.json else []
        if chosen.json:
            emit(view)
            return
        from credit_workflow.cli.screens.case_screen import render_case  # noqa: PLC0415 - Rich is not needed for JSON

        render_case(view, desk.db.rules, entries, viewer, brief=True, training=desk.db.training)
        if action.shows is not None:
            from credit_workflow.cli.daily.lookups import render_answer  # noqa: PLC0415 - as above

            render_answer(view["answer"])


def _show_obstacles(workflow: Workflow, grounds: list[Ground], case: str | None) -> None:
    chosen = settings()
    lang = language()
    listed = [{**g.as_json(lang), "message": g.message.to(lang)} for g in grounds]
    if chosen.json:
        materials = [g.facts["material"] for g in grounds if g.code == "material"]
        emit(
            {
                "case": case,
                "workflow": workflow.workflow,
                "allowed": not grounds,
                "grounds": listed,
                "materials": materials,
            }
        )
        return
    if not grounds:
        print(t("没有障碍，可以办理。", "Nothing stands in the way."))
        return
    print(t(f"有 {len(grounds)} 项障碍：", f"{len(grounds)} in the way:"))
    for ground in listed:
        clause = f"（{ground['source']}）" if ground["source"] else ""
        print(f"  ✗ {ground['message']}{clause}")


def _files(material: list[str]) -> dict[str, Path | None]:
    files: dict[str, Path | None] = {}
    for text in material:
        kind, equals, file = text.partition("=")
        files[kind.strip()] = Path(file) if equals else None
    return files
