"""The log of objections under rules of a site's own: what its definitions withhold, and cases of versions without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow.definition.library import Definition, body_of, from_body
from credit_workflow.definition.model import Workflow
from credit_workflow.service.use_cases.daily.applications import Application, ReadApplicationLog
from tests.integration.test_versions import Office

AT = "2026-03-05"


def version(office: Office, number: int, **changes: Any) -> Definition:
    """Return the objection as another version; what is None is left out."""
    raw = msgspec.json.decode(office.definitions["objection"].body) | {"version": number} | changes
    return from_body(body_of(msgspec.convert({k: v for k, v in raw.items() if v is not None}, Workflow)))


@pytest.fixture
def office(tmp_path: Path, databases: None) -> Office:  # noqa: ARG001 - it must be there first
    """An objection that the window has filed."""
    made = Office(tmp_path / "cases.db")
    made.objection("2026-03-02", reason="绝非本人")
    return made


def read(office: Office) -> tuple[Application, ...]:
    return office.desk("center1", AT).ask(ReadApplicationLog()).applications


@pytest.mark.parametrize(
    ("sees", "told"),
    [
        ({"whole": ["all"]}, [("张三", "绝非本人")]),
        ({"masked": ["all"]}, [(None, None)]),
        ({"whole": ["acted"]}, []),
    ],
)
def test_the_log_has_of_a_case_what_is_seen_of_it(
    office: Office, sees: dict[str, Any], told: list[tuple[str | None, str | None]]
) -> None:
    seen_by = msgspec.json.decode(office.definitions["objection"].body)["seen_by"]
    rule = {**sees, "source": "[practice]"}
    office.publish(version(office, 3, seen_by={**seen_by, "center": rule}), "2026-03-04")
    assert [(one.name, one.reason) for one in read(office)] == told


def test_a_reason_that_is_for_others_is_left_out(office: Office) -> None:
    fields = msgspec.json.decode(office.definitions["objection"].body)["fields"]
    fields["reason"]["seen_by"] = {"roles": ["authority"], "source": "[practice]"}
    office.publish(version(office, 3, fields=fields), "2026-03-04")
    assert [(one.name, one.reason) for one in read(office)] == [("张三", None)]


def test_a_case_of_a_version_without_the_log_stands_in_it(office: Office) -> None:
    kept_log = msgspec.json.decode(office.definitions["objection"].body)["kept_log"]
    office.publish(version(office, 3, kept_log=None), "2026-03-02")
    office.objection("2026-03-03", "R-2", reason="金额有误")
    office.publish(version(office, 4, kept_log=kept_log), "2026-03-04")
    assert [(one.case, one.reason) for one in read(office)] == [
        ("OBJ-2026-000001", "绝非本人"), ("OBJ-2026-000002", "金额有误"),
    ]  # fmt: skip
