"""The one door: who may, what is masked and what the log keeps are settled here for every use case."""

from __future__ import annotations

from typing import Any

from credit_workflow.casework.access.identification import practising, signed_in
from credit_workflow.casework.accounts import sign_in
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment
from credit_workflow.errors import NotAllowed, Refused
from credit_workflow.service.office import Office
from credit_workflow.service.registry import function, use_case_of
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import A, Request, Trace, UseCase, Way
from credit_workflow.service.work import Progress, Work

#: Who needs no account.
_NAMELESS = frozenset({"anybody", "system", "machine"})


def carry_out(office: Office, seat: Seat, request: Request[A], progress: Progress | None = None) -> A:
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
    run = function(use_case, use_case.run)
    if use_case.way is Way.ALONE:
        answer: A = run(_alone(office, seat, use_case, progress), request)
        return answer
    if use_case.way is Way.READS:
        with office.database.reading() as db:
            work = _work(office, seat, use_case, db, progress)
            answer = run(work, request)
        _log_looks(office, use_case, work)
        return answer
    try:
        with office.database.writing() as db:
            work = _work(office, seat, use_case, db, progress)
            answer = run(work, request)
            _changed(use_case, work)
            return answer
    except (Refused, NotAllowed) as refusal:
        _log_refusal(office, seat, use_case, request, refusal)
        raise


def who(office: Office, seat: Seat, db: Reading, *, any_password: bool = False) -> tuple[Actor, Moment]:
    """Return who asks, and when it is.

    Raises:
        NotAllowed: nobody is signed in, the account is not known, or its password has to be changed first.
        UsageFault, Refused: the instant given is none, or too early.
    """
    moment = office.moment(db, seat.at)
    if db.training or seat.account is not None:
        return practising(db, seat.account), moment
    actor, held = signed_in(db, seat.token_for(db.meta["id"]), moment, any_password=any_password)
    sign_in.used(office.database, held, moment)
    return actor, moment


def _work(office: Office, seat: Seat, use_case: UseCase, db: Reading, progress: Progress | None) -> Work:
    if use_case.permission.kind in _NAMELESS:
        actor, moment = SYSTEM_ACTOR, office.moment(db, seat.at)
    else:
        actor, moment = who(office, seat, db, any_password=use_case.permission.any_password)
    work = Work(office, actor=actor, moment=moment, lang=seat.lang or office.lang, db=db, progress=progress)
    _permit(use_case, work)
    return work


def _alone(office: Office, seat: Seat, use_case: UseCase, progress: Progress | None) -> Work:
    """Return the work of a use case that opens the database itself, with who asks looked up beforehand."""
    if use_case.permission.kind in ("anybody", "machine"):  # there may be no database yet
        now = Moment.of(office.clock(), "UTC")
        return Work(
            office, actor=SYSTEM_ACTOR, moment=now, lang=seat.lang or office.lang, at=seat.at, progress=progress
        )
    with office.database.reading() as db:
        known = _work(office, seat, use_case, db, progress)
        _ = known.definitions, known.calendar  # from this very view
    alone = Work(office, actor=known.actor, moment=known.moment, lang=known.lang, progress=progress)
    alone.__dict__.update(definitions=known.definitions, calendar=known.calendar)
    return alone


def _permit(use_case: UseCase, work: Work) -> None:
    """Refuse whoever may not ask for it.

    Raises:
        NotAllowed: the role is not held.
    """
    if use_case.permission.name is not None:
        work.require(use_case.permission.name)


def _log_looks(office: Office, use_case: UseCase, work: Work) -> None:
    """Write down what was shown of people; an answer that shows somebody doesn't leave without it."""
    if use_case.trace is not Trace.LOOK:
        return
    if not work.looks:
        raise RuntimeError(f"{use_case.name} left no trace of whom it showed")
    with office.database.writing() as db:
        for kind, said in work.looks:
            db.log("look-up", work.moment.at, work.actor, work.roles, kind, said)


def _changed(use_case: UseCase, work: Work) -> None:
    """Hold a use case that changes something to having said so in the log."""
    if use_case.trace is Trace.CHANGE and not (work.writing.logged or work.nothing_changed):
        raise RuntimeError(f"{use_case.name} left no trace of what it changed")


def _log_refusal(
    office: Office, seat: Seat, use_case: UseCase, request: Request[Any], refusal: Refused | NotAllowed
) -> None:
    """Write a refusal down, in a transaction of its own, where the use case says how."""
    if use_case.refused is None:
        return
    with office.database.writing() as db:
        actor, moment = who(office, seat, db)
        work = Work(office, actor=actor, moment=moment, lang=seat.lang or office.lang, db=db)
        function(use_case, use_case.refused)(work, request, refusal)
