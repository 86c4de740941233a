"""Keep the operator's session: a token in his state folder, for each database by its own id."""

from __future__ import annotations

import os
from pathlib import Path

_PRIVATE, _PRIVATE_FOLDER = 0o600, 0o700


def token_of(database: str) -> str | None:
    """Return the token kept for a database, given its id, or None."""
    try:
        return _file(database).read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def keep_token(database: str, token: str) -> None:
    """Keep the token of a session in a file that only its owner can read.

    Raises:
        OSError: the state folder can't be written.
    """
    file = _file(database)
    file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE), "w", encoding="ascii") as handle:
        handle.write(token)
    draft.replace(file)


def forget_token(database: str) -> None:
    """Forget the session of a database, if there is one."""
    _file(database).unlink(missing_ok=True)


def _file(database: str) -> Path:
    chosen = os.environ.get("CREDIT_WORKFLOW_STATE")
    if chosen:
        return Path(chosen) / "sessions" / database
    import platformdirs  # noqa: PLC0415 - costs 5 ms that most commands need not pay

    return Path(platformdirs.user_state_path("credit-workflow", appauthor=False)) / "sessions" / database
