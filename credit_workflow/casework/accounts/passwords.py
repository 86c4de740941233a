"""Check how strong passwords are, and hash them by Argon2id."""

from __future__ import annotations

from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from credit_workflow.errors import Refused
from credit_workflow.text import Text

#: Of zxcvbn's 0 to 4: 3 withstands an attacker who has the hashes for some time. [practice]
_ENOUGH = 3
_SHORTEST, _LONGEST = 10, 128
#: None of so many last passwords is taken again, the present one among them. [practice]
REMEMBERED = 5
_hasher = PasswordHasher()  # Argon2id with the parameters of RFC 9106, low memory
#: What an unknown name is held against, so that it takes as long as a known one.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$VvPOr7gs0aSGVZ9jlKkgRPoBdfSdxqnCYzCxGKbLMY0"


def hashed(password: str) -> str:
    """Return a password's hash."""
    return _hasher.hash(password)


def matches(password: str, hash_: str | None) -> bool:
    """Whether a password has the hash; with None it takes as long, and does not."""
    try:
        return _hasher.verify(hash_ or _NOBODY, password) and hash_ is not None
    except (VerificationError, InvalidHashError):
        return False


def check_strength(password: str, words: Iterable[str], earlier: Iterable[str]) -> None:
    """Refuse a password that is weak or was used before.

    Args:
        password: the new one.
        words: what an attacker would try first: the account's name, its unit.
        earlier: the hashes of the present password and of those before it.

    Raises:
        Refused: it is too short, too long, too easily guessed, or one of the last five.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists load slowly

    source = "附件3·四(五)"
    if not _SHORTEST <= len(password) <= _LONGEST:
        message = Text("密码长度须为{a}至{b}个字符", "a password has {a} to {b} characters")
        raise Refused(message.fill(a=_SHORTEST, b=_LONGEST), code="weak_password", source=source)
    if zxcvbn(password[:72], user_inputs=list(words))["score"] < _ENOUGH:
        message = Text(
            "密码太容易被猜中。请用几个互不相关的词组成更长的密码",
            "the password is too easily guessed; take a longer one of several words that have nothing in common",
        )
        raise Refused(message, code="weak_password", source=source)
    if any(matches(password, old) for old in earlier):
        message = Text("不能使用最近{n}次用过的密码", "it is one of the last {n} passwords; take another one")
        raise Refused(message.fill(n=REMEMBERED), code="used_password", source=source)
