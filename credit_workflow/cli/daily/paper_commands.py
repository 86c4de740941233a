"""``paper``: receipts, notices, reports and the like: printed, counted, and verified."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from msgspec.structs import replace

from credit_workflow.cli.base import Branch
from credit_workflow.cli.context import ask, place_of
from credit_workflow.cli.drawn import paper_screen
from credit_workflow.cli.new_files import write_new
from credit_workflow.cli.options import CaseNumber, argument, option
from credit_workflow.cli.output import answered, line, show, tell
from credit_workflow.errors import NotFound, Refused, UsageFault
from credit_workflow.service.files import Handed, content, handed_in
from credit_workflow.service.use_cases.daily import papers
from credit_workflow.text import Text

_FORMS: dict[str, Literal["html", "pdf"]] = {".html": "html", ".htm": "html", ".pdf": "pdf"}
_Templates = Annotated[
    Path | None,
    option(
        "--templates DIR",
        "本单位自己的文书模板文件夹 [CREDIT_WORKFLOW_PAPERS]",
        "a site's own templates [CREDIT_WORKFLOW_PAPERS]",
    ),
]


paper = Branch("文书：打印、计次、核验。", "Papers: print, count, verify.")


@paper.command("list")
def _list(case: CaseNumber) -> None:
    """The papers that a case can have printed.

    一个案件可打印的文书。
    """
    show(ask(papers.ListPapers(case=case)), paper_screen.render_papers)


@paper.command("print")
def _print(
    case: CaseNumber,
    kind: Annotated[str, argument("KIND")],
    to: Annotated[Path, option("--to FILE")],
    entry: Annotated[int | None, option("--entry N")] = None,
    templates: _Templates = None,
) -> None:
    """Print a paper (logged and counted).

    打印一份文书（留痕、计次）。

    Options:
        kind: the paper, see paper list
            文书，见 paper list
        to: the file: .html or .pdf
            写入的文件：.html 或 .pdf
        entry: the log entry that it follows from; the newest unless given
            所依据的日志条目，默认最新
    """
    form = _FORMS.get(to.suffix.lower())
    if form is None:
        message = Text("--to 须是 .html 或 .pdf 文件", "--to is a file that ends in .html or .pdf")
        raise UsageFault(message, code="form")
    _absent(to)
    with _draft(to) as draft:
        done = ask(papers.PrintPaper(case=case, kind=kind, entry=entry, form=form, templates=_own(templates)))
        _appear(draft, done.content, to)
    if answered(replace(done, file=str(to))):
        return
    line(
        f"已将 {case} 的“{done.title}”写入 {to}：第 {done.copy} 次打印，已留痕。",
        f"wrote “{done.title}” of {case} to {to}: print no. {done.copy}, logged.",
    )
    if done.free is not None and done.copy <= done.free:
        line("本次为免费打印。", "This print is free.")
    elif done.free is not None:
        line(f"免费打印 {done.free} 次已用完。", f"The {done.free} free print is used up.")


def _absent(file: Path) -> None:
    if file.exists():
        message = Text(
            "{f} 已存在，没有改动它，也没有打印", "{f} exists already: it was left as it is and nothing was printed"
        )
        raise Refused(message.fill(f=file), code="exists")


@contextmanager
def _draft(to: Path) -> Iterator[Path]:
    """Begin a file beside the one wanted, readable by its owner alone, before the print is logged.

    The file wanted appears only when the print is logged; where it is not, the draft goes away.
    """
    try:
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}-")
    except OSError as fault:
        message = Text("{f} 无法写入：{w}。没有打印", "{f} can't be written: {w}; nothing was printed")
        raise UsageFault(message.fill(f=to, w=fault.strerror), code="unwritable_file") from None
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _appear(draft: Path, content: bytes, to: Path) -> None:
    """Give a print its name; what has appeared there meanwhile is not overwritten."""
    if to.exists():
        message = Text(
            "{f} 刚由他人写入，没有改动它。这次打印已留痕，请另取文件名再打印",
            "{f} was just written by somebody else and left as it is; this print is logged: print to another file",
        )
        raise Refused(message.fill(f=to), code="exists")
    try:
        draft.write_bytes(content)
        draft.replace(to)
    except OSError as fault:
        message = Text("{f} 无法写入：{w}。这次打印已留痕", "{f} can't be written: {w}; this print is logged")
        raise Refused(message.fill(f=to, w=fault.strerror), code="unwritable") from None


@paper.command("verify")
def _verify(
    what: Annotated[str, argument("CODE|FILE")],
    facts: Annotated[Path | None, option("--facts FILE")] = None,
    templates: _Templates = None,
) -> None:
    """Hold a paper against the log (logged).

    核验文书与日志是否一致（留痕）。

    Options:
        what: the code, or a printed HTML file
            核验码，或打印出的 HTML 文件
        facts: what the paper states (JSON), held against the log
            文书内容（JSON），逐项核对
    """
    page = None if papers.is_code(what) else _page(Path(what))
    said = None if page is not None else handed_in(facts)
    found = ask(papers.VerifyPaper(code=what, page=page, facts=said, templates=_own(templates)))
    if answered(found):
        return
    _show_verified(found)
    if page is None and facts is None:
        line(
            "请再核对纸面内容，或用 --facts 逐项核对：核验码相符只说明确有这份文书。",
            "Compare what stands on the paper too, or give --facts: a right code says that there is such a paper.",
        )


def _page(file: Path) -> Handed:
    return Handed(file.name, partial(_content_of_page, file))


def _content_of_page(file: Path) -> bytes:
    try:
        return content(file, papers.LONGEST + 1)
    except NotFound:
        message = Text(
            "{f} 既不是核验码，也没有这个文件", "{f} is no code of a paper, and there is no file of that name"
        )
        raise NotFound(message.fill(f=file), code="no_file") from None


def _show_verified(found: papers.VerifiedPaper) -> None:
    prints, entry = len(found.prints), found.superseded_by
    line(
        f"相符：{found.case} 的“{found.title}”（{found.on}，日志第 {found.entry} 条）与日志一致，已打印 {prints} 次。",
        f"It agrees: “{found.title}” of {found.case} ({found.on}, entry {found.entry}) is what the log says; printed {prints} times.",
    )
    if found.void:
        line(
            f"注意：经日志第 {entry} 条更正，本文书不再成立，作废。",
            f"Mind: since entry {entry} of the log put its step right, this paper no longer holds: it is void.",
        )
    elif entry is not None:  # genuine, and yet it no longer holds
        line(
            f"注意：内容已由日志第 {entry} 条更正，以更正后的文书为准。",
            f"Mind: entry {entry} of the log has put right what it states; the paper as it is since counts.",
        )


@paper.command("templates")
def _templates(to: Annotated[Path, option("--to DIR")]) -> None:
    """Copy the shipped templates into a folder, to change them.

    将随附的模板复制到文件夹，供修改。

    Options:
        to: a new or empty folder
            新文件夹或空文件夹
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        message = Text("{f} 已存在且不是空文件夹，没有写入", "{f} exists and is no empty folder: nothing was written")
        raise Refused(message.fill(f=to), code="exists")
    found = ask(papers.ShippedTemplates())
    to.mkdir(parents=True, exist_ok=True)
    for name, text in found.contents.items():
        write_new(to / name, text)
    number = len(found.contents)
    tell(
        replace(found, folder=str(to)),
        f"已将 {number} 个模板写入 {to}。只留下要修改的，其余删去，仍用随附的模板。",
        f"wrote {number} templates to {to}. Keep those that you change and delete the others: the shipped ones stay in use.",
    )


def _own(given: Path | None) -> Path | None:
    """Return a site's own folder of templates: the one given, else the environment's."""
    return given or place_of("CREDIT_WORKFLOW_PAPERS")
