"""The tree of an expression against the evaluator: what it accepts is read, and means the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from credit_workflow.authoring.analysis.satisfiability import Known, Some, possible
from credit_workflow.definition import expression_tree as tree
from credit_workflow.definition.expression import compiled, evaluate
from credit_workflow.errors import DefinitionFault

_FACTS: dict[str, Any] = {
    "case": {
        "state": "open",
        "fields": {"reason": "x", "days": 3, "names": ["x", "open"], "by_law": True, "nothing": None, "odd-name": "y"},
    },
    "children": [{"state": "open", "days": 3}, {"state": "ended", "days": 4}],
    "subject": {"kind": "natural", "age": 17},
    "today": "2026-03-02",
}
_SCALARS = st.sampled_from(
    [
        "case.state", "case.fields.reason", "case.fields.days", "case . fields\n. by_law", "case.fields.nothing",
        "case.fields['odd-name']", "subject.kind", "subject['age']", "today", "children[0].state", "children[1]['days']",
        "c.state", "c.days", "case.fields.absent",
    ]
)  # fmt: skip
_CONSTANTS = st.sampled_from(
    [
        "'x'", '"open"', "'ended'", "'it\\'s'", "'case.state'", "r'\\d'", "'\\u4e00'", "'\\x41'", "'''x\ny'''", "''",
        '"""a"b"""', "'// none'", "3", "-3", "0", "17", "0x11", "4u", "3.0", "1e1", ".5", "true", "false", "null",
        "b'x'", "'children'",
    ]
)  # fmt: skip
_LISTS = st.sampled_from(["case.fields.names", "children", "['x', 'open']", "[3, 4,]", "[]"])
_SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "in"])
_BOUND = st.sampled_from(["c", "x", "case"])
_WORDS = st.sampled_from(["exists", "all", "exists_one", "filter", "map"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions made of smaller ones, with and without parentheses."""
    lists = _LISTS | inner
    return st.one_of(
        st.builds("{} {} {}".format, inner, _SIGNS, inner),
        st.builds("({}) {} ({})".format, inner, _SIGNS, inner),
        st.builds("{}{}{}".format, inner, _SIGNS, inner),
        st.builds("!{}".format, inner),
        st.builds("-{}".format, inner),
        st.builds("({})".format, inner),
        st.builds("{} ? {} : {}".format, inner, inner, inner),
        st.builds("{} in [{}, {}]".format, inner, inner, inner),
        st.builds("{}.{}({}, {})".format, lists, _WORDS, _BOUND, inner),
        st.builds("{} in {}".format, inner, lists),
        st.builds("{}.size()".format, lists),
        st.builds("size({})".format, lists),
        st.builds("{}.contains({})".format, inner, inner),
        st.builds("has({})".format, inner),
        st.builds("{{'a': {}, 'b': {}}}.a".format, inner, inner),
        st.builds("{}[{}]".format, lists, inner),
        st.builds("{} // said\n".format, inner),
    )


_EXPRESSIONS = st.recursive(_SCALARS | _CONSTANTS, _larger, max_leaves=8)
_ASKED = st.builds("children.exists(c, {})".format, _EXPRESSIONS) | _EXPRESSIONS


def _accepted(source: str) -> bool:
    try:
        compiled(source)
    except DefinitionFault:
        return False
    return True


def _value(source: str, facts: Mapping[str, Any]) -> Any:
    """Return an expression's value, told apart by its type; or that it has none."""
    try:
        value = evaluate(source, facts)
    except DefinitionFault:
        return "fault"
    return type(value).__name__, value


@settings(max_examples=1500, deadline=None)
@given(source=_ASKED)
@example(source="1 - -1 - 1")
@example(source="true || true && false")
@example(source="1 + 2 * 3 == 7")
@example(source="1 + 2 < 4 == true")
@example(source="!case.fields.by_law == true")
@example(source="case.state == 'a' ? 1 : case.state == 'b' ? 2 : 3")
@example(source="children.exists(c, children.exists(case, case.state == c.state && case.days == 3))")
@example(source="case.fields.days / [].size()")
@example(source="'a' + \"it's\" + 'say \\'b\\''")
def test_what_the_evaluator_accepts_is_read_and_means_the_same(source: str) -> None:
    if not _accepted(source):
        return
    node = tree.parsed(source)
    assert _value(_written(node), _FACTS) == _value(source, _FACTS)
    program = compiled(source)
    assert tree.functions_in(source) == {name for name in program.functions() if name.isidentifier()}
    free = {path[0] for path in tree.paths_in(source)}
    assert free <= set(program.variables()) <= free | _bound(node)


@settings(max_examples=1500, deadline=None)
@given(source=_ASKED)
@example(source="children.exists(case, case.state == 'open') && case.state == 'open'")
@example(source="has(case.fields.nothing) && !has(case.fields.absent)")
def test_nothing_is_asked_but_what_the_paths_say(source: str) -> None:
    if _accepted(source):
        assert _value(source, _narrowed(tree.paths_in(source))) == _value(source, _FACTS)


@settings(max_examples=1500, deadline=None)
@given(source=_ASKED)
@example(source="case.fields.days > 2 && !(case.fields.days >= 4)")
@example(source="children.all(c, c.days < 5)")
def test_what_comes_true_is_never_called_impossible(source: str) -> None:
    if not _accepted(source):
        return
    value = _value(source, _FACTS)
    if value in (("bool", True), ("bool", False)):
        values = {
            f"case.fields.{name}": frozenset({v}) for name, v in _FACTS["case"]["fields"].items() if name != "names"
        }
        known = Known({**values, "case.state": frozenset({"open"}), "subject.kind": frozenset({"natural"})})
        for what in (known, Known(), Known(quantifier=_there_is)):
            assert possible([(source, value[1])], what)


def _there_is(some: Some) -> bool | None:
    value = _value(f"{some.over}.exists({some.name}, {_written(some.body)})", _FACTS)
    return value[1] if value in (("bool", True), ("bool", False)) else None


@pytest.mark.parametrize(
    "source",
    ["", "a b", "(a", "a.", "a ==", "'a", "a 'b'", "a ? b", "[a", "{a}", "f(a", ".a", "a..b", "in", "标注", "a = b", "1 2",
     "(" * 5000],
)  # fmt: skip
def test_what_is_no_expression_is_said_to_be_none(source: str) -> None:
    with pytest.raises(DefinitionFault):
        tree.parsed(source)
    assert tree.paths_in(source) == ()


def _narrowed(paths: tuple[tree.Path, ...]) -> dict[str, Any]:
    """Return of the facts what the paths name, and nothing beside."""
    found: dict[str, Any] = {}
    for path in paths:
        into, whole = found, _FACTS
        for name in path[:-1]:
            if not isinstance(whole.get(name), dict):
                break
            into, whole = into.setdefault(name, {}), whole[name]
        else:
            if path[-1] in whole and path[-1] not in into:
                into[path[-1]] = whole[path[-1]] if not isinstance(whole[path[-1]], dict) else dict(whole[path[-1]])
            elif path[-1] in whole and isinstance(whole[path[-1]], dict):
                into[path[-1]].update(whole[path[-1]])
            continue
        into.setdefault(name, whole.get(name)) if name in whole else None
    return found


def _bound(node: tree.Node) -> set[str]:
    inner = {name for part in tree.parts_of(node) for name in _bound(part)}
    return inner | ({node.name} if isinstance(node, tree.Each) else set())


def _written(node: tree.Node) -> str:  # noqa: C901, PLR0911 - a case for each kind of node
    """Return a tree as text, each of its nodes in parentheses."""
    match node:
        case tree.Const(value):
            return (
                {True: "true", False: "false", None: "null"}[value]
                if isinstance(value, (bool, type(None)))
                else (_quoted(value) if isinstance(value, str) else f"({value})")
            )
        case tree.Written(text):
            return text
        case tree.Member(path):
            return path[0] + "".join(f"[{_quoted(n)}]" if "-" in n else f".{n}" for n in path[1:])
        case tree.Part(whole, name):
            return f"{_written(whole)}.{name}"
        case tree.Index(whole, index):
            return f"{_written(whole)}[{_written(index)}]"
        case tree.Call(name, target, arguments):
            return f"{'' if target is None else _written(target) + '.'}{name}({', '.join(map(_written, arguments))})"
        case tree.Each(word, over, name, bodies):
            return f"{_written(over)}.{word}({name}, {', '.join(map(_written, bodies))})"
        case tree.Listed(items):
            return f"[{', '.join(map(_written, items))}]"
        case tree.Mapped(items):
            pairs = zip(items[::2], items[1::2], strict=True)
            return f"{{{', '.join(f'{_written(key)}: {_written(value)}' for key, value in pairs)}}}"
        case tree.Unary(sign, inner):
            return f"({sign}({_written(inner)}))"
        case tree.Choose(test, then, other):
            return f"({_written(test)} ? {_written(then)} : {_written(other)})"
        case tree.Binary(sign, left, right):
            return f"({_written(left)} {sign} {_written(right)})"
    raise AssertionError(node)


def _quoted(text: str) -> str:
    return "'" + "".join(f"\\U{ord(c):08x}" for c in text) + "'"


def test_names_that_are_bound_inside_are_no_facts() -> None:
    source = "children.exists(case, case.days == today) && children.all(c, has(c.days)) || case.fields['odd-name'] == c"
    assert tree.paths_in(source) == (("c",), ("case", "fields", "odd-name"), ("children",), ("today",))
