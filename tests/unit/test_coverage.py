"""The coverage of the statute is complete and says what is so."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from credit_workflow.cli.app import build

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "coverage.yaml"

#: The outline of the statute: of each article, how many paragraphs it has (none: 0), and of these, how many items.
OUTLINE: dict[str, dict[str, list[int]]] = {
    "附件1": {
        "一": [], "二": [], "三": [], "四": [], "五": [2, 3, 0, 4, 0, 0, 0], "六": [0] * 3, "七": [0] * 4,
    },
    "附件2": {
        "一": [], "二": [], "三": [], "四": [0] * 2, "五": [0] * 5, "六": [0] * 5, "七": [0] * 3, "八": [0] * 2,
    },
    "附件3": {
        "一": [], "二": [3, 3, 2], "三": [0] * 4, "四": [0] * 5, "五": [0] * 5, "六": [0] * 3, "七": [0] * 4,
    },
}  # fmt: skip
#: Numbers of the statute that have a title and no rule of their own.
TITLES = {
    "附件1·五", "附件1·六", "附件1·七", "附件2·四", "附件2·五", "附件2·六", "附件2·七", "附件2·八",
    "附件3·二(一)", "附件3·二(二)", "附件3·二(三)", "附件3·三", "附件3·四", "附件3·五", "附件3·六", "附件3·七",
}  # fmt: skip


def numbered() -> Iterator[str]:
    """Every number of the annexes, as the statute gives them."""
    for annex, articles in OUTLINE.items():
        for article, paragraphs in articles.items():
            yield f"{annex}·{article}"
            for paragraph, items in zip("一二三四五六七八九", paragraphs, strict=False):
                yield f"{annex}·{article}({paragraph})"
                yield from (f"{annex}·{article}({paragraph}){item}" for item in range(1, items + 1))


@pytest.fixture(scope="module")
def clauses() -> Iterator[Any]:
    """The module beside the documentation that knows the list."""
    sys.path.insert(0, str(ROOT / "docs"))
    yield importlib.import_module("clauses")
    sys.path.remove(str(ROOT / "docs"))


@pytest.fixture(scope="module")
def there(clauses: Any) -> Any:
    """What this checkout has to point to."""
    root, words = build(), set()
    for group in root.list_commands(None):
        command = root.get_command(None, group)
        members = command.list_commands(None) if hasattr(command, "list_commands") else []
        words |= {group, *(f"{group} {member}" for member in members)}
    return clauses.repository(ROOT, frozenset(words))


@pytest.fixture
def written() -> dict[str, Any]:
    """The list as it is written, to be spoiled."""
    return yaml.safe_load(LIST.read_text(encoding="utf-8"))  # type: ignore[no-any-return]  # it is a mapping


def found(clauses: Any, there: Any, document: dict[str, Any]) -> list[str]:
    coverage = msgspec.convert(document, clauses.Coverage)
    return clauses.mistakes(coverage, there)  # type: ignore[no-any-return]  # a module that tests load by name


def test_the_list_says_what_is_so(clauses: Any, there: Any) -> None:
    assert clauses.mistakes(clauses.read_coverage(LIST), there) == []


def test_no_clause_of_the_statute_is_missing(clauses: Any) -> None:
    coverage = clauses.read_coverage(LIST)
    assert list(coverage.annexes) == list(OUTLINE)
    assert set(coverage.headings) == TITLES
    assert list(coverage.clauses) == [number for number in numbered() if number not in TITLES]


def test_the_page_shows_every_clause_and_counts_them(clauses: Any) -> None:
    coverage = clauses.read_coverage(LIST)
    text = importlib.import_module("coverage_page").page(coverage)
    rows = re.findall(r"^\| (附件[123]·[^\s<]+)<br>(\S+) ", text, re.MULTILINE)
    assert [name for name, _ in rows] == list(coverage.clauses)
    total = re.search(
        r"^\| \*\*合计 Total\*\* \| (\d+) \| (\d+) \| \d+ \| (\d+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE
    )
    assert total is not None
    signs = [sign for _, sign in rows]
    assert [int(n) for n in total.groups()] == [len(rows), *(signs.count(sign) for sign in "✅◐➖🚧")]
    assert not re.search(r"^\|(?:[^|\n]*\|)*\n(?=[^|\n])", text, re.MULTILINE), "a row is broken over lines"


@pytest.mark.parametrize(
    ("clause", "change", "said"),
    [
        ("附件1·五(七)", {"definitions": {"query.yaml": ["actions.vanish"]}}, "has no actions.vanish"),
        ("附件1·五(七)", {"definitions": {"query.yaml": ["actions.accept.requires.nobody"]}}, "has no actions.accept"),
        ("附件1·五(七)", {"definitions": {"query.yaml": []}}, "name a key of workflows/query.yaml"),
        ("附件1·五(七)", {"definitions": {"queries.yaml": ["actions"]}}, "there is no workflows/queries.yaml"),
        ("附件2·三", {"commands": ["case vanish"]}, "there is no command case vanish"),
        ("附件2·三", {"commands": ["overdue show"]}, "there is no command overdue show"),
        ("附件2·三", {"tests": ["tests/unit/test_naive.py::test_numberz"]}, "there is no test"),
        ("附件2·三", {"tests": ["tests/unit/test_naive.py"]}, "there is no test"),
        ("附件2·三", {"tests": ["tests/unit/test_coverage.py::numbered"]}, "there is no test"),
        ("附件2·三", {"tests": []}, "name a test that shows it"),
        ("附件2·八(一)", {"documents": ["docs/secrets.md"]}, "there is no docs/secrets.md"),
        ("附件2·八(一)", {"documents": ["docs/security.md#nowhere"]}, "there is no docs/security.md#nowhere"),
        ("附件2·八(一)", {"commands": [], "definitions": {}}, "no key of a definition and no command"),
        ("附件2·八(一)", {"status": "outside"}, "say why in `outside`"),
        ("附件2·六(一)", {"status": "planned"}, "`missing` says what is still to be built"),
        ("附件2·六(一)", {"missing": {"zh": "待建", "en": "to come"}}, "`missing` says what is still to be built"),
        ("附件3·一", {"outside": None}, "say why in `outside`"),
        ("附件3·一", {"subject": {"zh": "设备", "en": " "}}, "say in both languages"),
        ("附件2·六(一)", {"definitions": {"account.yaml": ["permissions.see_suspended"]}}, "objection.yaml cites it"),
    ],
)
def test_what_is_not_so_is_found_out(
    clauses: Any, there: Any, written: dict[str, Any], clause: str, change: dict[str, Any], said: str
) -> None:
    written["clauses"][clause] |= change
    mistakes = found(clauses, there, written)
    assert mistakes
    assert all(mistake.startswith(clause) for mistake in mistakes)
    assert any(said in mistake for mistake in mistakes)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("附件1·五(六)", "附件1·五(七): the number before it is not in the list"),
        ("附件3·二(一)1", "附件3·二(一)2: the number before it is not in the list"),
        ("附件1·五(四)", "附件1·五(四)1: what holds it is not in the list"),
        ("附件2·八(二)", "cites 附件2·八(二), which is not in the list"),  # the last leaves no gap
        ("附件1·一", "附件1·二: the number before it is not in the list"),
    ],
)
def test_a_clause_left_out_is_found_out(
    clauses: Any, there: Any, written: dict[str, Any], gone: str, said: str
) -> None:
    del written["clauses"][gone]
    assert any(said in mistake for mistake in found(clauses, there, written))


def test_names_that_are_none_and_another_order_are_found_out(clauses: Any, there: Any, written: dict[str, Any]) -> None:
    listed = written["clauses"]
    written["clauses"] = dict(sorted(listed.items(), reverse=True))
    assert "the order is not the statute's" in found(clauses, there, written)[0]
    written["clauses"] = {**listed, "附件1·5": listed["附件1·一"]}
    assert "附件1·5 is not written as" in found(clauses, there, written)[0]
    written["clauses"] = listed
    written["headings"] |= {"附件1·八": {"zh": "附则", "en": "Final"}}
    assert found(clauses, there, written)[-1] == "附件1·八: a heading with nothing under it"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("附件3·六(一)", "附件3·六(一): workflows/new.yaml cites it: name the key that implements it"),
        ("[practice] 附件3·六(一)", "附件3·六(一): workflows/new.yaml cites it: name the key that implements it"),
        ("附件2·三，附件3·六", "workflows/new.yaml cites 附件3·六, and no clause of it names that file"),
        ("附件3·八", "workflows/new.yaml cites 附件3·八, which is not in the list"),
        ("民法典 201", "workflows/new.yaml cites 民法典, which is not in the list"),
        ("[practice]", None),
    ],
)
def test_what_a_definition_cites_must_be_listed_for_it(clauses: Any, there: Any, source: str, said: str | None) -> None:
    new = {"actions": {"open": {"requires": [{"id": "x", "source": source}]}}}
    more = clauses.Repository(
        definitions={**there.definitions, "new.yaml": new},
        commands=there.commands,
        tests=there.tests,
        document=there.document,
    )
    mistakes = clauses.mistakes(clauses.read_coverage(LIST), more)
    assert (said in mistakes) if said else mistakes == []


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("附件1", (1,)), ("附件1·五", (1, 5)), ("附件1·五(一)", (1, 5, 1)), ("附件3·二(一)3", (3, 2, 1, 3)),
        ("附件2·十", (2, 10)), ("附件2·十二(二十一)10", (2, 12, 21, 10)),
    ],
)  # fmt: skip
def test_the_numbers_in_a_name(clauses: Any, name: str, number: tuple[int, ...]) -> None:
    assert clauses.number_of(name) == number
