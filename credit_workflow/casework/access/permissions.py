"""Decide who may do what is no step of a case: see whole numbers, import, seal, back up.

The definitions say so under ``permissions``; nothing here knows a role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from credit_workflow.definition.library import Definition
from credit_workflow.engine.values import Actor
from credit_workflow.errors import NotAllowed
from credit_workflow.text import Text, listed, same

if TYPE_CHECKING:  # what only reads builds no classes of definitions
    from credit_workflow.definition.model import Permission

Definitions = Mapping[str, Definition]


def granting(definitions: Definitions, name: str) -> Permission | None:
    """Return what the definitions say of a permission, or None where they don't know it."""
    found = (d.workflow.permissions.get(name) for d in definitions.values())
    return next((permission for permission in found if permission is not None), None)


def may(definitions: Definitions, roles: Iterable[str], name: str) -> bool:
    """Whether somebody with these roles has a permission; one that no definition grants, nobody has."""
    permission = granting(definitions, name)
    return permission is not None and not set(permission.by).isdisjoint(roles)


def require(definitions: Definitions, actor: Actor, name: str) -> str:
    """Return the role by which somebody has a permission.

    Raises:
        NotAllowed: none of the account's roles has it; the message names those that have.
    """
    permission = granting(definitions, name)
    if permission is None:
        message = Text("没有流程定义授予权限 {n}（permissions）", "no definition grants {n} (permissions)")
        raise NotAllowed(message.fill(n=name), code="role")
    held = [role for role in permission.by if role in actor.roles]
    if not held:
        raise NotAllowed(
            Text("“{t}”只能由{r}办理", "“{t}” is for these only: {r}").fill(
                t=permission.title.text, r=_titles(definitions, permission.by)
            ),
            code="role",
            source=permission.source,
            details={"roles": list(permission.by)},
        )
    return held[0]


def _titles(definitions: Definitions, roles: Iterable[str]) -> Text:
    known = {name: role.title.text for d in definitions.values() for name, role in d.workflow.roles.items()}
    return listed(known.get(role, same(role)) for role in roles)
