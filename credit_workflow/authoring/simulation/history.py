"""Learn from the database's own history how many cases came, what was done next, and how long it took.

The newest cases are replayed entry by entry, and after each one is asked what the engine offered then. So an
action's time runs from when it was offered, and how often it was taken counts against how often it could have
been: the same questions that the simulation asks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from credit_workflow.authoring.simulation.assumptions import Arrivals, Follow, Habit, People
from credit_workflow.authoring.simulation.draws import seen
from credit_workflow.authoring.simulation.plans import everybody, offered
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM, Actor, Case, Entry
from credit_workflow.engine.world import Moment, Recorded, World

#: The days before today whose arrivals count.
WINDOW = timedelta(days=182)
#: The newest families that are replayed.
REPLAYED = 600
_COUNTED = ("choice", "boolean")


def history_of(
    db: Reading,
    in_force: Mapping[str, Rules],
    calendar: WorkCalendar,
    moment: Moment,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[People, int]:
    """Return what the log says of people, and the number of linked cases that it was learnt from.

    Args:
        db: the open database.
        in_force: the definitions that new cases begin with, by workflow.
        calendar: counts working days.
        moment: today.
        progress: called with the number of families replayed and of all.
    """
    roots = _newest_roots(db)
    watched = _Watched(calendar, everybody([*db.rules.values(), *in_force.values()]))
    records = db.records.known([case.record for case in roots])
    for done, root in enumerate(roots, 1):
        watched.family(db.cases.history(root.number), db.rules, records)
        if progress is not None:
            progress(done, len(roots))
    return watched.people(_rates(db, in_force, calendar, moment), in_force), len(roots)


def _newest_roots(db: Reading) -> list[Case]:
    return db.cases.find(CaseQuery(top_only=True, no_accounts=True, newest=REPLAYED))


def _rates(db: Reading, in_force: Mapping[str, Rules], calendar: WorkCalendar, moment: Moment) -> dict[str, Arrivals]:
    """Return how many cases came on a working day, over the window or since the first case if that is later."""
    today = moment.effective
    earliest = max(today - WINDOW, calendar.first)
    cases = db.cases.find(CaseQuery(top_only=True, no_accounts=True, since=earliest))
    filed = [case for case in cases if not _by_system(case, db.rules)]
    if not filed:
        return {}
    older = db.cases.find(CaseQuery(before=earliest, newest=1))
    first = earliest if older else min(case.opened for case in filed)
    days = max(1, calendar.working_days_between(first, today) + calendar.is_working(first))
    counts = Counter(case.workflow for case in filed if case.workflow in in_force)
    return {workflow: Arrivals(per_day=round(count / days, 4)) for workflow, count in counts.items()}


def _by_system(case: Case, rules: Mapping[str, Rules]) -> bool:
    opening = case.done.get(rules[case.definition].opening_action)
    return opening is not None and opening.by == SYSTEM


@dataclass(kw_only=True)
class _Offer:
    """Since when a case offers an action that leaves its state as it is, and whether it was taken."""

    since: date
    taken: bool = False


@dataclass
class _Watched:
    """What was seen, case by case."""

    calendar: WorkCalendar
    anybody: Actor
    ways: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    days: dict[tuple[str, str], Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    offers: Counter[tuple[str, str]] = field(default_factory=Counter)
    took: Counter[tuple[str, str]] = field(default_factory=Counter)
    roles: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    values: dict[tuple[str, str, str], Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))
    times: Counter[tuple[str, str]] = field(default_factory=Counter)
    follows: dict[tuple[str, str], Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def family(self, history: Sequence[Recorded], rules: Mapping[str, Rules], records: Mapping[str, Any]) -> None:
        """Replay the entries of linked cases, in the order of the log."""
        world = World(rules=rules, calendar=self.calendar, records=records)
        came: dict[str, date] = {}
        open_offers: dict[str, dict[str, _Offer]] = {}
        last: dict[str, tuple[str, date]] = {}
        for recorded in history:
            entry = recorded.entry
            if entry.change.refused is not None:
                continue
            before = world.cases.get(entry.case)
            if before is None and rules.get(_definition(entry)) is None:
                return
            after = evolve(before, entry)
            self._taken(rules[after.definition], entry, before, came, open_offers.get(entry.case, {}))
            if before is None and after.parent in last and entry.change.told_by is None:
                action, day = last[after.parent]
                self.follows[after.workflow, action][self._between(day, entry.effective)] += 1
            if before is None or before.state != after.state:
                came[entry.case] = entry.effective
            last[entry.case] = (entry.action, entry.effective)
            self.times[after.workflow, entry.action] += 1
            world = replace(world, cases={**world.cases, entry.case: after})
            for number, case in world.cases.items():
                self._offered(world, case, Moment(at=entry.at, effective=entry.effective),
                              open_offers.setdefault(number, {}))  # fmt: skip
        for number, case in world.cases.items():
            self.ways.setdefault((case.workflow, case.state), Counter())
            for name, offer in open_offers.get(number, {}).items():
                if offer.taken:
                    self.offers[case.workflow, name] += 1

    def _taken(
        self, rules: Rules, entry: Entry, before: Case | None, came: Mapping[str, date], offers: Mapping[str, _Offer]
    ) -> None:
        action = rules.actions.get(entry.action)
        if action is None:
            return
        key = (rules.id, entry.action)
        if entry.actor == SYSTEM:
            if before is not None and entry.before != entry.after:
                self.ways[rules.id, before.state][entry.action] += 1
                if entry.change.told_by is not None and not action.only_by_system:  # done by people in a linked case
                    self.days[key][self._between(came[entry.case], entry.effective)] += 1
            return
        self.roles[key][entry.role] += 1
        for name in action.asks:
            kind = rules.workflow.fields[action.field_of(name)].type
            if kind in _COUNTED and action.ask(name).required and name in entry.change.input:
                self.values[(*key, name)][entry.change.input[name]] += 1
        if before is None:
            return
        offer = offers.get(entry.action)
        if action.to is not None:
            self.ways[rules.id, before.state][entry.action] += 1
            self.days[key][self._between(came[entry.case], entry.effective)] += 1
        elif offer is not None and not offer.taken:
            offer.taken = True
            self.took[key] += 1
            self.days[key][self._between(offer.since, entry.effective)] += 1

    def _offered(self, world: World, case: Case, moment: Moment, known: dict[str, _Offer]) -> None:
        """Note what a case offers now that it did not offer before, and what it no longer does."""
        sides = offered(world, case, self.anybody, moment).sides
        for name in [name for name in known if name not in sides]:
            del known[name]
            self.offers[case.workflow, name] += 1
        for name in sides:
            known.setdefault(name, _Offer(since=moment.effective))

    def _between(self, first: date, last: date) -> int:
        return max(0, self.calendar.working_days_between(first, last))

    def people(self, rates: Mapping[str, Arrivals], in_force: Mapping[str, Rules]) -> People:
        """Return what was seen as assumptions."""
        habits = {}
        for workflow, rules in in_force.items():
            for name, action in rules.actions.items():
                if (workflow, name) in self.roles or SYSTEM in action.by:
                    habit = self._habit(workflow, name, moves=action.to is not None)
                    if habit != Habit():
                        habits[workflow, name] = habit
                elif self.offers[workflow, name]:
                    habits[workflow, name] = Habit(share=0.0)
        arrivals = {**rates, **self._follows(in_force)}
        return People(
            arrivals=arrivals,
            habits=habits,
            stays={key: ways.total() for key, ways in self.ways.items() if ways},
        )

    def _habit(self, workflow: str, name: str, *, moves: bool) -> Habit:
        key = (workflow, name)
        weights = {
            state: round(ways[name] / ways.total(), 6)
            for (its, state), ways in self.ways.items()
            if its == workflow and ways[name]
        }
        offers = self.offers[key]
        return Habit(
            weights=(weights or None) if moves else None,
            share=None if moves or not offers else round(min(1.0, self.took[key] / offers), 6),
            takes=seen(self.days[key]) if self.days[key] else None,
            role=self.roles[key].most_common(1)[0][0] if key in self.roles else None,
            values={
                asked: tuple((value, float(count)) for value, count in sorted(counts.items(), key=repr))
                for (its, action, asked), counts in self.values.items()
                if (its, action) == key
            },
        )

    def _follows(self, in_force: Mapping[str, Rules]) -> dict[str, Arrivals]:
        found: dict[str, dict[str, Follow]] = {}
        for (workflow, action), days in self.follows.items():
            parent = in_force[workflow].workflow.parent if workflow in in_force else None
            if parent is not None:
                share = min(1.0, days.total() / self.times[parent, action])
                found.setdefault(workflow, {})[action] = Follow(share=round(share, 6), takes=seen(days))
        return {workflow: Arrivals(after=after) for workflow, after in found.items()}


def _definition(entry: Entry) -> str:
    return entry.change.opening.definition if entry.change.opening is not None else ""
