"""Rooms are small, names stand once, and imports form no circle, wherever they stand."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "credit_workflow"
FULL, LONG = 15, 400
#: Modules that share a name, with why.
TWICE = {
    "acting": "who acts, below the service, and what people do to cases, in it",
    "calendars": "working days for callers without a database, and a use case",
    "keys": "where keys lie, and a use case",
    "papers": "the rules of a definition, and the use cases of the same subject",
    "reader": "the reader of definitions, and the reader of a database",
    "titles": "what parts of a definition are called, in it and in figures",
    "wording": "the words of definitions, and those of them that faces may use",
}


@cache
def modules() -> Mapping[str, Path]:
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """What each module imports of the package: for types and inside functions, too."""
    return {name: frozenset(_imported(name, file)) for name, file in modules().items()}


def _imported(name: str, file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("credit_workflow"):
            for one in node.names:
                below = f"{node.module}.{one.name}"
                yield below if below in modules() else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in modules() and one.name != name)


def test_no_room_is_full() -> None:
    rooms: dict[Path, int] = defaultdict(int)
    for file in PACKAGE.rglob("*.py"):
        rooms[file.parent] += file.name != "__init__.py"
    assert {str(room): count for room, count in rooms.items() if count > FULL} == {}


@pytest.mark.parametrize("top", ["credit_workflow", "tests"])
def test_no_file_is_long(top: str) -> None:
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in (ROOT / top).rglob("*.py")}
    assert {str(file): count for file, count in lines.items() if count > LONG} == {}


def test_imports_form_no_circle() -> None:
    left = {name: set(what) for name, what in imports().items()}
    while leaves := [name for name, what in left.items() if not what & left.keys()]:
        for name in leaves:
            del left[name]
    assert sorted(left) == [], "these import each other, or what does"


def test_nobody_imports_what_only_passes_on() -> None:
    passing = {name for name, file in modules().items() if file.name == "__init__.py"}
    assert [(name, what & passing) for name, what in imports().items() if what & passing] == []


def test_names_of_modules_stand_once() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for name, file in modules().items():
        if file.name != "__init__.py":
            places[file.stem].append(name)
    assert {stem for stem, names in places.items() if len(names) > 1} == TWICE.keys()
