"""Draw workflows and cases in them, and write workflows' documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from credit_workflow.authoring.drawing.chart import Chart, chart_of
from credit_workflow.authoring.drawing.graphviz import dot, svg_of
from credit_workflow.authoring.drawing.mermaid import full_mermaid
from credit_workflow.authoring.drawing.route import case_chart
from credit_workflow.authoring.drawing.workflow_document import document
from credit_workflow.casework.cases.listing import show_case
from credit_workflow.casework.rulebook.definition_answers import CasePicture, Drawing, PictureFormat
from credit_workflow.errors import NotFound
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work
from credit_workflow.strict_yaml.handed import Handed
from credit_workflow.text import Lang, Text

if TYPE_CHECKING:
    from credit_workflow.definition.model import Workflow


class DrawWorkflow(Request[Drawing], frozen=True, kw_only=True):
    """Draw a workflow's states, with roles and deadlines.

    Args:
        workflow: its name, or a file with its definition.
        format: Mermaid, DOT, or SVG, which needs Graphviz.
    """

    workflow: str | Handed
    format: PictureFormat = "mermaid"


class DocumentWorkflow(Request[Drawing], frozen=True, kw_only=True):
    """Write a workflow's documentation from its definition, as Markdown.

    Args:
        workflow: its name, or a file with its definition.
        both: in both languages side by side.
    """

    workflow: str | Handed
    both: bool = False


class DrawCase(Request[CasePicture], frozen=True, kw_only=True):
    """Draw the workflow of a case, with where the case stands and how it came there.

    Args:
        case: its number.
        format: as of `DrawWorkflow`.
    """

    case: str
    format: PictureFormat = "mermaid"


def draw_workflow(work: Work, request: DrawWorkflow) -> Drawing:
    """Draw a workflow.

    Raises:
        NotFound: there is no such workflow.
        DefinitionFault: the file has a mistake.
        Refused: there is no Graphviz for SVG.
    """
    workflow = _workflow(work, request.workflow)
    text = _drawn(chart_of(workflow), request.format, work.lang)
    return Drawing(id=workflow.workflow, format=request.format, text=text)


def document_workflow(work: Work, request: DocumentWorkflow) -> Drawing:
    """Write a workflow's documentation.

    Raises:
        NotFound: there is no such workflow.
        DefinitionFault: the file has a mistake.
    """
    workflow = _workflow(work, request.workflow)
    text = document(workflow, "both" if request.both else work.lang)
    return Drawing(id=workflow.workflow, format="markdown", text=text)


def draw_case(work: Work, request: DrawCase) -> CasePicture:
    """Draw where a case stands; the picture shows nobody.

    Raises:
        NotFound: there is no such case.
        Refused: there is no Graphviz for SVG.
    """
    work.sight.known(request.case)
    text = _drawn(case_chart(work.snapshot, request.case), request.format, work.lang)
    shown = show_case(work.snapshot, request.case, work.viewer)
    return CasePicture(case=shown, format=request.format, text=text)


def _workflow(work: Work, wanted: str | Handed) -> Workflow:
    if isinstance(wanted, Handed):
        from credit_workflow.definition.reader import read_workflows  # noqa: PLC0415 - reads YAML

        (source,) = read_workflows([wanted], work.known_workflows).values()
        return source.value
    found = work.known_definitions.get(wanted)
    if found is None:
        message = Text(
            "没有流程 {n}；现有：{k}；定义文件须以 .yaml 结尾",
            "there is no workflow {n}; known: {k}; a definition file ends in .yaml",
        )
        raise NotFound(message.fill(n=wanted, k="、".join(work.known_definitions)), code="no_workflow")
    return found.workflow


def _drawn(chart: Chart, form: PictureFormat, lang: Lang) -> str:
    if form == "mermaid":
        return full_mermaid(chart, lang) + "\n"
    text = dot(chart, lang)
    return text if form == "dot" else svg_of(text)
