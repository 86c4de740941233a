"""Read values from a file or standard input, since others can see what stands in a command line.

A list of processes, and the shell's history, show every word of a command. ``@FILE`` in a word's
place is read from the file, ``@-`` from standard input.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from credit_workflow.errors import UsageFault
from credit_workflow.service.files import content
from credit_workflow.text import Text

_SIGN = "@"
_LARGEST = 1_000_000


def word(given: str) -> str:
    """Return a word of the command, or what ``@FILE`` or ``@-`` holds in its place (one line).

    Raises:
        NotFound: there is no such file.
        UsageFault: it can't be read as UTF-8, is empty, or is over a megabyte.
    """
    return _content(given[1:]).strip() if given.startswith(_SIGN) else given


def pairs(given: list[str]) -> dict[str, str]:
    """Return values given as ``NAME=VALUE``, or as ``@FILE`` or ``@-``: a JSON object with several.

    Raises:
        NotFound: there is no such file.
        UsageFault: it is neither, or a name is given twice.
    """
    found: dict[str, str] = {}
    for pair in given:
        for name, value in _several(pair[1:]) if pair.startswith(_SIGN) else [_single(pair)]:
            if name in found:
                raise UsageFault(Text("{n} 给出了两次", "{n} is given twice").fill(n=name), code="set")
            found[name] = value
    return found


def _single(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals or not name.strip():
        message = Text("--set 应写作 名称=值（或 @文件），而不是“{p}”", "--set takes NAME=VALUE (or @FILE), not “{p}”")
        raise UsageFault(message.fill(p=pair), code="set")
    return name.strip(), value


def _several(place: str) -> list[tuple[str, str]]:
    try:
        found = msgspec.json.decode(_content(place), type=dict[str, str | int | float | bool | dict[str, object]])
    except msgspec.DecodeError as fault:
        message = Text(
            '{p} 应为 JSON 对象，如 {{"reason": "…"}}：{w}',
            '{p} must hold a JSON object such as {{"reason": "…"}}: {w}',
        )
        # What it holds may say something of a person: the fault tells the place alone.
        why = str(fault).rpartition(" - at ")[2] or type(fault).__name__
        raise UsageFault(message.fill(p=place, w=why), code="set") from None
    return [(name, _text(value)) for name, value in found.items()]


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _content(place: str) -> str:
    try:
        raw = sys.stdin.buffer.read(_LARGEST + 1) if place == "-" else content(Path(place), _LARGEST + 1)
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = Text("{f} 不是 UTF-8 文本", "{f} is not UTF-8 text").fill(f=place)
        raise UsageFault(message, code="encoding") from None
    if len(raw) > _LARGEST or not text.strip():
        message = Text("{f} 为空或超过 1 MB", "{f} is empty, or larger than 1 MB").fill(f=place)
        raise UsageFault(message, code="set")
    return text
