"""Draw definitions as Mermaid diagrams, generated so that they never differ from the rules."""

from __future__ import annotations

from collections.abc import Iterator

from credit_workflow.authoring.drawing.chart import END, RESTART, START, STOP, Arrow, Chart, Node
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Workflow
from credit_workflow.definition.words.wording import wrapped
from credit_workflow.text import Lang, Text

_WORDS = (
    "accdescr acctitle as choice class classdef click constructor default direction end fork hide href join note root"
    " scale state style"
)
#: Words of Mermaid's own, which can't be the name of a state in it.
_RESERVED = frozenset(_WORDS.split())
#: What ends a label or begins an entity there.
_ENTITIES = str.maketrans(
    {"#": "#35;", ";": "#59;", ":": "#58;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "{": "#123;", "}": "#125;",
     "[": "#91;", "]": "#93;", "%": "#37;", "`": "#96;", "\\": "#92;", "&": "#amp;"}
)  # fmt: skip


def mermaid(workflow: Workflow, lang: Lang) -> str:
    """Return the state machine as a plain Mermaid state diagram, without roles and deadlines.

    Actions that leave the state as it is are left out; several actions between two states share
    an arrow.
    """
    lines = ["stateDiagram-v2"]
    for name, state in workflow.states.items():
        lines.append(f'    state "{escaped(state.title.text.to(lang))}" as {_id(name)}')
    arrows: dict[tuple[str | None, str], list[str]] = {}
    for source, name, target in sorted(Machine(workflow).transitions, key=lambda way: way.source is not None):
        arrows.setdefault((source, target), []).append(escaped(workflow.actions[name].title.text.to(lang)))
    lines += [f"    {_id(source)} --> {_id(target)}: {' / '.join(names)}" for (source, target), names in arrows.items()]
    lines += [f"    {_id(name)} --> [*]" for name, state in workflow.states.items() if state.final]
    return "\n".join(lines)


def full_mermaid(chart: Chart, lang: Lang) -> str:
    """Return a picture as a Mermaid state diagram: roles and deadlines on the arrows, a legend as a note.

    Of a case, the present state is filled, the states passed are framed, and the arrows taken
    bear a tick, for Mermaid draws all arrows of a state diagram alike.
    """
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(chart, lang))])


def escaped(text: str) -> str:
    """Return a text that Mermaid shows as it stands."""
    return " ".join(text.split()).translate(_ENTITIES)


def _lines(chart: Chart, lang: Lang) -> Iterator[str]:
    for node in chart.nodes:
        yield f'state "{"<br/>".join(escaped(line) for line in node_lines(chart, node, lang))}" as {_id(node.name)}'
    for number, arrow in enumerate(chart.arrows):
        yield from _arrow(chart, arrow, number, lang)
    yield from (f"{_id(node.name)} --> [*]" for node in chart.nodes if node.final)
    yield from _legend(chart, lang)
    yield from _styles(chart)


def _arrow(chart: Chart, arrow: Arrow, number: int, lang: Lang) -> Iterator[str]:
    label = "<br/>".join(escaped(line) for line in arrow_lines(chart, arrow, lang))
    if len(arrow.sources) <= 1:
        yield f"{_id(next(iter(arrow.sources), None))} --> {_id(arrow.target)}: {label}"
        return
    junction = f"_junction{number}"
    yield f"state {junction} <<choice>>"
    for source in arrow.sources:
        tick = ": ✓" if chart.taken(source, *arrow.steps) else ""
        yield f"{_id(source)} --> {junction}{tick}"
    yield f"{junction} --> {_id(arrow.target)}: {label}"


def arrow_lines(chart: Chart, arrow: Arrow, lang: Lang) -> list[str]:
    """Return the label of an arrow, a line for each action; of a case, those taken with a tick."""
    lines = []
    for step in arrow.steps:
        taken = any(chart.taken(way, step) for way in arrow.sources or (None,))
        lines.append(("✓ " if taken else "") + arrow.label(step).to(lang))
    return lines


def node_lines(chart: Chart, node: Node, lang: Lang) -> list[str]:
    """Return what stands in a state's node: its title, and the deadlines that run there."""
    lines = wrapped(node.title.to(lang), 22)
    if chart.standing is None:
        if node.deadlines:
            lines.append(("期限" if lang == "zh" else "runs ") + "".join(node.deadlines))
        return lines
    if node.name == chart.standing.state:
        lines[0] = "● " + lines[0]
        running = chart.standing.running
        lines += [f"{one.sign} {running[one.name].to(lang)}" for one in chart.deadlines if one.name in running]
    return lines


def signs_words(chart: Chart, lang: Lang) -> list[str]:
    """Return what the signs of a picture mean."""
    lines = []
    if chart.standing is not None:
        lines.append("● 当前状态　✓ 已走过的步骤" if lang == "zh" else "● stands here, ✓ the way taken")
    if chart.deadlines:
        lines.append(_deadline_signs(chart, lang))
    return lines


def _deadline_signs(chart: Chart, lang: Lang) -> str:
    """Return what the signs beside those of deadlines mean, as far as they occur."""
    known = (
        (START, Text("起算", "starts")),
        (END, Text("办结", "is met")),
        (STOP, Text("中止", "stops")),
        (RESTART, Text("恢复", "goes on")),
    )
    moves = [step.moves for arrow in chart.arrows for step in arrow.steps]
    everything = "".join([*moves, *(one.zh for one in chart.staying)])
    told = [f"{sign} {words.to(lang)}" for sign, words in known if sign in everything]
    return "期限：" + "，".join(told) if lang == "zh" else "Deadlines: " + ", ".join(told)


def _legend(chart: Chart, lang: Lang) -> Iterator[str]:
    lines = [*signs_words(chart, lang), *(f"{one.sign} {one.short.to(lang)}" for one in chart.deadlines)]
    if lines:
        # A note makes its whole row of states as high as itself: at the end that harms nothing.
        yield f"note right of {_id(chart.lowest)}"
        yield from (f"    {escaped(line)}" for line in lines)
        yield "end note"


def _styles(chart: Chart) -> Iterator[str]:
    standing = chart.standing
    if standing is None:
        return
    passed = [_id(node.name) for node in chart.nodes if node.name in standing.visited - {standing.state}]
    yield "classDef current fill:#1f4e79,stroke:#1f4e79,color:#ffffff,font-weight:bold"
    yield f"class {_id(standing.state)} current"
    if passed:
        yield "classDef passed fill:#dce9f5,stroke:#1f4e79,stroke-width:2px"
        yield f"class {','.join(passed)} passed"


def _id(name: str | None) -> str:
    if name is None:
        return "[*]"
    return f"_{name}" if name in _RESERVED else name  # no state's own name begins so
