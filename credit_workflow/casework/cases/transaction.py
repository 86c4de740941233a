"""One action, one transaction: who acts, when and under which rules is settled in it, and so is what is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from credit_workflow.casework.accounts import sign_in
from credit_workflow.casework.cases import actions
from credit_workflow.casework.ports import Reading, Store, Writing
from credit_workflow.casework.session import Acting, Form, NewCase
from credit_workflow.errors import CreditWorkflowError, NotAllowed, Refused

T = TypeVar("T")

#: Settles who acts, when and under which rules, from what the transaction sees.
Resolve = Callable[[Reading], Acting]
Deed = Callable[[Writing, Acting], T]
#: Puts a refusal into the log.
Trace = Callable[[Writing, Acting, CreditWorkflowError], None]


def submitted(store: Store, resolve: Resolve, new: NewCase, form: Form) -> str:
    """Open a case and return its number.

    Args:
        store: where cases are kept.
        resolve: settles who acts.
        new: what the case is about.
        form: what the person filled in.

    Raises:
        CreditWorkflowError: as ``resolve`` and `actions.submit` say; a refusal is in the log.
    """
    return taken(
        store,
        resolve,
        lambda db, acting: actions.submit(db, acting, new, form),
        lambda db, acting, refusal: actions.log_unborn(db, acting, new, form, refusal),
    )


def acted(
    store: Store,
    resolve: Resolve,
    number: str,
    action: str,
    form: Form,
    *,
    workflow: str,
    version: int | None = None,
) -> None:
    """Take one action on a case; arguments as for `submitted` and `actions.act`.

    Raises:
        CreditWorkflowError: as ``resolve`` and `actions.act` say; a refusal is in the case's log.
    """
    taken(
        store,
        resolve,
        lambda db, acting: actions.act(db, acting, number, action, form, workflow=workflow, version=version),
        lambda db, acting, refusal: actions.log_refusal(db, acting, number, action, refusal),
    )


def assigned(store: Store, resolve: Resolve, number: str, account: str) -> None:
    """Give a case to somebody; arguments as for `submitted` and `actions.assign`.

    Raises:
        CreditWorkflowError: as ``resolve`` and `actions.assign` say; a refusal is in the case's log.
    """
    taken(
        store,
        resolve,
        lambda db, acting: actions.assign(db, acting, number, account),
        lambda db, acting, refusal: actions.log_refusal(db, acting, number, "assign", refusal),
    )


def taken(store: Store, resolve: Resolve, deed: Deed[T], trace: Trace) -> T:
    """Do something in one transaction, all of it or nothing; a refusal is then logged by one of its own.

    Args:
        store: where cases are kept.
        resolve: settles who acts, from what the transaction sees.
        deed: what is done.
        trace: puts a refusal into the log.

    Raises:
        CreditWorkflowError: as ``resolve`` and ``deed`` say. Where ``resolve`` refuses, nobody is known
            to have asked, and nothing is logged.
    """
    acting: Acting | None = None
    try:
        with store.writing() as db:
            acting = resolve(db)
            sign_in.note_use(db, acting)
            return deed(db, acting)
    except CreditWorkflowError as fault:
        refused = isinstance(fault, (Refused, NotAllowed))
        if acting is not None and (refused or sign_in.unnoted(acting)):
            with store.writing() as db:
                sign_in.note_use(db, acting)
                if refused:
                    trace(db, acting, fault)
        raise
