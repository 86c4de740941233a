"""Those who ask at the window what is known of them or of another, and what the window does about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.property.naive_books import FINAL, Refusal
from tests.property.naive_persons import birth_date
from tests.property.naive_query import LETTER
from tests.property.naive_query_actions import ACTIONS
from tests.soak.chronicle import Chronicle

DAY = timedelta(days=1)
#: What a look-up gave: each record, whether it is shown, and its marks with their last days.
Rows = frozenset[tuple[str, bool, frozenset[tuple[str, date | None]]]]
#: The way on from a state, and how often it is taken.
WAYS: dict[str, dict[str, float]] = {
    "submitted": {"accept": 95, "reject": 3, "withdraw": 2},
    "accepted": {"answer": 40, "defer": 35, "clarify": 20, "withdraw": 5},
    "pending": {"answer": 75, "clarify": 20, "withdraw": 5},
    "clarifying": {"amend": 90, "withdraw": 10},
    "answered": {"print": 1},
}
#: Working days that an action lets wait: at least, most often, at most. Whatever is not named is done at once.
WAITS = {"amend": (1, 4, 14), "withdraw": (1, 3, 10), "print": (0, 1, 4)}
#: How long an answer waits that is not given on the spot: now and then longer than the period.
LATER = (2, 9, 22)
NATURAL, LEGAL = {"id_card"}, {"agent_id_card", "organisation_code", "authorisation_letter"}


@dataclass(frozen=True)
class Step:
    """One command, and what comes of it.

    ``exit`` is the exit code, ``case`` the case that the answer must show and ``found`` the records in it,
    by the naive models.
    """

    words: tuple[str, ...]
    who: str
    exit: int
    case: str = ""
    found: Rows | None = None


def given_as_words(fields: dict[str, Any], papers: set[str]) -> Iterator[str]:
    """Give values and papers as they are said on the command line."""
    for name, value in fields.items():
        said = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, bool)) else value
        yield from ("--set", f"{name}={','.join(said) if isinstance(said, list) else said}")
    for paper in sorted(papers):
        yield from ("--material", paper)


@dataclass
class Asking:
    """The queries of a city.

    Args:
        rng: where the choices come from.
        model: the naive models, which take every step first.
        put: puts a step of a case off until a day.
    """

    rng: Random
    model: Chronicle
    put: Callable[[date, str, str], None]

    def __post_init__(self) -> None:
        self._serial = 0

    # ------------------------------------------------------------ asking

    def file(self, day: date) -> Iterator[Step]:
        """Somebody asks: about themselves, or with an authorisation about another; now and then by the web site."""
        rng = self.rng
        queried = self._one_of_interest()
        subject = queried if rng.random() < 0.55 else rng.choice(list(self.model.records.values())).subject
        site = rng.random() < 0.1
        fields: dict[str, Any] = {"purpose": rng.choice(["贷款", "租房"])}
        if queried != subject:
            fields["queried"] = queried
        if site:
            fields["channel"] = "site"
        if rng.random() < 0.12:
            fields["classes"] = rng.choice([["A"], ["B"], ["A", "B"], ["B", "C"]])
        if rng.random() < 0.25:
            fields["content"] = rng.choice([["欠税"], ["荣誉"], ["欠税", "荣誉"]])
        if rng.random() < 0.3:
            fields["matters"] = ["query", "paper"]
        fields |= {"by_post": True} if rng.random() < 0.02 else {}
        fields |= {} if site else {"identity_checked": True, "resident": rng.random() >= 0.02}
        born = birth_date(subject)
        if born is not None and (day - born).days < 18 * 365.3 and rng.random() < 0.7:
            fields["own_income"] = True
        if born is None:
            fields |= self._letter("agent", subject, day)
        if queried != subject and not site:
            fields |= self._letter("authorised", subject, day)
        papers = set() if site else self._papers(subject, queried)
        if rng.random() < 0.05:
            yield self._submit(day, subject, {name: v for name, v in fields.items() if name != "purpose"}, papers)
        yield self._submit(day, subject, fields, papers)

    def _one_of_interest(self) -> str:
        """Whom it is about: most often somebody with an objection under way or a mark, whose records are to be seen so."""
        model, rng = self.model, self.rng
        marked = [record for record in model.records.values() if record.marks]
        under_way = [model.records[case.record] for case in model.cases.values() if case.state not in FINAL]
        return rng.choice(rng.choice([marked, under_way, []]) or list(model.records.values())).subject

    def _letter(self, name: str, subject: str, day: date) -> dict[str, Any]:
        rng = self.rng
        values: dict[str, Any] = {
            "id": subject,
            "name": "某某",
            "matters": rng.choice([["query", "paper"]] * 5 + [["query"]]),
            "from": (day - 30 * DAY).isoformat(),
            "until": (day + rng.choice([300] * 6 + [7, 0]) * DAY).isoformat(),
            "content": rng.choice([["全部"]] * 5 + [["欠税"], ["欠税", "荣誉", "没有"]]),
            "purpose": rng.choice([["贷款", "租房"]] * 8 + [["贷款"]]),
        }
        if rng.random() < 0.03:
            values.pop(rng.choice(LETTER))
        return {f"{name}_{key}": value for key, value in values.items()}

    def _papers(self, subject: str, queried: str) -> set[str]:
        rng, natural = self.rng, birth_date(queried) is not None
        papers = {"query_form"} | (NATURAL if birth_date(subject) else LEGAL)
        if queried != subject:
            papers |= {"notarised_authorisation", "queried_id_copy"} if natural else {"sealed_authorisation", "queried_organisation_code"}  # fmt: skip
        if "id_card" in papers and rng.random() < 0.2:
            papers = papers - {"id_card"} | {"citizen_card"}
        if rng.random() < 0.05:
            papers.remove(rng.choice(sorted(papers)))
        return papers

    def _submit(self, day: date, subject: str, fields: dict[str, Any], papers: set[str]) -> Step:
        number = f"QRY-{day.year}-{self._serial + 1:06}"
        who, role = self._somebody("window"), "window"
        if self.rng.random() < 0.03:
            who, role = "center1", "center"
        code = _exit(
            lambda: self.model.ask(
                day, number, subject=subject, account=who, role=role, fields=dict(fields), materials=papers
            )
        )
        if code == 0:
            self._serial += 1
            self._go_on(day, number)
        words = ("query", "submit", "--subject", subject, *given_as_words(fields, papers))
        return Step(words, who, code, number if code == 0 else "")

    # ------------------------------------------------------------ answering

    def take_up(self, day: date, number: str, action: str) -> Iterator[Step]:
        """Do what was put off until a day, or what has taken its place."""
        paper, rng = self.model.queries.papers[number], self.rng
        if paper.state not in ACTIONS["query"][action].states.split():
            return  # something else happened meanwhile, and leads on by itself
        if rng.random() < 0.05:
            yield self._mistake(day, number, action)
        step = self._act(day, number, action)
        yield step
        if step.exit and action == "accept":  # what it lacks can't be brought: it is told why
            yield self._act(day, number, "reject")
        elif step.exit and action == "answer":
            yield from self._otherwise(day, number)
        elif step.exit == 0:
            self._beside(day, number, action)
        if self.model.queries.papers[number].state != paper.state or ACTIONS["query"][action].to:
            self._go_on(day, number)

    def _beside(self, day: date, number: str, action: str) -> None:
        """Put off what a step brings along, beside the way on."""
        chance = self.rng.random()
        if action == "accept":
            self._later(day, number, "archive", 0, 6 if chance < 0.1 else 0)
            if self.rng.random() < 0.2:
                self._later(day, number, "report_misconduct", 0, 20)
        elif action in ("defer", "clarify") and chance < 0.5:
            self._later(day, number, "request_extension", 0, 8)
        elif action == "request_extension":
            self._later(day, number, "grant_extension" if chance < 0.7 else "deny_extension", 0, 4)
        elif action == "report_misconduct":
            self._later(day, number, "verify_misconduct" if chance < 0.6 else "dismiss_misconduct", 0, 10)

    def _otherwise(self, day: date, number: str) -> Iterator[Step]:
        """What can't be answered: nothing is there, or it is outside the authorisation."""
        step = self._act(day, number, "not_found")
        yield step
        if step.exit:
            yield self._act(day, number, "refuse")

    def _mistake(self, day: date, number: str, action: str) -> Step:
        """An attempt that can't succeed: another's to do, or not open."""
        if self.rng.random() < 0.5:
            return self._act(day, number, action, role=self.rng.choice(["provider", "supervisor"]))
        state = self.model.queries.papers[number].state
        closed = [name for name, rule in ACTIONS["query"].items() if state not in rule.states.split()]
        return self._act(day, number, self.rng.choice(closed) if closed else action)

    def _act(self, day: date, number: str, action: str, *, role: str = "") -> Step:
        fields = self._fields(day, action)
        papers = {"withdrawal_request"} if action == "withdraw" else set[str]()
        role = role or ACTIONS["query"][action].role
        who = self._somebody(role)
        code = _exit(
            lambda: self.model.handle(
                day, number, action, account=who, role=role, fields=dict(fields), materials=papers
            )
        )
        words = ("query", action, number, *given_as_words(fields, papers))
        shows = code == 0 and action in ("answer", "print")
        found = self.model.queries.papers[number].found if shows else None
        return Step(words, who, code, number if code == 0 else "", None if found is None else frozenset(found))

    def _fields(self, day: date, action: str) -> dict[str, Any]:
        rng = self.rng
        if action == "amend":
            return rng.choice([{"content": ["欠税"]}, {"purpose": "贷款"}, {"classes": ["A", "B"]}])
        said: dict[str, dict[str, Any]] = {
            "reject": {"grounds": "材料不齐", "ground": ["materials"]},
            "refuse": {"reason": "不在授权范围内", "ground": ["outside"]},
            "defer": {"reason": "需核对"},
            "clarify": {"question": "哪一类"},
            "print": {"collected_by": "本人"},
            "request_extension": {"days": rng.choice([5, 15, 15, 16]), "reason": "需外地核对"},
            "deny_extension": {"reason": "无需延期"},
            "report_misconduct": {"misconduct": rng.choice(["forged", "altered"]), "finding": "疑似"},
            "verify_misconduct": {"until": (day + 365 * DAY).isoformat()},
            "dismiss_misconduct": {"reason": "属实"},
        }
        return dict(said.get(action, {}))

    # ------------------------------------------------------------ what comes next

    def _go_on(self, day: date, number: str) -> None:
        state = self.model.queries.papers[number].state
        if state not in WAYS:
            return
        ways = WAYS[state]
        action = self.rng.choices(list(ways), list(ways.values()))[0]
        least, likely, most = LATER if state == "pending" else WAITS.get(action, (0, 0, 0))
        self._later(day, number, action, *(2 * [round(self.rng.triangular(least, most, likely))]))

    def _later(self, day: date, number: str, action: str, least: int, most: int) -> None:
        self.put(self.model.working_days_after(day, self.rng.randint(least, most)), number, action)

    def _somebody(self, role: str) -> str:
        return f"{role}1" if role in ("provider", "supervisor") else f"{role}{self.rng.choice([1, 2])}"


def _exit(attempt: Callable[[], Any]) -> int:
    try:
        attempt()
    except Refusal as refusal:
        return refusal.exit
    return 0
