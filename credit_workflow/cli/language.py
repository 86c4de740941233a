"""The language of all that people read, settled once before any command is built."""

from __future__ import annotations

import locale
import os
import sys

from credit_workflow.text import Lang, Text

_chosen: Lang = "zh"


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


def forget_texts() -> None:
    """Let the modules of commands be imported anew: what their options say was settled at import.

    For a process that runs several commands, where one speaks another language than the one before.
    """
    package, _, _ = __name__.rpartition(".")
    for name in [name for name in sys.modules if name.startswith(f"{package}.")]:
        short = name.removeprefix(f"{package}.")
        if short not in _SPEECHLESS:
            del sys.modules[name]
            vars(sys.modules[package]).pop(short, None)


#: Modules that keep no text, and those that hold what outlives a command.
_SPEECHLESS = frozenset(
    {"app", "base", "completion", "context", "language", "main", "output", "reporting", "shell", "shellinput", "tokens"}
)


def _from_locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    return (locale.getlocale()[0] or "") if os.name == "nt" else ""
