"""Look at the cases of a scenario as of a day, the way people look at theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from credit_workflow.authoring.scenarios.expectations import Look
from credit_workflow.authoring.scenarios.steps import Doer
from credit_workflow.casework.access.sight import Sight
from credit_workflow.casework.cases.listing import marks_in_force, show_case
from credit_workflow.casework.cases.opening import family_of
from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.casework.cases.views import persons_in
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.records.shown_records import shown_record
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.attempt import available
from credit_workflow.engine.clocks.deadlines import standing
from credit_workflow.engine.world import Moment


@dataclass(frozen=True, kw_only=True)
class Viewpoint:
    """Everybody's view of a scenario's database as of a moment.

    Args:
        doer: who takes the scenario's steps, with its cases, its people and those who could act.
        moment: as of when.
    """

    doer: Doer
    moment: Moment

    def _viewer(self, db: Reading) -> Viewer:
        sight = Sight(db, {}, None, self.moment, lambda: self.doer.stage.calendar)
        return Viewer(actor=None, moment=self.moment, lang="zh", sight=sight)

    def statuses(self) -> Iterator[tuple[Workflow, str, str]]:
        """Give the deadlines of all cases, each with its workflow, its name and how it stands."""
        with self.doer.database.reading() as db:
            snapshot = self._snapshot(db)
            cases = {case.number: case for case in db.cases.find()}
            roots = [number for number, case in cases.items() if case.parent is None]
            for family in db.cases.families(roots).values():
                world = snapshot.caught_up(family).world
                for case in world.cases.values():
                    rules = world.rules_of(case)
                    for name, deadline in case.deadlines.items():
                        status = standing(rules.deadline(name), deadline, self.moment.effective)
                        yield rules.workflow, name, status

    def look(self, number: str) -> Look:
        """Return a case as of the moment.

        Raises:
            NotFound: there is no such case.
        """
        with self.doer.database.reading() as db:
            snapshot = self._snapshot(db)
            world = snapshot.caught_up(family_of(db, number)).world
            case = world.cases[number]
            workflow = world.rules_of(case).workflow
            return Look(
                view=show_case(snapshot, number, self._viewer(db)).document(),
                done={name: done.on.isoformat() for name, done in case.done.items()},
                record=self._record(snapshot, case.record) if case.record else None,
                offers=partial(self._offers, number),
                names={known: name for name, known in self.doer.progress.cases.items()},
                people=self.doer.people,
                persons=persons_in(workflow),
                cases=frozenset(name for name, field in workflow.fields.items() if field.type == "cases"),
            )

    def _snapshot(self, db: Any) -> Snapshot:
        return Snapshot(db=db, moment=self.moment, calendar=lambda: self.doer.stage.calendar)

    def _record(self, snapshot: Snapshot, no: str) -> dict[str, Any]:
        record = snapshot.db.records.get(no)
        return shown_record(
            record, marks_in_force(snapshot, no), "zh", full=False, seen=True, sees_suspended=True
        ).document()

    def _offers(self, number: str, who: str | None) -> list[str]:
        """Return what is offered to an account, to those with a role alone, or to all (None)."""
        with self.doer.database.reading() as db:
            world = self._snapshot(db).caught_up(family_of(db, number)).world
        case = world.cases[number]
        found: dict[str, None] = {}
        for name, actor in self.doer.accounts.items():
            if who is None or who == name or actor.roles == {who}:
                found.update(dict.fromkeys(available(world, case, actor, self.moment)))
        return list(found)
