"""The tree of commands, loaded branch by branch: only what is called costs time."""

from __future__ import annotations

import gc
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.cli.base import Group
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.cli.options import option
from credit_workflow.errors import CommitInterrupted, PerhapsWritten, UsageFault
from credit_workflow.text import Text

#: Each branch: its name, and the module that has it under that name.
_BRANCHES = {
    "init": "upkeep.init_command",
    "login": "daily.account_commands",
    "logout": "daily.account_commands",
    "passwd": "daily.account_commands",
    "whoami": "daily.account_commands",
    "case": "daily.case_commands",
    "todo": "daily.case_commands",
    "overdue": "daily.overdue_command",
    "stats": "upkeep.stats_command",
    "report": "upkeep.report_commands",
    "simulate": "rules.simulate_command",
    "record": "daily.record_commands",
    "paper": "daily.paper_commands",
    "unit": "daily.unit_commands",
    "sweep": "upkeep.sweep_commands",
    "scheduler": "upkeep.sweep_commands",
    "calendar": "upkeep.calendar_commands",
    "audit": "upkeep.audit_commands",
    "clock": "upkeep.clock_commands",
    "backup": "upkeep.backup_commands",
    "key": "upkeep.key_commands",
    "notify": "upkeep.notification_commands",
    "digest": "upkeep.notification_commands",
    "workflow": "rules.workflow_commands",
    "shell": "daily.shell",
}


class Root(Group):
    """The root: its branches are loaded when they are called for."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options, those of the shell's completion in the language settled on."""
        params = super().get_params(ctx)
        texts = {
            "install_completion": t("为当前 shell 安装自动补全。", "Install completion for this shell."),
            "show_completion": t("显示当前 shell 的补全脚本。", "Show this shell's completion script."),
        }
        for param in params:
            if param.name in texts:
                param.help = texts[param.name]  # type: ignore[attr-defined]  # an option has it
        return params

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return a branch with its modules loaded; from here on the collector works that `main` lets rest."""
        found = super().resolve_command(ctx, args)
        if not gc.isenabled():  # once a process: a line of `shell` leaves garbage, which must not be frozen
            gc.freeze()  # what was loaded stays until the end, and is not looked through again
            gc.enable()
        return found

    def invoke(self, ctx: Any) -> Any:
        """Run a command; Ctrl-C, of which the parser makes an exit code and no more, is told where it matters."""
        try:
            return super().invoke(ctx)
        except CommitInterrupted:
            raise PerhapsWritten from None

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the parser's signature
        """Return the names of all branches, workflows first."""
        from credit_workflow.service.use_cases.daily.workflows import WorkflowNames  # noqa: PLC0415 - other commands don't

        return [*(name for name, _ in ask(WorkflowNames()).names), *_BRANCHES]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return a branch, built now, or None."""
        if cmd_name in _BRANCHES:
            module = import_module(f"credit_workflow.cli.{_BRANCHES[cmd_name]}")
            return _named(getattr(module, cmd_name).built(), cmd_name)
        from credit_workflow.service.use_cases.daily.workflows import WorkflowForms  # noqa: PLC0415

        form = ask(WorkflowForms(workflows=(cmd_name,))).workflows.get(cmd_name)
        if form is None:
            return None
        from credit_workflow.cli.daily.action_commands import branch_of  # noqa: PLC0415

        return _named(branch_of(form).built(), cmd_name)


def _named(command: Any, name: str) -> Any:
    command.name = name
    return command


def build() -> Any:
    """Return the root command."""
    app = typer.Typer(
        cls=Root,
        name="credit-workflow",
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    app.callback(
        help=t("公共信用信息异议处理。", "The statutory handling of objections to public credit information.")
    )(_globals)
    return typer.main.get_command(app)


def _globals(
    db: Annotated[str | None, option("--db URL")] = None,
    lang: Annotated[str | None, option("--lang zh|en")] = None,
    as_json: Annotated[bool, option("--json")] = False,
    account: Annotated[str | None, option("--as NAME")] = None,
    at: Annotated[str | None, option("--at INSTANT")] = None,
    workflows: Annotated[Path | None, option("--workflows DIR")] = None,
    calendars: Annotated[Path | None, option("--calendars DIR")] = None,
    confirm_date: Annotated[bool, option("--confirm-date")] = False,
) -> None:
    """Settle the global options.

    Options:
        db: the database: a path or an SQLAlchemy URL [CREDIT_WORKFLOW_DB]
            数据库：路径或 SQLAlchemy 地址 [CREDIT_WORKFLOW_DB]
        lang: the language [CREDIT_WORKFLOW_LANG]
            语言 [CREDIT_WORKFLOW_LANG]
        as_json: one JSON document on standard output [CREDIT_WORKFLOW_JSON=1]
            输出一个 JSON 文档 [CREDIT_WORKFLOW_JSON=1]
        account: act as this account (training only) [CREDIT_WORKFLOW_AS]
            以此账户办理（仅练习数据库）[CREDIT_WORKFLOW_AS]
        at: the instant taken for now, such as 2026-03-02T09:30 (training only) [CREDIT_WORKFLOW_AT]
            当作现在的时间，如 2026-03-02T09:30（仅练习数据库）[CREDIT_WORKFLOW_AT]
        workflows: a site's own folder of definitions [CREDIT_WORKFLOW_WORKFLOWS]
            本单位自己的流程定义文件夹 [CREDIT_WORKFLOW_WORKFLOWS]
        calendars: the folder of calendars; else calendars beside the definitions, else what ships [CREDIT_WORKFLOW_CALENDARS]
            日历文件夹；缺省为流程文件夹旁的 calendars，再为随附的 [CREDIT_WORKFLOW_CALENDARS]
        confirm_date: today's date is right, though it lies far beyond the last confirmed one (authority, admin)
            今天的日期无误，虽与上次证实的日期相距较远（市信用主管部门、账户管理员）
    """
    if lang is not None and lang not in ("zh", "en"):
        raise UsageFault(Text("--lang 只能是 zh 或 en", "--lang is zh or en"), code="language")
    settings().take(db=db, json=as_json, account=account, at=at, workflows=workflows, calendars=calendars)
    settings().take(confirm_date=confirm_date)
