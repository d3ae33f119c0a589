"""Where late steps are on the ladder: the record of what was told, and what people answered."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.plans import rules
from cqi.plans.models import Goal, Plan, PlanReminder, Step, StepEntry, Strategy
from cqi.plans.policy import acknowledging
from cqi.plans.queries import reminding
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
    query = reminding.joined(sa.select(Step.public_id, Step.due_on, Step.owner_id, Plan.place_id))
    where = (Step.public_id.in_(list(steps)), Step.state.in_(OPEN_STEPS), Plan.state.in_(IN_FORCE))
    found = {}
    for key, due_on, owner_id, place_id in session.execute(query.where(*where)):
        at = (key, due_on)
        one = ladder.ladder(due_on, today, heights, record[at], answers[at], waits.get(key, frozenset()))
        if one is None:
            continue
        mine = [
            rung for rung in one.rungs if acknowledging.is_on(actor, rung.kind, owner_id, place_id)
        ]
        waits = any(rung.outstanding for rung in mine)
        found[key] = OnLadder(one, one.here in mine, waits, today)
    return found


def outstanding(
    session: orm.Session, actor: Actor, *where: sa.ColumnElement[bool], most: int | None = None
) -> tuple[Outstanding, ...]:
    """Rungs that wait for the actor's answer, the step that is due first before others."""
    answered = sa.exists().where(StepEntry.reminder_id == PlanReminder.id)
    query = (
        reminding.joined(
            sa.select(PlanReminder.id, PlanReminder.kind, Step.public_id, Step.title)
            .add_columns(Goal.position, Strategy.position, Step.position)
            .add_columns(Plan.public_id, Plan.name)
        )
        .join(PlanReminder, PlanReminder.step_id == Step.id)
        .where(
            PlanReminder.due_on == Step.due_on,
            PlanReminder.told,
            _reaches(actor),
            ~answered,
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


def _reaches(actor: Actor) -> sa.ColumnElement[bool]:
    """The same as `acknowledging.is_on`, for a query."""
    own = sa.and_(PlanReminder.kind == ReminderKind.OVERDUE, Step.owner_id == actor.person_id)
    rungs = [
        sa.and_(PlanReminder.kind == kind, _holds(actor, role))
        for kind, role in acknowledging.ROLES.items()
        if role in actor.roles
    ]
    return sa.or_(own, *rungs)


def _holds(actor: Actor, role: Role) -> sa.ColumnElement[bool]:
    grants = [grant for grant in actor.grants if grant.role is role]
    if any(grant.everywhere for grant in grants):
        return sa.true()
    return Plan.place_id.in_(frozenset().union(*(grant.places for grant in grants)))


_At = tuple[uuid.UUID, object]


def _record(session: orm.Session, steps: Collection[uuid.UUID]) -> dict[_At, list[Reminded]]:
    found: dict[_At, list[Reminded]] = defaultdict(list)
    query = sa.select(PlanReminder).where(PlanReminder.subject_id.in_(list(steps)))
    for row in session.scalars(query):
        found[row.subject_id, row.due_on].append(Reminded(row.kind, row.told, row.on_day))
    return found


def _answers(
    session: orm.Session, actor: Actor, steps: Collection[uuid.UUID], today: Today
) -> dict[_At, list[Answer]]:
    found: dict[_At, list[Answer]] = defaultdict(list)
    query = (
        sa.select(PlanReminder, StepEntry, Person.name)
        .join(StepEntry, StepEntry.reminder_id == PlanReminder.id)
        .join(Person, Person.id == StepEntry.by_id)
        .where(PlanReminder.subject_id.in_(list(steps)))
    )
    for row, entry, name in session.execute(query):
        by = "You" if entry.by_id == actor.person_id else name
        said = Answer(row.kind, by, today.words(entry.at), entry.words)
        found[row.subject_id, row.due_on].append(said)
    return found
