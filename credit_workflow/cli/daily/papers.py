"""``paper``: receipts, notices, reports and the like: printed, counted, and verified."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from credit_workflow.casework.cases.acting import Session
from credit_workflow.casework.papers import printing as work
from credit_workflow.casework.papers.paper_code import PaperCode, is_code, read_code
from credit_workflow.casework.papers.paper_verification import Difference, Stated, Verdict, verify
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import t
from credit_workflow.cli.options import CaseNumber
from credit_workflow.cli.output import console, emit, training_line
from credit_workflow.errors import Conflict, IntegrityFault, Refused, UsageFault
from credit_workflow.text import Text, joined, same

_FORMS = {".html": "html", ".htm": "html", ".pdf": "pdf"}
#: How often a print is begun anew when somebody else prints the same paper meanwhile.
_TRIES = 5
_MOST_NAMED = 8
_ON_THE_PAGE = {
    "text": Text("页面文字", "text of the page"),
    "style": Text(
        "页面版式（更换过模板的，版式也会不同）", "style of the page (also another where the template was changed)"
    ),
}
_Templates = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        metavar="DIR",
        help=t(
            "本单位自己的文书模板文件夹 [CREDIT_WORKFLOW_PAPERS]", "a site's own templates [CREDIT_WORKFLOW_PAPERS]"
        ),
    ),
]


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("文书：打印、计次、核验。", "Papers: print, count, verify."))
    commands = (
        ("list", _list, t("一个案件可打印的文书。", "The papers that a case can have printed.")),
        ("print", _print, t("打印一份文书（留痕、计次）。", "Print a paper (logged and counted).")),
        ("verify", _verify, t("核验文书与日志是否一致（留痕）。", "Hold a paper against the log (logged).")),
        ("templates", _templates, t("将随附的模板复制到文件夹，供修改。", "Copy the shipped templates into a folder, to change them.")),
    )  # fmt: skip
    for name, function, text in commands:
        app.command(name, cls=Command, help=text)(function)
    return {"paper": app}


def _list(case: CaseNumber) -> None:
    chosen = settings()
    with chosen.database.reading() as db:
        actor, training = chosen.actor(db), db.training
        found = work.listed(db, case, actor)
    views = [
        {
            "kind": one.paper.kind,
            "title": one.paper.title,
            "entry": one.paper.seq,
            "on": one.paper.entry.effective.isoformat(),
            "copies": one.copies,
            "free": one.paper.free,
            "may_print": one.may_print and one.paper.superseded_by is None,
            "superseded_by": one.paper.superseded_by,
            "void": one.paper.void,
        }
        for one in found
    ]
    if chosen.json:
        emit({"case": case, "papers": views})
        return
    training_line(training=training)
    _show_list(case, views)


def _show_list(case: str, views: list[dict[str, Any]]) -> None:
    from rich import box  # noqa: PLC0415 - Rich is not needed for JSON
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    if not views:
        print(t(f"{case} 还没有可打印的文书。", f"{case} has no papers yet."))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title in (t("文书", "Paper"), t("名称", "Title"), t("日期", "Date"), t("日志条目", "Entry"), t("已打印", "Copies"), t("本账户", "You")):  # fmt: skip
        table.add_column(title)
    for view in views:
        free = "" if view["free"] is None else t(f"（免费{view['free']}次）", f" ({view['free']} free)")
        may = t("可打印", "may print") if view["may_print"] else t("无权打印", "may not")
        if view["superseded_by"] is not None:
            may = (
                t("已作废", "void")
                if view["void"]
                else t(f"已更正（{view['superseded_by']}）", f"put right ({view['superseded_by']})")
            )
        table.add_row(view["kind"], escape(view["title"]), view["on"], str(view["entry"]), f"{view['copies']}{free}", may)  # fmt: skip
    console().print(table)


def _print(
    case: CaseNumber,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=t("文书，见 paper list", "the paper, see paper list"))],
    to: Annotated[
        Path, typer.Option("--to", metavar="FILE", help=t("写入的文件：.html 或 .pdf", "the file: .html or .pdf"))
    ],
    entry: Annotated[
        int | None,
        typer.Option(
            "--entry",
            metavar="N",
            help=t("所依据的日志条目，默认最新", "the log entry that it follows from; the newest unless given"),
        ),
    ] = None,
    templates: _Templates = None,
) -> None:
    chosen = settings()
    form = _FORMS.get(to.suffix.lower())
    if form is None:
        message = Text("--to 须是 .html 或 .pdf 文件", "--to is a file that ends in .html or .pdf")
        raise UsageFault(message, code="form")
    _absent(to)
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
    ready = _printed(session, (case, kind, entry), to, form, _folder(templates))
    document = {
        "case": case,
        "kind": kind,
        "title": ready.paper.title,
        "entry": ready.paper.seq,
        "file": str(to),
        "copy": ready.copy.nth,
        "free": ready.copy.free,
        "code": str(ready.code),
        "fingerprint": ready.code.fingerprint,
    }
    if chosen.json:
        emit(document)
        return
    training_line(training=ready.copy.training)
    print(
        t(
            f"已将 {case} 的“{ready.paper.title}”写入 {to}：第 {ready.copy.nth} 次打印，已留痕。",
            f"wrote “{ready.paper.title}” of {case} to {to}: print no. {ready.copy.nth}, logged.",
        )
    )
    if ready.copy.free is not None:
        within = ready.copy.nth <= ready.copy.free
        print(
            t("本次为免费打印。", "This print is free.")
            if within
            else t(f"免费打印 {ready.copy.free} 次已用完。", f"The {ready.copy.free} free print is used up.")
        )


def _printed(
    session: Session, which: tuple[str, str, int | None], to: Path, form: str, folder: Path | None
) -> work.Ready:
    """Render, log and write one print; the file appears only when the print is logged.

    Rendering takes its time, so it holds no transaction: who was overtaken begins anew.
    """
    from credit_workflow.papers.render import render  # noqa: PLC0415 - Jinja2 is for printing only

    for remaining in reversed(range(_TRIES)):
        ready = work.prepare(session, *which)
        html = render(ready.facts, code=ready.code, copy=ready.copy, template=ready.paper.rule.template, folder=folder)
        content = html.encode() if form == "html" else _as_pdf(html)
        draft = _draft(to, content)
        try:
            work.register(session, ready, digest=hashlib.sha256(content).hexdigest(), form=form)
            _appear(draft, to)
        except Conflict:
            if not remaining:
                raise
            continue
        finally:
            draft.unlink(missing_ok=True)
        break
    return ready


def _as_pdf(html: str) -> bytes:
    from credit_workflow.papers.pdf import pdf_of  # noqa: PLC0415 - an extra

    return pdf_of(html)


def _absent(file: Path) -> None:
    if file.exists():
        message = Text(
            "{f} 已存在，没有改动它，也没有打印", "{f} exists already: it was left as it is and nothing was printed"
        )
        raise Refused(message.fill(f=file), code="exists")


def _draft(to: Path, content: bytes) -> Path:
    """Write into a file beside the one wanted, readable by its owner alone."""
    try:
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}-")
    except OSError as fault:
        message = Text("{f} 无法写入：{w}。没有打印", "{f} can't be written: {w}; nothing was printed")
        raise UsageFault(message.fill(f=to, w=fault.strerror), code="unwritable_file") from None
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return Path(name)


def _appear(draft: Path, to: Path) -> None:
    """Give the draft its name; what has appeared there meanwhile is not overwritten."""
    if to.exists():
        message = Text(
            "{f} 刚由他人写入，没有改动它。这次打印已留痕，请另取文件名再打印",
            "{f} was just written by somebody else and left as it is; this print is logged: print to another file",
        )
        raise Refused(message.fill(f=to), code="exists")
    draft.replace(to)


def _verify(
    what: Annotated[
        str,
        typer.Argument(metavar="CODE|FILE", help=t("核验码，或打印出的 HTML 文件", "the code, or a printed HTML file")),
    ],
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts",
            metavar="FILE",
            help=t("文书内容（JSON），逐项核对", "what the paper states (JSON), held against the log"),
        ),
    ] = None,
    templates: _Templates = None,
) -> None:
    from credit_workflow.papers.reading import read_facts, read_page  # noqa: PLC0415 - pages are read here only

    chosen = settings()
    page = None if is_code(what) else read_page(Path(what))
    code = read_code(what if page is None else page.code)
    if page is not None:
        stated = Stated(facts=page.facts, copy=page.copy, digest=page.digest)
    else:
        said, copy = (None, None) if facts is None else read_facts(facts)
        stated = Stated(facts=said, copy=copy)
    with chosen.database.reading() as db:
        session = chosen.session(chosen.actor(db), chosen.moment(db))
        training = db.training
    verdict = verify(session, code, stated)
    if page is not None and not verdict.same_file and not verdict.differences:
        verdict.differences.extend(_in_the_text(verdict, page.seen, page.copy, _folder(templates)))
    if verdict.differences:
        raise _differs(str(code), verdict)
    document = {
        "ok": True,
        "case": code.case,
        "kind": code.kind,
        "title": verdict.paper.title,
        "entry": code.entry,
        "on": verdict.paper.entry.effective.isoformat(),
        "fingerprint": code.fingerprint,
        "superseded_by": verdict.paper.superseded_by,
        "void": verdict.paper.void,
        "same_file": verdict.same_file,
        "prints": [{"copy": p.copy.nth, "at": p.copy.at, "by": p.copy.by, "form": p.form} for p in verdict.prints],
        "differences": [],
    }
    if chosen.json:
        emit(document)
        return
    training_line(training=training)
    print(
        t(
            f"相符：{code.case} 的“{verdict.paper.title}”（{document['on']}，日志第 {code.entry} 条）与日志一致，已打印 {len(verdict.prints)} 次。",
            f"It agrees: “{verdict.paper.title}” of {code.case} ({document['on']}, entry {code.entry}) is what the log says; printed {len(verdict.prints)} times.",
        )
    )
    if verdict.paper.superseded_by is not None:
        print(_no_longer(verdict.paper.superseded_by, void=verdict.paper.void))
    if page is None and facts is None:
        print(
            t(
                "请再核对纸面内容，或用 --facts 逐项核对：核验码相符只说明确有这份文书。",
                "Compare what stands on the paper too, or give --facts: a right code says that there is such a paper.",
            )
        )


def _no_longer(entry: int, *, void: bool) -> str:
    """Say that a paper is genuine and yet no longer holds."""
    if void:
        return t(
            f"注意：经日志第 {entry} 条更正，本文书不再成立，作废。",
            f"Mind: since entry {entry} of the log put its step right, this paper no longer holds: it is void.",
        )
    return t(
        f"注意：内容已由日志第 {entry} 条更正，以更正后的文书为准。",
        f"Mind: entry {entry} of the log has put right what it states; the paper as it is since counts.",
    )


def _in_the_text(verdict: Verdict, seen: tuple[str, ...], copy: Any, folder: Path | None) -> list[Difference]:
    """Return where a page shows other things than it carries: it is rendered anew and compared."""
    from credit_workflow.papers.reading import first_changes, seen_text  # noqa: PLC0415 - as above
    from credit_workflow.papers.render import render  # noqa: PLC0415 - as above

    printed = next(p for p in verdict.prints if p.copy.nth == copy["nth"])  # else it would differ already
    paper = verdict.paper
    code = PaperCode(case=paper.case.number, kind=paper.kind, entry=paper.seq, fingerprint=printed.fingerprint)
    html = render(verdict.facts, code=code, copy=printed.copy, template=paper.rule.template, folder=folder)
    return [
        Difference(fact=where, name=_ON_THE_PAGE[where], printed=one[:200] or "—", log=other[:200] or "—")
        for where, one, other in first_changes(seen, seen_text(html))
    ]


def _differs(code: str, verdict: Verdict) -> IntegrityFault:
    """Return the error that names each difference; what the log says only to whoever may see it."""
    shown = [
        {"fact": d.fact, "name": d.name, **({"printed": d.printed, "log": d.log} if verdict.sees else {})}
        for d in verdict.differences
    ]
    one = Text("{n}：纸面“{p}”，日志“{l}”", "{n}: “{p}” on paper, “{l}” in the log")
    named = [
        one.fill(n=d.name, p=d.printed, l=d.log) if verdict.sees else d.name for d in verdict.differences[:_MOST_NAMED]
    ]
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


def _templates(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help=t("新文件夹或空文件夹", "a new or empty folder"))],
) -> None:
    from credit_workflow.papers.render import copy_templates  # noqa: PLC0415 - as above

    names = copy_templates(to)
    if settings().json:
        emit({"folder": str(to), "templates": names})
        return
    print(
        t(
            f"已将 {len(names)} 个模板写入 {to}。只留下要修改的，其余删去，仍用随附的模板。",
            f"wrote {len(names)} templates to {to}. Keep those that you change and delete the others: the shipped ones stay in use.",
        )
    )


def _folder(given: Path | None) -> Path | None:
    """Return a site's own folder of templates: the one given, else the environment's."""
    named = os.environ.get("CREDIT_WORKFLOW_PAPERS")
    return given or (Path(named) if named else None)
