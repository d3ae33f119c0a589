"""A report of the cast's round at each of its stages, made through the product's own actions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.documents import table_files
from cqi.instruments.definition import Rating
from cqi.measures.models import Publication
from cqi.reporting import actions
from cqi.reporting.models import ReportRow
from cqi.reporting.queries import drawing, subjects
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.build import NOW
from tests.fixtures.cast import Cast
from tests.measures import stored
from tests.measures.stored import Review

FOLLOW_UP = RoundKind.FOLLOW_UP
TODAY = NOW.date()
ASKING = drawing.Asking(TODAY)
PUBLISHED = drawing.Asking(TODAY, published=True)


def add_reviews(session: orm.Session, of: Round, cast: Cast, count: int, prefix: str) -> None:
    """So many final reviews; three of four with SRM achieved."""
    for number in range(count):
        achieved = number % 4 < 3
        rating = Rating.SUBSTANTIALLY_ACHIEVED if achieved else Rating.NOT_ACHIEVED
        wanted = Review(f"{prefix}-{number}", {"SRM": rating, "SRM05": Rating.STRENGTH})
        stored.review(session, of, cast.county, wanted)


@dataclass
class Desk:
    """A report and the people who work on it."""

    database: Database
    cast: Cast
    analyst: Person
    public_id: uuid.UUID

    def row(self, session: orm.Session) -> ReportRow:
        found = sa.select(ReportRow).where(ReportRow.public_id == self.public_id)
        return session.scalars(found).one()

    def read(self) -> ReportRow:
        with self.database.reading() as session:
            row = self.row(session)
            _ = (row.round, row.place, row.publication)
            return row

    def write(
        self, text: str, expected: int = 0, section: str = "story", who: Person | None = None
    ) -> int:
        with self.database.writing() as session:
            return actions.write_section(
                session,
                report=self.row(session),
                writing=actions.Writing(section, text, expected),
                actor=build.actor(session, who or self.analyst),
                now=NOW,
            )

    def send(self) -> Desk:
        with self.database.writing() as session:
            actor = build.actor(session, self.analyst)
            row = self.row(session)
            actions.send_for_review(session, report=row, actor=actor, now=NOW, today=TODAY)
        return self

    def comment(self, text: str, who: Person | None = None, section: str = "") -> None:
        with self.database.writing() as session:
            actions.comment(
                session,
                report=self.row(session),
                text=text,
                section=section,
                actor=build.actor(session, who or self.cast.qa_lead),
                now=NOW,
            )

    def send_back(self, reason: str, who: Person | None = None) -> None:
        with self.database.writing() as session:
            actor = build.actor(session, who or self.cast.cqi_director)
            row = self.row(session)
            actions.send_back(session, report=row, reason=reason, actor=actor, now=NOW)

    def shown(self) -> actions.Shown:
        """What a page shows now."""
        with self.database.reading() as session:
            row = self.row(session)
            made = drawing.made(session, row, PUBLISHED)
            return actions.Shown(made.run, PUBLISHED, row.revision)

    def approve(self, shown: actions.Shown | None = None, who: Person | None = None) -> Desk:
        given = shown or self.shown()
        with self.database.writing() as session:
            actor = build.actor(session, who or self.cast.cqi_director)
            actions.approve(session, report=self.row(session), shown=given, actor=actor, now=NOW)
        return self

    def draw(self, reason: str = "", *, every_form: bool = False) -> actions.Drawn:
        """What is to be published; without `every_form` as JSON alone, which is quick."""
        shown = self.shown()
        with self.database.reading() as session:
            document = drawing.made(session, self.row(session), PUBLISHED).document()
        title = f"{document.title}, {document.subtitle}"
        files = {"json": table_files.json(document)}
        return actions.Drawn(shown, title, drawing.files(document) if every_form else files, reason)

    def publish(self, drawn: actions.Drawn | None = None, reason: str = "") -> Publication:
        given = drawn or self.draw(reason)
        with self.database.writing() as session:
            return actions.publish(
                session,
                report=self.row(session),
                drawn=given,
                actor=build.actor(session, self.cast.cqi_director),
                now=NOW,
            )

    def reopen(self, count: int = 1) -> None:
        """As the director does it, past the workflow of reviews."""
        with self.database.writing() as session:
            for review in self._reviews(session, ReviewState.FINAL)[:count]:
                review.state = ReviewState.REOPENED

    def rate_again(self) -> None:
        """The reviews that are open again become final, with SRM not achieved."""
        with self.database.writing() as session:
            for review in self._reviews(session, ReviewState.REOPENED):
                change = sa.update(StoredRating).where(
                    StoredRating.review_id == review.id, StoredRating.code == "SRM"
                )
                session.execute(change.values(rating=Rating.PARTIALLY_ACHIEVED))
                review.state = ReviewState.FINAL

    def _reviews(self, session: orm.Session, state: ReviewState) -> list[CaseReview]:
        query = sa.select(CaseReview).where(
            CaseReview.round_id == self.cast.round.id, CaseReview.state == state
        )
        return list(session.scalars(query.order_by(CaseReview.id)))


def begin(database: Database, cast: Cast, analyst: Person) -> uuid.UUID:
    """Begin the report of the cast's round."""
    with database.reading() as session:
        subject = subjects.of_region(session.get_one(Round, cast.round.id))
    return begin_about(database, analyst, subject)


def begin_about(database: Database, analyst: Person, subject: subjects.Subject) -> uuid.UUID:
    with database.writing() as session:
        made = actions.begin(
            session,
            subject=subject,
            actor=build.actor(session, analyst),
            now=NOW,
            today=TODAY,
        )
        return made.public_id


@pytest.fixture
def desk(database: Database, cast: Cast) -> Desk:
    """A draft of the cast's round, which has sixteen final reviews."""
    with database.writing() as session:
        analyst = build.person(session, "Analyst Person")
        build.grant(session, analyst, Role.ANALYST, place=cast.state)
        add_reviews(session, session.get_one(Round, cast.round.id), cast, 16, "P")
    return Desk(database, cast, analyst, begin(database, cast, analyst))
