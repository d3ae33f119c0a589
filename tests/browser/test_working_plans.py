"""A step in a browser: claimed with a file, refused, claimed again, verified; more time is asked
for and granted. Every page on the way is accessible, on a desk and on a telephone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cqi.core.database import Database
from tests.browser import widths
from tests.browser.conftest import Axe, ContextFor
from tests.fixtures.cast import Cast
from tests.plans import files, invented

Look = Callable[[Page, str], None]


@pytest.fixture(params=[1280, 390])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def look(axe: Axe, width: int) -> Look:
    """Nothing is wrong with a page. Where CQI_PICTURES names a folder, a picture goes there."""

    def looked(page: Page, name: str) -> None:
        if folder := os.environ.get("CQI_PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        assert axe(page) == [], name
        assert widths.loose(page, widths.BESIDE[width]) == [], name

    return looked


def choose(page: Page, card: str, words: str) -> None:
    page.locator(card).get_by_text(words, exact=True).click()


def test_a_step_is_claimed_with_a_file_refused_claimed_again_and_verified(
    context_for: ContextFor, cast: Cast, database: Database, look: Look, width: int
) -> None:
    made = invented.active(database, cast, cast.supervisor, (invented.LATE, invented.FAR))
    size = {"viewport": {"width": width, "height": 900}}
    owner = context_for(cast.supervisor, **size).new_page()
    owner.goto("/plans/steps")
    look(owner, "own-steps")
    owner.goto(f"/plans/steps/{made.steps[0]}")
    look(owner, "step-late")

    owner.get_by_label("What proves that it is done").fill("The minutes of both meetings.")
    choose(owner, "#claim", "No")
    owner.get_by_role("button", name="It is done").click()
    expect(owner.locator("#errors")).to_contain_text("Add a file or a link that proves it.")
    look(owner, "claim-without-proof")

    script = {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    owner.locator("#claim input[type=file]").set_input_files([script])
    owner.get_by_role("button", name="It is done").click()
    errors = owner.locator("#errors")
    expect(errors).to_contain_text("minutes.pdf: it is not a file that can be taken.")
    expect(errors).to_contain_text("Choose your files again")
    words = owner.get_by_label("What proves that it is done")
    expect(words).to_have_value("The minutes of both meetings.")
    look(owner, "claim-refused")

    whole = {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    owner.locator("#claim input[type=file]").set_input_files([whole])
    owner.get_by_label("Link").fill("https://www.example.org/minutes")
    owner.get_by_role("button", name="It is done").click()
    expect(owner.locator("#handed-in")).to_contain_text("minutes.pdf")
    look(owner, "step-claimed")

    checker = context_for(cast.cqi_liaison, **size).new_page()
    checker.goto(f"/plans/steps/{made.steps[0]}")
    look(checker, "to-verify")
    with checker.expect_download() as download:
        checker.locator("#handed-in").get_by_role("link", name="minutes.pdf").click()
    name = download.value.suggested_filename  # the file's own may name people
    assert (name[:15], name[-4:]) == ("evidence-1.1.1-", ".pdf")
    assert Path(download.value.path()).read_bytes() == files.pdf()
    checker.get_by_label("What is missing or must change").fill("The second meeting is missing.")
    checker.get_by_role("button", name="Send back").click()
    expect(checker.locator("main")).to_contain_text("Sent back")
    look(checker, "sent-back")

    owner.goto("/notices")
    owner.get_by_role("button", name="The evidence for a step").first.click()
    expect(owner.locator("#happened")).to_contain_text("The second meeting is missing.")
    owner.get_by_label("What proves that it is done").fill("Now both.")
    both = {"name": "minutes 2.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    owner.locator("#claim input[type=file]").set_input_files([whole, both])
    choose(owner, "#claim", "No")
    owner.get_by_role("button", name="It is done").click()
    expect(owner.locator("#handed-in")).to_contain_text("minutes 2.pdf")
    checker.reload()
    checker.get_by_role("button", name="verified").click()
    expect(checker.locator("main")).to_contain_text("This step is verified.")
    look(checker, "verified")


def test_more_time_is_asked_for_and_granted_and_the_step_is_no_longer_late(
    context_for: ContextFor, cast: Cast, database: Database, look: Look, width: int
) -> None:
    made = invented.active(database, cast, cast.supervisor, (invented.LATE, invented.FAR))
    size = {"viewport": {"width": width, "height": 900}}
    owner = context_for(cast.supervisor, **size).new_page()
    owner.goto(f"/plans/steps/{made.steps[0]}")
    choose(owner, "#report", "Behind schedule")
    owner.get_by_label("What happened, and what holds it up").fill("The reader was ill.")
    owner.get_by_label("Back on schedule by").fill("2027-04-01")
    owner.get_by_role("button", name="Write it down").click()
    expect(owner.locator("#promised")).to_contain_text("promised by Thu 1 Apr 2027")
    look(owner, "behind")
    owner.get_by_role("link", name="Ask for more time").click()
    look(owner, "ask")
    owner.get_by_label("New due date").fill("2027-04-17")
    owner.get_by_label("Why?").fill("The reader was ill for a month.")
    owner.get_by_role("button", name="Ask for it").click()
    expect(owner.locator("main")).to_contain_text("Sat 17 Apr is no working day")
    look(owner, "asked")

    lead = context_for(cast.regional_director, **size).new_page()
    lead.goto(f"/plans/{made.plan}")
    look(lead, "plan-waits")
    lead.get_by_role("link", name="Decide on more time for step").click()
    look(lead, "to-decide")
    lead.get_by_role("button", name="Grant").click()
    expect(lead.locator("main")).to_contain_text("Granted")
    look(lead, "granted")
    lead.goto(f"/plans/{made.plan}/amendments")
    look(lead, "all-changes")
    owner.goto(f"/plans/steps/{made.steps[0]}")
    expect(owner.locator("#promised")).to_contain_text("extended once")
    assert owner.locator(".due--late").count() == 0
    look(owner, "no-longer-late")
