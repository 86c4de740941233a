"""Turn what callers of the Python API give into what casework takes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from credit_workflow.casework.cases.case_answers import Case
from credit_workflow.service.files import Handed, handed

Materials = Iterable[str] | Mapping[str, str | os.PathLike[str] | None]
CaseOrNumber = Case | str


def number_of(case: CaseOrNumber) -> str:
    """Return the number of a case that is given as such or by its number."""
    return case if isinstance(case, str) else case.number


def scans(materials: Materials) -> dict[str, Handed | None]:
    """Return materials with their scans."""
    named = materials if isinstance(materials, Mapping) else dict.fromkeys(materials)
    return {kind: None if file is None else handed(Path(file)) for kind, file in named.items()}


def records_file(source: str | os.PathLike[str] | Iterable[Mapping[str, Any]]) -> Handed:
    """Return a file of records, or rows as one."""
    if isinstance(source, (str, os.PathLike)):
        return handed(Path(source))
    return Handed("rows.jsonl", b"\n".join(msgspec.json.encode(row) for row in source))
