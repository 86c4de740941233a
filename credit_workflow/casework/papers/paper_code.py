"""Make the code on a paper: short enough to scan or type, and impossible to make without the log."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from credit_workflow.casework.papers.paper_facts import PaperFacts
from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

#: A printed page with its code is never longer, in bytes.
LONGEST = 20_000_000
_PREFIX = "CW1"
_LENGTH = 20
_GROUP = 5
_CODE = re.compile(r"CW1:([A-Z0-9-]{3,40}):([A-Z][A-Z0-9_]*):([0-9]{1,9}):([0-9A-F-]{1,40})")


class PaperCode(Struct, frozen=True, kw_only=True):
    """What a code says: which paper of which case, after which log entry, and its fingerprint."""

    case: str
    kind: str
    entry: int
    fingerprint: str

    def __str__(self) -> str:
        """Return the code as it is printed and scanned; the fingerprint stands in groups of 5."""
        groups = [self.fingerprint[at : at + _GROUP] for at in range(0, len(self.fingerprint), _GROUP)]
        return f"{_PREFIX}:{self.case}:{self.kind}:{self.entry}:{'-'.join(groups)}"


def fingerprint(facts: PaperFacts, links: Sequence[str]) -> str:
    """Return the fingerprint (20 hexadecimal digits) of what a paper states.

    Args:
        facts: all of it.
        links: the chain hashes of the log entries that it follows from, so that whoever does not
            have the log can't make a fingerprint that holds.
    """
    parts = [_PREFIX.encode(), *(link.encode() for link in links), canonical(facts)]
    return hashlib.sha256(b"\x1f".join(parts)).hexdigest()[:_LENGTH]


def canonical(facts: Any) -> bytes:
    """Return facts as JSON text in its one form: names in order, no spaces, UTF-8."""
    return msgspec.json.encode(facts, order="sorted")


def is_code(text: str) -> bool:
    """Whether a text is meant as a code rather than as a file's name."""
    return _plain(text).startswith(f"{_PREFIX}:")


def read_code(text: str) -> PaperCode:
    """Return what a scanned or typed code says.

    Spaces, hyphens within the fingerprint, full-width signs and the case of letters don't matter.

    Raises:
        UsageFault: it is no such code.
    """
    match = _CODE.fullmatch(_plain(text))
    if match is None:
        message = Text(
            "“{c}”不是核验码；核验码形如 CW1:OBJ-2026-000001:receipt:2:3f2a1-…，请照文书末尾抄录",
            "“{c}” is no code of a paper; one reads CW1:OBJ-2026-000001:receipt:2:3f2a1-…, as printed at its foot",
        )
        raise UsageFault(message.fill(c=text[:80]), code="paper_code")
    digits = match[4].replace("-", "").lower()
    return PaperCode(case=match[1], kind=match[2].lower(), entry=int(match[3]), fingerprint=digits)


def _plain(text: str) -> str:
    # NFKC makes full-width signs plain ones; dashes of other kinds stay what they are, and are hyphens here.
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\u2010-\u2015\u2212]", "-", "".join(plain.split())).upper()
