"""Changes that were asked for after approval: as rows that actions work on, and as pages show."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, working_days
from cqi.plans import rules
from cqi.plans.models import Amendment, Goal, Plan, Step, Strategy
from cqi.plans.policy import amending
from cqi.plans.queries import parts, records
from cqi.plans.rules import amendments
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import AmendmentMove

_ASKED = AmendmentState.ASKED


@dataclass(frozen=True)
class AmendmentRow:
    """A request as pages show it. `parts` are (what, as it was, as asked for); `number` counts the
    extensions of the step with this one; `warning` is said of a day on which nobody works."""

    public_id: uuid.UUID
    kind: AmendmentKind
    about: str
    step: uuid.UUID | None
    plan_id: uuid.UUID
    plan: str
    state: AmendmentState
    parts: tuple[tuple[str, str, str], ...]
    reason: str
    asked: str
    answer: str
    decided: str
    number: str
    warning: str
    moves: tuple[AmendmentMove, ...]
    still_fits: str

    @property
    def kind_words(self) -> str:
        """ "More time for a step"."""
        return amendments.KIND_WORDS[self.kind]

    @property
    def state_words(self) -> str:
        """ "Asked", "Granted" ..."""
        return amendments.STATE_WORDS[self.state]

    @property
    def short(self) -> str:
        """ "more time for step 1.1.1 Read together"."""
        return f"{amendments.SHORT_WORDS[self.kind]} {self.about}"


def amendment(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Amendment:
    """One request on a plan that one sees, or on one's own step. Raises NotFound."""
    query = sa.select(Amendment).join(Amendment.plan).outerjoin(Step, Step.id == Amendment.step_id)
    found = session.scalar(query.where(Amendment.public_id == public_id, _visible(actor)))
    if found is None:
        raise errors.NotFound("there is no such amendment")
    return found


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Requests on plans and steps that one sees, and one's own."""
    return sa.or_(records.step_visible(actor), Amendment.asked_by_id == actor.person_id)


def subject_of(session: orm.Session, about: Step | Goal, today: dt.date) -> amending.Subject:
    """What the policy asks about a step or a goal that somebody wants changed."""
    is_step = isinstance(about, Step)
    column = Amendment.step_id if is_step else Amendment.goal_id
    query = sa.select(Amendment.kind).where(column == about.id, Amendment.state == _ASKED)
    waits, measured = frozenset(session.scalars(query)), _measured(session, about, today)
    return replace(_subject(about), waiting=waits, measured=measured)


def _subject(about: Step | Goal) -> amending.Subject:
    if isinstance(about, Step):
        facts = records.facts(about.strategy.goal.plan)
        return amending.Subject(facts, about.owner_id, about.state)
    return amending.Subject(records.facts(about.plan))


def _measured(session: orm.Session, about: Step | Goal, today: dt.date) -> str:
    """Which round measures a goal, once it has begun."""
    by = records.measured_by(session, about.plan, today) if isinstance(about, Goal) else None
    return f"{by.name} began on {rules.day_words(by.on_site_from, today)}" if by else ""


def values(about: Step | Goal) -> dict[str, Any]:
    """What stands now, in the words of an amendment."""
    if isinstance(about, Goal):
        return {"negotiated_target": about.negotiated_target}
    return {
        "due_on": about.due_on.isoformat(),
        "title": about.title,
        "owner_id": about.owner_id,
        "evidence_asked": about.evidence_asked,
        "partner": about.partner,
        "partner_contact": about.partner_contact,
        "help_needed": about.help_needed,
        "depends_on_id": about.depends_on_id,
        "state": about.state.value,
    }


def request(one: Amendment) -> amending.Request:
    """What the policy asks about a request."""
    about = about_of(one)
    gone = amendments.meanwhile(one.kind, one.old, values(about))
    return amending.Request(_subject(about), one.kind, one.state, one.asked_by_id, gone)


def request_on(session: orm.Session, one: Amendment, today: dt.date) -> amending.Request:
    """The same with what was measured meanwhile: what granting it asks."""
    asked, measured = request(one), _measured(session, about_of(one), today)
    return replace(asked, subject=replace(asked.subject, measured=measured))


def about_of(one: Amendment) -> Step | Goal:
    """The step or the goal."""
    found = one.step or one.goal
    if found is None:
        raise ValueError("an amendment is about a step or a goal")
    return found


def open_of(session: orm.Session, step: Step) -> list[Amendment]:
    """Requests on a step that wait for an answer."""
    where = (Amendment.step_id == step.id, Amendment.state == _ASKED)
    return list(session.scalars(sa.select(Amendment).where(*where).order_by(Amendment.id)))


def waiting(session: orm.Session, plans: Collection[int]) -> Mapping[int, tuple[Amendment, ...]]:
    """Requests that wait for an answer, by plan (ids)."""
    where = (Amendment.plan_id.in_(plans), Amendment.state == _ASKED)
    found: dict[int, tuple[Amendment, ...]] = defaultdict(tuple)
    above = orm.joinedload(Amendment.step).joinedload(Step.strategy).joinedload(Strategy.goal)
    loaded = (above, orm.joinedload(Amendment.goal), orm.joinedload(Amendment.plan))
    query = sa.select(Amendment).where(*where).options(*loaded).order_by(Amendment.id)
    for one in session.scalars(query):
        found[one.plan_id] += (one,)
    return found


def owners_before(session: orm.Session, steps: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Of each step (id): who owned it before an amendment gave it to somebody else (ids)."""
    where = (
        Amendment.step_id.in_(steps),
        Amendment.kind == AmendmentKind.STEP,
        Amendment.state == AmendmentState.GRANTED,
    )
    found: dict[int, frozenset[int]] = defaultdict(frozenset)
    for step, old in session.execute(sa.select(Amendment.step_id, Amendment.old).where(*where)):
        found[step or 0] |= {key for key in (old.get("owner_id"),) if key}
    return found


def extensions(session: orm.Session, plans: Collection[int]) -> Counter[int]:
    """How often each step (id) of these plans (ids) was granted more time."""
    where = (
        Amendment.plan_id.in_(plans),
        Amendment.kind == AmendmentKind.EXTENSION,
        Amendment.state == AmendmentState.GRANTED,
    )
    return Counter(
        key for key in session.scalars(sa.select(Amendment.step_id).where(*where)) if key
    )


def rows(
    session: orm.Session, actor: Actor, today: rules.Today, *where: sa.ColumnElement[bool]
) -> tuple[AmendmentRow, ...]:
    """Requests that meet these conditions, the newest first. For plans and steps within reach."""
    query = sa.select(Amendment).join(Amendment.plan).outerjoin(Step, Step.id == Amendment.step_id)
    query = query.where(_visible(actor), *where).order_by(Amendment.id.desc())
    found = list(session.scalars(query))
    counted = _numbers(session, found)
    facts = parts.known(session, found, lambda day: rules.day_words(day, today.day))
    asked = {
        one.id: request_on(session, one, today.day) if one.state is _ASKED else request(one)
        for one in found
    }
    return tuple(_row(one, asked[one.id], actor, today, (facts, counted)) for one in found)


def of_step(
    session: orm.Session, actor: Actor, step: uuid.UUID, today: rules.Today
) -> tuple[AmendmentRow, ...]:
    """All requests on one step."""
    return rows(session, actor, today, Step.public_id == step)


def of_plan(
    session: orm.Session, actor: Actor, plan: uuid.UUID, today: rules.Today
) -> tuple[AmendmentRow, ...]:
    """All requests on one plan."""
    return rows(session, actor, today, Plan.public_id == plan)


def one_row(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today
) -> AmendmentRow:
    """One request. Raises NotFound."""
    found = rows(session, actor, today, Amendment.public_id == public_id)
    if not found:
        raise errors.NotFound("there is no such amendment")
    return found[0]


def short(one: Amendment) -> str:
    """ "more time for step 1.1.1 Read together"."""
    return f"{amendments.SHORT_WORDS[one.kind]} {_about_words(about_of(one))}"


def _numbers(session: orm.Session, found: Iterable[Amendment]) -> Mapping[int, int]:
    """Of each extension that was granted or waits: which one of its step it is, or would be."""
    steps = {one.step_id for one in found if one.kind is AmendmentKind.EXTENSION}
    where = (
        Amendment.step_id.in_(steps),
        Amendment.kind == AmendmentKind.EXTENSION,
        Amendment.state.in_([_ASKED, AmendmentState.GRANTED]),
    )
    query = sa.select(Amendment.id, Amendment.step_id).where(*where).order_by(Amendment.id)
    numbers: dict[int, int] = defaultdict(int)
    seen: Counter[int] = Counter()
    for key, step in session.execute(query):
        seen[step or 0] += 1
        numbers[key] = seen[step or 0]
    return numbers


def _row(
    one: Amendment,
    facts: amending.Request,
    actor: Actor,
    today: rules.Today,
    known: tuple[parts.Known, Mapping[int, int]],
) -> AmendmentRow:
    """`known` is what ids stand for, and which extension of its step each request is."""
    people, number, about = known[0].people, known[1].get(one.id, 0), about_of(one)
    left = amending.blockers(AmendmentMove.GRANT, facts, actor) if one.state is _ASKED else []
    meanwhile = [each.message for each in left if each.code in _GONE]
    return AmendmentRow(
        public_id=one.public_id,
        kind=one.kind,
        about=_about_words(about),
        step=one.step.public_id if one.step else None,
        plan_id=one.plan.public_id,
        plan=one.plan.name,
        state=one.state,
        parts=parts.changes(one, known[0]),
        reason=one.reason,
        asked=f"{people[one.asked_by_id]}, {today.words(one.asked_at)}",
        answer=one.answer or "",
        decided=_decided(one, today, people),
        number=amendments.extension_words(number) if number else "",
        warning=_warning(one, today),
        moves=amending.moves(facts, actor),
        still_fits=" ".join(meanwhile),
    )


_GONE = {"changed_meanwhile", "plan_not_in_force", "step_not_open", "measured"}


def _decided(one: Amendment, today: rules.Today, people: Mapping[int, str]) -> str:
    if one.decided_at is None or one.decided_by_id is None:
        return ""
    return f"{people[one.decided_by_id]}, {today.words(one.decided_at)}"


def _about_words(about: Step | Goal) -> str:
    if isinstance(about, Step):
        return f"step {records.number(about)} {about.title}"
    return f"goal {about.position} {about.title}"


def _warning(one: Amendment, today: rules.Today) -> str:
    """Of a new due date on which nobody works."""
    if "due_on" not in one.new:
        return ""
    return day_warning(dt.date.fromisoformat(one.new["due_on"]), today)


def day_warning(day: dt.date, today: rules.Today) -> str:
    """What is said of a due date that is no working day; empty of one that is."""
    if working_days.is_working_day(day, today.holidays):
        return ""
    return f"{rules.day_words(day, today.day)} is no working day: a weekend or a holiday."


def may_ask(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> tuple[AmendmentKind, ...]:
    """What this person may ask for a step now. Raises NotFound."""
    step, today = records.step(session, actor, public_id), dt.date.min  # no day matters to steps
    return amending.may_ask(subject_of(session, step, today), actor)


def may_ask_target(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: dt.date
) -> bool:
    """Whether this person may ask for a change of a plan's targets now. Raises NotFound."""
    plan = records.plan(session, actor, public_id)
    if records.measured_by(session, plan, today):
        return False
    subject = amending.Subject(records.facts(plan))
    return not amending.ask_blockers(AmendmentKind.TARGET, subject, actor, "something")
