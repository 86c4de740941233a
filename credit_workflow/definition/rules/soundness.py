"""Check a definition beyond its form, whenever one is loaded.

Each problem names the key it was found at; the reader adds file and line.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from credit_workflow.definition.expression import KNOWN_FACTS, unknown_facts
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import FILED_LATE, FILED_ON, Action, Refuses, Workflow
from credit_workflow.definition.rules import periods
from credit_workflow.definition.rules.access import sight_mistakes, sight_mistakes_between
from credit_workflow.definition.rules.inner_parts import effects_of, expressions_of, guards_of
from credit_workflow.definition.rules.looks_and_loans import (
    loan_mistakes,
    log_mistakes,
    look_up_mistakes,
    rows_mistakes,
)
from credit_workflow.definition.rules.openings import opening_mistakes
from credit_workflow.definition.rules.papers import paper_mistakes
from credit_workflow.definition.rules.plugins_wanted import Need, needs, plugin_mistakes
from credit_workflow.definition.rules.problem import (
    ACTION,
    DEADLINE,
    FIELD,
    MATERIAL,
    ROLE,
    STATE,
    Path,
    Problem,
    ill_formed,
    unknown,
    unknown_names,
)
from credit_workflow.definition.rules.record_rules import change_mistakes, creation_mistakes, opening_without_record
from credit_workflow.definition.rules.recurrences import recurring_mistakes
from credit_workflow.definition.rules.takeovers import takeover_mistakes
from credit_workflow.text import Text


def problems_of(workflow: Workflow) -> list[Problem]:
    """Return every mistake in one definition; empty where it is sound."""
    return [problem for check in _CHECKS for problem in check(workflow)]


def problems_between(workflows: Mapping[str, Workflow]) -> list[tuple[str, Problem]]:
    """Return the mistakes in what definitions say of each other, with the definition's name."""
    found = []
    numbers: dict[str, str] = {}
    for name, workflow in workflows.items():
        parent = workflow.parent
        if parent is not None and parent not in workflows:
            found.append((name, unknown(("parent",), Text("上级流程", "workflow"), parent)))
        elif parent is not None and workflow.about == "record" and workflows[parent].about != "record":
            message = Text("上级流程 {p} 没有信用记录（about）", "the workflow above, {p}, is about no record")
            found.append((name, Problem(("about",), message.fill(p=parent))))
        found += [(name, problem) for problem in _named_elsewhere(workflow, workflows)]
        prefix = workflow.number.split("-", 1)[0]
        if prefix in numbers:
            message = Text("编号前缀 {p} 已由 {o} 使用", "the number prefix {p} is {o}'s already")
            found.append((name, Problem(("number",), message.fill(p=prefix, o=numbers[prefix]))))
        numbers.setdefault(prefix, name)
        found += [(name, p) for p in (*_tells(workflow, workflows), *opening_mistakes(workflow, workflows))]
    return found + list(_permissions(workflows)) + list(sight_mistakes_between(workflows))


def _named_elsewhere(workflow: Workflow, workflows: Mapping[str, Workflow]) -> Iterator[Problem]:
    """What a field leaves out of all cases is named in a field of cases of another definition."""
    for name, field in workflow.fields.items():
        if field.unless_in is None:
            continue
        at: Path = ("fields", name, "unless_in")
        other = workflows.get(field.unless_in.workflow)
        if other is None:
            yield unknown(at, Text("流程", "workflow"), field.unless_in.workflow)
            continue
        kept = {key for key, one in other.fields.items() if one.type == "cases"}
        yield from unknown_names(at, [field.unless_in.field], dict.fromkeys(kept), FIELD)
        yield from unknown_names(at, field.unless_in.but, other.states, STATE)


def _permissions(workflows: Mapping[str, Workflow]) -> Iterator[tuple[str, Problem]]:
    """A permission's roles must be somebody's, and one definition alone may grant it."""
    roles = {role for workflow in workflows.values() for role in workflow.roles}
    granted: dict[str, str] = {}
    for name, workflow in workflows.items():
        for key, permission in workflow.permissions.items():
            at: Path = ("permissions", key)
            if key in granted:
                message = Text("权限 {p} 已由 {o} 授予", "the permission {p} is granted by {o} already")
                yield name, Problem(at, message.fill(p=key, o=granted[key]))
            granted.setdefault(key, name)
            for problem in unknown_names((*at, "by"), permission.by, dict.fromkeys(roles), ROLE):
                yield name, problem


def _tells(workflow: Workflow, workflows: Mapping[str, Workflow]) -> Iterator[Problem]:
    for path, effect in effects_of(workflow):
        if effect.tell is None:
            continue
        told = {
            "self": [workflow.workflow],
            "parent": [workflow.parent] if workflow.parent else [],
            "children": [name for name, other in workflows.items() if other.parent == workflow.workflow],
        }[effect.tell.case]
        known = [name for name in told if name in workflows and effect.tell.action in workflows[name].actions]
        # Children that are told stand in files of their own: where none is known, nobody is told.
        if not known and (told or effect.tell.case != "children"):
            message = Text("没有可告知的案件：{c} 中无步骤 {a}", "nobody to tell: no {c} case has the action {a}").fill(
                c=effect.tell.case, a=effect.tell.action
            )
            yield Problem((*path, "tell"), message)
        for name in known:
            if "system" not in workflows[name].actions[effect.tell.action].by:
                message = Text("{w}.{a} 不由系统办理，不能被告知", "{w}.{a} is not the system's: it can't be told")
                yield Problem((*path, "tell"), message.fill(w=name, a=effect.tell.action))


def plugins_of(workflow: Workflow) -> list[Need]:
    """Return the effects and functions that a definition needs installed packages for."""
    return list(needs(effects_of(workflow), expressions_of(workflow)))


def _opening(workflow: Workflow) -> Iterator[Problem]:
    opening = [name for name, action in workflow.actions.items() if action.opens]
    if len(opening) != 1:
        message = Text(
            "须有且只有一个开案步骤（没有 from 的步骤），现有：{n}",
            "exactly one action (one without “from”) must open a case; there are: {n}",
        )
        yield Problem(("actions",), message.fill(n="、".join(opening) or "—"))
    for name in opening:
        if workflow.actions[name].to is None:
            yield Problem(("actions", name), Text("开案步骤须有 to", "the action that opens a case needs “to”"))


def _states(workflow: Workflow) -> Iterator[Problem]:
    machine = Machine(workflow)
    there, ending = machine.reached(), machine.ending()
    for name, state in workflow.states.items():
        if name not in there:
            yield Problem(("states", name), Text("没有任何步骤到达此状态", "no action leads to this state"))
        elif name not in ending:
            yield Problem(("states", name), Text("从此状态无法到达终结状态", "no final state can be reached from here"))
        yield from unknown_names(("states", name, "waits_for"), [state.waits_for], workflow.roles, ROLE)
        yield from _role_in(workflow, name)
    for source, name, _ in machine.transitions:
        if source in workflow.states and workflow.states[source].final:
            yield Problem(
                ("actions", name, "from"),
                Text("步骤离开终结状态 {s}", "the action leaves the final state {s}").fill(s=source),
            )


def _actions(workflow: Workflow) -> Iterator[Problem]:
    sources = Machine(workflow).sources
    for name, action in workflow.actions.items():
        at: Path = ("actions", name)
        yield from unknown_names(at, [*sources[name], action.to], workflow.states, STATE)
        yield from unknown_names((*at, "by"), action.by, workflow.roles, ROLE)
        yield from unknown_names((*at, "materials"), action.materials, workflow.materials, MATERIAL)
        yield from unknown_names((*at, "not_by"), action.not_by, workflow.actions, ACTION)
        yield from unknown_names((*at, "takes_materials_of"), [action.takes_materials_of], workflow.actions, ACTION)
        for ask in action.asks:
            field = action.field_of(ask)
            if field not in workflow.fields:
                yield unknown((*at, "asks", ask), FIELD, field)
            elif workflow.fields[field].type == "rows":
                yield Problem((*at, "asks", ask), Text("rows 类型由效果得出，不能填写", "nobody can be asked for rows"))
        if action.shows is not None:
            yield from rows_mistakes(workflow, (*at, "shows"), action.shows)
        if action.filing:
            yield from _filing(workflow, at, action)
        if action.refuses is not None:
            yield from _refuses(workflow, at, action, action.refuses)
        if action.together is not None:
            yield from _together(workflow, at, action, action.together)


def _refuses(workflow: Workflow, at: Path, action: Action, rule: Refuses) -> Iterator[Problem]:
    """What is refused is another action, which asks for nothing that must be given; a ground is chosen among some."""
    yield from unknown_names((*at, "refuses", "action"), [rule.action], workflow.actions, ACTION)
    other = workflow.actions.get(rule.action)
    if other is not None and any(other.ask(ask).needed for ask in other.asks):
        message = Text("{a} 有必填内容，不能预先判断", "{a} asks for what must be given: it can't be tried beforehand")
        yield Problem((*at, "refuses"), message.fill(a=rule.action))
    field = workflow.fields.get(action.field_of(rule.ground)) if rule.ground in action.asks else None
    if field is None or not field.choices or action.ask(rule.ground).required:
        message = Text("{g} 须为选填的选择项", "{g} must be something to choose that need not be given")
        yield Problem((*at, "refuses", "ground"), message.fill(g=rule.ground))


def _together(workflow: Workflow, at: Path, action: Action, name: str) -> Iterator[Problem]:
    """Several cases are opened together about several records; a field of cases keeps which."""
    if not action.opens or workflow.about != "record" or workflow.parent is not None:
        message = Text("只有就信用记录开案的步骤可有 together", "only what opens a case about a record has “together”")
        yield Problem((*at, "together"), message)
    field = workflow.fields.get(name)
    if field is None:
        yield unknown((*at, "together"), FIELD, name)
    elif field.type != "cases":
        yield Problem((*at, "together"), Text("{n} 须为 cases 类型", "{n} must be of the type cases").fill(n=name))


def _filing(workflow: Workflow, at: Path, action: Action) -> Iterator[Problem]:
    """What an application is filed by opens a case, and asks for the day, and why it was typed in later."""
    if not action.opens:
        message = Text("只有开案步骤可为 filing", "only the action that opens a case files an application")
        yield Problem((*at, "filing"), message)
    for ask, kind in ((FILED_ON, "date"), (FILED_LATE, "text")):
        field = workflow.fields.get(action.field_of(ask)) if ask in action.asks else None
        if field is None or field.type != kind or action.ask(ask).required:
            message = Text(
                "filing 步骤须有选填的 {a}（{k} 类型）",
                "the filing asks for {a}, a {k} that need not be given",
            )
            yield Problem((*at, "filing"), message.fill(a=ask, k=kind))


def _fields(workflow: Workflow) -> Iterator[Problem]:
    yield from unknown_names(("named_by",), [workflow.named_by], workflow.fields, FIELD)
    for name, field in workflow.fields.items():
        if (field.type in ("choice", "several")) != bool(field.choices):
            yield Problem(
                ("fields", name),
                Text(
                    "只有 choice 与 several 类型有且须有 choices",
                    "choices belong to the types choice and several, and only to them",
                ),
            )
        if field.type != "integer" and (field.at_least is not None or field.at_most is not None):
            yield Problem(("fields", name), Text("只有 integer 类型有上下限", "only an integer has bounds"))
        if field.type != "cases" and (field.among is not None or field.once_except is not None):
            message = Text("只有 cases 类型有 among 与 once_except", "only cases have “among” and “once_except”")
            yield Problem(("fields", name), message)
        if field.complete and (field.type != "cases" or field.among is None):
            message = Text("只有写明 among 的 cases 类型有 complete", "only cases with “among” are “complete”")
            yield Problem(("fields", name, "complete"), message)
        if field.unless_in is not None and field.type != "cases":
            message = Text("只有 cases 类型有 unless_in", "only cases have “unless_in”")
            yield Problem(("fields", name, "unless_in"), message)
        yield from unknown_names(("fields", name, "once_except"), field.once_except or (), workflow.states, STATE)


def _effect_forms(workflow: Workflow) -> Iterator[Problem]:
    for path, effect in effects_of(workflow):
        kinds = effect.kinds()
        if len(kinds) != 1:
            message = Text("每项效果须有且只有一种：{k}", "an effect is exactly one of its kinds, not: {k}")
            yield Problem(path, message.fill(k="、".join(kinds) or "—"))
        if effect.set is not None:
            yield from unknown_names((*path, "set"), effect.set, workflow.fields, FIELD)
        for notice in effect.announces():
            yield from unknown_names((*path, "notice"), [notice.to], workflow.roles, ROLE)
        if effect.place_mark is not None and effect.place_mark.until is not None:
            until = effect.place_mark.until
            yield from unknown_names((*path, "place_mark"), [until], workflow.deadlines, DEADLINE)
            yield from (Problem((*path, "place_mark"), m) for m in periods.mark_mistakes(workflow, until))
        if effect.account is not None and workflow.about != "account":
            message = Text("只有 about: account 的流程可改变账户", "only a workflow about accounts changes one")
            yield Problem((*path, "account"), message)
        if effect.extend is not None:
            rule = workflow.deadlines.get(effect.extend.deadline)
            if rule is None:
                yield unknown((*path, "extend"), DEADLINE, effect.extend.deadline)
            elif rule.extension is None:
                message = Text("期限 {d} 没有 extension", "the deadline {d} has no extension")
                yield Problem((*path, "extend"), message.fill(d=effect.extend.deadline))
            else:
                yield from (
                    Problem((*path, "extend"), m) for m in periods.extend_mistakes(effect.extend, rule.extension)
                )


#: Effects on the record that a case is about.
_OF_A_RECORD = ("place_mark", "lift_mark", "record")


def _records(workflow: Workflow) -> Iterator[Problem]:
    """What is done to the record that a case is about needs one."""
    for path, effect in effects_of(workflow):
        for kind in effect.kinds():
            if kind in _OF_A_RECORD and workflow.about != "record":
                message = Text("只有 about: record 的流程有信用记录", "only a workflow about a record has one")
                yield Problem((*path, kind), message)
        if effect.record is not None:
            yield from (Problem((*path, "record"), message) for message in change_mistakes(effect.record))
        if effect.create_record is not None:
            mistakes = creation_mistakes(effect.create_record, workflow.about)
            yield from (Problem((*path, "create_record"), message) for message in mistakes)


def _role_in(workflow: Workflow, state: str) -> Iterator[Problem]:
    """A field that names the role that a case waits for is a choice of roles, and says so alone."""
    name, at = workflow.states[state].waits_for_role_in, ("states", state, "waits_for_role_in")
    if name is None:
        return
    field = workflow.fields.get(name)
    if field is None:
        yield unknown(at, FIELD, name)
    elif field.type != "choice":
        yield Problem(at, Text("{n} 须为 choice 类型", "{n} must be of the type choice").fill(n=name))
    else:
        yield from unknown_names(at, field.choices, workflow.roles, ROLE)
    if workflow.states[state].waits_for is not None:
        yield Problem(at, Text("已有 waits_for，二者只能有一个", "there is “waits_for” as well: only one of the two"))


def _deadlines(workflow: Workflow) -> Iterator[Problem]:
    for name, rule in workflow.deadlines.items():
        at: Path = ("deadlines", name)
        used = [*rule.starters, *rule.ends, rule.at_end, rule.runs_again_after]
        yield from unknown_names(at, used, workflow.actions, ACTION)
        yield from periods.period_mistakes(workflow, name, at)
        if rule.kind == "statutory" and rule.at_end is None:
            yield Problem(
                at, Text("法定期限须有 at_end", "a statutory deadline needs “at_end”: what happens when it is late")
            )
        if rule.at_end in workflow.actions and "system" not in workflow.actions[rule.at_end].by:
            yield Problem((*at, "at_end"), Text("期满步骤须由系统办理", "the action at the end must be the system's"))
        yield from unknown_names((*at, "owed_by"), [rule.owed_by], workflow.roles, ROLE)


def _papers_and_turns(workflow: Workflow) -> Iterator[Problem]:
    announced = {notice.paper for _, effect in effects_of(workflow) for notice in effect.announces()}
    plugins = plugin_mistakes(effects_of(workflow), expressions_of(workflow), workflow.fields)
    papers = paper_mistakes(workflow, announced)
    return chain(papers, recurring_mistakes(workflow), takeover_mistakes(workflow), plugins, sight_mistakes(workflow))


def _expressions(workflow: Workflow) -> Iterator[Problem]:
    for path, source in expressions_of(workflow):
        problem = ill_formed(path, source)
        if problem is not None:
            yield problem
            continue
        for name in unknown_facts(source, KNOWN_FACTS if "tell" in path else KNOWN_FACTS - {"told"}):
            yield unknown(path, Text("事实", "fact"), name)
        if path[-1] != "among":  # which speaks of cases of other workflows
            for prefix, name in _unknown_members(workflow, source):
                yield unknown(path, Text(f"{prefix} 的成员", f"member of {prefix}"), name)


def _unknown_members(workflow: Workflow, source: str) -> Iterator[tuple[str, str]]:
    """What an expression reads and the workflow does not have: what it is a member of, and its name."""
    parts: dict[str, Mapping[str, object]] = {
        "fields": workflow.fields,
        "deadlines": workflow.deadlines,
        "done": workflow.actions,
    }
    for path in paths_in(source):
        match path:
            case ("case", "fields" as part, name, *_) | ("deadlines" | "done" as part, name, *_) if (
                name not in parts[part]
            ):
                yield ".".join(path[: path.index(name)]), name
            case _:
                pass


def _guards(workflow: Workflow) -> Iterator[Problem]:
    for path, guard in guards_of(workflow):
        yield from unknown_names((*path, "met_by"), guard.met_by, workflow.fields, FIELD)
        for title in (guard.message.zh, guard.message.en):
            try:
                places = {name for _, name, _, _ in string.Formatter().parse(title) if name is not None}
            except ValueError:
                yield Problem((*path, "message"), Text("花括号不成对", "the braces don't match"))
                continue
            for name in sorted(places - set(guard.says)):
                yield unknown((*path, "message"), Text("says 中的值", "value in “says”"), name)


_CHECKS: tuple[Callable[[Workflow], Iterator[Problem]], ...] = (
    _opening, _states, _actions, _fields, _effect_forms, _deadlines, _papers_and_turns, _expressions, _records,
    opening_without_record, look_up_mistakes, log_mistakes, loan_mistakes, _guards,
)  # fmt: skip
