"""``calendar import`` and ``calendar export``: notices of days off as published, and as files."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from credit_workflow.calendar.compiled import KeptNotice, NoticeInfo
from credit_workflow.cli.base import Command
from credit_workflow.cli.context import Settings, settings
from credit_workflow.cli.language import language, t
from credit_workflow.cli.output import SCREEN, emit, progress, training_line
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.resources import data_folder
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.casework.holidays.notice_import import Proposal
    from credit_workflow.casework.holidays.recounting import Touched

_MAX_BYTES = 1_000_000

_OutFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help=t("把通知写成日历文件", "write the notice as a file of calendars/")),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group ``calendar``."""
    app.command(
        "import",
        cls=Command,
        help=t(
            "导入国务院办公厅放假通知的原文，核对后入库，并重新计算受影响的期限（规则管理员、账户管理员）。",
            "Import the State Council's notice as published; check and keep it, and count the deadlines that it"
            " touches again (clerk, admin).",
        ),
    )(_import)
    app.command(
        "export",
        cls=Command,
        help=t(
            "把一年的通知写成日历文件（calendars/cn/年份.yaml）。", "Write a year's notice as a file of calendars/."
        ),
    )(_export)


def kept_said() -> dict[str, Any] | None:
    """Return which database's notices are counted with, and how many; None where there is none."""
    kept = settings().kept_notices
    return None if kept is None else {"path": settings().database.name, "notices": len(kept)}


def _import(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help=t("通知原文；- 为标准输入", "its text; - is standard input"))
    ],
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=t("只列出将变动的期限，不作改动", "list what would move, and change nothing")),
    ] = False,
    year: Annotated[
        int | None, typer.Option("--year", help=t("原文未写年份时指明", "the year, where the text does not say it"))
    ] = None,
    amends: Annotated[
        bool, typer.Option("--amends", help=t("修改该年已有的通知", "it changes the notice that the year has"))
    ] = False,
    replace: Annotated[
        str | None,
        typer.Option(
            "--replace",
            metavar="NOTICE",
            help=t(
                "替换先前导入有误的通知（如 cn-2027）", "it takes the place of one imported wrongly, such as cn-2027"
            ),
        ),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(
            "--layer",
            metavar="ID",
            help=t("属于本市的日历（如 cn-hangzhou）", "it belongs to a city's layer, such as cn-hangzhou"),
        ),
    ] = None,
    extra_days: Annotated[
        int,
        typer.Option(
            "--extra-days",
            min=0,
            max=31,
            help=t("国务院另行增加的假日天数", "days that the State Council gives beyond the law"),
        ),
    ] = 0,
    out: _OutFile = None,
) -> None:
    from credit_workflow.casework.holidays.notice_import import (  # noqa: PLC0415 - reading needs none of it
        Wish,
        allowed,
        propose,
        take_in,
    )
    from credit_workflow.casework.holidays.recounting import preview  # noqa: PLC0415 - as above

    if amends and replace is not None:
        message = Text("--amends 与 --replace 不能同用", "--amends and --replace exclude each other")
        raise UsageFault(message, code="usage")
    chosen = settings()
    with chosen.database.reading() as db:
        actor, moment = chosen.actor(db), chosen.moment(db)
        training = db.training
    session = chosen.session(actor, moment)
    allowed(session)
    wish = Wish(
        text=decoded(_bytes_of(file)), year=year, layer=layer, amends=amends, replaces=replace, extra_days=extra_days
    )
    proposal = propose(session, chosen.load_calendar, chosen.kept_notices or (), wish)
    title = t("重新计算期限", "counting deadlines again")
    with _written(out, proposal.text), progress(title, quiet=chosen.json) as advance:
        if dry_run:
            with chosen.database.reading() as db:
                touched = preview(db, proposal.counting, moment, advance)
        else:
            touched = take_in(session, proposal, wish, advance)
    _said(chosen, proposal, touched, dry_run=dry_run, out=out, training=training)
    if touched.failed:
        raise typer.Exit(1)


def _said(
    chosen: Settings, proposal: Proposal, touched: Touched, *, dry_run: bool, out: Path | None, training: bool
) -> None:
    from credit_workflow.casework.holidays.notice_import import days_said  # noqa: PLC0415 - as above

    off, work = days_said(proposal.notice)
    if chosen.json:
        emit(
            {
                "year": proposal.notice.year,
                "notice": proposal.already or proposal.notice.notice,
                "no": proposal.notice.no,
                "issued": proposal.notice.issued,
                "amends": proposal.notice.amends,
                "calendar": proposal.entry.calendar,
                "off": off,
                "work": work,
                "moves": [
                    {"case": m.case, "deadline": m.deadline, "from": str(m.before), "to": str(m.after)}
                    for m in touched.moves
                ],
                "certain": touched.certain,
                "becomes_overdue": touched.becomes_overdue,
                "stops_being_overdue": touched.stops_being_overdue,
                "failed": [
                    {"case": f.case, "code": f.code, "message": f.message.to(language())} for f in touched.failed
                ],
                "passed_over": list(proposal.passed_over),
                "already": proposal.already is not None,
                "dry_run": dry_run,
                "file": None if out is None else str(out),
            }
        )
        return
    from credit_workflow.cli.screens.import_screen import render_import  # noqa: PLC0415 - Rich is not needed for JSON

    training_line(training=training)
    render_import(proposal, touched, used=chosen.calendar_name, dry_run=dry_run)
    if out is not None:
        print(t(f"已写入 {out}", f"written to {out}"))
    sys.stdout.flush()


def _bytes_of(file: str) -> bytes:
    if file == "-":
        raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
    else:
        try:
            with Path(file).open("rb") as handle:
                raw = handle.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file") from None
        except OSError as fault:
            message = Text("无法读取 {f}：{w}", "{f} can't be read: {w}").fill(f=file, w=fault.strerror or fault)
            raise UsageFault(message, code="no_file") from None
    if len(raw) > _MAX_BYTES:
        raise UsageFault(Text("文件超过 1 MB", "the file is larger than 1 MB"), code="too_large")
    return raw


def decoded(raw: bytes) -> str:
    """Return a text: UTF-8, else UTF-16 by its mark (as Windows writes it), else GB18030.

    Raises:
        UsageFault: it is none of these, or empty.
    """
    if not raw.strip():
        raise UsageFault(Text("文件是空的", "the file is empty"), code="empty")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = Text(
        "看不出文件的编码；请另存为 UTF-8 的纯文本", "the file's encoding can't be told; save it as plain text in UTF-8"
    )
    raise UsageFault(message, code="encoding")


@contextmanager
def _written(out: Path | None, text: str) -> Iterator[None]:
    """Write a new file before anything else is done, so that nothing is done where it can't be; a failure takes it back.

    Raises:
        Refused: the file exists, or can't be written.
        NotFound: its folder does not.
    """
    if out is None:
        yield
        return
    from credit_workflow.cli.files import not_there, write_new  # noqa: PLC0415 - seldom asked for

    not_there(out)
    write_new(out, text.encode())
    try:
        yield
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _export(
    what: Annotated[
        str,
        typer.Argument(
            metavar="YEAR|NOTICE", help=t("年份，或通知编号如 cn-2020-02", "a year, or an id such as cn-2020-02")
        ),
    ],
    out: _OutFile = None,
) -> None:
    chosen = settings()
    calendar = chosen.calendar
    notices = calendar.notices
    if re.fullmatch(r"\d{4}", what):
        found = [n for n in notices if n.year == int(what)]
        notice = next((n for n in found if n.amends is None and n.layer is None), None)
    else:
        notice = next((n for n in notices if n.id == what), None)
        found = [n for n in notices if notice is not None and n.year == notice.year]
    if notice is None:
        message = Text("没有 {w} 的通知；可用 calendar status 查看", "there is no notice {w}; see calendar status")
        raise NotFound(message.fill(w=what), code="no_notice")
    text = _text_of(chosen, notice, calendar.layers)
    if out == SCREEN:
        out = None
    with _written(out, text):
        pass
    others = [n.id for n in found if n.id != notice.id]
    if chosen.json:
        said = {"year": notice.year, "notice": notice.id, "text": text, "file": None if out is None else str(out)}
        emit({**said, "others": others})
        return
    if out is None:
        sys.stdout.write(text)
    else:
        print(t(f"已写入 {out}", f"written to {out}"))
    if others:
        named = "、".join(others)
        more = t(f"该年另有通知：{named}", f"the year has further notices: {', '.join(others)}")
        print(more, file=sys.stderr)


def _text_of(chosen: Settings, notice: NoticeInfo, layers: tuple[str, ...]) -> str:
    """Return the text of a notice's file, or of one that the database keeps."""
    kept: tuple[KeptNotice, ...] = chosen.kept_notices or ()
    for one in kept:
        if one.notice == notice.id:
            return one.text
    name = notice.layer or layers[0]
    folder = chosen.calendar_folder(chosen.calendar_name) or data_folder("calendars")
    wanted = re.compile(rf"(?m)^notice:\s*[\"']?{re.escape(notice.id)}[\"']?\s*(?:#.*)?$")
    texts = [file.read_text(encoding="utf-8-sig") for file in sorted((folder / name).glob("*.yaml"))]
    return next(text for text in texts if wanted.search(text))
