"""The registry says of each use case what is true of its types and its function."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec import Struct

from credit_workflow.casework.answer import Value
from credit_workflow.service import registry
from credit_workflow.service.entries import daily, rules, upkeep
from credit_workflow.service.registry import USE_CASES, function, request_type
from credit_workflow.service.use_case import Request, Trace, UseCase, Way

ENTRIES: tuple[UseCase, ...] = (*daily.ENTRIES, *rules.ENTRIES, *upkeep.ENTRIES)
#: Where a mapping of anything stands in a request or an answer: what a definition, a schema or the log says.
OPEN = {
    "SubmitCase.values", "SubmitCases.values", "TakeAction.values", "CheckSubmit.values", "CheckAction.values", "Case.fields", "Waiting.fields", "Ground.facts",
    "Event.data", "DossierLine.data", "HeldUpdate.now", "HeldUpdate.new", "AuditEntry.data", "ProofChecked.says", "ShownDefinition.body", "FormSchema.schema",
}  # fmt: skip


def answer_type(kind: type[Request[Any]]) -> type[Value]:
    """The type of the answer to a request."""
    bases = (base for one in kind.__mro__ for base in vars(one).get("__orig_bases__", ()))
    answer: type[Value] = next(get_args(base)[0] for base in bases if get_origin(base) is Request)
    assert issubclass(answer, Value)
    return answer


def test_names_requests_and_functions_stand_once() -> None:
    for names in ([e.name for e in ENTRIES], [e.request for e in ENTRIES], [(e.module, e.run) for e in ENTRIES]):
        assert [name for name, times in Counter(names).items() if times > 1] == []
    assert len(USE_CASES) == len(ENTRIES)


@pytest.mark.parametrize("name", USE_CASES)
def test_what_an_entry_names_is_there(name: str) -> None:
    use_case = USE_CASES[name]
    kind = request_type(use_case)
    assert issubclass(kind, Request)
    assert kind.__struct_config__.frozen
    assert answer_type(kind).__struct_config__.frozen
    assert registry.use_case_of(_blank(kind)) is use_case
    parameters = list(inspect.signature(run := function(use_case, use_case.run)).parameters.values())
    module = vars(inspect.getmodule(run))
    assert [parameters[0].annotation, module[parameters[1].annotation]] == ["Work", kind]
    assert module[inspect.signature(run).return_annotation] is answer_type(kind)
    if use_case.refused is not None:
        logs = list(inspect.signature(function(use_case, use_case.refused)).parameters.values())
        assert module[logs[1].annotation] is kind


@pytest.mark.parametrize("name", USE_CASES)
def test_way_and_trace_go_together(name: str) -> None:
    use_case = USE_CASES[name]
    if use_case.trace is Trace.LOOK:
        assert use_case.way is Way.READS, "the door writes down looks of what reads"
    if use_case.trace is Trace.CHANGE:
        assert use_case.way is not Way.READS
    if use_case.way is Way.WRITES:
        assert use_case.trace is Trace.CHANGE
    assert use_case.refused is None or use_case.way is Way.WRITES


@pytest.mark.parametrize("name", USE_CASES)
def test_each_argument_of_a_request_is_described(name: str) -> None:
    kind = request_type(USE_CASES[name])
    said = inspect.getdoc(kind) or ""
    assert re.match(r"[A-Z][^\n]+[.:;]", said)
    said = "\n".join(inspect.getdoc(one) or "" for one in kind.__mro__ if issubclass(one, Struct))
    for field in msgspec.structs.fields(kind):
        assert re.search(rf"\b{field.name}\b(?:``)?[^\n]*:|``{field.name}``", said), field.name
    assert inspect.getdoc(function(USE_CASES[name], USE_CASES[name].run))


@pytest.mark.parametrize("name", USE_CASES)
def test_nothing_passes_the_door_but_typed_values(name: str) -> None:
    kind = request_type(USE_CASES[name])
    found = set(_open_in(kind, set())) | set(_open_in(answer_type(kind), set()))
    assert found - OPEN == set()


def _open_in(kind: type[Struct], seen: set[type]) -> list[str]:
    """The fields of a struct, and of those in it, that may hold a mapping of anything."""
    if kind in seen:
        return []
    seen.add(kind)
    found = []
    for name, hint in get_type_hints(kind).items():
        for part in _parts(hint):
            if get_origin(part) in (dict, Mapping) and Any in get_args(part):
                found.append(f"{kind.__name__}.{name}")
            elif isinstance(part, type) and issubclass(part, Struct):
                found += _open_in(part, seen)
    return found


def _parts(hint: Any) -> list[Any]:
    inner = [one for arg in get_args(hint) if get_origin(hint) is not None for one in _parts(arg)]
    return inner if get_origin(hint) in (Union, UnionType) else [hint, *inner]


def _blank(kind: type[Request[Any]]) -> Request[Any]:
    """A request with nothing in it; msgspec looks at no types when one is made."""
    return kind(**{field.name: None for field in msgspec.structs.fields(kind) if field.required})
