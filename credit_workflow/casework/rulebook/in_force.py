"""Find what counts for new cases: the definitions of a folder, and the calendar that they name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.library import Definition
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.text import Text


def calendar_of(
    definitions: Mapping[str, Definition],
    *,
    workflows: Path | None = None,
    calendars: Path | None = None,
    kept: Sequence[KeptNotice] = (),
) -> WorkCalendar:
    """Return the calendar that counts the deadlines: the one that the definitions name.

    Args:
        definitions: those in force.
        workflows: the folder that they are from, as for `folder_of`.
        calendars: the folder of calendars that was chosen, as there.
        kept: the notices that the database keeps.

    Raises:
        DefinitionFault: they name several, or a file has a mistake.
        NotFound: there is no such calendar.
    """
    return named_calendar(calendar_name(definitions), workflows=workflows, calendars=calendars, kept=kept)


def named_calendar(
    name: str, *, workflows: Path | None, calendars: Path | None, kept: Sequence[KeptNotice]
) -> WorkCalendar:
    """Return a calendar by its name, with the notices that the database keeps; arguments as for `calendar_of`.

    Raises:
        DefinitionFault: a file has a mistake.
        NotFound: there is no such calendar.
    """
    return load_calendar(name, folder_of(name, workflows=workflows, calendars=calendars), kept)


def calendar_name(definitions: Mapping[str, Definition]) -> str:
    """Return the name of the calendar that the definitions count by.

    Raises:
        DefinitionFault: they name several.
    """
    names = sorted({definition.head.calendar for definition in definitions.values()})
    if len(names) > 1:
        message = Text(
            "同一文件夹的流程须用同一日历（calendar），现有：{n}",
            "the definitions of one folder count by one calendar (calendar); these name {n}",
        )
        raise DefinitionFault(message.fill(n="、".join(names)), code="several_calendars")
    return names[0]


def folder_of(name: str, *, workflows: Path | None, calendars: Path | None) -> Path | None:
    """Return where the files of a calendar are; None for what ships.

    Args:
        name: the calendar's.
        workflows: the folder that the definitions are from; None for those that ship.
        calendars: the folder of calendars that was chosen; else it is ``calendars`` beside the
            definitions where the calendar is there.
    """
    beside = workflows and workflows.resolve().parent / "calendars"
    return calendars or (beside if beside and (beside / f"{name}.yaml").is_file() else None)


def known_workflow(definitions: Collection[str], workflow: str | None) -> None:
    """Refuse the name of a workflow that is not there; None names none.

    Raises:
        NotFound: there is no such workflow; the message names those that are.
    """
    if workflow is not None and workflow not in definitions:
        message = Text("没有流程 {w}；现有：{k}", "there is no workflow {w}; known: {k}")
        raise NotFound(message.fill(w=workflow, k="、".join(definitions)), code="no_workflow")
