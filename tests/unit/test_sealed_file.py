"""An encrypted file that was cut off between two of its pieces is found by itself."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from credit_workflow.errors import IntegrityFault
from credit_workflow.store.crypto.encrypted_file import decrypt, encrypt

_DATABASE = "ab" * 16
_HEADER, _PIECE = 50, (1 << 20) + 16


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_what_is_decrypted_is_what_was_encrypted(tmp_path: Path, size: int) -> None:
    content, secret, plain = b"\x07" * size, io.BytesIO(), io.BytesIO()
    encrypt(io.BytesIO(content), secret, tmp_path, _DATABASE)
    assert decrypt(io.BytesIO(secret.getvalue()), plain, tmp_path) == _DATABASE
    assert plain.getvalue() == content


@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_a_file_cut_between_two_pieces_is_refused(tmp_path: Path, pieces: int) -> None:
    secret = io.BytesIO()
    encrypt(io.BytesIO(b"\x07" * (3 << 20)), secret, tmp_path, _DATABASE)
    with pytest.raises(IntegrityFault):
        decrypt(io.BytesIO(secret.getvalue()[: _HEADER + pieces * _PIECE]), io.BytesIO(), tmp_path)
