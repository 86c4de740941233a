"""Random tests are the same every time, unless fresh seeds are asked for; those are printed, and can be had again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DRAWING = """
from hypothesis import given, strategies as st
from tests.seeds import several

@given(st.integers(0, 2**60))
def test_drawn(number):
    print("drawn", number)

def test_several():
    print("drawn", *several(2, 10))
"""


def drawn(folder: Path, *options: str) -> tuple[list[str], str]:
    """What the tests of a folder draw, and what is printed of their seed."""
    (folder / "test_drawing.py").write_text(DRAWING)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-qs", "-c", os.devnull, "--rootdir", str(folder), "-p", "tests.conftest", "-p", "no:cacheprovider", str(folder), *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    printed = re.search(r"--hypothesis-seed=(\d+)", done.stdout)
    return re.findall("drawn (.*)", done.stdout), printed[1] if printed else ""


def test_without_an_option_what_is_drawn_is_what_was_drawn_before(tmp_path: Path) -> None:
    first, printed = drawn(tmp_path)
    assert len(set(first)) > 50
    assert first[-1] == "10 11"
    assert printed == ""
    assert drawn(tmp_path) == (first, "")


def test_fresh_seeds_are_others_each_time_and_can_be_had_again(tmp_path: Path) -> None:
    first, seed = drawn(tmp_path, "--fresh-seeds")
    assert first[-1] == f"{int(seed) + 10} {int(seed) + 11}"
    assert drawn(tmp_path, "--fresh-seeds")[0] != first
    assert drawn(tmp_path, "--fresh-seeds", f"--hypothesis-seed={seed}") == (first, seed)


def test_workers_have_the_seed_of_the_run(tmp_path: Path) -> None:
    several = "from tests.seeds import several\nimport pytest\n@pytest.mark.parametrize('seed', several(3))\ndef test_one(seed): ...\n"
    (tmp_path / "test_more.py").write_text(several)  # collected alike by all of them, or xdist gives up
    assert drawn(tmp_path, "--fresh-seeds", "-n", "2")[1]
