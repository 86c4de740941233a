"""Find cited clauses that the source text does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from credit_workflow.authoring.analysis.finding import Finding, Path
from credit_workflow.authoring.analysis.statute_outline import (
    Label,
    Node,
    Style,
    found_in,
    numbers_of,
    outline,
    steps_of,
)
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text

_APART = re.compile(r"[，；;、]|,\s|\s(?=附件|第)")
_PRACTICE = "[practice]"


class SourceText:
    """A regulation's text, with how it is cited.

    Args:
        name: how citations of it begin (附件2, FOIA); empty where they name no instrument.
        text: what it says, line by line.
        own: numberings that are not known by themselves, the outermost first.
    """

    def __init__(self, name: str, text: str, own: Sequence[Style] = ()) -> None:
        self.name = name
        self.own = own
        self.text = text
        self.root = outline(text, own)

    def missing(self, citation: str) -> tuple[str, Node, Label] | None:
        """Return of a citation the step that the text does not have, with the part above it; None if it is there.

        Raises:
            LookupError: the citation is not of this text.
        """
        rest = citation.removeprefix(self.name).strip(" ·")
        name, steps = steps_of(citation, self.own)
        if self.name and not found_in(self.root, steps_of(self.name, self.own)[1])[1]:
            name, steps = steps_of(rest, self.own)  # its name is no heading in it
        name = name.removeprefix(self.name).strip(" ·")
        if name and _squeezed(name) not in _squeezed(self.text):
            raise LookupError(name)
        node, done = found_in(self.root, steps)
        if node is not None:
            return None
        above, _ = found_in(self.root, steps[:done])
        return citation, above or self.root, steps[done]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s《》“”\"]", "", text).lower()


def citation_findings(workflow: Workflow, texts: Sequence[SourceText]) -> Iterator[Finding]:
    """Give a finding for each clause that a definition cites and its text does not have.

    Args:
        workflow: the definition.
        texts: what it is drawn from; where there is none, nothing is looked up.
    """
    ordered = sorted(texts, key=lambda text: len(text.name), reverse=True)
    if not ordered:
        return
    for path, source in _sources(msgspec.to_builtins(workflow), ()):
        for citation in cited(source):
            yield from _looked_up(workflow, path, citation, ordered)


def cited(source: str) -> list[str]:
    """Return the single citations of a source, without ``[practice]``."""
    return [part.strip() for part in _APART.split(source.replace(_PRACTICE, "")) if part.strip()]


def _looked_up(workflow: Workflow, path: Path, citation: str, texts: Sequence[SourceText]) -> Iterator[Finding]:
    unknown = None
    for text in texts:
        if not citation.startswith(text.name):
            continue
        try:
            gap = text.missing(citation)
        except LookupError as fault:
            unknown = str(fault)
            continue
        if gap is not None:
            yield _no_clause(workflow.workflow, path, *gap)
        return
    if any(citation.startswith(name) for name in workflow.instruments):
        return  # a text that is told of and not given
    message = Text("引用的“{c}”不在所给的原文中", "it cites “{c}”, which is not in the texts given")
    advice = Text(
        "改正引用；另有出处的，把该文件写入 checks.texts，或把全称写入 instruments；条文没有的写 [practice]",
        "correct it; where it is another instrument, give its file in checks.texts or its full name in instruments; "
        "what no law states is [practice]",
    )
    yield Finding(workflow.workflow, "no_text", path, message.fill(c=unknown or citation), advice)


def _no_clause(workflow: str, path: Path, citation: str, above: Node, step: Label) -> Finding:
    there = numbers_of(above, step.kind)
    message = Text("原文没有所引的 {c}", "the source text has no {c}")
    if there:
        message = Text(
            "原文没有所引的 {c}：该处只有第 {f} 至 {l}", "the source text has no {c}: there it goes from {f} to {l}"
        )
    advice = Text(
        "对照原文改正引用；条文没有规定的规则写 [practice]",
        "correct the citation by the text; a rule that the law does not state is [practice]",
    )
    values = {"c": citation, "f": there[0] if there else "", "l": there[-1] if there else ""}
    return Finding(workflow, "no_clause", path, message.fill(**values), advice)


def _sources(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Give every source of a definition with its key."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "source" and isinstance(inner, str):
                yield (*path, key), inner
            elif (*path, key) != ("checks",):
                yield from _sources(inner, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _sources(inner, (*path, index))
