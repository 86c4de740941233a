"""Permissions, and looking up under them, by the real command (附件1·六)."""

from __future__ import annotations

import pytest

from credit_workflow.casework.journal.entry import Draft
from credit_workflow.casework.journal.look_entries import LookRefused
from tests.acceptance.conftest import Office
from tests.acceptance.test_cli_query import P, grounds

PER = "PER-2026-000001"
APPLY = (
    "permission apply --set holder_name=王五 --set organisation=市税务局 --set certificate=CA-77"
    " --set purposes=招标审查,专项资金 --set valid_until=2026-06-30"
)
#: 附件3·五(二)
AGREED = "--set agreement=XY-7 --set agreement_from=2026-01-01 --set agreement_until=2026-12-31"
ASK = f"lookup ask --subject {P['other']} --set permission={PER} --set certificate=CA-77 --set purpose=招标审查"


@pytest.fixture
def permitted(office: Office) -> Office:
    office.ok(APPLY, who="provider1")
    office.ok(f"permission grant {PER} --set classes=A,B {AGREED}", who="authority1")
    return office


def test_a_government_user_looks_up_under_the_permission(permitted: Office) -> None:
    case = permitted.ok(f"{ASK} --set classes=A,B", who="provider1")
    assert (case["case"], case["state"], case["final"]) == ("LKP-2026-000001", "answered", True)
    assert [(r["record_no"], r["content"]) for r in case["answer"]] == [("R-4", "先进个人")]
    (row,) = permitted.ok("query log", who="center1")["look_ups"]
    assert (row["account"], row["about"], row["purpose"], row["scope"], row["shown"]) == (
        "provider1", "3301**********1236", "招标审查", ["A", "B"], ["R-4"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "at", "ground"),
    [
        (f"{ASK} --set classes=C", "provider1", "2026-03-02", "classes"),
        (ASK.replace("招标审查", "好奇"), "provider1", "2026-03-02", "purpose"),
        (ASK, "provider1", "2026-07-01", "in_force"),
        (ASK, "center1", "2026-03-02", "own_permission"),
        (ASK.replace("CA-77", "CA-78"), "provider1", "2026-03-02", "certificate"),
    ],
)
def test_what_the_permission_does_not_cover_is_refused_and_logged(
    permitted: Office, line: str, who: str, at: str, ground: str
) -> None:
    error = permitted.refused(3, line, who=who, at=at)
    assert ground in grounds(error)
    assert error["source"].startswith("附件1")
    (row,) = permitted.ok("query log", who="auditor1", at=at)["look_ups"]
    assert (row["account"], row["about"], row["outcome"], row["case"]) == (who, "3301**********1236", "refused", None)
    assert row["purpose"] in ("招标审查", "好奇")
    assert row["scope"] in (["A"], ["C"])
    assert permitted.ok("audit verify", who="", at=at)["ok"] is True


@pytest.mark.parametrize("log", ["lookup log", "query log"])
def test_the_log_gives_reasons_of_refusals_in_the_readers_language(permitted: Office, log: str) -> None:
    said = {
        lang: permitted.refused(3, f"--lang {lang} {ASK} --set classes=C", who="provider1")["message"]
        for lang in ("zh", "en")
    }
    assert "refused" in said["en"]
    for lang, message in said.items():
        rows = permitted.ok(f"--lang {lang} {log}", who="auditor1")["look_ups"]
        assert [row["refused"] for row in rows] == [message] * 2
    assert permitted.ok("audit verify", who="")["ok"] is True


def test_a_refusal_of_before_both_languages_were_kept_reads_in_chinese(permitted: Office) -> None:
    life = permitted.life
    kept = LookRefused(
        workflow="lookup", record=None, parent=None, message="不在范围内", source="附件1·六", code="classes"
    )
    with life.database.writing() as db:
        db.journal.add(Draft(said=kept, at=life.moment("2026-03-02").at, actor="provider1", role="provider"))
    for lang in ("zh", "en"):
        (row,) = permitted.ok(f"--lang {lang} lookup log", who="auditor1")["look_ups"]
        assert row["refused"] == "不在范围内"
    assert permitted.ok("audit verify", who="")["ok"] is True


def test_no_permission_is_granted_without_a_use_agreement_that_covers_it(office: Office) -> None:
    office.ok(APPLY, who="provider1")
    refused = office.refused(3, f"permission grant {PER}", who="authority1")
    assert (grounds(refused), refused["source"]) == ({"agreement"}, "附件3·五(二)")
    short = AGREED.replace("2026-12-31", "2026-06-29")
    assert grounds(office.refused(3, f"permission grant {PER} {short}", who="authority1")) == {"agreement_in_force"}
    assert grounds(office.refused(3, ASK, who="provider1")) == {"granted"}
    assert office.ok(f"permission grant {PER} {AGREED}", who="authority1")["state"] == "granted"
    assert office.ok(ASK, who="provider1")["state"] == "answered"


def test_a_government_user_sees_records_by_the_look_up_alone(office: Office) -> None:
    """Without a permission nothing, with one what the look-up gives, and by no other command."""

    def nothing_beside() -> None:
        for line in ("record show R-4", f"record list --subject {P['other']}", "record history R-4"):
            assert "先进个人" not in str(office.ok(line, who="user1")) + office.text(line, who="user1"), line

    ask = f"{ASK} --set classes=A,B"
    nothing_beside()
    assert office.refused(4, ask, who="user1")["code"] == "no_case"
    office.ok(APPLY, who="user1")
    assert grounds(office.refused(3, ask, who="user1")) == {"granted"}
    office.ok(f"permission grant {PER} {AGREED}", who="authority1")
    assert [row["content"] for row in office.ok(ask, who="user1")["answer"]] == ["先进个人"]
    nothing_beside()


def test_everything_that_a_permission_does_not_cover_is_named_at_once(permitted: Office) -> None:
    error = permitted.refused(
        3, f"{ASK.replace('招标审查', '好奇').replace('CA-77', 'x')} --set classes=C", who="provider1"
    )
    assert grounds(error) == {"certificate", "classes", "purpose"}


def test_a_permission_suspended_or_gone_is_none(permitted: Office) -> None:
    permitted.ok(f"permission suspend {PER} --set reason=证书遗失", who="center1")
    assert grounds(permitted.refused(3, ASK, who="provider1")) == {"granted"}
    permitted.ok(f"permission resume {PER} --set certificate=CA-99 --set reason=已换发", who="authority1")
    assert grounds(permitted.refused(3, ASK, who="provider1")) == {"certificate"}
    assert permitted.ok(ASK.replace("CA-77", "CA-99"), who="provider1")["state"] == "answered"
    assert permitted.ok(f"case show {PER}", who="provider1", at="2026-07-01")["state"] == "expired"
    permitted.ok(f"permission revoke {PER} --set reason=出借", who="authority1")
    assert "granted" in grounds(permitted.refused(3, ASK.replace("CA-77", "CA-99"), who="provider1"))


def test_a_permission_is_applied_for_in_person(office: Office) -> None:
    assert grounds(office.refused(3, f"{APPLY} --set holder=center2", who="provider1")) == {"own_account"}
    assert office.refused(4, f"{APPLY} --set holder=nobody", who="provider1")["code"] == "no_account"
    office.refused(2, APPLY.replace(" --set certificate=CA-77", ""), who="provider1")
    assert grounds(office.refused(3, APPLY.replace("2026-06-30", "2026-03-01"), who="provider1")) == {"order"}
    office.ok(APPLY, who="provider1")
    assert grounds(office.refused(3, ASK, who="provider1")) == {"granted"}
    assert office.refused(4, ASK.replace(PER, "PER-2026-000009"), who="provider1")["code"] == "no_case"
    office.ok(f"permission deny {PER} --set reason=无工作需要", who="authority1")


def test_a_web_site_gives_class_a_only(office: Office) -> None:
    site = APPLY.replace(" --set certificate=CA-77", "") + " --set kind=site --set holder=center1"
    assert grounds(office.refused(3, f"{site} --set classes=A,B", who="center1")) == {"site_class"}
    office.ok(site, who="center1")
    office.ok(f"permission grant {PER} {AGREED}", who="authority1")
    ask = ASK.replace(" --set certificate=CA-77", "").replace("招标审查", "公众查询")
    assert office.ok(ask, who="center1")["answer"] == []  # all of the records here are of class B
    assert grounds(office.refused(3, f"{ask} --set classes=B", who="center1")) == {"classes"}


def test_the_role_comes_before_what_is_said(permitted: Office) -> None:
    assert permitted.refused(6, "lookup ask", who="window1")["code"] == "role"
    assert permitted.refused(6, "query submit", who="center1")["code"] == "role"
    assert permitted.refused(2, "lookup ask", who="provider1")["details"] == {"missing": ["--subject"]}
    rows = permitted.ok("lookup log", who="auditor1")["look_ups"]
    assert [(r["account"], r["workflow"], r["about"], r["outcome"]) for r in rows] == [
        ("window1", "lookup", None, "refused"), ("center1", "query", None, "refused"),
    ]  # fmt: skip


def test_what_stands_in_the_way_of_a_look_up_can_be_checked_first(permitted: Office) -> None:
    before = permitted.fingerprint()
    found = permitted.ok(f"{ASK} --set classes=C --check", who="provider1")
    assert (found["allowed"], [g["code"] for g in found["grounds"]]) == (False, ["classes"])
    assert permitted.fingerprint() == before
    assert permitted.ok("query log", who="center1")["look_ups"] == []
