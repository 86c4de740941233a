"""Pictures of workflows: what is drawn, and that every text is shown as it stands."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.authoring.drawing import mermaid as diagram
from credit_workflow.authoring.drawing.chart import Chart, Standing, chart_of
from credit_workflow.authoring.drawing.graphviz import dot
from credit_workflow.authoring.drawing.mermaid import full_mermaid, mermaid
from credit_workflow.definition.clock_rules import Start
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Action, Workflow
from credit_workflow.definition.running import runs_in
from credit_workflow.strict_yaml.patterns import Title
from credit_workflow.text import Lang, Text

WORKFLOWS = {name: one.workflow for name, one in load_definitions().items()}
#: Regulations from elsewhere, whose deadlines stop, have several lengths and start each other.
ELSEWHERE = {
    f"{folder.parent.name}/{name}": definition.workflow
    for folder in sorted((Path(__file__).parents[2] / "examples").glob("*/workflows"))
    for name, definition in load_definitions(folder).items()
}
WORKFLOWS |= ELSEWHERE
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
ALL = [(name, lang) for name in WORKFLOWS for lang in LANGUAGES]
NASTY = 'a "b" <c> {d} [e]; f: g # h --> i % j `k` \\ l & m &lt; n | %% {{x}} :::z state end'
NEEDS_DOT = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's dot is not installed")

_NAME = r"\[\*\]|[a-z_][a-z0-9_]*"
_LABEL = r'(?:[^:;"#{}<>\[\]%`\\&]|<br/>|#\w+;)*'
#: Every line that may stand in the state diagrams here, as Mermaid's own grammar has them.
_LINES = [
    rf'state "(?P<title>{_LABEL})" as (?P<state>[a-z_][a-z0-9_]*)',
    r"state (?P<choice>_junction\d+) <<choice>>",
    rf"(?P<source>{_NAME}) --> (?P<target>{_NAME})(?:: (?P<label>{_LABEL}))?",
    r"note right of (?P<note>[a-z_][a-z0-9_]*)",
    r"(?P<end>end note)",
    r"classDef (?P<classdef>[a-z]+) (?:[a-z-]+:[#\w]+,?)+",
    r"class (?P<classed>[a-z_0-9,]+) (?P<class>[a-z]+)",
]  # fmt: skip


def parsed(text: str) -> list[dict[str, str]]:
    """Read a Mermaid diagram line by line; a line that its grammar does not have fails."""
    head, *lines = text.splitlines()
    assert head == "stateDiagram-v2"
    found: list[dict[str, str]] = []
    within = False
    for line in lines:
        if within and line.strip() != "end note":
            assert re.fullmatch(_LABEL, line.strip()), line
            found.append({"legend": line.strip()})
            continue
        match = next((m for m in (re.fullmatch(rf" +{one}", line) for one in _LINES) if m), None)
        assert match is not None, line
        found.append({name: value for name, value in match.groupdict().items() if value is not None})
        within = "note" in found[-1]
    return found


def shown(label: str) -> str:
    """What Mermaid shows of a label."""
    plain = label.replace("<br/>", " ")
    return html.unescape(re.sub(r"#(\w+);", lambda m: f"&#{m[1]};" if m[1].isdigit() else f"&{m[1]};", plain))


def named(workflow: Workflow, text: str) -> Workflow:
    """The workflow with one title for everything."""
    title = Title(zh=text, en=text)
    replace = msgspec.structs.replace
    states = {name: replace(state, title=title) for name, state in workflow.states.items()}
    actions = {name: replace(action, title=title) for name, action in workflow.actions.items()}
    return replace(workflow, states=states, actions=actions)


def sources(workflow: Workflow, action: Action) -> list[str]:
    """The states in which an action is open, without asking the machine."""
    origin = action.origin
    if origin in ("any", "open"):
        return [name for name, state in workflow.states.items() if origin == "any" or not state.final]
    return [origin] if isinstance(origin, str) else list(origin or ())


def standing(workflow: Workflow, say: str = "3 March") -> Standing:
    """A case that has been opened and gone one step, with all its deadlines running."""
    opening, first = workflow.opening
    assert first.to
    moves = [(name, a) for name, a in workflow.actions.items() if a.to and first.to in sources(workflow, a)]
    steps: list[tuple[str | None, str, str]] = [(None, opening, first.to)]
    if moves:
        name, action = moves[0]
        steps.append((first.to, name, action.to or first.to))
    return Standing(
        case="X-1", state=steps[-1][2], taken=tuple(steps), running=dict.fromkeys(workflow.deadlines, Text(say, say))
    )


# -- what is drawn


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_every_move_is_drawn_once_with_its_title_and_roles(name: str, lang: Lang) -> None:
    workflow = WORKFLOWS[name]
    chart = chart_of(workflow)
    drawn = [(s, step.action, a.target) for a in chart.arrows for s in a.sources or (None,) for step in a.steps]
    wanted = [
        (source, action_name, action.to)
        for action_name, action in workflow.actions.items()
        if action.to
        for source in ([None] if action.opens else [s for s in sources(workflow, action) if s != action.to])
    ]
    assert sorted(drawn, key=str) == sorted(wanted, key=str)
    lines = parsed(full_mermaid(chart, lang))
    labels = " ".join(shown(line["label"]) for line in lines if "label" in line)
    for action in (a for a in workflow.actions.values() if a.to):
        assert action.title.text.to(lang) in labels
        if action.by != ("system",):
            assert all(workflow.roles[role].title.text.to(lang) in labels for role in action.by)
    assert {line["state"].removeprefix("_") for line in lines if "state" in line} == set(workflow.states)


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_actions_that_stay_are_told_once_and_not_drawn(name: str, lang: Lang) -> None:
    workflow = WORKFLOWS[name]
    chart = chart_of(workflow)
    told = "\n".join(line.to(lang) for line in chart.staying)
    for action_name, action in workflow.actions.items():
        if not action.to and not action.opens:
            assert action.title.text.to(lang) in told
            assert all(step.action != action_name for arrow in chart.arrows for step in arrow.steps)


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_each_deadline_stands_at_what_starts_and_ends_it(name: str, lang: Lang) -> None:
    workflow = WORKFLOWS[name]
    chart = chart_of(workflow)
    everything = full_mermaid(chart, lang) + "\n".join(line.to(lang) for line in chart.staying)
    for timer in chart.deadlines:
        rule = workflow.deadlines[timer.name]
        steps = {step.action: step for arrow in chart.arrows for step in arrow.steps}
        for action in rule.starters:
            assert action not in steps or timer.sign in steps[action].starts
        for action in rule.ends:
            drawn = any(timer.sign in s.ends for arrow in chart.arrows for s in arrow.steps if s.action == action)
            there = reached(workflow, timer.name) & set(sources(workflow, workflow.actions[action]))
            assert drawn == (action in steps and (bool(there) or action in rule.starters))
        assert f"▶{timer.sign}" in everything
        assert timer.short.to(lang) in shown(everything)
        assert rule.source in timer.words.zh


def test_an_arrow_of_time_is_drawn_apart() -> None:
    chart = chart_of(WORKFLOWS["marking"])
    timed = [(arrow.sources, arrow.target) for arrow in chart.arrows if arrow.timed]
    assert timed == [(("disputed",), "expired")]
    assert "disputed --> expired: ② 届满#58;" not in full_mermaid(chart, "zh")  # a full-width colon needs no escape
    assert "disputed --> expired: ② 届满：标注届满" in full_mermaid(chart, "zh")
    assert "style=dashed" in next(line for line in dot(chart, "zh").splitlines() if '"disputed" -> "expired"' in line)


def test_an_action_from_many_states_has_one_junction() -> None:
    chart = chart_of(WORKFLOWS["objection"])
    (withdraw,) = [a for a in chart.arrows if any(s.action == "withdraw" for s in a.steps)]
    assert withdraw.sources == ("submitted", "accepted", "transferred", "verifying", "consulting")
    text = full_mermaid(chart, "zh")
    assert text.count("撤回（服务窗口）") == 1
    assert len(re.findall(r"--> _junction\d+$", text, re.MULTILINE)) == 5


def reached(workflow: Workflow, deadline: str) -> set[str]:
    """In which states a deadline can run, by walking the machine together with the deadline's own state."""
    rule = workflow.deadlines[deadline]
    ends = {*rule.ends, *([rule.at_end] if rule.at_end and rule.late != "overdue" else [])}
    starts = set(rule.starters)
    if rule.starts_after:  # no definition here has one that starts when another has passed
        other, once = rule.starts_after
        assert once == "met"
        starts = set(workflow.deadlines[other].ends)
    seen: set[tuple[str, bool]] = set()
    todo: list[tuple[str | None, bool]] = [(None, False)]
    while todo:
        state, running = todo.pop()
        for name, action in workflow.actions.items():
            if not (action.opens if state is None else state in sources(workflow, action)):
                continue
            after = action.to or state
            assert after is not None
            on = (running or name in starts or name == rule.runs_again_after) and name not in ends
            on = on and (rule.outlives_case or not workflow.states[after].final)
            if (after, on) not in seen:
                seen.add((after, on))
                todo.append((after, on))
    return {state for state, on in seen if on}


@pytest.mark.parametrize(("name", "deadline"), [(n, d) for n, w in WORKFLOWS.items() for d in w.deadlines])
def test_where_a_deadline_runs_is_where_a_walk_meets_it(name: str, deadline: str) -> None:
    workflow = WORKFLOWS[name]
    assert set(runs_in(Machine(workflow), workflow.deadlines[deadline])) == reached(workflow, deadline)


def changed(deadline: str, **values: object) -> Workflow:
    """The objection with one deadline changed."""
    objection = WORKFLOWS["objection"]
    rule = msgspec.structs.replace(objection.deadlines[deadline], **values)
    return msgspec.structs.replace(objection, deadlines={**objection.deadlines, deadline: rule})


def test_a_deadline_that_runs_again_runs_from_there() -> None:
    workflow = changed("dispute_window", starts="collect", ends=("collect",), runs_again_after="dispute")
    assert runs_in(Machine(workflow), workflow.deadlines["dispute_window"]) == ["disputed"]
    assert reached(workflow, "dispute_window") == {"disputed"}
    steps = [step for arrow in chart_of(workflow).arrows for step in arrow.steps if step.action == "dispute"]
    assert [step.starts for step in steps] == [("④",)]


def test_only_a_deadline_that_runs_there_brings_a_case_along() -> None:
    workflow = changed("handling", at_end="close")
    (step,) = [step for arrow in chart_of(workflow).arrows for step in arrow.steps if step.action == "close"]
    assert step.timers == ("④",)


def test_what_stops_a_clock_and_what_another_deadline_starts_have_signs() -> None:
    chart = chart_of(WORKFLOWS["foi/foi"])
    signs = {timer.name: timer.sign for timer in chart.deadlines}
    steps = {step.action: step for arrow in chart.arrows for step in arrow.steps}
    assert signs["reply"] in steps["give_fees_notice"].stops
    assert signs["reply"] in steps["receive_fee"].restarts
    assert signs["reply"] in steps["answer"].ends
    assert signs["review_window"] in steps["answer"].starts
    text = full_mermaid(chart, "zh")
    assert f"‖{signs['reply']}" in text
    assert "期限：▶ 起算，■ 办结，‖ 中止，▷ 恢复" in text
    assert "‖" not in full_mermaid(chart_of(WORKFLOWS["objection"]), "zh")


def test_a_deadline_that_starts_when_another_has_passed_runs_from_where_that_one_ends() -> None:
    start = Start(deadline="dispute_window", once="passed")
    workflow = changed("collection", starts=start, ends=(), outlives_case=True)
    assert runs_in(Machine(workflow), workflow.deadlines["collection"]) == [
        "collected",
        "disputed",
        "expired",
        "revoked",
        "closed",
    ]
    (step,) = [step for arrow in chart_of(workflow).arrows for step in arrow.steps if step.action == "close"]
    assert step.starts == ("③",)


# -- a case in the picture


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_a_case_is_marked_by_signs_and_not_by_colour_alone(name: str, lang: Lang) -> None:
    workflow = WORKFLOWS[name]
    where = standing(workflow)
    chart = chart_of(workflow, where)
    lines = parsed(full_mermaid(chart, lang))
    titles = {line["state"].removeprefix("_"): line["title"] for line in lines if "state" in line}
    assert [state for state, title in titles.items() if title.startswith("●")] == [where.state]
    assert all(
        ("3 March" in title) == (state == where.state and bool(workflow.deadlines)) for state, title in titles.items()
    )
    assert sum(line.get("label", "").count("✓") for line in lines) == len(where.taken)
    classes = {line["class"]: line["classed"] for line in lines if "class" in line}
    assert classes["current"].removeprefix("_") == where.state
    drawn = dot(chart, lang)
    assert drawn.count("✓") - drawn.count("✓ 已走过") - drawn.count("✓ the way") == len(where.taken)
    assert len([line for line in drawn.splitlines() if "->" in line and "penwidth=2.6" in line]) >= len(where.taken)


def test_a_leg_of_a_junction_is_marked_where_it_was_taken() -> None:
    workflow = WORKFLOWS["objection"]
    steps = ((None, "submit", "submitted"), ("submitted", "accept", "accepted"), ("accepted", "withdraw", "withdrawn"))
    chart = chart_of(workflow, Standing(case="X", state="withdrawn", taken=steps))
    text = full_mermaid(chart, "zh")
    assert re.search(r"^ +accepted --> _junction\d+: ✓$", text, re.MULTILINE)
    assert re.search(r"^ +submitted --> _junction\d+$", text, re.MULTILINE)
    legs = [line for line in dot(chart, "zh").splitlines() if "arrowhead=none" in line]
    assert [line.split('"')[1] for line in legs if "penwidth" in line] == ["accepted"]


# -- texts as they stand

LABELS = (
    st.text(st.sampled_from('ab甲乙，“”（） "#;:<>{}[]%`\\&|-\n\t*=lt'), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=25)
@given(LABELS)
def test_mermaid_shows_any_title_as_it_stands(title: str) -> None:
    workflow = named(WORKFLOWS["marking"], title)
    plain = " ".join(title.split())
    for line in parsed(mermaid(workflow, "zh")):
        if "state" in line:
            assert shown(line["title"]) == plain
    labels = [shown(line["label"]) for line in parsed(full_mermaid(chart_of(workflow), "zh")) if "label" in line]
    assert f"{plain}（服务窗口） ▶①" in " ".join(labels)


@pytest.mark.parametrize("word", sorted(diagram._RESERVED))
def test_a_state_may_be_called_by_a_word_of_mermaids(word: str) -> None:
    body = msgspec.json.encode(WORKFLOWS["marking"]).replace(b'"received"', f'"{word}"'.encode())
    workflow = msgspec.json.decode(body, type=Workflow)
    for text in (mermaid(workflow, "zh"), full_mermaid(chart_of(workflow, standing(workflow)), "zh")):
        lines = parsed(text)
        names = [line[key] for line in lines for key in ("state", "source", "target", "note") if key in line]
        names += [name for line in lines for name in line.get("classed", "").split(",")]
        assert f"_{word}" in names
        assert word not in names


def strings(text: str) -> list[str]:
    """The quoted strings of a DOT text, without their quotes; the rest must be plain words and signs."""
    rest = re.sub(r'"(?:[^"\\]|\\.)*"', "S", text)
    assert re.fullmatch(r"[\w\s\[\]{}=,;.>#-]*", rest), rest
    return [match[1:-1] for match in re.findall(r'"(?:[^"\\]|\\.)*"', text)]


def drawn_lines(string: str) -> str:
    """What Graphviz shows of a string, with blanks for line ends."""
    plain = re.sub(r"\\(.)", lambda m: " " if m[1] in "nl" else m[1], string)
    return html.unescape(" ".join(plain.split()))


@settings(max_examples=25)
@given(LABELS)
def test_dot_shows_any_title_as_it_stands(title: str) -> None:
    workflow = named(WORKFLOWS["marking"], title)
    text = dot(chart_of(workflow), "zh")
    said = [drawn_lines(string) for string in strings(text)]
    assert sum(f"{' '.join(title.split())}（服务窗口）" in one for one in said) >= 5
    assert text.count("{") - sum(one.count("{") for one in strings(text)) == 1


@pytest.mark.parametrize(("name", "lang"), ALL)
def test_dot_has_a_box_for_each_state_and_double_ones_at_the_end(name: str, lang: Lang) -> None:
    workflow = WORKFLOWS[name]
    lines = dot(chart_of(workflow), lang).splitlines()
    boxes = {line.split('"')[1]: line for line in lines if re.match(r' +"[a-z_0-9]+" \[', line)}
    assert set(boxes) == set(workflow.states)
    assert {name for name, line in boxes.items() if "peripheries=2" in line} == {
        state for state, value in workflow.states.items() if value.final
    }


@NEEDS_DOT
@pytest.mark.parametrize("title", [None, NASTY])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_graphviz_draws_what_it_is_given(lang: Lang, title: str | None) -> None:
    workflow = WORKFLOWS["objection"] if title is None else named(WORKFLOWS["objection"], title)
    chart: Chart = chart_of(workflow, standing(workflow))
    done = subprocess.run(["dot", "-Tsvg"], input=dot(chart, lang).encode(), capture_output=True, check=True)
    assert done.stderr == b""
    document = ET.fromstring(done.stdout)  # noqa: S314 - what Graphviz has just written
    drawn = " ".join(e.text or "" for e in document.iter("{http://www.w3.org/2000/svg}text"))
    for state in workflow.states.values():
        for part in state.title.text.to(lang).split():
            assert part in drawn
