"""``workflow diagram`` and ``workflow document``; what draws a picture of a workflow or of a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from credit_workflow.cli.base import Command
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import language, t
from credit_workflow.cli.output import SCREEN, emit
from credit_workflow.definition.model import Workflow
from credit_workflow.errors import CreditWorkflowError, NotFound, Refused, UsageFault
from credit_workflow.resources import is_file
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.authoring.drawing.chart import Chart
    from credit_workflow.casework.cases.snapshot import Snapshot

Format = Literal["mermaid", "svg", "dot"]
FORMATS: tuple[Format, ...] = ("mermaid", "svg", "dot")
_SUFFIXES: dict[str, Format] = {".mmd": "mermaid", ".mermaid": "mermaid", ".svg": "svg", ".dot": "dot", ".gv": "dot"}
#: A drawing takes well under a second; nobody waits longer than this for one.
_PATIENCE = 60

FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="mermaid|svg|dot",
        help=t(
            "格式；缺省按文件后缀，再为 mermaid；svg 需要 Graphviz",
            "the format; else as the file is called, else mermaid; svg needs Graphviz",
        ),
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help=t("写入的文件，须尚不存在", "where to; nothing may be there")),
]
_Target = Annotated[
    str,
    typer.Argument(metavar="ID|FILE", help=t("流程名，或定义文件（YAML）", "a workflow's name, or a definition file")),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the group ``workflow``."""
    app.command(
        "diagram",
        cls=Command,
        help=t(
            "状态图，含角色与期限（Mermaid、SVG 或 DOT）。", "The state machine with roles and deadlines, as a picture."
        ),
    )(_diagram)
    app.command(
        "document",
        cls=Command,
        help=t("由定义生成的流程说明（Markdown）。", "A workflow's documentation, generated from it as Markdown."),
    )(_document)


def _diagram(target: _Target, form: FormatOption = None, out: OutOption = None) -> None:
    from credit_workflow.authoring.drawing.chart import chart_of  # noqa: PLC0415 - most commands draw nothing

    workflow = workflow_of(target)
    wanted = format_for(form, out)
    put(drawn(chart_of(workflow), wanted), wanted, out, {"id": workflow.workflow})


def _document(
    target: _Target,
    out: OutOption = None,
    both: Annotated[bool, typer.Option("--both", help=t("中英文对照", "in both languages side by side"))] = False,
) -> None:
    from credit_workflow.authoring.drawing.workflow_document import document  # noqa: PLC0415 - not needed for a diagram

    workflow = workflow_of(target)
    text = document(workflow, "both" if both else language())
    put(text, "markdown", out, {"id": workflow.workflow})


def draw_case(desk: Snapshot, view: dict[str, Any], form: str | None, out: Path | None) -> None:
    """Draw where a case stands; with JSON the case comes along, and the picture is its ``diagram``."""
    from credit_workflow.authoring.drawing.route import case_chart  # noqa: PLC0415 - other pictures need no case

    wanted = format_for(form, out)
    text = drawn(case_chart(desk, view["case"]), wanted)
    put(text, wanted, out, view, "diagram")


def workflow_of(target: str) -> Workflow:
    """Return the workflow of a name, or of a file, which needs neither database nor account.

    Raises:
        NotFound: there is no such workflow, and no such file.
        DefinitionFault: the file has a mistake.
    """
    file = Path(target)
    if file.suffix.lower() in (".yaml", ".yml"):
        return _from_file(file)
    found = settings().definitions.get(target)
    if found is None:
        known = "、".join(settings().definitions)
        message = Text(
            "没有流程 {n}；现有：{k}；定义文件须以 .yaml 结尾",
            "there is no workflow {n}; known: {k}; a definition file ends in .yaml",
        )
        raise NotFound(message.fill(n=target, k=known), code="no_workflow")
    return found.workflow


def _from_file(file: Path) -> Workflow:
    from credit_workflow.definition.reader import read_workflows  # noqa: PLC0415 - reads YAML

    if not is_file(file):
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file")
    try:
        known = {name: d.workflow for name, d in settings().definitions.items()}
    except CreditWorkflowError:
        known = {}  # those in force have mistakes of their own
    (source,) = read_workflows([file], known).values()
    return source.workflow


def format_for(form: str | None, out: Path | None) -> Format:
    """Return the format asked for: the one named, else that of the file's name, else Mermaid.

    Raises:
        UsageFault: there is no such format.
    """
    if form is None:
        return _SUFFIXES.get(out.suffix.lower(), "mermaid") if out else "mermaid"
    for known in FORMATS:
        if form == known:
            return known
    message = Text("没有格式 {f}；可用：{k}", "there is no format {f}; known: {k}")
    raise UsageFault(message.fill(f=form, k="、".join(FORMATS)), code="format")


def drawn(chart: Chart, form: Format) -> str:
    """Return a picture as text of a format, in the language settled on."""
    from credit_workflow.authoring.drawing.graphviz import dot  # noqa: PLC0415 - as above
    from credit_workflow.authoring.drawing.mermaid import full_mermaid  # noqa: PLC0415 - most commands draw nothing

    if form == "mermaid":
        return full_mermaid(chart, language()) + "\n"
    text = dot(chart, language())
    return text if form == "dot" else svg_of(text)


def svg_of(text: str) -> str:
    """Return what Graphviz draws of a DOT text.

    Raises:
        Refused: Graphviz is not installed, or can't draw it.
    """
    import shutil  # noqa: PLC0415 - as above
    import subprocess  # noqa: PLC0415 - as above

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


def put(text: str, form: str, out: Path | None, document: dict[str, Any], key: str | None = None) -> None:
    """Write a text where it is wanted: into a new file, or onto the screen, or into JSON.

    Args:
        text: what to write.
        form: its format.
        out: the file, if any.
        document: what else the JSON document says.
        key: under which key the text stands there; that of its format unless given.

    Raises:
        Refused: the file exists, or can't be written.
        NotFound: its folder does not.
    """
    if out is not None and out != SCREEN:
        from credit_workflow.cli.files import not_there, write_new  # noqa: PLC0415 - not needed on the screen

        not_there(out)
        write_new(out, text.encode())
        document = {**document, "format": form, "file": str(out)}
        if settings().json:
            emit(document)
        else:
            print(t(f"已写入 {out}。", f"wrote {out}."))
        return
    if settings().json:
        emit({**document, "format": form, key or form: text.rstrip("\n")})
        return
    sys.stdout.write(text)
