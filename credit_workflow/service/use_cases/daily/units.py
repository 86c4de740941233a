"""Keep the register of units, and look units up."""

from __future__ import annotations

from credit_workflow.casework.units import register
from credit_workflow.casework.units.register import UnitDetails
from credit_workflow.casework.units.unit_answers import Unit, Units
from credit_workflow.service.use_case import Request
from credit_workflow.service.work import Work

_KEEP = "keep_units"


class AddUnit(Request[Unit], UnitDetails, frozen=True, kw_only=True):
    """Put a unit onto the register.

    Args:
        name: its name.
    """

    name: str


class ChangeUnit(Request[Unit], UnitDetails, frozen=True, kw_only=True):
    """Change what the register says of a unit.

    Args:
        unit: its name, a former name or its code.
        name: the name that it has from now on; the old one stays as a former name.
    """

    unit: str
    name: str | None = None


class ListUnits(Request[Units], frozen=True, kw_only=True):
    """List the units on the register.

    Args:
        incomplete: only those of which something is missing.
    """

    incomplete: bool = False


class ShowUnit(Request[Unit], frozen=True, kw_only=True):
    """Show a unit.

    Args:
        unit: its name, a former name or its code.
    """

    unit: str


def add_unit(work: Work, request: AddUnit) -> Unit:
    """Put a unit onto the register.

    Raises:
        Refused: a unit has that name or code already, or had it.
        UsageFault: the name is empty or too long, or there is no such kind.
    """
    return register.add(work.writing, work.acting, request.name, request, role=work.require(_KEEP))


def change_unit(work: Work, request: ChangeUnit) -> Unit:
    """Change what the register says of a unit.

    Raises:
        NotFound: there is no such unit.
        Refused: another unit has the new name or code already, or had it.
        UsageFault: nothing is changed, a name is empty or too long, or there is no such kind.
    """
    role = work.require(_KEEP)
    return register.change(work.writing, work.acting, request.unit, request, new_name=request.name, role=role)


def list_units(work: Work, request: ListUnits) -> Units:
    """List the units on the register, by name."""
    found = register.register_of(work.db).units
    return Units(units=tuple(unit for unit in found if not (request.incomplete and unit.complete)))


def show_unit(work: Work, request: ShowUnit) -> Unit:
    """Show a unit.

    Raises:
        NotFound: there is no such unit.
    """
    return register.register_of(work.db).named(request.unit)
