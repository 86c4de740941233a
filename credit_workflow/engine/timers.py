"""Record what time alone brings about: the deadlines that have passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import msgspec

from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.fire import fire
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Change, Deadline, Entry
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Outcome, Request, World, entry_on
from credit_workflow.errors import DefinitionFault
from credit_workflow.text import Text

#: The action of an entry that moves deadlines because the calendar's edition is another.
RECOUNT = "recount"


#: A timer that fires more often on one day never comes to an end.
_MOST = 32


class Timer(NamedTuple):
    """A deadline that has passed: from when that holds, in which case, and what is fired."""

    effective: date
    case: str
    deadline: str
    action: str


def due_timers(rules: Rules, case: Case, today: date) -> list[Timer]:
    """Return what a case has to record by ``today``, in the order in which it came true."""
    found = []
    for name, deadline in case.deadlines.items():
        if deadline.status != "running" or today <= deadline.due:
            continue
        rule = rules.deadline(name)
        effective = dl.passing(rule, deadline, today)
        if effective is not None and rule.at_end is not None:
            found.append(Timer(effective, case.number, name, rule.at_end))
    return sorted(found)


def waits_for_day(rules: Rules, deadline: str, effective: date, confirmed: date | None) -> bool:
    """Whether what follows a deadline's passing waits, since the day may be false and it could not be undone.

    That a duty is overdue can be said all the same.

    Args:
        rules: the case's definition.
        deadline: the deadline's name.
        effective: the day as of which it would have passed.
        confirmed: the last certain day; None where the day of the clock is.
    """
    if confirmed is None or effective <= confirmed:
        return False
    rule = rules.deadline(deadline)
    action = rules.actions[rule.at_end or ""]
    only_tells = all(effect.kinds() == ["notice"] for effect in action.effects)
    return rule.late != "overdue" or action.to is not None or not only_tells


def recount(world: World, moment: Moment) -> Outcome:
    """Count the running deadlines of all cases here again, with the world's calendar.

    Only a date that moves, or becomes certain, makes an entry; one case has one entry at most.
    """

    def counted_again(case: Case) -> dict[str, Deadline]:
        moved = {}
        for name, deadline in case.deadlines.items():
            if deadline.status != "running" or deadline.edition == world.calendar.edition:
                continue
            fresh = dl.recounted(world.rules_counting(case, name), deadline, world.calendar)
            if (fresh.due, fresh.original_due, fresh.provisional) != (
                deadline.due,
                deadline.original_due,
                deadline.provisional,
            ):
                moved[name] = dl.moved(fresh, moment.effective)
        return moved

    return _moved(world, moment, counted_again)


def taken_back(world: World, moment: Moment) -> Outcome:
    """Take back that duties are overdue whose last day has not passed: a clock that ran ahead had said so.

    The deadline runs on, and is recorded again when it has passed. One case has one entry at most.
    """

    def running_on(case: Case) -> dict[str, Deadline]:
        return {
            name: dl.moved(deadline, moment.effective)
            for name, deadline in case.deadlines.items()
            if deadline.status == "running" and deadline.flagged is not None and deadline.due >= moment.effective
        }

    return _moved(world, moment, running_on)


def _moved(world: World, moment: Moment, moves: Callable[[Case], dict[str, Deadline]]) -> Outcome:
    """Return the world with the deadlines that ``moves`` gives of each case; an entry for each case that has some."""
    entries: list[Entry] = []
    cases = dict(world.cases)
    for number, case in world.cases.items():
        moved = moves(case)
        if moved:
            system = SYSTEM_ACTOR.account
            entry = entry_on(case, moment, RECOUNT, Change(deadlines=moved), actor=system, role=system)
            entries.append(entry)
            cases[number] = evolve(case, entry)
    return Outcome(entries=tuple(entries), world=msgspec.structs.replace(world, cases=cases))


def catch_up(world: World, moment: Moment, *, only_moves: bool = False) -> Outcome:
    """Fire everything in the world that is due by the moment's day, earliest first.

    Args:
        world: cases with all that they are linked to.
        moment: when it is recorded; each entry is effective on the day on which it came true. Where its day is not
            certain, what could not be undone waits (`waits_for_day`).
        only_moves: leave aside what only flags a duty as overdue.

    Returns:
        The entries and the world after them; no entries where nothing was due.

    Raises:
        DefinitionFault: timers set each other going and no day goes by.
    """
    entries: list[Entry] = []
    fired: Counter[Timer] = Counter()
    while True:
        due = [
            timer
            for case in world.cases.values()
            for timer in due_timers(world.rules_of(case), case, moment.effective)
            if not (only_moves and world.rules_of(case).deadline(timer.deadline).late == "overdue")
            and not waits_for_day(world.rules_of(case), timer.deadline, timer.effective, moment.confirmed)
        ]
        if not due:
            return Outcome(entries=tuple(entries), world=world)
        timer = min(due)
        fired[timer] += 1
        if fired[timer] > _MOST:
            raise _endless(world, timer)
        request = Request(action=timer.action, case=timer.case, actor=SYSTEM_ACTOR, deadline=timer.deadline)
        outcome = fire(world, request, moment.as_of(timer.effective))
        entries += outcome.entries
        world = outcome.world


def _endless(world: World, timer: Timer) -> DefinitionFault:
    rule = world.rules_of(world.cases[timer.case]).deadline(timer.deadline)
    message = Text(
        "{n} 的期限 {d}（{t}）在 {day} 反复届满，没有尽头：它与另一期限互相使对方重新计算。请修改流程定义",
        "the deadline {d} ({t}) of {n} passes again and again on {day} without end: it and another one let each other"
        " run again; the definition must be changed",
    )
    filled = message.fill(n=timer.case, d=timer.deadline, t=rule.title.text, day=timer.effective)
    return DefinitionFault(filled, code="endless", source=rule.source)
