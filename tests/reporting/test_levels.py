"""Reports of a county and of the state: begun, approved and published as a region's are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.database import Database
from cqi.documents import html
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
    assert "would show the small number of another place" in page
    with pytest.raises(errors.Blocked, match="published with those of the place above"):
        desk.send().approve()


def test_a_draft_has_every_row_whatever_may_be_published(
    database: Database, cast: Cast, analyst: Person
) -> None:
    two_counties(database, cast, 14, 6)
    desk = county_desk(database, cast, analyst, cast.county)
    with database.reading() as session:
        row = desk.row(session)
        draft, published = (
            drawing.made(session, row, each).document()
            for each in (working.ASKING, working.PUBLISHED)
        )
    assert "Fewer than" not in html.page(draft).replace("Fewer than 10", "")
    assert "14 of 14" in html.page(draft)
    assert "14 of 14" not in html.page(published)


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


def test_a_region_with_few_cases_is_not_added_up_in_the_states_publication(
    state_desk: Desk,
) -> None:
    with state_desk.database.writing() as session:
        region = build.region(session, "West")
        county = build.county(session, region, "Pike")
        one = build.round(session, region, [county])
        one.on_site_from = one.on_site_to = AS_OF
        for number in range(4):
            stored.review(session, one, county, Review(f"W-{number}", {"SRM": Rating.NOT_ACHIEVED}))
    with state_desk.database.reading() as session:
        row = state_desk.row(session)
        made = drawing.made(session, row, working.PUBLISHED)
        page = html.page(made.document())
        assert states.report(session, states.Wanted(AS_OF)).reviews == 56, "inside the agency"
    assert made.enough
    assert "as no component has 11 applicable cases: West" in page
    assert "52</dd>" in page or "52 case reviews" in page
    state_desk.send().approve().publish()


def test_what_a_region_adds_to_an_earlier_publication_of_the_state_stays_unknown(
    state_desk: Desk,
) -> None:
    """Five cases of the South stand beside six of the North: together they are printed, but not
    after the North alone was."""
    with state_desk.database.writing() as session:
        for name, keep in (("North 2026", 6), ("South 2026", 5)):
            one = session.scalars(sa.select(Round).where(Round.name == name)).one()
            _leave(session, one, "SRM05", keep)
            if keep == 5:
                one.on_site_from = one.on_site_to = AS_OF

    def hidden() -> bool:
        with state_desk.database.reading() as session:
            wanted = states.Wanted(AS_OF, smallest=11)
            found = states.report(session, wanted)
            assert found.measures.row("SRM05").applicable == 11
            return "SRM05" in found.hidden

    assert not hidden()
    with state_desk.database.writing() as session:
        state_desk.row(session).as_of_on = AS_OF - dt.timedelta(days=1)
    state_desk.send().approve().publish()
    assert hidden()


def _leave(session: orm.Session, one: Round, code: str, number: int) -> None:
    """Of an item only so many cases apply."""
    query = (
        sa.select(StoredRating)
        .join(CaseReview, CaseReview.id == StoredRating.review_id)
        .where(
            CaseReview.round_id == one.id,
            CaseReview.state == ReviewState.FINAL,
            StoredRating.code == code,
        )
    )
    rows = list(session.scalars(query.order_by(StoredRating.id)))
    reviews = {row.review_id for row in rows}
    opened = sa.update(CaseReview).where(CaseReview.id.in_(reviews))
    session.execute(opened.values(state=ReviewState.REOPENED))
    for place, row in enumerate(rows):
        row.rating = Rating.STRENGTH if place < number else Rating.NOT_APPLICABLE
    session.flush()
    session.execute(opened.values(state=ReviewState.FINAL))


def test_what_was_published_of_the_state_is_for_everybody_who_reads_publications(
    state_desk: Desk, client_for: ClientFor
) -> None:
    published = state_desk.send().approve().publish()
    there = client_for(state_desk.cast.regional_director)
    assert there.get(f"/reports/published/{published.public_id}").status_code == 200
    assert there.get(f"/reports/{state_desk.public_id}").status_code == 404


def test_a_report_that_is_set_aside_makes_room_for_another_day(
    state_desk: Desk, client_for: ClientFor
) -> None:
    there = client_for(state_desk.analyst)
    begun = there.post("/reports/state/begin", data={"as_of": "2026-12-31"}).location
    assert begun.endswith(str(state_desk.public_id))
    assert "set it aside first" in there.get(begun).text
    aside = f"{begun}/set-aside"
    refused = there.post(aside, data={"set_aside-reason": " "})
    assert refused.status_code == 422
    assert "Say why nobody goes on with it." in refused.text
    assert there.post(aside, data={"set_aside-reason": "The wrong day."}).status_code == 303
    page = there.get(begun).text
    assert "The wrong day." in page
    assert "send-for-review" not in page
    assert str(state_desk.public_id) not in there.get("/reports/due").text
    again = there.post("/reports/state/begin", data={"as_of": "2026-12-31"}).location
    assert again != begun
    with pytest.raises(errors.Blocked, match="was set aside"):
        state_desk.send()
    with pytest.raises(errors.Blocked, match="was set aside"):
        state_desk.write("More.")


def test_words_that_changed_since_the_page_was_opened_are_not_approved(
    state_desk: Desk,
) -> None:
    state_desk.write("First words.")
    shown = state_desk.send().shown()
    state_desk.send_back("More.")
    state_desk.write("Other words.", 1)
    state_desk.send()
    with pytest.raises(errors.Blocked, match="sent back and changed since"):
        state_desk.approve(shown)
    state_desk.approve(state_desk.shown())


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
