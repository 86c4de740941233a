"""The documentation of a workflow says all that is in it, once, in tables that hold together."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.authoring.drawing.markdown_tables import Tongue, code, prose, table
from credit_workflow.authoring.drawing.workflow_document import cited, document
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.words.wording import deadline_words, effect_words
from tests.unit.test_pictures import ELSEWHERE

WORKFLOWS = {name: definition.workflow for name, definition in load_definitions().items()}
WORKFLOWS |= ELSEWHERE
TONGUES: tuple[Tongue, ...] = ("zh", "en", "both")
ALL = [(name, tongue) for name in WORKFLOWS for tongue in TONGUES]


def rows(text: str) -> list[list[list[str]]]:
    """The tables of a page, each as rows of cells; bars within cells are written with a backslash."""
    found = []
    for block in re.split(r"\n\n+", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if block.startswith("|"):
            cells = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in block.splitlines()]
            found.append([[cell.strip().replace("\\|", "|") for cell in row] for row in cells])
    return found


@pytest.mark.parametrize(("name", "tongue"), ALL)
def test_every_table_has_rows_of_one_length(name: str, tongue: Tongue) -> None:
    tables = rows(document(WORKFLOWS[name], tongue))
    assert len(tables) >= 5
    for found in tables:
        assert {len(row) for row in found} == {len(found[0])}
        assert set("".join(found[1])) == {"-"}


@pytest.mark.parametrize(("name", "tongue"), ALL)
def test_everything_in_a_definition_is_told(name: str, tongue: Tongue) -> None:
    workflow, text = WORKFLOWS[name], document(WORKFLOWS[name], tongue)
    languages = ("zh", "en") if tongue == "both" else (tongue,)
    told = [
        *workflow.states.values(),
        *workflow.actions.values(),
        *workflow.deadlines.values(),
        *workflow.roles.values(),
    ]
    told += [*workflow.materials.values(), *workflow.permissions.values(), *workflow.recurring.values()]
    for part in told:
        for lang in languages:
            assert prose(part.title.text.to(lang)) in text
    for action in workflow.actions.values():
        for guard in (*action.offered_when, *action.requires):
            assert code(guard.must) in text
            assert all(prose(guard.message.text.to(lang)) in text for lang in languages)
        for effect in action.effects:
            assert all(effect_words(workflow, effect).to(lang) in text for lang in languages)
            kind = effect.kinds()[0]
            assert effect_words(workflow, effect).en != f"`{kind}`", "an effect without words"
    for rule in workflow.deadlines.values():
        if rule.extension:
            assert str(rule.extension.at_most) in text


@pytest.mark.parametrize("name", sorted(WORKFLOWS.keys() - ELSEWHERE.keys()))
def test_the_index_of_clauses_has_every_citation(name: str) -> None:
    workflow = WORKFLOWS[name]
    index = cited(workflow)
    body = msgspec.json.encode(workflow).decode()
    sources = re.findall(r'"source":"([^"]*)"', body)
    for source in sources:
        for clause in re.findall(r"附件\d(?:·[^，\s]+)?|\[practice\]", source):
            assert clause in index, clause
    wanted = sum(len(re.findall(r"附件\d(?:·[^，\s]+)?|\[practice\]", source)) for source in sources)
    assert sum(map(len, index.values())) == wanted
    page = rows(document(workflow, "zh"))[-1]
    assert [row[0] for row in page[2:]] == [prose(clause) for clause in index]


def test_clauses_stand_in_the_order_of_their_numbers() -> None:
    sources = [
        "附件2·十(二)",
        "附件2·九",
        "[practice]",
        "附件2·十一",
        "附件1·五(十)",
        "附件1·五(九)",
        "附件2·十(一)",
        "附件2·二十",
    ]
    workflow = WORKFLOWS["lookup"]
    field = next(iter(workflow.fields.values()))
    fields = {f"f{n}": msgspec.structs.replace(field, source=source) for n, source in enumerate(sources)}
    bare = msgspec.structs.replace(
        workflow, fields=fields, source="附件2·九", actions={}, permissions={}, look_up=None, papers={}, seen_by={}
    )
    assert list(cited(bare)) == [
        "附件1·五(九)", "附件1·五(十)", "附件2·九", "附件2·十(一)", "附件2·十(二)", "附件2·十一", "附件2·二十", "[practice]",
    ]  # fmt: skip
    assert cited(bare)["附件2·九"] == ["workflow", "fields.f1"]


def test_other_laws_are_cited_as_they_cite() -> None:
    index = cited(WORKFLOWS["foi/foi"])
    assert "deadlines.reply.suspensions.fee" in index["FOIA s.10(2)"]
    assert "deadlines.reply.extension" in index["FOIA s.10(3)"]
    assert "deadlines.reinvestigation.other_lengths.1" in cited(WORKFLOWS["fcra/dispute"])["15 U.S.C. 1681j(a)(3)"]


def test_two_clauses_in_one_source_are_two() -> None:
    assert "actions.submit" in cited(WORKFLOWS["objection"])["附件2·二"]
    assert "actions.submit" in cited(WORKFLOWS["objection"])["附件2·四(一)"]
    assert "deadlines.hand_over" in cited(WORKFLOWS["archive"])["附件1·七(二)"]  # "[practice] 附件1·七(二)"


def test_the_tables_of_the_manual_are_in_both_languages() -> None:
    manual = Path(__file__).parents[2] / "docs" / "definitions.md"  # held to the definitions by its generator
    text = manual.read_text(encoding="utf-8")
    assert "| `collect` | 领取报告 · Collect the report | notified → collected | 服务窗口 | 附件2·六(三) |" in text
    assert (
        "| `handling` | 异议办理期限 · Handling of the objection | 30 days，顺延 shifted | submit | notify | 附件2·三 |"
        in text
    )


def test_deadlines_that_stop_and_start_each_other_in_words() -> None:
    foi, fcra = WORKFLOWS["foi/foi"], WORKFLOWS["fcra/dispute"]
    reply = deadline_words(foi, foi.deadlines["reply"])
    assert "20 working days" in reply.en
    assert "extensible by 20 working days" in reply.en
    assert "stopped by fees notice" in reply.en
    assert "自“答复期限”办结起" in deadline_words(foi, foi.deadlines["review_window"]).zh
    both = deadline_words(fcra, fcra.deadlines["reinvestigation"])
    assert both.zh.startswith("重新调查期限：30日或45日（含起算日），")
    assert "extensible by 15 days" in both.en
    page = document(fcra, "en")
    assert "45 days if `case.fields.after_free_report`" in page
    assert "15 days at most, 1 time" in page
    clarified = document(foi, "zh")
    assert "（重新起算，FOIA s.1(3), s.10(6)(b)）" in clarified
    assert re.search(r"中止计算：.*答复期限", clarified)
    assert re.search(r"恢复计算：.*答复期限", clarified)


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab|`\\*_<甲\n "), min_size=1, max_size=20))
def test_markdown_shows_any_text_as_it_stands(text: str) -> None:
    plain = " ".join(text.split())
    assert re.sub(r"\\([\\`*_<])", r"\1", prose(text)) == plain
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_<]", re.sub(r"\\.", "", prose(text)))
    (fence,) = re.findall(r"^`+", code(text))
    assert code(text).endswith(fence)
    assert fence not in plain
    ((_, _, row),) = rows(table(("a", "b"), [("甲|乙", "`x || y`")]))
    assert row == ["甲|乙", "`x || y`"]
