"""Who may ask for what, and what it leaves: a matrix written from the rules, which each entry is held to.

The matrix is proved by leaving out: an entry without its permission, or without its trace, does not pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from credit_workflow.casework.access.identification import practice_accounts
from credit_workflow.casework.accounts.sign_in import digest_of_token
from credit_workflow.casework.journal.look_entries import Look, OfRecords
from credit_workflow.casework.ports import Credential, SignedIn
from credit_workflow.definition.library import load_definitions
from credit_workflow.errors import NotAllowed, UsageFault
from credit_workflow.service import door
from credit_workflow.service.premises import Premises
from credit_workflow.service.registry import USE_CASES, request_type
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import ACCOUNT, ANYBODY, MACHINE, SYSTEM, Trace, UseCase, Way
from credit_workflow.service.work import Work
from credit_workflow.store.schema.creation import create
from tests import where

pytestmark = pytest.mark.usefixtures("databases")

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NOBODY, NEW = "nobody", "whoever has to change a first password"
#: The roles that may (附件3·四(五), 五, 六, 七; 附件1·七), or who may without any: by name of the use case.
EACH, RULES = "any account", "whom the action names"
GRANTED = {
    "case.assign": "supervisor", "case.scan": "window center authority", "record.import": "center",
    **dict.fromkeys(("record.held", "record.release", "record.drop"), "center"),
    "look_up.log": "center auditor", "application.log": "center auditor", "account.list": "admin auditor supervisor",
    "workflow.propose": "clerk", "workflow.withdraw": "clerk", "workflow.proposals": "clerk authority",
    "workflow.outlook": "clerk authority", "workflow.approve": "authority", "workflow.reject": "authority",
    "workflow.publish": "authority", "workflow.migrate": "authority", "simulate": "supervisor authority center auditor",
    "calendar.import": "clerk admin", "stats": "supervisor authority auditor",
    "report.monthly": "center supervisor authority auditor",
    "notify.list": "supervisor window center admin", "notify.retry": "supervisor window center admin",
    "notify.test": "supervisor window center admin",
    "audit.seal": "auditor admin", "audit.export": "auditor admin", "audit.prove": "auditor admin",
    **dict.fromkeys(("unit.add", "unit.change"), "admin"), "clock.confirm": "authority admin",
    "audit.show": "auditor", "key.rotate": "admin", "backup.create": "admin auditor", "backup.drill": "admin auditor",
}  # fmt: skip
BY_ACCOUNTS = {
    **dict.fromkeys(("case.submit", "case.submit_all", "case.act", "case.check_submit", "case.check", "paper.print"), RULES),
    "account.reset_password": RULES,
    **dict.fromkeys(
        ("case.show", "case.list", "case.history", "todo", "overdue", "case.explain", "record.list", "record.show",
         "record.history", "paper.list", "paper.verify", "passwd", "whoami", "case.names", "record.names", "case.picture", "digest", "key.show",
         "unit.list", "unit.show"), EACH,
    ),
}  # fmt: skip
#: Without an account: whoever holds the machine with its keys, the clock, anybody.
NAMELESS = {
    **dict.fromkeys(("init", "audit.verify", "backup.verify", "backup.restore", "account.recover"), "machine"),
    **dict.fromkeys(("notify.run", "digest.put_out", "sweep", "scheduler.run"), "system"),
    **dict.fromkeys(
        ("account.names", "unit.names", "workflow.names", "workflow.forms", "paper.templates", "login",
         "logout", "standing", "workflow.list", "workflow.show", "workflow.schema", "workflow.check", "workflow.test",
         "workflow.diagram", "workflow.document", "workflow.diff", "workflow.versions", "calendar.show",
         "calendar.count", "calendar.status", "calendar.export", "audit.check"), "anybody",
    ),
}  # fmt: skip
WITH_FIRST_PASSWORD = {"passwd", "whoami"}
WITH_PASSWORDS = {"passwd", "account.reset_password"}
#: What is looked at in a person, and what is changed: both are in the log (附件1·七(一), 附件3·七(三)).
LOOKS = {
    "case.show", "case.list", "case.history", "case.scan", "record.list", "record.held", "record.show", "record.history", "paper.verify", "look_up.log", "application.log", "stats", "report.monthly",
    "audit.show", "audit.prove",
}  # fmt: skip
CHANGES = {
    "case.submit", "case.submit_all", "case.act", "case.assign", "record.import", "record.release", "record.drop", "paper.print", "login", "passwd", "account.reset_password", "account.recover",
    "workflow.propose", "workflow.approve", "workflow.reject", "workflow.withdraw", "workflow.publish",
    "workflow.migrate", "init", "calendar.import", "notify.run", "notify.retry", "digest.put_out", "audit.seal",
    "key.rotate", "backup.drill", "sweep", "unit.add", "unit.change", "clock.confirm",
}  # fmt: skip


class Reached(Exception):
    """The door let somebody through."""


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, databases: None) -> Iterator[Mapping[str, Premises]]:  # noqa: ARG001 - first
    """One for practice and one for production, with an account for each role, all signed in there."""
    definitions = load_definitions()
    people = practice_accounts(d.workflow for d in definitions.values())
    made = {}
    for kind in ("training", "production"):
        path = tmp_path_factory.mktemp(kind) / "cases.db"
        create(
            where.new(path), training=kind == "training", at=NOW, definitions=definitions.values(),
            accounts={**people, NEW: replace(people["clerk1"], account=NEW)},
        )  # fmt: skip
        made[kind] = Premises(where.url(path), clock=lambda: NOW)
        with made[kind].database.writing() as db:
            for name in (*people, NEW):
                token = digest_of_token(f"token of {name}")
                db.accounts.put_sign_in(SignedIn(token=token, account=name, began=NOW, used=NOW))
            db.accounts.put_credential(Credential(name=NEW, password="x", must_change=True))  # noqa: S106 - no hash of any
    yield made
    for office in made.values():
        office.close()
    where.drop_below(tmp_path_factory.getbasetemp())


def people() -> list[tuple[str, str | None]]:
    """Everybody who may ask, with the role held."""
    found = {
        actor.account: next(iter(actor.roles))
        for actor in practice_accounts(d.workflow for d in load_definitions().values()).values()
    }
    return [(NOBODY, None), (NEW, "clerk"), *((name, role) for name, role in found.items() if name.endswith("1"))]


def may(name: str, who: str, role: str | None, kind: str) -> bool | None:
    """What the rules say: whether somebody may; None where there is no such thing in a database of that kind."""
    if name in NAMELESS:
        return True
    if kind == "training" and name in WITH_PASSWORDS:
        return None
    if role is None or (who == NEW and kind == "production" and name not in WITH_FIRST_PASSWORD):
        return False
    return name not in GRANTED or role in GRANTED[name].split()


def blank(use_case: UseCase) -> Any:
    kind = request_type(use_case)
    return kind(**{field.name: None for field in msgspec.structs.fields(kind) if field.required})


def ask(use_case: UseCase, office: Premises, seat: Seat, run: Any) -> Any:
    """Ask at the door, with an entry of one's own and something else behind it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "use_case_of", lambda _: use_case)
        patch.setattr(door, "function", lambda _, name: run if name == use_case.run else lambda *_: None)
        return door.carry_out(office, seat, blank(use_case))


def lets(use_case: UseCase, office: Premises, who: str, kind: str) -> bool | None:
    """Whether the door lets somebody through, as `may` says it."""

    def reached(work: Work, request: Any) -> Any:  # noqa: ARG001 - as use cases have them
        raise Reached

    seat = Seat()
    if who != NOBODY:
        seat = Seat(account=who) if kind == "training" else Seat(tokens=lambda _: f"token of {who}")
    try:
        ask(use_case, office, seat, reached)
    except Reached:
        return True
    except NotAllowed:
        return False
    except UsageFault:
        return None
    raise AssertionError


def differs(use_case: UseCase, offices: Mapping[str, Premises]) -> str | None:
    """Where an entry is not what the rules say of its use case; None where it is."""
    nameless = use_case.permission.kind if use_case.permission in (ANYBODY, MACHINE, SYSTEM) else None
    if nameless != NAMELESS.get(use_case.name):
        return f"{use_case.name} without an account: {nameless}"
    if (use_case.permission.kind == "rules") != (BY_ACCOUNTS.get(use_case.name) == RULES):
        return f"{use_case.name}: {use_case.permission.kind}"
    for kind, office in offices.items():
        for who, role in people():
            if lets(use_case, office, who, kind) is not may(use_case.name, who, role, kind):
                return f"{use_case.name}, {kind}: {who}"
    return None


def test_the_matrix_knows_each_use_case() -> None:
    assert sorted([*GRANTED, *BY_ACCOUNTS, *NAMELESS]) == sorted(USE_CASES)


@pytest.mark.parametrize("name", USE_CASES)
def test_who_may_is_who_should(offices: Mapping[str, Premises], name: str) -> None:
    assert differs(USE_CASES[name], offices) is None


@pytest.mark.parametrize("name", USE_CASES)
def test_a_permission_left_out_is_found(offices: Mapping[str, Premises], name: str) -> None:
    use_case = USE_CASES[name]
    others = [ACCOUNT] if use_case.permission == ANYBODY else [ANYBODY]
    if use_case.permission.names:
        others.append(ACCOUNT)
        others += [replace(use_case.permission, names=(one,)) for one in use_case.permission.names[:-1]]
    if use_case.permission.any_password:
        others.append(replace(use_case.permission, any_password=False))
    if use_case.permission.signed_in:
        others.append(replace(use_case.permission, signed_in=False))
    for other in others:
        assert differs(replace(use_case, permission=other), offices) is not None, other


def traced(use_case: UseCase, office: Premises) -> Trace:
    """What the door holds a use case to leave: what it does not let pass without."""

    def looking(work: Work, request: Any) -> Any:  # noqa: ARG001 - as use cases have them
        work.look(OfRecords(subject=None, records=(), purpose="test", full=False))

    def traceless(work: Work, request: Any) -> Any:  # noqa: ARG001 - as above
        return None

    open_to_all = replace(use_case, permission=ANYBODY, refused=None)
    try:
        ask(open_to_all, office, Seat(), traceless)
    except RuntimeError:
        if use_case.way is not Way.READS:
            return Trace.CHANGE
        with office.database.reading() as db:
            before = len(list(db.journal.of(Look)))
        ask(open_to_all, office, Seat(), looking)
        with office.database.reading() as db:
            assert len(list(db.journal.of(Look))) == before + 1
        return Trace.LOOK
    return Trace.NONE


def due(name: str) -> Trace:
    return Trace.LOOK if name in LOOKS else Trace.CHANGE if name in CHANGES else Trace.NONE


@pytest.mark.parametrize("name", USE_CASES)
def test_what_it_leaves_is_what_it_should(offices: Mapping[str, Premises], name: str) -> None:
    assert traced(USE_CASES[name], offices["training"]) is due(name)


@pytest.mark.parametrize("name", sorted(LOOKS | CHANGES))
def test_a_trace_left_out_is_found(offices: Mapping[str, Premises], name: str) -> None:
    assert traced(replace(USE_CASES[name], trace=Trace.NONE), offices["training"]) is not due(name)
