"""Name a case that can't be carried on, so that it stands in the way of no other."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from credit_workflow.casework.answer import Value
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.text import Lang, Text, same

#: What may befall a case when it is carried on by its own definition.
FAULTS = (CreditWorkflowError, ValueError, KeyError, RecursionError)


class FailedCase(Value, frozen=True, kw_only=True):
    """A case that could not be carried on, and why; what is said of it is as it was recorded."""

    case: str
    code: str
    message: str


class Failure(Struct, frozen=True, kw_only=True):
    """A case that could not be carried on, or a duty (``workflow:id``) that could not be opened, and why."""

    case: str
    code: str
    message: Text


def failure_of(case: str, fault: Exception) -> Failure:
    """Return why a case can't be carried on.

    Args:
        case: its number; a duty is ``workflow:id``.
        fault: what was raised, one of `FAULTS`.
    """
    if isinstance(fault, CreditWorkflowError):
        return Failure(case=case, code=fault.code, message=fault.message)
    said = " ".join(str(fault).split()) or type(fault).__name__
    return Failure(case=case, code="bad_case", message=same(f"{type(fault).__name__}: {said}"))


def shown_failures(failures: Iterable[Failure], lang: Lang) -> tuple[FailedCase, ...]:
    """Return failures as whoever asked reads them, each case once."""
    first = {failure.case: failure for failure in reversed(list(failures))}
    return tuple(
        FailedCase(case=failure.case, code=failure.code, message=failure.message.to(lang))
        for failure in sorted(first.values(), key=lambda one: one.case)
    )
