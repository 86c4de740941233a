"""The types of the Python API from a user's side, and the surface that is promised."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import credit_workflow
from credit_workflow import api

ROOT = Path(__file__).resolve().parents[2]
SURFACE = Path(__file__).with_name("surface.txt")


@pytest.mark.slow
def test_a_users_program_is_checked_strictly_against_the_installed_package(tmp_path: Path):
    venv.create(tmp_path / "venv", with_pip=False)
    (site,) = (tmp_path / "venv").rglob("site-packages")
    # Installed, not in the checkout: mypy then takes types only from a package that ships py.typed.
    (site / "installed.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    python = next(
        p for p in (tmp_path / "venv").rglob("python*") if p.stem == "python" and p.parent.name in ("bin", "Scripts")
    )
    user = tmp_path / "user"
    user.mkdir()
    program = user / "program.py"
    program.write_text((ROOT / "tests/typing/user_project.py").read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", "--config-file=", "--python-executable",
         str(python), "--cache-dir", str(tmp_path / "cache"), program.name],
        cwd=user, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "Success: no issues found in 1 source file\n"), (
        done.stdout + done.stderr
    )


def surface() -> Iterator[str]:
    """Every public name with its signature, its fields and its public members."""
    for name in sorted(api.__all__):
        thing: Any = getattr(api, name)
        if inspect.isclass(thing) and issubclass(thing, BaseException):
            yield f"error {name}({thing.__mro__[1].__name__}) exit {thing.exit_status} code {thing.default_code}"  # type: ignore[attr-defined]  # all of ours
        elif inspect.isclass(thing) and issubclass(thing, msgspec.Struct):
            yield f"value {name}({thing.__mro__[1].__name__})"
            hints = {field: thing.__annotations__.get(field) for field in thing.__struct_fields__}
            for field, encoded in zip(thing.__struct_fields__, thing.__struct_encode_fields__, strict=True):
                shown = f" as {encoded}" if encoded != field else ""
                yield f"    {field}: {hints[field] or '(inherited)'}{shown}"
            yield from _members(thing, msgspec.Struct)
        elif inspect.isclass(thing):
            yield f"class {name}"
            yield from _members(thing, object)
        else:
            yield f"function {name}{_signature(thing)}"


def _members(thing: type, base: type) -> Iterator[str]:
    for member, value in sorted(vars(thing).items()):
        if member.startswith("_") or hasattr(base, member):
            continue
        if isinstance(value, property):
            yield f"    {member} -> {inspect.signature(value.fget).return_annotation}"  # type: ignore[arg-type]  # all can be read
        elif inspect.isfunction(value):
            yield f"    {member}{_signature(value)}"


def _signature(function: Any) -> str:
    """The signature; a default that is a function is shown by its name, not its place in memory."""
    return re.sub(r"<function (\w+) at 0x[0-9a-f]+>", r"\1", str(inspect.signature(function)))


def test_the_public_surface_is_the_one_promised():
    """A change of it is a decision: write the file anew with `python -m tests.api.test_typing`."""
    assert SURFACE.read_text(encoding="utf-8").splitlines() == list(surface())


def test_what_is_public_is_documented_and_found_in_the_package():
    assert credit_workflow.__all__ == api.__all__
    assert set(api.__all__) <= set(dir(credit_workflow))
    for name in api.__all__:
        thing = getattr(credit_workflow, name)
        assert thing is getattr(api, name)
        assert inspect.getdoc(thing), name
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    assert inspect.getdoc(value), f"{name}.{member}"
    with pytest.raises(AttributeError):
        credit_workflow.no_such_name  # type: ignore[attr-defined]  # noqa: B018 - that is the point


def test_the_documentation_names_everything_public():
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for name in api.__all__:
        assert f"`{name}" in text, name
    for name, member in inspect.getmembers(api.Desk, inspect.isfunction):
        if not name.startswith("_"):
            assert f"`{name}" in text, (name, member)


if __name__ == "__main__":
    SURFACE.write_text("\n".join(surface()) + "\n", encoding="utf-8", newline="\n")
