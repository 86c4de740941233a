"""What callers of the Python API give, as casework takes it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from credit_workflow.api.values import Case
from credit_workflow.casework.session import Form, NewCase
from credit_workflow.service.files import content

if TYPE_CHECKING:
    from credit_workflow.store.database import Database

Materials = Iterable[str] | Mapping[str, str | os.PathLike[str] | None]
CaseOrNumber = Case | str


def number_of(case: CaseOrNumber) -> str:
    """Return the number of a case that is given as such or by its number."""
    return case if isinstance(case, str) else case.number


def new_case(workflow: str, *, parent: CaseOrNumber | None, **about: str | None) -> NewCase:
    """Return what a new case is about."""
    return NewCase(workflow=workflow, parent=None if parent is None else number_of(parent), **about)


def unscanned(values: Mapping[str, Any] | None, materials: Iterable[str], *, all_materials: bool) -> Form:
    """Return a form whose materials were seen, and not scanned."""
    return Form(given=dict(values or {}), materials=dict.fromkeys(materials), all_materials=all_materials)


@contextmanager
def scanned(
    database: Database,
    values: Mapping[str, Any] | None,
    materials: Materials,
    note: str | None,
    *,
    all_materials: bool,
) -> Iterator[Form]:
    """Give a form, and keep the scans that it names if what is done with it succeeds.

    Raises:
        NotFound: there is no such file.
    """
    from credit_workflow.store.crypto.scans import kept  # noqa: PLC0415 - the library of ciphers starts slowly

    named = materials if isinstance(materials, Mapping) else dict.fromkeys(materials)
    files = {kind: None if file is None else Path(file) for kind, file in named.items()}
    with kept(database, files) as digests:
        yield Form(given=dict(values or {}), materials=digests, all_materials=all_materials, note=note)


def records_file(source: str | os.PathLike[str] | Iterable[Mapping[str, Any]]) -> tuple[str, bytes]:
    """Return the name and the content of a file of records, or of rows as one.

    Raises:
        NotFound: there is no such file.
        UsageFault: it can't be read.
    """
    if isinstance(source, (str, os.PathLike)):
        return Path(source).name, content(Path(source))
    return "rows.jsonl", b"\n".join(msgspec.json.encode(row) for row in source)
