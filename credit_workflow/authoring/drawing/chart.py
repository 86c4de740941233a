"""Lay out a workflow as a picture, before it is Mermaid or Graphviz: nodes, arrows, deadlines, and what is left off.

Actions between the same states share an arrow; one that leads from three or more states to another is drawn
with a junction; actions that leave the state as it is are listed, not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Action, Workflow
from credit_workflow.definition.running import runs_in, starting
from credit_workflow.definition.words.wording import deadline_short, deadline_words, origin_words, role_words
from credit_workflow.text import Text, listed

#: An action that leads from so many states to another has a junction.
_JUNCTION = 3
#: How an action moves a deadline: starts it, meets it, stops its clock, lets it run again.
START, END, STOP, RESTART = "▶", "■", "‖", "▷"
_BY = Text("{t}（{by}）{moves}", "{t} ({by}){moves}")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One action on an arrow.

    ``starts``, ``ends``, ``stops``, ``restarts`` and ``timers`` are signs of deadlines: those that it
    starts and meets, whose clock it stops and lets run again, and whose passing fires it.
    """

    action: str
    title: Text
    by: Text
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    restarts: tuple[str, ...] = ()
    timers: tuple[str, ...] = ()

    @property
    def moves(self) -> str:
        """The deadlines that it moves, each with a sign of how."""
        told = ((START, self.starts), (END, self.ends), (STOP, self.stops), (RESTART, self.restarts))
        return "".join(f" {how}{sign}" for how, signs in told for sign in signs)


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """The actions that lead from some states to another; no source is the opening of a case."""

    sources: tuple[str, ...]
    target: str
    steps: tuple[Step, ...]

    @property
    def timed(self) -> bool:
        """Whether the passing of a deadline alone brings a case along here."""
        return all(step.timers for step in self.steps)

    def label(self, step: Step) -> Text:
        """Return one action as a line: its title, by whom, and the deadlines that it moves."""
        text = Text("{when} 届满：{t}{moves}", "{when} over: {t}{moves}") if step.timers else _BY
        return text.fill(when="".join(step.timers), t=step.title, by=step.by, moves=step.moves)


@dataclass(frozen=True, kw_only=True)
class Node:
    """One state, with the signs of the deadlines that can run in it."""

    name: str
    title: Text
    final: bool
    deadlines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Timer:
    """One deadline: its sign in the picture, its name, and what it is, in one line and in a few words."""

    sign: str
    name: str
    words: Text
    short: Text


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a case stands and how it came there.

    ``taken`` are (state before or None, action, state after); ``running`` says of each running
    deadline, by its name, until when.
    """

    case: str
    state: str
    taken: tuple[tuple[str | None, str, str], ...] = ()
    running: Mapping[str, Text] = field(default_factory=dict)

    @property
    def visited(self) -> frozenset[str]:
        """The states in which the case stood before, and stands."""
        return frozenset({self.state, *(after for _, _, after in self.taken)})


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The whole picture."""

    title: Text
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    deadlines: tuple[Timer, ...]
    staying: tuple[Text, ...]
    """The actions that leave the state as it is, each in words."""
    lowest: str
    """The state that is drawn lowest: the one furthest from the start."""
    standing: Standing | None = None

    def taken(self, source: str | None, *steps: Step) -> bool:
        """Whether it is that of a case which took one of these steps from a state."""
        actions = {step.action for step in steps}
        return self.standing is not None and any(
            before == source and name in actions for before, name, _ in self.standing.taken
        )


def sign_of(number: int) -> str:
    """Return the sign of the ``number``-th deadline, counted from 0."""
    return _CIRCLED[number] if number < len(_CIRCLED) else f"({number + 1})"


def chart_of(workflow: Workflow, standing: Standing | None = None) -> Chart:
    """Return the picture of a workflow.

    Args:
        workflow: a checked definition.
        standing: where a case of it stands, to be marked.
    """
    signs = {name: sign_of(number) for number, name in enumerate(workflow.deadlines)}
    machine = Machine(workflow)
    runs = {name: frozenset(runs_in(machine, rule)) for name, rule in workflow.deadlines.items()}
    rows = {name: row for name, row in machine.reached().items() if name is not None}
    nodes = tuple(
        Node(
            name=name,
            title=state.title.text,
            final=state.final,
            deadlines=tuple(signs[d] for d in signs if name in runs[d]),
        )
        for name, state in workflow.states.items()
    )
    return Chart(
        title=workflow.title.text,
        nodes=nodes,
        arrows=_arrows(machine, signs, runs),
        deadlines=tuple(
            Timer(sign=signs[n], name=n, words=deadline_words(workflow, r), short=deadline_short(r))
            for n, r in workflow.deadlines.items()
        ),
        staying=_staying(machine, signs),
        lowest=max(rows, key=lambda name: rows[name]),
        standing=standing,
    )


def _arrows(machine: Machine, signs: Mapping[str, str], runs: Mapping[str, frozenset[str]]) -> tuple[Arrow, ...]:
    workflow = machine.workflow
    found: dict[tuple[tuple[str, ...], str], list[Step]] = {}
    for name, action in workflow.actions.items():
        if action.to is None:
            continue
        sources = tuple(s for s in machine.sources[name] if s != action.to)
        together = action.opens or len(sources) >= _JUNCTION
        for some in [sources] if together else [(source,) for source in sources]:
            step = _step(workflow, name, action, signs, [d for d in signs if action.opens or runs[d] & set(some)])
            found.setdefault((some, action.to), []).append(step)
    return tuple(Arrow(sources=some, target=to, steps=tuple(steps)) for (some, to), steps in found.items())


def _step(workflow: Workflow, name: str, action: Action, signs: Mapping[str, str], running: list[str]) -> Step:
    """Return an action as it stands on an arrow from where the deadlines ``running`` run."""
    rules = [(sign, workflow.deadlines[d], d in running) for d, sign in signs.items()]
    starts = tuple(sign for sign, rule, _ in rules if name in starting(workflow, rule))
    return Step(
        action=name,
        title=action.title.text,
        by=role_words(workflow, action.by),
        starts=starts,
        ends=tuple(sign for sign, rule, runs in rules if name in rule.ends and (runs or sign in starts)),
        stops=tuple(sign for sign, rule, runs in rules if runs and name in rule.stopped_by),
        restarts=tuple(sign for sign, rule, runs in rules if runs and name in rule.let_go_by),
        timers=tuple(sign for sign, rule, runs in rules if runs and rule.at_end == name and not action.opens),
    )


def _staying(machine: Machine, signs: Mapping[str, str]) -> tuple[Text, ...]:
    """Return the actions that leave the state as it is, those open in the same states in one line."""
    workflow = machine.workflow
    found: dict[tuple[str, ...] | str, list[Text]] = {}
    for name, action in workflow.actions.items():
        if action.opens or action.to is not None:
            continue
        where = action.origin if action.origin in ("any", "open") else machine.sources[name]
        found.setdefault(where or (), []).append(_stays(workflow, name, action, signs))
    line = Text("{place}：{what}", "{place}: {what}")
    return tuple(line.fill(place=origin_words(workflow, where), what=listed(some)) for where, some in found.items())


def _stays(workflow: Workflow, name: str, action: Action, signs: Mapping[str, str]) -> Text:
    step = _step(workflow, name, action, signs, list(signs))
    text = Text("{t}（{when} 届满）{moves}", "{t} ({when} over){moves}") if step.timers else _BY
    return text.fill(when="".join(step.timers), t=step.title, by=step.by, moves=step.moves)
