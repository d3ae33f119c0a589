"""A new office lives through the whole loop in a browser, once: docs/tour.md tells it.

It begins with an empty installation that `cqi serve` serves as shipped, and ends when a need that
one case showed has its reply. By actions, not pages: units (there is no
page for them), most people and their roles, and eleven of the twelve case reviews. Twelve, because
a region with fewer than eleven is not published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Axe
from tests.browser.tour import (
    after_the_memo,
    feeding_back,
    planning,
    reporting,
    reviewing,
    setting_up,
)
from tests.browser.tour import office as offices
from tests.browser.tour.office import Office
from tests.browser.walking import Walk
from tests.fixtures import serving
from tests.fixtures.commands import Command

DOCS = Path(__file__).parents[2] / "docs"
PICTURE = re.compile(r"\(screenshots/tour/((\d+)-([\w-]+)-(1280|390)\.png)\)")


@pytest.fixture
def office(command: Command, tmp_path: Path) -> Iterator[Office]:
    with offices.opened(command, tmp_path / "office") as made:
        yield made


@pytest.fixture
def walk(chromium: Browser, axe: Axe, office: Office) -> Iterator[Walk]:
    with serving.product(office.folder) as address:
        made = Walk(chromium, address, axe, offices.email_of, offices.PASSWORD)
        yield made
        made.close()


def test_a_new_office_lives_through_the_whole_loop(walk: Walk, office: Office) -> None:
    set_up(walk, office)
    number = review(walk, office)
    reporting.read_the_figures(walk)
    reporting.write_the_report(walk)
    reporting.publish(walk)
    reporting.read_what_was_published(walk)
    planning.draft(walk, office)
    planning.approve(walk)
    planning.carry_out(walk)
    feeding_back.release(walk, number)
    feeding_back.read(walk, number)
    feeding_back.read_as_supervisor(walk, number)
    after_the_memo.look_again(walk, number)
    after_the_memo.coach(walk, office, number)
    after_the_memo.send_up(walk, number)
    assert walk.complaints == []
    assert walk.looked == [name for name, _ in pictured()]


def pictured() -> list[tuple[str, int]]:
    """The pictures of docs/tour.md in their order, by name and number; each stands there on a
    desktop, linked to the phone."""
    found = PICTURE.findall((DOCS / "tour.md").read_text(encoding="utf-8"))
    pairs = zip(found[::2], found[1::2], strict=True)
    assert all(large[1:] == (*small[1:3], "1280") for large, small in pairs)
    return [(name, int(number)) for _, number, name, _ in found[::2]]


def test_the_page_shows_every_picture_in_its_order() -> None:
    assert [number for _, number in pictured()] == list(range(1, len(pictured()) + 1))
    files = {
        f"{number:02}-{name}-{width}.png" for name, number in pictured() for width in (1280, 390)
    }
    assert {each.name for each in (DOCS / "screenshots" / "tour").iterdir()} == files


def set_up(walk: Walk, office: Office) -> None:
    """From the first sign-in to cases in reviewers' hands."""
    page = setting_up.sign_in_as_the_first(walk, office)
    setting_up.let_the_director_in(walk, page)
    office.hire()
    setting_up.show_people(walk, page)
    setting_up.open_the_round(walk, office)
    setting_up.put_the_site_leader_on_it(page)
    office.put_reviewers_on_the_round()
    setting_up.draw(walk, office)
    setting_up.give_the_cases(walk)


def review(walk: Walk, office: Office) -> str:
    """Twelve case reviews, one of them in the browser: its number."""
    number, address = reviewing.score(walk)
    assert office.score_the_others(number) == setting_up.CASES - 1
    reviewing.submit(walk, address)
    reviewing.debrief(walk, office, number)
    office.approve_the_others(number)
    reviewing.approve(walk, number)
    reviewing.all_are_final(walk, setting_up.CASES)
    return number
