"""The state's page: all plans, sorted, narrowed, and as a file of what is shown."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.plans.models import Amendment, Plan, Step
from cqi.plans.queries import standings
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import PlanMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported
from tests.plans.invented import FAR, LATE, SOON, TODAY

OTHER = "=Other plan"


@pytest.fixture
def two(database: Database, cast: Cast) -> None:
    """A plan in force with two late steps of three, and a draft of the other region."""
    invented.active(database, cast, cast.supervisor, (LATE, dt.date(2027, 3, 8), FAR))
    with database.writing() as session:
        neighbour = build.person(session)
        build.grant(session, neighbour, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        plan = invented.draft(session, cast, OTHER)
        invented.add_step(session, cast, plan, cast.cqi_liaison, LATE)
        plan.place_id, plan.round_id = cast.other_county.id, cast.other_round.id


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def test_every_plan_is_counted_in_one_query(database: Database, cast: Cast, two: None) -> None:
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        found = standings.plans_visible(session, director, TODAY)
        by_name = {one.name: one for one in found}
    plan, draft = by_name["Region One improvement plan"], by_name[OTHER]
    assert (plan.counts.steps, plan.counts.late, plan.counts.on_schedule) == (3, 2, 1)
    assert (plan.counts.late_owners, plan.latest, plan.oldest) == (1, 15, LATE)
    assert (draft.counts.steps, draft.counts.late, draft.latest_words) == (1, 0, "")
    assert draft.counts.on_schedule == 0, "nothing is on time in a plan that is not in force"


def test_extensions_that_were_granted_are_counted(
    client_for: ClientFor, database: Database, cast: Cast, two: None
) -> None:
    with database.writing() as session:
        step = session.scalars(sa.select(Step).order_by(Step.id)).first()
        assert step is not None
        plan = session.scalars(sa.select(Plan).order_by(Plan.id)).first()
        assert plan is not None
        for state in (AmendmentState.GRANTED, AmendmentState.REFUSED, AmendmentState.ASKED):
            decided = None if state is AmendmentState.ASKED else build.NOW
            session.add(
                Amendment(
                    plan_id=plan.id,
                    kind=AmendmentKind.EXTENSION,
                    step_id=step.id,
                    state=state,
                    old={},
                    new={"due_on": "2027-05-01"},
                    reason="The trainer left",
                    asked_by_id=cast.supervisor.id,
                    asked_at=build.NOW,
                    decided_at=decided,
                )
            )
    text = client_for(cast.cqi_director).get("/plans/table.csv").text
    assert [row["extensions_granted"] for row in rows(text)] == ["0", "1"]


def test_heads_sort_and_say_how(client_for: ClientFor, cast: Cast, two: None) -> None:
    client = client_for(cast.cqi_director)
    page = client.get("/plans?sort=late&down=1").text
    assert 'aria-sort="descending"' in page
    assert page.index("Region One improvement plan</a>") < page.index("=Other plan</a>")
    assert "sort=late&amp;region" not in page
    back = client.get("/plans?sort=late").text
    assert back.index("=Other plan</a>") < back.index("Region One improvement plan</a>")
    assert 'aria-sort="ascending"' in back
    assert client.get("/plans?sort=nothing&down=x&state=zzz").status_code == 200


def test_it_is_narrowed_to_a_region_a_state_and_late_ones(
    client_for: ClientFor, cast: Cast, two: None
) -> None:
    client = client_for(cast.cqi_director)
    for asked in ("late=yes", "state=active", "region=Region+One"):
        page = client.get(f"/plans?{asked}").text
        assert "1 plan of 2" in page, asked
        assert "=Other plan" not in page
    assert "=Other plan</a>" in client.get("/plans?region=Region+Two").text, "a county's region"
    assert "No plan is like that." in client.get("/plans?state=completed").text


def test_files_hold_what_is_shown_and_no_formula(
    client_for: ClientFor, cast: Cast, two: None
) -> None:
    client = client_for(cast.cqi_director)
    every = rows(client.get("/plans/table.csv").text)
    assert [row["plan"] for row in every] == ["'=Other plan", "Region One improvement plan"]
    shown = client.get("/plans/table.csv?late=yes").text
    [row] = rows(shown)
    assert (row["late"], row["latest_by_working_days"], row["region"]) == ("2", "15", "Region One")
    book = client.get("/plans/table.xlsx?late=yes")
    assert "plans-2027-03-10.xlsx" in book.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        inside = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "Region One improvement plan" in inside
    assert "=Other plan" not in inside
    assert client.get("/plans/table.pdf").status_code == 404


def test_who_sees_the_state_is_told_of_regions_without_a_plan(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    invented.active(database, cast, cast.supervisor, (SOON,))
    assert "Regions without a plan" in client_for(cast.cqi_director).get("/plans").text
    assert "Region Two" not in client_for(cast.regional_director).get("/plans").text


def test_plans_that_a_report_made_due_and_nobody_submitted_are_listed(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        reported.publish(session, cast, cast.round)
    page = client_for(cast.cqi_director).get("/plans").text
    assert "Plans never submitted" in page
    assert "Nobody has begun." in page
    with database.writing() as session:
        invented.draft(session, cast)
    assert "Its draft" in client_for(cast.cqi_director).get("/plans").text


def test_a_returned_plan_is_not_one_that_was_never_submitted(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        reported.publish(session, cast, cast.round)
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "Name the county.")
    page = client_for(cast.cqi_director).get("/plans").text
    assert "Plans never submitted" not in page
    assert "Returned, and not submitted again" in page
    assert "last submitted 10 Mar 2027" in page
    [row, *_] = rows(client_for(cast.cqi_director).get("/plans/table.csv").text)
    assert (row["state"], row["due_on"]) == ("Returned", "2027-04-09")


def test_what_there_is_no_plan_for_follows_the_region_and_is_in_the_files(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        reported.publish(session, cast, cast.round)
    client = client_for(cast.cqi_director)
    both = rows(client.get("/plans/table.csv").text)
    assert [(row["region"], row["state"], row["due_on"]) for row in both] == [
        ("Region One", "Not begun", "2027-04-09"),
        ("Region Two", "No plan", ""),
    ]
    assert [row["late"] for row in both] == ["", ""]
    book = client.get("/plans/table.xlsx").data
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        inside = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "Not begun" in inside
    other = client.get("/plans?region=Region+Two").text
    assert "Plans never submitted" not in other
    assert "Regions without a plan" in other
    assert "Plans never submitted" in client.get("/plans?region=Region+One").text
    assert [row["region"] for row in rows(client.get("/plans/table.csv?region=Region+Two").text)]
    assert rows(client.get("/plans/table.csv?state=active").text) == []


def test_a_region_sees_its_own_plans_alone(client_for: ClientFor, cast: Cast, two: None) -> None:
    client = client_for(cast.regional_director)
    assert "=Other plan" not in client.get("/plans").text
    assert len(rows(client.get("/plans/table.csv").text)) == 1


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    for address in ("/plans", "/plans/table.csv"):
        assert client_for(cast.outsider).get(address).status_code == 403
