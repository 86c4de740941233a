"""Papers: their words, codes and pictures, what a page carries, and that no change of it goes unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.casework import paperwords as words
from credit_workflow.casework.papercode import PaperCode, canonical, fingerprint, is_code, read_code
from credit_workflow.casework.paperfacts import (
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
from credit_workflow.casework.paperverify import differences
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Field, Title
from credit_workflow.errors import CreditWorkflowError, NotFound, Refused, UsageFault
from credit_workflow.papers import qr
from credit_workflow.papers.reading import first_changes, read_facts, read_page, seen_text
from credit_workflow.papers.render import SHIPPED, copy_templates, render

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


# Words


@pytest.mark.parametrize(
    ("source", "named", "quoted"),
    [
        ("附件2·四(二)", None, "《异议办法》第四条第（二）项"),
        ("附件2·三", None, "《异议办法》第三条"),
        ("附件2·五(四)，附件2·五(五)", None, "《异议办法》第五条第（四）项、第五条第（五）项"),
        ("附件1·一，[practice]", None, "《查询办法》第一条"),
        ("附件2·四(二)，附件1·一", None, "《异议办法》第四条第（二）项、《查询办法》第一条"),
        ("附件2", None, "《异议办法》"),
        ("附件3·四(五)", None, "附件3第四条第（五）项"),
        ("附件2·四(一)", "附件2·四(二)", "第四条第（一）项"),
        ("附件1·一", "附件2·四(二)", "《查询办法》第一条"),
        ("民法典·201", None, "民法典201"),
        ("[practice]", None, ""),
        (None, None, ""),
    ],
)
def test_clauses_are_quoted_in_full(source: str | None, named: str | None, quoted: str) -> None:
    assert words.clauses_zh(source, OWN, named) == quoted


@pytest.mark.parametrize(
    ("length", "said"),
    [("same day", "当天"), ("7 working days", "7个工作日"), ("1 working day", "1个工作日"), ("30 days", "30日"), ("1 day", "1日"), ("5 years", "5年")],
)  # fmt: skip
def test_lengths(length: str, said: str) -> None:
    assert words.length_zh(length) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-03-02", "2026年3月2日"), ("2026-12-31T08:00", "2026年12月31日"), ("待定", "待定"), ("", "")],
)
def test_days(day: str, said: str) -> None:
    assert words.day_zh(day) == said


TITLE = Title(zh="甲", en="a")


@pytest.mark.parametrize(
    ("field", "value", "item"),
    [
        (Field(type="text", title=TITLE), "乙", Item(title="甲", value="乙")),
        (Field(type="integer", title=TITLE), 3, Item(title="甲", value="3")),
        (Field(type="boolean", title=TITLE), True, Item(title="甲", value="是")),
        (Field(type="boolean", title=TITLE), False, Item(title="甲", value="否")),
        (Field(type="date", title=TITLE), "2026-03-02", Item(title="甲", value="2026年3月2日")),
        (Field(type="choice", title=TITLE, choices={"x": TITLE}), "x", Item(title="甲", value="甲", choice="x")),
        (Field(type="several", title=TITLE, choices={"x": TITLE}), ["x", "y"], Item(title="甲", value="甲、y")),
    ],
)
def test_values(field: Field, value: Any, item: Item) -> None:
    assert words.item_of(field, value) == item


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("且以自己的劳动收入作为主要生活来源（own_income=true），或由监护人提出（guardian 及监护关系证明）",
         "且以自己的劳动收入作为主要生活来源，或由监护人提出（监护关系证明）"),
        ("就相同信息已提出异议（OBJ-2026-000001）并已答复，又无正当理由（good_ground）", "就相同信息已提出异议（OBJ-2026-000001）并已答复，又无正当理由"),
        ("缺少材料：本人身份证（原件及复印件）", "缺少材料：本人身份证（原件及复印件）"),
    ],
)  # fmt: skip
def test_a_ground_on_paper_names_no_option_of_the_command(said: str, printed: str) -> None:
    assert words.ground_zh(said, load_definitions()["objection"].workflow) == printed


# The code


CODE = PaperCode(case="OBJ-2026-000001", kind="record_print", entry=12, fingerprint="0123456789abcdef0123")
PRINTED = "CW1:OBJ-2026-000001:record_print:12:01234-56789-abcde-f0123"


@pytest.mark.parametrize(
    "typed",
    [
        PRINTED, PRINTED.lower(), PRINTED.upper(), PRINTED.replace("-abcde", "abcde"), f"  {PRINTED}\n", PRINTED.replace(":", " : "),
        PRINTED.replace(":", "："), PRINTED.replace("-", "－"), PRINTED.replace("-", "–"), "".join(chr(ord(c) + 0xFEE0) for c in PRINTED),
    ],
)  # fmt: skip
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert str(CODE) == PRINTED
    assert is_code(typed)
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["CW1:", "CW1:OBJ-2026-000001", f"{PRINTED}:x", PRINTED.replace(":12:", ":twelve:"), PRINTED.replace("a", "g"), f"{PRINTED} oder"]
)  # fmt: skip
def test_what_is_no_code_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(UsageFault) as fault:
        read_code(typed)
    assert fault.value.code == "paper_code"


@pytest.mark.parametrize("name", ["receipt.html", "CW1.html", "C:/papers/receipt.html", "cw10:x"])
def test_a_file_is_no_code(name: str) -> None:
    assert not is_code(name)


def test_the_fingerprint_needs_the_log() -> None:
    assert fingerprint(CASE, ["aa"]) != fingerprint(CASE, ["ab"])
    assert fingerprint(CASE, ["aa", "b"]) != fingerprint(CASE, ["aab"])
    assert len(fingerprint(CASE, ["aa"])) == 20


@dataclass(frozen=True)
class Picture:
    """A drawing of a code, made into pixels as a printer would."""

    svg: str
    scale: int = 4

    def pixels(self) -> memoryview:
        size = int(re.search(r'viewBox="0 0 (\d+) \1"', self.svg)[1])  # type: ignore[index]
        side = size * self.scale
        image = bytearray(b"\xff" * side * side)
        dark = re.search(r'fill="#000" d="([^"]*)"', self.svg)[1]  # type: ignore[index]
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", dark):
            for row in range(int(y) * self.scale, (int(y) + 1) * self.scale):
                start = row * side + int(x) * self.scale
                image[start : start + int(width) * self.scale] = b"\x00" * (int(width) * self.scale)
        return memoryview(bytes(image)).cast("B", shape=[side, side])


@settings(max_examples=40, deadline=None)
@given(
    serial=st.integers(1, 999_999),
    kind=st.sampled_from(["receipt", "archive_label", "a_very_long_name_of_a_paper"]),
    entry=st.integers(1, 9999),
    digits=st.text("0123456789abcdef", min_size=20, max_size=20),
)
def test_a_phone_reads_the_code(serial: int, kind: str, entry: int, digits: str) -> None:
    code = PaperCode(case=f"OBJ-2026-{serial:06}", kind=kind, entry=entry, fingerprint=digits)
    (found,) = zxingcpp.read_barcodes(Picture(qr.svg(str(code))).pixels())  # type: ignore[arg-type]  # any buffer of two dimensions
    assert found.text == str(code)
    assert read_code(found.text) == code


def test_the_quiet_zone_is_four_modules() -> None:
    drawn = re.findall(r"M(\d+) (\d+)h(\d+)", qr.svg("CW1").partition("#000")[2])
    size = len(segno.make("CW1", error="m", micro=False).matrix)
    assert min(int(x) for x, _, _ in drawn) == 4
    assert min(int(y) for _, y, _ in drawn) == 4
    assert max(int(x) + int(w) for x, _, w in drawn) == 4 + size


# Pages


@pytest.mark.parametrize(("facts", "template"), PAPERS.values(), ids=PAPERS.keys())
def test_a_page_needs_nothing_else_and_carries_its_facts(
    facts: PaperFacts, template: str | None, tmp_path: Path
) -> None:
    html = page_of(facts, template)
    assert not re.search(r"""(src|href|action)\s*=|url\(|@import|https?:|<link|<iframe|<img""", html)
    assert html.count("<script") == 1
    file = tmp_path / "page.html"
    file.write_text(html, encoding="utf-8")
    page = read_page(file)
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


# Every change is found


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


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_every_single_changed_fact_is_named_and_breaks_the_fingerprint(data: st.DataObject) -> None:
    facts = data.draw(st.sampled_from([CASE, ANSWER, TRANSFER, LABEL]))
    whole = plain(facts)
    path, old = data.draw(st.sampled_from(leaves(whole)))
    other = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12))
    new = data.draw(other.filter(lambda value: (type(value), value) != (type(old), old)))
    spoiled = changed(whole, path, new)
    (found,) = differences(spoiled, whole)
    assert found.fact == ".".join(path)
    assert found.name.zh
    assert found.name.en
    assert canonical(spoiled) != canonical(whole)
    assert differences(whole, whole) == []


@pytest.mark.parametrize("path", [("addressee",), ("fields",), ("fields", "reason"), ("materials",), ("changes", "0")])
def test_what_is_missing_or_added_is_named(path: tuple[str, ...]) -> None:
    whole = plain(CASE)
    without = changed(whole, path, None)
    for one, other in ((without, whole), (whole, without)):
        found = [d.fact for d in differences(one, other)]
        assert found
        assert all(fact.startswith(".".join(path)) for fact in found)
    more = {**whole, "stamp": "yes"}
    assert [d.fact for d in differences(more, whole)] == ["stamp"]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_every_change_of_what_is_seen_is_found(data: st.DataObject) -> None:
    html = page_of(*PAPERS[data.draw(st.sampled_from(sorted(PAPERS)))])
    shown = html.partition("<main>")[2].partition("<script")[0]
    places = [at for m in re.finditer(r">([^<]+)<", shown) for at in range(*m.span(1)) if not shown[at].isspace()]
    at = html.index("<main>") + len("<main>") + data.draw(st.sampled_from(places))
    spoiled = html[:at] + ("零" if html[at] != "零" else "壹") + html[at + 1 :]
    (found,) = first_changes(seen_text(spoiled), seen_text(html))
    assert found[0] == "text"


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("</main>", "<script>document.body.innerHTML=''</script></main>", "text"),
        ("</main>", '<img src="other.png"></main>', "text"),
        ("<main>", '<main style="visibility:hidden">', "text"),
        ("<main>", "<main hidden>", "text"),
        ("h1 {", "p { display: none } h1 {", "style"),
        ('<path fill="#000" d="M', '<path fill="#000" d="M1 1h1v1h-1zM', "text"),
    ],
)
def test_a_page_that_hides_what_it_says_is_found(old: str, new: str, where: str) -> None:
    html = page_of(CASE)
    assert old in html
    assert [kind for kind, _, _ in first_changes(seen_text(html.replace(old, new, 1)), seen_text(html))] == [where]


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", b"\xff\xfe", b"%PDF-1.7", b"{}", "<p>受理回执</p>".encode()]
)
def test_what_is_no_page_of_ours(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_bytes(content)
    with pytest.raises(UsageFault) as fault:
        read_page(file)
    assert fault.value.code == "not_a_paper"


def test_two_sets_of_facts_are_none(tmp_path: Path) -> None:
    html = page_of(CASE)
    script = html[html.index("<script") : html.index("</script>") + len("</script>")]
    file = tmp_path / "x.html"
    file.write_text(html.replace(script, script + script), encoding="utf-8")
    with pytest.raises(UsageFault):
        read_page(file)


def test_facts_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(canonical(CASE))
    assert read_facts(file) == (plain(CASE), None)
    file.write_bytes(canonical({"facts": CASE, "copy": COPY}))
    assert read_facts(file) == (plain(CASE), plain(COPY))
    for bad in (b"[]", b"{", b"\xff", b"[" * 100_000):
        file.write_bytes(bad)
        with pytest.raises(UsageFault):
            read_facts(file)
    with pytest.raises(NotFound):
        read_facts(tmp_path / "none.json")


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


def test_shipped_templates_are_copied_into_an_empty_folder_only(tmp_path: Path) -> None:
    folder = tmp_path / "own" / "papers"
    names = copy_templates(folder)
    assert set(names) == {file.name for file in SHIPPED.iterdir()}
    assert page_of(CASE, folder=folder) == page_of(CASE)
    with pytest.raises(Refused):
        copy_templates(folder)
    with pytest.raises(CreditWorkflowError):
        copy_templates(folder / "base.html.j2")
