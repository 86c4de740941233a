"""A small definition, and simulations of it without any database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from credit_workflow.authoring.simulation.assumptions import Arrivals, People
from credit_workflow.authoring.simulation.start import Scenario, Start
from credit_workflow.authoring.simulation.weekly_figures import Result
from credit_workflow.authoring.simulation.workplace import Workplace
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.definition.library import body_of, from_body
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.reader import read_workflows
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.world import Moment

MONDAY = date(2026, 3, 2)
SMALL = """
workflow: claim
version: 1
title: {zh: 申诉, en: Claim}
number: CLM-{year}-{serial:06}
in_force: {from: "2015-05-18"}
source: "[practice]"
about: nothing
roles:
  desk: {title: {zh: 前台, en: Desk}}
  clerk: {title: {zh: 经办, en: Clerk}}
  head: {title: {zh: 负责人, en: Head}}
  system: {title: {zh: 系统, en: System}}
fields:
  finding: {type: choice, title: {zh: 结论, en: Finding}, choices: {right: {zh: 属实, en: Right}, wrong: {zh: 不实, en: Wrong}}}
states:
  filed: {title: {zh: 已提出, en: Filed}, waits_for: clerk}
  examined: {title: {zh: 已审查, en: Examined}, waits_for: head}
  decided: {title: {zh: 已决定, en: Decided}, final: true}
  dropped: {title: {zh: 已撤, en: Dropped}, final: true}
actions:
  file: {title: {zh: 提出, en: File}, to: filed, by: [desk], source: "[practice]"}
  examine:
    title: {zh: 审查, en: Examine}
    from: filed
    to: examined
    by: [clerk]
    asks: {finding: required}
    source: "[practice]"
  return: {title: {zh: 退回, en: Return}, from: examined, to: filed, by: [head], source: "[practice]"}
  decide: {title: {zh: 决定, en: Decide}, from: examined, to: decided, by: [head, clerk], not_by: [examine], source: "[practice]"}
  drop: {title: {zh: 撤回, en: Drop}, from: [filed, examined], to: dropped, by: [desk], source: "[practice]"}
  remind: {title: {zh: 催办, en: Remind}, from: open, by: [desk], source: "[practice]"}
  overdue: {title: {zh: 逾期, en: Overdue}, from: any, by: [system], source: "[practice]"}
deadlines:
  deciding:
    title: {zh: 决定期限, en: Deciding}
    kind: statutory
    length: 5 working days
    starts: file
    ends: [decide]
    late: overdue
    at_end: overdue
    source: "[practice]"
"""


@cache
def calendar() -> WorkCalendar:
    return load_calendar()


def rules_from(folder: Path, text: str = SMALL) -> dict[str, Rules]:
    """Return the checked definition, ready to run."""
    file = folder / "claim.yaml"
    file.write_text(text, encoding="utf-8")
    found: dict[str, Rules] = {}
    for name, source in read_workflows([file]).items():
        definition = from_body(body_of(source.value))
        found[name] = Rules(definition.workflow, definition.digest)
    return found


def workflows(rules: Mapping[str, Rules]) -> dict[str, Workflow]:
    return {name: its.workflow for name, its in rules.items()}


def nobody_yet(day: date = MONDAY) -> Start:
    """Return an office without cases, on the morning of a day."""
    return Start(
        now=Moment.of(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), "Asia/Shanghai"),
        rules={},
        families={},
        records={},
        staff={},
        templates={},
        serials={},
        holdings=lambda _: (),
        earlier=lambda _: (),
        kept=lambda _: None,
    )


def simulated(rules: Mapping[str, Rules], people: People, until: date, start: Start | None = None) -> Result:
    scenario = Scenario(rules=dict(rules), calendar=calendar(), people=people)
    return Workplace(start or nobody_yet(), scenario, until).run()


def arriving(counts: Mapping[date, int], **more: Any) -> People:
    return msgspec.structs.replace(People(**more), arrivals={"claim": Arrivals(on=dict(counts))})
