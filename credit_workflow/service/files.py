"""What faces read for people before they ask: files, days."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from credit_workflow.calendar.dates import read_date as read_day
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.text import Text

__all__ = ["File", "content", "handed_in", "read_day"]


class File(Struct, frozen=True, kw_only=True):
    """A file that somebody hands in: what it is called, and what is in it."""

    name: str
    content: bytes


def handed_in(file: Path | None) -> File | None:
    """Return a file with its name, where one is given.

    Raises:
        NotFound: there is no such file.
        UsageFault: it can't be read.
    """
    return None if file is None else File(name=str(file), content=content(file))


def content(file: Path, most: int = -1) -> bytes:
    """Return what is in a file, or its first ``most`` bytes.

    Raises:
        NotFound: there is no such file.
        UsageFault: it can't be read.
    """
    try:
        with file.open("rb") as handle:
            return handle.read(most)
    except FileNotFoundError:
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file") from None
    except OSError as fault:
        message = Text("文件 {f} 无法读取：{w}", "the file {f} can't be read: {w}")
        raise UsageFault(message.fill(f=file, w=fault.strerror), code="unreadable_file") from None
