"""List, print and verify papers."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

from credit_workflow.casework.answer import like
from credit_workflow.casework.papers import printing
from credit_workflow.casework.papers.paper_answers import (
    ListedPaper,
    LoggedPrint,
    Papers,
    PaperTemplates,
    PrintedPaper,
    VerifiedPaper,
)
from credit_workflow.casework.papers.paper_code import LONGEST, PaperCode, is_code, read_code
from credit_workflow.casework.papers.paper_verification import Difference, Stated, Verdict, verify
from credit_workflow.errors import Conflict, IntegrityFault
from credit_workflow.service.files import Handed
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.text import Text, joined, same

#: How often a print is begun anew when somebody else prints the same paper meanwhile.
_TRIES = 5
_MOST_NAMED = 8
_ON_THE_PAGE = {
    "text": Text("页面文字", "text of the page"),
    "style": Text(
        "页面版式（更换过模板的，版式也会不同）", "style of the page (also another where the template was changed)"
    ),
}


class ListPapers(Request[Papers], frozen=True, kw_only=True):
    """List the papers that a case can have printed.

    Args:
        case: its number.
    """

    case: str


class PrintPaper(Request[PrintedPaper], frozen=True, kw_only=True):
    """Print a paper; each print is logged and counted.

    Args:
        case: the case's number.
        kind: the paper's name in the definition.
        entry: the log entry that it follows from; the newest unless given.
        form: the form of the file.
        templates: a site's own folder of templates.
    """

    case: str
    kind: str
    entry: int | None = None
    form: Literal["html", "pdf"] = "html"
    templates: Path | None = None


class VerifyPaper(Request[VerifiedPaper], frozen=True, kw_only=True):
    """Hold a paper against the log: a printed page, or else its code.

    Args:
        code: the code as scanned or typed.
        page: a printed HTML file.
        facts: what a paper states (JSON), besides its code.
        templates: a site's own folder of templates, with which the page was printed.
    """

    code: str = ""
    page: Handed | None = None
    facts: Handed | None = None
    templates: Path | None = None


class ShippedTemplates(Request[PaperTemplates], frozen=True, kw_only=True):
    """Give the templates that ship, to start one's own from."""


def list_papers(work: Work, request: ListPapers) -> Papers:
    """List the papers of a case.

    Raises:
        NotFound: there is no such case.
    """
    return Papers(case=request.case, papers=printing.listed(work.db, request.case, work.actor, work.sight))


def print_paper(work: Work, request: PrintPaper) -> PrintedPaper:
    """Print a paper. Rendering takes its time, so it holds no transaction: who was overtaken begins anew.

    Raises:
        NotFound: there is no such case, or it has no such paper (yet).
        NotAllowed: the definition has it printed by others.
        Refused: the record that it would show is suspended, or the paper no longer holds.
        UsageFault: a template has a mistake, or what makes a PDF is not installed.
        Conflict: others print the same paper again and again.
    """
    for remaining in reversed(range(_TRIES)):
        with work.office.database.reading() as db:
            ready = printing.prepare(db, work.acting, request.case, request.kind, request.entry)
        content = _rendered(ready, request)
        digest = hashlib.sha256(content).hexdigest()
        try:
            with work.office.database.writing() as db:
                printing.register(db, work.acting, ready, digest=digest, form=request.form)
        except Conflict:
            if not remaining:
                raise
            continue
        break
    title, copy = ready.paper.title, ready.copy
    return like(
        PrintedPaper, ready.code, title=title, copy=copy.nth, free=copy.free, code=str(ready.code), content=content
    )


def _rendered(ready: printing.Ready, request: PrintPaper) -> bytes:
    from credit_workflow.papers.render import render  # noqa: PLC0415 - Jinja2 is for printing only

    html = render(
        ready.facts,
        code=ready.code,
        copy=ready.copy,
        template=ready.paper.rule.template,
        folder=request.templates,
    )
    if request.form == "html":
        return html.encode()
    from credit_workflow.papers.pdf import pdf_of  # noqa: PLC0415 - an extra

    return pdf_of(html)


def verify_paper(work: Work, request: VerifyPaper) -> VerifiedPaper:
    """Hold a paper against the log.

    Raises:
        NotFound: the log knows no such case, or no such paper of it.
        UsageFault: the code, the page or the file of facts is none.
        IntegrityFault: it differs from the log; ``details["differences"]`` names where, with both
            values for whoever may see what the log says.
    """
    from credit_workflow.papers.reading import read_facts, read_page  # noqa: PLC0415 - pages are read here only

    page = None if request.page is None else read_page(request.page.name, request.page.content)
    code = read_code(request.code if page is None else page.code)
    if page is not None:
        stated = Stated(facts=page.facts, copy=page.copy, digest=page.digest)
    else:
        said = request.facts
        facts, copy = (None, None) if said is None else read_facts(said.name, said.content)
        stated = Stated(facts=facts, copy=copy)
    verdict = verify(work.db, code, stated)
    paper = verdict.paper
    work.look(printing.look_at(paper, f"核验{paper.title}", verdict.facts), "paper_verify")
    if page is not None and not verdict.same_file and not verdict.differences:
        verdict.differences.extend(_in_the_text(verdict, page.seen, page.copy, request.templates))
    if verdict.differences:
        raise _differs(str(code), verdict, sees=printing.may_print(paper, work.actor) or work.may("audit"))
    return like(
        VerifiedPaper,
        code,
        title=paper.title,
        on=paper.entry.effective,
        superseded_by=paper.superseded_by,
        void=paper.void,
        same_file=verdict.same_file,
        prints=tuple(LoggedPrint(copy=p.copy.nth, at=p.copy.at, by=p.copy.by, form=p.form) for p in verdict.prints),
    )


def _in_the_text(verdict: Verdict, seen: tuple[str, ...], copy: Any, folder: Path | None) -> list[Difference]:
    """Return where a page shows other things than it carries: it is rendered anew and compared."""
    from credit_workflow.papers.reading import first_changes, seen_text  # noqa: PLC0415
    from credit_workflow.papers.render import render  # noqa: PLC0415

    printed = next(p for p in verdict.prints if p.copy.nth == copy["nth"])  # else it would differ already
    paper = verdict.paper
    code = PaperCode(case=paper.case.number, kind=paper.kind, entry=paper.seq, fingerprint=printed.fingerprint)
    html = render(verdict.facts, code=code, copy=printed.copy, template=paper.rule.template, folder=folder)
    return [
        Difference(fact=where, name=_ON_THE_PAGE[where], printed=one[:200] or "—", log=other[:200] or "—")
        for where, one, other in first_changes(seen, seen_text(html))
    ]


def _differs(code: str, verdict: Verdict, *, sees: bool) -> IntegrityFault:
    """Return the error that names each difference; what the log says only to whoever may see it."""
    shown = [
        {"fact": d.fact, "name": d.name, **({"printed": d.printed, "log": d.log} if sees else {})}
        for d in verdict.differences
    ]
    one = Text("{n}：纸面“{p}”，日志“{l}”", "{n}: “{p}” on paper, “{l}” in the log")
    named = [one.fill(n=d.name, p=d.printed, l=d.log) if sees else d.name for d in verdict.differences[:_MOST_NAMED]]
    if len(verdict.differences) > _MOST_NAMED:
        named.append(same("…"))
    never = [d for d in verdict.differences if d.fact == "copy"]
    if never and not verdict.prints:
        message = Text(
            "不符：日志中没有打印过这份文书（{c}）", "it does not agree: the log has no print of this paper ({c})"
        )
        return IntegrityFault(message.fill(c=code), code="paper_differs", details={"differences": shown})
    message = Text("不符，共 {n} 处与日志不一致：{w}", "it does not agree with the log ({n}): {w}")
    return IntegrityFault(
        message.fill(n=len(verdict.differences), w=joined(named)),
        code="paper_differs",
        details={"case": verdict.paper.case.number, "kind": verdict.paper.kind, "differences": shown},
    )


def shipped_templates(work: Work, request: ShippedTemplates) -> PaperTemplates:  # noqa: ARG001 - nothing is asked
    """Give the templates that ship."""
    from credit_workflow.papers import render  # noqa: PLC0415

    return PaperTemplates(contents=render.shipped_templates())
