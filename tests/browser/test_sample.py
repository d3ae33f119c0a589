"""A sample from the list to reviewers' hands: brought in, drawn, one case eliminated and replaced,
all as the people who do it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cqi.access.permissions import Role
from cqi.cases.models import ConflictOfInterest
from cqi.cases.rules import ConflictKind
from cqi.core.database import Database
from tests import build
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures import samples
from tests.fixtures.cast import Cast

SHOTS = os.environ.get("CQI_SAMPLE_SHOTS", "")


@pytest.fixture
def look(axe: Axe):
    """`look(page, name)`: axe finds nothing and nothing scrolls sideways, at three widths."""

    def see(page: Page, name: str) -> None:
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})

    return see


def upload(page: Page, text: str) -> None:
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("Case list (CSV or XLSX)").set_input_files(files=[file])
    page.get_by_role("button", name="Bring it in").click()


def test_a_sample_is_drawn_and_a_case_is_replaced(
    database: Database, cast: Cast, context_for: ContextFor, look
) -> None:
    with database.writing() as session:
        leader = build.person(session, "Site Leader")
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
    page = context_for(cast.cqi_liaison).new_page()
    page.goto(f"/rounds/{cast.round.public_id}")
    page.get_by_role("link", name="Sample: how the cases were drawn").click()
    expect(page.locator(".empty")).to_contain_text("Nothing was drawn for this round yet")
    look(page, "nothing-drawn")
    bring_in(page, look, samples.case_list(cast.county.code))
    draw(page, look)
    number = propose(page, look)
    other = context_for(leader).new_page()
    other.goto(f"/rounds/{cast.round.public_id}/sample")
    decide(other, look, number)
    page.goto(f"/rounds/{cast.round.public_id}/cases")
    assign(page, database, cast, number)
    expect(page.locator("main")).to_contain_text("8 cases of the sample")
    look(page, "round")
    page.get_by_role("link", name="Sample: how the cases were drawn").click()
    expect(page.locator("main")).to_contain_text("Not started")
    look(page, "sample")


def bring_in(page: Page, look, good: str) -> None:
    page.get_by_role("link", name="Bring in the case list").click()
    look(page, "bring-in")
    upload(page, good.replace("foster_care", "kinship", 2))
    expect(page.locator("h2").first).to_have_text("2 things are wrong in this list")
    look(page, "bad-list")
    renamed = good.replace("case_number", "Case ID").replace("county_fips", "County")
    upload(page, renamed)
    expect(page.locator("main")).to_contain_text("which column is which")
    look(page, "other-names")
    page.get_by_label("Case number", exact=False).first.select_option("case id")
    page.get_by_label("County (FIPS code)", exact=False).select_option("county")
    upload(page, renamed)


def draw(page: Page, look) -> None:
    expect(page.locator("h1")).to_have_text("Draw the sample")
    look(page, "draw")
    page.locator("#total").fill("40")
    page.get_by_role("button", name="Draw the sample").click()
    expect(page.locator("main")).to_contain_text("The design asks for 40 cases; the frame has 30")
    look(page, "draw-refused")
    page.locator("#total").fill("9")
    page.get_by_role("button", name="Draw the sample").click()
    expect(page.locator("h1")).to_have_text("Sample")
    expect(page.locator("main")).to_contain_text("it is the same")
    look(page, "drawn")


def propose(page: Page, look) -> str:
    page.get_by_role("link", name="A case cannot be reviewed").click()
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator("main")).to_contain_text("Choose the case.")
    look(page, "nothing-proposed")
    number = page.locator("#case option").nth(1).inner_text()
    page.get_by_label("Case", exact=True).select_option(number)
    page.get_by_text("Key people cannot be heard").click()
    page.get_by_label("What shows it?").fill("Asked on 9 March: nobody can be reached.")
    page.get_by_role("button", name="Propose it").click()
    expect(page.locator("#waiting")).to_be_visible()
    expect(page.get_by_role("button", name="Eliminate it")).to_have_count(0)
    look(page, "waits")
    return number


def decide(page: Page, look, number: str) -> None:
    page.get_by_role("button", name="Keep it in the sample").click()
    expect(page.locator("main")).to_contain_text("Say why it stays in the sample")
    look(page, "no-reason")
    page.get_by_role("button", name="Eliminate it").click()
    expect(page.locator("main")).to_contain_text("steps in")
    expect(page.locator("tr", has_text=number).first).to_contain_text("Eliminated")
    look(page, "eliminated")


def assign(page: Page, database: Database, cast: Cast, eliminated: str) -> None:
    """One case to a reviewer who has a conflict with it: refused; another one to nobody yet."""
    options = page.locator("#case option").all_inner_texts()
    assert not any(option.startswith(eliminated) for option in options)
    first, second = [option for option in options if option.startswith(("FC", "IH"))][:2]
    with database.writing() as session:
        conflict = ConflictOfInterest(
            person_id=cast.reviewer.id,
            case_number=first.split(",")[0],
            kind=ConflictKind.FRIEND,
            declared_by_id=cast.reviewer.id,
            declared_at=build.NOW,
        )
        session.add(conflict)
    page.locator("#case").select_option(label=first)
    page.get_by_text(cast.reviewer.name).click()
    page.get_by_role("button", name="Put it into the round").click()
    expect(page.locator("main")).to_contain_text("conflict of interest")
    page.locator("#case").select_option(label=second)
    page.get_by_role("button", name="Put it into the round").click()
