"""What a definition's papers must satisfy beyond their form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from credit_workflow.definition.model import Paper, Workflow
from credit_workflow.text import Text

#: Where a mistake is, and what it is.
Mistake = tuple[tuple[str | int, ...], Text]


def paper_mistakes(workflow: Workflow, announced: AbstractSet[str]) -> Iterator[Mistake]:
    """Return every mistake in what a definition says of its papers.

    Args:
        workflow: the definition.
        announced: the papers that its notices announce.
    """
    for name, paper in workflow.papers.items():
        yield from _unknown_names(workflow, name, paper)
        if name not in announced and (paper.after is None or paper.title is None):
            message = Text(
                "没有通知（notice）使用文书 {p}，须写明 after 与 title",
                "no notice announces the paper {p}: it needs “after” and “title”",
            )
            yield ("papers", name), message.fill(p=name)
        free = workflow.fields.get(paper.free or "")
        if free is not None and free.type != "integer":
            yield (
                ("papers", name, "free"),
                Text("免费打印次数须是 integer 类型", "“free” names a field of type integer"),
            )
        yield from _rows(workflow, name, paper)


def _rows(workflow: Workflow, name: str, paper: Paper) -> Iterator[Mistake]:
    if (paper.shows in ("answer", "list")) != (paper.rows is not None):
        message = Text(
            "显示 answer 或 list 的文书，且只有它们，须有 rows",
            "“rows” belongs to what shows answer or list, and only to that",
        )
        yield ("papers", name, "rows"), message
    if (paper.shows == "answer") != (paper.person is not None):
        yield (
            ("papers", name, "person"),
            Text(
                "显示 answer 的文书，且只有它，须有 person", "“person” belongs to what shows answer, and only to that"
            ),
        )
    if (paper.shows == "list") != (paper.given_to is not None):
        yield (
            ("papers", name, "given_to"),
            Text(
                "显示 list 的文书，且只有它，须有 given_to", "“given_to” belongs to what shows list, and only to that"
            ),
        )
    for key, kind in (("rows", "rows"), ("person", "person")):
        field = workflow.fields.get(getattr(paper, key) or "")
        if field is not None and field.type != kind:
            message = Text("{k} 须是 {t} 类型的内容", "“{k}” names a field of type {t}")
            yield ("papers", name, key), message.fill(k=key, t=kind)


def _unknown_names(workflow: Workflow, name: str, paper: Paper) -> Iterator[Mistake]:
    action, field, role = Text("步骤", "action"), Text("内容", "field"), Text("角色", "role")
    named: tuple[tuple[str, tuple[str | None, ...], Mapping[str, object], Text], ...] = (
        ("printed_by", paper.printed_by, workflow.roles, role),
        ("issued_by", (paper.issued_by,), workflow.roles, role),
        ("given_to", (paper.given_to,), workflow.roles, role),
        ("fields", paper.fields, workflow.fields, field),
        ("free", (paper.free,), workflow.fields, field),
        ("rows", (paper.rows,), workflow.fields, field),
        ("person", (paper.person,), workflow.fields, field),
        ("deadlines", paper.deadlines, workflow.deadlines, Text("期限", "deadline")),
        ("steps", paper.steps, workflow.actions, action),
        ("after", (paper.after,), workflow.actions, action),
        ("grounds_of", (paper.grounds_of,), workflow.actions, action),
    )
    for key, names, known, what in named:
        for one in names:
            if one is not None and one not in known:
                message = Text("没有名为 {n} 的{w}", "there is no {w} called {n}").fill(n=one, w=what)
                yield ("papers", name, key), message
