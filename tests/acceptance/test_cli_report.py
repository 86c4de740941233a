"""``report monthly``: the page says what ``stats`` says, and how the software ran."""

from __future__ import annotations

import re
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests import where
from tests.acceptance.conftest import Answer, Office
from tests.acceptance.test_cli_stats import LAST, lead_spring, row, stats


@pytest.fixture
def spring(office: Office) -> Office:
    return lead_spring(office)


class Page(HTMLParser):
    """A page's visible text, and whether every element that opens closes."""

    VOID = ("meta", "rect", "line", "br")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the parser's signature
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """Nothing: it closes itself."""

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.text.append(data)

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text))


def report(office: Office, month: str, at: str = LAST, more: str = "") -> tuple[str, Answer]:
    file = Path(office.folder / f"{month}-{at}.html")
    answer = office(f"report monthly --month {month} --to {file} {more}", who="center1", at=at)
    assert answer.code == 0, answer.err
    html = file.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=|url\(|@import", html)  # it needs nothing else
    return html, answer


def test_the_report_says_what_stats_says_beside_the_month_before(spring: Office) -> None:
    spring("sweep", at="2026-04-22")
    spring.ok("audit seal", who="auditor1", at="2026-04-22")
    spring.ok("backup drill", who="admin1", at="2026-04-23")
    spring("sweep", at="2026-05-02")  # not in April
    html, answer = report(spring, "2026-04")
    assert answer.json["verified"] is True
    words = Page(html).words
    april, march = (
        stats(spring, f"--from 2026-0{m}-01 --to 2026-0{m}-{d} --by workflow")["workflows"]
        for m, d in ((4, 30), (3, 31))
    )
    filed, before = (sum(r["filed"] for r in rows) for rows in (april, march))
    assert f"本月收到申请 {filed} 件，比上月减少 {before - filed} 件" in words
    for r in april:
        was = row(march, workflow=r["workflow"])
        assert re.search(
            rf"{r['workflow_title']} {r['filed']} （{was['filed']}） {r['closed']} （{was['closed']}）", words
        )
    assert "本期 30 天中执行 1 天" in words
    assert "最近一次：2026-05-02 00:00" in words
    assert "最近一次 2026-04-23 00:00，成功" in words
    assert "完整" in words
    assert "练习数据库" in words
    assert "附件3·七(二)" in words
    assert html.count("<svg") == 3
    for name in ("张三", "欠税"):
        assert name not in html


def test_a_month_without_a_case_and_one_that_is_not_over(office: Office) -> None:
    html, _ = report(office, "2025-05", at="2025-06-02")
    words = Page(html).words
    assert "本月没有完成或逾期的法定期限" in words
    assert "从未执行" in words
    assert "未完" not in words.split("练习")[0]
    office.life.objection("2026-03-02")
    html, _ = report(office, "2026-03", at="2026-03-04", more="--no-verify")
    words = Page(html).words
    assert "截至 2026-03-04，本月未完" in words
    assert "编制时未校验" in words


def test_a_log_that_is_not_whole_is_in_the_report(spring: Office) -> None:
    with closing(where.connect(spring.database)) as db:
        db.execute("UPDATE case_file SET version = version + 1 WHERE number = 'OBJ-2026-000002'")
        db.commit()
    html, answer = report(spring, "2026-03")
    assert answer.json["verified"] is False
    assert "异常：" in Page(html).words
