"""Find the titles that tables and reports show for names, from the definitions."""

from __future__ import annotations

from collections.abc import Iterable

from credit_workflow.definition.model import Workflow
from credit_workflow.definition.words.titles import (
    action_title,
    choice_title,
    deadline_title,
    field_title,
    role_title,
    state_title,
)
from credit_workflow.engine.ruleset import Rules
from credit_workflow.text import Text, same


class Titles:
    """Titles by name, of the newest version that has them; a name without one stands for itself.

    Args:
        rules: the definitions, in the order of their versions.
    """

    def __init__(self, rules: Iterable[Rules]) -> None:
        self._workflows: dict[str, list[Workflow]] = {}
        for its in rules:
            self._workflows.setdefault(its.id, []).insert(0, its.workflow)
        self._order = sorted(self._workflows, key=lambda name: (len(self._parents(name)), self._parents(name), name))

    def workflow(self, name: str) -> Text:
        """Return a workflow's title."""
        return next((one.title.text for one in self._of(name)), same(name))

    def role(self, name: str) -> Text:
        """Return a role's title."""
        return _first(name, (role_title(one, name) for its in self._workflows.values() for one in its))

    def deadline(self, workflow: str, name: str) -> Text:
        """Return a deadline's title."""
        return _first(name, (deadline_title(one, name) for one in self._of(workflow)))

    def action(self, workflow: str, name: str) -> Text:
        """Return an action's title."""
        return _first(name, (action_title(one, name) for one in self._of(workflow)))

    def state(self, workflow: str, name: str) -> Text:
        """Return a state's title."""
        return _first(name, (state_title(one, name) for one in self._of(workflow)))

    def field(self, workflow: str, name: str) -> Text:
        """Return a field's title."""
        return _first(name, (field_title(one, name) for one in self._of(workflow)))

    def choice(self, workflow: str, field: str, name: str) -> Text:
        """Return the title of one of a field's choices."""
        return _first(name, (choice_title(one, field, name) for one in self._of(workflow)))

    def place(self, workflow: str, kind: str, name: str) -> tuple[int, int]:
        """Return where a definition names something (``states``, ``actions``, …), to sort by it.

        Workflows stand below their parents.
        """
        if workflow not in self._order:
            return len(self._order), 0
        order = [its for one in self._of(workflow) for its in getattr(one, kind)]
        return self._order.index(workflow), order.index(name) if name in order else len(order)

    def _parents(self, name: str) -> list[str]:
        """Return the workflows above one, the topmost first."""
        found: list[str] = []
        parent = self._workflows[name][0].parent
        while parent in self._workflows and parent not in found:
            found.insert(0, parent)
            parent = self._workflows[parent][0].parent
        return found

    def _of(self, name: str) -> list[Workflow]:
        return self._workflows.get(name, [])


def _first(name: str, titles: Iterable[Text]) -> Text:
    """Return the first title that is more than the name itself."""
    return next((title for title in titles if title != same(name)), same(name))
