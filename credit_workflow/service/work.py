"""Hold one use case at work: who asks, when, of what, in which language; all from one view of the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, cast

from credit_workflow.casework.cases.snapshot import Snapshot, Viewer
from credit_workflow.engine.values import Actor
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment
from credit_workflow.errors import CreditWorkflowError, UsageFault
from credit_workflow.text import Lang, Text

if TYPE_CHECKING:
    from credit_workflow.calendar.working_days import WorkCalendar
    from credit_workflow.casework.access.sight import Sight
    from credit_workflow.casework.acting import Acting
    from credit_workflow.casework.journal.entry import Draft
    from credit_workflow.casework.journal.look_entries import Look
    from credit_workflow.casework.ports import Reading, Writing
    from credit_workflow.definition.library import Definition
    from credit_workflow.definition.model import Workflow
    from credit_workflow.service.premises import Premises
    from credit_workflow.service.seat import Seat
    from credit_workflow.store.reading.reader import Reader

Progress = Callable[[int, int], None]

#: What is done for a purpose that has to be said.
TAKING_OUT = Text("导出个人信息", "taking personal data out")
_IN_FULL = Text("查看完整证件号", "the whole ID number")


class Work:
    """What a use case is handed.

    Args:
        office: where.
        seat: in whose name, as of when and in which language somebody asks.
        actor: who asks; the system where nobody does.
        moment: now.
        db: the database, open for as long as the use case is at work; None for one that opens it itself.
        progress: is told what is done and what is to do; None where nobody looks.
    """

    def __init__(
        self,
        office: Premises,
        seat: Seat,
        *,
        actor: Actor,
        moment: Moment,
        db: Reading | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.office = office
        self.seat = seat
        self.actor = actor
        self.moment = moment
        self.lang: Lang = seat.lang or office.lang
        self.progress = progress
        self._db = db
        #: What was shown of people: the door writes it into the log before it lets the answer out.
        self.looks: list[Draft] = []
        #: Whether a use case that logs its looks was asked for nothing that has to be logged.
        self.nobody_shown = False
        #: Whether a use case that changes something found nothing to change.
        self.nothing_changed = False
        #: What is to be done away with where the transaction is not kept.
        self.around = ExitStack()

    @property
    def db(self) -> Reading:
        """The open database."""
        if self._db is None:
            raise RuntimeError("this use case opens the database itself")
        return self._db

    @property
    def writing(self) -> Writing:
        """The open transaction of a use case that writes."""
        return cast("Writing", self.db)

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """The definitions in force for new cases."""
        if self._db is not None:
            return self.office.in_force(self._db, self.moment.effective)
        with self.office.database.reading() as db:
            return self.office.in_force(db, self.moment.effective)

    @cached_property
    def known_definitions(self) -> Mapping[str, Definition]:
        """The definitions in force; the folder's where there is no database, or it can't be read.

        For those who need no database: whoever does is told by it what is wrong.
        """
        try:
            with self.office.database.reading() as db:
                return self.office.in_force(db, self.office.moment(db, self.seat.at).effective)
        except CreditWorkflowError:
            return self.office.folder

    @property
    def known_workflows(self) -> Mapping[str, Workflow]:
        """The same as they are written; none where the folder's own have mistakes, perhaps in the file in hand."""
        try:
            return {name: definition.workflow for name, definition in self.known_definitions.items()}
        except CreditWorkflowError:
            return {}

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The calendar that counts the deadlines, with the database's notices."""
        if self._db is not None:
            return self.office.counting(self._db)
        with self.office.database.reading() as db:
            return self.office.counting(db)

    @cached_property
    def acting(self) -> Acting:
        """Who acts, when and under which rules."""
        from credit_workflow.casework.acting import Acting  # noqa: PLC0415 - who acts needs it

        return Acting(
            definitions=self.definitions,
            calendar=self.calendar,
            actor=self.actor,
            moment=self.moment,
        )

    @property
    def snapshot(self) -> Snapshot:
        """The database as of now, for looking up."""
        return Snapshot(db=self.db, moment=self.moment, calendar=lambda: self.calendar)

    @cached_property
    def sight(self) -> Sight:
        """What whoever asks sees of cases and records."""
        from credit_workflow.casework.access.sight import Sight  # noqa: PLC0415 - what shows nobody asks for none
        from credit_workflow.casework.units.register import present_names  # noqa: PLC0415 - as above

        actor = None if self.actor == SYSTEM_ACTOR else self.actor  # the program itself sees what it works on
        return Sight(
            self.db, self.definitions, actor, self.moment, lambda: self.calendar, lambda: present_names(self.db)
        )

    @property
    def viewer(self) -> Viewer:
        """Who looks."""
        return Viewer(actor=self.actor, moment=self.moment, lang=self.lang, sight=self.sight)

    @property
    def roles(self) -> str:
        """The roles held, as the log has them."""
        return ",".join(sorted(self.actor.roles))

    def may(self, permission: str) -> bool:
        """Whether the definitions in force grant a permission to whoever asks."""
        from credit_workflow.casework.access import permissions  # noqa: PLC0415 - the rules say who may do most things

        return permissions.may(self.definitions, self.actor.roles, permission)

    def require(self, permission: str) -> str:
        """Return the role by which whoever asks has a permission.

        Raises:
            NotAllowed: none of the roles has it.
        """
        from credit_workflow.casework.access import permissions  # noqa: PLC0415 - as above

        return permissions.require(self.definitions, self.actor, permission)

    def see_in_full(self, purpose: str | None) -> None:
        """Refuse to show whole ID numbers to whoever may not see them, or does not say why.

        Raises:
            NotAllowed: none of the roles may.
            UsageFault: there is no purpose.
        """
        self.require("see_whole_numbers")
        need_purpose(purpose, _IN_FULL)

    def keep_scans(self, contents: Mapping[str, bytes]) -> None:
        """Keep scans of materials; they go again where the transaction is certainly not kept.

        Args:
            contents: the kinds of materials, with what was scanned.

        Raises:
            UsageFault: one is larger than 50 MB.
            CreditWorkflowError: they can't be written, or the key is not on this machine.
        """
        from credit_workflow.store.crypto.scans import kept  # noqa: PLC0415 - the library of ciphers starts slowly

        self.around.enter_context(kept(self.office.database, cast("Reader", self.db).cipher, contents))

    def destroy_scans(self, digests: Collection[str]) -> None:
        """Have scans go for good, once the transaction that decides so is kept.

        Args:
            digests: of their contents.
        """
        from credit_workflow.store.crypto.scans import gone  # noqa: PLC0415 - the library of ciphers starts slowly

        self.around.enter_context(gone(self.office.database, digests))

    def look(self, said: Look, kind: str = "") -> None:
        """Note what is shown of a person, for the log of look-ups.

        Args:
            said: what, of whom, why.
            kind: the entry's kind, where the form has none.
        """
        self.looks.append(self.as_entry(said, kind))

    def as_entry(self, said: Look, kind: str = "") -> Draft:
        """Return the entry of a look by whoever asks; arguments as for `look`."""
        from credit_workflow.casework.journal.entry import Draft  # noqa: PLC0415 - what shows nobody needs none

        return Draft(said=said, at=self.moment.at, actor=self.actor.account, role=self.roles, as_kind=kind)


def need_purpose(given: str | None, what: Text) -> None:
    """Refuse what has no purpose.

    Raises:
        UsageFault: there is none.
    """
    if not (given and given.strip()):
        message = Text("{w}须说明用途：--purpose", "{w} needs a purpose: --purpose").fill(w=what)
        raise UsageFault(message, code="missing_values", details={"missing": ["--purpose"]})
