"""Read a printed page back: the facts that it carries, and the text that people see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any

from credit_workflow.casework.papers.paper_code import LONGEST
from credit_workflow.errors import UsageFault
from credit_workflow.papers.render import FACTS_ID
from credit_workflow.text import Text

_UNSEEN = frozenset({"script", "style", "title"})
#: What a style is told by: what it says matters little to the reader, that it is another does.
_STYLE = "style:"
_DRAWN = frozenset({"img", "iframe", "object", "embed", "input", "link", "text", "image", "use"})


@dataclass(frozen=True, kw_only=True)
class Page:
    """A printed page: its code, facts and print as it carries them, and the text that is seen."""

    code: str
    facts: Any
    copy: Any
    digest: str
    seen: tuple[str, ...]


def read_page(name: str, content: bytes) -> Page:
    """Return what a printed HTML file says, given its name and what is in it.

    Raises:
        UsageFault: it is no page of ours.
    """
    try:
        html = content.decode("utf-8-sig") if len(content) <= LONGEST else ""
    except UnicodeDecodeError:
        raise _no_page(name) from None
    parser = _Parser()
    parser.feed(html)
    parser.close()
    carried = _json(parser.facts)
    if len(parser.pages) != 1 or not isinstance(carried, dict) or not isinstance(carried.get("code"), str):
        raise _no_page(name)
    return Page(
        code=carried["code"],
        facts=carried.get("facts"),
        copy=carried.get("copy"),
        digest=hashlib.sha256(content).hexdigest(),
        seen=tuple(parser.seen),
    )


def read_facts(name: str, content: bytes) -> tuple[Any, Any]:
    """Return the facts of a JSON file, given its name and what is in it, and the print where it has one.

    The file has the facts alone, or them as a page carries them: ``{"code", "facts", "copy"}``.

    Raises:
        UsageFault: it is no JSON object.
    """
    try:
        carried = _json(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        carried = None
    if not isinstance(carried, dict):
        message = Text("{f} 不是 JSON 对象", "{f} is no JSON object")
        raise UsageFault(message.fill(f=name), code="not_json")
    return (carried["facts"], carried.get("copy")) if "facts" in carried else (carried, None)


def seen_text(html: str) -> tuple[str, ...]:
    """Return what a page shows, piece by piece: its text, and the drawing of its code."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return tuple(parser.seen)


def first_changes(seen: Sequence[str], right: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the pieces in which two pages differ: (``text`` or ``style``, seen, right)."""
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, seen, right, autojunk=False).get_opcodes():
        if tag != "equal":
            styled = all(piece.startswith(_STYLE) for piece in (*seen[a:b], *right[c:d]))
            found.append(("style" if styled else "text", " ".join(seen[a:b]), " ".join(right[c:d])))
    return found


class _Parser(HTMLParser):
    """Collects the facts and all that is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pages: list[str] = []
        self.seen: list[str] = []
        self._inside: str | None = None
        self._carrying = False

    @property
    def facts(self) -> str:
        """The text of the element that carries the facts."""
        return self.pages[0] if self.pages else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is not seen, and what is seen though it is no text."""
        if tag in _UNSEEN:
            self._inside = tag
            self._carrying = ("id", FACTS_ID) in attrs
            if self._carrying:
                self.pages.append("")
            elif tag == "script":  # what runs can change all that is seen
                self.seen.append(f"<{tag}>")
        if tag == "path":
            self.seen.append(dict(attrs).get("d") or "")
        elif tag in _DRAWN:
            self.seen.append(f"<{tag}>")
        self.seen += [
            f"{name}={value}" for name, value in attrs if name in ("style", "hidden") or name.startswith("on")
        ]

    def handle_endtag(self, tag: str) -> None:
        """Note that what follows is seen again."""
        if tag == self._inside:
            self._inside, self._carrying = None, False

    def handle_data(self, data: str) -> None:
        """Keep the facts, and the text that is seen."""
        if self._carrying:
            self.pages[-1] += data
        elif self._inside == "style":
            self.seen.append(_STYLE + hashlib.sha256(" ".join(data.split()).encode()).hexdigest()[:12])
        elif self._inside is None and data.split():
            self.seen.append(" ".join(data.split()))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _no_page(name: str) -> UsageFault:
    message = Text(
        "{f} 不是本软件打印的 HTML 文书。PDF 或纸质文书请核验文末的核验码",
        "{f} is no HTML paper of this program; of a PDF or a paper, verify the code at its foot",
    )
    return UsageFault(message.fill(f=name), code="not_a_paper")
