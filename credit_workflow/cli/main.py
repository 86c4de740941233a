"""Run the program: global options wherever they stand, one line for every error, exit codes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from credit_workflow.cli.error_report import report
from credit_workflow.cli.language import choose
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.text import Text

#: Global options that take a value, and flags; they may stand anywhere before ``--``.
VALUED = ("--db", "--lang", "--as", "--at", "--workflows", "--calendars")
FLAGS = ("--json", "--confirm-date")
#: Options of commands whose value is taken as it is, even where it looks like a global option.
_TAKES_ANYTHING = frozenset({"--set", "--note", "--purpose", "--material"})


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its status."""
    if argv is None:  # the process is the command's own
        gc.disable()  # nothing that loading makes is garbage: looking for it costs a tenth of a short command
    sys.exit(run(list(sys.argv[1:] if argv is None else argv)))


def run(args: Sequence[str]) -> int:
    """Run one command line, its program's name left out; return its exit code."""
    front, rest = hoisted(args)
    as_json = "--json" in front or os.environ.get("CREDIT_WORKFLOW_JSON", "") not in ("", "0")
    _prepare_streams(as_json=as_json)
    choose(last_value(front, "--lang"))
    return _run(front, rest, as_json=as_json)


def hoisted(args: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split the arguments into the global options, wherever they stand, and the rest."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(args)
    while waiting:
        word = waiting.pop(0)
        name = word.partition("=")[0]
        if word == "--":
            return front, [*rest, word, *waiting]
        if word in FLAGS or (name in VALUED and "=" in word):
            front.append(word)
        elif word in VALUED:
            front += [word, *waiting[:1]]
            waiting = waiting[1:]
        elif word in _TAKES_ANYTHING:
            rest += [word, *waiting[:1]]
            waiting = waiting[1:]
        else:
            rest.append(word)
    return front, rest


def _run(front: list[str], rest: list[str], *, as_json: bool) -> int:
    from credit_workflow.cli.app import build  # noqa: PLC0415 - built in the language just chosen
    from credit_workflow.cli.context import leave  # noqa: PLC0415

    settle(front)
    try:
        try:
            result = build().main([*front, *rest], prog_name="credit-workflow", standalone_mode=False)
        finally:
            leave()
    except CreditWorkflowError as error:
        report(error.code, error.message, error.source, error.details, as_json=as_json)
        return error.exit_status
    except (KeyboardInterrupt, EOFError):
        return 130
    except BrokenPipeError:
        _forget(sys.stdout)
        return 0
    except Exception as fault:  # noqa: BLE001 - the last line of defence: no traceback reaches a person
        return _unexpected(fault, as_json=as_json)
    return result if isinstance(result, int) else 0


def settle(front: Sequence[str]) -> None:
    """Settle the global options that say which commands there are, and what is offered, before any is looked up."""
    from credit_workflow.cli.context import settings  # noqa: PLC0415 - after the language is chosen

    folder = last_value(front, "--workflows")
    # a database may say what is in force
    settings().take(
        workflows=folder and Path(folder),
        db=last_value(front, "--db"),
        at=last_value(front, "--at"),
        account=last_value(front, "--as"),
        json="--json" in front,
    )


def _unexpected(fault: Exception, *, as_json: bool) -> int:
    if hasattr(fault, "format_message") and hasattr(fault, "exit_code"):  # a usage error of the parser's
        from credit_workflow.cli.usage import explained  # noqa: PLC0415

        report("usage", explained(fault), None, {}, as_json=as_json)
        return 2
    if type(fault).__name__ == "Abort":
        return 130
    if isinstance(fault, OSError):
        said = fault.strerror or str(fault)
        report("system", Text(f"系统错误：{said}", f"a fault of the system: {said}"), None, {}, as_json=as_json)
        return 1
    if os.environ.get("CREDIT_WORKFLOW_DEBUG"):
        raise fault
    said = " ".join(f"{type(fault).__name__}: {fault}".split())[:300]
    message = Text(
        "程序出现意外错误（{w}）。请设置 CREDIT_WORKFLOW_DEBUG=1 后重试，并报告所示内容",
        "an unexpected fault ({w}); set CREDIT_WORKFLOW_DEBUG=1, try again, and report what is shown",
    )
    report("fault", message.fill(w=said), None, {}, as_json=as_json)
    return 1


def _prepare_streams(*, as_json: bool) -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        # JSON is UTF-8 wherever it goes, and so is what goes into a file; a terminal keeps its own.
        utf8 = as_json or not stream.isatty() or os.name != "nt"
        reconfigure(encoding="utf-8" if utf8 else None, errors="replace")


def last_value(front: Sequence[str], name: str) -> str | None:
    """Return the last value that a global option is given among them, or None."""
    value = None
    for index, word in enumerate(front):
        if word.startswith(f"{name}="):
            value = word.partition("=")[2]
        elif word == name and index + 1 < len(front):
            value = front[index + 1]
    return value


def _forget(stream: TextIO) -> None:
    """Let a closed pipe not be written to again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
