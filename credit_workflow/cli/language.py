"""Settle the language of all that people read, before any command is built."""

from __future__ import annotations

import locale
import os

from credit_workflow.text import Lang, Text

_chosen: Lang = "zh"
#: Stands between the languages of a text that has both; no text has it.
_OR = "\x1f"


def choose(given: str | None) -> Lang:
    """Settle the language: what is given, else the environment's, else the locale's, else Chinese."""
    global _chosen  # noqa: PLW0603 - one command speaks one language
    word = given or os.environ.get("CREDIT_WORKFLOW_LANG") or _from_locale()
    _chosen = "en" if word.lower().startswith("en") else "zh"
    return _chosen


def language() -> Lang:
    """Return the language settled on."""
    return _chosen


def t(zh: str, en: str) -> str:
    """Return whichever text is in the language settled on."""
    return en if _chosen == "en" else zh


def say(text: Text) -> str:
    """Return a text in the language settled on."""
    return text.to(_chosen)


def both(zh: str, en: str) -> str:
    """Return a text of an option that is written down before the language is settled, in both.

    `settled` chooses when the help is written, so that a process can speak one language after the other.
    """
    return f"{zh}{_OR}{en}"


def settled(text: str) -> str:
    """Return a text with whatever `both` put into it in the language settled on."""
    zh, found, en = text.partition(_OR)
    return text if not found else t(zh, en)


def _from_locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    return (locale.getlocale()[0] or "") if os.name == "nt" else ""


def counted(number: int, noun: str) -> str:
    """Return a number with its English noun: `1 case`, `2 cases`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
