"""Write a workflow's documentation as Markdown, generated so that it never differs from the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from credit_workflow.authoring.drawing.chart import chart_of
from credit_workflow.authoring.drawing.markdown_tables import Tongue, actions_table, code, prose, table, told
from credit_workflow.authoring.drawing.mermaid import full_mermaid
from credit_workflow.definition.access_rules import Where
from credit_workflow.definition.clock_rules import DeadlineRule, Recurring
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Action, Guard, Permission, Workflow
from credit_workflow.definition.running import runs_in, starting
from credit_workflow.definition.words.lengths import length_words
from credit_workflow.definition.words.wording import (
    action_words,
    effect_words,
    extension_words,
    late_words,
    origin_words,
    period_words,
    role_words,
    start_words,
    state_words,
    target_words,
)
from credit_workflow.numerals import chinese_number
from credit_workflow.text import Lang, Text, joined, listed, same

_DIGITS = "一二三四五六七八九十"
_ABOUT = {
    "record": Text("一条公共信用信息", "a credit record"),
    "person": Text("一个人或单位", "a person"),
    "account": Text("一个账户", "an account"),
    "nothing": Text("本单位内部事项", "an internal matter of the unit"),
}


def document(workflow: Workflow, tongue: Tongue) -> str:
    """Return the documentation of a checked definition as Markdown.

    Args:
        workflow: the definition; nothing else is read.
        tongue: the language, or both side by side.
    """
    return "\n\n".join(part for part in _Document(workflow, tongue).parts() if part) + "\n"


def cited(workflow: Workflow) -> dict[str, list[str]]:
    """Return each clause that a definition cites, in the order of clauses, with the keys that cite it."""
    found: dict[str, list[str]] = {}
    for key, source in _sources(msgspec.to_builtins(workflow), ""):
        for clause in re.split(r"[，,;；]\s*|(?<=\])\s+", source):
            if clause.strip():
                found.setdefault(clause.strip(), []).append(key)
    return dict(sorted(found.items(), key=lambda item: _place(item[0])))


def _sources(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Every ``source`` in a definition, with the dotted key of what it belongs to."""
    if isinstance(value, dict):
        if isinstance(value.get("source"), str):
            yield key or "workflow", value["source"]
        for name, part in value.items():
            yield from _sources(part, f"{key}.{name}" if key else name)
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value, 1):
            name = part.get("id", number) if isinstance(part, dict) else number
            yield from _sources(part, f"{key}.{name}")


def _place(clause: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Where a clause stands in the index: by its numbers, Chinese ones as numbers; practice comes last."""
    parts = re.findall(rf"[{_DIGITS}]+|\d+|[^{_DIGITS}\d]+", clause)
    numbers = [chinese_number(part) for part in parts]
    return clause.startswith("["), [
        (True, 0, part) if number is None else (False, number, "") for part, number in zip(parts, numbers, strict=True)
    ]


class _Document:
    """One document in the making."""

    def __init__(self, workflow: Workflow, tongue: Tongue) -> None:
        self.workflow = workflow
        self.tongue = tongue

    def say(self, text: Text) -> str:
        """A text as Markdown that shows it as it stands."""
        return prose(told(text, self.tongue))

    def t(self, zh: str, en: str) -> str:
        """Words of the document's own, which may be Markdown."""
        return told(Text(zh, en), self.tongue)

    def table(self, zh: str, en: str, rows: Iterable[Sequence[str]]) -> str:
        """A table, its titles given with a bar between."""
        return table([self.t(*titles) for titles in zip(zh.split("|"), en.split("|"), strict=True)], rows)

    def aside(self, *parts: str) -> str:
        """Parts within brackets."""
        return f"（{'，'.join(parts)}）" if self.tongue == "zh" else f" ({', '.join(parts)})"

    @property
    def colon(self) -> str:
        """What stands before a list."""
        return "：" if self.tongue == "zh" else ": "

    @property
    def semicolon(self) -> str:
        """What stands between two statements."""
        return "；" if self.tongue == "zh" else "; "

    @property
    def lang(self) -> Lang:
        """The language of the picture."""
        return "en" if self.tongue == "en" else "zh"

    def parts(self) -> Iterator[str]:
        w = self.workflow
        yield f"# {self.say(w.title.text)} {code(w.workflow)}"
        yield self.head()
        yield f"## {self.t('状态图', 'Diagram')}"
        yield f"```mermaid\n{full_mermaid(chart_of(w), self.lang)}\n```"
        yield f"## {self.t('角色', 'Roles')}"
        yield self.roles()
        yield f"## {self.t('状态', 'States')}"
        yield self.states()
        yield f"## {self.t('步骤', 'Actions')}"
        yield actions_table(w, self.tongue)
        for name, action in w.actions.items():
            yield from self.action(name, action)
        if w.deadlines:
            yield f"## {self.t('期限', 'Deadlines')}"
            yield self.deadlines()
        yield from self.lists()
        yield from self.sight()
        yield f"## {self.t('条款索引', 'Clauses')}"
        rows = ((prose(clause), ", ".join(code(key) for key in keys)) for clause, keys in cited(w).items())
        yield self.table("条款|所在", "Clause|Cited by", rows)

    def head(self) -> str:
        w = self.workflow
        rows = [
            (self.t("依据", "Source"), prose(w.source)),
            (self.t("版本", "Version"), str(w.version)),
            (self.t("施行", "In force from"), w.in_force.since),
            (self.t("案件编号", "Case number"), code(w.number)),
            (self.t("对象", "About"), self.say(_ABOUT[w.about])),
            (self.t("日历", "Calendar"), code(w.calendar)),
        ]
        if w.parent:
            rows.append((self.t("上级流程", "Parent"), code(w.parent)))
        rows += [(prose(short), self.say(title.text)) for short, title in w.instruments.items()]
        return table(("", ""), rows)

    def roles(self) -> str:
        rows = []
        for name, role in self.workflow.roles.items():
            does = [self.say(a.title.text) for a in self.workflow.actions.values() if name in a.by]
            rows.append((code(name), self.say(role.title.text), self.comma(does)))
        return self.table("角色|名称|步骤", "Role|Title|Actions", rows)

    def states(self) -> str:
        w = self.workflow
        machine = Machine(w)
        running = {name: runs_in(machine, rule) for name, rule in w.deadlines.items()}
        rows = []
        for name, state in w.states.items():
            waits = self.say(role_words(w, w.waited_for(name)))
            runs = [self.say(w.deadlines[d].title.text) for d in running if name in running[d]]
            final = self.t("终结", "final") if state.final else ""
            rows.append((code(name), self.say(state.title.text), waits or final, self.comma(runs)))
        return self.table("状态|名称|等待|可能运行的期限", "State|Title|Waits for|Deadlines that can run", rows)

    def action(self, name: str, action: Action) -> Iterator[str]:
        w = self.workflow
        yield f"### {self.say(action.title.text)} {code(name)}"
        where = self.say(origin_words(w, action.origin))
        to = self.say(state_words(w, [action.to])) if action.to else self.t("状态不变", "the state stays")
        by = self.say(role_words(w, action.by))
        who = self.t("办理", "by")
        yield f"{where} → {to}{self.semicolon}{who}{self.colon}{by}{self.aside(prose(action.source))}"
        lines = [*self.asked(action), *self.conditions(action), *self.follows(name, action)]
        yield "\n".join(f"- {line}" for line in lines)

    def asked(self, action: Action) -> Iterator[str]:
        for name in action.asks:
            ask = action.ask(name)
            field = self.workflow.fields[ask.field or name]
            needed = ask.required and ask.default is None
            how = [self.t("必填", "required") if needed else self.t("选填", "optional")]
            if ask.when:
                how.append(f"{self.t('仅当', 'only if')} {code(ask.when)}")
            if ask.default:
                how.append(f"{self.t('缺省', 'else')} {code(ask.default)}")
            if field.choices:
                how.append(
                    " / ".join(f"{code(value)} {self.say(title.text)}" for value, title in field.choices.items())
                )
            yield f"{self.t('填写', 'asks for')} {code(name)} {self.say(field.title.text)}{self.aside(*how)}"
        for kind in action.materials:
            material = self.workflow.materials[kind]
            about = [f"{self.t('适用', 'where')} {code(material.when)}"] if material.when else []
            title = self.say(material.title.text)
            yield f"{self.t('材料', 'material')} {code(kind)} {title}{self.aside(*about, prose(material.source))}"
        if action.takes_materials_of:
            later = self.say(action_words(self.workflow, [action.takes_materials_of]))
            yield f"{self.t('可先收下后续步骤所需的材料', 'takes in what will be needed for')}{self.colon}{later}"

        if action.together:
            yield self.t("可就多条信用记录一并申请，各成一案", "several records may be named, for a case each")
        if action.filing:
            yield self.t("自申请之日起算，补录的不以补录之日为准", "counted from the day of filing, not of typing")

    def conditions(self, action: Action) -> Iterator[str]:
        for guard in action.offered_when:
            yield f"{self.t('仅当', 'offered if')} {self.guard(guard)}"
        for guard in action.requires:
            yield f"{self.t('须', 'must')} {self.guard(guard)}"
        if action.refuses:
            other = self.say(action_words(self.workflow, [action.refuses.action]))
            yield f"{self.t('须有不能办理下列步骤的理由', 'only for a ground against')}{self.colon}{other}"
        if action.not_by:
            others = self.say(action_words(self.workflow, action.not_by))
            yield f"{self.t('与下列步骤不得为同一账户', 'not by the account that did')}{self.colon}{others}"
        if action.owed_when:
            yield f"{self.t('应办', 'owed while')} {code(action.owed_when)}"

    def guard(self, guard: Guard) -> str:
        refused = self.say(guard.message.text)
        otherwise = self.t("否则", "else")
        return f"{code(guard.must)}{self.semicolon}{otherwise}{self.colon}{refused}{self.aside(prose(guard.source))}"

    def follows(self, name: str, action: Action) -> Iterator[str]:
        for effect in action.effects:
            yield told(effect_words(self.workflow, effect), self.tongue)  # in which expressions stand as code
        rules = self.workflow.deadlines.values()
        links = (
            (self.t("起算", "starts"), [r for r in rules if name in self.starting(r)]),
            (self.t("办结", "meets"), [r for r in rules if name in r.ends]),
            (self.t("中止计算", "stops the clock of"), [r for r in rules if name in r.stopped_by]),
            (self.t("恢复计算", "lets go on the clock of"), [r for r in rules if name in r.let_go_by]),
            (self.t("恢复运行", "sets running again"), [r for r in rules if r.runs_again_after == name]),
            (self.t("届满时由系统执行", "done at the end of"), [r for r in rules if r.at_end == name]),
        )
        for what, moved in links:
            if moved:
                yield f"{what}{self.colon}{self.say(listed(rule.title.text for rule in moved))}"

    def starting(self, rule: DeadlineRule) -> set[str]:
        """The actions that start a deadline, those aside after which it runs again."""
        return {name for name in starting(self.workflow, rule) if name != rule.runs_again_after}

    def deadlines(self) -> str:
        return self.table(
            "期限|名称|长度|起算|办结|中止|延长|届满后|依据",
            "Deadline|Title|Length|Starts|Ends|Stops|Extension|Afterwards|Source",
            (self.deadline(name, rule) for name, rule in self.workflow.deadlines.items()),
        )

    def deadline(self, name: str, rule: DeadlineRule) -> tuple[str, ...]:
        w = self.workflow
        length = self.say(period_words(rule))
        if rule.if_day_off:
            length += self.t("；末日为休息日的，顺延至下一工作日", "; off a day off to the next working day")
        if rule.other_lengths:
            others = (
                f"{told(length_words(other.length), self.tongue)} {self.t('如', 'if')} {code(other.when)}"
                for other in rule.other_lengths
            )
            length += self.aside(*others)
        start = self.say(start_words(w, rule))
        start += self.aside(f"{self.t('起算日', 'day 0')} {code(rule.starts_on)}") if rule.starts_on else ""
        start += self.aside(f"{self.t('仅当', 'only if')} {code(rule.starts_when)}") if rule.starts_when else ""
        again = rule.runs_again_after
        ends = self.say(action_words(w, rule.ends))
        if again:
            after = self.say(action_words(w, [again]))
            ends += f"{self.semicolon}{self.t('此后恢复运行', 'runs again after')}{self.colon}{after}"
        extension = ""
        if rule.extension:
            words = Text("最多{m}，{n}次", "{m} at most, {n} time{s}")
            most, times = extension_words(rule.extension), rule.extension.times
            extension = told(words.fill(m=most, n=times, s="s" if times > 1 else ""), self.tongue)
            extension += self.aside(prose(rule.extension.source))
        shown = self.say(joined([rule.title.text, target_words(rule)], "", ""))
        late = self.say(late_words(w, rule))
        return code(name), shown, length, start, ends, self.stops(rule), extension, late, prose(rule.source)

    def stops(self, rule: DeadlineRule) -> str:
        """What stops a deadline's clock, and what lets it run again."""
        said = []
        for stop in rule.suspensions.values():
            begins, ends = (self.say(action_words(self.workflow, names)) for names in (stop.begins, stop.ends))
            anew = [self.t("重新起算", "the period begins anew")] if stop.then == "full_length" else []
            why = self.aside(*anew, prose(stop.source))
            said.append(f"{self.say(stop.title.text)}{self.colon}{begins} → {ends}{why}")
        return self.semicolon.join(said)

    def lists(self) -> Iterator[str]:
        w = self.workflow
        if w.materials:
            yield f"## {self.t('材料', 'Materials')}"
            rows: list[tuple[str, ...]] = []
            for name, one in w.materials.items():
                instead = self.comma([self.say(title.text) for title in one.accepts.values()])
                when = code(one.when) if one.when else ""
                rows.append((code(name), self.say(one.title.text), when, instead, prose(one.source)))
            yield self.table("材料|名称|适用|可代以|依据", "Material|Title|Where|Or instead|Source", rows)
        papers = self.papers()
        if papers:
            yield f"## {self.t('文书', 'Papers')}"
            yield self.table("文书|名称|送达|打印|依据", "Paper|Title|To|Printed by|Source", papers)
        permissions = [self.entry(name, one) for name, one in w.permissions.items()]
        recurring = [self.entry(name, one) for name, one in w.recurring.items()]
        named = ((permissions, self.t("权限", "Permissions")), (recurring, self.t("定期立案", "Opened regularly")))
        for entries, heading in named:
            if entries:
                yield f"## {heading}"
                yield self.table("名称|事项|由谁或多久|依据", "Name|What|Who, or how often|Source", entries)

    def sight(self) -> Iterator[str]:
        """Who sees which cases, and which records."""
        w = self.workflow
        rows = [
            (code(role), self.kinds(rule.whole), self.kinds(rule.masked), prose(rule.source))
            for role, rule in w.seen_by.items()
        ]
        if rows:
            yield f"## {self.t('谁可查看案件', 'Who sees cases')}"
            titles = "角色|全部|隐去姓名和内容|依据", "Role|Whole|Without names and texts|Source"
            yield self.table(*titles, rows)
        of = [
            (code(role), self.kinds(rule.whose), ", ".join(rule.classes or ()), prose(rule.source))
            for role, rule in w.records_seen_by.items()
        ]
        if of:
            yield f"## {self.t('谁可查看信用记录', 'Who sees records')}"
            yield self.table("角色|哪些|公开类别|依据", "Role|Which|Open classes|Source", of)

    def kinds(self, which: Iterable[str | Where]) -> str:
        return self.comma([code(one if isinstance(one, str) else one.when) for one in which])

    def entry(self, name: str, one: Permission | Recurring) -> tuple[str, ...]:
        """What only some roles may do, or what the system opens again and again."""
        how = role_words(self.workflow, one.by) if isinstance(one, Permission) else same(f"{one.every}, {one.starts}")
        return code(name), self.say(one.title.text), self.say(how), prose(one.source)

    def papers(self) -> list[tuple[str, ...]]:
        """The papers that notices announce and those that have a title of their own."""
        w = self.workflow
        found: dict[str, tuple[Text, str, str, str]] = {}
        for action in w.actions.values():
            for notice in (effect.notice for effect in action.effects if effect.notice):
                source = notice.source or action.source
                found.setdefault(notice.paper, (notice.title.text, self.say(role_words(w, [notice.to])), "", source))
        for name, paper in w.papers.items():
            title, to, _, source = found.get(name, (same(name), "", "", ""))
            title = paper.title.text if paper.title else title
            found[name] = (title, to, self.say(role_words(w, paper.printed_by)), paper.source or source)
        return [(code(name), self.say(title), to, by, prose(source)) for name, (title, to, by, source) in found.items()]

    def comma(self, texts: list[str]) -> str:
        return {"zh": "、", "en": ", ", "both": "; "}[self.tongue].join(texts)
