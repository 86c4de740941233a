"""Writes what is generated in the documentation: commands, diagrams, tables of rules, the map of rooms, the coverage.

``python docs/generate.py`` writes, ``--check`` only compares. Both exit with 1 where ``coverage.yaml`` is not true,
``--check`` also where something differs.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
import tomllib
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
COVERAGE = ROOT / "docs" / "coverage.yaml"
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from clauses import mistakes, read_coverage, repository  # noqa: E402 - the checkout must be on the path first
from coverage_page import page  # noqa: E402

from credit_workflow.authoring.drawing.markdown_tables import actions_table, code, prose, table, told  # noqa: E402
from credit_workflow.authoring.drawing.mermaid import escaped, mermaid  # noqa: E402
from credit_workflow.cli.context import settings  # noqa: E402 - the checkout must be on the path first
from credit_workflow.cli.main import run  # noqa: E402
from credit_workflow.definition.library import load_definitions  # noqa: E402
from credit_workflow.definition.machine import Machine  # noqa: E402
from credit_workflow.definition.model import Workflow  # noqa: E402
from credit_workflow.resources import data_folder  # noqa: E402

_BLOCK = re.compile(r"(<!-- generated: (?P<what>[a-z ]+) -->\n)(?P<old>.*?)(<!-- end -->)", re.DOTALL)


@cache
def help_of(*words: str) -> str:
    """Return the help of a command, as plain text of a fixed width.

    All run in this process, as the lines of ``shell`` do: there are more than two hundred.
    """
    environment = {
        "CREDIT_WORKFLOW_LANG": "en",
        "TERMINAL_WIDTH": "100",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PATH": "",
        "HOME": str(ROOT / ".cache"),
        "LANG": "C.UTF-8",
    }
    shown = io.StringIO()
    settings.cache_clear()
    with mock.patch.dict(os.environ, environment, clear=True), redirect_stdout(shown):
        code = run([*words, "--help"])
    if code:
        raise RuntimeError(f"{' '.join(words)} --help ends with {code}")
    return "\n".join(line.rstrip() for line in shown.getvalue().strip().splitlines())


@cache
def commands() -> list[tuple[str, ...]]:
    """Return every command's words, groups before their members."""
    found: list[tuple[str, ...]] = [()]
    for name in _members():
        found.append((name,))
        found += [(name, member) for member in _members(name)]
    return found


def _members(*words: str) -> list[str]:
    text = help_of(*words)
    if "Commands" not in text:
        return []
    listing = text.split("Commands", 1)[1]
    return re.findall(r"^│ ([a-z_]+) ", listing, re.MULTILINE)


def reference() -> str:
    """Return the whole reference of commands."""
    parts = [
        "# 命令参考 · Command reference\n",
        "由各命令的 `--help` 生成（`python docs/generate.py`）；中文界面请用 `--lang zh`。",
        "Generated from every command's `--help` by `python docs/generate.py`.\n",
    ]
    for words in commands():
        title = " ".join(["credit-workflow", *words])
        parts.append(f"## `{title}`\n\n```text\n{help_of(*words)}\n```\n")
    return "\n".join(parts)


def block(what: str) -> str:
    """Return the contents of one generated block."""
    kind, _, name = what.partition(" ")
    if kind == "map":
        return rooms()
    workflow = load_definitions(data_folder("workflows"))[name].workflow
    if kind == "diagram":
        return f"```mermaid\n{mermaid(workflow, 'zh')}\n```\n"
    if kind == "flow":
        return f"```mermaid\n{flow(workflow)}\n```\n"
    return f"{actions_table(workflow, 'both')}\n\n{deadlines(workflow)}\n"


def deadlines(workflow: Workflow) -> str:
    """Return each deadline's length, what starts and what meets it, and the clause, in both languages."""
    rows = []
    for name, rule in workflow.deadlines.items():
        length = "/".join((rule.length, *(other.length for other in rule.other_lengths)))
        rows.append((
            code(name),
            prose(told(rule.title.text, "both")),
            length + ("，顺延 shifted" if rule.if_day_off else ""),
            ", ".join(rule.starters) or code(" ".join(rule.starts_after or ())),
            "、".join(rule.ends),
            rule.source,
        ))  # fmt: skip
    return table(("期限 deadline", "名称", "长度 length", "始于 starts", "止于 ends", "依据 source"), rows)


def flow(workflow: Workflow) -> str:
    """Return a workflow as a flowchart in both languages, of as few lines as it can be written in.

    An action that leads from several states is one line; all else are ways, each as far as it goes.
    """
    named: set[str] = set()
    arrows: dict[tuple[str, str], list[str]] = {}
    ways = (way for way in Machine(workflow).transitions if way.source is not None)
    for source, action, target in ways:
        arrows.setdefault((action, target), []).append(source)

    def node(state: str) -> str:
        title = workflow.states[state].title.text
        shown = state if state in named else f'{state}["{escaped(title.zh)}<br/>{escaped(title.en)}"]'
        named.add(state)
        return shown

    def arrow(action: str) -> str:
        return f' -- "{escaped(workflow.actions[action].title.text.zh)}" --> '

    single = [(sources[0], action, target) for (action, target), sources in arrows.items() if len(sources) == 1]
    lines = []
    while single:
        here = single[0][0]
        line = node(here)
        while taken := next((step for step in single if step[0] == here), None):
            single.remove(taken)
            here = taken[2]
            line += arrow(taken[1]) + node(here)
        lines.append(line)
    for (action, target), sources in arrows.items():
        if len(sources) > 1:
            lines.append(" & ".join(node(source) for source in sources) + arrow(action) + node(target))
    return "\n    ".join(["flowchart TD", *lines])


def packages() -> list[str]:
    """Return the packages of the program by their dotted names, each before those inside it."""
    folders = (file.parent.relative_to(ROOT) for file in (ROOT / "credit_workflow").rglob("__init__.py"))
    return sorted(".".join(folder.parts) for folder in folders)


def purpose(package: str) -> str:
    """Return the first paragraph of a package's docstring, as Markdown.

    Raises:
        ValueError: it has none.
    """
    file = ROOT.joinpath(*package.split("."), "__init__.py")
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    if not said:
        raise ValueError(f"{package} says nothing of what it is for: its __init__.py needs a docstring")
    return " ".join(said.split("\n\n")[0].split()).replace("``", "`")


def rooms() -> str:
    """Return the map: every package with what it is for, and the order in which imports run downward."""
    lines = ["| package | what it is for |", "|---|---|"]
    lines += [f"| `{package}` | {purpose(package)} |" for package in packages()]
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    shown = [layer.replace("credit_workflow.", "") for layer in layers]
    return "\n".join([*lines, "", "```text", *shown, "```", ""])


def wanted() -> dict[Path, str]:
    """Return the files with generated parts, as they should be."""
    files = {ROOT / "docs" / "cli.md": reference(), ROOT / "docs" / "coverage.md": page(read_coverage(COVERAGE))}
    for file in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        if file in files:
            continue
        text = file.read_text(encoding="utf-8")
        files[file] = _BLOCK.sub(lambda m: m[1] + block(m["what"]) + m[4], text)
    return files


def main() -> None:
    """Write or compare."""
    differing = []
    for file, text in wanted().items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            differing.append(file.relative_to(ROOT))
            if "--check" not in sys.argv:
                file.write_text(text, encoding="utf-8")
    if differing and "--check" in sys.argv:
        print("out of date, run python docs/generate.py:", *differing)
    untrue = mistakes(read_coverage(COVERAGE), repository(ROOT, frozenset(" ".join(words) for words in commands())))
    if untrue:
        print("docs/coverage.yaml does not say what is so:", *untrue, sep="\n  ")
    if untrue or (differing and "--check" in sys.argv):
        sys.exit(1)


if __name__ == "__main__":
    main()
