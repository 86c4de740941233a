"""Check a file of scenarios beyond its form: it must speak of nothing that isn't there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import get_args

from credit_workflow.authoring.analysis.exploration import software
from credit_workflow.authoring.scenarios.made_up_people import scheme_of
from credit_workflow.authoring.scenarios.practice_accounts import accounts_of, own_accounts
from credit_workflow.authoring.scenarios.scenario import (
    OF_DEADLINES,
    Expect,
    OwnAccount,
    Person,
    SampleRecord,
    Step,
    Wanted,
)
from credit_workflow.authoring.scenarios.scenario_source import Placed, Scenarios
from credit_workflow.calendar.dates import read_date
from credit_workflow.definition.model import Action, Workflow
from credit_workflow.engine.clocks.deadlines import Standing
from credit_workflow.errors import UsageFault
from credit_workflow.identity import Scheme, parse_subject
from credit_workflow.strict_yaml.documents import KeyPath
from credit_workflow.text import Text

Problem = tuple[KeyPath, Text]
#: What an expectation can say of a record.
RECORD_VALUES = (
    "subject_name", "provider", "open_class", "title", "content", "valid_from", "valid_until", "removed",
)  # fmt: skip
ALL = "all"
_STATUSES = get_args(Standing)


def problems_of(source: Scenarios, workflows: Mapping[str, Workflow]) -> list[Problem]:
    """Return every mistake in a file of scenarios, each once, in the order of the file."""
    found = dict.fromkeys(_problems(source, workflows))
    return sorted(found, key=lambda problem: source.line(problem[0]))


def _problems(source: Scenarios, workflows: Mapping[str, Workflow]) -> Iterator[Problem]:
    value = source.value
    yield from _names(("workflow",), [value.workflow], workflows, Text("流程", "workflow"))
    yield from _accounts(source, workflows)
    yield from _backgrounds(source)
    scheme = scheme_of(workflows)
    yield from _facts((), value.people, value.records, source.people(0), scheme)
    for index, scenario in enumerate(value.scenarios):
        key: KeyPath = ("scenarios", index)
        known = source.people(index)
        yield from _facts(key, scenario.people, scenario.records, known, scheme)
        yield from _names((*key, "background"), [scenario.background], value.backgrounds, _BACKGROUND)
        yield from _Walk(source, index, workflows).problems()


_ACTION, _BACKGROUND, _CASE = Text("步骤", "action"), Text("背景", "background"), Text("案件", "case")


def _backgrounds(source: Scenarios) -> Iterator[Problem]:
    known = source.value.backgrounds
    for name, background in known.items():
        if background.background is None:
            continue
        key: KeyPath = ("backgrounds", name, "background")
        yield from _names(key, [background.background], known, _BACKGROUND)
        above, at = {name}, background.background
        while at in known and at not in above:
            above.add(at)
            at = known[at].background or ""
        if at in above:
            yield key, Text("背景互相包含", "the backgrounds stand on each other in a circle")


def _accounts(source: Scenarios, workflows: Mapping[str, Workflow]) -> Iterator[Problem]:
    known = accounts_of(workflows)
    roles = sorted({role for actor in known.values() for role in actor.roles})
    for name, given in source.value.accounts.items():
        key: KeyPath = ("accounts", name)
        if isinstance(given, OwnAccount):
            yield from _names((*key, "roles"), given.roles, roles, Text("角色", "role"))
        else:
            yield from _names(key, given, roles, Text("角色", "role"))
        if name in known or name in roles:
            message = Text("{n} 已是账户或角色，请另起名", "{n} is an account or a role already: give another name")
            yield key, message.fill(n=name)


def _facts(
    key: KeyPath,
    people: Mapping[str, Person],
    records: Mapping[str, SampleRecord],
    known: Mapping[str, Person],
    scheme: Scheme,
) -> Iterator[Problem]:
    for name, person in people.items():
        at: KeyPath = (*key, "people", name)
        if person.id is not None:
            try:
                parse_subject(person.id, person.kind, scheme=scheme)
            except UsageFault as fault:
                yield (*at, "id"), fault.message
        if person.born is not None:
            yield from _day((*at, "born"), person.born)
            if person.kind == "legal" or person.id is not None:
                message = Text(
                    "born 只用于由程序编号的自然人", "born is for a natural person whose number is made up (no id)"
                )
                yield (*at, "born"), message
    for no, record in records.items():
        at = (*key, "records", no)
        yield from _names((*at, "of"), [record.of], known, Text("人", "person"))
        yield from _day((*at, "valid_from"), record.valid_from)
        yield from _day((*at, "valid_until"), record.valid_until)


def _names(key: KeyPath, names: Iterable[str | None], known: Collection[str], what: Text) -> Iterator[Problem]:
    """Give a problem for each of some names that is not known; None is no name."""
    for name in names:
        if name is not None and name not in known:
            message = Text("没有{what} {name}；可用：{known}", "there is no {what} {name}; known: {known}")
            yield key, message.fill(what=what, name=name, known="、".join(known) or "—")


def _day(key: KeyPath, text: str | None) -> Iterator[Problem]:
    if text is not None and read_date(text) is None:
        yield key, Text("没有这一天：{d}", "there is no such day: {d}").fill(d=text)


class _Walk:
    """One walk through a scenario's steps, with the cases that there are by then."""

    def __init__(self, source: Scenarios, index: int, workflows: Mapping[str, Workflow]) -> None:
        self.steps = source.steps(index)
        self.people = source.people(index)
        self.records = source.records(index)
        self.workflows = workflows
        known = accounts_of(workflows)
        self.accounts = known | own_accounts(source.value.accounts, known)
        self.roles = {role for actor in self.accounts.values() for role in actor.roles}
        self.cases: dict[str, Workflow] = {}
        self.current: str | None = None

    def problems(self) -> Iterator[Problem]:
        """Give the mistakes of all steps."""
        day = ""
        for placed in self.steps:
            yield from self._when(placed, day)
            yield from self._what(placed)
            day = max(day, placed.step.day)

    def _when(self, placed: Placed, earlier: str) -> Iterator[Problem]:
        key, step = placed
        if (step.on is None) == (step.sweep is None):
            yield key, Text("每步须有 on 或 sweep 之一", "a step has one of on and sweep")
            return
        at: KeyPath = (*key, "on" if step.on else "sweep")
        yield from _day(at, step.day)
        if step.day < earlier:
            message = Text("早于上一步的日期（{d}）", "it is before the day of the step before ({d})")
            yield at, message.fill(d=earlier)

    def _what(self, placed: Placed) -> Iterator[Problem]:
        key, step = placed
        done = [name for name in ("open", "do", "sweep", "report", "rehearsal") if getattr(step, name) is not None]
        if len(done) > 1:
            message = Text("每步只做一件事，不能同时有 {n}", "a step does one thing, not {n} at once")
            yield (*key, done[1]), message.fill(n=" + ".join(done))
            return
        workflow = None
        action = None
        if step.open is not None:
            yield from _names((*key, "open"), [step.open], self.workflows, Text("流程", "workflow"))
            workflow = self.workflows.get(step.open)
            action = None if workflow is None else workflow.opening[1]
        else:
            yield from self._case(placed)
            workflow = self.cases.get(step.case or self.current or "")
        if step.do is not None and workflow is not None:
            yield from self._action(key, step.do, workflow)
            action = workflow.actions.get(step.do)
        yield from self._form(placed, workflow, action)
        if step.open is not None and workflow is not None and not step.expect.refuses:
            yield from self._named(placed, workflow)
        below = None if step.open is not None else self.workflows.get(_opened_by(action) or "")
        if step.name is not None and below is not None:
            self.cases[step.name] = below
        yield from self._expected(placed, workflow)

    def _case(self, placed: Placed) -> Iterator[Problem]:
        key, step = placed
        if step.case is not None:
            yield from _names((*key, "case"), [step.case], self.cases, _CASE)
            if step.case in self.cases:
                self.current = step.case
        elif step.do is not None and self.current is None:
            yield (*key, "do"), Text("此前没有案件；请先 open", "there is no case yet: open one first")

    def _named(self, placed: Placed, workflow: Workflow) -> Iterator[Problem]:
        key, step = placed
        name = step.name or workflow.workflow
        if name in self.cases:
            message = Text(
                "已有案件叫 {n}；请用 as 另起名", "a case is called {n} already; give this one a name with as"
            )
            yield (*key, "as" if step.name else "open"), message.fill(n=name)
        self.cases[name] = workflow
        self.current = name

    def _action(self, key: KeyPath, name: str, workflow: Workflow) -> Iterator[Problem]:
        yield from _names((*key, "do"), [name], workflow.actions, _ACTION)
        action = workflow.actions.get(name)
        if action is not None and action.opens:
            message = Text("{n} 是开案步骤，请写 open: {w}", "{n} opens a case: write open: {w}")
            yield (*key, "do"), message.fill(n=name, w=workflow.workflow)
        if action is not None and action.only_by_system and name not in software(workflow):
            message = Text("{n} 只由系统办理，请用 sweep", "{n} is the system's alone: use sweep").fill(n=name)
            yield (*key, "do"), message

    def _form(self, placed: Placed, workflow: Workflow | None, action: Action | None) -> Iterator[Problem]:
        key, step = placed
        only = {"record": step.record, "parent": step.parent, "subject": step.subject, "account": step.account}
        opened = _opened_by(action)
        if step.open is None and step.name is not None and opened is None:
            message = Text("as 只用于 open 和开出案件的步骤", "as goes with open only, and with what opens a case")
            yield (*key, "as"), message
        if step.open is None:
            message = Text("{n} 只用于 open", "{n} goes with open only")
            yield from (((*key, n), message.fill(n=n)) for n, value in only.items() if value is not None)
        elif step.case is not None:
            yield (*key, "case"), Text("open 的案件用 as 命名", "a case that is opened is named with as")
        orphan = step.open is not None and step.parent is None
        if orphan and workflow is not None and workflow.parent is not None and workflow.parent_needed:
            message = Text("缺少 parent：{p} 的案件", "parent is missing: a case of {p}").fill(p=workflow.parent)
            yield (*key, "open"), message
        if step.open is None and step.do is None:
            message = Text("{n} 只用于 open 或 do", "{n} goes with open or do only")
            extra = {"by": step.by, "with": step.given, "materials": step.materials, "note": step.note}
            yield from (((*key, n), message.fill(n=n)) for n, value in extra.items() if value)
        yield from _names((*key, "record"), [step.record], self.records, Text("记录", "record"))
        yield from _names((*key, "parent"), [step.parent], self.cases, _CASE)
        if step.by not in self.accounts:
            yield from _names((*key, "by"), [step.by], sorted(self.roles), Text("角色或账户", "role or account"))
        yield from _names((*key, "subject"), [step.subject], self.people, Text("人", "person"))
        if workflow is not None and action is not None:
            yield from _names_in((*key, "with"), step.given, action.asks, Text("内容", "value"))
            kinds = {*workflow.materials, *(o for m in workflow.materials.values() for o in m.accepts), ALL}
            given = [step.materials] if isinstance(step.materials, str) else step.materials
            yield from _names((*key, "materials"), given, sorted(kinds), Text("材料", "material"))
            missing = (*key, "expect", "missing")
            yield from _names(missing, step.expect.missing, action.materials, Text("材料", "material"))

    def _expected(self, placed: Placed, workflow: Workflow | None) -> Iterator[Problem]:
        key: KeyPath = (*placed.key, "expect")
        step, expect = placed.step, placed.step.expect
        if step.open is not None and expect.refuses:
            workflow = None
        yield from self._wanted(key, expect, workflow)
        yield from self._of_step(key, step, expect)
        yield from _names_in((*key, "cases"), expect.cases, self.cases, _CASE)
        for name, wanted in expect.cases.items():
            if name in self.cases:
                yield from self._wanted((*key, "cases", name), wanted, self.cases[name])

    def _of_step(self, key: KeyPath, step: Step, expect: Expect) -> Iterator[Problem]:
        if step.sweep is None:
            message = Text("{n} 只用于 sweep", "{n} goes with sweep only")
            said = (name for name in ("fired", "opened") if getattr(expect, name) is not None)
            yield from (((*key, name), message.fill(n=name)) for name in said)
        if expect.refuses and step.open is None and step.do is None:
            name = "refused" if expect.refused is not None else "missing"
            yield (*key, name), Text("没有可被拒绝的步骤", "there is no action that could be refused")
        actions = {name for workflow in self.workflows.values() for name in workflow.actions}
        yield from _names_in((*key, "fired"), expect.fired or {}, sorted(actions), _ACTION)
        papers = {
            effect.notice.paper: None
            for workflow in self.workflows.values()
            for effect in workflow.effects
            if effect.notice is not None
        }
        yield from _names_in((*key, "notices"), expect.notices or (), papers, Text("通知", "notice"))

    def _wanted(self, key: KeyPath, wanted: Wanted, workflow: Workflow | None) -> Iterator[Problem]:
        for name in ("due", "original_due", "starts", "met", "stopped"):
            for deadline, day in getattr(wanted, name).items():
                yield from _day((*key, name, deadline), day)
        for action, day in wanted.done.items():
            yield from _day((*key, "done", action), day)
        for deadline, status in wanted.status.items():
            yield from _names((*key, "status", deadline), [status], _STATUSES, Text("状况", "status"))
        if workflow is None:
            if wanted != type(wanted)() and _speaks_of_a_case(wanted):
                yield key, Text("此处没有案件可看", "there is no case here to look at")
            return
        yield from self._of_case(key, wanted, workflow)

    def _of_case(self, key: KeyPath, wanted: Wanted, workflow: Workflow) -> Iterator[Problem]:
        yield from _names((*key, "state"), [wanted.state], workflow.states, Text("状态", "state"))
        for name in (*OF_DEADLINES, "clauses", "remaining"):
            yield from _names_in((*key, name), getattr(wanted, name), workflow.deadlines, Text("期限", "deadline"))
        yield from _names_in((*key, "fields"), wanted.fields, workflow.fields, Text("内容", "field"))
        yield from _names_in((*key, "done"), wanted.done, workflow.actions, _ACTION)
        yield from _names((*key, "waits_for"), wanted.waits_for or (), workflow.roles, Text("角色", "role"))
        yield from _names_in((*key, "record"), wanted.record, RECORD_VALUES, Text("内容", "value"))
        offered = {"not_offered": wanted.not_offered}
        if isinstance(wanted.offers, dict):
            known = {*self.accounts, *self.roles}
            yield from _names_in((*key, "offers"), wanted.offers, sorted(known), Text("角色或账户", "role or account"))
            offered |= {f"offers.{who}": names for who, names in wanted.offers.items()}
        else:
            offered["offers"] = wanted.offers or ()
        for where, names in offered.items():
            yield from _names((*key, *where.split(".")), names, workflow.actions, _ACTION)
        if isinstance(wanted.marks, dict):
            for kind, mark in wanted.marks.items():
                yield from _names((*key, "marks", kind, "case"), [mark.case], self.cases, _CASE)


def _opened_by(action: Action | None) -> str | None:
    """Return the workflow of which an action opens a case below its own; None where it opens none."""
    effects = () if action is None else action.effects
    return next((effect.open.workflow for effect in effects if effect.open is not None), None)


def _names_in(key: KeyPath, names: Iterable[str], known: Collection[str], what: Text) -> Iterator[Problem]:
    for name in names:
        yield from _names((*key, name), [name], known, what)


def _speaks_of_a_case(wanted: Wanted) -> bool:
    empty = Wanted()
    return any(getattr(wanted, name) != getattr(empty, name) for name in Wanted.__struct_fields__)
