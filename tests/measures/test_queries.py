"""What is frozen from the database, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events, folders
from cqi.core.database import Database
from cqi.instruments import library
from cqi.instruments.definition import Instrument, Rating
from cqi.measures import actions, queries
from cqi.measures.models import MeasureRun
from cqi.measures.rules import frozen, tabulation
from cqi.places.models import Place
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.measures import stored
from tests.measures.stored import Review

FULL, PART = Rating.SUBSTANTIALLY_ACHIEVED, Rating.PARTIALLY_ACHIEVED
STRENGTH, NA = Rating.STRENGTH, Rating.NOT_APPLICABLE


@pytest.fixture
def instrument() -> Instrument:
    root = folders.data_folder("review_instruments")
    return library.load(root, "mississippi_practice_model", "1.0")


@pytest.fixture
def session(database: Database) -> Iterator[orm.Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def places(session: orm.Session) -> list[Place]:
    """A region with two counties."""
    top = build.region(session, "I-South")
    return [top, build.county(session, top, "Adams"), build.county(session, top, "Amite")]


@pytest.fixture
def baseline(session: orm.Session, places: list[Place]) -> Round:
    """Two final reviews in two counties, and one of each kind that no figure counts."""
    region, adams, amite = places
    made = build.round(session, region, [adams, amite])
    stored.review(session, made, adams, Review("A-1", {"SRM": FULL, "SRM05": STRENGTH}))
    stored.review(session, made, amite, Review("A-2", {"SRM": PART, "SRM05": NA, "SRM01": None}))
    outside = [
        Review("A-1", {"SRM": PART}, purpose=ReviewPurpose.RELIABILITY, reading=2),
        Review("A-3", {"SRM": FULL}, purpose=ReviewPurpose.PRACTICE),
        Review("A-4", {"SRM": FULL}, state=ReviewState.WITHDRAWN),
        Review("A-5", {"SRM": FULL}, state=ReviewState.RETURNED),
        Review("A-6", {}, state=ReviewState.ASSIGNED),
    ]
    for each in outside:
        stored.review(session, made, adams, each)
    return made


def test_only_final_scored_first_readings_count(
    session: orm.Session, instrument: Instrument, baseline: Round
) -> None:
    found = queries.measures(session, queries.Asked(baseline, instrument))
    srm = found.row("SRM")
    assert (srm.achieved, srm.applicable) == (1, 2)
    assert srm.excluded == tabulation.Excluded(practice=2, eliminated=1, not_final=2)
    assert found.row("SRM05").excluded.not_applicable == 1
    assert found.row("SRM01").excluded.not_rated == 2
    assert len(found.rows) == 6 + 48
    assert found.comparisons == ()


def test_rows_by_county_carry_the_fips_code(
    session: orm.Session, instrument: Instrument, baseline: Round, places: list[Place]
) -> None:
    found = queries.measures(session, queries.Asked(baseline, instrument), tabulation.By.COUNTY)
    adams, amite = (found.row("SRM", place.code) for place in places[1:])
    assert (adams.achieved, adams.applicable, adams.excluded.not_final) == (1, 1, 2)
    assert (amite.achieved, amite.applicable, amite.excluded.not_final) == (0, 1, 0)


def test_a_round_compares_only_with_the_round_that_it_names(
    session: orm.Session, instrument: Instrument, baseline: Round, places: list[Place]
) -> None:
    later = build.round(
        session, places[0], places[1:], kind=RoundKind.FOLLOW_UP, compares_with=baseline
    )
    stored.review(session, later, places[1], Review("A-1", {"SRM": FULL}))
    found = queries.measures(session, queries.Asked(later, instrument))
    srm = found.comparison("SRM")
    assert srm is not None
    assert (srm.overlap, srm.pair.n0, srm.pair.n1) == (1, 2, 1)
    assert found.frozen.comparable


def test_a_round_on_a_next_version_compares_what_keeps_its_rule(
    session: orm.Session, places: list[Place], two_versions: Path
) -> None:
    old, new = (library.read(two_versions / version) for version in ("1.0", "1.1"))
    before = build.round(session, places[0], places[1:], pages=old)
    later = build.round(
        session,
        places[0],
        places[1:],
        kind=RoundKind.FOLLOW_UP,
        compares_with=before,
        pages=new,
    )
    found = queries.measures(session, queries.asked_of(later)).frozen
    assert {code: found.compares(code) for code in ("VIS", "STB", "TIM", "NEW", "STC")} == {
        "VIS": True,
        "STB": True,
        "TIM": False,
        "NEW": False,
        "STC": False,
    }
    assert not found.same_version
    same = queries.measures(session, queries.asked_of(before)).frozen
    assert same.same_rule == frozenset()


def test_a_run_is_stored_once_and_made_again_from_its_rows(
    session: orm.Session, instrument: Instrument, baseline: Round
) -> None:
    asked = queries.Asked(baseline, instrument)
    first = actions.freeze_run(session, asked, actor=None, now=build.NOW)
    second = actions.freeze_run(session, asked, actor=None, now=build.NOW)
    assert first is second
    assert session.scalar(sa.select(sa.func.count()).select_from(MeasureRun)) == 1
    kinds = session.scalars(sa.select(events.Event.kind)).all()
    assert kinds == ["round.measured"]
    session.expire_all()
    assert stored.run(session, first.run_id) == queries.measures(session, asked)


def test_a_run_stays_as_it_was_when_a_review_is_added(
    session: orm.Session, instrument: Instrument, baseline: Round, places: list[Place]
) -> None:
    asked = queries.Asked(baseline, instrument)
    run = actions.freeze_run(session, asked, actor=None, now=build.NOW)
    stored.review(session, baseline, places[1], Review("A-7", {"SRM": FULL}))
    assert stored.run(session, run.run_id).row("SRM").applicable == 2
    assert queries.measures(session, asked).run_id != run.run_id


def test_a_run_is_found_by_its_first_characters(
    session: orm.Session, instrument: Instrument, baseline: Round
) -> None:
    asked = queries.Asked(baseline, instrument)
    run = actions.freeze_run(session, asked, actor=None, now=build.NOW)
    assert stored.run(session, run.run_id[:12].upper()).run_id == run.run_id
    with pytest.raises(errors.BadInput, match="8 or more"):
        stored.run(session, run.run_id[:7])


def test_a_run_that_nobody_made_is_not_found(session: orm.Session) -> None:
    with pytest.raises(errors.NotFound):
        stored.run(session, "0" * 64)


def test_a_run_whose_rows_do_not_make_its_id_is_refused(
    session: orm.Session, instrument: Instrument, baseline: Round
) -> None:
    rows = queries.freeze(session, queries.Asked(baseline, instrument))
    session.add(
        MeasureRun(
            run_id="f" * 64,
            formula_version=frozen.FORMULA_VERSION,
            round_id=baseline.id,
            frozen=frozen.as_json(rows),
            created_at=build.NOW,
        )
    )
    session.flush()
    with pytest.raises(errors.BadInput, match="were changed"):
        stored.run(session, "f" * 64)
