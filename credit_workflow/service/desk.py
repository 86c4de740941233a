"""A desk: somebody in an office."""

from __future__ import annotations

from credit_workflow.service.door import carry_out
from credit_workflow.service.office import Office
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import A, Request
from credit_workflow.service.work import Progress


class Desk:
    """Where one account asks an office for things; or nobody, for what needs no account.

    Args:
        office: where.
        seat: who asks, as of when, in which language.
    """

    def __init__(self, office: Office, seat: Seat) -> None:
        self.office = office
        self.seat = seat

    def ask(self, request: Request[A], progress: Progress | None = None) -> A:
        """Carry out a use case and return its answer; a refused one changes nothing.

        Args:
            request: what is asked.
            progress: is told what is done and what is to do.

        Raises:
            NotAllowed: nobody is signed in, or the role is not held.
            CreditWorkflowError: as the use case says.
        """
        return carry_out(self.office, self.seat, request, progress)
