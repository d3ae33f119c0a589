"""Items of a planning checklist as their owners see them: ticked by them, and told of once late."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.cli import jobs
from cqi.core import errors
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.rounds.actions import readiness as actions
from cqi.rounds.actions.readiness import OwnDone
from cqi.rounds.models import PlanningItem
from tests import build
from tests.build import NOW
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.notices import telling
from tests.rounds import test_readiness as readiness
from tests.rounds.test_rollout_pages import of_region

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


def tick(database: Database, cast: Cast, who: str = "supervisor", **more: object) -> None:
    new = OwnDone(**{"item": "lead", "done_on": TODAY, "note": "In the folder.", "seen": 1, **more})
    with database.writing() as session:
        actor = build.actor(session, getattr(cast, who))
        region = session.merge(cast.region)
        actions.tick_own_item(session, region=region, new=new, actor=actor, now=NOW, today=TODAY)


def give(database: Database, cast: Cast, **more: object) -> None:
    """The item is the supervisor's, who sees no round."""
    readiness.change(database, cast, **{"owner_id": cast.supervisor.id, **more})


def tell(database: Database, today: dt.date) -> int:
    with database.writing() as session:
        return actions.tell_late_items(session, now=NOW, today=today)


def test_an_owner_ticks_their_own_item_and_changes_neither_owner_nor_day(
    database: Database, cast: Cast
) -> None:
    give(database, cast, due_on=TODAY + 3 * DAY)
    tick(database, cast)
    line = readiness.lines(database, cast)["lead"]
    assert (line.done_on, line.done_by) == (TODAY, cast.supervisor.name)
    assert (line.owner_id, line.due_on) == (cast.supervisor.id, TODAY + 3 * DAY)
    tick(database, cast, done_on=None, seen=2)
    assert readiness.lines(database, cast)["lead"].done_on is None


def test_nobody_ticks_what_is_not_theirs(database: Database, cast: Cast) -> None:
    give(database, cast)
    for who in ("cqi_liaison", "outsider", "cqi_director"):
        with pytest.raises(errors.NotFound):
            tick(database, cast, who)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"note": " "}, "no_note"), ({"done_on": TODAY + DAY}, "to_come"), ({"seen": 0}, "overtaken")],
)
def test_what_a_tick_lacks_is_said(
    database: Database, cast: Cast, more: dict[str, object], code: str
) -> None:
    give(database, cast)
    with pytest.raises(errors.Blocked) as refused:
        tick(database, cast, **more)
    assert [each.code for each in refused.value.blockers] == [code]


def test_a_late_item_is_told_to_its_owner_once_until_it_gets_another_day(
    database: Database, cast: Cast
) -> None:
    give(database, cast, due_on=TODAY)
    assert tell(database, TODAY) == 0, "due today is not late"
    assert tell(database, TODAY + DAY) == 1
    assert tell(database, TODAY + 2 * DAY) == 0, "told once"
    give(database, cast, due_on=TODAY + 3 * DAY, seen=1)
    assert tell(database, TODAY + 3 * DAY) == 0
    assert tell(database, TODAY + 4 * DAY) == 1
    rows = telling.rows(database)
    assert [(row.person_id, row.kind) for row in rows] == [
        (cast.supervisor.id, "planning_item_late")
    ] * 2


def test_telling_leaves_an_open_form_as_it_was(database: Database, cast: Cast) -> None:
    give(database, cast, due_on=TODAY - DAY)
    tell(database, TODAY)
    tick(database, cast, seen=1)
    with database.reading() as session:
        assert session.scalars(sa.select(PlanningItem.told_late_on)).one() == TODAY
    assert tell(database, TODAY + 9 * DAY) == 0, "it is done"


def test_two_late_items_of_one_owner_are_one_notice(database: Database, cast: Cast) -> None:
    give(database, cast, due_on=TODAY - DAY)
    other = next(key for key in readiness.lines(database, cast) if key != "lead")
    give(database, cast, due_on=TODAY - DAY, item=other)
    assert tell(database, TODAY) == 2
    assert len(telling.rows(database)) == 1


def test_the_job_tells_and_the_notice_leads_to_the_page_that_ticks(
    database: Database, cast: Cast, clock: Clock, client_for: ClientFor
) -> None:
    give(database, cast, due_on=TODAY - DAY)
    works = jobs.Works(database, clock, lambda _mail: None)
    assert jobs.JOBS["late-items"](works) == "1 late item told of"
    assert jobs.JOBS["late-items"](works) == ""
    [notice] = telling.rows(database)
    client = client_for(cast.supervisor)
    page = client.get(f"/notices/{notice.public_id}", follow_redirects=True).text
    assert f"What you get ready in {cast.region.name}" in page
    assert "9 Mar 2027, late" in page
    mine = of_region(cast, "/mine/lead")
    assert client.post(mine, data={"done_on": "2027-03-10", "seen": "1"}).status_code == 422
    sent = {"done_on": "2027-03-10", "note": "Named on the page.", "seen": "1"}
    assert "Done on 10 Mar 2027." in client.post(mine, data=sent, follow_redirects=True).text
    assert telling.rows(database)[0].seen_at is not None


@pytest.mark.parametrize("who", ["outsider", "cqi_director", "caseworker"])
def test_others_find_no_items_of_theirs(
    database: Database, cast: Cast, client_for: ClientFor, who: str
) -> None:
    give(database, cast)
    client = client_for(getattr(cast, who))
    for address in ("/mine", "/mine/lead"):
        assert client.get(of_region(cast, address)).status_code in (403, 404)


def test_an_owner_who_sees_the_region_finds_the_way_there(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    readiness.change(database, cast)
    page = client_for(cast.cqi_liaison).get(of_region(cast)).text
    assert f'{of_region(cast, "/mine/lead")}"' in page
    assert "/mine/lead" not in client_for(cast.regional_director).get(of_region(cast)).text
