"""Play a scenario: take its steps with the real actions and the real sweep, and check its expectations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from credit_workflow.authoring.scenarios.exercised import Coverage
from credit_workflow.authoring.scenarios.expectations import Difference, differences, differing, told
from credit_workflow.authoring.scenarios.made_up_people import numbers
from credit_workflow.authoring.scenarios.noting import note_refusal, note_step
from credit_workflow.authoring.scenarios.observing import Viewpoint
from credit_workflow.authoring.scenarios.practice_accounts import own_accounts
from credit_workflow.authoring.scenarios.scenario import Expect, Step
from credit_workflow.authoring.scenarios.scenario_door import Opens
from credit_workflow.authoring.scenarios.scenario_source import Placed, Scenarios
from credit_workflow.authoring.scenarios.stage import Stage
from credit_workflow.authoring.scenarios.steps import Doer, Progress
from credit_workflow.casework.rulebook.scenario_answers import FailedExpectation, PlayedScenario
from credit_workflow.casework.sweep.sweep_answers import SweepReport
from credit_workflow.engine.values import Ground
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.strict_yaml.documents import KeyPath
from credit_workflow.text import Lang, Text, same

_NOTHING = Expect()


class _Mistake(CreditWorkflowError):
    """The definition can't be carried out, which nobody can expect."""


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A database as it was after some steps, with how far they came and what failed in them."""

    path: Path
    progress: Progress
    failures: tuple[FailedExpectation, ...] = ()


@dataclass(kw_only=True)
class Player:
    """Plays scenarios, each on a database of its own.

    A background is played once, and the scenarios that begin with it go on from a copy.

    Args:
        stage: where they are played, and under which rules.
        opens: opens the door to a scenario's database.
        lang: in which it is told what failed.
        coverage: what is exercised is added to it.
    """

    stage: Stage
    opens: Opens
    lang: Lang
    coverage: Coverage = field(default_factory=Coverage)
    _kept: dict[tuple[Any, ...], _Kept] = field(default_factory=dict)

    def play(self, source: Scenarios, index: int) -> PlayedScenario:
        """Play one scenario of a file that has been checked; ``index`` counts from 0."""
        scenario = source.value.scenarios[index]
        steps = source.steps(index)
        before = self._behind(source, index, scenario.background, date.fromisoformat(steps[0].step.day))
        after = self._go_on(source, index, before, steps[before.progress.steps :])
        self.stage.discard(after.path)
        if scenario.background is None:
            self.stage.discard(before.path)
        return PlayedScenario(
            title=scenario.title if isinstance(scenario.title, str) else scenario.title.text.to(self.lang),
            file=source.file.name,
            line=source.line(("scenarios", index)),
            ok=not after.failures,
            steps=len(steps),
            failures=after.failures,
        )

    def _behind(self, source: Scenarios, index: int, name: str | None, day: date) -> _Kept:
        """Return where a scenario begins: after its background, or on an empty database with its records."""
        people, records = source.people(index), source.records(index)
        if name is None:
            accounts = own_accounts(source.value.accounts, self.stage.accounts)
            return _Kept(path=self.stage.furnished(people, records, day, accounts), progress=Progress())
        key = (source.file, name, msgspec.json.encode((people, records)))
        if key not in self._kept:
            background = source.value.backgrounds[name]
            before = self._behind(source, index, background.background, day)
            self._kept[key] = self._go_on(source, index, before, source.own_steps(name))
        return self._kept[key]

    def _go_on(self, source: Scenarios, index: int, before: _Kept, steps: Sequence[Placed]) -> _Kept:
        """Take steps from where others ended, on a copy of their database."""
        path = self.stage.copied(before.path)
        progress = deepcopy(before.progress)
        with self.opens(path, self.stage.keys, self.stage.definitions, self.stage.calendar) as door:
            doer = Doer(
                stage=self.stage,
                accounts={**self.stage.accounts, **own_accounts(source.value.accounts, self.stage.accounts)},
                door=door,
                people=numbers(source.people(index)),
                record=next(iter(source.records(index))),
                workflow=source.value.workflow,
                progress=progress,
            )
            performance = _Performance(source=source, doer=doer, lang=self.lang, coverage=self.coverage)
            for placed in steps:
                progress.steps += 1
                if not progress.stopped:
                    performance.take(placed)
        return _Kept(path=path, progress=progress, failures=(*before.failures, *performance.failures))


@dataclass(kw_only=True)
class _Performance:
    """Some steps while they are being taken."""

    source: Scenarios
    doer: Doer
    lang: Lang
    coverage: Coverage
    failures: list[FailedExpectation] = field(default_factory=list)

    def take(self, placed: Placed) -> None:
        """Take one step and hold its expectations against it."""
        step, progress = placed.step, self.doer.progress
        moment = self.doer.moment(step)
        refusal: CreditWorkflowError | None = None
        swept: SweepReport | None = None
        try:
            swept = self.doer.take(step, moment)
        except CreditWorkflowError as fault:
            refusal = fault
            note_refusal(self.coverage, self.doer, step, fault)
        except (ValueError, KeyError, IndexError, RecursionError) as fault:
            # A definition can have mistakes that show only when it runs; the sweep passes over them likewise.
            refusal = _Mistake(same(f"{type(fault).__name__}: {' '.join(str(fault).split())}"), code="bad_case")
        point = Viewpoint(doer=self.doer, moment=moment)
        note_step(self.coverage, point)
        stop = self._went_wrong(placed, refusal)
        if stop is not None:
            progress.stopped = True
            self.failures.append(stop)
            return
        found = [] if refusal is None else _of_refusal(step.expect, refusal)
        found += self._of_step(step.expect, swept) + self._of_cases(point, step.expect)
        self.failures += [self._different(placed, *difference) for difference in found]

    def _went_wrong(self, placed: Placed, refusal: CreditWorkflowError | None) -> FailedExpectation | None:
        """Return the failure where a step was refused that should not be, or the other way round."""
        step, expect = placed.step, placed.step.expect
        mistaken = isinstance(refusal, _Mistake)
        if refusal is None and expect.refuses:
            name = "refused" if expect.refused is not None else "missing"
            message = Text("应被拒绝，却已办理", "it should have been refused, and was done")
            wanted = msgspec.to_builtins(getattr(expect, name))
            return self._failed(placed, ("expect", name), message, expected=wanted, stops=True)
        if refusal is None or (expect.refuses and not mistaken):
            return None
        did = "sweep" if step.sweep is not None else "open" if step.open is not None else "do"
        message = Text("未能办理：{why}", "it was not done: {why}").fill(why=refusal.message)
        return self._failed(placed, (did,), message, actual=refusal.code, stops=True)

    def _of_step(self, expect: Expect, swept: SweepReport | None) -> list[Difference]:
        found: list[Difference] = []
        with self.doer.database.reading() as db:
            sent = db.outbox.everything()[self.doer.progress.notifications :]
        self.doer.progress.notifications += len(sent)
        if isinstance(expect.notices, Mapping):
            pairs = sorted((notification.paper, notification.to) for notification in sent)
            if sorted(expect.notices.items()) != pairs:
                found.append((("notices",), dict(expect.notices), [f"{paper}: {to}" for paper, to in pairs]))
        elif expect.notices is not None:
            found += differing(
                ("notices",), sorted(expect.notices), sorted(notification.paper for notification in sent)
            )
        if swept is not None:
            if expect.fired is not None:
                found += differing(("fired",), dict(sorted(expect.fired.items())), dict(sorted(swept.fired.items())))
            if expect.opened is not None:
                found += differing(("opened",), expect.opened, len(swept.opened))
            found += differing(("failed",), [], [f"{f.case}: {f.message}" for f in swept.failed])
        return found

    def _of_cases(self, point: Viewpoint, expect: Expect) -> list[Difference]:
        found: list[Difference] = []
        progress = self.doer.progress
        if progress.current is not None and expect != _NOTHING:
            found += differences(expect, point.look(self.doer.number))
        for name, wanted in expect.cases.items():
            differ = differences(wanted, point.look(progress.cases[name]))
            found += [(("cases", name, *key), expected, actual) for key, expected, actual in differ]
        return found

    def _different(self, placed: Placed, key: KeyPath, expected: Any, actual: Any) -> FailedExpectation:
        return self._failed(placed, ("expect", *key), told(key, expected, actual), expected=expected, actual=actual)

    def _failed(
        self,
        placed: Placed,
        key: KeyPath,
        message: Text,
        *,
        expected: Any = None,
        actual: Any = None,
        stops: bool = False,
    ) -> FailedExpectation:
        return FailedExpectation(
            step=self.doer.progress.steps,
            on=placed.step.day,
            doing=_doing(placed.step),
            line=self.source.line((*placed.key, *key)),
            key=".".join(map(str, key)),
            message=message.to(self.lang),
            expected=expected,
            actual=actual,
            stops=stops,
        )


def _doing(step: Step) -> str:
    if step.sweep is not None:
        return "sweep"
    return step.do or "" if step.open is None else f"open {step.open}"


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
