"""Find where the shipped data lies, and a cache for what is built from it.

In a checkout ``workflows/`` and ``calendars/`` stand beside the package; in an installed wheel
they stand inside it, under ``_data/``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """Return the folder of shipped data called ``name`` (``workflows`` or ``calendars``)."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def is_file(path: Path) -> bool:
    """Whether there is a file; what no file can be called is none."""
    with contextlib.suppress(OSError):
        return path.is_file()
    return False


def user_data_folder() -> Path:
    """Return the folder in which the default database lies; it may not exist yet."""
    import platformdirs  # noqa: PLC0415 - costs 5 ms that most commands need not pay

    return Path(platformdirs.user_data_path("credit-workflow", appauthor=False))


def keys_folder() -> Path:
    """Return where this machine keeps the keys of its databases: ``CREDIT_WORKFLOW_KEYS``, or among the user's data.

    Whoever opens a database asks once and hands it on; nobody below does.
    """
    chosen = os.environ.get("CREDIT_WORKFLOW_KEYS")
    return Path(chosen) if chosen else user_data_folder() / "keys"


def digest_of(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 (hex) over the parts, each preceded by its length."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def cached(name: str, digest: str, build: Callable[[], bytes]) -> bytes:
    """Return what ``build`` makes, from the user's cache where it is already there.

    Args:
        name: what it is, part of the file's name.
        digest: of everything that the result follows from; another digest is another file.
        build: makes the bytes; called at most once.

    A cache that can't be read or written is passed over: it only saves time.
    """
    folder = _cache_folder()
    path = folder / f"{name}-{digest[:32]}.json"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    made = build()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        import tempfile  # noqa: PLC0415 - only without a cache

        handle, draft = tempfile.mkstemp(dir=folder, prefix=f"{name}-")
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        Path(draft).replace(path)
    return made


def _cache_folder() -> Path:
    chosen = os.environ.get("CREDIT_WORKFLOW_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_cache_path("credit-workflow", appauthor=False))
