"""Make, verify and restore backups, and rehearse it once a year."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec.structs import asdict

from credit_workflow.casework.audit.upkeep_answers import BackupMade, BackupProved, Rehearsed, Restored
from credit_workflow.casework.confirmed_days import newest_true
from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.running_entries import Rehearsed as RehearsedEntry
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work


class CreateBackup(Request[BackupMade], frozen=True, kw_only=True):
    """Write the database with its scans into one encrypted file.

    Args:
        file: where to, on the machine that has the database; nothing may be there.
    """

    file: Path


class VerifyBackup(Request[BackupProved], frozen=True, kw_only=True):
    """Restore a backup into a scratch folder and verify its log.

    Args:
        file: the backup, on the machine that has its keys.
    """

    file: Path


class RestoreBackup(Request[Restored], frozen=True, kw_only=True):
    """Restore a backup to a new place after verifying its log.

    Args:
        file: the backup, on the machine that has its keys.
        to: a path, or a database's URL; nothing may be there.
    """

    file: Path
    to: str


class RehearseBackup(Request[Rehearsed], frozen=True, kw_only=True):
    """Back up, restore and verify in a scratch folder; result and duration go into the log."""


def create_backup(work: Work, request: CreateBackup) -> BackupMade:
    """Make a backup.

    Raises:
        Refused: there is something at ``file`` already; it is left as it is.
        CreditWorkflowError: the file or the scratch folder can't be written.
    """
    from credit_workflow.store import backup  # noqa: PLC0415 - cryptography starts slowly

    made = backup.create_backup(work.office.database, request.file, work.progress)
    return BackupMade(file=str(request.file), **asdict(made))


def verify_backup(work: Work, request: VerifyBackup) -> BackupProved:
    """Verify a backup.

    Raises:
        NotFound, UsageFault, IntegrityFault: there is no such file or key, it is no backup, it is
            damaged, or the log in it does not verify.
    """
    from credit_workflow.store import backup  # noqa: PLC0415

    return BackupProved(ok=True, **backup.verify_backup(request.file, work.office.keys, work.progress))


def restore_backup(work: Work, request: RestoreBackup) -> Restored:
    """Restore a backup.

    Raises:
        Refused: there is something already; it is left as it is.
        NotFound, UsageFault, IntegrityFault: as `verify_backup`; nothing is left behind.
    """
    from credit_workflow.store import backup  # noqa: PLC0415
    from credit_workflow.store.database import Database  # noqa: PLC0415

    target = Database(request.to, work.office.keys)
    return Restored(database=target.name, **backup.restore_backup(request.file, target, work.progress))


def rehearse_backup(work: Work, _: RehearseBackup) -> Rehearsed:
    """Rehearse.

    Raises:
        CreditWorkflowError: as `create_backup` and `restore_backup`; the log says that it failed.
    """
    from credit_workflow.store import backup  # noqa: PLC0415

    database = work.office.database
    began = time.monotonic()
    fault: Exception | None = None
    counts: dict[str, int] = {}
    try:
        counts = backup.rehearse(database, work.progress)
    except Exception as caught:  # noqa: BLE001 - a rehearsal that failed is recorded, however it failed
        fault = caught
    seconds = round(time.monotonic() - began, 1)
    code = fault.code if isinstance(fault, CreditWorkflowError) else type(fault).__name__ if fault else None
    with database.writing() as db:
        newest = newest_true(db)  # others went on working meanwhile, and the log never goes back
        at = work.moment.at if newest is None else max(work.moment.at, newest)
        said = RehearsedEntry(ok=fault is None, seconds=seconds, code=code, **counts)
        db.journal.add(Draft(said=said, at=at, actor=work.actor.account, role=work.roles))
    if fault is not None:
        raise fault
    return Rehearsed(ok=True, seconds=seconds, code=None, **counts)
