"""Settle what a new case begins with: whom and what it is about, and to which case it belongs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from credit_workflow.casework.ports import Reading
from credit_workflow.definition.model import Workflow
from credit_workflow.engine.grounds import role_ground
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import SYSTEM, Actor, Case, Opening
from credit_workflow.engine.world import opening_of
from credit_workflow.errors import NotAllowed, NotFound, Refused, UsageFault
from credit_workflow.identity import NOBODY, Subject, parse_subject
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.casework.acting import NewCase


def may_open(actor: Actor, rules: Rules) -> None:
    """Refuse whoever may not open such a case, before it is looked at what it is about.

    Raises:
        NotAllowed: the actor holds none of the roles.
    """
    may_take(actor, rules, rules.opening_action)


def may_take(actor: Actor, rules: Rules, name: str) -> None:
    """Refuse whoever may take an action on no case at all.

    Raises:
        NotAllowed: the actor holds none of the roles.
    """
    action = rules.actions[name]
    if actor.roles.isdisjoint(action.by):
        ground = role_ground(rules, action)
        raise NotAllowed(ground.message, code="role", source=ground.source, details={"grounds": [ground]})


def check_together(workflow: Workflow, records: Sequence[str | None]) -> None:
    """Refuse several records in one application where its workflow takes one, or where one is named twice.

    Raises:
        UsageFault: so it is.
    """
    if workflow.opening[1].together is None:
        message = Text("每次只能填写一条信用记录（--record）", "one record (--record) can be named at a time")
        raise UsageFault(message, code="one_record", details={"records": list(records)})
    twice = sorted({str(no) for no in records if records.count(no) > 1})
    if twice:
        message = Text("信用记录 {n} 重复填写", "the record {n} is named twice").fill(n="、".join(twice))
        raise UsageFault(message, code="record_twice", details={"records": twice})


def opening_for(db: Reading, actor: Actor, rules: Rules, new: NewCase, given: Collection[str] = ()) -> Opening:
    """Return what a new case begins with.

    Args:
        db: where records and linked cases are.
        actor: who opens it; the case is the actor's unit's.
        rules: its definition.
        new: what the person says that it is about.
        given: the names of the values that were filled in.

    Raises:
        UsageFault: what it is about is not said, or a number is wrong.
        NotFound: there is no such record or parent.
        Refused: an account of that name exists.
    """
    if rules.workflow.about == "account":
        return opening_of(rules, subject=_new_account(db, new), unit=actor.unit)
    parent_workflow = rules.workflow.parent
    if rules.workflow.about in ("person", "nothing"):
        return _without_record(db, actor, rules, new)
    if parent_workflow is not None:
        if new.parent is None:
            raise _missing("--parent", Text("上级案件的编号", "the number of the parent case"))
        parent = family_of(db, new.parent, parent_workflow)[new.parent]
        record, owner = parent.record, parent.subject
        unit = parent.unit
    else:
        instead = rules.workflow.opening[1].instead_of_record
        if new.record is None and any(name in given for name in instead):
            return opening_of(rules, subject=_person(db, rules, new), unit=actor.unit)
        if new.record is None:
            raise _missing("--record", _or_instead(instead))
        known = db.records.get(new.record)
        record, owner, unit = known.no, known.subject, None
    scheme = rules.workflow.identity
    subject = owner if new.subject is None else parse_subject(new.subject, scheme=scheme)
    if subject.key == owner.key:
        subject = parse_subject(subject.id, owner.kind, owner.name, scheme)
    return opening_of(rules, subject=subject, record=record, parent=new.parent, unit=actor.unit or unit)


def _without_record(db: Reading, actor: Actor, rules: Rules, new: NewCase) -> Opening:
    """Return what a case about a person, or about nothing outside the unit's own work, begins with."""
    unit, above = actor.unit, NOBODY
    if rules.workflow.parent is not None and (new.parent is not None or rules.workflow.parent_needed):
        if new.parent is None:
            raise _missing("--parent", Text("上级案件的编号", "the number of the parent case"))
        parent = family_of(db, new.parent, rules.workflow.parent)[new.parent]
        unit, above = unit or parent.unit, parent.subject
    subject = NOBODY
    if rules.workflow.about == "person" and new.subject is None and above.kind in ("natural", "legal"):
        subject = above
    elif rules.workflow.about == "person":
        subject = _person(db, rules, new)
    return opening_of(rules, subject=subject, parent=new.parent, unit=unit)


def _person(db: Reading, rules: Rules, new: NewCase) -> Subject:
    """Return the person whose number is given, with the name that records know."""
    if new.subject is None:
        raise _missing("--subject", Text("证件号码", "the person's ID number or code"))
    scheme = rules.workflow.identity
    subject = parse_subject(new.subject, scheme=scheme)
    known = db.records.find(person=subject.key)
    return parse_subject(subject.id, subject.kind, next((r.subject.name for r in known), ""), scheme)


def _or_instead(names: Sequence[str]) -> Text:
    """Return what a case about a record is about, or instead of one."""
    record = Text("信用记录的编号", "the number of the record")
    if not names:
        return record
    message = Text("{r}；没有信用记录的，填写 {n} 和 --subject", "{r}; where there is none, {n} and --subject")
    return message.fill(r=record, n=Text("、".join(names), ", ".join(names)))


_ACCOUNT_NAME = re.compile(r"^[a-z][a-z0-9._-]{1,31}$")


def _new_account(db: Reading, new: NewCase) -> Subject:
    """Return the account that a case shall be about; a name is used once and never again."""
    name = (new.account or "").strip().lower()
    if not name:
        raise _missing("--name", Text("账户名", "the name of the account"))
    if not _ACCOUNT_NAME.match(name) or name == SYSTEM:
        message = Text(
            "账户名“{n}”不合规：须以小写字母开头，由2至32个小写字母、数字或 . _ - 组成",
            "“{n}” is no name for an account: 2 to 32 of a-z, 0-9 and . _ - that begin with a letter",
        )
        raise UsageFault(message.fill(n=name), code="account_name")
    if name in db.accounts.cases():
        message = Text(
            "账户 {n} 已存在；账户不得共用或重用", "there is an account {n} already; none is shared or reused"
        )
        raise Refused(message.fill(n=name), code="account_exists", source="附件3·四(五)")
    return Subject(kind="account", id=name, key=f"account:{name}")


def family_of(db: Reading, number: str, workflow: str | None = None) -> dict[str, Case]:
    """Return a case with all that it is linked to.

    Raises:
        NotFound: there is no such case, or not in that workflow.
    """
    family = db.cases.family(number)
    if not family or (workflow is not None and family[number].workflow != workflow):
        message = Text("没有案件 {n}。可用 case list 查看全部案件", "there is no case {n}; see case list")
        if family:
            message = Text("{n} 不属于流程 {w}，而属于 {o}", "{n} is no {w} but a case of {o}").fill(
                n=number, w=workflow, o=family[number].workflow
            )
        raise NotFound(message.fill(n=number), code="no_case")
    return family


def _missing(option: str, what: Text) -> UsageFault:
    message = Text("缺少 {o}：{w}", "missing {o}: {w}").fill(o=option, w=what)
    return UsageFault(message, code="missing_values", details={"missing": [option]})
