"""Hold what a simulation starts from and assumes: values that are read once and never changed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from credit_workflow.authoring.simulation.assumptions import People
from credit_workflow.calendar.working_days import WorkCalendar
from credit_workflow.engine.ruleset import Rules
from credit_workflow.engine.values import Actor, Case, Record
from credit_workflow.engine.world import Holding, Moment, ReportMade
from credit_workflow.identity import Subject


class Template(Struct, frozen=True, kw_only=True, gc=False):
    """What a simulated case is modelled on: the person, the record and the unit of a real one.

    ``opened`` is the day on which that one was filed, None where only a record served as the model.
    """

    subject: Subject
    record: Record | None = None
    opened: date | None = None
    unit: str | None = None


class Coming(Struct, frozen=True, kw_only=True, gc=False):
    """A recurring case that the system is going to open: on which day, as of which, and what it is given."""

    day: date
    effective: date
    workflow: str
    given: Mapping[str, Any]


class Start(Struct, frozen=True, kw_only=True):
    """Today's cases and what else decisions can depend on.

    Args:
        now: the moment from which on is simulated.
        rules: every definition that ever ran here, by digest.
        families: the linked cases of which one is open or has a running deadline, by their root.
        records: the records of these cases, by number.
        staff: who may act, by role.
        templates: what new cases are modelled on, by workflow.
        serials: the last serial number of each workflow and year.
        holdings: finds the records of a person by the person's key.
        earlier: finds the cases that were filed before one.
        kept: finds a case that is not among the families, or None.
        counted_by: by case and deadline the digest of the version that counted it, where that is not the case's own.
        rehearsals: the days of successful rehearsals of recovery.
        reports: the operating reports that were made.
    """

    now: Moment
    rules: Mapping[str, Rules]
    families: Mapping[str, Mapping[str, Case]]
    records: Mapping[str, Record]
    staff: Mapping[str, tuple[Actor, ...]]
    templates: Mapping[str, tuple[Template, ...]]
    serials: Mapping[tuple[str, int], int]
    holdings: Callable[[str], tuple[Holding, ...]]
    earlier: Callable[[Case], tuple[Case, ...]]
    kept: Callable[[str], Case | None]
    counted_by: Mapping[str, Mapping[str, str]] = {}
    rehearsals: tuple[date, ...] = ()
    reports: tuple[ReportMade, ...] = ()


class Scenario(Struct, frozen=True, kw_only=True):
    """Under which rules, calendar and assumptions the future runs.

    Args:
        rules: the definitions that new cases begin with, by workflow.
        calendar: counts the deadlines.
        people: what is assumed of people.
        coming: the recurring cases that the system is going to open.
        running_too: whether running cases take the definitions over, where their state is known there.
    """

    rules: Mapping[str, Rules]
    calendar: WorkCalendar
    people: People
    coming: tuple[Coming, ...] = ()
    running_too: bool = False
