"""Find what the system can't do when its turn comes: nobody is there to give values, or what is read is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.authoring.analysis.known_facts import Facts
from credit_workflow.authoring.analysis.satisfiability import Known, possible
from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.inner_parts import effects_of, expressions_of
from credit_workflow.definition.rules.problem import Path
from credit_workflow.text import Text

#: Where ``record`` is one of those looked up, or of another case.
_OF_OTHERS = frozenset({"look_up", "among"})


def system_findings(workflows: Mapping[str, Workflow]) -> Iterator[Finding]:
    """Give a finding for each thing that would fail when nobody looks on."""
    for workflow in workflows.values():
        fired = {rule.at_end for rule in workflow.deadlines.values() if rule.at_end is not None}
        told = set().union(*map(workflow.told_by, workflows.values()))
        for name in (name for name in workflow.actions if name in fired | told):
            given = frozenset[str]() if name in fired else _given(workflow, name, workflows)
            yield from _unasked(workflow, name, given)
        for name in (name for name in workflow.actions if name in fired):
            yield from _may_be_refused(workflow, name)
        yield from _not_there(workflow)
        yield from _perhaps_without(workflow, workflows)
        yield from _opens_nothing(workflow, workflows)


def _opens_nothing(workflow: Workflow, workflows: Mapping[str, Workflow]) -> Iterator[Finding]:
    """A case is to be opened of a workflow that is not there, or is no child of this one."""
    for path, effect in effects_of(workflow):
        below = None if effect.open is None else workflows.get(effect.open.workflow)
        if effect.open is None or (below is not None and below.parent == workflow.workflow):
            continue
        message = Text("没有以 {p} 为上级的流程 {w}", "there is no workflow {w} whose parent is {p}")
        said = message.fill(w=effect.open.workflow, p=workflow.workflow)
        advice = Text("补上该流程，或改写其 parent", "add that workflow, or correct its parent")
        yield Finding(workflow.workflow, "opens_nothing", (*path, "open"), said, advice)


def _given(workflow: Workflow, name: str, workflows: Mapping[str, Workflow]) -> frozenset[str]:
    """Return the values that whoever tells a case to take an action gives with it."""
    told = [
        frozenset(effect.tell.values)
        for other in workflows.values()
        if name in workflow.told_by(other)
        for effect in other.effects
        if effect.tell is not None and effect.tell.action == name
    ]
    return frozenset.intersection(*told)


def _unasked(workflow: Workflow, name: str, given: frozenset[str]) -> Iterator[Finding]:
    action = workflow.actions[name]
    missing = [ask for ask in action.asks if action.ask(ask).needed and ask not in given]
    if not missing and not action.materials:
        return
    message = Text(
        "由系统在期满或被告知时执行，却要求填写或提交 {n}，无人可问：执行会失败",
        "the system takes it when a deadline has passed or it is told to, and it asks for {n}, which nobody is there "
        "to give: it would fail",
    )
    advice = Text(
        "给这些值写 default，或不作要求；材料不能向系统要求",
        "give the values a default, or don't ask for them; the system can't be asked for materials",
    )
    asked = [*missing, *action.materials]
    said = message.fill(n=Text("、".join(asked), ", ".join(asked)))
    yield Finding(workflow.workflow, "unasked", ("actions", name), said, advice)


def _may_be_refused(workflow: Workflow, name: str) -> Iterator[Finding]:
    """Give a finding where a ground of an action at a deadline's end may be unmet in a state where it is taken."""
    facts, states = Facts(workflow), Machine(workflow).sources[name]
    doubtful = [
        guard.id
        for guard in workflow.actions[name].guards
        if any(possible([(guard.must, False)], _in_state(facts, state)) for state in states)
    ]
    if not doubtful:
        return
    message = Text(
        "是期满步骤，但条件 {g} 可能不满足：期满而条件不满足时，夜间任务每晚都会报错",
        "it is taken at a deadline's end, and {g} may not hold then: the sweep would fail night after night",
    )
    advice = Text(
        "把条件写进其效果的 if，或写进期限的 starts 的 when",
        "put the condition into the “if” of its effects, or into the “when” of the deadline's starts",
    )
    said = message.fill(g=Text("、".join(doubtful), ", ".join(doubtful)))
    yield Finding(workflow.workflow, "may_fail", ("actions", name), said, advice)


def _in_state(facts: Facts, state: str) -> Known:
    values = dict(facts.values)
    values["case.state"] = frozenset({state})
    values["case.final"] = frozenset({facts.workflow.states[state].final})
    return Known(values, facts.bounds)


def _not_there(workflow: Workflow) -> Iterator[Finding]:
    """Give a finding for each expression that reads a record, or a case above, where cases have none."""
    without = set()
    if workflow.about != "record":
        without.add("record")
    if workflow.parent is None:
        without.add("parent")
    for path, source in expressions_of(workflow):
        if _OF_OTHERS.intersection(path):
            continue
        for fact in sorted({root for root, *rest in paths_in(source) if rest} & without):
            message = Text(
                "读取 {f}，而此流程的案件没有（见 about、parent）：计算到这里就会失败",
                "it reads {f}, and cases of this workflow have none (see about, parent): it fails wherever it is asked",
            )
            advice = Text("改读别的事实，或改正 about、parent", "read another fact, or correct about or parent")
            yield Finding(workflow.workflow, "not_there", path, message.fill(f=fact), advice)


def _perhaps_without(workflow: Workflow, workflows: Mapping[str, Workflow]) -> Iterator[Finding]:
    """Give a finding for each expression that reads a record without asking whether the case has one, where it may not.

    It, or another one of the same condition, effect or value, has to ask for ``case.record``.
    """
    top: Workflow | None = workflow
    passed: set[str] = set()  # a workflow may be below itself
    while top is not None and top.parent is not None and top.workflow not in passed:
        passed.add(top.workflow)
        top = workflows.get(top.parent)
    if top is None or workflow.about != "record" or top.record_needed:
        return
    read = [(path, paths_in(source)) for path, source in expressions_of(workflow)]
    asking = {_part(path) for path, paths in read if ("case", "record") in {found[:2] for found in paths}}
    for path, paths in read:
        if _OF_OTHERS.intersection(path) or path[-1] == "which" or _part(path) in asking:
            continue
        if any(root == "record" and rest for root, *rest in paths):
            message = Text(
                "读取 record，而案件可能没有信用记录（instead_of_record）：计算到这里就会失败",
                "it reads the record, and a case may have none (instead_of_record): it fails where it is asked then",
            )
            advice = Text("先问 case.record == ''", "ask for case.record == '' first")
            yield Finding(workflow.workflow, "perhaps_not_there", path, message, advice)


def _part(path: Path) -> Path:
    """Return where the condition, effect or value stands that an expression belongs to."""
    numbered = [place for place, key in enumerate(path) if isinstance(key, int)]
    if numbered:
        return path[: numbered[-1] + 1]
    return path[:4] if "asks" in path else path[:3]
