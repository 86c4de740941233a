"""Create a database: for practice, or for production with its first administrator."""

from __future__ import annotations

from credit_workflow.casework.access.permissions import granting
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.audit.upkeep_answers import Created
from credit_workflow.casework.clock import parse_instant
from credit_workflow.engine.world import Moment
from credit_workflow.errors import NotAllowed
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text


class CreateDatabase(Request[Created], frozen=True, kw_only=True):
    """Create the office's database, for good of its kind.

    Args:
        training: for practice, with the accounts that the definitions say; else for production.
        admin: the first administrator's account, for production.
        password: the administrator's own; without it nothing is made, and only what stands in the way is said.
    """

    training: bool = False
    admin: str | None = None
    password: str | None = None


def create_database(work: Work, request: CreateDatabase) -> Created:
    """Create the office's database.

    Raises:
        Refused: there is something already, which is left as it is; or the password is too weak.
        NotAllowed: an account or an instant is given for production.
        UsageFault: the instant is none, or the administrator's name won't do.
        CreditWorkflowError: the place can't be written.
    """
    work.office.database.backend.refuse_taken()
    return _training(work) if request.training else _production(work, request)


def _training(work: Work) -> Created:
    from credit_workflow.store.founding import found_training  # noqa: PLC0415 - the ORM starts slowly

    office, at = work.office, work.seat.written_at
    made = office.now() if at is None else parse_instant(at, office.calendar_with(()).zone)
    accounts = found_training(office.database, office.folder, made)
    importing = granting(office.folder, "import_records")
    importer = next((a for a, actor in accounts.items() if importing and actor.roles.intersection(importing.by)), None)
    return Created(database=office.database.name, kind="training", accounts=tuple(accounts), importer=importer)


def _production(work: Work, request: CreateDatabase) -> Created:
    from credit_workflow.store.founding import found_production  # noqa: PLC0415

    office, accounts = work.office, tuple[str, ...]()
    if work.seat.at is not None or work.seat.account is not None:
        message = Text(
            "正式数据库不能用 --as 与 --at；练习请用 init --training",
            "--as and --at are for training databases only; for practice give init --training",
        )
        raise NotAllowed(message, code="production_database")
    if request.admin is not None and request.password is not None:
        calendar = office.calendar_with(())
        acting = Acting(
            definitions=office.folder,
            calendar=calendar,
            actor=work.actor,
            moment=Moment.of(office.now(), calendar.zone),
        )
        accounts = (found_production(office.database, acting, request.admin, request.password),)
    work.nothing_changed = not accounts
    return Created(database=office.database.name, kind="production", accounts=accounts)
