"""The hash tree, held against published vectors, and against the RFC's own recursive words."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_workflow.store.integrity.merkle import leads_to, path_to, root_of

#: The inputs and roots that the reference implementations of Certificate Transparency test with.
INPUTS = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]  # fmt: skip


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    assert root_of(INPUTS[:size]).hex() == ROOTS[size - 1]


def test_the_root_of_nothing() -> None:
    assert root_of([]) == hashlib.sha256(b"").digest()


def recursive(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + recursive(leaves[:k]) + recursive(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70))
def test_the_root_is_the_rfcs(leaves: list[bytes]) -> None:
    assert root_of(leaves) == recursive(leaves)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70, unique=True), st.data())
def test_a_path_proves_its_leaf_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root = path_to(index, leaves), root_of(leaves)
    assert leads_to(leaves[index], index, len(leaves), path, root)
    assert not leads_to(leaves[index] + b"x", index, len(leaves), path, root)
    assert not leads_to(leaves[index], index, len(leaves), [*path, root], root)
    assert not leads_to(leaves[index], index, len(leaves), path, b"\x00" * 32)
    assert not leads_to(leaves[index], len(leaves), len(leaves), path, root)
    if path:
        assert not leads_to(leaves[index], index, len(leaves), path[:-1], root)
    if len(leaves) > 1:
        assert not leads_to(leaves[index - 1], index, len(leaves), path, root)
