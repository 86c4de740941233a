"""Move running cases to another version of their definition: look first, then do it in batches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice

from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.cases.failures import FAULTS
from credit_workflow.casework.cases.furnishing import caught_up
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.explanation.counted_worlds import history_of
from credit_workflow.casework.ports import Reading, Store
from credit_workflow.casework.rulebook.proposals import APPROVE
from credit_workflow.casework.rulebook.publications import kept, ledger_of
from credit_workflow.definition.library import Definition
from credit_workflow.engine.amending.migration import MIGRATE, Plan, migration, plan, undone, versions_had
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.replay import evolve
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM, Case, Deadline, Ground
from credit_workflow.engine.world import Moment, Outcome, Recorded, World
from credit_workflow.errors import NotFound, Refused
from credit_workflow.text import Text

#: Cases committed together.
BATCH = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Where cases shall go: to a version, or back from the newest one (``target`` None).

    ``workflow`` is the name; ``only`` limits it to some cases, all of them unless given.
    """

    workflow: str
    target: Rules | None
    only: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One case on the list of what would change, or has."""

    plan: Plan
    rules: Rules
    today: date

    @property
    def in_the_way(self) -> tuple[Ground, ...]:
        """Why the case can't go over; empty where it can."""
        return self.plan.in_the_way

    @cached_property
    def late(self) -> tuple[set[str], set[str]]:
        """The duties that are overdue under the version that the case has, and under the other one."""
        before = _late(self.rules, self.plan.case.deadlines, self.today)
        return before, before if self.in_the_way else _late(self.plan.target, self.plan.deadlines, self.today)

    @cached_property
    def offered(self) -> tuple[list[str], list[str]]:
        """The actions that people can take in the case's state under the version that it has, and the other one."""
        before = _offered(self.rules, self.plan.case.state)
        return before, before if self.in_the_way else _offered(self.plan.target, self.plan.state)


@dataclass(kw_only=True)
class Moved:
    """What a migration did: the lines of the cases that went over, and those that could not any more."""

    lines: list[Line] = field(default_factory=list)
    left: list[Line] = field(default_factory=list)


def target_of(acting: Acting, db: Reading, workflow: str, version: int | None = None) -> Definition:
    """Return the version that cases shall go over to: the one published last, else the one in force.

    Raises:
        NotFound: there is no such workflow or version.
    """
    now = acting.definitions.get(workflow)
    published = ledger_of(db).of(workflow)
    if version is None and published:
        return kept(db, published[-1].digest)
    if now is not None and version in (None, now.workflow.version):
        return now
    for digest, rules in db.rules.items():
        if rules.id == workflow and rules.workflow.version == version:
            return kept(db, digest)
    if version is None:
        raise NotFound(Text("没有流程 {w}", "there is no workflow {w}").fill(w=workflow), code="no_workflow")
    message = Text("数据库中没有流程 {w} 第 {v} 版", "the database has no version {v} of {w}")
    raise NotFound(message.fill(w=workflow, v=version), code="no_version")


def outlook(
    db: Reading, calendar: WorkCalendar, aim: Aim, moment: Moment, progress: Progress | None = None
) -> list[Line]:
    """Return every open case that would go over, with what would change; nothing is written.

    Args:
        db: the database, open for reading.
        calendar: counts the deadlines.
        aim: where they shall go.
        moment: as of when.
        progress: called with the number of cases looked at and the number of all.
    """
    numbers = _candidates(db, calendar, aim)
    lines: list[Line] = []
    for chunk in _chunks(numbers, BATCH):
        for _, _, found in _families(db, calendar, aim, moment, chunk):
            lines += found
        if progress is not None:
            progress(len(lines), len(numbers))
    return lines


def terms_in_the_way(acting: Acting, target: Definition) -> Ground | None:
    """Return why a version takes over no running cases today, or None where it does.

    Going back to an older version needs no terms: each case must have had it.
    """
    now = acting.definitions.get(target.workflow.workflow)
    if now is not None and target.workflow.version < now.workflow.version:
        return None
    version = target.workflow.version
    if now is None or now.digest != target.digest:
        message = Text(
            "第 {v} 版今日并未生效，不能接管在办案件；见 workflow versions",
            "version {v} is not in force today and takes over no case; see workflow versions",
        )
        return Ground(code="not_in_force", message=message.fill(v=version))
    terms = target.workflow.takes_over
    if terms is None:
        message = Text(
            "第 {v} 版没有写明接管在办案件（takes_over），在办案件沿用原版本",
            "version {v} does not say that it takes over running cases (takes_over): they keep their version",
        )
        return Ground(code="takes_over_none", message=message.fill(v=version))
    if date.fromisoformat(terms.since) > acting.moment.effective:
        message = Text("第 {v} 版自 {d} 起才接管在办案件", "version {v} takes over running cases from {d} on")
        filled = message.fill(v=version, d=terms.since)
        return Ground(code="takes_over_later", message=filled, source=terms.source)
    return None


def migrate(
    store: Store,
    acting: Acting,
    aim: Aim,
    *,
    definition: Definition | None = None,
    note: str | None = None,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Moved:
    """Have every open case go over, each with an entry of its own, in transactions of ``batch`` cases.

    Stopped and started again it goes on where it was: a case that has gone over is none that would.

    Args:
        store: where the cases are.
        acting: who has it done, and when.
        aim: where they shall go.
        definition: the target, which the database may not know yet.
        note: a remark for the log.
        progress: called with the number of cases done and the number of all.
        batch: cases in one transaction.

    Raises:
        NotAllowed: the actor approves no rules.
        Refused: the version takes over no running cases, or a case can't go over; nothing was written.
    """
    role = require(acting.definitions, acting.actor, APPROVE)
    with store.reading() as db:
        if definition is not None:
            ground = terms_in_the_way(acting, definition)
            if ground is not None:
                raise Refused(ground.message, code=ground.code, source=ground.source or "[practice]")
        lines = outlook(db, acting.calendar, aim, acting.moment)
    _refuse_stopped(lines)
    done = Moved()
    with store.staying_open():
        for chunk in _chunks([line.plan.case.number for line in lines], batch):
            with store.writing() as db:
                if definition is not None and definition.digest not in db.rules:
                    db.adopt([definition], acting.moment.at)
                before: dict[str, Case] = {}
                outcomes: list[Outcome] = []
                for family, caught, found in _families(db, acting.calendar, aim, acting.moment, chunk):
                    done.lines += [line for line in found if not line.in_the_way]
                    done.left += [line for line in found if line.in_the_way]
                    outcome = _gone_over(acting, role, caught, found, note)
                    if outcome.entries:
                        before.update(family)
                        outcomes.append(outcome)
                db.cases.keep(before, outcomes)
            if progress is not None:
                progress(len(done.lines), len(lines))
    return done


def _gone_over(acting: Acting, role: str, caught: Outcome, lines: Sequence[Line], note: str | None) -> Outcome:
    """Return what was due in a family, and then its cases' going over, as one outcome."""
    entries, cases = list(caught.entries), dict(caught.world.cases)
    for line in lines:
        if not line.in_the_way:
            entry = migration(line.plan, acting.actor, role, acting.moment, note)
            entries.append(entry)
            cases[entry.case] = evolve(cases[entry.case], entry)
    world = World(rules=caught.world.rules, calendar=acting.calendar, cases=cases)
    return Outcome(entries=tuple(entries), world=world)


def _refuse_stopped(lines: Sequence[Line]) -> None:
    stopped = [line for line in lines if line.in_the_way]
    if not stopped:
        return
    first, ground = stopped[0].plan.case.number, stopped[0].in_the_way[0]
    message = Text(
        "有 {n} 件案件不能更换版本，没有写入任何内容；{c}：{w}",
        "{n} cases can't go over, and nothing was written; {c}: {w}",
    ).fill(n=len(stopped), c=first, w=ground.message)
    grounds = [ground for line in stopped for ground in line.in_the_way]
    cases = [line.plan.case.number for line in stopped]
    raise Refused(message, code=ground.code, source="[practice]", details={"grounds": grounds, "cases": cases})


def _candidates(db: Reading, calendar: WorkCalendar, aim: Aim) -> list[str]:
    """The open cases that are not where they shall go; of those to go back, all at the newest version."""
    cases = [
        case
        for case in db.cases.find(CaseQuery(workflow=aim.workflow, open_only=True))
        if aim.only is None or case.number in aim.only
    ]
    if aim.target is not None:
        return [case.number for case in cases if case.definition != aim.target.digest]
    migrated = db.cases.with_action(MIGRATE)
    gone = []
    for case in [case for case in cases if case.number in migrated]:
        world = World(rules=db.rules, calendar=calendar, cases={case.number: case})
        if undone(world, case.number, history_of(db, case.number)) is not None:
            gone.append(case)
    newest = max((case.definition_version for case in gone), default=None)
    return [case.number for case in gone if case.definition_version == newest]


def _families(
    db: Reading, calendar: WorkCalendar, aim: Aim, moment: Moment, numbers: Collection[str]
) -> Iterator[tuple[dict[str, Case], Outcome, list[Line]]]:
    """Yield each family of some cases as it was read, with what was due in it, and their lines.

    What was due is recorded first, under the version that the case has; not where a migration is
    taken back exactly: then only what is in the log counts.
    """
    wanted, migrated = set(numbers), db.cases.with_action(MIGRATE)
    roots = list(dict.fromkeys(db.cases.root_of(number) for number in numbers))
    for family in db.cases.families(roots).values():
        own = [number for number in family if number in wanted]
        histories = {number: history_of(db, number) for number in own if number in migrated}
        kept = Outcome(entries=(), world=World(rules=db.rules, calendar=calendar, cases=family))
        lines = _lines(kept, own, histories, aim, moment) if len(histories) == len(own) else []
        if len(lines) == len(own) and all(line.plan.undoes is not None for line in lines):
            yield family, kept, lines
            continue
        try:
            caught = caught_up(db, moment, kept.world)
        except FAULTS:
            caught = kept  # what its version can't carry out, the one to come perhaps can
        yield family, caught, _lines(caught, own, histories, aim, moment)


def _lines(
    so_far: Outcome, numbers: Sequence[str], histories: Mapping[str, Sequence[Recorded]], aim: Aim, moment: Moment
) -> list[Line]:
    found = []
    for number in numbers:
        case = so_far.world.cases[number]
        if case.final or (aim.target is not None and case.definition == aim.target.digest):
            continue  # time has ended it, or somebody was faster
        fresh = [Recorded(seq=0, entry=entry) for entry in so_far.entries if entry.case == number]
        history = [*histories[number], *fresh] if number in histories else []
        made = _plan(so_far.world, number, aim, history, moment.effective)
        if made is not None:
            found.append(Line(plan=made, rules=so_far.world.rules_of(case), today=moment.effective))
    return found


def _plan(world: World, number: str, aim: Aim, history: Sequence[Recorded], today: date) -> Plan | None:
    if aim.target is None:
        return undone(world, number, history)
    older = aim.target.workflow.version < world.cases[number].definition_version
    if older and aim.target.digest not in versions_had(history):
        return None  # one goes back only to what the case has had
    return plan(world, number, aim.target, history, today)


def _late(rules: Rules, deadlines: Mapping[str, Deadline], today: date) -> set[str]:
    return {name for name, deadline in deadlines.items() if is_late(rules, deadline, today)}


def is_late(rules: Rules, deadline: Deadline, today: date) -> bool:
    """Whether a duty is overdue on a day by some rules."""
    return dl.standing(rules.deadline(deadline.id), deadline, today) == "overdue"


def _offered(rules: Rules, state: str) -> list[str]:
    return [
        name
        for name in rules.machine.triggers(state)
        if (action := rules.actions[name]).listed and action.by != (SYSTEM,)
    ]


def _chunks(numbers: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(numbers)
    while chunk := list(islice(rest, size)):
        yield chunk
