"""Carry out every use case: settle who may, what is masked and what the log keeps."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext, suppress
from typing import Any, cast

from credit_workflow.casework.access.identification import for_passwords, signed_in
from credit_workflow.casework.confirmed_days import CONFIRM, confirm, confirmed_day, unconfirmed
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment
from credit_workflow.errors import CreditWorkflowError, NotAllowed, NotFound, Refused
from credit_workflow.service.premises import Premises
from credit_workflow.service.registry import function, use_case_of
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import A, Request, Trace, UseCase, Way
from credit_workflow.service.work import Progress, Work

#: Who needs no account.
_NAMELESS = frozenset({"anybody", "system", "machine"})


def carry_out(office: Premises, seat: Seat, request: Request[A], progress: Progress | None = None) -> A:
    """Carry out a use case and return its answer.

    Args:
        office: where.
        seat: who asks, as of when, in which language.
        request: what is asked.
        progress: is told what is done and what is to do.

    Raises:
        NotAllowed: nobody is signed in, or the role is not held.
        CreditWorkflowError: as the use case says; nothing was written then but the refusal.
    """
    use_case = use_case_of(request)
    if use_case.way is Way.ALONE:
        return _carry_out_alone(office, seat, use_case, request, progress)
    if use_case.way is Way.READS:
        return _read(office, seat, use_case, request, progress)
    return _write(office, seat, use_case, request, progress)


def _carry_out_alone(
    office: Premises, seat: Seat, use_case: UseCase, request: Request[A], progress: Progress | None
) -> A:
    """Carry out a use case that opens the database itself."""
    work = _alone(office, seat, use_case, progress)
    if _acts(use_case):
        _hold_to_day(work)
    before = office.database.logged
    try:
        answer: A = function(use_case, use_case.run)(work, request)
    except CreditWorkflowError as fault:
        _log_refused_look(office, seat, use_case, request, fault)
        raise
    _changed(use_case, work, logged=office.database.logged > before)
    if _acts(use_case) and not work.nothing_changed:
        with office.database.writing() as db:
            _confirm(work, db)
    return answer


def _write(office: Premises, seat: Seat, use_case: UseCase, request: Request[A], progress: Progress | None) -> A:
    """Carry out a use case that writes; where it fails, that is written by a transaction of its own."""
    known = False  # until it is settled who asks
    try:
        with ExitStack() as around, office.database.writing() as db:
            work = _work(office, seat, use_case, db, progress)
            known = True
            _permit(use_case, work)
            if _acts(use_case):
                _hold_to_day(work)
            around.enter_context(work.around)
            answer: A = function(use_case, use_case.run)(work, request)
            if _acts(use_case):
                _confirm(work, db)
            _changed(use_case, work, logged=db.logged)
            return answer
    except CreditWorkflowError as fault:
        if known:
            _log_failure(office, seat, use_case, request, fault)
        raise


def _read(office: Premises, seat: Seat, use_case: UseCase, request: Request[A], progress: Progress | None) -> A:
    """Carry out a use case that reads; what it has noted is logged also where an error tells of it."""
    work: Work | None = None
    try:
        with office.database.reading() as db:
            work = _work(office, seat, use_case, db, progress)
            _permit(use_case, work)
            answer: A = function(use_case, use_case.run)(work, request)
    except CreditWorkflowError as fault:
        if work is not None and work.looks:
            _log_looks(office, work)
        elif work is not None:
            _log_refused_look(office, seat, use_case, request, fault)
        raise
    if use_case.trace is Trace.LOOK and not (work.looks or work.nobody_shown):
        raise RuntimeError(f"{use_case.name} left no trace of whom it showed")
    _log_looks(office, work)
    return answer


def who(
    office: Premises, seat: Seat, db: Reading, *, writes: bool = False, any_password: bool = False
) -> tuple[Actor, Moment]:
    """Return who asks, and when it is.

    Args:
        office: where.
        seat: who asks, as of when.
        db: the database, open.
        writes: whether it is open for writing: that a session was used is then part of that transaction.
        any_password: also who has to change the password first.

    Raises:
        NotAllowed: nobody is signed in, the account is not known, or its password has to be changed first.
        UsageFault, Refused: the instant given is none, or too early.
    """
    moment = office.moment(db, seat.at)
    if db.training or seat.account is not None:
        return office.practising(db, seat.account), moment
    actor, held = signed_in(db, seat.token_for(db.meta["id"]), moment, any_password=any_password)
    from credit_workflow.casework.accounts import sign_in  # noqa: PLC0415 - nobody signs in to a training database

    fresh = sign_in.used(held, moment)
    if fresh is not None:
        with nullcontext(cast("Writing", db)) if writes else office.database.writing() as own:
            own.accounts.put_sign_in(fresh)
    return actor, moment


def _work(office: Premises, seat: Seat, use_case: UseCase, db: Reading, progress: Progress | None) -> Work:
    if use_case.permission.signed_in:
        for_passwords(db)
    if use_case.permission.kind in _NAMELESS:
        actor, moment = SYSTEM_ACTOR, office.moment(db, seat.at)
    else:
        writes = use_case.way is Way.WRITES
        actor, moment = who(office, seat, db, writes=writes, any_password=use_case.permission.any_password)
    return Work(office, seat, actor=actor, moment=moment, db=db, progress=progress)


def _alone(office: Premises, seat: Seat, use_case: UseCase, progress: Progress | None) -> Work:
    """Return the work of a use case that opens the database itself, with who asks looked up beforehand."""
    if use_case.permission.kind in ("anybody", "machine"):  # there may be no database yet
        now = Moment.of(office.clock(), "UTC")
        return Work(office, seat, actor=SYSTEM_ACTOR, moment=now, progress=progress)
    with office.database.reading() as db:
        known = _work(office, seat, use_case, db, progress)
        _permit(use_case, known)
        definitions, calendar = known.definitions, known.calendar  # from this very view
    alone = Work(office, seat, actor=known.actor, moment=known.moment, progress=progress)
    alone.definitions, alone.calendar = definitions, calendar
    return alone


def _permit(use_case: UseCase, work: Work) -> None:
    """Refuse whoever may not ask for it.

    Raises:
        NotAllowed: the role is not held.
    """
    names = use_case.permission.names
    if names and not any(work.may(name) for name in names[:-1]):
        work.require(names[-1])


def _acts(use_case: UseCase) -> bool:
    """Whether somebody acts by a use case, who answers for its day; signing in and changing a password confirm none."""
    by_somebody = use_case.permission.kind not in _NAMELESS and not use_case.permission.any_password
    return use_case.trace is Trace.CHANGE and by_somebody and not use_case.on_any_day


def _hold_to_day(work: Work) -> None:
    """Have whoever acts on an unconfirmed day confirm it first.

    Raises:
        Refused: the day is not confirmed.
        NotAllowed: somebody confirms it who may not.
    """
    confirmed = work.moment.confirmed
    if confirmed is None:
        return
    if not work.seat.confirm_date:
        raise unconfirmed(work.moment, confirmed, may_confirm=work.may(CONFIRM))
    work.require(CONFIRM)
    work.moment = Moment(at=work.moment.at, effective=work.moment.effective)


def _confirm(work: Work, db: Writing) -> None:
    """Note that the day is certain by what was done on it."""
    if not db.training:
        before = confirmed_day(db, work.calendar.zone, work.moment.effective)
        confirm(db, work.moment, before, work.actor.account, work.roles)


def _log_looks(office: Premises, work: Work) -> None:
    """Write down what was shown of people; an answer that shows somebody doesn't leave without it."""
    if not work.looks:
        return
    with office.database.writing() as db:
        db.journal.add(*work.looks)


def _log_refused_look(
    office: Premises, seat: Seat, use_case: UseCase, request: Request[Any], fault: CreditWorkflowError
) -> None:
    """Write down, in a transaction of its own, that somebody who is signed in was refused a look at a person."""
    if use_case.permission.kind in _NAMELESS:
        return
    from credit_workflow.service.use_cases.daily.refused_looks import is_refused_look, refused_look  # noqa: PLC0415 - few are refused

    if not is_refused_look(use_case, request, fault):
        return
    with office.database.writing() as db:
        actor, moment = who(office, seat, db, writes=True)
        work = Work(office, seat, actor=actor, moment=moment, db=db)
        said = refused_look(work, use_case, request, fault)
        if said is not None:
            work.look(said)
            db.journal.add(*work.looks)


def _changed(use_case: UseCase, work: Work, *, logged: bool) -> None:
    """Hold a use case that changes something to having said so in the log."""
    if use_case.trace is Trace.CHANGE and not (logged or work.nothing_changed):
        raise RuntimeError(f"{use_case.name} left no trace of what it changed")


def _log_failure(
    office: Premises, seat: Seat, use_case: UseCase, request: Request[Any], fault: CreditWorkflowError
) -> None:
    """Write down that a sign-in was used all the same and, where it says how, what was refused (of what is there)."""
    refused = use_case.refused if isinstance(fault, Refused | NotAllowed) else None
    nobody_signed_in = seat.account is not None or use_case.permission.kind in _NAMELESS
    if refused is None and nobody_signed_in:
        return
    with suppress(NotFound), office.database.writing() as db:
        actor, moment = who(office, seat, db, writes=True)
        if refused is not None:
            function(use_case, refused)(Work(office, seat, actor=actor, moment=moment, db=db), request, fault)
