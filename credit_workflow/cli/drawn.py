"""The screens, each loaded when it first draws: JSON needs no Rich, which takes half of a short command's start."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from credit_workflow.cli.screens import (
        account_screen,
        action_screen,
        calendar_screen,
        case_screen,
        definition_screen,
        explanation_screen,
        grid_screen,
        import_screen,
        paper_screen,
        record_screen,
        scenario_screen,
        simulation_screen,
        statistics_screen,
        version_screen,
    )

__all__ = [
    "account_screen", "action_screen", "calendar_screen", "case_screen", "definition_screen", "explanation_screen", "grid_screen", "import_screen",
    "paper_screen", "record_screen", "scenario_screen", "simulation_screen",
    "statistics_screen", "version_screen",
]  # fmt: skip


class _Screen:
    """A module of screens whose functions load it when they are called."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, function: str) -> Any:
        def drawn(*given: Any, **named: Any) -> Any:
            return getattr(import_module(f"credit_workflow.cli.screens.{self._name}"), function)(*given, **named)

        return drawn


def __getattr__(name: str) -> Any:
    return _Screen(name)
