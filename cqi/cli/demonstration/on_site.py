"""Getting ready for the days on site: one county is told, and interviews get their times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cli.demonstration import cast, timeline
from cqi.places.models import Place
from cqi.reviews import actions, queries
from cqi.reviews.models import CaseReview
from cqi.reviews.queries import planning
from cqi.reviews.rules import OPEN_STATES, ReviewPurpose
from cqi.reviews.rules.interviews import How, Interview, InterviewRole
from cqi.reviews.rules.planning import NewPlan
from cqi.rounds.models import Round

_BY_TELEPHONE = {InterviewRole.SERVICE_PROVIDER}
_ROOMS = {InterviewRole.CASEWORKER: "County office, room 2", InterviewRole.CHILD: "At school"}
_HOURS = (9, 11, 14)
_SATURDAY = 5
_EACH = 3  # interviews that a case has planned
_TOLD = -5  # days from the first on site


@dataclass(frozen=True)
class Site:
    """The round under way."""

    session: orm.Session
    people: cast.Cast
    timeline: timeline.Timeline
    round_id: int

    @property
    def in_round(self) -> Round:
        """Its row."""
        return self.session.get_one(Round, self.round_id)


def tell(site: Site) -> None:
    """The county of the demonstration's unit hears of its cases."""
    day = site.in_round.on_site_from + dt.timedelta(days=_TOLD)
    home = cast.counties_of(site.session, site.in_round.region_id or 0, day)[0]
    actions.tell_county(
        site.session,
        in_round=site.in_round,
        place=site.session.scalars(sa.select(Place).where(Place.code == home.fips)).one(),
        actor=site.people.actor("cqi_director", day),
        now=site.timeline.at(day, 11),
        today=day,
    )


def plan(site: Site) -> None:
    """Some interviews of the open cases lie ahead, nobody at two places at once; one is over and
    not recorded."""
    query = (
        sa.select(CaseReview)
        .where(CaseReview.round_id == site.in_round.id)
        .where(CaseReview.purpose == ReviewPurpose.SCORED)
        .where(CaseReview.state.in_(sorted(OPEN_STATES)))
        .order_by(CaseReview.id)
    )
    reviews = site.session.scalars(query).all()
    holders = planning.reviewers(site.session, [review.id for review in reviews])
    taken: set[tuple[int, dt.datetime]] = set()
    over = False
    for review in reviews:
        mine = [person_id for person_id, _ in holders.get(review.id, ())]
        people = [one for one in queries.people(site.session, review) if one.outcome is None]
        for one in people[:_EACH]:
            free = (at for at in _times(site) if not any((who, at) in taken for who in mine))
            at = next(free)
            taken |= {(who, at) for who in mine}
            _plan(site, review, one, at)
        if not over and len(people) > _EACH:
            over = True
            _over(site, review, people[_EACH])


def _times(site: Site) -> Iterator[dt.datetime]:
    """Some hours of each working day from tomorrow on."""
    day = site.timeline.today
    while True:
        day += dt.timedelta(days=1)
        if day.weekday() < _SATURDAY:
            yield from (site.timeline.at(day, hour) for hour in _HOURS)


def _over(site: Site, review: CaseReview, one: Interview) -> None:
    """It was to be on the last working day."""
    day = site.timeline.workday(-1)
    _plan(site, review, one, site.timeline.at(day, 15), site.timeline.at(day, 8))


def _plan(
    site: Site,
    review: CaseReview,
    one: Interview,
    starts_at: dt.datetime,
    now: dt.datetime | None = None,
) -> None:
    how = How.TELEPHONE if one.role in _BY_TELEPHONE else How.IN_PERSON
    new = NewPlan(one.id, starts_at, 60, how, _ROOMS.get(one.role, ""))
    today = site.timeline.today
    actions.plan_interview(
        site.session,
        review=review,
        new=new,
        actor=site.people.actor("cqi_director", today),
        now=now or site.timeline.at(today, 8),
    )
