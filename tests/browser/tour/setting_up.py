"""The first morning: the first sign-in, a setting, somebody let in, a round opened and drawn."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from cqi.access import factors
from tests.access import signing
from tests.browser.tour import office as offices
from tests.browser.tour.office import Office
from tests.browser.walking import DESKTOP, Walk

WHY = "A trial of the product: a password is enough until phones are handed out."
CASES = len(offices.COUNTIES) * 2 * offices.DRAWN


def sign_in_as_the_first(walk: Walk, office: Office) -> Page:
    """The first administrator needs a second step, and sets it off for the others, with a reason.

    It is kept for whoever has it.
    """
    page = walk.begin_to_sign_in("administrator")
    expect(page.locator("h1")).to_have_text("Set up your second step")
    key = signing.key_shown(page.content())
    page.get_by_label("Code that the app shows").fill(factors.code_at(key, office.clock.now()))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("People")
    expect(page.locator("main")).to_contain_text("2 people.")
    page.get_by_role("link", name="Settings").first.click()
    row = page.locator("[id='access.second_factor']")
    expect(row).to_contain_text("Yes")
    row.get_by_role("link", name="Change").click()
    page.get_by_label("New value").fill("no")
    page.get_by_label("Reason").fill(WHY)
    walk.look(page, "second-step")
    page.get_by_role("button", name="Set this value").click()
    expect(row).to_contain_text(WHY)
    return page


def let_the_director_in(walk: Walk, page: Page) -> None:
    """Added, given a role, handed a link, with which they set a password of their own."""
    key = "cqi_director"
    page.get_by_role("link", name="People").first.click()
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name").fill(offices.NAMES[key])
    page.get_by_label("E-mail address").fill(offices.email_of(key))
    page.get_by_role("button", name="Add", exact=True).click()
    give_role(page, "CQI director", "For which place", "The whole state")
    page.get_by_role("link", name="Make a link to set a password").click()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#link").inner_text()
    theirs = walk.browser.new_context(base_url=walk.address, viewport=DESKTOP).new_page()
    theirs.goto(link)
    for label in ("New password", "The same once more"):
        theirs.get_by_label(label).fill(walk.password)
    theirs.get_by_role("button", name="Set the password").click()
    expect(theirs.get_by_label("E-mail address")).to_be_visible()
    theirs.context.close()


def give_role(page: Page, role: str, label: str, reach: str) -> None:
    """A role to whoever the page is about."""
    page.get_by_role("link", name="Give a role").click()
    page.get_by_role("link", name=role, exact=True).click()
    page.get_by_label(label).select_option(label=reach)
    page.get_by_label("Why").fill("Joins the office")
    page.get_by_role("button", name="Give the role").click()
    expect(page.locator("#grants")).to_contain_text(role)
    expect(page.locator("#grants")).to_contain_text("In force")


def show_people(walk: Walk, page: Page) -> None:
    """Everybody, each with what they may do."""
    page.get_by_role("link", name="People").first.click()
    expect(page.locator("main")).to_contain_text(f"{len(offices.NAMES)} people.")
    expect(page.get_by_role("row").filter(has_text="Basil Orchard")).to_contain_text("Supervisor")
    walk.look(page, "people")


def open_the_round(walk: Walk, office: Office) -> None:
    """The CQI director opens a baseline of the region, and sees that it is empty."""
    page = walk.person("cqi_director")
    page.get_by_role("link", name="Rounds").first.click()
    page.get_by_role("link", name="Open a round").click()
    page.get_by_label("Name of the round").fill(offices.ROUND)
    page.locator("label", has_text="Baseline").click()
    page.get_by_label("Region", exact=True).select_option(label=offices.REGION)
    page.get_by_label("Start of the period").fill(office.day(-365).isoformat())
    page.get_by_label("First day on site").fill(office.today.isoformat())
    page.get_by_label("Last day on site").fill(office.day(4).isoformat())
    walk.look(page, "open-a-round")
    page.get_by_role("button", name="Open the round").click()
    expect(page.locator("h1")).to_have_text(offices.ROUND)


def put_the_site_leader_on_it(page: Page) -> None:
    """Roles on a round can be given once there is one."""
    page.get_by_role("link", name="People").first.click()
    page.get_by_role("link", name=offices.NAMES["site_leader"]).click()
    give_role(page, "Site leader", "For which round", offices.ROUND)


def draw(walk: Walk, office: Office) -> None:
    """The liaison brings in the list, sees who is left out, and draws by county and kind."""
    page = walk.person("cqi_liaison")
    page.get_by_role("link", name="Rounds").first.click()
    page.get_by_role("link", name=offices.ROUND).first.click()
    page.get_by_role("link", name="Sample: how the cases were drawn").click()
    page.get_by_role("link", name="Bring in the case list").click()
    text = offices.case_list(office).encode()
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text}
    page.get_by_label("Case list (CSV or XLSX)").set_input_files(files=[file])
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator("main")).to_contain_text("20 of 22 cases of the list can be drawn.")
    page.get_by_label("Divide the frame by").select_option(label="County and kind of case")
    page.get_by_role("button", name="Show the parts").click()
    page.locator("label", has_text="A number for each part").click()
    for place in range(4):
        page.locator(f"#stratum-{place}").fill(str(offices.DRAWN))
    walk.look(page, "draw")
    page.get_by_role("button", name="Draw the sample").click()
    expect(page.locator("main")).to_contain_text("it is the same")
    drawn = page.locator("table").first.get_by_role("row").filter(has_text="To assign")
    expect(drawn).to_have_count(CASES)
    for begins in offices.COUNTIES.values():
        for kind in "FH":
            of_part = drawn.filter(has_text=re.compile(rf"{begins}-{kind}\d"))
            expect(of_part).to_have_count(offices.DRAWN)
    walk.look(page, "sample")


def give_the_cases(walk: Walk) -> None:
    """A pair is suggested for each; the liaison looks and gives them."""
    page = walk.person("cqi_liaison")
    page.get_by_role("link", name="all that wait at once").click()
    expect(page.locator("h1")).to_have_text("Give all cases that wait")
    names = {offices.NAMES[key] for key in ("reviewer", "reviewer_2")}
    first = page.locator("tbody tr").first.locator("select option:checked")
    assert set(first.all_inner_texts()) == names
    walk.look(page, "pairs")
    page.get_by_role("button", name="Give these cases").click()
    expect(page.locator("body")).to_contain_text(f"{CASES} cases of the sample are in the round.")
