"""What people do to cases, each in a transaction of its own, for those who come by no door: signing in, scenarios."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from credit_workflow.casework.cases import actions
from credit_workflow.casework.ports import Writing
from credit_workflow.casework.session import Form, NewCase, Session
from credit_workflow.errors import CreditWorkflowError, NotAllowed, Refused

T = TypeVar("T")


def submit(session: Session, new: NewCase, form: Form) -> str:
    """Open a case and return its number.

    Raises:
        CreditWorkflowError: as `actions.submit` says; a refusal is in the log.
    """
    return _taken(
        session,
        lambda db: actions.submit(db, session, new, form),
        lambda db, refusal: actions.log_unborn(db, session, new, form, refusal),
    )


def act(session: Session, number: str, action: str, form: Form, *, workflow: str, version: int | None = None) -> None:
    """Take one action on a case; arguments as for `actions.act`.

    Raises:
        CreditWorkflowError: as `actions.act` says; a refusal is in the case's log.
    """
    _taken(
        session,
        lambda db: actions.act(db, session, number, action, form, workflow=workflow, version=version),
        lambda db, refusal: actions.log_refusal(db, session, number, action, refusal),
    )


def _taken(session: Session, deed: Callable[[Writing], T], log: Callable[[Writing, CreditWorkflowError], None]) -> T:
    """Do something, all of it or nothing; a refusal is then logged by a transaction of its own."""
    try:
        with session.store.writing() as db:
            return deed(db)
    except (Refused, NotAllowed) as refusal:
        with session.store.writing() as db:
            log(db, refusal)
        raise
