"""Say what is known of a case's facts before there is a case: states, statuses, choices, bounds."""

from __future__ import annotations

from typing import Protocol

from credit_workflow.authoring.analysis.clock_moves import in_force
from credit_workflow.authoring.analysis.satisfiability import Known, Some, satisfiable
from credit_workflow.definition.expression_tree import Const, Constant, parsed, paths_in
from credit_workflow.definition.model import Action, Field, Workflow


class _Standing(Protocol):
    """A case as a family sees it."""

    @property
    def state(self) -> str: ...
    @property
    def deadlines(self) -> tuple[str | None, ...]: ...


class Facts:
    """The facts of one workflow's cases.

    Args:
        workflow: the definition.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.values: dict[str, frozenset[Constant]] = {"case.workflow": frozenset({workflow.workflow})}
        self.bounds: dict[str, tuple[int | None, int | None]] = {}
        set_by_effects = {name for effect in workflow.effects for name in effect.set or {}}
        constants = _constants_set(workflow)
        for name, field in workflow.fields.items():
            path = f"case.fields.{name}"
            given = _values(field)
            if name in set_by_effects:
                if given is not None and name in constants:
                    self.values[path] = given | constants[name]
            elif given is not None:
                self.values[path] = given
            elif field.type == "integer":
                self.bounds[path] = (field.at_least, field.at_most)

    def put(
        self,
        values: dict[str, frozenset[Constant]],
        prefix: str,
        followed: tuple[str, ...],
        case: _Standing | None,
    ) -> None:
        """Say where a case stands: the facts of ``case.``, or of ``parent.`` by that prefix."""
        of_case = prefix or "case."
        if case is None and prefix:
            return
        values |= self.standing(of_case, "" if case is None else case.state)
        for index, name in enumerate(followed):
            now = None if case is None else case.deadlines[index]
            # to expressions, what is overdue goes on running, and so does what stands still
            status: frozenset[Constant] = frozenset({"running" if in_force(now) else now})
            for start in {of_case, prefix}:
                values[f"{start}deadlines.{name}.status"] = status

    def standing(self, prefix: str, state: str) -> dict[str, frozenset[Constant]]:
        """Return the facts of a case in a state; none is that of a case that is not opened yet."""
        final = bool(state) and self.workflow.states[state].final
        facts: dict[str, Constant] = {"state": state, "final": final, "workflow": self.workflow.workflow}
        return {f"{prefix}{name}": frozenset({value}) for name, value in facts.items()}

    def answer(self, node: Some, state: str) -> bool | None:
        """Whether a case of this workflow in a state is one that ``exists`` looks for; None if unknown."""
        known = Known(self.standing(f"{node.name}.", state))
        if not satisfiable([(node.body, True)], known):
            return False
        return None if satisfiable([(node.body, False)], known) else True


def _values(field: Field) -> frozenset[Constant] | None:
    if field.type == "choice":
        return frozenset({*field.choices, None})
    return frozenset({True, False, None}) if field.type == "boolean" else None


def _constants_set(workflow: Workflow) -> dict[str, frozenset[Constant]]:
    """The values that effects give to fields, of those fields to which they give nothing but constants."""
    found: dict[str, set[Constant]] = {}
    unknown: set[str] = set()
    for name, source in (given for effect in workflow.effects for given in (effect.set or {}).items()):
        node = parsed(source)
        if isinstance(node, Const):
            found.setdefault(name, set()).add(node.value)
        else:
            unknown.add(name)
    return {name: frozenset(values) for name, values in found.items() if name not in unknown}


_FIXED = frozenset({"subject", "actor", "today", "input"})


def own_fields_only(source: str, action: Action) -> bool:
    """Whether what a condition reads stays as it is while the effects of an action apply."""
    changed = {name for effect in action.effects for name in effect.set or {}}
    for path in paths_in(source):
        if path[0] in _FIXED:
            continue
        if path[:2] != ("case", "fields") or len(path) < 3 or path[2] in changed:  # noqa: PLR2004 - case.fields.NAME
            return False
    return True


def reads_children(source: str) -> bool:
    """Whether a condition asks for linked cases besides the parent."""
    return any("children" in path for path in paths_in(source))
