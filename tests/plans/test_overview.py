"""The state's page: all plans, sorted, narrowed, and as a file of what is shown."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.documents import model
from cqi.plans import actions
from cqi.plans.models import Amendment, Plan, Step
from cqi.plans.queries import paper, printing, records, sheets, standings, timeline
from cqi.plans.rules import StepState
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import PlanMove, StepMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported
from tests.plans.invented import FAR, LATE, SOON, TODAY, Made

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


@pytest.fixture
def mixed(database: Database, cast: Cast) -> Made:
    """Late, late and reported behind, behind, on time, claimed, verified, dropped."""
    due = (LATE, LATE, SOON, FAR, FAR, FAR, FAR)
    made = invented.active(database, cast, cast.supervisor, due)
    for number in (4, 5):
        invented.claim(database, made.steps[number], cast.supervisor)
    with database.writing() as session:
        liaison, owner = (
            invented.actor(session, one) for one in (cast.cqi_liaison, cast.supervisor)
        )
        step = records.step(session, liaison, made.steps[5])
        actions.verify_step(session, step=step, actor=liaison, now=build.NOW)
        for number in (1, 2):
            step = records.step(session, owner, made.steps[number])
            taking = actions.StepTaking(StepMove.BEHIND, "The reader left.", dt.date(2027, 3, 19))
            given = {"actor": owner, "now": build.NOW, "today": TODAY.day}
            actions.move_step(session, step=step, taking=taking, **given)
        records.step(session, owner, made.steps[6]).state = StepState.DROPPED
    return made


COUNTED = {"steps": 6, "verified": 1, "claimed": 1, "late": 2, "behind": 1, "on_schedule": 1}


def test_behind_is_counted_apart_and_the_same_in_all_places(
    client_for: ClientFor, database: Database, cast: Cast, mixed: Made
) -> None:
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        [line] = standings.plans_visible(session, director, TODAY)
        sheet = sheets.plan(session, director, mixed.plan, TODAY)
        paper_ = paper.paper(session, director, mixed.plan, TODAY)
    for counts in (line.counts, sheet.counts):
        assert {name: getattr(counts, name) for name in COUNTED} == COUNTED
    assert line.dropped == 1
    assert timeline.title(sheet.steps) == (
        "Of 6 plan steps 1 is verified, 1 is claimed, 2 are late, 1 is behind and 1 is on time"
    )
    [tiles] = (
        block
        for section in printing.document(paper_).sections
        for block in section.blocks
        if isinstance(block, model.Tiles)
    )
    assert [(tile.number, tile.words) for tile in tiles.tiles] == [
        ("1", "of 6 steps verified"),
        ("1", "claimed, to verify"),
        ("1", "on time"),
        ("1", "behind schedule"),
        ("2", "late"),
    ]
    client = client_for(cast.cqi_director)
    [row, *_] = rows(client.get("/plans/table.csv").text)
    names = ("steps", "on_time", "behind", "late", "claimed", "verified", "dropped")
    assert [row[name] for name in names] == ["6", "1", "1", "2", "1", "1", "1"]


def test_tiles_and_table_of_the_states_page_say_verified_against_claimed(
    client_for: ClientFor, cast: Cast, mixed: Made
) -> None:
    client = client_for(cast.cqi_director)
    page = client.get("/plans").text
    cells = dict(re.findall(r'data-label="([^"]+)">(?:<span[^>]*>)?(\d+)', page))
    assert {name: cells[name] for name in ("On time", "Behind", "Claimed", "Verified")} == {
        "On time": "1",
        "Behind": "1",
        "Claimed": "1",
        "Verified": "1",
    }
    assert "2 of 6" in page
    assert "step, 1 more claimed" in page


def test_a_promise_after_the_due_date_says_to_ask_for_more_time(
    client_for: ClientFor, cast: Cast, mixed: Made
) -> None:
    said = "back by Fri 19 Mar, after its due date: ask for more time"
    client = client_for(cast.supervisor)
    assert said in client.get(f"/plans/steps/{mixed.steps[2]}").text
    assert said in client_for(cast.regional_director).get(f"/plans/{mixed.plan}").text


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
    page = client.get("/plans?sort=-late").text
    assert 'aria-sort="descending"' in page
    assert page.index("Region One improvement plan</a>") < page.index("=Other plan</a>")
    assert "sort=late&amp;region" not in page
    back = client.get("/plans?sort=late").text
    assert back.index("=Other plan</a>") < back.index("Region One improvement plan</a>")
    assert 'aria-sort="ascending"' in back
    assert client.get("/plans?sort=-nothing&state=zzz").status_code == 200


def test_where_heads_are_hidden_a_list_sorts_without_a_script(
    client_for: ClientFor, cast: Cast, two: None
) -> None:
    client = client_for(cast.cqi_director)
    page = client.get("/plans").text
    assert ">Sort by</label>" in page
    assert '<option selected value="plan">Plan, A to Z</option>' in page
    assert '<option value="-late">Late, most first</option>' in page
    assert 'value="late"' not in page, "the way that the first click on the head would sort"
    page = client.get("/plans?region=&state=&late=&sort=-late").text
    assert page.index("Region One improvement plan</a>") < page.index("=Other plan</a>")
    assert '<option selected value="-late">' in page
    page = client.get("/plans?sort=late").text
    assert '<option selected value="late">Late, fewest first</option>' in page


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
    assert "card--late" not in page
    [row, *_] = rows(client_for(cast.cqi_director).get("/plans/table.csv").text)
    assert (row["state"], row["due_on"]) == ("Returned", "2027-04-09")


def test_a_returned_plan_that_is_late_says_so(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        reported.publish(session, cast, cast.round, at=build.NOW - dt.timedelta(days=40))
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "Name the county.")
    page = client_for(cast.cqi_director).get("/plans").text
    part = page.partition('id="returned-head"')[2].partition("</section>")[0]
    assert "10 days late" in part
    assert "due--late" in part
    [row, *_] = rows(client_for(cast.cqi_director).get("/plans/table.csv").text)
    assert row["days_late"] == "10"


def test_whoever_something_waits_for_reads_so_on_top(
    client_for: ClientFor, cast: Cast, claimed: Made
) -> None:
    page = client_for(cast.cqi_liaison).get("/plans").text
    assert 'href="/plans/home#waits-head">1 thing waits for you</a>' in page
    assert "for you</a>" not in client_for(cast.auditor).get("/plans").text
    home = client_for(cast.cqi_liaison).get("/plans/home").text
    assert home.count('id="waits-head"') == 1
    assert home.index('id="waits-head"') < home.index("Late, and with whom")


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
