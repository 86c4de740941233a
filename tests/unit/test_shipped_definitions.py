"""A shipped definition that changes has a new version: databases in use keep the old one by its digest.

``tests/data/definitions.txt`` has a line for each version that shipped; ``python -m
tests.unit.test_shipped_definitions`` adds those of new versions, and changes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from credit_workflow.definition.library import load_definitions

KEPT = Path(__file__).resolve().parents[1] / "data" / "definitions.txt"
HOW = "raise `version` in the file, then run `python -m tests.unit.test_shipped_definitions`"

Digests = Mapping[tuple[str, int], str]


def kept() -> Digests:
    """Return the digest of each workflow and version that shipped."""
    lines = [line.split() for line in KEPT.read_text(encoding="ascii").splitlines()]
    return {(name, int(version)): digest for name, version, digest in lines}


def shipped() -> Digests:
    """Return the digest of each definition as it is now."""
    return {(name, d.workflow.version): d.digest for name, d in load_definitions().items()}


def faults(now: Digests, then: Digests) -> list[str]:
    """Return what is wrong with the definitions of now, given those that shipped."""
    found = []
    for (name, version), digest in now.items():
        newest = max((v for n, v in then if n == name), default=0)
        if version < newest:
            found.append(f"{name} {version}: version {newest} has shipped")
        elif (name, version) not in then:
            found.append(f"{name} {version}: no line in {KEPT.name} yet; {HOW}")
        elif then[name, version] != digest:
            found.append(f"{name} {version}: differs from what shipped as this version; {HOW}")
    return found


def test_a_changed_definition_has_a_new_version() -> None:
    assert faults(shipped(), kept()) == []


def test_each_version_has_one_line_in_order() -> None:
    lines = [line.split()[:2] for line in KEPT.read_text(encoding="ascii").splitlines()]
    assert lines == sorted(([n, v] for n, v in {(n, v) for n, v in lines}), key=lambda line: (line[0], int(line[1])))


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        ({("query", 1): "aa"}, None),
        ({("query", 1): "bb"}, "differs"),  # a forgotten version
        ({("query", 2): "bb"}, "no line"),
        ({("query", 0): "aa"}, "has shipped"),
        ({("fresh", 1): "cc"}, "no line"),
    ],
)
def test_a_forgotten_version_is_seen(now: Digests, fault: str | None) -> None:
    found = faults(now, {("query", 1): "aa"})
    assert len(found) == (fault is not None)
    assert fault is None or fault in found[0]


if __name__ == "__main__":
    every = {**shipped(), **kept()}  # what shipped stays as it was
    text = "".join(f"{name} {version} {every[name, version]}\n" for name, version in sorted(every))
    KEPT.write_text(text, encoding="ascii")
