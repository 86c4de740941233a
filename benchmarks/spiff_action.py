"""One action, committed, against SpiffWorkflow restoring a case from SQLite, stepping it and storing it again.

The reference is what its documentation has: a case is what the library's own `BpmnWorkflowSerializer` makes of it, JSON
that holds its tasks and its specification, here in one row. For each action it is read and restored, its ready user task takes
data and is run, the engine's own tasks after it too, up to the next person's, and it is written back: one
transaction, with the settings of ours. It keeps no log, deadlines or hashes.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from benchmarks.office import Office
from benchmarks.timing import Result, paired
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.machine import Machine
from credit_workflow.definition.model import Workflow

_EACH = 40
_PAIRS = 11


class Spiff:
    """Cases of SpiffWorkflow in a database of their own, with the settings that ours has."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        for setting in ("journal_mode = WAL", "synchronous = FULL"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.execute("CREATE TABLE instance (number TEXT PRIMARY KEY, state TEXT NOT NULL)")
        parser = BpmnParser()
        workflow = load_definitions()["objection"].workflow
        parser.add_bpmn_str(_bpmn(workflow).encode())
        self._spec = parser.get_spec(workflow.workflow)
        self._serializer = BpmnWorkflowSerializer()

    def file(self, numbers: list[str]) -> None:
        """Open cases: each waits for the first person."""
        workflow = BpmnWorkflow(self._spec)
        workflow.data.update(record="R-1", subject="330106199003070014", reason="有误")
        workflow.do_engine_steps()
        with self._db:
            self._db.executemany(
                "INSERT INTO instance VALUES (?, ?)", [(number, self._stored(workflow)) for number in numbers]
            )

    def act(self, number: str, given: dict[str, object]) -> str:
        """Run a case's ready user task with data, in one transaction; return the name of the next."""
        self._db.execute("BEGIN IMMEDIATE")
        (state,) = self._db.execute("SELECT state FROM instance WHERE number = ?", (number,)).fetchone()
        workflow = self._serializer.deserialize_json(state)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.set_data(**given)
        task.run()
        workflow.do_engine_steps()
        self._db.execute("UPDATE instance SET state = ? WHERE number = ?", (self._stored(workflow), number))
        self._db.execute("COMMIT")
        return str(workflow.get_next_task(state=TaskState.READY, manual=True).task_spec.name)

    def _stored(self, workflow: BpmnWorkflow) -> str:
        return str(self._serializer.serialize_json(workflow))


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        total = _EACH * (_PAIRS + 1)
        office = Office(Path(name), total)
        with office.database.staying_open():
            cases = office.objections(total)
            spiff = Spiff(Path(name) / "spiff.db")
            spiff.file(cases)
            waiting, theirs = iter(cases), iter(cases)

            def ours() -> None:
                for _ in range(_EACH):
                    office.act(next(waiting), "accept")

            def reference() -> None:
                for _ in range(_EACH):
                    if spiff.act(next(theirs), {"action": "accept", "by": "window1"}) != "accepted":
                        raise RuntimeError("SpiffWorkflow went another way")

            return [
                paired(
                    f"one action, committed ({_EACH} in a row, the connection kept)",
                    "SpiffWorkflow restoring, stepping and storing one case in SQLite",
                    "at most a fifth of its time",
                    ours,
                    reference,
                    pairs=_PAIRS,
                )
            ]


def _bpmn(workflow: Workflow) -> str:
    """Return the states and ways of one of our workflows as BPMN.

    Each state that waits is a user task with a gateway after it; each action that leaves the state is a way out
    of the gateway, taken where the person's data names it.
    """
    waits = [name for name, state in workflow.states.items() if not state.final]
    nodes = ['<startEvent id="filed"/>', *(f'<endEvent id="{n}"/>' for n in workflow.states if n not in waits)]
    ways = []
    first = next(action.to for action in workflow.actions.values() if action.opens)
    ways.append(_flow("filed", str(first)))
    machine = Machine(workflow)
    for state in waits:
        leaving = {n: to for n in machine.triggers(state) if (to := workflow.actions[n].to)}
        default = next(iter(leaving))
        nodes += [
            f'<userTask id="{state}"/>',
            f'<exclusiveGateway id="from_{state}" default="from_{state}_{default}"/>',
        ]
        ways.append(_flow(state, f"from_{state}"))
        ways += [
            _flow(f"from_{state}", str(to), name, "" if name == default else f"action == '{name}'")
            for name, to in leaving.items()
        ]
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="cases" targetNamespace="benchmarks">'
        f'<process id="{workflow.workflow}" isExecutable="true">{"".join((*nodes, *ways))}</process></definitions>'
    )


def _flow(source: str, target: str, name: str = "next", when: str = "") -> str:
    inside = f"<conditionExpression>{when}</conditionExpression>" if when else ""
    return f'<sequenceFlow id="{source}_{name}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
