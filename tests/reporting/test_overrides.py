"""Ratings that QA set, where figures and feedback are read: how many, and how to see the others."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview
from tests.feedback import invented as feedback
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

ONE = "1 item rating was set by QA leads; these figures use what they set"


@pytest.fixture
def final(desk: Desk) -> Desk:
    """A final review, all strengths but for what QA set."""
    desk.with_qa()
    desk.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "Words that stay with the review.")
    desk.approve()
    return desk


def report(desk: Desk) -> str:
    return f"/reports/rounds/{desk.cast.round.public_id}"


def test_the_report_says_how_many_and_has_the_other_figures_one_click_away(
    final: Desk, client_for: ClientFor
) -> None:
    client = client_for(final.cast.cqi_director)
    page = client.get(report(final)).text
    assert ONE in page
    assert "one option away: --without-overrides" in page
    other = f"{report(final)}?overrides=without"
    assert f'href="{other}">Figures without them' in page
    without = client.get(other).text
    assert "these figures leave that out and use the computed ratings" in without
    assert f'href="{report(final)}">Figures with them' in without
    assert f"{report(final)}.pdf?overrides=without" in without


def test_figures_and_files_differ(final: Desk, client_for: ClientFor) -> None:
    client = client_for(final.cast.cqi_director)
    used = client.get(f"{report(final)}.csv").data
    without = client.get(f"{report(final)}.csv?overrides=without").data
    assert used != without


def test_where_nothing_was_overridden_nothing_is_said(desk: Desk, client_for: ClientFor) -> None:
    desk.with_qa()
    desk.approve()
    page = client_for(desk.cast.cqi_director).get(report(desk)).text
    assert "Figures without them" not in page
    assert "set by QA leads" not in page
    assert "Set by QA (overrides)" in page


def test_the_memo_says_that_qa_set_it_and_what_was_computed(
    final: Desk, client_for: ClientFor
) -> None:
    with final.database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        feedback.release(session, final.cast, review)
    memo = client_for(final.cast.supervisor).get(f"/feedback/{final.public_id}").text
    said = "Rated so because QA set this rating; computed from the answers it was strength"
    assert said in memo
    assert "Words that stay with the review." not in memo


@pytest.mark.parametrize("who", ["outsider", "other_reviewer", "reviewer"])
def test_others_get_no_figures_either_way(final: Desk, client_for: ClientFor, who: str) -> None:
    answer = client_for(getattr(final.cast, who)).get(f"{report(final)}?overrides=without")
    assert answer.status_code == 403
