"""Seal the logs: signed Merkle roots, linked to each other, that can be kept elsewhere.

A seal covers every entry of both logs since the one before. Whoever rewrites the whole database
can't sign its seals anew without the key, and can't make those that were taken elsewhere fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from credit_workflow.errors import IntegrityFault, Refused, UsageFault
from credit_workflow.store.crypto import keys
from credit_workflow.store.crypto.cipher import open_with
from credit_workflow.store.integrity import merkle
from credit_workflow.store.mapping import rows as r
from credit_workflow.store.mapping.chain import genesis, link
from credit_workflow.store.mapping.shape import instant_text
from credit_workflow.store.reading.log_reader import LOGS, LogReader
from credit_workflow.store.schema.columns import COLUMNS
from credit_workflow.store.writing.writer import Writer
from credit_workflow.text import Text

_Kept = TypeVar("_Kept")


class Seal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One seal.

    ``events`` and ``journal`` are the last entries of the two logs that it covers, ``size`` how
    many entries it adds, ``root`` their Merkle root, ``prev`` the hash of the seal before it.
    """

    seq: int
    at: str
    events: int
    journal: int
    size: int
    root: str
    prev: str
    hash: str
    signature: str

    def counted_hash(self) -> str:
        """Return the hash that a seal with these values has."""
        values = (self.prev, self.seq, self.at, self.events, self.journal, self.size, self.root)
        return link([str(value) for value in values])


class Export(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The seals of a database with its public key, to be kept elsewhere."""

    database: str
    public_key: str
    seals: tuple[Seal, ...]


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a case in a proof: what it says, and the path from it to a seal's root.

    What it says of persons is sealed; ``key`` (hex) opens it, and nothing else, where it is given.
    """

    parts: tuple[str, ...]
    prev: str
    hash: str
    seal: int
    index: int
    path: tuple[str, ...]
    key: str | None = None

    def says(self) -> str | None:
        """Return what the entry says (JSON), or None where its key is not given.

        Raises:
            IntegrityFault: the key is not that of this entry.
        """
        place = r.event_place(self.parts[0], int(self.parts[1]))
        return None if self.key is None else open_with(place, self.parts[-1], self.key)


class Proof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sealed entries of one case, provable without the database."""

    database: str
    public_key: str
    case: str
    entries: tuple[Step, ...]
    seals: tuple[Seal, ...]
    unsealed: int


def add_seal(db: Writer, at: datetime) -> tuple[Seal, bool]:
    """Seal what the logs have got since the last seal.

    Returns:
        The newest seal, and whether it is new: where nothing was added, there is nothing to seal.

    Raises:
        NotFound: the signing key is not on this machine.
    """
    seals = seals_of(db)
    last = seals[-1] if seals else None
    events, journal = (db.log_head(log)[0] for log in LOGS)
    if last is not None and (last.events, last.journal) == (events, journal):
        return last, False
    key = keys.signing_key(db.keys, db.meta["id"])
    leaves = _leaves(db, last, events, journal)
    draft = Seal(
        seq=1 if last is None else last.seq + 1,
        at=instant_text(at),
        events=events,
        journal=journal,
        size=len(leaves),
        root=merkle.root_of(leaves).hex(),
        prev=genesis(db.meta["id"], "seal") if last is None else last.hash,
        hash="",
        signature="",
    )
    hash_ = draft.counted_hash()
    seal = msgspec.structs.replace(draft, hash=hash_, signature=keys.signed(key, hash_))
    db.put_seal(seal.seq, hash_, msgspec.structs.astuple(seal))
    return seal, True


def seals_of(db: LogReader) -> tuple[Seal, ...]:
    """Return the seals of a database, the first one first."""
    return tuple(Seal(**dict(zip(COLUMNS["seal_log"], row, strict=True))) for row in db.table("seal_log"))


def verify_seals(db: LogReader, kept: Export | None = None, public_pem: str | None = None) -> int:
    """Hold the seals against the logs, and against those that were kept elsewhere.

    Args:
        db: the database, open for reading.
        kept: seals that were exported before.
        public_pem: the public key as it was kept elsewhere; without it that of ``kept``, and
            without that the database's own.

    Returns:
        How many seals there are.

    Raises:
        IntegrityFault: a seal does not fit the logs, the key, or what was kept elsewhere.
    """
    seals = seals_of(db)
    if kept is not None:
        _same_as_kept(db, seals, kept)
    pem = public_pem or (kept.public_key if kept else None) or db.meta.get("seal_key")
    if seals and pem is None:
        raise _broken(1, Text("没有可供核对的公钥", "there is no public key to hold it against"))
    _linked(db.meta["id"], seals, pem)
    if seals and db.log_head("seal_log") != (len(seals), seals[-1].hash):
        raise _broken(len(seals) + 1, Text("封存缺失", "the seal is missing"))
    last: Seal | None = None
    for seal in seals:
        leaves = _leaves(db, last, seal.events, seal.journal)
        if len(leaves) != seal.size or merkle.root_of(leaves).hex() != seal.root:
            raise _broken(seal.seq, Text("所封存的日志已被改动", "the log that it seals was changed"))
        last = seal
    return len(seals)


def export(db: LogReader) -> Export:
    """Return the seals and the public key of a database.

    Raises:
        Refused: nothing has been sealed yet.
    """
    seals = seals_of(db)
    if not seals:
        raise Refused(Text("尚无封存，请先 audit seal", "nothing is sealed yet; first audit seal"), code="no_seal")
    return Export(database=db.meta["id"], public_key=db.meta["seal_key"], seals=seals)


def proof_of(db: LogReader, case: str, *, full: bool = False) -> Proof:
    """Return what proves the sealed entries of a case without the database.

    Args:
        db: the database, open for reading.
        case: its number.
        full: give the key of each entry with it, so that whoever has the proof can read it all.

    Raises:
        Refused: none of them is sealed yet.
    """
    whole = export(db)
    steps, used, unsealed = [], set(), 0
    cached: dict[int, list[bytes]] = {}
    for number, row in db.numbered_events(case):
        seal = next((s for s in whole.seals if number <= s.events), None)
        if seal is None:
            unsealed += 1
            continue
        last = whole.seals[seal.seq - 2] if seal.seq > 1 else None
        leaves = cached.setdefault(seal.seq, []) or _leaves(db, last, seal.events, seal.journal)
        cached[seal.seq] = leaves
        index = number - (last.events if last else 0) - 1
        path = tuple(part.hex() for part in merkle.path_to(index, leaves))
        parts = tuple(r.linked_parts(row[:10]))
        key = db.cipher.key_of(r.event_place(row[0], row[1]), row[9]) if full else None
        steps.append(Step(parts=parts, prev=row[10], hash=row[11], seal=seal.seq, index=index, path=path, key=key))
        used.add(seal.seq)
    if not steps:
        message = Text("{c} 的日志尚未封存，请先 audit seal", "no entry of {c} is sealed yet; first audit seal")
        raise Refused(message.fill(c=case), code="no_seal")
    seals = tuple(seal for seal in whole.seals if seal.seq in used)
    return Proof(
        database=whole.database, public_key=whole.public_key, case=case, entries=tuple(steps), seals=seals,
        unsealed=unsealed,
    )  # fmt: skip


def check_proof(proof: Proof, public_pem: str | None = None) -> None:
    """Prove the entries of a case with nothing but the proof and a public key.

    Raises:
        IntegrityFault: an entry, a link, a path, a seal or its signature does not fit.
    """
    key = keys.public_key(public_pem or proof.public_key)
    seals = {seal.seq: seal for seal in proof.seals}
    for seal in seals.values():
        if seal.counted_hash() != seal.hash or not keys.is_signed(key, seal.hash, seal.signature):
            raise _broken(seal.seq, Text("签名不符", "the signature is not the key's"))
    prev = genesis(proof.database, proof.case)
    for number, step in enumerate(proof.entries, 1):
        sealed = seals.get(step.seal)
        sound = (
            step.prev == prev
            and step.parts[:2] == (proof.case, str(number))
            and link((prev, *step.parts)) == step.hash
            and sealed is not None
            and merkle.leads_to(step.hash.encode(), step.index, sealed.size, _bytes(step.path), _root(sealed))
        )
        if not sound:
            message = Text("第 {n} 条不能由封存证明", "entry {n} is not proved by a seal").fill(n=number)
            raise _broken(step.seal, message)
        step.says()  # its key must be the one that it was sealed with
        prev = step.hash


def said(proof: Proof) -> list[dict[str, Any]] | None:
    """Return what each entry of a proof says, or None where it was taken out without the personal data.

    Raises:
        IntegrityFault: a key is not that of its entry.
    """
    found = [step.says() for step in proof.entries]
    return None if None in found else [msgspec.json.decode(text) for text in found if text is not None]


def read_exported(name: str, content: bytes, kind: type[_Kept]) -> _Kept:
    """Return what was exported into a file (`Export` or `Proof`), given its name and what is in it.

    Raises:
        UsageFault: it is no such file of ours.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        message = Text("{f} 不是本软件导出的文件", "{f} was not exported by this software").fill(f=name)
        raise UsageFault(message, code="not_an_export") from None


def read_public_key(name: str, content: bytes) -> str:
    """Return the public key (PEM) in a file, given its name and what is in it: a PEM file, or an export.

    Raises:
        UsageFault: it has no public key.
    """
    text = content.decode(errors="replace")
    pem = read_exported(name, content, Export).public_key if text.lstrip().startswith("{") else text
    keys.public_key(pem)
    return pem


def as_json(document: Export | Proof) -> bytes:
    """Return an export or a proof as the JSON text that is kept."""
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _leaves(db: LogReader, last: Seal | None, events: int, journal: int) -> list[bytes]:
    first: Mapping[str, int] = {"case_event": last.events, "journal_log": last.journal} if last else {}
    ends = zip(LOGS, (events, journal), strict=True)
    return [hash_.encode() for log, end in ends for hash_ in db.hashes_between(log, first.get(log, 0), end)]


def _linked(database: str, seals: Sequence[Seal], pem: str | None) -> None:
    prev = genesis(database, "seal")
    for expected, seal in enumerate(seals, 1):
        if (seal.seq, seal.prev) != (expected, prev) or seal.counted_hash() != seal.hash:
            raise _broken(expected, Text("封存缺失或被改动", "the seal is missing or was changed"))
        if pem is not None and not keys.is_signed(keys.public_key(pem), seal.hash, seal.signature):
            raise _broken(seal.seq, Text("签名不符", "the signature is not the key's"))
        prev = seal.hash


def _same_as_kept(db: LogReader, seals: Sequence[Seal], kept: Export) -> None:
    if kept.database != db.meta["id"]:
        message = Text("所存封存属于另一个数据库", "the seals that were kept are another database's")
        raise IntegrityFault(message, code="other_database")
    for number, seal in enumerate(kept.seals, 1):
        if number > len(seals) or seals[number - 1] != seal:
            raise _broken(number, Text("与另处所存的封存不符", "it is not the one that was kept elsewhere"))


def _bytes(path: Sequence[str]) -> list[bytes]:
    try:
        return [bytes.fromhex(part) for part in path]
    except ValueError:
        return []


def _root(seal: Seal) -> bytes:
    return (_bytes([seal.root]) or [b""])[0]


def _broken(number: int, why: Text) -> IntegrityFault:
    message = Text(
        "封存校验失败：第 {n} 号：{w}。请保全现场并报告",
        "the seals do not verify: seal {n}: {w}; keep everything as it is and report it",
    )
    return IntegrityFault(message.fill(n=number, w=why), code="seal_broken", details={"seal": number})
