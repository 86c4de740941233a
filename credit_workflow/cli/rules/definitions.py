"""``workflow``: the definitions, without any database."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
import typer

from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import say, t
from credit_workflow.cli.options import WorkflowId
from credit_workflow.cli.output import emit
from credit_workflow.cli.rules import drawings
from credit_workflow.cli.rules.checking import check
from credit_workflow.cli.rules.scenarios import play_scenarios
from credit_workflow.cli.rules.versions import extend
from credit_workflow.errors import NotFound
from credit_workflow.text import Text


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
    found = [d.workflow for d in settings().definitions.values()]
    if settings().json:
        emit(
            {
                "workflows": [
                    {"id": w.workflow, "version": w.version, "title": say(w.title.text), "source": w.source}
                    for w in found
                ]
            }
        )
        return
    for workflow in found:
        print(
            f"{workflow.workflow}\t{t('第', 'v')}{workflow.version}{t('版', '')}\t{say(workflow.title.text)}（{workflow.source}）"
        )


def _show(name: WorkflowId) -> None:
    definition = settings().definitions.get(name)
    if definition is None:
        known = "、".join(settings().definitions)
        raise NotFound(
            Text("没有流程 {n}；现有：{k}", "there is no workflow {n}; known: {k}").fill(n=name, k=known),
            code="no_workflow",
        )
    if settings().json:
        document: dict[str, Any] = msgspec.to_builtins(definition.workflow)
        emit({"id": name, "digest": definition.digest, **document})
        return
    from credit_workflow.cli.screens.definition_screen import (  # noqa: PLC0415 - Rich is not needed for JSON
        render_definition,
    )

    render_definition(definition.workflow)


def _schema(
    scenarios: Annotated[
        bool, typer.Option("--scenarios", help=t("情形文件的 JSON Schema", "that of files of scenarios"))
    ] = False,
) -> None:
    if scenarios:
        from credit_workflow.authoring.scenarios.scenario_schema import json_schema  # noqa: PLC0415 - only then
    else:
        from credit_workflow.definition.schema import json_schema  # noqa: PLC0415

    print(json.dumps(json_schema(), ensure_ascii=False, indent=None if settings().json else 2))
