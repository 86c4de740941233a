"""Check what a definition says of looking up records, and of folders that are lent or destroyed."""

from __future__ import annotations

from collections.abc import Iterator

from credit_workflow.definition.expression_tree import paths_in
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.inner_parts import effects_of, expressions_of
from credit_workflow.definition.rules.problem import FIELD, Path, Problem, unknown, unknown_names
from credit_workflow.text import Text

#: Parts of a definition that are asked before the values are complete, or when a case is only looked at.
_EARLY = frozenset({"offered_when", "owed_when", "asks", "among"})


def loan_mistakes(workflow: Workflow) -> Iterator[Problem]:
    """Return what is wrong with what is lent and what is destroyed: cases that a field names."""
    named = [
        ((*path, "destroy_scans", "of"), e.destroy_scans.of) for path, e in effects_of(workflow) if e.destroy_scans
    ]
    for path, effect in effects_of(workflow):
        if effect.destroy_scans is not None:
            yield from rows_mistakes(workflow, (*path, "destroy_scans", "into"), effect.destroy_scans.into)
    if workflow.lends is not None:
        named.append((("lends", "folders"), workflow.lends.folders))
        yield from unknown_names(("lends", "to"), [workflow.lends.to], workflow.fields, FIELD)
    for at, name in named:
        field = workflow.fields.get(name)
        if field is None:
            yield unknown(at, FIELD, name)
        elif field.type != "cases":
            yield Problem(at, Text("{n} 须为 cases 类型", "{n} must be of the type cases").fill(n=name))
    if not workflow.parent_needed and (workflow.parent is None or workflow.about not in ("person", "nothing")):
        yield Problem(
            ("parent_needed",),
            Text("只用于有上级流程、且不涉及信用记录的流程", "for a workflow with a parent that is about no record"),
        )


def log_mistakes(workflow: Workflow) -> Iterator[Problem]:
    """Return what is wrong with the log that a workflow keeps: there is one of its own, or that of look-ups."""
    if workflow.kept_log is not None and workflow.look_up is not None:
        message = Text("look_up 与 kept_log 只能有一个", "there is “look_up” as well: only one of the two")
        yield Problem(("kept_log",), message)


def look_up_mistakes(workflow: Workflow) -> Iterator[Problem]:
    """Return what is wrong with what is found: it needs a look-up, and is there when values are, not before."""
    for path, effect in effects_of(workflow):
        if effect.find is not None:
            yield from rows_mistakes(workflow, (*path, "find"), effect.find.into)
        if effect.find is not None and workflow.look_up is None:
            yield Problem((*path, "find"), Text("流程没有 look_up", "the workflow has no “look_up”"))
    for path, source in expressions_of(workflow):
        read = {fact for fact, *_ in paths_in(source)}
        if "found" in read and workflow.look_up is None:
            yield Problem(path, Text("流程没有 look_up，不能用 found", "“found” needs a “look_up”"))
        late = {"found", "listed", "same_record", "rehearsals", "reports", "accounts"}
        if read & late and (path[0] == "look_up" or _EARLY.intersection(path)):
            names = "found、listed、same_record、rehearsals、reports、accounts"
            yield Problem(path, Text(f"此处尚不能用 {names}", f"not known here: {names}"))


def rows_mistakes(workflow: Workflow, at: Path, name: str) -> Iterator[Problem]:
    """Return what is wrong with a field that keeps what is found: there is one, of rows."""
    field = workflow.fields.get(name)
    if field is None:
        yield unknown(at, FIELD, name)
    elif field.type != "rows":
        yield Problem(at, Text("{n} 须为 rows 类型", "{n} must be of the type rows").fill(n=name))
