"""Asking in a terminal for what is missing, with sensible choices. No rule lives here.

What is missing, and what stands in the way, is found out by the engine's own check.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from rich.prompt import Confirm, Prompt

from credit_workflow.casework.cases import acting as casework
from credit_workflow.casework.cases.acting import Form, NewCase, Session
from credit_workflow.cli.language import language, say, t
from credit_workflow.cli.output import console
from credit_workflow.definition.model import Action, Field, Workflow
from credit_workflow.engine.values import Ground

_Find = Callable[[Form], list[Ground]]


def completed(session: Session, workflow: Workflow, action: str, case: str, form: Form) -> Form:
    """Return the form with what was missing asked for."""
    about = NewCase(workflow=workflow.workflow)
    return _asked(
        workflow, workflow.actions[action], form, lambda f: casework.check(session, action, f, case=case, new=about)
    )


def completed_new(session: Session, workflow: Workflow, new: NewCase, form: Form) -> tuple[NewCase, Form]:
    """Return the new case and its form with what was missing asked for."""
    if workflow.about == "person" and new.subject is None:
        new = replace(new, subject=Prompt.ask(t("证件号码", "ID number or code"), console=console()))
    if workflow.parent is None and workflow.about == "record" and new.record is None:
        new = replace(new, record=Prompt.ask(t("信用记录编号", "Record number"), console=console()))
    if workflow.parent is not None and new.parent is None:
        new = replace(new, parent=Prompt.ask(t("上级案件编号", "Parent case"), console=console()))
    name, action = workflow.opening
    asked = _asked(workflow, action, form, lambda f: casework.check(session, name, f, case=None, new=new))
    if action.takes_materials_of is not None and not asked.all_materials and not asked.materials:
        question = t("申请材料是否已全部核验？", "Have all materials of the application been seen?")
        asked = replace(asked, all_materials=Confirm.ask(question, console=console(), default=False))
    return new, asked


def _asked(workflow: Workflow, action: Action, form: Form, find: _Find) -> Form:
    given = dict(form.given)
    materials = dict(form.materials)
    refused: set[str] = set()
    while True:
        now = replace(form, given=given, materials=materials)
        found = find(now)
        names = [g.facts["value"] for g in found if g.code == "missing_values" and g.facts.get("value")]
        unseen = [g for g in found if g.code == "material" and g.facts["material"] not in refused]
        others = [g for g in found if g.code not in ("missing_values", "material")]
        if others or not (names or unseen):
            return now  # the action itself says what stands in the way
        for name in names:
            ask = action.ask(name)
            given[name] = _value(name, workflow.fields[ask.field or name])
        if not names:
            _confirm(workflow, unseen, materials, refused)


def _confirm(workflow: Workflow, unseen: list[Ground], materials: dict[str, str | None], refused: set[str]) -> None:
    for ground in unseen:
        kind = ground.facts["material"]
        title = say(workflow.materials[kind].title.text)
        if Confirm.ask(t(f"已核验：{title}？", f"Seen: {title}?"), console=console(), default=True):
            materials[kind] = None
        else:
            refused.add(kind)


def _value(name: str, field: Field) -> str:
    title = f"{say(field.title.text)} ({name})"
    if field.type == "choice":
        for key, meaning in field.choices.items():
            console().print(f"  {key}：{say(meaning.text)}")
        return Prompt.ask(title, choices=list(field.choices), console=console())
    if field.type == "boolean":
        return "true" if Confirm.ask(title, console=console()) else "false"
    if field.suggestions:
        listed = [s.zh if language() == "zh" else s.en for s in field.suggestions]
        return Prompt.ask(f"{title} [dim]{' / '.join(listed)}[/dim]", default=listed[0], console=console())
    if field.type == "integer" and field.at_most is not None:
        return Prompt.ask(f"{title} [dim]{field.at_least}–{field.at_most}[/dim]", console=console())
    if field.type == "record_values":
        example = '{"content": "…"}'
        return Prompt.ask(f"{title} [dim]{example}[/dim]", console=console())
    return Prompt.ask(title, console=console())
