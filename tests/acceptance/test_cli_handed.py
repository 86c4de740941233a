"""Who may not hand a file in is told so, and not whether there is such a file."""

from __future__ import annotations

from typing import Any

import pytest

from credit_workflow.cli.app import build
from tests.acceptance.conftest import Command, Office
from tests.house.asking import asked_by, leaves
from tests.house.test_permissions_and_traces import NAMELESS

#: Commands with a file that is not there, somebody who may not hand it in, and somebody who may.
HANDED = [
    ("record import none.csv", "window1", "center1"),
    ("workflow propose none.yaml", "window1", "clerk1"),
    ("calendar import none.txt", "window1", "clerk1"),
    ("simulate --until 2026-12-31 --arrivals none.yaml", "window1", "supervisor1"),
    ("simulate --until 2026-12-31 --rules none", "window1", "supervisor1"),
    ("simulate --until 2026-12-31 --calendar none.yaml", "window1", "supervisor1"),
    ("paper verify none.html", "", "window1"),
    ("paper verify CW1:OBJ-2026-000009:receipt:2:3f2a1 --facts none.json", "", ""),
    ("notify test window --channels none.yaml", "provider1", "admin1"),
    ("objection submit --record R-1 --set reason=x --material id_card=none.pdf", "center1", "window1"),
    ("objection accept OBJ-2026-000001 --material id_card=none.pdf", "center1", "window1"),
]
#: What names a file to be written, or a folder of the office's own.
WRITTEN = {
    "case show": {"out"}, "case explain": {"out"}, "case scan": {"to"}, "stats": {"csv", "xlsx"}, "report monthly": {"to"},
    "paper print": {"to", "templates"}, "paper verify": {"templates"}, "calendar import": {"out"}, "audit export": {"file"},
    "audit prove": {"file"}, "backup create": {"file"},
}  # fmt: skip


@pytest.mark.parametrize(("line", "who", "who_may"), HANDED, ids=[line for line, _, _ in HANDED])
def test_the_role_comes_before_the_file(office: Office, line: str, who: str, who_may: str) -> None:
    office.ok("objection submit --record R-2 --set reason=x --all-materials")
    assert office(line, who=who, at="2026-03-02").code == 6, "not allowed, whether or not there is such a file"
    for file in ("none.csv", "none.yaml", "none.txt", "none.html", "none.json", "none.pdf"):
        (office.folder / file).write_text("no such thing", encoding="utf-8")
    assert office(line, who=who, at="2026-03-02").code == 6
    for made in office.folder.glob("none.*"):
        made.unlink()
    if who_may:
        assert office(line, who=who_may, at="2026-03-02").code == 4


def test_each_command_that_takes_a_file_is_tried(command: Command) -> None:  # noqa: ARG001 - with its folders
    tried = {" ".join(line.split()[:2]).split(" --")[0] for line, _, _ in HANDED}
    for words, leaf in leaves(build()):
        asked = asked_by(leaf.callback)
        if asked & (NAMELESS.keys() | {"case.act", "case.submit"}):  # anybody may, or one stands for all actions
            continue
        files = {param.name for param in leaf.params if _names_a_file(param)} - WRITTEN.get(words, set())
        assert not files or words in tried, (words, files)


def _names_a_file(param: Any) -> bool:
    return type(param.type).__name__ == "TyperPath" or any(word in (param.metavar or "") for word in ("FILE", "DIR"))
