"""Check that a paper is what the log says: its facts are made anew from the log and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from credit_workflow.casework.journal.print_entries import Basis, Print
from credit_workflow.casework.papers import filling
from credit_workflow.casework.papers.paper_code import PaperCode, fingerprint
from credit_workflow.casework.papers.paper_facts import PaperFacts
from credit_workflow.casework.papers.paper_parts import Filled
from credit_workflow.casework.papers.paper_register import Printable
from credit_workflow.casework.papers.printing import prints
from credit_workflow.casework.ports import Reading
from credit_workflow.errors import NotFound
from credit_workflow.text import Text, joined, same

#: What the parts of a paper are called.
_NAMES = {
    "kind": Text("文书种类", "kind"),
    "title": Text("文书名称", "title"),
    "number": Text("编号", "number"),
    "entry": Text("日志条目", "log entry"),
    "on": Text("日期", "date"),
    "matter": Text("事项", "matter"),
    "office": Text("机构", "office"),
    "basis": Text("依据", "clauses"),
    "addressee": Text("申请人", "applicant"),
    "subject": Text("信息主体", "subject"),
    "about": Text("被查询人", "person queried"),
    "name": Text("姓名或名称", "name"),
    "filed_on": Text("申请日或归档日", "filed on"),
    "handled_by": Text("经办人", "handled by"),
    "record": Text("信用记录", "record"),
    "no": Text("记录编号", "record number"),
    "provider": Text("信息提供部门", "provider"),
    "fields": Text("内容", "contents"),
    "value": Text("内容", "value"),
    "terms": Text("期限", "deadlines"),
    "starts": Text("起算日", "start"),
    "due": Text("届满日", "due date"),
    "original_due": Text("原届满日", "original due date"),
    "extension": Text("延长天数", "extension"),
    "length": Text("期间", "length"),
    "steps": Text("办理经过", "steps"),
    "materials": Text("材料", "materials"),
    "changes": Text("修正内容", "corrections"),
    "before": Text("修正前", "before"),
    "after": Text("修正后", "after"),
    "removed": Text("已删除", "removed"),
    "grounds": Text("理由", "grounds"),
    "remedies": Text("救济途径", "remedies"),
    "within": Text("期限", "within"),
    "where": Text("受理机关", "where"),
    "window": Text("受理单位", "window"),
    "address": Text("地址", "address"),
    "telephone": Text("电话", "telephone"),
    "text": Text("文字", "text"),
    "found": Text("查询结果", "what was found"),
    "content": Text("信息内容", "content"),
    "marks": Text("标注", "marks"),
    "reason": Text("原因", "reason"),
    "as_of": Text("截至日", "as of"),
    "nth": Text("打印次数", "copy number"),
    "at": Text("打印时间", "printed at"),
    "by": Text("打印人", "printed by"),
    "copy": Text("打印", "print"),
    "fingerprint": Text("核验码", "fingerprint"),
    "facts": Text("文书内容", "facts"),
}
_NOTHING = "—"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One fact that is not the log's: its path (``addressee.name``), its name, and both values."""

    fact: str
    name: Text
    printed: str
    log: str


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a paper in hand says besides its code: its facts and its print, where they are known."""

    facts: Any = None
    copy: Any = None
    digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What verifying found.

    ``prints`` are those in the register, ``same_file`` whether the file is one of them to the
    byte (None where there is no file).
    """

    paper: Printable
    facts: PaperFacts
    prints: list[Print]
    same_file: bool | None = None
    differences: list[Difference] = field(default_factory=list)


def verify(db: Reading, code: PaperCode, stated: Stated) -> Verdict:
    """Return whether a paper is what the log says.

    Args:
        db: the database, open for reading.
        code: the code on the paper.
        stated: what else of the paper is at hand.

    Raises:
        NotFound: the log knows no such case, or no such paper of it.
    """
    paper = _paper(db, code)
    made = [p for p in prints(db, code.case).get(paper.kind, ()) if p.entry == paper.seq]
    anew = _anew(db, paper, made, code, stated)
    right = fingerprint(anew.facts, anew.links)
    found = [] if right == code.fingerprint else [Difference(
        fact="fingerprint", name=_NAMES["fingerprint"], printed=code.fingerprint, log=right,
    )]  # fmt: skip
    if stated.facts is not None or stated.digest is not None:
        found += _of_facts(stated.facts, msgspec.to_builtins(anew.facts))
    found += _of_print(made, stated, right)
    same = None if stated.digest is None else any(p.digest == stated.digest for p in made)
    return Verdict(paper=paper, facts=anew.facts, prints=made, same_file=same, differences=found)


def _of_facts(printed: Any, log: dict[str, Any]) -> list[Difference]:
    """Return the facts that differ; those of a field or a deadline by the title that it has on paper."""
    try:
        found = differences(printed, log)
    except RecursionError:  # nothing that we print is nested so deeply
        return [Difference(fact="facts", name=_NAMES["facts"], printed="…", log="…")]
    return [_titled(difference, log) for difference in found]


def _titled(difference: Difference, log: dict[str, Any]) -> Difference:
    group, _, rest = difference.fact.partition(".")
    name, _, part = rest.partition(".")
    title = log.get(group, {}).get(name, {}).get("title") if group in ("fields", "terms") else None
    if title is None:
        return difference
    named = Text(title, title) if part == "value" else Text(f"{title}·{{p}}", f"{title}, {{p}}").fill(p=_name((part,)))
    return replace(difference, name=named)


def differences(printed: Any, log: Any, path: tuple[str, ...] = ()) -> list[Difference]:
    """Return every value in which two trees of plain values differ; what is missing stands as —."""
    if isinstance(printed, Mapping) and isinstance(log, Mapping):
        names = [*log, *(name for name in printed if name not in log)]
        return [d for n in names for d in differences(printed.get(n), log.get(n), (*path, str(n)))]
    if _is_list(printed) and _is_list(log):
        longest = max(len(printed), len(log))
        pairs = ((i, _at(printed, i), _at(log, i)) for i in range(longest))
        return [d for i, one, other in pairs for d in differences(one, other, (*path, str(i)))]
    if printed == log and type(printed) is type(log):
        return []
    deeper = list(_leaves(printed, log, path))
    return deeper or [Difference(fact=".".join(path), name=_name(path), printed=_shown(printed), log=_shown(log))]


def _leaves(printed: Any, log: Any, path: tuple[str, ...]) -> Iterator[Difference]:
    """Where one side has a whole branch and the other nothing, name each value of it."""
    for mine, other, flip in ((printed, log, False), (log, printed, True)):
        if other is None and isinstance(mine, (Mapping, list, tuple)) and mine:
            parts = mine.items() if isinstance(mine, Mapping) else enumerate(mine)
            for name, value in parts:
                one, its = (None, value) if flip else (value, None)
                yield from differences(one, its, (*path, str(name)))


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _at(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def _shown(value: Any) -> str:
    return _NOTHING if value is None or value in ((), [], {}) else str(value)


def _name(path: tuple[str, ...]) -> Text:
    parts = (_NAMES.get(p, Text(f"第{int(p) + 1}项", f"no. {int(p) + 1}") if p.isdecimal() else same(p)) for p in path)
    return joined(parts, "·", ", ")


def _paper(db: Reading, code: PaperCode) -> Printable:
    try:
        papers = filling.printables(db, code.case)
    except NotFound:
        papers = []
    for paper in papers:
        if (paper.kind, paper.seq) == (code.kind, code.entry):
            return paper
    message = Text(
        "日志中没有这份文书（{c}，{k}，第 {e} 条）：核验码抄录有误、属于其他数据库，或系伪造",
        "the log has no such paper ({c}, {k}, entry {e}): the code is mistyped, another database's, or forged",
    )
    raise NotFound(message.fill(c=code.case, k=code.kind, e=code.entry), code="no_paper")


def _anew(db: Reading, paper: Printable, made: list[Print], code: PaperCode, stated: Stated) -> Filled:
    """Make the facts anew: of the print whose code it is, else the copy that it says it is, else the last."""
    bases = [p.basis for p in made] or [Basis()]
    nth = stated.copy.get("nth") if isinstance(stated.copy, Mapping) else None
    meant = next((p.basis for p in made if p.copy.nth == nth), bases[-1])
    basis = next((p.basis for p in made if p.fingerprint == code.fingerprint), meant)
    return filling.filled(db, paper, basis)


def _of_print(made: list[Print], stated: Stated, right: str) -> Iterator[Difference]:
    """What is wrong with the print itself: one that the register does not have, or has otherwise."""
    if not any(p.fingerprint == right for p in made):
        yield Difference(fact="copy", name=_NAMES["copy"], printed="?", log=_NOTHING)
        return
    if not isinstance(stated.copy, Mapping):
        if stated.digest is not None:
            yield Difference(fact="copy", name=_NAMES["copy"], printed=_NOTHING, log=str(len(made)))
        return
    nth = stated.copy.get("nth")
    known = next((p for p in made if p.copy.nth == nth), None)
    log = {"nth": None} if known is None else msgspec.to_builtins(known.copy)
    yield from differences(stated.copy, log, ("copy",)) if known else differences({"nth": nth}, log, ("copy",))
