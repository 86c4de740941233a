"""Check numbers that say who somebody is: ID cards, unified social credit codes, organisation codes.

Only form, date and check digit are asked for. A number is not refused by its area code: codes
came and went, and people keep the number they were given.

A site elsewhere tells people apart by references of its own (``any``): whatever text it gives them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from msgspec import Struct

from credit_workflow.errors import UsageFault
from credit_workflow.text import Text

_NATURAL = re.compile(r"^[1-9]\d{16}[\dX]$")
_LEGAL = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{18}$")
_ORGANISATION = re.compile(r"^[0-9A-Z]{8}-?[0-9X]$")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SHORT = 11
_LONGEST_REFERENCE = 100

#: By what people are told apart: Chinese numbers, or any text.
Scheme = Literal["cn", "any"]


class Subject(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A natural or legal person; or an account of this software, whose ``id`` is its name; or nobody.

    ``key`` is equal for one legal person's organisation code and unified social credit code.
    """

    kind: Literal["natural", "legal", "account", "none"]
    id: str
    key: str
    name: str = ""


#: Whom the case of an internal matter is about.
NOBODY = Subject(kind="none", id="", key="")


def parse_subject(number: str, kind: str | None = None, name: str = "", scheme: Scheme = "cn") -> Subject:
    """Return who a number belongs to.

    Args:
        number: an 18-digit ID card number, a unified social credit code (GB 32100) or an
            organisation code (GB 11714, with or without its hyphen); spaces around it and the
            case of letters don't matter.
        kind: ``natural`` or ``legal`` where that is known, else told from the number.
        name: the person's name.
        scheme: ``any`` takes every text that can be read as one line; the case of its letters and
            the width of its spaces tell nobody apart, and who it is is ``natural`` unless said.

    Raises:
        UsageFault: it is none of them, or its date or check digit is wrong.
    """
    if scheme == "any":
        return _referenced(number, kind, name)
    compact = number.strip().upper()
    fault = None
    if kind != "legal" and _NATURAL.match(compact):
        fault = _natural_fault(compact)
        if fault is None:
            return Subject(kind="natural", id=compact, key=compact, name=name)
    if kind != "natural" and _LEGAL.match(compact):
        from stdnum.cn import uscc  # noqa: PLC0415 - brings ssl along, and only who writes a number in needs it

        if uscc.is_valid(compact):
            return Subject(kind="legal", id=compact, key=compact[8:17], name=name)
        fault = fault or Text(
            "统一社会信用代码的校验码不对", "the check character of the unified social credit code is wrong"
        )
    if kind != "natural" and _ORGANISATION.match(compact):
        plain = compact.replace("-", "")
        if _organisation_check(plain) == plain[-1]:
            return Subject(kind="legal", id=plain, key=plain, name=name)
        fault = Text("组织机构代码的校验码不对", "the check character of the organisation code is wrong")
    reason = fault or Text(
        "应为18位身份证号、18位统一社会信用代码或9位组织机构代码",
        "give an ID card number (18), a unified social credit code (18) or an organisation code (9)",
    )
    raise UsageFault(
        Text(
            "证件号码 {n} 有误：{why}。请核对后重新输入", "the number {n} is wrong: {why}; check it and enter it again"
        ).fill(n=masked(compact), why=reason),
        code="subject_id",
    )


def _referenced(text: str, kind: str | None, name: str) -> Subject:
    plain = " ".join(text.split())
    if not plain or len(plain) > _LONGEST_REFERENCE or not plain.isprintable():
        message = Text(
            "证件号或编号有误：须为一行文字，不超过 {n} 个字符",
            "this is no reference of a person: give one line of text, at most {n} characters",
        )
        raise UsageFault(message.fill(n=_LONGEST_REFERENCE), code="subject_id")
    return Subject(kind="legal" if kind == "legal" else "natural", id=plain, key=plain.casefold(), name=name)


def age_on(subject: Subject, day: date) -> int | None:
    """Return a natural person's age in full years on ``day``; None for anybody else.

    A year of age is full on the birthday; for those born on 29 February, in other years on
    28 February (民法典 202).
    """
    if subject.kind != "natural":
        return None
    born = _born(subject.id)
    if born is None:
        return None
    try:
        birthday = born.replace(year=day.year)
    except ValueError:
        birthday = date(day.year, 2, 28)
    return day.year - born.year - (day < birthday)


def district_of(subject: Subject) -> str | None:
    """Return the administrative division in which a legal person is registered, as its code says (GB 32100, 3–8).

    None for anybody else, and for one that is known by its organisation code, which says no place.
    """
    return subject.id[2:8] if subject.kind == "legal" and _LEGAL.match(subject.id) else None


def masked(number: str) -> str:
    """Return a number with its middle hidden: ``3301**********1234``."""
    shown = 4 if len(number) > _SHORT else 2
    return number[:shown] + "*" * max(len(number) - 2 * shown, 0) + number[max(len(number) - shown, shown) :]


def shown_id(subject: Subject) -> str | None:
    """Return what is shown of who a case is about: a masked number, an account's name, or nothing."""
    if subject.kind == "none":
        return None
    return subject.id if subject.kind == "account" else masked(subject.id)


def _natural_fault(number: str) -> Text | None:
    if _born(number) is None:
        return Text("身份证号中的出生日期不存在", "the date of birth in the ID card number does not exist")
    from stdnum.cn import ric  # noqa: PLC0415

    if ric.calc_check_digit(number) != number[-1]:
        return Text("身份证号的校验码不对", "the check digit of the ID card number is wrong")
    return None


def _born(number: str) -> date | None:
    if not _NATURAL.match(number):
        return None
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _organisation_check(number: str) -> str:
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(w * alphabet.index(c) for w, c in zip(_ORGANISATION_WEIGHTS, number, strict=False))
    return "0123456789X0"[11 - total % 11]
