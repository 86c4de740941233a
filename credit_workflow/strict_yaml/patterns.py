"""Hold what is read from files to a given form.

msgspec compiles the patterns of its own ``Meta`` into the types that it keeps, and with them the
interpreter can crash at its end (seen with 0.20 to 0.22, at about one end in four; msgspec issue
717). So patterns stand in the JSON Schema alone, and `credit_workflow.strict_yaml.decoding` checks them.
"""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from typing import Annotated

from msgspec import Meta, Struct

from credit_workflow.text import Text


def form(pattern: str, description: str | None = None) -> Meta:
    """Return the annotation of a text that must match a pattern (anchored by the pattern itself)."""
    return Meta(description=description, extra_json_schema={"pattern": pattern})


Day = Annotated[str, form(r"^\d{4}-\d{2}-\d{2}$", "a day such as 2026-01-01")]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of all parts of a file."""


class Title(Part, frozen=True, kw_only=True):
    """A title in both languages."""

    zh: Annotated[str, Meta(min_length=1)]
    en: Annotated[str, Meta(min_length=1)]

    @property
    def text(self) -> Text:
        """The title as a `Text`."""
        return Text(self.zh, self.en)
