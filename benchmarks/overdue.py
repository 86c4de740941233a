"""``overdue`` as a whole process against a Django management command that lists the same rows, and against imports alone.

All modules are compiled beforehand, as they are when a package is installed.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bulk import build
from benchmarks.timing import Result, paired

ROOT = Path(__file__).resolve().parents[1]
_SETTINGS = """
import os
SECRET_KEY = "benchmark"
INSTALLED_APPS = ["listing"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DB"]}}
USE_TZ = True
"""
_MODELS = """
from django.db import models

class CaseFile(models.Model):
    number = models.TextField(primary_key=True)
    workflow = models.TextField()
    state = models.TextField()
    unit = models.TextField(null=True)
    waits_for = models.TextField()
    class Meta:
        managed = False
        db_table = "case_file"

class CaseDeadline(models.Model):
    case = models.OneToOneField(CaseFile, models.DO_NOTHING, db_column="case_no", primary_key=True)
    name = models.TextField(db_column="id")
    kind = models.TextField()
    late = models.TextField()
    owed_by = models.TextField(null=True)
    status = models.TextField()
    due = models.TextField()
    class Meta:
        managed = False
        db_table = "case_deadline"
"""
_COMMAND = """
import json
from datetime import date
from django.core.management.base import BaseCommand
from listing.models import CaseDeadline

class Command(BaseCommand):
    def handle(self, *args, **options):
        today = date(2026, 3, 20)
        late = CaseDeadline.objects.filter(status="running", late="overdue", kind="statutory", due__lt=today.isoformat())
        rows = [
            {
                "case": d.case.number, "workflow": d.case.workflow, "state": d.case.state, "deadline": d.name, "due": d.due,
                "days_over": (today - date.fromisoformat(d.due)).days, "waiting_for": d.owed_by or d.case.waits_for,
                "unit": d.case.unit,
            }
            for d in late.select_related("case").order_by("due", "case_id")
        ]
        self.stdout.write(json.dumps({"as_of": today.isoformat(), "overdue": rows}))
"""


def run() -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = build(folder / "cases.db", 5_000, late=200)
        _django(folder)
        compileall.compile_dir(ROOT / "credit_workflow", quiet=1)
        compileall.compile_dir(folder, quiet=1)
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
            "DJANGO_SETTINGS_MODULE": "listing.settings",
            "BENCH_DB": str(database.path),
            "CREDIT_WORKFLOW_DB": str(database.path),
            "CREDIT_WORKFLOW_AS": "supervisor1",
            "CREDIT_WORKFLOW_AT": "2026-03-20",
        }

        def process(*words: str) -> float:
            start = time.perf_counter()
            done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, check=True)
            took = time.perf_counter() - start
            if b"MRK-2026-000001" not in done.stdout and "-c" not in words:
                raise RuntimeError("the listing is not what it should be")
            return took

        ours = ("-m", "credit_workflow", "overdue", "--json")
        screen = ("-m", "credit_workflow", "overdue")
        django = ("-m", "django", "overdue")
        bare = ("-c", "import typer, rich.console, rich.table, sqlite3")
        return [
            paired(
                "`overdue --json`, 10,000 cases, 400 rows, whole process",
                "a Django management command",
                "at most half its time",
                lambda: process(*ours),
                lambda: process(*django),
            ),
            paired(
                "`overdue` as a table, the same",
                "the same (which writes JSON)",
                "—",
                lambda: process(*screen),
                lambda: process(*django),
            ),
            paired(
                "`overdue --json`, the same",
                "importing Typer, Rich and `sqlite3` alone",
                "at most 1.5 times its time",
                lambda: process(*ours),
                lambda: process(*bare),
            ),
        ]


def _django(folder: Path) -> None:
    package = folder / "listing"
    commands = package / "management" / "commands"
    commands.mkdir(parents=True)
    for part in (package, package / "management", commands):
        (part / "__init__.py").write_text("")
    (package / "settings.py").write_text(_SETTINGS)
    (package / "models.py").write_text(_MODELS)
    (commands / "overdue.py").write_text(_COMMAND)
