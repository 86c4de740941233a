"""``stats`` and ``report monthly``: the real command, its files read back, its counts held against the lists."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from credit_workflow.store.integrity.verification import verify
from tests.acceptance.conftest import Office, unchanged
from tests.integration.helpers import TO_COLLECTED

BOM = b"\xef\xbb\xbf"
LAST = "2026-05-05"


@pytest.fixture
def spring(office: Office) -> Office:
    return lead_spring(office)


def lead_spring(office: Office) -> Office:
    """A spring at the service: answered, marked, asked of the provider, refused, withdrawn, left lying."""
    life = office.life
    life.marked("R-1")
    late = life.life(
        life.objection("2026-03-02", "R-2"), "2026-03-03", "window1:accept window1:transfer center1:receive"
    )
    life.life(late, "2026-03-10", "center1:consult:question=核查")
    life.life(late, "2026-03-16", "provider1:respond:finding=属实")
    life.life(late, "2026-04-07", "center1:report:outcome=removed authority1:approve window1:notify:channel=短信")
    gone = life.objection("2026-03-04", "R-4")
    life.life(gone, "2026-03-05", "window1:withdraw")
    refused = life.objection("2026-03-05", "L-1")
    life.life(refused, "2026-03-06", "window1:reject:grounds=材料不齐:ground=materials")
    life.life(life.objection("2026-04-20", "Y-1", own_income=True), "2026-04-20", "window1:accept window1:archive")
    return office


def stats(office: Office, line: str = "", at: str = LAST, who: str = "supervisor1") -> dict[str, Any]:
    found: dict[str, Any] = office.ok(f"stats {line}", who=who, at=at)
    return found


def row(rows: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    (found,) = [r for r in rows if all(r[k] == v for k, v in wanted.items())]
    return found


def test_the_counts_are_those_of_the_lists(spring: Office) -> None:
    found = stats(spring)
    assert (found["as_of"], found["from"], found["to"], found["percentiles"]) == (LAST, None, LAST, "nearest rank")
    listed = spring.ok("case list", who="authority1", at=LAST)["cases"]  # who sees those of every unit
    counts = Counter(case["workflow"] for case in listed if case["workflow"] != "account")
    assert {r["workflow"]: r["filed"] for r in found["workflows"]} == counts
    assert sum(r["open"] for r in found["workflows"]) == sum(not case["final"] for case in listed)
    assert sum(r["closed"] for r in found["workflows"]) == sum(case["final"] for case in listed)
    assert sum(r["open_overdue"] for r in found["workflows"]) == sum(case["overdue"] for case in listed)
    statuses = Counter(
        (case["workflow"], d["id"], d["status"])
        for case in listed
        for d in case["deadlines"]
        if d["kind"] == "statutory"
    )
    for r in found["deadlines"]:
        said = tuple(statuses[r["workflow"], r["deadline"], s] for s in ("met", "met_late", "overdue"))
        assert (r["in_time"], r["late"], r["overdue"]) == said
    overdue = spring.ok("overdue", who="authority1", at=LAST)
    assert row(found["weeks"], week="overdue")["statutory"] == len(overdue["overdue"])
    assert {r["state"] for r in found["stages"]} >= {"consulting", "disputed"}
    finals = Counter(case["state"] for case in listed if case["final"] and case["workflow"] == "objection")
    got = {r["outcome"]: r["cases"] for r in found["outcomes"] if r["what"] == "final" and r["workflow"] == "objection"}
    assert got == finals == {"expired": 1, "withdrawn": 1, "rejected": 1}
    assert row(found["outcomes"], what="outcome", outcome="removed")["cases"] == 1


def test_times_are_in_working_days(spring: Office) -> None:
    found = stats(spring, "--by stage")
    assert set(found) == {
        "as_of", "from", "to", "workflow", "unit", "percentiles", "files", "deadlines", "targets", "milestones", "stages",
    }  # fmt: skip
    handling = row(found["deadlines"], deadline="handling")
    assert (handling["in_time"], handling["late"], handling["overdue"]) == (1, 1, 0)
    # 2 March to 7 April 2026: 25 working days, Qingming's Monday off
    assert (handling["median"], handling["p90"], handling["longest"]) == (1, 25, 25)
    notify = row(found["milestones"], workflow="objection", action="notify")
    assert (notify["cases"], notify["median"], notify["p90"]) == (2, 1, 25)
    assert row(found["stages"], state="consulting")["median"] == 4
    (provider,) = stats(spring, "--by provider")["providers"]
    assert (provider["provider"], provider["answered"], provider["median"]) == ("杭州市城市管理局", 1, 4)
    assert stats(spring, "--by provider --to 2026-03-12", at=LAST)["providers"][0]["longest_waiting"] == 2


def test_what_belongs_to_a_period(spring: Office) -> None:
    march, april = (stats(spring, f"--from 2026-0{m}-01 --to 2026-0{m}-30") for m in (3, 4))
    assert [row(f["workflows"], workflow="objection")["filed"] for f in (march, april)] == [4, 1]
    assert [row(f["workflows"], workflow="objection")["closed"] for f in (march, april)] == [2, 1]
    assert row(march["deadlines"], workflow="objection", deadline="handling")["in_time"] == 1
    assert row(april["deadlines"], workflow="objection", deadline="handling")["late"] == 1
    one = stats(spring, "--from 2026-03-04 --to 2026-03-04")
    assert [r["filed"] for r in one["workflows"]] == [1, 1]  # an objection and a marking
    none = stats(spring, "--from 2025-05-01 --to 2025-05-31")
    assert (none["workflows"], none["deadlines"], none["weeks"]) == ([], [], [])
    assert "本期没有" in spring.text("stats --from 2025-05-01 --to 2025-05-31", who="supervisor1", at=LAST)


def test_a_target_is_apart_and_no_breach(spring: Office) -> None:
    found = stats(spring, at="2026-04-29")
    named = [(r["workflow"], r["deadline"]) for r in found["targets"]]
    assert {*named} == {
        ("objection", "collection"), ("objection", "handing_over"), ("objection", "receipt"),
        ("marking", "handing_over"), ("marking", "receipt"), ("consultation", "finding"),
    }  # fmt: skip
    target = row(found["targets"], deadline="collection")
    assert (target["within"], target["beyond"], target["pending"]) == (1, 0, 1)
    assert not {*named}.intersection((r["workflow"], r["deadline"]) for r in found["deadlines"])
    late = spring.ok("overdue --kind target", who="authority1", at="2026-04-29")["overdue"]
    # one report waits to be collected since 7 April, one application to be handed over since the 20th
    assert [r["deadline"] for r in late] == ["handing_over", "collection"]
    assert row(found["weeks"], week="overdue")["target"] == len(late)
    text = spring.text("stats --by stage", who="supervisor1", at="2026-04-29")
    targets = text[text.index("内部目标") : text.index("自申请起")]
    assert "逾期" not in targets.replace("不属法定期限", "")


def test_narrowed_to_a_workflow_or_a_unit(spring: Office) -> None:
    found = stats(spring, "--workflow marking")
    assert [r["workflow"] for r in found["workflows"]] == ["marking"]
    assert {r["workflow"] for name in ("deadlines", "milestones", "stages", "outcomes") for r in found[name]} == {
        "marking"
    }
    # a consultation is of the unit that is asked
    of_units = [stats(spring, f"--unit {unit}")["workflows"] for unit in ("服务窗口", "杭州市城市管理局")]
    assert [[r["workflow"] for r in rows] for rows in of_units] == [["objection", "marking"], ["consultation"]]
    every = {r["workflow"]: r for r in stats(spring)["workflows"]}
    assert {r["workflow"]: r for rows in of_units for r in rows} == every
    assert stats(spring, "--unit elsewhere")["workflows"] == []
    assert spring.refused(4, "stats --workflow nothing", who="supervisor1", at=LAST)["code"] == "no_workflow"


def test_what_time_alone_brought_about_counts_before_the_sweep(spring: Office) -> None:
    before = stats(spring)
    assert spring("sweep", at=LAST).json["fired"]["expire"] == 1
    assert stats(spring) == before


@pytest.mark.usefixtures("databases")
def test_an_account_is_no_case(command: Any) -> None:
    command.environment = {"CREDIT_WORKFLOW_AS": ""}
    assert command("init --training", at="2026-03-01").code == 0
    assert command.ok("stats", who="auditor1", at="2026-03-02")["workflows"] == []


def test_a_slip_put_right_counts_as_it_was_in_truth(office: Office) -> None:
    life = office.life
    case = life.objection("2026-03-02")
    life.life(case, "2026-03-02", "window1:accept window1:transfer")
    life.life(case, "2026-03-09", "center1:receive")
    life.life(case, "2026-03-10", "center1:consult:question=核查")
    before = stats(office, "--by stage", at="2026-03-11")
    assert row(before["stages"], state="transferred")["median"] == 5
    line = f"objection request_rectification {case} --set entry=4 --set fault=录错日期 --set on=2026-03-04"
    office.ok(line, "--set", 'values={"received_on": "2026-03-04"}', who="center1", at="2026-03-11")
    office.ok(f"objection grant_rectification {case}", who="authority1", at="2026-03-11")
    after = stats(office, "--by stage", at="2026-03-11")
    assert row(after["stages"], state="transferred")["median"] == 2
    assert row(after["stages"], state="verifying")["median"] == 4
    void = f"objection request_rectification {case} --set entry=5 --set fault=并未会同 --set void=true"
    office.refused(3, void, who="center1", at="2026-03-12")  # what was opened is a case of its own: it is recalled
    office.ok("consultation recall CON-2026-000001 --set reason=并未会同", who="center1", at="2026-03-12")
    assert not any(r["answered"] or r["waiting"] for r in stats(office, at="2026-03-12")["providers"])


def put_right(office: Office, case: str, at: str, wrong: str, *more: str) -> None:
    workflow = {"OBJ": "objection", "MRK": "marking"}[case[:3]]
    office.ok(f"{workflow} request_rectification {case} --set fault=录错 {wrong}", *more, who="center1", at=at)
    office.ok(f"{workflow} grant_rectification {case}", who="authority1", at=at)


def test_of_two_consultations_the_recalled_one_is_no_answer(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    life.life(case, "2026-03-03", "center1:consult:question=一")
    life.life(case, "2026-03-05", "provider1:respond:finding=一")
    life.life(case, "2026-03-06", "center1:consult:question=二")
    office.ok("consultation recall CON-2026-000002 --set reason=问错了", who="center1", at="2026-03-10")
    (provider,) = stats(office, at="2026-03-11")["providers"]
    assert (provider["answered"], provider["median"], provider["waiting"]) == (1, 2, 0)


def test_a_slip_put_right_counts_in_the_linked_case_too(office: Office) -> None:
    life = office.life
    objection = life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    marking = life.follow("marking", objection, "2026-03-04")
    life.life(marking, "2026-03-05", "window1:accept window1:archive window1:transfer center1:receive")
    life.life(marking, "2026-03-10", "center1:mark")
    disputed = {"workflow": "objection", "action": "dispute"}
    assert row(stats(office, at="2026-03-10")["milestones"], **disputed)["median"] == 6
    put_right(office, marking, "2026-03-11", "--set entry=6 --set on=2026-03-06")
    assert row(stats(office, at="2026-03-11")["milestones"], **disputed)["median"] == 4
    put_right(office, marking, "2026-03-12", "--set entry=6 --set void=true")
    found = stats(office, at="2026-03-12")["milestones"]
    assert not any(r["action"] in ("dispute", "mark") for r in found)


def test_refused_attempts_are_counted_by_clause(office: Office) -> None:
    seen = "--set identity_checked=true --set resident=true"
    office.ok(f"objection submit --record R-1 --set reason=x {seen}", at="2026-03-02")
    for _ in range(2):
        office.refused(3, "objection accept OBJ-2026-000001", at="2026-03-03")
    (ground,) = stats(office, "--by outcome", at="2026-03-04")["grounds"]
    assert (ground["action"], ground["ground"], ground["attempts"]) == ("accept", "附件2·四(一)", 2)
    assert stats(office, "--by stage", at="2026-03-04")["milestones"] == []


# -- files


def test_csv_opens_in_excel_and_says_the_same(spring: Office) -> None:
    file = spring.folder / "stats.csv"
    found = stats(spring, f"--by workflow --csv {file}")
    assert found["files"] == {"csv": str(file)}
    content = file.read_bytes()
    assert content.startswith(BOM)
    assert content.count(b"\r\n") == content.count(b"\n") == 1 + len(found["workflows"])
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [(r["流程"], r["申请"], r["按期率"]) for r in rows] == [
        (r["workflow_title"], str(r["filed"]), "" if r["share"] is None else f"{100 * r['share']:.1f}%")
        for r in found["workflows"]
    ]
    assert [r["share"] is None for r in found["workflows"]] == [
        r["workflow"] == "consultation" for r in found["workflows"]
    ]


def test_csv_of_several_tables_is_one_rectangle(spring: Office) -> None:
    answer = spring("stats --csv -", who="supervisor1", at=LAST, as_json=False)
    assert (answer.code, answer.err) == (0, "")
    rows = list(csv.reader(io.StringIO(answer.out.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), newline="")))
    assert {len(r) for r in rows} == {len(rows[0])}
    assert len(set(rows[0])) == len(rows[0])
    found = stats(spring)
    tables = [name for name, value in found.items() if isinstance(value, list)]
    assert len(rows) - 1 == sum(len(found[name]) for name in tables)


def test_a_name_that_is_a_formula_is_defused(office: Office) -> None:
    life = office.life
    case = life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    evil = '=HYPERLINK("http://x","市局"),"a'
    office.ok("unit add", evil, who="admin1", at="2026-03-03")
    office.ok(
        f"objection consult {case}", "--set", "question=x", "--set", f"provider={evil}", who="center1", at="2026-03-03"
    )
    out = office("stats --by provider --csv -", who="supervisor1", at="2026-03-03", as_json=False).out
    (_, line) = csv.reader(io.StringIO(out, newline=""))
    assert line[0] == f"'{evil}"
    file = office.folder / "a.xlsx"
    stats(office, f"--by provider --xlsx {file}", at="2026-03-03")
    cell = load_workbook(file).worksheets[0]["A4"]
    assert (cell.value, cell.data_type) == (evil, "s")


def test_the_workbook_has_real_numbers_and_dates(spring: Office) -> None:
    file = spring.folder / "统计 表.xlsx"
    answer = spring("stats", "--xlsx", str(file), who="supervisor1", at="2026-04-22")
    found = answer.json
    book = load_workbook(file)
    tables = {name: rows for name, rows in found.items() if isinstance(rows, list)}
    assert len(book.worksheets) == len(tables)
    for sheet, rows in zip(book.worksheets, tables.values(), strict=True):
        assert sheet.freeze_panes == "A4"
        assert sheet.max_row == 3 + len(rows)
        assert "2026-04-22" in str(sheet["A2"].value)
        for column in sheet.iter_cols(min_row=3):
            (width,) = [d.width for d in sheet.column_dimensions.values() if d.min <= column[0].column <= d.max]
            assert width >= min(42, 2 * len(str(column[0].value)))
    summary = book.worksheets[0]
    assert [c.value for c in summary["B"][3:]] == [r["filed"] for r in found["workflows"]]
    shares = next(col for col in summary.iter_cols(min_row=3) if col[0].value == "按期率")
    assert [(c.value, c.number_format) for c in shares[1:]] == [(r["share"], "0.0%") for r in found["workflows"]]
    weeks = book["未完成的期限，按到期周"]
    assert [c.value for c in weeks["B"][3:]] == [
        None if r["monday"] is None else datetime.combine(date.fromisoformat(r["monday"]), datetime.min.time())
        for r in found["weeks"]
    ]
    assert any(r["monday"] for r in found["weeks"])


def test_what_is_there_is_never_overwritten(spring: Office) -> None:
    file = spring.folder / "mine.txt"
    file.write_text("mine", encoding="utf-8")
    for line in (f"stats --csv {file}", f"stats --xlsx {file}", f"report monthly --month 2026-03 --to {file}"):
        with unchanged(spring.database):
            assert spring.refused(3, line, who="supervisor1", at=LAST)["code"] == "exists"
    assert file.read_text(encoding="utf-8") == "mine"
    error = spring.refused(4, f"stats --csv {spring.folder}/nowhere/a.csv", who="supervisor1", at=LAST)
    assert error["code"] == "no_folder"


def test_who_may(spring: Office) -> None:
    for who in ("supervisor1", "authority1", "auditor1"):
        stats(spring, who=who)
    page = spring.folder / "m.html"
    for who in ("window1", "provider1", "clerk1", "admin1"):
        error = spring.refused(6, "stats", who=who, at=LAST)
        assert (error["code"], error["source"]) == ("role", "附件3·五(二)")
        assert spring.refused(6, f"report monthly --to {page}", who=who, at=LAST)["code"] == "role"
    assert spring.refused(6, "stats", who="center1", at=LAST)["code"] == "role"
    assert spring.ok(f"report monthly --to {page}", who="center1", at=LAST)["month"] == "2026-04"


def test_what_is_taken_out_is_in_the_log(spring: Office) -> None:
    stats(spring, "--by unit")
    stats(spring, f"--by unit --csv {spring.folder / 'a.csv'}")
    spring.ok(f"report monthly --month 2026-03 --to {spring.folder / 'a.html'}", who="center1", at=LAST)
    entries = spring.ok("audit show --purpose 审计", who="auditor1", at=LAST)["entries"]
    taken = [(e["actor"], e["action"]) for e in entries if e["log"] == "look-up"]
    assert taken == [("supervisor1", "statistics"), ("center1", "report")]
    assert spring.ok("audit verify", who="auditor1", at=LAST)["ok"] is True


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("stats --from 2026-04-01 --to 2026-03-31", "period_order"),
        ("stats --from 2026-05-06", "period_future"),
        ("stats --from März", "date"),
        ("stats --to 2026-2-1", "date"),
        ("stats --by colour", "by"),
        ("stats --csv -", "usage"),  # with --json
        ("report monthly --month 2026-06 --to a.html", "period_future"),
        ("report monthly --month 2026-00 --to a.html", "month"),
        ("report monthly --month May --to a.html", "month"),
        ("report monthly", "usage"),
    ],
)
def test_what_can_not_be_asked(spring: Office, line: str, code: str) -> None:
    with unchanged(spring.database):
        assert spring.refused(2, line, who="supervisor1", at=LAST)["code"] == code


def test_on_the_screen_in_both_languages(spring: Office) -> None:
    zh = spring.text("stats", who="supervisor1", at=LAST)
    assert "练习数据库" in zh
    assert "█" in zh
    for words in ("异议办理期限", "按期率", "杭州市城市管理局", "不予受理", "2026-05-05"):
        assert words in zh
    en = spring.text("--lang en stats", who="supervisor1", at=LAST)
    assert "Time spent in each state" in en
    assert not re.search("[\u4e00-\u9fff]", re.sub("杭州市城市管理局|服务窗口|附件", "", en))


def test_the_database_is_as_it_was_after_reading(spring: Office) -> None:
    with unchanged(spring.database):
        stats(spring)
    with spring.life.database.reading() as db:
        assert verify(db)["cases"] == 7


def test_one_case_alone(office: Office) -> None:
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-03", TO_COLLECTED)
    found = stats(office, "--from 2026-03-02 --to 2026-03-31", at="2026-04-01")
    (one,) = found["workflows"]
    assert (one["filed"], one["closed"], one["open"], one["share"]) == (1, 1, 0, 1.0)
    assert all(r["cases"] == 1 for r in found["milestones"])


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
@pytest.mark.parametrize(("width", "lang"), [(80, "zh"), (80, "en"), (120, "zh")])
def test_the_screen_fits_and_cuts_nothing(spring: Office, width: int, lang: str) -> None:
    from rich.cells import cell_len  # noqa: PLC0415

    from tests.acceptance.test_cli_terminal import screen  # noqa: PLC0415 - it needs a pseudo-terminal

    shown = screen(spring, "stats", width=width, lang=lang, who="supervisor1")
    assert max(cell_len(line) for line in shown) <= width
    assert "…" not in "".join(shown)
    assert ("█" in "".join(shown)) == (width > 100)
