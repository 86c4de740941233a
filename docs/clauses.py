"""The list of the statute's clauses in ``coverage.yaml``, and whether it says the truth about this repository."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from credit_workflow.strict_yaml.documents import read_yaml

Status = Literal["implemented", "partly", "outside", "planned"]
Number = tuple[int, ...]

_DIGITS = "一二三四五六七八九十"
_ID = re.compile(rf"附件([1-9])(?:·([{_DIGITS}]+)(?:\(([{_DIGITS}]+)\)([1-9]\d*)?)?)?")


class Both(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text in both languages."""

    zh: str
    en: str


class Clause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clause and what stands for it.

    Args:
        subject: what it is about, in a few words of our own.
        status: whether it is implemented, wholly or partly, is no matter of software, or is still to be built.
        definitions: keys by the file in ``workflows/``, as ``actions.accept.requires.identity``.
        commands: words after ``credit-workflow``.
        documents: files of the repository, with an anchor or without one.
        tests: as ``tests/acceptance/test_cli_query.py::test_who_may_ask``.
        outside: what of it is left to people, and why.
        missing: what of it is still to be built.
    """

    subject: Both
    status: Status
    definitions: dict[str, tuple[str, ...]] = {}
    commands: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    outside: Both | None = None
    missing: Both | None = None


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole list.

    Args:
        annexes: their titles.
        headings: numbers that have a title and no rule of their own; what they hold are clauses.
        clauses: all others, by their numbers, in the statute's order.
    """

    annexes: dict[str, Both]
    headings: dict[str, Both]
    clauses: dict[str, Clause]


@dataclass(frozen=True)
class Repository:
    """What there is to point to.

    Args:
        definitions: what the files in ``workflows/`` say, by their names.
        commands: every command's words.
        tests: every test's file and name.
        document: the anchors of a file, or none if it does not exist.
    """

    definitions: Mapping[str, Any]
    commands: frozenset[str]
    tests: frozenset[str]
    document: Callable[[str], frozenset[str] | None]


def read_coverage(file: Path) -> Coverage:
    """Return the list in a file.

    Raises:
        DefinitionFault: it is no YAML.
        msgspec.ValidationError: it is not of this form.
    """
    return msgspec.convert(read_yaml(file)[0], Coverage)


def number_of(clause: str) -> Number:
    """Return the numbers in a clause's name: 附件3·二(一)1 gives 3, 2, 1, 1.

    Raises:
        ValueError: it is no such name.
    """
    match = _ID.fullmatch(clause)
    if match is None:
        raise ValueError(f"{clause} is not written as 附件1, 附件1·五, 附件1·五(一) or 附件1·五(一)1")
    annex, article, paragraph, item = match.groups()
    named = [int(annex), *(_value(chinese) for chinese in (article, paragraph) if chinese)]
    return (*named, int(item)) if item else tuple(named)


def _value(chinese: str) -> int:
    tens, _, ones = chinese.rpartition("十")
    if "十" not in chinese:
        return _DIGITS.index(ones) + 1
    return (_DIGITS.index(tens) + 1 if tens else 1) * 10 + (_DIGITS.index(ones) + 1 if ones else 0)


def repository(root: Path, commands: frozenset[str]) -> Repository:
    """Return what a checkout has.

    Args:
        root: its folder.
        commands: the words of every command.
    """
    files = sorted((root / "workflows").glob("*.yaml"))

    def document(name: str) -> frozenset[str] | None:
        file = root / name
        return _anchors(file) if file.is_file() else None

    return Repository(
        definitions={file.name: read_yaml(file)[0] for file in files},
        commands=commands,
        tests=frozenset(_tests(root)),
        document=document,
    )


def _anchors(page: Path) -> frozenset[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def _tests(root: Path) -> Iterator[str]:
    for file in sorted((root / "tests").rglob("test_*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"))
        classes = [node for node in module.body if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
        for node in (*module.body, *(inner for outer in classes for inner in outer.body)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{file.relative_to(root).as_posix()}::{node.name}"


def mistakes(coverage: Coverage, there: Repository) -> list[str]:
    """Return everything in which the list is incomplete or says what is not so, each with what to do."""
    found = list(_of_numbers(coverage))
    if found:  # all else takes the names to be right
        return found
    for name, clause in coverage.clauses.items():
        found += [f"{name}: {what}" for what in (*_of_status(clause), *_of_pointers(clause, there))]
    return found + list(_of_citations(coverage, there.definitions))


def _of_numbers(coverage: Coverage) -> Iterator[str]:
    """No gap, no number twice, in order; whatever has parts is named itself."""
    groups = (coverage.annexes, coverage.headings, coverage.clauses)
    names = [name for group in groups for name in group]
    try:
        numbers = {number_of(name): name for name in names}
    except ValueError as fault:
        yield str(fault)
        return
    if len(numbers) < len(names):
        yield "a number is both a heading and a clause, or stands twice"
    for group in groups:
        ordered = [number_of(name) for name in group]
        if ordered != sorted(ordered):
            yield f"the order is not the statute's: {', '.join(group)}"
    for number, name in numbers.items():
        if len(number) > 1 and number[:-1] not in numbers:
            yield f"{name}: what holds it is not in the list"
        if number[-1] > 1 and (*number[:-1], number[-1] - 1) not in numbers:
            yield f"{name}: the number before it is not in the list"
    for name in (*coverage.annexes, *coverage.headings):
        if not any(len(number) > len(number_of(name)) and _within(number, name) for number in numbers):
            yield f"{name}: a heading with nothing under it"


def _within(number: Number, outer: str) -> bool:
    return number[: len(number_of(outer))] == number_of(outer)


def _of_status(clause: Clause) -> Iterator[str]:
    built = bool(clause.definitions or clause.commands)
    if not clause.subject.zh.strip() or not clause.subject.en.strip():
        yield "say in both languages what it is about"
    if clause.status in ("implemented", "partly") and not built:
        yield "implemented, yet no key of a definition and no command is named"
    if clause.status == "outside" and (built or clause.tests or clause.outside is None):
        yield "outside the software: say why in `outside`, and name no definition, command or test"
    if (clause.status in ("partly", "planned")) != (clause.missing is not None):
        yield "`missing` says what is still to be built where the status is partly or planned, and stands nowhere else"
    if built and not clause.tests:
        yield "name a test that shows it"


def _of_pointers(clause: Clause, there: Repository) -> Iterator[str]:
    for file, keys in clause.definitions.items():
        if file not in there.definitions:
            yield f"there is no workflows/{file}"
        elif not keys:
            yield f"name a key of workflows/{file}"
        else:
            yield from (f"workflows/{file} has no {key}" for key in keys if not _has(there.definitions[file], key))
    yield from (f"there is no command {words}" for words in clause.commands if words not in there.commands)
    yield from (f"there is no test {test}" for test in clause.tests if test not in there.tests)
    for pointer in clause.documents:
        name, _, anchor = pointer.partition("#")
        anchors = there.document(name)
        if anchors is None or (anchor and anchor not in anchors):
            yield f"there is no {pointer}"


def _has(value: Any, key: str) -> bool:
    """Whether a definition has a key; of a list, an item is named by its ``id``."""
    for step in key.split("."):
        if isinstance(value, list):
            value = {item["id"]: item for item in value if isinstance(item, dict) and "id" in item}
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return True


def _of_citations(coverage: Coverage, definitions: Mapping[str, Any]) -> Iterator[str]:
    """What definitions cite is in the list, and the list names them there."""
    known = {*coverage.annexes, *coverage.headings}
    for file, definition in definitions.items():
        for cited in sorted(set(citations(definition))):
            if cited in coverage.clauses:
                if file not in coverage.clauses[cited].definitions:
                    yield f"{cited}: workflows/{file} cites it: name the key that implements it"
            elif cited not in known:
                yield f"workflows/{file} cites {cited}, which is not in the list"
            elif not any(
                file in clause.definitions
                for name, clause in coverage.clauses.items()
                if _within(number_of(name), cited)
            ):
                yield f"workflows/{file} cites {cited}, and no clause of it names that file"


def citations(value: Any) -> Iterator[str]:
    """Give every clause that a definition names as a source, at whatever depth."""
    if isinstance(value, dict):
        source = value.get("source")
        if isinstance(source, str):
            yield from (word for word in re.split(r"[，\s]+", source) if word and word != "[practice]")
        for inner in value.values():
            yield from citations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from citations(inner)
