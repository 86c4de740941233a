"""Definitions in which a check finds something, each with a near miss: the same but for one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.machines import Document, found, guard, said, tell, workflow

Case = tuple[list[Document], list[Document]]


class NearMisses(dict[str, Callable[[], Case]]):
    """The cases of a file of tests, by their names and what must be found."""

    def case(self, expected: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
        """Keep a case; ``expected`` is the finding, as `machines.said` says it."""

        def keep(function: Callable[[], Case]) -> Callable[[], Case]:
            self[f"{function.__name__}: {expected}"] = function
            return function

        return keep

    @property
    def codes(self) -> set[str]:
        """The codes of what the cases must find."""
        return {name.partition(": ")[2].split()[1] for name in self}

    def hold(self, name: str) -> None:
        """Hold a case against the checks; every finding says in both languages what was found and what to do."""
        expected = name.partition(": ")[2]
        wrong, right = self[name]()
        findings = found(*wrong)
        assert expected in said(findings)
        assert expected not in said(found(*right))
        for finding in findings:
            for text in (finding.message, finding.advice):
                assert text.zh
                assert text.en not in {"", text.zh}
                assert "{" not in text.zh + text.en


SUBMIT = {"to": "begun"}


FINISH = {"from": "begun", "to": "done"}


LATE = {"from": "any", "by": ["system"]}


HANDLING = {"handling": {"starts": "submit", "ends": ["finish"], "at_end": "late"}}


STANDS = {"title": {"zh": "甲", "en": "a"}, "source": "甲法"}


def plain(**more: Any) -> Document:
    """One action from begin to end, with a deadline."""
    actions = {"submit": SUBMIT, "finish": FINISH, "late": LATE} | more.pop("actions", {})
    return workflow("begun:clerk done!" + more.pop("states", ""), actions, HANDLING | more.pop("deadlines", {}), **more)


def pair(child_actions: Document, parent_actions: Document | None = None, **child: Any) -> list[Document]:
    parent = workflow(
        "begun:clerk late:clerk done!",
        {
            "submit": SUBMIT,
            "hurry": {"from": "begun", "to": "late"},
            "finish": {"from": ["begun", "late"], "to": "done"},
            "told": {"from": "late", "by": ["system"]},
        }
        | (parent_actions or {}),
        {"handling": {"starts": "submit", "ends": ["finish"]}},
        name="parent",
    )
    deadlines = {"answer": {"starts": "submit", "ends": ["finish"]}} | child.pop("deadlines", {})
    return [
        parent,
        workflow("begun:clerk done!", {"submit": SUBMIT, "finish": FINISH} | child_actions, deadlines, name="child", parent="parent", **child),
    ]  # fmt: skip


def asking(*, if_possible: bool) -> list[Document]:
    """A parent that waits for an answer, which its child may give too early."""
    parent = workflow(
        "new:clerk waiting done!",
        {
            "submit": {"to": "new"},
            "send": {"from": "new", "to": "waiting"},
            "answered": {"from": "waiting", "to": "done", "by": ["system"]},
        },
        name="parent",
    )
    child = workflow(
        "asked:clerk given!",
        {
            "ask": {"to": "asked", "requires": [guard("parent.state == 'new'")]},
            "answer": {
                "from": "asked",
                "to": "given",
                "effects": [tell("parent", "answered", if_possible=if_possible)],
            },
        },
        name="child",
        parent="parent",
    )
    return [parent, child]


def deadline(starts: str, ends: str) -> Document:
    title = {"zh": "甲", "en": "a"}
    return {"title": title, "source": "甲法", "kind": "target", "length": "30 days", "starts": starts, "ends": [ends], "late": "overdue"}  # fmt: skip
