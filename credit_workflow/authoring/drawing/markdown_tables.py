"""Write a definition's actions as a Markdown table, and what all Markdown here is made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from credit_workflow.definition.model import Workflow
from credit_workflow.text import Lang, Text

#: The languages that a document can be in.
Tongue = Literal["zh", "en", "both"]


def told(text: Text, tongue: Tongue) -> str:
    """Return a text in one language, or in both with a dot between."""
    if tongue != "both":
        return text.to(tongue)
    return text.zh if text.zh == text.en else f"{text.zh} · {text.en}"


def prose(text: str) -> str:
    """Return a text that Markdown shows as it stands, on one line."""
    plain = " ".join(text.split())
    for sign in ("\\", "`", "*", "_", "<"):
        plain = plain.replace(sign, f"\\{sign}")
    return plain


def code(text: str) -> str:
    """Return a text as code, whatever signs it has."""
    plain = " ".join(text.split())
    fence = "`"
    while fence in plain:
        fence += "`"
    space = " " if "`" in plain else ""
    return f"{fence}{space}{plain}{space}{fence}"


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar within a cell does not end it."""
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def actions_table(workflow: Workflow, tongue: Tongue) -> str:
    """Return who takes which action, from where to where, by which clause."""
    titles = {
        "zh": ("步骤", "名称", "从 → 到", "由", "依据"),
        "en": ("Action", "Title", "From → to", "By", "Source"),
        "both": ("步骤 action", "名称", "from → to", "由 by", "依据 source"),
    }[tongue]
    rows = []
    for name, action in workflow.actions.items():
        origin = action.origin if isinstance(action.origin, str) else "、".join(action.origin or ("—",))
        by = "、".join(workflow.roles[role].title.text.to(_one(tongue)) for role in action.by)
        way = f"{origin} → {action.to or '='}"
        rows.append((code(name), prose(told(action.title.text, tongue)), way, by, action.source))
    return table(titles, rows)


def _one(tongue: Tongue) -> Lang:
    return "en" if tongue == "en" else "zh"
