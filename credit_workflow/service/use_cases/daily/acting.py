"""Act on cases: open them, take an action, ask what stands in the way, assign."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from credit_workflow.casework.access.sight import no_case
from credit_workflow.casework.acting import Form, NewCase
from credit_workflow.casework.answer import like
from credit_workflow.casework.cases import actions
from credit_workflow.casework.cases.case_answers import CasePage, Cases, Ground, Obstacles, shown_grounds
from credit_workflow.casework.cases.opening import may_take
from credit_workflow.definition.model import FILED_LATE, FILED_ON
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Ground as KeptGround
from credit_workflow.errors import CreditWorkflowError
from credit_workflow.service.files import Handed
from credit_workflow.service.use_case import Request
from credit_workflow.service.use_cases.daily.cases import page_of
from credit_workflow.service.work import Work


class NewFilledIn(NewCase, frozen=True, kw_only=True):
    """A new case with what was filled in.

    Args:
        values: what the opening action asks for, by its names; as text or already typed.
        all_materials: every material that the definition asks for was seen.
        note: a remark for the log.
        filed_on: the day on which the application was brought, where its workflow asks for that; today unless given.
        filed_late: why it is typed in later.
    """

    values: Mapping[str, Any] = {}
    all_materials: bool = False
    note: str | None = None
    filed_on: date | None = None
    filed_late: str | None = None


class StepFilledIn(Struct, frozen=True, kw_only=True):
    """An action on a case with what was filled in.

    Args:
        case: the case's number; where it is of an account, the account's name will do.
        action: the action's name.
        workflow: the workflow that the case must be of; any unless given.
        values: what the action asks for, by its names; as text or already typed.
        all_materials: every material that the definition asks for was seen.
        note: a remark for the log.
    """

    case: str
    action: str
    workflow: str | None = None
    values: Mapping[str, Any] = {}
    all_materials: bool = False
    note: str | None = None


class SubmitCase(Request[CasePage], NewFilledIn, frozen=True, kw_only=True):
    """Open a case.

    Args:
        materials: the kinds that were seen, with their scans where there is one.
        page: whether a person is to see the case, with what its parts are called.
    """

    materials: Mapping[str, Handed | None] = {}
    page: bool = False

    def check(self) -> CheckSubmit:
        """Return the question what stands in its way."""
        return like(CheckSubmit, self, materials=tuple(self.materials))


class SubmitCases(Request[Cases], NewFilledIn, frozen=True, kw_only=True):
    """Open one case for each of several records by one application, all or none.

    Args:
        records: the numbers of the records.
        materials: as for `SubmitCase`; those of the one application are those of each case.
    """

    records: tuple[str, ...]
    materials: Mapping[str, Handed | None] = {}


class TakeAction(Request[CasePage], StepFilledIn, frozen=True, kw_only=True):
    """Take an action on a case.

    Args:
        materials: as for `SubmitCase`.
        expect_version: refuse when the case is no longer in this version.
        page: as for `SubmitCase`.
    """

    materials: Mapping[str, Handed | None] = {}
    expect_version: int | None = None
    page: bool = False

    def check(self) -> CheckAction:
        """Return the question what stands in its way."""
        return like(CheckAction, self, materials=tuple(self.materials))


class CheckSubmit(Request[Obstacles], NewFilledIn, frozen=True, kw_only=True):
    """List everything that stands in the way of opening a case; ``materials`` are the kinds that were seen."""

    materials: tuple[str, ...] = ()


class CheckAction(Request[Obstacles], StepFilledIn, frozen=True, kw_only=True):
    """List everything that stands in the way of an action; ``materials`` are the kinds that were seen."""

    materials: tuple[str, ...] = ()


class AssignCase(Request[CasePage], frozen=True, kw_only=True):
    """Give a case to somebody of the supervisor's unit.

    Args:
        case: the case's number.
        account: whose it shall be.
        page: as for `SubmitCase`.
    """

    case: str
    account: str
    page: bool = False


def submit_case(work: Work, request: SubmitCase) -> CasePage:
    """Open a case and return it as it then is.

    Raises:
        NotFound: there is no such workflow, record or parent.
        NotAllowed: the role is not held.
        UsageFault: a value is missing, ill-typed or unknown.
        Refused: a rule stands in the way; ``details["grounds"]`` has every ground.
    """
    number = actions.submit(work.writing, work.acting, request, _hashed(request))
    _keep_scans(work, request)
    return page_of(work, number, page=request.page, shows_of=work.definitions[request.workflow].workflow.opening[0])


def submit_cases(work: Work, request: SubmitCases) -> Cases:
    """Open a case for each record and return them as they then are.

    Raises:
        UsageFault: the workflow takes one record an application, or one is named twice.
        NotFound, NotAllowed, UsageFault, Refused: as for `submit_case`; no case is opened then.
    """
    numbers = actions.submit_all(work.writing, work.acting, _each(request), _hashed(request))
    _keep_scans(work, request)
    return Cases(cases=tuple(page_of(work, number, page=False).case for number in numbers))


def take_action(work: Work, request: TakeAction) -> CasePage:
    """Take an action and return the case as it then is.

    Raises:
        NotFound: there is no such case or action.
        Conflict: the case has changed meanwhile; nothing was written.
        NotAllowed, UsageFault, Refused: as for `submit_case`.
    """
    number = _known(work, request)
    actions.act(
        work.writing,
        work.acting,
        number,
        request.action,
        _hashed(request),
        workflow=request.workflow,
        version=request.expect_version,
    )
    _keep_scans(work, request)
    _destroy_scans(work, number, request.action)
    return page_of(work, number, page=request.page, shows_of=request.action)


def check_submit(work: Work, request: CheckSubmit) -> Obstacles:
    """List what stands in the way of opening a case; nothing is changed or logged.

    Raises:
        NotFound: there is no such workflow, record or parent.
    """
    opening = actions.definition_of(work.acting, request.workflow).workflow.opening[0]
    found = actions.check(work.db, work.acting, opening, _seen(request), case=None, new=request)
    return _obstacles(work, None, request.workflow, found)


def check_action(work: Work, request: CheckAction) -> Obstacles:
    """List what stands in the way of an action; nothing is changed or logged.

    Raises:
        NotFound: there is no such case or action.
    """
    number = _known(work, request)
    workflow = request.workflow or work.db.cases.get(number).workflow
    about = NewCase(workflow=workflow)
    found = actions.check(work.db, work.acting, request.action, _seen(request), case=number, new=about)
    return _obstacles(work, number, workflow, found)


def assign_case(work: Work, request: AssignCase) -> CasePage:
    """Give a case to somebody and return it as it then is.

    Raises:
        NotFound: there is no such case or account.
        NotAllowed: the actor is no supervisor.
        Refused: the account is another unit's or could not act, or the case has ended.
    """
    work.sight.known(request.case)
    actions.assign(work.writing, work.acting, request.case, request.account)
    return page_of(work, request.case, page=request.page)


def log_refused_submit(work: Work, request: SubmitCase, refusal: CreditWorkflowError) -> None:
    """Put into the log that a case was not opened."""
    actions.log_unborn(work.writing, work.acting, request, _hashed(request), refusal)


def log_refused_submits(work: Work, request: SubmitCases, refusal: CreditWorkflowError) -> None:
    """Put into the log that none of several cases was opened."""
    for new in _each(request):
        actions.log_unborn(work.writing, work.acting, new, _hashed(request), refusal)


def _each(request: SubmitCases) -> list[NewCase]:
    about = {name: getattr(request, name) for name in NewCase.__struct_fields__}
    return [NewCase(**{**about, "record": number}) for number in request.records]


def log_refused_action(work: Work, request: TakeAction, refusal: CreditWorkflowError) -> None:
    """Put into the log of a case that an action was refused."""
    number = _numbered(work, request.case, request.workflow)
    actions.log_refusal(work.writing, work.acting, number, request.action, refusal)


def log_refused_assignment(work: Work, request: AssignCase, refusal: CreditWorkflowError) -> None:
    """Put into the log of a case that it was not assigned."""
    actions.log_refusal(work.writing, work.acting, request.case, "assign", refusal)


def _known(work: Work, request: TakeAction | CheckAction) -> str:
    """Return the number of a case on which an action is asked for, as far as whoever asks may know of it.

    Whoever may take the action on no case reads that, whether or not there is such a case.

    Raises:
        NotFound: there is none, or nothing of it is seen.
        NotAllowed: no role may take the action.
    """
    number = _numbered(work, request.case, request.workflow)
    if not work.sight.knows(number):
        definition = work.definitions.get(request.workflow or "")
        if definition is not None and request.action in definition.workflow.actions:
            may_take(work.actor, Rules(definition.workflow, definition.digest), request.action)
        raise no_case(number)
    return number


def _numbered(work: Work, name: str, workflow: str | None) -> str:
    """Return the number of a case that is named, for an account's by the account's name too."""
    definition = work.definitions.get(workflow or "")
    if definition is not None and definition.head.about == "account":
        from credit_workflow.casework.accounts.sign_in import case_of  # noqa: PLC0415 - other cases don't need it

        return case_of(work.db, name)
    return name


def _form(request: NewFilledIn | StepFilledIn, materials: Mapping[str, str | None]) -> Form:
    given = dict(request.values)
    if isinstance(request, NewFilledIn):
        filing = {FILED_ON: request.filed_on, FILED_LATE: request.filed_late}
        given.update({name: value for name, value in filing.items() if value is not None})
    return Form(given=given, materials=materials, all_materials=request.all_materials, note=request.note)


def _seen(request: CheckSubmit | CheckAction) -> Form:
    """Return what was filled in, without any scan."""
    return _form(request, dict.fromkeys(request.materials))


def _hashed(request: SubmitCase | SubmitCases | TakeAction) -> Form:
    """Return what was filled in, with the digests of the scans."""
    scans = request.materials.items()
    return _form(request, {kind: None if scan is None else _digest(scan) for kind, scan in scans})


def _digest(scan: Handed) -> str | None:
    """Return the digest of a scan; None where it can't be read, which is said once it is known who may act."""
    try:
        return hashlib.sha256(scan.content).hexdigest()
    except CreditWorkflowError:
        return None


def _keep_scans(work: Work, request: SubmitCase | SubmitCases | TakeAction) -> None:
    """Keep the scans of what was decided; they go again where that is not kept.

    Raises:
        CreditWorkflowError: one can't be read, or not be kept.
    """
    contents = {kind: scan.content for kind, scan in request.materials.items() if scan is not None}
    if contents:
        work.keep_scans(contents)


def _destroy_scans(work: Work, number: str, action: str) -> None:
    """Have the scans go that an action destroys, once the transaction is kept."""
    case = work.db.cases.get(number)
    effects = work.db.rules[case.definition].workflow.actions[action].effects
    if any(effect.destroy_scans is not None for effect in effects):
        from credit_workflow.casework.cases.filed_scans import destroyed_by  # noqa: PLC0415 - one action in years

        work.destroy_scans(destroyed_by(work.db, work.definitions, case, action))


def _obstacles(work: Work, case: str | None, workflow: str, found: list[KeptGround]) -> Obstacles:
    return Obstacles(
        case=case,
        workflow=workflow,
        allowed=not found,
        grounds=shown_grounds(found, work.lang),
        materials=tuple(g.facts["material"] for g in found if g.code == "material"),
        version=None if case is None else work.db.cases.version(case),
    )
