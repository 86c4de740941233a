"""Describe what a definition says to ``workflow check`` alone."""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from msgspec import field

from credit_workflow.definition.elements import Identifier
from credit_workflow.strict_yaml.patterns import Part, Title


class OwnNumbering(Part, frozen=True, kw_only=True):
    """How a text numbers its parts, and how they are cited: regular expressions with one group, the number."""

    in_text: str
    cited: str


class Checking(Part, frozen=True, kw_only=True):
    """What ``workflow check`` is told. It rules no case, so it may change without a new version.

    ``texts`` gives the regulation's text as a file beside the definition, by how citations of it
    begin (empty where they name no instrument); ``numbering`` the ways of numbering that are not
    known by themselves, the outermost first. ``meant`` says of a key, by the code of a finding, why
    it is no mistake.
    """

    texts: dict[str, str] = field(default_factory=dict)
    numbering: tuple[OwnNumbering, ...] = ()
    meant: dict[str, dict[Identifier, Title]] = field(default_factory=dict)
