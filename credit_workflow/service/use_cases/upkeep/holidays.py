"""Import holiday notices as published, and give them out as files."""

from __future__ import annotations

import re
from datetime import date

from credit_workflow.casework.answer import like
from credit_workflow.casework.cases.failures import FailedCase
from credit_workflow.casework.holidays.calendar_answers import NoticeHoliday, NoticeImported, NoticeText, calendar_day
from credit_workflow.casework.holidays.kept_notices import Wish, kept_notices
from credit_workflow.casework.rulebook.in_force import calendar_name, folder_of
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.resources import data_folder
from credit_workflow.service.use_case import Request
from credit_workflow.service.use_cases.upkeep.calendars import kept_in
from credit_workflow.service.work import Work
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Text


class ImportNotice(Request[NoticeImported], Wish, frozen=True, kw_only=True):
    """Import a notice as published: check and keep it, and count the deadlines that it touches again.

    Args:
        file: its text, in UTF-8, in UTF-16 with its mark, or in GB18030.
        dry_run: say what would move, and change nothing.
    """

    file: Handed
    dry_run: bool = False


class ExportNotice(Request[NoticeText], frozen=True, kw_only=True):
    """Give out a notice as a file of the calendar.

    Args:
        what: a year, or a notice's id.
    """

    what: str


def import_notice(work: Work, request: ImportNotice) -> NoticeImported:
    """Import a notice.

    Raises:
        UsageFault: the text is empty, or its encoding can't be told.
        NotFound: there is no such layer, or no such notice to replace.
        Refused: the text has a mistake or is not understood, each in ``details["grounds"]``; or the
            year has a notice already.
        Conflict: another notice came in meanwhile; nothing was kept.
    """
    from credit_workflow.casework.holidays import notice_import as notices  # noqa: PLC0415 - reading needs none of it
    from credit_workflow.casework.holidays.recounting import ended_by_date, preview  # noqa: PLC0415

    text = _decoded(request.file.content)
    with work.office.database.reading() as db:
        kept = kept_notices(db)
    found = notices.propose(work.acting, work.office.load_calendar, kept, text, request)
    work.nothing_changed = request.dry_run or found.already is not None
    with work.office.database.reading() as db:
        ended = ended_by_date(db, work.calendar, found.counting, work.lang)
    if request.dry_run:
        with work.office.database.reading() as db:
            touched = preview(db, found.counting, work.moment, work.progress)
    else:
        touched = notices.take_in(work.office.database, work.acting, found, request, work.progress)
    notice, (off, worked) = found.notice, notices.days_said(found.notice)
    return like(
        NoticeImported,
        notice,
        notice=found.already or notice.notice,
        calendar=found.entry.calendar,
        off=off,
        work=worked,
        ended=tuple(ended),
        moves=tuple(touched.moves),
        certain=touched.certain,
        becomes_overdue=tuple(touched.becomes_overdue),
        stops_being_overdue=tuple(touched.stops_being_overdue),
        failed=tuple(like(FailedCase, f, message=f.message.to(work.lang)) for f in touched.failed),
        passed_over=found.passed_over,
        already=found.already is not None,
        dry_run=request.dry_run,
        title=notice.title.text.to(work.lang),
        holidays=tuple(
            NoticeHoliday(
                name=one.name.text.to(work.lang),
                first=date.fromisoformat(one.first),
                last=date.fromisoformat(one.last),
            )
            for one in notice.off
        ),
        days=tuple(calendar_day(day, work.lang) for day in found.shown.year(notice.year)),
        counting=calendar_name(work.office.folder),
        touching=found.entry.calendar in found.counting.layers,
        text=found.text,
    )


def _decoded(raw: bytes) -> str:
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


def export_notice(work: Work, request: ExportNotice) -> NoticeText:
    """Give out a notice.

    Raises:
        NotFound: there is no such notice.
    """
    kept, _ = kept_in(work)
    calendar = work.office.calendar_with(kept)
    if re.fullmatch(r"\d{4}", request.what):
        found = [n for n in calendar.notices if n.year == int(request.what)]
        notice = next((n for n in found if n.amends is None and n.layer is None), None)
    else:
        notice = next((n for n in calendar.notices if n.id == request.what), None)
        found = [n for n in calendar.notices if notice is not None and n.year == notice.year]
    if notice is None:
        message = Text("没有 {w} 的通知；可用 calendar status 查看", "there is no notice {w}; see calendar status")
        raise NotFound(message.fill(w=request.what), code="no_notice")
    text = next((one.text for one in kept if one.notice == notice.id), None)
    return NoticeText(
        year=notice.year,
        notice=notice.id,
        text=_file_of(work, notice.id, notice.layer or calendar.layers[0]) if text is None else text,
        others=tuple(n.id for n in found if n.id != notice.id),
    )


def _file_of(work: Work, notice: str, calendar: str) -> str:
    """Return the text of the file of a calendar that has a notice."""
    office = work.office
    name = calendar_name(office.folder)
    folder = folder_of(name, workflows=office.workflow_folder, calendars=office.calendar_folder)
    wanted = re.compile(rf"(?m)^notice:\s*[\"']?{re.escape(notice)}[\"']?\s*(?:#.*)?$")
    files = sorted(((folder or data_folder("calendars")) / calendar).glob("*.yaml"))
    return next(text for text in (file.read_text(encoding="utf-8-sig") for file in files) if wanted.search(text))
