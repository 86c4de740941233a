"""Records, as published: imported all or none."""

from __future__ import annotations

import csv
import json

from tests.acceptance.conftest import Command
from tests.integration.helpers import write_records


def test_records_are_imported_all_or_none(service: Command) -> None:
    file = service.folder / "more.csv"
    text = write_records(file, 5).read_text(encoding="utf-8")
    known = service("record import more.csv", who="center1", at="2026-03-02")
    assert (known.code, known.error["details"]["lines"][0]["line"]) == (3, 2)
    assert service.ok("record import more.csv --update", who="center1") == {"imported": 2, "updated": 0}
    file.write_text(text.replace("欠税4元", "欠税40元"), encoding="utf-8")
    assert service.ok("record import more.csv --update", who="center1") == {"imported": 0, "updated": 1}
    header, first, *_ = text.splitlines()
    bad = {
        "digit": first.replace("3301061990030700", "3301061990030701"),
        "class": first.replace(",B,", ",D,"),
        "date": first.replace("2025-01-01", "2025-02-30"),
        "columns": first + ",more",
        "empty": first.replace("欠税1元", " "),
    }
    for name, line in bad.items():
        file.write_text("\n".join([header, first.replace("R-1", "R-7"), line.replace("R-1", "R-8")]), encoding="utf-8")
        answer = service("record import more.csv", who="center1", at="2026-03-02")
        assert (name, answer.code, answer.error["details"]["lines"][0]["line"]) == (name, 2, 3)
    for name, content in {
        "gbk": text.encode("gbk"),
        "letter": b"Dear Sir,\n",
        "nothing": b"",
        "zeros": b"\x00" * 99,
    }.items():
        file.write_bytes(content)
        assert (name, service("record import more.csv", who="center1", at="2026-03-02").code) == (name, 2)
    assert len(service.ok("record list")["records"]) == 5


def test_json_lines_are_imported_too(service: Command) -> None:
    with (service.folder / "records.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    file = service.folder / "more.jsonl"
    file.write_text("\n".join(json.dumps({**r, "record_no": f"J-{i}"}) for i, r in enumerate(rows)), encoding="utf-8")
    assert service.ok("record import more.jsonl", who="center1") == {"imported": 3, "updated": 0}
