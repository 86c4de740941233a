"""Follow how an action moves the deadlines of its case, in every way that the engine's `move_deadlines` may take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from credit_workflow.authoring.analysis.satisfiability import Known, possible
from credit_workflow.definition.clock_rules import DeadlineRule

#: How a deadline stands: as in a case, but for one that is overdue, which is marked so here, and one
#: whose clock stands, which names its stops.
Status = str | None
#: What was taken to be true, or false.
Assumed = list[tuple[str, bool]]
_STOPPED = "stopped"


class _Branch(NamedTuple):
    """One way in which it may go: how the deadlines stand, what that assumes, and which of them began just now."""

    statuses: tuple[Status, ...]
    assumed: Assumed
    new: frozenset[int] = frozenset()


class _Way(NamedTuple):
    """How one deadline may stand after an action has moved it, and whether the action met it."""

    status: Status
    met: bool = False


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """One action, and the deadlines of its case that are followed.

    Args:
        rules: those deadlines, in the order of their statuses.
        action: its name.
        passing: the deadline at whose end it is fired.
        timed: whether some deadline's passing is behind it: it may come on the day after another's last.
        final: whether the case ends with it.
        known: what is known before it.
    """

    rules: Mapping[str, DeadlineRule]
    action: str
    passing: str | None
    timed: bool
    final: bool
    known: Known

    def after(self, statuses: tuple[Status, ...], assumed: Assumed) -> Iterator[tuple[tuple[Status, ...], Assumed]]:
        """Give how the deadlines can stand afterwards, with what that takes to be true."""
        branches = [_Branch(statuses, assumed)]
        for index, rule in enumerate(self.rules.values()):
            if self.action in rule.starters:
                branches = [more for branch in branches for more in self._started(branch, index, rule, {"running"})]
        for branch in branches:
            for ways in product(*self._moved(branch)):
                for moved in self._followed(branch, ways):
                    yield tuple(map(self._closed, self.rules.values(), moved.statuses)), moved.assumed

    def _started(self, branch: _Branch, index: int, rule: DeadlineRule, begun: Iterable[Status]) -> Iterator[_Branch]:
        """Give the branches in which a deadline begins, and that in which its condition does not hold."""
        when = rule.starts_when
        for truth in (True, False) if when is not None else (True,):
            assumed = branch.assumed if when is None else [*branch.assumed, (when, truth)]
            if when is not None and not possible(assumed, self.known):
                continue
            if not truth:
                yield _Branch(branch.statuses, assumed, branch.new)
                continue
            for status in begun:
                yield _Branch(replaced(branch.statuses, index, status), assumed, branch.new | {index})

    def _moved(self, branch: _Branch) -> list[list[_Way]]:
        """Return, for each deadline, how it can stand before those begin that follow another."""
        found = []
        for index, ((name, rule), now) in enumerate(zip(self.rules.items(), branch.statuses, strict=True)):
            new, passing = index in branch.new, name == self.passing
            stood = list(self._stopped(rule, now, new=new, passing=passing))
            ways = [way for status in stood for way in self._ended(rule, status, new=new, passing=passing)]
            if self.action == rule.runs_again_after:
                ways = [_Way("running", way.met) if way.status == "met" else way for way in ways]
            if passing:
                ways = [passed for way in ways for passed in _passed(rule, way, new=new)]
            found.append(list(dict.fromkeys(ways)))
        return found

    def _stopped(self, rule: DeadlineRule, now: Status, *, new: bool, passing: bool) -> Iterator[Status]:
        """Give how a deadline can stand after its clock was started again, and stopped."""
        stops = stops_of(now)
        if now != "running" and not stops:
            yield now
            return
        going_on = {stop for stop in stops if self.action not in rule.suspensions[stop].ends}
        begun = {stop for stop, suspension in rule.suspensions.items() if self.action in suspension.begins}
        past = not stops and (rule.starts_on is not None if new else self.timed or passing)
        if past or not begun:
            yield _standing_still(going_on)  # what is past can't be stopped
        if begun and (new or not passing):
            yield _standing_still(going_on | begun)

    def _ended(self, rule: DeadlineRule, now: Status, *, new: bool, passing: bool) -> Iterator[_Way]:
        """Give how a deadline stands after the action has met it, if it does."""
        if self.action not in rule.ends or not in_force(now):
            yield _Way(now)
            return
        late = now == "overdue" or (passing and not new and rule.late != "met")
        if not late:
            yield _Way("met", met=True)
        # What another deadline's passing causes may come on the day after this one's last.
        perhaps = now == "running" and rule.late != "met" and (rule.starts_on is not None if new else self.timed)
        if late or perhaps:
            yield _Way("met_late", met=True)

    def _followed(self, branch: _Branch, ways: tuple[_Way, ...]) -> list[_Branch]:
        """Return the branches after those deadlines have begun that begin with the end of another."""
        branches = [_Branch(tuple(way.status for way in ways), branch.assumed)]
        names = list(self.rules)
        for index, rule in enumerate(self.rules.values()):
            if rule.starts_after is None or rule.starts_after[0] not in self.rules:
                continue
            first, once = rule.starts_after
            if ways[names.index(first)].met if once == "met" else first == self.passing:
                begun = self._begun(rule, on_an_earlier_day=once == "passed" or rule.starts_on is not None)
                branches = [more for one in branches for more in self._started(one, index, rule, begun)]
        return branches

    def _begun(self, rule: DeadlineRule, *, on_an_earlier_day: bool) -> list[Status]:
        """Return how a deadline can stand that begins with another's end: what it also ends with meets it at once."""
        if self.action not in rule.ends:
            return ["running"]
        return ["met", "met_late"] if on_an_earlier_day and rule.late != "met" else ["met"]

    def _closed(self, rule: DeadlineRule, status: Status) -> Status:
        return "cancelled" if self.final and not rule.outlives_case and in_force(status) else status


def in_force(status: Status) -> bool:
    """Whether a deadline runs, is overdue, or stands still."""
    return status in {"running", "overdue"} or bool(stops_of(status))


def stops_of(status: Status) -> frozenset[str]:
    """Return the stops that last, of a deadline whose clock stands."""
    return frozenset(status.split()[1:] if status is not None and status.startswith(_STOPPED) else ())


def replaced(statuses: tuple[Status, ...], index: int, status: Status) -> tuple[Status, ...]:
    """Return statuses with one of them changed."""
    return (*statuses[:index], status, *statuses[index + 1 :])


def _standing_still(stops: Iterable[str]) -> Status:
    return " ".join((_STOPPED, *sorted(stops))) if stops else "running"


def _passed(rule: DeadlineRule, way: _Way, *, new: bool) -> Iterator[_Way]:
    """Give how the deadline stands whose passing fired the action; what began with it anew goes on unless past too."""
    if new:
        yield way
    if not new or rule.starts_on is not None:
        yield way._replace(status=rule.late) if rule.late != "overdue" or way.status == "running" else way
