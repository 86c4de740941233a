"""Move a case's deadlines with an action, before its effects: start, stop, restart and meet them."""

from __future__ import annotations

from datetime import date

from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.engine.attempt import Attempt
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.effects.applying import Draft
from credit_workflow.engine.values import Deadline


def move_deadlines(held: Attempt, draft: Draft) -> None:
    """Have an action move the deadlines of its case, in this order.

    It starts those that begin with it, starts clocks again and stops them, meets those that it
    ends, has those run again that it lets, records the passing of the one that fired it, and starts
    those that begin with another's end; one that begins and ends with it is met at once. The one
    that fired it and began anew with it goes on: what passed is the one before.

    Args:
        held: the action, every ground met.
        draft: what it has done so far; changed in place.

    Raises:
        Refused: a date is outside what the calendar covers.
    """
    rules, name, today = held.rules, held.request.action, held.today
    new = {deadline for deadline in rules.starts.get(name, ()) if _start(held, draft, deadline, today)}
    _stop_and_restart(held, draft)
    follow: list[tuple[str, date]] = []
    for deadline in rules.ends.get(name, ()):
        if _end(held, draft, deadline):
            follow += [(next_, today) for next_ in rules.follows.get((deadline, "met"), ())]
    for deadline in rules.resumes.get(name, ()):
        now = draft.deadline(deadline)
        if now is not None and now.status == "met":
            draft.deadlines[deadline] = dl.resumed(now, today)
    if held.request.deadline is not None:
        follow += _pass(held, draft, held.request.deadline, anew=held.request.deadline in new)
    for deadline, day in follow:
        _start(held, draft, deadline, day)
        if name in rules.deadline(deadline).ends:
            _end(held, draft, deadline)


def _stop_and_restart(held: Attempt, draft: Draft) -> None:
    """Start clocks again and stop them; what was left is counted by the version that counted it so far."""
    rules, name, today = held.rules, held.request.action, held.today
    for deadline, stop in rules.restarts.get(name, ()):
        now = draft.deadline(deadline)
        if now is not None:
            anew = rules.deadline(deadline).suspensions[stop].then == "full_length"
            counting = rules if anew else held.world.rules_counting(held.case, deadline)
            _put(draft, now, dl.restarted(rules, now, stop, today, held.world.calendar, counting))
    for deadline, stop in rules.stops.get(name, ()):
        now = draft.deadline(deadline)
        if now is not None:
            _put(draft, now, dl.stopped(now, stop, today))


def _start(held: Attempt, draft: Draft, name: str, day: date) -> bool:
    """Have a deadline begin; return whether its condition holds."""
    rule = held.rules.deadline(name)
    if rule.starts_when is not None and not held.holds(rule.starts_when):
        return False
    if rule.starts_on is not None:
        day = date.fromisoformat(str(held.value(rule.starts_on)))
    draft.deadlines[name] = dl.started(held.rules, name, day, held.world.calendar, _length(held, rule))
    return True


def _pass(held: Attempt, draft: Draft, name: str, *, anew: bool) -> list[tuple[str, date]]:
    """Record that a deadline has passed; return those that begin with that, with their day."""
    before, now = held.case.deadlines.get(name), draft.deadline(name)
    if before is None or now is None:
        return []
    # What begins anew past its end already would otherwise begin anew without end.
    if not anew or now.due < held.today:
        draft.deadlines[name] = dl.passed(held.rules.deadline(name), now, held.today)
    return [(next_, before.due) for next_ in held.rules.follows.get((name, "passed"), ())]


def _length(held: Attempt, rule: DeadlineRule) -> str | None:
    """Return the length that counts instead of the usual one, or None."""
    return next((other.length for other in rule.other_lengths if held.holds(other.when)), None)


def _end(held: Attempt, draft: Draft, name: str) -> bool:
    now = draft.deadline(name)
    if now is None or now.status != "running":
        return False
    counting = held.rules if held.request.opening else held.world.rules_counting(held.case, name)
    settled = dl.settled(counting, now, held.today, held.world.calendar)
    draft.deadlines[name] = dl.ended(held.rules.deadline(name), settled, held.today)
    return True


def _put(draft: Draft, now: Deadline, then: Deadline) -> None:
    if then is not now:
        draft.deadlines[then.id] = then
