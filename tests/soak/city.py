"""A city's year: who comes to the window on which day, and what the offices do about it.

Every choice comes from one seeded source. People make mistakes: they forget what must be said, take what
is another's to do, come too late. Each command goes with the exit code that the naive model gives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from tests.property.naive_actions import ACTIONS, LEGAL_PAPERS, LETTER, NATURAL_PAPERS, OWN_PAPERS
from tests.property.naive_books import FINAL, Refusal
from tests.property.naive_persons import birth_date, is_legal_number
from tests.soak.asking import Asking, Step, given_as_words
from tests.soak.chronicle import Chronicle

DAY = timedelta(days=1)
PREFIX = {"objection": "OBJ", "marking": "MRK", "revocation": "REV"}
#: Of the first one there is somebody who answers; the others are silent.
PROVIDERS = ("杭州市城市管理局", "市税务局", "市住保房管局")
#: The way on from a state, and how often it is taken.
WAYS: dict[tuple[str, str], dict[str, float]] = {
    ("objection", "submitted"): {"accept": 97, "withdraw": 3},
    ("objection", "accepted"): {"transfer": 98, "withdraw": 2},
    ("objection", "transferred"): {"receive": 99, "withdraw": 1},
    ("objection", "verifying"): {"consult": 40, "report": 58, "withdraw": 2},
    ("objection", "consulting"): {"respond": 78, "recall": 12, "report": 8, "withdraw": 2},
    ("objection", "reported"): {"approve": 90, "return": 10},
    ("objection", "approved"): {"notify": 1},
    ("objection", "notified"): {"collect": 1},
    ("marking", "submitted"): {"accept": 97, "withdraw": 3},
    ("marking", "accepted"): {"transfer": 98, "withdraw": 2},
    ("marking", "transferred"): {"receive": 1},
    ("marking", "received"): {"mark": 97, "withdraw": 3},
    ("revocation", "submitted"): {"accept": 97, "withdraw": 3},
    ("revocation", "accepted"): {"transfer": 1},
    ("revocation", "transferred"): {"receive": 1},
    ("revocation", "received"): {"revoke": 97, "withdraw": 3},
}
#: Working days that an action lets wait: at least, most often, at most. Whatever is not named is done in 0 to 3.
WAITS = {
    "accept": (0, 0, 2),
    "withdraw": (1, 3, 12),
    "respond": (1, 5, 22),
    "report": (1, 6, 20),
    "collect": (0, 4, 40),
    "approve": (0, 1, 6),
    "mark": (0, 1, 9),
    "revoke": (0, 1, 7),
}
#: How often an objection that was collected is followed by a marking, and a mark by its revocation.
FOLLOWS = {"objection": ("marking", 0.45), "marking": ("revocation", 0.4)}


@dataclass
class City:
    """The people of a city and its offices.

    Args:
        rng: where the choices come from.
        model: the naive model, which takes every step first.
        first: the first day.
        last: the last day, inclusive.
        objections: how many are filed in that time; half as many queries are.
    """

    rng: Random
    model: Chronicle
    first: date
    last: date
    objections: int
    records: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for n in range(1, max(3, self.objections * 4 // 5) + 1):
            self._record(n)
        days = [self.first + n * DAY for n in range((self.last - self.first).days + 1)]
        working = [day for day in days if self.model.is_working(day)]
        crowds = [self._crowd(day) for day in working]
        self._coming = Counter(self.rng.choices(working, crowds, k=self.objections))
        self._asking = Asking(Random(self.rng.random()), self.model, self._put)
        self._queries = Counter(self.rng.choices(working, crowds, k=self.objections // 2))
        self._agenda: list[tuple[date, int, str, str]] = []
        self._serial: Counter[tuple[str, int]] = Counter()
        self._count = 0

    def _crowd(self, day: date) -> float:
        """How many come, against other days: more on Mondays, and most after holidays."""
        if all(not self.model.is_working(day - n * DAY) for n in (1, 2, 3)):
            return 1.8
        return 1.3 if day.weekday() == 0 else 1.0

    def working_day(self, day: date) -> Iterator[Step]:
        """Return the commands of a working day, each after the naive model has taken it."""
        for _ in range(self._coming[day]):
            record = self.rng.choice(self.records)
            yield from self._file(day, "objection", record=record["record_no"])
        for _ in range(self._queries[day]):
            yield from self._asking.file(day)
        while self._agenda and self._agenda[0][0] <= day:
            _, _, number, action = heappop(self._agenda)
            asked = number in self.model.queries.papers
            yield from (self._asking if asked else self).take_up(day, number, action)
        yield self._look(day, self.rng.choice(self.records)["record_no"])

    # ------------------------------------------------------------ filing

    def _file(self, day: date, workflow: str, *, record: str = "", parent: str = "") -> Iterator[Step]:
        rng, owner = self.rng, self._owner(record or self.model.cases[parent].record)
        stranger = rng.random() < 0.02
        subject = self._owner(rng.choice(self.records)["record_no"]) if stranger else ""
        fields = {"reason": "与事实不符"} if rng.random() < 0.97 or workflow == "revocation" else {}
        if workflow == "revocation":
            fields = {}
        papers = self._papers(workflow, subject or owner)
        if rng.random() < 0.06:
            papers -= {rng.choice(sorted(papers))}
        if workflow == "objection":
            fields |= self._young(owner, day)
        yield from self._submit(day, workflow, record, parent, subject, fields, papers)
        if "reason" not in fields and workflow != "revocation":  # the window asks, and files it
            yield from self._submit(day, workflow, record, parent, subject, fields | {"reason": "已更正"}, papers)

    def _submit(
        self, day: date, workflow: str, record: str, parent: str, subject: str, fields: dict[str, Any], papers: set[str]
    ) -> Iterator[Step]:
        serial = self._serial[workflow, day.year] + 1
        number = f"{PREFIX[workflow]}-{day.year}-{serial:06}"
        who = self._somebody("window")
        code = self._by(
            lambda: self.model.submit(
                day, workflow, number, record=record or None, parent=parent or None, subject=subject or None,
                account=who, role="window", fields=fields, materials=papers,
            )
        )  # fmt: skip
        words = [workflow, "submit", *(("--record", record) if record else ("--parent", parent))]
        words += ["--subject", subject] if subject else []
        yield Step((*words, *given_as_words(fields, papers)), who, code, number if code == 0 else "")
        if code == 0:
            self._serial[workflow, day.year] = serial
            self._go_on(day, number)

    def _young(self, owner: str, day: date) -> dict[str, Any]:
        born = birth_date(owner)
        if born is None or (day - born).days > 18 * 365.3 or self.rng.random() < 0.4:
            return {}
        return {"own_income": True} if self.rng.random() < 0.6 else {}

    @staticmethod
    def _papers(workflow: str, subject: str) -> set[str]:
        return set(OWN_PAPERS[workflow]) | (NATURAL_PAPERS if birth_date(subject) else LEGAL_PAPERS)

    def _owner(self, record: str) -> str:
        return self.model.records[record].subject

    # ------------------------------------------------------------ handling

    def take_up(self, day: date, number: str, action: str) -> Iterator[Step]:
        """Do what was put off until a day, or what has taken its place."""
        if action in PREFIX:  # another application follows on this case
            yield from self._file(day, action, parent=number)
            return
        if action == "recall" or (action == "respond" and PROVIDERS[0] not in self._asked(number)):
            yield from self._recall(day, number)
        else:
            yield from self._handle(day, number, action)

    def _recall(self, day: date, number: str) -> Iterator[Step]:
        """Whoever is silent is asked no longer."""
        for asked in list(self._asked(number).values()):
            yield self._act(day, asked, "recall", {"reason": "另行核实"}, set())
            self._go_on(day, number)

    def _handle(self, day: date, number: str, action: str) -> Iterator[Step]:
        case = self.model.cases[number]
        if action in WAYS.get((case.workflow, case.state), {}) and self.rng.random() < 0.05:
            yield self._mistake(day, number, action)
        rule = ACTIONS[case.workflow][action]
        moves = bool(rule.to) or action == "respond"  # which ends the unit's consultation, and goes on with the last
        if moves and case.state not in rule.states.split():
            return  # something else happened meanwhile, and leads on by itself
        fields = self._fields(day, action) | (self._checked(day, number) if action == "accept" else {})
        papers = {"withdrawal_request"} if action == "withdraw" else set[str]()
        yield self._act(day, number, action, fields, papers)
        code = self._code
        if code == 0 and moves:
            self._go_on(day, number)
        elif code == 0 and action == "request_extension":
            self._later(day, number, "grant_extension" if self.rng.random() < 0.7 else "deny_extension", 0, 7)
        if code == 0 and action == "accept":
            self._accepted(day, number)
        if code and action == "accept":
            yield from self._refused(day, number)
        elif code and rule.to:
            self._later(day, number, "withdraw", 1, 3)

    def _asked(self, number: str) -> dict[str, str]:
        """The consultations below an objection that wait for an answer, by the unit asked."""
        return {c.unit: its for its, c in self.model.cases.items() if c.parent == number and c.state == "asked"}

    def _accepted(self, day: date, number: str) -> None:
        if self.rng.random() < 0.93:
            self._later(day, number, "archive", 0, 0)
        else:
            self._later(day, number, "archive", 1, 12)
        if number.startswith("OBJ") and self.rng.random() < 0.15:
            self._later(day, number, "request_extension", 3, 24)

    def _checked(self, day: date, number: str) -> dict[str, Any]:
        """What the window says of whoever applies: who is there was checked, and a legal person has an agent."""
        case = self.model.cases[number]
        fields: dict[str, Any] = {"identity_checked": True}
        if case.workflow == "objection":
            fields["resident"] = True
        if birth_date(case.subject) is None:
            until = day + self.rng.choice([300, 300, 20]) * DAY
            values = ("代理人", _number("33010619850101001"), (day - 30 * DAY).isoformat(), until.isoformat())
            fields |= dict(zip(LETTER, values, strict=True))
        return fields

    def _refused(self, day: date, number: str) -> Iterator[Step]:
        """An application that could not be accepted: what it lacks is brought, or it is rejected."""
        case = self.model.cases[number]
        if self.rng.random() < 0.5:
            fields = self._checked(day, number)
            objection = case.workflow == "objection"
            fields |= {"guardian": "监护人", "good_ground": "有新证据"} if objection else {}
            papers = self._papers(case.workflow, case.subject) | ({"guardianship"} if objection else set())
            yield self._act(day, number, "accept", fields, papers)
            if self._code == 0:
                self._go_on(day, number)
                self._accepted(day, number)
                return
        yield self._act(day, number, "reject", {"grounds": "不符合受理条件", "ground": ["materials"]}, set())

    def _mistake(self, day: date, number: str, action: str) -> Step:
        """An attempt that can't succeed: another's to do, not open, or something left unsaid."""
        case, rng = self.model.cases[number], self.rng
        rule = ACTIONS[case.workflow][action]
        if rng.random() < 0.4 and rule.needs:
            return self._act(day, number, action, {}, set())
        if rng.random() < 0.5:
            role = rng.choice([r for r in ("window", "center", "authority") if r != rule.role])
            return self._act(day, number, action, self._fields(day, action), set(), role=role)
        closed = [n for n, a in ACTIONS[case.workflow].items() if a.to and case.state not in a.states.split()]
        other = rng.choice(closed)
        return self._act(day, number, other, self._fields(day, other), set())

    def _act(
        self, day: date, number: str, action: str, fields: dict[str, Any], papers: set[str], *, role: str = ""
    ) -> Step:
        workflow = self.model.cases[number].workflow
        role = role or ACTIONS[workflow][action].role
        who = self._somebody(role)
        self._code = self._by(
            lambda: self.model.act(
                day, number, action, account=who, role=role, fields=dict(fields), materials=frozenset(papers)
            )
        )
        words = (workflow, action, number, *given_as_words(fields, papers))
        return Step(words, who, self._code, number if self._code == 0 else "")

    def _fields(self, day: date, action: str) -> dict[str, Any]:
        rng = self.rng
        said: dict[str, dict[str, Any]] = {
            "reject": {"grounds": "不符合受理条件", "ground": ["materials"]},
            "consult": {"question": "请核实"},
            "respond": {"finding": "属实"},
            "return": {"reason": "请补充依据"},
            "notify": {"channel": rng.choice(["电话", "短信"])},
            "collect": {"collected_by": "本人"},
            "request_extension": {"days": rng.choice([5, 10, 15, 15, 16]), "reason": "情况复杂"},
            "deny_extension": {"reason": "案情不复杂"},
        }
        if action == "consult" and rng.random() < 0.2:
            return said[action] | {"provider": rng.choice(PROVIDERS)}
        if action == "report":
            outcome = rng.choice(["upheld", "upheld", "corrected", "corrected", "removed"])
            self._count += 1
            more = {"correction": {"content": f"更正{self._count}"}} if outcome == "corrected" else {}
            return {"outcome": outcome, **more}
        if action == "receive" and rng.random() < 0.15:
            return {"received_on": (day - rng.choice([1, 1, 2, 4]) * DAY).isoformat()}
        return dict(said.get(action, {}))

    # ------------------------------------------------------------ what comes next

    def _go_on(self, day: date, number: str) -> None:
        case, rng = self.model.cases[number], self.rng
        follower, share = FOLLOWS.get(case.workflow, ("", 0.0))
        if case.state in ("collected", "disputed") and follower and rng.random() < share:
            self._later(day, number, follower, 0, 7 if follower == "marking" else 24)
        ways = WAYS.get((case.workflow, case.state))
        if ways is None or case.state in FINAL:
            return
        action = rng.choices(list(ways), list(ways.values()))[0]
        least, likely, most = WAITS.get(action, (0, 1, 3))
        self._put(self.model.working_days_after(day, round(rng.triangular(least, most, likely))), number, action)

    def _later(self, day: date, number: str, action: str, least: int, most: int) -> None:
        self._put(self.model.working_days_after(day, self.rng.randint(least, most)), number, action)

    def _put(self, day: date, number: str, action: str) -> None:
        self._count += 1
        heappush(self._agenda, (day, self._count, number, action))

    def _look(self, day: date, record: str) -> Step:
        self.model.look(day, "center1", record)
        return Step(("record", "show", record), "center1", 0)

    def _somebody(self, role: str) -> str:
        return "provider1" if role == "provider" else f"{role}{self.rng.choice([1, 2])}"

    @staticmethod
    def _by(attempt: Any) -> int:
        try:
            attempt()
        except Refusal as refusal:
            return refusal.exit
        return 0

    # ------------------------------------------------------------ records

    def _record(self, n: int) -> None:
        rng, who = self.rng, self.rng.random()
        firm = who < 0.1
        born = date(2008 if who < 0.14 else 2012 if who < 0.16 else rng.randint(1950, 2004), rng.randint(1, 12), rng.randint(1, 28))  # fmt: skip
        subject = _code(f"91330100{n:09}") if firm else _number(f"330106{born:%Y%m%d}{n % 1000:03}")
        until = self.first + rng.randint(20, 2000) * DAY
        row = {
            "record_no": f"R-{n}", "subject_kind": "legal" if firm else "natural", "subject_id": subject,
            "subject_name": f"某{n}", "provider": rng.choice(PROVIDERS), "open_class": "ABBBC"[n % 5], "title": ("欠税", "荣誉")[n % 4 == 0],
            "content": f"欠税{n}元", "valid_from": "2020-01-01", "valid_until": until.isoformat(),
        }  # fmt: skip
        self.records.append(row)
        self.model.queries.kinds[f"R-{n}"] = (row["open_class"], row["title"])
        self.model.add_record(f"R-{n}", subject, date(2020, 1, 1), until, row["provider"], row["content"])


def _number(stem: str) -> str:
    """The number of a natural person, with its check digit."""
    return next(stem + digit for digit in "0123456789X" if birth_date(stem + digit))


def _code(stem: str) -> str:
    """The unified social credit code of a legal person, with its check character."""
    return next(stem + letter for letter in "0123456789ABCDEFGHJKLMNPQRTUWXY" if is_legal_number(stem + letter))
