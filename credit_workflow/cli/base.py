"""Define what all commands are made of: their help is in the language settled on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from credit_workflow.cli.context import settings
from credit_workflow.cli.language import settled, t
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text


class Command(TyperCommand):
    """A command whose help is in the language settled on."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for param in self.params:
            if getattr(param, "help", None):
                param.help = settled(param.help)  # type: ignore[attr-defined]  # it has one

    def get_usage(self, ctx: Any) -> str:
        """Return the line on how it is used."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option with its text."""
        return _help_option(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, its panels titled in the language settled on."""
        _translate_panels()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A group whose help is in the language settled on."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; without any, a program gets an error where a person gets the help."""
        if not args and self.no_args_is_help and settings().json:
            message = Text("缺少子命令：{n}；用 --help 查看用法", "{n} needs a command; see --help")
            raise UsageFault(message.fill(n=ctx.command_path), code="usage")
        return super().parse_args(ctx, args)

    def get_usage(self, ctx: Any) -> str:
        """Return the line on how it is used."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option with its text."""
        return _help_option(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, its panels titled in the language settled on."""
        _translate_panels()
        super().format_help(ctx, formatter)


def new_app(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(cls=Group, help=help_text, no_args_is_help=True, add_completion=False, rich_markup_mode="rich")


def single(name: str, function: Callable[..., Any], help_text: str) -> typer.Typer:
    """Return an app of one command, which then has no further level."""
    app = typer.Typer(cls=Group, add_completion=False, rich_markup_mode="rich")
    app.command(name, cls=Command, help=help_text)(function)
    return app


def _usage(line: str) -> str:
    return line.replace("Usage:", t("用法：", "Usage:"), 1)


def _help_option(option: Any) -> Any:
    if option is not None:
        option.help = t("显示本说明。", "Show this help.")
    return option


def _translate_panels() -> None:
    from typer import rich_utils  # noqa: PLC0415 - only help needs it

    rich_utils.ARGUMENTS_PANEL_TITLE = t("参数", "Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = t("选项", "Options")
    rich_utils.COMMANDS_PANEL_TITLE = t("命令", "Commands")
    rich_utils.REQUIRED_LONG_STRING = t("[必填]", "[required]")
