"""A commented file of assumptions to begin with: what the history says, or a guess that says that it is one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from credit_workflow.authoring.simulation.assumptions import People
from credit_workflow.authoring.simulation.draws import Distribution, Fixed, Percentiles, Seen, Triangular, Uniform
from credit_workflow.authoring.simulation.plans import role_of
from credit_workflow.engine.amending.rectification import rule_of
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM
from credit_workflow.text import Lang, Text

Say = Callable[[str, str], str]
_QUANTILES = (0, 10, 50, 90, 100)


def example(people: People, in_force: Mapping[str, Rules], learnt: int, today: date | None, lang: Lang) -> str:
    """Return the file.

    Args:
        people: what the history says; may say nothing.
        in_force: the definitions that new cases begin with, by workflow.
        learnt: from how many linked cases the history was learnt.
        today: the day on which it was; None without a history.
        lang: the language of the remarks.
    """

    def say(zh: str, en: str) -> str:
        return Text(zh, en).to(lang)

    shown = {
        name: rules
        for name, rules in in_force.items()
        if rules.workflow.about != "account" and (name in people.arrivals or not people.arrivals)
    }
    lines = [*_head(say, learnt, today), "", "arrivals:"]
    for name, rules in shown.items():
        lines += _arrivals(name, rules, people, say, lang)
    lines += ["", "actions:"]
    for name, rules in shown.items():
        lines += [f"  {name}:  # {rules.workflow.title.text.to(lang)}", *_actions(name, rules, people, say, lang)]
    roles = {
        role: rules.workflow.roles[role].title.text.to(lang)
        for name, rules in shown.items()
        for action in rules.actions
        if (role := role_of(people, rules, action)) != SYSTEM
    }
    lines += [
        "",
        say(
            "# 每个角色每个工作日能办理多少步；不写的不设上限。历史用时已含排队，设上限时请把用时改为实际办理时间。",
            "# How many actions each role takes on a working day; a role that is not named takes any number.\n"
            "# Times from the history include waiting in line: with a capacity, give the time of the work itself.",
        ),
        "capacity: {}",
        *(f"#  {role}: 20  # {title}" for role, title in roles.items()),
    ]
    return "\n".join(lines) + "\n"


def _head(say: Say, learnt: int, today: date | None) -> list[str]:
    where = (
        say(
            f"# 数值来自 {today} 前最近 {learnt} 组案件的日志。",
            f"# The numbers come from the log: {learnt} cases up to {today}.",
        )
        if learnt
        else say(
            "# 数据库没有可供统计的历史：以下数值只是起点，请逐项修改。",
            "# The database has no history to learn from: the numbers are no more than a start, change each of them.",
        )
    )
    return [
        say(
            "# 推演的假设：credit-workflow simulate --until 日期 --arrivals 本文件",
            "# Assumptions of a simulation: credit-workflow simulate --until DATE --arrivals THIS FILE",
        ),
        where,
        say(
            "# 不写的项目按历史；见 docs/simulation.md。",
            "# What is left out follows the history; see docs/simulation.md.",
        ),
        "",
        say("# 同一种子，结果相同。", "# The same seed gives the same result."),
        "seed: 1",
        "",
        say(
            "# 每个工作日平均收件数（per_working_day）；或逐日写明：on: {2026-03-02: 3}。",
            "# Cases filed on a working day, on average (per_working_day); or day by day: on: {2026-03-02: 3}.",
        ),
        say(
            "# 随上级案件提出的：在其哪一步之后（after）、多大比例（share）、几个工作日后（takes）。",
            "# Those that follow on a parent case: after which of its actions, how often, after how many working days.",
        ),
    ]  # fmt: skip


def _arrivals(name: str, rules: Rules, people: People, say: Say, lang: Lang) -> list[str]:
    title = rules.workflow.title.text.to(lang)
    known = people.arrivals.get(name)
    if rules.workflow.parent is None:
        rate = 1.0 if known is None and not people.arrivals else 0.0 if known is None else known.per_day
        return [f"  {name}: {{per_working_day: {rate:g}}}  # {title}"]
    if known is None or not known.after:
        return [
            f"  {name}: {{}}  # {title}"
            + say("；例：after: {步骤: {share: 0.1, takes: 3}}", "; such as after: {ACTION: {share: 0.1, takes: 3}}")
        ]
    follows = [
        f"      {action}: {{share: {follow.share:g}, takes: {_takes(follow.takes)}}}"
        for action, follow in known.after.items()
    ]
    return [f"  {name}:  # {title}", "    after:", *follows]


def _actions(name: str, rules: Rules, people: People, say: Say, lang: Lang) -> Iterator[str]:
    owed = {action for action, _, _ in rules.owed}
    for action, rule in rules.actions.items():
        if SYSTEM in rule.by or not rule.listed or rule_of(rules, action) is not None:
            continue
        habit = people.habits.get((name, action))
        parts: dict[str, str] = {}
        if not rule.opens and rule.to is None:
            parts["share"] = f"{people.share(name, action, owed=action in owed):g}"
        elif not rule.opens:
            parts["weight"] = _weight(people, rules, action)
        if not rule.opens:
            parts["takes"] = _takes(people.takes(name, action))
        values = _values(rules, action, people)
        if values:
            parts["values"] = values
        guess = "" if habit is not None or not people.stays else say("（历史上未见）", " (never seen)")
        written = ", ".join(f"{key}: {value}" for key, value in parts.items())
        yield f"    {action}: {{{written}}}  # {rule.title.text.to(lang)}{guess}"


def _weight(people: People, rules: Rules, action: str) -> str:
    states = rules.machine.sources[action]
    found = {state: people.weights(rules.id, state, [action])[0][0] for state in states}
    if len(set(found.values())) == 1:
        return f"{next(iter(found.values())):g}"
    return "{" + ", ".join(f"{state}: {weight:g}" for state, weight in found.items()) + "}"


def _values(rules: Rules, action: str, people: People) -> str:
    """Return how often each choice is given; alike where nothing is known."""
    habit = people.habits.get((rules.id, action))
    rule = rules.actions[action]
    found: dict[str, Mapping[Any, float]] = {}
    for asked in rule.asks:
        how = rule.ask(asked)
        field = rules.workflow.fields[how.field or asked]
        known = {} if habit is None else dict(habit.values.get(asked, ()))
        if known:
            found[asked] = known
        elif field.type == "choice" and how.required and how.default is None:
            found[asked] = dict.fromkeys(field.choices, 1.0)
    return "{" + ", ".join(f"{asked}: {_counts(counts)}" for asked, counts in found.items()) + "}" if found else ""


def _counts(counts: Mapping[Any, float]) -> str:
    return "{" + ", ".join(f"{_key(value)}: {count:g}" for value, count in counts.items()) + "}"


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _takes(takes: Distribution) -> str:
    match takes:
        case Fixed(days=days):
            return f"{days:g}"
        case Uniform(first=first, last=last):
            return f"{{uniform: [{first}, {last}]}}"
        case Triangular(least=least, likely=likely, most=most):
            return f"{{triangular: [{least:g}, {likely:g}, {most:g}]}}"
        case Percentiles(points=points):
            return _percentiles(points)
        case Seen(days=days) if len(days) == 1:
            return str(days[0])
        case Seen():
            return _percentiles(tuple((q, takes.at(min(q / 100, 1 - 1e-9))) for q in _QUANTILES))


def _percentiles(points: tuple[tuple[float, float], ...]) -> str:
    return "{percentiles: {" + ", ".join(f"{percent:g}: {days:g}" for percent, days in points) + "}}"
