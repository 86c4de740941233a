"""What faces read and write for people before and after they ask: files, days."""

from __future__ import annotations

from pathlib import Path

from credit_workflow.calendar.dates import read_date as read_day
from credit_workflow.errors import NotFound, Refused, UsageFault
from credit_workflow.text import Text

__all__ = ["content", "read_day", "write_new"]


def content(file: Path) -> bytes:
    """Return what is in a file.

    Raises:
        NotFound: there is no such file.
        UsageFault: it can't be read.
    """
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file") from None
    except OSError as fault:
        message = Text("文件 {f} 无法读取：{w}", "the file {f} can't be read: {w}")
        raise UsageFault(message.fill(f=file, w=fault.strerror), code="unreadable_file") from None


def write_new(file: Path, written: bytes) -> None:
    """Write a file where there is nothing yet.

    Raises:
        Refused: there is something; it was left as it is.
    """
    try:
        with file.open("xb") as handle:
            handle.write(written)
    except FileExistsError:
        message = Text("{f} 已存在，没有改动它", "{f} exists already and was left as it is").fill(f=file)
        raise Refused(message, code="exists") from None
