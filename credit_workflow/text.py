"""Hold texts that people read: each exists in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Text(NamedTuple):
    """One text in both languages.

    Args:
        zh: the Chinese text.
        en: the English text.
    """

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """Return the text in ``lang``."""
        return self.en if lang == "en" else self.zh

    def fill(self, **values: object) -> Text:
        """Return a copy with ``{name}`` places filled.

        A value that is itself a `Text` is put in language by language.
        """
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))


def same(value: str) -> Text:
    """Return a text that reads the same in both languages: a number, a name, a quotation."""
    return Text(value, value)


def joined(texts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Return the texts as one, each language with a separator of its own."""
    parts = list(texts)
    return Text(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def listed(texts: Iterable[Text]) -> Text:
    """Return the texts as a list, with the comma of each language."""
    return joined(texts, "、", ", ")
