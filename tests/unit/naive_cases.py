"""Cases led by hand in the naive model: who, with which papers and values, and how far.

2026 by the State Council's notice: Spring Festival 15-23 February off, Saturdays 14 and 28 February worked;
Tomb-Sweeping 4-6 April off.
"""

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

import pytest

from tests.property.naive import Model
from tests.property.naive_books import Mutant, Refusal

ADULT = "330106199003070014"
OTHER = "330103198506150020"
TURNS_18_ON_1_APRIL = "330105200804010037"
MINOR = "330108201201100045"
COMPANY = "91330106MA2X00011E"

OFF = {date(2026, 1, day) for day in (1, 2, 3)}
OFF |= {date(2026, 2, day) for day in range(15, 24)}
OFF |= {date(2026, 4, day) for day in (4, 5, 6)}
OFF |= {date(2026, 5, day) for day in range(1, 6)}
WORKED = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)}

PAPERS = {
    "objection": {"id_card", "objection_form", "evidence"},
    "marking": {"id_card", "marking_form"},
    "revocation": {"id_card", "revocation_form"},
}
AGENT = {"agent_name": "代理人", "agent_id": OTHER, "agent_from": "2026-01-01", "agent_until": "2026-03-31"}
LEGAL = {"organisation_code", "authorisation_letter", "agent_id_card", "objection_form", "evidence"}

VALUES: dict[str, dict[str, Any]] = {
    "reject": {"grounds": "证据不足", "ground": ["materials"]},
    "consult": {"question": "请核对"},
    "respond": {"finding": "属实"},
    "report": {"outcome": "upheld"},
    "return": {"reason": "请补充说明"},
    "notify": {"channel": "phone"},
    "collect": {"collected_by": "本人"},
    "request_extension": {"days": 15, "reason": "情况复杂"},
    "deny_extension": {"reason": "情况并不复杂"},
}
ROLES = dict.fromkeys(
    ["receive", "consult", "report", "request_extension", "mark", "revoke"], "center"
) | dict.fromkeys(["return", "approve", "grant_extension", "deny_extension"], "authority")
ROLES["respond"] = "provider"


def is_working(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def on(month: int, day: int) -> date:
    return date(2026, month, day)


def model(mutant: Mutant | None = None) -> Model:
    made = Model(is_working, mutant=mutant)
    made.add_record("R-1", ADULT, date(2024, 1, 1), date(2028, 12, 31), "杭州市城市管理局", "罚款200元")
    made.add_record("R-2", COMPANY, date(2024, 1, 1), date(2028, 12, 31), "市税务局", "欠税3000元")
    return made


def do(
    made: Model,
    day: date,
    case: str,
    *actions: str,
    account: str = "",
    materials: AbstractSet[str] = frozenset(),
    **fields: Any,
) -> None:
    for action in actions:
        role = ROLES.get(action, "window")
        made.act(
            day,
            case,
            action,
            account=account or f"{role}1",
            role=role,
            fields=VALUES.get(action, {}) | fields,
            materials=materials,
        )


def file(made: Model, day: date, workflow: str, case: str, above: str, **options: Any) -> None:
    given: dict[str, Any] = {
        "fields": {"reason": "与事实不符"},
        "materials": PAPERS[workflow],
        "record" if workflow == "objection" else "parent": above,
    }
    given |= options
    checked = {"identity_checked": True} | ({"resident": True} if workflow == "objection" else {})
    made.submit(day, workflow, case, **given | {"fields": checked | given["fields"]})


def refusal(made: Model, day: date, case: str, action: str, **options: Any) -> tuple[str, list[str]]:
    with pytest.raises(Refusal) as refused:
        do(made, day, case, action, **options)
    return refused.value.kind, refused.value.grounds


def collected(made: Model, day: date, case: str = "O-1", record: str = "R-1", **report: Any) -> None:
    """An objection filed, answered and collected on one day."""
    file(made, day, "objection", case, record)
    do(made, day, case, "accept", "transfer", "receive")
    do(made, day, case, "report", **report)
    do(made, day, case, "approve", "notify", "collect")


def marked(made: Model, filed: date, placed: date) -> None:
    """O-1 collected and M-1 filed, accepted and received on one day; the mark placed on another."""
    collected(made, filed)
    file(made, filed, "marking", "M-1", "O-1")
    do(made, filed, "M-1", "accept", "transfer", "receive")
    do(made, placed, "M-1", "mark")
