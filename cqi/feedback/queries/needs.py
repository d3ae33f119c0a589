"""Systemic needs: one's own, and those within reach of who replies or reads. Else: not found."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Permission, Role
from cqi.cases.models import Case
from cqi.core import database, errors
from cqi.feedback.models import SystemicNeed, SystemicNeedStep
from cqi.feedback.policy.needs import NeedStanding
from cqi.feedback.queries import reach
from cqi.feedback.rules.clocks import Clocks, Due
from cqi.feedback.rules.needs import NeedKind, NeedOwner, NeedState
from cqi.feedback.workflow import NeedStep
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.places import queries as places
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview


@dataclass(frozen=True)
class NeedStepTaken:
    """One step of a need; `by` is a name."""

    step: NeedStep
    at: dt.datetime
    by: str
    words: str


@dataclass(frozen=True)
class NeedSheet:
    """A need with what was done about it. `due` is when its reply is due, none once it is there;
    `mine`: its reader raised it; `waits`: it is its reader's turn."""

    public_id: uuid.UUID
    review: uuid.UUID
    kind: NeedKind
    state: NeedState
    item: str
    activity: str
    county_id: int
    county: str
    words: str
    owner: NeedOwner
    raised_by: str
    raised_at: dt.datetime
    due: Due | None
    mine: bool
    waits: bool
    steps: tuple[NeedStepTaken, ...]

    @property
    def late(self) -> bool:
        """No reply, and it is due."""
        return self.due is not None and self.due.late


def need(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> SystemicNeed:
    """A need that the actor sees. Raises NotFound."""
    query = _needs().where(SystemicNeed.public_id == public_id, _visible(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such systemic need")
    return found


def needs(
    session: orm.Session, actor: Actor, clocks: Clocks, kinds: Collection[NeedKind] = ()
) -> list[NeedSheet]:
    """The needs that the actor sees, of all kinds or some: those without a reply first, the one
    that is due first on top; then the newest."""
    query = _needs().where(_visible(actor), SystemicNeed.kind.in_(kinds or list(NeedKind)))
    found = need_sheets(session, actor, session.scalars(query), clocks)
    found.sort(key=lambda one: one.raised_at, reverse=True)
    return sorted(found, key=lambda one: one.due.on if one.due else dt.date.max)


def counted(
    session: orm.Session, actor: Actor, here: sa.ColumnElement[bool]
) -> list[tuple[NeedKind, NeedState, dt.datetime]]:
    """(kind, state, asked at) of the needs that the actor sees, of some reviews: for counts."""
    query = (
        sa.select(SystemicNeed.kind, SystemicNeed.state, SystemicNeed.asked_at)
        .join(CaseReview, CaseReview.id == SystemicNeed.review_id)
        .join(Case, Case.id == CaseReview.case_id)
        .where(_visible(actor), here)
    )
    return [(kind, state, at) for kind, state, at in session.execute(query)]


def _needs() -> sa.Select[SystemicNeed]:
    return (
        sa.select(SystemicNeed)
        .join(CaseReview, CaseReview.id == SystemicNeed.review_id)
        .join(Case, Case.id == CaseReview.case_id)
        .options(orm.contains_eager(SystemicNeed.review).contains_eager(CaseReview.case))
    )


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """One's own; by reach for all but supervisors, who see no others' needs."""
    others = tuple(grant for grant in actor.grants if grant.role is not Role.SUPERVISOR)
    there = dataclasses.replace(actor, grants=others).reach(Permission.NEED_SEE)
    own = SystemicNeed.raised_by_id == actor.person_id
    return sa.or_(own, reach.within(actor, there)) if there else own


def need_sheets(
    session: orm.Session, actor: Actor, found: Iterable[SystemicNeed], clocks: Clocks
) -> list[NeedSheet]:
    """Needs that were found for the actor, with their steps and names, in their order."""
    listed = list(found)
    steps = _steps(session, [one.id for one in listed])
    people = {one.raised_by_id for one in listed}
    people |= {step.by_id for taken in steps.values() for step in taken}
    names = access.people_names(session, people)
    counties = places.names(session, {one.review.case.county_id for one in listed})
    directed = _directed(session, clocks.calendar.today)
    made = []
    for one in listed:
        taken = tuple(_taken(step, names) for step in steps.get(one.id, ()))
        county, names_ = one.review.case.county_id, (counties, names)
        owner = one.owner if county in directed else NeedOwner.STATE
        sheet = _sheet(one, owner, taken, names_, clocks)
        mine = one.raised_by_id == actor.person_id
        turn = _turn(sheet, actor, mine)
        made.append(dataclasses.replace(sheet, mine=mine, waits=turn))
    return made


def _sheet(
    one: SystemicNeed,
    owner: NeedOwner,
    steps: tuple[NeedStepTaken, ...],
    names: tuple[Mapping[int, str], Mapping[int, str]],
    clocks: Clocks,
) -> NeedSheet:
    counties, people = names
    county = one.review.case.county_id
    title = reviews.pinned(one.review, None).item(one.item).title if one.item else ""
    raised = one.state is NeedState.RAISED
    return NeedSheet(
        public_id=one.public_id,
        review=one.review.public_id,
        kind=one.kind,
        state=one.state,
        item=one.item,
        activity=title,
        county_id=county,
        county=counties[county],
        words=one.words,
        owner=owner,
        raised_by=people[one.raised_by_id],
        raised_at=one.raised_at,
        due=clocks.reply_due(one.asked_at) if raised else None,
        mine=False,
        waits=False,
        steps=steps,
    )


def _turn(sheet: NeedSheet, actor: Actor, mine: bool) -> bool:
    """Whether it is somebody's turn: to reply, or to say whether a reply settles it."""
    if mine:
        return sheet.state is NeedState.ANSWERED
    if sheet.state is not NeedState.RAISED:
        return False
    if sheet.owner is NeedOwner.STATE:
        return Role.CQI_DIRECTOR in actor.roles
    return any(
        grant.role is Role.REGIONAL_DIRECTOR and sheet.county_id in grant.places
        for grant in actor.grants
    )


def _directed(session: orm.Session, today: dt.date) -> frozenset[int]:
    """Ids of the counties that somebody directs the region of."""
    query = (
        sa.select(GrantRow.place_id)
        .join(Person, sa.and_(Person.id == GrantRow.person_id, Person.active))
        .where(GrantRow.role == Role.REGIONAL_DIRECTOR, *access.in_force(today))
    )
    return places.below(session, [one for one in session.scalars(query) if one], today)


def _steps(session: orm.Session, ids: Sequence[int]) -> dict[int, list[SystemicNeedStep]]:
    query = sa.select(SystemicNeedStep).where(SystemicNeedStep.need_id.in_(ids))
    by_need: dict[int, list[SystemicNeedStep]] = {}
    for one in session.scalars(query.order_by(SystemicNeedStep.id)):
        by_need.setdefault(one.need_id, []).append(one)
    return by_need


def _taken(step: SystemicNeedStep, names: Mapping[int, str]) -> NeedStepTaken:
    return NeedStepTaken(NeedStep(step.step), step.at, names[step.by_id], step.words or "")


def need_sent(session: orm.Session, key: uuid.UUID) -> SystemicNeed | None:
    """The need that a page has sent under its key, whoever's it is: for an action alone."""
    return session.scalar(sa.select(SystemicNeed).where(SystemicNeed.public_id == key))


def need_standing(
    session: orm.Session, found: SystemicNeed, today: dt.date, *, lock: bool = False
) -> NeedStanding:
    """What `policy` needs to know. An action locks: it then sees the newest state, alone."""
    if lock and not database.alone(session):
        session.refresh(found, with_for_update=True)
    directors = _directors(session, found.review, found.raised_by_id, today)
    top = found.owner is NeedOwner.STATE or not directors
    owners = _cqi_directors(session, found, today) if top else directors
    return NeedStanding(found.state, owners, found.raised_by_id, top)


def first_owner(
    session: orm.Session, review: CaseReview, raised_by: int, today: dt.date
) -> NeedOwner:
    """The region's Regional Director; where there is none, the CQI director."""
    directors = _directors(session, review, raised_by, today)
    return NeedOwner.REGION if directors else NeedOwner.STATE


def _directors(
    session: orm.Session, review: CaseReview, raised_by: int, today: dt.date
) -> frozenset[int]:
    """Who directs the region; nobody replies to themself or with a conflict of interest."""
    above = places.above(session, [review.case.county_id], today)
    found = access.holders(session, Role.REGIONAL_DIRECTOR, above, today)
    return found - {raised_by} - reviews.standing(session, review).declared


def _cqi_directors(session: orm.Session, need: SystemicNeed, today: dt.date) -> frozenset[int]:
    """Those who did not raise it and have no conflict of interest with its case."""
    found = access.holders_in_state(session, Role.CQI_DIRECTOR, today)
    return found - {need.raised_by_id} - reviews.standing(session, need.review).declared


def late_needs(session: orm.Session, clocks: Clocks) -> list[SystemicNeed]:
    """Needs whose reply is late and nobody was told so since they were asked, where there is
    somebody to tell: for the clock."""
    told = sa.exists().where(
        Notice.kind == NoticeKind.NEED_LATE.value,
        Notice.subject_id == SystemicNeed.public_id,
        Notice.at >= SystemicNeed.asked_at,
    )
    query = _needs().where(SystemicNeed.state == NeedState.RAISED, ~told).order_by(SystemicNeed.id)
    late = (one for one in session.scalars(query) if clocks.reply_due(one.asked_at).late)
    today = clocks.calendar.today
    return [one for one in late if need_standing(session, one, today).owners]
