"""Read a shell's lines: words as a shell splits them, completion, a history that ends with the process."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from credit_workflow.cli import completion
from credit_workflow.cli.context import settings
from credit_workflow.cli.main import FLAGS, VALUED, hoisted, settle

PROGRAM = "credit-workflow"
LEAVE = ("exit", "quit")
_BUILT_IN = ("help", "exit")
_PLACES = ("--db", "--workflows", "--calendars")
#: What ends the word that is being completed; a case's number has hyphens, an option may have "=".
_ENDS = " \t\n"


def words_of(line: str, *, windows: bool = os.name == "nt") -> list[str]:
    r"""Return the words of a line as a shell splits them, without the program's own name before them.

    Args:
        line: one line; one that begins with ``#`` is a remark.
        windows: take a backslash for what it is, as in ``C:\scans\1.pdf``; quotes work all the same.

    Raises:
        ValueError: a quotation mark is not closed.
    """
    if line.lstrip().startswith("#"):
        return []
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    if windows:
        lexer.escape = ""
    words = list(lexer)
    return words[1:] if words[:1] == [PROGRAM] else words


@contextmanager
def editing(front: Sequence[str]) -> Iterator[Callable[[str], str]]:
    """Give a function that asks for a line, with completion and history where the system has readline.

    The history is in memory only: a line may hold a name or an ID number. What a command itself asks
    for never comes into it.
    """
    try:
        import readline  # noqa: PLC0415 - not on Windows, where the console has a history of its own
    except ImportError:
        yield input
        return
    before = readline.get_completer_delims()
    readline.set_auto_history(False)
    readline.set_completer_delims(_ENDS)
    libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    try:
        yield lambda prompt: _asked(readline, front, prompt)
    finally:
        readline.clear_history()
        readline.set_completer_delims(before)
        readline.set_auto_history(True)


def _asked(readline: ModuleType, front: Sequence[str], prompt: str) -> str:
    found: list[str] = []

    def complete(text: str, state: int) -> str | None:
        if state == 0:
            found[:] = candidates(front, readline.get_line_buffer()[: readline.get_begidx()], text)
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    try:
        line = input(prompt)
    finally:
        readline.set_completer(None)
    last = readline.get_current_history_length()
    if line.strip() and (last == 0 or readline.get_history_item(last) != line):
        readline.add_history(line)
    return line


def candidates(front: Sequence[str], before: str, text: str) -> list[str]:
    """Return what a word may become: commands, options, cases, records, accounts, files.

    Args:
        front: the global options that hold for the line.
        before: the line up to the word.
        text: the word so far.
    """
    try:
        words = words_of(before)
    except ValueError:
        return []  # within quotes
    if text.startswith("--") and "=" in text:
        option, _, value = text.partition("=")
        return [f"{option}={found}" for found in candidates(front, f"{before}{option} ", value)]
    if words[-1:] == ["--material"] and "=" in text:
        kind, _, file = text.partition("=")
        return [f"{kind}={found}" for found in _files(file)]
    return _of_global(words, text) or _of_commands(front, words, text)


def _of_global(words: list[str], text: str) -> list[str]:
    last = words[-1] if words else ""
    if last == "--as":
        return [f"{name} " for name, _ in completion.accounts(text)]
    if last == "--lang":
        return [f"{name} " for name in ("zh", "en") if name.startswith(text)]
    return _files(text) if last in _PLACES else []


def _of_commands(front: Sequence[str], words: list[str], text: str) -> list[str]:
    from typer._completion_classes import BashComplete  # noqa: PLC0415 - finds what Typer's own completion finds

    from credit_workflow.cli.app import build  # noqa: PLC0415 - after the language is chosen

    settings.cache_clear()
    own, rest = hoisted(words)
    settle([*front, *own])
    at_start = not rest
    if rest[:1] == ["help"]:
        rest = rest[1:]
    found: list[str] = []
    for item in BashComplete(build(), {}, PROGRAM, "").get_completions(rest, text):
        found += _files(text) if item.type in ("file", "dir") else [f"{item.value} "]
    if text.startswith("-"):
        found += [f"{name} " for name in (*VALUED, *FLAGS) if name.startswith(text)]
    if at_start:
        found += [f"{name} " for name in _BUILT_IN if name.startswith(text)]
    return list(dict.fromkeys(found))


def _files(text: str) -> list[str]:
    """Return the files and folders that begin so, quoted where a shell would ask for it."""
    folder, slash, begun = text.rpartition("/")
    place = Path(folder + slash).expanduser()
    try:
        names = sorted(f.name + "/" * f.is_dir() for f in place.iterdir() if f.name.startswith(begun))
    except OSError:
        return []
    files = [folder + slash + name for name in names if begun or not name.startswith(".")]
    return [file if file.endswith("/") else f"{_quoted(file)} " for file in files]


def _quoted(file: str) -> str:
    return file if file.startswith("~") else shlex.quote(file)
