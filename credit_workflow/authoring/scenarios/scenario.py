"""Describe a file of scenarios: a regulation's examples, written beside its definition.

What is left out of a scenario has a sensible default, so that an example says only what it is about.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType, field

from credit_workflow.definition.elements import Identifier
from credit_workflow.definition.schema import schema_of
from credit_workflow.strict_yaml.patterns import Day, Part, Title, form

Name = Annotated[str, form(r"^[\w][\w.-]*$", "a name within the scenario")]
Words = str | Title
Remaining = Annotated[str, form(r"^\d+ (working )?days$", "a number of days or working days")]


class Person(Part, frozen=True, kw_only=True):
    """Somebody in an example; a number with right check digits is made up unless ``id`` gives one.

    ``born`` is a natural person's birthday.
    """

    kind: Literal["natural", "legal"] = "natural"
    name: str | None = None
    born: Day | None = None
    id: str | None = None


class SampleRecord(Part, frozen=True, kw_only=True):
    """A credit record in an example; ``of`` names the person whom it is about.

    ``removed`` says that it was taken out of the file before the example begins.
    """

    of: Name = "applicant"
    title: str = "欠税"
    content: str = "欠税1000元"
    provider: str = "市税务局"
    open_class: Literal["A", "B", "C"] = "B"
    valid_from: Day = "2000-01-01"
    valid_until: Day = "2099-12-31"
    removed: bool = False


class MarkWanted(Part, frozen=True, kw_only=True):
    """What is expected of a mark that stands on the record; ``last_day`` is inclusive, null for none."""

    case: Name | None = None
    reason: str | UnsetType | None = UNSET
    placed: Day | UnsetType = UNSET
    last_day: Day | UnsetType | None = UNSET


Offers = tuple[Identifier, ...] | dict[str, tuple[Identifier, ...]]


#: What is expected of deadlines, each by their names, and is told of a deadline as it is.
OF_DEADLINES = ("due", "original_due", "starts", "met", "status", "days_left", "provisional", "stopped")


class Wanted(Part, frozen=True, kw_only=True):
    """What is expected of one case, as of the step's day. What is left out is not looked at.

    By the names of deadlines: ``due``, ``original_due`` (before an extension), ``starts`` (day 0),
    ``met`` (the day), ``status``, ``days_left`` (calendar days), ``provisional``, ``clauses``; null
    where the deadline has not begun. ``stopped`` is the first day on which its clock stands, and
    ``remaining`` the length that is left then (``18 working days``); null where it runs. ``done`` is by
    actions: the day on which each was last taken, null for never. ``offers`` is exactly what is offered
    to all accounts together, or to each role or account by name. ``usable``, ``marks`` and ``record``
    are of the case's credit record.
    """

    state: Identifier | None = None
    final: bool | None = None
    overdue: bool | None = None
    waits_for: tuple[Identifier, ...] | None = None
    due: dict[Identifier, Day | None] = field(default_factory=dict)
    original_due: dict[Identifier, Day | None] = field(default_factory=dict)
    starts: dict[Identifier, Day | None] = field(default_factory=dict)
    met: dict[Identifier, Day | None] = field(default_factory=dict)
    status: dict[Identifier, Identifier | None] = field(default_factory=dict)
    days_left: dict[Identifier, int | None] = field(default_factory=dict)
    provisional: dict[Identifier, bool] = field(default_factory=dict)
    stopped: dict[Identifier, Day | None] = field(default_factory=dict)
    remaining: dict[Identifier, Remaining | None] = field(default_factory=dict)
    clauses: dict[Identifier, str] = field(default_factory=dict)
    fields: dict[Identifier, Any] = field(default_factory=dict)
    done: dict[Identifier, Day | None] = field(default_factory=dict)
    materials: tuple[Identifier, ...] | None = None
    offers: Offers | None = None
    not_offered: tuple[Identifier, ...] = ()
    usable: bool | None = None
    marks: tuple[Identifier, ...] | dict[Identifier, MarkWanted] | None = None
    record: dict[Identifier, Any] = field(default_factory=dict)


class Expect(Wanted, frozen=True, kw_only=True):
    """What is expected after a step: of its case, of other ``cases``, and of the step itself.

    ``refused`` names exactly the grounds of a refusal, or gives the clause of each; ``missing``
    exactly the materials that it misses. ``notices`` are the papers that the step sends, each with
    the role it goes to where they are given by name. ``fired`` is exactly what a sweep fires, and
    ``opened`` how many recurring cases it opens.
    """

    refused: tuple[str, ...] | dict[str, str] | None = None
    missing: tuple[Identifier, ...] = ()
    notices: tuple[Identifier, ...] | dict[Identifier, Identifier] | None = None
    fired: dict[Identifier, int] | None = None
    opened: int | None = None
    cases: dict[Name, Wanted] = field(default_factory=dict)

    @property
    def refuses(self) -> bool:
        """Whether the step is expected to be refused."""
        return self.refused is not None or bool(self.missing)


class Step(Part, frozen=True, kw_only=True, rename={"given": "with", "name": "as"}):
    """One step: a case is opened, an action taken, a night swept, or things are only looked at.

    ``on`` is the step's day, ``sweep`` the day whose night is swept instead. ``report`` is a month
    (``YYYY-MM``) whose operating report is made, ``rehearsal`` whether one of recovery succeeds.
    ``case`` is a name given by ``as`` to a new case (its workflow's unless given), or to the one that an
    action opens below its own; without it the case of the step before.
    ``by`` is an account, or a role, which means its first practice account.
    """

    on: Day | None = None
    sweep: Day | None = None
    open: Identifier | None = None
    do: Identifier | None = None
    report: Annotated[str, form(r"^20\d\d-(0[1-9]|1[0-2])$")] | None = None
    rehearsal: bool | None = None
    case: Name | None = None
    name: Name | None = None
    record: str | None = None
    parent: Name | None = None
    subject: str | None = None
    account: str | None = None
    by: str | None = None
    given: dict[Identifier, Any] = field(default_factory=dict)
    materials: str | tuple[Identifier, ...] = ()
    note: str | None = None
    expect: Expect = field(default_factory=Expect)

    @property
    def day(self) -> str:
        """The day of the step."""
        return self.on or self.sweep or ""


Steps = Annotated[tuple[Step, ...], Meta(min_length=1)]
Roles = Annotated[tuple[Identifier, ...], Meta(min_length=1)]


class OwnAccount(Part, frozen=True, kw_only=True):
    """Somebody with several roles, or of a unit of his own."""

    roles: Roles
    unit: str | None = None


class Background(Part, frozen=True, kw_only=True):
    """Steps with which several scenarios begin."""

    steps: Steps
    background: Name | None = None


class Scenario(Part, frozen=True, kw_only=True):
    """One example: its facts and its steps, after those of its ``background``.

    ``people`` and ``records`` stand beside the file's, and before one of the same name.
    """

    title: Words
    steps: Steps
    source: str | None = None
    background: Name | None = None
    people: dict[Name, Person] = field(default_factory=dict)
    records: dict[str, SampleRecord] = field(default_factory=dict)


class ScenarioFile(Part, frozen=True, kw_only=True):
    """The examples of one workflow, whose coverage they are measured by.

    ``accounts`` are people with several roles or of other units, by name, beside those with one role each.
    """

    workflow: Identifier
    scenarios: Annotated[tuple[Scenario, ...], Meta(min_length=1)]
    title: Words | None = None
    accounts: dict[Name, Roles | OwnAccount] = field(default_factory=dict)
    people: dict[Name, Person] = field(default_factory=dict)
    records: dict[str, SampleRecord] = field(default_factory=dict)
    backgrounds: dict[Name, Background] = field(default_factory=dict)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file of scenarios: its form, as the reader checks it.

    What needs the definitions (states, actions, deadlines that exist) is left to ``workflow test``.
    """
    return schema_of(ScenarioFile, "scenarios")
