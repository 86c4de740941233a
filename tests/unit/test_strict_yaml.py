"""Files are read the same by either parser, the one in C and the one that is always there."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any
from unittest import mock

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from credit_workflow.errors import DefinitionFault
from credit_workflow.strict_yaml import documents
from credit_workflow.strict_yaml.documents import read_yaml

LINES = [line for file in sorted(Path("workflows").glob("*.yaml")) for line in file.read_text("utf-8").splitlines()]
SLIPS = [":", " ", "\t", "-", "\n", "{", "}", "[", "]", ",", "'", '"', "#", "&a", "*a", "!", "|", ">", "%", "@", "`"]
MORE = ["\u2028", "\x85", "\ufeff", "\x07", "\r", "\u00a0", "---", "...", "~", "\\", "é", "😀", "::", "- -", "?"]


def outcome(text: str, parser: Any) -> Any:
    with mock.patch.object(documents, "_FAST", parser):
        try:
            return read_yaml(text)
        except DefinitionFault as fault:
            return fault.details


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Give some lines of a shipped definition, with a few slips."""
    first = draw(st.integers(0, len(LINES) - 1))
    text = dedent("\n".join(LINES[first : first + draw(st.integers(1, 25))]))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(SLIPS + MORE)) + text[place + draw(st.integers(0, 1)) :]
    return text


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is no parser in C here")
@given(texts())
def test_the_two_parsers_read_the_same(text: str) -> None:
    assume("? " not in text)  # within a word of a list in brackets: the one in C reads it, the other refuses it
    assert outcome(text, yaml.CSafeLoader) == outcome(text, yaml.SafeLoader)
