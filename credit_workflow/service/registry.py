"""Register every use case. Its types and functions are loaded by subject when first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from credit_workflow.service.entries import daily, rules, upkeep
from credit_workflow.service.use_case import Request, UseCase

_ALL: tuple[UseCase, ...] = (*daily.ENTRIES, *rules.ENTRIES, *upkeep.ENTRIES)
_ROOM = "credit_workflow.service.use_cases."

#: By name, in the order in which they are documented.
USE_CASES: Mapping[str, UseCase] = {use_case.name: use_case for use_case in _ALL}
_BY_REQUEST: Mapping[str, UseCase] = {use_case.request: use_case for use_case in _ALL}


def use_case_of(request: Request[Any]) -> UseCase:
    """Return the use case that a request is for."""
    kind = type(request)
    return _BY_REQUEST[f"{kind.__module__.removeprefix(_ROOM)}.{kind.__name__}"]


def request_type(use_case: UseCase) -> type[Request[Any]]:
    """Return the type of a use case's request."""
    found: type[Request[Any]] = getattr(_module(use_case.module), use_case.request.rpartition(".")[2])
    return found


def function(use_case: UseCase, name: str) -> Callable[..., Any]:
    """Return a function of the module that has a use case."""
    found: Callable[..., Any] = getattr(_module(use_case.module), name)
    return found


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"{_ROOM}{name}")
