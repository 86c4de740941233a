"""A notice that is imported into a database: kept in its log, its deadlines counted again at once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.calendar.compiled import KeptNotice
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.casework.acting import Acting
from credit_workflow.casework.holidays.calendar_answers import MovedDate
from credit_workflow.casework.holidays.kept_notices import Wish, kept_notices
from credit_workflow.casework.holidays.notice_import import Proposal, propose, take_in
from credit_workflow.casework.holidays.recounting import Touched, preview
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.holiday_entries import NoticeImported
from credit_workflow.errors import Conflict, NotAllowed, NotFound, Refused
from credit_workflow.resources import data_folder
from tests import where
from tests.integration.helpers import TO_COLLECTED, Service

pytestmark = pytest.mark.usefixtures("databases")

#: An invented notice that swaps the last days of 2026.
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
现将2027年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：2026年12月29日至2027年1月3日放假调休，共6天。2026年12月26日（周六）、12月27日（周日）、2027年1月9日（周六）上班。
二、春节：2月5日至13日放假调休，共9天。1月30日（周六）、2月20日（周六）上班。
三、清明节：4月3日至5日放假，共3天。
四、劳动节：5月1日至5日放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日放假1天，不调休。
六、中秋节：9月15日放假1天，不调休。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
国务院办公厅
2026年11月3日
"""
GIVEN = NOTICE.replace("2026年12月26日（周六）、12月27日（周日）、2027年1月9日（周六）上班", "")
AMENDMENT = """国务院办公厅关于调整2027年中秋节假期安排的通知
国办发明电〔2027〕2号
一、9月15日至17日放假调休，共3天。9月11日（周六）、9月12日（周日）上班。
国务院办公厅
2027年5月6日
"""


#: The shipped calendars with the notices of two years: enough here, and fast to compile.
FOLDER = Path(tempfile.mkdtemp())


@pytest.fixture(scope="module", autouse=True)
def _calendars() -> Iterator[None]:
    FOLDER.mkdir(exist_ok=True)  # another module that uses it may have taken it away
    for name in ("cn", "cn-hangzhou"):
        shutil.copy(data_folder("calendars") / f"{name}.yaml", FOLDER)
        (FOLDER / name).mkdir()
    text = (FOLDER / "cn.yaml").read_text(encoding="utf-8").replace("first_year: 2004", "first_year: 2025")
    (FOLDER / "cn.yaml").write_text(text.replace("years_ahead: 10", "years_ahead: 4"), encoding="utf-8")
    for year in (2025, 2026):
        shutil.copy(data_folder("calendars") / "cn" / f"{year}.yaml", FOLDER / "cn")
    yield
    shutil.rmtree(FOLDER)


def load(name: str, kept: Sequence[KeptNotice]) -> WorkCalendar:
    return load_calendar(name, FOLDER, kept)


class Desk(Service):
    """A service whose calendar is what its database has."""

    def renew(self) -> None:
        self.calendar = load("cn", self.kept())

    def kept(self) -> tuple[KeptNotice, ...]:
        with self.database.reading() as db:
            return kept_notices(db)

    def propose(self, text: str, at: str, who: str = "clerk1", **wish: Any) -> tuple[Acting, Proposal, Wish]:
        self.renew()
        acting = self.acting(who, at)
        wanted = Wish(**wish)
        return acting, propose(acting, load, self.kept(), text, wanted), wanted

    def preview(self, text: str, at: str, **wish: Any) -> Touched:
        acting, proposal, _ = self.propose(text, at, **wish)
        with self.database.reading() as db:
            return preview(db, proposal.counting, acting.moment)

    def take_in(self, text: str, at: str, **wish: Any) -> Touched:
        acting, proposal, wanted = self.propose(text, at, **wish)
        touched = take_in(self.database, acting, proposal, wanted)
        self.renew()
        return touched

    def journal(self) -> list[tuple[str, str, str]]:
        with self.database.reading() as db:
            return [(line.actor, line.role, line.kind) for line in db.journal.of(NoticeImported)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "cases.db", records=4, calendar=load("cn", ()))


def collected(desk: Desk, record: str, on: str) -> str:
    """An objection whose applicant collected the report; five working days follow for a marking."""
    return desk.life(desk.objection("2026-12-01", record), on, TO_COLLECTED)


def test_what_the_notice_moves(desk: Desk) -> None:
    first = collected(desk, "R-1", "2026-12-22")
    second = collected(desk, "R-2", "2026-12-24")
    before = desk.preview(NOTICE, "2026-12-25")
    # by the week: 23, 24, 25, 28, 29 December. The notice has one work on the 26th and 27th
    # after 24: 25, 28, 29, 30, 31 December; now 25, 26, 27, 28 December and 4 January
    assert before.moves == [
        MovedDate(case=first, deadline="dispute_window", before=date(2026, 12, 29), after=date(2026, 12, 27)),
        MovedDate(case=second, deadline="dispute_window", before=date(2026, 12, 31), after=date(2027, 1, 4)),
    ]
    assert (desk.kept(), desk.journal()) == ((), [])

    done = desk.take_in(NOTICE, "2026-12-25")
    assert (done.moves, done.becomes_overdue, done.stops_being_overdue, done.failed) == (before.moves, [], [], [])
    assert desk.journal() == [("clerk1", "clerk", "imported")]
    with desk.database.reading() as db:
        window = db.cases.get(first).deadlines["dispute_window"]
        assert (window.due, window.provisional, window.edition) == (date(2026, 12, 27), False, desk.calendar.edition)
        entries = [entry for _, _, entry in db.cases.entries(first) if entry.action == "recount"]
        assert [(e.actor, list(e.change.deadlines)) for e in entries] == [("system", ["dispute_window"])]
    desk.verify()
    report = desk.sweep("2026-12-28")
    assert (report.recounted, report.fired["close"]) == (0, 1)
    desk.verify()


def test_overdue_comes_and_goes(desk: Desk) -> None:
    late = desk.objection("2026-12-01", "R-1")  # thirty days: 31 December
    desk.sweep("2027-01-02")
    with desk.database.reading() as db:
        assert db.cases.get(late).deadlines["handling"].flagged is not None
    touched = desk.take_in(NOTICE, "2027-01-03")
    # 31 December is a day off now, and the next working day is 4 January
    assert touched.moves == [
        MovedDate(case=late, deadline="handling", before=date(2026, 12, 31), after=date(2027, 1, 4))
    ]
    assert (touched.stops_being_overdue, touched.becomes_overdue) == ([late], [])
    desk.verify()
    desk.sweep("2027-01-05")
    with desk.database.reading() as db:
        assert [e.action for _, _, e in db.cases.entries(late)].count("overdue") == 2
    desk.verify()
    back = NOTICE.replace("2026年12月29日至2027年1月3日放假调休，共6天", "1月1日至3日放假，共3天").replace(
        "2026年12月26日（周六）、12月27日（周日）、2027年1月9日（周六）上班", ""
    )
    touched = desk.take_in(back, "2027-01-04", replaces="cn-2027")
    assert touched.moves == [
        MovedDate(case=late, deadline="handling", before=date(2027, 1, 4), after=date(2026, 12, 31))
    ]
    assert (touched.stops_being_overdue, touched.becomes_overdue) == ([], [late])
    desk.verify()


def test_a_notice_in_a_file_is_counted_by_the_next_sweep(desk: Desk) -> None:
    case = collected(desk, "R-1", "2026-12-22")
    assert desk.sweep("2026-12-24").recounted == 0
    desk.calendar = desk.propose(NOTICE, "2026-12-24")[1].counting  # as if its file had been put into the folder
    assert [desk.sweep("2026-12-25").recounted for _ in range(2)] == [1, 0]
    with desk.database.reading() as db:
        assert db.cases.get(case).deadlines["dispute_window"].due == date(2026, 12, 27)
    desk.verify()


def test_a_flagged_duty_whose_date_moves_to_today_is_flagged_again_tomorrow(desk: Desk) -> None:
    late = desk.objection("2026-12-01", "R-1")
    desk.sweep("2027-01-02")
    touched = desk.take_in(NOTICE, "2027-01-04")
    assert touched.moves == [
        MovedDate(case=late, deadline="handling", before=date(2026, 12, 31), after=date(2027, 1, 4))
    ]
    assert (touched.stops_being_overdue, desk.sweep("2027-01-04").fired["overdue"]) == ([late], 0)
    assert desk.sweep("2027-01-05").fired["overdue"] == 1


def test_a_flagged_duty_whose_date_moves_and_stays_past_is_not_flagged_twice(desk: Desk) -> None:
    late = desk.objection("2026-12-01", "R-1")
    desk.sweep("2027-01-02")
    touched = desk.take_in(NOTICE, "2027-01-06")
    assert touched.moves == [
        MovedDate(case=late, deadline="handling", before=date(2026, 12, 31), after=date(2027, 1, 4))
    ]
    assert (touched.stops_being_overdue, desk.sweep("2027-01-07").fired["overdue"]) == ([], 0)


def test_who_may_import(desk: Desk) -> None:
    acting, proposal, wish = desk.propose(NOTICE, "2026-12-25", who="window1")
    with pytest.raises(NotAllowed):
        take_in(desk.database, acting, proposal, wish)
    assert desk.journal() == []
    desk.take_in(NOTICE, "2026-12-25", who="admin1")
    assert desk.journal() == [("admin1", "admin", "imported")]


def test_the_same_again_changes_nothing_but_finishes_what_was_left(desk: Desk) -> None:
    case = collected(desk, "R-1", "2026-12-22")
    acting, proposal, wish = desk.propose(NOTICE, "2026-12-25")
    with desk.database.writing() as db:  # an import that was killed when the notice was kept
        from credit_workflow.casework.holidays.notice_import import _entry  # noqa: PLC0415

        db.journal.add(by_actor(acting, _entry(proposal, wish), role="clerk"))
    again = desk.propose(NOTICE, "2026-12-26")[1]
    assert again.already == "cn-2027"
    touched = desk.take_in(NOTICE, "2026-12-26")
    assert [move.case for move in touched.moves] == [case]
    assert desk.take_in(NOTICE, "2026-12-27").moves == []
    assert len(desk.journal()) == 1
    desk.verify()


def test_a_year_that_has_a_notice(desk: Desk) -> None:
    desk.take_in(NOTICE, "2026-12-01")
    other = NOTICE.replace("5月8日", "5月22日")
    with pytest.raises(Refused) as refused:
        desk.propose(other, "2026-12-02")
    assert (refused.value.code, refused.value.details) == ("notice_exists", {"notices": ["cn-2027"]})
    with pytest.raises(NotFound):
        desk.propose(other, "2026-12-02", replaces="cn-2026")
    with pytest.raises(Refused) as none:
        desk.propose(AMENDMENT.replace("2027年中秋节", "2028年中秋节"), "2026-12-02", amends=True)
    assert none.value.code in {"nothing_to_amend", "notice"}

    desk.take_in(AMENDMENT, "2027-05-07", amends=True)
    assert [kept.notice for kept in desk.kept()] == ["cn-2027", "cn-2027-09"]
    assert [desk.calendar.day(date(2027, 9, d)).notice for d in (15, 16, 12)] == ["cn-2027-09"] * 3
    assert desk.propose(AMENDMENT, "2027-05-08", amends=True)[1].already == "cn-2027-09"
    assert desk.propose(AMENDMENT, "2027-05-08")[1].already == "cn-2027-09"
    # the amended notice is put right, and the amendment holds over it as before
    desk.take_in(other, "2027-05-09", replaces="cn-2027")
    assert [kept.notice for kept in desk.kept()] == ["cn-2027", "cn-2027-09"]
    assert (desk.calendar.is_working(date(2027, 5, 22)), desk.calendar.is_working(date(2027, 5, 8))) == (True, False)
    assert not desk.calendar.is_working(date(2027, 9, 16))
    desk.verify()


def test_days_given_beyond_the_law_are_said(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.propose(GIVEN, "2026-12-02")
    (ground,) = refused.value.details["grounds"]
    assert "应为 13 天（多 3 天）" in ground["message"].zh
    assert desk.propose(GIVEN, "2026-12-02", extra_days=3)[1].notice.notice == "cn-2027"
    desk.take_in(NOTICE, "2026-12-02")
    free = AMENDMENT.replace("9月11日（周六）、9月12日（周日）上班。", "")
    with pytest.raises(Refused, match="2 too many"):
        desk.propose(free, "2027-05-07", amends=True)
    assert desk.propose(free, "2027-05-07", amends=True, extra_days=2)[1].notice.amends == "cn-2027"


def test_all_mistakes_are_named_at_once(desk: Desk) -> None:
    spoiled = NOTICE.replace("共9天", "共8天").replace("5月8日（周六）", "5月8日（周日）")
    with pytest.raises(Refused) as refused:
        desk.propose(spoiled, "2026-12-02")
    assert [ground["line"] for ground in refused.value.details["grounds"]] == [5, 7]
    assert refused.value.exit_status == 3


def test_a_year_far_from_the_calendar(desk: Desk) -> None:
    with pytest.raises(Refused, match="not within the calendar"):
        desk.propose("元旦：2062年1月1日放假。", "2026-12-02")


def test_two_imports_at_once(desk: Desk) -> None:
    acting, proposal, wish = desk.propose(NOTICE, "2026-12-02")
    desk.take_in(NOTICE.replace("5月8日", "5月22日"), "2026-12-02")
    with pytest.raises(Conflict):
        take_in(desk.database, acting, proposal, wish)
    assert len(desk.journal()) == 1


def test_a_layer_of_a_city(desk: Desk) -> None:
    city = "杭州市人民政府办公厅关于2026年某会期间调休放假的通知\n杭政办函〔2026〕1号\n一、调休放假时间\n2026年11月5日至6日，共2天。11月7日（周六）、8日（周日）上班。"
    acting, proposal, wish = desk.propose(city, "2026-10-09", layer="cn-hangzhou")
    assert (proposal.notice.notice, proposal.notice.no) == ("cn-hangzhou-2026-11", "杭政办函〔2026〕1号")
    assert proposal.counting.edition == desk.calendar.edition  # the definitions count by cn
    assert take_in(desk.database, acting, proposal, wish).moves == []
    over = load("cn-hangzhou", desk.kept())
    assert [over.is_working(date(2026, 11, d)) for d in (5, 6, 7, 8)] == [False, False, True, True]
    with pytest.raises(NotFound, match="there is no calendar cn-nowhere"):
        desk.propose(city, "2026-10-09", layer="cn-nowhere")


def test_an_import_changes_what_another_process_counts_by(desk: Desk) -> None:
    """Who began before the import and acts after it counts by the old calendar; the sweep puts it right."""
    stale = desk.calendar
    desk.take_in(NOTICE, "2026-12-22")
    fresh, desk.calendar = desk.calendar, stale
    case = collected(desk, "R-1", "2026-12-22")
    desk.calendar = fresh
    assert desk.sweep("2026-12-23").recounted == 1
    with desk.database.reading() as db:
        assert db.cases.get(case).deadlines["dispute_window"].due == date(2026, 12, 27)
    desk.verify()


def test_a_bad_case_holds_up_no_other(desk: Desk) -> None:
    from contextlib import closing  # noqa: PLC0415

    first, second = collected(desk, "R-1", "2026-12-22"), collected(desk, "R-2", "2026-12-22")
    with closing(where.connect(desk.path)) as db:
        db.execute("UPDATE case_file SET opened = 'once' WHERE number = ?", (first,))
        db.commit()
    for touched in (desk.preview(NOTICE, "2026-12-25"), desk.take_in(NOTICE, "2026-12-25")):
        assert [failure.case for failure in touched.failed] == [first]
        assert [move.case for move in touched.moves] == [second]
