"""``report``: the operating report that the credit centre sends round every month (附件3·七(二))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from credit_workflow.casework.access.permissions import require
from credit_workflow.casework.clock import local
from credit_workflow.casework.statistics import source
from credit_workflow.cli.base import Command, new_app
from credit_workflow.cli.context import settings
from credit_workflow.cli.language import t
from credit_workflow.cli.options import NewFile
from credit_workflow.cli.output import emit, progress
from credit_workflow.cli.upkeep.stats import not_there, read_figures, write_new
from credit_workflow.errors import IntegrityFault
from credit_workflow.store.reading.reader import Reader

if TYPE_CHECKING:  # Jinja2 starts slowly
    from credit_workflow.reports.monthly import Seals, Verified


def branches() -> dict[str, typer.Typer]:
    """Return this module's branches of the tree of commands."""
    app = new_app(t("运行报告。", "Operating reports."))
    app.command(
        "monthly",
        cls=Command,
        help=t(
            "运行监测月报（附件3·七(二)），可直接打印的 A4 网页（市信用中心、单位负责人、主管部门、审计员）。",
            "The monthly operating report, in Chinese, ready to print on A4 (centre, supervisor, authority, auditor).",
        ),
    )(_monthly)
    app.callback()(_nothing)
    return {"report": app}


def _nothing() -> None:
    """Keep ``report`` a group although it has one command."""


def _monthly(
    to: NewFile,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="YYYY-MM", help=t("月份；不填则上月", "the month; the last one unless given")),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify/--no-verify", help=t("编制时校验日志", "verify the log for the report")),
    ] = True,
) -> None:
    from credit_workflow.casework.audit.operations import operations  # noqa: PLC0415 - Jinja2 starts slowly
    from credit_workflow.casework.statistics.titles import Titles  # noqa: PLC0415
    from credit_workflow.reports import monthly  # noqa: PLC0415

    chosen = settings()
    with chosen.desk() as (desk, viewer), chosen.database.reading() as db:
        if viewer.actor is None:  # pragma: no cover - a desk has somebody at it
            raise TypeError
        require(chosen.definitions, viewer.actor, "operating_report")
        wanted = monthly.month_of(month, desk.moment.effective)
        not_there(to)
        figures = read_figures(desk, monthly.periods_of(wanted, desk.moment.effective))
        zone = chosen.calendar.zone
        ran = operations(db, figures[0].period, zone)
        verified = _verified(db) if verify else None
        made = monthly.Made(
            at=local(viewer.moment.at, zone),
            by=viewer.actor.account,
            unit=viewer.actor.unit or "",
            training=db.training,
        )
        page = monthly.render(
            wanted,
            figures,
            Titles(db.rules.values()),
            operations=ran,
            seals=_seals(db, zone),
            verified=verified,
            made=made,
        )
        session = chosen.session(viewer.actor, viewer.moment)
    source.log_written(session, "report", figures[0].period)
    write_new(to, page.encode())
    if chosen.json:
        whole = None if verified is None else verified.fault is None
        emit({"file": str(to), "month": f"{wanted[0]}-{wanted[1]:02}", "verified": whole})
        return
    print(t(f"已写入 {to}（{wanted.title}），用浏览器打开即可打印。", f"wrote {to}; open it in a browser to print."))
    if verified is not None and verified.fault is not None:
        print(t("✗ 日志校验异常，请立即运行 audit verify。", "✗ the log is not whole: run audit verify at once."))


def _verified(db: Reader) -> Verified:
    """Return what verifying the log finds; a fault is reported rather than raised, since it belongs into the report."""
    from credit_workflow.reports.monthly import Verified  # noqa: PLC0415 - as above
    from credit_workflow.store.integrity.seals import verify_seals  # noqa: PLC0415 - cryptography starts slowly
    from credit_workflow.store.integrity.verification import verify  # noqa: PLC0415 - as above

    try:
        with progress(t("校验", "verifying"), quiet=settings().json) as advance:
            counts = verify(db, advance)
            verify_seals(db)
    except IntegrityFault as fault:
        return Verified(fault=fault.message.zh, events=0, cases=0)
    return Verified(fault=None, events=counts["events"], cases=counts["cases"])


def _seals(db: Reader, zone: str) -> Seals:
    from credit_workflow.reports.monthly import Seals  # noqa: PLC0415 - as above
    from credit_workflow.store.mapping.rows import instant_of  # noqa: PLC0415

    rows = db.seal_rows()
    if not rows:
        return Seals(count=0, last=None, size=0)
    last = rows[-1]
    return Seals(count=len(rows), last=local(instant_of(last[1]), zone), size=last[4])
