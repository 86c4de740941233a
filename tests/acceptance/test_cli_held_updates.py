"""A correction stands (附件2·五(二)): an import never undoes it, removes a removal, or touches what is in processing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from credit_workflow.casework.records.importing import COLUMNS
from tests.acceptance.conftest import Office, write_office_records
from tests.property.lives import numbers


def _file(folder: Path, **changed: dict[str, str]) -> str:
    """A file of the records of the office named, with some values changed."""
    whole = write_office_records(folder / "all.csv")
    with whole.open(encoding="utf-8", newline="") as file:
        wanted = {f"{name[0]}-{name[1:]}": values for name, values in changed.items()}
        rows = [{**row, **wanted[no]} for row in csv.DictReader(file) if (no := row["record_no"]) in wanted]
    path = folder / "update.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def _received(office: Office, record: str) -> str:
    case: str = office.ok(f"objection submit --record {record} --set reason=有误 --all-materials")["case"]
    office.ok(f"objection accept {case} --all-materials")
    office.ok(f"objection transfer {case}")
    office.ok(f"objection receive {case}", who="center1")
    return case


def _reported(office: Office, record: str, *values: str) -> str:
    case = _received(office, record)
    sets = [word for value in values for word in ("--set", value)]
    office.ok(f"objection report {case}", *sets, who="center1")
    return case


CORRECTED = ("outcome=corrected", "correction=" + json.dumps({"content": "欠税零元"}))


def test_an_update_that_would_undo_a_correction_is_held_back_and_named(office: Office) -> None:
    case = _reported(office, "R-1", *CORRECTED)
    office.ok(f"objection approve {case}", who="authority1")
    office.ok(f"objection notify {case} --set channel=电话")
    file = _file(office.folder, R1={"content": "欠税1元。"}, R2={"content": "欠税二元"})
    error = office.refused(3, "record import", file, "--update", who="center1")
    assert (error["code"], error["source"]) == ("would_undo", "附件2·五(二)")
    assert error["details"]["lines"] == [
        {"line": 2, "record_no": "R-1", "message": "将改回已依法修正的内容"},
    ]
    assert office.ok("record show R-2")["content"] == "欠税2元", "nothing was imported"


@pytest.fixture
def held(office: Office) -> Office:
    """An office where a correction of R-1 is notified, and an update that undoes it is held back."""
    case = _reported(office, "R-1", *CORRECTED)
    office.ok(f"objection approve {case}", who="authority1")
    office.ok(f"objection notify {case} --set channel=电话")
    file = _file(office.folder, R1={"content": "欠税1元。"}, R2={"content": "欠税二元"})
    done = office.ok("record import", file, "--update", "--hold", who="center1")
    assert done == {"imported": 0, "updated": 1, "held": [{"line": 2, "record_no": "R-1", "why": "corrected"}]}
    return office


def test_the_rest_is_applied_and_the_row_waits(held: Office) -> None:
    assert held.ok("record show R-2")["content"] == "欠税二元"
    assert held.ok("record show R-1")["content"] == "欠税零元"
    (row,) = held.ok("record held", who="center2")["held"]
    assert (row["record_no"], row["why"]) == ("R-1", "corrected")
    assert (row["now"], row["new"]) == ({"content": "欠税零元"}, {"content": "欠税1元。"})
    assert "已依法修正" in held.text("record held", who="center1")
    held.refused(6, "record held", who="window1")


def test_the_same_row_again_is_kept_once(held: Office) -> None:
    before = held.ok("audit verify")["events"]
    file = _file(held.folder, R1={"content": "欠税1元。"})
    assert held.ok("record import", file, "--update", "--hold", who="center1")["updated"] == 0
    assert len(held.ok("record held", who="center1")["held"]) == 1
    assert held.ok("audit verify")["events"] == before


def test_the_centre_releases_it_with_a_reason(held: Office) -> None:
    held.refused(2, "record release R-1 --reason", " ", who="center1")
    shown = held.ok("record release R-1 --reason", "法院已撤销原更正", who="center1")
    assert (shown["record_no"], shown["content"]) == ("R-1", "欠税1元。")
    assert held.ok("record held", who="center1")["held"] == []
    assert held.refused(4, "record release R-1 --reason", "再次", who="center1")["code"] == "no_held_row"
    file = _file(held.folder, R1={"content": "欠税3元"})
    assert held.ok("record import", file, "--update", who="center1") == {"imported": 0, "updated": 1}
    assert held.ok("audit verify")["ok"] is True


def test_or_drops_it(held: Office) -> None:
    held.ok("record drop R-1 --reason", "更正有效", who="center2")
    assert held.ok("record held", who="center1")["held"] == []
    assert held.ok("record show R-1")["content"] == "欠税零元"


def test_what_agrees_with_the_correction_is_applied(held: Office) -> None:
    file = _file(held.folder, R1={"content": "欠税零元", "title": "欠税（已更正）"})
    assert held.ok("record import", file, "--update", who="center1") == {"imported": 0, "updated": 1}


def test_a_record_in_processing_is_not_touched(office: Office) -> None:
    case = _received(office, "R-1")
    file = _file(office.folder, R1={"title": "旧欠税"})
    error = office.refused(3, "record import", file, "--update", who="center1")
    assert error["details"]["lines"][0]["message"] == "该信息异议正在处理，暂不更新"
    office.ok("record import", file, "--update", "--hold", who="center1")
    assert office.refused(3, "record release R-1 --reason 已核", who="center1")["code"] == "in_processing"
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    office.ok(f"objection approve {case}", who="authority1")
    office.ok(f"objection notify {case} --set channel=电话")
    assert office.ok("record release R-1 --reason 已核", who="center1")["title"] == "旧欠税"


def test_a_removal_stands(office: Office) -> None:
    case = _reported(office, "R-1", "outcome=removed")
    office.ok(f"objection approve {case}", who="authority1")
    office.ok(f"objection notify {case} --set channel=电话")
    file = _file(office.folder, R1={"content": "又来"})
    error = office.refused(3, "record import", file, "--update", who="center1")
    assert error["details"]["lines"][0]["message"] == "该信息已依法删除"


def test_a_record_that_was_decided_on_goes_to_nobody_else(held: Office) -> None:
    held.ok("record drop R-1 --reason 更正有效", who="center1")
    file = _file(held.folder, R1={"subject_id": numbers()["other"], "content": "欠税零元"})
    error = held.refused(3, "record import", file, "--update", who="center1")
    assert error["details"]["lines"][0]["message"] == "将更换已依法处理过的信息的信息主体"
    held.ok("record import", file, "--update", "--hold", who="center1")
    (row,) = held.ok("record held", who="center1")["held"]
    assert set(row["new"]) == {"subject_id"}
    assert "*" in row["new"]["subject_id"]


def test_what_was_put_back_holds_nothing_up(office: Office) -> None:
    case = _reported(office, "R-1", *CORRECTED)
    office.ok(f"objection return {case} --set reason=证据不足", who="authority1")
    office.ok(f"objection report {case} --set outcome=upheld", who="center1")
    office.ok(f"objection approve {case}", who="authority1")
    office.ok(f"objection notify {case} --set channel=电话")
    file = _file(office.folder, R1={"content": "欠税1.00元"})
    assert office.ok("record import", file, "--update", who="center1") == {"imported": 0, "updated": 1}
