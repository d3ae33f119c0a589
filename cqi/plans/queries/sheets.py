"""Plans as pages and commands show them: frozen rows, with lateness counted on a given day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.plans import policy, rules, workflow
from cqi.plans.models import Amendment, Goal, Plan, Step, StepEntry
from cqi.plans.policy import amending
from cqi.plans.queries import amendments, records
from cqi.plans.queries.beside import Beside
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, PlanState, Standing, StepState
from cqi.plans.rules import amendments as amendments_rules
from cqi.plans.workflow import AmendmentMove, PlanMove, StepMove


@dataclass(frozen=True)
class Entry:
    """What happened to a step: `kind` is the word of `workflow.DONE`, `when` is in words.

    `recover` is the promised day of recovery in words, empty without one."""

    kind: str
    words: str
    by: str
    when: str
    id: int = 0
    link: str = ""
    helped: bool | None = None
    recover: str = ""


@dataclass(frozen=True)
class StepRow:
    """A step with its plan, its owner's name, and how it stands on the day asked for.

    `moves` are what the person who looks may do to it now.
    """

    public_id: uuid.UUID
    number: str
    title: str
    strategy: str
    plan_id: uuid.UUID
    plan: str
    owner_id: int
    owner: str
    starts_on: dt.date
    due_on: dt.date
    due: str
    evidence_asked: str
    state: StepState
    timing: rules.Timing
    entries: tuple[Entry, ...]
    moves: tuple[StepMove, ...]
    recover_on: dt.date | None = None
    extensions: int = 0

    @property
    def extended(self) -> str:
        """ "extended twice"; empty where nobody granted it more time."""
        return amendments_rules.extended_words(self.extensions)

    @property
    def state_words(self) -> str:
        """ "On schedule", "Completion claimed" and so on, as it was reported."""
        return rules.STEP_STATE_WORDS[self.state]

    @property
    def claim(self) -> Entry | None:
        """The last claim of completion."""
        claims = [entry for entry in self.entries if entry.kind == workflow.CLAIMED]
        return claims[-1] if claims else None

    def recent(self, today: dt.date) -> bool:
        """Whether the timeline makes room for it."""
        return rules.pictured(self.state, self.due_on, today)

    @property
    def last(self) -> Entry | None:
        """What happened last."""
        return self.entries[-1] if self.entries else None


@dataclass(frozen=True)
class StrategyRow:
    """A way to a goal, with its steps."""

    number: str
    position: int
    title: str
    steps: tuple[StepRow, ...]


@dataclass(frozen=True)
class GoalRow:
    """What shall change: `measure` is an item's or component's code."""

    public_id: uuid.UUID
    position: int
    title: str
    measure: str
    item: str | None
    baseline: rules.Count
    target: rules.Target
    strategies: tuple[StrategyRow, ...]


@dataclass(frozen=True)
class Counts:
    """The steps of a plan by their standing; due soon counts as on schedule."""

    steps: int
    verified: int
    claimed: int
    late: int
    on_schedule: int
    late_owners: int


@dataclass(frozen=True)
class Wait:
    """Something that waits for a person: `verb` opens the sentence, `address` is the thing's."""

    verb: str
    rest: str
    kind: str
    address: uuid.UUID


@dataclass(frozen=True)
class PlanSheet:
    """A plan with everything in it. Its reader may make `moves` now, and change it if `drafts`."""

    public_id: uuid.UUID
    name: str
    place_id: int
    place: str
    round_id: int
    state: PlanState
    approved_on: dt.date | None
    goals: tuple[GoalRow, ...]
    steps: tuple[StepRow, ...]
    counts: Counts
    moves: tuple[PlanMove, ...]
    drafts: bool
    decides: tuple[Wait, ...] = ()

    @property
    def extensions(self) -> int:
        """How often its steps were granted more time."""
        return sum(step.extensions for step in self.steps)

    @property
    def late(self) -> tuple[StepRow, ...]:
        """Late steps of a plan in force, the latest first."""
        found = [step for step in self.steps if step.timing.late]
        return tuple(sorted(found, key=lambda step: (-step.timing.days, step.number)))

    @property
    def ready(self) -> bool:
        """True when each goal of a draft has a step, so that it can be approved."""
        return bool(self.goals) and all(
            any(way.steps for way in goal.strategies) for goal in self.goals
        )

    @property
    def state_words(self) -> str:
        """ "Draft", "Active", "Closed with unmet goals" and so on."""
        return rules.STATE_WORDS[self.state]


@dataclass(frozen=True)
class DirectorHome:
    """A first page: plans, what is late and with whom, the next deadlines, what waits."""

    plans: tuple[PlanSheet, ...]
    late: tuple[StepRow, ...]
    deadlines: tuple[StepRow, ...]
    waits: tuple[Wait, ...]


def plans_visible(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[PlanSheet, ...]:
    """All plans within the actor's reach, by name."""
    found = records.plans(session, actor)
    names = Beside.of(session, found)
    return tuple(_plan_sheet(one, actor, today, names) for one in found)


def plan(session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today) -> PlanSheet:
    """One plan with everything. Raises NotFound."""
    one = records.plan(session, actor, public_id)
    return _plan_sheet(one, actor, today, Beside.of(session, [one]))


def step(session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today) -> StepRow:
    """One step with what happened to it. Raises NotFound."""
    return _step_rows(session, actor, [records.step(session, actor, public_id)], today)[0]


def deadlines(
    session: orm.Session, actor: Actor, today: rules.Today, horizon_days: int
) -> tuple[StepRow, ...]:
    """Open steps that fall due from today on, within the horizon (calendar days), by date."""
    until = today.day + dt.timedelta(days=horizon_days)
    where = (Step.state.in_(OPEN_STEPS), Step.due_on >= today.day, Step.due_on <= until)
    return _step_rows(session, actor, records.steps(session, actor, *where), today)


def late_steps(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[StepRow, ...]:
    """Open steps whose due date has passed, the latest first."""
    where = (Step.state.in_(OPEN_STEPS), Step.due_on < today.day)
    rows = _step_rows(session, actor, records.steps(session, actor, *where), today)
    return tuple(row for row in rows if row.timing.late)


def own_steps(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[StepRow, ...]:
    """The steps that the actor owns in plans in force: what is left to do first, by due date."""
    found = records.steps(session, actor, Step.owner_id == actor.person_id)
    rows = _step_rows(session, actor, found, today)
    return tuple(sorted(rows, key=lambda row: _WHEN_DONE.get(row.state, 0)))


_WHEN_DONE = {StepState.CLAIMED: 1, StepState.VERIFIED: 2, StepState.DROPPED: 3}
_OPEN = (
    Standing.DUE_SOON,
    Standing.ON_SCHEDULE,
    Standing.AHEAD,
    Standing.BEHIND,
    Standing.NOT_STARTED,
)


def director_home(
    session: orm.Session, actor: Actor, today: rules.Today, horizon_days: int
) -> DirectorHome:
    """What the first page of whoever leads or monitors plans shows."""
    found = plans_visible(session, actor, today)
    steps = [step for one in found if one.state in IN_FORCE for step in one.steps]
    late = sorted((s for s in steps if s.timing.late), key=lambda s: (-s.timing.days, s.due_on))
    waiting = tuple(wait for one in found for wait in waits(one))
    return DirectorHome(found, tuple(late), coming(steps, today, horizon_days), waiting)


def coming(steps: Iterable[StepRow], today: rules.Today, horizon_days: int) -> tuple[StepRow, ...]:
    """Those that fall due within the horizon (calendar days), the next first."""
    until = today.day + dt.timedelta(days=horizon_days)
    open_ = _OPEN
    found = [one for one in steps if one.timing.standing in open_ and one.due_on <= until]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.number)))


def span(steps: Iterable[StepRow], today: dt.date) -> rules.Span | None:
    """The time that unfinished and recent steps take, else all of them; None without any.

    What was verified long ago would make every other bar tiny.
    """
    found = list(steps)
    recent = [one for one in found if one.recent(today)] or found
    return rules.span([day for one in recent for day in (one.starts_on, one.due_on)])


def waits(one: PlanSheet) -> tuple[Wait, ...]:
    """What waits in a plan for the person it was read for."""
    found = [
        Wait(_VERBS[move], f"{step.number} {step.title}", "step", step.public_id)
        for step in one.steps
        for move in step.moves
        if move is StepMove.VERIFY or (move is StepMove.CLAIM and step.timing.standing in _PRESSING)
    ]
    if PlanMove.APPROVE in one.moves:
        found.insert(0, Wait("Approve", f"the plan {one.name}", "plan", one.public_id))
    return (*one.decides, *found)


_PRESSING = (Standing.LATE, Standing.DUE_SOON)
_VERBS = {StepMove.VERIFY: "Verify", StepMove.CLAIM: "Claim"}


def _step_rows(
    session: orm.Session, actor: Actor, steps: Iterable[Step], today: rules.Today
) -> tuple[StepRow, ...]:
    found = list(steps)
    names = Beside.of_steps(session, found)
    return tuple(_step_row(step, actor, today, names) for step in found)


def _plan_sheet(one: Plan, actor: Actor, today: rules.Today, names: Beside) -> PlanSheet:
    goals = tuple(_goal_row(goal, actor, today, names) for goal in one.goals)
    steps = tuple(step for goal in goals for way in goal.strategies for step in way.steps)
    facts = records.plan_facts(one)
    return PlanSheet(
        one.public_id,
        one.name,
        one.place_id,
        names.places[one.place_id],
        one.round_id,
        one.state,
        one.approved_on,
        goals,
        steps,
        _counts(steps),
        policy.plan_moves(facts, actor),
        policy.may(actor, Permission.PLAN_LEAD, facts) and not policy.drafting_blockers(facts),
        _decides(names.asked.get(one.id, ()), actor),
    )


def _decides(asked: Iterable[Amendment], actor: Actor) -> tuple[Wait, ...]:
    """What this person decides on."""
    return tuple(
        Wait("Decide on", amendments.short(one), "amendment", one.public_id)
        for one in asked
        if AmendmentMove.REFUSE in amending.moves(amendments.request(one), actor)
    )


def _goal_row(goal: Goal, actor: Actor, today: rules.Today, names: Beside) -> GoalRow:
    baseline = rules.Count(goal.baseline_achieved, goal.baseline_applicable)
    strategies = tuple(
        StrategyRow(
            f"{goal.position}.{way.position}",
            way.position,
            way.title,
            tuple(_step_row(step, actor, today, names) for step in way.steps),
        )
        for way in goal.strategies
    )
    return GoalRow(
        goal.public_id,
        goal.position,
        goal.title,
        goal.item or goal.component,
        goal.item,
        baseline,
        rules.target(baseline, goal.negotiated_target),
        strategies,
    )


def _step_row(step: Step, actor: Actor, today: rules.Today, names: Beside) -> StepRow:
    whole = step.strategy.goal.plan
    return StepRow(
        step.public_id,
        records.number(step),
        step.title,
        step.strategy.title,
        whole.public_id,
        whole.name,
        step.owner_id,
        names.people[step.owner_id],
        step.starts_on,
        step.due_on,
        rules.day_words(step.due_on, today.day),
        step.evidence_asked,
        step.state,
        _timing(step, whole, today),
        tuple(_entry(entry, today, names.people) for entry in step.entries),
        policy.moves(records.step_facts(step), actor),
        step.recover_on,
        names.extensions.get(step.id, 0),
    )


def _timing(step: Step, whole: Plan, today: rules.Today) -> rules.Timing:
    """Nothing is late before its plan is approved, or once the plan has ended."""
    found = rules.timing(step.state, step.due_on, today, step.recover_on)
    if whole.state in IN_FORCE or not found.late:
        return found
    return rules.Timing(Standing.ON_SCHEDULE, 0, rules.day_words(step.due_on, today.day))


def _entry(entry: StepEntry, today: rules.Today, people: Mapping[int, str]) -> Entry:
    by, when = people[entry.by_id], today.words(entry.at)
    recover = rules.day_words(entry.recover_on, today.day) if entry.recover_on else ""
    shown = (entry.id, entry.link or "", entry.helped, recover)
    return Entry(entry.kind, entry.words, by, when, *shown)


def _counts(steps: Iterable[StepRow]) -> Counts:
    found = list(steps)
    by = [step.timing.standing for step in found]
    late = {step.owner_id for step in found if step.timing.late}
    return Counts(
        steps=len(found),
        verified=by.count(Standing.VERIFIED),
        claimed=by.count(Standing.CLAIMED),
        late=by.count(Standing.LATE),
        on_schedule=sum(by.count(one) for one in _OPEN),
        late_owners=len(late),
    )
