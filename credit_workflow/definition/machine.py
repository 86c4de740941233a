"""Ask a definition's state machine what an action makes of a state, which are open in it, what can be reached.

This is the one place that knows the library `transitions`. A machine keeps no case: one serves all of a definition's.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    import transitions

    from credit_workflow.definition.model import Action, Workflow

_NEW = "(new)"
_Node = TypeVar("_Node", bound=Hashable)


class Transition(NamedTuple):
    """A way from a state to another, or to itself; from None a case is opened."""

    source: str | None
    action: str
    to: str


class _Token:
    """What the machine moves: nothing but a state, under a name that no action has."""

    __slots__ = ("_state",)

    def __init__(self, state: str) -> None:
        self._state = state


class Machine:
    """The states of a definition and the actions between them.

    Args:
        workflow: the definition; one with mistakes has a machine too, which the checks ask.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._steps: dict[tuple[str | None, str], str | None] = {}

    # `sources` and `triggers` are asked by screens that only read: they tell what `_machine` is made from, because
    # loading the library would make such a command a tenth longer.

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """By its name, the states in which each action is open; none where it opens a case."""
        return {name: self._sources(action) for name, action in self.workflow.actions.items()}

    def _sources(self, action: Action) -> tuple[str, ...]:
        states, origin = self.workflow.states, action.origin
        if origin == "any":
            return tuple(states)
        if origin == "open":
            return tuple(name for name, state in states.items() if not state.final)
        return (origin,) if isinstance(origin, str) else origin or ()

    def triggers(self, state: str) -> tuple[str, ...]:
        """Return the actions that are open in a state, in the definition's order."""
        return self._triggers[state]

    @cached_property
    def _triggers(self) -> Mapping[str, tuple[str, ...]]:
        sources = self.sources.items()
        return {state: tuple(n for n, open_in in sources if state in open_in) for state in self.workflow.states}

    @cached_property
    def _machine(self) -> transitions.Machine:
        import logging  # noqa: PLC0415 - what only reads moves no case

        import transitions  # noqa: PLC0415

        logging.getLogger("transitions").setLevel(logging.ERROR)  # an action that is not open is no event to warn of
        return transitions.Machine(
            model=None,
            model_attribute="_state",
            states=[_NEW, *self.workflow.states],
            initial=_NEW,
            transitions=[
                # A destination of None is an internal transition: the state stays.
                {"trigger": name, "source": [_NEW] if action.opens else list(self.sources[name]), "dest": action.to}
                for name, action in self.workflow.actions.items()
            ],
            auto_transitions=False,
            ignore_invalid_triggers=True,
        )

    def step(self, state: str | None, action: str) -> str | None:
        """Return the state after an action, or None where it is not open in that state.

        Args:
            state: where the case stands; None for a case that does not exist yet.
            action: the name of an action of this definition.
        """
        key = (state, action)
        if key not in self._steps:
            # No transition has conditions, so the machine's answer is always the same. Asking it each time (7 µs)
            # costs a tenth to the whole of what deciding an action does, and makes the analysis a quarter slower.
            token = _Token(_NEW if state is None else state)
            self._steps[key] = token._state if self._machine.events[action].trigger(token) else None  # noqa: SLF001
        return self._steps[key]

    @cached_property
    def transitions(self) -> tuple[Transition, ...]:
        """Every way between states, and into the first, by actions in the definition's order."""
        return tuple(
            Transition(None if way.source == _NEW else way.source, name, way.dest)
            for name in self.workflow.actions
            for way in self._machine.get_transitions(name)
            if way.dest is not None
        )

    def reached(self, starts: Iterable[str | None] = (None,), without: Container[str] = ()) -> dict[str | None, int]:
        """Return the states that can be reached, each with how many actions away it is, the nearest first.

        Args:
            starts: where a case stands, among what is reached; None is before it is opened.
            without: actions that are not taken.
        """
        ways = [way for way in self.transitions if way.action not in without]
        return walk(starts, lambda state: [way.to for way in ways if way.source == state])

    def ending(self) -> set[str | None]:
        """Return the states from which a final one can be reached, final ones included, and None as in `reached`."""
        final: list[str | None] = [name for name, state in self.workflow.states.items() if state.final]
        return {*walk(final, lambda state: [way.source for way in self.transitions if way.to == state])}


def walk(starts: Iterable[_Node], following: Callable[[_Node], Iterable[_Node]]) -> dict[_Node, int]:
    """Return all that can be reached from some places, these included, the nearest first.

    Args:
        starts: the places.
        following: gives those that lie one step further.

    Returns:
        How many steps away each place is.
    """
    found: dict[_Node, int] = {}
    level, steps = dict.fromkeys(starts), 0
    while level:
        found |= dict.fromkeys(level, steps)
        level = dict.fromkeys(place for near in level for place in following(near) if place not in found)
        steps += 1
    return found
