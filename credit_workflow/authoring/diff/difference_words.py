"""Name the parts and keys of a definition where two versions are compared."""

from __future__ import annotations

from typing import Any

import msgspec

from credit_workflow.definition.effect_kinds import Effect
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.text import Text, joined, listed, same

PARTS = {
    "states": Text("状态", "state"),
    "actions": Text("步骤", "action"),
    "roles": Text("角色", "role"),
    "permissions": Text("权限", "permission"),
    "seen_by": Text("可查看案件者", "who sees cases:"),
    "records_seen_by": Text("可查看信用记录者", "who sees records:"),
    "fields": Text("填写项", "field"),
    "materials": Text("材料", "material"),
    "deadlines": Text("期限", "deadline"),
    "papers": Text("文书", "paper"),
    "recurring": Text("定期职责", "recurring case"),
    "instruments": Text("规范性文件", "instrument"),
}

KEYS = {
    "title": Text("名称", "title"),
    "source": Text("依据", "source"),
    "number": Text("案件编号", "case number"),
    "in_force.from": Text("生效日期", "in force from"),
    "takes_over": Text("接管在办案件", "takes over running cases"),
    "takes_over.from": Text("接管在办案件的日期", "takes over running cases from"),
    "takes_over.deadlines": Text("在办案件的期限", "deadlines of running cases"),
    "takes_over.states": Text("在办案件的状态对应", "counterparts of states"),
    "calendar": Text("日历", "calendar"),
    "parent": Text("上级流程", "parent"),
    "about": Text("案件对象", "about"),
    "waits_for": Text("等待", "waits for"),
    "waits_for_role_in": Text("等待下列项目所写的角色", "waits for the role that is said in"),
    "final": Text("终态", "final"),
    "from": Text("可在状态", "can be taken in"),
    "to": Text("转至", "leads to"),
    "by": Text("由", "by"),
    "not_by": Text("不得为下列步骤的办理人", "not by who took"),
    "asks": Text("填写", "asks"),
    "materials": Text("材料", "materials"),
    "takes_materials_of": Text("一并收取材料的步骤", "takes materials of"),
    "requires": Text("条件", "condition"),
    "offered_when": Text("可办条件", "condition of being offered"),
    "must": Text("须满足", "must hold"),
    "message": Text("告知内容", "message"),
    "effects": Text("效果", "effect"),
    "refuses": Text("须有理由方可拒绝", "refuses, for a ground alone"),
    "remedies": Text("救济途径", "remedies"),
    "complete": Text("须全部列明", "all must be named"),
    "unless_in": Text("已列入他案的除外", "but for what another case names"),
    "for_units": Text("每单位一件，所涉案件存入", "one for each unit, about its cases in"),
    "together": Text("一并申请的案件存入", "cases filed together are kept in"),
    "filing": Text("自申请之日起算", "counted from the day of filing"),
    "owed_when": Text("须办理的情形", "owed when"),
    "listed": Text("列出", "listed"),
    "shows": Text("给出内容", "shows"),
    "length": Text("长度", "length"),
    "kind": Text("类别", "kind"),
    "first_day_counts": Text("起算日计入", "the day of the start counts"),
    "suspensions": Text("中止", "stop"),
    "begins": Text("起因", "begun by"),
    "then": Text("恢复后", "when it runs again"),
    "other_lengths": Text("另定长度", "other length"),
    "identity": Text("区分当事人", "people are told apart by"),
    "starts": Text("起算", "starts"),
    "ends": Text("止于", "ended by"),
    "late": Text("届满后", "when past"),
    "at_end": Text("届满时办理", "then taken"),
    "if_day_off": Text("末日非工作日时", "on a day off"),
    "extension": Text("延期", "extension"),
    "extension.at_most": Text("最多延期", "extension of at most"),
    "extension.unit": Text("延期的单位", "unit of the extension"),
    "extension.times": Text("延期次数", "extensions"),
    "runs_again_after": Text("恢复计算的步骤", "runs again after"),
    "owed_by": Text("由谁负责", "owed by"),
    "outlives_case": Text("结案后继续", "outlives the case"),
    "type": Text("类型", "type"),
    "choices": Text("选项", "choices"),
    "at_least": Text("不小于", "at least"),
    "at_most": Text("不大于", "at most"),
    "when": Text("适用情形", "when"),
    "accepts": Text("可代替的材料", "accepts"),
    "one_by_one": Text("须逐项确认", "confirmed one by one"),
    "practice_accounts": Text("练习账户数", "practice accounts"),
    "practice_units": Text("练习账户所在单位", "units of the practice accounts"),
    "printed_by": Text("由谁打印", "printed by"),
    "whole": Text("可查看全部的", "seen whole"),
    "masked": Text("隐去姓名和内容后可查看的", "seen without names and texts"),
    "whose": Text("可查看的信用记录", "records seen"),
    "classes": Text("公开类别", "open classes"),
    "case_work": Text("用途以办案为常", "usually for case work"),
    "seen_by": Text("仅下列人员可查看", "seen by these alone"),
}

_EFFECTS = {
    "place_mark": Text("作出标注 {kind}", "mark the record as {kind}"),
    "lift_mark": Text("取消标注 {kind}", "lift the mark {kind}"),
    "record": Text("信用记录：{what}", "the record: {what}"),
    "tell": Text("使 {case} 办理 {action}", "have the {case} take {action}"),
    "open": Text("开出 {workflow} 案件", "open a case of {workflow}"),
    "notice": Text("通知 {to}：{paper}", "tell the {to}: {paper}"),
    "extend": Text("延长期限 {deadline}", "extend the deadline {deadline}"),
    "account": Text("账户状态 {status}", "the account is {status}"),
    "find": Text("查找记录，存入 {into}", "find records, kept in {into}"),
}

#: What counts where a definition leaves a key out.
_USUAL: dict[str, Any] = {
    "identity": "cn",
    "extension.unit": "working days",
    "first_day_counts": False,
    "filing": False,
    "then": "remainder",
}
_IDENTITIES = {"cn": Text("公民身份号码、统一社会信用代码", "Chinese numbers"), "any": Text("任意文字", "any text")}
_EXTENDED_IN = {"working days": Text("工作日", "working days"), "days": Text("日", "days")}
_THEN = {
    "remainder": Text("余期续计", "what was left"),
    "full_length": Text("重新计算全期", "the whole period anew"),
}

_NAMED = {"identity": _IDENTITIES, "extension.unit": _EXTENDED_IN, "then": _THEN}


def key_words(path: str) -> Text:
    """Return what a key is called; one without a word of its own stands for itself."""
    last = path.rpartition(".")[2]
    if path.startswith("suspensions."):
        words = Text("中止 {s} 的{of}", "stop {s}, {of}")
        return words.fill(s=path.split(".")[1], of=KEYS.get(last) or same(last))
    return KEYS.get(path) or KEYS.get(last) or same(path)


def effect_words(effect: Any) -> Text:
    """Return an effect in words, given as plain values."""
    kind = msgspec.convert(effect, Effect).kinds()[0]
    said = effect[kind]
    words = _custom_words(said) if kind == "custom" else _EFFECTS.get(kind)
    text = same(f"{kind} {_plain(said)}") if words is None else words.fill(**said)
    return conditioned(text, effect.get("if"))


def conditioned(text: Text, condition: str | None) -> Text:
    """Return a text with the condition on which it holds, if there is one."""
    return text if condition is None else Text("{t}（{c} 时）", "{t} (if {c})").fill(t=text, c=condition)


def _custom_words(said: Any) -> Text:
    """What an installed package does: what it is given, what it may fill in, what it may send."""
    given = ", ".join(f"{name}={value}" for name, value in said.get("values", {}).items())
    sets, papers = said.get("sets", ()), [notification["paper"] for notification in said.get("notices", ())]
    parts = [Text("给出 {g}", "given {g}").fill(g=same(given) if given else Text("无", "nothing"))]
    if sets:
        parts.append(Text("填写 {s}", "it fills in {s}").fill(s=listed(map(same, sets))))
    if papers:
        parts.append(Text("可发通知 {p}", "it may send {p}").fill(p=listed(map(same, papers))))
    words = Text("由扩展 {n} 办理（{all}）", "have the plug-in {n} act ({all})")
    return words.fill(n=said["name"], all=joined(parts))


def value_words(path: str, value: Any) -> Text:
    """Return a value in words: a length, a title, a list of names; what counts unless said where it is None."""
    last = path.rpartition(".")[2]
    value = _USUAL.get(path, _USUAL.get(last)) if value is None else value
    if value is None:
        return Text("（无）", "(none)")
    said = _NAMED.get(path, _NAMED.get(last, {})).get(value) if isinstance(value, str) else _said_plainly(value)
    if said is not None:
        return said
    if path == "takes_over":
        return _takes_over_words(value)
    if last == "length":
        return length_words(str(value))
    return _other_words(value)


def _said_plainly(value: Any) -> Text | None:
    """What needs no key to be understood: a flag, a title."""
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return same("“{t}”").fill(t=Text(**value))
    return None


def _takes_over_words(value: Any) -> Text:
    counted = {"recount": Text("期限重新计算", "deadlines counted again"), "keep": Text("期限不变", "deadlines kept")}
    return Text("自 {d} 起，{how}", "from {d}, {how}").fill(d=value["from"], how=counted[value["deadlines"]])


def _other_words(value: Any) -> Text:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return listed(map(same, value)) if value else Text("（无）", "(none)")
    return same(str(value)) if isinstance(value, (str, int)) else same(_plain(value))


def _plain(value: Any) -> str:
    return msgspec.json.encode(value).decode()
