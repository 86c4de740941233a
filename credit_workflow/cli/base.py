"""What all commands are made of: written down in both languages, built in the one settled on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from credit_workflow.cli.context import settings
from credit_workflow.cli.language import say, settled, t
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

F = TypeVar("F", bound=Callable[..., Any])
if TYPE_CHECKING:
    _Parsed = TyperCommand
else:  # it stands before either of the two in the order of classes
    _Parsed = object


class _InLanguage(_Parsed):
    """What commands and groups say of themselves is in the language settled on."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        told = options_of(self.callback)
        for param in self.params:
            if param.name in told:
                param.help = say(told[param.name])  # type: ignore[attr-defined]  # it has one
            elif getattr(param, "help", None):
                param.help = settled(param.help)  # type: ignore[attr-defined]  # it has one

    def get_usage(self, ctx: Any) -> str:
        """Return the line on how it is used."""
        return str(super().get_usage(ctx)).replace("Usage:", t("用法：", "Usage:"), 1)

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option with its text."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = t("显示本说明。", "Show this help.")
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, its panels titled in the language settled on."""
        from typer import rich_utils  # noqa: PLC0415 - loads Rich, which only help needs

        rich_utils.ARGUMENTS_PANEL_TITLE = t("参数", "Arguments")
        rich_utils.OPTIONS_PANEL_TITLE = t("选项", "Options")
        rich_utils.COMMANDS_PANEL_TITLE = t("命令", "Commands")
        rich_utils.REQUIRED_LONG_STRING = t("[必填]", "[required]")
        super().format_help(ctx, formatter)


class _Command(_InLanguage, TyperCommand):
    """A command."""


class Group(_InLanguage, TyperGroup):
    """A group of commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; without any, a program gets an error where a person gets the help."""
        if not args and self.no_args_is_help and settings().json:
            message = Text("缺少子命令：{n}；用 --help 查看用法", "{n} needs a command; see --help")
            raise UsageFault(message.fill(n=ctx.command_path), code="usage")
        return super().parse_args(ctx, args)


class Commands(dict[str, tuple[Callable[..., Any], Text]]):
    """Commands of a group, by name, each with its help in both languages."""

    def command(self, name: str) -> Callable[[F], F]:
        """Return a decorator that enters a function as a command; its docstring is the help."""

        def entered(function: F) -> F:
            self[name] = function, help_of(function)
            return function

        return entered


class Branch(Commands):
    """A group of commands with its own help, written down when imported and built when called for."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__()
        self._help = Text(zh, en)

    def built(self) -> Any:
        """Return the group for the parser."""
        app = typer.Typer(
            cls=Group, help=say(self._help), no_args_is_help=True, add_completion=False, rich_markup_mode="rich"
        )
        group = typer.main.get_group(app)
        group.commands = _Built(self)  # type: ignore[assignment]  # it is read only
        return group


class _Built(Mapping[str, Any]):
    """The commands of a group for the parser, each built when it is called for: most lines call for one of many."""

    def __init__(self, written: Commands) -> None:
        self._written = written

    def __getitem__(self, name: str) -> Any:
        return _built(name, *self._written[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


def _built(name: str | None, function: Callable[..., Any], text: Text) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode="rich")
    app.command(name, cls=_Command, help=say(text))(function)
    return typer.main.get_command(app)


class Single(NamedTuple):
    """A command that has no further level."""

    function: Callable[..., Any]
    help: Text

    def built(self) -> Any:
        """Return the command for the parser."""
        return _built(None, self.function, self.help)


def single(function: Callable[..., Any]) -> Single:
    """Make a command of a function; its docstring is the help."""
    return Single(function, help_of(function))


def help_of(function: Callable[..., Any]) -> Text:
    """Return the help that a docstring gives: a paragraph in English, and one in Chinese."""
    en, zh, *_ = str(function.__doc__).split("\n\n")
    return Text(zh.strip(), en.strip())


def options_of(function: Callable[..., Any] | None) -> dict[str | None, Text]:
    """Return the help of options that a docstring gives under ``Options``: a line in English, and one in Chinese."""
    _, _, listed = str(function.__doc__).partition("Options:\n")
    told = [told.strip() for told in listed.strip().splitlines()]
    named = (english.partition(": ") for english in told[::2])
    return {name: Text(zh, en) for (name, _, en), zh in zip(named, told[1::2], strict=True)}
