"""Decide who comes: how many cases are filed on a day, and what each of them is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from credit_workflow.authoring.simulation.assumptions import Follow
from credit_workflow.authoring.simulation.draws import drawn, poisson
from credit_workflow.authoring.simulation.filled_values import NATURAL, WORD
from credit_workflow.authoring.simulation.start import Coming, Scenario, Start, Template
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Case, Opening, Record
from credit_workflow.engine.world import Birth, Outcome, World, opening_of
from credit_workflow.identity import NOBODY, Subject

_YEARS_VALID = 5
#: So many cases can one action open of a workflow.
_MOST_BORN = 64


class Newcomer(Struct, frozen=True, kw_only=True, gc=False):
    """A case about to be filed: what it begins with, the record it is about, and what is given where that is set."""

    number: str
    rules: Rules
    opening: Opening
    record: Record | None = None
    given: Mapping[str, Any] | None = None


class Arriving:
    """Counts out the cases that are filed, and numbers them on from today's.

    Args:
        start: what they are modelled on.
        scenario: how many come, and under which definitions.
    """

    def __init__(self, start: Start, scenario: Scenario) -> None:
        self._start, self._scenario = start, scenario
        self._serials = Counter(start.serials)

    def today(self, day: date, *, works: bool) -> Iterator[tuple[str, int]]:
        """Return how many cases of each workflow are filed on a day.

        Those on average come on working days, those of a day come on that day.
        """
        people = self._scenario.people
        for workflow, arrivals in people.arrivals.items():
            if workflow not in self._scenario.rules:
                continue
            count = arrivals.on.get(day, 0)
            if works and arrivals.per_day:
                count += poisson(arrivals.per_day, drawn(people.seed, "arrivals", workflow, day))
            if count:
                yield workflow, count

    def new(self, workflow: str, day: date) -> Newcomer:
        """Return a case of a workflow that has no parent, about somebody as in a case of the past."""
        rules = self._scenario.rules[workflow]
        number = self._number(rules, day)
        template, about, record = self._template(workflow, number), rules.workflow.about, None
        if about == "record":
            record = _record(template, number, day)
            subject = record.subject if template is None or template.record is None else template.subject
        else:
            subject = NOBODY if about == "nothing" else _person(None if template is None else template.subject)
        unit = None if template is None else template.unit
        opening = opening_of(rules, subject=subject, record=record.no if record else "", unit=unit)
        return Newcomer(number=number, rules=rules, opening=opening, record=record)

    def child(self, workflow: str, parent: Case, day: date) -> Newcomer:
        """Return a case that follows on another one, for the same person and record."""
        rules = self._scenario.rules[workflow]
        number = self._number(rules, day)
        about = rules.workflow.about
        subject = parent.subject if about == "record" else NOBODY if about == "nothing" else _person(parent.subject)
        record = parent.record if about == "record" else ""
        opening = opening_of(rules, subject=subject, record=record, parent=parent.number, unit=parent.unit)
        return Newcomer(number=number, rules=rules, opening=opening)

    def recurring(self, coming: Coming) -> Newcomer:
        """Return a case that the system opens by itself."""
        rules = self._scenario.rules[coming.workflow]
        number = self._number(rules, coming.effective)
        return Newcomer(number=number, rules=rules, opening=opening_of(rules, subject=NOBODY), given=coming.given)

    def with_births(self, world: World, day: date) -> World:
        """Return a world of linked cases with what those can open below them."""
        births = {}
        for name in sorted(frozenset[str]().union(*(world.rules_of(case).opens for case in world.cases.values()))):
            rules = self._scenario.rules.get(name)
            if rules is not None:
                last = self._serials[name, day.year]
                numbers = (rules.workflow.number_for(day.year, last + n) for n in range(1, _MOST_BORN + 1))
                births[name] = Birth(definition=rules.digest, numbers=tuple(numbers))
        return replace(world, births=births) if births else world

    def born(self, outcome: Outcome) -> list[Case]:
        """Return the cases that others have opened below them, and count their numbers as given out."""
        found = []
        for entry in outcome.entries:
            if entry.change.opening is not None and entry.change.told_by is not None:
                case = outcome.world.cases[entry.case]
                self._serials[case.workflow, entry.effective.year] += 1
                found.append(case)
        return found

    def world(self, new: Newcomer, rules: Mapping[str, Rules]) -> World:
        """Return the world of a case without a parent, before it is filed."""
        records = {} if new.record is None else {new.record.no: new.record}
        return World(rules=rules, calendar=self._scenario.calendar, records=records)

    def _number(self, rules: Rules, day: date) -> str:
        self._serials[rules.id, day.year] += 1
        return rules.workflow.number_for(day.year, self._serials[rules.id, day.year])

    def _template(self, workflow: str, number: str) -> Template | None:
        known = self._start.templates.get(workflow, ())
        if not known:
            return None
        return known[int(drawn(self._scenario.people.seed, number, "template") * len(known))]


def follows_of(scenario: Scenario) -> dict[tuple[str, str], list[tuple[str, Follow]]]:
    """Return what is filed after which action of which workflow."""
    found: dict[tuple[str, str], list[tuple[str, Follow]]] = {}
    for workflow, arrivals in scenario.people.arrivals.items():
        rules = scenario.rules.get(workflow)
        if rules is not None and rules.workflow.parent is not None:
            for action, follow in arrivals.after.items():
                found.setdefault((rules.workflow.parent, action), []).append((workflow, follow))
    return found


def _person(subject: Subject | None) -> Subject:
    """Return a person, a made-up one where it is none."""
    return subject if subject is not None and subject.kind in ("natural", "legal") else NATURAL


def _record(template: Template | None, number: str, day: date) -> Record:
    """Return a record of its own for a case: the model's, valid as long before and after the filing as there."""
    if template is None or template.record is None:
        return Record(
            no=f"({number})",
            subject=NATURAL,
            provider=WORD,
            open_class="B",
            title=WORD,
            content=WORD,
            valid_from=day,
            valid_until=day.replace(year=day.year + _YEARS_VALID, day=min(day.day, 28)),
        )
    model = template.record
    first, last = model.valid_from, max(model.valid_until, day)
    if template.opened is not None:
        moved = day - template.opened
        first, last = model.valid_from + moved, model.valid_until + moved
    return replace(model, no=f"({number})", revision=1, removed=False, valid_from=first, valid_until=last)
