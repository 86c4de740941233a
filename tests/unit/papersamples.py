"""Invented papers of every kind, and how the tests take them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from credit_workflow.casework.papers.paper_code import PaperCode, canonical, fingerprint
from credit_workflow.casework.papers.paper_facts import (
    AnswerRecord,
    ArchiveLabel,
    Authorisation,
    CasePaper,
    Changed,
    Copy,
    Item,
    PaperFacts,
    PaperGround,
    Person,
    QueryAnswer,
    RecordName,
    ShownMark,
    Step,
    Term,
    TransferList,
    TransferRow,
)
from credit_workflow.definition.model import Title
from credit_workflow.papers.render import render

OWN = {"附件1": Title(zh="《查询办法》", en="queries"), "附件2": Title(zh="《异议办法》", en="objections")}
HEADING = {"number": "OBJ-2026-000001", "entry": 2, "on": "2026-03-02", "matter": "异议", "office": "服务窗口", "basis": "《异议办法》第四条"}  # fmt: skip
ZHANG = Person(kind="natural", name="张三", number="3301**********0014")
FIRM = Person(kind="legal", name="杭州某某有限公司", number="9133**********XX0A")
CASE = CasePaper(
    **HEADING, kind="receipt", title="受理回执", addressee=ZHANG, to="申请人", filed_on="2026-03-02", handled_by="window1",
    record=RecordName(no="R-1", title="欠税", provider="市税务局"),
    fields={"reason": Item(title="异议理由", value="查无此事"), "outcome": Item(title="核查结果", value="予以修正", choice="corrected")},
    terms={"handling": Term(title="异议办理期限", length="30日", basis="《异议办法》第三条", starts="2026-03-02", due="2026-04-01", original_due="2026-04-01", provisional=True),
           "window": Term(title="标注申请期", length="5个工作日", basis="《异议办法》第六条第（三）项")},
    steps=(Step(title="受理", on="2026-03-02", office="服务窗口"),), materials=("本人身份证", "异议处理申请表"),
    changes=(Changed(title="信息内容", before="欠税一元", after="无欠税"),), grounds=(PaperGround(text="证件与本人不符", basis="第四条第（二）项"),),
)  # fmt: skip
ANSWER = QueryAnswer(
    **HEADING, kind="answer", title="公共信用信息查询结果", addressee=ZHANG, about=FIRM, as_of="2026-03-09", handled_by="window1",
    channel="服务窗口", purpose="合作前核实", scope="行政处罚",
    authorisation=Authorisation(matters="代为查询", contents="行政处罚", purpose="核实", valid_from="2026-03-01", valid_until="2026-03-31"),
    found=(AnswerRecord(no="R-7", title="经营异常", provider="市监局", open_class="A", valid_from="2025-01-01", valid_until="2027-12-31", content="住所无法联系",
                        marks=(ShownMark(title="申请人存疑", placed="2026-03-01", last_day="2026-03-31", reason="住所已变更"),)),
           AnswerRecord(no="R-8", title="行政处罚", provider="市城管局", open_class="B", valid_from="2025-01-01", valid_until="2027-12-31", withheld="异议正在处理，暂停使用")),
    remark="银行贷款信息不在授权范围内。",
)  # fmt: skip
TRANSFER = TransferList(
    **HEADING, kind="transfer_list", title="移交清单", giver="服务窗口", taker="市信用中心", first="2026-03-01", last="2026-03-31", retention="5年",
    rows=tuple(TransferRow(case=f"OBJ-2026-{n:06}", matter="异议", subject="张三", filed_on="2026-03-02", materials=("身份证", "申请表"), shelf_mark=f"甲-{n}", scans=n) for n in range(1, 40)),
)  # fmt: skip
LABEL = ArchiveLabel(
    **HEADING, kind="archive_label", title="档案标签", subject=ZHANG, opened="2026-03-02", filed_on="2026-03-02", filed_by="window1",
    fields={"shelf_mark": Item(title="档案柜号", value="甲3-12")}, materials=("身份证",),
)  # fmt: skip
COPY = Copy(nth=2, at="2026-03-02T09:41", by="window1")
#: What each paper is printed with: its facts, and the template.
PAPERS: dict[str, tuple[PaperFacts, str | None]] = {
    **{kind: (msgspec.structs.replace(CASE, kind=kind), None) for kind in
       ("receipt", "refusal", "report", "extension", "collection", "consultation", "unheard_of")},
    "answer": (ANSWER, "query_answer"), "transfer": (TRANSFER, None), "label": (LABEL, None),
}  # fmt: skip


def plain(facts: Any) -> Any:
    """Facts as a page carries them."""
    return msgspec.json.decode(canonical(facts))


def code_of(facts: PaperFacts) -> PaperCode:
    return PaperCode(
        case=facts.number, kind=facts.kind, entry=facts.entry, fingerprint=fingerprint(facts, ["ab" * 32, "cd" * 32])
    )


def page_of(facts: PaperFacts, template: str | None = None, folder: Path | None = None, copy: Copy = COPY) -> str:
    return render(facts, code=code_of(facts), copy=copy, template=template, folder=folder)


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        return [leaf for k, v in value.items() for leaf in leaves(v, (*path, k))]
    if isinstance(value, list):
        return [leaf for i, v in enumerate(value) for leaf in leaves(v, (*path, str(i)))]
    return [(path, value)]


def changed(value: Any, path: tuple[str, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {k: changed(v, path[1:], new) if k == path[0] else v for k, v in value.items()}
    return [changed(v, path[1:], new) if str(i) == path[0] else v for i, v in enumerate(value)]
