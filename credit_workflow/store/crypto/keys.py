"""Keep keys outside the database, found by the database's own id.

An Ed25519 key signs the seals; master keys, the newest first, wrap the data keys (`cipher`).
"""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature

from credit_workflow.errors import CreditWorkflowError, NotFound, UsageFault
from credit_workflow.store.private_files import FOLDER, drafted, new_file
from credit_workflow.text import Text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEY, _PUBLIC, _MASTERS = "seal.key", "seal.pub", "data.key"
_MASTER_BYTES = 32


def key_folder(keys: Path, database: str) -> Path:
    """Return the folder of a database's keys, given where this machine keeps all of them, and the database's id."""
    return keys / database


def new_key(keys: Path, database: str) -> str:
    """Make the key that signs a new database's seals; return its public half as PEM.

    Raises:
        CreditWorkflowError: the folder of keys can't be written.
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - who reads needs the master keys alone
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    folder = key_folder(keys, database)
    try:
        folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        for name, content in ((_KEY, private), (_PUBLIC, public)):
            with new_file(folder / name) as file:
                file.write(content)
    except OSError as fault:
        raise _not_kept(folder, fault) from None
    return public.decode()


def new_master(keys: Path, database: str) -> str:
    """Make a master key of a database's data keys, put it before those that there are, and return its name.

    The earlier ones stay: backups that were made under them need them.

    Raises:
        CreditWorkflowError: the folder of keys can't be read or written.
    """
    import secrets  # noqa: PLC0415 - who only reads needs none

    folder = key_folder(keys, database)
    name, file = secrets.token_hex(4), folder / _MASTERS
    line = f"{name} {secrets.token_hex(_MASTER_BYTES)}\n"
    try:
        folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        earlier = file.read_text(encoding="ascii") if file.exists() else ""
        with drafted(file, over=True) as draft:
            draft.write_text(line + earlier, encoding="ascii")
    except (OSError, UnicodeError) as fault:
        raise _not_kept(folder, fault) from None
    return name


def masters(keys: Path, database: str) -> dict[str, bytes]:
    """Return the master keys of a database by their names, the newest first.

    Raises:
        NotFound: there is none on this machine.
    """
    file = str(key_folder(keys, database) / _MASTERS)
    try:
        now = os.stat(file)  # noqa: PTH116 - each transaction asks
        found = _masters_in(file, (now.st_ino, now.st_mtime_ns, now.st_size))
    except (OSError, ValueError):
        found = {}
    if not found:
        message = Text(
            "找不到数据密钥 {p}，个人信息无法读取。请从另处保管的密钥恢复，或用 CREDIT_WORKFLOW_KEYS 指明其文件夹",
            "there is no data key at {p}, and personal data can't be read without it; bring it from where it is kept,"
            " or name its folder: CREDIT_WORKFLOW_KEYS",
        )
        raise NotFound(message.fill(p=file), code="no_key")
    return found


@lru_cache(maxsize=8)
def _masters_in(file: str, _state: tuple[int, ...]) -> dict[str, bytes]:
    """Return the keys in a file, which is read again when it is another one; nobody may change what is returned."""
    lines = [line.split() for line in Path(file).read_text(encoding="ascii").splitlines() if line.strip()]
    return {name: bytes.fromhex(key) for name, key in lines}


def _not_kept(folder: Path, fault: Exception) -> CreditWorkflowError:
    message = Text(
        "密钥无法保存在 {p}：{w}。可用环境变量 CREDIT_WORKFLOW_KEYS 另选文件夹",
        "the keys can't be kept at {p}: {w}; CREDIT_WORKFLOW_KEYS names another folder",
    )
    why = (fault.strerror if isinstance(fault, OSError) else None) or fault
    return CreditWorkflowError(message.fill(p=folder, w=why), code="keys")


def forget_keys(keys: Path, database: str) -> None:
    """Remove the keys of a database that was not made after all."""
    folder = key_folder(keys, database)
    with contextlib.suppress(OSError):
        for name in (_KEY, _PUBLIC, _MASTERS):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def signing_key(keys: Path, database: str) -> Ed25519PrivateKey:
    """Return the key that signs a database's seals.

    Raises:
        NotFound: it is not on this machine.
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as in `new_key`
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    file = key_folder(keys, database) / _KEY
    key = None
    with contextlib.suppress(OSError, ValueError):
        key = form.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        message = Text(
            "找不到签名密钥 {p}。请在保管密钥的机器上办理，或用 CREDIT_WORKFLOW_KEYS 指明其文件夹",
            "there is no signing key at {p}; go to the machine that has it, or name its folder: CREDIT_WORKFLOW_KEYS",
        )
        raise NotFound(message.fill(p=file), code="no_key")
    return key


def public_file(keys: Path, database: str) -> Path:
    """Return where the public key of a database lies."""
    return key_folder(keys, database) / _PUBLIC


def public_key(pem: str) -> Ed25519PublicKey:
    """Return a public key from its PEM text.

    Raises:
        UsageFault: it is none.
    """
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - as in `new_key`
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    key = None
    with contextlib.suppress(ValueError):
        key = form.load_pem_public_key(pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        message = Text("不是 Ed25519 公钥（PEM）", "this is no public Ed25519 key (PEM)")
        raise UsageFault(message, code="key")
    return key


def signed(key: Ed25519PrivateKey, text: str) -> str:
    """Return the signature (hex) of a text."""
    return key.sign(text.encode()).hex()


def is_signed(key: Ed25519PublicKey, text: str, signature: str) -> bool:
    """Whether a text has this signature (hex)."""
    try:
        key.verify(bytes.fromhex(signature), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
