"""What the log says of people who were not let in, or whose case was refused before it began."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from credit_workflow.casework.journal.entry import Said


class SignInFailed(Said, frozen=True, kw_only=True):
    """Somebody could not sign in; ``account`` is None where there is none of the name given."""

    STREAM = "sign-in"
    KIND = "failed"

    account: str | None


class SubmissionRefused(Said, frozen=True, kw_only=True):
    """A case could not be opened: what it was to be about, and why not; older entries say why in Chinese alone."""

    STREAM = "refusal"
    KIND = "submit"

    workflow: str
    record: str | None
    parent: str | None
    code: str
    message: str
    source: str | None
    message_en: str | UnsetType = UNSET
