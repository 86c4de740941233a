"""Write files for commands, never over what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from credit_workflow.cli.context import settings
from credit_workflow.cli.output import SCREEN, emit, line
from credit_workflow.errors import NotFound, Refused
from credit_workflow.text import Text


def not_there(file: Path) -> None:
    """Refuse to write where something is, before any work is done.

    Raises:
        Refused: the file exists, or nothing can be called so.
        NotFound: its folder does not.
    """
    if file == SCREEN:
        return
    try:
        there = file.exists()
    except OSError as fault:
        raise _unwritable(file, fault) from None
    if there:
        raise _exists(file)
    if not file.parent.is_dir():
        message = Text("没有文件夹 {f}", "there is no folder {f}").fill(f=file.parent)
        raise NotFound(message, code="no_folder")


def write_new(file: Path, content: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        Refused: it exists, or can't be written.
    """
    try:
        with file.open("xb") as handle:
            handle.write(content)
    except FileExistsError:
        raise _exists(file) from None
    except OSError as fault:
        raise _unwritable(file, fault) from None


def put_into(file: Path, content: bytes, document: dict[str, Any]) -> None:
    """Write a new file and say so; in JSON besides what the document says.

    Raises:
        Refused: the file exists, or can't be written.
        NotFound: its folder does not.
    """
    not_there(file)
    write_new(file, content)
    if settings().json:
        emit({**document, "file": str(file)})
    else:
        line(f"已写入 {file}。", f"wrote {file}.")


def _unwritable(file: Path, fault: OSError) -> Refused:
    message = Text("无法写入 {f}：{w}", "can't write {f}: {w}").fill(f=file, w=fault.strerror)
    return Refused(message, code="unwritable")


def _exists(file: Path) -> Refused:
    message = Text("{f} 已存在，没有改动它；请另起名称", "{f} exists already and was left as it is; give another name")
    return Refused(message.fill(f=file), code="exists")
