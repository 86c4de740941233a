"""What bears on a condition: fields and deadlines that change, and what never does."""

from __future__ import annotations

import pytest

from credit_workflow.engine.facts import untouched


@pytest.mark.parametrize(
    ("condition", "stays"),
    [
        ("case.fields.other == 'x'", True),
        ("case.fields['other'].size() > 0 && deadlines.other.status == 'running'", True),
        ("subject.kind == 'legal' || subject.age >= 18", True),
        ("'today' == case.fields.other", True),
        ("case.fields.changed == 'x'", False),
        ("case.fields.other == 'x' || case.fields['changed'] == 'x'", False),
        ("deadlines.moved.status == 'running'", False),
        ("deadlines.other.due == '2026-03-02'", False),
        ("today > '2026-03-02'", False),
        ("children.exists(c, c.fields.other == 'x')", False),
        ("case.state == 'x'", False),
        ("lately(case.fields.other)", False),
    ],
)
def test_a_condition_is_untouched_by_what_it_does_not_read(condition: str, *, stays: bool) -> None:
    assert untouched(condition, {"changed"}, {"moved"}) is stays
