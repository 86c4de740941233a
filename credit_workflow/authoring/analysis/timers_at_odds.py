"""Find timers that can't fire when they are due, and timers whose order is left to chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from credit_workflow.authoring.analysis.exploration import Exploration
from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.authoring.analysis.linked_machines import Config, Family, Move
from credit_workflow.authoring.analysis.stuck_cases import others_said
from credit_workflow.definition.clock_rules import DeadlineRule
from credit_workflow.text import Text


def timer_findings(lone: Mapping[str, Exploration], explorations: list[Exploration]) -> Iterator[Finding]:
    """Give a finding for each deadline that can run in a state where its action can't be taken."""
    seen = {
        (m.workflow.workflow, case.state)
        for e in explorations
        for config in e.configs
        for m, case in zip(e.family.members, config, strict=True)
        if case is not None
    }
    followed = {(m.workflow.workflow, name) for e in explorations for m in e.family.members for name in m.deadlines}
    for exploration in [*explorations, *lone.values()]:
        by_itself = exploration in lone.values()
        for move, config in exploration.refused:
            workflow = exploration.family.members[move.member].workflow
            case = config[move.member]
            if case is None or move.deadline is None or (workflow.workflow, case.state) not in seen:
                continue
            if by_itself and (workflow.workflow, move.deadline) in followed:
                continue  # the families know better where it can run
            yield _no_way_out(exploration.family, move, config)


def _no_way_out(family: Family, move: Move, config: Config) -> Finding:
    case = config[move.member]
    state = "" if case is None else case.state
    message = Text(
        "期限在状态 {s} 中仍可运行，而期满步骤 {a} 在那里不能办理{o}：夜间任务会报错",
        "the deadline can run in the state {s}, where {a}, the action at its end, can't be taken{o}: "
        "the sweep would fail",
    )
    advice = Text(
        "让 {a} 也可从 {s} 办理，或让走到 {s} 的步骤终止此期限（ends）",
        "let {a} be taken from {s} as well, or let the action that leads to {s} end the deadline (ends)",
    )
    return Finding(
        family.members[move.member].workflow.workflow,
        "no_way_out",
        ("deadlines", move.deadline or "", "at_end"),
        message.fill(s=state, a=move.action, o=others_said(family, config, move.member)),
        advice.fill(s=state, a=move.action),
    )


def race_findings(explorations: list[Exploration]) -> Iterator[Finding]:
    """Give a finding for each two deadlines that can end on one day, with the order deciding what becomes."""
    for exploration in explorations:
        family = exploration.family
        timers: dict[int, dict[Move, None]] = {}
        for source, move, _ in exploration.edges:
            if move.deadline is not None and move.action:
                timers.setdefault(source, {})[move] = None
        for place, moves in timers.items():
            for one, other in combinations(moves, 2):
                if _meet(family, one, other) and _differ(family, exploration.configs[place], one, other):
                    yield _race(family, exploration.configs[place], one, other)


def _race(family: Family, config: Config, one: Move, other: Move) -> Finding:
    workflow, second = family.members[one.member].workflow, family.members[other.member].workflow
    case = config[one.member]
    theirs = "" if other.member == one.member else f"{second.workflow}."
    message = Text(
        "与期限 {w}{d} 可在同一天届满：先执行 {a} 还是 {b}，结果不同，而顺序并无规定（状态 {s}）",
        "it can end on the same day as the deadline {w}{d}: whether {a} or {b} comes first makes a difference that "
        "no rule decides (in the state {s})",
    )
    advice = Text(
        "让其中一个步骤终止另一期限（ends），或给两者同一个 at_end",
        "let one of the two actions end the other deadline (ends), or give both the same at_end",
    )
    values = {
        "w": theirs,
        "d": other.deadline,
        "a": one.action,
        "b": theirs + other.action,
        "s": "" if case is None else case.state,
    }
    key = ("deadlines", one.deadline or "", "at_end")
    return Finding(workflow.workflow, "race", key, message.fill(**values), advice)


def _differ(family: Family, config: Config, one: Move, other: Move) -> bool:
    """Whether the states after both depend on which of two timers fires first."""
    first, second = _after(family, config, one, other), _after(family, config, other, one)
    return bool(first and second) and first != second


def _after(family: Family, config: Config, one: Move, other: Move) -> set[tuple[str | None, ...]]:
    found = set()
    for now in family.take(config, one):
        case = now[other.member]
        index = family.members[other.member].deadlines.index(other.deadline or "")
        runs = case is not None and case.deadlines[index] == "running"
        for then in family.take(now, other) if runs else [now]:
            found.add(tuple(None if c is None else c.state for c in then))
    return found


def _meet(family: Family, one: Move, other: Move) -> bool:
    """Whether two deadlines can end on one day: certainly not if they start together and differ in length."""
    if one.member != other.member:
        return True
    rules = family.members[one.member].workflow.deadlines
    a, b = rules[one.deadline or ""], rules[other.deadline or ""]
    together = (a.starters, a.starts_after, a.starts_on) == (b.starters, b.starts_after, b.starts_on)
    return not (together and _fixed(a) and _fixed(b) and _unit(a) == _unit(b) and _lengths(a).isdisjoint(_lengths(b)))


def _fixed(rule: DeadlineRule) -> bool:
    """Whether nothing but its length says when a deadline ends that has started."""
    moved = rule.extension is not None or rule.runs_again_after is not None or rule.suspensions
    return not moved and rule.if_day_off is None


def _unit(rule: DeadlineRule) -> str:
    return "day" if rule.length == "same day" else rule.length.partition(" ")[2].rstrip("s")


def _lengths(rule: DeadlineRule) -> set[int]:
    """The lengths that a deadline can have, counted from the day after its start."""
    found = set()
    others = [(other.length, other.first_day_counts) for other in rule.other_lengths]
    for length, first_day_counts in ((rule.length, rule.first_day_counts), *others):
        count = 0 if length == "same day" else int(length.partition(" ")[0])
        # With working days, the day of the start counts only where it is one.
        found |= {count, count - 1} if first_day_counts else {count}
    return found
