"""Decide whether conditions can hold together for some case.

The answer "no" is certain, "yes" is not: what is not understood may always hold. So whatever is
called impossible is, and what is called possible may still never come.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from credit_workflow.definition.expression_tree import (
    Binary,
    Choose,
    Const,
    Constant,
    Each,
    Listed,
    Member,
    Node,
    Unary,
    parsed,
)

_MOST = 512
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_CONTRARY = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Constraint(NamedTuple):
    """Something said of one fact: its value is ``in`` a set, ``not in`` it, or in an order to a constant."""

    path: str
    sign: str
    value: Any


Way = tuple[Constraint, ...]


class Some(NamedTuple):
    """Whether there is one ``name`` among ``over`` of which the body is true."""

    over: str
    name: str
    body: Node


#: Decides that where the linked cases are known: true, false, or None.
Quantifier = Callable[[Some], bool | None]


@dataclass(frozen=True)
class Known:
    """What is known of facts before any condition is asked.

    Args:
        values: every value that a fact can have.
        bounds: the least and the greatest number that a fact can be (inclusive, None: no bound);
            it may be null as well.
        quantifier: decides ``exists`` over linked cases, where they are known.
    """

    values: Mapping[str, frozenset[Constant]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    quantifier: Quantifier = lambda _: None


def possible(conditions: Iterable[tuple[str, bool]], known: Known) -> bool:
    """Return whether some case could satisfy all conditions, each with the truth that it shall have."""
    return satisfiable([(parsed(source), truth) for source, truth in conditions], known)


def satisfiable(conditions: Sequence[tuple[Node, bool]], known: Known) -> bool:
    """Return the same of conditions already parsed."""
    options = [_ways(node, truth, known) for node, truth in conditions]
    tried = 0

    def search(at: int, way: Way) -> bool:
        nonlocal tried
        if at == len(options):
            return True
        for other in options[at]:
            tried += 1
            if tried > _MOST * _MOST:
                return True
            if _consistent(joined := (*way, *other), known) and search(at + 1, joined):
                return True
        return False

    return search(0, ())


def _ways(node: Node, truth: bool, known: Known) -> list[Way]:  # noqa: FBT001, PLR0911 - a case for each kind of node
    """Return the ways in which a node can have a truth, each a list of constraints."""
    if isinstance(node, Const):
        return [()] if not isinstance(node.value, bool) or node.value == truth else []
    if isinstance(node, Unary) and node.sign == "!":
        return _ways(node.inner, not truth, known)
    if isinstance(node, Binary) and node.sign in {"&&", "||"}:
        left, right = _ways(node.left, truth, known), _ways(node.right, truth, known)
        return _crossed(left, right, known) if (node.sign == "&&") == truth else _kept(left + right)
    if isinstance(node, Choose):
        then = _crossed(_ways(node.test, truth=True, known=known), _ways(node.then, truth, known), known)
        other = _crossed(_ways(node.test, truth=False, known=known), _ways(node.other, truth, known), known)
        return _kept(then + other)
    if isinstance(node, Each) and node.word == "all":
        bodies = tuple(Unary("!", body) for body in node.bodies)
        return _ways(Each("exists", node.over, node.name, bodies), not truth, known)
    if isinstance(node, Each) and node.word == "exists" and isinstance(node.over, Member):
        answer = known.quantifier(Some(_subject(node.over), node.name, node.bodies[0]))
        return _opaque(node, truth) if answer is None else [()] if answer == truth else []
    if isinstance(node, Binary) and node.sign == "in" and isinstance(node.right, Listed):
        values = [item.value for item in node.right.items if isinstance(item, Const)]
        if len(values) == len(node.right.items):
            return [(Constraint(_subject(node.left), "in" if truth else "not in", frozenset(values)),)]
    return _compared(node, truth) if isinstance(node, Binary) and node.sign in _TURNED else _opaque(node, truth)


def _subject(node: Node) -> str:
    """Return by what name something is said of a node: a fact's path, or what else it is."""
    return ".".join(node.path) if isinstance(node, Member) else repr(node)


def _opaque(node: Node, truth: bool) -> list[Way]:  # noqa: FBT001 - the truth of a node
    """Say of what is not understood nothing but that it is equal to itself."""
    return [(Constraint(_subject(node), "in", frozenset({truth})),)]


def _compared(node: Binary, truth: bool) -> list[Way]:  # noqa: FBT001 - the truth of a comparison
    sign, left, right = node.sign, node.left, node.right
    if isinstance(left, Const) and not isinstance(right, Const):
        sign, left, right = _TURNED[sign], right, left
    if not truth:
        sign = _CONTRARY[sign]
    if isinstance(left, Const) and isinstance(right, Const):
        return [()] if _holds(left.value, sign, right.value) else []
    if not isinstance(right, Const):
        plain = sign if sign in {"==", "<", "<="} else _CONTRARY[sign]
        return _opaque(Binary(plain, left, right), plain == sign)
    path = _subject(left)
    if sign in {"==", "!="}:
        return [(Constraint(path, "in" if sign == "==" else "not in", frozenset({right.value})),)]
    return [(Constraint(path, sign, right.value),)]


def _crossed(left: list[Way], right: list[Way], known: Known) -> list[Way]:
    return _kept([joined for a in left for b in right if _consistent(joined := (*a, *b), known)])


def _kept(ways: list[Way]) -> list[Way]:
    """Of too many ways nothing is said: they may hold."""
    return ways if len(ways) <= _MOST else [()]


def _holds(left: Constant, sign: str, right: Constant) -> bool:
    if sign in {"==", "!="}:
        return (_same(left, right)) == (sign == "==")
    try:
        return bool(_ORDERS[sign](left, right))
    except TypeError:
        return False  # null has no order, nor has a text one to a number: the evaluator refuses both


def _same(left: Constant, right: Constant) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _consistent(way: Way, known: Known) -> bool:
    constraints: dict[str, list[Constraint]] = {}
    for constraint in way:
        constraints.setdefault(constraint.path, []).append(constraint)
    return all(_one_value(path, found, known) for path, found in constraints.items())


def _one_value(path: str, constraints: list[Constraint], known: Known) -> bool:
    """Whether one fact can have a value of which all of this is true."""
    candidates = known.values.get(path)
    for constraint in constraints:
        if constraint.sign == "in" and candidates is None:
            candidates = constraint.value
    if candidates is not None:
        return any(_fits(value, constraints, known.bounds.get(path)) for value in candidates)
    return _between(constraints, known.bounds.get(path))


def _fits(value: Constant, constraints: list[Constraint], bounds: tuple[int | None, int | None] | None) -> bool:
    if bounds is not None and isinstance(value, int) and not isinstance(value, bool):
        least, greatest = bounds
        if (least is not None and value < least) or (greatest is not None and value > greatest):
            return False
    for constraint in constraints:
        if constraint.sign in {"in", "not in"}:
            if any(_same(value, other) for other in constraint.value) != (constraint.sign == "in"):
                return False
        elif not _holds(value, constraint.sign, constraint.value):
            return False
    return True


def _between(constraints: list[Constraint], bounds: tuple[int | None, int | None] | None) -> bool:
    """Whether orders leave room; what is said not to be is passed over, there is always another value."""
    orders = [constraint for constraint in constraints if constraint.sign in _ORDERS]
    if not orders:
        return True
    if bounds is not None:
        least, greatest = bounds
        orders += [Constraint("", ">=", least)] if least is not None else []
        orders += [Constraint("", "<=", greatest)] if greatest is not None else []
    kinds = {isinstance(constraint.value, str) for constraint in orders}
    if len(kinds) > 1 or any(constraint.value is None for constraint in orders):
        return False
    lower = [constraint for constraint in orders if constraint.sign in {">", ">="}]
    upper = [constraint for constraint in orders if constraint.sign in {"<", "<="}]
    return all(
        low.value < high.value or (low.value == high.value and low.sign == ">=" and high.sign == "<=")
        for low in lower
        for high in upper
    )
