"""Make files that nobody else may read: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

#: What a folder of such files may be used for, and by whom.
FOLDER = 0o700
_FILE = 0o600
#: How the names of what SQLite keeps beside a database end.
_BESIDE = ("-wal", "-shm", "-journal")


def new_file(file: Path) -> BinaryIO:
    """Open a file that is not there yet for writing.

    Raises:
        OSError: it is there, or can't be written.
    """
    return os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE), "wb")


def draft_of(place: Path) -> Path:
    """Return the name of a draft beside a place."""
    return place.with_name(f".{place.name}.{os.urandom(4).hex()}.new")


@contextmanager
def drafted(file: Path, *, over: bool = False) -> Iterator[Path]:
    """Yield an empty draft beside a file, which comes to the file's place when it is on the disk, or goes.

    Args:
        file: the place.
        over: put it over what is there.

    Raises:
        FileExistsError: there is something, which is left as it is.
        OSError: it can't be written.
    """
    draft = draft_of(file)
    try:
        new_file(draft).close()
        yield draft
        with draft.open("rb+") as handle:
            os.fsync(handle.fileno())
        if over:
            draft.replace(file)
        else:
            _place(draft, file)
    finally:
        for end in ("", *_BESIDE):
            with suppress(OSError):  # what went wrong before is what shall be said
                draft.with_name(draft.name + end).unlink(missing_ok=True)


def _place(draft: Path, file: Path) -> None:
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if file.exists():
            raise FileExistsError(str(file)) from None
        draft.replace(file)
