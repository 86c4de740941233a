"""Draw workflows in DOT, the language of Graphviz."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from credit_workflow.authoring.drawing.chart import Arrow, Chart, Node
from credit_workflow.authoring.drawing.mermaid import arrow_lines, node_lines, signs_words
from credit_workflow.definition.words.wording import width, wrapped
from credit_workflow.errors import Refused
from credit_workflow.text import Lang, Text

#: The first font found on the machine is taken; each of these has Chinese characters.
FONTS = "Noto Sans CJK SC,Source Han Sans SC,Microsoft YaHei,PingFang SC,WenQuanYi Zen Hei,sans-serif"
_DARK, _PALE, _GREY = "#1f4e79", "#dce9f5", "#5f6b76"
_LEGEND = 96
_POINTS = 72
#: A drawing takes well under a second; nobody waits longer than this for one.
_PATIENCE = 60


def dot(chart: Chart, lang: Lang) -> str:
    """Return a picture as DOT text: ``dot -Tsvg`` draws it.

    A state is a box, a final one a double box, the passing of a deadline a dashed arrow. Of a
    case, the present state is filled and the way taken is thick.
    """
    title = chart.title.to(lang)
    if chart.standing is not None:
        title = f"{chart.standing.case} · {title}"
    legend = "".join(f"{escaped(line)}\\l" for line in _legend(chart, lang))
    head = [
        f"graph [rankdir=TB, nodesep=0.45, ranksep=0.5, bgcolor=white, pad=0.25, {_font(10)}];",
        f'graph [labeljust=l, labelloc=b, label="\\n{legend}", tooltip={quoted(title)}];',
        f'node [shape=box, style="rounded,filled", fillcolor=white, color="{_GREY}", margin="0.16,0.08", {_font(12)}];',
        f'edge [color="{_GREY}", arrowsize=0.7, {_font(10)}];',
        '"(start)" [shape=circle, label="", width=0.18, height=0.18, fixedsize=true, fillcolor=black, color=black];',
    ]
    body = [*head, *(_node(chart, node, lang) for node in chart.nodes)]
    for number, arrow in enumerate(chart.arrows):
        body += _arrow(chart, arrow, number, lang)
    lines = "\n".join(f"    {line}" for line in body)
    return f"digraph {quoted(title)} {{\n{lines}\n}}\n"


def svg_of(text: str) -> str:
    """Return what Graphviz draws of a DOT text.

    Raises:
        Refused: Graphviz is not installed, or can't draw it.
    """
    program = shutil.which("dot")
    if program is None:
        message = Text(
            "未找到 Graphviz 的 dot 程序，不能画 SVG；请安装 Graphviz（graphviz.org）并使 dot 在 PATH 中，"
            "或改用 --format mermaid、--format dot",
            "SVG is drawn by Graphviz, and its program dot is not here; install Graphviz (graphviz.org) so that "
            "dot is on the PATH, or use --format mermaid or --format dot",
        )
        raise Refused(message, code="no_graphviz")
    try:
        done = subprocess.run(  # noqa: S603 - the program found above, and nothing of the user's among its words
            [program, "-Tsvg", "-Gcharset=utf-8"],
            input=text.encode(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
        fault = done.stderr.decode(errors="replace") if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as caught:
        done, fault = None, str(caught)
    if done is None or fault:
        message = Text("Graphviz 未能画图：{w}", "Graphviz could not draw it: {w}")
        raise Refused(message.fill(w=" ".join(fault.split())[:200]), code="graphviz_failed")
    return done.stdout.decode()


def _legend(chart: Chart, lang: Lang) -> list[str]:
    """Return the words below the picture, in lines of a length that fits a page."""
    said = [*signs_words(chart, lang), *(f"{one.sign} {one.words.to(lang)}" for one in chart.deadlines)]
    if chart.staying and chart.standing is None:
        said.append("不改变状态的步骤：" if lang == "zh" else "Actions that leave the state as it is:")
        said += [f"· {one.to(lang)}" for one in chart.staying]
    return [line for one in said for line in wrapped(one, _LEGEND)]


def escaped(text: str) -> str:
    """Return a text for within the quotes of a DOT label, shown as it stands."""
    plain = " ".join(text.split()).replace("&", "&amp;")  # Graphviz reads entities
    return plain.replace("\\", "\\\\").replace('"', '\\"')


def quoted(text: str) -> str:
    """Return a text as a quoted DOT name."""
    return f'"{escaped(text)}"'


def _font(size: int) -> str:
    return f'fontname="{FONTS}", fontsize={size}'


def _node(chart: Chart, node: Node, lang: Lang) -> str:
    lines = node_lines(chart, node, lang)
    # Where Graphviz does not have the font it measures Chinese too narrow: say how wide the box must be.
    wide = max(width(line) for line in lines) * 6.6 / _POINTS + 0.32
    label = "\\n".join(escaped(line) for line in lines)
    more = ", peripheries=2" if node.final else ""
    standing = chart.standing
    if standing is not None and node.name == standing.state:
        more += f', fillcolor="{_DARK}", color="{_DARK}", fontcolor=white, penwidth=2'
    elif standing is not None and node.name in standing.visited:
        more += f', fillcolor="{_PALE}", color="{_DARK}", penwidth=2'
    return f'{quoted(node.name)} [label="{label}", width={wide:.2f}{more}];'


def _arrow(chart: Chart, arrow: Arrow, number: int, lang: Lang) -> Iterator[str]:
    label = "\\l".join(escaped(f" {line}") for line in arrow_lines(chart, arrow, lang)) + "\\l"
    dashed = ["style=dashed"] if arrow.timed else []
    if len(arrow.sources) <= 1:
        source = arrow.sources[0] if arrow.sources else None
        more = [f'label="{label}"', *dashed, *_bold(chart, arrow, source), *_straight(chart, source, arrow.target)]
        yield _edge(source or "(start)", arrow.target, more)
        return
    junction = f"(junction {number})"
    yield f'{quoted(junction)} [shape=point, width=0.06, color="{_GREY}"];'
    for source in arrow.sources:
        yield _edge(source, junction, ["arrowhead=none", "weight=0", *dashed, *_bold(chart, arrow, source)])
    ways = [bold for source in arrow.sources for bold in _bold(chart, arrow, source)]
    yield _edge(junction, arrow.target, [f'label="{label}"', *dashed, *dict.fromkeys(ways)])


def _straight(chart: Chart, source: str | None, target: str) -> list[str]:
    """Keep the way that the definition's order of states follows as straight as can be."""
    names = [node.name for node in chart.nodes]
    forward = source is None or names.index(source) + 1 == names.index(target)
    return ["weight=9"] if forward else []


def _edge(source: str, target: str, more: list[str]) -> str:
    return f"{quoted(source)} -> {quoted(target)} [{', '.join(more)}];"


def _bold(chart: Chart, arrow: Arrow, source: str | None) -> list[str]:
    if not chart.taken(source, *arrow.steps):
        return []
    return ["penwidth=2.6", f'color="{_DARK}"', f'fontcolor="{_DARK}"']
