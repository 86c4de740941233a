"""Pastes a page's blocks into a real shell in a terminal, in what looks like a fresh clone after `make demo`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.acceptance.conftest import ROOT

if TYPE_CHECKING:
    import pexpect

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PROMPT = re.compile(r"⟦(\d+)⟧")


def blocks(page: Path) -> Iterator[tuple[str, str | None]]:
    """Yield each block of commands on a page, with the output that is shown right after it, or None."""
    text = page.read_text(encoding="utf-8")
    found = list(_FENCE.finditer(text))
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block[1] == "sh":
            follows = after is not None and after[1] == "text" and not text[block.end() : after.start()].strip()
            yield block[2], after[2] if after is not None and follows else None


def clone(folder: Path) -> Path:
    """Lay the checkout's files into an empty folder, with the environment that runs the tests as its own."""
    for name in ("Makefile", "pyproject.toml", "requirements", "examples", "workflows", "calendars", "cli.py"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "demo").mkdir()
    return folder


class Terminal:
    """A person's shell in a terminal; what is pasted while a command asks a question is the answer to it."""

    def __init__(self, folder: Path) -> None:
        import pexpect  # noqa: PLC0415 - not there on Windows

        environment = {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_WORKFLOW_")}
        environment |= {
            "CREDIT_WORKFLOW_CACHE": os.environ["CREDIT_WORKFLOW_CACHE"],
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "MAKEFLAGS": "n",  # what make would run is said and not run
            "NO_COLOR": "1",
            "PS1": "⟦$?⟧",
            "PS2": "",
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm",
            "VIRTUAL_ENV_DISABLE_PROMPT": "1",
        }
        self._child: pexpect.spawn[str] = pexpect.spawn(
            "bash", ["--norc", "--noprofile", "--noediting"], env=environment, cwd=str(folder),
            encoding="utf-8", timeout=30, dimensions=(60, 110), echo=False,
        )  # fmt: skip
        self._child.expect(_PROMPT)

    def paste(self, text: str, *, patience: int = 30) -> str:
        """Paste some lines, wait until each has been run, and return what is then to be read.

        Args:
            text: the lines, each with its end.
            patience: how many seconds a line may take.

        Raises:
            AssertionError: a command failed, or asked for something.
        """
        import pexpect  # noqa: PLC0415

        seen = ""
        self._child.send(text)
        for line in _typed(text):
            found = self._child.expect([_PROMPT, pexpect.TIMEOUT, pexpect.EOF], timeout=patience)
            here = _COLOURS.sub("", (self._child.before or "").replace("\r\n", "\n"))
            assert found == 0, f"asks, or does not end: {line}\n{here[-500:]}"
            assert self._child.match[1] == "0", f"{line}\n{here[-500:]}"
            seen += here
        return filled(seen)

    def close(self) -> None:
        """End the shell."""
        self._child.close(force=True)


def filled(text: str) -> str:
    """Return a text without empty lines and blanks at the ends of lines: progress that is wiped out leaves such."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def _typed(text: str) -> list[str]:
    """Return the lines after which the shell is ready for another."""
    return text.replace("\\\n", "").splitlines()
