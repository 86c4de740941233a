"""Lines of a picture: where a title may be broken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from credit_workflow.definition.words import wording
from credit_workflow.definition.words.wording import width, wrapped

LABELS = (
    st.text(st.sampled_from('ab甲乙，“”（） "#;:<>{}[]%`\\&|-\n\t*=lt'), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)


@given(LABELS, st.integers(8, 40))
def test_a_wrapped_text_is_the_text_in_lines_that_fit(text: str, cells: int) -> None:
    lines = wrapped(text, cells)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert line == line.strip()
        pieces = wording._pieces(line)
        while len(pieces) > 1 and pieces[-1][0] in wording._NEVER_FIRST:
            pieces.pop()  # it could not begin the next line
        assert len(pieces) == 1 or width("".join(pieces).rstrip()) <= cells


def test_chinese_lines_begin_and_end_as_they_should() -> None:
    assert wrapped("甲甲甲（乙）", 8) == ["甲甲甲", "（乙）"]
    lines = wrapped("（甲甲甲，乙乙乙）（甲甲）。乙乙（乙乙），甲", 8)
    assert not any(line[0] in "，。）" for line in lines)
    assert not any(line[-1] in "（“" for line in lines)
