"""From a published report to findings, to a plan, to its submission, return and approval: in a real
browser, each page within reach of everybody."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from cqi.access.models import Person
from cqi.core.database import Database
from cqi.plans.queries import records
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.browser import walking, widths
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures.cast import Cast
from tests.plans import conftest, invented, reported, test_life
from tests.plans.invented import Made

made = conftest.made
WIDTHS = widths.WIDTHS
HEIGHT, TALLEST = 900, 12_000


@pytest.fixture
def engine_name() -> str:
    """Pages look the same on both engines."""
    return "embedded"


@pytest.fixture
def report(database: Database, cast: Cast) -> None:
    """A follow-up with thirty cases on every item, and its published report."""
    with database.writing() as session:
        county, region = session.merge(cast.county), session.merge(cast.region)
        before = session.get_one(Round, cast.round.id)
        now = build.round(session, region, [county], kind=RoundKind.FOLLOW_UP, compares_with=before)
        now.on_site_from, now.on_site_to = dt.date(2027, 3, 1), dt.date(2027, 3, 5)
        codes = [item.code for item in build.instrument().items]
        low = {code: 4 + 3 * number % 26 for number, code in enumerate(codes)}
        reported.rate(session, before, county, low, 30)
        high = {code: min(30, 8 + 7 * number % 31) for number, code in enumerate(codes)}
        reported.rate(session, now, county, high, 30)
        reported.publish(session, cast, now)


class Looking:
    """Pages of people who take turns; what axe or a narrow screen finds on them."""

    def __init__(self, context_for: ContextFor, axe: Axe) -> None:
        self.context_for, self.axe = context_for, axe
        self.problems: list[str] = []

    def page(self, person: Person, path: str) -> Page:
        context: BrowserContext = self.context_for(person)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        page.goto(path)
        return page

    def look(self, page: Page, name: str) -> None:
        page.wait_for_load_state()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.set_viewport_size({"width": width, "height": walking.tall(page, HEIGHT, TALLEST)})
            self.problems += [f"{name} at {width}: {each}" for each in self.axe(page)]
        self.problems += [f"{name}: {each}" for each in widths.loose(page)]


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_a_report_leads_to_findings_a_plan_its_return_and_its_approval(
    report: None, cast: Cast, context_for: ContextFor, axe: Axe
) -> None:
    looking = Looking(context_for, axe)
    lead = looking.page(cast.regional_director, "/plans/due")
    looking.look(lead, "due")
    _name_a_county(lead, looking)
    lead.get_by_role("link", name="Begin the plan of Region One").click()
    looking.look(lead, "begin")
    lead.get_by_label("Name of the plan").fill("Region One improvement plan")
    press(lead, "Begin the draft")
    expect(lead.get_by_role("heading", name="Findings", exact=True)).to_be_visible()
    looking.look(lead, "findings proposed")
    _decide(lead, looking)
    _write_the_plan(lead, looking)
    press(lead, "Submit to the CQI director")
    expect(lead.get_by_text("With the CQI director.")).to_be_visible()
    looking.look(lead, "submitted")
    plan = lead.url
    director = looking.page(cast.cqi_director, "/plans/due")
    looking.look(director, "due to decide")
    director.get_by_role("link", name="Region One improvement plan").click()
    looking.look(director, "to decide")
    director.get_by_label("What you say with it").fill("Say which counties.")
    press(director, "Return")
    lead.goto(plan)
    expect(lead.get_by_text("Say which counties.").first).to_be_visible()
    looking.look(lead, "returned")
    lead.get_by_role("link", name="Change step 1.1.1").click()
    lead.get_by_label("Step", exact=True).fill("Supervisors of Juniper read one a month")
    looking.look(lead, "change step")
    press(lead, "Save the step")
    press(lead, "Submit to the CQI director")
    director.goto(plan)
    press(director, "Approve")
    expect(director.get_by_text("Approved. Its steps can be worked on")).to_be_visible()
    looking.look(director, "approved")
    assert not looking.problems, "\n".join(looking.problems)


def _name_a_county(page: Page, looking: Looking) -> None:
    page.get_by_role("link", name="Name a county of Region One").click()
    looking.look(page, "name county")
    page.get_by_label("County").select_option("Juniper County")
    page.get_by_label("Why it needs a plan of its own").fill("It has all of the cases.")
    press(page, "Name the county")
    expect(page.get_by_text("Named by its region: It has all of the cases.")).to_be_visible()
    looking.look(page, "due with county")


def _decide(page: Page, looking: Looking) -> None:
    """The first is accepted, the second merged, the third declined without its reason at first."""
    page.get_by_label("Decision on finding 1", exact=True).select_option("Accepted")
    page.get_by_label("Decision on finding 2", exact=True).select_option("Merged")
    row = page.get_by_role("row").filter(has=page.get_by_label("Decision on finding 2", exact=True))
    row.get_by_label("Merge into finding number").fill("1")
    row.get_by_label("Reason").fill("Both come from the same visits.")
    page.get_by_label("Decision on finding 3", exact=True).select_option("Declined")
    press(page, "Save the decisions")
    expect(page.get_by_role("link", name="Say why finding 3 is declined")).to_be_visible()
    looking.look(page, "findings refused")
    row = page.get_by_role("row").filter(has=page.get_by_label("Decision on finding 3", exact=True))
    row.get_by_label("Reason").fill("The new intake unit works on it.")
    page.get_by_label("Findings that still say").select_option("Decline them all")
    page.get_by_label("One reason for all of them").fill("Not in this plan's year.")
    press(page, "Save the decisions")
    expect(page.get_by_text("findings decided on")).to_be_visible()
    looking.look(page, "findings decided")
    page.get_by_role("link", name="Add a finding by hand").click()
    looking.look(page, "add finding")
    page.get_by_label("What it is about").select_option("Training")
    page.get_by_label("The finding in plain words").fill("New workers learn this late")
    press(page, "Add the finding")
    page.get_by_role("link", name="root causes of finding 1", exact=False).first.click()
    page.get_by_label("Root causes").fill("Supervisors have no time to read assessments.")
    looking.look(page, "root causes")
    press(page, "Save")


def _write_the_plan(page: Page, looking: Looking) -> None:
    """A goal for each of the two accepted findings, one of them with its strategy and step."""
    page.get_by_role("link", name="Add a goal for finding 1", exact=True).click()
    page.get_by_label("The goal in plain words").fill("Safety is looked at again")
    looking.look(page, "add goal")
    press(page, "Add the goal")
    looking.look(page, "draft with what is left")
    page.get_by_role("link", name="Add a strategy to goal 1").click()
    page.get_by_label("Strategy", exact=True).fill("Supervisors read along")
    page.get_by_label("Why it should work").fill("What is read is talked about.")
    looking.look(page, "add strategy")
    press(page, "Add the strategy")
    page.get_by_role("link", name="Add a step to strategy 1.1").click()
    looking.look(page, "add step")
    _step(page)
    page.get_by_role("link", name="accepted and no goal answers").click()
    page.get_by_role("link", name="Add a goal for finding", exact=False).first.click()
    page.get_by_label("Measure", exact=True).select_option(index=2)
    page.get_by_label("The goal in plain words").fill("New workers are ready")
    page.get_by_label("Negotiated target, in percent").fill("99")
    page.get_by_label("Why the target is negotiated").fill("Agreed with the state.")
    press(page, "Add the goal")
    page.get_by_role("link", name="Add a strategy to goal 2").click()
    page.get_by_label("Strategy", exact=True).fill("A course in the first month")
    press(page, "Add the strategy")
    page.get_by_role("link", name="Add a step to strategy 2.1").click()
    page.get_by_label("Waits for another step").select_option(index=1)
    page.get_by_label("Partner organisation").fill("Juniper College")
    page.get_by_label("How to reach the partner").fill("Course office, 555 0100")
    _step(page)
    expect(page.get_by_text("Ready to be submitted.")).to_be_visible()
    looking.look(page, "ready")


def _step(page: Page) -> None:
    page.get_by_label("Step", exact=True).fill("Supervisors read one assessment a month")
    page.get_by_label("Owner").select_option("Cqi_Liaison Person")
    page.get_by_label("Starts on").fill("2027-04-05")
    page.get_by_label("Due on").fill("2027-08-07")
    page.get_by_label("What will prove that it is done").fill("Logs for two months")
    press(page, "Add the step")


def test_two_who_change_a_goal_see_both_texts_and_an_older_plan_gives_way(
    made: Made, database: Database, cast: Cast, context_for: ContextFor, axe: Axe
) -> None:
    looking = Looking(context_for, axe)
    with database.writing() as session:
        old = records.plan(session, invented.actor(session, cast.cqi_director), made.plan)
        new = test_life.replacing(session, cast, old)
        goal, address = new.goals[0].public_id, f"/plans/{new.public_id}"
    mine = looking.page(cast.regional_director, f"/plans/goals/{goal}/edit")
    theirs = mine.context.new_page()
    theirs.goto(mine.url)
    for page, words in ((theirs, "Their words"), (mine, "My words")):
        page.get_by_label("The goal in plain words").fill(words)
        page.get_by_label("Measured again on").fill("2028-03-01")
        page.get_by_label("Negotiated target, in percent").fill("60")
        page.get_by_label("Why the target is negotiated").fill("So agreed.")
        press(page, "Save the goal")
    expect(mine.get_by_role("definition").filter(has_text="Their words")).to_be_visible()
    expect(mine.get_by_label("The goal in plain words")).to_have_value("My words")
    looking.look(mine, "both texts")
    with database.writing() as session:
        new = records.plan(session, invented.actor(session, cast.cqi_director), new.public_id)
        invented.move(session, new, PlanMove.SUBMIT, cast.regional_director)
        invented.move(session, new, PlanMove.APPROVE, cast.cqi_director)
    for path, words in (
        (address, "It took the place of"),
        (f"/plans/{made.plan}", "took its place"),
    ):
        mine.goto(path)
        expect(mine.get_by_text(words)).to_be_visible()
        looking.look(mine, words)
    assert not looking.problems, "\n".join(looking.problems)
