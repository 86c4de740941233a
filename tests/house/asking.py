"""What a function of a face asks of the service, read from its code."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import CodeType, FunctionType, ModuleType
from typing import Any

from credit_workflow.service.registry import USE_CASES
from credit_workflow.service.use_case import Request

_NAMES = {use_case.request: use_case.name for use_case in USE_CASES.values()}
_ROOM = "credit_workflow.service.use_cases."
_FACES = (
    "credit_workflow.cli",
    "credit_workflow.scheduler",
    "credit_workflow.service.office",
    "credit_workflow.service.desk",
)


def leaves(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """Give each leaf command under one, by its words."""
    names = command.list_commands(None) if hasattr(command, "list_commands") else None
    if names is None:
        yield " ".join(path), command
        return
    for name in names:
        yield from leaves(command.get_command(None, name), *path, name)


def asked_by(thing: Any) -> set[str]:
    """The use cases whose requests a function or a class makes, itself or by what it calls of its face."""
    return {_NAMES[f"{kind.__module__.removeprefix(_ROOM)}.{kind.__name__}"] for kind in _requests(thing, set())}


def _requests(thing: Any, seen: set[int]) -> Iterator[type[Request[Any]]]:
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, type) and issubclass(thing, Request) and thing is not Request:
        yield thing
        return
    for one in _parts(thing):
        yield from _requests(one, seen)


def _parts(thing: Any) -> Iterator[Any]:
    """What else a part of a face is made of."""
    if isinstance(thing, property):
        yield thing.fget
    elif not (getattr(thing, "__module__", None) or "").startswith(_FACES):
        return
    elif isinstance(thing, type):
        yield from vars(thing).values()
    elif isinstance(thing, FunctionType):
        yield getattr(thing, "__wrapped__", None)
        for cell in thing.__closure__ or ():
            yield cell.cell_contents
        for code in _codes(thing.__code__):
            yield from _named(code, thing.__globals__)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _named(code: CodeType, known: dict[str, Any]) -> Iterator[Any]:
    """What the names of some code stand for: in its module, or in one that it names or imports itself."""
    modules: list[ModuleType] = []
    for name in code.co_names:
        if name.startswith("credit_workflow."):
            modules.append(import_module(name))
            continue
        found = [known.get(name), *(_member(module, name) for module in modules)]
        modules += [one for one in found if isinstance(one, ModuleType)]
        yield from (one for one in found if not isinstance(one, ModuleType))


def _member(module: ModuleType, name: str) -> Any:
    """What a module has by a name, a module in its folder included."""
    if hasattr(module, "__path__") and find_spec(f"{module.__name__}.{name}") is not None:
        return import_module(f"{module.__name__}.{name}")
    return getattr(module, name, None)
