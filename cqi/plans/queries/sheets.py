"""Plans as pages and commands show them: frozen rows, with lateness counted on a given day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.plans import policy, rules
from cqi.plans.models import Amendment, Goal, Plan, Step, StepEntry
from cqi.plans.policy import amending
from cqi.plans.queries import amendments, records, rows, targets
from cqi.plans.queries.beside import Beside
from cqi.plans.rules import ENDED, IN_FORCE, OPEN_STEPS, PlanState, Standing, StepState, ladder
from cqi.plans.rules.amendments import AmendmentKind
from cqi.plans.workflow import CLAIMED, AmendmentMove, PlanMove, StepMove

Entry = rows.Entry
StepRow = rows.StepRow
StrategyRow = rows.StrategyRow
GoalRow = rows.GoalRow
Counts = rows.Counts


@dataclass(frozen=True)
class Wait:
    """Something that waits for a person: `verb` opens the sentence, `address` is the thing's, None
    for a page that has no other address."""

    verb: str
    rest: str
    kind: str
    address: uuid.UUID | None


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


def plan(session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today) -> PlanSheet:
    """One plan with everything. Raises NotFound."""
    return sheet_of(session, records.plan(session, actor, public_id), actor, today)


def sheet_of(session: orm.Session, one: Plan, actor: Actor, today: rules.Today) -> PlanSheet:
    """A plan that was read with everything in it."""
    return _plan_sheet(one, actor, today, Beside.of(session, [one]))


def step(session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today) -> StepRow:
    """One step with what happened to it. Raises NotFound."""
    return _step_rows(session, actor, [records.step(session, actor, public_id)], today)[0]


def falls_due(today: rules.Today, horizon_days: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The where-clauses of open steps that are not late and fall due within the horizon (calendar
    days)."""
    before = ladder.late_before(today.day, today.holidays)
    until = today.day + dt.timedelta(days=horizon_days)
    return (Step.state.in_(OPEN_STEPS), Step.due_on >= before, Step.due_on <= until)


def is_late(today: rules.Today) -> tuple[sa.ColumnElement[bool], ...]:
    """The where-clauses of open steps whose due date has passed."""
    before = ladder.late_before(today.day, today.holidays)
    return (Step.state.in_(OPEN_STEPS), Step.due_on < before)


def steps(
    session: orm.Session,
    actor: Actor,
    today: rules.Today,
    *where: sa.ColumnElement[bool],
    most: int | None = None,
    skip: int = 0,
) -> tuple[StepRow, ...]:
    """Visible steps of plans in force, by due date, as pages show them; at most so many, after
    those to skip."""
    found = records.steps(session, actor, *where, most=most, skip=skip)
    return _step_rows(session, actor, found, today)


def own_steps(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[StepRow, ...]:
    """The steps that the actor owns in plans in force: what is left to do first, by due date."""
    found = records.steps(session, actor, Step.owner_id == actor.person_id)
    rows = _step_rows(session, actor, found, today)
    return tuple(sorted(rows, key=lambda row: _WHEN_DONE.get(row.state, 0)))


_WHEN_DONE = {StepState.CLAIMED: 1, StepState.VERIFIED: 2, StepState.DROPPED: 3}
_ON_SCHEDULE = (
    Standing.DUE_SOON,
    Standing.ON_SCHEDULE,
    Standing.AHEAD,
    Standing.NOT_STARTED,
)


def coming(steps: Iterable[StepRow], today: rules.Today, horizon_days: int) -> tuple[StepRow, ...]:
    """Those that fall due within the horizon (calendar days), the next first."""
    until = today.day + dt.timedelta(days=horizon_days)
    open_ = (*_ON_SCHEDULE, Standing.BEHIND)
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
    found = [wait for step in one.steps for wait in waits_of(step)]
    if PlanMove.APPROVE in one.moves:
        found.insert(0, Wait("Approve", f"the plan {one.name}", "plan", one.public_id))
    return (*one.decides, *found)


def waits_of(step: StepRow) -> tuple[Wait, ...]:
    """What waits in a step for the person it was read for."""
    return tuple(
        Wait(_VERBS[move], f"{step.number} {step.title}", "step", step.public_id)
        for move in step.moves
        if move is StepMove.VERIFY or (move is StepMove.CLAIM and step.timing.standing in _PRESSING)
    )


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
    facts = records.plan_facts(one, today.day)
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
        counts(steps),
        policy.plan_moves(facts, actor),
        policy.may(actor, Permission.PLAN_LEAD, facts) and not policy.drafting_blockers(facts),
        decides(names.asked.get(one.id, ()), actor),
    )


def decides(asked: Iterable[Amendment], actor: Actor) -> tuple[Wait, ...]:
    """What this person decides on."""
    return tuple(
        Wait("Decide on", amendments.short(one), "amendment", one.public_id)
        for one in asked
        if AmendmentMove.REFUSE in amending.moves(amendments.request(one), actor)
    )


def _goal_row(goal: Goal, actor: Actor, today: rules.Today, names: Beside) -> GoalRow:
    strategies = tuple(
        StrategyRow(
            f"{goal.position}.{way.position}",
            way.position,
            way.title,
            tuple(_step_row(step, actor, today, names) for step in way.steps),
        )
        for way in goal.strategies
    )
    changes = names.targets.get(goal.id, ())
    was = (targets.was(one, goal, today, names.people) for one in changes)
    return replace(goal_row(goal, strategies), was=tuple(was))


def goal_row(goal: Goal, strategies: tuple[StrategyRow, ...] = ()) -> GoalRow:
    """A goal with its baseline and its target."""
    baseline = rules.Count(goal.baseline_achieved, goal.baseline_applicable)
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
    waiting = names.asked.get(whole.id, ())
    asked = [
        one for one in waiting if one.step_id == step.id and one.kind is AmendmentKind.EXTENSION
    ]
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
        timing(step, whole, today),
        tuple(_entry(entry, today, names.people) for entry in step.entries),
        policy.moves(records.step_facts(step), actor),
        step.recover_on,
        _done_on(step, today),
        names.extensions.get(step.id, 0),
        step.partner or "",
        asked[0].public_id if asked else None,
        bool(decides(asked, actor)),
    )


def _done_on(step: Step, today: rules.Today) -> dt.date | None:
    if step.state not in (StepState.CLAIMED, StepState.VERIFIED):
        return None
    claims = [entry.at for entry in step.entries if entry.kind == CLAIMED]
    return claims[-1].astimezone(today.zone).date() if claims else None


def timing(step: Step, whole: Plan, today: rules.Today) -> rules.Timing:
    """Nothing is late before its plan is approved, or once the plan has ended."""
    if whole.state in ENDED and step.state in OPEN_STEPS:
        return rules.Timing(Standing.DROPPED, 0, "not done when the plan ended")
    found = rules.timing(step.state, step.due_on, today, step.recover_on)
    if whole.state in IN_FORCE or not found.late:
        return found
    return rules.Timing(Standing.ON_SCHEDULE, 0, rules.day_words(step.due_on, today.day))


def _entry(entry: StepEntry, today: rules.Today, people: Mapping[int, str]) -> Entry:
    by, when = people[entry.by_id], today.words(entry.at)
    recover = rules.day_words(entry.recover_on, today.day) if entry.recover_on else ""
    shown = (entry.id, entry.link or "", entry.helped, recover)
    return Entry(entry.kind, entry.words, by, when, *shown)


def counts(steps: Iterable[StepRow]) -> Counts:
    """The steps by their standing; dropped ones count for nothing."""
    found = [step for step in steps if step.state is not StepState.DROPPED]
    by = [step.timing.standing for step in found]
    late = {step.owner_id for step in found if step.timing.late}
    return Counts(
        steps=len(found),
        verified=by.count(Standing.VERIFIED),
        claimed=by.count(Standing.CLAIMED),
        late=by.count(Standing.LATE),
        behind=by.count(Standing.BEHIND),
        on_schedule=sum(by.count(one) for one in _ON_SCHEDULE),
        late_owners=len(late),
        undone=by.count(Standing.DROPPED),
    )
