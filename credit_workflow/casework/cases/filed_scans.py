"""Say who may take out a scan of what is filed: who borrows it, while the loan is in force, and nobody once it is gone.

What files, lends and destroys stands in the definitions in force, whatever version a case goes on by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from credit_workflow.casework.criteria import CaseQuery
from credit_workflow.casework.ports import Reading
from credit_workflow.engine.facts import CaseFacts
from credit_workflow.engine.values import Actor, Case
from credit_workflow.engine.world import World
from credit_workflow.errors import Refused
from credit_workflow.text import Text

if TYPE_CHECKING:
    from credit_workflow.calendar.working_days import WorkCalendar
    from credit_workflow.definition.library import Definition
    from credit_workflow.definition.model import Workflow

Definitions = Mapping[str, "Definition"]


def may_take_scan(
    db: Reading, definitions: Definitions, calendar: WorkCalendar, case: Case, actor: Actor, today: date
) -> None:
    """Refuse a scan of what was filed to whoever has not borrowed it, and to everybody once it was destroyed.

    Args:
        db: where the loans are.
        definitions: those in force.
        calendar: counts their days.
        case: whose scan is wanted.
        actor: who wants it.
        today: the day.

    Raises:
        Refused: the folder was destroyed, or there is no loan of it in force for this account.
    """
    for workflow in (definition.workflow for definition in definitions.values()):
        for other, source in _disposals(db, workflow):
            if case.number in other.folders:
                message = Text(
                    "{c} 的案卷已于 {d} 经批准销毁（{a}），扫描件不再存在",
                    "the folder of {c} was destroyed with approval on {d} ({a}), and its scans with it",
                )
                filled = message.fill(c=case.number, d=other.on, a=other.case)
                raise Refused(filled, code="destroyed", source=source, details={"case": other.case})
    if case.workflow not in definitions or not _filed(definitions[case.workflow].workflow, case):
        return
    lending = [(name, d.workflow.lends) for name, d in definitions.items() if d.workflow.lends is not None]
    for name, lends in lending:
        for loan in db.cases.find(CaseQuery(workflow=name)):
            if case.number not in (loan.fields.get(lends.folders) or ()) or loan.fields.get(lends.to) != actor.account:
                continue
            world = World(rules=db.rules, calendar=calendar, cases={loan.number: loan})
            if CaseFacts.of(world, loan, actor, today).holds(lends.holds):
                return
    if lending:
        message = Text(
            "{c} 的材料已归档，须经主管部门批准借阅方可取出扫描件：先申请 {w}，批准后在借阅期内由借阅人取出",
            "the materials of {c} are filed: their scans are taken out by who borrows the folder, while a loan that "
            "the authority has authorised is in force; ask for one first ({w})",
        )
        name, lends = lending[0]
        raise Refused(message.fill(c=case.number, w=name), code="not_borrowed", source=lends.source)


def destroyed_by(db: Reading, definitions: Definitions, case: Case, action: str) -> set[str]:
    """Return the digests of the scans that an action just taken has destroyed, those aside that other folders need."""
    workflow = db.rules[case.definition].workflow
    named = [effect.destroy_scans for effect in workflow.actions[action].effects if effect.destroy_scans is not None]
    gone = {row["scan"] for rule in named for row in case.fields.get(rule.into) or ()}
    if not gone:
        return set()
    folders = {number for rule in named for number in case.fields.get(rule.of) or ()}
    for definition in definitions.values():
        folders |= {number for other, _ in _disposals(db, definition.workflow) for number in other.folders}
    staying = (other for other in db.cases.find() if other.number not in folders)
    return gone - {seen.digest for other in staying for seen in other.materials.values()}


def _filed(workflow: Workflow, case: Case) -> bool:
    return any(action.files and case.done.get(name) is not None for name, action in workflow.actions.items())


class _Disposal:
    """Folders that were destroyed: by which case, on which day."""

    def __init__(self, case: Case, folders: Iterable[str], on: date) -> None:
        self.case, self.folders, self.on = case.number, frozenset(folders), on


def _disposals(db: Reading, workflow: Workflow) -> Iterator[tuple[_Disposal, str]]:
    """Give what cases of a workflow have destroyed, with the clause."""
    for name, action in workflow.actions.items():
        for rule in (effect.destroy_scans for effect in action.effects if effect.destroy_scans is not None):
            for case in db.cases.find(CaseQuery(workflow=workflow.workflow)):
                done = case.done.get(name)
                if done is not None:
                    yield _Disposal(case, case.fields.get(rule.of) or (), done.on), action.source
