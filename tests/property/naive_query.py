"""The naive model of queries and archives (附件1), written from RULES.md §3, §7, §8 and §9 alone.

It stands beside the naive model of objections, whose records and marks it reads. Choices that RULES.md leaves
open stand beside the line that makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.property.naive import Model
from tests.property.naive_actions import ALL
from tests.property.naive_books import Deadline, Due, Refusal, cancel
from tests.property.naive_grounds import require
from tests.property.naive_persons import birth_date, is_legal_number, of_hangzhou, years_old
from tests.property.naive_query_actions import ACTIONS, FINAL, QueryMutant

LETTER = ("id", "name", "matters", "from", "until", "content", "purpose")
CHECKED = {"identity": "identity_checked", "residence": "resident"}
CARDS = {"citizen_card", "social_security_card"}


@dataclass
class Paper:
    """One query, or one transfer list."""

    kind: str
    filed: date
    subject: str
    fields: dict[str, Any]
    materials: set[str]
    state: str
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    found: set[tuple[str, bool, frozenset[tuple[str, date | None]]]] | None = None
    done_by: dict[str, str] = field(default_factory=dict)
    asked_days: int = 0
    extension: str = ""
    misconduct: str = ""

    def __post_init__(self) -> None:
        self.queried = str(self.fields.get("queried") or self.subject)
        self.at_the_site = self.fields.get("channel") == "site"
        self.own = self.queried == self.subject


class QueryModel:
    """Queries and archives beside a model of objections."""

    def __init__(self, objections: Model, *, mutant: QueryMutant | None = None) -> None:
        self.objections = objections
        self.mutant = mutant
        self.papers: dict[str, Paper] = {}
        self.kinds: dict[str, tuple[str, str]] = {}  # record → (open class, title)
        self.made: dict[str, str] = {}  # dishonesty record → whom it is about

    # ------------------------------------------------------------ reads

    def view(self, day: date) -> None:
        """Let what happens by date happen: five years from the transfer a list falls due for disposal."""
        for paper in self.papers.values():
            if paper.state == "held" and day > paper.deadlines["archive_retention"].due:
                paper.state = "due_for_disposal"
                paper.deadlines["archive_retention"].outcome = "met"

    def deadlines(self, case_id: str, day: date) -> dict[str, Due]:
        return {name: deadline.as_of(day) for name, deadline in self.papers[case_id].deadlines.items()}

    # ------------------------------------------------------------ operations

    def submit(
        self,
        day: date,
        kind: str,
        case_id: str,
        *,
        subject: str | None,
        role: str,
        fields: Mapping[str, Any],
        materials: AbstractSet[str] = frozenset(),
    ) -> None:
        self.view(day)
        if role != "window":
            raise Refusal("role", ["submit"])
        given = dict(fields)
        if kind == "archive":
            self._submit_list(day, case_id, given)
            return
        for number in (subject, given.get("queried")):
            if number is not None and birth_date(number) is None and not is_legal_number(number):
                raise Refusal("value", ["subject"])
        require(["subject", "purpose"], {**given, "subject": subject})
        paper = Paper(kind, day, str(subject), given, set(materials), "submitted")
        paper.fields, paper.materials = self._vouched(paper, {}, given, materials)
        paper.deadlines["reply"] = self._period(day, 15)
        self.papers[case_id] = paper

    def act(
        self,
        day: date,
        case_id: str,
        action: str,
        *,
        account: str,
        role: str,
        fields: Mapping[str, Any],
        materials: AbstractSet[str] = frozenset(),
    ) -> None:
        self.view(day)
        if case_id not in self.papers:
            raise Refusal("missing", [case_id])
        paper, given = self.papers[case_id], dict(fields)
        rule = ACTIONS[paper.kind][action]
        if role != rule.role and not (action == "report_misconduct" and role == "window"):
            raise Refusal("role", [action])
        if paper.state not in rule.states.split():
            raise Refusal("state", [paper.state])
        require(rule.needs.split(), given)
        if action == "accept":
            given, materials = self._vouched(paper, paper.fields, given, materials)
        grounds = self._grounds(day, paper, action, account, given, materials)
        if grounds:
            raise Refusal("rule", grounds)
        kept = {} if action in ("report_misconduct", "verify_misconduct") else given
        paper.fields |= kept
        paper.materials |= materials
        paper.done_by[action] = account
        self._effects(day, case_id, action, given)
        if rule.to:
            self._enter(paper, rule.to)

    # ------------------------------------------------------------ rules

    def _grounds(
        self, day: date, paper: Paper, action: str, account: str, given: dict[str, Any], materials: AbstractSet[str]
    ) -> list[str]:
        stands: dict[str, bool] = {}
        if action == "accept":
            stands = self._accept_grounds(paper, {**paper.fields, **given}, paper.materials | materials)
        elif action == "answer":
            stands = {**self._scope_grounds(day, paper), "exists": not self.look_up(paper, day)}
        elif action == "not_found":
            stands = {"there": bool(self.look_up(paper, day))}
        elif action in ("reject", "refuse"):  # RULES §12: only for a ground that stands, or that the clause lists
            granted = "accept" if action == "reject" else "answer"
            stands = {
                "no_ground": not given.get("ground")
                and self.mutant != "refused_at_will"
                and not self._grounds(day, paper, granted, account, {}, frozenset())
            }
        elif action == "print":
            stands = self._print_grounds(day, paper)
        elif action.endswith("_extension"):
            stands = self._extension_grounds(day, paper, action, account, given)
        else:
            stands = self._other_grounds(day, paper, action, account, given, materials)
        return [name for name, found in stands.items() if found]

    def _print_grounds(self, day: date, paper: Paper) -> dict[str, bool]:
        has, letters = paper.fields, self._letters(paper)
        out = [o for o in letters if not has[f"{o}_from"] <= day.isoformat() <= has[f"{o}_until"]]
        out += [o for o in letters if "paper" not in has[f"{o}_matters"]]
        return {"late": (day - (paper.deadlines["reply"].met or day)).days > 30, "letter": bool(out)}

    def _other_grounds(
        self, day: date, paper: Paper, action: str, account: str, given: dict[str, Any], materials: AbstractSet[str]
    ) -> dict[str, bool]:
        stands: dict[str, bool] = {}
        if action == "archive":
            stands = {"filed": "archive" not in paper.deadlines or bool(paper.deadlines["archive"].outcome)}
        elif action == "withdraw":
            stands = {"material": "withdrawal_request" not in paper.materials | materials}
        elif action.endswith("_misconduct"):
            stands = self._misconduct_grounds(day, paper, action, account, given)
        elif action == "confirm":
            counted = given["counted"] != len(paper.fields["cases"]) and self.mutant != "count_not_held"
            stands = {"count": counted, "four_eyes": paper.done_by["hand_over"] == account}
        elif action in ("request_disposal", "dispose"):
            stands = {"ended": any(self.papers[number].state not in FINAL for number in paper.fields["cases"])}
        elif action in ("approve_disposal", "deny_disposal"):
            stands = {"four_eyes": paper.done_by["request_disposal"] == account}
        return stands

    def _vouched(
        self, paper: Paper, before: Mapping[str, Any], given: dict[str, Any], materials: AbstractSet[str]
    ) -> tuple[dict[str, Any], set[str]]:
        """What is given, with what whoever says that all was seen says by it (RULES §8); nothing that was said before."""
        if ALL not in materials:
            return given, set(materials)
        said = {"identity_checked": True}
        if of_hangzhou(paper.subject) or self.mutant == "elsewhere_presumed":
            said["resident"] = True
        vouched = {name: value for name, value in said.items() if before.get(name) is None}
        return {**vouched, **given}, (materials - {ALL}) | self._needed(paper)

    def _accept_grounds(self, paper: Paper, fields: Mapping[str, Any], seen: AbstractSet[str]) -> dict[str, bool]:
        born = birth_date(paper.subject)
        age = 99 if born is None else years_old(born, paper.filed)
        presumed = paper.at_the_site or self.mutant == "identity_presumed"
        stands = {
            # The web site shows class A to everybody, and asks nobody who he is (附件1·四).
            **{name: fields.get(said) not in ((True, None) if presumed else (True,)) for name, said in CHECKED.items()},
            "person": age < 18 and not (age >= 16 and fields.get("own_income") is True),
            "post": fields.get("by_post") is True,
            "materials": not self._papers_for(paper, seen),
        }
        for letter in self._letters(paper):
            values = {name: fields.get(f"{letter}_{name}") for name in LETTER}
            stands[f"{letter}_complete"] = any(value is None for value in values.values())
            first, last, filed = values["from"], values["until"], paper.filed.isoformat()
            stands[f"{letter}_in_force"] = bool(first and last and not first <= filed <= last)
            if letter == "authorised":
                stands["object"] = values["id"] not in (None, paper.subject)
        return stands

    @classmethod
    def _papers_for(cls, paper: Paper, seen: AbstractSet[str]) -> bool:
        """Whether the papers of §8 are there; a card may stand for an ID card."""
        cards = {"id_card", "agent_id_card"}
        needed = cls._needed(paper)
        return needed - cards <= seen and (needed <= seen or bool(CARDS & seen))

    @staticmethod
    def _needed(paper: Paper) -> set[str]:
        """The papers of §8; the web site asks for none."""
        if paper.at_the_site:
            return set()
        natural = birth_date(paper.subject) is not None
        needed = {"query_form", "id_card"} if natural else {"query_form", "agent_id_card"}
        needed |= set() if natural else {"organisation_code", "authorisation_letter"}
        if not paper.own and birth_date(paper.queried) is not None:
            needed |= {"notarised_authorisation", "queried_id_copy"}
        elif not paper.own:
            needed |= {"sealed_authorisation", "queried_organisation_code"}
        return needed

    def _letters(self, paper: Paper) -> list[str]:
        """Whose authorisations are held against what is asked: the agent's, the person's queried."""
        if paper.at_the_site or self.mutant == "authorisation_not_read":
            return []
        return (["agent"] if birth_date(paper.subject) is None else []) + ([] if paper.own else ["authorised"])

    def _scope_grounds(self, day: date, paper: Paper) -> dict[str, bool]:
        fields = paper.fields
        allowed = {"A"} if paper.at_the_site else {"A", "B"}
        stands = {"class": not self._classes(paper) <= allowed and self.mutant != "class_dropped"}
        for letter in self._letters(paper):
            has = {name: fields[f"{letter}_{name}"] for name in LETTER}
            stands[f"{letter}_in_force"] = not has["from"] <= day.isoformat() <= has["until"]
            stands[f"{letter}_matters"] = not set(fields.get("matters") or ["query"]) <= set(has["matters"])
            content = fields.get("content")
            everything = "全部" in has["content"]
            stands[f"{letter}_content"] = not everything and (
                content is None or not set(content) <= set(has["content"])
            )
            stands[f"{letter}_purpose"] = fields["purpose"] not in has["purpose"]
        return stands

    @staticmethod
    def _classes(paper: Paper) -> set[str]:
        return set(paper.fields.get("classes") or (["A"] if paper.at_the_site else ["A", "B"]))

    def look_up(self, paper: Paper, day: date) -> set[tuple[str, bool, frozenset[tuple[str, date | None]]]]:
        """The records that fit: whether each is shown, and its marks with their last days."""
        rows = set()
        for no, record in self.objections.records.items():
            open_class, title = self.kinds[no]
            values = self.objections.record_fields(no, day)
            wanted = paper.fields.get("content")
            fits = wanted is None or "全部" in wanted or any(word in title for word in wanted)
            if record.subject != paper.queried or open_class not in self._classes(paper) or not fits:
                continue
            if values["removed"] or not values["valid_from"] <= day <= values["valid_until"]:
                continue
            marks = frozenset((kind, last) for kind, _, last in self.objections.marks(no, day))
            suspended = any(kind == "processing" for kind, _ in marks) and self.mutant != "suspended_shown"
            rows.add((no, not suspended, marks))
        return rows

    @staticmethod
    def _extension_grounds(
        day: date, paper: Paper, action: str, account: str, given: dict[str, Any]
    ) -> dict[str, bool]:
        late = day > paper.deadlines["reply"].original_due
        if action == "request_extension":
            return {
                "days": not 1 <= given["days"] <= 15,
                "late": late,
                "granted": paper.extension == "granted",
                "pending": paper.extension == "asked",
            }
        four_eyes = paper.done_by.get("request_extension") == account
        refused_late = action == "grant_extension" and late
        return {"not_asked": paper.extension != "asked", "four_eyes": four_eyes, "late": refused_late}

    def _misconduct_grounds(
        self, day: date, paper: Paper, action: str, account: str, given: dict[str, Any]
    ) -> dict[str, bool]:
        if action == "report_misconduct":
            # a misused card is its owner's: the record must not be made about the victim
            unnamed = given["misconduct"] == "misused" and not given.get("misconduct_by")
            return {"reported": paper.misconduct in ("reported", "verified"), "unnamed": unnamed}
        four_eyes = paper.done_by.get("report_misconduct") == account and self.mutant != "own_report_verified"
        stands = {"not_reported": paper.misconduct != "reported", "four_eyes": four_eyes}
        if action == "verify_misconduct":
            stands["past"] = given["until"] < day.isoformat()
        return stands

    # ------------------------------------------------------------ effects

    def _effects(self, day: date, case_id: str, action: str, given: dict[str, Any]) -> None:
        paper = self.papers[case_id]
        if action in ("accept", "reject"):
            paper.deadlines["archive"] = Deadline(day, day, day)
        elif action in ("answer", "not_found", "refuse"):
            paper.deadlines["reply"].meet(day)
            if action != "refuse":
                paper.found = self.look_up(paper, day)
        elif action == "clarify" and self.mutant == "clarifying_stops_the_period":
            paper.deadlines["reply"].meet(day)
        elif action == "archive":
            paper.deadlines["archive"].meet(day)
        elif action == "confirm":
            years = 4 if self.mutant == "four_years" else 5
            last = _years_later(day, years)
            paper.deadlines["archive_retention"] = Deadline(day, last, last)
        elif action.endswith("_extension"):
            self._extension(paper, action, given)
        elif action.endswith("_misconduct"):
            self._misconduct(day, case_id, action, given)

    def _extension(self, paper: Paper, action: str, given: dict[str, Any]) -> None:
        if action == "request_extension":
            paper.extension, paper.asked_days = "asked", given["days"]
        elif action == "grant_extension":
            paper.extension = "granted"
            reply = paper.deadlines["reply"]
            reply.due = self.objections.working_days_after(reply.original_due, paper.asked_days)
        else:
            paper.extension = "denied"

    def _misconduct(self, day: date, case_id: str, action: str, given: dict[str, Any]) -> None:
        paper = self.papers[case_id]
        if action == "report_misconduct":
            paper.misconduct = "reported"
            paper.fields["misconduct_by"] = given.get("misconduct_by") or paper.subject
        elif action == "dismiss_misconduct":
            paper.misconduct = "dismissed"
        else:
            paper.misconduct = "verified"
            number, about = f"SX-{case_id}", paper.fields["misconduct_by"]
            self.made[number], self.kinds[number] = about, ("B", "失信信息")
            self.objections.add_record(number, about, day, date.fromisoformat(given["until"]), "市信用中心", "")

    def _submit_list(self, day: date, case_id: str, given: dict[str, Any]) -> None:
        require(["cases", "keeper"], given)
        cases = list(dict.fromkeys(given["cases"]))
        for number in cases:
            if number not in self.papers:
                raise Refusal("missing", [number])
        listed = {
            number
            for other in self.papers.values()
            if other.kind == "archive" and other.state != "returned" and self.mutant != "listed_twice"
            for number in other.fields["cases"]
        }
        unfiled = [n for n in cases if "archive" not in self.papers[n].done_by]
        if unfiled or listed.intersection(cases):
            raise Refusal("rule", [*unfiled, *listed.intersection(cases)])
        self.papers[case_id] = Paper("archive", day, "", {**given, "cases": cases}, set(), "listed")

    @staticmethod
    def _enter(paper: Paper, state: str) -> None:
        paper.state = state
        if state in FINAL:
            cancel(paper.deadlines)

    def _period(self, start: date, working_days: int) -> Deadline:
        due = self.objections.working_days_after(start, working_days)
        return Deadline(start, due, due)


def _years_later(day: date, years: int) -> date:
    """The day of the same date, or the month's last day for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
