"""Encrypt one file: AES-256-GCM in pieces, so that any change, cut or exchange is found."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from credit_workflow.errors import CreditWorkflowError, IntegrityFault, NotFound, UsageFault
from credit_workflow.store.crypto.keys import key_folder
from credit_workflow.store.private_files import FOLDER, new_file
from credit_workflow.text import Text

_MAGIC = b"CWbackup1\n"
_PIECE = 1 << 20
_TAG = 16
_PREFIX = 8
_ID = 32
_HEADER = len(_MAGIC) + _ID + _PREFIX
_KEY = "backup.key"
_KEY_BYTES = 32


def backup_key(keys: Path, database: str, *, make: bool) -> AESGCM:
    """Return the key of a database's backups, kept outside it and found by its id.

    Args:
        keys: where this machine keeps keys.
        database: the database's id.
        make: make it where there is none yet.

    Raises:
        NotFound: it is not on this machine.
        CreditWorkflowError: it can't be written.
    """
    file = key_folder(keys, database) / _KEY
    try:
        if make and not file.exists():
            file.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
            with new_file(file) as handle:
                handle.write(secrets.token_hex(_KEY_BYTES).encode())
        return AESGCM(bytes.fromhex(file.read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError):
        message = Text(
            "找不到备份密钥 {p}。请从另处保管的密钥恢复，或用 CREDIT_WORKFLOW_KEYS 指明其文件夹",
            "there is no backup key at {p}; bring it from where it is kept, or name its folder: CREDIT_WORKFLOW_KEYS",
        )
        raise NotFound(message.fill(p=file), code="no_key") from None
    except OSError as fault:
        message = Text("备份密钥 {p} 无法写入：{w}", "the backup key {p} can't be written: {w}")
        raise CreditWorkflowError(message.fill(p=file, w=fault.strerror or fault), code="keys") from None


def encrypt(
    source: BinaryIO, target: BinaryIO, keys: Path, database: str, tell: Callable[[int], None] | None = None
) -> None:
    """Write everything of ``source`` into ``target``, encrypted with the database's backup key.

    Args:
        source: what is encrypted.
        target: where to.
        keys: where this machine keeps keys.
        database: the database's id.
        tell: called with the bytes of ``source`` that are done.

    Raises:
        NotFound, CreditWorkflowError: as `backup_key`.
    """
    key = backup_key(keys, database, make=True)
    prefix = secrets.token_bytes(_PREFIX)
    header = _MAGIC + database.encode("ascii") + prefix
    target.write(header)
    for number, piece, last in _pieces(source, _PIECE):
        target.write(key.encrypt(_nonce(prefix, number), piece, _bound(header, number, last=last)))
        if tell is not None:
            tell(number * _PIECE + len(piece))


def decrypt(source: BinaryIO, target: BinaryIO, keys: Path) -> str:
    """Write what was encrypted with a key in the folder ``keys`` into ``target``; return the id of its database.

    Raises:
        UsageFault: it is no backup of ours.
        IntegrityFault: it was changed, cut off or put together from others.
        NotFound: the key is not on this machine.
    """
    header = source.read(_HEADER)
    if len(header) != _HEADER or not header.startswith(_MAGIC):
        raise UsageFault(Text("不是本软件的备份文件", "this is no backup of this software"), code="no_backup")
    database = header[len(_MAGIC) : -_PREFIX].decode("ascii", errors="replace")
    if not all(c in "0123456789abcdef" for c in database):
        raise _damaged()
    key, prefix = backup_key(keys, database, make=False), header[-_PREFIX:]
    for number, piece, last in _pieces(source, _PIECE + _TAG):
        try:
            target.write(key.decrypt(_nonce(prefix, number), piece, _bound(header, number, last=last)))
        except InvalidTag:
            raise _damaged() from None
    return database


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Yield the pieces of a file with their numbers, and whether each is the last one; an empty file has one, too."""
    number, piece = 0, source.read(size)
    while following := source.read(size):
        yield number, piece, False
        number, piece = number + 1, following
    yield number, piece, True


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + struct.pack(">I", number)


def _bound(header: bytes, number: int, *, last: bool) -> bytes:
    return header + struct.pack(">I?", number, last)


def _damaged() -> IntegrityFault:
    message = Text(
        "备份文件已损坏或被改动，或密钥不对，未恢复任何内容",
        "the backup is damaged or was changed, or the key is another's; nothing was restored",
    )
    return IntegrityFault(message, code="backup_damaged")
