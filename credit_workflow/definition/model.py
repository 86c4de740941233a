"""Describe a workflow as a value: what a file in ``workflows/`` says, checked for its form.

The same classes serve the reader, the JSON Schema, the cache and the engine. Expressions stay
strings here (`credit_workflow.definition.expression` compiles them); lengths of time stay
strings too and are read by `credit_workflow.calendar.period.parse_period`.
"""

# Without `from __future__ import annotations`: msgspec would compile the text of each one, in every command anew.

from typing import Annotated, Literal

from msgspec import Meta, field

from credit_workflow.definition.access_rules import CaseSight, FieldSight, KeptLog, Lending, LookUp, RecordSight
from credit_workflow.definition.checking_rules import Checking
from credit_workflow.definition.clock_rules import DeadlineRule, InForce, Recurring, TakesOver
from credit_workflow.definition.effect_kinds import Effect
from credit_workflow.definition.elements import Choice, Expression, Identifier, Source
from credit_workflow.strict_yaml.patterns import Part, Title, form


class Role(Part, frozen=True, kw_only=True):
    """Who acts, with ``own_unit`` only on cases of the unit that the account works in.

    ``practice_accounts`` says how many a training database gets.
    ``practice_units`` names their units, in their order; the last one is that of all further ones too.
    """

    title: Title
    own_unit: bool = False
    practice_accounts: Annotated[int, Meta(ge=0, le=9)] = 0
    practice_units: tuple[str, ...] = ()


#: What the action by which an application is filed asks for: the day, and why it was typed in later.
FILED_ON, FILED_LATE = "filed_on", "filed_late"

FieldType = Literal[
    "text",
    "boolean",
    "integer",
    "date",
    "choice",
    "several",
    "record_values",
    "values",
    "words",
    "person",
    "account",
    "unit",
    "cases",
    "rows",
]


class Elsewhere(Part, frozen=True, kw_only=True, rename={"but": "except"}):
    """What the cases of another ``workflow`` name in a ``field``, but for those that are in one of some states."""

    workflow: Identifier
    field: Identifier
    but: tuple[Identifier, ...] = ()


class Field(Part, frozen=True, kw_only=True):
    """A fact that an action asks for and the case keeps.

    ``words`` is a list of texts; ``person`` an ID number or code, with its check digits, which
    expressions see as they see ``subject``; ``account`` a name of an account; ``unit`` one
    of a unit on the register; ``cases`` the numbers of other cases; ``rows`` a list that effects work
    out and nobody is asked for.

    Of ``cases``, ``among`` says which ones the word ``all`` stands for, as an expression over
    such a ``case``; with ``once_except`` a case is named once only by the cases of this
    workflow, those aside that have come to one of these states; what the cases of another workflow
    name ``unless_in`` is left out of ``all``.
    Of a ``complete`` list all that there are must be named, and there may be none. With ``seen_by`` not everybody who
    sees the case sees it.
    """

    type: FieldType
    title: Title
    among: Expression | None = None
    once_except: tuple[Identifier, ...] | None = None
    unless_in: Elsewhere | None = None
    complete: bool = False
    choices: dict[Choice, Title] = field(default_factory=dict)
    suggestions: tuple[Title, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    seen_by: FieldSight | None = None
    source: Source | None = None


class Ask(Part, frozen=True, kw_only=True):
    """How an action asks for a field.

    ``field`` names the workflow's field where it is called otherwise here; ``when`` limits the
    asking to where the expression holds; ``default`` is an expression for what counts when
    nothing is said. What is asked for, applies and has no default must be given, unless
    ``required`` is false. ``vouched`` is an expression for what whoever says that all materials were
    seen says of it too, where the case does not have it yet; null where that does not stand for it.
    """

    field: Identifier | None = None
    required: bool = True
    when: Expression | None = None
    default: Expression | None = None
    vouched: Expression | None = None

    @property
    def needed(self) -> bool:
        """Whether nobody can do without giving it, whatever the case is like."""
        return self.required and self.when is None and self.default is None


class Material(Part, frozen=True, kw_only=True):
    """A document that an application must bring.

    ``when`` limits it to some applicants; ``accepts`` names kinds that count as it;
    ``one_by_one`` keeps ``--all-materials`` from standing for it.
    """

    title: Title
    source: Source
    when: Expression | None = None
    accepts: dict[Identifier, Title] = field(default_factory=dict)
    one_by_one: bool = False


class Guard(Part, frozen=True, kw_only=True):
    """What must hold, and what the refused person reads.

    ``says`` gives the values for the places ``{name}`` in the message; they also stand in the
    refusal's details. ``met_by`` names fields that would meet it: in a terminal those are asked for
    that the action asks for and the case does not have.
    """

    id: Identifier
    must: Expression
    message: Title
    source: Source
    says: dict[Identifier, Expression] = field(default_factory=dict)
    met_by: tuple[Identifier, ...] = ()


class Refuses(Part, frozen=True, kw_only=True):
    """That an action refuses what another would grant, which it can only for a ground.

    It can be taken while a condition in ``requires`` of that ``action``, or one of its materials, is unmet, or
    with a ``ground`` chosen: what it asks for by that name, of the type choice or several. Else the ``message``
    is told.
    """

    action: Identifier
    ground: Identifier
    message: Title
    source: Source


class State(Part, frozen=True, kw_only=True):
    """Where a case stands, and whom it waits for.

    ``waits_for_role_in`` names a field of type ``choice`` instead, whose value is the role.
    """

    title: Title
    waits_for: Identifier | None = None
    waits_for_role_in: Identifier | None = None
    final: bool = False


class Action(Part, frozen=True, kw_only=True, rename={"origin": "from"}):
    """What somebody does, and what follows.

    ``from`` is a state, several, ``open`` (every state that is not final) or ``any``; without it
    the action opens a case. Without ``to`` the state stays. ``offered_when`` guards hide the
    action; ``requires`` are the grounds of which a refusal names all that are unmet. ``not_by``
    names actions whose latest doer may not take this one (four eyes). ``owed_when`` says when
    somebody of ``by`` owes the action besides what the state waits for. With ``listed: false`` it
    is not among what a case offers: an exception that one must know of. ``shows`` names a field
    of records found, which whoever takes the action is given to read. ``filing`` says of the action
    that opens a case that an application is filed by it: it asks for ``filed_on``, the day on which
    that was brought (today unless given), from which all that begins with it is counted, and for
    ``filed_late``, why it was typed in later. One that opens a case about a record can be taken for several
    records at once where it has ``together``, a field of type ``cases`` that keeps the others filed with it; and
    without any where it has ``instead_of_record``: the names of what it then asks for, and only then.
    What ``refuses`` another action is taken for a ground alone.
    ``files`` says that the materials are filed by it: from then on their scans are taken out by a loan alone.
    """

    title: Title
    by: Annotated[tuple[Identifier, ...], Meta(min_length=1)]
    source: Source
    origin: str | tuple[str, ...] | None = None
    to: Identifier | None = None
    asks: dict[Identifier, Literal["required", "optional"] | Ask] = field(default_factory=dict)
    materials: tuple[Identifier, ...] = ()
    takes_materials_of: Identifier | None = None
    offered_when: tuple[Guard, ...] = ()
    requires: tuple[Guard, ...] = ()
    not_by: tuple[Identifier, ...] = ()
    owed_when: Expression | None = None
    listed: bool = True
    filing: bool = False
    together: Identifier | None = None
    instead_of_record: tuple[Identifier, ...] = ()
    refuses: Refuses | None = None
    effects: tuple[Effect, ...] = ()
    shows: Identifier | None = None
    files: bool = False

    def ask(self, name: str) -> Ask:
        """Return how the action asks for ``name``."""
        how = self.asks[name]
        return how if isinstance(how, Ask) else Ask(required=how == "required")

    def field_of(self, name: str) -> str:
        """Return the workflow's field in which the case keeps what the action asks for as ``name``."""
        return self.ask(name).field or name

    @property
    def guards(self) -> tuple[Guard, ...]:
        """All conditions, those that hide the action first."""
        return (*self.offered_when, *self.requires)

    @property
    def gives_later(self) -> bool:
        """Whether it gives to read what was found before, by another action."""
        return self.shows is not None and not any(effect.find is not None for effect in self.effects)

    @property
    def only_by_system(self) -> bool:
        """Whether no person takes the action."""
        return set(self.by) == {"system"}

    @property
    def opens(self) -> bool:
        """Whether the action opens a case."""
        return self.origin is None


class Remedy(Part, frozen=True, kw_only=True):
    """What whoever is refused can do about it: what, within which time, where, and by which law."""

    title: Title
    within: Title
    where: Title
    law: Title


class Paper(Part, frozen=True, kw_only=True):
    """What a printed paper says, and who prints it.

    A paper bears the name by which a `notice` announces it, and then its title and clause too;
    one that no notice announces has a title of its own. It can be printed ``after`` an action:
    the one that announces it unless given. ``issued_by`` is the role whose office signs it (that of
    the action unless given), ``given_to`` the one that takes over what a list hands over. ``steps``
    are actions whose days it tells, ``grounds_of`` the action whose last refusal it explains.
    ``shows`` is what it is about: the case, the record as it stands, those ``records`` of the case's
    person as they stand that ``which`` lets through, the filed materials, the ``rows`` found about a
    ``person``, or the ``rows`` of a list of cases. What was found and is printed later ``looks_again``
    at each of the records: what has been suspended, removed or changed since is withheld. A paper about
    the case that has a ``person`` is addressed to that one, any other to the applicant.
    ``requires`` are the grounds of which a refused print names all that are unmet.
    ``remedies`` are what it tells of against the decision.
    With ``free``, an integer field, there is such a paper only where the field is 1 or more, and
    so many prints of it are free. ``template`` names a template other than the paper's own name.
    """

    printed_by: Annotated[tuple[Identifier, ...], Meta(min_length=1)]
    title: Title | None = None
    source: Source | None = None
    after: Identifier | None = None
    issued_by: Identifier | None = None
    shows: Literal["case", "record", "records", "filing", "answer", "list"] = "case"
    which: Expression | None = None
    looks_again: bool = False
    requires: tuple[Guard, ...] = ()
    rows: Identifier | None = None
    person: Identifier | None = None
    given_to: Identifier | None = None
    template: Identifier | None = None
    fields: tuple[Identifier, ...] = ()
    deadlines: tuple[Identifier, ...] = ()
    steps: tuple[Identifier, ...] = ()
    materials: bool = False
    correction: bool = False
    grounds_of: Identifier | None = None
    remedies: tuple[Remedy, ...] = ()
    free: Identifier | None = None


class Permission(Part, frozen=True, kw_only=True):
    """Something besides the steps of a case that only some roles may do."""

    title: Title
    by: Annotated[tuple[Identifier, ...], Meta(min_length=1)]
    source: Source


class Workflow(Part, frozen=True, kw_only=True):
    """One definition: a state machine with its roles, facts, documents and deadlines.

    ``instruments`` gives the full name of what a clause is quoted from: papers quote in full.
    A case is ``about`` a credit record and its subject, an account of this software, a person,
    or nothing outside the unit's own work; then a field that it is ``named_by`` tells cases apart.
    Cases of a ``linked`` workflow are opened by other cases alone; it is listed after those that people open.
    ``identity`` says by what people are told apart: ``cn``, Chinese numbers with their check digits,
    or ``any`` text of the site's own, such as a reference or an address. ``seen_by`` says by role which
    cases somebody sees (without it whoever has an account sees all), ``records_seen_by`` which records.
    Applications of a workflow with a ``kept_log`` are listed in it.
    A case belongs to one of the ``parent`` workflow, unless ``parent_needed`` is false.
    """

    workflow: Identifier
    version: Annotated[int, Meta(ge=1)]
    title: Title
    number: Annotated[str, form(r"^[A-Z]{2,6}-\{year\}-\{serial:0[4-9]\}$")]
    in_force: InForce
    takes_over: TakesOver | None = None
    source: Source
    calendar: Identifier = "cn"
    parent: Identifier | None = None
    parent_needed: bool = True
    linked: bool = False
    about: Literal["record", "account", "person", "nothing"] = "record"
    named_by: Identifier | None = None
    identity: Literal["cn", "any"] = "cn"
    look_up: LookUp | None = None
    kept_log: KeptLog | None = None
    lends: Lending | None = None
    roles: dict[Identifier, Role]
    permissions: dict[Identifier, Permission] = field(default_factory=dict)
    seen_by: dict[Identifier, CaseSight] = field(default_factory=dict)
    records_seen_by: dict[Identifier, RecordSight] = field(default_factory=dict)
    fields: dict[Identifier, Field] = field(default_factory=dict)
    materials: dict[Identifier, Material] = field(default_factory=dict)
    states: dict[Identifier, State]
    actions: dict[Identifier, Action]
    deadlines: dict[Identifier, DeadlineRule] = field(default_factory=dict)
    instruments: dict[str, Title] = field(default_factory=dict)
    papers: dict[Identifier, Paper] = field(default_factory=dict)
    recurring: dict[Identifier, Recurring] = field(default_factory=dict)
    checks: Checking | None = None

    @property
    def opening(self) -> tuple[str, Action]:
        """The action that opens a case, with its name (a checked definition has one)."""
        return next((name, action) for name, action in self.actions.items() if action.opens)

    @property
    def record_needed(self) -> bool:
        """Whether each case that stands by itself is about a record."""
        return self.about == "record" and not self.opening[1].instead_of_record

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects of all actions."""
        return tuple(effect for action in self.actions.values() for effect in action.effects)

    def waited_for(self, state: str) -> tuple[str, ...]:
        """Return the roles that a case may wait for in a state: the one named, or each that the field can name."""
        what = self.states[state]
        if what.waits_for is not None:
            return (what.waits_for,)
        chosen = None if what.waits_for_role_in is None else self.fields.get(what.waits_for_role_in)
        return () if chosen is None else tuple(chosen.choices)

    def told_by(self, other: "Workflow") -> frozenset[str]:
        """Return the actions of this workflow that cases of another one tell, or of its own."""
        whose = {"self": other.workflow == self.workflow, "parent": other.parent == self.workflow}
        whose["children"] = self.parent == other.workflow
        told = (effect.tell for effect in other.effects if effect.tell is not None)
        return frozenset(tell.action for tell in told if whose[tell.case] and tell.action in self.actions)

    def number_for(self, year: int, serial: int) -> str:
        """Return the number of the ``serial``-th case of ``year``."""
        return self.number.format(year=year, serial=serial)
