"""Writes credit_workflow/store/schema/columns.py from the tables, which start too slowly for whoever only reads.

python -m tests.columns
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Boolean, Integer
from sqlmodel import SQLModel

from credit_workflow.store.schema import columns, tables

FILE = Path(columns.__file__)
_WIDTH = 120
#: What `tables` says of a text.
_TEXTS = {"day": "days", "instant": "instants", "words": "words with commas between them"}


def text() -> str:
    """Return what the file shall say."""
    found = [table for table in SQLModel.metadata.tables.values() if table.name in _ours()]
    named = [(f"{table.name}.{column.name}", column.type) for table in found for column in table.columns]
    parts = [
        '"""The columns of the tables, which `tables` declares; `python -m tests.columns` writes them here.',
        "",
        "Whoever only reads is spared SQLModel, which starts slowly. A test holds the two together.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "# fmt: off",
        "",
    ]
    parts += ["#: The columns of each table, in their order.", "COLUMNS = {"]
    for table in found:
        columns = _filled(f'"{table.name}": (', [f'"{column.name}"' for column in table.columns], "),", 4)
        parts += [f"    {line}" for line in columns]
    parts.append("}")
    keys = [
        f'"{table.name}": ({"".join(f"{chr(34)}{c.name}{chr(34)}, " for c in table.primary_key)})' for table in found
    ]
    keys = [key.replace(", )", ",)" if key.count('"') == 4 else ")") for key in keys]
    parts += ["", "#: The columns of each table's key.", *_filled("KEYS = {", keys, "}")]
    for name, kind, what in (("FLAGS", Boolean, "true or false"), ("NUMBERS", Integer, "numbers")):
        some = sorted(f'"{column}"' for column, type_ in named if isinstance(type_, kind))
        parts += ["", f"#: The columns that are {what}.", *_filled(f"{name} = frozenset({{", some, "})")]
    for kind in ("day", "instant", "words"):
        some = sorted(
            f'"{model.__tablename__}.{name}"'
            for model in _models()
            for name, field in model.model_fields.items()
            if kind in field.metadata
        )
        name = f"{kind.removesuffix('s').upper()}S"
        parts += ["", f"#: The columns that are {_TEXTS[kind]}.", *_filled(f"{name} = frozenset({{", some, "})")]
    return "\n".join(parts) + "\n"


def _ours() -> set[str]:
    """The names of our tables: what else a test has declared is none of them."""
    return {str(one.__tablename__) for one in _models()}


def _models() -> list[type[SQLModel]]:
    models = [one for one in vars(tables).values() if isinstance(one, type) and issubclass(one, SQLModel)]
    return [one for one in models if one is not SQLModel]


def _filled(head: str, words: Sequence[str], end: str, indent: int = 0) -> list[str]:
    """Return words within brackets, on one line if they fit."""
    whole = f"{head}{', '.join(words)}{end}"
    if len(whole) <= _WIDTH - indent:
        return [whole]
    inside = textwrap.wrap(", ".join(word.replace(" ", "\0") for word in words) + ",", _WIDTH - 4 - indent)
    return [head, *(f"    {line}".replace("\0", " ") for line in inside), end]


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
