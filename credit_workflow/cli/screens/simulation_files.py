"""A simulation as CSV files: UTF-8 with a byte order mark, as spreadsheets want it. No figure is worked out here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from credit_workflow.authoring.simulation import outcome
from credit_workflow.cli.language import language
from credit_workflow.cli.screens.statistics_files import defused
from credit_workflow.errors import Refused
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.authoring.simulation.weekly_figures import Result

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def write_files(folder: Path, runs: Mapping[str, Result]) -> list[str]:
    """Write ``weeks.csv``, ``load.csv``, ``actions.csv`` and ``overdue.csv``; return their paths.

    The first column says of which run a line is; columns have the names of the JSON document.

    Raises:
        Refused: the folder can't be made, or a file can't be written.
    """
    documents = {name: outcome.as_json(result, language()) for name, result in runs.items()}
    weeks = [(run, week) for run, document in documents.items() for week in document["weeks"]]
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]] = {
        "weeks.csv": (
            ("run", "week", "first", "last", "working_days", "arrived", "closed", "open", "newly_overdue", "overdue"),
            [
                (
                    run, week["week"], week["first"], week["last"], week["working_days"],
                    *(sum(week[name].values()) for name in ("arrived", "closed", "open")),
                    sum(one["count"] for one in week["newly_overdue"]), week["overdue"],
                )
                for run, week in weeks
            ],
        ),
        "load.csv": (
            ("run", "week", "role", "taken", "capacity", "queued", "waiting"),
            [
                (run, week["week"], role, load["taken"], load["capacity"], load["queued"], load["waiting"])
                for run, week in weeks
                for role, load in week["load"].items()
            ],
        ),
        "actions.csv": (
            ("run", "week", "workflow", "action", "taken"),
            [(run, week["week"], *one.values()) for run, week in weeks for one in week["actions"]],
        ),
        "overdue.csv": (
            ("run", "case", "workflow", "deadline", "kind", "due", "since", "ended", "days_over", "state", "waiting_for",
             "provisional"),
            [(run, *late.values()) for run, document in documents.items() for late in document["overdue"]],
        ),
    }  # fmt: skip
    try:
        folder.mkdir()
        for name, (head, rows) in tables.items():
            (folder / name).write_bytes(_csv(head, rows))
    except OSError as fault:
        message = Text("无法写入 {f}：{w}", "can't write {f}: {w}").fill(f=folder, w=fault.strerror)
        raise Refused(message, code="unwritable") from None
    return [str(folder / name) for name in tables]


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    out.write(_BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(["" if cell is None else defused(str(cell)) for cell in row])
    return out.getvalue().encode()
