"""Packs of every county's report: asked for, drawn by a job, taken by who asked, soon gone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import uuid
import zipfile

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.core.events import Event
from cqi.reporting.actions import packs as actions
from cqi.reporting.models import Pack, PackFile
from cqi.reporting.queries import packs
from tests import build
from tests.build import NOW
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.reporting import state
from tests.reporting.state import AS_OF

DAY = dt.timedelta(days=1)


@pytest.fixture
def of_a_state(database: Database, cast: Cast) -> Cast:
    """Two regions with final case reviews: four counties."""
    with database.writing() as session:
        state.make(session)
    return cast


def ask(database: Database, person: Person, as_of: dt.date = AS_OF) -> uuid.UUID:
    with database.writing() as session:
        actor = build.actor(session, person)
        return actions.ask(session, as_of=as_of, actor=actor, now=NOW).public_id


def progress(database: Database, person: Person, public_id: uuid.UUID) -> packs.Progress:
    with database.reading() as session:
        return packs.pack(session, build.actor(session, person), public_id)


def test_a_pack_is_drawn_county_by_county_and_saved_as_one_file(
    database: Database, of_a_state: Cast, clock: Clock, client_for: ClientFor
) -> None:
    director = of_a_state.cqi_director
    there = client_for(director)
    asked = there.post("/reports/packs", data={"as_of": AS_OF.isoformat()})
    where = asked.location
    assert "0 of 4 reports drawn" in there.get(where).text
    assert there.get(f"{where}.zip").status_code == 422, "not yet"
    assert actions.draw(database, clock) == 4
    assert "All 4 reports are drawn" in there.get(where).text
    saved = there.get(f"{where}.zip")
    with zipfile.ZipFile(io.BytesIO(saved.data)) as pack:
        assert pack.namelist() == [f"county-28{n}.pdf" for n in ("001", "003", "009", "157")]
        assert all(pack.read(name).startswith(b"%PDF-") for name in pack.namelist())
    assert "county-reports-2027-03-01.zip" in saved.headers["Content-Disposition"]
    with database.reading() as session:
        kept = session.scalars(sa.select(Event).where(Event.kind == "pack.asked")).one()
        assert (kept.actor_id, kept.payload["reports"]) == (director.id, 4)


def test_a_script_that_looks_again_gets_the_inner_part_alone(
    database: Database, of_a_state: Cast, client_for: ClientFor, clock: Clock
) -> None:
    where = f"/reports/packs/{ask(database, of_a_state.cqi_director)}"
    by_script = {"X-Requested-With": "fetch"}
    there = client_for(of_a_state.cqi_director)
    part = there.get(where, headers=by_script).text
    assert "<progress" in part
    assert "<html" not in part
    assert "data-ended" not in part
    actions.draw(database, clock)
    assert "data-ended" in there.get(where, headers=by_script).text


def test_it_goes_on_where_it_was_stopped(
    database: Database, of_a_state: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    director = of_a_state.cqi_director
    public_id = ask(database, director)
    real, done = packs.drawn, []

    def killed(report: packs.Report) -> bytes:
        if len(done) == 3:
            raise SystemExit
        done.append(report)
        return real(report)

    monkeypatch.setattr(packs, "drawn", killed)
    with pytest.raises(SystemExit):
        actions.draw(database, clock)
    assert progress(database, director, public_id).done == 3
    monkeypatch.setattr(packs, "drawn", real)
    assert actions.draw(database, clock) == 1, "what was drawn stays"
    assert progress(database, director, public_id).ready


def test_a_pack_that_cannot_be_drawn_is_given_up_and_says_so(
    database: Database,
    of_a_state: Cast,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    client_for: ClientFor,
) -> None:
    director = of_a_state.cqi_director
    first = ask(database, director)

    def fail(report: packs.Report) -> bytes:
        raise ValueError(report.facts.place)

    with monkeypatch.context() as changed:
        changed.setattr(packs, "drawn", fail)
        assert actions.draw(database, clock) == 0
    page = client_for(director).get(f"/reports/packs/{first}").text
    assert "Ask for a new pack" in page
    second = ask(database, director)
    assert second != first
    assert actions.draw(database, clock) == 4
    assert progress(database, director, second).ready


def test_who_asks_again_while_it_is_drawn_gets_the_same(
    database: Database, of_a_state: Cast
) -> None:
    assert ask(database, of_a_state.cqi_director) == ask(database, of_a_state.cqi_director)


def test_a_pack_is_for_who_asked_and_for_the_whole_state(
    database: Database, of_a_state: Cast, clock: Clock
) -> None:
    public_id = ask(database, of_a_state.cqi_director)
    with pytest.raises(errors.Forbidden, match="reaches the state"):
        ask(database, of_a_state.regional_director)
    with pytest.raises(errors.Forbidden):
        progress(database, of_a_state.regional_director, public_id)
    with database.writing() as session:
        another = build.person(session, "Another Director")
        build.grant(session, another, Role.CQI_DIRECTOR, place=of_a_state.state)
    with pytest.raises(errors.NotFound):
        progress(database, another, public_id)


def test_where_nothing_is_final_yet_it_says_so(
    database: Database, of_a_state: Cast, client_for: ClientFor
) -> None:
    there = client_for(of_a_state.cqi_director)
    for day, words in (
        ("2001-01-01", "take a later one"),
        ("2099-01-01", "lies ahead"),
        ("", "Choose a day."),
    ):
        answer = there.post("/reports/packs", data={"as_of": day})
        assert answer.status_code == 422
        assert words in answer.text
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Pack)) == 0


def test_a_pack_is_deleted_after_a_day(database: Database, of_a_state: Cast, clock: Clock) -> None:
    ask(database, of_a_state.cqi_director)
    actions.draw(database, dataclasses.replace(clock, frozen_at=NOW))
    with database.writing() as session:
        assert actions.forget(session, now=NOW + DAY) == 0
        assert actions.forget(session, now=NOW + DAY * 1.01) == 1
        for table in (Pack, PackFile):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_no_report_lies_open_in_the_database(
    database: Database, of_a_state: Cast, clock: Clock
) -> None:
    ask(database, of_a_state.cqi_director)
    actions.draw(database, clock)
    with database.engine.begin() as connection:
        raw = connection.exec_driver_sql("select content from pack_files").scalars().all()
    assert raw
    assert not [each for each in raw if b"%PDF" in bytes(each)]
