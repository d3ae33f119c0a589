"""What the law asks to be kept: a partner's legal basis, a conflict of interest, a proposed
administrator, disclosures."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from cqi.access import disclosures, legal_bases, proposals
from cqi.access.law import BasisKind, Exported, NewBasis, NewDisclosure
from cqi.access.permissions import Role
from cqi.cases.rules import ConflictKind
from cqi.cli.demonstration.cast import ADMINISTRATOR
from cqi.cli.demonstration.rounds import World
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.reviews import actions
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.rules import ReviewPurpose, ReviewState

_DEMO_REVIEWER = "reviewer"


def keep(world: World) -> None:
    """All of it, lately."""
    _partner(world)
    _proposal(world)
    _conflict(world)
    _disclosures(world)
    world.session.flush()


def _partner(world: World) -> None:
    """An agreement, and on its first day the role that rests on it."""
    day = world.timeline.workday(-60)
    now, people = world.timeline.at(day, 9), world.people
    legal_bases.put_on_file(
        world.session,
        people.people["partner"].public_id,
        NewBasis(BasisKind.AGREEMENT, "Agreement 14", day, world.timeline.day(305)),
        actor=people.actor(ADMINISTRATOR, day),
        now=now,
        today=day,
    )
    people.grant("partner", Role.STAKEHOLDER, day, now)


def _proposal(world: World) -> None:
    """One administrator proposes the analyst; the other has not decided yet."""
    day = world.timeline.workday(-1)
    analyst, now = world.people.people["analyst"].public_id, world.timeline.at(day, 15)
    made = proposals.propose(
        world.session,
        analyst,
        reason="Stands in while one of us is on leave.",
        actor=world.people.actor(ADMINISTRATOR, day),
        now=now,
        today=day,
    )
    kind, told = NoticeKind.ADMINISTRATOR_PROPOSED, proposals.deciders(world.session, made, day)
    notices.tell(world.session, kind, people=told, subject=analyst, now=now)


def _conflict(world: World) -> None:
    """A reviewer of the round under way knows the family of a case that nobody began."""
    reviewer = world.people.people[_DEMO_REVIEWER].id
    waiting = (
        sa.select(CaseReview, ReviewPerson.person_id)
        .join(ReviewPerson, ReviewPerson.review_id == CaseReview.id)
        .where(
            CaseReview.state == ReviewState.ASSIGNED,
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.id.not_in(
                sa.select(ReviewPerson.review_id).where(ReviewPerson.person_id == reviewer)
            ),
        )
        .order_by(CaseReview.id.desc(), ReviewPerson.id)
    )
    review, person_id = world.session.execute(waiting.limit(1)).one()
    [key] = [key for key, one in world.people.people.items() if one.id == person_id]
    actions.declare_conflict(
        world.session,
        review=review,
        person_id=person_id,
        said=actions.Declared(ConflictKind.FRIEND, note="We go to the same church."),
        actor=world.people.actor(key, world.timeline.today),
        now=world.timeline.at(world.timeline.today, 8),
    )


def _disclosures(world: World) -> None:
    """Two files that were taken along, and a case review that a court ordered."""
    final = sa.select(CaseReview).where(CaseReview.state == ReviewState.FINAL)
    found = list(world.session.scalars(final.order_by(CaseReview.id.desc()).limit(2)))
    for review, key, what, purpose in (
        (found[0], "cqi_liaison", Exported.CASE_REVIEW, "oversight"),
        (found[1], "cqi_director", Exported.FEEDBACK_MEMO, "oversight"),
    ):
        day = world.timeline.workday(-2)
        disclosures.add_export(
            world.session,
            disclosures.Export(what, review.public_id, purpose),
            actor=world.people.actor(key, day),
            now=world.timeline.at(day, 11),
            today=day,
        )
    _by_hand(world, found[0], world.timeline.workday(-1))


def _by_hand(world: World, review: CaseReview, day: dt.date) -> None:
    disclosures.record_by_hand(
        world.session,
        NewDisclosure(
            persons="Youth court, Judge R. Fennimore",
            extent="Face sheet and ratings, six pages, without names",
            purpose="Hearing on the case plan",
            given_on=day,
            order_number="Order 27-114",
            expires_on=world.timeline.day(90),
        ),
        case=review.case.public_id,
        actor=world.people.actor("cqi_director", day),
        now=world.timeline.at(day, 16),
        today=day,
    )
