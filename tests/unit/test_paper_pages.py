"""Papers as pages: what they say and carry, that no value becomes markup, and a site's own templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from credit_workflow.casework.papers.paper_code import read_code
from credit_workflow.casework.papers.paper_facts import PaperFacts, PaperGround
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Paper
from credit_workflow.errors import NotFound, UsageFault
from credit_workflow.papers.reading import read_page, seen_text
from credit_workflow.papers.render import SHIPPED, shipped_templates
from tests.unit.papersamples import (
    ANSWER,
    CASE,
    COPY,
    FIRM,
    LABEL,
    PAPERS,
    TRANSFER,
    code_of,
    page_of,
    plain,
)

# Pages


@pytest.mark.parametrize(("facts", "template"), PAPERS.values(), ids=PAPERS.keys())
def test_a_page_needs_nothing_else_and_carries_its_facts(facts: PaperFacts, template: str | None) -> None:
    html = page_of(facts, template)
    assert not re.search(r"""(src|href|action)\s*=|url\(|@import|https?:|<link|<iframe|<img""", html)
    assert html.count("<script") == 1
    page = read_page("page.html", html.encode())
    assert read_code(page.code) == code_of(facts)
    assert page.facts == plain(facts)
    assert msgspec.convert(page.facts, type=PaperFacts) == facts
    assert page.copy == plain(COPY)
    assert page.seen == seen_text(html)
    text = "\n".join(page.seen)
    for shown in (facts.title, facts.number, str(code_of(facts)), "第2次打印", "2026年3月2日"):
        assert shown in text
    assert "练习数据库" not in text
    assert "练习数据库" in page_of(facts, template, copy=msgspec.structs.replace(COPY, training=True))


BARE = msgspec.structs.replace(
    CASE, record=None, fields={}, terms={}, steps=(), materials=(), changes=(), grounds=(), basis=""
)
SHOWN: dict[str, tuple[PaperFacts, ...]] = {
    "case": (CASE, BARE), "record": (ANSWER,), "records": (ANSWER,), "answer": (ANSWER,), "filing": (LABEL,), "list": (TRANSFER,),
}  # fmt: skip


def shipped_papers() -> Iterator[tuple[str, str, Paper]]:
    for name, definition in load_definitions().items():
        workflow = definition.workflow
        effects = [effect for action in workflow.actions.values() for effect in action.effects]
        for kind in {effect.notice.paper for effect in effects if effect.notice is not None} | set(workflow.papers):
            yield name, kind, workflow.papers.get(kind) or Paper(printed_by=("window",))


@pytest.mark.parametrize(("name", "kind", "rule"), sorted(shipped_papers(), key=lambda p: p[:2]))
def test_every_shipped_paper_has_a_template_that_fits_what_it_shows(name: str, kind: str, rule: Paper) -> None:
    """Whether all it may state is there or nothing is; a site's older definition says less."""
    assert name
    for facts in SHOWN[rule.shows]:
        html = page_of(msgspec.structs.replace(facts, kind=kind), rule.template)
        assert facts.number in "".join(seen_text(html))


SAID = {
    "receipt": ["张三：", "3301**********0014", "欠税（编号 R-1）", "查无此事", "至2026年4月1日（暂定）（2026年3月2日起30日）", "2．异议处理申请表", "予以受理", "您于2026年3月2日"],
    "refusal": ["不予受理", "一、证件与本人不符（依据：第四条第（二）项）", "申请人签收："],
    "report": ["予以修正", "欠税一元", "无欠税", "领取本报告后5个工作日内", "受理"],
    "extension": ["延长办理期限", "原届满日期", "2026年4月1日（暂定）"],
    "collection": ["请携带有效身份证件到服务窗口领取", "领取报告后5个工作日内"],
    "consultation": ["协助核查", "暂停使用"],
    "unheard_of": ["申请人：", "至2026年4月1日（暂定）", "查无此事"],
    "answer": ["查询到公共信用信息2条", "申请人存疑（2026年3月1日标注，至2026年3月31日）", "住所已变更", "（不予显示：异议正在处理，暂停使用）", "截至2026年3月9日", "银行贷款信息不在授权范围内。", "查询申请人"],
    "transfer": ["共39件", "OBJ-2026-000039", "移交单位：服务窗口（盖章）", "接收单位：市信用中心（盖章）", "保管期限5年"],
    "label": ["甲3-12", "张三 3301**********0014", "5年，自移交市信用中心之日起"],
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_a_page_says(name: str) -> None:
    text = "".join(seen_text(page_of(*PAPERS[name])))
    for said in SAID[name]:
        assert said in text, said


def test_a_legal_person_is_addressed_as_one() -> None:
    text = "".join(seen_text(page_of(msgspec.structs.replace(CASE, addressee=FIRM))))
    assert "杭州某某有限公司：你单位于" in text
    nameless = msgspec.structs.replace(CASE, addressee=msgspec.structs.replace(FIRM, name=""))
    assert "证件号码为 9133**********XX0A 的申请人：" in "".join(seen_text(page_of(nameless)))


@pytest.mark.parametrize("nth", [1, 2])
def test_which_print_is_free(nth: int) -> None:
    copy = msgspec.structs.replace(COPY, nth=nth, free=1)
    text = "".join(seen_text(page_of(ANSWER, "query_answer", copy=copy)))
    assert ("本次为免费打印" in text) == (nth == 1)
    assert ("不属免费打印" in text) == (nth == 2)


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7777 * 7777 }} & \"'"


@pytest.mark.parametrize(("facts", "template"), PAPERS.values(), ids=PAPERS.keys())
def test_no_value_becomes_markup(facts: PaperFacts, template: str | None) -> None:
    """Every text that a fact can hold is hostile at once."""
    spoiled = msgspec.convert(_hostile(plain(facts)), type=PaperFacts)
    html = page_of(spoiled, template)
    assert html.count("<script") == 1
    assert "<img" not in html
    assert "60481729" not in html
    assert any("<script>alert(1)</script>" in piece for piece in seen_text(html))


def _hostile(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _hostile(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_hostile(v) for v in value]
    kept = key in ("kind", "type", "number", "choice") or not isinstance(value, str)
    return value if kept else HOSTILE


def test_numbers_of_grounds() -> None:
    grounds = tuple(PaperGround(text=f"理由{n}", basis="") for n in range(1, 22))
    text = "".join(seen_text(page_of(msgspec.structs.replace(CASE, kind="refusal", grounds=grounds))))
    for said in ("一、理由1；", "九、理由9；", "十、理由10；", "十一、理由11；", "二十、理由20；", "二十一、理由21。"):
        assert said in text


# A site's own templates


def site(folder: Path, **templates: str) -> Path:
    for name, text in templates.items():
        (folder / f"{name}.html.j2").write_text(text, encoding="utf-8")
    return folder


def test_a_site_replaces_one_template_and_keeps_the_others(tmp_path: Path) -> None:
    folder = site(tmp_path, receipt="<p>本市回执 {{ facts.number }} {{ code }}</p>{{ qr }}{{ carried }}")
    assert "本市回执 OBJ-2026-000001" in page_of(CASE, folder=folder)
    assert "公共信用信息" not in page_of(CASE, folder=folder)
    assert page_of(LABEL, folder=folder) == page_of(LABEL)


def test_a_site_changes_one_block_of_a_shipped_template(tmp_path: Path) -> None:
    folder = site(tmp_path, receipt='{% extends "builtin/receipt.html.j2" %}{% block sign %}<p>某市信用中心</p>{% endblock %}')  # fmt: skip
    text = "".join(seen_text(page_of(CASE, folder=folder)))
    assert "某市信用中心" in text
    assert "查无此事" in text
    assert "（盖章）" not in text


def test_a_site_changes_the_common_layout(tmp_path: Path) -> None:
    base = (SHIPPED / "base.html.j2").read_text(encoding="utf-8").replace("（盖章）", "（某市印章）")
    folder = site(tmp_path, base=base)
    assert all("（某市印章）" in page_of(PAPERS[n][0], folder=folder) for n in ("receipt", "report", "extension"))


BAD = {
    "an unknown fact": ("行一\n{{ facts.colour }}", 2, "colour"),
    "an unknown field": ("行一\n行二\n{{ facts.fields.colour.value }}", 3, "colour"),
    "an unknown name": ("{{ paper.number }}", 1, "paper"),
    "syntax": ("行一\n\n{% if %}", 3, "Expected an expression"),
    "an unknown filter": ("行一\n{{ facts.number | shout }}", 2, "shout"),
    "a block not ended": ("{% block a %}\n行", 2, "block"),
    "an unknown template": ('{% extends "none.html.j2" %}', 1, "none.html.j2"),
    "out of the sandbox": ("一\n{{ facts.__class__.__mro__ }}", 2, "__class__"),
    "a sum that can't be": ("一\n二\n{{ 1 / 0 }}", 3, "zero"),
    "things that don't add": ("一\n{{ facts.number + 1 }}", 2, "str"),
    "a call of nothing": ("{{ facts.number() }}", 1, "not callable"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), BAD.values(), ids=BAD.keys())
def test_a_mistake_in_a_sites_template_is_named(text: str, line: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as fault:
        page_of(CASE, folder=site(tmp_path, receipt=text))
    assert fault.value.code == "template"
    assert fault.value.details["line"] == line
    assert Path(fault.value.details["file"]).name == "receipt.html.j2"
    for message in fault.value.message:
        assert said in message
        assert "receipt.html.j2" in message
    assert "张三" not in fault.value.message.zh


def test_a_template_in_another_encoding_and_a_missing_folder(tmp_path: Path) -> None:
    (tmp_path / "receipt.html.j2").write_bytes("回执".encode("gbk"))
    with pytest.raises(UsageFault) as fault:
        page_of(CASE, folder=tmp_path)
    assert "UTF-8" in fault.value.message.en
    with pytest.raises(NotFound):
        page_of(CASE, folder=tmp_path / "none")


def test_shipped_templates_can_be_a_folder_of_ones_own(tmp_path: Path) -> None:
    shipped = shipped_templates()
    assert set(shipped) == {file.name for file in SHIPPED.iterdir()}
    for name, text in shipped.items():
        (tmp_path / name).write_bytes(text)
    assert page_of(CASE, folder=tmp_path) == page_of(CASE)
