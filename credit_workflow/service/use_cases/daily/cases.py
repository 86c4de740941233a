"""Look up cases."""

from __future__ import annotations

from msgspec.structs import replace

from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.cases import listing
from credit_workflow.casework.cases.case_answers import (
    Case,
    CaseList,
    CasePage,
    Cases,
    Deadline,
    FoundRecord,
    History,
    TakenScan,
    TimelineLine,
    Todo,
)
from credit_workflow.casework.cases.failures import FailedCase, shown_failures
from credit_workflow.casework.cases.looks import at_case, at_list, of_case
from credit_workflow.casework.cases.opening import family_of
from credit_workflow.casework.journal.look_entries import OfCase, OfCases
from credit_workflow.casework.rulebook.in_force import known_workflow
from credit_workflow.definition.library import scheme_of
from credit_workflow.engine.values import Case as KeptCase
from credit_workflow.errors import NotFound
from credit_workflow.identity import parse_subject
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import TAKING_OUT, Work, need_purpose
from credit_workflow.text import Text


class ShowCase(Request[CasePage], frozen=True, kw_only=True):
    """Show a case as of now.

    Args:
        case: its number.
        page: whether a person is to see it, with what its parts are called, and its log as a timeline.
        purpose: why; case work unless given.
    """

    case: str
    page: bool = False
    purpose: str | None = None


class ListCases(Request[CaseList], listing.Filter, frozen=True, kw_only=True):
    """List the cases that were asked for, the oldest first; a search for a person is a look at him.

    Args:
        purpose: why; case work unless given.
    """

    purpose: str | None = None


class ListTodo(Request[Todo], frozen=True, kw_only=True):
    """List what waits for whoever asks, the most urgent first.

    Args:
        unit: of this unit.
    """

    unit: str | None = None


class CaseHistory(Request[History], frozen=True, kw_only=True):
    """Show a case's log.

    Args:
        case: its number.
        purpose: why; case work unless given.
    """

    case: str
    purpose: str | None = None


class TakeScan(Request[TakenScan], frozen=True, kw_only=True):
    """Take out the scan of a material, which the log says.

    Args:
        case: the case's number.
        material: its kind.
        purpose: why; it must be said.
    """

    case: str
    material: str
    purpose: str


def show_case(work: Work, request: ShowCase) -> CasePage:
    """Show a case.

    Raises:
        NotFound: there is no such case.
    """
    case = work.sight.known(request.case)
    page = page_of(work, request.case, page=request.page)
    notes = any(line.note for line in page.timeline)
    purpose = work.sight.purpose(request.purpose)
    _note(work, at_case(work.snapshot, case, page.case, work.viewer, purpose, notes=notes), "case")
    return page


def _note(work: Work, look: OfCases | None, kind: str) -> None:
    """Note whom a look at cases has shown, if anybody."""
    if look is None:
        work.nobody_shown = True
    else:
        work.look(look, kind)


def page_of(work: Work, number: str, *, page: bool, shows_of: str | None = None) -> CasePage:
    """Return a case as it is now.

    Args:
        work: who looks.
        number: the case's.
        page: whether a person is to see it.
        shows_of: the action just taken, whose records found are given to read.
    """
    family = family_of(work.db, number)
    case, shown = family[number], listing.show_kept(work.snapshot, family, number, work.viewer)
    if shows_of is not None:
        found = _given_to_read(work, case, shows_of)
        shown = replace(shown, answer=found)
        _keep_found(work, case, shows_of, found)
    if not page:
        return CasePage(case=shown)
    from credit_workflow.casework.cases.timeline import timeline_of  # noqa: PLC0415 - programs read the log itself
    from credit_workflow.casework.rulebook.forms import form_of  # noqa: PLC0415

    form = form_of(work.db.rules[case.definition].workflow)
    return CasePage(
        case=shown, form=form, timeline=timeline_of(work.db, work.sight, number, work.calendar.zone, work.lang)
    )


def _given_to_read(work: Work, case: KeptCase, action: str) -> tuple[FoundRecord, ...] | None:
    """Return the records that an action gives to read; None where it gives none."""
    shows = work.db.rules[case.definition].workflow.actions[action].shows
    if shows is None:
        return None
    from credit_workflow.casework.records.found_records import found_records  # noqa: PLC0415 - few actions look up

    return found_records(work.db, case, shows, work.lang, work.moment.effective)


def _keep_found(work: Work, case: KeptCase, action: str, found: tuple[FoundRecord, ...] | None) -> None:
    """Write down which records an action gave to read that its case had found before: its entry has none of them."""
    rules = work.db.rules[case.definition]
    if found is None or not rules.workflow.actions[action].gives_later:
        return
    from credit_workflow.casework.records.found_records import look_at_found  # noqa: PLC0415 - as above

    entry = max(seq for seq, _, entry in work.db.cases.entries(case.number) if entry.action == action)
    work.writing.journal.add(work.as_entry(look_at_found(work.acting, rules, case, entry, found)))


def list_cases(work: Work, request: ListCases) -> CaseList:
    """List cases, oldest first.

    Raises:
        NotFound: there is no such workflow.
        UsageFault: the subject's number is none, or ``after`` is not where a page ended.
    """
    if request.workflow is not None:
        known_workflow(work.definitions, request.workflow)
    person = None
    if request.subject is not None:
        person = parse_subject(request.subject, scheme=scheme_of(work.definitions)).key
    listed = listing.list_cases(work.snapshot, request, work.viewer, person)
    look = at_list(work.snapshot, listed.cases, request, work.viewer, work.sight.purpose(request.purpose), person)
    _note(work, look, "cases")
    failed = shown_failures(work.sight.failures(listed.failures), work.lang)
    return CaseList(cases=tuple(listed.cases), next=listed.next, failed=failed)


def list_todo(work: Work, request: ListTodo) -> Todo:
    """List what waits for whoever asks."""
    found, failures = listing.todo(work.snapshot, work.viewer, unit=request.unit)
    failed = shown_failures(work.sight.failures(failures), work.lang)
    return Todo(as_of=work.moment.effective, account=work.actor.account, cases=found, failed=failed)


def case_history(work: Work, request: CaseHistory) -> History:
    """Show a case's log.

    Raises:
        NotFound: there is no such case.
    """
    from credit_workflow.casework.cases.timeline import history_of  # noqa: PLC0415 - lists need no log

    history = history_of(work.db, work.sight, request.case, work.calendar.zone, work.lang)
    case = work.db.cases.get(request.case)
    shown = work.sight.of(case) is Seen.WHOLE and case.subject.kind != "none"
    _note(work, of_case(case, work.sight.purpose(request.purpose)) if shown else None, "case_history")
    return history


def take_scan(work: Work, request: TakeScan) -> TakenScan:
    """Take out a scan.

    Raises:
        NotFound: the case has no scan of it, or its key is not on this machine.
        Refused: the materials are filed, and not borrowed by this account; or they were destroyed.
        UsageFault: no purpose is said.
        IntegrityFault: the scan was changed.
    """
    from credit_workflow.casework.cases.filed_scans import may_take_scan  # noqa: PLC0415 - lists need none of it
    from credit_workflow.store.crypto.scans import scan_of  # noqa: PLC0415 - the library of ciphers starts slowly

    case = work.sight.whole(request.case)
    seen = case.materials.get(request.material)
    if seen is None or seen.digest is None:
        message = Text("{c} 没有材料 {m} 的扫描件", "{c} has no scan of {m}").fill(c=request.case, m=request.material)
        raise NotFound(message, code="no_scan")
    may_take_scan(work.db, work.definitions, work.calendar, case, work.actor, work.moment.effective)
    content = scan_of(work.office.database, seen.digest)
    need_purpose(request.purpose, TAKING_OUT)
    work.look(OfCase.of(case, request.purpose, full=True), "scan")
    return TakenScan(case=case.number, material=request.material, content=content)
