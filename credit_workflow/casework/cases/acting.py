"""What people do to cases, by a session that was made before: until every face goes through the service."""

from __future__ import annotations

from credit_workflow.casework.cases import actions, transaction
from credit_workflow.casework.cases.actions import definition_of
from credit_workflow.casework.session import Form, NewCase, Session
from credit_workflow.engine.values import Ground

__all__ = ["Form", "NewCase", "Session", "act", "assign", "check", "definition_of", "submit"]


def submit(session: Session, new: NewCase, form: Form) -> str:
    """Open a case and return its number, as `transaction.submitted` says."""
    return transaction.submitted(session.store, lambda _: session, new, form)


def act(session: Session, number: str, action: str, form: Form, *, workflow: str, version: int | None = None) -> None:
    """Take one action on a case, as `transaction.acted` says."""
    transaction.acted(session.store, lambda _: session, number, action, form, workflow=workflow, version=version)


def check(session: Session, action: str, form: Form, *, case: str | None, new: NewCase) -> list[Ground]:
    """Return everything that stands in the way of an action, as `actions.check` says."""
    with session.store.reading() as db:
        return actions.check(db, session, action, form, case=case, new=new)


def assign(session: Session, number: str, account: str) -> None:
    """Give a case to somebody of the supervisor's unit, as `transaction.assigned` says."""
    transaction.assigned(session.store, lambda _: session, number, account)
