"""List the forms that the entries of each stream have, for whoever reads the whole log."""

from __future__ import annotations

from credit_workflow.casework.journal.clock_entries import OfClock
from credit_workflow.casework.journal.entry import Said
from credit_workflow.casework.journal.holiday_entries import NoticeImported
from credit_workflow.casework.journal.look_entries import Look
from credit_workflow.casework.journal.message_entries import Attempt, Digest
from credit_workflow.casework.journal.people_entries import SignInFailed, SubmissionRefused
from credit_workflow.casework.journal.print_entries import Print
from credit_workflow.casework.journal.record_entries import OfHeldRow, OfRecord
from credit_workflow.casework.journal.rule_entries import Adopted, OfProposal, Published
from credit_workflow.casework.journal.running_entries import KeysChanged, Made, Rehearsed, Swept, TurnOpened
from credit_workflow.casework.journal.unit_entries import UnitKept

FORMS: dict[str, type[Said]] = {
    form.STREAM: form
    for form in (
        Adopted, Attempt, Digest, KeysChanged, Look, Made, NoticeImported, OfClock, OfHeldRow, OfProposal, OfRecord,
        Print, Published, Rehearsed, SignInFailed, SubmissionRefused, Swept, TurnOpened, UnitKept,
    )
}  # fmt: skip


def forms_of(stream: str) -> type[Said] | None:
    """Return what all entries of a stream have in common; None where there is no such stream."""
    return FORMS.get(stream.partition(":")[0])
