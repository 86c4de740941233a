"""A calendar as it would be with a notice, or with other settings, that is not in its folder yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from credit_workflow.calendar.compile import compile_calendar
from credit_workflow.calendar.workcalendar import WorkCalendar
from credit_workflow.resources import data_folder
from credit_workflow.yaml_file import read_yaml


def proposed_calendar(id: str, file: Path, folder: Path | None = None) -> WorkCalendar:  # noqa: A002 - the usual name
    """Return the calendar called ``id`` with a file counted in; nothing is written.

    Args:
        id: the calendar's name.
        file: a notice, which takes the place of one of the same id; or settings, instead of the calendar's own.
        folder: where the calendar's files are; the shipped ones unless given.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: a file has a mistake, or the notices contradict each other.
    """
    folder = folder or data_folder("calendars")
    settings = folder / f"{id}.yaml"
    notices = sorted((folder / id).glob("*.yaml"))
    named = _notice_of(file)
    if named is None:
        settings = file
    else:
        notices = [*(notice for notice in notices if _notice_of(notice) != named), file]
    return WorkCalendar(compile_calendar(settings, notices))


def _notice_of(file: Path) -> Any:
    """Return the id of the notice that a file holds, or None where it holds something else."""
    value, _ = read_yaml(file)
    return value.get("notice") if isinstance(value, dict) else None
