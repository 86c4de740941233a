"""Keep the register of units in the log, and find units on it by any name that they have or had.

The log is the register: how a unit stands is what its newest entry says. So there is no row that could
say otherwise, and a database of before has a register too: of the units that its accounts work in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import SequenceMatcher

from msgspec import Struct
from msgspec.structs import replace

from credit_workflow.casework.acting import Acting
from credit_workflow.casework.journal.drafting import by_actor
from credit_workflow.casework.journal.unit_entries import UnitKept
from credit_workflow.casework.ports import Reading, Writing
from credit_workflow.casework.units.unit_answers import Unit
from credit_workflow.errors import NotFound, Refused, UsageFault
from credit_workflow.text import Text

_NEAREST = 3
_LONGEST = 200


class UnitDetails(Struct, frozen=True, kw_only=True):
    """What is said of a unit; what is None is not said.

    Args:
        code: its code, by which it is found too.
        kind: the role that its people have.
        telephone: where it is reached.
        address: where it is.
        former_names: names that it had.
    """

    code: str | None = None
    kind: str | None = None
    telephone: str | None = None
    address: str | None = None
    former_names: tuple[str, ...] | None = None


class Register:
    """The units, each found by its name, a former name or its code.

    Args:
        units: all of them.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = tuple(sorted(units, key=lambda unit: unit.name))
        self._found = {name: unit for unit in self.units for name in unit.former_names}
        self._found |= {unit.code: unit for unit in self.units if unit.code is not None}
        self._found |= {unit.name: unit for unit in self.units}

    def find(self, name: str) -> Unit | None:
        """Return the unit of a name, former name or code; None where there is none."""
        return self._found.get(name.strip())

    def named(self, name: str) -> Unit:
        """Return the unit of a name, former name or code.

        Raises:
            NotFound: there is none; the error names those whose names are nearest.
        """
        found = self.find(name)
        if found is not None:
            return found
        near = self.nearest(name)
        message = Text(
            "单位名录中没有“{n}”；名称相近的有：{k}。新单位须先由账户管理员登记",
            "there is no unit “{n}” on the register; the nearest names: {k}; an administrator enters new ones",
        )
        filled = message.fill(n=name, k=Text("、".join(near) or "无", ", ".join(near) or "none"))
        raise NotFound(filled, code="no_unit", details={"unit": name, "nearest": near})

    def nearest(self, name: str) -> list[str]:
        """Return the names of units that are most like one, the most alike first."""

        def likeness(unit: Unit) -> float:
            names = (unit.name, *unit.former_names)
            return max(SequenceMatcher(None, name, other, autojunk=False).ratio() for other in names)

        alike = sorted(((likeness(unit), unit.name) for unit in self.units), key=lambda one: (-one[0], one[1]))
        return [other for ratio, other in alike[:_NEAREST] if ratio > 0]


def present_names(db: Reading) -> dict[str, str]:
    """Return the present name of every unit that had another one, by that."""
    return {former: unit.name for unit in _kept(db) for former in unit.former_names}


def register_of(db: Reading) -> Register:
    """Return the register as it stands: what the log says, and the units of accounts that nobody has entered."""
    kept = list(_kept(db))
    known = Register(kept)
    others = dict.fromkeys(
        actor.unit for actor in db.accounts.active() if actor.unit and known.find(actor.unit) is None
    )
    return Register([*kept, *(Unit(name=name) for name in others)])


def register_at(db: Reading, at: datetime) -> Register:
    """Return the register as the log said it at an instant."""
    return Register(_kept(db, at))


def _kept(db: Reading, at: datetime | None = None) -> Iterator[Unit]:
    found: dict[str, Unit] = {}
    for line in db.journal.of(UnitKept):
        if at is not None and line.at > at:
            break
        said = line.said
        found.pop(said.was or said.name, None)
        found[said.name] = _unit(said)
    yield from found.values()


def _unit(said: UnitKept) -> Unit:
    missing = None in (said.code, said.unit_kind, said.telephone, said.address)
    return Unit(
        name=said.name,
        code=said.code,
        former_names=said.former_names,
        kind=said.unit_kind,
        telephone=said.telephone,
        address=said.address,
        complete=not missing,
    )


def enter(db: Writing, acting: Acting, names: Iterable[str], *, role: str) -> None:
    """Enter units by their names alone, those that are not on the register: what is missing is to be completed.

    Args:
        db: where the register is, open for writing.
        acting: who does what brings them, and when.
        names: their names.
        role: the role in which it is done.
    """
    known = register_of(db)
    new = dict.fromkeys(name for name in names if known.find(name) is None)
    db.journal.add(*(by_actor(acting, _said(Unit(name=name)), role=role, as_kind="entered") for name in sorted(new)))


def add(db: Writing, acting: Acting, name: str, details: UnitDetails, *, role: str) -> Unit:
    """Put a unit onto the register and return it as it then stands.

    Raises:
        Refused: a unit has that name or code already, or had it.
        UsageFault: the name is empty or too long, or there is no such kind.
    """
    known = register_of(db)
    name = _plain(name)
    found = known.find(name)
    if found is not None and (found.name != name or found.complete or _is_kept(db, name)):
        raise _taken(name, found)
    return _keep(db, acting, known, Unit(name=name), Unit(name=name), details, role=role, as_kind="added")


def change(
    db: Writing, acting: Acting, name: str, details: UnitDetails, *, new_name: str | None = None, role: str
) -> Unit:
    """Change what the register says of a unit and return it as it then stands.

    Args:
        db: where the register is, open for writing.
        acting: who changes it, and when.
        name: its name, a former name or its code.
        details: what is said of it from now on.
        new_name: the name that it has from now on; the old one becomes a former name.
        role: the role in which it is done.

    Raises:
        NotFound: there is no such unit.
        Refused: another unit has the new name or code already, or had it.
        UsageFault: nothing is changed, a name is empty or too long, or there is no such kind.
    """
    known = register_of(db)
    old = known.named(name)
    now = old
    if new_name is not None and _plain(new_name) != old.name:
        now = replace(old, name=_plain(new_name), former_names=_with(old.former_names, old.name))
    return _keep(db, acting, known, old, now, details, role=role, as_kind="changed")


def _keep(
    db: Writing, acting: Acting, known: Register, old: Unit, now: Unit, details: UnitDetails, *, role: str, as_kind: str
) -> Unit:
    said = {name: getattr(details, name) for name in UnitDetails.__struct_fields__}
    given = {name: _plain(value) for name, value in said.items() if isinstance(value, str)}
    former = now.former_names
    for other in details.former_names or ():
        former = _with(former, _plain(other))
    now = replace(now, **given, former_names=tuple(one for one in former if one != now.name))
    _check_kind(acting, now.kind)
    for one in filter(None, (now.name, now.code, *now.former_names)):
        found = known.find(one)
        if found is not None and found.name != old.name:
            raise _taken(one, found)
    if as_kind == "changed" and now == old:
        message = Text("没有改变任何内容", "nothing would change: this is what the register says")
        raise UsageFault(message, code="no_change")
    entry = _said(now, None if as_kind == "added" else old.name)
    db.journal.add(by_actor(acting, entry, role=role, as_kind=as_kind))
    return _unit(entry)


def _said(unit: Unit, was: str | None = None) -> UnitKept:
    return UnitKept(
        name=unit.name,
        was=was,
        former_names=unit.former_names,
        code=unit.code,
        unit_kind=unit.kind,
        telephone=unit.telephone,
        address=unit.address,
    )


def _is_kept(db: Reading, name: str) -> bool:
    return any(unit.name == name for unit in _kept(db))


def _with(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)


def _check_kind(acting: Acting, kind: str | None) -> None:
    known = {role for definition in acting.definitions.values() for role in definition.workflow.roles}
    if kind is not None and kind not in known:
        message = Text("没有角色 {k}；单位的类别可为：{n}", "there is no role {k}; a unit's kind is one of: {n}")
        raise UsageFault(message.fill(k=kind, n=", ".join(sorted(known))), code="unknown_kind")


def _plain(text: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > _LONGEST or not plain.isprintable():
        message = Text(
            "“{t}”不能作为单位的名称或内容：须为1至{n}字的一行文字",
            "“{t}” can't be said of a unit: it must be one line of 1 to {n} characters",
        )
        raise UsageFault(message.fill(t=text[:40], n=_LONGEST), code="ill_typed_value")
    return plain


def _taken(name: str, unit: Unit) -> Refused:
    message = Text(
        "“{n}”是单位“{u}”的名称、曾用名或代码，不能重复",
        "“{n}” is the name, a former name or the code of “{u}” already",
    )
    return Refused(message.fill(n=name, u=unit.name), code="unit_known", details={"unit": unit.name})
