"""Give a case's log, as programs read it and as people do."""

from __future__ import annotations

from collections.abc import Iterable

from credit_workflow.casework.access.seen import Seen
from credit_workflow.casework.access.sight import Sight
from credit_workflow.casework.cases.case_answers import History, TimelineLine
from credit_workflow.casework.cases.views import event_of
from credit_workflow.casework.clock import local
from credit_workflow.casework.ports import Reading
from credit_workflow.casework.rulebook.form_answers import WorkflowForm
from credit_workflow.casework.rulebook.forms import form_of
from credit_workflow.engine.clocks.deadline_versions import definitions_over
from credit_workflow.engine.values import Entry
from credit_workflow.text import Lang


def history_of(db: Reading, sight: Sight, number: str, zone: str, lang: Lang) -> History:
    """Return a case's log, the oldest entry first.

    Args:
        db: where it is.
        sight: what is seen of it.
        number: the case's.
        zone: the zone whose clocks its instants show.
        lang: the language of titles.

    Raises:
        NotFound: there is no such case, or nothing is seen of it.
    """
    case = sight.known(number)
    whole, hidden = sight.of(case) is Seen.WHOLE, sight.hidden(case)
    of_record = not sight.keeps_record(case)
    entries = db.cases.entries(case.number)
    digests = definitions_over(entry for _, _, entry in entries)
    forms = _forms(db, digests)
    return History(
        case=number,
        events=tuple(
            event_of(seq, hash_, entry, zone, db.rules[digest].workflow, hidden, whole=whole, of_record=of_record)
            for (seq, hash_, entry), digest in zip(entries, digests, strict=True)
        ),
        words=tuple(
            (forms[digest].action_title(entry.action, lang), forms[digest].state_title(entry.after, lang))
            for (_, _, entry), digest in zip(entries, digests, strict=True)
        ),
    )


def timeline_of(db: Reading, sight: Sight, number: str, zone: str, lang: Lang) -> tuple[TimelineLine, ...]:
    """Return a case's log as people read it; arguments as for `history_of`."""
    entries = [entry for _, _, entry in db.cases.entries(number)]
    whole = sight.of(db.cases.get(number)) is Seen.WHOLE
    digests = definitions_over(entries)
    forms = _forms(db, digests)
    return tuple(
        _line(entry, forms.get(digest), zone, lang, whole=whole) for entry, digest in zip(entries, digests, strict=True)
    )


def _forms(db: Reading, digests: Iterable[str]) -> dict[str, WorkflowForm]:
    """Return the workflows of some digests as people meet them."""
    rules = db.rules
    return {digest: form_of(rules[digest].workflow) for digest in set(digests) if digest in rules}


def _line(entry: Entry, form: WorkflowForm | None, zone: str, lang: Lang, *, whole: bool) -> TimelineLine:
    change, migrated = entry.change, entry.change.migrated
    moved = form is not None and change.refused is None and migrated is None and entry.before != entry.after
    about = change.deadline
    return TimelineLine(
        at=local(entry.at, zone),
        effective=entry.effective,
        actor=entry.actor,
        what=entry.action if form is None else form.action_title(entry.action, lang),
        refused=change.refused is not None,
        versions=None if migrated is None else (migrated.previous_version, migrated.definition_version),
        state=form.state_title(entry.after, lang) if form is not None and moved else None,
        about=None if form is None or about is None else form.deadline_title(about, lang),
        note=change.note if whole else None,
    )
