"""The documentation speaks of the program as it is."""

from __future__ import annotations

import itertools
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from credit_workflow.definition.library import load_definitions

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
WRITTEN = [page for page in PAGES if page.name != "cli.md"]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def shown_commands(page: Path) -> Iterator[str]:
    """Every command line that a page shows: in fences, after a prompt, and in the text."""
    text = text_of(page)
    for _, body in _FENCE.findall(text):
        for line in body.replace("\\\n", "").splitlines():
            plain = line.removeprefix("$ ")
            if plain.startswith("credit-workflow "):
                yield plain
    yield from re.findall(r"`(credit-workflow [^`\n]+)`", _FENCE.sub("", text))


@pytest.fixture(scope="module")
def root() -> Any:
    """The command as it is."""
    from credit_workflow.cli.app import build  # noqa: PLC0415 - not needed by every test

    return build()


def options_of(command: Any) -> set[str]:
    return {name for param in command.params for name in (*param.opts, *param.secondary_opts) if name.startswith("-")}


def without_globals(root: Any, words: list[str]) -> list[str]:
    """Take the global options with their values away, wherever they stand."""
    flags = {name: param.is_flag for param in root.params for name in param.opts}
    left, words = [], [*words]
    while words:
        word = words.pop(0)
        if word not in flags:
            left.append(word)
        elif not flags[word]:
            assert words, f"{word} has no value"
            words.pop(0)
    return left


def check_line(root: Any, line: str) -> None:
    """Fail unless the words of a line are a command, its options that command's, its arguments no more than it takes."""
    typed = itertools.takewhile(lambda word: word not in {"<", ">", "|", "&&"}, shlex.split(line, comments=True)[1:])
    words = without_globals(root, list(typed))
    command = root
    while hasattr(command, "list_commands") and words and not words[0].startswith("-"):
        name = words.pop(0)
        if name.isupper():  # a place to fill in
            return
        command = command.get_command(None, name)
        assert command is not None, f"{line}: there is no {name}"
    known, arguments = {param.opts[0]: param for param in command.params}, 0
    options = options_of(command) | {"--help"}
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            arguments += 1
            continue
        assert word in options, f"{line}: there is no {word}"
        if word in known and not known[word].is_flag:
            assert words, f"{line}: {word} has no value"
            words.pop(0)
    takes = [param for param in command.params if param.param_type_name == "argument"]
    assert arguments <= len(takes) or any(param.nargs == -1 for param in takes), f"{line}: too many arguments"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_command_line_shown_parses(page: Path, root: Any) -> None:
    for line in shown_commands(page):
        check_line(root, line)


@pytest.mark.parametrize(
    "line",
    [
        "credit-workflow objection vanish CASE",
        "credit-workflow vanish",
        "credit-workflow objection accept CASE --colour red",
        "credit-workflow case show CASE CASE",
        "credit-workflow overdue --as",
    ],
)
def test_a_command_line_that_does_not_parse_is_found_out(line: str, root: Any) -> None:
    with pytest.raises(AssertionError):
        check_line(root, line)


def test_every_command_is_in_the_reference_and_nothing_else(root: Any) -> None:
    there = {""}
    for group in root.list_commands(None):
        command = root.get_command(None, group)
        members = command.list_commands(None) if hasattr(command, "list_commands") else []
        there |= {group, *(f"{group} {member}" for member in members)}
    listed = set(re.findall(r"^## `credit-workflow ?(.*)`$", text_of(ROOT / "docs" / "cli.md"), re.MULTILINE))
    assert listed == there


def test_every_action_of_people_is_in_the_operators_manual(root: Any) -> None:
    lines = " \n".join(shown_commands(ROOT / "docs" / "operators.md"))
    for workflow in load_definitions().keys() - {"account"}:
        for action in root.get_command(None, workflow).list_commands(None):
            assert f"credit-workflow {workflow} {action} " in lines


def test_every_file_that_the_developers_page_names_is_there() -> None:
    named = set(re.findall(r"[\w/]+\.(?:py|yaml)\b", text_of(ROOT / "docs" / "developers.md")))
    tops = [ROOT / top for top in ("credit_workflow", "tests", "docs", "workflows")]
    there = [f"/{file.relative_to(ROOT).as_posix()}" for top in tops for file in top.rglob("*.*")]
    assert {"service/door.py", "engine/fire.py", "tests/where.py"} <= named
    assert [name for name in sorted(named) if not any(path.endswith(f"/{name}") for path in there)] == []


def test_the_list_of_pages_names_each() -> None:
    listed = re.findall(r"\]\((\w[\w-]*\.md)\)", text_of(ROOT / "docs" / "README.md"))
    assert sorted(listed) == sorted(page.name for page in (ROOT / "docs").glob("*.md") if page.name != "README.md")


def test_the_generated_parts_are_up_to_date() -> None:
    command = [sys.executable, "docs/generate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_map_names_every_room_and_no_other() -> None:
    listed = re.findall(r"^\| `(credit_workflow[\w.]*)` \| (.+) \|$", text_of(ROOT / "docs" / "map.md"), re.MULTILINE)
    folders = {file.parent.relative_to(ROOT) for file in (ROOT / "credit_workflow").rglob("*.py")}
    assert sorted(name for name, _ in listed) == sorted(".".join(folder.parts) for folder in folders)
    for name, purpose in listed:
        assert purpose in ((import_module(name).__doc__ or "").replace("``", "`")), name


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as the usual hosts of Markdown make them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_between_files_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", text_of(page))):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_page_names_a_machine_or_a_registry(page: Path) -> None:
    assert not re.search(r"/home/|/root/|/work/|/tmp/|pypi\.org|pythonhosted", text_of(page))
