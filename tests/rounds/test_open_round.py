"""Opening a round, and who sees it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.places.models import PlaceMembership
from cqi.rounds import actions, queries
from cqi.rounds.queries import NewRound
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast

NOW = build.NOW


def new(cast: Cast, **changes: Any) -> NewRound:
    plain = NewRound(
        name="2027 Baseline, Region One",
        kind=RoundKind.BASELINE,
        instrument="mississippi_practice_model",
        version="1.0",
        pur_from=dt.date(2026, 6, 1),
        on_site_from=dt.date(2027, 4, 5),
        on_site_to=dt.date(2027, 4, 9),
        region_id=cast.region.id,
    )
    return dataclasses.replace(plain, **changes)


def refused(session: orm.Session, one: NewRound) -> list[str]:
    with pytest.raises(errors.Blocked) as error:
        actions.open_round(session, new=one, actor=None, now=NOW)
    return [blocker.code for blocker in error.value.blockers]


def test_a_director_opens_a_round_with_the_regions_counties_of_that_day(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        later = build.county(session, cast.region, "Later County")
        row = session.scalars(
            sa.select(PlaceMembership).where(PlaceMembership.place_id == later.id)
        ).one()
        row.from_on = dt.date(2027, 5, 1)
        session.flush()
        director = build.actor(session, cast.cqi_director)
        made = actions.open_round(session, new=new(cast), actor=director, now=NOW)
        assert queries.county_names(session, made) == {cast.county.id: "Juniper County"}
        assert made.instrument_digest == build.instrument().digest
        assert queries.by_reference(session, made.name) is made
        assert queries.by_reference(session, str(made.public_id)) is made
        event = session.scalars(
            sa.select(events.Event).where(events.Event.stream_id == made.public_id)
        ).one()
        assert (event.kind, event.actor_id) == ("round.opened", director.person_id)


def test_a_follow_up_compares_with_a_baseline(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        follow_up = new(cast, kind=RoundKind.FOLLOW_UP)
        assert refused(session, follow_up) == ["no_baseline"]
        follow_up = dataclasses.replace(follow_up, compares_with=cast.round)
        made = actions.open_round(session, new=follow_up, actor=None, now=NOW)
        assert made.compares_with_id == cast.round.id


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"name": "  "}, ["no_name"]),
        ({"on_site_to": dt.date(2027, 4, 4)}, ["dates"]),
        ({"pur_from": dt.date(2027, 4, 5)}, ["dates"]),
        ({"region_id": None}, ["no_counties"]),
        ({"version": "9.9"}, ["unknown_instrument"]),
    ],
)
def test_a_round_is_blocked_by(
    changes: dict[str, Any], codes: list[str], database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        assert refused(session, new(cast, **changes)) == codes


def test_comparisons_hold_to_one_region_and_one_version(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        elsewhere = new(cast, kind=RoundKind.FOLLOW_UP, compares_with=cast.other_round)
        assert refused(session, elsewhere) == ["other_places"]
        cast.round.instrument_version = "0.9"
        older = new(cast, kind=RoundKind.FOLLOW_UP, compares_with=cast.round)
        assert refused(session, older) == ["other_version"]
        assert "baseline_compares" in refused(session, new(cast, compares_with=cast.other_round))


def test_all_reasons_come_at_once(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        actions.open_round(session, new=new(cast), actor=None, now=NOW)
        wrong = new(cast, name="2027 baseline, region one ", on_site_to=dt.date(2027, 1, 1))
        assert refused(session, wrong) == ["name_taken", "dates"]


def test_a_round_may_be_of_named_counties(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        one = new(cast, region_id=None, county_ids=(cast.county.id, cast.other_county.id))
        made = actions.open_round(session, new=one, actor=None, now=NOW)
        assert queries.county_ids(session, made) == {cast.county.id, cast.other_county.id}


def test_who_sees_which_rounds(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for person, rounds in (
            (cast.cqi_director, {cast.round.id, cast.other_round.id}),
            (cast.cqi_liaison, {cast.round.id}),
            (cast.qa_lead, {cast.round.id}),
            (cast.reviewer, {cast.round.id}),
            (cast.other_reviewer, {cast.other_round.id}),
            (cast.regional_director, {cast.round.id}),
            (cast.supervisor, set()),
            (cast.outsider, set()),
        ):
            who = build.actor(session, person)
            assert {each.id for each in queries.rounds(session, who)} == rounds, person.name
        outsider = build.actor(session, cast.outsider)
        with pytest.raises(errors.NotFound):
            queries.by_public_id(session, outsider, cast.round.public_id)


def test_only_the_director_opens_rounds(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        for person in (cast.cqi_liaison, cast.qa_lead, cast.reviewer, cast.outsider):
            who = build.actor(session, person)
            with pytest.raises(errors.Forbidden):
                actions.open_round(session, new=new(cast), actor=who, now=NOW)
