"""Describe definitions to those who keep the rules: shown, drawn, checked, compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from credit_workflow.casework.answer import Page, Value
from credit_workflow.casework.cases.case_answers import Case

PictureFormat = Literal["mermaid", "svg", "dot"]


class WorkflowHead(Value, frozen=True, kw_only=True):
    """A workflow's name, version and title; ``source`` is the regulation."""

    id: str
    version: int
    title: str
    source: str


class Workflows(Value, frozen=True, kw_only=True):
    """The workflows that there are, in the order of their files."""

    workflows: tuple[WorkflowHead, ...]


class ShownState(Value, frozen=True, kw_only=True):
    """A state; ``waits_for`` is the title of a role, None where nobody is waited for."""

    id: str
    title: str
    final: bool
    waits_for: str | None


class ShownAction(Value, frozen=True, kw_only=True):
    """An action: from which states it is taken (``any`` and ``open`` stand for several), to which, by which roles.

    ``to`` is None where it leaves the state as it is; ``by`` are titles.
    """

    id: str
    title: str
    origin: tuple[str, ...]
    to: str | None
    by: tuple[str, ...]
    source: str


class ShownDeadline(Value, frozen=True, kw_only=True):
    """A deadline: its ``lengths`` in words, the actions that start and end it, and what happens at its end.

    ``shifted``: a last day that is a day off moves on. ``after``: the deadline that starts it, and
    whether that one was ``met`` or has ``passed``; None where actions start it.
    """

    id: str
    title: str
    lengths: tuple[str, ...]
    shifted: bool
    starts: tuple[str, ...]
    after: tuple[str, str] | None
    ends: tuple[str, ...]
    at_end: str | None
    source: str


class ShownDefinition(WorkflowHead, frozen=True, kw_only=True):
    """A definition: for people its parts with their titles, for programs the whole of it (``body``)."""

    digest: str
    states: tuple[ShownState, ...]
    actions: tuple[ShownAction, ...]
    deadlines: tuple[ShownDeadline, ...]
    body: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it: all that the file says, with its defaults."""
        return {"id": self.id, "digest": self.digest, **self.body}


class FormSchema(Value, frozen=True, kw_only=True):
    """The JSON Schema (2020-12) of a kind of file."""

    schema: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """Return the schema itself."""
        return dict(self.schema)


class Drawing(Value, frozen=True, kw_only=True):
    """A workflow's picture, or its documentation, as ``text`` of a ``format``; in JSON it stands under that name."""

    id: str
    format: str
    text: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it; the text without its last line's end."""
        return {"id": self.id, "format": self.format, self.format: self.text.rstrip("\n")}


class CasePicture(Value, frozen=True, kw_only=True):
    """The picture of a case's workflow with the case in it, as ``text`` of a ``format``."""

    case: Case
    format: PictureFormat
    text: str

    def document(self) -> dict[str, Any]:
        """Return the case as JSON has it, with its picture as ``diagram``, without its last line's end."""
        return {**self.case.document(), "format": self.format, "diagram": self.text.rstrip("\n")}


class Finding(Value, frozen=True, kw_only=True, omit_defaults=True):
    """Something found in a definition file; ``reason`` is why the file says that it is meant, None where it doesn't."""

    file: str
    line: int
    key: str
    message: str
    workflow: str
    code: str
    severity: str
    advice: str
    reason: str | None = None


class Checked(Value, frozen=True, kw_only=True):
    """What was found in sound definitions: ``problems`` to look at, and what they say is ``meant``."""

    ok: bool
    workflows: tuple[str, ...]
    problems: tuple[Finding, ...]
    meant: tuple[Finding, ...]


class Difference(Value, frozen=True, kw_only=True):
    """One difference between two versions.

    ``part`` is the kind of thing (empty for the definition itself), ``name`` which one, ``key`` the
    dotted key within it (empty where the whole came or went); ``old`` and ``new`` are plain values.
    """

    part: str
    name: str
    key: str
    what: Literal["added", "removed", "changed"]
    old: Any
    new: Any
    text: str


class Version(Value, frozen=True, kw_only=True):
    """A version of a workflow, with the SHA-256 of its text."""

    workflow: str
    version: int
    digest: str


class Differences(Page, frozen=True, kw_only=True, rename={"old": "from", "new": "to"}):
    """What two versions differ in; in JSON ``old`` and ``new`` are ``from`` and ``to``. ``title`` is the new one's."""

    ASIDE = ("title",)

    old: Version
    new: Version
    differences: tuple[Difference, ...]
    title: str
