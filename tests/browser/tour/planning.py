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
    """The Regional Director: a goal with its baseline from the report, a strategy, a step."""
    page = walk.person("regional_director")
    page.get_by_role("link", name="Plans").first.click()
    page.get_by_role("link", name="Draft a plan").click()
    page.get_by_label("Name of the plan").fill(PLAN)
    page.get_by_label("Round that the plan answers").select_option(label=offices.ROUND)
    page.get_by_role("button", name="Begin the draft").click()
    add_goal(page)
    page.get_by_role("link", name="Add a strategy").click()
    page.get_by_label("Strategy").fill(STRATEGY)
    page.get_by_role("button", name="Add the strategy").click()
    page.get_by_role("link", name="Add a step").click()
    page.get_by_label("Step", exact=True).fill(STEP)
    page.get_by_label("Owner").select_option(label=offices.NAMES["supervisor"])
    page.get_by_label("Starts on").fill(office.today.isoformat())
    page.get_by_label("Due on").fill(office.day(60).isoformat())
    page.get_by_label("What will prove that it is done").fill("Logs of two months")
    page.get_by_role("button", name="Add the step").click()
    expect(page.locator("main")).to_contain_text("Ready to be approved.")
    walk.look(page, "plan-draft")


def add_goal(page: Page) -> None:
    page.get_by_role("link", name="Add a goal").click()
    page.get_by_label("Measure").select_option(value=ITEM)
    page.get_by_label("The goal in plain words").fill(GOAL)
    page.get_by_role("button", name="Add the goal").click()
    expect(page.locator("main")).to_contain_text(f"baseline {ACHIEVED}, target {TARGET}")


def approve(walk: Walk) -> None:
    """Somebody else than who drafted it: the CQI director."""
    page = walk.person("cqi_director")
    open_plan(page)
    page.get_by_role("button", name="Approve this plan").click()
    expect(page.locator("body")).to_contain_text("The plan is in force")


def open_plan(page: Page) -> None:
    page.get_by_role("link", name="Plans").first.click()
    page.get_by_role("link", name=PLAN).first.click()


def carry_out(walk: Walk) -> None:
    """The owner claims the step as done; the liaison looks at the proof and verifies it."""
    page = walk.person("supervisor")
    page.get_by_role("link", name="My steps").first.click()
    page.locator("main table").get_by_role("link").first.click()
    page.get_by_label("What proves that it is done").fill(PROOF)
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
