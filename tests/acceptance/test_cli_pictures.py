"""Pictures and documents by the real command: of a workflow, of a case, of a count."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.acceptance.conftest import ROOT, Command, Office

MARKING = ROOT / "workflows" / "marking.yaml"
NEEDS_DOT = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz's dot is not installed")


def svg(file: Path) -> tuple[ET.Element, str]:
    """An SVG file, well-formed, and its texts."""
    root = ET.fromstring(file.read_bytes())  # noqa: S314 - what this program has just written
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return root, " ".join(e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text"))


# -- workflows


def test_pictures_of_a_workflow_need_no_database(command: Command) -> None:
    shutil.copy(MARKING, command.folder / "mine.yaml")
    for target in ("marking", "mine.yaml"):
        assert command("workflow diagram", target, as_json=False).out.startswith("stateDiagram-v2\n")
        answer = command("workflow diagram", target).json
        assert (answer["id"], answer["format"]) == ("marking", "mermaid")
        assert "作出存疑标注（市信用中心） ▶② ■①" in answer["mermaid"]
        drawn = command("workflow diagram", target, "--format", "dot", "--lang", "en", as_json=False)
        assert 'digraph "Dispute mark" {' in drawn.out
        assert command("workflow document", target, as_json=False).out.startswith("# 异议标注 `marking`\n")
        page = command("workflow document --both", target).json
        assert page["format"] == "markdown"
        assert page["markdown"].startswith("# 异议标注 · Dispute mark `marking`\n")
    assert [path.name for path in command.folder.iterdir()] == ["mine.yaml"]


def test_a_picture_goes_into_a_new_file_whose_name_says_its_format(command: Command) -> None:
    assert command("workflow diagram marking --out m.dot").json == {"id": "marking", "format": "dot", "file": "m.dot"}
    assert (command.folder / "m.dot").read_text(encoding="utf-8").startswith("digraph")
    assert "已写入 m.mmd" in command("workflow diagram marking --out m.mmd", as_json=False).out
    again = command("workflow diagram marking --out m.mmd")
    assert (again.code, again.error["code"]) == (3, "exists")
    assert command("workflow document marking --out no/where.md").code == 4
    assert command("workflow document marking --out marking.md --lang en", as_json=False).out == "wrote marking.md.\n"
    assert (command.folder / "marking.md").read_text(encoding="utf-8").startswith("# Dispute mark `marking`")


def test_what_can_not_be_drawn_is_said(command: Command) -> None:
    assert (command("workflow diagram nothing").code, command("workflow document nothing").code) == (4, 4)
    assert (command("workflow diagram nothing.yaml").code, command("workflow diagram marking --format png").code) == (
        4,
        2,
    )
    broken = command.folder / "broken.yaml"
    broken.write_text(MARKING.read_text(encoding="utf-8").replace("to: disputed", "to: nowhere"), encoding="utf-8")
    error = command("workflow diagram broken.yaml").error
    assert error["code"] == "definition"
    assert "broken.yaml" in error["message"]
    binary = command.folder / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert command("workflow document binary.yaml").code == 2


def test_without_graphviz_one_is_told_what_to_do(command: Command) -> None:
    answer = command("workflow diagram marking --format svg", PATH=str(command.folder))
    assert (answer.code, answer.error["code"]) == (3, "no_graphviz")
    assert "--format mermaid" in answer.error["message"]
    assert command("workflow diagram marking --out m.svg", PATH=str(command.folder)).code == 3
    assert not (command.folder / "m.svg").exists()


@NEEDS_DOT
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_graphviz_draws_a_workflow(command: Command, lang: str) -> None:
    assert command("workflow diagram objection --out o.svg --lang", lang).code == 0
    root, said = svg(command.folder / "o.svg")
    assert ("核查中" if lang == "zh" else "Being verified") in said
    assert len([g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("class") == "node"]) == 17


# -- cases


def lived(office: Office, *steps: tuple[str, str, str, str]) -> str:
    """The objection R-1, submitted by window1 on 2 March, after some steps: action, values, who, when."""
    case: str = office.ok("objection submit --record R-1 --set reason=x --all-materials")["case"]
    for action, values, who, at in steps:
        more = [word for value in values.split(";") if value for word in ("--set", value)]
        office.ok(f"objection {action} {case}", *more, who=who, at=at)
    return case


TO_COLLECTED = (
    ("accept", "", "window1", "2026-03-02"),
    ("transfer", "", "window1", "2026-03-02"),
    ("receive", "", "center1", "2026-03-03"),
    ("report", "outcome=upheld", "center1", "2026-03-05"),
    ("return", "reason=x", "authority1", "2026-03-05"),
    ("report", "outcome=upheld", "center1", "2026-03-05"),
    ("approve", "", "authority1", "2026-03-06"),
    ("notify", "channel=x", "window1", "2026-03-06"),
    ("collect", "collected_by=本人", "window1", "2026-03-09"),
)


def test_the_picture_of_a_case_marks_where_it_stands_and_the_way_taken(office: Office) -> None:
    case = lived(office, *TO_COLLECTED)
    who = {"who": "window1", "at": "2026-03-10"}
    text = office.text(f"case show {case} --diagram", **who)
    assert '"● 报告已领取，标注期内<br/>④ 至 2026-03-16<br/>⑤ 应于 2026-03-02，已逾期 8 天" as collected' in text
    assert "verifying --> reported: ✓ 出具报告（市信用中心）" in text
    assert "reported --> verifying: ✓ 退回（市信用主管部门）" in text
    assert "verifying --> consulting: 会同核查（市信用中心）" in text
    assert "class collected current" in text
    view = office.ok(f"case show {case} --diagram", **who)
    assert (view["case"], view["state"], view["format"]) == (case, "collected", "mermaid")
    assert view["diagram"] == text.strip()
    # after the window has closed by itself, which nobody has recorded yet
    later = office.ok(f"case show {case} --diagram --format dot --lang en", who="window1", at="2026-03-20")
    assert later["recorded"] is False
    assert re.search(r'"closed" \[label="● Closed\\n⑤ due 2026-03-02, 18 days over"', later["diagram"])
    (closing,) = [line for line in later["diagram"].splitlines() if '"collected" -> "closed"' in line]
    assert "✓ ④ over: Close" in closing
    assert "penwidth=2.6" in closing


def test_what_a_rectification_undid_is_not_the_way_taken(office: Office) -> None:
    case = lived(office, ("accept", "", "window1", "2026-03-02"), ("transfer", "", "window1", "2026-03-02"))
    seq = next(e["seq"] for e in office.ok(f"case history {case}")["events"] if e["action"] == "transfer")
    values = ["--set", f"entry={seq}", "--set", "fault=x", "--set", "void=true"]
    office.ok(f"objection request_rectification {case}", *values, at="2026-03-03")
    office.ok(f"objection grant_rectification {case}", who="authority1", at="2026-03-03")
    view = office.ok(f"case show {case} --diagram", at="2026-03-03")
    assert view["state"] == "accepted"
    assert "accepted --> transferred: 移交（服务窗口）" in view["diagram"]
    assert "submitted --> accepted: ✓ 受理（服务窗口）" in view["diagram"]


def test_a_picture_of_no_case(office: Office) -> None:
    assert office("case show OBJ-2026-000009 --diagram", who="window1", at="2026-03-02").code == 4
    case = lived(office)
    office.refused(2, f"case show {case} --diagram --format bmp")
    assert office.ok(f"case show {case} --out c.mmd")["file"] == "c.mmd"
    assert "● 已申请，待受理" in (office.folder / "c.mmd").read_text(encoding="utf-8")


# -- counts


def test_a_count_is_explained_in_parts_and_as_a_grid(office: Office) -> None:
    case = lived(
        office, *TO_COLLECTED[:3],
        ("request_extension", "days=5;reason=x", "center1", "2026-03-05"), ("grant_extension", "", "authority1", "2026-03-05"),
    )  # fmt: skip
    (one,) = office.ok(f"case explain {case} handling", at="2026-03-06")["deadlines"]
    assert [(part["part"], part["to"], part["counted"]) for part in one["segments"]] == [
        ("counted", "2026-04-01", 30),
        ("extended", "2026-04-09", 5),
    ]
    assert one["segments"][-1]["to"] == one["due"]
    text = office.text(f"case explain {case} handling", at="2026-03-06")
    assert "合计：计入30日，延长5个工作日，未计入3日；届满日 2026-04-09" in text
    assert re.search(r"2026-04-06\s+周一\s+—\s+清明节（国办发明电〔2025〕7号）", text)
    grid = office.text(f"case explain {case} handling --grid", at="2026-03-06")
    assert "2026年3月" in grid
    assert "2026年4月" in grid
    assert re.search(r"6休 +7 +8 +9 +10 +11 +12\n.*· +\+3 +\+4 +\[\+5\]", grid)
    assert "起 起算日" in grid
    assert "放假依据：国务院办公厅关于2026年部分节假日安排的通知 国办发明电〔2025〕7号" in grid
    assert max(len(line) for line in grid.splitlines()) <= 110
    for name in ("g.svg", "g.html"):
        assert office.ok(f"case explain {case} --out {name}", at="2026-03-06")["file"] == name
    _, said = svg(office.folder / "g.svg")
    assert all(word in said for word in (case, "异议办理期限", "[+5]", "届满日", "6休"))
    assert said.count("2026年3月") == 5  # three periods of the law and two targets
    page = (office.folder / "g.html").read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    assert page.count("<svg") == 1
    office.refused(3, f"case explain {case} --out g.svg", at="2026-03-06")
    office.refused(2, f"case explain {case} --out g.png", at="2026-03-06")


def test_a_period_as_a_grid(command: Command) -> None:
    text = command("calendar count 2026-09-05", "30 days", "--shift", "--grid", "--lang", "en", as_json=False).out
    assert "In sum: 30 days counted, 3 days by which the end was moved; due 2026-10-08" in text
    assert re.search(r"30 +> +> +\[>\]", text)
    assert "h holiday" in text
    assert command("calendar count 2026-02-10", "7个工作日", "--out", "c.svg").json["file"] == "c.svg"
    _, said = svg(command.folder / "c.svg")
    assert "合计：计入7个工作日，未计入9日；届满日 2026-02-26" in said
    assert "班" in said
    assert command("calendar count 2026-02-10", "same day", "--grid", as_json=False).code == 0
    assert command("calendar count 2020-02-29", "5 years", "--grid", as_json=False).out.count("年2月") == 6
    assert command("calendar count 2026-02-10", "7 days", "--grid").json["due"] == "2026-02-17"
