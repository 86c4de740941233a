"""What a deadline has the system do: it has what a person's action has, and where it fails it stands in nobody's way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Command, write_office_records
from tests.unit.machines import TEXT, workflow

#: The system takes these at the end of `hold`, on a case of a record.
Effects = list[dict[str, Any]]
_WITHDRAW: Effects = [{"record": {"what": "correct", "values": "{'title': record.title + ' (old)'}"}}]
_SUPERVISOR = {"supervisor": {"title": TEXT, "practice_accounts": 1}, "center": {"title": TEXT, "practice_accounts": 1}}
_MAY = {"title": TEXT, "source": "甲法"}


def rules(finish: Mapping[str, Any], **hold: Any) -> dict[str, Any]:
    """Return a definition whose deadline of 10 days is passed by ``finish``."""
    passed = {"from": "begun", "to": "done", "by": ["system"], **finish}
    return workflow(
        "begun:clerk done!",
        {
            "submit": {"to": "begun", "asks": {"since": "optional"}},
            "finish": passed,
            "leave": {"from": "begun", "to": "done"},
            "look": {"from": "begun", "requires": []},
        },
        {
            "hold": {"length": "10 days", "starts": "submit", "ends": ["leave"], "late": "lapsed", "at_end": "finish"}
            | hold
        },
        about="record",
        roles=_SUPERVISOR,
        fields={"since": {"type": "date", "title": TEXT}},
        permissions={
            "import_records": {**_MAY, "by": ["center"]},
            "statistics": {**_MAY, "by": ["supervisor"]},
        },
    )


class Site(Command):
    """A training database by rules of its own."""

    def begin(self, *definitions: dict[str, Any]) -> None:
        folder = self.folder / "rules"
        folder.mkdir()
        for one in definitions:
            (folder / f"{one['workflow']}.yaml").write_text(json.dumps(one, ensure_ascii=False), encoding="utf-8")
        self.environment["CREDIT_WORKFLOW_WORKFLOWS"] = str(folder)
        assert self("init --training", at="2026-03-01").code == 0
        self.ok("record import", str(write_office_records(self.folder / "records.csv")), who="center1", at="2026-03-01")

    def opened(self, record: str, workflow: str = "sample", *more: str) -> str:
        number: str = self.ok(f"{workflow} submit --record {record}", *more, who="clerk1")["case"]
        return number


@pytest.fixture
def site(tmp_path: Path, databases: None) -> Site:  # noqa: ARG001 - it must be there first
    return Site(tmp_path)


def test_the_system_reads_and_changes_the_record_as_a_person_does(site: Site) -> None:
    """Every sweep failed: the sweep's world had no record."""
    site.begin(rules({"requires": [_only("record.open_class == 'B'")], "effects": _WITHDRAW}))
    one, two = site.opened("R-1"), site.opened("R-1")
    assert site.ok(f"case show {one}", who="clerk1", at="2026-03-20")["state"] == "done"
    swept = site.ok("sweep", who="", at="2026-03-20")
    assert (swept["fired"], swept["failed"]) == ({"finish": 2}, [])
    # Both cases are about one record, and the second found what the first had made of it.
    assert site.ok("record show R-1", who="clerk1", at="2026-03-20")["title"] == "欠税 (old) (old)"
    assert site.ok(f"case show {two}", who="clerk1", at="2026-03-20")["recorded"] is True
    assert site("audit verify").code == 0


@pytest.mark.parametrize(
    "finish",
    [
        {
            "effects": [{"record": {"what": "correct", "values": "{'valid_until': '2020-01-01'}"}}]
        },  # a record that ends before it begins
        {"effects": [{"set": {"since": "record.title.size() / 0 > 1 ? 'a' : 'b'"}}]},
        {
            "requires": [
                _never := {"id": "never", "must": "record.open_class == 'Z'", "message": TEXT, "source": "甲法"}
            ]
        },
    ],
    ids=["values", "expression", "guard"],
)
def test_a_case_that_fails_breaks_no_list_and_no_figure_of_others(site: Site, finish: dict[str, Any]) -> None:
    """`case list`, `case show`, `case explain`, `todo`, `overdue` and all of `stats` broke with one case."""
    bad = rules(finish) | {"workflow": "bad", "number": "BAD-{year}-{serial:06}", "permissions": {}}
    site.begin(rules({"effects": _WITHDRAW}), bad)
    broken, sound = site.opened("R-1", "bad"), site.opened("R-2")
    on = {"at": "2026-03-20"}
    listed = site.ok("case list", who="clerk1", **on)
    assert {case["case"]: case["state"] for case in listed["cases"]} == {broken: "begun", sound: "done"}
    assert [one["case"] for one in listed["failed"]] == [broken]
    assert listed["failed"][0]["message"]
    shown = site.ok(f"case show {broken}", who="clerk1", **on)
    assert (shown["state"], shown["recorded"], shown["failed"]["case"]) == ("begun", False, broken)
    assert "failed" not in site.ok(f"case show {sound}", who="clerk1", **on)
    assert site.ok(f"case explain {broken}", who="clerk1", **on)["deadlines"][0]["due"] == "2026-03-12"
    for line, who in (("todo", "clerk1"), ("overdue", "supervisor1"), ("stats", "supervisor1")):
        assert [one["case"] for one in site.ok(line, who=who, **on)["failed"]] == [broken], line
        assert broken in site.text(line, who=who, **on), line
    assert broken in site.text("case list", who="clerk1", **on)
    assert site.text(f"case show {broken}", who="clerk1", **on)
    assert site.text(f"case show {broken} --diagram", who="clerk1", **on)
    swept = site("sweep", at="2026-03-20")
    assert swept.code == 1
    assert (swept.json["fired"], [one["case"] for one in swept.json["failed"]]) == ({"finish": 1}, [broken])


def test_a_case_opened_past_its_end_is_answered(site: Site) -> None:
    """The case was committed, and an error printed over it."""
    bad = rules(
        {"effects": [{"record": {"what": "correct", "values": "{'valid_until': '2020-01-01'}"}}]},
        starts={"action": "submit", "on": "case.fields.since"},
    )
    site.begin(bad)
    answer = site("sample submit --record R-1 --set since=2026-01-05", who="clerk1", at="2026-03-02")
    assert answer.code == 0, answer.err
    assert answer.json["failed"]["code"]
    assert (
        site("sample submit --record R-1 --set since=2026-01-05", who="clerk1", at="2026-03-02", as_json=False).code
        == 0
    )


def _only(must: str) -> dict[str, Any]:
    return {"id": "only", "must": must, "message": TEXT, "source": "甲法"}


def test_what_is_extended_after_it_was_recorded_as_overdue_fires_again_at_its_new_end(site: Site) -> None:
    """Asked for on the last day, granted on the next: the deadline never fired again."""
    later = {"from": "begun", "effects": [{"extend": {"deadline": "hold", "days": "10"}}]}
    late = {"from": "begun", "by": ["system"], "effects": []}
    extension = {"at_most": 10, "unit": "days", "source": "甲法"}
    more = rules({}, late="overdue", at_end="late", extension=extension)
    more["actions"] |= {"grant": {"title": TEXT, "source": "甲法", "by": ["clerk"], **later}}
    more["actions"] |= {"late": {"title": TEXT, "source": "甲法", **late}}
    del more["actions"]["finish"]
    site.begin(more)
    case = site.opened("R-1")
    assert site.ok("sweep", who="", at="2026-03-13")["fired"] == {"late": 1}
    assert site.ok(f"sample grant {case}", who="clerk1", at="2026-03-13")["deadlines"][0]["status"] == "running"
    assert site.ok("sweep", who="", at="2026-03-22")["fired"] == {}
    shown = site.ok(f"case show {case}", who="clerk1", at="2026-03-23")
    assert (shown["deadlines"][0]["due"], shown["deadlines"][0]["status"]) == ("2026-03-22", "overdue")
    assert site.ok("sweep", who="", at="2026-03-23")["fired"] == {"late": 1}
    assert site.ok("sweep", who="", at="2026-03-24")["fired"] == {}
    assert site("audit verify").code == 0


def test_what_is_extended_to_a_day_that_is_past_stays_overdue(site: Site) -> None:
    more = rules({}, late="overdue", at_end="late", extension={"at_most": 10, "unit": "days", "source": "甲法"})
    base = {"title": TEXT, "source": "甲法", "from": "begun"}
    more["actions"]["grant"] = base | {"by": ["clerk"], "effects": [{"extend": {"deadline": "hold", "days": "10"}}]}
    more["actions"]["late"] = base | {"by": ["system"]}
    del more["actions"]["finish"]
    site.begin(more)
    case = site.opened("R-1")
    assert site.ok("sweep", who="", at="2026-03-30")["fired"] == {"late": 1}
    assert site.ok(f"sample grant {case}", who="clerk1", at="2026-03-30")["deadlines"][0]["status"] == "overdue"
    assert site.ok("sweep", who="", at="2026-03-31")["fired"] == {}
