"""``shell``: the same commands, one a line, in one process that has started already."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from credit_workflow.cli.base import single
from credit_workflow.cli.context import Settings, ask, leave, settings
from credit_workflow.cli.daily.shell_input import LEAVE, editing, words_of
from credit_workflow.cli.error_report import report
from credit_workflow.cli.language import choose, language, t
from credit_workflow.cli.main import hoisted, last_value, run, settle
from credit_workflow.cli.options import option
from credit_workflow.errors import CreditWorkflowError, UsageFault
from credit_workflow.service.use_cases.daily.accounts import ShowStanding
from credit_workflow.text import Text

_USAGE, _INTERRUPTED = 2, 130
#: Whether a shell runs in this process: there is one at most.
_running = False


@single
def shell(*, keep_going: Annotated[bool, option("--keep-going")] = False) -> None:
    """One command a line, without starting the program each time; Tab completes, exit leaves.

    连续办理：每行一条命令，不必每次启动程序；Tab 补全，exit 退出。

    Options:
        keep_going: with commands from a file or a pipe, go on after an error; else the first one ends it
            从文件或管道读入命令时，出错后继续；缺省在第一个错误处停止
    """
    chosen = settings()
    with _the_only_one():
        shell = Shell(_front(chosen))
        if sys.stdin.isatty() and sys.stdout.isatty():
            shell.converse()
            return
        code = shell.follow(sys.stdin, keep_going=keep_going, quiet=chosen.json)
    raise typer.Exit(code)


class Shell:
    """Lines, each run as the program runs its arguments.

    Each line starts from fresh settings, so it sees the time, the definitions in force and the
    notices of its own moment; what the process has imported stays.

    Args:
        front: the global options that hold for each line unless it says otherwise.
    """

    def __init__(self, front: list[str]) -> None:
        self.front = front
        self.code = 0

    def line(self, line: str) -> bool:
        """Run a line; its exit code is then `code`. Return whether to go on."""
        try:
            words = words_of(line)
        except ValueError:
            message = Text("引号没有成对；含引号的值请再用另一种引号括起", "a quotation mark is not closed")
            report("usage", message, None, {}, as_json="--json" in self.front)
            self.code = _USAGE
            return True
        if not words:
            return True
        if words[0] in LEAVE and len(words) == 1:
            return False
        if words[0] == "help":
            words = [*words[1:], "--help"]
        self._run([*self.front, *words])
        return True

    def converse(self) -> None:
        """Read lines from a person until there are no more."""
        print(t("逐行输入命令；Tab 补全，help 帮助，exit 或 Ctrl-D 退出。",
                "One command a line; Tab completes, help helps, exit or Ctrl-D leaves."))  # fmt: skip
        with editing(self.front) as ask:
            while True:
                try:
                    line = ask(self.prompt())
                except KeyboardInterrupt:  # gives up the line, as everywhere
                    print()
                    continue
                except EOFError:
                    print()
                    return
                except UnicodeDecodeError:
                    continue
                if not self.line(line):
                    return

    def follow(self, lines: TextIO, *, keep_going: bool, quiet: bool) -> int:
        """Run lines of a file or a pipe up to the first error; return the first exit code that is not 0."""
        reconfigure = getattr(lines, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8-sig", errors="replace")
        first = 0
        with _nothing_to_read():
            for number, line in enumerate(lines, 1):
                self.code = 0
                if not self.line(line):
                    break
                sys.stdout.flush()
                first = first or self.code
                if self.code == _INTERRUPTED or (self.code and not keep_going):
                    if not quiet:
                        print(t(f"第 {number} 行未办成（退出码 {self.code}），其后各行未执行",
                                f"line {number} failed (exit code {self.code}); what follows it was not run"),
                              file=sys.stderr)  # fmt: skip
                    break
        return first

    def prompt(self) -> str:
        """Return the prompt: which kind of database, who acts, the day taken for now, how the last line failed."""
        self._prepare()
        parts = []
        with suppress(CreditWorkflowError):
            standing = ask(ShowStanding())
            parts.append(t("练习", "training") if standing.training else t("正式", "production"))
            parts.append(standing.account or t("未登录", "nobody"))
            parts.append(standing.today.isoformat())
        leave()  # nothing is held while a person thinks
        failed = f" [{self.code}]" if self.code else ""
        self.code = 0
        return f"{' '.join(parts) or t('没有数据库', 'no database')}{failed}> "

    def _run(self, words: list[str]) -> None:
        settings.cache_clear()
        choose(last_value(hoisted(words)[0], "--lang"))
        with _signals_restored():
            self.code = run(words)

    def _prepare(self) -> None:
        settings.cache_clear()
        choose(last_value(self.front, "--lang"))
        settle(self.front)
        chosen = settings()
        chosen.account = last_value(self.front, "--as") or chosen.account


def _front(chosen: Settings) -> list[str]:
    """Return the global options of this process as words before a line's own."""
    given = {
        "--db": chosen.db,
        "--as": chosen.account,
        "--at": chosen.at,
        "--workflows": chosen.workflows,
        "--calendars": chosen.calendars,
        "--lang": language(),
    }
    front = [f"{name}={value}" for name, value in given.items() if value is not None]
    return [*front, "--json"] if chosen.json else front


@contextmanager
def _the_only_one() -> Iterator[None]:
    global _running  # noqa: PLW0603 - it is about the process
    if _running:
        message = Text("已在 shell 中，直接输入命令即可", "this is a shell already; just type the command")
        raise UsageFault(message, code="nested_shell")
    _running = True
    try:
        yield
    finally:
        _running = False


@contextmanager
def _nothing_to_read() -> Iterator[None]:
    """Keep commands from reading the lines that follow them: what a password or a form comes from is empty."""
    before = sys.stdin
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        sys.stdin = nothing
        try:
            yield
        finally:
            sys.stdin = before


@contextmanager
def _signals_restored() -> Iterator[None]:
    """Undo what a command did to the signals: the scheduler takes Ctrl-C for itself."""
    kept = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in kept.items():
            signal.signal(name, handler)
