"""Check the periods of a definition: their starts, other lengths, stops and extensions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from credit_workflow.definition.clock_rules import DeadlineRule, Extension, Start
from credit_workflow.definition.effect_kinds import Extend
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.problem import ACTION, Path, Problem, unknown_names
from credit_workflow.text import Text


def period_mistakes(workflow: Workflow, name: str, at: Path) -> Iterator[Problem]:
    """Yield each mistake in the start, other lengths and suspensions of a deadline, which stands at a key."""
    rule = workflow.deadlines[name]
    for key, message in chain(_start(workflow, name, rule), _lengths(rule), _suspensions(workflow, rule)):
        yield Problem((*at, *key), message)


def _lengths(rule: DeadlineRule) -> Iterator[tuple[Path, Text]]:
    if rule.if_day_off is not None and _unit(rule.length) not in ("days", "working days", "same day"):
        yield ("if_day_off",), Text("只有按日计算的期间可顺延", "only a period in days is shifted")
    if rule.if_day_off is not None and "working" in rule.length:
        yield ("if_day_off",), Text("工作日期间不会止于休息日", "working days never end on a day off")
    lengths = [rule.length, *(other.length for other in rule.other_lengths)]
    for index, other in enumerate(rule.other_lengths):
        if other.length in lengths[: index + 1]:
            yield ("other_lengths", index, "length"), Text("此长度已有", "there is this length already")
        if _unit(other.length) != _unit(rule.length):
            message = Text(
                "单位须与 length 相同（日、工作日或年）",
                "it must be in the unit of “length”: days, working days or years",
            )
            yield ("other_lengths", index, "length"), message
    counting = [rule.first_day_counts, *(other.first_day_counts for other in rule.other_lengths)]
    if any(counts and length == "same day" for counts, length in zip(counting, lengths, strict=True)):
        message = Text("当天的期限没有首日之分", "the same day has no first day to count")
        yield ("first_day_counts",), message


def _suspensions(workflow: Workflow, rule: DeadlineRule) -> Iterator[tuple[Path, Text]]:
    for stop, suspension in rule.suspensions.items():
        at: Path = ("suspensions", stop)
        for part, actions in (("begins", suspension.begins), ("ends", suspension.ends)):
            yield from unknown_names((*at, part), actions, workflow.actions, ACTION)
        for action in set(suspension.begins).intersection(suspension.ends):
            message = Text("{n} 不能既中止又恢复计算", "{n} can't both stop the clock and start it again")
            yield at, message.fill(n=action)
        if _unit(rule.length) not in ("days", "working days"):
            message = Text(
                "只有按日或按工作日计算的期间可以中止；当天与按年计算的不能",
                "only a period in days or working days can be stopped, not the same day nor years",
            )
            yield at, message


def mark_mistakes(workflow: Workflow, until: str) -> Iterator[Text]:
    """Yield why a mark can't last until the end of a deadline: its last day is fixed when it is placed."""
    if until in workflow.deadlines and workflow.deadlines[until].suspensions:
        message = Text("期限 {d} 可中止，标注不能以其为止", "the clock of {d} can stand: no mark lasts until its end")
        yield message.fill(d=until)


def _start(workflow: Workflow, name: str, rule: DeadlineRule) -> Iterator[tuple[Path, Text]]:
    after = rule.starts_after
    if isinstance(rule.starts, Start) and bool(rule.starters) == (after is not None):
        message = Text("须写 action 或 deadline 之一", "write one of “action” and “deadline”")
        yield ("starts",), message
    if after is None:
        return
    first, once = after
    if first not in workflow.deadlines or first == name:
        message = Text("没有可使其开始的期限 {n}", "there is no other deadline called {n} to start it")
        yield ("starts", "deadline"), message.fill(n=first)
    elif once == "met" and not workflow.deadlines[first].ends:
        message = Text("期限 {n} 没有 ends，不会完成", "the deadline {n} has no “ends”: nothing meets it")
        yield ("starts", "once"), message.fill(n=first)
    elif once == "passed" and workflow.deadlines[first].at_end is None:
        message = Text(
            "期限 {n} 没有 at_end，届满时不会记入日志", "the deadline {n} has no “at_end”: its passing is not recorded"
        )
        yield ("starts", "once"), message.fill(n=first)


def extend_mistakes(extend: Extend, extension: Extension) -> Iterator[Text]:
    """Yield what is wrong with how an effect moves a deadline that can be extended."""
    given = [part for part in ("working_days", "days") if getattr(extend, part) is not None]
    wanted = "working_days" if extension.unit == "working days" else "days"
    if given != [wanted]:
        message = Text("该期限的延长以 {u} 计，须写 {w}", "the extension is in {u}: write {w}")
        yield message.fill(u=extension.unit, w=wanted)


def _unit(length: str) -> str:
    """Return the unit of a length, ``same day`` being one of its own."""
    unit = length.partition(" ")[2]
    return length if length == "same day" else unit if unit.endswith("s") else f"{unit}s"
