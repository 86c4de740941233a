"""Encrypt personal data at rest with a key that is not in the database.

Every text is encrypted with a key of its own, derived from a data key and from the place where the
text stands, so that no encrypted text can be moved to another place, and one entry's key can be
given to somebody without giving away anything else. The data keys lie in the database, wrapped
by a master key that lies outside (`keys`): changing the master key rewrites them and nothing else.
"""

from __future__ import annotations

import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from credit_workflow.errors import IntegrityFault, NotFound
from credit_workflow.text import Text

KEY_BYTES: Final = 32
#: A data key as it is stored: its number, what it is for, the name of its master key, itself wrapped, when it was made.
Row = tuple[int, str, str, str, str]
_NONCE = 12
_SIGN = "~"
#: What data keys are for: encrypting, and finding a person by a keyed hash of the number.
ENCRYPTING, LOOK_UP = "sealing", "look-up"


class Cipher:
    """Seals texts and opens them again.

    Args:
        sealing: the data keys by number; the highest one seals, all of them open.
        look_up: the key of the hashes by which persons are found.
    """

    def __init__(self, sealing: Mapping[int, bytes], look_up: bytes) -> None:
        self._keys = {number: _Keyed(key) for number, key in sealing.items()}
        self._newest = max(self._keys)
        self._sign = f"{_SIGN}{self._newest}{_SIGN}"
        self._look_up = _Keyed(look_up)

    def encrypt(self, place: str, text: str) -> str:
        """Return a text as it is kept at a place (table, row and column)."""
        return self._sign + b2a_base64(self.encrypt_bytes(place, text.encode()), newline=False).decode()

    def open(self, place: str, sealed: str) -> str:
        """Return the text that was encrypted for a place.

        Raises:
            IntegrityFault: it was changed, or encrypted for another place or by another key.
        """
        number, body = _parts(place, sealed)
        return opened(place, body, self._row_key(number, place)).decode()

    def encrypt_bytes(self, place: str, content: bytes) -> bytes:
        """Return bytes as they are kept at a place, encrypted with the newest data key."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._row_key(self._newest, place)).encrypt(nonce, content, None)

    def key_of(self, place: str, sealed: str) -> str:
        """Return the key (hex) that opens what stands at one place, and nothing else."""
        return self._row_key(_parts(place, sealed)[0], place).hex()

    def keyed(self, number: str) -> str:
        """Return the keyed hash by which a person's number is found."""
        return self._look_up.digest(number.encode()).hex()

    def mark(self, place: str, text: str) -> str:
        """Return the keyed hash (hex) of an open text at a place; it stays the same when keys are changed."""
        return self._look_up.digest(f"{place}{_SIGN}{text}".encode()).hex()

    @property
    def newest(self) -> int:
        """The number of the data key that encrypts now."""
        return self._newest

    def open_bytes(self, place: str, content: bytes, number: int) -> bytes:
        """Return the bytes that were encrypted for a place with a data key.

        Raises:
            IntegrityFault: as `open`.
        """
        return opened(place, content, self._row_key(number, place))

    def _row_key(self, number: int, place: str) -> bytes:
        try:
            return self._keys[number].digest(place.encode())
        except KeyError:
            raise _damaged(place) from None


class _Keyed:
    """HMAC-SHA-256 with one key (RFC 2104), made ready once: `hmac` takes thrice as long for a short message."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = sha256().block_size
        padded = (sha256(key).digest() if len(key) > block else key).ljust(block, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def digest(self, message: bytes) -> bytes:
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


def open_with(place: str, sealed: str, key: str) -> str:
    """Return an encrypted text by the key (hex) of its place alone.

    Raises:
        IntegrityFault: the key is not that of this text.
    """
    try:
        return opened(place, _parts(place, sealed)[1], bytes.fromhex(key)).decode()
    except ValueError:
        raise _damaged(place) from None


def opened(place: str, content: bytes, key: bytes) -> bytes:
    """Return what was encrypted with one key.

    Raises:
        IntegrityFault: it was changed, or the key is another's.
    """
    try:
        return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], None)
    except (InvalidTag, ValueError):
        raise _damaged(place) from None


def new_data_key(database: str, number: int, purpose: str, master: str, at: str, known: Mapping[str, bytes]) -> Row:
    """Return the row (`columns.DATA_KEY`) of a new data key, wrapped by one of the master keys known."""
    return _row(database, number, purpose, master, os.urandom(KEY_BYTES), at, known)


def wrapped_anew(database: str, rows: Iterable[Row], master: str, known: Mapping[str, bytes]) -> list[Row]:
    """Return the rows of all data keys, wrapped by another of the master keys known.

    Raises:
        NotFound, IntegrityFault: as `cipher_of`.
    """
    return [_row(database, row[0], row[1], master, _unwrapped(database, row, known), row[4], known) for row in rows]


def cipher_of(database: str, rows: Iterable[Row], known: Mapping[str, bytes]) -> Cipher:
    """Return the cipher of a database.

    Args:
        database: its id, to which its data keys are bound.
        rows: its data keys (`columns.DATA_KEY`).
        known: its master keys by their names (`keys.masters`).

    Raises:
        NotFound: the master key is not on this machine.
        IntegrityFault: a data key is missing or was changed.
    """
    return _cipher(database, tuple(rows), tuple(known.items()))


@lru_cache(maxsize=4)
def _cipher(database: str, rows: tuple[Row, ...], known: tuple[tuple[str, bytes], ...]) -> Cipher:
    """Return the cipher of some keys, once for the process: a transaction that only writes a line needs it, too."""
    sealing: dict[int, bytes] = {}
    look_up = None
    for row in rows:
        key = _unwrapped(database, row, dict(known))
        if row[1] == ENCRYPTING:
            sealing[row[0]] = key
        else:
            look_up = key
    if not sealing or look_up is None:
        raise _damaged("data_key")
    return Cipher(sealing, look_up)


def _row(database: str, number: int, purpose: str, master: str, key: bytes, at: str, known: Mapping[str, bytes]) -> Row:
    """Return a row of a data key (`columns.DATA_KEY`)."""
    nonce = os.urandom(_NONCE)
    wrapping = AESGCM(known[master])
    wrapped = nonce + wrapping.encrypt(nonce, key, _bound(database, number, purpose, at))
    return (number, purpose, master, wrapped.hex(), at)


def _unwrapped(database: str, row: Row, known: Mapping[str, bytes]) -> bytes:
    number, purpose, master, wrapped, made = row
    if master not in known:
        message = Text(
            "数据密钥 {m} 不在本机。请从另处保管的密钥恢复",
            "the master key {m} is not on this machine; bring it from where it is kept",
        )
        raise NotFound(message.fill(m=master), code="no_key")
    try:
        content = bytes.fromhex(wrapped)
        return AESGCM(known[master]).decrypt(
            content[:_NONCE], content[_NONCE:], _bound(database, number, purpose, made)
        )
    except (InvalidTag, ValueError, TypeError):
        raise _damaged("data_key") from None


def _bound(database: str, number: int, purpose: str, made: str) -> bytes:
    return f"{database}:{number}:{purpose}:{made}".encode()


def _parts(place: str, sealed: str) -> tuple[int, bytes]:
    try:
        empty, number, body = sealed.split(_SIGN)
        if empty:
            raise _damaged(place)
        content = a2b_base64(body)
        if b2a_base64(content, newline=False).decode() != body:  # quicker than its strict mode, and stricter
            raise _damaged(place)
        return int(number), content
    except (ValueError, AttributeError):
        raise _damaged(place) from None


def _damaged(place: str) -> IntegrityFault:
    message = Text(
        "{p} 的加密内容已损坏或被改动。请运行 audit verify",
        "what is sealed at {p} is damaged or was changed; run audit verify",
    )
    return IntegrityFault(message.fill(p=place), code="damaged_row")
