"""A county goes to another region from a day on: what was before stays, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.places import actions, queries, rules
from cqi.places.rules import PlaceKind
from cqi.reporting.queries import rounds
from cqi.rounds import queries as round_queries
from tests import build
from tests.build import NOW
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

TODAY = NOW.date()
NEXT = TODAY + dt.timedelta(days=30)
ORDER = "Order 12 of the agency"


def move(
    database: Database, cast: Cast, *, from_on: dt.date = NEXT, source: str = ORDER, back: int = 0
) -> None:
    to = cast.region if back else cast.other_region
    new = actions.Move(cast.county, to, from_on, source, confirmed=True)
    with database.writing() as session:
        actions.move_county(session, new, actor_id=cast.administrator.id, today=TODAY, now=NOW)


def take_back(database: Database, cast: Cast, today: dt.date = TODAY) -> None:
    with database.writing() as session:
        actions.take_move_back(
            session, cast.county, actor_id=cast.administrator.id, today=today, now=NOW
        )


def happened(database: Database) -> list[tuple[str, object]]:
    with database.reading() as session:
        found = session.scalars(sa.select(events.Event).where(events.Event.stream_kind == "places"))
        return [(one.kind, one.payload.get("to")) for one in found]


def test_a_county_moves_from_a_day_on_and_reach_and_new_rounds_follow(
    database: Database, cast: Cast
) -> None:
    move(database, cast)
    with database.reading() as session:
        for day, region in ((NEXT - dt.timedelta(1), cast.region), (NEXT, cast.other_region)):
            assert queries.parents(session, day)[cast.county.id] == region.id
            new = round_queries.NewRound(
                name="R",
                kind="baseline",
                instrument="x",
                version="1",
                pur_from=TODAY,
                on_site_from=day,
                on_site_to=day,
                region_id=cast.region.id,
            )
            taken = round_queries.counties_of(session, new)
            assert (cast.county.id in taken) is (region is cast.region)
        director = build.actor(session, cast.regional_director, NEXT - dt.timedelta(1))
        assert cast.county.id in director.reach(Permission.REPORT_SEE).places
        director = build.actor(session, cast.regional_director, NEXT)
        assert cast.county.id not in director.reach(Permission.REPORT_SEE).places
    assert happened(database) == [("places.county_moved", cast.other_region.code)]


@pytest.mark.parametrize(
    ("stands", "wanted", "codes"),
    [
        ((1, dt.date(2020, 1, 1)), (PlaceKind.REGION, 2, TODAY, ORDER), []),
        (None, (PlaceKind.REGION, 2, TODAY, ORDER), []),
        ((1, dt.date(2020, 1, 1)), (PlaceKind.COUNTY, 2, TODAY, ORDER), ["no_region"]),
        ((1, dt.date(2020, 1, 1)), (PlaceKind.REGION, 1, TODAY, ORDER), ["same_region"]),
        ((1, NEXT), (PlaceKind.REGION, 2, NEXT, ORDER), ["planned_already"]),
        ((1, TODAY), (PlaceKind.REGION, 2, TODAY, ORDER), ["before_last"]),
        (
            (1, dt.date(2020, 1, 1)),
            (PlaceKind.REGION, 2, TODAY - dt.timedelta(1), " "),
            ["source_missing", "in_the_past"],
        ),
    ],
)
def test_every_reason_why_a_county_cannot_move(
    stands: tuple[int, dt.date] | None, wanted: tuple[object, ...], codes: list[str]
) -> None:
    found = rules.move_blockers(rules.Wanted(*wanted), stands, TODAY)
    assert [one.code for one in found] == codes


def test_a_refused_move_changes_nothing(database: Database, cast: Cast) -> None:
    with pytest.raises(errors.Blocked):
        move(database, cast, from_on=TODAY - dt.timedelta(1))
    move(database, cast)
    with pytest.raises(errors.Blocked):
        move(database, cast, from_on=NEXT + dt.timedelta(1), back=1)
    with database.reading() as session:
        assert [one.from_on for one in queries.stays(session, [cast.county.id])] == [
            NEXT,
            build.LONG_AGO,
        ]


def test_a_move_to_come_is_taken_back_and_one_in_force_is_not(
    database: Database, cast: Cast
) -> None:
    with pytest.raises(errors.Blocked):  # it stands where it always stood
        take_back(database, cast)
    move(database, cast)
    take_back(database, cast)
    with database.reading() as session:
        (stay,) = queries.stays(session, [cast.county.id])
        assert (stay.region.id, stay.until_on) == (cast.region.id, None)
        assert queries.moves(session) == []
    move(database, cast)
    with pytest.raises(errors.Blocked):
        take_back(database, cast, today=NEXT)
    assert [kind for kind, _ in happened(database)] == [
        "places.county_moved",
        "places.move_taken_back",
        "places.county_moved",
    ]


def test_a_report_names_the_map_of_its_round_and_what_moved_since(
    database: Database, cast: Cast
) -> None:
    move(database, cast)
    with database.reading() as session:
        one = session.merge(cast.round, load=False)
        before = rounds.county_map(session, one, NEXT - dt.timedelta(1))
        after = rounds.county_map(session, one, NEXT)
    assert (before.on, before.confirmed, before.moved) == (cast.round.on_site_from, False, ())
    assert after.moved == ((cast.county.name, cast.other_region.name, NEXT),)


def test_an_administrator_moves_a_county_on_its_page(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    boss, at = client_for(cast.administrator), f"/places/{cast.county.public_id}/region"
    assert at in boss.get("/places").text
    assert at not in client_for(cast.cqi_director).get("/places").text
    form = {"region": str(cast.other_region.public_id), "from_on": "2020-01-01", "source": ORDER}
    refused = boss.post(at, data=form)
    assert refused.status_code == 422
    assert "What was stays as it was" in refused.text
    assert "Choose a region." in boss.post(at, data={**form, "region": ""}).text
    moved = boss.post(at, data={**form, "from_on": NEXT.isoformat()}, follow_redirects=True).text
    assert f"<b>{cast.county.name}</b> goes from Region One to Region Two" in moved
    assert "Take back the move" in boss.get(at).text
    stays = boss.post(f"{at}/take-back", follow_redirects=True).text
    assert "stays in its region" in stays
    assert "goes from" not in stays
    again = boss.post(f"{at}/take-back")
    assert again.status_code == 422
    assert "still to come" in again.text
