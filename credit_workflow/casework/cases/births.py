"""Give cases what they need to open others below them: definitions in force, and numbers."""

from __future__ import annotations

import msgspec

from credit_workflow.casework.acting import Acting
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.world import Birth, Outcome, World
from credit_workflow.errors import Conflict
from credit_workflow.text import Text

#: So many cases can one action open of a workflow.
_MOST = 64


def with_births(db: Reading, acting: Acting, world: World) -> World:
    """Return a world of linked cases with what those can open below them.

    Args:
        db: where the numbers given out are.
        acting: knows the definitions in force.
        world: the cases.
    """
    wanted = frozenset[str]().union(*(world.rules_of(case).opens for case in world.cases.values()))
    found = {name: acting.definitions[name] for name in wanted if name in acting.definitions}
    if not found:
        return world
    year = acting.moment.effective.year
    given_out = {workflow: last for workflow, of_year, last in db.cases.series() if of_year == year}
    rules, births = dict(world.rules), {}
    for name, definition in found.items():
        rules.setdefault(definition.digest, Rules(definition.workflow, definition.digest))
        last = given_out.get(name, 0)
        numbers = tuple(definition.workflow.number_for(year, last + n) for n in range(1, _MOST + 1))
        births[name] = Birth(definition=definition.digest, numbers=numbers)
    return msgspec.structs.replace(world, rules=rules, births=births)


def count_births(db: Writing, outcome: Outcome) -> None:
    """Count the numbers of the cases that an action opened as given out.

    Raises:
        Conflict: somebody else has taken one meanwhile.
    """
    for entry in outcome.entries:
        opening = entry.change.opening
        if opening is None or entry.change.told_by is None:
            continue
        if db.cases.next_number(db.rules[opening.definition], entry.effective.year) != entry.case:
            message = Text(
                "编号 {n} 刚被他人使用，没有写入任何内容。请重新办理",
                "the number {n} has just been taken and nothing was written; do it again",
            )
            raise Conflict(message.fill(n=entry.case))
