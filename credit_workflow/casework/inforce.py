"""What counts for new cases: the definitions of a folder, and the calendar that they name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from credit_workflow.calendar import WorkCalendar, load_calendar
from credit_workflow.definition.library import Definition
from credit_workflow.errors import DefinitionFault, NotFound
from credit_workflow.text import Text


def calendar_of(
    definitions: Mapping[str, Definition], *, workflows: Path | None = None, calendars: Path | None = None
) -> WorkCalendar:
    """Return the calendar that counts the deadlines: the one that the definitions name.

    Args:
        definitions: those in force.
        workflows: the folder that they are from; None for those that ship.
        calendars: the folder of calendars; else ``calendars`` beside the definitions where it is
            there, else what ships.

    Raises:
        DefinitionFault: they name several, or a file has a mistake.
        NotFound: there is no such calendar.
    """
    names = sorted({definition.workflow.calendar for definition in definitions.values()})
    if len(names) > 1:
        message = Text(
            "同一文件夹的流程须用同一日历（calendar），现有：{n}",
            "the definitions of one folder count by one calendar (calendar); these name {n}",
        )
        raise DefinitionFault(message.fill(n="、".join(names)), code="several_calendars")
    beside = workflows and workflows.resolve().parent / "calendars"
    found = beside if beside and (beside / f"{names[0]}.yaml").is_file() else None
    return load_calendar(names[0], calendars or found)


def known_workflow(definitions: Collection[str], workflow: str | None) -> None:
    """Refuse the name of a workflow that is not there; None names none.

    Raises:
        NotFound: there is no such workflow; the message names those that are.
    """
    if workflow is not None and workflow not in definitions:
        message = Text("没有流程 {w}；现有：{k}", "there is no workflow {w}; known: {k}")
        raise NotFound(message.fill(w=workflow, k="、".join(definitions)), code="no_workflow")
