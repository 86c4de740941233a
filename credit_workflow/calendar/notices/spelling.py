"""Make the spelling of a pasted notice uniform, and find its title, number and dates."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from credit_workflow.numerals import DIGITS, chinese_number
from credit_workflow.text import Text

_NUMERALS = "一二三四五六七八九十"
_DASHES = {**dict.fromkeys("—–―─‐‑−〜∼~", "-"), "!": "。"}
_QUOTES = frozenset("“”\"‘’'「」『』")
#: The holidays by the names that headings have for them.
FEASTS = r"元旦|新年|春节|清明节?|(?:五一)?国际劳动节|劳动节|五一|端午节?|中秋节?|国庆节?|十一"
_NAMES_FEAST = rf"[“\"]?(?:{FEASTS})[^。，,]{{0,20}}[:：]"
_OPENS_SECTION = re.compile(
    rf"\s*(?:(?P<number>[(（][{_NUMERALS}]{{1,3}}[)）]|[{_NUMERALS}]{{1,3}}\s*[、.．]|\d{{1,2}}\s*[、.．)）]\s*(?={_NAMES_FEAST}))"
    rf"|{_NAMES_FEAST})"
)
_BEGINS = r"(?:^|[。;:,号知])"
_NUMBER_OF_ITEM = rf"(?:[(][{_NUMERALS}]{{1,3}}[)]、?|[{_NUMERALS}]{{1,3}}[、.])"
_ENDS_WITH_NUMBER = re.compile(rf"{_BEGINS}{_NUMBER_OF_ITEM}$")
#: A heading begun, which a line may go on with: its number and some words, or a holiday's name.
_ENDS_IN_HEADING = re.compile(
    rf"{_BEGINS}(?:{_NUMBER_OF_ITEM}[^。;:,\d]{{0,30}}|(?:\d{{1,2}}[、.)])?(?:{FEASTS})(?:[、和](?:{FEASTS}))*[、和]?)$"
)
_LONGEST_HEADING = 40
_CHINESE_DATE = re.compile(
    rf"(?:(?:(?P<y>[零〇○一二三四五六七八九]{{4}})年)?(?P<m>[{_NUMERALS}]{{1,2}})月|(?<=[至到、和日-]))(?P<d>[{_NUMERALS}]{{1,3}})日"
)
_TITLE = re.compile(r"(?:国务院|[一-鿿]{2,10}人民政府)(?:办公厅|办公室)?关于[^。;]{2,60}?的通知")
_NUMBER = re.compile(
    r"(?P<who>国(?:办)?(?:发明电|发|函)|(?:(?<=知)|(?<![一-鿿]))[一-鿿]{1,2}政(?:办)?(?:发|函)(?:明电)?)"
    r"[〔\[【(](?P<year>\d{4})[〕\]】)]第?(?P<n>\d{1,4})号"
)
_ISSUED = re.compile(
    r"(?:(?:国务院|人民政府|办公厅|办公室)(?:[(〔][^()〔〕]{0,20}[)〕])?|(?<=。)(?=[^。]{0,12}$))"
    r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
)
_YEAR_IN_TITLE = re.compile(r"(\d{4})年")
_YEAR_IN_TEXT = re.compile(r"现将(?:调整)?(\d{4})年")


class Finding(NamedTuple):
    """Something in a notice's text that is wrong, or that can't be understood for sure.

    ``line`` is where it stands in the text as it was given (from 1; 0 for the whole of it),
    ``sentence`` what stands there, ``message`` what is wrong and what to do.
    """

    line: int
    sentence: str
    message: Text


class Source(NamedTuple):
    """A text without blanks and with its spellings made one, and the line of each of its characters."""

    text: str
    lines: tuple[int, ...]

    def line(self, place: int) -> int:
        """Return the line in which the character at a place stood."""
        return self.lines[min(place, len(self.lines) - 1)] if self.lines else 0


class Head(NamedTuple):
    """What a notice says of itself: title, number, issue date, and the year that it is about."""

    title: str | None
    no: str | None
    issued: date | None
    year: int | None


def cleaned(raw: str) -> Source:
    """Return a text as it is read: half-width, without blanks and quotation marks, its Chinese dates in digits.

    Blanks and line breaks may stand anywhere, within headings too. Where a line begins with a
    heading, a full stop is put before it: the line before may have none.
    """
    found: list[tuple[str, int]] = []
    for number, line in enumerate(raw.splitlines(), 1):
        opened = _OPENS_SECTION.match(line)
        if opened and found and found[-1][0] not in "。初" and not _goes_on(found, numbered=bool(opened["number"])):
            found.append(("。", number))
        for given in line:
            for char in unicodedata.normalize("NFKC", given):
                plain = _DASHES.get(char, char)
                if plain.isspace() or plain in _QUOTES or unicodedata.category(plain) == "Cf":
                    continue
                if plain == "." and found and found[-1][0] not in _NUMERALS and not found[-1][0].isdecimal():
                    plain = "。"  # a full stop, not the sign behind a heading's number
                found.append((plain, number))
    return _in_digits(found)


def _goes_on(found: list[tuple[str, int]], *, numbered: bool) -> bool:
    """Whether the text so far ends in a heading whose rest is the next line, which may itself look like one."""
    ends = _ENDS_WITH_NUMBER if numbered else _ENDS_IN_HEADING
    return ends.search("".join(char for char, _ in found[-_LONGEST_HEADING:])) is not None


def _in_digits(found: list[tuple[str, int]]) -> Source:
    """Write dates in Chinese numerals with digits."""
    text = "".join(char for char, _ in found)
    pieces: list[str] = []
    lines: list[int] = []
    end = 0
    for match in _CHINESE_DATE.finditer(text):
        month = f"{chinese_number(match['m']) or 0}月" if match["m"] else ""
        year = "".join(str(DIGITS[c]) for c in match["y"]) + "年" if match["y"] else ""
        written = f"{year}{month}{chinese_number(match['d']) or 0}日"
        pieces += [text[end : match.start()], written]
        lines += [line for _, line in found[end : match.start()]] + [found[match.start()][1]] * len(written)
        end = match.end()
    pieces.append(text[end:])
    lines += [line for _, line in found[end:]]
    return Source("".join(pieces), tuple(lines))


def head_of(source: Source, body: int) -> tuple[Head, int, list[Finding]]:
    """Return what the notice says of itself, where its body ends, and what is wrong with it.

    Args:
        source: the text, cleaned.
        body: the place at which the arrangements begin.
    """
    text = source.text
    findings: list[Finding] = []
    title = _TITLE.search(text)
    number = _NUMBER.search(text, 0, body) or (_NUMBER.search(text) if body == 0 else None)
    no = f"{number['who']}〔{number['year']}〕{int(number['n'])}号" if number else None
    signed = list(_ISSUED.finditer(text, body))
    issued, end = None, len(text)
    if signed:
        last = signed[-1]
        end = last.start()
        try:
            issued = date(int(last["y"]), int(last["m"]), int(last["d"]))
        except ValueError:
            message = Text("没有这一天，请核对成文日期", "there is no such day; check the date of issue")
            findings.append(Finding(source.line(last.start()), last[0], message))
    if issued is not None and number is not None and int(number["year"]) != issued.year:
        message = Text(
            "文号的年份与成文日期（{d}）不符，请核对原文",
            "the number's year is not that of the date of issue ({d}); check the original",
        )
        findings.append(Finding(source.line(number.start()), number[0], message.fill(d=issued)))
    year = _year(text, title[0] if title else "", findings, source)
    return Head(title[0] if title else None, no, issued, year), end, findings


def _year(text: str, title: str, findings: list[Finding], source: Source) -> int | None:
    """Return the year that the notice is about: its title's, else the one that its text says."""
    in_text = {int(y) for y in _YEAR_IN_TEXT.findall(text)}
    in_title = {int(y) for y in _YEAR_IN_TITLE.findall(title)}
    for years in (in_title, in_text):
        if len(years) > 1:
            said = "、".join(map(str, sorted(years)))
            message = Text(
                "写有多个年份（{y}），无法确定是哪一年的安排；请用 --year 指明",
                "it names several years ({y}), so which one it is about can't be told; give --year",
            )
            findings.append(Finding(1, said, message.fill(y=said)))
            return None
    if in_title and in_text and in_title != in_text:
        message = Text("标题与正文的年份不同，请核对原文", "title and text name different years; check the original")
        at = text.find("现将")
        findings.append(Finding(source.line(at), title, message))
    return next(iter(in_title or in_text), None)
