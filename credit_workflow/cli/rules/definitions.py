"""``workflow``: the definitions, without any database."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.options import WorkflowId
from credit_workflow.cli.output import emit
from credit_workflow.cli.rules import drawings
from credit_workflow.cli.rules.checking import check
from credit_workflow.cli.rules.scenarios import play_scenarios
from credit_workflow.cli.rules.versions import extend
from credit_workflow.service.use_cases.rules.definitions import ListDefinitions, ShowDefinition, ShowSchema


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("流程定义。", "The definitions of workflows."))
    app.command("list", cls=Command, help=t("列出流程。", "List the workflows."))(_list)
    app.command(
        "show", cls=Command, help=t("查看一个流程的状态、步骤与期限。", "A workflow's states, actions and deadlines.")
    )(_show)
    app.command("check", cls=Command, help=t("检查定义文件。", "Check definition files."))(check)
    app.command("schema", cls=Command, help=t("定义文件的 JSON Schema。", "The JSON Schema of definition files."))(
        _schema
    )
    app.command("test", cls=Command, help=t("演练情形，检验流程。", "Play scenarios, which test workflows."))(
        play_scenarios
    )
    drawings.add_to(app)
    extend(app)
    return {"workflow": app}


def _list() -> None:
    found = ask(ListDefinitions())
    if settings().json:
        emit(found.document())
        return
    for one in found.workflows:
        print(f"{one.id}\t{t('第', 'v')}{one.version}{t('版', '')}\t{one.title}（{one.source}）")


def _show(name: WorkflowId) -> None:
    definition = ask(ShowDefinition(workflow=name))
    if settings().json:
        emit(definition.document())
        return
    from credit_workflow.cli.screens.definition_screen import (  # noqa: PLC0415 - Rich is not needed for JSON
        render_definition,
    )

    render_definition(definition)


def _schema(
    scenarios: Annotated[
        bool, typer.Option("--scenarios", help=t("情形文件的 JSON Schema", "that of files of scenarios"))
    ] = False,
) -> None:
    schema = ask(ShowSchema(scenarios=scenarios)).document()
    print(json.dumps(schema, ensure_ascii=False, indent=None if settings().json else 2))
