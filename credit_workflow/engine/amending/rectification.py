"""Put slips in the log right: what follows is counted anew from the right fact, and nothing is erased.

A rectification says of one earlier entry that it never happened, or that its day or its values
were others. The log of the linked cases is then decided again from that entry on, by the same
`fire` that decided it first; where a case comes out otherwise, an entry says how it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from credit_workflow.calendar.dates import read_date
from credit_workflow.definition.effect_kinds import Rectify
from credit_workflow.engine.amending.deciding_again import (
    decided_again,
    differences,
    made,
    opened_by,
    place_of,
    refused,
)
from credit_workflow.engine.attempt import Attempt
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.fire import decided
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import (
    SYSTEM,
    Amendment,
    Case,
    Entry,
)
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Outcome, Recorded, World
from credit_workflow.text import Text


def decide(held: Attempt) -> Outcome:
    """Decide one request as `decided` does, with the rectification that it may carry out.

    Args:
        held: the request in its world, whose ``history`` is needed where the action rectifies.

    Raises:
        NotAllowed, Refused, UsageFault, NotFound: as `fire`.
        Refused: the entry can't be put right so; the message names what stands in the way.
    """
    outcome, world, moment = decided(held), held.world, held.moment
    case = outcome.world.cases[held.request.case]
    rule = rule_of(world.rules_of(case), held.request.action)
    if rule is None:
        return outcome
    history = (*world.history, *(Recorded(seq=0, entry=entry) for entry in outcome.entries))
    after = msgspec.structs.replace(outcome.world, history=history)
    amendment = _amendment(rule, after, case, moment)
    more = rectified(after, amendment, moment)
    if rule.only_check:
        return outcome
    return Outcome(entries=(*outcome.entries, *more.entries), world=more.world)


def rule_of(rules: Rules, action: str) -> Rectify | None:
    """Return what an action rectifies, or None where it does not."""
    effects = rules.actions[action].effects if action in rules.actions else ()
    return next((effect.rectify for effect in effects if effect.rectify is not None), None)


def rectified(world: World, amendment: Amendment, moment: Moment) -> Outcome:
    """Return the entries that say how the cases stand once an entry is put right.

    Args:
        world: the linked cases as they stand, with the whole history of them and of the other
            cases about their records and people, which each decision sees as they were then.
        amendment: what was wrong with which entry.
        moment: when this is recorded.

    Returns:
        An entry for the amended case, and for each linked one that comes out otherwise.

    Raises:
        Refused: the entry is none that a person made, its day is out of order, or what happened
            after it could not have happened so.
    """
    _check(world, amendment)
    again = decided_again(world, {**made(world), (amendment.case, amendment.entry): amendment}, amendment, moment)
    return differences(world, again, amendment, moment)


def _amendment(rule: Rectify, world: World, case: Case, moment: Moment) -> Amendment:
    facts = CaseFacts.of(world, case, SYSTEM_ACTOR, moment.effective)

    def value(expression: str | None) -> Any:
        return None if expression is None else facts.value(expression)

    on, values = value(rule.on), value(rule.values)
    return Amendment(
        case=case.number,
        entry=int(value(rule.entry)),
        void=bool(value(rule.void)),
        on=None if on is None else read_date(on),
        values=dict(values or {}),
    )


def _check(world: World, amendment: Amendment) -> None:
    """Refuse what no person did, what opens the case, and a day that is out of order."""
    recorded = world.history[place_of(world, (amendment.case, amendment.entry))]
    entry = recorded.entry
    if entry.actor == SYSTEM or entry.change.refused is not None or entry.action not in _actions(world, entry):
        message = Text(
            "第 {n} 条（{a}）不是人员办理的步骤，不能更正；请更正引起它的那一条",
            "entry {n} ({a}) is no step that a person took; put right the one that brought it about",
        )
        raise refused(message.fill(n=recorded.seq, a=entry.action))
    if rule_of(world.rules_of(world.cases[entry.case]), entry.action) is not None:
        message = Text(
            "更正本身不能再被更正；请另行更正原来那一条",
            "a rectification is not rectified itself; amend the entry again",
        )
        raise refused(message)
    if amendment.void and entry.change.opening is not None:
        message = Text("申请本身不能作废；请办理撤回", "what opened the case can't be void; withdraw the case instead")
        raise refused(message)
    if amendment.void and opened_by(world, entry):
        message = Text(
            "第 {n} 条开出了其他案件，不能作废；请办理那些案件",
            "entry {n} opened other cases and can't be void; act on those instead",
        )
        raise refused(message.fill(n=recorded.seq))
    if amendment.on is not None:
        _check_day(world, recorded, amendment.on)


def _check_day(world: World, recorded: Recorded, on: date) -> None:
    """The right day must lie between those of the case's entries before and after it."""
    own = [
        r for r in world.history
        if r.entry.case == recorded.entry.case and r.seq and r.entry.change.refused is None and r.entry.actor != SYSTEM
    ]  # fmt: skip
    place = own.index(recorded)
    first = own[place - 1].entry.effective if place else date.min
    followed = (
        place + 1 < len(own)
        and rule_of(world.rules_of(world.cases[recorded.entry.case]), own[place + 1].entry.action) is None
    )
    last = own[place + 1].entry.effective if followed else recorded.entry.at.date()
    last = max(last, recorded.entry.effective)
    if not first <= on <= last:
        message = Text(
            "更正后的日期（{d}）须在前一步（{f}）与后一步（{l}）之间",
            "the right day ({d}) must lie between the step before ({f}) and the one after ({l})",
        )
        raise refused(message.fill(d=on, f="—" if first == date.min else first, l=last))


def _actions(world: World, entry: Entry) -> Mapping[str, Any]:
    return world.rules_of(world.cases[entry.case]).actions
