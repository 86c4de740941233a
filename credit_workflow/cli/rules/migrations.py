"""``workflow migrate``: running cases go over to another version; and what its neighbours share with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import typer

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.cases.acting import Session
from credit_workflow.casework.rulebook import proposals
from credit_workflow.casework.rulebook.migrating import Aim, Line, migrate, outlook, target_of, terms_in_the_way
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.options import WorkflowId
from credit_workflow.cli.output import emit, interactive, progress, training_line
from credit_workflow.definition.library import Definition
from credit_workflow.engine.ruleset import Rules
from credit_workflow.errors import Conflict, UsageFault
from credit_workflow.store.reading.reader import Reader
from credit_workflow.text import Text

Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help=t("说明，写入日志", "a remark for the log"))]
Yes = Annotated[bool, typer.Option("--yes", help=t("不再询问", "don't ask"))]
_To = Annotated[
    int | None,
    typer.Option("--to", metavar="VERSION", help=t("版本；不填则今日有效的", "unless given, the one in force")),
]
_Undo = Annotated[bool, typer.Option("--undo", help=t("撤销最近一次，恢复原状", "take the newest one back"))]
_Case = Annotated[list[str] | None, typer.Option("--case", metavar="CASE", help=t("只限此案", "only this one"))]
_Dry = Annotated[bool, typer.Option("--dry-run", help=t("只看会怎样", "only show what would change"))]


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What a migration is to do, and which cases it would change."""

    session: Session
    aim: Aim
    target: Definition | None
    lines: Sequence[Line]

    @property
    def refused(self) -> Text | None:
        """Why it can't be done now, or None."""
        ground = None if self.target is None else terms_in_the_way(self.session, self.target)
        return None if ground is None else ground.message

    def emit(self, lines: Sequence[Line], left: Sequence[Line] = (), *, dry_run: bool) -> None:
        """Write the lines as one document."""
        refused = self.refused
        document: dict[str, Any] = {
            "workflow": self.aim.workflow,
            "to_version": None if self.target is None else self.target.workflow.version,
            "dry_run": dry_run,
            "refused": None if refused is None else say(refused),
            "cases": [line.as_json(language()) for line in lines],
            "left": [line.as_json(language()) for line in left],
        }
        emit(document)


def migrate_command(
    workflow: WorkflowId,
    to: _To = None,
    undo: _Undo = False,
    case: _Case = None,
    dry_run: _Dry = False,
    note: Note = None,
    yes: Yes = False,
) -> None:
    """Show which cases would go over, and have them do so."""
    if undo and to is not None:
        raise UsageFault(Text("--undo 与 --to 不能并用", "give --undo or --to, not both"), code="usage")
    wanted = _wanted(workflow, to, frozenset(case or ()), undo=undo)
    if not dry_run:
        require(wanted.session.definitions, wanted.session.actor, proposals.APPROVE)
    if not settings().json and (dry_run or interactive(settings())):
        from credit_workflow.cli.screens.version_screen import (  # noqa: PLC0415 - Rich is not needed for JSON
            render_lines,
        )

        render_lines(wanted.lines)
        if wanted.refused is not None:
            print(t("现在不能办理：", "Not now: ") + say(wanted.refused))
    if dry_run and settings().json:
        wanted.emit(wanted.lines, dry_run=True)
    elif not dry_run and sure(t("更换版本？", "Go over?"), yes=yes):
        _go(wanted, note)


def _wanted(workflow: str, to: int | None, only: frozenset[str], *, undo: bool) -> _Wanted:
    with settings().database.reading() as db:
        session = session_of(db)
        proposals.may_see(session)
        target = None if undo else target_of(session, db, workflow, to)
        for number in only:
            db.case(number)
        rules = None if target is None else Rules(target.workflow, target.digest)
        aim = Aim(workflow=workflow, target=rules, only=only or None)
        with progress(t("核对在办案件", "looking at running cases"), quiet=settings().json) as advance:
            lines = outlook(db, session.calendar, aim, session.moment, advance)
    return _Wanted(session=session, aim=aim, target=target, lines=lines)


def _go(wanted: _Wanted, note: str | None) -> None:
    with progress(t("更换版本", "going over"), quiet=settings().json) as advance:
        done = migrate(wanted.session, wanted.aim, definition=wanted.target, note=note, progress=advance)
    if settings().json:
        wanted.emit(done.lines, done.left, dry_run=False)
    else:
        print(t(f"{len(done.lines)} 件案件已更换版本。", f"{len(done.lines)} cases have gone over."))
    if done.left:
        named = "、".join(line.plan.case.number for line in done.left)
        message = Text("{c} 刚被他人改动，未更换；请再看一次", "{c} changed meanwhile and did not go over; look again")
        raise Conflict(message.fill(c=named))


def session_of(db: Reader) -> Session:
    """Return the session of whoever is there; a person reads first whether this is practice."""
    chosen = settings()
    if not chosen.json:
        training_line(training=db.training)
    return chosen.session(chosen.actor(db), chosen.moment(db))


def sure(question: str, *, yes: bool) -> bool:
    """Whether to go on: asked in a terminal alone."""
    return yes or not interactive(settings()) or typer.confirm(question)


def day_of(text: str) -> date:
    """Return the day that an option names.

    Raises:
        UsageFault: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = Text("“{t}”不是日期；写作 2026-03-02", "“{t}” is no date; write 2026-03-02").fill(t=text)
        raise UsageFault(message, code="date") from None
