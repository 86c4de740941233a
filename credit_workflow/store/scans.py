"""Scans of materials, kept beside the database under the digest of their content."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from credit_workflow.errors import CreditWorkflowError, NotFound, UsageFault
from credit_workflow.text import Text

_LARGEST = 50_000_000
_PRIVATE = 0o600


def scans_folder(database: Path) -> Path:
    """Return the folder in which a database's scans lie."""
    return database.with_name(database.name + ".scans")


@contextmanager
def kept(database: Path, files: Mapping[str, Path | None]) -> Iterator[dict[str, str | None]]:
    """Keep the scans while an action is taken; where it is refused, they go again.

    Args:
        database: the database's file.
        files: the kinds of materials with their scans, or None where there is none.

    Yields:
        The kinds with the SHA-256 of each scan.

    Raises:
        NotFound: there is no such file.
        UsageFault: a file can't be read, or is larger than 50 MB.
        CreditWorkflowError: the scans can't be written.
    """
    digests: dict[str, str | None] = dict.fromkeys(files)
    contents = {kind: _content(file) for kind, file in files.items() if file is not None}
    new: list[Path] = []
    try:
        for kind, content in contents.items():
            digests[kind] = hashlib.sha256(content).hexdigest()
            new += _write(scans_folder(database) / str(digests[kind]), content)
        yield digests
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as handle:
            content = handle.read(_LARGEST + 1)
    except FileNotFoundError:
        raise NotFound(Text("没有文件 {f}", "there is no file {f}").fill(f=file), code="no_file") from None
    except OSError as fault:
        message = Text("文件 {f} 无法读取：{w}", "the file {f} can't be read: {w}")
        raise UsageFault(message.fill(f=file, w=fault.strerror), code="unreadable_file") from None
    if len(content) > _LARGEST:
        raise UsageFault(
            Text("文件 {f} 超过 50 MB", "the file {f} is larger than 50 MB").fill(f=file), code="large_file"
        )
    return content


def _write(path: Path, content: bytes) -> list[Path]:
    if path.exists():
        return []
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE), "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        message = Text(
            "扫描件无法保存（{w}），没有写入任何内容", "the scan can't be kept ({w}) and nothing was written"
        )
        raise CreditWorkflowError(message.fill(w=fault.strerror or fault), code="scan") from None
    return [path]
