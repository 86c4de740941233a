"""Running cases going over to another version of their definition."""

from __future__ import annotations

from credit_workflow.casework.rulebook import proposals
from credit_workflow.casework.rulebook.migrating import Aim, Moved, migrate, outlook, target_of, terms_in_the_way
from credit_workflow.casework.rulebook.migration_outlook import shown_cases
from credit_workflow.casework.rulebook.rulebook_answers import MigratedCase, Migration, Overdue
from credit_workflow.engine.ruleset import Rules
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work

__all__ = ["MigrateCases", "MigratedCase", "Migration", "Overdue", "migrate_cases"]


class MigrateCases(Request[Migration], frozen=True, kw_only=True):
    """Have running cases go over to another version, each with an entry of its own, in batches.

    Args:
        workflow: its name.
        to: the version; unless given, the one published last, else the one in force.
        undo: take the newest migration back instead.
        cases: only these; all that would go over unless given.
        note: a remark for the log.
        dry_run: only tell what would change.
    """

    workflow: str
    to: int | None = None
    undo: bool = False
    cases: tuple[str, ...] = ()
    note: str | None = None
    dry_run: bool = False


def migrate_cases(work: Work, request: MigrateCases) -> Migration:
    """Have running cases go over, or tell which would.

    Raises:
        NotAllowed: the account approves no rules; or, to look, prepares none either.
        NotFound: there is no such workflow, version or case.
        Refused: the version takes over no running cases, or a case can't go over; nothing was written.
    """
    if not request.dry_run:
        work.require(proposals.APPROVE)
    session = work.session
    proposals.may_see(session)
    with work.office.database.reading() as db:
        target = None if request.undo else target_of(session, db, request.workflow, request.to)
        for number in request.cases:
            db.cases.get(number)
        rules = None if target is None else Rules(target.workflow, target.digest)
        aim = Aim(workflow=request.workflow, target=rules, only=frozenset(request.cases) or None)
        done = Moved(lines=outlook(db, work.calendar, aim, work.moment, work.progress)) if request.dry_run else None
    if done is None:
        done = migrate(session, aim, definition=target, note=request.note, progress=work.progress)
    ground = None if target is None else terms_in_the_way(session, target)
    return Migration(
        workflow=request.workflow,
        to_version=None if target is None else target.workflow.version,
        dry_run=request.dry_run,
        refused=None if ground is None else ground.message.to(work.lang),
        cases=shown_cases(done.lines, work.lang),
        left=shown_cases(done.left, work.lang),
    )
