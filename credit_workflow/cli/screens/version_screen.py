"""Draw versions: what differs, which cases would change, what was proposed and published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.markup import escape

from credit_workflow.cli.language import say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table, write
from credit_workflow.service.use_cases.rules.migrations import MigratedCase, Overdue
from credit_workflow.service.use_cases.rules.versions import (
    Difference,
    Differences,
    Proposal,
    Proposals,
    VersionEffects,
    Versions,
    WorkflowVersions,
)
from credit_workflow.text import Text

#: Of a table of cases: what its columns take but for two, and the least that is left to those.
_OTHERS, _NARROWEST = 60, 8
_MARKS = {"added": "[green]＋[/green]", "removed": "[red]－[/red]", "changed": "[yellow]～[/yellow]"}
_STATUS = {
    "proposed": Text("待批准", "waits"),
    "approved": Text("已批准", "approved"),
    "rejected": Text("已驳回", "turned down"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "published": Text("已发布", "published"),
}
_FATES = {
    "moved": Text("移动", "moved"),
    "started": Text("新起算", "begins"),
    "restored": Text("恢复", "back again"),
    "cancelled": Text("取消", "cancelled"),
}


def render_comparison(found: Differences) -> None:
    """Write what two definitions differ in."""
    old, new = found.old, found.new
    if old.workflow == new.workflow:
        _render_differences(found.title, new.workflow, (old.version, new.version), found.differences)
        return
    console().print(f"[bold]{old.workflow} v{old.version} → {new.workflow} v{new.version}[/bold]")
    _render_each(found.differences)


def render_effects(effects: Sequence[VersionEffects]) -> None:
    """Write what versions would change: in the rules, and in running cases."""
    for one in effects:
        if one.replaces is not None:
            _render_differences(one.title, one.workflow, (one.replaces, one.version), one.differences)
        if one.running is not None:
            print(one.running + t("。", "."))
        else:
            render_cases(one.cases)


def _render_differences(title: str, name: str, versions: tuple[int, int], found: Sequence[Difference]) -> None:
    old, new = versions
    named = t(f"第 {old} 版 → 第 {new} 版", f"version {old} → version {new}")
    console().print(f"[bold]{escape(title)}[/bold] {name} {named}")
    _render_each(found)


def _render_each(found: Sequence[Difference]) -> None:
    screen = console()
    if not found:
        write("没有差别。", "No difference.")
    for one in found:
        screen.print(f"{_MARKS[one.what]} {escape(one.text)}")


def render_cases(cases: Sequence[MigratedCase]) -> None:
    """Write every case that would go over, a row for each thing that changes in it."""
    screen = console()
    if not cases:
        write("没有需要更换版本的在办案件。", "There are no running cases to go over.")
        return
    made = table(
        "案件|版本|状态|期限|最后一日|逾期",
        "Case|Version|State|Deadline|Last day|Overdue",
        (row for case in cases for row in _rows(case)),
        whole=(0,),
    )
    for column in made.columns[2:4]:  # what is left of them makes room for a date and an arrow
        column.max_width = max((screen.width - _OTHERS) // 2, _NARROWEST)
    screen.print(made)
    screen.print(_summary(cases))


def _rows(case: MigratedCase) -> Iterator[tuple[str, ...]]:
    versions = f"{case.from_version} → {case.to_version}"
    old, new = case.titles.old, case.titles.new
    if case.in_the_way:
        why = "；".join(ground.message for ground in case.in_the_way)
        yield case.case, versions, escape(old), f"[red]{t('不能更换', 'stopped')}[/red]", escape(why), ""
        return
    same = case.state.old == case.state.new
    if old == new and not same:
        old, new = case.state.old, case.state.new
    state = escape(old) if same else f"{escape(old)} → {escape(new)}"
    shown = [one for one in case.deadlines if one.what != "kept"]
    if not shown:
        yield case.case, versions, state, t("不变", "unchanged"), "", _late(case.overdue)
    for place, one in enumerate(shown):
        due = f"{one.old or '—'} → {one.new or '—'}"
        first = (case.case, versions, state) if place == 0 else ("", "", "")
        yield *first, escape(one.title) + _in_brackets(_FATES[one.what]), due, _late(one.overdue)
    if case.actions_lost:
        names = t("、", ", ").join(case.actions_lost)
        yield "", "", "", f"[red]{t('不能再办', 'no longer')}[/red]", escape(names), ""


def _in_brackets(text: Text) -> str:
    return t(f"（{text.zh}）", f" ({text.en})")


def _late(overdue: Overdue) -> str:
    if overdue.before == overdue.after:
        return t("是", "yes") if overdue.after else ""
    return f"[red]{t('成为逾期', 'becomes')}[/red]" if overdue.after else f"[green]{t('不再逾期', 'no longer')}[/green]"


def _summary(cases: Sequence[MigratedCase]) -> str:
    stopped = sum(bool(case.in_the_way) for case in cases)
    moved = sum(any(one.what != "kept" for one in case.deadlines) for case in cases)
    late = sum(case.becomes_late for case in cases)
    saved = sum(case.late_no_more for case in cases)
    return t(
        f"在办 {len(cases)} 件：期限有变 {moved} 件，成为逾期 {late} 件，不再逾期 {saved} 件，不能更换 {stopped} 件。",
        f"{len(cases)} running: deadlines change in {moved}, {late} become overdue, {saved} no longer are, {stopped} can't go over.",
    )


def render_proposals(found: Proposals) -> None:
    """Write the proposals, the newest last, each with what it would change."""
    if not found.proposals:
        write("没有提案。", "There are no proposals.")
        return
    titles = ("号|流程|提案人|状态|办理人|自|说明", "No|Workflows|By|Status|Decided by|From|Note")
    console().print(table(*titles, map(_proposed, found.proposals), whole=(0,)))
    for one in found.proposals:
        render_effects(one.effects)


def _proposed(one: Proposal) -> list[str]:
    names = t("、", ", ").join(f"{d.workflow}@{d.version}" for d in one.definitions)
    since = str(one.in_force_from or one.since or "")
    note = " / ".join(part for part in (one.note, one.reason) if part)
    return [str(one.proposal), names, one.by, say(_STATUS[one.status]), one.decided_by or "", since, escape(note)]


def render_versions(found: Versions) -> None:
    """Write which version of each workflow is in force, and since when."""
    titles = ("流程|今日有效|在办案件的版本|由何处定|发布", "Workflow|In force|Running cases|By|Published")
    console().print(table(*titles, map(_in_force, found.workflows), whole=(0,)))


def _in_force(one: WorkflowVersions) -> list[str]:
    by = t("数据库", "the database") if one.decided_by == "database" else t("文件夹", "the folder")
    published = (t(f"第 {p.version} 版自 {p.since} 起", f"v{p.version} from {p.since}") for p in one.published)
    in_force = "—" if one.in_force is None else t(f"第 {one.in_force} 版", f"v{one.in_force}")
    return [one.workflow, in_force, t("、", ", ").join(map(str, one.running)), by, t("；", "; ").join(published)]
