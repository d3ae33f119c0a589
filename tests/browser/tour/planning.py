"""From a need that the report shows to a step that somebody has seen done."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.tour import office as offices
from tests.browser.tour.office import ITEM, Office
from tests.browser.tour.reporting import ACHIEVED
from tests.browser.walking import Walk

PLAN = "I-South improvement plan"
GOAL = "Safety is looked at again when a family's situation turns"
STRATEGY = "Supervisors and workers read assessments together"
STEP = "Read one assessment a month in each unit"
TARGET = "76.6%"  # 7/12 + 1.28 * sqrt(7/12 * 5/12 / 12)
PROOF = "The logs of both units, in the shared folder."


def draft(walk: Walk, office: Office) -> None:
    """The Regional Director: from the report to a finding, a goal, a strategy and a step."""
    page = walk.person("regional_director")
    page.get_by_role("link", name="Plans").first.click()
    page.get_by_role("link", name="Plans that are due").click()
    page.get_by_role("link", name="Begin the plan of").click()
    page.get_by_label("Name of the plan").fill(PLAN)
    page.get_by_role("button", name="Begin the draft").click()
    decide(page)
    add_goal(page)
    page.get_by_role("link", name="Add a strategy").click()
    page.get_by_label("Strategy", exact=True).fill(STRATEGY)
    page.get_by_role("button", name="Add the strategy").click()
    page.get_by_role("link", name="Add a step").click()
    page.get_by_label("Step", exact=True).fill(STEP)
    page.get_by_label("Owner").select_option(label=offices.NAMES["supervisor"])
    page.get_by_label("Starts on").fill(office.today.isoformat())
    page.get_by_label("Due on").fill(office.day(60).isoformat())
    page.get_by_label("What will prove that it is done").fill("Logs of two months")
    page.get_by_role("button", name="Add the step").click()
    expect(page.locator("main")).to_contain_text("Ready to be submitted.")
    walk.look(page, "plan-draft")
    page.get_by_role("button", name="Submit to the CQI director").click()
    expect(page.locator("main")).to_contain_text("With the CQI director.")


def decide(page: Page) -> None:
    """One finding is accepted, all others are declined with one reason."""
    row = page.get_by_role("row").filter(has_text=ITEM)
    row.get_by_label("Decision on finding").select_option("Accepted")
    page.get_by_label("Findings that still say").select_option("Decline them all")
    page.get_by_label("One reason for all of them").fill("One goal in the first year.")
    page.get_by_role("button", name="Save the decisions").click()


def add_goal(page: Page) -> None:
    page.get_by_role("link", name="Add a goal for finding").first.click()
    page.get_by_label("The goal in plain words").fill(GOAL)
    page.get_by_role("button", name="Add the goal").click()
    expect(page.locator("main")).to_contain_text(f"baseline {ACHIEVED}")
    expect(page.locator("main")).to_contain_text(f"target {TARGET}")


def approve(walk: Walk) -> None:
    """Somebody else than who wrote it: the CQI director."""
    page = walk.person("cqi_director")
    open_plan(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("body")).to_contain_text("Approved. Its steps can be worked on")


def open_plan(page: Page) -> None:
    page.get_by_role("link", name="Plans").first.click()
    page.get_by_role("link", name=PLAN).first.click()


def carry_out(walk: Walk) -> None:
    """The owner claims the step as done; the liaison looks at the proof and verifies it."""
    page = walk.person("supervisor")
    page.get_by_role("link", name="My steps").first.click()
    page.locator("main table").get_by_role("link").first.click()
    page.get_by_label("What proves that it is done").fill(PROOF)
    page.get_by_label("Link").fill("https://www.example.org/logs")
    page.locator("#claim").get_by_text("No", exact=True).click()
    page.get_by_role("button", name="It is done").click()
    expect(page.locator("main")).to_contain_text("Claimed, to verify")
    liaison = walk.person("cqi_liaison")
    open_plan(liaison)
    liaison.locator("main").get_by_role("link", name="1.1.1").first.click()
    expect(liaison.locator("main")).to_contain_text(PROOF)
    liaison.get_by_role("button", name="I have seen it: verified").click()
    expect(liaison.locator("main")).to_contain_text("This step is verified.")
    open_plan(liaison)
    expect(liaison.locator("main")).to_contain_text("of 1")
    walk.look(liaison, "plan")
