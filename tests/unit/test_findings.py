"""What holds of the findings of all checks."""

from __future__ import annotations

from credit_workflow.authoring.analysis.all_findings import findings_in
from tests.unit import (
    test_findings_actions,
    test_findings_ends,
    test_findings_people,
    test_findings_timers,
    test_findings_waiting,
)
from tests.unit.machines import found, loaded, said
from tests.unit.nearmisses import pair


def test_the_near_misses_are_of_every_check() -> None:
    tables = (
        test_findings_actions,
        test_findings_ends,
        test_findings_people,
        test_findings_timers,
        test_findings_waiting,
    )
    assert {code for module in tables for code in module.TABLE.codes} == {
        "deadlock", "no_end", "never_allowed", "never_fired", "never_from", "waits_for_ever", "race", "no_way_out",
        "nobody", "idle_role", "four_eyes", "from_word",
    }  # fmt: skip


def test_of_too_many_configurations_only_that_is_said() -> None:
    documents = pair({})
    assert said(found(*documents)) == {"parent never_fired actions.told"}
    assert said(findings_in(loaded(*documents), limit=3)) == {
        "parent too_large workflow",
        "child too_large workflow",
    }
