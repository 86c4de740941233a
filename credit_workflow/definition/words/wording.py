"""Put parts of a definition in sentences: lengths of time, lists of titles, deadlines, effects."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from credit_workflow.definition.clock_rules import DeadlineRule, Extension
from credit_workflow.definition.effect_kinds import Effect
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.words.lengths import amount_words, length_words
from credit_workflow.definition.words.titles import (
    action_title,
    deadline_title,
    field_title,
    role_title,
    state_title,
)
from credit_workflow.strict_yaml.patterns import Title
from credit_workflow.text import Text, joined, listed, same

#: What may not begin a line of Chinese.
_NEVER_FIRST = "，。；：、！？）》”’〕】,.;:!?)]"
_NEVER_LAST = "（《“‘〔【(["
_QUOTED = Text("“{t}”", '"{t}"')
#: What an effect does, by its kind or how it does it.
_EFFECTS = {
    "place_mark": Text("作出“{title}”标注{hidden}{end}", 'place the mark "{title}"{hidden}{end}'),
    "lift_mark": Text("取消标注 `{kind}`", "lift the mark `{kind}`"),
    "correct": Text("信息修正为 `{values}`", "correct the record to `{values}`"),
    "remove": Text("删除该信息", "remove the record"),
    "reassign": Text("信息改归 `{subject}`（`{name}`）", "give the record to `{subject}` (`{name}`), whom it is about"),
    "restore": Text("恢复本案修改前的信息", "restore what this case had changed of the record"),
    "tell": Text("{who}随之执行 `{action}`{perhaps}", "{who} takes `{action}`{perhaps}"),
    "open": Text("开出“{workflow}”案件，由{addressed}办理", 'open a case of "{workflow}", which is with {addressed}'),
    "notice": Text("向{to}送达《{title}》", 'send "{title}" to: {to}'),
    "working_days": Text("“{deadline}”延长 `{more}` 个工作日", 'extend "{deadline}" by `{more}` working days'),
    "days": Text("“{deadline}”延长 `{more}` 日", 'extend "{deadline}" by `{more}` days'),
    "account": Text("账户状态变为 `{status}`", "the account becomes `{status}`"),
    "check": Text("检查该更正能否作出", "find out whether the entry can be put right"),
    "rectify": Text("更正有误的日志，并重新计算其后各步", "put the entry right, and count anew what follows"),
    "destroy_scans": Text(
        "销毁“{of}”的扫描件，记入“{into}”", 'destroy the scans of "{of}", and keep in "{into}" which they were'
    ),
    "find": Text("查得的信息记入“{into}”", 'keep what is found in "{into}"'),
    "create_record": Text("新建信用信息 `{no}`", "make the credit record `{no}`"),
}
_TOLD = {
    "parent": Text("上级案件", "the parent case"),
    "children": Text("下级案件", "the child cases"),
    "self": Text("本案", "the case itself"),
}
_PERHAPS = Text("（可行时）", " where it can")


def role_words(workflow: Workflow, roles: Iterable[str]) -> Text:
    """Return the titles of roles as a list; a role that another definition names, by its name."""
    return listed(role_title(workflow, role) for role in roles)


def action_words(workflow: Workflow, actions: Iterable[str]) -> Text:
    """Return the titles of actions as a list."""
    return listed(action_title(workflow, action) for action in actions)


def state_words(workflow: Workflow, states: Iterable[str]) -> Text:
    """Return the titles of states as a list; each within quotes, for a title may have commas of its own."""
    return listed(_QUOTED.fill(t=state_title(workflow, state)) for state in states)


def origin_words(workflow: Workflow, origin: str | Iterable[str] | None) -> Text:
    """Return from where an action can be taken, as its ``from`` says."""
    if origin is None:
        return Text("（立案）", "(opens the case)")
    if origin == "any":
        return Text("任何状态", "any state")
    if origin == "open":
        return Text("任何未终结的状态", "any state that is not final")
    return state_words(workflow, [origin] if isinstance(origin, str) else origin)


def late_words(workflow: Workflow, rule: DeadlineRule) -> Text:
    """Return what happens when the last day of a deadline has passed."""
    kind = {
        "overdue": Text("逾期（仍应办理）", "overdue (the duty stays)"),
        "lapsed": Text("失效", "it lapses"),
        "met": Text("期间正常结束", "it has run its time"),
    }[rule.late]
    if rule.at_end is None:
        return kind
    return joined([kind, _QUOTED.fill(t=action_title(workflow, rule.at_end))], "，系统执行", ", and the system does ")


def deadline_words(workflow: Workflow, rule: DeadlineRule) -> Text:
    """Return a deadline as one line: its title, length, start, ends, extension, end and clause."""
    said = [period_words(rule)]
    if rule.if_day_off:
        said.append(Text("末日为休息日的顺延", "moved off a day off"))
    said.append(Text("自{s}起", "from {s}").fill(s=start_words(workflow, rule)))
    if rule.ends:
        said.append(Text("至“{e}”止", 'until "{e}"').fill(e=action_words(workflow, rule.ends)))
    if rule.extension:
        said.append(Text("可延长{m}", "extensible by {m}").fill(m=extension_words(rule.extension)))
    said += [Text("{s}时中止", "stopped by {s}").fill(s=stop.title.text) for stop in rule.suspensions.values()]
    text = Text("{t}{k}：{all}；期满：{late}（{source}）", "{t}{k}: {all}; when it is over: {late} ({source})")
    late, every = late_words(workflow, rule), joined(said, "，", ", ")
    return text.fill(t=rule.title.text, k=target_words(rule), all=every, late=late, source=rule.source)


def period_words(rule: DeadlineRule) -> Text:
    """Return a deadline's length, or its several lengths; the end of a day that a case names is no length."""
    if rule.length == "same day" and rule.starts_on:
        return Text("起算日当天", "the day it starts on")
    lengths = map(length_words, (rule.length, *(other.length for other in rule.other_lengths)))
    either = joined(lengths, "或", " or ")
    return Text("{e}（含起算日）", "{e}, the first day counted").fill(e=either) if rule.first_day_counts else either


def start_words(workflow: Workflow, rule: DeadlineRule) -> Text:
    """Return what starts a deadline: actions, or the end of another deadline."""
    if rule.starts_after is None:
        return _QUOTED.fill(t=action_words(workflow, rule.starters))
    name, once = rule.starts_after
    how = Text("“{t}”办结", '"{t}" being met') if once == "met" else Text("“{t}”届满", '"{t}" having passed')
    return how.fill(t=workflow.deadlines[name].title.text)


def extension_words(extension: Extension) -> Text:
    """Return how far a deadline can be moved: ``15 working days``."""
    return amount_words(extension.at_most, extension.unit)


def target_words(rule: DeadlineRule) -> Text:
    """Return the remark that a deadline is a unit's own goal, unless its title says so."""
    if rule.kind == "statutory" or "目标" in rule.title.zh:
        return same("")
    return Text("（内部目标）", " (target)")


def deadline_short(rule: DeadlineRule) -> Text:
    """Return a deadline in a few words: its title and length."""
    text = Text("{t}：{l}，顺延", "{t}: {l}, shifted") if rule.if_day_off else Text("{t}：{l}", "{t}: {l}")
    return text.fill(t=rule.title.text, l=period_words(rule))


def effect_words(workflow: Workflow, effect: Effect) -> Text:
    """Return in words what an effect does; expressions stand as they are written."""
    said = _effect(workflow, effect)
    return said if effect.when is None else Text("如 `{c}`：{e}", "if `{c}`: {e}").fill(c=effect.when, e=said)


def _effect(workflow: Workflow, effect: Effect) -> Text:
    """Return in words what an effect does: those of its kind, filled with what it says and what that is called."""
    kind = effect.kinds()[0]
    said = getattr(effect, kind)
    if kind == "set":
        words = Text("“{t}”记为 `{v}`", 'set "{t}" to `{v}`')
        return listed(words.fill(t=field_title(workflow, name), v=value) for name, value in said.items())
    values = {name: getattr(said, name) for name in said.__struct_fields__}
    values["addressed"] = same(f"`{values['unit']}`") if values.get("unit") else Text("本单位", "the same unit")
    if isinstance(values.get("title"), Title):
        values["title"] = said.title.text
    match kind:
        case "place_mark":
            end = Text("，至“{d}”届满", ', until the end of "{d}"') if said.until else same("")
            hidden = Text("，并停用该信息", ", and withhold the record") if said.suspends else same("")
            values |= {"hidden": hidden, "end": end.fill(d=deadline_title(workflow, said.until))}
        case "record":
            kind = said.what
        case "tell":
            values |= {"who": _TOLD[said.case], "perhaps": _PERHAPS if said.if_possible else same("")}
        case "notice":
            values["to"] = role_title(workflow, said.to)
        case "extend":
            kind = "working_days" if said.days is None else "days"
            values |= {"deadline": deadline_title(workflow, said.deadline), "more": getattr(said, kind)}
        case "rectify":
            kind = "check" if said.only_check else "rectify"
        case "destroy_scans" | "find":
            values |= {key: field_title(workflow, getattr(said, key)) for key in ("of", "into") if hasattr(said, key)}
    return _EFFECTS.get(kind, same(f"`{kind}`")).fill(**values)


def width(text: str) -> int:
    """Return how many cells of a fixed-width font a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrapped(text: str, cells: int) -> list[str]:
    """Return a text as lines of at most so many cells: broken at spaces, and between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width((line + piece).rstrip()) > cells and piece[0] not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Return what may not be broken: a word with the space after it, or one Chinese character."""
    pieces: list[str] = []
    for sign in " ".join(text.split()):
        before = pieces[-1][-1] if pieces else ""
        in_a_word = width(sign) == 1 and width(before) == 1 and before != " "
        if before and (sign == " " or in_a_word or before in _NEVER_LAST):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
