"""Turn plain values into the values of a model: what msgspec converts, and the forms of texts besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from credit_workflow.strict_yaml.documents import KeyPath
from credit_workflow.text import Text

_Model = TypeVar("_Model", bound=msgspec.Struct)


class Misfit(Exception):
    """A text does not have the form that is asked for.

    Args:
        key: where it stands.
        message: what is asked for.
    """

    def __init__(self, key: KeyPath, message: Text) -> None:
        super().__init__(message.en)
        self.key = key
        self.message = message


def typed(value: Any, model: type[_Model]) -> _Model:
    """Return plain values as the model's, every text of the form that the model asks for.

    Raises:
        msgspec.ValidationError: the values are not the model's.
        Misfit: a text has not its form.
    """
    made = msgspec.convert(value, model)
    _check(value, _info(model), ())
    return made


@cache
def _info(model: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(model)


def _check(value: Any, kind: inspect.Type, path: KeyPath) -> None:
    """Raise at the first text that has not its form; the value is known to be of that kind."""
    if isinstance(kind, inspect.Metadata):
        pattern = (kind.extra_json_schema or {}).get("pattern")
        if pattern and isinstance(value, str) and not re.search(pattern, value):
            message = Text("应符合 {p}，而不是“{v}”", "it must match {p}, and “{v}” does not")
            raise Misfit(path, message.fill(p=pattern, v=value))
    for inner, its_kind, at in _within(value, kind, path):
        _check(inner, its_kind, at)


def _within(value: Any, kind: inspect.Type, path: KeyPath) -> Iterator[tuple[Any, inspect.Type, KeyPath]]:
    """Give what a value is made of, each with its kind and where it stands."""
    if isinstance(kind, inspect.Metadata):
        yield value, kind.type, path
    elif isinstance(kind, inspect.UnionType):
        yield from ((value, one, path) for one in kind.types if _takes(one, value))
    elif isinstance(kind, inspect.StructType):
        there = [(field, field.encode_name) for field in kind.fields if field.encode_name in value]
        yield from ((value[name], field.type, (*path, name)) for field, name in there)
    elif isinstance(kind, inspect.DictType):
        for key, inner in value.items():
            yield key, kind.key_type, (*path, key)
            yield inner, kind.value_type, (*path, key)
    elif isinstance(kind, inspect.ListType | inspect.VarTupleType):
        yield from ((inner, kind.item_type, (*path, index)) for index, inner in enumerate(value))


def _takes(kind: inspect.Type, value: Any) -> bool:
    """Whether a value is of that kind of a union, as far as texts within it go."""
    if isinstance(kind, inspect.Metadata):
        return _takes(kind.type, value)
    if isinstance(value, dict):
        return isinstance(kind, inspect.StructType | inspect.DictType)
    if isinstance(value, list):
        return isinstance(kind, inspect.ListType | inspect.VarTupleType)
    return isinstance(value, str) and isinstance(kind, inspect.StrType)
