"""The interpreter ends as it should, after definitions and calendars have been read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_READS = """
import unittest, email, http.client  # the more there is to clear away, the likelier the fault
from credit_workflow.calendar.loading import load_calendar
from credit_workflow.definition.library import load_definitions
load_definitions(), load_calendar("cn")
"""


def test_the_interpreter_ends_without_a_fault() -> None:
    """With patterns in msgspec's own types one end in four was a segmentation fault."""
    ends = [subprocess.run([sys.executable, "-c", _READS], cwd=ROOT, check=False).returncode for _ in range(20)]
    assert ends == [0] * 20
