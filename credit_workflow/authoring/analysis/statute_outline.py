"""Outline a regulation's text by how its lines begin: annexes, articles, paragraphs and items.

No regulation is known here. A line that begins with a number in some style (第二十五条, 一、, （一）,
1., (a), Section 10) opens a part. A style met for the first time goes one level deeper; one that
is open already continues on its level. Annexes, parts and chapters stand above articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from credit_workflow.numerals import chinese_number

_CN = "〇零一二三四五六七八九十百"
_NUMBER = rf"[{_CN}]+|\d+"
_WORDS = {
    word: kind
    for kind, words in {
        "article": "article articles art 条",
        "section": "section sections sec s ss § §§",
        "regulation": "regulation reg rule",
        "annex": "annex schedule sch appendix 附件 附录 附表",
        "part": "part title 编",
        "chapter": "chapter 章",
        "division": "节",
        "paragraph": "款",
        "(cn)": "项",
        "n.": "目",
        "(n)": "paragraph para subsection",
    }.items()
    for word in words.split()
}
_RANKS = {"annex": 0.0, "part": 1.0, "chapter": 2.0, "division": 3.0, "section": 4.0, "article": 4.1, "regulation": 4.2}
#: Kinds that are one and the same to whoever cites: an article may be headed by its bare number.
_ALIKE = frozenset({"article", "section", "regulation", "n."})
_LETTERS = frozenset({"(a)", "(A)", "(i)", "(I)"})
_LATIN = "|".join(sorted((re.escape(w) for w in _WORDS if w.isascii() or "§" in w), key=len, reverse=True))

#: How a part is written, in a text and in a citation alike.
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("第", re.compile(rf"第\s*[(（]?\s*({_NUMBER})\s*[)）]?\s*(编|章|节|条|款|项|目)(?:之([{_CN}]+))?")),
    ("附", re.compile(rf"(附件|附录|附表)\s*({_NUMBER})(?![{_CN}\d])")),
    ("word", re.compile(rf"(?<![A-Za-z])({_LATIN})\.?\s*(\d+[A-Za-z]*|[IVXLC]+(?![A-Za-z]))", re.IGNORECASE)),
    ("(cn)", re.compile(rf"[(（]([{_CN}]+)[)）]")),
    ("(n)", re.compile(r"[(（](\d+[A-Z]*)[)）]")),
    ("(x)", re.compile(r"[(（]([a-z]{1,4}|[A-Z]{1,4})[)）]")),
)
_ITEM = re.compile(r"(\d+[A-Z]?)(?:\.(?!\d)|．|、)\s*[—–-]*")
_HEADED = re.compile(r"(\d+[A-Z]?)\s+(?=[A-Z])")
_CHINESE_ITEM = re.compile(rf"([{_CN}]+)、")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})", re.IGNORECASE)


class Label(NamedTuple):
    """One step of a clause's name: its kind and its number, as text."""

    kind: str
    number: str


@dataclass
class Node:
    """A part of a text, with what stands in it before its own parts begin."""

    label: Label | None
    text: str = ""
    parts: list[Node] = field(default_factory=list)

    def within(self) -> Iterator[Node]:
        """Give every part at whatever depth, the nearest first."""
        level = self.parts
        while level:
            yield from level
            level = [inner for node in level for inner in node.parts]


class Style(NamedTuple):
    """A numbering of one's own: how a line begins, and how a citation writes it, each with one group."""

    in_text: re.Pattern[str]
    cited: re.Pattern[str]


def outline(text: str, own: Sequence[Style] = ()) -> Node:
    """Return a text as a tree.

    Args:
        text: line by line.
        own: further styles, the outermost first.
    """
    root = Node(None)
    stack = [root]
    for line in text.splitlines():
        rest = line.strip()
        labels, rest = _labels_at(rest, own, stack)
        for label in labels:
            _open(stack, label)
        if not labels and rest and (article := _article_of(stack)) is not None:
            number = sum(node.label is not None and node.label.kind == "paragraph" for node in article.parts) + 1
            while stack[-1] is not article:
                stack.pop()
            _open(stack, Label("paragraph", str(number)))
        elif labels and labels[-1].kind == "article" and "第" in line:
            stack[-1].text += rest
            _open(stack, Label("paragraph", "1"))
        stack[-1].text += rest + "\n"
    return root


def _article_of(stack: list[Node]) -> Node | None:
    """The article of a Chinese statute whose paragraphs (款) are being read: they bear no number."""
    for node in reversed(stack):
        if node.label is not None and node.label.kind == "paragraph":
            return stack[stack.index(node) - 1]
    return None


def _open(stack: list[Node], label: Label) -> None:
    rank = _rank(label.kind)
    kinds = [node.label.kind if node.label else "" for node in stack]
    if rank is not None:
        while len(stack) > 1 and not ((above := _rank(_kind(stack[-1]))) is not None and above < rank):
            stack.pop()
    elif label.kind in kinds:
        del stack[kinds.index(label.kind) :]
    node = Node(label)
    stack[-1].parts.append(node)
    stack.append(node)


def _kind(node: Node) -> str:
    return node.label.kind if node.label else ""


def _rank(kind: str) -> float | None:
    if kind.startswith("own"):
        return 5 + int(kind[3:]) / 100
    return _RANKS.get(kind)


def _labels_at(line: str, own: Sequence[Style], stack: list[Node]) -> tuple[list[Label], str]:
    """Return the labels with which a line begins, and the rest of it."""
    found: list[Label] = []
    while True:
        label, end = _one_label(line, own, stack, first=not found)
        if label is None:
            return found, line
        found.append(label)
        line = line[end:].lstrip(" \u3000\t—–-.")


def _one_label(line: str, own: Sequence[Style], stack: list[Node], *, first: bool) -> tuple[Label | None, int]:
    for index, style in enumerate(own):
        match = style.in_text.match(line)
        if match is not None and match.end():
            return Label(f"own{index}", match[1]), match.end()
    label, end = _styled(line, 0)
    if label is not None and (first or label.kind.startswith("(")):
        named = label.kind in _RANKS and label.kind != "article"
        # a sentence that begins with the name of another part is no heading
        if (
            named
            and re.match(r"\s*[,，的规（(]|\s+(?:of|and|or|to|shall|applies)\b", line[end:])
            and "(" not in line[end : end + 1]
        ):
            return None, 0
        return _letter(label, stack), end
    for kind, pattern in (("n、", _CHINESE_ITEM), ("n.", _ITEM), ("n.", _HEADED)) if first else ():
        match = pattern.match(line)
        if match is not None:
            return Label(kind, _plain(match[1])), match.end()
    return None, 0


def _letter(label: Label, stack: list[Node]) -> Label:
    """Tell (i) the letter from (i) the roman number: after (h) it is a letter."""
    kind, number = label
    if kind not in {"(a)", "(A)"} or _ROMAN.fullmatch(number) is None:
        return label
    before = next((n.label.number for n in reversed(stack) if n.label is not None and n.label.kind == kind), None)
    follows = before is not None and len(number) == 1 and len(before) == 1 and ord(before) + 1 == ord(number)
    return label if follows else Label("(i)" if number.islower() else "(I)", number)


def _styled(text: str, at: int) -> tuple[Label | None, int]:
    """Return the label that begins at a place of a text, and where it ends."""
    for kind, pattern in _STYLES:
        match = pattern.match(text, at)
        if match is None:
            continue
        if kind == "第":
            return Label(_WORDS[match[2]], _plain(match[1]) + (f"-{_plain(match[3])}" if match[3] else "")), match.end()
        if kind in {"附", "word"}:
            return Label(_WORDS[match[1].lower()], _plain(match[2])), match.end()
        if kind == "(x)":
            return Label("(a)" if match[1].islower() else "(A)", match[1]), match.end()
        return Label(kind, _plain(match[1])), match.end()
    return None, at


def _plain(number: str) -> str:
    """Return a Chinese number in digits; any other as it is."""
    return number if number.isdecimal() or (known := chinese_number(number)) is None else str(known)


def steps_of(citation: str, own: Sequence[Style] = ()) -> tuple[str, list[Label]]:
    """Return what a citation names, the name of an instrument in front, and the steps that lead to the clause."""
    citation = citation.strip()
    for start in range(len(citation) + 1):
        steps = _steps(citation, start, own)
        if steps is not None:
            return citation[:start].strip(" ·"), steps
    return citation, []


def _steps(text: str, at: int, own: Sequence[Style]) -> list[Label] | None:
    """Return the steps where the whole rest of a text is made of them."""
    found: list[Label] = []
    if at and at < len(text) and text[at - 1].isalnum() and text[at].isascii() and text[at].isalnum():
        return None
    while at < len(text):
        while at < len(text) and text[at] in " ·,":
            at += 1
        label, end = _cited(text, at, own, after=bool(found))
        if label is None:
            return None if at < len(text) else found
        found.append(label)
        at = end
    return found


def _cited(text: str, at: int, own: Sequence[Style], *, after: bool) -> tuple[Label | None, int]:
    for index, style in enumerate(own):
        match = style.cited.match(text, at)
        if match is not None and match.end() > at:
            return Label(f"own{index}", match[1]), match.end()
    label, end = _styled(text, at)
    if label is not None:
        return label, end
    bare = re.compile(rf"([{_CN}]+)(?![^\W\d]|[{_CN}])").match(text, at)
    if bare is not None and (at == 0 or text[at - 1] in " ·"):
        return Label("n、", _plain(bare[1])), bare.end()
    number = re.compile(r"\d+[A-Z]?").match(text, at)
    return (Label("n.", number[0]), number.end()) if number is not None and (after or at == 0) else (None, at)


def found_in(root: Node, steps: Sequence[Label]) -> tuple[Node | None, int]:
    """Return the part to which steps lead, or None; and how many of them were found."""
    node, done = root, 0
    for step in steps:
        following = next((inner for inner in node.within() if _matches(inner, step)), None)
        if following is None and not _inline(node, step):
            return None, done
        node, done = following or node, done + 1
    return node, done


def _matches(node: Node, step: Label) -> bool:
    if node.label is None:
        return False
    return _alike(node.label.kind, step.kind) and node.label.number == step.number


def _alike(one: str, other: str) -> bool:
    """Whether what is written in one way may be cited in another; ``(i)`` is a letter or a Roman number."""
    return one == other or {one, other} <= _ALIKE or {one, other} <= _LETTERS


def _inline(node: Node, step: Label) -> bool:
    """Whether an item stands in the middle of a line, as where a text was copied without its breaks."""
    if not step.kind.startswith("("):
        return False
    whole = node.text + "".join(
        inner.text for inner in node.within() if inner.label and inner.label.kind == "paragraph"
    )
    return any(
        label is not None and label[:2] == step[:2]
        for match in re.finditer(r"[(（]", whole)
        for label, _ in [_styled(whole, match.start())]
    )


def numbers_of(node: Node, kind: str) -> list[str]:
    """Return the numbers that there are of a kind below a part, the nearest, to tell whoever cites another."""
    level = node.parts
    while level:
        found = [inner.label.number for inner in level if inner.label is not None and _alike(inner.label.kind, kind)]
        if found:
            return found
        level = [inner for outer in level for inner in outer.parts]
    return []
