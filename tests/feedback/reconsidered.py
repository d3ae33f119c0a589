"""A released memo whose ratings are asked about, through the product's own actions."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.feedback import actions, queries
from cqi.feedback.models import MemoRelease, Reconsideration
from cqi.feedback.policy.reconsidering import Taken
from cqi.feedback.rules.clocks import Clocks
from cqi.feedback.rules.reconsidering import Ground
from cqi.instruments.definition import Rating
from cqi.reviews import actions as reviews
from cqi.reviews import queries as review_queries
from cqi.reviews import rules as review_rules
from cqi.reviews.models import CaseReview
from cqi.rounds.rules import MemoRatings
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast

ANI = Rating.AREA_NEEDING_IMPROVEMENT
ITEM = "SNA06"
WORDS = "The update of 3 March is in the visit notes."
LATER = build.NOW + dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Case:
    """A case whose memo is out. The cast's QA lead approved it; `other_lead` had no part in it."""

    database: Database
    cast: Cast
    public_id: uuid.UUID
    other_lead: Person

    def review(self, session: orm.Session) -> CaseReview:
        return session.scalars(
            sa.select(CaseReview).where(CaseReview.public_id == self.public_id)
        ).one()

    def release(self, session: orm.Session) -> MemoRelease:
        here = MemoRelease.review_id == self.review(session).id
        query = sa.select(MemoRelease).where(here).order_by(MemoRelease.number.desc())
        found = session.scalars(query).first()
        assert found is not None
        return found

    def asked(self) -> Reconsideration:
        """The newest request."""
        with self.database.reading() as session:
            return session.scalars(
                sa.select(Reconsideration).order_by(Reconsideration.id.desc())
            ).first()

    def ask(
        self,
        *,
        item: str = ITEM,
        by: Person | None = None,
        clocks: Clocks = invented.CLOCKS,
        now: dt.datetime = LATER,
    ) -> uuid.UUID:
        with self.database.writing() as session:
            made = actions.ask_to_reconsider(
                session,
                release=self.release(session),
                request=actions.Request(item, Ground.NEW_EVIDENCE, f" {WORDS} "),
                actor=build.actor(session, by or self.cast.supervisor),
                now=now,
                clocks=clocks,
            )
            return made.public_id

    def decide(self, by: Person, taken: Taken, now: dt.datetime = LATER) -> None:
        """By the way of the pages: not found for whoever may not read it."""
        key = self.asked().public_id
        with self.database.writing() as session:
            actor, today = build.actor(session, by), now.date()
            one = queries.reconsideration(session, actor, key, today)
            actions.decide(session, one=one, taken=taken, actor=actor, now=now, today=today)

    def withdraw(self, by: Person) -> None:
        key = self.asked().public_id
        with self.database.writing() as session:
            actor, today = build.actor(session, by), LATER.date()
            one = queries.reconsideration(session, actor, key, today)
            actions.withdraw(session, one=one, actor=actor, now=LATER, today=today)

    def tell_late(self, *, clocks: Clocks, now: dt.datetime) -> int:
        with self.database.writing() as session:
            return actions.tell_late(session, clocks=clocks, now=now)

    def reopen(self, now: dt.datetime = LATER + dt.timedelta(hours=1)) -> None:
        with self.database.writing() as session:
            director = build.actor(session, self.cast.cqi_director)
            review = self.review(session)
            reviews.reopen(session, review=review, reason="Decided.", actor=director, now=now)

    def final_again(
        self, *, strength: bool, now: dt.datetime = LATER + dt.timedelta(hours=2)
    ) -> None:
        """Scored anew, with the item as a strength or as it was."""
        with self.database.writing() as session:
            review = self.review(session)
            who = build.actor(session, self.cast.reviewer)
            lead = build.actor(session, self.cast.qa_lead)
            if strength:
                answers = review_queries.sheet(session, review).answers[ITEM]
                changes = [
                    review_rules.answer(ITEM, question, "yes", expected=entry.revision)
                    for question, entry in answers.items()
                    if entry.value == "no"
                ]
                assert changes
                reviews.record_answers(session, review=review, changes=changes, actor=who, now=now)
            given = {"review": review, "now": now}
            reviews.submit_for_qa(session, actor=who, today=now.date(), **given)
            reviews.begin_qa(session, actor=lead, **given)
            reviews.approve(session, actor=lead, **given)


def case(
    database: Database,
    cast: Cast,
    *,
    lead: Person | None = None,
    ratings: MemoRatings = MemoRatings.SUPERVISORS,
) -> Case:
    """A released memo with a need, and a second QA lead of its region."""
    public_id = invented.final_review(database, cast, released=False)
    with database.writing() as session:
        review = session.scalars(
            sa.select(CaseReview).where(CaseReview.public_id == public_id)
        ).one()
        review.round.memo_ratings = ratings
        invented.release(session, cast, review)
    if lead is None:
        with database.writing() as session:
            lead = build.person(session, "Other Lead")
            build.grant(session, lead, Role.QA_LEAD, place=session.merge(cast.region))
    return Case(database, cast, public_id, lead)
