"""Keep scans of materials encrypted beside the database, under the digest of their content."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from credit_workflow.errors import PERHAPS_KEPT, CreditWorkflowError, IntegrityFault, NotFound, UsageFault
from credit_workflow.store.database import Database
from credit_workflow.store.private_files import FOLDER, drafted
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.store.crypto.cipher import Cipher

#: A scan is no larger, in bytes.
LARGEST = 50_000_000
#: An encrypted scan begins with these letters and the number of its data key.
_MAGIC, _HEADER = b"CWscan1\n", struct.Struct(">8sI")


def scans_folder(database: Database) -> Path:
    """Return the folder in which a database's scans lie."""
    return database.beside("scans")


@contextmanager
def kept(database: Database, cipher: Cipher, contents: Mapping[str, bytes]) -> Iterator[None]:
    """Keep scans while an action is taken; where it was certainly not taken, they go again.

    Args:
        database: the database that the scans belong to.
        cipher: what encrypts them.
        contents: the kinds of materials, with what was scanned.

    Raises:
        UsageFault: one is larger than 50 MB.
        CreditWorkflowError: they can't be written, or the key is not on this machine.
    """
    for kind, content in contents.items():
        if len(content) > LARGEST:
            message = Text("{k} 的扫描件超过 50 MB", "the scan of {k} is larger than 50 MB").fill(k=kind)
            raise UsageFault(message, code="large_file")
    new: list[Path] = []
    try:
        for content in contents.values():
            digest = hashlib.sha256(content).hexdigest()
            encrypted = _HEADER.pack(_MAGIC, cipher.newest) + cipher.encrypt_bytes(_place(digest), content)
            new += _write(scans_folder(database) / digest, encrypted)
        yield
    except PERHAPS_KEPT:  # a scan too many does no harm, one that the log names and that is gone does
        raise
    except BaseException:
        for path in new:
            path.unlink(missing_ok=True)
        raise


@contextmanager
def gone(database: Database, digests: Collection[str]) -> Iterator[None]:
    """Destroy scans after what decides so was done; where it was not, or perhaps not, they stay.

    Args:
        database: the database that the scans belong to.
        digests: of their contents.

    Raises:
        CreditWorkflowError: one can't be removed; the decision stands, and says which it was.
    """
    yield
    for digest in digests:
        try:
            (scans_folder(database) / digest).unlink(missing_ok=True)
        except OSError as fault:
            message = Text(
                "扫描件 {d} 未能删除（{w}），销毁已登记；请手工删除文件夹 {f} 中的该文件",
                "the scan {d} can't be removed ({w}) though its destruction is recorded; remove that file from {f}",
            )
            filled = message.fill(d=digest, w=fault.strerror or fault, f=scans_folder(database))
            raise CreditWorkflowError(filled, code="scan") from None


def scan_of(database: Database, digest: str) -> bytes:
    """Return the content of a scan.

    Raises:
        NotFound: there is no such scan, or the key is not on this machine.
        IntegrityFault: it was changed.
    """
    file = scans_folder(database) / digest
    try:
        sealed = file.read_bytes()
    except OSError:
        message = Text("没有扫描件 {d}", "there is no scan {d}")
        raise NotFound(message.fill(d=digest), code="no_scan") from None
    with database.reading() as db:
        cipher = db.cipher
    magic, number = _HEADER.unpack_from(sealed.ljust(_HEADER.size))
    content = cipher.open_bytes(_place(digest), sealed[_HEADER.size :], number) if magic == _MAGIC else b""
    if hashlib.sha256(content).hexdigest() != digest:
        message = Text("扫描件 {d} 已损坏或被改动", "the scan {d} is damaged or was changed")
        raise IntegrityFault(message.fill(d=digest), code="damaged_scan")
    return content


def _place(digest: str) -> str:
    return f"scan:{digest}"


def _write(path: Path, content: bytes) -> list[Path]:
    if path.exists():
        return []
    try:
        path.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        with drafted(path, over=True) as draft:
            draft.write_bytes(content)
    except OSError as fault:
        message = Text(
            "扫描件无法保存（{w}），没有写入任何内容", "the scan can't be kept ({w}) and nothing was written"
        )
        raise CreditWorkflowError(message.fill(w=fault.strerror or fault), code="scan") from None
    return [path]
