"""Read, verify and seal all logs, and prove elsewhere what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec import UNSET

from credit_workflow.casework.audit.audit_answers import (
    AuditEntries,
    CaseProof,
    LogVerified,
    ProofChecked,
    Sealed,
    SealExport,
)
from credit_workflow.casework.audit.clock_answers import ClockCorrected
from credit_workflow.casework.audit.entries import Query, entries_wanted
from credit_workflow.casework.audit.false_instants import Corrected, corrections
from credit_workflow.casework.clock import local
from credit_workflow.casework.journal.look_entries import OfCase
from credit_workflow.service.files import Handed
from credit_workflow.service.use_case import Request
from credit_workflow.service.use_cases.daily.look_ups import query_of
from credit_workflow.service.work import TAKING_OUT, Work, need_purpose
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.store.reading.log_reader import LogReader
    from credit_workflow.store.writing.writer import Writer


class VerifyLog(Request[LogVerified], frozen=True, kw_only=True):
    """Verify all logs and seals, and hold everything else against them.

    Args:
        seals: seals that were kept elsewhere.
        key: the public key that was kept elsewhere: PEM, or an export.
    """

    seals: Handed | None = None
    key: Handed | None = None


class SealLog(Request[Sealed], frozen=True, kw_only=True):
    """Seal what the logs have got since the last seal."""


class ExportSeals(Request[SealExport], frozen=True, kw_only=True):
    """Give the seals and the public key, to be kept elsewhere."""


class ReadLog(Request[AuditEntries], Query, frozen=True, kw_only=True):
    """Read the entries of all logs; ``purpose`` says why."""

    purpose: str


class ProveCase(Request[CaseProof], frozen=True, kw_only=True):
    """Give a proof of a case's entries that needs no database.

    Args:
        case: its number.
        full: with the personal data in it, which needs a purpose.
        purpose: why.
    """

    case: str
    full: bool = False
    purpose: str = ""


class CheckProof(Request[ProofChecked], frozen=True, kw_only=True):
    """Check such a proof.

    Args:
        proof: the file with it.
        key: the public key that was kept elsewhere; the proof's own unless given.
    """

    proof: Handed
    key: Handed | None = None


def verify_log(work: Work, request: VerifyLog) -> LogVerified:
    """Verify all logs and seals.

    Raises:
        IntegrityFault: something was changed, removed, inserted or re-ordered; it names the first place.
        UsageFault: a file that was handed in is none of ours.
    """
    from credit_workflow.store.integrity import seals  # noqa: PLC0415 - cryptography starts slowly
    from credit_workflow.store.integrity.verification import verify  # noqa: PLC0415

    kept = (
        None if request.seals is None else seals.read_exported(request.seals.name, request.seals.content, seals.Export)
    )
    key = None if request.key is None else seals.read_public_key(request.key.name, request.key.content)
    database = work.office.database
    with database.reading() as db:
        found = verify(db, work.progress, url=database.url)
        clock = tuple(_corrected(one, work.office.counting(db).zone) for one in corrections(db))
        return LogVerified(ok=True, **found, seals=seals.verify_seals(db, kept, key), clock=clock or UNSET)


def _corrected(one: Corrected, zone: str) -> ClockCorrected:
    made, asked = one.made.said, one.asked
    return ClockCorrected(
        entries=len(one.cases) + len(one.journal),
        true=local(one.made.at, zone),
        newest=local(made.newest, zone),
        false_from=made.false_from,
        asked_by=made.asked_by,
        agreed_by=one.made.actor,
        reasons=("" if asked is None else asked.said.reason, made.reason),
    )


def seal_log(work: Work, request: SealLog) -> Sealed:  # noqa: ARG001 - nothing is asked
    """Seal the log.

    Raises:
        NotFound: the signing key is not on this machine.
    """
    from credit_workflow.store.integrity.seals import add_seal  # noqa: PLC0415

    seal, new = add_seal(cast("Writer", work.writing), work.moment.at)
    work.nothing_changed = not new
    return Sealed(seal=seal.seq, sealed=new, size=seal.size, root=seal.root, hash=seal.hash)


def export_seals(work: Work, request: ExportSeals) -> SealExport:  # noqa: ARG001 - nothing is asked
    """Give the seals and the public key.

    Raises:
        Refused: nothing has been sealed yet.
    """
    from credit_workflow.store.crypto import keys  # noqa: PLC0415
    from credit_workflow.store.integrity import seals  # noqa: PLC0415

    document = seals.export(cast("LogReader", work.db))
    return SealExport(
        seals=len(document.seals),
        key_file=str(keys.public_file(work.office.keys, document.database)),
        content=seals.as_json(document),
    )


def read_log(work: Work, request: ReadLog) -> AuditEntries:
    """Read the entries of all logs; ID numbers in them are masked.

    Raises:
        UsageFault: there is no purpose, or the subject's number is none.
    """
    need_purpose(request.purpose, Text("查阅日志", "reading the log"))
    query = query_of(work, request, request.purpose, "audit")
    return AuditEntries(entries=entries_wanted(work.db, query, work.calendar.zone))


def prove_case(work: Work, request: ProveCase) -> CaseProof:
    """Give a proof of a case's entries.

    Raises:
        NotFound: there is no such case.
        UsageFault: ``full`` without a purpose.
        Refused: none of its entries is sealed yet.
    """
    from credit_workflow.store.integrity import seals  # noqa: PLC0415

    case = work.sight.known(request.case)
    if request.full:
        need_purpose(request.purpose, TAKING_OUT)
    work.look(OfCase.of(case, request.purpose or "proof", full=request.full), "proof")
    proof = seals.proof_of(cast("LogReader", work.db), case.number, full=request.full)
    return CaseProof(
        case=case.number, entries=len(proof.entries), unsealed=proof.unsealed, content=seals.as_json(proof)
    )


def check_proof(work: Work, request: CheckProof) -> ProofChecked:  # noqa: ARG001 - it needs no database
    """Check a proof with nothing but itself and a public key.

    Raises:
        IntegrityFault: an entry, a link, a path, a seal or its signature does not fit.
        UsageFault: a file that was handed in is none of ours.
    """
    from credit_workflow.store.integrity import seals  # noqa: PLC0415

    proof = seals.read_exported(request.proof.name, request.proof.content, seals.Proof)
    key = None if request.key is None else seals.read_public_key(request.key.name, request.key.content)
    seals.check_proof(proof, key)
    said = seals.said(proof)
    return ProofChecked(
        case=proof.case,
        entries=len(proof.entries),
        unsealed=proof.unsealed,
        says=None if said is None else tuple(said),
    )
