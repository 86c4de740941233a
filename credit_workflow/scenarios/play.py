"""Playing a scenario: its steps on the real desk and the real sweep, and its expectations held against them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from credit_workflow.casework import desk
from credit_workflow.casework.desk import Form, NewCase, Session
from credit_workflow.casework.nightly import SweepReport, sweep
from credit_workflow.definition.library import Definition
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.attempt import obstacles
from credit_workflow.engine.values import SYSTEM, Actor, Case, Entry, Ground
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Request, World
from credit_workflow.errors import CreditWorkflowError, NotAllowed, Refused
from credit_workflow.scenarios.accounts import account_for
from credit_workflow.scenarios.compare import Difference, differences, differing, told
from credit_workflow.scenarios.coverage import Coverage
from credit_workflow.scenarios.look import Viewpoint
from credit_workflow.scenarios.model import Expect, Step, Words
from credit_workflow.scenarios.people import numbers
from credit_workflow.scenarios.reader import Placed, Source
from credit_workflow.scenarios.stage import Stage
from credit_workflow.store.database import Database
from credit_workflow.text import Text, same
from credit_workflow.yaml_file import KeyPath

_BY_DAY, _BY_NIGHT = time(9), time(0, 5)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """An expectation that does not hold.

    ``step`` counts from 1, those of the background included; ``line`` is the expectation's; ``key``
    is what it is about. ``stops`` says that the steps after it were not taken.
    """

    step: int
    of: int
    day: str
    doing: str
    line: int
    key: str
    message: Text
    expected: Any = None
    actual: Any = None
    stops: bool = False


@dataclass(frozen=True, kw_only=True)
class Played:
    """A scenario that was played, with what failed in it."""

    file: str
    line: int
    title: Text
    failures: tuple[Failure, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures


def play(stage: Stage, source: Source, index: int, coverage: Coverage) -> Played:
    """Play one scenario on a database of its own.

    Args:
        stage: where it is played, and under which rules.
        source: the file, checked.
        index: which of its scenarios, from 0.
        coverage: what is exercised is added to it.
    """
    people, records, steps = source.people(index), source.records(index), source.steps(index)
    with stage.scene(people, records, date.fromisoformat(steps[0].step.day)) as database:
        performance = _Performance(
            stage=stage,
            source=source,
            database=database,
            people=numbers(people),
            record=next(iter(records)),
            coverage=coverage,
            steps=steps,
        )
        performance.run()
    scenario = source.value.scenarios[index]
    line = source.line(("scenarios", index))
    return Played(
        file=source.file.name, line=line, title=in_words(scenario.title), failures=tuple(performance.failures)
    )


def in_words(words: Words) -> Text:
    """Return a title, which may be in one language only."""
    return same(words) if isinstance(words, str) else words.text


@dataclass(kw_only=True)
class _Performance:
    """One scenario while it is being played."""

    stage: Stage
    source: Source
    database: Database
    people: Mapping[str, str]
    record: str
    coverage: Coverage
    steps: list[Placed]
    cases: dict[str, str] = field(default_factory=dict)
    current: str | None = None
    failures: list[Failure] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    notices: int = 0
    last: datetime | None = None

    def run(self) -> None:
        for number, placed in enumerate(self.steps, 1):
            if not self._take(number, placed):
                return

    def _take(self, number: int, placed: Placed) -> bool:
        """Take one step and hold its expectations against it; False where the rest makes no sense any more."""
        step, expect = placed.step, placed.step.expect
        moment = self._moment(step)
        if step.case is not None:
            self.current = step.case
        refusal: CreditWorkflowError | None = None
        swept: SweepReport | None = None
        try:
            if step.sweep is not None:
                swept = self._sweep(moment)
            else:
                self._act(step, moment)
        except CreditWorkflowError as fault:
            refusal = fault
            self._note_refusal(step, fault)
        point = Viewpoint(
            database=self.database,
            moment=moment,
            calendar=self.stage.calendar,
            accounts=self.stage.accounts,
            numbers=self.cases,
            people=self.people,
        )
        self._note(point, moment)
        stop = self._outcome(number, placed, refusal)
        if stop is not None:
            self.failures.append(stop)
            return False
        found = self._of_step(expect, swept) + self._of_cases(point, expect, refusal)
        self.failures += [self._failure(number, placed, *difference) for difference in found]
        return True

    def _moment(self, step: Step) -> Moment:
        """Return the step's instant: a working hour of its day, or its night; never before the last one."""
        zone = self.stage.calendar.zone
        hour = _BY_NIGHT if step.sweep is not None else _BY_DAY
        at = datetime.combine(date.fromisoformat(step.day), hour, tzinfo=ZoneInfo(zone))
        if self.last is not None:
            at = max(at, self.last + timedelta(seconds=1))
        self.last = at
        return Moment.of(at, zone)

    # -- doing

    def _act(self, step: Step, moment: Moment) -> None:
        if step.open is not None:
            workflow = self._workflow(step.open)
            action = workflow.opening[0]
            number = desk.submit(
                self._session(step, workflow, action, moment),
                self._new(step, workflow),
                self._form(step, workflow, action),
            )
            self.current = step.name or step.open
            self.cases[self.current] = number
        elif step.do is not None:
            number = self.cases[self.current or ""]
            workflow = self._workflow_of(number)
            session = self._session(step, workflow, step.do, moment)
            desk.act(session, number, step.do, self._form(step, workflow, step.do), workflow=workflow.workflow)

    def _session(self, step: Step, workflow: Workflow, action: str, moment: Moment) -> Session:
        by = step.by or next(role for role in workflow.actions[action].by if role != SYSTEM)
        return Session(
            store=self.database,
            definitions=self.stage.definitions,
            calendar=self.stage.calendar,
            actor=self._actor(by),
            moment=moment,
        )

    def _actor(self, by: str) -> Actor:
        return account_for(by, self.stage.accounts)

    def _new(self, step: Step, workflow: Workflow) -> NewCase:
        subject = step.subject
        record = step.record
        if workflow.about == "record" and workflow.parent is None:
            record = record or self.record
        if workflow.about == "person":
            subject = subject or "applicant"
        return NewCase(
            workflow=workflow.workflow,
            record=record,
            parent=None if step.parent is None else self.cases[step.parent],
            subject=None if subject is None else self.people[subject],
            account=step.account,
        )

    def _form(self, step: Step, workflow: Workflow, action: str) -> Form:
        rule = workflow.actions[action]
        given = {name: self._value(workflow, rule.ask(name).field or name, value) for name, value in step.given.items()}
        kinds = [step.materials] if isinstance(step.materials, str) else list(step.materials)
        return Form(
            given=given,
            materials={kind: None for kind in kinds if kind != "all"},
            all_materials="all" in kinds,
            note=step.note,
        )

    def _value(self, workflow: Workflow, name: str, value: Any) -> Any:
        """Return a given value, people and cases by their numbers instead of their names here."""
        kind = workflow.fields[name].type
        if kind == "person" and isinstance(value, str):
            return self.people.get(value, value)
        if kind == "cases":
            listed = [value] if isinstance(value, str) else value
            return [self.cases.get(name, name) for name in listed] if isinstance(listed, list) else value
        return value

    def _sweep(self, moment: Moment) -> SweepReport:
        """Sweep the night; what recurs is opened of the workflows that the scenario is about."""
        opened = {placed.step.open for placed in self.steps}
        about = [d for name, d in self.stage.definitions.items() if name in {*opened, self.source.value.workflow}]
        return sweep(self.database, self.stage.calendar, moment, recurring=about)

    # -- noting what was exercised

    def _note_refusal(self, step: Step, refusal: CreditWorkflowError) -> None:
        if not isinstance(refusal, (Refused, NotAllowed)):
            return
        grounds: list[Ground] = refusal.details.get("grounds", [])
        if step.open is not None:
            workflow = self._workflow(step.open)
            self.coverage.refused(workflow, workflow.opening[0], grounds)
        elif step.do is not None:
            self.coverage.refused(self._workflow_of(self.cases[self.current or ""]), step.do, grounds)

    def _note(self, point: Viewpoint, moment: Moment) -> None:
        with self.database.reading() as db:
            cases = {case.number: case for case in db.cases()}
            fresh: list[Entry] = []
            for number in cases:
                history = db.history(number)
                fresh += [recorded.entry for recorded in history[self.known.get(number, 0) :]]
                self.known[number] = len(history)
            for entry in fresh:
                self.coverage.acted(db.rules[cases[entry.case].definition].workflow, entry)
            world = World(rules=db.rules, calendar=self.stage.calendar, cases=cases)
        for entry in fresh:
            self._note_untold(world, entry, fresh, moment)
        for number, case in cases.items():
            for deadline, status in point.statuses(number).items():
                self.coverage.stood(self._definition(case).workflow, deadline, status)

    def _note_untold(self, world: World, entry: Entry, fresh: list[Entry], moment: Moment) -> None:
        """Note the guards for which a linked case was not told, where it is told only if possible.

        Such a tell leaves nothing in the log; what stands in its way is asked of the world as it is
        after the step.
        """
        case = world.cases[entry.case]
        action = world.rules_of(case).actions.get(entry.action)
        tells = [effect.tell for effect in action.effects if effect.tell is not None] if action is not None else []
        for tell in tells:
            parent = [world.cases[case.parent]] if case.parent else []
            others = {"self": [case], "parent": parent, "children": world.children_of(case.number)}[tell.case]
            for other in others:
                was = any(e.case == other.number and e.action == tell.action for e in fresh)
                rules = world.rules_of(other)
                if tell.if_possible and not was and tell.action in rules.actions:
                    request = Request(action=tell.action, case=other.number, actor=SYSTEM_ACTOR, told_by=entry.case)
                    self.coverage.refused(rules.workflow, tell.action, obstacles(world, request, moment))

    # -- comparing

    def _outcome(self, number: int, placed: Placed, refusal: CreditWorkflowError | None) -> Failure | None:
        """Return the failure where a step was refused that should not be, or the other way round."""
        step, expect = placed.step, placed.step.expect
        name = "refused" if expect.refused is not None or not expect.missing else "missing"
        key: KeyPath = ("expect", name)
        if refusal is None and expect.refuses:
            wanted = {"refused": expect.refused, "missing": expect.missing}[name]
            message = Text("应被拒绝，却已办理", "it should have been refused, and was done")
            return self._failed(number, placed, key, message, expected=_plain(wanted), stops=True)
        if refusal is None:
            return None
        if not expect.refuses:
            did = "sweep" if step.sweep is not None else "open" if step.open is not None else "do"
            return self._failed(number, placed, (did,), _refused(refusal), actual=refusal.code, stops=True)
        found = _of_refusal(expect, refusal)
        self.failures += [self._failure(number, placed, *difference) for difference in found]
        return None

    def _of_step(self, expect: Expect, swept: SweepReport | None) -> list[Difference]:
        found: list[Difference] = []
        with self.database.reading() as db:
            sent = db.notices()[self.notices :]
            self.notices += len(sent)
        if isinstance(expect.notices, Mapping):
            pairs = sorted((notice.paper, notice.to) for notice in sent)
            if sorted(expect.notices.items()) != pairs:
                found.append((("notices",), dict(expect.notices), [f"{paper}: {to}" for paper, to in pairs]))
        elif expect.notices is not None:
            found += differing(("notices",), sorted(expect.notices), sorted(notice.paper for notice in sent))
        if swept is not None:
            if expect.fired is not None:
                found += differing(("fired",), dict(sorted(expect.fired.items())), dict(sorted(swept.fired.items())))
            if expect.opened is not None:
                found += differing(("opened",), expect.opened, len(swept.opened))
            found += [(("sweep",), None, f"{f.case}: {f.message.en}") for f in swept.failed]
        return found

    def _of_cases(self, point: Viewpoint, expect: Expect, refusal: CreditWorkflowError | None) -> list[Difference]:
        found: list[Difference] = []
        if self.current is not None and not (refusal is not None and self.current not in self.cases):
            found += differences(expect, point.look(self.cases[self.current]))
        for name, wanted in expect.cases.items():
            differ = differences(wanted, point.look(self.cases[name]))
            found += [(("cases", name, *key), expected, actual) for key, expected, actual in differ]
        return found

    def _failure(self, number: int, placed: Placed, key: KeyPath, expected: Any, actual: Any) -> Failure:
        at = key if key == ("sweep",) else ("expect", *key)
        return self._failed(number, placed, at, told(key, expected, actual), expected=expected, actual=actual)

    def _failed(
        self,
        number: int,
        placed: Placed,
        key: KeyPath,
        message: Text,
        *,
        expected: Any = None,
        actual: Any = None,
        stops: bool = False,
    ) -> Failure:
        step = placed.step
        doing = "sweep" if step.sweep is not None else f"open {step.open}" if step.open is not None else step.do or ""
        return Failure(
            step=number,
            of=len(self.steps),
            day=step.day,
            doing=doing,
            line=self.source.line((*placed.key, *key)),
            key=".".join(map(str, key)),
            message=message,
            expected=expected,
            actual=actual,
            stops=stops,
        )

    # -- finding

    def _workflow(self, name: str) -> Workflow:
        return self.stage.definitions[name].workflow

    def _workflow_of(self, number: str) -> Workflow:
        with self.database.reading() as db:
            return self._definition(db.case(number)).workflow

    def _definition(self, case: Case) -> Definition:
        return self.stage.definitions[case.workflow]


def _plain(wanted: Any) -> Any:
    return dict(wanted) if isinstance(wanted, Mapping) else list(wanted)


def _refused(refusal: CreditWorkflowError) -> Text:
    return Text("未能办理：{why}", "it was not done: {why}").fill(why=refusal.message)


def _of_refusal(expect: Expect, refusal: CreditWorkflowError) -> list[Difference]:
    grounds: list[Ground] = refusal.details.get("grounds", [])
    missing = sorted(str(g.facts.get("material")) for g in grounds if g.code == "material")
    sources = {g.code: g.source for g in grounds if g.code != "material"}
    if not grounds:
        sources = {refusal.code: refusal.source}
    found = differing(("missing",), sorted(expect.missing), missing)
    if isinstance(expect.refused, Mapping):
        return found + differing(("refused",), dict(sorted(expect.refused.items())), dict(sorted(sources.items())))
    return found + differing(("refused",), sorted(expect.refused or ()), sorted(sources))
