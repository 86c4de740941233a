"""What stands in the way of an action, in the naive model: values that are none, and the grounds of a refusal."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from tests.property.naive_actions import ALL, LEGAL_PAPERS, LETTER, NATURAL_PAPERS, OWN_PAPERS
from tests.property.naive_books import FINAL, Books, Case, Refusal
from tests.property.naive_persons import birth_date, of_hangzhou, unit_of, years_old


def require(names: Iterable[str], fields: Mapping[str, Any]) -> None:
    missing = [name for name in names if fields.get(name) is None or not str(fields[name]).strip()]
    if missing:
        raise Refusal("value", missing)


def as_date(name: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refusal("value", [name]) from None


class Grounds(Books):
    """The books, and what stands in the way of changing them."""

    # ------------------------------------------------------------ values

    @staticmethod
    def _check_values(action: str, given: dict[str, Any]) -> None:
        """Whether the values are of their kind; dates become dates, in place."""
        if action == "receive" and given.get("received_on") is not None:
            given["received_on"] = as_date("received_on", given["received_on"])
        if action == "request_extension" and (not isinstance(given["days"], int) or isinstance(given["days"], bool)):
            raise Refusal("value", ["days"])
        if action == "report":
            if given["outcome"] not in {"corrected", "removed", "upheld", "reassigned", "added"}:
                raise Refusal("value", ["outcome"])
            whose = {"subject_id", "subject_name"}
            require(whose if given["outcome"] == "reassigned" else (), given)
            if given["outcome"] != "reassigned" and whose & set(given):
                raise Refusal("value", sorted(whose))
            if given["outcome"] in {"corrected", "added"}:
                given["correction"] = Grounds._correction(given.get("correction"))
            elif "correction" in given:
                raise Refusal("value", ["correction"])

    @staticmethod
    def _correction(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            raise Refusal("value", ["correction"])
        unknown = set(value) - {"provider", "content", "valid_from", "valid_until", "title", "open_class"}
        if unknown:
            raise Refusal("value", sorted(unknown))
        dates = {"valid_from", "valid_until"}
        return {name: as_date(name, new) if name in dates else new for name, new in value.items()}

    # ------------------------------------------------------------ rules

    def _grounds(  # noqa: C901 - one branch an action
        self,
        day: date,
        case_id: str,
        action: str,
        *,
        account: str,
        given: dict[str, Any],
        materials: AbstractSet[str],
    ) -> list[str]:
        """Every ground that stands in the way."""
        case = self.cases[case_id]
        if action == "accept":
            return self._accept_grounds(day, case_id, case.fields | given, case.materials | materials)
        stands: dict[str, bool] = {}
        if action in {"report", "mark", "lapse"}:
            stands = self._record_grounds(case, action, given)
        if action == "collect":
            stands = self._collecting(day, case, case.fields | given)
        if action == "archive":
            stands["archived"] = bool(case.deadlines["archive"].outcome)
        if action in {"consult", "respond"} and case.workflow == "objection":
            unit = given.get("provider") or self._provider(case)
            asked = {one.unit for one in self._asked(case_id)}
            stands["asked"] = unit in asked if action == "consult" else unit_of(account) not in asked
        if action == "withdraw":
            stands["materials"] = "withdrawal_request" not in case.materials | materials
        if action == "receive":
            received = given.get("received_on") or day
            stands["before_transfer"] = case.transferred is not None and received < case.transferred
            stands["in_future"] = received > day
        if action == "approve":
            stands["four_eyes"] = account == case.drafter
        if action == "reject":  # RULES §12: with a ground that stands, or one of those that the clause lists
            chosen = bool(given.get("ground")) or self.mutant == "rejected_at_will"
            stands["no_ground"] = not chosen and not self._accept_grounds(day, case_id, case.fields, case.materials)
        if action == "revoke":
            stands["mark"] = self.cases[case.parent].state != "disputed"
        if action.endswith("_extension"):
            stands = self._extension_grounds(day, case, action, account, given)
        return [name for name, found in stands.items() if found]

    def _record_grounds(self, case: Case, action: str, given: dict[str, Any]) -> dict[str, bool]:
        """What stands in the way by the record that a case is about."""
        if action == "report":
            omission = "missing" in case.fields
            fitting = {"added", "upheld"} if omission else {"corrected", "removed", "reassigned", "upheld"}
            return {"outcome": given["outcome"] not in fitting}
        removed, another = self._is_removed(case), self._is_anothers(case)
        if action == "lapse":
            return {"there": not removed and not another}
        return {"objection": self.cases[case.parent].state != "collected", "removed": removed, "another": another}

    @staticmethod
    def _extension_grounds(day: date, case: Case, action: str, account: str, given: dict[str, Any]) -> dict[str, bool]:
        late = day > case.deadlines["handling"].original_due
        if action == "request_extension":
            return {
                "days": not 1 <= given["days"] <= 15,
                "late": late,
                "granted": case.granted,
                "pending": bool(case.asker),
            }
        return {
            "not_asked": not case.asker,
            "four_eyes": account == case.asker,
            # A late refusal harms nobody; only what makes an overdue case timely must be in time.
            "late": action == "grant_extension" and late,
        }

    def _vouched(
        self, case: Case, given: dict[str, Any], materials: AbstractSet[str]
    ) -> tuple[dict[str, Any], set[str]]:
        """What is given, with what whoever says that all was seen says by it (RULES §8); nothing that was said before."""
        if ALL not in materials:
            return given, set(materials)
        papers = OWN_PAPERS[case.workflow] | (NATURAL_PAPERS if birth_date(case.subject) else LEGAL_PAPERS)
        said = {"identity_checked": True}
        if case.workflow == "objection" and (of_hangzhou(case.subject) or self.mutant == "elsewhere_presumed"):
            said["resident"] = True
        known = {name: value for name, value in case.fields.items() if value is not None}
        return {**{name: value for name, value in said.items() if name not in known}, **given}, (
            materials - {ALL}
        ) | papers

    def _collecting(self, day: date, case: Case, fields: Mapping[str, Any]) -> dict[str, bool]:
        who, legal = fields["collected_by"], birth_date(case.subject) is None
        applicant = who in ("本人", "self", case.subject)
        agent = legal and who in (fields.get("agent_name"), fields.get("agent_id"))
        somebody = applicant or agent or who == fields.get("guardian") or self.mutant == "anybody_collects"
        return {"collector": not somebody, "letter": legal and not applicant and not self._letter_holds(day, fields)}

    @staticmethod
    def _letter_holds(day: date, fields: Mapping[str, Any]) -> bool:
        first, last = fields.get("agent_from"), fields.get("agent_until")
        return first is None or last is None or first <= day.isoformat() <= last

    def _accept_grounds(
        self, day: date, case_id: str, fields: Mapping[str, Any], materials: AbstractSet[str]
    ) -> list[str]:
        case = self.cases[case_id]
        legal = birth_date(case.subject) is None
        papers = OWN_PAPERS[case.workflow] | (LEGAL_PAPERS if legal else NATURAL_PAPERS)
        presumed = self.mutant == "identity_presumed"
        stands = {
            "identity": fields.get("identity_checked") is not True and not presumed,
            "agent": legal and self.mutant != "agent_not_asked" and any(fields.get(name) is None for name in LETTER),
            "letter": legal and not all(self._letter_holds(on, fields) for on in (case.filed, day)),
            "materials": not papers <= materials and self.mutant != "guard_dropped",
            # RULES §5 and §6 name no such ground: who could object can mark and revoke
            "person": case.workflow == "objection" and not self._is_person(case, fields, materials),
            "residence": case.workflow == "objection" and fields.get("resident") is not True and not presumed,
        }
        if case.workflow == "objection":
            if case.record:
                record = self.records[case.record]
                ends = record.values["valid_until"]
                stands["removed"] = self._is_removed(case)
                stands["validity"] = ends is not None and ends < case.filed
                stands["own"] = case.subject != record.subject
            stands["repeat"] = self._is_repeat(case) and not str(fields.get("good_ground") or "").strip()
        if case.workflow == "marking":
            stands |= self._marking_grounds(case_id)
        if case.workflow == "revocation":
            marking = self.cases[case.parent]
            stands["own"] = case.subject != marking.subject
            stands["mark"] = marking.state != "disputed"
        return [name for name, found in stands.items() if found]

    @staticmethod
    def _is_person(case: Case, fields: Mapping[str, Any], materials: AbstractSet[str]) -> bool:
        born = birth_date(case.subject)
        if born is None:
            return True
        age = years_old(born, case.filed)
        guarded = bool(str(fields.get("guardian") or "").strip()) and "guardianship" in materials
        return age >= 18 or (age >= 16 and fields.get("own_income") is True) or guarded

    def _is_removed(self, case: Case) -> bool:
        """RULES §12: a removed record can be neither objected to nor marked."""
        gone = bool(case.record) and bool(self.records[case.record].values["removed"])
        return gone and self.mutant != "removed_heard"

    def _is_anothers(self, case: Case) -> bool:
        """Of a marking: the record has turned out to be another person's than the objection's applicant."""
        return bool(case.record) and self.records[case.record].subject != self.cases[case.parent].subject

    def _owner(self, case: Case) -> str:
        """Whose the record of a case is, without what the case itself has made of it."""
        now = self.records[case.record].subject if case.record else ""
        before, written = case.applied.get("subject", (now, now))
        return str(before if now == written else now)

    def _is_repeat(self, case: Case) -> bool:
        """Answered already, of the same record as it still is, or the same missing of the same provider."""
        earlier = (
            other
            for other in self.cases.values()
            if other.workflow == "objection" and other.number < case.number and other.subject == case.subject
        )
        if case.record:
            now = self._said(self.records[case.record].values)
            return any(
                other.record == case.record
                and "missing" not in other.fields
                and bool(other.answered)
                and self._said(other.answered) == now
                for other in earlier
            )
        what = ("missing", "missing_from")
        mine = self._said({name: case.fields[name] for name in what})
        return any(
            bool(other.answered) and self._said({name: other.fields.get(name) for name in what}) == mine
            for other in earlier
        )

    def _said(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a record says; that a sentence ends with a full stop or not says nothing."""
        if self.mutant == "missing_by_its_letters":
            return dict(values)
        return {name: value.rstrip("。") if isinstance(value, str) else value for name, value in values.items()}

    def _marking_grounds(self, case_id: str) -> dict[str, bool]:
        case = self.cases[case_id]
        objection = self.cases[case.parent]
        window = objection.deadlines.get("dispute_window")
        in_time = window is not None and window.starts <= case.filed <= window.due
        return {
            "own": case.subject != objection.subject,
            "nothing": not case.record and self.mutant != "nothing_marked",
            "objection": objection.state != "collected",
            "removed": self._is_removed(case),
            "another": self._is_anothers(case),
            "window": not in_time and self.mutant != "late_marking",
            "other": any(
                other is not case and other.accepted and other.state not in FINAL
                for other in self._children(case.parent)
            ),
        }
