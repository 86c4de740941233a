"""Read assumptions about people from YAML; every mistake is named with file, line and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from credit_workflow.authoring.simulation.assumptions import A_DAY, Arrivals, Follow, Habit, People
from credit_workflow.authoring.simulation.draws import Distribution, Fixed, Percentiles, Triangular, Uniform
from credit_workflow.calendar.dates import read_date
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Action, Workflow
from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml.documents import KeyPath, read_yaml
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.strict_yaml.sources import Source
from credit_workflow.text import Text

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_MOST_A_DAY = 100_000
_LONGEST = 2_000
_WHOLE = 100

Workflows = Mapping[str, Workflow]


def read_people(file: Path | Handed, workflows: Workflows) -> People:
    """Return what a file says of people.

    Args:
        file: YAML.
        workflows: the definitions that it may speak of, by name.

    Raises:
        NotFound: there is no such file.
        DefinitionFault: it has a mistake; file, line and key are named.
    """
    value, lines = read_yaml(file)
    return _people(_Node(value, (), Source(file, value, lines, dots=True)), workflows)


@dataclass(frozen=True)
class _Node:
    """A value of the file with where it stands."""

    value: Any
    path: KeyPath
    source: Source[Any]

    def fault(self, zh: str, en: str, **values: object) -> DefinitionFault:
        return self.source.fault(self.path, Text(zh, en).fill(**values))

    def items(self, *keys: str) -> dict[str, _Node]:
        """Return what a mapping has; of the keys given only, if any are."""
        if not isinstance(self.value, dict):
            raise self.fault("应为“键: 值”", "it must be a mapping of keys to values")
        found = {key: _Node(value, (*self.path, key), self.source) for key, value in self.value.items()}
        for key, node in found.items():
            if keys and key not in keys:
                raise node.fault("没有这个键；可用：{k}", "there is no such key; known: {k}", k=", ".join(keys))
        return found

    def each(self) -> Iterator[_Node]:
        if not isinstance(self.value, list):
            raise self.fault("应为列表", "it must be a list")
        for index, value in enumerate(self.value):
            yield _Node(value, (*self.path, index), self.source)

    def number(self, most: float = _LONGEST) -> float:
        text = str(self.value)
        if isinstance(self.value, (bool, dict, list)) or not _NUMBER.fullmatch(text) or float(text) > most:
            raise self.fault(
                "应为0至{m}的数，而不是“{v}”", "it must be a number from 0 to {m}, not “{v}”", m=f"{most:g}", v=text
            )
        return float(text)

    def whole(self, most: int = _LONGEST) -> int:
        number = self.number(most)
        if number != int(number):
            raise self.fault("应为整数，而不是“{v}”", "it must be a whole number, not “{v}”", v=self.value)
        return int(number)

    def day(self) -> date:
        found = read_date(self.value)
        if found is None:
            raise self.fault(
                "应为日期，如 2026-03-02，而不是“{v}”", "it must be a date such as 2026-03-02, not “{v}”", v=self.value
            )
        return found


# -- the whole


def _people(top: _Node, workflows: Workflows) -> People:
    parts = top.items("seed", "arrivals", "actions", "capacity")
    arrivals, actions, capacity = (
        parts[key].items() if key in parts else {} for key in ("arrivals", "actions", "capacity")
    )
    habits: dict[tuple[str, str], Habit] = {}
    for name, node in actions.items():
        workflow = _known(node, name, workflows, Text("流程", "workflow"))
        for action, habit in node.items().items():
            _known(habit, action, workflow.actions, Text("步骤", "action"))
            habits[name, action] = _habit(habit, workflow, action)
    return People(
        seed=parts["seed"].whole(999_999_999) if "seed" in parts else 1,
        arrivals={
            name: _arrivals(node, _known(node, name, workflows, Text("流程", "workflow")), workflows)
            for name, node in arrivals.items()
        },
        habits=habits,
        capacity={role: _capacity(node, role, workflows) for role, node in capacity.items()},
    )


def _known(node: _Node, name: str, known: Mapping[str, Any], what: Text) -> Any:
    if name not in known:
        raise node.fault(
            "没有{w}“{n}”；现有：{k}", "there is no {w} “{n}”; known: {k}", w=what, n=name, k=", ".join(known)
        )
    return known[name]


def _capacity(node: _Node, role: str, workflows: Workflows) -> int:
    roles = {role: None for workflow in workflows.values() for role in workflow.roles}
    _known(node, role, roles, Text("角色", "role"))
    return node.whole(_MOST_A_DAY)


# -- arrivals


def _arrivals(node: _Node, workflow: Workflow, workflows: Workflows) -> Arrivals:
    parts = node.items("per_working_day", "on", "after")
    if workflow.about == "account":
        raise node.fault("账户案件不参与推演", "cases about accounts are not simulated")
    follows: dict[str, Follow] = {}
    if workflow.parent is not None:
        for key in ("per_working_day", "on"):
            if key in parts:
                raise parts[key].fault(
                    "{w} 随上级案件提出，请用 after 写明在其哪一步之后",
                    "{w} follows on a parent case: say after which of its actions (after)",
                    w=workflow.workflow,
                )
        parent = workflows.get(workflow.parent)
        for action, follow in parts["after"].items().items() if "after" in parts and parent else ():
            if parent is not None:
                _known(follow, action, parent.actions, Text("步骤", "action"))
            inner = follow.items("share", "takes")
            if "share" not in inner:
                raise follow.fault("缺少键 share", "the key share is missing")
            takes = _takes(inner["takes"]) if "takes" in inner else A_DAY
            follows[action] = Follow(share=inner["share"].number(1), takes=takes)
    elif "after" in parts:
        raise parts["after"].fault("{w} 没有上级案件", "{w} has no parent case", w=workflow.workflow)
    rate = parts["per_working_day"].number(_MOST_A_DAY) if "per_working_day" in parts else 0.0
    return Arrivals(per_day=rate, on=_dates(parts["on"]) if "on" in parts else {}, after=follows)


def _dates(node: _Node) -> dict[date, int]:
    """Return how many come on which day, written as a list of days or as days with numbers."""
    counts: dict[date, int] = {}
    if isinstance(node.value, dict):
        for text, number in node.items().items():
            day = read_date(text)
            if day is None:
                raise number.fault("应为日期，如 2026-03-02", "it must be a date such as 2026-03-02")
            counts[day] = number.whole(_MOST_A_DAY)
        return counts
    for item in node.each():
        day = item.day()
        counts[day] = counts.get(day, 0) + 1
    return counts


# -- habits


def _habit(node: _Node, workflow: Workflow, action_name: str) -> Habit:
    action = workflow.actions[action_name]
    parts = node.items("weight", "share", "takes", "role", "values")
    if action.only_by_system and (action.to is None or parts.keys() != {"weight"}):
        raise node.fault(
            "该步骤由系统办理，只能写 weight（听其自然的比重）",
            "the system takes this action: only weight can be given, for leaving the case to it",
        )
    if action.opens and {"weight", "share", "takes"} & parts.keys():
        key = next(key for key in ("weight", "share", "takes") if key in parts)
        raise parts[key].fault("申请的数量写在 arrivals 中", "how many are filed stands under arrivals")
    if not action.opens and action.to is None and "weight" in parts:
        raise parts["weight"].fault(
            "该步骤不改变状态，请用 share（0 至 1）", "this action leaves the state as it is: give share, from 0 to 1"
        )
    if action.to is not None and "share" in parts:
        raise parts["share"].fault(
            "该步骤改变状态，请用 weight", "this action moves the case to another state: give weight"
        )
    role = None
    if "role" in parts:
        role = str(parts["role"].value)
        _known(parts["role"], role, dict.fromkeys(action.by), Text("可办理的角色", "role that may take it,"))
    values = parts["values"].items() if "values" in parts else {}
    return Habit(
        weights=_weights(parts["weight"], workflow, action_name) if "weight" in parts else None,
        share=parts["share"].number(1) if "share" in parts else None,
        takes=_takes(parts["takes"]) if "takes" in parts else None,
        role=role,
        values={name: _values(value, name, workflow, action) for name, value in values.items()},
    )


def _weights(node: _Node, workflow: Workflow, action: str) -> dict[str, float]:
    if not isinstance(node.value, dict):
        return {"*": node.number(1_000_000)}
    states = dict.fromkeys(Machine(workflow).sources[action])
    for state, weight in node.items().items():
        _known(weight, state, states, Text("可办理该步骤的状态", "state that it can be taken in,"))
    return {state: weight.number(1_000_000) for state, weight in node.items().items()}


def _takes(node: _Node) -> Distribution:
    """Return working days, written as a number or as a distribution."""
    if not isinstance(node.value, dict):
        return Fixed(node.number())
    forms: dict[str, Callable[[_Node], Distribution]] = {
        "fixed": lambda n: Fixed(n.number()),
        "uniform": _uniform,
        "triangular": lambda n: Triangular(*_numbers(n, 3)),
        "percentiles": _percentiles,
    }
    parts = node.items(*forms)
    if len(parts) != 1:
        raise node.fault("只写其中一种：{k}", "give one of these: {k}", k=", ".join(forms))
    ((form, inner),) = parts.items()
    return forms[form](inner)


def _uniform(node: _Node) -> Distribution:
    first, last = _numbers(node, 2)
    if int(first) != first or int(last) != last:
        raise node.fault("应为两个整数", "they must be two whole numbers")
    return Uniform(int(first), int(last))


def _numbers(node: _Node, count: int) -> list[float]:
    found = [item.number() for item in node.each()]
    if len(found) != count or found != sorted(found):
        raise node.fault("应为{n}个由小到大的数", "it must be {n} numbers in ascending order", n=count)
    return found


def _percentiles(node: _Node) -> Distribution:
    points = []
    for percent, days in node.items().items():
        if not percent.isascii() or not percent.isdecimal() or int(percent) > _WHOLE:
            raise days.fault("百分位应为0至100的整数", "a percentage is a whole number from 0 to 100")
        points.append((float(percent), days.number()))
    if [p for p, _ in points[:1]] != [0.0] or points[-1][0] != _WHOLE or points != sorted(points):
        raise node.fault("须从0到100，且由小到大", "they must run from 0 to 100, in ascending order")
    if [d for _, d in points] != sorted(d for _, d in points) or len({p for p, _ in points}) != len(points):
        raise node.fault("工作日数须由小到大", "the numbers of working days must be in ascending order")
    return Percentiles(tuple(points))


def _values(node: _Node, name: str, workflow: Workflow, action: Action) -> tuple[tuple[Any, float], ...]:
    """Return what is given for one value: one of it always, a list alike, or weights by what is given."""
    _known(node, name, action.asks, Text("填写项", "value"))
    rule = workflow.fields[action.field_of(name)]
    if isinstance(node.value, dict) and rule.type not in ("record_values", "values"):
        pairs = [(key, weight, weight.number(1_000_000)) for key, weight in node.items().items()]
        found = tuple((_plain(key), number) for key, _, number in pairs)
        places = {_plain(key): weight for key, weight, _ in pairs}
    elif isinstance(node.value, list):
        found = tuple((item.value, 1.0) for item in node.each())
        places = {}
    else:
        found, places = ((node.value, 1.0),), {}
    if not found or not sum(weight for _, weight in found):
        raise node.fault("至少须有一个", "there must be at least one")
    for value, _ in found:
        if rule.type == "choice" and value not in rule.choices:
            _known(places.get(value, node), str(value), rule.choices, Text("选项", "choice"))
    return found


def _plain(key: str) -> Any:
    return {"true": True, "false": False}.get(key, key)
