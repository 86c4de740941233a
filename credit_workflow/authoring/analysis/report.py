"""Report what is found in definition files, each with its place, leaving out what is said to be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from credit_workflow.authoring.analysis.all_findings import findings_in
from credit_workflow.authoring.analysis.citations import SourceText, citation_findings
from credit_workflow.authoring.analysis.exploration import Watch
from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.authoring.analysis.statute_outline import Style
from credit_workflow.definition.checking_rules import Checking
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import NotFound
from credit_workflow.strict_yaml.sources import Source
from credit_workflow.text import Text

_ADVICE = Text(
    "写上原文文件的正确路径（相对于定义文件），文件须为 UTF-8",
    "give the right path of the text, relative to the definition; the file is in UTF-8",
)
_MOST_BYTES = 20_000_000


def report(
    sources: Mapping[str, Source[Workflow]],
    known: Mapping[str, Workflow],
    texts: Mapping[str, Path],
    watch: Watch = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what is found in the files, and what of it they say is meant.

    Args:
        sources: the definitions in the files, each sound.
        known: other definitions, with which they work together.
        texts: texts to look citations up in, besides those that a definition names, by how
            citations of them begin.
        watch: told of the progress.

    Returns:
        Two lists of findings with ``file``, ``line``, ``key``, ``workflow``, ``code``,
        ``severity`` (``warning``), ``message`` and ``advice``; those of the second have a ``reason``.

    Raises:
        NotFound: one of ``texts`` can't be read.
    """
    workflows = {**known, **{name: source.value for name, source in sources.items()}}
    given = [(name, _read(file)) for name, file in texts.items()]
    found = findings_in(workflows, about=sources, watch=watch)
    for name, source in sources.items():
        found += _of_texts(name, source, given)
    open_ones, meant = [], []
    used: set[tuple[str, str, str]] = set()
    for finding in found:
        source = sources[finding.workflow]
        problem = _as_problem(source, finding)
        reason = _checking(source).meant.get(problem["key"], {}).get(finding.code)
        if reason is None:
            open_ones.append(problem)
        else:
            used.add((finding.workflow, problem["key"], finding.code))
            meant.append({**problem, "reason": reason.text})
    for name, source in sources.items():
        open_ones += [_as_problem(source, finding) for finding in _meant_nothing(name, _checking(source), used)]
    order = list(sources)
    return sorted(open_ones, key=lambda p: (order.index(p["workflow"]), p["line"], p["code"])), meant


def _as_problem(source: Source[Workflow], finding: Finding) -> dict[str, Any]:
    return {
        **source.located(finding.key, finding.message),
        "workflow": finding.workflow,
        "code": finding.code,
        "severity": "warning",
        "advice": finding.advice,
    }


def _checking(source: Source[Workflow]) -> Checking:
    return source.value.checks or Checking()


def _of_texts(name: str, source: Source[Workflow], given: list[tuple[str, str]]) -> Iterator[Finding]:
    """What the texts say of a definition's citations."""
    checking = _checking(source)
    own = []
    for index, numbering in enumerate(checking.numbering):
        try:
            style = Style(re.compile(numbering.in_text), re.compile(numbering.cited))
        except re.error as fault:
            yield _bad_numbering(name, index, str(fault))
            return
        if style.in_text.groups != 1 or style.cited.groups != 1:
            yield _bad_numbering(name, index, "()")
            return
        own.append(style)
    texts = [SourceText(begins, text, own) for begins, text in given]
    folder = source.file.parent if isinstance(source.file, Path) else Path()
    for begins, file in checking.texts.items():
        try:
            texts.append(SourceText(begins, _read(folder / file), own))
        except NotFound as fault:
            yield Finding(name, "no_text", ("checks", "texts", begins), fault.message, _ADVICE)
    yield from citation_findings(source.value, texts)


def _bad_numbering(name: str, index: int, what: str) -> Finding:
    message = Text("不是含一个括号组的正则表达式：{w}", "no regular expression with one group: {w}").fill(w=what)
    advice = Text(
        "写成含一个组的正则表达式，如 ^Rule (\\d+)", "write it with one group for the number, as ^Rule (\\d+)"
    )
    return Finding(name, "no_text", ("checks", "numbering", index), message, advice)


def _read(file: Path) -> str:
    try:
        with file.open("rb") as handle:
            return handle.read(_MOST_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as fault:
        message = Text("读不到原文文件 {f}（须为 UTF-8 文本）", "the text {f} can't be read (a text in UTF-8)")
        raise NotFound(message.fill(f=file), code="no_text") from fault


def _meant_nothing(name: str, checking: Checking, used: set[tuple[str, str, str]]) -> Iterator[Finding]:
    for key, codes in checking.meant.items():
        for code in codes:
            if (name, key, code) not in used:
                message = Text(
                    "写明 {k} 的 {c} 是有意的，但检查中没有发现它", "{c} of {k} is said to be meant, and is not found"
                )
                advice = Text("删去这一条，或改正其键与代码", "take it out, or correct its key and code")
                yield Finding(
                    name, "meant_nothing", ("checks", "meant", key, code), message.fill(k=key, c=code), advice
                )
