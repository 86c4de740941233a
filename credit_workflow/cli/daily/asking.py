"""Ask in a terminal for what is missing, with sensible choices. No rule lives here.

What is missing, and what stands in the way, is found out by the office's own check.
"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec.structs import replace

from credit_workflow.cli.context import ask
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.output import console
from credit_workflow.cli.prompts import Confirm, Prompt
from credit_workflow.service.files import Handed
from credit_workflow.service.use_cases.daily.acting import Ground, SubmitCase, TakeAction
from credit_workflow.service.use_cases.daily.workflows import ActionForm, FieldForm, WorkflowForm

R = TypeVar("R", SubmitCase, TakeAction)


def completed(form: WorkflowForm, request: SubmitCase | TakeAction) -> SubmitCase | TakeAction:
    """Return the request with what was missing asked for."""
    return _completed_new(form, request) if isinstance(request, SubmitCase) else _completed(form, request)


def _completed(form: WorkflowForm, request: TakeAction) -> TakeAction:
    """Return the request completed; it holds to the version of the case that was seen."""
    if request.expect_version is None:
        request = replace(request, expect_version=ask(request.check()).version)
    return _asked(form, form.actions[request.action], request)


def _completed_new(form: WorkflowForm, request: SubmitCase) -> SubmitCase:
    if form.about == "person" and request.subject is None:
        request = replace(request, subject=Prompt.ask(t("证件号码", "ID number or code"), console=console()))
    if form.parent is None and form.about == "record" and request.record is None:
        request = _record(form, request)
    if form.parent is not None and form.parent_needed and request.parent is None:
        request = replace(request, parent=Prompt.ask(t("上级案件编号", "Parent case"), console=console()))
    _, action = form.opening
    asked = _asked(form, action, request)
    if action.takes_materials_of is not None and not asked.all_materials and not asked.materials:
        question = _whether_all_was_seen(form, action)
        asked = replace(asked, all_materials=Confirm.ask(question, console=console(), default=False))
    return asked


def _record(form: WorkflowForm, request: SubmitCase) -> SubmitCase:
    """Return the request with its record, or with whose case it is where there is none."""
    _, action = form.opening
    instead, question = action.instead_of_record, t("信用记录编号", "Record number")
    if not any(name in request.values for name in instead):
        none = f"{question} [dim]{t('没有的，直接回车', 'none: press Enter')}[/dim]"
        record = Prompt.ask(none, default="", show_default=False, console=console()) if instead else None
        record = record if instead else Prompt.ask(question, console=console())
        if record:
            return replace(request, record=record)
    subject = request.subject or Prompt.ask(t("申请人证件号码", "The applicant's ID number or code"), console=console())
    values = dict(request.values)
    for name in instead:
        if name not in values:
            values[name] = _value(name, form.fields[action.asks[name].field])
    return replace(request, subject=subject, values=values)


def _whether_all_was_seen(form: WorkflowForm, action: ActionForm) -> str:
    """Return the question whether all materials were seen, with what the answer vouches for besides."""
    titles = [say(form.fields[asked.field].title) for asked in action.asks.values() if asked.vouched]
    question = t("申请材料是否已全部核验？", "Have all materials of the application been seen?")
    also = t(f"（并确认：{'、'.join(titles)}）", f" (which also says: {', '.join(titles)})")
    return question + also if titles else question


def _asked(form: WorkflowForm, action: ActionForm, request: R) -> R:
    given: dict[str, Any] = dict(request.values)
    materials: dict[str, Handed | None] = dict(request.materials)
    refused: set[str] = set()
    while True:
        now = replace(request, values=given, materials=materials)
        found = ask(now.check()).grounds
        names = [g.facts["value"] for g in found if g.code == "missing_values" and g.facts.get("value")]
        unseen = [g for g in found if g.code == "material" and g.facts["material"] not in refused]
        met_by = {field for g in found for field in g.facts.get("wanted", ())}
        others = [g for g in found if g.code not in ("missing_values", "material") and not g.facts.get("wanted")]
        if not others and not names and not unseen and not refused:
            names = [name for name, asked in action.asks.items() if asked.field in met_by and name not in given]
        if others or not (names or unseen):
            return now  # the action itself says what stands in the way
        for name in names:
            given[name] = _value(name, form.fields[action.asks[name].field])
        if not names:
            _confirm(form, unseen, materials, refused)


def _confirm(form: WorkflowForm, unseen: list[Ground], materials: dict[str, Handed | None], refused: set[str]) -> None:
    for ground in unseen:
        kind = ground.facts["material"]
        title = form.material_title(kind, language())
        if Confirm.ask(t(f"已核验：{title}？", f"Seen: {title}?"), console=console(), default=True):
            materials[kind] = None
        else:
            refused.add(kind)


def _value(name: str, field: FieldForm) -> str:
    title = f"{say(field.title)} ({name})"
    if field.type == "choice":
        for key, meaning in field.choices.items():
            console().print(f"  {key}{t('：', ': ')}{say(meaning)}")
        return Prompt.ask(title, choices=list(field.choices), console=console())
    if field.type == "boolean":
        return "true" if Confirm.ask(title, console=console()) else "false"
    if field.suggestions:
        listed = [say(suggestion) for suggestion in field.suggestions]
        return Prompt.ask(f"{title} [dim]{' / '.join(listed)}[/dim]", default=listed[0], console=console())
    if field.type == "integer" and field.at_most is not None:
        return Prompt.ask(f"{title} [dim]{field.at_least}–{field.at_most}[/dim]", console=console())
    if field.type == "record_values":
        example = '{"content": "…"}'
        return Prompt.ask(f"{title} [dim]{example}[/dim]", console=console())
    return Prompt.ask(title, console=console())
