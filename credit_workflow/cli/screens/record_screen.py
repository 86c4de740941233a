"""Records, and the log of look-ups at them, on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text as Styled

from credit_workflow.cli.language import counted, language, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table, write
from credit_workflow.service.use_cases.daily.look_ups import LookUp, LookUps
from credit_workflow.service.use_cases.daily.records import (
    Dossier,
    DossierLine,
    DossierMark,
    HeldUpdate,
    HeldUpdates,
    Record,
    Records,
)
from credit_workflow.text import Text

if TYPE_CHECKING:  # of all answers, these alone
    from credit_workflow.service.answers import FoundMark, FoundRecord, Mark


#: Why a record that a look-up found is not shown.
_WITHHELD = {
    "suspended": Text(
        "异议正在处理，该信息暂停使用，内容不予显示。", "In processing and suspended: what it says is withheld."
    ),
    "removed": Text("该信息已删除，内容不予显示。", "It has been removed since: what it said is withheld."),
    "corrected": Text(
        "该信息已修正，内容不予显示；请重新申请查询。",
        "It has been corrected since: what it said is withheld; ask anew.",
    ),
    "updated": Text(
        "该信息已更新，内容不予显示；请重新申请查询。",
        "It has been brought up to date since: what it said is withheld; ask anew.",
    ),
}


def usable_text(view: Record) -> Styled:
    """Return whether a record may be used, told by sign and word as well as by colour."""
    if view.removed:
        return Styled("✗ " + t("已删除", "removed"), style="red")
    if not view.usable:
        return Styled("‖ " + t("暂停使用", "suspended"), style="yellow")
    if view.marks:
        return Styled("? " + t("存疑，可用", "disputed, usable"), style="magenta")
    return Styled("✓ " + t("可用", "usable"), style="green")


def render_records(found: Records) -> None:
    """Write a list of records."""
    titles = ("编号|信息主体|证件号|提供部门|标题|有效期至|使用", "No.|Subject|ID|Provider|Title|Valid until|Use")
    console().print(table(*titles, map(_cells, found.records), whole=(0, 2), fold=False))
    write(f"共 {len(found.records)} 条", counted(len(found.records), "record"), "dim")


def _cells(view: Record) -> list[str | Styled]:
    name, provider, title = _told(view.subject_name), escape(view.provider), _told(view.title)
    return [escape(view.record_no), name, view.subject_id, provider, title, str(view.valid_until), usable_text(view)]


def _told(value: str | None) -> str:
    return "—" if value is None else escape(value)


def _hidden(view: Record) -> str:
    """Say why the content of a record is left out."""
    if view.title is None:
        return t(
            "（无权查看：与在办事项无关，或不属可查看的类别）",
            "(not for you to see: nothing at hand, or a class that you may not see)",
        )
    if view.removed:
        return t("（已删除，内容不予显示）", "(removed: the content is withheld)")
    return t("（异议正在处理，暂停使用，内容不予显示）", "(in processing: suspended, the content is withheld)")


def render_record(view: Record) -> None:
    """Write one record with its marks."""
    lines = [
        f"{t('信息主体：', 'Subject: ')}{_told(view.subject_name)} {view.subject_id}",
        f"{t('提供部门：', 'Provider: ')}{escape(view.provider)}",
        f"{t('公开类别：', 'Class: ')}{view.open_class}",
        f"{t('有效期：', 'Valid: ')}{view.valid_from} — {view.valid_until}",
        f"{t('内容：', 'Content: ')}{escape(view.content) if view.content is not None else _hidden(view)}",
    ]
    lines += [_standing(mark, f"{mark.case}，") for mark in view.marks]
    console().print(Panel("\n".join(lines), title=f"{view.record_no} {_told(view.title)}", title_align="left"))
    console().print(usable_text(view))


_WHY = {
    "in_processing": ("异议正在处理", "objection in processing"),
    "removed": ("已依法删除", "removed by a decision"),
    "corrected": ("已依法修正", "corrected by a decision"),
    "another_person": ("信息主体不同", "another person"),
}
_FIELDS = {
    "subject_id": ("证件号", "ID"),
    "subject_name": ("名称", "name"),
    "provider": ("提供部门", "provider"),
    "open_class": ("公开类别", "class"),
    "title": ("标题", "title"),
    "content": ("内容", "content"),
    "valid_from": ("有效期自", "valid from"),
    "valid_until": ("有效期至", "valid until"),
    "removed": ("删除", "removed"),
}


def render_held(found: HeldUpdates) -> None:
    """Write the updates that wait for the centre."""
    console().print(
        table("编号|证件号|原因|现为|更新为", "No.|ID|Why|Now|Would be", map(_held, found.held), whole=(0, 1))
    )
    write(f"共 {len(found.held)} 条", counted(len(found.held), "update"), "dim")


def _held(one: HeldUpdate) -> list[str]:
    return [escape(one.record_no), one.subject_id, t(*_WHY[one.why]), _values(one.now), _values(one.new)]


def _values(said: Mapping[str, Any]) -> str:
    yes, no = t("是", "yes"), t("否", "no")
    words = {name: (yes if value else no) if isinstance(value, bool) else str(value) for name, value in said.items()}
    return "\n".join(f"{t(*_FIELDS[name])}{t('：', ': ')}{escape(word)}" for name, word in words.items())


def render_dossier(dossier: Dossier) -> None:
    """Write everything that ever happened to a record."""
    screen = console()
    screen.print(Styled(f"{dossier.record_no}　{dossier.subject_id}", style="bold"))
    for title, lines in ((t("内容变动", "Values"), dossier.values), (t("查看", "Look-ups"), dossier.look_ups)):
        screen.print(table("时间|经办|事项|详情", "At|By|What|Details", map(_line, lines), title=title, fold=False))
    titles = ("标注|案件|作出|末日|解除|理由", "Mark|Case|Placed|Last day|Lifted|Reason")
    screen.print(table(*titles, map(_mark, dossier.marks), title=t("标注", "Marks"), fold=False))


def _line(line: DossierLine) -> list[str]:
    details = {k: v for k, v in line.data.items() if k not in ("revision", "record")}
    told = escape(msgspec.json.encode(details).decode())
    return [f"{line.at:%Y-%m-%d %H:%M}", escape(line.actor), line.kind, told]


def _mark(mark: DossierMark) -> list[str]:
    last, lifted = str(mark.last_day or ""), str(mark.lifted or "")
    return [escape(mark.title), mark.case, str(mark.placed), last, lifted, escape(mark.reason or "")]


def render_found(rows: Sequence[FoundRecord]) -> None:
    """Write the records that a look-up gave."""
    screen = console()
    write(f"查询结果：{len(rows)} 条", f"Found: {counted(len(rows), 'record')}", "bold")
    for row in rows:
        screen.print(Panel("\n".join(_lines(row)), title=escape(row.record_no), title_align="left"))


def _lines(row: FoundRecord) -> list[str]:
    if row.withheld is not None:
        return [_WITHHELD[row.withheld].to(language())]
    return [
        f"[bold]{escape(row.title or '')}[/bold]　{escape(row.subject_name or '')} {row.subject_id}",
        f"{t('提供部门：', 'Provider: ')}{escape(row.provider or '')}　{t('公开类别：', 'Class: ')}{row.open_class}",
        f"{t('有效期：', 'Valid: ')}{row.valid_from} — {row.valid_until}",
        escape(row.content or ""),
        *map(_standing, row.marks),
    ]


def _standing(mark: Mark | FoundMark, case: str = "") -> str:
    until = t(f"，至 {mark.last_day}", f", until {mark.last_day}") if mark.last_day else ""
    reason = f"：{escape(mark.reason)}" if mark.reason else ""
    return f"[magenta]▲ {escape(mark.title)}[/magenta]（{case}{mark.placed}{until}）{reason}"


def render_log(found: LookUps) -> None:
    """Write look-ups, a row each."""
    titles = ("时间|经办|申请人|被查询人|用途|范围|结果|案件", "At|By|Applicant|About|Purpose|Scope|Outcome|Case")
    console().print(table(*titles, map(_look_up, found.look_ups)))
    write(f"共 {len(found.look_ups)} 条", counted(len(found.look_ups), "look-up"), "dim")


def _look_up(one: LookUp) -> list[str]:
    scope = one.scope if isinstance(one.scope, list) else [one.scope or ""]
    return [
        f"{one.at:%Y-%m-%d %H:%M}",
        escape(one.account),
        one.applicant or "",
        one.about or "",
        escape(one.purpose or ""),
        escape(t("、", ", ").join(map(str, scope))),
        f"[red]{t('拒绝', 'refused')}[/red]" if one.outcome == "refused" else escape(one.outcome),
        one.case or "",
    ]
