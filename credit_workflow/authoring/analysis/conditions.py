"""Conditions in CEL as trees, as far as a check can say something of them without a case.

The evaluator has no tree to give, so expressions are parsed here once more. What is not
understood stays an `Opaque` text: nothing is said of it but that it is equal to itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, Self

Constant = str | int | float | bool | None

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<number>\d+\.\d+|\d+)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\|\||&&|==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}]))"
)
_ORDER = frozenset({"==", "!=", "<", "<=", ">", ">="})
_WORDS: dict[str, Constant] = {"true": True, "false": False, "null": None}


class Const(NamedTuple):
    """A value that stands in the text."""

    value: Constant


class Member(NamedTuple):
    """A fact by its path, ``case.fields.reason``."""

    path: str


class Not(NamedTuple):
    """The contrary."""

    inner: Node


class Both(NamedTuple):
    """``a && b``."""

    left: Node
    right: Node


class Either(NamedTuple):
    """``a || b``."""

    left: Node
    right: Node


class Choose(NamedTuple):
    """``a ? b : c``."""

    test: Node
    then: Node
    other: Node


class Compare(NamedTuple):
    """A comparison."""

    sign: str
    left: Node
    right: Node


class Among(NamedTuple):
    """``a in [1, 2]``, the list of constants."""

    what: Node
    values: tuple[Constant, ...]


class Some(NamedTuple):
    """``children.exists(c, …)``; ``all`` is the contrary of the contrary of it."""

    over: str
    name: str
    body: Node
    text: str


class Opaque(NamedTuple):
    """What is not understood, by its text."""

    text: str


Node = Const | Member | Not | Both | Either | Choose | Compare | Among | Some | Opaque


class _Misread(Exception):
    pass


@cache
def parsed(source: str) -> Node:
    """Return the tree of an expression; one `Opaque` where it is written in an unknown way."""
    try:
        return _Parser(source).whole()
    except (_Misread, RecursionError):
        return Opaque(" ".join(source.split()))


@cache
def members_of(source: str) -> frozenset[str]:
    """Return the paths that an expression compares, those inside of what is opaque left out."""
    found: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, Member):
            found.add(node.path)
        elif isinstance(node, Some):
            found.add(node.over)
        elif isinstance(node, tuple):
            for part in node:
                walk(part)

    walk(parsed(source))
    return frozenset(found)


class _Parser:
    """A reader by descent; each method reads one level of the grammar."""

    def __init__(self, source: str) -> None:
        self._tokens = _tokens(source)
        self._at = 0

    def whole(self) -> Node:
        node = self._choice()
        if self._at < len(self._tokens):
            raise _Misread
        return node

    def _next(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _take(self, *signs: str) -> str | None:
        """Take the next token where it is one of these signs (or the word ``in``)."""
        if self._next() in signs and self._kind() in {"sign", "name"}:
            self._at += 1
            return self._tokens[self._at - 1][1]
        return None

    def _expect(self, sign: str) -> None:
        if self._take(sign) is None:
            raise _Misread

    def _since(self, start: int) -> str:
        return " ".join(text for _, text in self._tokens[start : self._at])

    def _choice(self) -> Node:
        test = self._either()
        if self._take("?") is None:
            return test
        then = self._choice()
        self._expect(":")
        return Choose(test, then, self._choice())

    def _either(self) -> Node:
        node = self._both()
        while self._take("||"):
            node = Either(node, self._both())
        return node

    def _both(self) -> Node:
        node = self._relation()
        while self._take("&&"):
            node = Both(node, self._relation())
        return node

    def _relation(self) -> Node:
        start = self._at
        node = self._sum()
        while True:
            sign = self._take(*_ORDER, "in")
            if sign is None:
                return node
            if sign == "in":
                values = self._sum()
                node = self._among(node, values, start)
            else:
                node = Compare(sign, node, self._sum())

    def _among(self, what: Node, values: Node, start: int) -> Node:
        if isinstance(values, _Listed) and isinstance(what, Member):
            return Among(what, values.values)
        return Opaque(self._since(start))

    def _sum(self) -> Node:
        start = self._at
        node = self._unary()
        while self._take("+", "-", "*", "/", "%"):
            self._unary()
            node = Opaque(self._since(start))
        return node

    def _unary(self) -> Node:
        if self._take("!"):
            return Not(self._unary())
        start = self._at
        if self._take("-"):
            inner = self._unary()
            if isinstance(inner, Const) and isinstance(inner.value, (int, float)):
                return Const(-inner.value)
            return Opaque(self._since(start))
        return self._postfix()

    def _postfix(self) -> Node:
        start = self._at
        node = self._primary()
        while True:
            if self._take("."):
                name = self._name()
                node = self._call(node, name, start) if self._take("(") else _member(node, name, self._since(start))
            elif self._take("["):
                self._choice()
                self._expect("]")
                node = Opaque(self._since(start))
            elif isinstance(node, Member) and "." not in node.path and self._take("("):
                self._arguments(")")
                node = Opaque(self._since(start))
            else:
                return node

    def _call(self, over: Node, name: str, start: int) -> Node:
        given = self._arguments(")")
        if name in {"exists", "all"} and isinstance(over, Member) and len(given) == 2 and isinstance(given[0], Member):  # noqa: PLR2004 - a name and a condition
            text = self._since(start)
            if name == "exists":
                return Some(over.path, given[0].path, given[1], text)
            return Not(Some(over.path, given[0].path, Not(given[1]), text))
        return Opaque(self._since(start))

    def _arguments(self, end: str) -> list[Node]:
        found: list[Node] = []
        while self._take(end) is None:
            found.append(self._choice())
            if self._take(":"):
                found.append(self._choice())
            if self._take(",") is None and self._next() != end:
                raise _Misread
        return found

    def _name(self) -> str:
        if self._kind() != "name":
            raise _Misread
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _primary(self) -> Node:
        start = self._at
        if self._take("("):
            node = self._choice()
            self._expect(")")
            return node
        if self._take("["):
            items = self._arguments("]")
            if all(isinstance(item, Const) for item in items):
                return _Listed(self._since(start), tuple(item.value for item in items if isinstance(item, Const)))
            return Opaque(self._since(start))
        if self._take("{"):
            self._arguments("}")
            return Opaque(self._since(start))
        return self._literal()

    def _literal(self) -> Node:
        kind, text = self._kind(), self._next()
        self._at += 1
        if kind == "text":
            return Const(text[1:-1]) if "\\" not in text else Opaque(text)
        if kind == "number":
            return Const(float(text) if "." in text else int(text))
        if kind == "name":
            return Const(_WORDS[text]) if text in _WORDS else Member(text)
        raise _Misread


class _Listed(Opaque):
    """A list of constants, until it is known what stands before it."""

    def __new__(cls, text: str, values: tuple[Constant, ...]) -> Self:
        made = super().__new__(cls, text)
        made.values = values
        return made

    values: tuple[Constant, ...]


def _member(node: Node, name: str, text: str) -> Node:
    return Member(f"{node.path}.{name}") if isinstance(node, Member) else Opaque(text)


def _tokens(source: str) -> list[tuple[str, str]]:
    found, at = [], 0
    source = source.strip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _Misread
        found.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    return found


#: Decides ``exists`` where the linked cases are known: true, false, or None.
Quantifier = Callable[[Some], bool | None]
