"""Small definitions, written in few words, for the tests of the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from credit_workflow.authoring.analysis.all_findings import findings_in
from credit_workflow.authoring.analysis.finding import Finding
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.rules.soundness import problems_between, problems_of
from credit_workflow.strict_yaml.decoding import typed

Document = dict[str, Any]
TEXT = {"zh": "甲", "en": "a"}


def workflow(
    states: str,
    actions: Mapping[str, Document],
    deadlines: Mapping[str, Document] | None = None,
    name: str = "sample",
    **more: Any,
) -> Document:
    """Return a definition.

    Args:
        states: ``begun:clerk done!``: each with whom it waits for, a sign of exclamation where final.
        actions: as in a file; title, source and ``by: [clerk]`` are filled in.
        deadlines: likewise, targets of 30 days that become overdue.
        name: of the workflow.
        more: further keys of the file.
    """
    found: dict[str, Document] = {}
    for word in states.split():
        state, _, role = word.rstrip("!").partition(":")
        found[state] = (
            {"title": TEXT} | ({"waits_for": role} if role else {}) | ({"final": True} if word[-1] == "!" else {})
        )
    base = {"title": TEXT, "source": "甲法"}
    roles = {"clerk": {"title": TEXT, "practice_accounts": 2}, "system": {"title": TEXT}}
    return {
        "workflow": name,
        "version": 1,
        "title": TEXT,
        "number": f"{name.upper()[:6]}-{{year}}-{{serial:06}}",
        "in_force": {"from": "2020-01-01"},
        "source": "甲法",
        "about": "nothing",
        "roles": roles | more.pop("roles", {}),
        "states": found,
        "actions": {key: base | {"by": ["clerk"]} | action for key, action in actions.items()},
        "deadlines": {
            key: base | {"kind": "target", "length": "30 days", "late": "overdue"} | rule
            for key, rule in (deadlines or {}).items()
        },
    } | more


def guard(must: str, name: str = "guard") -> Document:
    """Return a guard."""
    return {"id": name, "must": must, "message": TEXT, "source": "甲法"}


def tell(case: str, action: str, **more: Any) -> Document:
    """Return an effect that tells."""
    return {"tell": {"case": case, "action": action} | more}


def loaded(*documents: Document) -> dict[str, Workflow]:
    """Return the definitions, which must be sound."""
    workflows = {document["workflow"]: typed(document, Workflow) for document in documents}
    assert [p for w in workflows.values() for p in problems_of(w)] == []
    assert problems_between(workflows) == []
    return workflows


def found(*documents: Document) -> list[Finding]:
    """Return what is found in definitions."""
    return findings_in(loaded(*documents))


def said(findings: list[Finding]) -> set[str]:
    """Return findings as ``workflow code key``."""
    return {f"{f.workflow} {f.code} {'.'.join(map(str, f.key))}" for f in findings}
