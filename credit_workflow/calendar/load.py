"""From a folder of files to a calendar, compiled once into a cache that is read without YAML."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from credit_workflow.calendar.compiled import Compiled
from credit_workflow.calendar.workcalendar import WorkCalendar
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.resources import cached, data_folder, digest_of
from credit_workflow.text import Text

#: Raise this when what is compiled changes, so that no older cache is read.
_FORMAT = b"2"


def load_calendar(id: str = "cn", folder: Path | None = None) -> WorkCalendar:  # noqa: A002 - the usual name
    """Return the calendar called ``id``: its settings ``ID.yaml`` and the notices in ``ID/``.

    Args:
        id: the calendar's name.
        folder: where the files are; the shipped ones unless given.

    Raises:
        NotFound: there is no such calendar.
        DefinitionFault: a file has a mistake; file, line and key are named.
    """
    folder = folder or data_folder("calendars")
    settings = folder / f"{id}.yaml"
    if not settings.is_file():
        message = Text("没有日历 {i}：找不到 {f}", "there is no calendar {i}: no file {f}")
        raise NotFound(message.fill(i=id, f=settings), code="no_calendar")
    notices = sorted((folder / id).glob("*.yaml"))
    parts = [part for file in (settings, *notices) for part in (file.name.encode(), _bytes(file))]
    digest = digest_of([_FORMAT, _library_edition(), *parts])

    def build() -> bytes:
        from credit_workflow.calendar.compile import compile_calendar  # noqa: PLC0415 - only without a cache

        return msgspec.json.encode(compile_calendar(settings, notices))

    made = cached(f"calendar-{id}", digest, build)
    try:
        return WorkCalendar(msgspec.json.decode(made, type=Compiled))
    except msgspec.MsgspecError:  # a damaged cache only costs time
        return WorkCalendar(msgspec.json.decode(build(), type=Compiled))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        message = Text("{f}:1: (file): 无法读取：{why}", "{f}:1: (file): it can't be read: {why}")
        message = message.fill(f=file.name, why=fault.strerror or fault)
        problem = {"file": file.name, "line": 1, "key": "(file)", "message": message}
        raise DefinitionFault(message, details={"problems": [problem]}) from None


def _library_edition() -> bytes:
    """Return what tells one release of ``holidays`` from another, without importing it (92 ms)."""
    for entry in sys.path:
        found = sorted(Path(entry or ".").glob("holidays-*.dist-info"))
        if found:
            return found[0].name.encode()
    return b""
