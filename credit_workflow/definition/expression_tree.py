"""Read expressions in CEL as trees, for whoever asks what stands in one: which facts, functions, comparisons.

The evaluator (see `expression`) shows nothing of the tree that it works by, so this is the one place that
reads an expression's text. It reads all of CEL but messages (``Type{field: 1}``) and names that begin with a dot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from credit_workflow.errors import DefinitionFault
from credit_workflow.text import Text

Constant = str | int | float | bool | None
Path = tuple[str, ...]


class Node(Struct, frozen=True, gc=False):
    """An expression, or a part of one that is an expression."""


class Const(Node, frozen=True, gc=False):
    """A value that stands in the text."""

    value: Constant


class Written(Node, frozen=True, gc=False):
    """Bytes, or a number without a sign, by the text."""

    text: str


class Member(Node, frozen=True, gc=False):
    """A fact or a bound name, or a member of one: ``case.fields.reason``, ``case.fields['reason']``."""

    path: Path


class Part(Node, frozen=True, gc=False):
    """A member of what is no name: ``listed[0].state``."""

    whole: Node
    name: str


class Index(Node, frozen=True, gc=False):
    """``a[b]``."""

    whole: Node
    index: Node


class Call(Node, frozen=True, gc=False):
    """``name(a, b)``, or with a target ``target.name(a, b)``; ``has(a.b)`` as well."""

    name: str
    target: Node | None
    arguments: tuple[Node, ...]


class Each(Node, frozen=True, gc=False):
    """``over.exists(name, body)``, and so with every other word that binds a name (`_BINDING`)."""

    word: str
    over: Node
    name: str
    bodies: tuple[Node, ...]


class Listed(Node, frozen=True, gc=False):
    """``[a, b]``."""

    items: tuple[Node, ...]


class Mapped(Node, frozen=True, gc=False):
    """``{a: b}``, its keys and values in turn."""

    items: tuple[Node, ...]


class Unary(Node, frozen=True, gc=False):
    """``!a`` or ``-a``."""

    sign: str
    inner: Node


class Binary(Node, frozen=True, gc=False):
    """``a && b``, and so with every other sign that stands between two expressions (`_POWER`)."""

    sign: str
    left: Node
    right: Node


class Choose(Node, frozen=True, gc=False):
    """``a ? b : c``."""

    test: Node
    then: Node
    other: Node


_BINDING = frozenset({"exists", "all", "exists_one", "filter", "map", "optMap", "optFlatMap"})
_WORDS: dict[str, Constant] = {"true": True, "false": False, "null": None}
#: How strongly a sign between two expressions binds.
_POWER = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%"), 5),
}
_TOKEN = re.compile(
    r"//[^\n]*"
    r"|[bB]?[rR]\"\"\"(?s:.*?)\"\"\"|[bB]?[rR]'''(?s:.*?)'''|[bB]?[rR]\"[^\"\n]*\"|[bB]?[rR]'[^'\n]*'"
    r"|[bB]?\"\"\"(?s:\\.|.)*?\"\"\"|[bB]?'''(?s:\\.|.)*?'''|[bB]?\"(?:\\.|[^\"\\\n])*\"|[bB]?'(?:\\.|[^'\\\n])*'"
    r"|0[xX][0-9a-fA-F]+[uU]?|(?:[0-9]*\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][+-]?[0-9]+)?|[0-9]+[uU]?"
    r"|[A-Za-z_][A-Za-z0-9_]*"
    r"|\|\||&&|[=!<>]=|\S"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPE = re.compile(r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL)
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class _Misread(Exception):
    pass


@cache
def parsed(source: str) -> Node:
    """Return the tree of an expression.

    Raises:
        DefinitionFault: the text is no expression in CEL, or in a part of it that is not read.
    """
    try:
        return _Reader(source).whole()
    except (_Misread, RecursionError, ValueError, OverflowError):
        message = Text("表达式无法读取：{s}", "the expression can't be read: {s}")
        raise DefinitionFault(message.fill(s=source)) from None


@cache
def paths_in(source: str) -> tuple[Path, ...]:
    """Return what an expression reads of the facts, as paths: ``("case", "fields", "reason")`` and so on.

    Names that are bound inside of it (``c`` of ``children.exists(c, …)``) are no facts. A text that
    is no expression reads nothing.
    """
    try:
        return tuple(sorted(set(_paths(parsed(source), frozenset()))))
    except DefinitionFault:
        return ()


@cache
def functions_in(source: str) -> frozenset[str]:
    """Return the names of the functions and methods that an expression calls; what binds a name is none.

    Raises:
        DefinitionFault: as `parsed` says.
    """
    calls = (node for node in _nodes(parsed(source)) if isinstance(node, Call))
    return frozenset(call.name for call in calls if (call.name, call.target) != ("has", None))


@cache
def members_in(source: str) -> frozenset[Path]:
    """Return every path that stands in an expression, those of names that are bound inside of it too.

    Raises:
        DefinitionFault: as `parsed` says.
    """
    return frozenset(node.path for node in _nodes(parsed(source)) if isinstance(node, Member))


def _nodes(node: Node) -> Iterator[Node]:
    """Give a tree's nodes, each before its parts."""
    yield node
    for part in parts_of(node):
        yield from _nodes(part)


def _paths(node: Node, bound: frozenset[str]) -> Iterator[Path]:
    if isinstance(node, Member):
        if node.path[0] not in bound:
            yield node.path
    elif isinstance(node, Each):
        yield from _paths(node.over, bound)
        for body in node.bodies:
            yield from _paths(body, bound | {node.name})
    else:
        for part in parts_of(node):
            yield from _paths(part, bound)


def parts_of(node: Node) -> Iterator[Node]:
    """Give the nodes that stand directly in a node."""
    for name in node.__struct_fields__:
        part = getattr(node, name)
        if isinstance(part, Node):
            yield part
        elif isinstance(part, tuple) and not isinstance(node, Member):
            yield from part


class _Reader:
    """Reads by descent; where two expressions have a sign between them, by how strongly it binds."""

    def __init__(self, source: str) -> None:
        self._tokens: list[str] = [token for token in _TOKEN.findall(source) if not token.startswith("//")]
        self._tokens.append("")
        self._at = 0

    def whole(self) -> Node:
        node = self._choice()
        if self._tokens[self._at]:
            raise _Misread
        return node

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _took(self, sign: str) -> bool:
        """Take the next token where it is this sign."""
        if self._tokens[self._at] != sign:
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._took(sign):
            raise _Misread

    def _choice(self) -> Node:
        test = self._signs(0)
        if not self._took("?"):
            return test
        then = self._signs(0)
        self._expect(":")
        return Choose(test, then, self._choice())

    def _signs(self, least: int) -> Node:
        """Read what is joined by signs that bind more strongly than ``least``."""
        node = self._unary()
        while (power := _POWER.get(self._tokens[self._at], 0)) > least:
            node = Binary(self._next(), node, self._signs(power))
        return node

    def _unary(self) -> Node:
        for sign in "!-":
            if self._took(sign):
                odd = True
                while self._took(sign):  # of two, the evaluator sees neither
                    odd = not odd
                inner = self._unary()
                return _signed(sign, inner) if odd else inner
        return self._postfix()

    def _postfix(self) -> Node:
        node = self._primary()
        while True:
            if self._took("."):
                name = self._name()
                if self._took("("):
                    node = _called(node, name, self._until(")"))
                else:
                    node = Member((*node.path, name)) if isinstance(node, Member) else Part(node, name)
            elif self._took("["):
                node = _indexed(node, self._choice())
                self._expect("]")
            else:
                return node

    def _until(self, end: str) -> tuple[Node, ...]:
        """Read what stands between commas, or the colons of a map, until the sign that ends it."""
        found: list[Node] = []
        while not self._took(end):
            found.append(self._choice())
            if end == "}":
                self._expect(":")
                found.append(self._choice())
            if not self._took(",") and self._tokens[self._at] != end:
                raise _Misread
        return tuple(found)

    def _name(self) -> str:
        name = self._next()
        if not _NAME.fullmatch(name):
            raise _Misread
        return name

    def _primary(self) -> Node:
        read = self._next()
        if read == "(":
            node = self._choice()
            self._expect(")")
            return node
        if read in ("[", "{"):
            return Listed(self._until("]")) if read == "[" else Mapped(self._until("}"))
        if _NAME.fullmatch(read) and read not in _WORDS and read != "in":
            return Call(read, None, self._until(")")) if self._took("(") else Member((read,))
        return _literal(read)


def _literal(read: str) -> Node:
    if read in _WORDS:
        return Const(_WORDS[read])
    if read.endswith(("'", '"')):
        return _text(read)
    if not any(c.isdigit() for c in read[:2]):
        raise _Misread
    return Written(read) if read.endswith(("u", "U")) else Const(_number(read))


def _signed(sign: str, inner: Node) -> Node:
    if sign == "-" and isinstance(inner, Const) and type(inner.value) in (int, float):
        return Const(-inner.value)  # type: ignore[operator]  # it is a number
    return Unary(sign, inner)


def _called(target: Node, name: str, arguments: tuple[Node, ...]) -> Node:
    if name in _BINDING and len(arguments) > 1 and isinstance(arguments[0], Member) and len(arguments[0].path) == 1:
        return Each(name, target, arguments[0].path[0], arguments[1:])
    return Call(name, target, arguments)


def _indexed(whole: Node, index: Node) -> Node:
    if isinstance(whole, Member) and isinstance(index, Const) and isinstance(index.value, str):
        return Member((*whole.path, index.value))
    return Index(whole, index)


def _number(token: str) -> int | float:
    if token[:2] in ("0x", "0X"):
        return int(token, 16)
    return int(token) if token.isdigit() else float(token)


def _text(token: str) -> Node:
    start = len(token) - len(token.lstrip("bBrR"))
    before, quoted = token[:start].lower(), token[start:]
    if "b" in before:
        return Written(token)
    marks = 3 if quoted[:3] in ('"""', "'''") and len(quoted) > len("''''") else 1
    inner = quoted[marks:-marks]
    return Const(inner if "r" in before else _ESCAPE.sub(_unescaped, inner))


def _unescaped(match: re.Match[str]) -> str:
    short, four, eight, octal, plain = match.groups()
    code = short or four or eight
    if code is not None:
        return chr(int(code, 16))
    return chr(int(octal, 8)) if octal is not None else str(_ESCAPED.get(plain, plain))
