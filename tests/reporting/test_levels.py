"""Reports of a county and of the state: begun, approved and published as a region's are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures.models import MeasureRun, PooledRun, Publication, PublicationRun
from cqi.measures.queries import pools
from cqi.places.models import Place
from cqi.reporting.queries import drawing, publications, states, subjects
from cqi.reporting.rules.reports import Level, ReportState
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round, RoundCounty
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored
from tests.measures.stored import Review
from tests.reporting import state, working
from tests.reporting.state import AS_OF
from tests.reporting.working import Desk


@pytest.fixture
def analyst(database: Database, cast: Cast) -> Person:
    with database.writing() as session:
        found = build.person(session, "Analyst Person")
        build.grant(session, found, Role.ANALYST, place=cast.state)
        return found


def two_counties(database: Database, cast: Cast, first: int, second: int) -> Place:
    """The cast's round, with so many reviews in its county and in another."""
    with database.writing() as session:
        other = build.county(session, cast.region, "Fennel County")
        round_ = session.get_one(Round, cast.round.id)
        session.add(RoundCounty(round_id=round_.id, county_id=other.id))
        for county, count in ((cast.county, first), (other, second)):
            for number in range(count):
                ratings = {"SRM": Rating.SUBSTANTIALLY_ACHIEVED, "SRM05": Rating.STRENGTH}
                stored.review(session, round_, county, Review(f"{county.code}-{number}", ratings))
        return other


def county_desk(database: Database, cast: Cast, analyst: Person, county: Place) -> Desk:
    with database.reading() as session:
        round_ = session.get_one(Round, cast.round.id)
        subject = subjects.of_county(session, round_, county.code)
    return Desk(database, cast, analyst, working.begin_about(database, analyst, subject))


@pytest.fixture
def state_desk(database: Database, cast: Cast, analyst: Person) -> Desk:
    """A draft of the state's report; nothing is open in its two regions."""
    with database.writing() as session:
        made = state.make(session)
        ids = [one.id for one in made.rounds.values()]
        still = sa.update(CaseReview).where(
            CaseReview.round_id.in_(ids), CaseReview.state == ReviewState.IN_PROGRESS
        )
        session.execute(still.values(state=ReviewState.WITHDRAWN))
        subject = subjects.of_state(session, AS_OF)
    return Desk(database, cast, analyst, working.begin_about(database, analyst, subject))


def runs_of(desk: Desk, published: Publication) -> list[str]:
    with desk.database.reading() as session:
        query = sa.select(MeasureRun.run_id).join(
            PublicationRun, PublicationRun.run_id == MeasureRun.id
        )
        return list(session.scalars(query.where(PublicationRun.publication_id == published.id)))


def rate_again(desk: Desk, round_name: str) -> None:
    """Of one case review of a round SRM is no longer achieved."""
    with desk.database.writing() as session:
        one = session.scalars(sa.select(Round).where(Round.name == round_name)).one()
        of = sa.select(CaseReview).where(
            CaseReview.round_id == one.id, CaseReview.state == ReviewState.FINAL
        )
        for review in session.scalars(of.order_by(CaseReview.id)):
            row = session.scalar(
                sa.select(StoredRating).where(
                    StoredRating.review_id == review.id,
                    StoredRating.code == "SRM",
                    StoredRating.rating == Rating.SUBSTANTIALLY_ACHIEVED,
                )
            )
            if row is not None:
                break
        assert row is not None
        review.state = ReviewState.REOPENED
        session.flush()
        row.rating = Rating.PARTIALLY_ACHIEVED
        session.flush()
        review.state = ReviewState.FINAL


def test_a_county_is_published_under_the_run_of_its_round(
    database: Database, cast: Cast, analyst: Person
) -> None:
    two_counties(database, cast, 14, 12)
    desk = county_desk(database, cast, analyst, cast.county)
    desk.write("Two units merged in May.")
    published = desk.send().approve().publish()
    assert published.level == "county"
    assert published.title.startswith(cast.county.name)
    row = desk.read()
    assert (row.state, row.level) == (ReportState.PUBLISHED, Level.COUNTY)
    assert runs_of(desk, published) == [row.approved_run]
    with database.reading() as session:
        [made] = [drawing.made(session, desk.row(session), working.PUBLISHED)]
        assert made.run == row.approved_run


def test_a_county_that_shares_a_row_is_not_published_and_its_writers_are_told_first(
    database: Database, cast: Cast, analyst: Person, client_for: ClientFor
) -> None:
    two_counties(database, cast, 14, 6)
    desk = county_desk(database, cast, analyst, cast.county)
    page = client_for(analyst).get(f"/reports/{desk.public_id}").text
    assert "would show another county&#39;s small number" in page
    with pytest.raises(errors.Blocked, match="published with those of the place above"):
        desk.send().approve()


def test_a_county_and_its_region_are_worked_on_side_by_side_and_each_once(
    database: Database, cast: Cast, analyst: Person
) -> None:
    two_counties(database, cast, 14, 12)
    county_desk(database, cast, analyst, cast.county)
    working.begin(database, cast, analyst)
    with pytest.raises(errors.Blocked, match="being worked on already"):
        county_desk(database, cast, analyst, cast.county)


def test_the_state_is_published_with_the_runs_of_its_regions_and_the_run_of_them_all(
    state_desk: Desk,
) -> None:
    published = state_desk.send().approve().publish()
    row = state_desk.read()
    assert (published.level, row.round) == ("state", None)
    with state_desk.database.reading() as session:
        kept = session.scalars(sa.select(PooledRun)).one()
        assert kept.run_id == row.approved_run
        assert set(kept.runs["runs"]) == {"North", "South"}
        assert sorted(kept.runs["runs"].values()) == sorted(runs_of(state_desk, published))
        again = pools.figures_of(session, pools.stored(session, kept.run_id[:10]))
        now = states.report(session, states.Wanted(AS_OF)).measures
        assert (again.rows, again.run_id) == (now.rows, now.run_id)
        sheet = publications.sheet(session, session.get_one(Publication, published.id))
        assert sheet.pooled == kept.run_id


def test_a_rating_that_changes_in_a_region_stops_the_state_and_names_the_region(
    state_desk: Desk,
) -> None:
    state_desk.send().approve()
    kept = state_desk.read().approved_run
    rate_again(state_desk, "South 2026")
    with pytest.raises(errors.Blocked, match=r"\(South: 1 case review changed since \(1 rated"):
        state_desk.publish()
    with state_desk.database.reading() as session:
        again = pools.figures_of(session, pools.stored(session, str(kept)))
        now = states.report(session, states.Wanted(AS_OF)).measures
        assert again.row("SRM").achieved == now.row("SRM").achieved + 1, "for ever as it was"


def test_a_review_that_is_open_in_a_region_stops_the_state(state_desk: Desk) -> None:
    state_desk.send()
    with state_desk.database.writing() as session:
        one = session.scalars(sa.select(Round).where(Round.name == "North 2025")).one()
        review = session.scalars(
            sa.select(CaseReview).where(
                CaseReview.round_id == one.id, CaseReview.state == ReviewState.FINAL
            )
        ).first()
        assert review is not None
        review.state = ReviewState.REOPENED
    with pytest.raises(errors.Blocked, match="open or reopened"):
        state_desk.approve()


def test_a_newer_state_takes_the_place_of_the_last(state_desk: Desk) -> None:
    first = state_desk.send().approve().publish()
    with state_desk.database.reading() as session:
        subject = subjects.of_state(session, AS_OF)
    public_id = working.begin_about(state_desk.database, state_desk.analyst, subject)
    again = Desk(state_desk.database, state_desk.cast, state_desk.analyst, public_id)
    second = again.send().approve().publish(reason="A year on.")
    assert state_desk.read().state is ReportState.SUPERSEDED
    with state_desk.database.reading() as session:
        sheet = publications.sheet(session, session.get_one(Publication, first.id))
        assert (sheet.newer, sheet.why) == (second.public_id, "A year on.")


def test_a_run_of_a_state_whose_regions_run_is_gone_is_refused(state_desk: Desk) -> None:
    state_desk.send().approve()
    with state_desk.database.reading() as session:
        kept = session.scalars(sa.select(PooledRun)).one()
        kept.runs = {"runs": {"North": "0" * 64}, "beside": {}}
        with pytest.raises(errors.BadInput, match="is not in this database"):
            pools.figures_of(session, kept)
        kept.runs = _swapped(kept.runs, session.scalars(sa.select(MeasureRun)).all())
        with pytest.raises(errors.BadInput, match="make another id"):
            pools.figures_of(session, kept)
        session.rollback()


def _swapped(_runs: Mapping[str, Any], there: Any) -> dict[str, Any]:
    first, second = sorted(one.run_id for one in there)
    return {"runs": {"North": second}, "beside": {"South": first}}


def test_what_lies_around_a_report_is_offered_to_an_analyst(
    database: Database, cast: Cast, analyst: Person, client_for: ClientFor
) -> None:
    two_counties(database, cast, 14, 12)
    with database.writing() as session:
        state.make(session)
    there = client_for(analyst)
    county = f"/reports/rounds/{cast.round.public_id}/counties/{cast.county.public_id}"
    for page, begin in ((county, f"{county}/begin"), ("/reports/state", "/reports/state/begin")):
        assert f'action="{begin}"' in there.get(page).text
        begun = there.post(begin, data={"as_of": ""})
        assert begun.status_code == 303
        again = there.post(begin, data={"as_of": ""})
        assert again.location == begun.location, "there is one already"
        assert "The report that is being worked on" in there.get(page).text
    wrong = there.post("/reports/state/begin", data={"as_of": "2099-01-01"})
    assert wrong.status_code == 422
