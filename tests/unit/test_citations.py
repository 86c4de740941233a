"""Clauses looked up in the text of a regulation, in several ways of numbering."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_workflow.authoring.analysis.citations import SourceText, citation_findings, cited
from credit_workflow.authoring.analysis.statute_outline import Style, steps_of
from credit_workflow.definition.library import load_definitions
from credit_workflow.strict_yaml.documents import read_yaml
from tests.unit.machines import loaded, workflow

ANNEXES = """某市关于某事的实施意见
一、总体要求
(一)指导思想。
1.政府推动。
二、主要任务
附件1
某市查询办法
一、适用范围
二、现场查询
(一)申请人到窗口查询的,须提交:
1.身份证原件。
2.授权书。
(二)申请人填写有困难的,可以口头申请。
附件2
一、受理
（一）提供材料。
（二）予以受理。
"""
ARTICLES = """第一章 总则
第一条 为了规范某事，制定本条例。
第二章 异议
第二十五条 信息主体认为有错误的，有权提出异议。
收到异议的机构应当作出标注，并处理：
（一）确有错误的，予以更正；
（二）不能确认的，予以记载。
处理结果应当书面答复。
第二十六条　信息主体可以投诉。
第二十六条之一 另有规定的，从其规定。
"""
ACT = """Part I
Access to information
8 Request for information.
(1) In this Act any reference to a request is a reference to one which—
(a) is in writing, and
(b) states the name of the applicant.
10 Time for compliance with request.
(1) Subject to subsections (2) and (3), a public authority must comply promptly.
(2) Where the authority has given a fees notice, the working days are disregarded.
Schedule 1
Public authorities
"""
CODE = """§ 611. Procedure in case of disputed accuracy
(a) Reinvestigations of disputed information
(1) Reinvestigation required
(A) In general
(B) Extension of period
(2) Prompt notice
(b) Statement of dispute
(h) Eighth
(i) Ninth
(1) First of the ninth
"""
RULES = """R1 Preliminary
R1.1 Scope
R12 Objections
R12.3 Time
"""
OWN = (
    Style(re.compile(r"R(\d+)(?![\d.])"), re.compile(r"R(\d+)")),
    Style(re.compile(r"R\d+\.(\d+)"), re.compile(r"\.(\d+)")),
)

THERE = {
    ANNEXES: ["附件1", "附件1·一", "附件1·二(一)", "附件1·二(一)2", "附件1·二（二）", "附件2·一(二)", "一(一)", "二"],
    ARTICLES: ["第二十五条", "第25条", "第二章", "第二十五条第一款", "第二十五条第三款", "第二十五条第二款第（一）项", "第二十五条第（二）项", "第二十六条之一", "art. 25", "某条例第一条"],
    ACT: ["s 10", "s 10(1)", "section 8(1)(a)", "s. 8(1)(b)", "Part I", "Sch 1", "ss 10(2)"],
    CODE: ["§ 611", "§611(a)(1)(B)", "section 611(a)(2)", "§ 611(i)(1)", "§ 611(b)", "(a)(1)(A)"],
    RULES: ["R1", "R12", "R12.3", "R1.1"],
}  # fmt: skip
NOT_THERE = {
    ANNEXES: ["附件3", "附件1·三", "附件1·二(三)", "附件1·二(一)3", "附件2·一(三)", "附件2·二", "附件2·一(一)1"],
    ARTICLES: ["第二十七条", "第三章", "第二十五条第四款", "第二十五条第二款第（三）项", "第二十六条第（一）项", "第一条第二款", "第二十六条之二", "art. 5"],
    ACT: ["s 9", "s 10(3)", "section 8(1)(c)", "Part II", "Sch 2", "s 10(1)(a)"],
    CODE: ["§ 612", "§611(a)(1)(C)", "section 611(a)(3)", "§ 611(i)(2)", "§ 611(c)"],
    RULES: ["R2", "R12.4", "R1.3"],
}  # fmt: skip


def own_of(text: str) -> tuple[Style, ...]:
    return OWN if text is RULES else ()


def text_of(text: str) -> SourceText:
    return SourceText("某条例" if text is ARTICLES else "", text, own_of(text))


@pytest.mark.parametrize(("text", "citation"), [(t, c) for t, all_of in THERE.items() for c in all_of])
def test_a_clause_that_is_there(text: str, citation: str) -> None:
    assert text_of(text).missing(citation) is None


@pytest.mark.parametrize(("text", "citation"), [(t, c) for t, all_of in NOT_THERE.items() for c in all_of])
def test_a_clause_that_is_not_there(text: str, citation: str) -> None:
    gap = text_of(text).missing(citation)
    assert gap is not None
    assert gap[0] == citation


@pytest.mark.parametrize(("text", "citation"), [(ANNEXES, "民法典 201"), (ACT, "FCRA § 611"), (CODE, "GDPR Art. 5")])
def test_a_clause_of_another_instrument(text: str, citation: str) -> None:
    with pytest.raises(LookupError):
        text_of(text).missing(citation)


def test_items_in_the_middle_of_a_line_are_found_too() -> None:
    text = SourceText("", "第三条 有下列情形之一的：（一）甲；（二）乙。\n第四条 无。\n")
    assert text.missing("第三条第（二）项") is None
    assert text.missing("第三条第（三）项") is not None
    assert text.missing("第四条第（一）项") is not None


def test_a_name_that_is_no_heading_stands_for_the_whole_text() -> None:
    text = SourceText("FOIA", ACT)
    assert text.missing("FOIA s 10(1)") is None
    assert text.missing("FOIA 10(1)") is None
    assert text.missing("FOIA s 10(4)") is not None


def test_a_sentence_that_begins_with_another_section_is_no_heading() -> None:
    text = SourceText("", "1. One\nSection 12 of the Act applies.\n(1) First\n")
    assert text.missing("s 12") is not None
    assert text.missing("s 1(1)") is None


@given(article=st.integers(1, 199), count=st.integers(1, 12), asked=st.integers(1, 15))
def test_articles_by_chinese_and_by_arabic_number(article: int, count: int, asked: int) -> None:
    items = "".join(f"（{chinese(n)}）某项；\n" for n in range(1, count + 1))
    text = SourceText("", f"第{chinese(article)}条 有下列情形之一的：\n{items}第{chinese(article + 1)}条 其他。\n")
    for number in (str(article), chinese(article)):
        found = text.missing(f"第{number}条第（{chinese(asked)}）项") is None
        assert found == (asked <= count)
    assert text.missing(f"第{article + 2}条") is not None


def chinese(number: int) -> str:
    """Return a number up to 999 as it is written in statutes."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (digits[ones] if ones else "")


@given(st.text(max_size=200), st.text(max_size=30))
def test_any_text_and_any_citation_is_read_without_a_fault(text: str, citation: str) -> None:
    steps_of(citation)
    with contextlib.suppress(LookupError):
        SourceText("", text).missing(citation)


def test_the_sources_of_a_definition_are_looked_up_one_by_one() -> None:
    document = workflow(
        "begun:clerk done!",
        {
            "submit": {"to": "begun", "source": "附件1·二(一)，附件1·二(九)"},
            "finish": {"from": "begun", "to": "done", "source": "[practice] 附件2·八"},
        },
        source="[practice]",
        instruments={"民法典": {"zh": "《民法典》", "en": "the Civil Code"}},
        deadlines={"handling": {"starts": "submit", "ends": ["finish"], "source": "民法典 201，刑法 1"}},
    )
    (definition,) = loaded(document).values()
    found = list(citation_findings(definition, [SourceText("", ANNEXES)]))
    assert [(f.code, ".".join(map(str, f.key))) for f in found] == [
        ("no_clause", "actions.submit.source"),
        ("no_clause", "actions.finish.source"),
        ("no_text", "deadlines.handling.source"),
    ]
    assert "附件1·二(九)" in found[0].message.zh
    assert "from 1 to 2" in found[0].message.en
    assert all(f.advice.zh and f.advice.en and "{" not in f.advice.zh + f.message.en for f in found)
    assert list(citation_findings(definition, [])) == []


def test_several_texts_by_how_they_are_cited() -> None:
    document = workflow("begun:clerk done!", {"submit": {"to": "begun", "source": "FOIA s 10(1); FOIA s 9"}, "finish": {"from": "begun", "to": "done", "source": "第二十五条, 第三十条"}}, source="[practice]")  # fmt: skip
    (definition,) = loaded(document).values()
    found = list(citation_findings(definition, [SourceText("", ARTICLES), SourceText("FOIA", ACT)]))
    assert [f.message.en for f in found] == [
        "the source text has no FOIA s 9: there it goes from 8 to 10",
        "the source text has no 第三十条: there it goes from 1 to 26-1",
    ]


def test_what_the_shipped_definitions_cite_is_in_the_list_of_the_statute_s_clauses() -> None:
    """The list of clauses as a text: its numbers alone, as the statute has them."""
    listed = read_yaml(Path(__file__).parents[2] / "docs" / "coverage.yaml")[0]
    names = sorted({*listed["annexes"], *listed["headings"], *listed["clauses"]}, key=steps_key)
    text = SourceText("", "\n".join(line for name in names for line in [last_label(name)]))
    definitions = [d.workflow for d in load_definitions().values()]
    assert [f for w in definitions for f in citation_findings(w, [text])] == []
    assert text.missing("附件2·六(六)") is not None


def steps_key(name: str) -> list[int]:
    return [int(step.number) for step in steps_of(name)[1]]


def last_label(name: str) -> str:
    step = steps_of(name)[1][-1]
    number = int(step.number)
    return {
        "annex": f"附件{number}",
        "n、": f"{chinese(number)}、甲",
        "(cn)": f"({chinese(number)})甲",
        "n.": f"{number}.甲",
    }[step.kind]


def test_citations_are_told_apart() -> None:
    assert cited("[practice] 附件1·七(四)") == ["附件1·七(四)"]
    assert cited("附件1·七(二)，附件2·八(二)") == ["附件1·七(二)", "附件2·八(二)"]
    assert cited("附件1·一，[practice]") == ["附件1·一"]
    assert cited("s 10(1), s 10(3); reg. 4") == ["s 10(1)", "s 10(3)", "reg. 4"]
