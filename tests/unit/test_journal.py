"""The second log's forms are a view: what was stored by any version is read, and written again byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType

from credit_workflow.casework.journal.entry import Draft, Said
from credit_workflow.casework.journal.entry_forms import FORMS, forms_of
from credit_workflow.casework.journal.record_entries import Values
from credit_workflow.store.mapping.rows import said_text

#: (stream, kind, what it says) as the versions before these forms wrote it.
STORED: list[list[str]] = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
]
#: The kinds of forms that have several.
NOW = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = {"OfLog": "audit", "OfPaper": "paper", "OfCase": "proof", "OfCases": "cases", "OfFigures": "report"}


def leaves(form: type[Said]) -> list[type[Said]]:
    """The forms that a stream's entries can have."""
    below = form.__subclasses__()
    return [leaf for one in below for leaf in leaves(one)] if below else [form]


LEAVES = [leaf for form in FORMS.values() for leaf in leaves(form)]


def strategy(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    json_values = st.none() | st.text() | st.integers(-9, 9) | st.lists(st.text(), max_size=2)
    special: dict[Any, st.SearchStrategy[Any]] = {
        Any: json_values, Values: st.dictionaries(st.text(), st.text() | st.booleans(), max_size=3),
        UnsetType: st.just(UNSET), int: st.integers(0, 2**53), float: st.floats(0, 1e9, allow_nan=False),
    }  # fmt: skip
    if hint in special:
        return special[hint]
    if isinstance(hint, type) and issubclass(hint, Struct):
        return instances(hint)
    arguments = getattr(hint, "__args__", None)
    if arguments is None:
        return st.from_type(hint)
    if getattr(hint, "__origin__", None) is tuple:
        some = strategy(arguments[0])
        return st.lists(some, max_size=3).map(tuple) if arguments[-1] is ... else st.tuples(*map(strategy, arguments))
    if getattr(hint, "__origin__", None) is Mapping:
        return st.dictionaries(st.text(), strategy(arguments[1]), max_size=3)
    return st.one_of(map(strategy, arguments)) if "|" in str(hint) else st.from_type(hint)


def instances(form: type[Any]) -> st.SearchStrategy[Any]:
    """Instances of a struct."""
    hints = get_type_hints(form)
    return st.builds(form, **{name: strategy(hints[name]) for name in form.__struct_fields__})


def test_every_form_was_stored_once() -> None:
    found = set()
    for stream, kind, text in STORED:
        base = forms_of(stream)
        assert base is not None
        found.add(base.shape(kind, text))
    assert found == set(LEAVES)


@pytest.mark.parametrize(("stream", "kind", "text"), STORED)
def test_what_was_stored_is_read_and_written_again_as_it_is(stream: str, kind: str, text: str) -> None:
    base = forms_of(stream)
    assert base is not None
    said = msgspec.json.decode(text, type=base.shape(kind, text))
    assert said_text(said) == text
    assert json.dumps(msgspec.to_builtins(said)) == json.dumps(json.loads(text))
    assert isinstance(said, base)
    draft = Draft(said=said, at=NOW, actor="a", role="r", of=stream.partition(":")[2], as_kind=kind)
    assert (draft.stream, draft.kind) == (stream, said.KIND or kind)


def test_no_other_stream_has_forms() -> None:
    assert forms_of("nothing") is None


@pytest.mark.parametrize("form", LEAVES, ids=lambda form: form.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_as_what_it_was(form: type[Said], data: st.DataObject) -> None:
    said = data.draw(instances(form))
    kind = form.KIND or KINDS.get(form.__name__, "some")
    text = said_text(said)
    base = forms_of(form.STREAM)
    assert base is not None
    again = msgspec.json.decode(text, type=base.shape(kind, text))
    assert again == said
    assert said_text(again) == text
