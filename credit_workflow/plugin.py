"""Define what a plug-in is written with: the call that a custom effect gets, and the result that it gives.

A plug-in is pure: what it returns follows from what it is given. It reads no clock, no database,
no network. It is offered by an installed package as an entry point of the group
``credit_workflow.effects`` or ``credit_workflow.functions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class EffectCall(Struct, frozen=True, kw_only=True):
    """What a custom effect is given.

    Args:
        effect: the name by which the definition called it.
        values: what the definition handed over under ``values``.
        facts: ``case``, ``subject``, ``record``, ``parent``, ``actor``, ``input`` and ``today`` as
            expressions see them: dates are texts, what is absent is None. ID numbers are whole.

    Mappings and lists within both can't be changed (lists are tuples).
    """

    effect: str
    values: Mapping[str, Any]
    facts: Mapping[str, Any]


class EffectResult(Struct, frozen=True, kw_only=True):
    """What a custom effect does.

    Args:
        fields: new values of fields, by name; only of those that the definition lists under
            ``sets``, and of the field's type. None takes a value away.
        notices: the papers of those notifications that shall be sent, of those that the definition
            lists under ``notices``.
    """

    fields: Mapping[str, Any] = {}
    notices: tuple[str, ...] = ()
