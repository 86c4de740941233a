"""What somebody sees is what RULES.md §11 says, both ways: in random towns, by a model written from it alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from credit_workflow.casework.access import seen
from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.access.sight import Sight
from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.definition.library import load_definitions
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Done, Record
from credit_workflow.engine.world import Moment
from credit_workflow.errors import NotAllowed, NotFound
from credit_workflow.identity import Subject
from tests.property.naive_sight import PROCEDURES, NaiveCase, NaiveRecord, Person, Town

DAY = date(2026, 3, 2)
NOW = Moment.of(datetime(2026, 3, 2, 1, tzinfo=UTC), "Asia/Shanghai")
DEFINITIONS = load_definitions()
RULES = {d.digest: Rules(d.workflow, d.digest) for d in DEFINITIONS.values()}
WINDOWS, PROVIDERS = ("东窗口", "西窗口"), ("城管局", "税务局")
HOME = {"center": "市信用中心", "authority": "市发改委"}
ROLES = ("window", "center", "authority", "provider", "supervisor", "auditor", "clerk", "admin", "user", "site")
PERSONS = ("甲", "乙")


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    """Give two to six accounts; those of the centre and the authority are of the one unit of theirs."""
    found = []
    for n in range(draw(st.integers(2, 6))):
        roles = frozenset(draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2)))
        homes = [HOME[role] for role in sorted(roles) if role in HOME]
        roles -= {role for role in HOME if homes and HOME[role] != homes[0]}
        unit = homes[0] if homes else draw(st.sampled_from((*WINDOWS, *PROVIDERS, "市信用中心", "市发改委")))
        found.append(Person(f"p{n}", roles, unit))
    return found


@st.composite
def towns(draw: st.DrawFn) -> tuple[Town, list[NaiveRecord]]:
    """Give a town and its records."""
    town = Town(draw(people()))
    names = st.sampled_from([one.account for one in town.people])
    records = [
        NaiveRecord(f"R-{n}", draw(st.sampled_from(PERSONS)), draw(st.sampled_from(PROVIDERS)), draw(st.sampled_from("ABC")))
        for n in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    for n in range(draw(st.integers(0, 5))):
        workflow = draw(st.sampled_from((*sorted(PROCEDURES), "lookup", "permission", "account")))
        parents = [c.number for c in town.cases if c.workflow == "objection"]
        record = draw(st.sampled_from(records))
        about = record.no if workflow not in {"query", "lookup", "permission", "account"} else ""
        opener = draw(names)
        waits = frozenset(draw(st.lists(st.sampled_from(("window", "center", "authority", "admin")), max_size=2)))
        town.cases.append(
            NaiveCase(
                number=f"C-{n}",
                workflow=workflow,
                unit=draw(st.sampled_from((*WINDOWS, *PROVIDERS))),
                opener=opener,
                person=record.person if workflow not in {"permission", "account"} else "",
                record=about,
                parent=draw(st.sampled_from(parents)) if workflow == "marking" and parents else None,
                final=draw(st.booleans()),
                waits_for=waits,
                doers=frozenset({opener, *draw(st.lists(names, max_size=2))}),
                holder=draw(names) if workflow == "permission" else None,
                account=draw(names) if workflow == "account" else None,
                account_unit=draw(st.sampled_from((*WINDOWS, *PROVIDERS))) if workflow == "account" else None,
            )
        )
    for n, asking in enumerate([case for case in town.cases if case.workflow == "objection" and not case.final]):
        for unit in draw(st.lists(st.sampled_from((*PROVIDERS, WINDOWS[0])), max_size=2)):
            town.cases.append(consultation(f"K-{n}-{len(town.cases)}", asking, unit, final=draw(st.booleans())))
    return town, records


def consultation(number: str, asking: NaiveCase, unit: str, *, final: bool = False) -> NaiveCase:
    """Give a consultation of a unit, which an objection has opened."""
    return NaiveCase(
        number, "consultation", unit, "system", asking.person, asking.record, asking.number, final,
        waits_for=frozenset() if final else frozenset({"provider"}),
    )  # fmt: skip


def kept_case(case: NaiveCase, town: Town) -> Case:
    """Return a case of a town as the engine has it."""
    definition = DEFINITIONS[case.workflow]
    fields: dict[str, Any] = {}
    if case.holder is not None:
        fields["holder"] = case.holder
    if case.account_unit is not None:
        fields["unit"] = case.account_unit
    subject = Subject(kind="natural", id=case.person, key=case.person, name=case.person)
    if case.account is not None:
        subject = Subject(kind="account", id=case.account, key=f"account:{case.account}")
    state = "submitted"
    if case.workflow == "consultation":
        state = "answered" if case.final else "asked"
    elif any(c.workflow == "consultation" and c.parent == case.number and not c.final for c in town.cases):
        state = "consulting"
    done = {f"step{n}": Done(by=name, on=DAY) for n, name in enumerate(sorted(case.doers))}
    return Case(
        number=case.number, workflow=case.workflow, definition=definition.digest, definition_version=1,
        state=state, final=case.final, version=1, opened=DAY, subject=subject,
        record=case.record, parent=case.parent, unit=case.unit, waits_for=tuple(sorted(case.waits_for)), fields=fields,
        done={**done, definition.workflow.opening[0]: Done(by=case.opener, on=DAY)},
    )  # fmt: skip


class Kept:
    """The cases of a town, as a store answers for them."""

    def __init__(self, town: Town) -> None:
        self.every = [kept_case(case, town) for case in town.cases]

    def get(self, number: str) -> Case:
        """Return a case."""
        for case in self.every:
            if case.number == number:
                return case
        raise NotFound(number)

    def family(self, number: str) -> dict[str, Case]:
        """Return a case with all that it is linked to."""
        root = self.get(number).parent or number
        return {case.number: case for case in self.every if root in {case.number, case.parent}}

    def find(self, query: CaseQuery) -> list[Case]:
        """Return the cases wanted."""
        return [
            case
            for case in self.every
            if query.person in (None, case.subject.key) and (query.units is None or case.unit in query.units)
            and query.record in (None, case.record) and not (query.open_only and case.final)
        ]  # fmt: skip


def sight_of(town: Town, who: Person) -> Sight:
    """Return what the program says somebody sees."""
    actors = [Actor(account=p.account, roles=p.roles, unit=p.unit) for p in town.people]
    db: Any = SimpleNamespace(cases=Kept(town), rules=RULES, accounts=SimpleNamespace(active=lambda: actors))
    actor = next(one for one in actors if one.account == who.account)
    return Sight(db, DEFINITIONS, actor, NOW, lambda: None)  # type: ignore[arg-type, return-value] - no deadline is asked


def agree(town: Town, records: list[NaiveRecord]) -> None:
    """Hold the program against the model, for everybody and everything."""
    for who in town.people:
        sight = sight_of(town, who)
        for case in town.cases:
            found = sight.of(kept_case(case, town))
            assert found is Seen[town.case(who, case).upper()], (who, case)
        for record in records:
            for counter in (None, *PERSONS):
                assert shown(sight, record, counter) == town.record(who, record, counter), (who, record, counter)


def shown(sight: Sight, record: NaiveRecord, counter: str | None) -> str:
    """Return what the program shows of a record."""
    subject = Subject(kind="natural", id=record.person, key=record.person, name=record.person)
    kept = Record(
        no=record.no, subject=subject, provider=record.provider, open_class=record.open_class, title="t", content="c",
        valid_from=DAY, valid_until=DAY,
    )  # fmt: skip
    try:
        sight.look_at_records()
    except NotAllowed:
        assert not sight.of_record(kept, at_counter=counter)
        return "refused"
    return "content" if sight.of_record(kept, at_counter=counter) else "nulls"


#: A town where every rule counts, so that a mutant is found without luck.
FULL = (
    Town(
        [
            Person("w", frozenset({"window"}), WINDOWS[0]), Person("v", frozenset({"window"}), WINDOWS[1]),
            Person("s", frozenset({"supervisor"}), WINDOWS[0]), Person("t", frozenset({"supervisor"}), "市信用中心"),
            Person("c", frozenset({"center"}), "市信用中心"), Person("a", frozenset({"authority"}), "市发改委"),
            Person("b", frozenset({"authority"}), "市发改委"), Person("p", frozenset({"provider"}), PROVIDERS[0]),
            Person("q", frozenset({"provider"}), PROVIDERS[1]), Person("u", frozenset({"user"}), PROVIDERS[0]),
            Person("x", frozenset({"site"}), PROVIDERS[1]), Person("d", frozenset({"auditor", "clerk"}), "市发改委"),
            Person("z", frozenset({"window"}), PROVIDERS[1]), Person("o", frozenset({"window"}), PROVIDERS[0]), Person("y", frozenset({"supervisor"}), PROVIDERS[0]), Person("m", frozenset({"admin"}), "市发改委"),
        ],
        [
            NaiveCase("C-0", "objection", WINDOWS[0], "w", "甲", "R-0", doers=frozenset({"w", "a"})),
            NaiveCase("K-1", "consultation", PROVIDERS[0], "system", "甲", "R-0", "C-0", waits_for=frozenset({"provider"})),
            NaiveCase("K-2", "consultation", PROVIDERS[1], "system", "甲", "R-0", "C-0", final=True),
            NaiveCase("C-1", "marking", WINDOWS[1], "v", "甲", "R-0", parent="C-0", waits_for=frozenset({"center"})),
            NaiveCase("C-2", "query", WINDOWS[1], "v", "乙", final=True, waits_for=frozenset({"authority"})),
            NaiveCase("C-3", "permission", PROVIDERS[0], "u", "", holder="x"),
            NaiveCase("C-4", "account", PROVIDERS[0], "x", "", account="v", account_unit=WINDOWS[0]),
            NaiveCase("C-6", "query", WINDOWS[0], "w", "甲"),
            NaiveCase("C-5", "lookup", PROVIDERS[0], "u", "乙"),
        ],
    ),
    [NaiveRecord(f"R-{n}", person, PROVIDERS[1], of) for n, (person, of) in enumerate((p, c) for c in "ABC" for p in PERSONS)],
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(town=towns())
@example(town=FULL)
def test_the_program_and_the_model_agree_both_ways(town: tuple[Town, list[NaiveRecord]]) -> None:
    agree(*town)


@pytest.mark.parametrize("scope", sorted(seen._WHICH))
def test_a_rule_of_cases_that_says_the_opposite_is_found(scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = seen._WHICH[scope]
    monkeypatch.setitem(seen._WHICH, scope, lambda at: not right(at))
    with pytest.raises(AssertionError):
        agree(*FULL)


@pytest.mark.parametrize("whose", sorted(seen._WHOSE))
def test_a_rule_of_records_that_says_the_opposite_is_found(whose: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = seen._WHOSE[whose]
    monkeypatch.setitem(seen._WHOSE, whose, lambda at: not right(at))
    with pytest.raises(AssertionError):
        agree(*FULL)


@pytest.mark.parametrize(
    "workflow", sorted({"objection", "consultation", "marking", "query", "lookup", "permission", "account"})
)
def test_a_role_that_is_forgotten_or_sees_all_is_found(workflow: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from credit_workflow.definition.access_rules import CaseSight  # noqa: PLC0415

    said = DEFINITIONS[workflow].access.seen_by
    for role, rule in dict(said).items():
        for wrong in (CaseSight(source="x"), CaseSight(whole=("all",), source="x")):
            if wrong.whole == rule.whole:
                continue
            with monkeypatch.context() as patch:
                patch.setitem(said, role, wrong)
                with pytest.raises(AssertionError):
                    agree(*FULL)
