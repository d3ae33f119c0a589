"""Where late steps are on the ladder: the record of what was told, and what people answered."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.plans import rules
from cqi.plans.models import (
    Goal,
    Plan,
    PlanReminder,
    PlanReminderPerson,
    Step,
    StepEntry,
    Strategy,
)
from cqi.plans.policy import acknowledging
from cqi.plans.queries import audience, records, reminding
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, Today, ladder
from cqi.plans.rules.ladder import Answer, Ladder, Reminded, ReminderKind


@dataclass(frozen=True)
class OnLadder:
    """A late step's ladder for whoever looks: `yours` where the rung that has it now is theirs,
    `waits` where a rung waits for their answer."""

    ladder: Ladder
    yours: bool
    waits: bool
    today: Today

    @property
    def now_with(self) -> str:
        """ "You, since Thu 19 Nov", "CQI director, since today"."""
        here = self.ladder.here
        who, day = "You" if self.yours else here.title, rules.day_words(here.since, self.today.day)
        if here.since > self.today.day:  # late, but its days of waiting for a check are left out
            return f"{who}, from {day} on"
        return f"{who}, since {'today' if here.since == self.today.day else day}"

    @property
    def next_words(self) -> str:
        """ "Moves up to the state office on Tue 15 Dec"; "" on the top."""
        above = self.ladder.above
        if above is None:
            return ""
        title = above.title if above.title.startswith("CQI") else above.title.lower()
        title = "Regional Director" if above.title == "Regional Director" else title
        return f"Moves up to the {title} on {rules.day_words(above.since, self.today.day)}"

    @property
    def entries(self) -> tuple[tuple[str, str, str], ...]:
        """(place, who, text) of each rung, as the page's macro takes them."""
        return tuple((one.place, one.title, one.words) for one in self.ladder.rungs)


@dataclass(frozen=True)
class Outstanding:
    """A rung that waits for the answer of whoever looks."""

    reminder_id: int
    kind: ReminderKind
    step_id: uuid.UUID
    number: str
    title: str
    plan_id: uuid.UUID
    plan: str


def ladders(
    session: orm.Session, actor: Actor, steps: Collection[uuid.UUID], today: Today
) -> Mapping[uuid.UUID, OnLadder]:
    """The ladders of those of some steps (public ids) that are late; the caller may see them."""
    if not steps:
        return {}
    heights, record = reminding.heights(session), _record(session, steps)
    answers, waits = _answers(session, actor, steps, today), reminding.waits(session, steps, today)
    of_step = (Step.public_id, Step.due_on, Step.owner_id, Plan.place_id)
    query = reminding.joined(sa.select(*of_step, audience.owner_left(today.day)))
    some = Step.public_id.in_(list(steps))
    where = (some, Step.state.in_(OPEN_STEPS), Plan.state.in_(IN_FORCE))
    waiting = {(one.step_id, one.kind) for one in outstanding(session, actor, today, some)}
    found = {}
    for key, due_on, owner_id, place_id, left in session.execute(query.where(*where)):
        said = tuple(_counted(answers[key, due_on], None if left else owner_id))
        free = waits.get(key, frozenset())
        one = ladder.ladder(due_on, today, heights, record[key, due_on], said, free)
        if one is None:
            continue
        here = one.here.kind
        yours = (key, here) in waiting or acknowledging.is_on(actor, here, owner_id, place_id)
        answers_now = any((key, rung.kind) in waiting for rung in one.rungs)
        found[key] = OnLadder(one, yours, answers_now, today)
    return found


def _counted(answers: Iterable[tuple[int, Answer]], owner_id: int | None) -> Iterator[Answer]:
    """The same, without the person; what a former owner said does not count. None: the owner left,
    and whoever stands in answers."""
    for by_id, one in answers:
        counts = one.kind is not ReminderKind.OVERDUE or owner_id in (by_id, None)
        yield replace(one, counts=counts)


def outstanding(
    session: orm.Session,
    actor: Actor,
    today: Today,
    *where: sa.ColumnElement[bool],
    most: int | None = None,
) -> tuple[Outstanding, ...]:
    """Rungs that wait for the actor's answer, the step that is due first before others."""
    query = (
        reminding.joined(
            sa.select(PlanReminder.id, PlanReminder.kind, Step.public_id, Step.title)
            .add_columns(Goal.position, Strategy.position, Step.position)
            .add_columns(Plan.public_id, Plan.name)
        )
        .join(PlanReminder, PlanReminder.step_id == Step.id)
        .where(
            PlanReminder.due_on == Step.due_on,
            _reaches(session, actor, today.day),
            ~audience.answered(today.day),
            Step.state.in_(OPEN_STEPS),
            Plan.state.in_(IN_FORCE),
            *where,
        )
        .order_by(Step.due_on, Step.id, PlanReminder.id)
        .limit(most)
    )
    return tuple(
        Outstanding(key, kind, step, f"{goal}.{way}.{at}", title, plan, name)
        for key, kind, step, title, goal, way, at, plan, name in session.execute(query)
    )


def once(found: Iterable[Outstanding]) -> tuple[Outstanding, ...]:
    """Each step once: its owner may stand on a rung above it too, and answers both at once."""
    return tuple({each.step_id: each for each in found}.values())


def _reaches(session: orm.Session, actor: Actor, today: dt.date) -> sa.ColumnElement[bool]:
    """The same as `acknowledging.is_on`, for a query; and whoever was told in place of an owner
    who left, or of a role that nobody holds."""
    told = _told(actor)
    mine = sa.or_(Step.owner_id == actor.person_id, sa.and_(audience.owner_left(today), told))
    rungs = [
        sa.and_(PlanReminder.kind == kind, _holds(actor, role))
        for kind, role in acknowledging.ROLES.items()
        if role in actor.roles
    ]
    rungs += [
        sa.and_(PlanReminder.kind == kind, Plan.place_id.in_(at), told)
        for kind, at in _stands_in(session, actor, today).items()
    ]
    return sa.or_(sa.and_(PlanReminder.kind == ReminderKind.OVERDUE, mine), *rungs)


def _told(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        PlanReminderPerson.reminder_id == PlanReminder.id,
        PlanReminderPerson.person_id == actor.person_id,
    )


def _stands_in(
    session: orm.Session, actor: Actor, today: dt.date
) -> Mapping[ReminderKind, set[int]]:
    """Rungs -> places whose role nobody holds, so that it is with the actor, who was told."""
    query = (
        reminding.joined(sa.select(PlanReminder.kind, Plan.place_id))
        .join(PlanReminder, PlanReminder.step_id == Step.id)
        .where(
            PlanReminder.kind.in_(ladder.CLIMBS),
            PlanReminder.due_on == Step.due_on,
            _told(actor),
            Step.state.in_(OPEN_STEPS),
            Plan.state.in_(IN_FORCE),
        )
        .distinct()
    )
    whom, found = audience.Audience(session, (), today), defaultdict(set)
    for kind, place_id in session.execute(query):
        here = audience.Holder(place_id)
        if actor.person_id in whom.of(kind, here) - whom.on(kind, here):
            found[kind].add(place_id)
    return found


def _holds(actor: Actor, role: Role) -> sa.ColumnElement[bool]:
    grants = [grant for grant in actor.grants if grant.role is role]
    if any(grant.everywhere for grant in grants):
        return sa.true()
    return Plan.place_id.in_(frozenset().union(*(grant.places for grant in grants)))


_At = tuple[uuid.UUID, object]


def _record(session: orm.Session, steps: Collection[uuid.UUID]) -> dict[_At, list[Reminded]]:
    found: dict[_At, list[Reminded]] = defaultdict(list)
    mine = PlanReminder.subject_id.in_(list(steps))
    people = (
        sa.select(PlanReminderPerson)
        .join(PlanReminder, PlanReminder.id == PlanReminderPerson.reminder_id)
        .where(mine)
        .order_by(PlanReminderPerson.id)
    )
    newest = {each.reminder_id: each for each in session.scalars(people)}
    for row in session.scalars(sa.select(PlanReminder).where(mine)):
        last = newest.get(row.id)
        again = last.on_day if last and (last.on_day > row.on_day or not row.told) else None
        told = Reminded(row.kind, row.told, row.on_day, again, bool(last and last.stands_in))
        found[row.subject_id, row.due_on].append(told)
    return found


def _answers(
    session: orm.Session, actor: Actor, steps: Collection[uuid.UUID], today: Today
) -> dict[_At, list[tuple[int, Answer]]]:
    found: dict[_At, list[tuple[int, Answer]]] = defaultdict(list)
    query = (
        sa.select(PlanReminder, StepEntry, Person.name)
        .join(StepEntry, StepEntry.reminder_id == PlanReminder.id)
        .join(Person, Person.id == StepEntry.by_id)
        .where(PlanReminder.subject_id.in_(list(steps)))
        .order_by(StepEntry.id)
    )
    for row, entry, name in session.execute(query):
        by = "You" if entry.by_id == actor.person_id else name
        said = Answer(row.kind, by, today.words(entry.at), entry.words)
        found[row.subject_id, row.due_on].append((entry.by_id, said))
    return found


def given_already(
    session: orm.Session, actor: Actor, steps: Collection[uuid.UUID], today: rules.Today
) -> Iterator[str]:
    """Of each of these steps, or what else was chosen: who acknowledged it for the actor's rung,
    and when; or why it waits no more."""
    for key in steps:
        try:
            step = records.step(session, actor, key)
        except errors.NotFound:  # a plan or a report: it was submitted, sent or answered
            yield "One of what you chose does not wait for your answer any more."
            continue
        said = next(_given(session, actor, step), None)
        number = f"Step {records.number(step)}"
        if step.state not in OPEN_STEPS:
            yield f"{number} is not late any more ({rules.STEP_STATE_WORDS[step.state].lower()})."
        elif said is None:
            yield f"{number} does not wait for your answer: look at its ladder."
        else:
            mine = said.by_id == actor.person_id
            by = "you" if mine else access.people_names(session, {said.by_id})[said.by_id]
            yield f"{number} was acknowledged already, by {by}, {today.words(said.at)}."


def _given(session: orm.Session, actor: Actor, step: Step) -> Iterator[StepEntry]:
    """Those that were given on the actor's rungs, the newest first."""
    query = (
        sa.select(StepEntry, PlanReminder.kind)
        .join(PlanReminder, PlanReminder.id == StepEntry.reminder_id)
        .where(StepEntry.step_id == step.id, PlanReminder.due_on == step.due_on)
        .order_by(StepEntry.id.desc())
    )
    place_id = step.strategy.goal.plan.place_id
    for entry, kind in session.execute(query):
        if acknowledging.is_on(actor, kind, step.owner_id, place_id):
            yield entry
