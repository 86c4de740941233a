"""Decide what is filed on one day and typed in on a later one, with what that reopens."""

from __future__ import annotations

import msgspec

from credit_workflow.engine.amending.deciding_again import decided_again, differences, made
from credit_workflow.engine.attempt import Attempt
from credit_workflow.engine.fire import decided
from credit_workflow.engine.values import Amendment
from credit_workflow.engine.world import Outcome, Recorded
from credit_workflow.errors import CreditWorkflowError


def filed_late(held: Attempt) -> Outcome:
    """Decide the opening of a case that is typed in after its filing, as `decided` does, with what it reopens.

    The log of the linked cases is decided again with the filing on its day: what only its absence had
    closed is open again, and an entry says so. Where that can't be done, nothing is reopened.

    Args:
        held: the request in its world, whose ``history`` is that of the cases it is linked to.

    Raises:
        NotAllowed, Refused, UsageFault: as `fire`.
    """
    outcome = decided(held)
    if held.filed is None or not held.world.history or not _moved(outcome, held).entries:
        return outcome
    request = msgspec.structs.replace(held.request, filed=msgspec.structs.replace(held.filed, reopens=True))
    outcome = decided(msgspec.structs.replace(held, request=request, filed=request.filed))
    more = _moved(outcome, held)
    return Outcome(entries=(*outcome.entries, *more.entries), world=more.world)


def _moved(outcome: Outcome, held: Attempt) -> Outcome:
    """Return the entries of the cases that come out otherwise with a late filing on its day."""
    number = held.request.case
    history = (*held.world.history, Recorded(seq=0, entry=outcome.entries[0]))
    world = msgspec.structs.replace(outcome.world, history=history)
    try:
        again = decided_again(world, made(world), Amendment(case=number, entry=0), held.moment)
    except CreditWorkflowError:
        return Outcome(entries=(), world=outcome.world)
    return differences(world, again, None, held.moment, told_by=number)
