"""Run an office day by day: what time brings about, what comes in, what people take up.

Every step is `fire` or `catch_up`, as it would be in earnest; nothing here decides what a case may do.
A day goes so: at its beginning the system opens what recurs and fires what has fallen due, as the nightly
sweep does; on a working day cases are filed and people take up what is ready, in the order in which
it became ready, as far as their day reaches. What becomes ready on the same day can be taken on it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from credit_workflow.authoring.simulation.arriving import Arriving, Newcomer, follows_of
from credit_workflow.authoring.simulation.deciding import Decider
from credit_workflow.authoring.simulation.draws import drawn, whole_days
from credit_workflow.authoring.simulation.plans import (
    Plan,
    Task,
    chosen_move,
    chosen_sides,
    days_until,
    everybody,
    offered,
    role_of,
    since,
)
from credit_workflow.authoring.simulation.start import Scenario, Start
from credit_workflow.authoring.simulation.takeover import taken_over
from credit_workflow.authoring.simulation.weekly_figures import Result, Week, waited_for
from credit_workflow.engine.clocks import deadlines as dl
from credit_workflow.engine.timers import catch_up, recount
from credit_workflow.engine.values import Actor, Case, Deadline, Entry
from credit_workflow.engine.world import SYSTEM_ACTOR, Moment, Outcome, World
from credit_workflow.errors import CreditWorkflowError, Refused
from credit_workflow.text import same

_DAY = timedelta(days=1)
_MORNING = time(9)
_SUNDAY = 6
_FAULTS = (CreditWorkflowError, ValueError, KeyError, RecursionError)


class Workplace:
    """One simulation.

    Args:
        start: today's cases.
        scenario: the rules, the calendar and what is assumed of people.
        until: the last day simulated, inclusive.

    Raises:
        Refused: the calendar does not reach so far.
    """

    def __init__(self, start: Start, scenario: Scenario, until: date) -> None:
        scenario.calendar.is_working(until)
        self._start, self._scenario, self._until = start, scenario, until
        self._people, self._calendar = scenario.people, scenario.calendar
        self._rules = {**start.rules, **{rules.digest: rules for rules in scenario.rules.values()}}
        self._worlds: dict[str, World] = {}
        self._root: dict[str, str] = {}
        self._open: dict[str, Case] = {}
        self._plans: dict[str, Plan] = {}
        self._passing: list[tuple[date, str, str, str]] = []
        self._agenda: list[tuple[date, int, Task]] = []
        self._queues: dict[str, deque[Task]] = {}
        self._blocked: set[str] = set()
        self._filed: Counter[str] = Counter()
        self._tasks = 0
        self._moment = start.now
        self._anybody = everybody(self._rules.values())
        self._decider = Decider(start, scenario, self._find)
        self._arriving = Arriving(start, scenario)
        self._follows = follows_of(scenario)
        self._result = Result(
            today=start.now.effective, until=until, seed=self._people.seed, capacity=dict(self._people.capacity)
        )

    def run(self, progress: Callable[[int, int], None] | None = None) -> Result:
        """Simulate every day, today included as a whole day, and return what was found.

        Args:
            progress: called with the number of days done and of all.
        """
        today, zone = self._result.today, ZoneInfo(self._calendar.zone)
        self._begin()
        total = (self._until - today).days + 1
        for number in range(total):
            day = today + timedelta(days=number)
            if number:
                at = datetime.combine(day, _MORNING, tzinfo=zone).astimezone(UTC)
                self._moment = Moment(at=at, effective=day)
            self._simulate(day)
            if progress is not None:
                progress(number + 1, total)
        self._end()
        return self._result

    # -- today

    def _begin(self) -> None:
        """Take over today's cases, counted by this calendar, with all that time has brought about by now."""
        today = self._result.today
        self._new_week(today)
        for root, family in self._start.families.items():
            cases, by = dict(family), self._start.counted_by
            if self._scenario.running_too:
                cases, kept, by = taken_over(cases, self._rules, self._scenario.rules, self._calendar, today, by)
                self._result.kept_old += kept
            numbers = {case.record for case in cases.values()} & self._start.records.keys()
            records = {number: self._start.records[number] for number in numbers}
            world = World(
                rules=self._rules, calendar=self._calendar, cases=cases, records=records, counted_by=by
            )  # fmt: skip
            self._worlds[root] = recount(world, self._moment).world
            self._root.update(dict.fromkeys(cases, root))
            for case in self._worlds[root].cases.values():
                if not case.final:
                    self._open[case.number] = case
                for deadline in case.deadlines.values():
                    self._watch(root, case.number, deadline)
        self._pass(today)
        for number in list(self._root):
            case = self._find(number)
            self._plan(number, after=since(case, self._rules[case.definition]))

    # -- a day

    def _simulate(self, day: date) -> None:
        if day.weekday() == 0 and day > self._result.today:
            self._new_week(day)
        for coming in self._scenario.coming:
            if coming.day == day:
                new = self._arriving.recurring(coming)
                self._open_new(new, SYSTEM_ACTOR, moment=self._moment.as_of(coming.effective))
        self._pass(day)
        works = self._calendar.is_working(day)
        self._filed.clear()
        for workflow, count in self._arriving.today(day, works=works):
            for _ in range(count):
                new = self._arriving.new(workflow, day)
                self._open_new(new, self._decider.opener(new))
        if works:
            self._week.working_days += 1
            if self._week.working_days == 1:
                self._try_again(day)
            self._work(day)
        if day == self._until or day.weekday() == _SUNDAY:
            self._close_week()

    def _pass(self, day: date) -> None:
        """Record what has fallen due: the last day is over at the beginning of the next (民法典 203)."""
        while self._passing and self._passing[0][0] <= day:
            _, root, number, name = heappop(self._passing)
            world = self._worlds[root]
            case = world.cases[number]
            deadline = case.deadlines[name]
            if deadline.status != "running" or day <= deadline.due:
                continue
            rule = world.rules_of(case).deadline(name)
            if rule.late == "overdue":
                self._late(case, deadline)
            if dl.passing(rule, deadline, day) is not None:
                try:
                    self._keep(root, catch_up(world, self._moment))
                except _FAULTS as fault:
                    self._refused(case.workflow, str(rule.at_end), fault)

    def _try_again(self, day: date) -> None:
        """Once a week what was refused is tried again: its ground may have gone with time."""
        blocked, self._blocked = sorted(self._blocked), set()
        for number in blocked:
            plan = self._plans[number]
            plan.sides = {name: task for name, task in plan.sides.items() if name not in plan.refused}
            plan.refused.clear()
            self._plan(number, after=day)

    def _work(self, day: date) -> None:
        capacity = self._people.capacity
        left = {role: most - self._filed[role] for role, most in capacity.items()}
        going = True
        while going:
            going = False
            while self._agenda and self._agenda[0][0] <= day:
                task = heappop(self._agenda)[2]
                self._queues.setdefault(task.role, deque()).append(task)
            for role, queue in self._queues.items():
                while queue and (role not in left or left[role] > 0):
                    going = True
                    if self._take_up(queue.popleft(), day) and role in left:
                        left[role] -= 1

    def _take_up(self, task: Task, day: date) -> bool:
        """Take an action that is ready; return whether it used somebody's time."""
        if task.follows is not None:
            new = self._arriving.child(task.follows, self._find(task.case), day)
            return self._open_new(new, self._decider.opener(new), into=self._root[task.case])
        plan = self._plans[task.case]
        if not plan.awaits(task):
            return False
        if plan.too_often(day):
            self._schedule(self._after(day, 1), task)
            return False
        root = self._root[task.case]
        try:
            world = self._arriving.with_births(self._worlds[root], day)
            outcome = self._decider.taken(world, task, self._moment)
        except _FAULTS as fault:
            self._refused(self._find(task.case).workflow, task.action, fault)
            self._blocked.add(task.case)
            plan.refused.add(task.action)
            if task.move:
                plan.next = None
                self._plan(task.case, after=day)
            else:
                plan.sides[task.action] = None
            return False
        if not task.move:
            plan.sides[task.action] = None
        self._keep(root, outcome)
        return True

    # -- what people intend

    def _plan(self, number: str, *, after: date) -> None:
        """Look at what a case offers, and let people intend what they do next.

        Args:
            number: the case.
            after: the day from which the time until then counts.
        """
        world = self._worlds[self._root[number]]
        case, today = world.cases[number], self._moment.effective
        plan = self._plans.setdefault(number, Plan())
        if plan.state != case.state:
            plan.state, plan.next, plan.waits = case.state, None, False
            plan.stay += 1
            plan.refused.clear()
        rules = world.rules_of(case)
        if rules.workflow.about == "account":
            return
        moves, sides = offered(world, case, self._anybody, self._moment)
        if not plan.waits and (plan.next is None or plan.next.action not in moves):
            plan.next = None
            action, known = chosen_move(self._people, rules, case, plan, moves)
            if moves and not known:
                self._result.assumed.add((rules.id, case.state))
            if action is not None:
                plan.next = self._intended(case, plan, action, after, today, move=True)
        plan.sides = {name: task for name, task in plan.sides.items() if name in sides}
        fresh = [name for name in sides if name not in plan.sides]
        plan.sides.update(dict.fromkeys(fresh))
        for action in chosen_sides(self._people, rules, case, plan, fresh) if fresh else ():
            plan.sides[action] = self._intended(case, plan, action, after, today, move=False)

    def _intended(self, case: Case, plan: Plan, action: str, after: date, today: date, *, move: bool) -> Task:
        passed = max(0, self._calendar.working_days_between(after, today)) if after < today else 0
        days = days_until(self._people, case, action, plan, least=passed)
        role = role_of(self._people, self._rules[case.definition], action)
        task = Task(case=case.number, action=action, role=role, move=move, stay=plan.stay)
        self._schedule(max(self._after(after, days), today), task)
        return task

    def _schedule(self, day: date, task: Task) -> None:
        self._tasks += 1
        heappush(self._agenda, (day, self._tasks, task))

    def _after(self, day: date, days: int) -> date:
        try:
            return self._calendar.add_working_days(day, days)
        except Refused:  # beyond the calendar is beyond what is simulated
            return date.max

    # -- what follows

    def _open_new(self, new: Newcomer, actor: Actor, *, into: str | None = None, moment: Moment | None = None) -> bool:
        rules = new.rules
        world = self._arriving.world(new, self._rules) if into is None else self._worlds[into]
        try:
            outcome = self._decider.opened(world, new, actor, moment or self._moment)
        except _FAULTS as fault:
            self._refused(rules.id, rules.opening_action, fault)
            return False
        root = into or new.number
        self._root[new.number] = root
        self._week.arrived[rules.id] += 1
        if into is None:
            self._filed[outcome.entries[0].role] += 1
        self._keep(root, outcome)
        return True

    def _keep(self, root: str, outcome: Outcome) -> None:
        """Take over an outcome: figures, deadlines to watch, what people do next."""
        self._worlds[root] = outcome.world
        for case in self._arriving.born(outcome):
            self._root[case.number] = root
            self._week.arrived[case.workflow] += 1
        for entry in outcome.entries:
            self._note(root, entry)
        for number, case in outcome.changed.items():
            if case.final:
                self._open.pop(number, None)
            else:
                self._open[number] = case
        for number in outcome.world.cases:
            self._plan(number, after=self._moment.effective)

    def _note(self, root: str, entry: Entry) -> None:
        case, week, today = self._worlds[root].cases[entry.case], self._week, self._moment.effective
        self._result.entries += 1
        if entry.actor != SYSTEM_ACTOR.account:
            week.taken[entry.role] += 1
            week.actions[case.workflow, entry.action] += 1
        elif entry.change.deadline is not None:
            self._result.fired[entry.action] += 1
        states = self._rules[case.definition].workflow.states
        if entry.change.final and (entry.before is None or not states[entry.before].final):
            week.closed[case.workflow] += 1
        for deadline in entry.change.deadlines.values():
            if deadline.status == "met_late":  # also one that was late as soon as it began
                self._late(case, deadline)
            self._result.late.goes_on(entry.case, deadline, today)
            self._watch(root, entry.case, deadline)
        follows = self._follows.get((case.workflow, entry.action), ())
        stay = self._plans[entry.case].stay if follows and entry.case in self._plans else 0
        for workflow, follow in follows:
            if drawn(self._people.seed, entry.case, workflow, "follows", stay) < follow.share:
                days = whole_days(follow.takes, drawn(self._people.seed, entry.case, workflow, "takes", stay))
                task = Task(case=entry.case, action="", role=self._decider.opening_role(workflow), follows=workflow)
                self._schedule(self._after(today, days), task)

    def _watch(self, root: str, number: str, deadline: Deadline) -> None:
        if deadline.status == "running" and deadline.due < self._until and deadline.flagged is None:
            heappush(self._passing, (deadline.due + _DAY, root, number, deadline.id))
        elif deadline.status == "running" and deadline.flagged is not None:
            self._late(self._worlds[root].cases[number], deadline)

    def _late(self, case: Case, deadline: Deadline) -> None:
        rule = self._rules[case.definition].deadline(deadline.id)
        if rule.late == "overdue" and self._result.late.begins(case, rule, deadline):
            known = deadline.due + _DAY < self._result.today
            if not known:
                self._week.newly_overdue[case.workflow, deadline.id] += 1

    def _refused(self, workflow: str, action: str, fault: BaseException) -> None:
        code = fault.code if isinstance(fault, CreditWorkflowError) else type(fault).__name__
        message = fault.message if isinstance(fault, CreditWorkflowError) else same(str(fault))
        self._result.refused[workflow, action, code] += 1
        self._result.messages.setdefault((workflow, action, code), message)

    def _find(self, number: str) -> Case:
        return self._worlds[self._root[number]].cases[number]

    # -- weeks

    @property
    def _week(self) -> Week:
        return self._result.weeks[-1]

    def _new_week(self, day: date) -> None:
        year, week, weekday = day.isocalendar()
        last = min(day + timedelta(days=7 - weekday), self._until)
        self._result.weeks.append(Week(name=f"{year}-W{week:02}", first=day, last=last))

    def _close_week(self) -> None:
        week = self._week
        week.open = Counter(case.workflow for case in self._open.values())
        week.waiting = waited_for(self._open.values())
        week.overdue = self._result.late.now
        for role, queue in self._queues.items():
            week.queued[role] = sum(task.follows is not None or self._plans[task.case].awaits(task) for task in queue)

    def _end(self) -> None:
        """Find the cases with which nothing will ever happen: nobody intends anything, and no deadline moves them."""
        self._result.cases = {number: self._find(number) for number in self._root}
        waiting = [task for queue in self._queues.values() for task in queue] + [task for _, _, task in self._agenda]
        expected = {task.case for task in waiting if task.follows is not None}
        for number, case in self._open.items():
            linked = self._worlds[self._root[number]].cases
            moved = any(not self._plans[n].idle or n in expected or self._moves_by_time(c) for n, c in linked.items())
            if self._rules[case.definition].workflow.about != "account" and not moved:
                self._result.stuck[number] = case

    def _moves_by_time(self, case: Case) -> bool:
        rules = self._rules[case.definition]
        running = (rules.deadline(name) for name, d in case.deadlines.items() if d.status == "running")
        return any(rule.at_end is not None and rule.late != "overdue" for rule in running)
