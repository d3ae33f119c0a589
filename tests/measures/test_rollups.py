"""Kept counts are those of the plain query after every kind of change, and so is the page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.cli import jobs
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures import actions, queries
from cqi.measures.models import KeptRatings, KeptReviews, Rollup
from cqi.measures.queries import tallies
from cqi.measures.queries.tallies import Part
from cqi.measures.rules import tallies as rules
from cqi.measures.rules.tabulation import By, Group
from cqi.places import actions as place_actions
from cqi.places.models import Place
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.sampling import queries as sampling
from cqi.sampling.actions import Decision
from cqi.sampling.models import Elimination
from tests import build
from tests.fixtures import scoring
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.measures import stored
from tests.measures.stored import Review
from tests.sampling.test_frames_and_draws import NEW, drawn

FULL, ANI = Rating.SUBSTANTIALLY_ACHIEVED, Rating.AREA_NEEDING_IMPROVEMENT


def plain(session: orm.Session, one: Round, group: Group) -> rules.Tallied:
    """The counts from the rows that a run would freeze, a case at a time."""
    frozen = queries.freeze_round(session, one)
    cases = [each for each in frozen.cases if group.holds(each)]
    return rules.of_rows(cases, [each for each in frozen.outside if group.holds(each)])


def same(one: rules.Tallied, other: rules.Tallied) -> bool:
    return set(one.ratings) == set(other.ratings) and set(one.reviews) == set(other.reviews)


@dataclass
class Walk:
    """A round that things happen to; after each its counts are held against the plain query."""

    desk: Desk
    client_for: ClientFor
    second: Place
    said: list[str]

    @property
    def cast(self) -> Cast:
        return self.desk.cast

    @property
    def database(self) -> Database:
        return self.desk.database

    def round(self, session: orm.Session) -> Round:
        return session.get_one(Round, self.cast.round.id)

    def keep(self) -> None:
        with self.database.writing() as session:
            actions.keep_counts(session, [self.cast.round.id], now=build.NOW)
            assert tallies.holding(session, [self.cast.round.id])

    def step(self, name: str, happens: Callable[[], Any], *, moves: bool) -> None:
        """Let something happen to a round whose counts are kept; then the counts are right."""
        self.keep()
        happens()
        with self.database.reading() as session:
            held = bool(tallies.holding(session, [self.cast.round.id]))
            self.compare(session, name)
        self.page(name)
        assert held is not moves, f"{name}: the kept counts {'hold' if held else 'hold no more'}"
        self.keep()
        with self.database.reading() as session:
            self.compare(session, name)
        self.page(name)
        self.said.append(name)

    def compare(self, session: orm.Session, name: str) -> None:
        """By county, by kind of case and whole."""
        one = self.round(session)
        for by in (None, *By):
            found = tallies.tallied(session, [one], Part(by=by))
            keys = {key for _, key in found} or {""}
            for key in keys:
                place, kind = key if by is By.COUNTY else None, key if by is By.CASE_TYPE else None
                expected = plain(session, one, Group(place, kind))
                assert same(tallies.of(found, one, key), expected), f"{name}, {key or 'all'}"

    def page(self, name: str) -> None:
        """The region's page says what the run would say, and so do those over rounds and years."""
        with self.database.reading() as session:
            run = queries.measures(session, queries.asked_of(self.round(session)))
        address = f"/reports/regions/{self.cast.region.public_id}?round={self.cast.round.public_id}"
        text = self.words(address)
        cases, srm = len(run.frozen.round.cases), run.row("SRM")
        assert f"Reviews {cases} final" in text, name
        if cases:
            counted = f"{srm.achieved} of {srm.applicable}"
            assert counted in text, name
            trend = self.words(address.replace("?", "/SRM?"))
            assert f"Baseline 2027 Mar 2027 {counted}" in trend, name
            years = self.words("/reports/measures/SRM?kind=baseline")
            assert f"{self.cast.region.name}, baseline 2027 " in years, name
            assert f"One region Mar 2027 {counted}" in years, name

    def words(self, address: str) -> str:
        """The words of a page."""
        page = self.client_for(self.cast.regional_director).get(address).text
        return " ".join(re.sub(r"<[^>]*>", " ", page).split())

    def earlier(self) -> None:
        """Another round before, so that there is a trend."""
        with self.database.writing() as session:
            region = session.get_one(Place, self.cast.region.id)
            made = build.round(session, region, [self.second])
            made.on_site_from = made.on_site_to = build.LONG_AGO.replace(year=2026)
            stored.review(session, made, self.second, Review("E-1", {"SRM": FULL}))

    def reopen(self) -> None:
        self.desk.do(reviews.reopen, person=self.cast.cqi_director, reason="Looked at again.")

    def by_row(self, **changes: Any) -> None:
        """Another case of the round, as an import or a script would write it."""
        with self.database.writing() as session:
            one, county = self.round(session), session.get_one(Place, self.second.id)
            digest = changes.pop("imported_digest", None)
            made = stored.review(session, one, county, Review(**changes))
            if digest:
                state = made.state
                self._state(session, made, ReviewState.REOPENED)
                made.imported_digest = digest
                session.flush()
                self._state(session, made, state)

    def _state(self, session: orm.Session, made: CaseReview, state: ReviewState) -> None:
        made.state = state
        session.flush()

    def case(self, **changes: Any) -> None:
        """The case of the desk as a new list of cases says it."""
        with self.database.writing() as session:
            number = Case.case_number == self.desk.case_number
            session.execute(sa.update(Case).where(number).values(**changes))

    def eliminate(self, approve: bool | None) -> None:
        with self.database.writing() as session:
            liaison = build.actor(session, self.cast.cqi_liaison)
            director = build.actor(session, self.cast.cqi_director)
            given = {"now": build.NOW}
            if approve is None:
                number = min(sampling.in_sample(session, [self.cast.round.id])[self.cast.round.id])
                case = sampling.standing_case(session, self.round(session), number)
                reviews.propose_elimination(session, case=case, new=NEW, actor=liaison, **given)
                return
            waits = sa.select(Elimination).where(Elimination.approved.is_(None))
            made = session.scalars(waits).one()
            decision = Decision(approve=approve, reason="As was seen on site.")
            reviews.decide_elimination(
                session, elimination=made, decision=decision, actor=director, **given
            )

    def draw(self, reason: str = "") -> None:
        with self.database.writing() as session:
            drawn(session, self.cast, reason=reason)

    def move_county(self) -> None:
        with self.database.writing() as session:
            move = place_actions.Move(
                session.get_one(Place, self.second.id),
                session.get_one(Place, self.cast.other_region.id),
                dt.date(2027, 7, 1),
                "An order",
            )
            day = build.NOW.date()
            place_actions.move_county(session, move, actor_id=None, today=day, now=build.NOW)


@pytest.fixture
def walk(desk: Desk, client_for: ClientFor) -> Walk:
    with desk.database.writing() as session:
        second = build.county(session, session.get_one(Place, desk.cast.region.id))
    return Walk(desk, client_for, second, [])


def test_counts_are_right_after_every_kind_of_change(walk: Walk) -> None:
    desk, step = walk.desk, walk.step
    walk.earlier()
    step("answering", desk.complete, moves=False)
    step("handing in", desk.submit, moves=False)
    step("QA begins", desk.begin_qa, moves=False)
    step("an override", lambda: desk.override("SRM05", ANI), moves=False)
    step("becoming final", desk.approve, moves=True)
    step("reopening", walk.reopen, moves=True)
    step("handing in again", desk.submit, moves=False)
    step("QA again", desk.begin_qa, moves=False)
    step("another override", lambda: desk.override("INV01", ANI), moves=False)
    step("becoming final again", desk.approve, moves=True)
    step("an import", lambda: walk.by_row(number="I-1", ratings={"SRM": FULL}), moves=True)
    marked = {"ratings": {"SRM": FULL}, "imported_digest": "d" * 64}
    step("a marked import", lambda: walk.by_row(number="I-2", **marked), moves=True)
    practice = {"purpose": ReviewPurpose.PRACTICE, "ratings": {"SRM": FULL}}
    step("practice", lambda: walk.by_row(number="I-3", **practice), moves=True)
    again = {"purpose": ReviewPurpose.RELIABILITY, "reading": 2, "ratings": {"SRM": FULL}}
    step("a second reading", lambda: walk.by_row(number="I-1", **again), moves=True)
    step("an unfinished one", lambda: walk.by_row(number="I-4", state="assigned"), moves=True)
    step("a withdrawal", lambda: walk.by_row(number="I-5", state="withdrawn"), moves=True)
    step("another county", lambda: walk.case(county_id=walk.second.id), moves=True)
    step("another kind", lambda: walk.case(case_type=CaseType.IN_HOME), moves=True)
    step("a note on the case", lambda: walk.case(opened_on=dt.date(2026, 2, 2)), moves=False)
    step("a draw", walk.draw, moves=True)
    step("an elimination, proposed", lambda: walk.eliminate(None), moves=True)
    step("an elimination, decided", lambda: walk.eliminate(True), moves=True)
    step("another elimination, proposed", lambda: walk.eliminate(None), moves=True)
    step("another elimination, declined", lambda: walk.eliminate(False), moves=True)
    step("the same cases once more", lambda: walk.draw("The list was wrong."), moves=True)
    step("a county of another region", walk.move_county, moves=False)
    assert len(walk.said) == 26


def test_a_drawn_case_that_comes_onto_the_list_later_is_counted(walk: Walk) -> None:
    walk.draw()
    with walk.database.writing() as session:
        number = min(sampling.in_sample(session, [walk.cast.round.id])[walk.cast.round.id])
        session.execute(
            sa.update(Case).where(Case.case_number == number).values(case_number="elsewhere")
        )
    back = sa.update(Case).where(Case.case_number == "elsewhere").values(case_number=number)

    def comes() -> None:
        with walk.database.writing() as session:
            session.execute(back)

    walk.step("a number that was drawn", comes, moves=True)
    with walk.database.writing() as session:
        session.execute(
            sa.update(Case).where(Case.case_number == number).values(case_number="gone")
        )

    def new() -> None:
        with walk.database.writing() as session:
            row = {"case_number": number, "case_type": "in_home", "imported_at": build.NOW}
            session.add(Case(**row, county_id=walk.second.id))

    walk.step("a case with a number that was drawn", new, moves=True)


def test_ratings_cannot_change_while_their_review_counts(database: Database, cast: Cast) -> None:
    """What no trigger counts, a trigger forbids."""
    with database.writing() as session:
        made = stored.review(
            session, session.merge(cast.round), cast.county, Review("1", {"SRM": FULL})
        )
    statement = "update ratings set rating = 'not_achieved' where review_id = :id"
    with pytest.raises(sa.exc.DBAPIError, match="frozen"), database.writing() as session:
        session.execute(sa.text(statement), {"id": made.id})


def test_counting_again_changes_nothing_and_leaves_one_set(walk: Walk) -> None:
    walk.by_row(number="I-1", ratings={"SRM": FULL})
    with walk.database.writing() as session:
        ids = [walk.cast.round.id]
        assert actions.keep_counts(session, ids, now=build.NOW) == 1
        assert actions.keep_counts(session, ids, now=build.NOW) == 0
        walk_rows = [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in _TABLES]
    walk.by_row(number="I-2", ratings={"SRM": FULL})
    with walk.database.writing() as session:
        assert actions.keep_counts(session, ids, now=build.NOW) == 1
        again = [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in _TABLES]
    assert walk_rows[0] == again[0] == 1
    assert again[1] == 2  # both kinds of case
    assert walk_rows[1] == 1


_TABLES = (Rollup, KeptRatings, KeptReviews)


def test_the_job_counts_what_changed_and_then_has_nothing_to_do(walk: Walk) -> None:
    walk.by_row(number="I-1", ratings={"SRM": FULL})
    works = jobs.Works(walk.database, Clock(dt.UTC), None)
    assert jobs.JOBS["keep-counts"](works) == "2 rounds counted"
    assert jobs.JOBS["keep-counts"](works) == ""
    walk.by_row(number="I-2", ratings={"SRM": FULL})
    assert jobs.JOBS["keep-counts"](works) == "1 round counted"


def test_freezing_a_run_keeps_the_counts_of_both_rounds(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        scoring.use_real_instrument(session)
        before = session.merge(cast.round)
        session.refresh(before)
        region = session.merge(cast.region)
        later = build.round(session, region, [cast.county], compares_with=before)
        later.instrument_digest = before.instrument_digest
        session.flush()
        actions.freeze_run(session, queries.asked_of(later), actor=None, now=build.NOW)
        assert tallies.holding(session, [before.id, later.id]) == {before.id, later.id}


def test_a_page_reads_kept_counts_where_they_hold(walk: Walk) -> None:
    """Counts that are wrong, with a stamp that is right, are shown: so the page does read them."""
    for number in range(12):
        walk.by_row(number=f"I-{number}", ratings={"SRM": FULL})
    walk.keep()
    with walk.database.writing() as session:
        session.execute(sa.update(KeptRatings).values(number=KeptRatings.number * 2))
    address = f"/reports/regions/{walk.cast.region.public_id}"
    client = walk.client_for(walk.cast.regional_director)
    assert "24 of 24" in client.get(address).text
    walk.by_row(number="I-12", ratings={"SRM": FULL})
    assert "13 of 13" in client.get(address).text
