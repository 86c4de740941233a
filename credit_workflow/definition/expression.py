"""Evaluate expressions in CEL, the Common Expression Language: no `eval`, no side effects.

The evaluator is the compiled module of the package ``common-expression-language``. It is loaded
by itself because the package around it imports an interactive shell, which takes half a second.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from credit_workflow.definition.expression_tree import functions_in, paths_in
from credit_workflow.definition.plugins import FUNCTIONS, called, plain, plugin
from credit_workflow.definition.words.alike import alike
from credit_workflow.errors import CreditWorkflowError, DefinitionFault
from credit_workflow.text import Text

#: What an expression may speak of, once there is a case.
KNOWN_FACTS = frozenset(
    {
        "case", "subject", "record", "parent", "children", "earlier", "actor", "today", "input", "deadlines", "done",
        "found", "listed", "same_record", "rehearsals", "reports", "accounts", "told",
    }
)  # fmt: skip

#: The functions and methods that the evaluator has; macros (``has``, ``exists`` …) are no functions.
_BUILT_IN = frozenset(
    {
        "size", "contains", "startsWith", "endsWith", "matches", "string", "int", "uint", "double", "bytes", "bool",
        "type", "dyn", "duration", "timestamp", "min", "max", "getFullYear", "getMonth", "getDayOfYear",
        "getDayOfMonth", "getDate", "getDayOfWeek", "getHours", "getMinutes", "getSeconds", "getMilliseconds",
        "of", "ofNonZeroValue", "none", "value", "hasValue", "or", "orValue", "optMap", "optFlatMap",
    }
)  # fmt: skip

#: Functions that expressions have besides.
_OWN: Mapping[str, Callable[..., Any]] = {"alike": alike}


class _Compiled(Protocol):
    def execute(self, context: Mapping[str, Any]) -> Any: ...


@cache
def _evaluator() -> ModuleType:
    package = importlib.util.find_spec("cel")
    if package is None or not package.submodule_search_locations:
        raise ImportError("the package common-expression-language is not installed")
    spec = importlib.machinery.PathFinder.find_spec("cel", list(package.submodule_search_locations))
    if spec is None or spec.loader is None:
        raise ImportError("the package common-expression-language has no compiled module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def compiled(source: str) -> _Compiled:
    """Return the program for an expression.

    Raises:
        DefinitionFault: the text is no expression in CEL.
    """
    try:
        program: _Compiled = _evaluator().compile(source)
    except ValueError as fault:
        first = str(fault).splitlines()[0]
        raise DefinitionFault(
            Text(f"表达式不是有效的 CEL：{source}（{first}）", f"not an expression in CEL: {source} ({first})")
        ) from fault
    return program


@cache
def custom_functions(source: str) -> tuple[str, ...]:
    """Return the functions that an expression calls and CEL does not have: plug-ins, if any.

    Raises:
        DefinitionFault: the text is no expression in CEL.
    """
    return tuple(sorted(functions_in(source) - _BUILT_IN - _OWN.keys()))


@cache
def _own_functions(source: str) -> tuple[str, ...]:
    return tuple(sorted(functions_in(source) & _OWN.keys()))


def evaluate(source: str, facts: Mapping[str, Any]) -> Any:
    """Return the value of an expression over the facts.

    Raises:
        DefinitionFault: the expression can't be evaluated over these facts; the definition has
            a mistake that its checks could not see.
    """
    try:
        program = compiled(source)
        custom, own = custom_functions(source), _own_functions(source)
        if custom or own:
            return _with_functions(program, custom, own, facts)
        return program.execute(facts)
    except (RuntimeError, TypeError, KeyError, ValueError, IndexError, ArithmeticError) as fault:
        raise DefinitionFault(
            Text(f"表达式无法计算：{source}（{fault}）", f"the expression can't be evaluated: {source} ({fault})")
        ) from fault


def _with_functions(program: _Compiled, names: tuple[str, ...], own: tuple[str, ...], facts: Mapping[str, Any]) -> Any:
    """Evaluate with ``own`` functions and those of installed packages; a fault of one is raised whatever comes out.

    The evaluator would print such a fault with its trace, and ``||`` would pass over it.
    """
    faults: list[CreditWorkflowError] = []

    def guarded(name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            try:
                return plain(FUNCTIONS, name, called(FUNCTIONS, name, *arguments))
            except CreditWorkflowError as fault:
                faults.append(fault)
                return None

        return call

    context = _evaluator().Context(dict(facts))
    for name in names:
        plugin(FUNCTIONS, name)  # one that is missing is said so, whether or not it would be called
        context.add_function(name, guarded(name))
    for name in own:
        context.add_function(name, _OWN[name])
    try:
        value = program.execute(context)
    except (RuntimeError, TypeError, KeyError, ValueError, IndexError, ArithmeticError):
        if not faults:
            raise
    if faults:
        raise faults[0]
    return value


def holds(source: str, facts: Mapping[str, Any]) -> bool:
    """Return whether a condition is true over the facts.

    Raises:
        DefinitionFault: it can't be evaluated, or gives something else than true or false.
    """
    value = evaluate(source, facts)
    if not isinstance(value, bool):
        raise DefinitionFault(
            Text(f"条件的结果不是真或假：{source}", f"the condition is neither true nor false: {source}")
        )
    return value


def unknown_facts(source: str, known: frozenset[str] = KNOWN_FACTS) -> list[str]:
    """Return the names in an expression that no fact has."""
    return sorted({path[0] for path in paths_in(source)} - known)
