"""Show those who decide what becomes of running cases that go over to another version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from credit_workflow.casework.cases.case_answers import shown_grounds
from credit_workflow.casework.rulebook.migrating import Line, is_late
from credit_workflow.casework.rulebook.rulebook_answers import Change, MigratedCase, MigratedDeadline, Overdue
from credit_workflow.definition.words.titles import state_title
from credit_workflow.engine.clocks.suspensions import NO_DATE
from credit_workflow.engine.values import Deadline
from credit_workflow.text import Lang, Text


def shown_cases(lines: Iterable[Line], lang: Lang) -> tuple[MigratedCase, ...]:
    """Return the cases that would go over, or have.

    Args:
        lines: the cases.
        lang: the language of titles and reasons.
    """
    return tuple(_case(line, lang) for line in lines)


def _case(line: Line, lang: Lang) -> MigratedCase:
    case, made = line.plan.case, line.plan
    (late_before, late_after), (offered_before, offered_after) = line.late, line.offered
    return MigratedCase(
        case=case.number,
        from_version=case.definition_version,
        to_version=made.target.workflow.version,
        state=Change(old=case.state, new=made.state),
        deadlines=tuple(_deadline(line, name, lang) for name in made.fates),
        overdue=Overdue(before=bool(late_before), after=bool(late_after)),
        actions_lost=tuple(name for name in offered_before if name not in offered_after),
        actions_new=tuple(name for name in offered_after if name not in offered_before),
        in_the_way=shown_grounds(line.in_the_way, lang),
        titles=Change(
            old=state_title(line.rules.workflow, case.state).to(lang),
            new=state_title(made.target.workflow, made.state).to(lang),
        ),
        becomes_late=bool(late_after - late_before),
        late_no_more=bool(late_before - late_after),
    )


def _deadline(line: Line, name: str, lang: Lang) -> MigratedDeadline:
    made = line.plan
    old, new, gone = made.case.deadlines.get(name), made.deadlines.get(name), made.retired.get(name)
    return MigratedDeadline(
        id=name,
        title=_title(line, name, lang),
        what=made.fates[name],
        old=_due(old),
        new=_due(new),
        overdue=Overdue(
            before=old is not None and is_late(line.rules, old, line.today),
            after=new is not None and is_late(made.target, new, line.today),
        ),
        reason=None if gone is None else Text(gone.message_zh, gone.message_en).to(lang),
    )


def _title(line: Line, name: str, lang: Lang) -> str:
    for rules in (line.plan.target, line.rules):
        if name in rules.workflow.deadlines:
            return rules.workflow.deadlines[name].title.text.to(lang)
    return name


def _due(deadline: Deadline | None) -> date | None:
    """The last day, where there is one: while its clock stands a deadline has none."""
    return None if deadline is None or deadline.due == NO_DATE else deadline.due
