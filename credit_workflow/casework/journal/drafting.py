"""Draft entries for the second log in the name of whoever is at work."""

from __future__ import annotations

from credit_workflow.casework.acting import Acting
from credit_workflow.casework.journal.entry import Draft, Said
from credit_workflow.engine.values import SYSTEM
from credit_workflow.engine.world import Moment


def by_actor(acting: Acting, said: Said, *, role: str | None = None, of: str = "", as_kind: str = "") -> Draft:
    """Return an entry by who acts in a session, now.

    Args:
        acting: who acts, and when.
        said: what the entry says.
        role: the role in which it is done; all of the account's unless given.
        of: what the stream is about, where each of many things has one of its own.
        as_kind: the kind, where the form has none.
    """
    actor = acting.actor
    acts_as = ",".join(sorted(actor.roles)) if role is None else role
    return Draft(said=said, at=acting.moment.at, actor=actor.account, role=acts_as, of=of, as_kind=as_kind)


def by_system(moment: Moment, said: Said, *, as_kind: str = "") -> Draft:
    """Return an entry by the system, at a moment; ``as_kind`` is the kind, where the form has none."""
    return Draft(said=said, at=moment.at, actor=SYSTEM, role=SYSTEM, as_kind=as_kind)
