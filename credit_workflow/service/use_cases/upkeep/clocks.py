"""Put a log right that ran ahead of time."""

from __future__ import annotations

from credit_workflow.casework.access.permissions import granting
from credit_workflow.casework.audit.clock_answers import BroughtAbout, ClockPutRight
from credit_workflow.errors import UsageFault
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text

__all__ = ["BroughtAbout", "ClockPutRight", "ConfirmClock"]

#: The permission to say that the log ran ahead: of the roles that hold it, two persons hold two.
CORRECT = "correct_clock"


class ConfirmClock(Request[ClockPutRight], frozen=True, kw_only=True):
    """Say that the log ran ahead of time; where another person has said so already, put it right.

    Args:
        reason: how that came about.
    """

    reason: str


def confirm_clock(work: Work, request: ConfirmClock) -> ClockPutRight:
    """Say that the log ran ahead, or put it right.

    Raises:
        UsageFault: the database is for practice, or no reason is given.
        Refused: the log does not run ahead, the same person says so twice, or both hold the same role.
    """
    from credit_workflow.casework.audit.clock_correction import Saying, put_right  # noqa: PLC0415 - seldom needed

    db = work.writing
    if db.training:
        message = Text(
            "练习数据库的时间由 --at 任意指定，没有须更正的时钟；时间走得太远的，请另建一个练习数据库",
            "in a training database time is what --at says, and there is no clock to put right; where it has gone too"
            " far, make another one",
        )
        raise UsageFault(message, code="training_database")
    if not (request.reason and request.reason.strip()):
        message = Text("须说明时钟有误的原因：--reason", "say how the clock came to be wrong: --reason")
        raise UsageFault(message, code="missing_values", details={"missing": ["--reason"]})
    permission = granting(work.definitions, CORRECT)
    saying = Saying(
        actor=work.actor,
        by=() if permission is None else permission.by,
        true=work.office.now(db),
        recorded=work.moment.at,
        reason=request.reason.strip(),
    )
    return put_right(db, work.calendar, saying, work.lang)
