"""Every use case that there is. Its types and functions are loaded by subject when first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from credit_workflow.service.entries import (
    accounts,
    audit,
    calendars,
    cases,
    explanations,
    look_ups,
    names,
    notifications,
    papers,
    records,
    reports,
    rules,
    statistics,
    upkeep,
    workflows,
)
from credit_workflow.service.use_case import Request, UseCase

_ALL: tuple[UseCase, ...] = (
    *cases.ENTRIES,
    *explanations.ENTRIES,
    *records.ENTRIES,
    *names.ENTRIES,
    *workflows.ENTRIES,
    *papers.ENTRIES,
    *look_ups.ENTRIES,
    *accounts.ENTRIES,
    *calendars.ENTRIES,
    *rules.ENTRIES,
    *statistics.ENTRIES,
    *reports.ENTRIES,
    *notifications.ENTRIES,
    *audit.ENTRIES,
    *upkeep.ENTRIES,
)

#: By name, in the order in which they are documented.
USE_CASES: Mapping[str, UseCase] = {use_case.name: use_case for use_case in _ALL}
_BY_REQUEST: Mapping[str, UseCase] = {use_case.request: use_case for use_case in _ALL}


def use_case_of(request: Request[Any]) -> UseCase:
    """Return the use case that a request is for."""
    kind = type(request)
    return _BY_REQUEST[f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"]


def request_type(use_case: UseCase) -> type[Request[Any]]:
    """Return the type of a use case's request."""
    found: type[Request[Any]] = getattr(_module(use_case.module), use_case.request.partition(".")[2])
    return found


def function(use_case: UseCase, name: str) -> Callable[..., Any]:
    """Return a function of the module that has a use case."""
    found: Callable[..., Any] = getattr(_module(use_case.module), name)
    return found


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"credit_workflow.service.use_cases.{name}")
