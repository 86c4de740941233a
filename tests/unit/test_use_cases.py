"""What a module of use cases imports and does not use itself is a part of an answer that a face takes from it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOM = "credit_workflow.service.use_cases"


def imported(tree: ast.AST) -> set[tuple[str, str]]:
    """Each name that is imported, or asked of a module that is, with the module that it comes from."""
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    names = {(str(node.module), alias.name) for node in froms for alias in node.names}
    modules = {name: f"{source}.{name}" for source, name in names if source.startswith(ROOM)}
    asked = [(node.value, node.attr) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return names | {(modules[of.id], name) for of, name in asked if isinstance(of, ast.Name) and of.id in modules}


def test_nothing_is_imported_that_neither_it_nor_a_face_uses() -> None:
    trees = {
        file: ast.parse(file.read_text()) for top in ("credit_workflow", "tests") for file in (ROOT / top).rglob("*.py")
    }
    taken = {one for tree in trees.values() for one in imported(tree) if one[0].startswith(ROOM)}
    idle: dict[str, list[str]] = {}
    for file in (ROOT / "credit_workflow/service/use_cases").rglob("*.py"):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        tree = trees[file]
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        used |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        unused = {name for source, name in imported(tree) if source != "__future__"} - used
        for alias in [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]:
            if alias.asname in used:
                unused.discard(alias.name)
        idle[module] = [name for name in sorted(unused) if (module, name) not in taken]
    assert {module: names for module, names in idle.items() if names} == {}
