"""A year of a city, day by day, in the program and in the naive model at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.property.lives import Difference
from tests.property.naive_books import FINAL
from tests.property.naive_query_actions import FINAL as ANSWERED
from tests.soak.asking import Rows, Step
from tests.soak.chronicle import TARGETS, Chronicle, LookUp
from tests.soak.city import City
from tests.soak.recounting import NOTICES, Days, Moved, Notice, recount
from tests.soak.running import Site, Use
from tests.unit.naive_statistics import Naive, hold

DAY = timedelta(days=1)
FRIDAY = 4
#: How many commands run as processes of their own, of those that succeed and of those that are refused.
APART, APART_REFUSED = 0.01, 0.05
#: How often a night is missed, as when the machine was off.
MISSED = 0.03
#: Months at whose end papers are printed.
PRINTED = (3, 9)
#: So long an answer is printed.
PRINTABLE = 30 * DAY
#: Days without anybody, at the end, in which nothing may grow.
QUIET = 80


@dataclass(frozen=True)
class Measured:
    """What the program holds at the end of a month."""

    month: int
    entries: int
    bytes: int
    shell: Use
    scheduler: Use
    others: tuple[str, ...]


class Figures(Naive):
    """The naive statistics of one window and of the units that are asked, with its queries, and with days that notices have changed."""

    final = frozenset(FINAL | ANSWERED)
    setters: Mapping[str, set[str]] = {
        **Naive.setters,
        "channel": {"submit"},
        "misconduct": {"report_misconduct"},
        "misconduct_standing": {"report_misconduct", "verify_misconduct", "dismiss_misconduct"},
    }

    def days(self, a: date, b: date) -> int:
        return sum(self.core.is_working(a + n * DAY) for n in range(1, (b - a).days + 1))  # type: ignore[attr-defined]

    def unit(self, number: str) -> str:
        return self.core.cases[number].unit  # type: ignore[attr-defined]


@dataclass
class Year:
    """One year: every command's outcome is compared as it comes, the rest at the end of days, weeks and months.

    Args:
        site: the program on its database, which has the city's records.
        city: who comes and what is done.
        rng: which commands run apart, which nights are missed.
        files: names the files that the program has left anywhere.
        days: the days by which the naive models count.
        folder: for what people write, and keep of what is printed.
        progress: told of the months done.
    """

    site: Site
    city: City
    rng: Random
    files: Callable[[], tuple[str, ...]]
    days: Days
    folder: Path
    progress: Callable[[Measured], None] = lambda _: None
    measured: list[Measured] = field(default_factory=list)
    commands: Counter[int] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    digests: int = 0
    late_notices: int = 0
    moved: list[Moved] = field(default_factory=list)
    printed: int = 0
    quiet: list[tuple[Use, Use]] = field(default_factory=list)

    @property
    def model(self) -> Chronicle:
        return self.city.model

    def run(self) -> None:
        """Lead the year from its first day to its last."""
        self.site.open()
        try:
            self._days()
            self.site.close()
        finally:
            self.site.stop()

    def _days(self) -> None:
        day, missed = self.city.first, False
        while day <= self.city.last:
            missed = self._night(day, may_miss=not missed and day not in NOTICES)
            if self.model.is_working(day):
                self._work(day)
            self._evening(day)
            day += DAY
        self._night(day, may_miss=False)
        for case in self.agree(day, "09:00"):
            assert case.get("recorded", True), f"{case['case']}: no night has written down how it stands"
        self.site.apart("audit verify", "auditor1", f"{day}T10:00")
        self.quiet = self._quiet(day)

    def _quiet(self, day: date) -> list[tuple[Use, Use]]:
        """Let days pass on which nobody comes: what grows then is lost. Return what both hold, four times."""
        held = []
        for n in range(1, QUIET + 1):
            later = day + n * DAY
            for job, clock in ((0, "00:05"), (1, "08:30"), (2, "17:40")):
                self.late_notices += sum(said.get("sent", 0) for said in self.site.job(job, f"{later}T{clock}"))
            for line in ("overdue", "todo", "case list --limit 20", "stats --by workflow"):
                self.site.ok(line, "supervisor1", f"{later}T18:00")
            if n % (QUIET // 4) == 0:
                held.append(self.site.held())
        return held

    # ------------------------------------------------------------ a day

    def _night(self, day: date, *, may_miss: bool) -> bool:
        """The sweep just after midnight; return whether it was missed."""
        if may_miss and self.rng.random() < MISSED:
            return True
        (report,) = self.site.job(0, f"{day}T00:05")
        expected = self.model.night(day)
        fired = Counter(report["fired"])
        assert report["recounted"] == 0, "an import counts all that it touches"
        if report["failed"] or not fired <= expected or fired["overdue"] != expected["overdue"]:
            raise Difference(f"{day}: the night did {report}, the naive model says {dict(expected)}")
        self.fired += fired
        self.expected += expected
        return False

    def _work(self, day: date) -> None:
        self.digests += self.model.digests(day)
        self.site.job(1, f"{day}T08:30")
        if day in NOTICES:
            self._notice(day, NOTICES[day])
        steps = 0
        for step in self.city.working_day(day):
            self._take(day, step, 9 * 3600 + 9 * steps)
            steps += 1  # noqa: SIM113 - the last number is needed
        self._overdue(day)
        if day.weekday() == FRIDAY:
            assert self.site.ok("audit verify", "auditor1", f"{day}T17:10")["ok"] is True

    def _notice(self, day: date, notice: Notice) -> None:
        """A notice comes in by another process, while shell and scheduler keep running."""
        file = self.folder / f"{day}.txt"
        file.write_text(notice.text, encoding="utf-8")
        words, at = ("calendar", "import", str(file), *notice.words), f"{day}T08:45"
        self.days.said = dict(notice.works)
        moved = recount(self.model, day)
        self.moved.append(moved)
        dry, done = (self.site.say_apart((*words, *more), "clerk1", at)[1] for more in (("--dry-run",), ()))
        assert dry == {**done, "dry_run": True}
        assert (done["dry_run"], done["failed"], done["certain"]) == (False, [], 0)
        said = Moved(
            {(m["case"], m["deadline"], m["from"], m["to"]) for m in done["moves"]},
            set(done["becomes_overdue"]),
            set(done["stops_being_overdue"]),
        )
        if said != moved:
            raise Difference(f"{day}: the notice moves {said}, the naive model says {moved}")
        self.agree(day, "08:50")

    def _papers(self, day: date) -> None:
        """Print what the last ones who asked are due, and hold it against the log."""
        papers, at = self.model.queries.papers, f"{day}T18:20"
        steps = {"accept": "query_receipt", "print": "query_answer"}
        for action, paper in steps.items():
            asked = [number for number, one in papers.items() if action in one.done_by]
            if action == "print":  # RULES §12: for 30 days
                asked = [number for number in asked if self.model.last(number, "answer") >= day - PRINTABLE]
            case = max(asked, default=None)
            if case is None:
                continue
            file = self.folder / f"{day}-{paper}.html"
            self.site.apart(f"paper print {case} {paper} --to {file}", "window1", at)
            assert case in file.read_text(encoding="utf-8")
            assert self.site.apart(f"paper verify {file}", "window1", at)["same_file"] is True
            self.printed += 1
            for _ in ("printed", "verified"):  # each shows a person's data, and is a look-up
                self.model.looked_up[LookUp(str(day), "window1", "shown")] += 1

    def _evening(self, day: date) -> None:
        self.site.job(2, f"{day}T17:40")
        after = day + DAY
        if after.month == day.month:
            return
        self._statistics(day)
        self.agree(day, "17:55")
        if day.month % 3 == 0:
            drill = self.site.apart("backup drill", "admin1", f"{day}T18:00")
            assert drill["ok"] is True
        if day.month in PRINTED:
            self._papers(day)
        verified = self.site.apart("audit verify", "auditor1", f"{day}T18:10")
        assert verified["ok"] is True
        assert verified["events"] >= sum(len(lines) for lines in self.model.log.values())
        held = Measured(
            day.month, verified["events"] + verified["journal"], self.site.bytes(), *self.site.held(), self.files()
        )  # fmt: skip
        self.measured.append(held)
        self.progress(held)

    def _take(self, day: date, step: Step, second: int) -> None:
        at = f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        apart = self.rng.random() < (APART_REFUSED if step.exit else APART)
        code, answer = (self.site.say_apart if apart else self.site.say)(step.words, step.who, at)
        self.commands[code] += 1
        if code != step.exit:
            raise Difference(f"{at} {step}: exit code {code}, the naive model says {step.exit}: {answer}")
        if code == 0 and step.case:
            if answer["case"] != step.case:
                raise Difference(f"{at} {step}: it is {answer['case']}")
            self._compare(day, answer)
            if step.found is not None and (got := _rows(answer["answer"])) != step.found:
                raise Difference(f"{at} {step}: it shows {got}")
        elif code == 0:
            self._compare_record(day, answer)

    # ------------------------------------------------------------ what is compared

    def _compare(self, day: date, case: dict[str, Any]) -> None:
        number, model = case["case"], self.model
        if case["state"] != model.one(number).state:
            raise Difference(f"{day}: {number} is {case['state']}, the naive model says {model.one(number).state}")
        got = {d["id"]: _said(d) for d in case["deadlines"]}
        naive = {
            name: (d.status, str(d.due), str(d.original_due), d.met and str(d.met) if name != "retention" else None)
            for name, d in model.all_deadlines(number, day).items()
        }
        if got != naive:
            raise Difference(f"{day}: {number} has the deadlines {got}, the naive model says {naive}")

    def _compare_record(self, day: date, record: dict[str, Any]) -> None:
        number, model = record["record_no"], self.model
        got = {(m["kind"], m["case"], m["last_day"]) for m in record["marks"]}
        marks = {(kind, case, last and str(last)) for kind, case, last in model.marks(number, day)}
        content = model.record_fields(number, day)["content"]
        if (got, record["usable"]) != (marks, model.usable(number, day)) or record["content"] not in (content, None):
            raise Difference(f"{day}: {record}, the naive model says {marks}, {content}")

    def _overdue(self, day: date) -> None:
        """What is overdue by date, whether the night before was missed or not."""
        answer = self.site.ok("overdue", "auditor1", f"{day}T17:00")
        got = {(row["case"], row["deadline"], row["due"]) for kind in ("overdue", "targets") for row in answer[kind]}
        naive = {(number, name, str(d.due)) for (number, name), d in self.model.owed(day).items() if day > d.due}
        if got != naive:
            raise Difference(f"{day}: overdue are {sorted(got ^ naive)} in one of the two only")
        assert not any(row["deadline"] in TARGETS for row in answer["overdue"])

    def _statistics(self, day: date) -> None:
        """The statistics up to a day, of its month, and up to the day on which a duty was last missed, against the naive count."""
        books = self.model.books(day)
        missed = max((d.due for d in self.model.owed(day).values() if d.due < day), default=day - 10 * DAY)
        for first, last in ((None, day), (day.replace(day=1), day), (None, missed)):
            period = f"--from {first} " if first else ""
            answer = self.site.ok(f"stats {period}--to {last}", "supervisor1", f"{day}T17:50")
            hold(answer, Figures(books, first, last, day))  # type: ignore[arg-type]

    def agree(self, day: date, clock: str) -> list[dict[str, Any]]:
        """Hold every case, every notice and every look-up against the books; return the cases."""
        at = f"{day}T{clock}"
        cases = self.site.ok("case list --limit 1000000", "auditor1", at)["cases"]
        assert {case["case"] for case in cases} == self.model.numbers()
        for case in cases:
            self._compare(day, case)
        assert {case["case"] for case in cases if not case["final"]} == self.model.open_cases()
        notices = self.site.ok("notify list", "center1", at)["notices"]
        assert {notice["status"] for notice in notices} <= {"sent"}
        digests = [notice for notice in notices if notice["paper"] == "digest"]
        got = Counter((WORKFLOW[n["case"][:3]], n["to"]) for n in notices if n["paper"] != "digest")
        if (got, len(digests)) != (self.model.notices, self.digests):
            raise Difference(
                f"notices: {got}, {len(digests)}; the naive model says {self.model.notices}, {self.digests}"
            )
        shown = Counter(
            LookUp(row["at"][:10], row["account"], row["outcome"], ((), ()) if "paper" in row["action"] else _came(row))
            for row in self.site.ok("lookup log", "auditor1", at)["look_ups"]
        )
        naive = +self.model.looked_up
        if shown != naive:
            raise Difference(f"look-ups: {shown - naive} too many, {naive - shown} too few")
        return list(cases)


WORKFLOW = {"OBJ": "objection", "CON": "consultation", "MRK": "marking", "REV": "revocation", "QRY": "query"}


def _came(row: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the records that a look-up showed, and those that it withheld; papers are held against the log elsewhere."""
    return tuple(row["shown"]), tuple(row["withheld"])


def _rows(answer: list[dict[str, Any]]) -> Rows:
    return frozenset(
        (
            row["record_no"],
            row["shown"],
            frozenset((m["kind"], date.fromisoformat(m["last_day"]) if m["last_day"] else None) for m in row["marks"]),
        )
        for row in answer
    )


def _said(deadline: dict[str, Any]) -> tuple[str, str, str, str | None]:
    met = deadline["met"] if deadline["id"] != "retention" else None  # a duration has no duty to be met on a day
    return deadline["status"], deadline["due"], deadline["original_due"], met
