"""Expressions see the other open cases about a case's record, and no others (``same_record``)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.definition.library import body_of, from_body
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import Refused
from tests.integration.test_versions import Office

AT = "2026-03-05"


def test_they_are_the_open_ones_about_that_record(tmp_path: Path, databases: None) -> None:  # noqa: ARG001 - it must be there first
    office = Office(tmp_path / "cases.db")
    raw = msgspec.json.decode(office.definitions["withdrawal"].body) | {"version": 2}
    guard = {
        "id": "alone", "must": "same_record.size() == 0", "message": {"zh": "另有{n}", "en": "there is {n}"},
        "says": {"n": "same_record[0].number"}, "source": "[practice]",
    }  # fmt: skip
    raw["actions"]["propose"]["requires"] = [guard]
    office.publish(from_body(body_of(msgspec.convert(raw, Workflow))), "2026-03-02")
    ended = office.objection("2026-03-02", "R-1")
    office.life(ended, AT, "window1:withdraw")
    office.objection("2026-03-02", "R-2")
    propose = NewCase(workflow="withdrawal", record="R-1")
    assert office.submit("center1", AT, propose, Form(given={"reason": "误报"}))
    with pytest.raises(Refused) as refused:  # the withdrawal just proposed is one as well
        office.submit("center1", AT, propose, Form(given={"reason": "误报"}))
    assert refused.value.code == "alone"
