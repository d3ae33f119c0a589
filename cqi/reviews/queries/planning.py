"""Planned interviews: of a case review, of a round, of a reviewer; and who still has no time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.cases.models import Case
from cqi.reviews import policy
from cqi.reviews.models import CaseReview, InterviewPlan, InterviewRow, ReviewPerson
from cqi.reviews.queries import contents, visibility
from cqi.reviews.rules import OPEN_STATES, Part, ReviewPurpose, ReviewState, planning
from cqi.reviews.rules.interviews import How, Interview, InterviewRole, Outcome
from cqi.reviews.rules.planning import Slot, Standing
from cqi.rounds.models import Round


@dataclass(frozen=True)
class Planned:
    """The planned time of one interview; `reviewers` are ids and names of who holds it."""

    public_id: uuid.UUID
    interview: uuid.UUID
    role: InterviewRole
    starts_at: dt.datetime
    minutes: int
    how: How
    place: str
    changes: int
    cancelled: bool
    changed_at: dt.datetime
    review: uuid.UUID
    review_id: int
    state: ReviewState
    case_number: str
    round: uuid.UUID
    round_name: str
    outcome: Outcome | None
    reviewers: tuple[tuple[int, str], ...] = ()

    @property
    def slot(self) -> Slot:
        """Its stretch of time."""
        return Slot(self.starts_at, self.minutes)

    @property
    def names(self) -> str:
        """Who holds it."""
        return ", ".join(name for _, name in self.reviewers)

    def standing(self, now: dt.datetime) -> Standing:
        """What became of it; the times of a case review that is withdrawn are off."""
        off = self.cancelled or self.state is ReviewState.WITHDRAWN
        return planning.standing(self.slot, self.outcome, now, cancelled=off)

    @property
    def holds(self) -> bool:
        """True while it takes its reviewers' time."""
        return not self.cancelled and self.outcome is None and self.state in OPEN_STATES


@dataclass(frozen=True)
class Clash:
    """That a reviewer has another interview at the same time; `case_number` is empty where whoever
    looks may not see that case review."""

    name: str
    case_number: str


@dataclass(frozen=True)
class ToPlan:
    """Who of a case should still be heard and has no time."""

    review: uuid.UUID
    case_number: str
    reviewers: str
    people: tuple[Interview, ...]


def may_plan(standing: policy.Standing, actor: Actor) -> bool:
    """Its reviewers plan when they hear whom, and whoever assigns cases helps them with it; nobody
    with a conflict of interest."""
    needed = (Permission.REVIEW_SCORE, Permission.ROUND_ASSIGN)
    works = bool(actor.staff_id) and actor.staff_id in standing.case_staff
    free = not works and actor.person_id not in standing.declared
    return free and any(policy.permitted(each, standing, actor) for each in needed)


def _planned(session: orm.Session, *where: sa.ColumnElement[bool]) -> list[Planned]:
    """By time, in two queries."""
    row, heard = InterviewPlan, InterviewRow
    query = (
        sa.select(row.public_id, row.interview, row.role, row.starts_at, row.minutes, row.how)
        .add_columns(row.place, row.sequence, row.cancelled_at, heard.removed_at, row.at)
        .add_columns(CaseReview.public_id, CaseReview.id, CaseReview.state, Case.case_number)
        .add_columns(Round.public_id, Round.name, heard.outcome)
        .join(CaseReview, CaseReview.id == row.review_id)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Round, Round.id == CaseReview.round_id)
        .outerjoin(
            heard, sa.and_(heard.review_id == row.review_id, heard.public_id == row.interview)
        )
        .where(*where)
        .order_by(row.starts_at, Case.case_number, row.id)
    )
    found = [_of(*each) for each in session.execute(query)]
    people = reviewers(session, {each.review_id for each in found})
    return [replace(each, reviewers=people.get(each.review_id, ())) for each in found]


def _of(*columns: Any) -> Planned:
    when, (place, changes, *gone), rest = columns[:6], columns[6:10], columns[10:]
    off = any(at is not None for at in gone)
    values: list[Any] = [*when, place or "", changes, off, *rest]
    return Planned(*values)


def reviewers(
    session: orm.Session, review_ids: Collection[int]
) -> dict[int, tuple[tuple[int, str], ...]]:
    """Review id -> ids and names of who scores it now."""
    query = (
        sa.select(ReviewPerson.review_id, Person.id, Person.name)
        .join(Person, Person.id == ReviewPerson.person_id)
        .where(ReviewPerson.review_id.in_(review_ids), *_ON_IT)
        .order_by(ReviewPerson.id)
    )
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for review_id, person_id, name in session.execute(query) if review_ids else ():
        found[review_id] = (*found.get(review_id, ()), (person_id, name))
    return found


_ON_IT = (ReviewPerson.part == Part.REVIEWER, ReviewPerson.until_at.is_(None))
_COUNTED = CaseReview.purpose != ReviewPurpose.PRACTICE


def of_review(session: orm.Session, review: CaseReview) -> dict[uuid.UUID, Planned]:
    """Interview's id -> its planned time, also where that is cancelled."""
    found = _planned(session, InterviewPlan.review_id == review.id)
    return {each.interview: each for each in found}


def of_round(session: orm.Session, actor: Actor, in_round: Round) -> list[Planned]:
    """The planned interviews of a round, as far as `actor` sees its case reviews."""
    here = CaseReview.round_id == in_round.id
    return _planned(session, here, _COUNTED, visibility.visible_to(actor))


def standings(
    session: orm.Session, actor: Actor, in_round: Round, now: dt.datetime
) -> Counter[Standing]:
    """How many planned interviews of a round came to what, as far as `actor` sees them: one query
    that decrypts nothing."""
    row, heard = InterviewPlan, InterviewRow
    query = (
        sa.select(row.starts_at, row.minutes, row.cancelled_at, heard.outcome)
        .join(CaseReview, CaseReview.id == row.review_id)
        .outerjoin(
            heard, sa.and_(heard.review_id == row.review_id, heard.public_id == row.interview)
        )
        .where(CaseReview.round_id == in_round.id, CaseReview.state.in_(sorted(OPEN_STATES)))
        .where(heard.removed_at.is_(None), visibility.visible_to(actor))
        .where(visibility.one_a_case(actor))
    )
    return Counter(
        planning.standing(Slot(starts, minutes), outcome, now, cancelled=off is not None)
        for starts, minutes, off, outcome in session.execute(query)
    )


def of_reviewer(session: orm.Session, actor: Actor) -> list[Planned]:
    """The planned interviews of the case reviews that `actor` scores, in all rounds."""
    return _planned(session, _COUNTED, visibility.scored_by(actor))


def clashes(session: orm.Session, actor: Actor, review: CaseReview, one: Planned) -> list[Clash]:
    """Which of a case review's reviewers have another interview at the time of `one`."""
    mine = {person_id for person_id, _ in one.reviewers}
    day = dt.timedelta(days=1)
    near = InterviewPlan.starts_at.between(one.starts_at - day, one.starts_at + day)
    theirs = sa.select(ReviewPerson.review_id).where(ReviewPerson.person_id.in_(mine), *_ON_IT)
    found = [
        each
        for each in _planned(session, near, CaseReview.id.in_(theirs))
        if each.holds and each.public_id != one.public_id and each.slot.overlaps(one.slot)
    ]
    ids = {each.review_id for each in found} - {review.id}
    may = sa.select(CaseReview.id).where(CaseReview.id.in_(ids), visibility.visible_to(actor))
    seen = {review.id, *session.scalars(may)} if ids else {review.id}
    return [
        Clash(name, each.case_number if each.review_id in seen else "")
        for each in found
        for person_id, name in each.reviewers
        if person_id in mine
    ]


def to_plan(session: orm.Session, actor: Actor, in_round: Round | None = None) -> list[ToPlan]:
    """Who should still be heard and has no time that lies ahead or waits to be recorded: in a
    round, or in what `actor` scores."""
    here = visibility.scored_by(actor)
    if in_round is not None:
        here = sa.and_(CaseReview.round_id == in_round.id, visibility.visible_to(actor))
    query = (
        sa.select(CaseReview.id, CaseReview.public_id, Case.case_number)
        .join(Case, Case.id == CaseReview.case_id)
        .where(CaseReview.state.in_(sorted(OPEN_STATES)), _COUNTED, here)
        .order_by(Case.case_number)
    )
    reviews = {row.id: row for row in session.execute(query)}
    people = _unheard(session, reviews.keys())
    timed = set(session.scalars(_timed(reviews.keys())))
    names = reviewers(session, reviews.keys())
    found = []
    for review_id, row in reviews.items():
        left = tuple(one for one in people[review_id] if one.id not in timed)
        who = ", ".join(name for _, name in names.get(review_id, ()))
        found += [ToPlan(row.public_id, row.case_number, who, left)] if left else []
    return found


def _timed(review_ids: Collection[int]) -> sa.Select[uuid.UUID]:
    return sa.select(InterviewPlan.interview).where(
        InterviewPlan.review_id.in_(review_ids), InterviewPlan.cancelled_at.is_(None)
    )


def _unheard(session: orm.Session, review_ids: Collection[int]) -> dict[int, tuple[Interview, ...]]:
    """Review id -> who should be heard and has no outcome, in two queries."""
    found = {review_id: contents.Content() for review_id in review_ids}
    if found:
        contents.add_facts(session, found)
        contents.add_interviews(session, found)
    return {key: outstanding(content) for key, content in found.items()}


def outstanding(content: contents.Content) -> tuple[Interview, ...]:
    """Who should be heard, and is neither held nor has a reason."""
    return tuple(one for one in content.people if one.outcome is None)


@dataclass(frozen=True)
class Entry:
    """One interview in a reviewer's calendar file; without a `planned` time it is off for them,
    and says no more than that."""

    uid: uuid.UUID
    sequence: int
    slot: Slot
    changed_at: dt.datetime
    planned: Planned | None


def calendar(session: orm.Session, actor: Actor) -> list[Entry]:
    """Every interview that was ever planned on what `actor` scores or scored, so that a second
    import takes away what is off. What they may not open any more stands without its content."""
    person = ReviewPerson
    query = (
        sa.select(person.review_id, sa.func.count(), sa.func.count(person.until_at))
        .where(person.person_id == actor.person_id, person.part == Part.REVIEWER)
        .group_by(person.review_id)
    )
    counts = {review_id: (on, off) for review_id, on, off in session.execute(query)}
    opens = {each.public_id for each in of_reviewer(session, actor)}
    here = InterviewPlan.review_id.in_(counts)
    return [
        _entry(each, *counts[each.review_id], opens=each.public_id in opens)
        for each in _planned(session, here, _COUNTED)
    ]


def _entry(one: Planned, assigned: int, ended: int, *, opens: bool) -> Entry:
    withdrawn = one.state is ReviewState.WITHDRAWN
    number = planning.calendar_sequence(one.changes, assigned, ended, withdrawn=withdrawn)
    on = opens and not one.cancelled and not withdrawn
    return Entry(one.public_id, number, one.slot, one.changed_at, one if on else None)
