"""The list of interviews on a phone."""

from __future__ import annotations

import pytest

from cqi.reviews import actions
from cqi.reviews.rules.interviews import InterviewChange
from tests import build
from tests.browser import walking
from tests.browser.conftest import ContextFor
from tests.fixtures.scoring import Desk

OVERLAP = """() => [...document.querySelectorAll(".interview > summary")].filter((head) => {
  const range = document.createRange();
  range.selectNodeContents(head.querySelector("h2"));
  const name = range.getBoundingClientRect();
  const words = head.querySelector("h2 + span").getBoundingClientRect();
  return name.right > words.left && name.bottom > words.top;
}).length"""


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_what_became_of_an_interview_never_covers_who_it_is_with(
    desk: Desk, context_for: ContextFor, width: int
) -> None:
    desk.facts()
    with desk.database.writing() as session:
        who = desk.actor(session, desk.cast.reviewer)
        review = desk.review(session, desk.cast.reviewer)
        changes = [
            InterviewChange(one.id, name, value)
            for one in desk.sheet().interviews
            for name, value in (("outcome", "not_held"), ("reason", "safety"))
        ]
        actions.record_interviews(
            session,
            review=review,
            changes=changes,
            actor=who,
            now=build.NOW,
            today=build.NOW.date(),
        )
    page = context_for(desk.cast.reviewer, viewport={"width": width, "height": 900}).new_page()
    page.goto(f"/reviews/{desk.public_id}/interviews")
    assert page.locator(".interview > summary").count() > 3
    assert page.evaluate(OVERLAP) == 0


def test_a_press_right_after_a_day_was_typed_is_not_lost(
    desk: Desk, context_for: ContextFor
) -> None:
    """The day's answer waits until its place is left; it must not come under the pressed button."""
    desk.facts()
    page = context_for(desk.cast.reviewer, viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(8000)
    page.goto(f"/reviews/{desk.public_id}/interviews")
    place = page.locator("main .interview.card--todo").first.get_attribute("id")
    page.locator(f"label[for='{place}-outcome-held']").click()
    walking.settled(page)
    day = page.locator(f"[id='{place}-held_on']")
    day.fill(day.get_attribute("max") or "")
    day.focus()
    walking.settled(page)
    page.locator(f"label[for='{place}-how-in_person']").hover()
    page.mouse.down()
    page.wait_for_timeout(300)  # as long as a hand takes
    page.mouse.up()
    walking.settled(page)
    page.reload()
    assert page.locator(f"[id='{place}-how-in_person']").is_checked()
