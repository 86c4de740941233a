"""Print papers: what a case can have printed, each print counted and logged."""

from __future__ import annotations

from dataclasses import dataclass

from credit_workflow.casework.access.sight import Sight, no_case
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.answer import like
from credit_workflow.casework.cases.furnishing import holdings_of
from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.look_entries import OfPaper
from credit_workflow.casework.journal.print_entries import Basis, Print
from credit_workflow.casework.papers import filling
from credit_workflow.casework.papers.bases import basis_of, marks_of, own_record, sent_to, suspending
from credit_workflow.casework.papers.paper_answers import ListedPaper
from credit_workflow.casework.papers.paper_code import PaperCode, fingerprint
from credit_workflow.casework.papers.paper_facts import Copy, PaperFacts, records_on
from credit_workflow.casework.papers.paper_register import Printable
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.casework.units.register import present_names
from credit_workflow.definition.words.titles import role_title
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.grounds import refusal, unmet
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import World
from credit_workflow.errors import Conflict, NotAllowed, NotFound, Refused
from credit_workflow.text import Text, joined, same


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A paper ready to be rendered: what it states, its code, and which copy it will be."""

    paper: Printable
    facts: PaperFacts
    code: PaperCode
    copy: Copy
    basis: Basis


def listed(db: Reading, number: str, actor: Actor, sight: Sight) -> tuple[ListedPaper, ...]:
    """Return the papers of a case in the order of its log; of one that is not seen those sent to the unit.

    Raises:
        NotFound: there is no such case, or nothing of it is seen.
    """
    papers = filling.printables(db, number)
    if not sight.knows(number):
        papers = [paper for paper in papers if sent_to(paper, actor)]
        if not papers:
            raise no_case(number)
    printed = prints(db, number)
    return tuple(
        like(
            ListedPaper,
            paper,
            entry=paper.seq,
            on=paper.entry.effective,
            copies=sum(one.entry == paper.seq for one in printed.get(paper.kind, ())),
            may_print=may_print(paper, actor) and paper.superseded_by is None,
        )
        for paper in papers
    )


def may_print(paper: Printable, actor: Actor) -> bool:
    """Whether somebody holds a role that the definition has this paper printed by."""
    return not actor.roles.isdisjoint(paper.rule.printed_by)


def prepare(db: Reading, acting: Acting, number: str, kind: str, entry: int | None) -> Ready:
    """Return a paper as the next print of it would be; nothing is logged yet.

    Args:
        db: the database, open.
        acting: who prints, and when.
        number: the case's number.
        kind: the paper's name in the definition.
        entry: the sequence number of the log entry that it follows from; the newest unless given.

    Raises:
        NotFound: there is no such case, or it has no such paper (yet).
        NotAllowed: the definition has it printed by others, or it tells more than is seen of the case.
        Refused: the definition asks for more, or the record that it is about is suspended.
    """
    papers, sight = filling.printables(db, number), _sight(db, acting)
    if not sight.knows(number) and not any(paper.kind == kind and sent_to(paper, acting.actor) for paper in papers):
        raise no_case(number)
    paper = _chosen(papers, number, kind, entry)
    if not may_print(paper, acting.actor):
        raise _not_theirs(paper)
    if paper.rule.shows != "case":  # else it comes without names to whoever sees the case so
        sight.whole(number)
    facts = _facts(db, acting, paper)
    grounds = unmet(paper.rule.requires, facts)
    if grounds:
        raise refusal(Text("打印{p}", "print {p}").fill(p=paper.title), grounds)
    basis = basis_of(db, paper, facts, sight)
    _not_suspended(db, paper, basis)
    filled = filling.filled(db, paper, basis)
    copies = prints(db, number).get(kind, [])
    copy = Copy(
        nth=len(copies) + 1,
        at=local(acting.moment.at, acting.calendar.zone).strftime("%Y-%m-%dT%H:%M"),
        by=acting.actor.account,
        training=db.training,
        free=paper.free,
    )
    code = PaperCode(case=number, kind=kind, entry=paper.seq, fingerprint=fingerprint(filled.facts, filled.links))
    return Ready(paper=paper, facts=filled.facts, code=code, copy=copy, basis=basis)


def _facts(db: Reading, acting: Acting, paper: Printable) -> CaseFacts:
    """Return what the definition's conditions read when a paper is printed: the case as it is today."""
    family = db.cases.family(paper.case.number)
    case = family[paper.case.number]
    key = case.subject.key
    world = World(
        rules=db.rules,
        calendar=acting.calendar,
        cases=family,
        records=db.records.known([case.record]) if case.record else {},
        holdings={key: holdings_of(db, key)} if paper.rule.shows == "records" else {},
    )
    return CaseFacts.of(world, case, acting.actor, acting.moment.effective)


def _sight(db: Reading, acting: Acting) -> Sight:
    """Return what whoever prints sees."""
    return Sight(
        db, acting.definitions, acting.actor, acting.moment, lambda: acting.calendar, lambda: present_names(db)
    )


def _basis(db: Reading, acting: Acting, paper: Printable) -> Basis:
    """Return what a paper printed now would follow from."""
    return basis_of(db, paper, _facts(db, acting, paper), _sight(db, acting))


def register(db: Writing, acting: Acting, ready: Ready, *, digest: str, form: str) -> None:
    """Log a print, in the register of its case and in the log of look-ups.

    The register is short, so copies are counted quickly; the log of look-ups is where the record's
    dossier and the auditor find who saw what of whom.

    Raises:
        Conflict: somebody has printed the same paper, or the case or record has moved, meanwhile.
    """
    paper, case = ready.paper, ready.paper.case
    copies = prints(db, case.number).get(paper.kind, [])
    if len(copies) + 1 != ready.copy.nth or _basis(db, acting, paper) != ready.basis:
        message = Text(
            "{n} 的“{p}”刚由他人打印或内容有变，没有打印。请重试",
            "“{p}” of {n} has just been printed by somebody else, or has changed: nothing was printed; try again",
        )
        raise Conflict(message.fill(n=case.number, p=paper.title))
    entry = Print(
        record=case.record,
        entry=paper.seq,
        copy=ready.copy,
        fingerprint=ready.code.fingerprint,
        basis=ready.basis,
        digest=digest,
        form=form,
    )
    role = next(r for r in paper.rule.printed_by if r in acting.actor.roles)
    db.journal.add(by_actor(acting, entry, role=role, of=case.number, as_kind=paper.kind))
    seen = look_at(paper, f"打印{paper.title}（第{ready.copy.nth}次）", ready.facts)
    db.journal.add(by_actor(acting, seen, role=role, as_kind="paper"))


def look_at(paper: Printable, purpose: str, facts: PaperFacts | None = None) -> OfPaper:
    """Return what the log of look-ups says of somebody who has seen a paper, which states some facts."""
    case = paper.case
    shown, withheld = ((), ()) if facts is None else records_on(facts)
    return OfPaper(
        shown=shown,
        withheld=withheld,
        record=case.record or None,
        subject=case.subject.key or None,
        purpose=purpose,
        case=case.number,
        paper=paper.kind,
        entry=paper.seq,
    )


def prints(db: Reading, number: str) -> dict[str, list[Print]]:
    """Return the prints of a case's papers by kind, oldest first; a kind's copies are counted through."""
    found: dict[str, list[Print]] = {}
    for line in db.journal.of(Print, number):
        found.setdefault(line.kind, []).append(line.said)
    return found


def _chosen(papers: list[Printable], number: str, kind: str, entry: int | None) -> Printable:
    fitting = [p for p in papers if p.kind == kind and entry in (None, p.seq)]
    if fitting:
        return _standing(fitting[-1])
    papers = [p for p in papers if p.superseded_by is None]
    known = list(dict.fromkeys(f"{p.kind}（{p.title}）" for p in papers))
    message = Text(
        "{n} 没有文书 {k}{e}；可打印：{o}。用 paper list {n} 查看",
        "{n} has no paper {k}{e}; there is: {o}; see paper list {n}",
    )
    at = Text("", "") if entry is None else Text(f"（日志第 {entry} 条）", f" (entry {entry} of its log)")
    raise NotFound(
        message.fill(n=number, k=kind, e=at, o=same("、".join(known) or "—")),
        code="no_paper",
        details={"papers": list(dict.fromkeys(p.kind for p in papers))},
    )


def _standing(paper: Printable) -> Printable:
    """Return the paper, unless a rectification has put right what it states."""
    if paper.superseded_by is None:
        return paper
    message = (
        Text(
            "“{p}”经日志第 {n} 条更正后不再成立，不能打印",
            "“{p}” no longer holds since entry {n} of the log put its step right: it can't be printed",
        )
        if paper.void
        else Text(
            "“{p}”的内容已由日志第 {n} 条更正，请打印更正后的（--entry {n}）",
            "entry {n} of the log has put right what “{p}” states; print it as it is since (--entry {n})",
        )
    )
    raise Refused(message.fill(p=paper.title, n=paper.superseded_by), code="superseded", source="[practice]")


def _not_theirs(paper: Printable) -> NotAllowed:
    message = Text("“{p}”只能由{r}打印", "“{p}” is printed by {r} only")
    roles = joined((role_title(paper.workflow, role) for role in paper.rule.printed_by), "、")
    return NotAllowed(message.fill(p=paper.title, r=roles), code="role", details={"roles": list(paper.rule.printed_by)})


def _not_suspended(db: Reading, paper: Printable, basis: Basis) -> None:
    """No free print is spent while the record that the case is about is suspended."""
    standing = own_record(paper.case, basis) if paper.free is not None or paper.rule.shows == "record" else None
    stopping = [] if standing is None else suspending(marks_of(db, standing))
    if stopping:
        message = Text(
            "信用记录 {r} 标注为“{m}”，暂停使用，现在不能打印；标注取消后再打印，免费次数不受影响",
            "the record {r} is suspended (“{m}”) and can't be printed until the mark is gone; no free print is lost",
        )
        mark = Text(stopping[0].title_zh, stopping[0].title_en)
        raise Refused(message.fill(r=paper.case.record, m=mark), code="suspended", source="附件2·六(一)")
