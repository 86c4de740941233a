"""Every look at a person is in the log: who, of whom, by what criteria, with what came, why (RULES.md §11; 附件1·七(一))."""

from __future__ import annotations

from typing import Any

import pytest

from credit_workflow.identity import masked
from credit_workflow.service.use_cases.daily.names import RecordNames
from tests.acceptance.conftest import Office
from tests.acceptance.paperwork import ID, corrected, printed
from tests.acceptance.test_cli_query import LETTER, P
from tests.acceptance.test_cli_sight import more_records

OTHER = P["other"]
WHY = ("--purpose", "年度检查")


def looks(office: Office, *more: str, at: str = "2026-03-02") -> list[dict[str, Any]]:
    """Return the look-ups of the log, oldest first."""
    found: list[dict[str, Any]] = office.ok("lookup log", *more, who="auditor1", at=at)["look_ups"]
    return found


def entries(office: Office, at: str = "2026-03-02") -> list[dict[str, Any]]:
    """Return all entries of looks, those at the log itself left out."""
    found = office.ok("audit show", *WHY, who="auditor1", at=at)["entries"]
    return [one for one in found if one["log"] == "look-up" and one["action"] not in ("log", "audit")]


@pytest.fixture
def case(office: Office) -> str:
    made: str = office.ok("objection submit --record R-1 --set reason=绝非本人 --all-materials")["case"]
    return made


@pytest.mark.parametrize("way", ["show", "history"])
def test_a_look_at_a_case_is_in_the_log_with_who_what_and_why(office: Office, case: str, way: str) -> None:
    office.ok(f"case {way} {case}", who="center1")
    office.ok(f"case {way} {case}", "--purpose", "复议答辩", who="center2")
    first, second = looks(office)
    assert (first["account"], first["role"], first["cases"], first["about"]) == (
        "center1", "center", [case], "3301**********0014",
    )  # fmt: skip
    assert (first["purpose"], second["purpose"], second["account"]) == ("case work", "复议答辩", "center2")
    assert (first["outcome"], first["shown"], first["withheld"]) == ("shown", [], [])
    one, two = entries(office)
    assert (one["data"]["cases"], one["data"]["purpose"], two["data"]["purpose"]) == ([case], "case work", "复议答辩")
    assert one["record"] == "R-1"
    assert looks(office, "--subject", ID) == [first, second]
    assert looks(office, "--subject", OTHER) == []
    assert office.ok("audit verify", who="")["ok"] is True


def test_a_page_for_people_is_one_look_and_one_entry(office: Office, case: str) -> None:
    assert "绝非本人" in office.text(f"case show {case}")
    assert len(entries(office)) == 1


def test_a_list_that_shows_names_or_reasons_is_one_look_with_what_came(office: Office, case: str) -> None:
    office.ok("objection submit --record R-4 --set reason=有误")
    found = office.ok("case list --workflow objection --state submitted", who="center1")["cases"]
    assert [one["fields"]["reason"] for one in found] == ["绝非本人", "有误"]
    (look,) = looks(office)
    assert look["cases"] == [one["case"] for one in found] == [case, "OBJ-2026-000002"]
    (entry,) = entries(office)
    assert entry["data"]["criteria"] == {"workflow": "objection", "state": "submitted"}
    assert looks(office, "--subject", OTHER) == [look]
    office.text("case list", who="center1")  # the names of persons whose cases do not wait for the centre
    assert len(looks(office)) == 2
    office.text("case list")  # for the window they wait, and the screen has no reasons
    assert len(looks(office)) == 2
    for line in ("todo", "overdue", f"case explain {case}", f"paper list {case}"):
        office.ok(line)
        office.text(line)
        assert len(looks(office)) == 2, line


def test_what_is_to_be_done_leaves_reasons_out(office: Office, case: str) -> None:
    (waiting,) = office.ok("todo")["cases"]
    assert (waiting["case"], waiting["subject_name"], "reason" in waiting["fields"]) == (case, "张三", False)
    assert "绝非本人" not in str(waiting)


@pytest.mark.parametrize("who", ["supervisor1", "authority1", "auditor1"])
def test_what_shows_no_name_and_no_reason_is_no_look(office: Office, case: str, who: str) -> None:
    for line in (f"case show {case}", f"case history {case}", "case list"):
        office.ok(line, who=who)
    assert entries(office) == []


def test_what_is_about_nobody_is_no_look(office: Office) -> None:
    office.ok("incident report --set what=断电", who="center1")
    assert office.ok("case list --workflow incident", who="center1")["cases"]
    assert entries(office) == []


@pytest.mark.parametrize("way", ["case show {}", "case history {}", "case explain {}", "paper list {}"])
def test_a_refused_look_at_a_case_is_in_the_log(office: Office, case: str, way: str) -> None:
    office.refused(4, way.format(case), who="provider1")
    office.refused(4, way.format("OBJ-2026-000077"), who="provider1")  # there is nobody to look at
    (look,) = looks(office)
    assert (look["account"], look["outcome"], look["cases"], look["about"], look["shown"]) == (
        "provider1", "refused", [case], "3301**********0014", [],
    )  # fmt: skip
    assert case in look["refused"]
    (entry,) = entries(office)
    assert (entry["action"], entry["data"]["code"], entry["data"]["case"]) == ("refused_look", "no_case", case)
    assert office.ok("audit verify", who="")["ok"] is True


def test_refused_looks_at_records_and_logs_are_in_the_log(office: Office) -> None:
    more_records(office)
    office.refused(6, f"record list --subject {OTHER} --purpose 好奇", who="clerk1")
    office.refused(6, "record show A-1", who="site1")
    office.refused(6, "record history A-1", who="auditor1")
    office.refused(6, "record show C-1 --full --purpose x")
    office.refused(6, "lookup log", who="window1")
    office.refused(6, f"audit show --subject {OTHER} --purpose x", who="center1")
    found = [(e["actor"], e["data"]["look"], e["data"]["record"], e["data"]["purpose"]) for e in entries(office)]
    assert found == [
        ("clerk1", "record.list", None, "好奇"), ("site1", "record.show", "A-1", None),
        ("auditor1", "record.history", "A-1", None), ("window1", "record.show", "C-1", "x"),
        ("window1", "look_up.log", None, None), ("center1", "audit.show", None, "x"),
    ]  # fmt: skip
    rows = looks(office)
    assert [row["account"] for row in rows] == ["clerk1", "site1", "auditor1", "window1", "center1"]
    assert {row["outcome"] for row in rows} == {"refused"}
    assert rows[0]["about"] == "3301**********1236"
    assert OTHER not in str(office.ok("audit show", *WHY, who="auditor1"))
    assert office.ok("audit verify", who="")["ok"] is True


def test_whoever_is_not_signed_in_leaves_no_refused_look(office: Office) -> None:
    office.refused(6, "record show R-1", who="")
    assert entries(office) == []


def test_a_look_without_a_purpose_is_case_work_for_those_alone_who_do_such(office: Office) -> None:
    office.ok(
        "permission apply --set holder_name=王五 --set organisation=某局 --set kind=site --set holder=site1"
        " --set purposes=公开 --set valid_until=2026-06-30",
        who="center1",
    )
    for who in ("site1", "center1", "authority1"):
        office.ok("case show PER-2026-000001", who=who)
    purposes = {look["account"]: look["purpose"] for look in looks(office)}
    assert purposes.get("site1") is None
    assert {purposes[who] for who in purposes if who != "site1"} <= {"case work"}


def test_a_print_is_logged_with_what_was_shown(office: Office) -> None:
    case = corrected(office)
    printed(office, case, "report")
    printed(office, case, "record_print")
    prints = [look for look in looks(office, at="2026-03-06") if look["action"] == "paper"]
    assert [(look["account"], look["shown"], look["withheld"], look["cases"]) for look in prints] == [
        ("window1", ["R-1"], [], [case]), ("window1", ["R-1", "R-2"], [], [case]),
    ]  # fmt: skip
    assert [look["action"] for look in looks(office, "--record", "R-2", at="2026-03-06")] == ["paper"]


def test_a_handed_over_answer_is_logged_with_what_was_shown(office: Office) -> None:
    office.ok(f"query submit --subject {ID} --set purpose=贷款 --all-materials")
    office.ok("query accept QRY-2026-000001")
    office.ok("query answer QRY-2026-000001")
    life = office.life
    life.life(life.objection("2026-03-02"), "2026-03-02", "window1:accept window1:transfer center1:receive")
    office.ok("query print QRY-2026-000001 --set collected_by=本人")
    answered, handed = [look for look in looks(office) if look["action"] in ("answer", "print")]
    assert (answered["shown"], answered["withheld"]) == (["R-1", "R-2"], [])
    assert (handed["shown"], handed["withheld"], handed["purpose"]) == (["R-2"], ["R-1"], "贷款")
    assert handed["case"] == "QRY-2026-000001"


def test_a_refused_print_is_in_the_log(office: Office) -> None:
    case = corrected(office)
    to = office.folder / "x.html"
    office.refused(4, f"paper print {case} report --to {to}", who="provider1", at="2026-03-06")
    office.refused(6, f"paper print {case} report --to {to}", who="auditor1", at="2026-03-06")
    office.ok("objection submit --record R-1 --set reason=又 --set good_ground=新证据 --all-materials", at="2026-03-06")
    life = office.life
    life.life("OBJ-2026-000002", "2026-03-06", "window1:accept window1:transfer center1:receive")
    office.refused(3, f"paper print {case} record_print --to {to}", at="2026-03-06")
    found = [
        (e["actor"], e["data"]["case"], e["data"]["code"], e["data"]["criteria"])
        for e in entries(office, at="2026-03-06") if e["action"] == "refused_look"
    ]  # fmt: skip
    assert found == [
        ("provider1", case, "no_case", {"kind": "report"}), ("auditor1", case, "role", {"kind": "report"}),
        ("window1", case, "suspended", {"kind": "record_print"}),
    ]  # fmt: skip


def test_a_name_that_is_completed_says_nothing_of_a_record(office: Office) -> None:
    more_records(office)
    found = office.life.desk("center1", "2026-03-02").ask(RecordNames(typed="A-"))
    assert found.names == (("A-1", "市税务局"),)
    assert looks(office) == []


def test_looks_at_the_counter_are_listed_where_no_filing_follows_the_same_day(office: Office) -> None:
    more_records(office)
    counter = ("--purpose", "counter")
    office.ok(f"record list --subject {OTHER}", *counter)
    office.ok(f"record list --subject {ID}", *counter)
    office.ok("record list", "--subject", P["firm"], *counter)
    office.ok(f"record list --subject {ID}")  # no look at the counter
    other, own, firm = (look["about"] for look in looks(office, "--unfiled"))
    assert (other, own) == (masked(OTHER), masked(ID))
    office.ok("objection submit --record R-1 --set reason=不实")
    letter = {**LETTER, "id": ID}
    given = [word for name, value in letter.items() for word in ("--set", f"authorised_{name}={value}")]
    office.ok(f"query submit --subject {ID} --set queried={OTHER} --set purpose=租房 --set content=荣誉", *given)
    for at in ("2026-03-02", "2026-03-03"):
        assert [look["about"] for look in looks(office, "--unfiled", at=at)] == [firm]
    office.ok("objection submit --record L-1 --set reason=不实", at="2026-03-03")  # a day later is not the same day
    assert [look["about"] for look in looks(office, "--unfiled", at="2026-03-03")] == [firm]
    assert "共 1 条" in office.text("query log --unfiled", who="center1", at="2026-03-03")


def test_a_filing_in_another_unit_does_not_stand_for_a_look_at_the_counter(office: Office) -> None:
    office.ok(f"record list --subject {ID} --purpose counter", who="center1")
    office.ok("objection submit --record R-1 --set reason=不实")
    assert [look["account"] for look in looks(office, "--unfiled")] == ["center1"]


def test_looks_do_not_move_the_clock_of_a_training_database(office: Office, case: str) -> None:
    assert office.ok(f"case show {case}", at="2026-05-04")["overdue"] is True
    assert office.ok(f"objection accept {case}", at="2026-03-02")["state"] == "accepted"
    assert office.ok("audit verify", who="", at="2026-05-04")["ok"] is True
    office.refused(3, f"case show {case}", at="2026-03-01")
