"""``workflow diagram`` and ``workflow document``; what puts a picture of a workflow or of a case where it is wanted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from credit_workflow.cli.base import Commands
from credit_workflow.cli.context import ask, settings
from credit_workflow.cli.new_files import put_into
from credit_workflow.cli.options import argument, one_of, option
from credit_workflow.cli.output import SCREEN, emit
from credit_workflow.errors import NotFound
from credit_workflow.service.files import Handed, handed, is_file
from credit_workflow.text import Text

if TYPE_CHECKING:  # who shows a case draws nothing
    from credit_workflow.service.use_cases.rules import drawings

_FORMATS: tuple[drawings.PictureFormat, ...] = ("mermaid", "svg", "dot")
_SUFFIXES: dict[str, drawings.PictureFormat] = {
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".svg": "svg",
    ".dot": "dot",
    ".gv": "dot",
}

FormatOption = Annotated[
    str | None,
    option(
        "--format mermaid|svg|dot",
        "格式；缺省按文件后缀，再为 mermaid；svg 需要 Graphviz",
        "the format; else as the file is called, else mermaid; svg needs Graphviz",
    ),
]
OutOption = Annotated[Path | None, option("--out FILE", "写入的文件，须尚不存在", "where to; nothing may be there")]
_Target = Annotated[str, argument("ID|FILE", "流程名，或定义文件（YAML）", "a workflow's name, or a definition file")]


commands = Commands()


@commands.command("diagram")
def _diagram(target: _Target, form: FormatOption = None, out: OutOption = None) -> None:
    """The state machine with roles and deadlines, as a picture.

    状态图，含角色与期限（Mermaid、SVG 或 DOT）。
    """
    from credit_workflow.service.use_cases.rules import drawings  # noqa: PLC0415 - as above

    _put(ask(drawings.DrawWorkflow(workflow=_named(target), format=format_for(form, out))), out)


@commands.command("document")
def _document(target: _Target, out: OutOption = None, both: Annotated[bool, option("--both")] = False) -> None:
    """A workflow's documentation, generated from it as Markdown.

    由定义生成的流程说明（Markdown）。

    Options:
        both: in both languages side by side
            中英文对照
    """
    from credit_workflow.service.use_cases.rules import drawings  # noqa: PLC0415 - as above

    _put(ask(drawings.DocumentWorkflow(workflow=_named(target), both=both)), out)


def draw_case(case: str, form: str | None, out: Path | None) -> None:
    """Draw where a case stands; with JSON the case comes along."""
    from credit_workflow.service.use_cases.rules import drawings  # noqa: PLC0415 - as above

    picture = ask(drawings.DrawCase(case=case, format=format_for(form, out)))
    document = picture.document()
    put(picture.text, out, document, {name: value for name, value in document.items() if name != "diagram"})


def _named(target: str) -> str | Handed:
    """Return a workflow's name, or the file that is named instead.

    Raises:
        NotFound: there is no such file.
    """
    file = Path(target)
    if file.suffix.lower() not in (".yaml", ".yml"):
        return target
    if not is_file(file):
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file")
    return handed(file)


def format_for(form: str | None, out: Path | None) -> drawings.PictureFormat:
    """Return the format asked for: the one named, else that of the file's name, else Mermaid.

    Raises:
        UsageFault: there is no such format.
    """
    message = Text("没有格式 {f}；可用：{k}", "there is no format {f}; known: {k}").fill(f=form, k="、".join(_FORMATS))
    by_name = _SUFFIXES.get(out.suffix.lower(), "mermaid") if out else "mermaid"
    return one_of(_FORMATS, form, message, "format") or by_name


def _put(drawing: drawings.Drawing, out: Path | None) -> None:
    put(drawing.text, out, drawing.document(), {"id": drawing.id, "format": drawing.format})


def put(text: str, out: Path | None, shown: dict[str, Any], written: dict[str, Any]) -> None:
    """Write a text where it is wanted: into a new file, or onto the screen, or into JSON.

    Args:
        text: what to write.
        out: the file, if any.
        shown: the JSON document with the text in it.
        written: what the JSON document says beside the file's name, where there is one.

    Raises:
        Refused: the file exists, or can't be written.
        NotFound: its folder does not.
    """
    if out is not None and out != SCREEN:
        put_into(out, text.encode(), written)
    elif settings().json:
        emit(shown)
    else:
        sys.stdout.write(text)
