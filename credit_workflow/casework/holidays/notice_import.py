"""Import holiday notices into a database: read and check them, keep them in its log, and move deadlines.

The stream `calendar` of the log has each notice as the YAML text of its file; the last entry of a
notice's id holds. All who share the database count by its notices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from credit_workflow.calendar.compiled import KeptNotice, NoticeInfo
from credit_workflow.calendar.notices.calendar_files import Notice, days_between
from credit_workflow.calendar.notices.notice_checks import (
    check_amendment,
    check_days,
    check_year,
    completed,
    said_before,
)
from credit_workflow.calendar.notices.notice_yaml import notice_of, notice_yaml
from credit_workflow.calendar.notices.official_text import Gazette, read_gazette
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.holidays.kept_notices import Wish, kept_notices
from credit_workflow.casework.holidays.recounting import ALL, BATCH, Progress, Touched
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.holiday_entries import NoticeImported
from credit_workflow.casework.ports import Store
from credit_workflow.casework.sweep.sweep_report import SweepReport
from credit_workflow.casework.sweep.sweeping import recount_all
from credit_workflow.engine.world import Outcome, World
from credit_workflow.errors import Conflict, DefinitionFault, NotFound, Refused
from credit_workflow.text import Text, joined

PERMISSION = "import_notices"
Loader = Callable[[str, Sequence[KeptNotice]], WorkCalendar]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A notice as it was read and found right.

    ``text`` is its file's; ``kept`` what the database kept when it was read; ``shown`` the calendar
    (or layer) that it belongs to, with it; ``counting`` the one that the deadlines are counted by;
    ``already`` the id of the notice that says the same already; ``passed_over`` sentences with days
    that free nobody, or not all.
    """

    notice: Notice
    text: str
    kept: tuple[KeptNotice, ...]
    entry: KeptNotice
    shown: WorkCalendar
    counting: WorkCalendar
    already: str | None
    passed_over: tuple[str, ...]


def allowed(acting: Acting) -> str:
    """Return the role by which somebody imports notices.

    Raises:
        NotAllowed: none of the account's roles may.
    """
    return require(acting.definitions, acting.actor, PERMISSION)


def propose(acting: Acting, load: Loader, kept: tuple[KeptNotice, ...], text: str, wish: Wish) -> Proposal:
    """Return a notice read from its text, checked, and the calendar that it makes.

    Args:
        acting: who imports, with the calendar in use.
        load: loads a calendar or layer by its name, with notices kept elsewhere than in files.
        kept: those that the database keeps.
        text: what was handed in.
        wish: what it is.

    Raises:
        NotFound: there is no such layer, or no such notice to replace.
        Refused: the text has a mistake or is not understood, each in ``details["grounds"]``; or
            the year has a notice already.
    """
    target = wish.layer or acting.calendar.layers[0]
    now = before = load(target, kept)
    replaced = None
    rest = kept
    if wish.replaces is not None:
        replaced = _replaced(now, kept, wish.replaces, target)
        rest = tuple(one for one in kept if one.notice != replaced.id)
        gone = _with_amendments(now, replaced.id)
        before = load(target, tuple(one for one in kept if one.notice not in gone))
    layer = None if target == before.layers[0] else target
    gazette = _read(text, wish.year, before)
    own = [n for n in before.notices if n.year == gazette.year and n.layer == layer]
    amends = replaced.amends if replaced else own[-1].id if wish.amends and own else None
    english = None if layer is None else before.title.en
    known = [n.id for n in now.notices]
    notice = notice_of(gazette, calendar=target, known=known, amends=amends, layer=english)
    if replaced is not None:
        notice = msgspec.structs.replace(notice, notice=replaced.id)
    already = None if replaced else _already(load, target, kept, own, notice, before)
    if already is None:
        _refuse_by_year(wish, own, layer, notice.year)
        if layer is None:
            _check_balance(gazette, before, wish, amends)
    own_file = notice_yaml(notice)
    entry = KeptNotice(notice.notice, target, own_file)
    after = kept if already else (*rest, entry)
    try:
        shown, counting = load(target, after), load(acting.calendar.id, after)
    except DefinitionFault as fault:
        raise _refused([(0, "", fault.message)]) from None
    return Proposal(
        notice=notice,
        text=own_file,
        kept=kept,
        entry=entry,
        shown=shown,
        counting=counting,
        already=already,
        passed_over=gazette.passed_over,
    )


def _read(text: str, year: int | None, before: WorkCalendar) -> Gazette:
    """Return the notice as it was read, right in itself."""
    gazette = completed(read_gazette(text, year), before)
    if gazette.findings or gazette.year is None:
        raise _refused(gazette.findings)
    if not before.first.year <= gazette.year <= before.last.year:
        raise _refused([_outside(before)])
    wrong = list(check_days(gazette, before.weekend))
    if wrong:
        raise _refused(wrong)
    return gazette


def _check_balance(gazette: Gazette, before: WorkCalendar, wish: Wish, amends: str | None) -> None:

    if amends is None:
        wrong = list(check_year(gazette, wish.extra_days))
    else:
        wrong = list(check_amendment(gazette, said_before(before, gazette.year or 0), wish.extra_days))
    if wrong:
        raise _refused(wrong)


def _replaced(now: WorkCalendar, kept: tuple[KeptNotice, ...], name: str, target: str) -> NoticeInfo:
    if not any(one.notice == name and one.calendar == target for one in kept):
        message = Text(
            "没有导入过通知 {n}，不能替换；随附的或本单位文件夹中的通知请改文件",
            "no notice {n} was imported, so none can be replaced; one of a file is put right in its file",
        )
        raise NotFound(message.fill(n=name), code="no_notice")
    return next(notice for notice in now.notices if notice.id == name)


def _with_amendments(calendar: WorkCalendar, name: str) -> set[str]:
    """Return a notice and those that amend it, directly or not."""
    found = {name}
    for notice in calendar.notices:  # an amendment follows what it amends
        if notice.amends in found:
            found.add(notice.id)
    return found


def _outside(calendar: WorkCalendar) -> tuple[int, str, Text]:
    message = Text(
        "通知的年份不在工作日历 {a} 至 {b} 的范围内", "the notice's year is not within the calendar, {a} to {b}"
    )
    return (0, "", message.fill(a=calendar.first.year, b=calendar.last.year))


def _already(
    load: Loader, target: str, kept: tuple[KeptNotice, ...], own: list[NoticeInfo], notice: Notice, before: WorkCalendar
) -> str | None:
    """Return the id of a notice of the year that says just the same of every day."""
    for one in own:
        twin = msgspec.structs.replace(notice, notice=one.id, amends=one.amends)
        others = tuple(k for k in kept if k.notice != one.id)
        try:
            made = load(target, (*others, KeptNotice(one.id, target, notice_yaml(twin))))
        except DefinitionFault:
            continue  # another notice amends it and says otherwise than this one would let it
        years = [y for y in (one.year - 1, one.year, one.year + 1) if before.first.year <= y <= before.last.year]
        if all(a.works == b.works for y in years for a, b in zip(made.year(y), before.year(y), strict=True)) and (
            _days_of(made, one.id) == _days_of(before, one.id)
        ):
            return one.id
    return None


def _days_of(calendar: WorkCalendar, notice: str) -> set[date]:
    """Return the days that a notice changes against their weekday."""
    year = next(n.year for n in calendar.notices if n.id == notice)
    years = [y for y in (year - 1, year, year + 1) if calendar.first.year <= y <= calendar.last.year]
    return {
        day.date
        for y in years
        for day in calendar.year(y)
        if day.notice == notice and day.works == (day.date.weekday() in calendar.weekend)
    }


def _refuse_by_year(wish: Wish, own: list[NoticeInfo], layer: str | None, year: int) -> None:
    if wish.replaces is not None:
        return
    if own and layer is None and not wish.amends:
        message = Text(
            "{y} 年已有通知 {n}。后来的通知作出修改的，加 --amends；先前导入的文本有误的，加 --replace 编号",
            "{y} has a notice already, {n}; if a later one changes it, add --amends; if a text that was imported is"
            " wrong, add --replace ID",
        )
        raise Refused(message.fill(y=year, n=own[0].id), code="notice_exists", details={"notices": [n.id for n in own]})
    if wish.amends and not own:
        message = Text("{y} 年还没有通知，没有可修改的", "{y} has no notice yet that could be amended")
        raise Refused(message.fill(y=year), code="nothing_to_amend")


def _refused(findings: Sequence[tuple[int, str, Text]]) -> Refused:
    said = [_placed(line, message) for line, _, message in findings]
    grounds = [
        {"message": message, "source": None, "line": line or None, "sentence": sentence or None}
        for message, (line, sentence, _) in zip(said, findings, strict=True)
    ]
    whole = said[0]
    if len(said) > 1:
        whole = Text("通知有 {n} 处不对，没有导入：{a}", "the notice has {n} mistakes and was not imported: {a}")
        whole = whole.fill(n=len(said), a=joined(said))
    return Refused(whole, code="notice", details={"grounds": grounds})


def _placed(line: int, message: Text) -> Text:
    return Text(f"第 {line} 行：{message.zh}", f"line {line}: {message.en}") if line else message


def take_in(store: Store, acting: Acting, proposal: Proposal, wish: Wish, progress: Progress | None = None) -> Touched:
    """Keep a notice in the log, and count again at once every open deadline that it touches.

    One that is there already is not kept again, but what was left uncounted is counted.

    Raises:
        NotAllowed: none of the account's roles may.
        Conflict: another notice came in meanwhile; nothing was kept.
    """
    role = allowed(acting)
    if proposal.already is None:
        with store.writing() as db:
            if kept_notices(db) != proposal.kept:
                message = Text(
                    "其间另有通知导入，没有写入任何内容。请重新执行",
                    "another notice was imported meanwhile, and nothing was written; run it again",
                )
                raise Conflict(message, code="notices_changed")
            db.journal.add(by_actor(acting, _entry(proposal, wish), role=role))
    touched = Touched()
    report = SweepReport(as_of=acting.moment.effective)
    with store.reading() as reading:
        total = len(reading.due.stale_roots(proposal.counting.edition, limit=ALL))
    done = 0

    def note(world: World, outcome: Outcome) -> None:
        nonlocal done
        touched.note(world, outcome, acting.moment.effective)
        done += 1
        if progress is not None:
            progress(done, total)

    with store.staying_open():
        recount_all(store, proposal.counting, acting.moment, report, BATCH, note)
    touched.failed = report.failed
    return touched


def _entry(proposal: Proposal, wish: Wish) -> NoticeImported:
    notice = proposal.notice
    return NoticeImported(
        calendar=proposal.entry.calendar,
        notice=notice.notice,
        year=notice.year,
        no=notice.no,
        amends=notice.amends,
        replaces=wish.replaces,
        extra_days=wish.extra_days,
        text=proposal.text,
    )


def days_said(notice: Notice) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Return the days off on which one would work by the week, and the weekend days worked."""
    off = {
        day
        for holiday in notice.off
        for day in days_between(date.fromisoformat(holiday.first), date.fromisoformat(holiday.last))
        if day.weekday() < 5  # noqa: PLR2004 - Monday to Friday
    }
    return tuple(sorted(off)), tuple(sorted(map(date.fromisoformat, notice.work)))
