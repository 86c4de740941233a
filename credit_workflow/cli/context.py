"""Hold what every command starts from: the global options, and the office in which it asks."""

from __future__ import annotations

import os
import sys
from functools import cache, cached_property
from pathlib import Path

from msgspec import Struct

from credit_workflow.cli.language import language, t
from credit_workflow.cli.tokens import token_of
from credit_workflow.errors import Refused
from credit_workflow.service.door import carry_out
from credit_workflow.service.premises import Premises, default_database, machine_time
from credit_workflow.service.seat import Seat
from credit_workflow.service.use_case import A, Request
from credit_workflow.service.work import Progress


class Settings(Struct, kw_only=True, dict=True):
    """The global options as they were given."""

    db: str | None = None
    json: bool = False
    account: str | None = None
    at: str | None = None
    workflows: Path | None = None
    calendars: Path | None = None
    confirm_date: bool = False
    told_behind: bool = False

    @cached_property
    def office(self) -> Premises:
        """The office at the database named, or at the default one."""
        return Premises(
            self.db or default_database(),
            workflows=self.workflows,
            calendars=self.calendars,
            lang=language(),
            clock=machine_time,
        )

    def take(self, **given: object) -> None:
        """Take over what was given; what was not stays as it is."""
        for name, value in given.items():
            setattr(self, name, value or getattr(self, name))

    @property
    def interactive(self) -> bool:
        """Whether there is somebody to ask."""
        return not self.json and sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def seat(self) -> Seat:
        """Who asks: whoever ``--as`` names, or whoever has signed in."""
        return Seat(account=self.account, tokens=token_of, at=self.at, confirm_date=self.confirm_date)


def ask(request: Request[A], progress: Progress | None = None) -> A:
    """Ask the office for something, in the name of whoever runs the command, and return the answer."""
    chosen = settings()
    try:
        answer = carry_out(chosen.office, chosen.seat, request, progress)
    except Refused as refusal:
        if refusal.code != "date_unconfirmed" or not (refusal.details["may_confirm"] and chosen.interactive):
            raise
        from credit_workflow.cli.prompts import confirms_date  # noqa: PLC0415 - seldom asked

        if not confirms_date(refusal):
            raise
        chosen.confirm_date = True
        answer = carry_out(chosen.office, chosen.seat, request, progress)
    if chosen.office.behind is not None and not chosen.json:
        _tell_behind(chosen)
    return answer


def _tell_behind(chosen: Settings) -> None:
    """Say, once a command, that this machine's clock stands behind the log."""
    if not chosen.told_behind and chosen.office.behind is not None:
        chosen.told_behind = True
        minutes = int(chosen.office.behind.total_seconds()) // 60
        print(
            t(
                f"⚠ 本机时钟比日志中最新的记录慢 {minutes} 分钟，请校准时钟。",
                f"⚠ This machine's clock stands {minutes} minutes behind the newest entry of the log: set it right.",
            ),
            file=sys.stderr,
        )


def leave() -> None:
    """Close the office, where one was opened."""
    office = settings().__dict__.pop("office", None)
    if office is not None:
        office.close()


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings(
        db=os.environ.get("CREDIT_WORKFLOW_DB") or None,
        json=os.environ.get("CREDIT_WORKFLOW_JSON", "") not in ("", "0"),
        account=os.environ.get("CREDIT_WORKFLOW_AS") or None,
        at=os.environ.get("CREDIT_WORKFLOW_AT") or None,
        workflows=place_of("CREDIT_WORKFLOW_WORKFLOWS"),
        calendars=place_of("CREDIT_WORKFLOW_CALENDARS"),
    )


def place_of(variable: str) -> Path | None:
    """Return the file or folder that the environment names, or None."""
    named = os.environ.get(variable)
    return Path(named) if named else None
