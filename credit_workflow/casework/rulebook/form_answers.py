"""Describe what a workflow asks people for, and what its parts are called: for screens, prompts and help.

Texts stand in both languages, so that whoever keeps them can speak either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from credit_workflow.casework.answer import Value
from credit_workflow.text import Lang, Text

#: The action by which an account gets a first password; its command is the face's own.
RESET = "reset_password"
#: What the program itself does to a case, besides the steps of its definition.
_OWN = {
    "assign": Text("分派", "assigned"),
    "migrate": Text("改用流程版本", "version of the definition"),
    "recount": Text("期限重新计算", "deadlines counted again"),
    "rectified": Text("更正后重新计算", "counted anew"),
    "reopened": Text("按期提出，恢复办理", "open again: filed in time"),
}


class FieldForm(Value, frozen=True, kw_only=True):
    """A value that a case can have; ``at_least`` and ``at_most`` bound a number."""

    title: Text
    type: str
    choices: Mapping[str, Text]
    suggestions: tuple[Text, ...]
    at_least: int | None
    at_most: int | None


class AskForm(Value, frozen=True, kw_only=True):
    """How an action asks for a field: whether it must be given, has a default, or is asked for only sometimes.

    ``vouched`` says that whoever says that all materials were seen may say it with that.
    """

    field: str
    required: bool
    default: bool
    sometimes: bool
    vouched: bool = False

    @property
    def must_be_given(self) -> bool:
        """Whether it must be given whenever it is asked for."""
        return self.required and not self.default


class ActionForm(Value, frozen=True, kw_only=True):
    """What somebody can do: from which states, by which roles, and what it asks for.

    ``takes_materials_of`` names the action whose materials may be handed in with this one;
    ``shows`` the field of records that it gives to read; ``filing`` says that the day of the filing
    can be given, ``several`` that several records can be named, and ``instead_of_record`` what
    can be given instead of one.
    """

    title: Text
    source: str
    by: tuple[str, ...]
    opens: bool
    by_people: bool
    states: tuple[str, ...]
    asks: Mapping[str, AskForm]
    materials: tuple[str, ...]
    takes_materials_of: str | None
    shows: str | None
    filing: bool
    several: bool
    instead_of_record: tuple[str, ...]


class WorkflowForm(Value, frozen=True, kw_only=True):
    """A workflow as people meet it.

    ``looks_up`` says whether it looks up people's records, and whose, ``keeps_log`` whether its applications are
    listed in a log.
    """

    id: str
    version: int
    title: Text
    source: str
    about: Literal["record", "account", "person", "nothing"]
    parent: str | None
    parent_needed: bool = True
    looks_up: Literal["subject", "other"] | None
    keeps_log: bool = False
    roles: Mapping[str, Text]
    states: Mapping[str, Text]
    actions: Mapping[str, ActionForm]
    fields: Mapping[str, FieldForm]
    materials: Mapping[str, Text]
    deadlines: Mapping[str, Text]

    @property
    def opening(self) -> tuple[str, ActionForm]:
        """The action that opens a case, with its name."""
        return next((name, action) for name, action in self.actions.items() if action.opens)

    def action_title(self, name: str, lang: Lang) -> str:
        """Return an action's title; the program's own have one too."""
        action = self.actions.get(name)
        known = _OWN.get(name) if action is None else action.title
        return name if known is None else known.to(lang)

    def state_title(self, name: str, lang: Lang) -> str:
        """Return a state's title."""
        return _to(self.states, name, lang)

    def role_title(self, name: str, lang: Lang) -> str:
        """Return a role's title."""
        return _to(self.roles, name, lang)

    def material_title(self, kind: str, lang: Lang) -> str:
        """Return the title of a kind of material, or of what counts as it."""
        return _to(self.materials, kind, lang)

    def deadline_title(self, name: str, lang: Lang) -> str:
        """Return a deadline's title."""
        return _to(self.deadlines, name, lang)


class Workflow(Value, frozen=True, kw_only=True):
    """A definition in force for new cases; ``actions`` are those that people take, in its order."""

    id: str
    version: int
    title: str
    actions: tuple[str, ...]


class Forms(Value, frozen=True, kw_only=True):
    """Workflows as people meet them, by their names."""

    workflows: Mapping[str, WorkflowForm]


class Names(Value, frozen=True, kw_only=True):
    """Names that begin as asked, each with what it is."""

    names: tuple[tuple[str, str], ...]


def _to(titles: Mapping[str, Text], name: str, lang: Lang) -> str:
    return titles[name].to(lang) if name in titles else name
