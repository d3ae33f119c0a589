"""One's own deadlines in a calendar: as a file, and under a secret address."""

from __future__ import annotations

import hashlib
import re

import flask
import icalendar
import pytest
import sqlalchemy as sa

from cqi.access.models import GrantRow, Person
from cqi.core import events
from cqi.core.database import Database
from cqi.plans import rules
from cqi.plans.models import CalendarFeed, Plan, Step
from cqi.plans.queries import records
from cqi.plans.workflow import AmendmentMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import asking, invented
from tests.plans.invented import FAR, LATE, SOON, Made


def entries(content: bytes) -> dict[str, tuple[str, str, int]]:
    """uid -> (summary, status, sequence)."""
    found = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {
        str(each["uid"]): (str(each["summary"]), str(each["status"]), int(each["sequence"]))
        for each in found
    }


@pytest.fixture
def owned(database: Database, cast: Cast) -> Made:
    """A supervisor's three steps, and another's in another plan."""
    made = invented.active(database, cast, cast.supervisor, (LATE, SOON, FAR))
    invented.active(database, cast, cast.cqi_liaison, (SOON,))
    return made


def secret_of(client_for: ClientFor, person: Person) -> str:
    page = client_for(person).post("/plans/calendar/feed", follow_redirects=True).text
    [found] = re.findall(r"/plans/calendar/([\w-]+)\.ics", page)
    return found


def test_the_file_holds_ones_own_steps_and_names_nobody(
    client_for: ClientFor, cast: Cast, owned: Made
) -> None:
    answer = client_for(cast.supervisor).get("/plans/calendar.ics")
    assert answer.mimetype == "text/calendar"
    found = entries(answer.data)
    assert list(found) == [step.urn for step in owned.steps]
    assert found[owned.steps[0].urn][0] == "Step 1.1.1 is due (Region One improvement plan)"
    text = answer.text
    for person in (cast.supervisor, cast.regional_director):
        assert person.name not in text
    assert "Supervisors read" not in text, "no title: it may name somebody"


def test_what_is_claimed_is_cancelled_under_the_same_id_with_a_higher_number(
    client_for: ClientFor, database: Database, cast: Cast, owned: Made
) -> None:
    client, step = client_for(cast.supervisor), owned.steps[0]
    before = entries(client.get("/plans/calendar.ics").data)[step.urn]
    assert before[1] == "CONFIRMED"
    invented.claim(database, step, cast.supervisor)
    after = entries(client.get("/plans/calendar.ics").data)[step.urn]
    assert after[1] == "CANCELLED"
    assert after[2] > before[2]


def test_more_time_moves_the_entry_and_the_end_of_a_plan_cancels_it(
    client_for: ClientFor, database: Database, cast: Cast, owned: Made
) -> None:
    client, step = client_for(cast.supervisor), owned.steps[2]
    sequences = [entries(client.get("/plans/calendar.ics").data)[step.urn][2]]
    with database.writing() as session:
        session.scalars(sa.select(Step).filter_by(public_id=step)).one().due_on = SOON
    sequences.append(entries(client.get("/plans/calendar.ics").data)[step.urn][2])
    with database.writing() as session:
        plan = session.scalars(sa.select(Plan).filter_by(public_id=owned.plan)).one()
        plan.state = rules.PlanState.SUPERSEDED
    ended = entries(client.get("/plans/calendar.ics").data)[step.urn]
    assert ended[1] == "CANCELLED"
    assert sequences[0] < sequences[1] < ended[2]


def test_a_draft_is_in_nobodys_calendar(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.supervisor, SOON)
    assert entries(client_for(cast.supervisor).get("/plans/calendar.ics").data) == {}


def test_a_calendar_reads_the_secret_address_without_a_sign_in(
    client_for: ClientFor, app: flask.Flask, database: Database, cast: Cast, owned: Made
) -> None:
    secret = secret_of(client_for, cast.supervisor)
    answer = app.test_client().get(f"/plans/calendar/{secret}.ics")
    assert answer.status_code == 200
    assert list(entries(answer.data)) == [step.urn for step in owned.steps]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    with database.reading() as session:
        row = session.scalars(sa.select(CalendarFeed)).one()
        assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
        assert not events.verify(session).problem


def test_the_address_is_shown_once_and_a_new_one_ends_it(
    client_for: ClientFor, app: flask.Flask, cast: Cast, owned: Made
) -> None:
    first = secret_of(client_for, cast.supervisor)
    page = client_for(cast.supervisor).get("/plans/calendar").text
    assert first not in page
    assert "cannot show it again" in page
    second = secret_of(client_for, cast.supervisor)
    stranger = app.test_client()
    assert stranger.get(f"/plans/calendar/{first}.ics").status_code == 404
    assert stranger.get(f"/plans/calendar/{second}.ics").status_code == 200


def test_loading_the_page_again_makes_no_new_address(
    client_for: ClientFor, app: flask.Flask, cast: Cast, owned: Made
) -> None:
    client = client_for(cast.supervisor)
    assert client.post("/plans/calendar/feed").location == "/plans/calendar"
    [secret] = re.findall(r"/plans/calendar/([\w-]+)\.ics", client.get("/plans/calendar").text)
    assert secret not in client.get("/plans/calendar").text
    assert app.test_client().get(f"/plans/calendar/{secret}.ics").status_code == 200


def test_a_step_that_somebody_else_owns_now_is_cancelled_and_comes_back_with_them(
    client_for: ClientFor, database: Database, cast: Cast, owned: Made
) -> None:
    step = owned.steps[1]
    sequences = []
    for owner, status in ((cast.cqi_liaison, "CANCELLED"), (cast.supervisor, "CONFIRMED")):
        with database.reading() as session:
            lead = invented.actor(session, cast.regional_director)
            wish = asking.changed(records.step(session, lead, step), owner_id=owner.id)
        asked = asking.ask(database, step, cast.regional_director, wish)
        asking.decide(database, asked, cast.cqi_director, AmendmentMove.GRANT)
        found = entries(client_for(cast.supervisor).get("/plans/calendar.ics").data)[step.urn]
        assert found[1] == status
        sequences.append(found[2])
    assert sequences[0] < sequences[1]


def test_it_can_be_ended(client_for: ClientFor, app: flask.Flask, cast: Cast, owned: Made) -> None:
    secret = secret_of(client_for, cast.supervisor)
    client = client_for(cast.supervisor)
    assert client.post("/plans/calendar/feed/end").location == "/plans/calendar"
    assert app.test_client().get(f"/plans/calendar/{secret}.ics").status_code == 404
    assert (
        "there is none to end"
        in client.post("/plans/calendar/feed/end", follow_redirects=True).text
    )


@pytest.mark.parametrize("how", ["inactive", "without_grants"])
def test_who_may_not_come_in_any_more_reads_nothing(
    client_for: ClientFor, app: flask.Flask, database: Database, cast: Cast, owned: Made, how: str
) -> None:
    secret = secret_of(client_for, cast.supervisor)
    with database.writing() as session:
        if how == "inactive":
            session.get_one(Person, cast.supervisor.id).active = False
        else:
            theirs = GrantRow.person_id == cast.supervisor.id
            session.execute(sa.update(GrantRow).where(theirs).values(ended_at=build.NOW))
    answer = app.test_client().get(f"/plans/calendar/{secret}.ics")
    assert answer.status_code == 404
    assert "VEVENT" not in answer.text


def test_a_wrong_secret_is_not_found(app: flask.Flask, cast: Cast) -> None:
    assert app.test_client().get("/plans/calendar/x.ics").status_code == 404


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.outsider)
    for address in ("/plans/calendar", "/plans/calendar.ics"):
        assert client.get(address).status_code == 403
    for address in ("/plans/calendar/feed", "/plans/calendar/feed/end"):
        assert client.post(address).status_code == 403
