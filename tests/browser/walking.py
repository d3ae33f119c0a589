"""Walking through the product in a real browser: signing in, looking, filling what is missing."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from cqi.access import passwords
from cqi.cli.demonstration import cast

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WORDS = "The record and two interviews say the same, with dates: this was seen and done."
REASON = "Nothing in the record calls for it in this period."
MOST_ROUNDS = 80
TALLEST = 2400  # pixels of a picture
_SETTLED = "() => typeof total === 'function' && total() === 0"


@dataclass
class Walk:
    """One server, one browser, somebody's page for each person; looks at every stop.

    People are those of the demonstration, unless `email_of` and `password` say otherwise.
    """

    browser: Browser
    address: str
    axe: Callable[[Page], list[str]]
    email_of: Callable[[str], str] = cast.email_of
    password: str = passwords.DEMONSTRATION
    pages: dict[str, Page] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)

    def person(self, key: str) -> Page:
        """Somebody's page, signed in through the form."""
        if key not in self.pages:
            page = self.begin_to_sign_in(key)
            expect(page.get_by_role("button", name="Sign out")).to_be_attached()
        return self.pages[key]

    def begin_to_sign_in(self, key: str) -> Page:
        """The page that comes after somebody's password."""
        page = self.browser.new_context(base_url=self.address, viewport=DESKTOP).new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda problem: self.complaints.append(f"{key}: {problem}"))
        page.on("console", lambda told: self._heard(key, told.type, told.text))
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(self.email_of(key))
        page.get_by_label("Password", exact=True).fill(self.password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        self.pages[key] = page
        return page

    def _heard(self, key: str, kind: str, text: str) -> None:
        if kind == "error" and "422" not in text:
            self.complaints.append(f"{key}: {text}")

    def look(self, page: Page, name: str) -> None:
        """axe finds nothing and nothing is wider than the page, on a desktop and on a phone.

        With CQI_SCREENSHOTS=FOLDER a picture of each goes there.
        """
        self.looked.append(name)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            page.wait_for_load_state()
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{name} is {wide} px wide at {size['width']}"
            # as tall as the page: a link half under the sticky bar would be found too small
            page.set_viewport_size({**size, "height": tall(page, size["height"])})
            found = self.axe(page)
            assert found == [], f"{name} at {size['width']}: {found}"
            if folder := os.environ.get("CQI_SCREENSHOTS"):
                file = f"{len(self.looked):02}-{name}-{size['width']}.png"
                page.screenshot(path=Path(folder) / file)
        page.set_viewport_size(DESKTOP)

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


def tall(page: Page, least: int, most: int = TALLEST) -> int:
    """High enough for the whole page, so that what sticks to the edge stands at its end."""
    page.wait_for_load_state()  # a page that has only just come has no element yet
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    return min(max(height, least), most)


def to_button(page: Page, name: str) -> None:
    """To the page of a case review that has this button, unless it is here."""
    page.wait_for_load_state()  # a page that has only just come has no button yet
    if page.get_by_role("button", name=name).count() == 0:
        page.locator(".bar__act a").click()


def settled(page: Page) -> None:
    """Wait until the page's script has sent everything."""
    page.wait_for_function(_SETTLED)


def missing(page: Page) -> int:
    """How many things the page says are missing."""
    return int(page.locator("#missing h2 .count, #missing h2 span").first.inner_text() or 0)


def fill_what_is_missing(page: Page, review: str) -> None:
    """Go where the product says that something is missing, and do it there, until nothing is."""
    for _ in range(MOST_ROUNDS):
        page.goto(review)
        if page.locator("#missing li").count() == 0:
            return
        for step in (_hear, answer, _write, _name_sources):
            step(page)
    raise AssertionError("something is still missing: " + page.locator("#missing").inner_text())


def _hear(page: Page) -> None:
    """Every interview of this page that waits: held, in person, today as the server has it."""
    waiting = page.locator("main .interview.card--todo")
    for place in [card.get_attribute("id") for card in waiting.all()]:
        page.locator(f"label[for='{place}-outcome-held']").click()
        settled(page)
        day = page.locator(f"[id='{place}-held_on']")
        day.fill(day.get_attribute("max") or "")
        settled(page)
        page.locator(f"label[for='{place}-how-in_person']").click()
        settled(page)
    page.reload()


def answer(page: Page, value: str = "yes") -> None:
    """Every question and fact of this page that waits, by its radio buttons."""
    waiting = page.locator("main .q[data-missing], main fieldset[data-missing]")
    for name in [place.get_attribute("id") for place in waiting.all()]:
        place = page.locator(f"[id='{name}']")
        why = place.locator("input[name$='-why']")
        chosen = place.locator("input[type=radio]:checked")
        if chosen.count() and chosen.get_attribute("value") == "na":
            why.fill(REASON)
            why.blur()
        else:
            radio = place.locator(f"input[type=radio][value={value}]")
            place.locator(f"label[for='{radio.get_attribute('id')}']").click()
        settled(page)
    page.reload()


def _write(page: Page) -> None:
    """Every narrative of this page that waits."""
    waiting = page.locator("main .field:has([data-missing]) textarea")
    for name in [text.get_attribute("id") for text in waiting.all()]:
        text = page.locator(f"[id='{name}']")
        text.fill(WORDS)
        text.blur()
        settled(page)
    page.reload()


def _name_sources(page: Page) -> None:
    """Every item of this page that lacks sources: one source after the other, by its button."""
    lacking = page.locator("main [id$='-evidence-missing'][data-missing]")
    while lacking.count():
        code = str(lacking.first.get_attribute("id")).removesuffix("-evidence-missing")
        evidence = page.locator(f"#{code}-evidence")
        number = evidence.locator("li").count()
        evidence.locator("details > summary").click()
        select = evidence.locator("select")
        select.select_option(index=number + 1)
        evidence.get_by_role("button", name="Add source").click()
        expect(page.locator(f"#{code}-evidence li")).to_have_count(number + 1)
