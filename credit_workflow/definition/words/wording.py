"""Put parts of a definition in sentences: lengths of time, lists of titles, deadlines, effects."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from credit_workflow.definition.clock_rules import DeadlineRule, Extension
from credit_workflow.definition.effect_kinds import Effect
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.words.lengths import amount_words, length_words
from credit_workflow.definition.words.titles import action_title, role_title, state_title
from credit_workflow.text import Text, same

#: What may not begin a line of Chinese.
_NEVER_FIRST = "，。；：、！？）》”’〕】,.;:!?)]"
_NEVER_LAST = "（《“‘〔【(["


def listed(texts: Iterable[Text]) -> Text:
    """Return texts as a list, with the comma of each language."""
    parts = list(texts)
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def role_words(workflow: Workflow, roles: Iterable[str]) -> Text:
    """Return the titles of roles as a list; a role that another definition names, by its name."""
    return listed(role_title(workflow, role) for role in roles)


def action_words(workflow: Workflow, actions: Iterable[str]) -> Text:
    """Return the titles of actions as a list."""
    return listed(action_title(workflow, action) for action in actions)


def state_words(workflow: Workflow, states: Iterable[str]) -> Text:
    """Return the titles of states as a list; each within quotes, for a title may have commas of its own."""
    titles = [state_title(workflow, state) for state in states]
    return listed(Text(f"“{title.zh}”", f'"{title.en}"') for title in titles)


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
    what = action_words(workflow, [rule.at_end])
    return Text(f"{kind.zh}，系统执行“{what.zh}”", f'{kind.en}, and the system does "{what.en}"')


def deadline_words(workflow: Workflow, rule: DeadlineRule) -> Text:
    """Return a deadline as one line: its title, length, start, ends, extension, end and clause."""
    length, start = period_words(rule), start_words(workflow, rule)
    zh, en = [length.zh], [length.en]
    if rule.if_day_off:
        zh.append("末日为休息日的顺延")
        en.append("moved off a day off")
    zh.append(f"自{start.zh}起")
    en.append(f"from {start.en}")
    if rule.ends:
        ends = action_words(workflow, rule.ends)
        zh.append(f"至“{ends.zh}”止")
        en.append(f'until "{ends.en}"')
    if rule.extension:
        more = extension_words(rule.extension)
        zh.append(f"可延长{more.zh}")
        en.append(f"extensible by {more.en}")
    for stop in rule.suspensions.values():
        zh.append(f"{stop.title.zh}时中止")
        en.append(f"stopped by {stop.title.en}")
    late = late_words(workflow, rule)
    title = rule.title.text
    target = target_words(rule)
    return Text(
        f"{title.zh}{target.zh}：{'，'.join(zh)}；期满：{late.zh}（{rule.source}）",
        f"{title.en}{target.en}: {', '.join(en)}; when it is over: {late.en} ({rule.source})",
    )


def period_words(rule: DeadlineRule) -> Text:
    """Return a deadline's length, or its several lengths; the end of a day that a case names is no length."""
    if rule.length == "same day" and rule.starts_on:
        return Text("起算日当天", "the day it starts on")
    lengths = [length_words(length) for length in (rule.length, *(other.length for other in rule.other_lengths))]
    either = Text("或".join(length.zh for length in lengths), " or ".join(length.en for length in lengths))
    first = Text("（含起算日）", ", the first day counted") if rule.first_day_counts else same("")
    return Text(either.zh + first.zh, either.en + first.en)


def start_words(workflow: Workflow, rule: DeadlineRule) -> Text:
    """Return what starts a deadline: actions, or the end of another deadline."""
    if rule.starts_after is None:
        start = action_words(workflow, rule.starters)
        return Text(f"“{start.zh}”", f'"{start.en}"')
    name, once = rule.starts_after
    other = workflow.deadlines[name].title.text
    how = Text("办结", "being met") if once == "met" else Text("届满", "having passed")
    return Text(f"“{other.zh}”{how.zh}", f'"{other.en}" {how.en}')


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
    title, length = rule.title.text, period_words(rule)
    shift = Text("，顺延", ", shifted") if rule.if_day_off else same("")
    return Text(f"{title.zh}：{length.zh}{shift.zh}", f"{title.en}: {length.en}{shift.en}")


def effect_words(workflow: Workflow, effect: Effect) -> Text:
    """Return in words what an effect does; expressions stand as they are written."""
    said = _effect(workflow, effect)
    if effect.when is None:
        return said
    return Text(f"如 `{effect.when}`：{said.zh}", f"if `{effect.when}`: {said.en}")


def _effect(workflow: Workflow, effect: Effect) -> Text:  # noqa: PLR0911 - one for each kind
    if effect.place_mark:
        title = effect.place_mark.title.text
        hidden = Text("，并停用该信息", ", and withhold the record") if effect.place_mark.suspends else same("")
        until = effect.place_mark.until
        end = same("")
        if until:
            deadline = workflow.deadlines[until].title.text
            end = Text(f"，至“{deadline.zh}”届满", f', until the end of "{deadline.en}"')
        return Text(f"作出“{title.zh}”标注{hidden.zh}{end.zh}", f'place the mark "{title.en}"{hidden.en}{end.en}')
    if effect.lift_mark:
        return Text(f"取消标注 `{effect.lift_mark.kind}`", f"lift the mark `{effect.lift_mark.kind}`")
    if effect.record:
        return {
            "correct": Text(f"信息修正为 `{effect.record.values}`", f"correct the record to `{effect.record.values}`"),
            "remove": Text("删除该信息", "remove the record"),
            "restore": Text("恢复本案修改前的信息", "restore what this case had changed of the record"),
        }[effect.record.what]
    if effect.tell:
        return _told(effect)
    if effect.notice:
        to, paper = role_words(workflow, [effect.notice.to]), effect.notice.title.text
        return Text(f"向{to.zh}送达《{paper.zh}》", f'send "{paper.en}" to: {to.en}')
    if effect.extend:
        deadline = workflow.deadlines[effect.extend.deadline].title.text
        if effect.extend.days is not None:
            more = effect.extend.days
            return Text(f"“{deadline.zh}”延长 `{more}` 日", f'extend "{deadline.en}" by `{more}` days')
        more = effect.extend.working_days or ""
        return Text(f"“{deadline.zh}”延长 `{more}` 个工作日", f'extend "{deadline.en}" by `{more}` working days')
    if effect.set is not None:
        values = [(workflow.fields[name].title.text, value) for name, value in effect.set.items()]
        return listed(Text(f"“{t.zh}”记为 `{v}`", f'set "{t.en}" to `{v}`') for t, v in values)
    return _seldom(workflow, effect)


def _told(effect: Effect) -> Text:
    assert effect.tell is not None  # noqa: S101 - said by the caller
    who = {
        "parent": Text("上级案件", "the parent case"),
        "children": Text("下级案件", "the child cases"),
        "self": Text("本案", "the case itself"),
    }[effect.tell.case]
    perhaps = Text("（可行时）", " where it can") if effect.tell.if_possible else same("")
    act = effect.tell.action
    return Text(f"{who.zh}随之执行 `{act}`{perhaps.zh}", f"{who.en} takes `{act}`{perhaps.en}")


def _seldom(workflow: Workflow, effect: Effect) -> Text:
    if effect.account:
        status = effect.account.status
        return Text(f"账户状态变为 `{status}`", f"the account becomes `{status}`")
    if effect.rectify and effect.rectify.only_check:
        return Text("检查该更正能否作出", "find out whether the entry can be put right")
    if effect.rectify:
        return Text("更正有误的日志，并重新计算其后各步", "put the entry right, and count anew what follows")
    if effect.find:
        into = workflow.fields[effect.find.into].title.text
        return Text(f"查得的信息记入“{into.zh}”", f'keep what is found in "{into.en}"')
    if effect.create_record:
        return Text(f"新建信用信息 `{effect.create_record.no}`", f"make the credit record `{effect.create_record.no}`")
    kind = effect.kinds()[0]
    return same(f"`{kind}`")


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
