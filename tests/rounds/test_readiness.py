"""The planning checklist of a region, and how far components are put into practice there."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.rounds.actions import readiness as actions
from cqi.rounds.policy import ItemChange, NewBenchmark
from cqi.rounds.queries import readiness
from cqi.rounds.queries import rollout as queries
from cqi.rounds.rules.rollout import Degree
from cqi.settings import registry
from cqi.settings.models import SettingValue
from tests import build
from tests.build import NOW
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.rounds import test_rollout
from tests.rounds.test_rollout_pages import of_region

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


def change(database: Database, cast: Cast, who: Any = None, **more: Any) -> None:
    new = ItemChange(**{"item": "lead", "owner_id": cast.cqi_liaison.id, "due_on": TODAY, **more})
    with database.writing() as session:
        actor, region = build.actor(session, who or cast.cqi_director), session.merge(cast.region)
        actions.change_item(session, region=region, new=new, actor=actor, now=NOW, today=TODAY)


def benchmark(database: Database, cast: Cast, degree: Degree, **more: Any) -> None:
    given = {"component": "SRM", "degree": degree, "from_on": TODAY, "note": "Seen.", **more}
    with database.writing() as session:
        actor, region = build.actor(session, cast.cqi_director), session.merge(cast.region)
        actions.set_benchmark(
            session, region=region, new=NewBenchmark(**given), actor=actor, now=NOW, today=TODAY
        )


EARLIER = TODAY - 9 * DAY  # before the baseline review


def lines(database: Database, cast: Cast, today: dt.date = EARLIER) -> dict[str, readiness.Line]:
    with database.reading() as session:
        one = queries.region(
            session, build.actor(session, cast.cqi_director), cast.region.public_id
        )
        return {line.item.key: line for line in readiness.checklist(session, one, today)}


def test_the_shipped_checklist_has_its_items_once_and_in_order() -> None:
    items = readiness.shipped_checklist()
    assert len({item.key for item in items}) == len(items) == 10
    assert [item.weeks for item in items] == sorted((item.weeks for item in items), reverse=True)
    assert all(item.title and item.done for item in items)
    assert items[0].due(dt.date(2027, 8, 2)) == dt.date(2027, 2, 15)


def test_an_item_is_due_by_the_plan_until_somebody_has_it(database: Database, cast: Cast) -> None:
    assert lines(database, cast)["lead"].suggested_on is None
    with database.writing() as session:
        test_rollout.plan(session, cast)
    line = lines(database, cast)["lead"]
    assert line.suggested_on == dt.date(2027, 2, 15)
    assert line.late(EARLIER)
    after = lines(database, cast, TODAY)["lead"]
    assert not after.late(TODAY), "the baseline review has begun"
    change(database, cast, due_on=TODAY)
    line = lines(database, cast)["lead"]
    assert line.owner == cast.cqi_liaison.name
    assert not line.late(TODAY)
    assert line.late(TODAY + DAY)


def test_that_it_is_done_is_kept_with_who_wrote_it(database: Database, cast: Cast) -> None:
    change(database, cast)
    change(database, cast, done_on=TODAY, note="On the region's page", seen=1)
    line = lines(database, cast)["lead"]
    assert (line.done_on, line.done_by) == (TODAY, cast.cqi_director.name)
    assert not line.late(TODAY + 9 * DAY)
    change(database, cast, seen=2)
    assert lines(database, cast)["lead"].done_by == ""
    with database.reading() as session:
        asked = sa.select(events.Event.payload).where(events.Event.kind == "rollout.item")
        payloads = session.scalars(asked.order_by(events.Event.id)).all()
    assert [each["done_on"] for each in payloads] == [None, TODAY.isoformat(), None]
    assert "region's page" not in str(payloads)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"done_on": TODAY}, "no_note"),
        ({"done_on": TODAY + DAY, "note": "x"}, "to_come"),
        ({"seen": 3}, "overtaken"),
    ],
)
def test_what_an_item_lacks_is_said(
    database: Database, cast: Cast, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(errors.Blocked) as refused:
        change(database, cast, **more)
    assert [each.code for each in refused.value.blockers] == [code]
    with pytest.raises(errors.NotFound):
        change(database, cast, item="nothing")


def test_only_the_cqi_director_changes_them(database: Database, cast: Cast) -> None:
    for person in (cast.cqi_liaison, cast.regional_director, cast.outsider):
        with pytest.raises(errors.Forbidden):
            change(database, cast, person)


def test_benchmarks_tell_how_far_a_component_was_over_time(database: Database, cast: Cast) -> None:
    benchmark(database, cast, Degree.INITIAL)
    benchmark(database, cast, Degree.PLANNING, from_on=TODAY - 90 * DAY)
    with database.reading() as session:
        one = queries.region(
            session, build.actor(session, cast.cqi_director), cast.region.public_id
        )
        found = readiness.reached(session, one)["SRM"]
    assert [each.degree for each in found] == [Degree.INITIAL, Degree.PLANNING]
    for wrong, code in (
        ({"component": "NONE"}, "unknown_component"),
        ({"from_on": TODAY + DAY}, "to_come"),
        ({"note": " "}, "no_note"),
    ):
        with pytest.raises(errors.Blocked) as refused:
            benchmark(database, cast, Degree.FULL, **wrong)
        assert [each.code for each in refused.value.blockers] == [code]


def test_components_are_those_of_the_instrument_that_the_setting_names(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        assert list(readiness.components(session, TODAY)) == [
            "MAS", "SRM", "INV", "SNA", "PCR", "ICP",
        ]  # fmt: skip
        key = registry.ROLLOUT_INSTRUMENT.key
        session.add(SettingValue(key=key, value="none", from_on=TODAY, reason="a test", set_at=NOW))
        session.flush()
        assert readiness.components(session, TODAY) == {}
    text = client_for(cast.cqi_director).get(of_region(cast)).text
    assert "No published instrument is named in the setting" in text


def test_both_are_changed_on_the_pages_of_the_region(cast: Cast, client_for: ClientFor) -> None:
    client, page = client_for(cast.cqi_director), of_region(cast, "/checklist/lead")
    assert cast.regional_director.name in client.get(page).text
    sent = {"owner": str(cast.regional_director.id), "due_on": "2027-03-01", "seen": "0"}
    answer = client.post(page, data=sent, follow_redirects=True)
    assert "Saved: Name who leads the roll-out in the region." in answer.text
    assert "1 Mar 2027, late" in answer.text
    overtaken = client.post(page, data={**sent, "due_on": "2027-05-01"})
    assert overtaken.status_code == 422
    assert "What stands now" in overtaken.text
    assert 'value="2027-05-01"' in overtaken.text
    assert client.get(of_region(cast, "/checklist/none")).status_code == 404
    told = {"component": "SRM", "degree": "initial", "from_on": "2027-03-01", "note": "Observed."}
    answer = client.post(of_region(cast, "/benchmarks"), data=told, follow_redirects=True)
    assert "Observed." in answer.text
    refused = client.post(of_region(cast, "/benchmarks"), data={**told, "from_on": "2030-01-01"})
    assert "This day is still to come." in refused.text
    theirs = client_for(cast.regional_director).get(of_region(cast)).text
    assert "Observed." in theirs
    assert "/checklist/lead" not in theirs
