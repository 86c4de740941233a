"""``audit``: is the log whole?"""

from __future__ import annotations

import typer

from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import t
from credit_workflow.cli.output import emit, progress, training_line


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("审计。", "Audit."))
    app.command(
        "verify",
        cls=Command,
        help=t(
            "校验全部日志，并与案件、期限、标注、信用记录核对。",
            "Verify all logs, and hold cases, deadlines, marks and records against them.",
        ),
    )(_verify)
    app.callback()(_nothing)
    return {"audit": app}


def _nothing() -> None:
    """Keep ``audit`` a group although it has one command."""


def _verify() -> None:
    from credit_workflow.store.verify import verify  # noqa: PLC0415

    chosen = settings()
    with chosen.database.reading() as db, progress(t("校验", "verifying"), quiet=chosen.json) as advance:
        counts, training = verify(db, advance), db.training
    if chosen.json:
        emit({"ok": True, **counts})
        return
    training_line(training=training)
    said = {
        "zh": "日志完整：{events} 条案件日志，{cases} 件案件，{records} 条信用记录，{journal} 条其他日志，均相符。",
        "en": "The log is whole: {events} case entries, {cases} cases, {records} records and {journal} other entries agree.",
    }
    print(t(said["zh"], said["en"]).format(**counts))
