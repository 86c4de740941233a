"""Say what casework needs of a store. `credit_workflow.store` fits; nothing here knows it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from typing import Protocol

    from credit_workflow.casework.criteria import AccountLine, CaseQuery, OverdueDuty
    from credit_workflow.casework.journal.entry import About, Draft, Line, S, Said, Span
    from credit_workflow.casework.statistics.case_lines import CaseLine
    from credit_workflow.definition.library import Definition
    from credit_workflow.engine.ruleset import Rules
    from credit_workflow.engine.values import Actor, Case, Entry, Mark, Record
    from credit_workflow.engine.world import Outcome, Recorded
else:
    Protocol = object  # each protocol takes as long to make as ten plain classes, at every start; nothing asks for it


class Credential(Struct, frozen=True, kw_only=True):
    """How an account signs in.

    ``password`` and those ``earlier``, the latest first, are Argon2id hashes; ``failures`` counts
    wrong attempts in a row; no attempt succeeds before ``locked_until``.
    """

    name: str
    password: str
    earlier: tuple[str, ...] = ()
    must_change: bool = False
    failures: int = 0
    locked_until: datetime | None = None


class SignedIn(Struct, frozen=True, kw_only=True):
    """Somebody who is signed in: the SHA-256 of the token, since when, and when last seen."""

    token: str
    account: str
    began: datetime
    used: datetime


class NewNotification(Struct, frozen=True, kw_only=True):
    """Something to be said to somebody, as it enters the outbox.

    ``case`` and ``seq`` name the entry that made it, ``n`` its place among that entry's notifications;
    ``to`` is a role, ``unit`` the unit whose people of that role are meant.
    """

    case: str
    seq: int
    n: int
    to: str
    unit: str | None
    paper: str
    title_zh: str
    title_en: str


class KeptNotification(NewNotification, frozen=True, kw_only=True):
    """A notification in the outbox.

    ``key`` tells it from every other one; ``status`` is pending, failed (to be tried again at
    ``next_attempt``), sent or given_up; ``made`` and ``finished`` are when it came in and went out.
    """

    key: str
    status: str
    attempts: int
    error: str | None
    made: datetime
    next_attempt: datetime | None
    finished: datetime | None


class Claim(Enum):
    """How a sweep claims the families that it works on, where several sweeps may run."""

    #: Those that nobody else works on now.
    FREE = "free"
    #: The same, when the batches of all other sweeps have ended.
    LAST = "last"
    #: All, waiting for whoever works on them.
    WAITING = "waiting"


class Journal(Protocol):
    """The second log, read by stream: each by the form that its entries have in common."""

    def of(
        self, form: type[S], of: str = ..., *, span: Span = ..., actor: str | None = ..., kind: str | None = ...
    ) -> Iterable[Line[S]]: ...
    def about(self, form: type[S], about: About, *, span: Span = ..., actor: str | None = ...) -> Iterable[Line[S]]: ...
    def at(self, form: type[S], seq: int, of: str = ...) -> Line[S] | None: ...
    def last(self, form: type[S], of: str = ...) -> Line[S] | None: ...
    def head(self, form: type[Said], of: str = ...) -> str: ...
    def everything(
        self, *, span: Span = ..., actor: str | None = ..., about: Collection[About] | None = ...
    ) -> Iterable[Line[Said]]: ...


class WritableJournal(Journal, Protocol):
    """The second log, to which entries are added."""

    def add(self, *drafts: Draft) -> None: ...


class Cases(Protocol):
    """The cases, with their log."""

    def get(self, number: str) -> Case: ...
    def find(self, query: CaseQuery = ...) -> list[Case]: ...
    def version(self, number: str) -> int | None: ...
    def family(self, number: str) -> dict[str, Case]: ...
    def families(self, roots: Sequence[str], *, unopened: bool = ...) -> dict[str, dict[str, Case]]: ...
    def going_on(self) -> list[str]: ...
    def earlier(self, case: Case) -> tuple[Case, ...]: ...
    def children(self, numbers: Sequence[str]) -> dict[str, list[str]]: ...
    def root_of(self, number: str) -> str: ...
    def lines(
        self, *, moving: Collection[str], said: Collection[str], workflow: str | None = ..., unit: str | None = ...
    ) -> Iterable[CaseLine]: ...
    def count(self) -> int: ...
    def series(self) -> list[tuple[str, int, int]]: ...
    def entry(self, case: str, seq: int) -> Entry | None: ...
    def entries(self, case: str) -> list[tuple[int, str, Entry]]: ...
    def history(self, number: str) -> list[Recorded]: ...
    def with_action(self, action: str) -> frozenset[str]: ...
    def entries_kept(self) -> int: ...
    def roots_between(self, after: int, last: int) -> set[str]: ...


class WritableCases(Cases, Protocol):
    """The cases, of which what was decided is kept."""

    def keep(self, before: Mapping[str, Case], outcomes: Iterable[Outcome]) -> tuple[int, int]: ...
    def keep_rows(self, rows: bytes) -> tuple[int, int]: ...
    def refuse(self, entry: Entry) -> None: ...
    def next_number(self, rules: Rules, year: int) -> str: ...


class Records(Protocol):
    """The credit records as they stand, and the marks on them."""

    def get(self, no: str) -> Record: ...
    def find(self, *, person: str | None = ..., begins: str = ..., limit: int | None = ...) -> list[Record]: ...
    def known(self, numbers: Sequence[str]) -> dict[str, Record]: ...
    def marks_on(self, record: str) -> list[tuple[str, Mark]]: ...


class WritableRecords(Records, Protocol):
    """The credit records, to which an import adds."""

    def put(self, records: Sequence[Record], known: Mapping[str, Record]) -> None: ...


class Accounts(Protocol):
    """The accounts, how they sign in, and who is signed in."""

    def get(self, name: str) -> Actor | None: ...
    def active(self) -> list[Actor]: ...
    def cases(self) -> dict[str, str | None]: ...
    def everyone(self) -> list[AccountLine]: ...
    def with_passwords(self) -> frozenset[str]: ...
    def credential(self, name: str) -> Credential | None: ...
    def signed_in(self, token: str) -> SignedIn | None: ...


class WritableAccounts(Accounts, Protocol):
    """The accounts, with how they sign in written."""

    def put_credential(self, credential: Credential) -> None: ...
    def put_sign_in(self, signed_in: SignedIn) -> None: ...
    def end_sign_ins(self, *, token: str | None = ..., account: str | None = ...) -> None: ...


class Due(Protocol):
    """The deadlines, by their due dates."""

    def page(
        self, today: date, after: tuple[str, str] | None, limit: int
    ) -> tuple[list[str], tuple[str, str] | None]: ...
    def moved_roots(self, today: date) -> list[str]: ...
    def stale_roots(self, edition: str, *, after: str = ..., limit: int) -> list[str]: ...
    def ended_roots(self, first: date, last: date) -> list[str]: ...
    def lines(self, today: date) -> Iterable[tuple[str, str, str]]: ...
    def waiting_for_notice(self, today: date) -> list[tuple[str, str, str]]: ...
    def overdue(self, today: date, kind: str | None = ...) -> list[OverdueDuty]: ...


class ClaimableDue(Due, Protocol):
    """The deadlines, of which a sweep claims what it works on."""

    def claim(
        self, today: date, after: tuple[str, str] | None, limit: int, claim: Claim
    ) -> tuple[list[str], tuple[str, str] | None]: ...


class Outbox(Protocol):
    """The notifications on their way."""

    def everything(self) -> list[KeptNotification]: ...
    def count_due(self, at: datetime) -> int: ...


class WritableOutbox(Outbox, Protocol):
    """The notifications on their way, put in and sent."""

    def put(self, notification: NewNotification, at: datetime) -> None: ...
    def claim(self, at: datetime, until: datetime, limit: int) -> list[KeptNotification]: ...
    def settle(
        self, key: str, result: str, *, attempts: int, error: str | None, at: datetime, later: datetime | None
    ) -> None: ...


class Reading(Protocol):
    """What was kept, by subject, as it is at one moment."""

    @property
    def cases(self) -> Cases: ...
    @property
    def records(self) -> Records: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def journal(self) -> Journal: ...
    @property
    def due(self) -> Due: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def meta(self) -> Mapping[str, str]: ...
    @property
    def training(self) -> bool: ...
    @property
    def rules(self) -> dict[str, Rules]: ...

    def newest(self) -> datetime | None: ...
    def newest_change(self) -> datetime | None: ...


class Writing(Reading, Protocol):
    """What was kept, and what is kept now, within one transaction."""

    @property
    def cases(self) -> WritableCases: ...
    @property
    def records(self) -> WritableRecords: ...
    @property
    def accounts(self) -> WritableAccounts: ...
    @property
    def journal(self) -> WritableJournal: ...
    @property
    def due(self) -> ClaimableDue: ...
    @property
    def outbox(self) -> WritableOutbox: ...

    @property
    def logged(self) -> bool: ...
    def adopt(self, definitions: Iterable[Definition], at: datetime) -> None: ...


class Store(Protocol):
    """Opens what was kept, for reading or for one transaction."""

    def reading(self) -> AbstractContextManager[Reading]: ...
    def writing(self, claim: Claim | None = ...) -> AbstractContextManager[Writing]: ...
    def staying_open(self) -> AbstractContextManager[None]: ...
