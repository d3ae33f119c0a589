"""The list of interviews on a phone."""

from __future__ import annotations

import pytest

from cqi.reviews import actions
from cqi.reviews.rules.interviews import InterviewChange
from tests import build
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
