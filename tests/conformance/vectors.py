"""Writes conformance/: due dates, refusals and histories for any implementation of this statute.

Nothing here asks the engine. Due dates are those of `generate`, a walk over another library's
days; what follows from a history is what the naive models say, which are written from RULES.md
alone; the grounds of refusals, what a sweep fires, and dates that are provisional are reasoned by
hand, and stand here.

    python -m tests.conformance.vectors
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from chinese_calendar.constants import holidays, workdays

from tests.conformance import generate, refusal_stories, stories
from tests.conformance.pages import written
from tests.property.lives import numbers
from tests.property.naive import Model
from tests.property.naive_books import EXIT, Refusal
from tests.property.naive_query import QueryModel

FOLDER = Path(__file__).resolve().parents[2] / "conformance"
VERSION = 1
#: Vectors rest on the notices up to this one: a later one settles what is provisional here.
NOTICES_UP_TO = "cn-2026"

# ---------------------------------------------------------------- due dates

#: RULES.md §3: the period of each deadline, whether its last day is shifted, and by how much it can be extended.
RULES: dict[str, tuple[str, bool, int]] = {
    "objection.handling": ("30 days", True, 15),
    "objection.dispute_window": ("5 working days", False, 0),
    "marking.marking": ("7 working days", False, 0),
    "marking.retention": ("30 days", False, 0),
    "revocation.revocation": ("7 working days", False, 0),
    "revocation.revocation_center": ("5 working days", False, 0),
    "query.reply": ("15 working days", False, 15),
    "archive.archive_retention": ("5 years", False, 0),
}
#: Days that a later notice of the same year has settled.
_AMENDED = {
    "cn-2015-09": ("2015-09-03", "2015-09-04", "2015-09-05", "2015-09-06"),
    "cn-2019-05": ("2019-04-28", "2019-05-01", "2019-05-02", "2019-05-03", "2019-05-04", "2019-05-05"),
    "cn-2020-02": ("2020-01-31", "2020-02-01", "2020-02-02"),
}
_NEW_YEAR_FROM = 29  # special days from 29 December on are the next year's New Year


def notice_of(day: date) -> str | None:
    """The notice that makes a day a day off or a working day; None for a plain day of the week."""
    for notice, days in _AMENDED.items():
        if day.isoformat() in days:
            return notice
    if day not in holidays and day not in workdays and day != generate.CORRECTED:
        return None
    late = day.month == 12 and day.day >= _NEW_YEAR_FROM
    return f"cn-{day.year + late}"


def notices_for(row: generate.Row) -> list[str]:
    """The notices that name a day whose working or not the due date hangs on."""
    asked: set[str | None] = set()
    plain = generate.walk(row.start, row.length, row.unit, shift=False, extension=0)
    if row.unit == "working days":
        asked |= _notices(row.start, row.due)
    elif row.shift:
        asked |= {notice_of(plain)} | _notices(plain, row.due)
    elif row.extension:
        asked |= _notices(plain, row.due)
    return sorted(notice for notice in asked if notice)


def _notices(after: date, last: date) -> set[str | None]:
    return {notice_of(date.fromordinal(n)) for n in range(after.toordinal() + 1, last.toordinal() + 1)}


def rules_for(period: str, extension: int, *, shift: bool) -> list[str]:
    """The deadlines that a vector is an example of."""
    return [
        name
        for name, (length, shifted, most) in RULES.items()
        if (length, shifted) == (period, shift) and extension <= most
    ]


def due_dates() -> dict[str, Any]:
    found = [_due_vector(n, row) for n, row in enumerate((*generate.by_hand(), *generate.walked()), 1)]
    found += [_provisional(n, line) for n, line in enumerate(stories.PROVISIONAL.strip().splitlines(), len(found) + 1)]
    return {
        "format": VERSION,
        "schema": "schema/due-dates.schema.json",
        "calendar": "cn",
        "notices_up_to": NOTICES_UP_TO,
        "vectors": found,
    }


def _due_vector(number: int, row: generate.Row) -> dict[str, Any]:
    period = f"{row.length} {row.unit}"
    return {
        "id": f"due-{number:04}",
        "start": row.start.isoformat(),
        "period": period,
        "shift": row.shift,
        "extension_working_days": row.extension,
        "rules": rules_for(period, row.extension, shift=row.shift),
        "due": row.due.isoformat(),
        "provisional": False,
        "why": row.note.removeprefix("by hand: "),
        "notices": notices_for(row),
    }


def _provisional(number: int, line: str) -> dict[str, Any]:
    facts, why = line.split(" | ")
    start, length, kind, due, said = facts.split()
    period = f"{length} {'working days' if kind == 'wd' else 'years' if kind == 'years' else 'days'}"
    return {
        "id": f"due-{number:04}",
        "start": start,
        "period": period,
        "shift": kind == "shift",
        "extension_working_days": 0,
        "rules": rules_for(period, 0, shift=kind == "shift"),
        "due": due,
        "provisional": said == "provisional",
        "why": why,
        "notices": [],
    }


# ---------------------------------------------------------------- steps

#: Durations run their time; RULES.md names no day on which they are met.
_DURATIONS = ("retention", "archive_retention")
#: RULES.md §3: the targets, of which vectors say nothing.
_TARGETS = frozenset({"handing_over", "receipt", "finding", "collection"})


def _value(text: str) -> Any:
    return json.loads(text) if text[:1] in "{[" or text.isdigit() or text in ("true", "false") else text


def step(line: str) -> dict[str, Any]:
    """Read ``DAY WHO CASE ACTION [WORKFLOW] [record=… parent=… subject=…] ; NAME=VALUE ; … ; +material,material``."""
    head, *parts = [part.strip() for part in line.strip().split(" ; ")]
    day, who, case, do, *words = head.split()
    read: dict[str, Any] = {"at": day}
    if do in ("sweep", "look"):
        return {**read, "do": do}
    read |= {"as": who, "do": do, "case": case}
    if do == "submit":
        read["workflow"] = words.pop(0)
        for word in words:
            name, _, value = word.partition("=")
            read[name] = numbers()[value] if name == "subject" else value
    given = [part for part in parts if not part.startswith("+")]
    read["set"] = {name: _value(value) for name, _, value in (part.partition("=") for part in given)}
    whose = {n: read["set"][n] for n in ("queried", "authorised_id", "subject_id", "agent_id") if n in read["set"]}
    read["set"] |= {name: numbers().get(one, one) for name, one in whose.items()}
    read["materials"] = [m for part in parts if part.startswith("+") for m in part[1:].split(",")]
    return read


@dataclass
class Models:
    """Both naive models, side by side."""

    objections: Model = field(default_factory=lambda: Model(generate.works))

    def __post_init__(self) -> None:
        for row in records():
            first, last = (date.fromisoformat(row[name]) for name in ("valid_from", "valid_until"))
            self.objections.add_record(
                row["record_no"], row["subject_id"], first, last, row["provider"], row["content"]
            )
            self.queries.kinds[row["record_no"]] = (row["open_class"], row["title"])

    @cached_property
    def queries(self) -> QueryModel:
        return QueryModel(self.objections)

    def take(self, step: dict[str, Any]) -> None:
        day, do = date.fromisoformat(step["at"]), step["do"]
        if do in ("sweep", "look"):
            self.objections.sweep(day)
            self.queries.view(day)
            return
        who, given, seen = step["as"], _named(step["set"]), frozenset(step["materials"])
        role = who.rstrip("0123456789")
        case = step["case"]
        if do != "submit":
            model: Any = self.queries if case in self.queries.papers else self.objections
            model.act(day, case, do, account=who, role=role, fields=given, materials=seen)
        elif step["workflow"] in ("query", "archive"):
            kind, subject = step["workflow"], step.get("subject")
            self.queries.submit(day, kind, case, subject=subject, role=role, fields=given, materials=seen)
        else:
            about = {name: step.get(name) for name in ("record", "parent", "subject")}
            self.objections.submit(
                day, step["workflow"], case, account=who, role=role, fields=given, materials=seen, **about
            )

    def expected(self, day: date, record_nos: list[str]) -> dict[str, Any]:
        """What any implementation should say as of a day, after the steps so far."""
        cases: dict[str, Any] = {}
        for case, what in self.objections.cases.items():
            if what.workflow == "consultation":  # nobody calls it by a name: the objection's own steps open and end it
                continue
            cases[case] = {"state": self.objections.state(case, day), **_due(self.objections.deadlines(case, day))}
        self.queries.view(day)
        for case, paper in self.queries.papers.items():
            cases[case] = {"state": paper.state, **_due(self.queries.deadlines(case, day))}
            if paper.found is not None:
                cases[case]["found"] = [
                    {"record_no": no, "shown": shown} for no, shown, _ in sorted(paper.found, key=str)
                ]
        overdue = [
            {
                "case": case,
                "deadline": name,
                "due": said["due"],
                "days_over": (day - date.fromisoformat(said["due"])).days,
            }
            for case, what in cases.items()
            for name, said in what["deadlines"].items()
            if said["status"] == "overdue"
        ]
        return {
            "cases": cases,
            "overdue": sorted(overdue, key=lambda o: (o["due"], o["case"], o["deadline"])),
            "records": {no: self._record(no, day) for no in record_nos},
        }

    def _record(self, no: str, day: date) -> dict[str, Any]:
        usable = self.objections.usable(no, day)
        marks = [
            {"kind": kind, "case": case, "last_day": last and last.isoformat()}
            for kind, case, last in sorted(self.objections.marks(no, day), key=str)
        ]
        content = {"content": self.objections.record_fields(no, day)["content"]} if usable else {}
        return {"usable": usable, "marks": marks, **content}


def _due(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "deadlines": {
            name: {
                "status": due.status,
                "due": due.due.isoformat(),
                "original_due": due.original_due.isoformat(),
                **({} if name in _DURATIONS else {"met": due.met and due.met.isoformat()}),
            }
            for name, due in sorted(found.items())
            if name not in _TARGETS
        }
    }


def _named(given: dict[str, Any]) -> dict[str, Any]:
    """The values as the naive models take them: a case is called by its name."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(part) for part in value]
        return value.removeprefix("case:") if isinstance(value, str) else value

    return {name: plain(value) for name, value in given.items()}


def records() -> list[dict[str, str]]:
    """The records that every vector begins with; nobody has these numbers."""
    people = numbers()
    return [
        {
            "record_no": no, "subject_kind": "legal" if owner in ("firm", "elsewhere") else "natural", "subject_id": people[owner],
            "subject_name": name, "provider": "杭州市城市管理局", "open_class": open_class, "title": title, "content": content,
            "valid_from": "2024-01-01", "valid_until": until,
        }
        for no, owner, name, open_class, title, content, until in stories.RECORDS
    ]  # fmt: skip


# ---------------------------------------------------------------- histories and refusals


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def histories() -> dict[str, Any]:
    return {**_head("histories"), "vectors": [_history(*story) for story in stories.HISTORIES]}


def _history(name: str, source: str, zh: str, en: str, lines: str) -> dict[str, Any]:
    models, steps = Models(), []
    told = [line.partition("=>") for line in _lines(lines)]
    named = {step(line)["record"] for line, _, _ in told if "record=" in line}
    about = sorted(named | ({"R-1"} if " query " in lines else set()))
    for line, _, fired in told:
        now = step(line)
        models.take(now)
        expected = models.expected(date.fromisoformat(now["at"]), about)
        if now["do"] == "sweep":
            expected["fired"] = {n: int(k) for n, _, k in (part.partition("=") for part in fired.split())}
        steps.append({**now, "expect": expected})
    return {"id": name, "source": source, "title": {"zh": zh, "en": en}, "steps": steps}


def refusals() -> dict[str, Any]:
    return {**_head("refusals"), "vectors": [_refusal(*story) for story in refusal_stories.REFUSALS]}


def _refusal(name: str, zh: str, en: str, lines: str) -> dict[str, Any]:
    models = Models()
    *given, attempt = _lines(lines)
    for line in given:
        models.take(step(line))
    attempted, _, said = attempt.partition("=>")
    status, *grounds = said.strip().split(" ; ")
    if int(status) == EXIT["value"]:
        expected: dict[str, Any] = {"exit": int(status), "code": grounds[0]}
    else:
        told = [_ground(ground) for ground in grounds]
        code = told[0]["code"] if len(told) == 1 else "grounds"
        expected = {"exit": int(status), "code": code, "source": told[0]["source"], "grounds": told}
    try:
        models.take(step(attempted))
    except Refusal as refusal:
        if EXIT[refusal.kind] != int(status):
            raise SystemExit(f"{name}: the naive model says {refusal.kind}") from None
    else:
        raise SystemExit(f"{name}: the naive model does not refuse it")
    return {
        "id": name,
        "title": {"zh": zh, "en": en},
        "given": [step(line) for line in given],
        "attempt": step(attempted),
        "expect": expected,
    }


def _ground(text: str) -> dict[str, Any]:
    code, source, *facts = text.split("|")
    return {"code": code, "source": source or None} | dict(fact.split("=", 1) for fact in facts)


def _head(name: str) -> dict[str, Any]:
    return {
        "format": VERSION,
        "schema": f"schema/{name}.schema.json",
        "zone": "Asia/Shanghai",
        "notices_up_to": NOTICES_UP_TO,
        "records": records(),
    }


def documents() -> Iterator[tuple[Path, str]]:
    for name, made in (("due-dates", due_dates), ("refusals", refusals), ("histories", histories)):
        yield FOLDER / f"{name}.json", written(made())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in documents():
        file.write_text(text, encoding="utf-8", newline="\n")
