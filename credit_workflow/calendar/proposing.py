"""Make a calendar as it would be with a notice or with settings that are not in its folder yet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.compiling import compile_calendar
from credit_workflow.calendar.loading import parts_of
from credit_workflow.calendar.notices.file_set import LayerParts
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.resources import data_folder
from credit_workflow.strict_yaml.documents import read_yaml
from credit_workflow.strict_yaml.handed import Handed


def proposed_calendar(
    id: str,  # noqa: A002 - the usual name
    file: Path | Handed,
    folder: Path | None = None,
    kept: Sequence[KeptNotice] = (),
) -> WorkCalendar:
    """Return the calendar called ``id`` with a file counted in; nothing is written.

    Args:
        id: the calendar's name, or that of a layer over one.
        file: a notice, which takes the place of one of the same id; or settings, instead of the calendar's own.
        folder: where the calendar's files are; the shipped ones unless given.
        kept: notices that are kept in a database, which count as well.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: a file has a mistake, or the notices contradict each other.
    """
    parts = parts_of(id, folder or data_folder("calendars"), kept)
    named = _named(file)
    place = _place(parts, named, id)
    parts[place] = _with_notice(parts[place], file, named["notice"]) if "notice" in named else _with(parts[place], file)
    base, *layers = parts
    return WorkCalendar(compile_calendar(base.settings, base.notices, base.kept, layers))


def _place(parts: Sequence[LayerParts], named: dict[str, Any], name: str) -> int:
    """Return which part a file belongs to: a notice to the one that has it, or after which its id is called."""
    names = [part.settings.stem for part in parts]
    if "notice" not in named:
        wanted = named.get("calendar", name)
        return names.index(wanted) if wanted in names else names.index(name)
    notice = str(named["notice"])
    for place, part in enumerate(parts):
        if any(one.notice == notice for one in part.kept) or any(
            _named(n).get("notice") == notice for n in part.notices
        ):
            return place
    called = [stem for stem in names if notice.startswith(f"{stem}-")]
    return names.index(max(called, key=len)) if called else names.index(name)


def _with_notice(part: LayerParts, file: Path | Handed, notice: Any) -> LayerParts:
    notices = tuple(one for one in part.notices if _named(one).get("notice") != notice)
    kept = tuple(one for one in part.kept if one.notice != notice)
    return LayerParts(settings=part.settings, notices=(*notices, file), kept=kept)


def _with(part: LayerParts, settings: Path | Handed) -> LayerParts:
    return LayerParts(settings=settings, notices=part.notices, kept=part.kept)


def _named(file: Path | Handed) -> dict[str, Any]:
    value, _ = read_yaml(file)
    return value if isinstance(value, dict) else {}
