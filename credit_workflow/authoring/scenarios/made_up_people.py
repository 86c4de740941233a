"""Make up the people of examples, with numbers whose check digits are right."""

from __future__ import annotations

from collections.abc import Mapping

from credit_workflow.authoring.scenarios.scenario import Person
from credit_workflow.definition.model import Workflow
from credit_workflow.identity import Scheme

#: Who is there without being introduced.
USUAL: Mapping[str, Person] = {
    "applicant": Person(name="张三", born="1985-03-15"),
    "other": Person(name="李四", born="1979-08-20"),
    "company": Person(kind="legal", name="杭州某某有限公司"),
}
_BORN = "1980-01-01"


def scheme_of(workflows: Mapping[str, Workflow]) -> Scheme:
    """Return by what the definitions of a folder tell people apart: all say the same."""
    return next((workflow.identity for workflow in workflows.values()), "cn")


def numbers(people: Mapping[str, Person]) -> dict[str, str]:
    """Return each person's ID card number or unified social credit code, the same at every call.

    Nobody's number hangs on who else there is, but for the serial that keeps those apart who were
    born on one day.
    """
    from stdnum.cn import ric, uscc  # noqa: PLC0415 - only where an example is played

    found: dict[str, str] = {}
    for serial, (name, person) in enumerate(people.items(), 1):
        if person.id is not None:
            found[name] = person.id
        elif person.kind == "legal":
            stem = f"91330100MA2{serial:05}X"
            found[name] = stem + uscc.calc_check_digit(stem)
        else:
            stem = f"330102{(person.born or _BORN).replace('-', '')}{serial:03}"
            found[name] = stem + ric.calc_check_digit(stem + "0")
    return found
