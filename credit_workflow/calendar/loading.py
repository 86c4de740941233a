"""Load a calendar from its folder of files, compiled once into a cache that is read without YAML."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from credit_workflow.calendar.compiled import Compiled, KeptNotice
from credit_workflow.calendar.notices.file_set import LayerParts
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.resources import cached, data_folder, digest_of
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Text

#: What a layer extends, found without reading YAML: that takes longer than all the rest.
_EXTENDS = re.compile(rb"(?m)^extends:[ \t]*[\"']?([a-z][a-z0-9_-]*)[\"']?[ \t]*(?:#.*)?\r?$")
#: Raise this when what is compiled changes, so that no older cache is read.
_FORMAT = b"4"


def load_calendar(
    id: str = "cn",  # noqa: A002 - the usual name
    folder: Path | None = None,
    kept: Sequence[KeptNotice] = (),
) -> WorkCalendar:
    """Return the calendar called ``id``: its settings ``ID.yaml`` and the notices in ``ID/``.

    Args:
        id: the calendar's name, or that of a layer over one.
        folder: where the files are; the shipped ones unless given.
        kept: notices that are kept in a database; those of other calendars are passed over.

    Raises:
        NotFound: there is no such calendar.
        DefinitionFault: a file has a mistake; file, line and key are named.
    """
    parts = parts_of(id, folder or data_folder("calendars"), kept)
    read = [
        what for part in parts for file in (part.settings, *part.notices) for what in (file.name.encode(), _bytes(file))
    ]
    noted = [what.encode() for part in parts for one in part.kept for what in (one.notice, one.text)]
    digest = digest_of([_FORMAT, _library_edition(), *read, b"kept", *noted])

    def build() -> bytes:
        from credit_workflow.calendar.compiling import compile_calendar  # noqa: PLC0415 - only without a cache

        base, *layers = parts
        return msgspec.json.encode(compile_calendar(base.settings, base.notices, base.kept, layers))

    made = cached(f"calendar-{id}", digest, build)
    try:
        return WorkCalendar(msgspec.json.decode(made, type=Compiled))
    except msgspec.MsgspecError:  # a damaged cache only costs time
        return WorkCalendar(msgspec.json.decode(build(), type=Compiled))


def parts_of(id: str, folder: Path, kept: Sequence[KeptNotice] = ()) -> list[LayerParts]:  # noqa: A002
    """Return what a calendar is made of: its base, and then the layers over it.

    Raises:
        NotFound, DefinitionFault: as `load_calendar`.
    """
    return [
        LayerParts(
            settings=settings,
            notices=tuple(sorted((folder / settings.stem).glob("*.yaml"))),
            kept=tuple(one for one in kept if one.calendar == settings.stem),
        )
        for settings in reversed(_settings_files(id, folder))
    ]


def _settings_files(name: str, folder: Path) -> list[Path]:
    """Return the settings of a calendar; of a layer, those of all that it extends after its own."""
    found: list[Path] = []
    while True:
        settings = folder / f"{name}.yaml"
        if not settings.is_file():
            message = Text("没有日历 {i}：找不到 {f}", "there is no calendar {i}: no file {f}")
            raise NotFound(message.fill(i=name, f=settings), code="no_calendar")
        found.append(settings)
        extends = _EXTENDS.search(_bytes(settings))
        if extends is None:
            return found
        name = extends[1].decode()
        if any(file.stem == name for file in found):
            message = Text("日历互相扩展", "the calendars extend each other in a circle")
            raise _faulty(settings, "extends", message)


def _bytes(file: Path | Handed) -> bytes:
    try:
        return file.content if isinstance(file, Handed) else file.read_bytes()
    except OSError as fault:
        message = Text("无法读取：{why}", "it can't be read: {why}").fill(why=fault.strerror or fault)
        raise _faulty(file, "(file)", message) from None


def _faulty(file: Path | Handed, key: str, message: Text) -> DefinitionFault:
    from credit_workflow.strict_yaml.sources import faulty  # noqa: PLC0415 - reads YAML

    return faulty([{"file": file.name, "line": 1, "key": key, "message": message}])


def _library_edition() -> bytes:
    """Return what tells one release of ``holidays`` from another, without importing it (92 ms)."""
    for entry in sys.path:
        with contextlib.suppress(OSError), os.scandir(entry or ".") as files:  # it may be an archive, or not there
            found = [one.name for one in files if one.name.startswith("holidays-") and one.name.endswith(".dist-info")]
            if found:
                return min(found).encode()
    return b""
