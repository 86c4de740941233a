"""What states, actions, roles, materials and values are called for people."""

from __future__ import annotations

from typing import Any

import msgspec

from credit_workflow.cli.language import language, say, t
from credit_workflow.definition.model import Workflow
from credit_workflow.text import Text

#: What the program itself does to a case, besides the steps of its definition.
_OWN = {
    "assign": Text("分派", "assigned"),
    "migrate": Text("改用流程版本", "version of the definition"),
    "recount": Text("期限重新计算", "deadlines counted again"),
    "rectified": Text("更正后重新计算", "counted anew"),
}


def action_title(workflow: Workflow, name: str) -> str:
    """Return an action's title; the program's own have one too."""
    action = workflow.actions.get(name)
    if action is None:
        return say(_OWN[name]) if name in _OWN else name
    return say(action.title.text)


def state_title(workflow: Workflow, name: str) -> str:
    """Return a state's title."""
    state = workflow.states.get(name)
    return say(state.title.text) if state else name


def role_title(workflow: Workflow, name: str) -> str:
    """Return a role's title."""
    role = workflow.roles.get(name)
    return say(role.title.text) if role else name


def material_title(workflow: Workflow, kind: str) -> str:
    """Return the title of a kind of material, or of what counts as it."""
    if kind in workflow.materials:
        return say(workflow.materials[kind].title.text)
    other = next((m.accepts[kind] for m in workflow.materials.values() if kind in m.accepts), None)
    return say(other.text) if other else kind


def plain(value: Any, workflow: Workflow, name: str) -> str:
    """Return a field's value as people read it."""
    field = workflow.fields.get(name)
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    if field is not None and field.type == "choice" and value in field.choices:
        return say(field.choices[value].text)
    if field is not None and field.type == "rows":
        return t(f"{len(value)} 条", f"{len(value)} rows")
    if field is not None and field.type == "several":
        return t("、", ", ").join(say(field.choices[one].text) if one in field.choices else one for one in value)
    if isinstance(value, list):
        return t("、", ", ").join(map(str, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def weekday(day: Any) -> str:
    """Return the short name of a day's weekday."""
    if language() == "en":
        return str(day.strftime("%a"))
    return "周" + "一二三四五六日"[day.weekday()]
