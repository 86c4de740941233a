"""Define all errors that this software raises on purpose.

Each says what is wrong, why (the clause, where there is one) and what to do next, in both
languages, and carries the exit status that the command line answers with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from credit_workflow.text import Text


class CreditWorkflowError(Exception):
    """The root of all errors.

    Args:
        message: what is wrong and what to do, in both languages, on one line.
        code: a stable identifier for programs; the class's own unless given.
        source: the clause behind a refusal, for instance ``附件2·六(三)``.
        details: further facts for programs.
    """

    exit_status: ClassVar[int] = 1
    default_code: ClassVar[str] = "fault"

    def __init__(
        self,
        message: Text,
        *,
        code: str | None = None,
        source: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message.en)
        self.message = message
        self.code = code or self.default_code
        self.source = source
        self.details: dict[str, Any] = dict(details or {})


class UsageFault(CreditWorkflowError):
    """An unknown option, a malformed date, a missing or ill-typed value."""

    exit_status = 2
    default_code = "usage"


class Refused(CreditWorkflowError):
    """Refused by a rule: state, guard, deadline, materials, a value beyond the law, four eyes."""

    exit_status = 3
    default_code = "refused"


class NotFound(CreditWorkflowError):
    """No such case, record, account, definition or database."""

    exit_status = 4
    default_code = "not_found"


class Conflict(CreditWorkflowError):
    """Somebody else changed the case meanwhile; nothing was written."""

    exit_status = 5
    default_code = "conflict"


class NotAllowed(CreditWorkflowError):
    """Not signed in, or the role is not held."""

    exit_status = 6
    default_code = "not_allowed"


class IntegrityFault(CreditWorkflowError):
    """The log or the database is damaged, or is not one of ours."""

    exit_status = 7
    default_code = "integrity"


class CommitUnknown(CreditWorkflowError):
    """The connection was lost while committing and nobody can be asked: it may have been written, or not."""

    default_code = "commit_unknown"


class CommitInterrupted(KeyboardInterrupt):
    """Somebody pressed Ctrl-C while the database was keeping what was written, so it may be kept."""


#: After these, what was laid beside the database for what was written (scans, keys) must stay: it may be kept.
PERHAPS_KEPT = (CommitUnknown, CommitInterrupted)


class PerhapsWritten(CreditWorkflowError):
    """The same as it is told to people."""

    exit_status = 130
    default_code = "commit_unknown"

    def __init__(self) -> None:
        message = Text(
            "在提交时被中断，可能已经写入。请先查看（case show、todo），再决定是否重做",
            "interrupted while committing: it may have been written; look (case show, todo) before you do it again",
        )
        super().__init__(message)


class PluginFault(CreditWorkflowError):
    """An effect or a function of an installed package failed, or gave what it may not; nothing was written.

    ``details`` has the ``plugin``, its ``group`` of entry points and the ``package``.
    """

    default_code = "plugin"


class DefinitionFault(UsageFault):
    """A definition, calendar or notice file with a mistake.

    ``details["problems"]`` lists each as ``{"file", "line", "key", "message"}``.
    """

    default_code = "definition"
