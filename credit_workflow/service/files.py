"""Read what people name before a face asks: files and days."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from credit_workflow.calendar.dates import read_date as read_day
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.resources import is_file
from credit_workflow.strict_yaml.handed import Handed, HandedFolder
from credit_workflow.text import Text

__all__ = ["Handed", "HandedFolder", "content", "handed", "handed_in", "is_file", "read_day"]


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


def handed(file: Path) -> Handed:
    """Return a file as it is handed in, by its name without the folder; it is read as `content` reads it."""
    return Handed(file.name, partial(content, file))


def handed_in(file: Path | None) -> Handed | None:
    """Return a file, where one is given, as `handed` does, by its whole path, which people are told."""
    return None if file is None else Handed(str(file), partial(content, file))
