"""One action, committed, against a Django model with django-fsm-2 that keeps a history.

The reference is written as its documentation has it: a protected `FSMField`, transitions as decorated methods with
conditions and a permission, a row of history for each, both in one ``transaction.atomic()``. It has no roles by
unit, materials, deadlines, notices, encryption or hashes. Both keep their connection open, write SQLite's log ahead and wait
for the disk at each commit; both read the case before they act on it.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.office import Office
from benchmarks.timing import Result, paired
from credit_workflow.store.database import Database

_EACH = 40
_PAIRS = 15
_PRAGMAS = ("journal_mode", "synchronous")

_MODELS = """
from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class Case(ConcurrentTransitionMixin, models.Model):
    number = models.CharField(max_length=20, primary_key=True)
    record = models.CharField(max_length=40)
    subject = models.CharField(max_length=18)
    reason = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    state = FSMField(default="submitted", protected=True)
    due = models.DateField(null=True)
    changed = models.DateTimeField(auto_now=True)

    def complete(self):
        return bool(self.reason and self.record and self.subject)

    @transition(field=state, source="submitted", target="accepted", conditions=[complete])
    def accept(self, due):
        self.due = due

    @transition(field=state, source="submitted", target="rejected")
    def reject(self):
        pass

    @transition(field=state, source="accepted", target="transferred")
    def transfer(self):
        pass

    @transition(field=state, source="transferred", target="verifying")
    def receive(self):
        pass


class History(models.Model):
    case = models.ForeignKey(Case, models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
"""


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        total = _EACH * (_PAIRS + 1)
        office = Office(folder, total)
        with office.database.staying_open():
            cases = office.objections(total)
            models = _django(folder)
            models.Case.objects.bulk_create(
                models.Case(
                    number=number, record=f"R-{n}", subject="330106199003070014", reason="有误", unit="training"
                )
                for n, number in enumerate(cases)
            )
            waiting, theirs = iter(cases), iter(cases)

            def ours() -> None:
                for _ in range(_EACH):
                    office.act(next(waiting), "accept")

            def django() -> None:
                for _ in range(_EACH):
                    _accept(models, next(theirs))

            result = paired(
                f"one action, committed ({_EACH} in a row, the connection kept)",
                "a Django model with django-fsm-2 and a row of history, one commit",
                "faster",
                ours,
                django,
                pairs=_PAIRS,
            )
            _check(models, office.database, total)
        return [result]


def _accept(models: Any, number: str) -> None:
    from django.db import transaction  # noqa: PLC0415 - after the setup

    with transaction.atomic():
        case = models.Case.objects.get(pk=number)
        before = case.state
        case.accept(date(2026, 3, 11))
        case.save()
        models.History.objects.create(case=case, actor="window1", action="accept", before=before, after=case.state)


def _check(models: Any, database: Database, total: int) -> None:
    """Both have accepted every case, and both wait for the disk."""
    from django.db import connection  # noqa: PLC0415 - after the setup

    with connection.cursor() as cursor:
        theirs = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS]
    with database.writing() as db:
        ours = [db.plain.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS]
        accepted = sum(case.state == "accepted" for case in db.cases.find())
    kept = models.Case.objects.filter(state="accepted").count(), models.History.objects.count()
    if not (accepted == total and kept == (total, total) and ours == theirs == ["wal", 2]):
        raise RuntimeError(f"they did not do the same: {accepted}, {kept}, {ours}, {theirs}")


def _django(folder: Path) -> Any:
    """Set Django up on a database of its own, in this process; return the module of the models."""
    import django  # noqa: PLC0415 - only here
    from django.conf import settings  # noqa: PLC0415

    package = folder / "accepting"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(_MODELS, encoding="utf-8")
    sys.path.insert(0, str(folder))
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "django.db"),
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            "transaction_mode": "IMMEDIATE",
        },
    }
    settings.configure(
        INSTALLED_APPS=["accepting"],
        DATABASES={"default": database},
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from django.db import connection  # noqa: PLC0415 - after the setup

    models = import_module("accepting.models")
    with connection.schema_editor() as editor:
        editor.create_model(models.Case)
        editor.create_model(models.History)
    return models
