"""Move running cases to another version of their definition."""

from __future__ import annotations

from credit_workflow.casework.ports import Reading
from credit_workflow.casework.rulebook.migrating import Aim, Moved, migrate, outlook, target_of, terms_in_the_way
from credit_workflow.casework.rulebook.migration_outlook import shown_cases
from credit_workflow.casework.rulebook.rulebook_answers import MigratedCase, Migration, Overdue
from credit_workflow.definition.library import Definition
from credit_workflow.engine.ruleset import Rules
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work


class LookAhead(Request[Migration], frozen=True, kw_only=True):
    """Tell which running cases would go over to another version, and what would change in them.

    Args:
        workflow: its name.
        to: the version; unless given, the one published last, else the one in force.
        undo: take the newest migration back instead.
        cases: only these; all that would go over unless given.
    """

    workflow: str
    to: int | None = None
    undo: bool = False
    cases: tuple[str, ...] = ()


class MigrateCases(LookAhead, frozen=True, kw_only=True):
    """Have running cases go over to another version, each by an entry of its own, in batches.

    Args:
        note: a remark for the log.
    """

    note: str | None = None


def migrate_cases(work: Work, request: MigrateCases) -> Migration:
    """Have running cases go over.

    Raises:
        NotFound: there is no such workflow, version or case.
        Refused: the version takes over no running cases, or a case can't go over; nothing was written.
    """
    with work.office.database.reading() as db:
        aim, target = _aim(work, db, request)
    done = migrate(work.office.database, work.acting, aim, definition=target, note=request.note, progress=work.progress)
    work.nothing_changed = not done.lines
    return _migration(work, request, target, done, dry_run=False)


def look_ahead(work: Work, request: LookAhead) -> Migration:
    """Tell which running cases would go over.

    Raises:
        NotFound: there is no such workflow, version or case.
    """
    aim, target = _aim(work, work.db, request)
    found = Moved(lines=outlook(work.db, work.calendar, aim, work.moment, work.progress))
    return _migration(work, request, target, found, dry_run=True)


def _aim(work: Work, db: Reading, request: LookAhead) -> tuple[Aim, Definition | None]:
    """Return where which cases shall go, and the version; None where they go back."""
    target = None if request.undo else target_of(work.acting, db, request.workflow, request.to)
    for number in request.cases:
        db.cases.get(number)
    rules = None if target is None else Rules(target.workflow, target.digest)
    return Aim(workflow=request.workflow, target=rules, only=frozenset(request.cases) or None), target


def _migration(work: Work, request: LookAhead, target: Definition | None, done: Moved, *, dry_run: bool) -> Migration:
    ground = None if target is None else terms_in_the_way(work.acting, target)
    return Migration(
        workflow=request.workflow,
        to_version=None if target is None else target.workflow.version,
        dry_run=dry_run,
        refused=None if ground is None else ground.message.to(work.lang),
        cases=shown_cases(done.lines, work.lang),
        left=shown_cases(done.left, work.lang),
    )
