"""``workflow``: the definitions, without any database."""

from __future__ import annotations

import json
from typing import Annotated

from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.drawn import definition_screen
from credit_workflow.cli.language import t
from credit_workflow.cli.options import WorkflowId, option
from credit_workflow.cli.output import written
from credit_workflow.cli.rules import drawing_commands, version_commands
from credit_workflow.cli.rules.check_command import check
from credit_workflow.cli.rules.scenario_commands import play_scenarios
from credit_workflow.service.use_cases.rules.definitions import ListDefinitions, ShowDefinition, ShowSchema

workflow = Branch("流程定义。", "The definitions of workflows.")


@workflow.command("list")
def _list() -> None:
    """List the workflows.

    列出流程。
    """
    found = ask(ListDefinitions())
    if written(found):
        return
    for one in found.workflows:
        print(f"{one.id}\t{t('第', 'v')}{one.version}{t('版', '')}\t{one.title}（{one.source}）")


@workflow.command("show")
def _show(name: WorkflowId) -> None:
    """A workflow's states, actions and deadlines.

    查看一个流程的状态、步骤与期限。
    """
    definition = ask(ShowDefinition(workflow=name))
    if not written(definition):
        definition_screen.render_definition(definition)


workflow.command("check")(check)


@workflow.command("schema")
def _schema(scenarios: Annotated[bool, option("--scenarios")] = False) -> None:
    """The JSON Schema of definition files.

    定义文件的 JSON Schema。

    Options:
        scenarios: that of files of scenarios
            情形文件的 JSON Schema
    """
    schema = ask(ShowSchema(scenarios=scenarios)).document()
    print(json.dumps(schema, ensure_ascii=False, indent=None if settings().json else 2))


workflow.command("test")(play_scenarios)
workflow.update(drawing_commands.commands)
workflow.update(version_commands.commands)
