"""Whoever the ladder reached says that they know: on the record, once a rung, for nobody else."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.notices.models import Notice
from cqi.plans import actions, rules
from cqi.plans.models import PlanReminder, StepEntry
from cqi.plans.queries import ladders, records
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import asking, invented
from tests.plans.invented import LATE, TODAY, Made

WORDS = "I speak with both counties on Monday"


def run_until(database: Database, *days: dt.date) -> None:
    """The job on some days."""
    for day in days:
        with database.writing() as session:
            actions.remind(session, today=rules.Today(day), now=build.NOW)


@pytest.fixture
def late(database: Database, cast: Cast) -> Made:
    """A step of the supervisor that climbed to the CQI director, each rung told in its time."""
    made = invented.active(database, cast, cast.supervisor, (LATE,))
    days = (dt.date(2027, 2, 18), dt.date(2027, 2, 24), TODAY.day)
    run_until(database, *days)
    return made


def acknowledge(database: Database, person: Person, *steps: uuid.UUID, words: str = WORDS) -> int:
    with database.writing() as session:
        who = invented.actor(session, person)
        found = [records.step(session, who, each) for each in steps]
        return actions.acknowledge(
            session, steps=found, words=words, actor=who, now=build.NOW, today=TODAY
        )


def codes(database: Database, person: Person, *steps: uuid.UUID, words: str = WORDS) -> list[str]:
    with pytest.raises(errors.Blocked) as refused:
        acknowledge(database, person, *steps, words=words)
    return [blocker.code for blocker in refused.value.blockers]


def test_each_rung_answers_for_itself_and_the_ladder_says_so(
    database: Database, cast: Cast, late: Made
) -> None:
    for person in (cast.supervisor, cast.regional_director, cast.cqi_director):
        assert acknowledge(database, person, *late.steps) == 1
    with database.reading() as session:
        director = invented.actor(session, cast.regional_director)
        found = ladders.ladders(session, director, late.steps, TODAY)[late.steps[0]]
        assert not any(rung.outstanding for rung in found.ladder.rungs)
        said = [rung.words for rung in found.ladder.rungs]
        assert f"Supervisor Person acknowledged it Wed 10 Mar 16:00: {WORDS}" in said[0]
        assert f"You acknowledged it Wed 10 Mar 16:00: {WORDS}" in said[1]
        rows = session.scalars(sa.select(StepEntry.reminder_id))
        assert len({key for key in rows if key}) == 3
        assert not events.verify(session).problem


def test_nobody_answers_twice_for_one_rung(database: Database, cast: Cast, late: Made) -> None:
    acknowledge(database, cast.cqi_director, *late.steps)
    assert codes(database, cast.cqi_director, *late.steps) == ["nothing_waits"]


def test_nobody_answers_for_somebody_else(database: Database, cast: Cast, late: Made) -> None:
    assert codes(database, cast.cqi_liaison, *late.steps) == ["nothing_waits"]
    with database.writing() as session:
        neighbour = build.person(session)
        build.grant(session, neighbour, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        build.grant(session, neighbour, Role.CQI_LIAISON, place=cast.region)
    assert codes(database, neighbour, *late.steps) == ["nothing_waits"]


def test_words_are_required(database: Database, cast: Cast, late: Made) -> None:
    assert codes(database, cast.cqi_director, *late.steps, words="  ") == ["no_words"]


def test_what_is_claimed_needs_no_answer(database: Database, cast: Cast, late: Made) -> None:
    invented.claim(database, late.steps[0], cast.supervisor)
    assert codes(database, cast.cqi_director, *late.steps) == ["not_late"]


def test_a_rung_that_it_has_not_reached_waits_for_nobody(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.supervisor, (dt.date(2027, 3, 9),))
    run_until(database, TODAY.day)
    assert codes(database, cast.regional_director, *made.steps) == ["nothing_waits"]
    assert acknowledge(database, cast.supervisor, *made.steps) == 1


def test_a_new_owner_of_a_late_step_is_told_and_answers_for_themself(
    database: Database, cast: Cast, late: Made
) -> None:
    acknowledge(database, cast.supervisor, *late.steps)
    asking.give(database, late.steps[0], cast.cqi_liaison, by=cast.cqi_director)
    assert asked(database, cast.supervisor) == []
    assert asked(database, cast.cqi_liaison) == ["overdue"]
    run_until(database, TODAY.day)
    with database.reading() as session:
        query = sa.select(Notice.subject_id).where(Notice.person_id == cast.cqi_liaison.id)
        assert list(session.scalars(query.where(Notice.kind == "step_late"))) == [*late.steps]
    assert acknowledge(database, cast.cqi_liaison, *late.steps, words="I take it on") == 1
    with database.reading() as session:
        director = invented.actor(session, cast.regional_director)
        owner = ladders.ladders(session, director, late.steps, TODAY)[late.steps[0]].ladder.rungs[0]
        assert not owner.outstanding
        assert "Told again on Wed 10 Mar, to who holds it since." in owner.words
        assert f"Supervisor Person acknowledged it Wed 10 Mar 16:00: {WORDS}" in owner.words
        assert "Liaison Person acknowledged it Wed 10 Mar 16:00: I take it on" in owner.words


def test_in_place_of_an_owner_who_left_the_next_in_line_answers(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (LATE,))
    leave(database, cast.supervisor)
    run_until(database, dt.date(2027, 2, 18))  # the first rung alone
    assert asked(database, cast.regional_director) == ["overdue"]
    assert asked(database, cast.cqi_director) == [], "the next in line alone"
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        owner = ladders.ladders(session, director, made.steps, TODAY)[made.steps[0]].ladder.rungs[0]
        assert "Its owner had left by Thu 18 Feb: the next rung was told" in owner.words
        assert not session.scalars(sa.select(PlanReminder.told)).all()[-1]
    assert acknowledge(database, cast.regional_director, *made.steps) == 1
    asking.give(database, made.steps[0], cast.cqi_liaison, by=cast.cqi_director)
    assert asked(database, cast.cqi_liaison) == ["overdue"], "a new owner answers for themself"
    assert asked(database, cast.regional_director) == []


def test_a_region_that_gets_a_director_asks_them_what_nobody_could_answer(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (LATE,))
    leave(database, cast.regional_director)
    run_until(database, TODAY.day)
    assert asked(database, cast.cqi_director) == ["regional_director", "cqi_director"]
    assert "Nobody held it by Wed 10 Mar: the next rung was told" in words_of(database, cast, made)
    with database.writing() as session:
        new = build.person(session)
        build.grant(session, new, Role.REGIONAL_DIRECTOR, place=cast.region)
    run_until(database, TODAY.day + dt.timedelta(days=1), TODAY.day + dt.timedelta(days=2))
    with database.reading() as session:
        query = sa.select(Notice.subject_id).where(Notice.person_id == new.id)
        assert list(session.scalars(query)) == [*made.steps], "told once"
    assert "Nobody held it: told on Thu 11 Mar to who holds it since." in words_of(
        database, cast, made, rules.Today(TODAY.day + dt.timedelta(days=1))
    )
    assert asked(database, cast.cqi_director) == ["cqi_director"], "it has somebody again"
    assert acknowledge(database, new, *made.steps) == 1


def test_who_is_told_in_place_of_a_director_answers_on_the_steps_page_and_is_asked_once(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (dt.date(2027, 3, 1),))
    leave(database, cast.regional_director)
    run_until(database, TODAY.day)  # the Regional Director's rung
    with database.writing() as session:
        later = build.person(session)
        build.grant(session, later, Role.CQI_DIRECTOR, place=cast.state)
    assert asked(database, later) == [], "who was not told is not asked"
    client, address = client_for(cast.cqi_director), f"/plans/steps/{made.steps[0]}"
    assert "You, since" in client.get(address).text
    sent = client.post(f"{address}/acknowledge", data={"acknowledge-words": WORDS})
    assert sent.status_code == 302
    assert f"You acknowledged it Wed 10 Mar 10:00: {WORDS}" in client.get(address).text
    with database.writing() as session:
        new = build.person(session)
        build.grant(session, new, Role.REGIONAL_DIRECTOR, place=cast.region)
    run_until(database, TODAY.day)
    assert asked(database, new) == [], "a rung is answered once"


def test_who_joins_others_on_a_rung_is_not_told_of_the_past(
    database: Database, cast: Cast, late: Made
) -> None:
    with database.writing() as session:
        second = build.person(session)
        build.grant(session, second, Role.REGIONAL_DIRECTOR, place=cast.region)
    run_until(database, TODAY.day)
    with database.reading() as session:
        assert not session.scalars(sa.select(Notice).where(Notice.person_id == second.id)).all()


def asked(database: Database, person: Person) -> list[str]:
    """The rungs that wait for somebody's answer."""
    with database.reading() as session:
        who = invented.actor(session, person)
        return [one.kind.value for one in ladders.outstanding(session, who, TODAY)]


def leave(database: Database, person: Person) -> None:
    """Somebody leaves the agency."""
    with database.writing() as session:
        session.get_one(Person, person.id).active = False


def words_of(database: Database, cast: Cast, made: Made, today: rules.Today = TODAY) -> str:
    """What the Regional Director's rung says to the CQI director."""
    with database.reading() as session:
        who = invented.actor(session, cast.cqi_director)
        found = ladders.ladders(session, who, made.steps, today)
        return found[made.steps[0]].ladder.rungs[1].words


def test_each_rung_that_an_outage_hid_answers_all_the_same(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.supervisor, (LATE,))
    run_until(database, TODAY.day)  # the first run, when it is with the CQI director already
    for person in (cast.supervisor, cast.regional_director, cast.cqi_director):
        assert acknowledge(database, person, *made.steps) == 1


def test_several_at_once_are_all_answered_or_none(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.supervisor, (LATE, LATE, invented.SOON))
    run_until(database, TODAY.day)
    assert "nothing_waits" in codes(database, cast.cqi_director, *made.steps)
    assert acknowledge(database, cast.cqi_director, *made.steps[:2]) == 2


def test_more_time_opens_the_rungs_anew(database: Database, cast: Cast, late: Made) -> None:
    acknowledge(database, cast.supervisor, *late.steps)
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        records.step(session, director, late.steps[0]).due_on = TODAY.day
    later = TODAY.day + dt.timedelta(days=1)
    run_until(database, later)
    assert acknowledge(database, cast.supervisor, *late.steps) == 1


def test_the_steps_page_shows_the_ladder_and_takes_the_answer(
    client_for: ClientFor, cast: Cast, late: Made
) -> None:
    address = f"/plans/steps/{late.steps[0]}"
    client = client_for(cast.cqi_director)
    page = client.get(address).text
    assert "You, since today" in page
    assert "Moves up to the state office on" in page
    refused = client.post(f"{address}/acknowledge", data={"acknowledge-words": " "})
    assert refused.status_code == 422
    assert "Say what you will do about it" in refused.text
    sent = client.post(f"{address}/acknowledge", data={"acknowledge-words": WORDS})
    assert sent.location == address
    page = client.get(address).text
    assert f"You acknowledged it Wed 10 Mar 10:00: {WORDS}" in page
    assert "Acknowledge that it is late" not in page
    assert "Acknowledge that it is late" not in client_for(cast.cqi_liaison).get(address).text


def test_outstanding_answers_wait_on_the_plan_and_the_first_page(
    client_for: ClientFor, cast: Cast, late: Made
) -> None:
    client = client_for(cast.regional_director)
    for address in (f"/plans/{late.plan}", "/plans/home"):
        page = client.get(address).text
        assert "<b>Acknowledge</b> that step 1.1.1 is late" in page
        assert "CQI director, since today" in page
        assert "Where step 1.1.1 is on the ladder" in page
    sent = client.post("/plans/acknowledge", data={"steps": str(late.steps[0]), "words": WORDS})
    assert sent.location == "/plans/home"
    assert "<b>Acknowledge</b>" not in client.get("/plans/home").text


def test_several_on_the_first_page_need_a_step_and_words(
    client_for: ClientFor, cast: Cast, late: Made
) -> None:
    client = client_for(cast.cqi_director)
    for data in ({"words": WORDS}, {"steps": str(late.steps[0])}, {"steps": "x", "words": WORDS}):
        assert client.post("/plans/acknowledge", data=data).status_code == 422


@pytest.fixture
def second(database: Database, cast: Cast) -> Person:
    """Another Regional Director of the same region."""
    with database.writing() as session:
        person = build.person(session, "Second Director")
        build.grant(session, person, Role.REGIONAL_DIRECTOR, place=cast.region)
    return person


def test_who_comes_second_hears_who_was_first_and_keeps_the_words(
    client_for: ClientFor, cast: Cast, database: Database, late: Made, second: Person
) -> None:
    acknowledge(database, second, *late.steps)
    client = client_for(cast.regional_director)
    first = "Step 1.1.1 was acknowledged already, by Second Director, Wed 10 Mar 10:00."
    mine = "I have called all of them myself."
    home = client.post("/plans/acknowledge", data={"steps": str(late.steps[0]), "words": mine})
    address = f"/plans/steps/{late.steps[0]}/acknowledge"
    step = client.post(address, data={"acknowledge-words": mine})
    for answer in (home, step):
        assert answer.status_code == 422
        assert first in answer.text
        assert f">\r\n{mine}</textarea>" in answer.text
        assert "Choose from the list" not in answer.text
    assert "Nothing waits for your answer any more." in home.text


def test_two_tabs_and_what_was_claimed_meanwhile(
    client_for: ClientFor, cast: Cast, database: Database, late: Made
) -> None:
    client, data = client_for(cast.cqi_director), {"steps": str(late.steps[0]), "words": WORDS}
    assert client.post("/plans/acknowledge", data=data).status_code == 302
    assert "acknowledged already, by you, Wed" in client.post("/plans/acknowledge", data=data).text
    invented.claim(database, late.steps[0], cast.supervisor)
    found = client.post("/plans/acknowledge", data=data)
    assert "Step 1.1.1 is not late any more" in found.text
    assert f">\r\n{WORDS}</textarea>" in found.text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, late: Made) -> None:
    client = client_for(cast.outsider)
    assert client.post(f"/plans/steps/{late.steps[0]}/acknowledge").status_code == 403
    assert client.post("/plans/acknowledge").status_code == 403
