"""Print results: one JSON document, or text for a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.language import t
from credit_workflow.service.use_case import A, Request

if TYPE_CHECKING:
    from rich.console import Console

    from credit_workflow.service.answers import Value

V = TypeVar("V", bound="Value")
#: A dash for a file is the screen.
SCREEN = Path("-")
_WIDE = 110
_SLOW = 400


def emit(document: Any) -> None:
    """Write the one JSON document of a command."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def written(answer: Value) -> bool:
    """Write an answer as the one JSON document of a command, and return whether that was asked for."""
    if settings().json:
        emit(answer.document())
    return settings().json


def answered(answer: Value) -> bool:
    """Write an answer as `written` does, and return whether that was asked for.

    Where a person is to see it instead, the screen begins by saying that a training database is one.
    """
    if written(answer):
        return True
    training_line(training=settings().office.training)
    return False


def show(answer: V, draw: Callable[[V], object]) -> None:
    """Write an answer as `answered` does, or draw it."""
    if not answered(answer):
        draw(answer)


def tell(answer: Value, zh: str, en: str | None = None) -> None:
    """Write an answer as `written` does, or say it in words; in the same ones in both languages unless given."""
    if not written(answer):
        line(zh, en or zh)


def tell_marked(answer: Value, zh: str, en: str) -> None:
    """Write an answer as `answered` does, or say it in words."""
    if not answered(answer):
        line(zh, en)


def line(zh: str, en: str) -> None:
    """Write a line for a person, in the language settled on."""
    print(t(zh, en))


def watched(zh: str, en: str, request: Request[A], *, shown_from: int = _SLOW) -> A:
    """Ask for something that may take long, and show meanwhile how far it is."""
    with progress(t(zh, en), quiet=settings().json, shown_from=shown_from) as advance:
        return ask(request, advance)


def console() -> Console:
    """Return the screen; what goes into a file or a pipe is wide enough not to be cut."""
    from rich.console import Console  # noqa: PLC0415 - not needed for JSON

    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else _WIDE)


def training_line(*, training: bool) -> None:
    """Say on every screen of a training database that it is one."""
    if training:
        console().print(t("练习数据库", "training database"), style="black on yellow", justify="left")


@contextmanager
def progress(title: str, *, quiet: bool, shown_from: int = _SLOW) -> Iterator[Callable[[int, int], None] | None]:
    """Show how far long work is, on standard error, where somebody is looking and there is so much to do.

    Yields a function of (done, total); None where nobody would see it.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, visible=False)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=total >= shown_from)

        yield advance
