"""The numbers of persons, for the naive model: their check digits and birth dates, written from the standards."""

from datetime import date


def birth_date(number: str) -> date | None:
    """The birth date in a natural person's number, or None when it is not such a number."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
    return born if born.year >= 1900 and number[17] == "10X98765432"[rest] else None


def is_legal_number(number: str) -> bool:
    """Whether it is a unified social credit code (GB 32100) or an organisation code (GB 11714)."""
    if len(number) == 18:
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]
        known = number[:8].isascii() and number[:8].isdigit() and all(c in letters for c in number)
        return known and sum(letters.index(c) * w for c, w in zip(number, weights, strict=True)) % 31 == 0
    plain = number.replace("-", "")
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if len(plain) != 9 or any(c not in letters for c in plain):
        return False
    total = sum(letters.index(c) * w for c, w in zip(plain, [3, 7, 9, 10, 5, 8, 4, 2], strict=False))
    return plain[8] == "0123456789X0"[11 - total % 11]


def of_hangzhou(number: str) -> bool:
    """Whether a legal person's code says no other place than Hangzhou: positions 3 to 8 of GB 32100."""
    return len(number) != 18 or birth_date(number) is not None or number[2:6] == "3301"


def years_old(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def unit_of(account: str) -> str:
    """The unit that somebody works in: two providers, and a window beside the one of most lives."""
    if account.startswith("provider"):
        return "杭州市城市管理局" if account == "provider1" else "市税务局"
    return "乙窗口" if account.endswith("9") else "甲窗口"
