"""Check a definition's papers beyond their form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.model import Paper, Workflow
from credit_workflow.definition.rules.problem import ACTION, DEADLINE, FIELD, ROLE, Path, Problem, unknown_names
from credit_workflow.text import Text


def paper_mistakes(workflow: Workflow, announced: AbstractSet[str]) -> Iterator[Problem]:
    """Return every mistake in what a definition says of its papers.

    Args:
        workflow: the definition.
        announced: the papers that its notifications announce.
    """
    for name, paper in workflow.papers.items():
        yield from _unknown_names(workflow, name, paper)
        if name not in announced and (paper.after is None or paper.title is None):
            message = Text(
                "没有通知（notice）使用文书 {p}，须写明 after 与 title",
                "no notification announces the paper {p}: it needs “after” and “title”",
            )
            yield Problem(("papers", name), message.fill(p=name))
        free = workflow.fields.get(paper.free or "")
        if free is not None and free.type != "integer":
            message = Text("免费打印次数须是 integer 类型", "“free” names a field of type integer")
            yield Problem(("papers", name, "free"), message)
        yield from _rows(workflow, name, paper)
        yield from _looks(name, paper)


#: Facts of an action that is being taken; a paper is printed when that is over.
_OF_ACTIONS = frozenset({"input", "found", "earlier", "listed", "same_record", "rehearsals", "accounts", "reports"})


def _looks(name: str, paper: Paper) -> Iterator[Problem]:
    """What is looked at when the paper is printed must be what it shows, and known then."""
    for key, given, shows in (
        ("which", paper.which is not None, "records"),
        ("looks_again", paper.looks_again, "answer"),
    ):
        if given and paper.shows != shows:
            message = Text("“{k}”只用于显示 {s} 的文书", "“{k}” belongs to what shows {s} only")
            yield Problem(("papers", name, key), message.fill(k=key, s=shows))
    asked: list[tuple[Path, str]] = [] if paper.which is None else [(("which",), paper.which)]
    for index, guard in enumerate(paper.requires):
        asked += [(("requires", index, "must"), guard.must)]
        asked += [(("requires", index, "says", said), value) for said, value in guard.says.items()]
    for path, source in asked:
        for fact in sorted(_OF_ACTIONS & {path[0] for path in paths_in(source)}):
            message = Text("打印文书时没有 {f}", "there is no {f} when a paper is printed")
            yield Problem(("papers", name, *path), message.fill(f=fact))


def _rows(workflow: Workflow, name: str, paper: Paper) -> Iterator[Problem]:
    if (paper.shows in ("answer", "list")) != (paper.rows is not None):
        message = Text(
            "显示 answer 或 list 的文书，且只有它们，须有 rows",
            "“rows” belongs to what shows answer or list, and only to that",
        )
        yield Problem(("papers", name, "rows"), message)
    for shows, key in (("answer", "person"), ("list", "given_to")):
        given = getattr(paper, key) is not None
        if (paper.shows == shows) != given and not (given and (key, paper.shows) == ("person", "case")):
            message = Text("显示 {s} 的文书，且只有它，须有 {k}", "“{k}” belongs to what shows {s}, and only to that")
            yield Problem(("papers", name, key), message.fill(s=shows, k=key))
    for key, kind in (("rows", "rows"), ("person", "person")):
        field = workflow.fields.get(getattr(paper, key) or "")
        if field is not None and field.type != kind:
            message = Text("{k} 须是 {t} 类型的内容", "“{k}” names a field of type {t}")
            yield Problem(("papers", name, key), message.fill(k=key, t=kind))


def _unknown_names(workflow: Workflow, name: str, paper: Paper) -> Iterator[Problem]:
    named: tuple[tuple[str, tuple[str | None, ...], Mapping[str, object], Text], ...] = (
        ("printed_by", paper.printed_by, workflow.roles, ROLE),
        ("issued_by", (paper.issued_by,), workflow.roles, ROLE),
        ("given_to", (paper.given_to,), workflow.roles, ROLE),
        ("fields", paper.fields, workflow.fields, FIELD),
        ("free", (paper.free,), workflow.fields, FIELD),
        ("rows", (paper.rows,), workflow.fields, FIELD),
        ("person", (paper.person,), workflow.fields, FIELD),
        ("deadlines", paper.deadlines, workflow.deadlines, DEADLINE),
        ("steps", paper.steps, workflow.actions, ACTION),
        ("after", (paper.after,), workflow.actions, ACTION),
        ("grounds_of", (paper.grounds_of,), workflow.actions, ACTION),
    )
    for key, names, known, what in named:
        yield from unknown_names(("papers", name, key), names, known, what)
