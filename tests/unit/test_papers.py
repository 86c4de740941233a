"""Papers: their words, their codes and pictures, and that no change of a fact or a page goes unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_workflow.casework.papers import paper_words as words
from credit_workflow.casework.papers.paper_code import LONGEST, PaperCode, canonical, fingerprint, is_code, read_code
from credit_workflow.casework.papers.paper_facts import Item
from credit_workflow.casework.papers.paper_verification import differences
from credit_workflow.definition.library import load_definitions
from credit_workflow.definition.model import Field, Title
from credit_workflow.errors import UsageFault
from credit_workflow.papers import qr
from credit_workflow.papers.reading import first_changes, read_facts, read_page, seen_text
from tests.unit.papersamples import (
    ANSWER,
    CASE,
    COPY,
    LABEL,
    OWN,
    PAPERS,
    TRANSFER,
    changed,
    leaves,
    page_of,
    plain,
)

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
        (Field(type="person", title=TITLE), "330106199003070014", Item(title="甲", value="3301**********0014")),
        (Field(type="words", title=TITLE), ["荣誉", "处罚"], Item(title="甲", value="荣誉、处罚")),
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


# Every change is found


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


@pytest.mark.parametrize(("one", "other"), [(True, 1), (False, 0), (1, "1"), (None, ""), ("", 0), (None, False)])
def test_what_merely_looks_alike_differs(one: object, other: object) -> None:
    assert [d.fact for d in differences({"a": one}, {"a": other})] == ["a"]


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
def test_what_is_no_page_of_ours(content: bytes) -> None:
    with pytest.raises(UsageFault) as fault:
        read_page("x.html", content)
    assert fault.value.code == "not_a_paper"


def test_two_sets_of_facts_are_none() -> None:
    html = page_of(CASE)
    script = html[html.index("<script") : html.index("</script>") + len("</script>")]
    with pytest.raises(UsageFault):
        read_page("x.html", html.replace(script, script + script).encode())


def test_what_is_longer_than_any_page_is_none() -> None:
    html = page_of(CASE).encode()
    read_page("x.html", html)
    with pytest.raises(UsageFault) as fault:
        read_page("x.html", html + b" " * LONGEST)
    assert fault.value.code == "not_a_paper"


def test_facts_of_a_file() -> None:
    assert read_facts("facts.json", canonical(CASE)) == (plain(CASE), None)
    assert read_facts("facts.json", canonical({"facts": CASE, "copy": COPY})) == (plain(CASE), plain(COPY))
    for bad in (b"[]", b"{", b"\xff", b"[" * 100_000):
        with pytest.raises(UsageFault):
            read_facts("facts.json", bad)
