"""A workflow engine for the statutory handling of objections to public credit information.

Whoever embeds it finds here what `credit_workflow.api` has, loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:  # type checkers see the names themselves, and so find one that is not there
    from credit_workflow.api import *  # noqa: F403 - its names
    from credit_workflow.api import __all__ as __all__
else:

    def __getattr__(name: str) -> Any:
        """Return a name of the Python API: the command line need not load it."""
        if name != "__all__" and name.startswith("_"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - only who embeds it

        api = import_module("credit_workflow.api")
        if name == "__all__" or name in api.__all__:
            return getattr(api, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Return the names that there are, those of the Python API too."""
        from importlib import import_module  # noqa: PLC0415

        return sorted({*globals(), *import_module("credit_workflow.api").__all__})
