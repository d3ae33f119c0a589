"""The pages of a QA lead beside a case: queue, consistency, a round with its overrides."""

from __future__ import annotations

import pytest

from cqi.instruments.definition import Rating
from tests.browser.conftest import Axe, ContextFor
from tests.browser.test_scoring import look_at
from tests.fixtures.scoring import Desk

PAGES = [
    ("qa_lead", "/qa"),
    ("qa_lead", "/consistency?round={round_id}&item=SRM05"),
    ("qa_lead", "{round}"),
    ("reviewer", "{review}/submit"),
    ("cqi_director", "/rounds/open"),
]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_pages_are_accessible_and_fit(
    desk: Desk, context_for: ContextFor, axe: Axe, width: int
) -> None:
    desk.with_qa()
    desk.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "The record shows no visit in May.")
    desk.open_note()
    pages = [
        (who, address.replace("{round_id}", str(desk.cast.round.public_id)))
        for who, address in PAGES
    ]
    problems = look_at(desk, context_for, axe, width, pages[:3])
    desk.give_back("See the note.")
    problems += look_at(desk, context_for, axe, width, [("qa_lead", "/qa"), *pages[3:]])
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_audit_trail_is_accessible_and_fits(
    desk: Desk, context_for: ContextFor, axe: Axe, width: int
) -> None:
    desk.with_qa()
    addresses = ("/audit", f"/audit?thing={desk.public_id}", "/audit?until=2001-01-01")
    pages = [("auditor", address) for address in addresses]
    problems = look_at(desk, context_for, axe, width, pages)
    assert not problems, "\n".join(problems)
