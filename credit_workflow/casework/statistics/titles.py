"""What the definitions call things: the titles that tables and reports show for names."""

from __future__ import annotations

from collections.abc import Iterable

from credit_workflow.definition.model import Workflow
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
        known = (one.roles[name].title.text for its in self._workflows.values() for one in its if name in one.roles)
        return next(known, same(name))

    def deadline(self, workflow: str, name: str) -> Text:
        """Return a deadline's title."""
        return next((one.deadlines[name].title.text for one in self._of(workflow) if name in one.deadlines), same(name))

    def source(self, workflow: str, deadline: str) -> str | None:
        """Return the clause behind a deadline."""
        return next((one.deadlines[deadline].source for one in self._of(workflow) if deadline in one.deadlines), None)

    def action(self, workflow: str, name: str) -> Text:
        """Return an action's title."""
        return next((one.actions[name].title.text for one in self._of(workflow) if name in one.actions), same(name))

    def state(self, workflow: str, name: str) -> Text:
        """Return a state's title."""
        return next((one.states[name].title.text for one in self._of(workflow) if name in one.states), same(name))

    def field(self, workflow: str, name: str) -> Text:
        """Return a field's title."""
        return next((one.fields[name].title.text for one in self._of(workflow) if name in one.fields), same(name))

    def choice(self, workflow: str, field: str, name: str) -> Text:
        """Return the title of one of a field's choices."""
        for one in self._of(workflow):
            if field in one.fields and name in one.fields[field].choices:
                return one.fields[field].choices[name].text
        return same(name)

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
