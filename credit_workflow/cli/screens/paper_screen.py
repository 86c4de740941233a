"""The papers of a case on the screen."""

from __future__ import annotations

from rich.markup import escape

from credit_workflow.cli.language import t
from credit_workflow.cli.output import console
from credit_workflow.cli.screens.layout import table
from credit_workflow.service.use_cases.daily.papers import ListedPaper, Papers


def render_papers(found: Papers) -> None:
    """Write the papers that a case can have printed, a row each."""
    if not found.papers:
        print(t(f"{found.case} 还没有可打印的文书。", f"{found.case} has no papers yet."))
        return
    titles = ("文书|名称|日期|日志条目|已打印|本账户", "Paper|Title|Date|Entry|Copies|You")
    console().print(table(*titles, map(_cells, found.papers), fold=False))


def _cells(one: ListedPaper) -> list[str]:
    free = "" if one.free is None else t(f"（免费{one.free}次）", f" ({one.free} free)")
    may = t("可打印", "may print") if one.may_print else t("无权打印", "may not")
    if one.superseded_by is not None:
        put_right = t(f"已更正（{one.superseded_by}）", f"put right ({one.superseded_by})")
        may = t("已作废", "void") if one.void else put_right
    return [one.kind, escape(one.title), str(one.on), str(one.entry), f"{one.copies}{free}", may]
